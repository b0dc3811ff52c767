package laudo_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubelaudo/laudo"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
)

// TestRemotedialer diagnoses clusters of k3s and RKE2 of which one node's logs
// do not come: their tunnel is not Konnectivity, and must not be told of as that.
func TestRemotedialer(t *testing.T) {
	const gateway = "proxy error from 127.0.0.1:6443 while dialing 192.0.2.2:10250, code 502: 502 Bad Gateway"
	for _, test := range []struct {
		name, version, text, first, command string
		certainty                           string
	}{
		{"k3s", "v1.34.1+k3s1", gateway, "tunnel-session:", "systemctl restart k3s-agent", report.CertaintyOpen},
		{"rke2", "v1.34.1+rke2r1", gateway, "tunnel-session:", "systemctl restart rke2-agent", report.CertaintyOpen},
		{"k3s, in the server's words", "v1.34.1+k3s1", "failed to find Session for client a2", "tunnel-session:", "systemctl restart k3s-agent", report.CertaintyConfirmed},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := newFleet(t, strings.ReplaceAll("a1 apps 1 VERSION 90\na2 apps 2 VERSION 80 blocked\na3 apps 3 VERSION 70", "VERSION", test.version))
			f.text = "Get \"https://192.0.2.2:10250/containerLogs/shop/chat-a2/main\": " + test.text
			for _, o := range f.objects {
				if n, ok := o.(*corev1.Node); ok && n.Name == "a1" {
					n.Labels["node-role.kubernetes.io/control-plane"] = "true"
				}
			}
			doc := diagnosed(t, f, laudo.Options{Language: message.NewPrinter("en")})
			if len(doc.Causes) == 0 {
				t.Fatal("no cause")
			}
			c := doc.Causes[0]
			if !strings.HasPrefix(c.ID, test.first) || c.Certainty != test.certainty || c.Subject.Name != "a2" {
				t.Errorf("first cause %s of %s, %s", c.ID, c.Subject.Name, c.Certainty)
			}
			commands := ""
			for _, s := range c.Remedy.Steps {
				commands += s.Command + "\n"
			}
			if !strings.Contains(commands, test.command) {
				t.Errorf("commands %q, want %q", commands, test.command)
			}
			whole, err := json.Marshal(doc)
			if err != nil {
				t.Fatal(err)
			}
			for _, word := range []string{"konnectivity-server", "konnectivity-agent does", "Konnectivity:"} {
				for _, c := range doc.Causes {
					if strings.Contains(c.Summary, word) {
						t.Errorf("%s is told of: %s", word, c.Summary)
					}
				}
			}
			if strings.Contains(string(whole), `"id":"konnectivity-server"`) {
				t.Error("konnectivity-server is in the diagnosis")
			}
		})
	}
}

// halting gives the logs of the blocked nodes every other time, as a load
// balancer does before servers of which one has no session.
type halting struct{ *fleet }

func (h halting) Ask(ctx context.Context, q evidence.Question, each func(runtime.Object)) evidence.Answer {
	if q.Kind == evidence.Log && q.Nth%2 == 0 {
		return h.world.Ask(ctx, q, each)
	}
	return h.fleet.Ask(ctx, q, each)
}

// TestRemotedialerServers: what a server says of its sessions is the cause only
// where it is known to be the only server.
func TestRemotedialerServers(t *testing.T) {
	for _, test := range []struct {
		name    string
		servers []string
		halting bool
		first   string // the start of the first cause's ID
		other   bool   // that other servers have the session is among the causes
		certain string
	}{
		{"one", []string{"a1"}, false, "tunnel-session:", false, report.CertaintyConfirmed},
		{"not known", nil, false, "tunnel-session:", true, report.CertaintyOpen},
		{"two", []string{"a1", "a3"}, false, "tunnel-session:", true, report.CertaintyOpen},
		{"two, now and then", []string{"a1", "a3"}, true, "tunnel-elsewhere:", true, ""},
		{"not known, now and then", nil, true, "tunnel-elsewhere:", true, ""},
		{"one, now and then", []string{"a1"}, true, "tunnel-session:", false, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := newFleet(t, "a1 apps 1 v1.34.1+k3s1 90\na2 apps 2 v1.34.1+k3s1 80 blocked\na3 apps 3 v1.34.1+k3s1 70")
			f.text = "Get \"https://192.0.2.2:10250/containerLogs/shop/chat-a2/main\": failed to find Session for client a2"
			for _, o := range f.objects {
				if n, ok := o.(*corev1.Node); ok && slices.Contains(test.servers, n.Name) {
					n.Labels["node-role.kubernetes.io/control-plane"] = "true"
				}
			}
			var source evidence.Source = f
			if test.halting {
				source = halting{f}
			}
			doc := diagnosed(t, source, laudo.Options{Language: message.NewPrinter("en")})
			if len(doc.Causes) == 0 {
				t.Fatal("no cause")
			}
			if c := doc.Causes[0]; !strings.HasPrefix(c.ID, test.first) || test.certain != "" && c.Certainty != test.certain || test.halting && c.Certainty == report.CertaintyConfirmed {
				t.Errorf("first cause %s, %s", c.ID, c.Certainty)
			}
			if got := slices.ContainsFunc(doc.Causes, func(c report.Cause) bool { return strings.HasPrefix(c.ID, "tunnel-elsewhere:") }); got != test.other {
				t.Errorf("that other servers have it is told: %v, want %v", got, test.other)
			}
		})
	}
}

