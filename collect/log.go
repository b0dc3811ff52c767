package collect

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/kubelaudo/laudo/evidence"
)

// log answers a Log: whether one byte of a container's log arrives. The byte is
// counted and dropped. A refusal by what stands behind the API server, its
// words included, is an answer; only what keeps us from asking is a gap.
func (l *Live) log(ctx context.Context, q evidence.Question, a *evidence.Answer) {
	l.readLog(ctx, q, url.Values{"tailLines": {"1"}, "limitBytes": {"1"}}, a, func(body io.Reader) error {
		n, err := io.Copy(io.Discard, io.LimitReader(body, 1<<10))
		a.Bytes = int(n)
		if n > 0 {
			return nil
		}
		return err
	})
}

// Bounds of what is read of a log for its errors, and of what is kept.
const (
	// recentLog is how far back a log is read of a container that runs: whoever
	// fails now tries again within that time, and what failed before is past.
	recentLog    = 2 * time.Minute
	errorsRead   = 2 << 20
	errorsTail   = 200 // lines; a log is cut at its end, so they have to fit
	errorsKept   = 20
	errorsLength = 1 << 10 // bytes of a line
)

// errors answers an Errors: the lines that tell of an error whose meaning is
// known. They are chosen here, so that no other line of a log gets any further.
func (l *Live) errors(ctx context.Context, q evidence.Question, a *evidence.Answer) {
	query := url.Values{"tailLines": {strconv.Itoa(errorsTail)}, "limitBytes": {strconv.Itoa(errorsRead)}}
	if q.Previous {
		query.Set("previous", "true")
	} else {
		query.Set("sinceSeconds", strconv.Itoa(int(recentLog.Seconds())))
	}
	l.readLog(ctx, q, query, a, func(body io.Reader) error {
		text, err := io.ReadAll(io.LimitReader(body, errorsRead))
		seen := map[string]bool{}
		for line := range strings.Lines(string(text)) {
			line = evidence.RedactText(strings.ToValidUTF8(strings.TrimSpace(line), "")) // before it is cut
			if len(line) > errorsLength {
				line = strings.ToValidUTF8(line[:errorsLength], "")
			}
			same := strings.Map(noDigit, line)
			if seen[same] || l.options.Tells == nil || !l.options.Tells(line) {
				continue
			}
			seen[same] = true
			if a.Lines = append(a.Lines, line); len(a.Lines) > errorsKept {
				a.Lines = a.Lines[1:]
			}
		}
		if len(text) > 0 {
			return nil
		}
		return err
	})
}

// noDigit makes lines the same that differ in figures only, such as their time.
func noDigit(r rune) rune {
	if r >= '0' && r <= '9' {
		return '0'
	}
	return r
}

// readLog asks for the log of a container, and has its body read.
func (l *Live) readLog(ctx context.Context, q evidence.Question, query url.Values, a *evidence.Answer, read func(io.Reader) error) {
	limited, cancel := context.WithTimeout(ctx, logTime)
	defer cancel()
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
	if err := read(response.Body); err != nil {
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
