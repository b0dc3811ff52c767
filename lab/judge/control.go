package judge

import (
	"context"
	"strings"
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

// renewComponentCertificate renews the certificate with which a program of the
// control plane asks the API server, if it has expired.
func renewComponentCertificate(ctx context.Context, l *cluster.Lab, args map[string]string) error {
	program, err := need(args, "name")
	if err != nil {
		return err
	}
	name := strings.TrimPrefix(program, "kube-")
	pair, err := l.PKI().Load(name)
	if err != nil || time.Now().Before(pair.Cert.NotAfter) {
		return err
	}
	if err := l.Reissue(name, nil); err != nil {
		return err
	}
	if err := l.WriteKubeconfig(name, nil); err != nil {
		return err
	}
	return l.Restart(ctx, program)
}

// renewKubeletCertificate renews the certificate with which a kubelet asks the
// API server.
func renewKubeletCertificate(ctx context.Context, l *cluster.Lab, args map[string]string) error {
	name, err := need(args, "node")
	if err != nil {
		return err
	}
	n, err := l.NodeNamed(name)
	if err != nil {
		return err
	}
	if err := l.Reissue("nodes/"+n.ID, nil); err != nil {
		return err
	}
	if err := l.WriteKubeconfig(n.ID, nil); err != nil {
		return err
	}
	return l.Restart(ctx, n.Kubelet())
}

// renewFrontProxyClient renews what the API server presents to extension API
// servers.
func renewFrontProxyClient(ctx context.Context, l *cluster.Lab, _ map[string]string) error {
	if err := l.Reissue("front-proxy-client", nil); err != nil {
		return err
	}
	return l.RestartAPI(ctx)
}

func replaceTokenPods(ctx context.Context, l *cluster.Lab, _ map[string]string) error {
	return l.ReplaceTokenPods(ctx)
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
