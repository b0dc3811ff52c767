package laudo_test

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubelaudo/laudo"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
)

// sealed is a DaemonSet that no law mentions: a driver with a certificate and a
// registrar, which meet at a socket, in the states that are given.
func sealed(driver, registrar corev1.ContainerStatus, ready bool) []runtime.Object {
	yes := true
	host := func(name, path string) corev1.Volume {
		return corev1.Volume{Name: name, VolumeSource: corev1.VolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: path}}}
	}
	socket := corev1.VolumeMount{Name: "socket", MountPath: "/plugin"}
	template := corev1.PodTemplateSpec{
		ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"app": "seal"}},
		Spec: corev1.PodSpec{
			NodeName: "n1",
			Containers: []corev1.Container{
				{Name: "registrar", Args: []string{"--csi-address=/plugin/seal.sock", "--kubelet-registration-path=/var/lib/kubelet/plugins/seal.example.net/seal.sock"}, VolumeMounts: []corev1.VolumeMount{socket, {Name: "registration", MountPath: "/registration"}}},
				{
					Name: "driver", Args: []string{"--endpoint=unix:///plugin/seal.sock", "--certificate=/pki/tls.crt"},
					Env:          []corev1.EnvVar{{Name: "MODE", ValueFrom: &corev1.EnvVarSource{ConfigMapKeyRef: &corev1.ConfigMapKeySelector{LocalObjectReference: corev1.LocalObjectReference{Name: "seal-settings"}, Key: "mode"}}}},
					VolumeMounts: []corev1.VolumeMount{socket, {Name: "pki", MountPath: "/pki"}},
				},
			},
			Volumes: []corev1.Volume{
				host("socket", "/var/lib/kubelet/plugins/seal.example.net"), host("registration", "/var/lib/kubelet/plugins_registry"),
				{Name: "pki", VolumeSource: corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: "seal-tls"}}},
			},
		},
	}
	readiness, n, phase := corev1.ConditionFalse, int32(0), corev1.PodRunning
	if ready {
		readiness, n = corev1.ConditionTrue, 1
	}
	driver.Name, registrar.Name, driver.Ready, registrar.Ready = "driver", "registrar", ready, ready
	year := metav1.NewTime(moment.Add(-400 * 24 * time.Hour))
	return []runtime.Object{
		&appsv1.DaemonSet{
			ObjectMeta: metav1.ObjectMeta{Namespace: "vaults", Name: "seal-node", CreationTimestamp: year},
			Spec:       appsv1.DaemonSetSpec{Template: template},
			Status:     appsv1.DaemonSetStatus{DesiredNumberScheduled: 1, NumberReady: n},
		},
		&corev1.Pod{
			ObjectMeta: metav1.ObjectMeta{
				Namespace: "vaults", Name: "seal-node-7xk", Labels: template.Labels, CreationTimestamp: year,
				OwnerReferences: []metav1.OwnerReference{{Kind: "DaemonSet", Name: "seal-node", Controller: &yes}},
			},
			Spec: template.Spec,
			Status: corev1.PodStatus{
				Phase: phase, Conditions: []corev1.PodCondition{{Type: corev1.PodReady, Status: readiness}},
				ContainerStatuses: []corev1.ContainerStatus{registrar, driver},
			},
		},
	}
}

// sealer waits for a volume of the driver, as the kubelet says.
func sealer(says string) []runtime.Object {
	waiting := corev1.ContainerStatus{State: corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "ContainerCreating"}}}
	objects := deployment("shop", "till", "till-tls", false, waiting)
	pod := objects[1].(*corev1.Pod)
	pod.Status.Phase = corev1.PodPending
	pod.CreationTimestamp = metav1.NewTime(moment.Add(-20 * time.Minute))
	return append(objects, secret("shop", "till-tls", "x", nil), &corev1.Event{
		ObjectMeta:     metav1.ObjectMeta{Namespace: "shop", Name: "till.1"},
		InvolvedObject: corev1.ObjectReference{Kind: "Pod", Namespace: "shop", Name: pod.Name},
		Reason:         "FailedMount", Message: says, LastTimestamp: metav1.NewTime(moment.Add(-time.Minute)),
	})
}

