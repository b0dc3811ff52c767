package evidence

import (
	"bytes"
	"maps"
	"slices"

	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
)

// reduce drops from an object what no law reads, to keep facts small: objects
// stay whole on their way into a bundle, and are reduced in memory only. Ten
// thousand Pods take 52 MB so, and 77 MB where only the fields of managers go.
func reduce(o runtime.Object, shared *texts) {
	if m, ok := o.(metav1.Object); ok {
		fields := m.GetManagedFields()
		switch o.(type) {
		case *corev1.Secret, *corev1.ConfigMap:
			// Only who wrote the data is read: a new label changes no certificate.
			fields = slices.DeleteFunc(fields, func(f metav1.ManagedFieldsEntry) bool {
				return f.FieldsV1 != nil && !bytes.Contains(f.FieldsV1.GetRawBytes(), []byte(`"f:data"`)) && !bytes.Contains(f.FieldsV1.GetRawBytes(), []byte(`"f:binaryData"`))
			})
			m.SetManagedFields(fields)
		}
		if _, ok := o.(*coordinationv1.Lease); ok {
			// When it was renewed by the API server's clock; a label renews nothing.
			fields = slices.DeleteFunc(fields, func(f metav1.ManagedFieldsEntry) bool {
				return f.FieldsV1 == nil || !bytes.Contains(f.FieldsV1.GetRawBytes(), []byte(`"f:renewTime"`))
			})
			m.SetManagedFields(fields)
		}
		for i := range fields {
			if _, only := o.(*metav1.PartialObjectMetadata); only && fields[i].FieldsV1 != nil && bytes.Contains(fields[i].FieldsV1.GetRawBytes(), []byte(`"f:webhook"`)) {
				continue // tells which definitions have a conversion webhook
			}
			fields[i].FieldsV1 = nil // who and when is read, which fields is not
		}
		if len(m.GetAnnotations()) > 0 {
			delete(m.GetAnnotations(), corev1.LastAppliedConfigAnnotation)
		}
	}
	switch o := o.(type) {
	case *corev1.Pod:
		reducePod(o, shared)
	case *corev1.Node:
		o.Status.Images = nil
	case *unstructured.Unstructured:
		// Schemas of CustomResourceDefinitions are most of them.
		versions, _, _ := unstructured.NestedSlice(o.Object, "spec", "versions")
		for _, version := range versions {
			if fields, ok := version.(map[string]any); ok {
				delete(fields, "schema")
			}
		}
		if len(versions) > 0 {
			_ = unstructured.SetNestedSlice(o.Object, versions, "spec", "versions")
		}
	}
}

// texts are strings and labels that occurred before: the objects of one list say
// the same things over and over, and each would hold a copy of its own. What is
// shared must not be changed.
type texts struct {
	strings map[string]string
	maps    [2]map[string]string // the labels and annotations of the object before
}

func newTexts() *texts { return &texts{strings: map[string]string{}} }

// share makes the strings those that occurred before, if they did.
func (t *texts) share(all ...*string) {
	for _, s := range all {
		if len(*s) == 0 || len(*s) > 256 {
			continue
		}
		if same, ok := t.strings[*s]; ok {
			*s = same
			continue
		}
		t.strings[*s] = *s
	}
}

func (t *texts) shareList(list []string) {
	for i := range list {
		t.share(&list[i])
	}
}

// shareMap returns the map that the object before had at the same place, if it
// is equal: replicas follow each other in lists.
func (t *texts) shareMap(place int, m map[string]string) map[string]string {
	if maps.Equal(m, t.maps[place]) {
		return t.maps[place]
	}
	same := make(map[string]string, len(m))
	for key, value := range m {
		t.share(&key, &value)
		same[key] = value
	}
	t.maps[place] = same
	return same
}

func reducePod(pod *corev1.Pod, shared *texts) {
	pod.ManagedFields = nil // controllers and kubelets, always
	pod.GenerateName = ""
	shared.share(&pod.Namespace)
	pod.Labels = shared.shareMap(0, pod.Labels)
	pod.Annotations = shared.shareMap(1, pod.Annotations)
	for i := range pod.OwnerReferences {
		owner := &pod.OwnerReferences[i]
		shared.share(&owner.APIVersion, &owner.Kind, &owner.Name, (*string)(&owner.UID))
	}
	reducePodSpec(&pod.Spec, shared)
	reducePodStatus(&pod.Status, shared)
}

func reducePodSpec(spec *corev1.PodSpec, shared *texts) {
	spec.Affinity = nil
	spec.Tolerations = nil
	spec.TopologySpreadConstraints = nil
	if spec.SchedulerName == corev1.DefaultSchedulerName {
		spec.SchedulerName = ""
	}
	shared.share(&spec.NodeName, &spec.ServiceAccountName)
	spec.DeprecatedServiceAccount = spec.ServiceAccountName
	for _, containers := range [][]corev1.Container{spec.InitContainers, spec.Containers} {
		for i := range containers {
			reduceContainer(&containers[i], shared)
		}
	}
	for i := range spec.Volumes {
		shareVolume(&spec.Volumes[i], shared)
	}
	spec.Volumes = slices.Clone(spec.Volumes) // decoding leaves room for as many more
}

func reduceContainer(c *corev1.Container, shared *texts) {
	c.Resources = corev1.ResourceRequirements{}
	c.ResizePolicy = nil
	c.TerminationMessagePath = ""
	shared.share(&c.Name, &c.Image)
	shared.shareList(c.Command)
	shared.shareList(c.Args)
	for i := range c.Env {
		shared.share(&c.Env[i].Name, &c.Env[i].Value)
	}
	for i := range c.Ports {
		shared.share(&c.Ports[i].Name)
	}
	for i := range c.VolumeMounts {
		shared.share(&c.VolumeMounts[i].MountPath)
	}
}

func shareVolume(volume *corev1.Volume, shared *texts) {
	shared.share(&volume.Name)
	if volume.ConfigMap != nil {
		shared.share(&volume.ConfigMap.Name)
	}
	if volume.Secret != nil {
		shared.share(&volume.Secret.SecretName)
	}
	if volume.Projected == nil {
		return
	}
	volume.Projected.Sources = slices.Clone(volume.Projected.Sources)
	for _, source := range volume.Projected.Sources {
		if source.ConfigMap != nil {
			shared.share(&source.ConfigMap.Name)
			for i := range source.ConfigMap.Items {
				shared.share(&source.ConfigMap.Items[i].Key, &source.ConfigMap.Items[i].Path)
			}
		}
	}
}

func reducePodStatus(status *corev1.PodStatus, shared *texts) {
	status.HostIPs = nil
	shared.share(&status.HostIP, (*string)(&status.Phase), (*string)(&status.QOSClass))
	for i := range status.Conditions {
		c := &status.Conditions[i]
		shared.share((*string)(&c.Type), (*string)(&c.Status), &c.Reason, &c.Message)
	}
	status.Conditions = slices.Clone(status.Conditions)
	for _, statuses := range [][]corev1.ContainerStatus{status.InitContainerStatuses, status.ContainerStatuses} {
		for i := range statuses {
			c := &statuses[i]
			c.Resources, c.AllocatedResources, c.AllocatedResourcesStatus, c.VolumeMounts = nil, nil, nil, nil
			shared.share(&c.Name, &c.Image, &c.ImageID)
		}
	}
}
