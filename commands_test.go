package laudo_test

import (
	"os/exec"
	"strings"
	"testing"

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
		doc := diagnosed(t, newWorld(refusedDeployment("depot", "valve", says)...), laudo.Options{Language: message.NewPrinter("en")})
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
