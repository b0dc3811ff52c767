package laudo_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	apiregistrationv1 "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"

	"github.com/kubelaudo/laudo"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
)

// counting is a world whose API server counts its dials: before and after the
// requests for logs.
type counting struct {
	*world
	before, after string
}

func (c counting) Ask(ctx context.Context, q evidence.Question, each func(runtime.Object)) evidence.Answer {
	if q.Kind == evidence.Raw && q.Path == "/metrics" {
		text := c.before
		if q.Nth > 0 {
			text = c.after
		}
		return evidence.Answer{Question: q, At: moment.Add(time.Duration(q.Nth) * 6 * time.Second), Status: 200, Text: text}
	}
	return c.world.Ask(ctx, q, each)
}

const dialsBefore = `process_start_time_seconds 1.7e+09
apiserver_egress_dialer_dial_start_total{protocol="grpc",transport="uds"} 10
apiserver_egress_dialer_dial_failure_count{protocol="grpc",stage="proxy",transport="uds"} 2
apiserver_egress_dialer_dial_duration_seconds_count{protocol="grpc",transport="uds"} 8
konnectivity_network_proxy_client_stream_packets_total{packet_type="DIAL_REQ",segment="from_client"} 10
konnectivity_network_proxy_client_stream_packets_total{packet_type="DIAL_RSP",segment="to_client"} 10
`

// tunnelled is a cluster with agents, of which requests for logs hang.
func tunnelled() *world {
	w := newWorld(deployment("kube-system", "link", "none", true, running(), "--proxy-server-host=192.0.2.1", "--proxy-server-port=8132")...)
	w.log = evidence.Answer{Gap: &evidence.Gap{Why: evidence.TimedOut, Detail: "context deadline exceeded"}}
	return w
}

// TestDials tells by the API server's counters where requests hang.
func TestDials(t *testing.T) {
	started := strings.Replace(dialsBefore, `transport="uds"} 10`, `transport="uds"} 13`, 1)
	taken := strings.Replace(started, `segment="from_client"} 10`, `segment="from_client"} 13`, 1)
	for _, test := range []struct {
		name, after, first, seen string
	}{
		{"none came as far as the server", started, report.CategoryKonnectivityServerDown, "3 dials"},
		{"the server took them, and no agent answered", taken, report.CategoryKonnectivityAgentDown, "3 dials"},
		{"nothing was dialled meanwhile", dialsBefore, report.CategoryKonnectivityAgentDown, ""},
		{"another instance answered", strings.Replace(started, "1.7e+09", "1.8e+09", 1), report.CategoryKonnectivityAgentDown, ""},
		{"the second time there were none", "", report.CategoryKonnectivityAgentDown, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc := diagnosed(t, counting{tunnelled(), dialsBefore, test.after}, laudo.Options{Language: message.NewPrinter("en")})
			if len(doc.Causes) == 0 || doc.Causes[0].Category != test.first {
				t.Errorf("causes %+v, want first %s", doc.Causes, test.first)
			}
			for _, c := range doc.Causes {
				if c.Certainty == report.CertaintyConfirmed {
					t.Errorf("confirmed: %s", c.Summary)
				}
			}
			told := slices.ContainsFunc(doc.Symptoms, func(s report.Symptom) bool { return strings.Contains(s.Text, "dials into the cluster") })
			if told != (test.seen != "") {
				t.Errorf("symptoms %+v, want the dials told: %v", doc.Symptoms, test.seen != "")
			}
		})
	}
}

// several is a world of several API servers, of which every third request comes
// to one whose konnectivity-server has no agent.
type several struct {
	*world
	served  bool   // all have one
	metrics string // of the agents; empty: they may not be read
}

func (s several) Ask(ctx context.Context, q evidence.Question, each func(runtime.Object)) evidence.Answer {
	a := evidence.Answer{Question: q, At: moment}
	unserved := !s.served && q.Nth%3 == 0
	switch {
	case q.Kind == evidence.Dial && unserved:
		a.Status, a.Text = 503, "error dialing backend: No agent available"
	case q.Kind == evidence.Dial:
		a.Status, a.Text = 500, "invalid upgrade response: status code 200"
	case q.Kind == evidence.Raw && strings.HasSuffix(q.Path, "/proxy/metrics") && s.metrics == "":
		a.Status, a.Gap = 403, &evidence.Gap{Why: evidence.Forbidden, Detail: "pods/proxy"}
	case q.Kind == evidence.Raw && strings.HasSuffix(q.Path, "/proxy/metrics") && unserved:
		a.Status, a.Text = 503, "error trying to reach service: No agent available"
	case q.Kind == evidence.Raw && strings.HasSuffix(q.Path, "/proxy/metrics"):
		a.Status, a.Text = 200, s.metrics
	default:
		return s.world.Ask(ctx, q, each)
	}
	return a
}

