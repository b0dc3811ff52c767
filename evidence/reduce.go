package evidence

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// reduce drops from an object what no law reads, to keep facts small: objects
// stay whole on their way into a bundle, and are reduced in memory only.
func reduce(o runtime.Object) {
	if m, ok := o.(metav1.Object); ok {
		fields := m.GetManagedFields()
		for i := range fields {
			fields[i].FieldsV1 = nil // who and when is read, which fields is not
		}
		if len(m.GetAnnotations()) > 0 {
			delete(m.GetAnnotations(), corev1.LastAppliedConfigAnnotation)
		}
	}
	if pod, ok := o.(*corev1.Pod); ok {
		reducePod(pod)
	}
}

func reducePod(pod *corev1.Pod) {
	pod.Spec.Affinity = nil
	pod.Spec.Tolerations = nil
	pod.Spec.TopologySpreadConstraints = nil
}
