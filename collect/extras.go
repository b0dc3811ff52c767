package collect

import "github.com/kubelaudo/laudo/evidence"

// Extras returns the questions that a bundle holds answers to beyond what a
// diagnosis asks: what a colleague would want to see next. No Secret is among
// them.
func Extras() []evidence.Question {
	var questions []evidence.Question
	for _, resource := range []string{
		evidence.Namespaces.Name,
		evidence.Nodes.Name,
		evidence.Pods.Name,
		evidence.Events.Name,
		evidence.Services.Name,
		evidence.EndpointSlices.Name,
		evidence.Deployments.Name,
		evidence.ReplicaSets.Name,
		evidence.DaemonSets.Name,
		evidence.StatefulSets.Name,
		evidence.Jobs.Name,
		evidence.CronJobs.Name,
		evidence.PodDisruptionBudgets.Name,
		evidence.Leases.Name,
		evidence.APIServices.Name,
		evidence.CSRs.Name,
		evidence.ValidatingWebhooks.Name,
		evidence.MutatingWebhooks.Name,
		"admissionregistration.k8s.io/v1/validatingadmissionpolicies",
		"admissionregistration.k8s.io/v1/validatingadmissionpolicybindings",
		evidence.NetworkPolicies.Name,
		evidence.Ingresses.Name,
		evidence.ServiceAccounts.Name,
		evidence.ClusterRoles.Name,
		evidence.ClusterRoleBindings.Name,
		evidence.Roles.Name,
		evidence.RoleBindings.Name,
		evidence.ResourceQuotas.Name,
		evidence.LimitRanges.Name,
		evidence.PersistentVolumes.Name,
		evidence.PersistentVolumeClaims.Name,
		evidence.StorageClasses.Name,
		evidence.CSIDrivers.Name,
		evidence.VolumeAttachments.Name,
		evidence.CSINodes.Name,
		"scheduling.k8s.io/v1/priorityclasses",
		"node.k8s.io/v1/runtimeclasses",
		"autoscaling/v2/horizontalpodautoscalers",
		evidence.FlowSchemas.Name,
		"flowcontrol.apiserver.k8s.io/v1/prioritylevelconfigurations",
	} {
		questions = append(questions, evidence.Question{Kind: evidence.List, Resource: resource})
	}
	// Whole ConfigMaps only where the cluster keeps its own; elsewhere they are
	// the users', and their names tell enough.
	for _, namespace := range []string{"kube-system", "kube-public", "kube-node-lease"} {
		questions = append(questions, evidence.Question{Kind: evidence.List, Resource: evidence.ConfigMaps.Name, Namespace: namespace})
	}
	for _, resource := range []string{evidence.ConfigMaps.Name, "apiextensions.k8s.io/v1/customresourcedefinitions"} {
		questions = append(questions, evidence.Question{Kind: evidence.List, Resource: resource, Metadata: true})
	}
	for _, path := range []string{
		"/version",
		"/livez?verbose",
		"/readyz?verbose",
		"/metrics",
		"/apis",
		"/apis/metrics.k8s.io/v1beta1/nodes",
		"/.well-known/openid-configuration",
		"/openid/v1/jwks",
	} {
		questions = append(questions, evidence.Question{Kind: evidence.Raw, Path: path})
	}
	return append(questions, evidence.Question{Kind: evidence.Client})
}
