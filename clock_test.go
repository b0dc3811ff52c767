package laudo_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
)

// mended is a source whose objects are other than they were recorded.
type mended struct {
	evidence.Source
	standpoints []evidence.Standpoint
	edit        func(runtime.Object)
}

func (m mended) Standpoints() []evidence.Standpoint { return m.standpoints }

func (m mended) Ask(ctx context.Context, q evidence.Question, each func(runtime.Object)) evidence.Answer {
	return m.Source.Ask(ctx, q, func(o runtime.Object) {
		m.edit(o)
		each(o)
	})
}

// TestNodeClock: a node's clock is a cause where what the kubelet writes and
// what the API server notes of it say so, and not for seconds, for writes that
// another API server notes by a clock of its own, or for a Lease that somebody
// else touched. The incident was recorded with one clock three days behind.
func TestNodeClock(t *testing.T) {
	const dir = "testdata/faults/node-clock-behind-deployment-mtls.api"
	bundle := openBundles(t, dir+"/bundle.tar.gz")[0]
	leases := func(edit func(*coordinationv1.Lease)) func(runtime.Object) {
		return func(o runtime.Object) {
			if lease, ok := o.(*coordinationv1.Lease); ok && lease.Namespace == "kube-node-lease" {
				edit(lease)
			}
		}
	}
	// written gives a Lease the time by the API server's clock, but for the offset.
	written := func(lease *coordinationv1.Lease, offset time.Duration) {
		for _, f := range lease.ManagedFields {
			at := metav1.NewMicroTime(f.Time.Add(offset))
			lease.Spec.RenewTime = &at
		}
	}
	for name, test := range map[string]struct {
		edit  func(runtime.Object)
		cause bool
	}{
		"as recorded": {edit: func(runtime.Object) {}, cause: true},
		"some seconds": {edit: leases(func(lease *coordinationv1.Lease) {
			written(lease, -40*time.Second)
		})},
		"some minutes, which do not tell": {edit: leases(func(lease *coordinationv1.Lease) {
			written(lease, -5*time.Minute)
		})},
		"noted by another API server": {edit: leases(func(lease *coordinationv1.Lease) {
			for i := range lease.ManagedFields {
				at := metav1.NewTime(lease.ManagedFields[i].Time.Add(-72 * time.Hour))
				lease.ManagedFields[i].Time = &at
			}
		})},
		"who wrote it is not kept": {edit: leases(func(lease *coordinationv1.Lease) { lease.ManagedFields = nil })},
		"somebody else touched it": {edit: leases(func(lease *coordinationv1.Lease) {
			for i := range lease.ManagedFields {
				lease.ManagedFields[i].FieldsV1 = metav1.NewFieldsV1(`{"f:metadata":{"f:labels":{}}}`)
			}
		})},
		"the node's heartbeats contradict": {edit: func(o runtime.Object) {
			if node, ok := o.(*corev1.Node); ok {
				for i := range node.Status.Conditions {
					node.Status.Conditions[i].LastHeartbeatTime = metav1.NewTime(bundle.Now())
				}
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			doc := diagnosed(t, mended{bundle, bundle.Standpoints(), test.edit}, options(dir))
			var confirmed []string
			for _, c := range doc.Causes {
				if c.Certainty == string(diagnose.Confirmed) {
					confirmed = append(confirmed, c.Category)
				}
			}
			if got := slices.Contains(confirmed, "clock-skew"); got != test.cause || len(confirmed) > 1 {
				t.Errorf("confirmed %s", strings.Join(confirmed, ", "))
			}
		})
	}
}
