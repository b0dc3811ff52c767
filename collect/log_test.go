package collect

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubelaudo/laudo/evidence"
)

var oneLog = evidence.Question{Kind: evidence.Log, Namespace: "ns", Name: "pod", Container: "c"}

const logPath = "/api/v1/namespaces/ns/pods/pod/log"

func TestLog(t *testing.T) {
	noAgent := `Get "https://10.0.0.4:10250/containerLogs/ns/pod/c?limitBytes=1&tailLines=1": No agent available`
	for name, test := range map[string]struct {
		handle http.HandlerFunc
		status int
		bytes  int
		text   string
		why    evidence.Why
	}{
		"a byte": {
			handle: func(w http.ResponseWriter, r *http.Request) {
				if q := r.URL.Query(); q.Get("limitBytes") != "1" || q.Get("tailLines") != "1" || q.Get("container") != "c" || len(q) != 3 {
					t.Errorf("asked for %s", r.URL)
				}
				io.WriteString(w, "h")
			},
			status: 200, bytes: 1,
		},
		"empty":     {handle: func(w http.ResponseWriter, r *http.Request) {}, status: 200},
		"no tunnel": {handle: func(w http.ResponseWriter, r *http.Request) { status(w, 500, "InternalError", noAgent) }, status: 500, text: noAgent},
		"text":      {handle: func(w http.ResponseWriter, r *http.Request) { http.Error(w, "bad gateway", 502) }, status: 502, text: "bad gateway"},
		"no right": {
			handle: func(w http.ResponseWriter, r *http.Request) {
				status(w, 403, metav1.StatusReasonForbidden, `pods "pod" is forbidden: User "u" cannot get resource "pods/log" in API group "" in the namespace "ns"`)
			},
			status: 403, why: evidence.Forbidden, text: `pods "pod" is forbidden: User "u" cannot get resource "pods/log" in API group "" in the namespace "ns"`,
		},
		// What follows is the kubelet refusing the API server: an answer, no gap.
		"kubelet forbids": {
			handle: func(w http.ResponseWriter, r *http.Request) {
				status(w, 403, metav1.StatusReasonForbidden, "Forbidden (user=kube-apiserver-kubelet-client, verb=get, resource=nodes, subresource(s)=[log proxy])")
			},
			status: 403, text: "Forbidden (user=kube-apiserver-kubelet-client, verb=get, resource=nodes, subresource(s)=[log proxy])",
		},
		"kubelet knows not": {
			handle: func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", jsonType)
				w.WriteHeader(401)
				io.WriteString(w, `{"kind":"Status","apiVersion":"v1","status":"Failure","message":"the server has asked for the client to provide credentials ( pods/log pod)","reason":"Unauthorized","details":{"name":"pod","kind":"pods/log"},"code":401}`)
			},
			status: 401, text: "the server has asked for the client to provide credentials ( pods/log pod)",
		},
		"unauthorized": {
			handle: func(w http.ResponseWriter, r *http.Request) {
				status(w, 401, metav1.StatusReasonUnauthorized, "Unauthorized")
			},
			status: 401, why: evidence.Unauthorized, text: "Unauthorized",
		},
		"credential in the error": {
			handle: func(w http.ResponseWriter, r *http.Request) {
				status(w, 500, "InternalError", "https://u:hunter2canary@h token=hunter2canary")
			},
			status: 500, text: "https://REDACTED@h token=REDACTED",
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			s.handle(logPath, test.handle)
			got := ask(t, s.live(t), oneLog)
			if got.Status != test.status || got.Bytes != test.bytes || got.Text != test.text || got.why() != test.why {
				t.Errorf("%+v, gap %v", got.Answer, got.Gap)
			}
		})
	}
}

func TestLogThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := stalled(t)
		start := time.Now()
		got := ask(t, l, oneLog)
		if got.why() != evidence.TimedOut {
			t.Errorf("%+v, gap %v", got.Answer, got.Gap)
		}
		if took := time.Since(start); took < logTime || took > logTime+time.Second {
			t.Errorf("took %v", took)
		}
	})
}

