package judge

import (
	"context"
	"time"

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
	if err := l.RestartAPI(ctx); err != nil {
		return err
	}
	return l.StartLeaders(ctx)
}

func restartComponent(ctx context.Context, l *cluster.Lab, args map[string]string) error {
	name, err := need(args, "name")
	if err != nil {
		return err
	}
	if name == cluster.APIServer {
		if err := l.RestartAPI(ctx); err != nil {
			return err
		}
		return l.StartLeaders(ctx)
	}
	return l.Restart(ctx, name)
}

// renewEtcdCertificates renews those certificates between the API server and
// etcd that have expired.
func renewEtcdCertificates(ctx context.Context, l *cluster.Lab, _ map[string]string) error {
	renewed := false
	for _, name := range []string{"apiserver-etcd-client", "etcd/server"} {
		pair, err := l.PKI().Load(name)
		if err != nil {
			return err
		}
		if time.Now().Before(pair.Cert.NotAfter) {
			continue
		}
		if err := l.Reissue(name, nil); err != nil {
			return err
		}
		renewed = true
	}
	if renewed {
		if err := l.Kill(ctx, cluster.Etcd); err != nil {
			return err
		}
	}
	return l.StartEtcd(ctx)
}

func freeEtcdSpace(ctx context.Context, l *cluster.Lab, _ map[string]string) error {
	return l.FreeEtcd(ctx)
}
