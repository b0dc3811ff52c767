package collect

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/kubelaudo/laudo/evidence"
)

// maxBody bounds the body that is kept of a path, in bytes.
const maxBody = 1 << 20

// raw answers a Raw: the body of a path, whatever its status.
func (l *Live) raw(ctx context.Context, q evidence.Question, a *evidence.Answer) {
	limited, cancel := context.WithTimeout(ctx, rawTime)
	defer cancel()
	response, err := l.send(limited, q.Path, nil, jsonType+", */*")
	if err != nil {
		a.Gap = gap(ctx, err)
		return
	}
	defer response.Body.Close()
	a.ServerTime = serverTime(response)
	a.Status = response.StatusCode
	if response.StatusCode >= http.StatusBadRequest {
		l.refusal(ctx, newStatusError(response), a)
		return
	}
	a.Text, err = readBody(response.Body, isMetrics(q.Path))
	if err != nil {
		a.Gap = gap(ctx, broken(err))
	}
}

func isMetrics(path string) bool {
	u, err := url.Parse(path)
	return err == nil && strings.HasSuffix(u.Path, "/metrics")
}

func readBody(body io.Reader, metrics bool) (string, error) {
	if metrics {
		return readMetrics(body)
	}
	text, err := io.ReadAll(io.LimitReader(body, maxBody))
	return evidence.RedactText(string(text)), err
}
