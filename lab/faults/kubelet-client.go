package faults

import (
	"context"

	"github.com/kubelaudo/laudo/lab/cluster"
	"github.com/kubelaudo/laudo/lab/pki"
)

// toKubelets is what the API server presents to kubelets.
const toKubelets = "apiserver-kubelet-client"

// presentToKubelets gives the API server another client certificate for
// kubelets, and restarts it: it would read it again within minutes, and keep
// its open connections.
func presentToKubelets(ctx context.Context, l *cluster.Lab, r pki.Request) error {
	pair, err := l.Issue("ca", r)
	if err != nil {
		return err
	}
	if err := l.PKI().Save(toKubelets, pair); err != nil {
		return err
	}
	return l.RestartAPI(ctx)
}

// kubeletClient is a client certificate of which kubelets know that user.
func kubeletClient(groups ...string) pki.Request {
	return pki.Request{CommonName: "kube-apiserver-kubelet-client", Organizations: groups, Client: true}
}

func healKubeletClient(ctx context.Context, l *cluster.Lab) error {
	return presentToKubelets(ctx, l, kubeletClient("kubeadm:cluster-admins"))
}

// logsRefused are the symptoms of kubelets that answer and refuse.
func logsRefused(l *cluster.Lab, texts ...string) []Symptom {
	all := []Symptom{{Doc: "get works", Args: fixed("get", "nodes")}}
	for _, n := range l.Nodes {
		all = append(all, Symptom{Doc: "logs are refused on " + n.Name, Fails: true, Args: logsOf(n), Any: texts})
	}
	return all
}

func kubeletRBACMissing() *Fault {
	return &Fault{
		Name: "kubelet-rbac-missing",
		Doc:  "the API server presents a user to kubelets whom nothing binds to system:kubelet-api-admin",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			// That of an earlier cure, which kubelets remember for five minutes.
			old, err := l.Kubectl(ctx, "", "delete", "clusterrolebinding", "kube-apiserver-kubelet", "--ignore-not-found")
			if err != nil {
				return err
			}
			for _, n := range l.Nodes {
				if old == "" {
					break
				}
				if err := l.Restart(ctx, n.Kubelet()); err != nil {
					return err
				}
			}
			return presentToKubelets(ctx, l, kubeletClient())
		},
		Heal:     healKubeletClient,
		Symptoms: func(l *cluster.Lab) []Symptom { return logsRefused(l, "Forbidden (user=") },
		Due: func(*cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"rbac"}, Subject{Kind: "User", Name: "kube-apiserver-kubelet-client"}, Confirmed})
		},
	}
}

func apiserverKubeletClientExpired() *Fault {
	return &Fault{
		Name: "apiserver-kubelet-client-expired",
		Doc:  "the certificate that the API server presents to kubelets expired, and it was restarted since",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			r := kubeletClient("kubeadm:cluster-admins")
			r.NotBefore, r.NotAfter = yearOld(3)
			return presentToKubelets(ctx, l, r)
		},
		Heal: healKubeletClient,
		Symptoms: func(l *cluster.Lab) []Symptom {
			return logsRefused(l, "must be logged in", "Unauthorized", "provide credentials")
		},
		Due: func(*cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"cert-expired", "cert-ca-mismatch"}, Subject{Kind: "Endpoint", Name: "kube-apiserver"}, Open})
		},
	}
}