// TestSocketPair wants a Pod that waits for a volume led to what is wrong with
// the driver, and not with the registrar that only misses its socket.
func TestSocketPair(t *testing.T) {
	year := 365 * 24 * time.Hour
	expired, valid := pemOf(t, "seal", moment.Add(-year), moment.Add(-14*24*time.Hour)), pemOf(t, "seal", moment.Add(-year), moment.Add(year))
	noSocket := crashing("connecting to CSI driver: dial unix /plugin/seal.sock: connect: no such file or directory")
	noConfig := corev1.ContainerStatus{State: corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "CreateContainerConfigError", Message: `configmap "seal-settings" not found`}}}
	settings := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: "vaults", Name: "seal-settings"}, Data: map[string]string{"mode": "x"}}
	csiNode := func(drivers ...string) *storagev1.CSINode {
		n := &storagev1.CSINode{ObjectMeta: metav1.ObjectMeta{Name: "n1"}}
		for _, d := range drivers {
			n.Spec.Drivers = append(n.Spec.Drivers, storagev1.CSINodeDriver{Name: d, NodeID: "n1"})
		}
		return n
	}
	const says = `MountVolume.SetUp failed for volume "box" : kubernetes.io/csi: mounter.SetUpAt failed to get CSI client: driver name seal.example.net not found in the list of registered CSI drivers`

	for _, test := range []struct {
		name     string
		objects  [][]runtime.Object
		category string
		subject  string
	}{
		{"its certificate expired", [][]runtime.Object{sealed(crashing("loading /pki/tls.crt: x509: certificate has expired"), noSocket, false), {settings, csiNode(), secret("vaults", "seal-tls", "tls.crt", expired)}}, report.CategoryCertExpired, "Secret seal-tls"},
		{"its ConfigMap is missing", [][]runtime.Object{sealed(noConfig, noSocket, false), {csiNode(), secret("vaults", "seal-tls", "tls.crt", valid)}}, report.CategoryConfig, "ConfigMap seal-settings"},
		{"it exits", [][]runtime.Object{sealed(crashing("unknown flag: --bogus"), noSocket, false), {settings, csiNode("other.example.net"), secret("vaults", "seal-tls", "tls.crt", valid)}}, report.CategoryWorkloadDown, "DaemonSet seal-node"},
		{"its registrar does not reach the kubelet", [][]runtime.Object{sealed(running(), running(), true), {settings, csiNode(), secret("vaults", "seal-tls", "tls.crt", valid)}}, report.CategoryConfig, "CSIDriver seal.example.net"},
		{"nothing brings it", [][]runtime.Object{{csiNode()}}, report.CategoryConfig, "CSIDriver seal.example.net"},
		{"it has come since", [][]runtime.Object{{csiNode("seal.example.net")}}, report.CategoryWorkloadDown, "Deployment till"},
	} {
		t.Run(test.name, func(t *testing.T) {
			objects := sealer(says)
			for _, more := range test.objects {
				objects = append(objects, more...)
			}
			doc := diagnosed(t, newWorld(objects...), laudo.Options{Language: message.NewPrinter("en")})
			if len(doc.Causes) != 1 {
				t.Fatalf("causes %+v, open %+v; want one", doc.Causes, doc.Open)
			}
			c := doc.Causes[0]
			if c.Certainty != report.CertaintyConfirmed || c.Category != test.category || c.Subject.Kind+" "+c.Subject.Name != test.subject {
				t.Errorf("cause %s %s %v, want confirmed %s %s: %s", c.Certainty, c.Category, c.Subject, test.category, test.subject, c.Summary)
			}
		})
	}
}

// unlisted is a source that may not list the resource.
type unlisted struct {
	*world
	resource string
}