// Where nothing answers at all, questions do not wait one after the other.
func TestSilenceIsNotWaitedForAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := stalled(t)
		start := time.Now()
		for i := range 20 {
			got := ask(t, l, evidence.Question{Kind: evidence.Raw, Path: "/version", Nth: i})
			if got.why() != evidence.TimedOut || !strings.Contains(got.Gap.Detail, "context deadline exceeded") {
				t.Errorf("%+v, gap %v", got.Answer, got.Gap)
			}
		}
		if took := time.Since(start); took > 2*rawTime+time.Second {
			t.Errorf("took %v", took)
		}
		if n := l.Requests(); n != patient {
			t.Errorf("%d requests", n)
		}
	})
}

// Probes that hang must not keep other questions from being asked.
func TestHangingLogsDoNotBlockTheRest(t *testing.T) {
	s := newServer(t)
	gone := make(chan struct{})
	s.handle(logPath, func(w http.ResponseWriter, r *http.Request) { <-gone })
	s.handle("/version", func(w http.ResponseWriter, r *http.Request) {})
	l := s.live(t)
	done := make(chan evidence.Answer, 40)
	for i := range 40 {
		go func() {
			q := oneLog
			q.Nth = i
			done <- l.Ask(t.Context(), q, nil)
		}()
	}
	start := time.Now()
	if got := ask(t, l, evidence.Question{Kind: evidence.Raw, Path: "/version"}); got.Status != 200 || time.Since(start) > 3*time.Second {
		t.Errorf("%+v after %v", got.Answer, time.Since(start))
	}
	close(gone)
	for range 40 {
		<-done
	}
}

func TestRaw(t *testing.T) {
	s := newServer(t)
	s.handle("/version", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, `{"gitVersion":"v1.37.2"}`) })
	s.handle("/readyz", func(w http.ResponseWriter, r *http.Request) {
		if !r.URL.Query().Has("verbose") {
			t.Errorf("asked for %s", r.URL)
		}
		http.Error(w, "[-]etcd failed: reason withheld", 500)
	})
	s.handle("/apis/metrics.k8s.io/v1beta1/nodes", func(w http.ResponseWriter, r *http.Request) { http.Error(w, "service unavailable", 503) })
	s.handle("/livez", func(w http.ResponseWriter, r *http.Request) {
		status(w, 403, metav1.StatusReasonForbidden, `forbidden: User "u" cannot get path "/livez"`)
	})
	s.handle("/api/v1/nodes/n/proxy/healthz", func(w http.ResponseWriter, r *http.Request) { http.Error(w, "Unauthorized", 401) })
	s.handle("/long", func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, strings.Repeat("x", 2*maxBody))
	})
	l := s.live(t)
	for _, test := range []struct {
		path   string
		status int
		text   string
		why    evidence.Why
	}{
		{"/version", 200, `{"gitVersion":"v1.37.2"}`, ""},
		{"/readyz?verbose", 500, "[-]etcd failed: reason withheld", ""},
		{"/apis/metrics.k8s.io/v1beta1/nodes", 503, "service unavailable", ""},
		{"/livez", 403, `forbidden: User "u" cannot get path "/livez"`, evidence.Forbidden},
		{"/api/v1/nodes/n/proxy/healthz", 401, "Unauthorized", ""}, // the kubelet's
		{"/nothing", 404, "404 page not found", ""},
		{"/long", 200, strings.Repeat("x", maxBody), evidence.Failed},
		{"/api/v1/namespaces/ns/secrets/x", 0, "", evidence.Declined},
		{"/api/v1/namespaces/ns/pods/pod/log?tailLines=10", 0, "", evidence.Declined},
		{"/api/v1/nodes/n/proxy/%6cogs/", 0, "", evidence.Declined},
	} {
		got := ask(t, l, evidence.Question{Kind: evidence.Raw, Path: test.path})
		if got.Status != test.status || got.Text != test.text || got.why() != test.why {
			t.Errorf("%s: %.300s, gap %v", test.path, got.Text, got.Gap)
		}
	}
}

