package evidence

import (
	"testing"
	"time"
	"unsafe"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func fullPod() *corev1.Pod {
	then := metav1.NewTime(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	p := pod("kube-system", "agent-1")
	p.Labels = map[string]string{"app": "agent"}
	p.Annotations = map[string]string{"note": "x"}
	p.OwnerReferences = []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: "ReplicaSet", Name: "agent", UID: "u"}}
	p.CreationTimestamp = then
	p.Spec.ServiceAccountName = "agent"
	p.Spec.HostNetwork = true
	p.Spec.Tolerations = []corev1.Toleration{{Key: "a"}}
	p.Spec.Volumes = []corev1.Volume{{Name: "certs", VolumeSource: corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: "certs"}}}}
	p.Spec.Containers = []corev1.Container{{
		Name: "agent", Image: "i", Command: []string{"/agent"}, Args: []string{"--agent-cert=/certs/client.crt"},
		Env:            []corev1.EnvVar{{Name: "A", ValueFrom: &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{Key: "k"}}}},
		Ports:          []corev1.ContainerPort{{ContainerPort: 8093}},
		VolumeMounts:   []corev1.VolumeMount{{Name: "certs", MountPath: "/certs"}},
		ReadinessProbe: &corev1.Probe{ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Path: "/healthz"}}},
		Resources:      corev1.ResourceRequirements{Limits: corev1.ResourceList{"cpu": resource.MustParse("1")}},
	}}
	p.Status = corev1.PodStatus{
		Phase: corev1.PodRunning, PodIP: "10.0.0.1", StartTime: &then,
		Conditions: []corev1.PodCondition{{Type: "Ready", Status: "False", Reason: "r", Message: "m", LastTransitionTime: then}},
		ContainerStatuses: []corev1.ContainerStatus{{
			Name: "agent", RestartCount: 3,
			State:                corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "CrashLoopBackOff", Message: "back-off"}},
			LastTerminationState: corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{ExitCode: 1, FinishedAt: then}},
		}},
	}
	return p
}

func TestReduceKeepsWhatLawsRead(t *testing.T) {
	got := fullPod()
	reduce(got, newTexts())
	want := fullPod()
	want.Spec.Tolerations = nil
	want.Spec.DeprecatedServiceAccount = "agent"
	want.Spec.Containers[0].Resources = corev1.ResourceRequirements{}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReduceSharesTexts(t *testing.T) {
	shared := newTexts()
	first, second := fullPod(), fullPod()
	second.Spec.Containers[0].Image = string([]byte("i")) // a copy
	second.Labels = map[string]string{"app": "other"}
	reduce(first, shared)
	reduce(second, shared)
	a, b := first.Spec.Containers[0].Image, second.Spec.Containers[0].Image
	if unsafe.StringData(a) != unsafe.StringData(b) {
		t.Error("two copies of one image")
	}
	if first.Labels["app"] != "agent" || second.Labels["app"] != "other" {
		t.Errorf("labels %v and %v", first.Labels, second.Labels)
	}
}

func TestFactsKeepMetadataApart(t *testing.T) {
	f := NewFacts(bundleNow)
	whole := Question{Kind: List, Resource: Pods.Name}
	names := Question{Kind: List, Resource: Pods.Name, Metadata: true}
	f.Collector(whole)(pod("a", "b"))
	named := NewMetadata().(*metav1.PartialObjectMetadata)
	named.Namespace, named.Name = "a", "b"
	f.Collector(names)(named)
	if item, ok := Pods.One(f, "a", "b"); !ok || item.From != whole {
		t.Errorf("%+v, %t", item, ok)
	}
}