// TestProviderPaths asks, where the kubelet's port is blocked, for the remedy in
// the provider's own words.
func TestProviderPaths(t *testing.T) {
	for name, test := range map[string]struct{ provider, label, version, command string }{
		"eks": {"aws:///eu-west-1a/i-0123456789abcdef0", "eks.amazonaws.com/nodegroup", "v1.34.1-eks-113cf36", "aws eks describe-cluster"},
		"gke": {"gce://project/europe-west1-b/gke-node", "cloud.google.com/gke-nodepool", "v1.34.1-gke.1234000", "gcloud compute firewall-rules"},
		"aks": {"azure:///subscriptions/0/resourceGroups/mc_g_c_r/providers/x", "kubernetes.azure.com/cluster", "v1.34.1", "az network nsg"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFleet(t, strings.ReplaceAll("a1 apps 1 VERSION 90\na2 apps 2 VERSION 80 blocked\na3 apps 3 VERSION 70", "VERSION", test.version))
			for _, o := range f.objects {
				if n, ok := o.(*corev1.Node); ok {
					n.Spec.ProviderID, n.Labels[test.label] = test.provider, "MC_group_cluster_region"
				}
			}
			doc := diagnosed(t, f, laudo.Options{Language: message.NewPrinter("en")})
			if len(doc.Causes) != 1 || doc.Causes[0].Category != report.CategoryNetworkBlocked || doc.Causes[0].Certainty != report.CertaintyConfirmed {
				t.Fatalf("causes %+v", doc.Causes)
			}
			commands := ""
			for _, s := range doc.Causes[0].Remedy.Steps {
				commands += s.Command + "\n"
			}
			if !strings.Contains(commands, test.command) {
				t.Errorf("commands %q, want %q", commands, test.command)
			}
		})
	}
}

// TestKubeletJustStarted holds what every kubelet says as it starts against its
// runtime only if it goes on saying so.
func TestKubeletJustStarted(t *testing.T) {
	for _, test := range []struct {
		ago    time.Duration
		said   string
		broken bool
	}{
		{5 * time.Second, "[container runtime status check may not have completed yet]", false},
		{50 * time.Second, "[PLEG is not healthy: pleg has yet to be successful]", false},
		{5 * time.Second, "[container runtime is down, PLEG is not healthy: pleg has yet to be successful]", true},
		{5 * time.Minute, "[container runtime status check may not have completed yet]", true},
	} {
		ago, broken := test.ago, test.broken
		f := newFleet(t, "a1 apps 1 v1.37.2 90\na2 apps 2 v1.37.2 80")
		for _, o := range f.objects {
			if n, ok := o.(*corev1.Node); ok && n.Name == "a2" {
				n.Status.Conditions[0] = corev1.NodeCondition{
					Type: corev1.NodeReady, Status: corev1.ConditionFalse, Reason: "KubeletNotReady", LastTransitionTime: metav1.NewTime(moment.Add(-ago)),
					Message: test.said,
				}
			}
		}
		doc := diagnosed(t, f, laudo.Options{Language: message.NewPrinter("en")})
		told := slices.ContainsFunc(doc.Causes, func(c report.Cause) bool {
			return c.Category == report.CategoryKubeletDown && c.Certainty == report.CertaintyConfirmed
		})
		if told != broken {
			t.Errorf("%s after: causes %+v, want one: %v", ago, doc.Causes, broken)
		}
	}
}