// TestServerCount is of requests that find an agent at some API servers only.
func TestServerCount(t *testing.T) {
	metrics := func(known, open string) string {
		return "konnectivity_network_proxy_agent_known_server_count " + known + "\nkonnectivity_network_proxy_agent_open_server_connections " + open + "\n"
	}
	noAgent := evidence.Answer{Status: 500, Text: `Get "https://192.0.2.7:10250/containerLogs/a/b/c": No agent available`}
	logs := evidence.Answer{Status: 200, Bytes: 1}
	for _, test := range []struct {
		name      string
		servers   int
		log       evidence.Answer
		served    bool
		metrics   string
		certainty string // of the count as a cause; empty: it is none
	}{
		{"the agents know one of three", 3, logs, false, metrics("1", "1"), report.CertaintyConfirmed},
		{"and our own connection comes to one without", 3, noAgent, false, metrics("2", "2"), report.CertaintyConfirmed},
		{"they look for all and do not reach one", 3, logs, false, metrics("3", "2"), ""},
		{"they have just begun to look", 3, logs, false, metrics("1", "0"), report.CertaintyOpen},
		{"what they know may not be read", 3, logs, false, "", report.CertaintyOpen},
		{"there is one server", 1, logs, false, metrics("1", "1"), ""},
		{"each server has an agent", 3, logs, true, metrics("1", "1"), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := tunnelled()
			w.log = test.log
			slice := &discoveryv1.EndpointSlice{ObjectMeta: metav1.ObjectMeta{Namespace: "default", Name: "kubernetes", Labels: map[string]string{discoveryv1.LabelServiceName: "kubernetes"}}}
			for _, address := range []string{"192.0.2.1", "192.0.2.2", "192.0.2.3"}[:test.servers] {
				slice.Endpoints = append(slice.Endpoints, discoveryv1.Endpoint{Addresses: []string{address}})
			}
			w.objects = append(w.objects, slice)
			doc := diagnosed(t, several{w, test.served, test.metrics}, laudo.Options{Language: message.NewPrinter("en")})
			certainty := ""
			for _, c := range doc.Causes {
				if c.Category == report.CategoryKonnectivityCountMismatch {
					certainty = c.Certainty
				} else if c.Certainty == report.CertaintyConfirmed {
					t.Errorf("confirmed: %s", c.Summary)
				}
			}
			if certainty != test.certainty {
				t.Errorf("the count is %q, want %q; causes %+v", certainty, test.certainty, doc.Causes)
			}
			if healthy := doc.Verdict == report.VerdictHealthy; healthy != test.served && test.servers > 1 {
				t.Errorf("verdict %s", doc.Verdict)
			}
		})
	}
}

// on is a second node of that version.
func on(name, version string) []runtime.Object {
	renewed, life := metav1.NewMicroTime(moment.Add(-5*time.Second)), int32(40)
	return []runtime.Object{
		&corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: name}, Status: corev1.NodeStatus{
			Conditions: []corev1.NodeCondition{{Type: corev1.NodeReady, Status: corev1.ConditionTrue}},
			NodeInfo:   corev1.NodeSystemInfo{KubeletVersion: version},
		}},
		&coordinationv1.Lease{ObjectMeta: metav1.ObjectMeta{Namespace: "kube-node-lease", Name: name}, Spec: coordinationv1.LeaseSpec{RenewTime: &renewed, LeaseDurationSeconds: &life}},
	}
}

// TestVersionSkew judges kubelets beside an API server of 1.37.
func TestVersionSkew(t *testing.T) {
	for version, risk := range map[string]bool{
		"v1.37.2": false, "v1.34.0-eks-12ab34": false, "v1.33.9": true, "v1.38.0": true, "v1.34.1+k3s1": false, "nonsense": false, "": false,
	} {
		t.Run(version, func(t *testing.T) {
			doc := diagnosed(t, newWorld(on("n2", version)...), laudo.Options{Language: message.NewPrinter("en")})
			at := slices.ContainsFunc(doc.Risks, func(r report.Risk) bool { return r.Category == report.CategoryVersionSkew })
			if doc.Verdict != report.VerdictHealthy || at != risk {
				t.Errorf("verdict %s, risks %+v, want a risk: %v", doc.Verdict, doc.Risks, risk)
			}
		})
	}
}

