package collect

import (
	"context"
	"net/http"

	"github.com/kubelaudo/laudo/evidence"
)

// dial answers a Dial. The API server keeps its connections to kubelets and
// aggregated APIs and sends all requests over them, but for a request that asks
// for an upgrade it dials anew. This one asks for a protocol that nobody
// speaks, of a path that is only read: what answers at the far end declines it,
// and the connection is closed. What came back, the API server's own word that
// nothing was upgraded included, is an answer; only what keeps us from asking is
// a gap.
//
// Source: k8s.io/apimachinery v0.37, pkg/util/proxy/upgradeaware.go (2026-11).
func (l *Live) dial(ctx context.Context, q evidence.Question, a *evidence.Answer) {
	if isPrivate(q.Path) {
		a.Gap = &evidence.Gap{Why: evidence.Declined, Detail: "Secrets and logs are not read as they are"}
		return
	}
	limited, cancel := context.WithTimeout(ctx, dialTime)
	defer cancel()
	u, err := l.target(q.Path)
	if err == nil {
		err = l.silence.lasting()
	}
	if err != nil {
		a.Gap = gap(ctx, err)
		return
	}
	request, err := http.NewRequestWithContext(limited, http.MethodGet, u.String(), nil)
	if err != nil {
		a.Gap = gap(ctx, err)
		return
	}
	request.Header.Set("Accept", jsonType+", */*")
	request.Header.Set("Connection", "Upgrade")
	request.Header.Set("Upgrade", "laudo")
	request.Close = true // the next one may come to another API server
	response, err := l.anew.Do(request)
	if err != nil {
		a.Gap = gap(ctx, err)
		return
	}
	defer response.Body.Close()
	a.ServerTime = serverTime(response)
	a.Status = response.StatusCode
	if response.StatusCode >= http.StatusBadRequest {
		l.refusal(ctx, newStatusError(response), a)
	}
}
