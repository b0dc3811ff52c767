package components

import (
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/theory"
)

// How providers' API servers reach kubelets, and what opens the way. EKS has no
// tunnel: its API servers dial from network interfaces in the cluster's subnets.
// Sources: docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html;
// cloud.google.com/kubernetes-engine/docs/concepts/firewall-rules;
// learn.microsoft.com/azure/aks/outbound-rules-control-egress (2026-11).

var (
	openEKS = message.Word{
		EN: "Let TCP %[1]s in to node %[2]s from the cluster security group: EKS has no tunnel, its API servers dial the kubelets from network interfaces in the cluster's subnets (a custom network plugin, or another security group of the nodes, may leave them out)",
		PT: "Libere TCP %[1]s para o nó %[2]s a partir do security group do cluster: o EKS não tem túnel, seus servidores da API discam os kubelets de interfaces de rede nas sub-redes do cluster (um plugin de rede próprio, ou outro security group dos nós, pode deixá-los de fora)",
	}
	openGKE = message.Word{
		EN: "Let TCP %[1]s in to node %[2]s from where the API server's connections come from: the nodes of the konnectivity-agents, or, in private clusters without them, the control plane's range; see the firewall rules of the cluster's network",
		PT: "Libere TCP %[1]s para o nó %[2]s a partir de onde vêm as conexões do servidor da API: os nós dos konnectivity-agents, ou, em clusters privados sem eles, a faixa do plano de controle; veja as regras de firewall da rede do cluster",
	}
	openAKS = message.Word{
		EN: "Let TCP %[1]s in to node %[2]s from the nodes of the konnectivity-agents: see the rules of the NSGs of the nodes' subnet and of the node resource group",
		PT: "Libere TCP %[1]s para o nó %[2]s a partir dos nós dos konnectivity-agents: veja as regras dos NSGs da sub-rede dos nós e do resource group dos nós",
	}
)

// openInProvider puts the provider's words and command into the step that opens
// the kubelet's port of a node.
func openInProvider(v *theory.View, node *corev1.Node, port string, step *theory.Step) {
	switch p := platformOf(v); p.name {
	case "eks":
		step.Text = openEKS.With(port, node.Name)
		step.Command = "aws eks describe-cluster --name CLUSTER --query 'cluster.resourcesVpcConfig.[clusterSecurityGroupId,securityGroupIds]'; " +
			"aws ec2 describe-instances --instance-ids " + lastPart(node.Spec.ProviderID) + " --query 'Reservations[].Instances[].SecurityGroups'"
	case "gke":
		step.Text = openGKE.With(port, node.Name)
		step.Command = "gcloud compute firewall-rules list --filter='name~^gke-' --format='table(name,direction,sourceRanges.list(),allowed[].map().firewall_rule().list(),denied[].map().firewall_rule().list())'"
	case "aks":
		step.Text = openAKS.With(port, node.Name)
		step.Command = "az network nsg list -g " + cmpText(nodeGroup(node), "NODE_RESOURCE_GROUP") + " --query '[].securityRules[]' -o table"
	}
}

func lastPart(path string) string { return path[strings.LastIndex(path, "/")+1:] }

// nodeGroup is the resource group that an Azure node is in.
func nodeGroup(node *corev1.Node) string { return node.Labels["kubernetes.azure.com/cluster"] }
