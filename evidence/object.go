package evidence

import (
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
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	apiregistrationv1 "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
)

// NewObject returns an empty object of the type that the objects of a resource
// decode to, with its kind and version set. It is an Unstructured, without
// either, where laudo knows no type for the resource.
func NewObject(resource string) runtime.Object {
	object, kind := typed(resource)
	if object == nil {
		return &unstructured.Unstructured{}
	}
	gv := GroupVersionResource(resource).GroupVersion()
	object.GetObjectKind().SetGroupVersionKind(schema.GroupVersionKind{Group: gv.Group, Version: gv.Version, Kind: kind})
	return object
}

// NewMetadata returns an empty object of the type that metadata alone decodes to.
func NewMetadata() runtime.Object {
	return &metav1.PartialObjectMetadata{
		TypeMeta: metav1.TypeMeta{APIVersion: "meta.k8s.io/v1", Kind: "PartialObjectMetadata"},
	}
}

func typed(resource string) (runtime.Object, string) {
	switch resource {
	case Pods.Name:
		return &corev1.Pod{}, Pods.Kind
	case Nodes.Name:
		return &corev1.Node{}, Nodes.Kind
	case Services.Name:
		return &corev1.Service{}, Services.Kind
	case Secrets.Name:
		return &corev1.Secret{}, Secrets.Kind
	case ConfigMaps.Name:
		return &corev1.ConfigMap{}, ConfigMaps.Kind
	case Namespaces.Name:
		return &corev1.Namespace{}, Namespaces.Kind
	case Events.Name:
		return &corev1.Event{}, Events.Kind
	case Deployments.Name:
		return &appsv1.Deployment{}, Deployments.Kind
	case ReplicaSets.Name:
		return &appsv1.ReplicaSet{}, ReplicaSets.Kind
	case DaemonSets.Name:
		return &appsv1.DaemonSet{}, DaemonSets.Kind
	case StatefulSets.Name:
		return &appsv1.StatefulSet{}, StatefulSets.Kind
	case Leases.Name:
		return &coordinationv1.Lease{}, Leases.Kind
	case EndpointSlices.Name:
		return &discoveryv1.EndpointSlice{}, EndpointSlices.Kind
	case APIServices.Name:
		return &apiregistrationv1.APIService{}, APIServices.Kind
	case CSRs.Name:
		return &certificatesv1.CertificateSigningRequest{}, CSRs.Kind
	case ValidatingWebhooks.Name:
		return &admissionregistrationv1.ValidatingWebhookConfiguration{}, ValidatingWebhooks.Kind
	case MutatingWebhooks.Name:
		return &admissionregistrationv1.MutatingWebhookConfiguration{}, MutatingWebhooks.Kind
	case HorizontalPodAutoscalers.Name:
		return &autoscalingv2.HorizontalPodAutoscaler{}, HorizontalPodAutoscalers.Kind
	case FlowSchemas.Name:
		return &flowcontrolv1.FlowSchema{}, FlowSchemas.Kind
	case NetworkPolicies.Name:
		return &networkingv1.NetworkPolicy{}, NetworkPolicies.Kind
	case ClusterRoles.Name:
		return &rbacv1.ClusterRole{}, ClusterRoles.Kind
	case ClusterRoleBindings.Name:
		return &rbacv1.ClusterRoleBinding{}, ClusterRoleBindings.Kind
	case Roles.Name:
		return &rbacv1.Role{}, Roles.Kind
	case RoleBindings.Name:
		return &rbacv1.RoleBinding{}, RoleBindings.Kind
	case ServiceAccounts.Name:
		return &corev1.ServiceAccount{}, ServiceAccounts.Kind
	case PersistentVolumes.Name:
		return &corev1.PersistentVolume{}, PersistentVolumes.Kind
	case PersistentVolumeClaims.Name:
		return &corev1.PersistentVolumeClaim{}, PersistentVolumeClaims.Kind
	case ResourceQuotas.Name:
		return &corev1.ResourceQuota{}, ResourceQuotas.Kind
	case LimitRanges.Name:
		return &corev1.LimitRange{}, LimitRanges.Kind
	case Jobs.Name:
		return &batchv1.Job{}, Jobs.Kind
	case CronJobs.Name:
		return &batchv1.CronJob{}, CronJobs.Kind
	case PodDisruptionBudgets.Name:
		return &policyv1.PodDisruptionBudget{}, PodDisruptionBudgets.Kind
	case StorageClasses.Name:
		return &storagev1.StorageClass{}, StorageClasses.Kind
	case CSIDrivers.Name:
		return &storagev1.CSIDriver{}, CSIDrivers.Kind
	case CSINodes.Name:
		return &storagev1.CSINode{}, CSINodes.Kind
	case VolumeAttachments.Name:
		return &storagev1.VolumeAttachment{}, VolumeAttachments.Kind
	case Ingresses.Name:
		return &networkingv1.Ingress{}, Ingresses.Kind
	}
	return nil, ""
}
