package collect

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/kubelaudo/laudo/evidence"
)

// How long a question may take. The overall time, which the context carries,
// ends it earlier.
const (
	pageTime = 10 * time.Second // one page of a list, or one object
	rawTime  = 10 * time.Second // one path
	// logTime is one second more than a konnectivity-agent dials for, so that
	// packets that are dropped show as its error and not as silence; the
	// backstop behind an agent that hangs comes after 30 s and is not awaited.
	logTime = 6 * time.Second
	// dialTime is longer than logTime: many dials are under way at once, and what
	// an agent says of those that it gave up must not be taken for silence.
	dialTime = 8 * time.Second
	// connectTime is how long a TCP connection to the API server may take.
	connectTime = 5 * time.Second
)

// How many questions are under way at once. Those that mostly wait do not keep
// the others from being asked.
const (
	defaultInFlight = 16
	waitingInFlight = 64 // logs and handshakes
)

// Options are what a live source is made of.
type Options struct {
	// Config is how to reach the API server. It is not changed.
	Config *rest.Config
	// Kubeconfig is where Config came from, to tell of. Nil: nothing is known
	// but Config.
	Kubeconfig clientcmd.ClientConfig
	// Context, Cluster and User are what the flags of the same names chose over
	// the kubeconfig; empty: nothing.
	Context, Cluster, User string
	// Version is laudo's own, for the user agent.
	Version string
	// NoSecrets declines every question for a Secret.
	NoSecrets bool
	// PresentClientCerts allows handshakes that present a client certificate
	// out of a Secret, whose key is used in memory.
	PresentClientCerts bool
	// NodeProbe lets questions be asked from nodes, by Pods made for that. Nil:
	// they have a gap.
	NodeProbe *NodeProbe
	// InFlight bounds the requests under way at once; 0 means 16. Probes of
	// logs and handshakes, which mostly wait, have bounds of their own.
	InFlight int
	// Tells reports whether a line of a log tells of an error whose meaning is
	// known: only such lines are kept. Nil: none is.
	Tells func(line string) bool
	// Now tells the time; nil means the machine's clock.
	Now func() time.Time
}

// Live answers questions from a cluster. It may be used from several
// goroutines.
type Live struct {
	options  Options
	base     *url.URL // of the API server
	client   *http.Client
	anew     *http.Client // speaks HTTP/1.1, which knows upgrades
	requests atomic.Int64
	silence  silence
	asking   chan struct{} // bounds lists, objects and paths
	logging  chan struct{} // bounds probes of logs
	shaking  chan struct{} // bounds handshakes
	probe    *prober       // nil: nothing is asked from nodes
}