func TestMetricsAreSifted(t *testing.T) {
	s := newServer(t)
	s.handle("/metrics", func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "# HELP apiserver_egress_dialer_dial_start_total [ALPHA] x\n# TYPE apiserver_egress_dialer_dial_start_total counter\n"+
			"apiserver_egress_dialer_dial_start_total{protocol=\"grpc\"} 3\n")
		for range 1000 {
			io.WriteString(w, "apiserver_request_duration_seconds_bucket{le=\"1\"} 5\n"+strings.Repeat("x", 100)+"\n")
		}
		io.WriteString(w, strings.Repeat("y", 200<<10)+"\n")
		io.WriteString(w, "apiserver_admission_webhook_admission_duration_seconds_bucket{le=\"1\"} 5\napiserver_admission_webhook_admission_duration_seconds_sum 5\n")
		io.WriteString(w, "apiserver_client_certificate_expiration_seconds_bucket{le=\"0\"} 2\nprocess_start_time_seconds 1.7e+09")
	})
	got := ask(t, s.live(t), evidence.Question{Kind: evidence.Raw, Path: "/metrics"})
	want := `# TYPE apiserver_egress_dialer_dial_start_total counter
apiserver_egress_dialer_dial_start_total{protocol="grpc"} 3
apiserver_admission_webhook_admission_duration_seconds_sum 5
apiserver_client_certificate_expiration_seconds_bucket{le="0"} 2
process_start_time_seconds 1.7e+09`
	if got.Text != want || got.Gap != nil {
		t.Errorf("%s\ngap %v", got.Text, got.Gap)
	}
}

// TestErrors: of a log only the lines arrive that tell of a known error, each
// once, redacted, and not more than so many of them.
func TestErrors(t *testing.T) {
	known := func(line string) bool { return strings.Contains(line, "x509") }
	const logged = "12:00:01 order 4711 of hunter2canary paid\n" +
		"12:00:02 x509: expired token=hunter2canary\n" +
		"12:00:03 x509: expired token=hunter2canary\n" +
		"12:00:04 x509: signed by unknown authority\n"
	var many strings.Builder
	for i := range 3 * errorsKept {
		many.WriteString("x509 of " + strings.Repeat("a", i) + "\n")
	}
	for name, test := range map[string]struct {
		previous bool
		tells    func(string) bool
		body     string
		status   int
		query    string
		want     []string
		kept     int
		why      evidence.Why
	}{
		"running": {
			tells: known, body: logged, query: "container=c&limitBytes=2097152&sinceSeconds=120&tailLines=200",
			want: []string{"12:00:02 x509: expired token=REDACTED", "12:00:04 x509: signed by unknown authority"}, kept: 2,
		},
		"previous":       {previous: true, tells: known, query: "container=c&limitBytes=2097152&previous=true&tailLines=200"},
		"nothing known":  {body: logged, query: "container=c&limitBytes=2097152&sinceSeconds=120&tailLines=200"},
		"many":           {tells: known, body: many.String(), query: "container=c&limitBytes=2097152&sinceSeconds=120&tailLines=200", kept: errorsKept},
		"an endless one": {tells: known, body: strings.Repeat("x509", errorsRead), query: "container=c&limitBytes=2097152&sinceSeconds=120&tailLines=200", kept: 1},
		"no such":        {tells: known, status: 400, query: "container=c&limitBytes=2097152&sinceSeconds=120&tailLines=200"},
		"no right":       {tells: known, status: 403, query: "container=c&limitBytes=2097152&sinceSeconds=120&tailLines=200", why: evidence.Forbidden},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			s.handle(logPath, func(w http.ResponseWriter, r *http.Request) {
				if got := r.URL.Query().Encode(); got != test.query {
					t.Errorf("asked for %s, want %s", got, test.query)
				}
				if test.status != 0 {
					status(w, test.status, metav1.StatusReasonForbidden, `pods "pod" is forbidden: User "u" cannot get resource "pods/log" in API group "" in the namespace "ns"`)
					return
				}
				io.WriteString(w, test.body)
			})
			live := s.live(t)
			live.options.Tells = test.tells
			got := ask(t, live, evidence.Question{Kind: evidence.Errors, Namespace: "ns", Name: "pod", Container: "c", Previous: test.previous})
			if len(got.Lines) != test.kept || test.want != nil && !slices.Equal(got.Lines, test.want) || got.why() != test.why {
				t.Errorf("%d lines, gap %v: %.300q", len(got.Lines), got.Gap, got.Lines)
			}
			for _, line := range got.Lines {
				if len(line) > errorsLength {
					t.Errorf("a line of %d bytes", len(line))
				}
			}
		})
	}
}
