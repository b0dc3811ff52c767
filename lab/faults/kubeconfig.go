package faults

import (
	"context"
	"net/url"
	"time"

	"github.com/kubelaudo/laudo/lab/cluster"
	"github.com/kubelaudo/laudo/lab/pki"
)

// What is wrong in these faults is the administrator's kubeconfig; the cluster
// is fine.

// spoil writes the administrator's kubeconfigs with the change; nil: as they
// were made.
func spoil(l *cluster.Lab, change func(*cluster.Kubeconfig)) error {
	for _, name := range []string{"admin", "agent-port"} {
		if err := l.WriteKubeconfig(name, change); err != nil {
			return err
		}
	}
	return nil
}

// kubeconfigFault is a fault of the kubeconfig: how it is spoilt, what kubectl
// says, and the category that is due.
func kubeconfigFault(name, doc string, change func(*cluster.Lab) (func(*cluster.Kubeconfig), error), says []string, due func(*cluster.Lab) Due) *Fault {
	return &Fault{
		Name: name, Doc: doc,
		Inject: func(_ context.Context, l *cluster.Lab) error {
			spoiler, err := change(l)
			if err != nil {
				return err
			}
			return spoil(l, spoiler)
		},
		Heal: func(_ context.Context, l *cluster.Lab) error { return spoil(l, nil) },
		Symptoms: func(*cluster.Lab) []Symptom {
			return []Symptom{{Doc: "nothing works", Fails: true, Args: fixed("get", "nodes"), Any: says}}
		},
		Due: due,
	}
}

// ofUser is a verdict about the user of the kubeconfig.
func ofUser(least Certainty, categories ...string) func(*cluster.Lab) Due {
	return func(l *cluster.Lab) Due {
		return sameFrom(Verdict{categories, Subject{Kind: "Kubeconfig", Name: contextOf(l), Detail: "user kubernetes-admin"}, least})
	}
}

// contextOf is the name of the context in the administrator's kubeconfig.
func contextOf(l *cluster.Lab) string { return "kubernetes-admin@" + l.Names.Cluster }

func adminKubeconfigExpired() *Fault {
	return kubeconfigFault("admin-kubeconfig-expired", "the client certificate in the administrator's kubeconfig expired yesterday",
		func(l *cluster.Lab) (func(*cluster.Kubeconfig), error) {
			r := pki.Request{CommonName: "kubernetes-admin", Organizations: []string{"kubeadm:cluster-admins"}, Client: true}
			r.NotBefore, r.NotAfter = yearOld(1)
			pair, err := l.Issue("ca", r)
			if err != nil {
				return nil, err
			}
			return func(k *cluster.Kubeconfig) { k.Cert, k.Key = pair.CertPEM, pair.KeyPEM }, nil
		},
		[]string{"You must be logged in", "the server has asked for the client to provide credentials", "Unauthorized"},
		ofUser(Confirmed, "cert-expired"))
}

func adminTokenExpired() *Fault {
	return kubeconfigFault("admin-token-expired", "the token in the administrator's kubeconfig expired two days ago",
		func(l *cluster.Lab) (func(*cluster.Kubeconfig), error) {
			token, err := l.Token("kube-system", "admin", time.Now().AddDate(0, 0, -2))
			return func(k *cluster.Kubeconfig) { k.Cert, k.Key, k.Token = nil, nil, token }, err
		},
		[]string{"You must be logged in", "the server has asked for the client to provide credentials", "Unauthorized"},
		ofUser(Confirmed, "token-auth"))
}

func kubeconfigWrongCA() *Fault {
	return kubeconfigFault("kubeconfig-wrong-ca", "the kubeconfig trusts the authority of another cluster, of the same name",
		func(l *cluster.Lab) (func(*cluster.Kubeconfig), error) {
			other, err := pki.NewCA(l.Names.Subjects.ClusterCA, time.Now().AddDate(-1, 0, 0))
			if err != nil {
				return nil, err
			}
			return func(k *cluster.Kubeconfig) { k.CA = other.CertPEM }, nil
		},
		[]string{"certificate signed by unknown authority"},
		func(l *cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"cert-ca-mismatch"}, Subject{Kind: "Kubeconfig", Name: contextOf(l)}, Confirmed})
		})
}

func execPluginMissing() *Fault {
	return kubeconfigFault("exec-plugin-missing", "the kubeconfig gets its credential of a program that is not installed here",
		func(*cluster.Lab) (func(*cluster.Kubeconfig), error) {
			return func(k *cluster.Kubeconfig) { k.Cert, k.Key, k.Exec = nil, nil, "company-credential-helper" }, nil
		},
		[]string{"not found"},
		ofUser(Confirmed, "config"))
}

func execPluginFails() *Fault {
	return kubeconfigFault("exec-plugin-fails", "the program that the kubeconfig gets its credential of ends with an error",
		func(*cluster.Lab) (func(*cluster.Kubeconfig), error) {
			return func(k *cluster.Kubeconfig) { k.Cert, k.Key, k.Exec = nil, nil, "/bin/false" }, nil
		},
		[]string{"failed with exit code 1", "exit status 1"},
		ofUser(Confirmed, "token-auth"))
}

func proxyRefuses() *Fault {
	return kubeconfigFault("proxy-refuses", "the kubeconfig names a proxy at which nothing listens",
		func(*cluster.Lab) (func(*cluster.Kubeconfig), error) {
			return func(k *cluster.Kubeconfig) { k.Proxy = "http://127.0.0.1:9" }, nil
		},
		[]string{"refused"},
		func(*cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"network-blocked", "config"}, Subject{Kind: "Endpoint", Name: "127.0.0.1:9"}, Confirmed})
		})
}

func endpointNotResolved() *Fault {
	host := func(l *cluster.Lab) string { return "api." + l.Names.Cluster + ".invalid" } // RFC 2606: never resolves
	return kubeconfigFault("api-endpoint-not-resolved", "the name of the API endpoint in the kubeconfig does not resolve",
		func(l *cluster.Lab) (func(*cluster.Kubeconfig), error) {
			return func(k *cluster.Kubeconfig) {
				if u, err := url.Parse(k.Server); err == nil {
					k.Server = "https://" + host(l) + ":" + u.Port()
				}
			}, nil
		},
		[]string{"no such host", "dial tcp: lookup", "dial udp"},
		func(*cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"dns"}, Subject{Kind: "Endpoint"}, Confirmed})
		})
}
