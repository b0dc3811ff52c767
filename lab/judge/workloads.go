package judge

import (
	"context"

	"github.com/kubelaudo/laudo/lab/cluster"
)

// startKubeProxy starts kube-proxy on a node.
func startKubeProxy(_ context.Context, l *cluster.Lab, args map[string]string) error {
	n, err := l.NodeNamed(args["node"])
	if err != nil {
		return err
	}
	return l.Start(n.KubeProxy())
}
