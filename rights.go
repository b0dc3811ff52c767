package laudo

import (
	"fmt"

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
