package laudo_test

import (
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubelaudo/laudo"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
)

// TestCorefileLoop wants a Corefile that forwards to CoreDNS itself blamed, and
// none that does not, nor where CoreDNS exits of something else.
func TestCorefileLoop(t *testing.T) {
	for _, test := range []struct {
		name, corefile, words string
		host                  bool
		loop                  bool
	}{
		{"itself", ".:53 {\n    errors\n    forward . 127.0.0.1\n    loop\n}\n", "", false, true},
		{"itself, by port", ".:53 {\n    loop\n    forward . 192.0.2.1 127.0.0.1:53\n}\n", "plugin/loop: Loop (127.0.0.1:5 -> :53) detected", false, true},
		{"another program on the loopback", ".:53 {\n    forward . 127.0.0.1:5353\n    loop\n}\n", "", false, false},
		{"a resolver outside", ".:53 {\n    forward . 192.0.2.1\n    loop\n}\n", "", false, false},
		{"nobody looks for loops", ".:53 {\n    forward . 127.0.0.1\n}\n", "", false, false},
		{"another server block looks", ".:53 {\n    forward . 127.0.0.1\n}\nexample.org:53 {\n    loop\n}\n", "", false, false},
		{"the loopback of the machine", ".:53 {\n    forward . 127.0.0.1\n    loop\n}\n", "", true, false},
		{"it exits of something else", ".:53 {\n    forward . 127.0.0.1\n    loop\n}\n", "listen tcp :53: bind: permission denied", false, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			objects := deployment("kube-system", "names", "none", false, crashing(test.words))
			for _, spec := range []*corev1.PodSpec{&objects[0].(*appsv1.Deployment).Spec.Template.Spec, &objects[1].(*corev1.Pod).Spec} {
				spec.HostNetwork = test.host
				spec.Containers[0].Image = "registry.example/coredns:v1.15.0"
				spec.Volumes = append(spec.Volumes, corev1.Volume{Name: "config", VolumeSource: corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: corev1.LocalObjectReference{Name: "names"}}}})
			}
			objects = append(objects, secret("kube-system", "none", "x", nil), &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: "kube-system", Name: "names"}, Data: map[string]string{"Corefile": test.corefile}})
			doc := diagnosed(t, newWorld(objects...), laudo.Options{Language: message.NewPrinter("en")})
			if len(doc.Causes) != 1 {
				t.Fatalf("causes %+v, want one", doc.Causes)
			}
			if got := doc.Causes[0].Category == report.CategoryDNS; got != test.loop {
				t.Errorf("blamed %s: %s", doc.Causes[0].Subject, doc.Causes[0].Summary)
			}
		})
	}
}
