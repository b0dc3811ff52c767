package judge

import (
	"context"

	"github.com/kubelaudo/laudo/lab/cluster"
)

// mendSigner lets kube-controller-manager sign certificates again.
func mendSigner(ctx context.Context, l *cluster.Lab, _ map[string]string) error {
	if err := l.Reconfigure(ctx, cluster.ControllerManager); err != nil {
		return err
	}
	return l.StartLeaders(ctx)
}

// setClock sets a node's clock right.
func setClock(ctx context.Context, l *cluster.Lab, args map[string]string) error {
	n, err := nodeOf(l, args)
	if err != nil {
		return err
	}
	return l.SetClock(ctx, n, 0)
}
