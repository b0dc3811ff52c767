package judge

import (
	"context"

	"github.com/kubelaudo/laudo/lab/cluster"
)

// Actions on the control plane and on credentials.

// renewKubeconfig gives the administrator a new kubeconfig.
func renewKubeconfig(_ context.Context, l *cluster.Lab, _ map[string]string) error {
	for _, name := range []string{"admin", "agent-port"} {
		if err := l.WriteKubeconfig(name, nil); err != nil {
			return err
		}
	}
	return nil
}

// renewServing gives the API server a new serving certificate.
func renewServing(ctx context.Context, l *cluster.Lab, _ map[string]string) error {
	if err := l.Reissue("apiserver", nil); err != nil {
		return err
	}
	return l.RestartAPI(ctx)
}

func restartComponent(ctx context.Context, l *cluster.Lab, args map[string]string) error {
	name, err := need(args, "name")
	if err != nil {
		return err
	}
	if name == cluster.APIServer {
		return l.RestartAPI(ctx)
	}
	return l.Restart(ctx, name)
}
