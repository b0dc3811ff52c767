package collect

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"

	"github.com/kubelaudo/laudo/evidence"
)

// log answers a Log: whether one byte of a container's log arrives. The byte is
// counted and dropped. A refusal by what stands behind the API server, its
// words included, is an answer; only what keeps us from asking is a gap.
func (l *Live) log(ctx context.Context, q evidence.Question, a *evidence.Answer) {
	limited, cancel := context.WithTimeout(ctx, logTime)
	defer cancel()
	query := url.Values{"tailLines": {"1"}, "limitBytes": {"1"}}
	if q.Container != "" {
		query.Set("container", q.Container)
	}
	path := "/api/v1/namespaces/" + url.PathEscape(q.Namespace) + "/pods/" + url.PathEscape(q.Name) + "/log"
	response, err := l.send(limited, path, query, jsonType+", */*")
	if err != nil {
		a.Gap = gap(ctx, err)
		return
	}
	defer response.Body.Close()
	a.ServerTime = serverTime(response)
	a.Status = response.StatusCode
	if response.StatusCode != http.StatusOK {
		l.refusal(ctx, newStatusError(response), a)
		return
	}
	n, err := io.Copy(io.Discard, io.LimitReader(response.Body, 1<<10))
	a.Bytes = int(n)
	if err != nil && n == 0 {
		a.Gap = gap(ctx, err)
	}
}

// refusal records a response that is an error: its text, and a gap if it is we
// who were refused.
func (l *Live) refusal(ctx context.Context, err error, a *evidence.Answer) {
	var status *statusError
	if !errors.As(err, &status) {
		a.Gap = gap(ctx, err)
		return
	}
	a.Text = status.text()
	if status.refused() {
		a.Gap = &evidence.Gap{Why: status.why(), Detail: status.Error()}
	}
}
