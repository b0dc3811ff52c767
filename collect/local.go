package collect

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubelaudo/laudo/evidence"
)

// Host answers what can be asked of the machine that laudo runs on, without an
// API server: it is how a node answers for itself.
type Host struct {
	// Standpoint is the name under which the machine answers. Questions from
	// elsewhere have a gap.
	Standpoint evidence.Standpoint
	// Root is where the root of the machine's file system is; empty: at "/".
	Root string
	// Clock tells the time; nil means the machine's clock.
	Clock func() time.Time
}

// Now returns the present moment.
func (h *Host) Now() time.Time {
	if h.Clock == nil {
		return time.Now().UTC()
	}
	return h.Clock().UTC()
}

// Standpoints returns the one that it answers for.
func (h *Host) Standpoints() []evidence.Standpoint { return []evidence.Standpoint{h.Standpoint} }

// Ask answers q.
func (h *Host) Ask(ctx context.Context, q evidence.Question, _ func(runtime.Object)) evidence.Answer {
	a := evidence.Answer{Question: q, At: h.Now()}
	start := time.Now()
	if q.From != h.Standpoint || !h.local(ctx, q, &a) {
		a.Gap = &evidence.Gap{Why: evidence.NotCollected, Detail: "not asked of a host"}
	}
	a.Took = time.Since(start)
	return a
}

// local answers what any machine can answer, and reports whether it is that.
func (h *Host) local(ctx context.Context, q evidence.Question, a *evidence.Answer) bool {
	switch q.Kind {
	case evidence.TCP:
		tcp(ctx, q, a)
	case evidence.TLS:
		if q.Present != "" {
			return false // a host has no Secrets
		}
		shakeHands(ctx, q, nil, a)
	case evidence.HTTP:
		h.http(ctx, q, a)
	case evidence.DNS:
		dns(ctx, q, a)
	case evidence.Certificates:
		h.certificates(q, a)
	case evidence.Programs:
		h.programs(a)
	default:
		return false
	}
	return true
}

// tcp answers a TCP: how far a connection comes.
func tcp(ctx context.Context, q evidence.Question, a *evidence.Answer) {
	shake := &handshake{question: q}
	if conn := shake.open(ctx); conn != nil {
		conn.Close()
	}
	shake.settle(ctx, a)
}

// shakeHands answers a TLS; the pair is presented to a server that asks.
func shakeHands(ctx context.Context, q evidence.Question, pair *tls.Certificate, a *evidence.Answer) {
	shake := &handshake{question: q, pair: pair}
	shake.run(ctx)
	shake.settle(ctx, a)
}

// settle puts what was seen into the answer.
func (h *handshake) settle(ctx context.Context, a *evidence.Answer) {
	h.seen.Error = evidence.RedactText(h.seen.Error)
	a.Shake = &h.seen
	a.Text = h.seen.Error
	if ctx.Err() != nil && h.seen.Stage != "" { // it says nothing of the peer
		a.Gap = gap(ctx, ctx.Err())
	}
}

// dns answers a DNS. That a name does not resolve is an answer.
func dns(ctx context.Context, q evidence.Question, a *evidence.Answer) {
	addresses, err := resolve(ctx, q.Address)
	if ctx.Err() != nil {
		a.Gap = gap(ctx, ctx.Err())
		return
	}
	if err != nil {
		a.Text = evidence.RedactText(err.Error())
		return
	}
	slices.Sort(addresses)
	a.Addresses = addresses
}

// httpTime is how long an HTTP may take.
const httpTime = 5 * time.Second

// http answers an HTTP: the status, the beginning of the body, and the server's
// clock. Whoever answers is not verified: laws judge what they were told.
func (h *Host) http(ctx context.Context, q evidence.Question, a *evidence.Answer) {
	limited, cancel := context.WithTimeout(ctx, httpTime)
	defer cancel()
	transport := &http.Transport{
		DialContext:     (&net.Dialer{Timeout: portTime}).DialContext,
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
	}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	request, err := http.NewRequestWithContext(limited, http.MethodGet, "https://"+q.Address+q.Path, nil)
	if err != nil {
		a.Gap = &evidence.Gap{Why: evidence.Failed, Detail: err.Error()}
		return
	}
	response, err := client.Do(request)
	if err != nil {
		a.Gap = gap(ctx, err)
		if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
			a.Gap.Why = evidence.TimedOut
		}
		return
	}
	defer response.Body.Close()
	a.At = h.Now() // the moment that the server's clock is compared with
	a.Status = response.StatusCode
	a.ServerTime = serverTime(response)
	body, _ := io.ReadAll(io.LimitReader(response.Body, 2<<10))
	a.Text = evidence.RedactText(string(body))
}
