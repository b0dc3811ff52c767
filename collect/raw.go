package collect

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/kubelaudo/laudo/evidence"
)

// scrapeEvery is how far apart a third scrape, and those after it, are.
const scrapeEvery = 2 * time.Second

// raw answers a Raw: the body of a path, whatever its status. With Metadata only
// the metadata of the objects of a list comes.
func (l *Live) raw(ctx context.Context, q evidence.Question, a *evidence.Answer) {
	if isPrivate(q.Path) {
		a.Gap = &evidence.Gap{Why: evidence.Declined, Detail: "Secrets and logs are not read as they are"}
		return
	}
	if isMetrics(q.Path) && q.Nth > 1 && !throughProxy(q.Path) {
		// Whoever scrapes that often waits for counters to move.
		select {
		case <-time.After(scrapeEvery):
		case <-ctx.Done():
			a.Gap = gap(ctx, ctx.Err())
			return
		}
	}
	limited, cancel := context.WithTimeout(ctx, rawTime)
	defer cancel()
	accepted := jsonType + ", */*"
	if q.Metadata {
		accepted = jsonMetadataType
	}
	response, err := l.send(limited, q.Path, nil, accepted)
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

// isPrivate reports whether the path leads to Secrets or logs, of which nothing
// may come out but what redaction of objects and probes of logs leave.
func isPrivate(path string) bool {
	u, err := url.Parse(path)
	if err != nil {
		return true
	}
	for part := range strings.SplitSeq(u.Path, "/") {
		switch part {
		case "secrets", "log", "logs", "containerLogs", "exec", "run", "attach", "portforward", "token":
			return true
		}
	}
	return false
}

func isMetrics(path string) bool {
	u, err := url.Parse(path)
	return err == nil && strings.HasSuffix(u.Path, "/metrics")
}

func readBody(body io.Reader, metrics bool) (string, error) {
	if metrics {
		return readMetrics(bounded(body, "the body", maxScrape))
	}
	text, err := io.ReadAll(bounded(body, "the body", maxBody))
	return evidence.RedactText(string(text)), err
}