func (u unlisted) Ask(ctx context.Context, q evidence.Question, each func(runtime.Object)) evidence.Answer {
	if q.Kind == evidence.List && strings.HasSuffix(q.Resource, u.resource) {
		return evidence.Answer{Question: q, At: moment, Gap: &evidence.Gap{Why: evidence.Forbidden}}
	}
	return u.world.Ask(ctx, q, each)
}

// TestDriverBringer wants what brings a CSI driver to a node told apart from what
// brings it to others, and no cause where that cannot be.
func TestDriverBringer(t *testing.T) {
	const says = `kubernetes.io/csi: mounter.SetUpAt failed to get CSI client: driver name seal.example.net not found in the list of registered CSI drivers`
	ready := sealed(running(), running(), true)
	alike := func(name, system string, desired int32) *appsv1.DaemonSet {
		ds := ready[0].DeepCopyObject().(*appsv1.DaemonSet)
		ds.Name, ds.Status.DesiredNumberScheduled, ds.Status.NumberReady = name, desired, desired
		ds.Spec.Template.Spec.NodeSelector = map[string]string{corev1.LabelOSStable: system}
		return ds
	}
	unnamed := alike("plugger", "linux", 1)
	unnamed.Spec.Template.Spec.Volumes = unnamed.Spec.Template.Spec.Volumes[1:2]
	unnamed.Spec.Template.Spec.Containers = []corev1.Container{{Name: "driver"}}
	csiNode := func(name string) *storagev1.CSINode {
		return &storagev1.CSINode{ObjectMeta: metav1.ObjectMeta{Name: name}}
	}
	rest := []runtime.Object{
		&corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: "vaults", Name: "seal-settings"}, Data: map[string]string{"mode": "x"}},
		secret("vaults", "seal-tls", "tls.crt", pemOf(t, "seal", moment.Add(-time.Hour), moment.Add(8000*time.Hour))),
	}

	for _, test := range []struct {
		name    string
		objects []runtime.Object
		hide    string
		says    string // in the confirmed cause; empty: there is none
	}{
		{"for another system, of no Pods", append(ready, csiNode("n1"), alike("seal-node-windows", "windows", 0)), "", "though the Pod of DaemonSet vaults/seal-node runs"},
		{"for another system", append(ready, csiNode("n1"), alike("seal-node-windows", "windows", 2)), "", "though the Pod of DaemonSet vaults/seal-node runs"},
		{"for another system only", []runtime.Object{csiNode("n1"), alike("seal-node-windows", "windows", 2)}, "", ""},
		{"two that could", []runtime.Object{csiNode("n1"), alike("seal-a", "linux", 2), alike("seal-b", "linux", 2)}, "", ""},
		{"one that could", []runtime.Object{csiNode("n1"), alike("seal-a", "linux", 2), alike("seal-b", "windows", 2)}, "", "DaemonSet vaults/seal-a has no Pod on that node"},
		{"one that is not told its name", []runtime.Object{csiNode("n1"), unnamed}, "", ""},
		{"CSINodes cannot be listed", ready, "/csinodes", ""},
		{"no CSINode of that node", append(ready, csiNode("n2")), "", ""},
		{"Pods cannot be listed", append(ready, csiNode("n1")), "/pods", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(slices.Concat(sealer(says), test.objects, rest)...)
			w.objects[0].(*corev1.Node).Labels = map[string]string{corev1.LabelOSStable: "linux"}
			doc := diagnosed(t, unlisted{w, cmp.Or(test.hide, "none")}, laudo.Options{Language: message.NewPrinter("en")})
			got := ""
			for _, c := range doc.Causes {
				if c.Certainty == report.CertaintyConfirmed {
					got += c.Summary
				}
			}
			if !strings.Contains(got, test.says) || test.says == "" && got != "" {
				t.Errorf("confirmed %q, want %q", got, test.says)
			}
		})
	}
}
