package judge

import (
	"context"

	"github.com/kubelaudo/laudo/lab/cluster"
)

// upgradeKubelet gives the node the kubelet of the API server's version.
func upgradeKubelet(ctx context.Context, l *cluster.Lab, args map[string]string) error {
	name, err := need(args, "node")
	if err != nil {
		return err
	}
	n, err := l.NodeNamed(name)
	if err != nil {
		return err
	}
	return l.RunKubelet(ctx, n, "")
}
