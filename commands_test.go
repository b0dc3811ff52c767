package laudo_test

import (
	"os/exec"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	apiregistrationv1 "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"

	"github.com/kubelaudo/laudo"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
)

// kubectl carries a command out by a kubectl that answers get, and returns the
// words of the other calls, a line each.
func kubectl(t *testing.T, command, get string) string {
	t.Helper()
	out, err := exec.Command("sh", "-c", `kubectl() { case "$1" in get) echo "`+get+`";; *) printf '%s\n' "$@";; esac; }; `+command).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v: %s", command, err, out)
	}
	return string(out)
}

// commandsOf are the commands of the remedy of the first cause that is as given.
func commandsOf(doc *report.Document, category, kind string) string {
	for _, c := range doc.Causes {
		if c.Category == category && c.Subject.Kind == kind && c.Remedy != nil {
			var out []string
			for _, s := range c.Remedy.Steps {
				out = append(out, s.Command)
			}
			return strings.Join(out, "\n")
		}
	}
	return ""
}

// TestUserInCommand: whatever a user's name holds, a shell takes it as it is.
func TestUserInCommand(t *testing.T) {
	for _, name := range []string{"jane", "system:node:n1", "Jane O'Hara $(id) \"x\"; rm", "-f"} {
		says := `pods is forbidden: User ` + strings.ReplaceAll(strings.ReplaceAll(name, `\`, `\\`), `"`, `\"`)
		says = strings.Replace(says, "User ", `User "`, 1) + `" cannot create resource "pods" in API group "" in the namespace "depot"`
		doc := diagnosed(t, newWorld(refusedDeployment(says)...), laudo.Options{Language: message.NewPrinter("en")})
		command, _, _ := strings.Cut(commandsOf(doc, report.CategoryRBAC, "User"), "\n")
		if out := kubectl(t, command, ""); !strings.Contains(out, "\n--user="+name+"\n") {
			t.Errorf("user %q: %s gives kubectl %q", name, command, out)
		}
	}
}

// TestNamespaceOfOtherAPI: a namespace that waits for an API does not wait for
// one whose name is a part of it.
func TestNamespaceOfOtherAPI(t *testing.T) {
	available := func(group string, is apiregistrationv1.ConditionStatus) *apiregistrationv1.APIService {
		return &apiregistrationv1.APIService{
			ObjectMeta: metav1.ObjectMeta{Name: "v1." + group},
			Spec:       apiregistrationv1.APIServiceSpec{Group: group, Version: "v1", InsecureSkipTLSVerify: true, Service: &apiregistrationv1.ServiceReference{Namespace: "depot", Name: "valve"}},
			Status: apiregistrationv1.APIServiceStatus{Conditions: []apiregistrationv1.APIServiceCondition{{
				Type: apiregistrationv1.Available, Status: is, Reason: "FailedDiscoveryCheck", Message: "no response", LastTransitionTime: minutesAgo(5),
			}}},
		}
	}
	for says, waits := range map[string]bool{"parts.example.net/v1": true, "more.parts.example.net/v1": false, "parts.example.net/v1beta1": false} {
		deleted := minutesAgo(10)
		ns := &corev1.Namespace{
			ObjectMeta: metav1.ObjectMeta{Name: "old", DeletionTimestamp: &deleted},
			Status: corev1.NamespaceStatus{Conditions: []corev1.NamespaceCondition{{
				Type: corev1.NamespaceDeletionDiscoveryFailure, Status: corev1.ConditionTrue,
				Message: "Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server APIs: " + says + ": stale GroupVersion discovery: " + says,
			}}},
		}
		doc := diagnosed(t, newWorld(ns, available("parts.example.net", apiregistrationv1.ConditionFalse), available("more.parts.example.net", apiregistrationv1.ConditionTrue)), laudo.Options{Language: message.NewPrinter("en")})
		got := false
		for _, s := range doc.Symptoms {
			got = got || strings.HasPrefix(s.ID, "namespace-ends:")
		}
		if got != waits {
			t.Errorf("%s: the namespace waits for parts.example.net/v1: %v, want %v", says, got, waits)
		}
	}
}

// TestScaleUp: what is scaled to zero gets back what an autoscaler
// says, and otherwise a start that calls itself one.
func TestScaleUp(t *testing.T) {
	for _, test := range []struct {
		name       string
		autoscaled int32
		want       string
	}{
		{"nothing says", 0, "--replicas=1"},
		{"an autoscaler", 3, "--replicas=3"},
	} {
		t.Run(test.name, func(t *testing.T) {
			zero := int32(0)
			d := refusedDeployment("")[0].(*appsv1.Deployment)
			d.Spec.Replicas, d.Status.Conditions = &zero, nil
			objects := api("valve", "MissingEndpoints", `endpointslices for service/valve in "depot" have no addresses with port name ""`, d)
			if test.autoscaled > 0 {
				objects = append(objects, &autoscalingv2.HorizontalPodAutoscaler{
					ObjectMeta: metav1.ObjectMeta{Namespace: "depot", Name: "valve"},
					Spec:       autoscalingv2.HorizontalPodAutoscalerSpec{MinReplicas: &test.autoscaled, ScaleTargetRef: autoscalingv2.CrossVersionObjectReference{Kind: "Deployment", Name: "valve"}},
				})
			}
			doc := diagnosed(t, newWorld(objects...), laudo.Options{Language: message.NewPrinter("en")})
			if len(doc.Causes) == 0 || doc.Causes[0].Remedy == nil {
				t.Fatalf("causes %+v", doc.Causes)
			}
			step := doc.Causes[0].Remedy.Steps[0]
			if !strings.Contains(step.Command, test.want) || strings.Contains(step.Text, "not known") != (test.name == "nothing says") {
				t.Errorf("%s: %s, want %s", step.Text, step.Command, test.want)
			}
		})
	}
}

// TestServiceOfKubelet: the service that runs the kubelet is not called kubelet
// everywhere.
func TestServiceOfKubelet(t *testing.T) {
	for version, want := range map[string]string{"v1.34.1": "systemctl restart kubelet", "v1.34.1+k3s1": "systemctl restart k3s-agent", "v1.34.1+rke2r1": "systemctl restart rke2-agent"} {
		f := newFleet(t, strings.ReplaceAll("a1 apps 1 VERSION 90\na2 apps 2 VERSION 80 blocked\na3 apps 3 VERSION 70", "VERSION", version))
		f.text = `Get "https://192.0.2.2:10250/containerLogs/shop/chat-a2/main": dial tcp 192.0.2.2:10250: connect: connection refused`
		doc := diagnosed(t, f, laudo.Options{Language: message.NewPrinter("en")})
		if got := commandsOf(doc, report.CategoryKubeletDown, "Node"); !strings.Contains(got, want) {
			t.Errorf("%s: commands %q, want %q", version, got, want)
		}
	}
}

// TestPressureStays: how long a condition stays is not a thing to refrain from.
func TestPressureStays(t *testing.T) {
	w := newWorld()
	n := w.objects[0].(*corev1.Node)
	n.Status.Conditions = append(n.Status.Conditions, corev1.NodeCondition{Type: corev1.NodeDiskPressure, Status: corev1.ConditionTrue, Reason: "KubeletHasDiskPressure", Message: "kubelet has disk pressure"})
	doc := diagnosed(t, w, laudo.Options{Language: message.NewPrinter("en")})
	if len(doc.Causes) != 1 || len(doc.Causes[0].Remedy.Not) > 0 || !strings.Contains(doc.Causes[0].Remedy.Steps[0].Text, "five minutes") {
		t.Errorf("causes %+v", doc.Causes)
	}
}
