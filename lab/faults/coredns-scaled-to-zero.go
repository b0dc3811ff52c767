package faults

import (
	"context"

	"github.com/kubelaudo/laudo/lab/cluster"
)

func corednsScaledToZero() *Fault {
	scale := func(ctx context.Context, l *cluster.Lab, replicas string) error {
		d := l.Names.DNS
		_, err := l.Kubectl(ctx, "", "scale", "deployment", d.Name, "--namespace="+d.Namespace, "--replicas="+replicas)
		return err
	}
	return &Fault{
		Name:   "coredns-scaled-to-zero",
		Doc:    "CoreDNS has 0 replicas: no name resolves in the cluster",
		Inject: func(ctx context.Context, l *cluster.Lab) error { return scale(ctx, l, "0") },
		Heal:   func(ctx context.Context, l *cluster.Lab) error { return scale(ctx, l, "2") },
		Symptoms: func(l *cluster.Lab) []Symptom {
			return []Symptom{
				{
					Doc: "the Service of the cluster's DNS has no endpoints", Any: []string{"[] "},
					Args: fixed("get", "endpointslices", "--namespace="+l.Names.DNS.Namespace, "--selector=kubernetes.io/service-name=kube-dns", "--output=jsonpath=[{.items[*].endpoints[*].addresses[*]}] "),
				},
				{Doc: "get works", Args: fixed("get", "nodes")},
			}
		},
		Due: func(l *cluster.Lab) Due {
			d := l.Names.DNS
			return sameFrom(Verdict{[]string{"dns", "workload-down"}, Subject{Kind: "Deployment", Namespace: d.Namespace, Name: d.Name}, Confirmed})
		},
	}
}