// New returns a source that asks the cluster of the options. It makes no
// request.
func New(options Options) (*Live, error) {
	if options.InFlight == 0 {
		options.InFlight = defaultInFlight
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.Version == "" {
		options.Version = "unknown"
	}
	l := &Live{
		options: options,
		asking:  make(chan struct{}, options.InFlight),
		logging: make(chan struct{}, waitingInFlight),
		shaking: make(chan struct{}, waitingInFlight),
	}
	base, _, err := rest.DefaultServerUrlFor(options.Config)
	if err != nil {
		return nil, fmt.Errorf("reading the address of the API server: %s", evidence.RedactText(err.Error()))
	}
	l.base = base
	transport, err := newTransport(options.Config, "laudo/"+options.Version, &l.requests)
	if err != nil {
		return nil, fmt.Errorf("preparing the connection to the API server: %s", evidence.RedactText(err.Error()))
	}
	upgrades := rest.CopyConfig(options.Config)
	upgrades.NextProtos = []string{"http/1.1"}
	anew, err := newTransport(upgrades, "laudo/"+options.Version, &l.requests)
	if err != nil {
		return nil, fmt.Errorf("preparing the connection to the API server: %s", evidence.RedactText(err.Error()))
	}
	if options.NodeProbe != nil {
		l.probe = newProber(l, *options.NodeProbe)
	}
	l.silence.plugin = options.Config.ExecProvider != nil
	// The transports add credentials to whatever passes: no server sends us
	// elsewhere with them.
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	l.client = &http.Client{Transport: transport, CheckRedirect: stay}
	l.anew = &http.Client{Transport: anew, CheckRedirect: stay}
	return l, nil
}

// Now returns the present moment.
func (l *Live) Now() time.Time { return l.options.Now().UTC() }

// Requests returns how many requests were sent to the API server, those that
// were sent again included.
func (l *Live) Requests() int { return int(l.requests.Load()) }

// Close removes what was made in the cluster to ask from nodes, if anything. It
// takes its own time, whatever ended the run.
func (l *Live) Close() error {
	if l.probe == nil {
		return nil
	}
	return l.probe.close()
}

// Ask answers q. It returns soon after ctx is done, whatever hangs.
func (l *Live) Ask(ctx context.Context, q evidence.Question, each func(runtime.Object)) evidence.Answer {
	if each == nil {
		each = func(runtime.Object) {}
	}
	a := evidence.Answer{Question: q}
	if l.probe != nil && q.From.Node() != "" {
		return l.probe.ask(ctx, q)
	}
	if q.From != "" && q.From != evidence.FromHere {
		a.At = l.Now()
		a.Gap = &evidence.Gap{Why: evidence.NotCollected, Detail: "nothing of laudo runs at " + string(q.From)}
		return a
	}
	turn := l.turn(q.Kind)
	select {
	case turn <- struct{}{}:
		defer func() { <-turn }()
	case <-ctx.Done():
		a.At = l.Now()
		a.Gap = gap(ctx, ctx.Err())
		return a
	}
	start := time.Now()
	a.At = l.Now()
	if l.options.NoSecrets && q.Resource == evidence.Secrets.Name {
		a.Gap = &evidence.Gap{Why: evidence.Declined, Detail: "Secrets are not read"}
		return a
	}
	switch q.Kind {
	case evidence.List:
		l.list(ctx, q, &a, each)
	case evidence.Get:
		l.get(ctx, q, &a, each)
	case evidence.Raw:
		l.raw(ctx, q, &a)
	case evidence.Log:
		l.log(ctx, q, &a)
	case evidence.Errors:
		l.errors(ctx, q, &a)
	case evidence.Dial:
		l.dial(ctx, q, &a)
	case evidence.TLS:
		l.tls(ctx, q, &a)
	case evidence.Client:
		l.clientConfig(&a)
	case evidence.TCP, evidence.HTTP, evidence.DNS:
		host := Host{Clock: l.options.Now}
		host.local(ctx, q, &a)
	default:
		a.Gap = &evidence.Gap{Why: evidence.Failed, Detail: fmt.Sprintf("no such kind of question: %q", q.Kind)}
	}
	a.Took = time.Since(start)
	return a
}

func (l *Live) turn(kind evidence.Kind) chan struct{} {
	switch kind {
	case evidence.Log, evidence.Errors, evidence.Dial:
		return l.logging
	case evidence.TLS, evidence.TCP, evidence.HTTP, evidence.DNS:
		return l.shaking
	}
	return l.asking
}

// gap returns the gap that err stands for. The context is the one that came
// with the question: if that is done, the run ended, and not the question's own
// time.
func gap(ctx context.Context, err error) *evidence.Gap {
	detail := evidence.RedactText(err.Error())
	var status *statusError
	switch {
	case ctx.Err() != nil:
		return &evidence.Gap{Why: evidence.Interrupted, Detail: detail}
	case errors.As(err, &status):
		return &evidence.Gap{Why: status.why(), Detail: detail}
	case isDial(err):
		return &evidence.Gap{Why: evidence.Unreachable, Detail: detail}
	case errors.Is(err, context.DeadlineExceeded):
		return &evidence.Gap{Why: evidence.TimedOut, Detail: detail}
	case errors.As(err, new(*garbledError)):
		return &evidence.Gap{Why: evidence.Failed, Detail: detail}
	}
	return &evidence.Gap{Why: evidence.Unreachable, Detail: detail}
}

// garbledError is a response that cannot be read.
type garbledError struct{ err error }

func (e *garbledError) Error() string { return e.err.Error() }
func (e *garbledError) Unwrap() error { return e.err }

func garbled(format string, args ...any) error {
	return &garbledError{fmt.Errorf(format, args...)}
}

// resourcePath returns the path of a resource's objects, or of one of them.
func resourcePath(resource, namespace, name string) (string, error) {
	parts := strings.Split(resource, "/")
	var path string
	switch len(parts) {
	case 2:
		path = "/api/" + parts[0]
	case 3:
		path = "/apis/" + parts[0] + "/" + parts[1]
	default:
		return "", fmt.Errorf("no resource: %q", resource)
	}
	if namespace != "" {
		path += "/namespaces/" + url.PathEscape(namespace)
	}
	path += "/" + parts[len(parts)-1]
	if name != "" {
		path += "/" + url.PathEscape(name)
	}
	return path, nil
}
