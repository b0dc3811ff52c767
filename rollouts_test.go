package laudo_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubelaudo/laudo"
	"github.com/kubelaudo/laudo/message"
)

// TestRollout wants the revision that a broken workload runs dated, unless it
// is an old one that somebody went back to, or the first.
func TestRollout(t *testing.T) {
	yes := true
	made := moment.Add(-3 * time.Hour)
	revision := func(name, number string, at time.Time) runtime.Object {
		return &metav1.PartialObjectMetadata{ObjectMeta: metav1.ObjectMeta{
			Namespace: "bank", Name: name, CreationTimestamp: metav1.NewTime(at), Annotations: map[string]string{"deployment.kubernetes.io/revision": number},
			OwnerReferences: []metav1.OwnerReference{{Kind: "Deployment", Name: "ledger", Controller: &yes}},
		}}
	}
	old := moment.Add(-300 * 24 * time.Hour)
	for _, test := range []struct {
		name      string
		revisions []runtime.Object
		current   string
		changed   time.Time
		want      string // begins the event of that time; empty: no revision is told of
	}{
		{"rolled out", []runtime.Object{revision("ledger-1", "1", old), revision("ledger-2", "2", made)}, "2", made.Add(-time.Second), "revision 2 of Deployment bank/ledger was rolled out by kubectl-edit"},
		{"changed since", []runtime.Object{revision("ledger-1", "1", old), revision("ledger-2", "2", made)}, "2", moment.Add(-time.Hour), "revision 2 of Deployment bank/ledger was rolled out by an unnamed writer"},
		{"gone back", []runtime.Object{revision("ledger-1", "3", old), revision("ledger-2", "2", made)}, "3", moment.Add(-time.Hour), ""},
		{"the first", []runtime.Object{revision("ledger-1", "1", old)}, "1", old, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			objects := deployment("bank", "ledger", "none", false, crashing("unknown flag: --bogus"))
			d := objects[0].(*appsv1.Deployment)
			at := metav1.NewTime(test.changed)
			d.Annotations = map[string]string{"deployment.kubernetes.io/revision": test.current}
			d.ManagedFields = []metav1.ManagedFieldsEntry{{Manager: "kubectl-edit", Time: &at, FieldsV1: metav1.NewFieldsV1(`{"f:spec":{}}`)}}
			w := newWorld(append(objects, secret("bank", "none", "x", nil))...)
			w.definitions = test.revisions
			doc := diagnosed(t, w, laudo.Options{Language: message.NewPrinter("en")})
			var told []string
			for _, e := range doc.WhyNow {
				if strings.Contains(e.Text, "rolled out") {
					told = append(told, e.Text)
				}
			}
			switch {
			case test.want == "" && len(told) > 0:
				t.Errorf("told %q, want nothing", told)
			case test.want != "" && !slices.Equal(told, []string{test.want}):
				t.Errorf("told %q, want %q", told, test.want)
			}
		})
	}
}
