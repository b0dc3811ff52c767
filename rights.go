package laudo

import (
	"fmt"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"github.com/kubelaudo/laudo/theory"
	"github.com/kubelaudo/laudo/theory/components"
)

// Rights returns, as YAML, the smallest ClusterRole with which Diagnose can
// judge everything. It is made from what the laws read.
func Rights() ([]byte, error) {
	out, err := yaml.Marshal(theory.Rights("laudo", components.All))
	if err != nil {
		return nil, fmt.Errorf("writing the ClusterRole: %w", err)
	}
	return out, nil
}

// NodeProbeRights returns, as YAML, the ClusterRole that asking from nodes needs
// beside that of Rights. Unlike that, it changes something.
func NodeProbeRights() ([]byte, error) {
	out, err := yaml.Marshal(&rbacv1.ClusterRole{
		TypeMeta:   metav1.TypeMeta{APIVersion: rbacv1.SchemeGroupVersion.String(), Kind: "ClusterRole"},
		ObjectMeta: metav1.ObjectMeta{Name: "laudo-node-probe"},
		Rules: []rbacv1.PolicyRule{
			{APIGroups: []string{""}, Resources: []string{"namespaces"}, Verbs: []string{"get", "create", "delete"}},
			{APIGroups: []string{""}, Resources: []string{"pods"}, Verbs: []string{"get", "list", "create", "delete"}},
			{APIGroups: []string{""}, Resources: []string{"nodes"}, Verbs: []string{"list"}},
		},
	})
	if err != nil {
		return nil, fmt.Errorf("writing the ClusterRole: %w", err)
	}
	return out, nil
}
