package laudo_test

import (
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubelaudo/laudo"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
)

// leader is the Lease of a control-plane component, renewed so long ago.
func leader(name string, ago time.Duration) *coordinationv1.Lease {
	renewed, life, holder := metav1.NewMicroTime(moment.Add(-ago)), int32(15), "m1_4acc"
	return &coordinationv1.Lease{
		ObjectMeta: metav1.ObjectMeta{Namespace: "kube-system", Name: name},
		Spec:       coordinationv1.LeaseSpec{RenewTime: &renewed, LeaseDurationSeconds: &life, HolderIdentity: &holder},
	}
}

// withoutPods is a Deployment that nobody made Pods for.
func withoutPods(namespace, name string) []runtime.Object {
	return deployment(namespace, name, "none", false, running())[:1]
}

// pending is a Deployment whose Pod no scheduler has looked at.
func pending(namespace, name, schedulerName string) []runtime.Object {
	objects := deployment(namespace, name, "none", false, running())
	pod := objects[1].(*corev1.Pod)
	pod.CreationTimestamp = metav1.NewTime(moment.Add(-5 * time.Minute))
	pod.Spec.NodeName, pod.Spec.SchedulerName = "", schedulerName
	pod.Status = corev1.PodStatus{Phase: corev1.PodPending}
	return objects
}

// changed is a Deployment with a change that its controller has not observed.
func changed(namespace, name string, ago time.Duration) []runtime.Object {
	objects := deployment(namespace, name, "none", true, running())
	d := objects[0].(*appsv1.Deployment)
	at := metav1.NewTime(moment.Add(-ago))
	d.Generation, d.Status.ObservedGeneration = 3, 2
	d.ManagedFields = []metav1.ManagedFieldsEntry{{Manager: "kubectl", Operation: "Update", Time: &at}}
	return objects
}

// names is a Service for the cluster's DNS and what is behind it.
func names(ready bool, replicas int32, labels map[string]string) []runtime.Object {
	objects := deployment("kube-system", "resolver", "none", ready, running())
	d := objects[0].(*appsv1.Deployment)
	d.Spec.Replicas = &replicas
	if replicas == 0 {
		objects = objects[:1]
	}
	return append(objects, &corev1.Service{
		ObjectMeta: metav1.ObjectMeta{Namespace: "kube-system", Name: "resolver", Labels: labels},
		Spec:       corev1.ServiceSpec{Selector: map[string]string{"app": "resolver"}, Ports: []corev1.ServicePort{{Port: 53, Protocol: corev1.ProtocolUDP}}},
	})
}

// TestControlPlane puts faults into what acts on objects, and into the
// cluster's DNS.
func TestControlPlane(t *testing.T) {
	const (
		fresh = 3 * time.Second
		stale = 3 * time.Minute
	)
	leaders := func(manager, scheduler time.Duration, objects []runtime.Object) *world {
		return newWorld(append(objects, leader("kube-controller-manager", manager), leader("kube-scheduler", scheduler))...)
	}
	coreDNS := map[string]string{"k8s-app": "kube-dns", "kubernetes.io/name": "CoreDNS"}
	for _, test := range []struct {
		name     string
		world    *world
		verdict  string
		category string // of the confirmed cause; empty: none is confirmed
		subject  string
	}{
		{"no leader, and nothing to do", leaders(stale, stale, nil), report.VerdictHealthy, "", ""},
		{"no controller manager makes Pods", leaders(stale, fresh, withoutPods("shop", "cart")), report.VerdictBroken, report.CategoryWorkloadDown, "Lease kube-controller-manager"},
		{"the scheduler is another matter", leaders(fresh, stale, withoutPods("shop", "cart")), report.VerdictBroken, "", ""},
		{"no Pods, and the leader is not seen", newWorld(withoutPods("shop", "cart")...), report.VerdictBroken, "", ""},
		{"no controller manager acts on a change", leaders(stale, fresh, changed("shop", "cart", time.Hour)), report.VerdictBroken, report.CategoryWorkloadDown, "Lease kube-controller-manager"},
		{"a change just made", leaders(fresh, fresh, changed("shop", "cart", 2*time.Second)), report.VerdictHealthy, "", ""},
		{"a change that a leader does not act on", leaders(fresh, fresh, changed("shop", "cart", time.Hour)), report.VerdictBroken, "", ""},
		{"no scheduler looks at Pods", leaders(fresh, stale, pending("shop", "cart", "")), report.VerdictBroken, report.CategoryWorkloadDown, "Lease kube-scheduler"},
		{"Pods wait, and the scheduler is not seen", newWorld(pending("shop", "cart", "default-scheduler")...), report.VerdictBroken, "", ""},
		{"the cluster's DNS is scaled to zero", newWorld(names(false, 0, coreDNS)...), report.VerdictBroken, report.CategoryDNS, "Deployment resolver"},
		{"the same without labels", newWorld(names(false, 0, nil)...), report.VerdictBroken, report.CategoryDNS, "Deployment resolver"},
		{"the cluster's DNS is not Ready", newWorld(names(false, 1, coreDNS)...), report.VerdictBroken, "", ""},
		{"the cluster's DNS answers", newWorld(names(true, 1, coreDNS)...), report.VerdictHealthy, "", ""},
		{"no controller manager makes the Pods of the DNS", leaders(stale, fresh, append(names(false, 1, nil)[2:], withoutPods("kube-system", "resolver")...)), report.VerdictBroken, report.CategoryWorkloadDown, "Lease kube-controller-manager"},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc := diagnosed(t, test.world, laudo.Options{Language: message.NewPrinter("en")})
			if doc.Verdict != test.verdict {
				t.Errorf("verdict %q, want %q", doc.Verdict, test.verdict)
			}
			var confirmed []string
			for _, c := range doc.Causes {
				if c.Certainty == report.CertaintyConfirmed {
					confirmed = append(confirmed, c.Category+" "+c.Subject.Kind+" "+c.Subject.Name)
				}
			}
			if test.category == "" && len(confirmed) > 0 {
				t.Errorf("confirmed %q, want nothing", confirmed)
			}
			if test.category != "" && (len(confirmed) != 1 || confirmed[0] != test.category+" "+test.subject) {
				t.Errorf("confirmed %q, want %s %s; symptoms %+v", confirmed, test.category, test.subject, doc.Symptoms)
			}
			for _, s := range doc.Symptoms {
				if len(confirmed) > 0 && len(s.ExplainedBy) == 0 {
					t.Errorf("symptom %q is not explained", s.Text)
				}
			}
		})
	}
}
