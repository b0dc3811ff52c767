package components

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
)

var (
	cniSuspect = message.Word{EN: "network plugin of the node", PT: "plugin de rede do nó"}
	cniMissing = message.Word{EN: "The container runtime of node %[1]s has no network plugin (CNI) to use: it gives no Pod a network, and the node stays NotReady. Its configuration, usually in /etc/cni/net.d, is missing or cannot be read.", PT: "O runtime de contêineres do nó %[1]s não tem plugin de rede (CNI) para usar: não dá rede a nenhum Pod, e o nó fica NotReady. Sua configuração, em geral em /etc/cni/net.d, falta ou não pode ser lida."}
	cniRemake  = message.Word{EN: "Let %[1]s write the configuration again: its Pod on the node does so as it starts", PT: "Faça %[1]s gravar a configuração de novo: seu Pod no nó faz isso ao iniciar"}
	cniPutBack = message.Word{EN: "See what is there on %[1]s; put the configuration of the network plugin back, or run what installs it: usually its Pod on the node, which writes it as it starts", PT: "Veja o que há em %[1]s; reponha a configuração do plugin de rede, ou execute o que a instala: em geral seu Pod no nó, que a grava ao iniciar"}
)

// cniID states that the runtime of a node has a network plugin, where the node
// says that it has none. Source: k8s.io/kubernetes v1.37, pkg/kubelet/runtime.go,
// and containerd v2, internal/cri/server/status.go (2026-11).
func cniID(v *theory.View, node *corev1.Node, condition corev1.NodeCondition, cited []theory.Evidence) (diagnose.ID, bool) {
	if !strings.Contains(condition.Message, "NetworkPluginNotReady") && !strings.Contains(condition.Message, "cni plugin not initialized") && !strings.Contains(condition.Message, "cni config uninitialized") {
		return "", false
	}
	at := subject{Kind: "Node", Name: node.Name}
	step := theory.Step{
		Text: cniPutBack.With(node.Name), Command: "ssh " + node.Name + " 'ls -l /etc/cni/net.d /opt/cni/bin; sudo crictl info | grep -A5 NetworkReady'",
		Action: "restore-cni", Args: map[string]string{"node": node.Name},
	}
	c := theory.Claim{ID: claimID("cni", at), Subject: at, Suspect: cniSuspect.With(), Verdict: diagnose.Broken, Mode: "no-plugin", Evidence: cited, Began: exactly(condition.LastTransitionTime.Time)}
	if w, pod := cniInstaller(v, node.Name); w != nil {
		step = theory.Step{Text: cniRemake.With(w.Subject.String()), Command: fmt.Sprintf("kubectl -n %s delete pod %s", pod.Namespace, pod.Name)}
		if _, ready := theory.Ready(pod); !ready {
			c.Needs = []diagnose.Need{all(claimID("all-run", w.Subject))}
		}
	}
	c.Modes = []theory.Mode{{Name: "no-plugin", Category: report.CategoryConfig, Summary: cniMissing.With(node.Name), Remedy: &theory.Remedy{Steps: []theory.Step{step}}}}
	v.State(c)
	return c.ID, true
}

// cniInstaller returns the DaemonSet that keeps the configuration of the network
// plugin, and its Pod on the node: it mounts the directory from the host.
func cniInstaller(v *theory.View, node string) (*theory.Workload, *corev1.Pod) {
	set := theory.Workloads(v)
	for i := range set.All {
		w := &set.All[i]
		for j := range w.Template.Spec.Volumes {
			host := w.Template.Spec.Volumes[j].HostPath
			if w.Subject.Kind != "DaemonSet" || host == nil || !strings.Contains(host.Path, "/etc/cni") && !strings.Contains(host.Path, "/cni/net.d") {
				continue
			}
			for _, pod := range w.Pods {
				if pod.Spec.NodeName == node {
					return w, pod
				}
			}
		}
	}
	return nil, nil
}
