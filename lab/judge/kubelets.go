package judge

import (
	"context"
	"time"

	"github.com/kubelaudo/laudo/lab/cluster"
)

func nodeOf(l *cluster.Lab, args map[string]string) (cluster.Node, error) {
	name, err := need(args, "node")
	if err != nil {
		return cluster.Node{}, err
	}
	return l.NodeNamed(name)
}

func renewKubeletServing(ctx context.Context, l *cluster.Lab, args map[string]string) error {
	n, err := nodeOf(l, args)
	if err != nil {
		return err
	}
	return l.SignKubelet(ctx, n, nil, time.Time{}, time.Time{})
}

// signKubeletServing gives every kubelet a serving certificate of the cluster's
// authority.
func signKubeletServing(ctx context.Context, l *cluster.Lab, _ map[string]string) error {
	for _, n := range l.Nodes {
		if err := l.SignKubelet(ctx, n, nil, time.Time{}, time.Time{}); err != nil {
			return err
		}
	}
	return nil
}

func mendKubeletClientCA(ctx context.Context, l *cluster.Lab, args map[string]string) error {
	n, err := nodeOf(l, args)
	if err != nil {
		return err
	}
	return l.ResetKubelet(ctx, n)
}

func mendEgress(ctx context.Context, l *cluster.Lab, _ map[string]string) error {
	return l.MendEgress(ctx)
}

func preferNodeAddresses(ctx context.Context, l *cluster.Lab, _ map[string]string) error {
	return l.SetAPIFlag(ctx, "kubelet-preferred-address-types", "InternalIP,ExternalIP,Hostname")
}

func startContainerRuntime(ctx context.Context, l *cluster.Lab, args map[string]string) error {
	n, err := nodeOf(l, args)
	if err != nil {
		return err
	}
	return l.Restart(ctx, n.Containerd())
}