// TestNothingConfirmed is of situations that look like a fault of the tunnel or
// of a kubelet, and prove none.
func TestNothingConfirmed(t *testing.T) {
	static := newWorld(&corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Namespace: "kube-system", Name: "link-n1"},
		Spec:       corev1.PodSpec{NodeName: "n1", Containers: []corev1.Container{{Name: "link", Args: []string{"--proxy-server-host=192.0.2.1"}}}},
		Status:     corev1.PodStatus{Phase: corev1.PodRunning, ContainerStatuses: []corev1.ContainerStatus{running()}},
	})
	static.log = evidence.Answer{Status: 500, Text: `Get "https://192.0.2.7:10250/containerLogs/a/b/c": No agent available`}

	skewed := newWorld(deployment("shop", "cart", "none", true, running())...)
	for _, o := range skewed.objects {
		if lease, ok := o.(*coordinationv1.Lease); ok {
			late := metav1.NewMicroTime(moment.Add(-4 * time.Minute))
			lease.Spec.RenewTime = &late
		}
	}

	otherHop := func(text string) *world {
		w := newWorld(deployment("shop", "cart", "none", true, running())...)
		w.log = evidence.Answer{Status: 500, Text: text}
		return w
	}

	rollout := deployment("kube-system", "link", "none", false, corev1.ContainerStatus{State: corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "ContainerCreating"}}}, "--proxy-server-host=192.0.2.1")
	just := metav1.NewTime(moment.Add(-10 * time.Second))
	rollout[0].(*appsv1.Deployment).ManagedFields = []metav1.ManagedFieldsEntry{{Manager: "kubectl", Operation: "Update", Time: &just}}
	pod := rollout[1].(*corev1.Pod)
	pod.CreationTimestamp, pod.Status.Phase = just, corev1.PodPending
	pod.Status.Conditions[0].LastTransitionTime = just
	rolling := newWorld(append(rollout, deployment("shop", "cart", "none", true, running())...)...)
	rolling.log = evidence.Answer{Status: 500, Text: `Get "https://192.0.2.7:10250/containerLogs/a/b/c": No agent available`}

	for name, w := range map[string]*world{
		"agents as static Pods":                static,
		"a lease that is late on a Ready node": skewed,
		"an error of etcd":                     otherHop("etcdserver: request timed out"),
		"an error of a webhook":                otherHop(`failed calling webhook "a.example.com": Post "https://a.b.svc:443/x": dial tcp 10.96.0.9:443: connect: connection refused`),
		"agents that roll out":                 rolling,
	} {
		t.Run(name, func(t *testing.T) {
			doc := diagnosed(t, w, laudo.Options{Language: message.NewPrinter("en")})
			for _, c := range doc.Causes {
				if c.Certainty == report.CertaintyConfirmed {
					t.Errorf("confirmed: %s", c.Summary)
				}
			}
		})
	}
}

// TestEgressRefused is of an API server that is refused on its own machine: the
// aggregated API that it dialled is not to blame.
func TestEgressRefused(t *testing.T) {
	const refused = `dial tcp 127.0.0.1:9101: connect: connection refused`
	w := extended(t, moment.Add(time.Hour))
	w.objects = append(w.objects, deployment("kube-system", "link", "none", true, running(), "--proxy-server-host=192.0.2.1", "--proxy-server-port=8132")...)
	for _, o := range w.objects {
		if api, ok := o.(*apiregistrationv1.APIService); ok {
			api.Status.Conditions[0].Message = `failing or missing response from https://10.96.3.4:443/apis/widgets.example.com/v1: Get "https://10.96.3.4:443/apis/widgets.example.com/v1": ` + refused
		}
	}
	w.log = evidence.Answer{Status: 500, Text: `Get "https://192.0.2.7:10250/containerLogs/a/b/c": ` + refused}
	doc := diagnosed(t, w, laudo.Options{Language: message.NewPrinter("en")})
	if len(doc.Causes) == 0 || !slices.Contains([]string{report.CategoryKonnectivityServerDown, report.CategoryKonnectivityConfig}, doc.Causes[0].Category) {
		t.Errorf("causes %+v, want konnectivity-server first", doc.Causes)
	}
	for _, c := range doc.Causes {
		if c.Certainty == report.CertaintyConfirmed {
			t.Errorf("confirmed: %s", c.Summary)
		}
	}
}
