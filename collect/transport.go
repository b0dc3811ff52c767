package collect

import (
	"context"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"k8s.io/client-go/rest"
)

// newTransport returns what sends requests with the credentials of the config.
func newTransport(config *rest.Config, userAgent string, requests *atomic.Int64) (http.RoundTripper, error) {
	config = rest.CopyConfig(config)
	config.UserAgent = userAgent
	config.QPS = -1    // the number under way is bounded instead
	config.Timeout = 0 // each question has its own
	if config.Dial == nil {
		config.Dial = (&net.Dialer{Timeout: connectTime, KeepAlive: 30 * time.Second}).DialContext
	}
	inner, err := rest.TransportFor(config)
	if err != nil {
		return nil, err
	}
	return &transport{inner, requests}, nil
}

// transport counts requests, and returns when their context is done even where
// a credential plugin, which knows no context, goes on waiting for its user.
type transport struct {
	inner    http.RoundTripper
	requests *atomic.Int64
}

func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	t.requests.Add(1)
	type result struct {
		response *http.Response
		err      error
	}
	done := make(chan result, 1)
	go func() {
		response, err := t.inner.RoundTrip(r)
		done <- result{response, err}
	}()
	select {
	case res := <-done:
		return res.response, res.err
	case <-r.Context().Done():
		// Give what heeds the context a moment to say where it stood.
		select {
		case res := <-done:
			return res.response, res.err
		case <-time.After(100 * time.Millisecond):
		}
		go func() {
			if res := <-done; res.response != nil {
				res.response.Body.Close()
			}
		}()
		return nil, context.Cause(r.Context())
	}
}
