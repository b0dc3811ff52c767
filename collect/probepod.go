package collect

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubelaudo/laudo/evidence"
)

// What marks the objects that are made to ask from nodes.
const (
	managedBy   = "app.kubernetes.io/managed-by"
	probeName   = "app.kubernetes.io/name"
	probeRun    = "laudo.io/run"
	probeOwner  = "laudo.io/owner"
	probeWhat   = "laudo-node-probe"
	podSecurity = "pod-security.kubernetes.io/enforce"
	// probeLife is after how many seconds a Pod ends by itself, whatever becomes of laudo.
	probeLife = 60
	// probeUser is who it runs as: nobody that owns anything.
	probeUser = 65532
	// hostRoot is where a Pod finds the host's files.
	hostRoot = "/host"
)

// mounted are the host's directories that a Pod which is asked of files or
// programs sees, read only. They are on every node that has a kubelet, so that
// none is made by mounting it.
var mounted = []string{"/etc", "/proc", "/var/lib"}

func probeLabels(run string) map[string]string {
	return map[string]string{managedBy: "laudo", probeName: probeWhat, probeRun: run}
}

// probePod is the Pod that answers questions from a standpoint.
func (p *prober) pod(from evidence.Standpoint, number int, questions [][]evidence.Question) *corev1.Pod {
	pod := &corev1.Pod{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"},
		ObjectMeta: metav1.ObjectMeta{
			Name: "laudo-node-probe-" + p.run + "-" + strconv.Itoa(number), Namespace: p.options.Namespace,
			Labels:      probeLabels(p.run),
			Annotations: map[string]string{probeOwner: "made by laudo diagnose --node-probe, which removes it; ends by itself after " + strconv.Itoa(probeLife) + " s"},
		},
		Spec: corev1.PodSpec{
			NodeName:                      from.Node(),
			HostNetwork:                   !from.OnPodNetwork(),
			DNSPolicy:                     corev1.DNSDefault,
			RestartPolicy:                 corev1.RestartPolicyNever,
			ActiveDeadlineSeconds:         new(int64(probeLife)),
			TerminationGracePeriodSeconds: new(int64(0)),
			AutomountServiceAccountToken:  new(false),
			EnableServiceLinks:            new(false),
			Tolerations:                   []corev1.Toleration{{Operator: corev1.TolerationOpExists}},
			SecurityContext: &corev1.PodSecurityContext{
				RunAsNonRoot: new(true), RunAsUser: new(int64(probeUser)), RunAsGroup: new(int64(probeUser)),
				SeccompProfile: &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault},
			},
		},
	}
	if from.OnPodNetwork() {
		pod.Spec.DNSPolicy = corev1.DNSClusterFirst
	}
	files := slices.ContainsFunc(slices.Concat(questions...), ofFiles)
	if files {
		for i, dir := range mounted {
			pod.Spec.Volumes = append(pod.Spec.Volumes, corev1.Volume{
				Name:         fmt.Sprintf("host-%d", i),
				VolumeSource: corev1.VolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: dir, Type: new(corev1.HostPathDirectory)}},
			})
		}
	}
	for i, some := range questions {
		text, _ := json.Marshal(some) // of strings and numbers
		c := corev1.Container{
			Name: fmt.Sprintf("ask-%d", i), Image: p.options.Image, ImagePullPolicy: corev1.PullIfNotPresent,
			Args: []string{"node", "--questions", string(text)},
			Resources: corev1.ResourceRequirements{
				Requests: corev1.ResourceList{corev1.ResourceCPU: resource.MustParse("10m"), corev1.ResourceMemory: resource.MustParse("32Mi")},
				Limits:   corev1.ResourceList{corev1.ResourceMemory: resource.MustParse("128Mi")},
			},
			SecurityContext: &corev1.SecurityContext{
				AllowPrivilegeEscalation: new(false), ReadOnlyRootFilesystem: new(true),
				Capabilities: &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}},
			},
		}
		if files {
			c.Args = append(c.Args, "--host-root", hostRoot)
			for j, dir := range mounted {
				c.VolumeMounts = append(c.VolumeMounts, corev1.VolumeMount{Name: fmt.Sprintf("host-%d", j), MountPath: hostRoot + dir, ReadOnly: true})
			}
		}
		pod.Spec.Containers = append(pod.Spec.Containers, c)
	}
	return pod
}

// ofFiles reports whether a question is about the host's files.
func ofFiles(q evidence.Question) bool {
	return q.Kind == evidence.Certificates || q.Kind == evidence.Programs
}

// shared spreads questions over the containers of a Pod, each of which reports
// for itself. Handshakes bring certificates, and have the most to tell.
func shared(questions []evidence.Question) [][]evidence.Question {
	ordered := slices.Clone(questions)
	slices.SortStableFunc(ordered, func(a, b evidence.Question) int { return weight(b) - weight(a) })
	groups := make([][]evidence.Question, min(reportContainers, len(ordered)))
	loads := make([]int, len(groups))
	for _, q := range ordered {
		least := 0
		for i := range loads {
			if loads[i] < loads[least] {
				least = i
			}
		}
		groups[least] = append(groups[least], q)
		loads[least] += weight(q)
	}
	return groups
}

func weight(q evidence.Question) int {
	switch q.Kind {
	case evidence.TLS, evidence.Certificates, evidence.Programs:
		return 4
	}
	return 1
}
