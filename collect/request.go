package collect

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubelaudo/laudo/evidence"
)

// Types of content, as in Accept and Content-Type.
const (
	jsonType         = "application/json"
	protobufType     = "application/vnd.kubernetes.protobuf"
	jsonMetadataType = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"

	metadataType = "application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"
)

// maxError bounds how much is read of a response that is an error, in bytes.
const maxError = 64 << 10

// maxRetries is how often a request is sent again because the server asked to
// wait; the question's own time is the other bound.
const maxRetries = 5

// send sends a GET and returns the response, whatever its status. A server that
// asks for patience (429, or 503 with Retry-After) gets it, as long as the
// context lasts. The caller closes the body.
func (l *Live) send(ctx context.Context, path string, query url.Values, accept string) (*http.Response, error) {
	u, err := l.target(path)
	if err != nil {
		return nil, err
	}
	if len(query) > 0 {
		u.RawQuery = query.Encode()
	}
	if err := l.silence.lasting(); err != nil {
		return nil, err
	}
	for try := 0; ; try++ {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
		if err != nil {
			return nil, err
		}
		request.Header.Set("Accept", accept)
		client := l.client
		if throughProxy(path) {
			// Over a connection of its own: of several API servers each has its own
			// way to what is asked.
			client, request.Close = l.anew, true
		}
		response, err := client.Do(request)
		if err != nil {
			l.silence.note(err)
			return nil, err
		}
		l.silence.broken()
		wait, asked := patience(response)
		if !asked || try == maxRetries || !lasts(ctx, wait) {
			return response, nil
		}
		io.Copy(io.Discard, io.LimitReader(response.Body, maxError))
		response.Body.Close()
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil, ctx.Err()
		}
	}
}

// target is the URL of a path, which can bring its own query, at the API server.
func (l *Live) target(path string) (*url.URL, error) {
	u := *l.base
	u.Path = strings.TrimSuffix(u.Path, "/")
	target, err := url.Parse(path)
	if err != nil {
		return nil, err
	}
	u.RawPath = ""
	u.Path += target.Path
	if target.RawPath != "" {
		u.RawPath = strings.TrimSuffix(l.base.EscapedPath(), "/") + target.RawPath
	}
	u.RawQuery = target.RawQuery
	return &u, nil
}

// patience returns how long the server asks to wait before trying again, and
// whether it does.
func patience(response *http.Response) (time.Duration, bool) {
	if response.StatusCode != http.StatusTooManyRequests && response.StatusCode != http.StatusServiceUnavailable {
		return 0, false
	}
	after := response.Header.Get("Retry-After")
	if after == "" {
		return time.Second, response.StatusCode == http.StatusTooManyRequests
	}
	if seconds, err := strconv.Atoi(after); err == nil && seconds >= 0 {
		return time.Duration(seconds) * time.Second, true
	}
	return time.Second, response.StatusCode == http.StatusTooManyRequests
}

// lasts reports whether the context leaves time for the wait and more.
func lasts(ctx context.Context, wait time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return !ok || time.Until(deadline) > wait
}

// serverTime returns the Date of a response.
func serverTime(response *http.Response) time.Time {
	t, err := http.ParseTime(response.Header.Get("Date"))
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// statusError is a response that is an error.
type statusError struct {
	code int
	// status is what the API server says; zero if the body is not its own.
	status metav1.Status
	body   string // redacted, at most maxError bytes
}

func (e *statusError) Error() string {
	message := e.status.Message
	if message == "" {
		message = strings.TrimSpace(e.body)
	}
	if message == "" {
		message = http.StatusText(e.code)
	}
	return fmt.Sprintf("HTTP %d: %s", e.code, message)
}

// text is the message alone.
func (e *statusError) text() string {
	if e.status.Message != "" {
		return e.status.Message
	}
	return strings.TrimSpace(e.body)
}

func (e *statusError) why() evidence.Why {
	switch {
	case e.code == http.StatusForbidden:
		return evidence.Forbidden
	case e.code == http.StatusUnauthorized:
		return evidence.Unauthorized
	case e.code == http.StatusGatewayTimeout, e.status.Reason == metav1.StatusReasonTimeout:
		return evidence.TimedOut
	}
	return evidence.Failed
}

// refused reports whether it is the API server that refused us, and not
// something behind it that refused the API server: a kubelet's 401 and 403
// pass through the API server with its name on them.
func (e *statusError) refused() bool {
	switch e.code {
	case http.StatusUnauthorized:
		return e.status.Reason == metav1.StatusReasonUnauthorized && (e.status.Details == nil || e.status.Details.Name == "")
	case http.StatusForbidden:
		return e.status.Reason == metav1.StatusReasonForbidden &&
			(strings.Contains(e.status.Message, " cannot ") || strings.Contains(e.status.Message, "is forbidden: User"))
	}
	return false
}

// newStatusError reads the body of a response that is an error.
func newStatusError(response *http.Response) error {
	body, err := io.ReadAll(io.LimitReader(response.Body, maxError))
	if err != nil && len(body) == 0 {
		if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
			return err
		}
	}
	e := &statusError{code: response.StatusCode}
	var status metav1.Status
	switch {
	case strings.HasPrefix(response.Header.Get("Content-Type"), protobufType):
		if raw, err := unwrap(body); err == nil && status.Unmarshal(raw) == nil {
			e.status = status
		}
		body = nil
	case json.Unmarshal(body, &status) == nil && status.Kind == "Status":
		e.status = status
	}
	e.status.Message = evidence.RedactText(e.status.Message)
	e.body = evidence.RedactText(string(body))
	return e
}

// throughProxy reports whether the API server passes a path on to a Pod, a
// Service or a node.
func throughProxy(path string) bool { return strings.Contains(path, "/proxy/") }
