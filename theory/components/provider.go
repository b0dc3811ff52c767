package components

import (
	"strings"

	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/theory"
)

// platform is who runs the cluster, as far as its nodes tell.
type platform struct {
	name          string // "aks", "eks", "gke", "k3s", "rke2", "k0s", or empty
	resourceGroup string // AKS, where the nodes' labels tell it
	cluster       string
}

// Platform names the platform of the cluster, or returns "".
func Platform(f *evidence.Facts) string { return platformOfNodes(evidence.Nodes.All(f)).name }

// platformOf returns the platform of the cluster. Sources: the providerID
// formats of cloud-provider-azure, -aws and -gcp, and the version suffixes of
// k3s, RKE2 and k0s (2026-11).
func platformOf(v *theory.View) platform {
	nodes := theory.List(v, evidence.Nodes)
	return platformOfNodes(nodes.Items)
}

func platformOfNodes(nodes []nodeItem) platform {
	for _, item := range nodes {
		node := item.Object
		scheme, _, _ := strings.Cut(node.Spec.ProviderID, "://")
		version := node.Status.NodeInfo.KubeletVersion
		switch {
		case scheme == "azure" && node.Labels["kubernetes.azure.com/cluster"] != "":
			p := platform{name: "aks"}
			// The node resource group is MC_<group>_<cluster>_<region> unless it
			// was named by hand; with an underscore in a name it is ambiguous.
			if parts := strings.Split(node.Labels["kubernetes.azure.com/cluster"], "_"); len(parts) == 4 && parts[0] == "MC" {
				p.resourceGroup, p.cluster = parts[1], parts[2]
			}
			return p
		case scheme == "aws" && (node.Labels["eks.amazonaws.com/nodegroup"] != "" || strings.Contains(version, "-eks-")):
			return platform{name: "eks"}
		case scheme == "gce" && (node.Labels["cloud.google.com/gke-nodepool"] != "" || strings.Contains(version, "-gke.")):
			return platform{name: "gke"}
		case strings.Contains(version, "+k3s"):
			return platform{name: "k3s"}
		case strings.Contains(version, "+rke2"):
			return platform{name: "rke2"}
		case strings.Contains(version, "+k0s"):
			return platform{name: "k0s"}
		}
	}
	return platform{}
}
