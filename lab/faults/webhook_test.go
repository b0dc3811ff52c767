package faults

import (
	"testing"

	"github.com/kubelaudo/laudo/lab/cluster"
	"github.com/kubelaudo/laudo/lab/names"
)

// What a fault adds to a lab, and deletes again, is never something of the lab.
func TestHookIsApart(t *testing.T) {
	for seed := range uint64(500) {
		l := &cluster.Lab{Seed: seed, Names: names.Draw(seed, names.DeploymentMTLS, 2)}
		n := l.Names
		h := hookOf(l, false)
		for _, own := range []string{h.Namespace, h.Shop} {
			for _, of := range []string{n.Workload.Namespace, n.Agent.Namespace, n.Metrics.Namespace, n.DNS.Namespace} {
				if own == of {
					t.Fatalf("seed %d: namespace %s is the lab's", seed, own)
				}
			}
		}
	}
}
