package faults

import (
	"context"

	"github.com/kubelaudo/laudo/lab/cluster"
)

func kubeProxyStopped() *Fault {
	f := extensionFault("kube-proxy-stopped",
		"kube-proxy stopped on every node, and then the Pod behind an aggregated API was replaced: nodes do not know the new one", false,
		func(ctx context.Context, l *cluster.Lab, e extension) error {
			for _, n := range l.Nodes {
				if err := l.Kill(ctx, n.KubeProxy()); err != nil {
					return err
				}
			}
			if err := kubectl(ctx, l, []string{"rollout", "restart", "deployment/" + e.Name, "--namespace=" + e.Namespace}); err != nil {
				return err
			}
			return rolledOut(ctx, l, e.Namespace, e.Name)
		}, nil, "FailedDiscoveryCheck")
	f.Due = func(l *cluster.Lab) Due {
		v := Verdict{[]string{"network-blocked"}, extensionOf(l, false).service(), Open}
		return fromNode(v, sameFrom(v))
	}
	remove := f.Heal
	f.Heal = func(ctx context.Context, l *cluster.Lab) error {
		for _, n := range l.Nodes {
			if err := l.Start(n.KubeProxy()); err != nil {
				return err
			}
		}
		return remove(ctx, l)
	}
	return f
}
