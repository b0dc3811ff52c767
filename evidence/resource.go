package evidence

import (
	"strings"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	certificatesv1 "k8s.io/api/certificates/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	flowcontrolv1 "k8s.io/api/flowcontrol/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	storagev1 "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	apiregistrationv1 "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
)

// Resource is a kind of object that can be asked for, with the Go type that
// its objects decode to.
type Resource[T any] struct {
	Name string // as in Question.Resource
	Kind string // of one object
}

// The resources that laws read. The name is group/version/plural, without the
// group for the core API.
var (
	Pods                     = Resource[*corev1.Pod]{"v1/pods", "Pod"}
	Nodes                    = Resource[*corev1.Node]{"v1/nodes", "Node"}
	Services                 = Resource[*corev1.Service]{"v1/services", "Service"}
	Secrets                  = Resource[*corev1.Secret]{"v1/secrets", "Secret"}
	ConfigMaps               = Resource[*corev1.ConfigMap]{"v1/configmaps", "ConfigMap"}
	Namespaces               = Resource[*corev1.Namespace]{"v1/namespaces", "Namespace"}
	Events                   = Resource[*corev1.Event]{"v1/events", "Event"}
	Deployments              = Resource[*appsv1.Deployment]{"apps/v1/deployments", "Deployment"}
	ReplicaSets              = Resource[*appsv1.ReplicaSet]{"apps/v1/replicasets", "ReplicaSet"}
	DaemonSets               = Resource[*appsv1.DaemonSet]{"apps/v1/daemonsets", "DaemonSet"}
	StatefulSets             = Resource[*appsv1.StatefulSet]{"apps/v1/statefulsets", "StatefulSet"}
	Leases                   = Resource[*coordinationv1.Lease]{"coordination.k8s.io/v1/leases", "Lease"}
	EndpointSlices           = Resource[*discoveryv1.EndpointSlice]{"discovery.k8s.io/v1/endpointslices", "EndpointSlice"}
	APIServices              = Resource[*apiregistrationv1.APIService]{"apiregistration.k8s.io/v1/apiservices", "APIService"}
	CSRs                     = Resource[*certificatesv1.CertificateSigningRequest]{"certificates.k8s.io/v1/certificatesigningrequests", "CertificateSigningRequest"}
	ValidatingWebhooks       = Resource[*admissionregistrationv1.ValidatingWebhookConfiguration]{"admissionregistration.k8s.io/v1/validatingwebhookconfigurations", "ValidatingWebhookConfiguration"}
	MutatingWebhooks         = Resource[*admissionregistrationv1.MutatingWebhookConfiguration]{"admissionregistration.k8s.io/v1/mutatingwebhookconfigurations", "MutatingWebhookConfiguration"}
	NetworkPolicies          = Resource[*networkingv1.NetworkPolicy]{"networking.k8s.io/v1/networkpolicies", "NetworkPolicy"}
	ClusterRoles             = Resource[*rbacv1.ClusterRole]{"rbac.authorization.k8s.io/v1/clusterroles", "ClusterRole"}
	ClusterRoleBindings      = Resource[*rbacv1.ClusterRoleBinding]{"rbac.authorization.k8s.io/v1/clusterrolebindings", "ClusterRoleBinding"}
	HorizontalPodAutoscalers = Resource[*autoscalingv2.HorizontalPodAutoscaler]{"autoscaling/v2/horizontalpodautoscalers", "HorizontalPodAutoscaler"}

	FlowSchemas = Resource[*flowcontrolv1.FlowSchema]{"flowcontrol.apiserver.k8s.io/v1/flowschemas", "FlowSchema"}

	// CustomResourceDefinitions have no Go type here: of a few a few fields are read.
	CustomResourceDefinitions = Resource[*unstructured.Unstructured]{"apiextensions.k8s.io/v1/customresourcedefinitions", "CustomResourceDefinition"}

	// ControllerRevisions are asked for their metadata only.
	ControllerRevisions = Resource[*appsv1.ControllerRevision]{"apps/v1/controllerrevisions", "ControllerRevision"}

	CSINodes     = Resource[*storagev1.CSINode]{"storage.k8s.io/v1/csinodes", "CSINode"}
	RoleBindings = Resource[*rbacv1.RoleBinding]{"rbac.authorization.k8s.io/v1/rolebindings", "RoleBinding"}
)

// The resources that no law reads yet and that bundles hold for people.
var (
	Roles                  = Resource[*rbacv1.Role]{"rbac.authorization.k8s.io/v1/roles", "Role"}
	ServiceAccounts        = Resource[*corev1.ServiceAccount]{"v1/serviceaccounts", "ServiceAccount"}
	PersistentVolumes      = Resource[*corev1.PersistentVolume]{"v1/persistentvolumes", "PersistentVolume"}
	PersistentVolumeClaims = Resource[*corev1.PersistentVolumeClaim]{"v1/persistentvolumeclaims", "PersistentVolumeClaim"}
	ResourceQuotas         = Resource[*corev1.ResourceQuota]{"v1/resourcequotas", "ResourceQuota"}
	LimitRanges            = Resource[*corev1.LimitRange]{"v1/limitranges", "LimitRange"}
	Jobs                   = Resource[*batchv1.Job]{"batch/v1/jobs", "Job"}
	CronJobs               = Resource[*batchv1.CronJob]{"batch/v1/cronjobs", "CronJob"}
	PodDisruptionBudgets   = Resource[*policyv1.PodDisruptionBudget]{"policy/v1/poddisruptionbudgets", "PodDisruptionBudget"}
	StorageClasses         = Resource[*storagev1.StorageClass]{"storage.k8s.io/v1/storageclasses", "StorageClass"}
	CSIDrivers             = Resource[*storagev1.CSIDriver]{"storage.k8s.io/v1/csidrivers", "CSIDriver"}
	VolumeAttachments      = Resource[*storagev1.VolumeAttachment]{"storage.k8s.io/v1/volumeattachments", "VolumeAttachment"}
	Ingresses              = Resource[*networkingv1.Ingress]{"networking.k8s.io/v1/ingresses", "Ingress"}
)

// GroupVersionResource splits the name of a resource: "apps/v1/deployments",
// or "v1/pods" for the core group.
func GroupVersionResource(name string) schema.GroupVersionResource {
	parts := strings.Split(name, "/")
	switch len(parts) {
	case 2:
		return schema.GroupVersionResource{Version: parts[0], Resource: parts[1]}
	case 3:
		return schema.GroupVersionResource{Group: parts[0], Version: parts[1], Resource: parts[2]}
	}
	return schema.GroupVersionResource{}
}
