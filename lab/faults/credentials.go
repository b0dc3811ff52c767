package faults

import (
	"context"

	"github.com/kubelaudo/laudo/lab/cluster"
	"github.com/kubelaudo/laudo/lab/pki"
)

func serviceAccountKeyRotated() *Fault {
	return &Fault{
		Name: "service-account-key-rotated",
		Doc:  "the API server verifies tokens with another key than the one that signed those in use",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			if err := l.ReplaceServiceAccountKey(); err != nil {
				return err
			}
			if err := l.RestartAPI(ctx); err != nil {
				return err
			}
			if err := l.Restart(ctx, cluster.ControllerManager); err != nil {
				return err
			}
			return sleep(ctx, lapse)
		},
		Heal: func(ctx context.Context, l *cluster.Lab) error { return l.ReplaceTokenPods(ctx) },
		Symptoms: func(l *cluster.Lab) []Symptom {
			return []Symptom{
				{Doc: "get works", Args: fixed("get", "nodes")},
				{Doc: "metrics are gone", Fails: true, Args: fixed("top", "nodes")},
			}
		},
		Due: func(*cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"token-auth"}, Subject{Kind: "Endpoint", Name: "kube-apiserver"}, Confirmed})
		},
	}
}

func frontProxyClientExpired() *Fault {
	const name = "front-proxy-client"
	reissue := func(ctx context.Context, l *cluster.Lab, change func(*pki.Request)) error {
		if err := l.Reissue(name, change); err != nil {
			return err
		}
		return l.RestartAPI(ctx)
	}
	return &Fault{
		Name: "front-proxy-client-expired",
		Doc:  "the certificate that the API server presents to extension API servers expired, and it was restarted since",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			return reissue(ctx, l, func(r *pki.Request) { r.NotBefore, r.NotAfter = yearOld(5) })
		},
		Heal: func(ctx context.Context, l *cluster.Lab) error { return reissue(ctx, l, nil) },
		Symptoms: func(*cluster.Lab) []Symptom {
			return []Symptom{
				{Doc: "get works", Args: fixed("get", "nodes")},
				{Doc: "metrics are refused", Fails: true, Args: fixed("get", "--raw=/apis/metrics.k8s.io/v1beta1/nodes"), Any: []string{"unable to handle the request", "Unauthorized", "provide credentials", "logged in"}},
			}
		},
		Due: func(*cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"apiservice", "cert-expired"}, Subject{}, Confirmed})
		},
	}
}

// certifyKubelet writes the kubelet's kubeconfig with a new certificate and
// restarts it.
func certifyKubelet(ctx context.Context, l *cluster.Lab, n cluster.Node, change func(*pki.Request)) error {
	if err := l.Reissue("nodes/"+n.ID, change); err != nil {
		return err
	}
	if err := l.WriteKubeconfig(n.ID, nil); err != nil {
		return err
	}
	return l.Restart(ctx, n.Kubelet())
}

func kubeletClientCertExpired() *Fault {
	return &Fault{
		Name: "kubelet-client-cert-expired",
		Doc:  "the certificate that one kubelet presents to the API server expired, and it was restarted since",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			return certifyKubelet(ctx, l, lastNode(l), func(r *pki.Request) { r.NotBefore, r.NotAfter = yearOld(6) })
		},
		Heal: func(ctx context.Context, l *cluster.Lab) error { return certifyKubelet(ctx, l, lastNode(l), nil) },
		Symptoms: func(l *cluster.Lab) []Symptom {
			return append(othersWork(l), Symptom{Doc: "the node is not heard of", Args: nodeReady(lastNode(l)), Any: []string{"Unknown"}})
		},
		Due: func(l *cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"kubelet-down", "cert-expired"}, node(lastNode(l)), Confirmed})
		},
	}
}

// controllerCertExpired gives a program of the control plane a kubeconfig with
// an expired certificate.
func controllerCertExpired(name, doc, program, kubeconfig string) *Fault {
	certify := func(ctx context.Context, l *cluster.Lab, change func(*pki.Request)) error {
		if err := l.Reissue(kubeconfig, change); err != nil {
			return err
		}
		if err := l.WriteKubeconfig(kubeconfig, nil); err != nil {
			return err
		}
		return l.Restart(ctx, program)
	}
	return &Fault{
		Name: name, Doc: doc,
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			if err := twoOrders(ctx, l); err != nil {
				return err
			}
			if err := certify(ctx, l, func(r *pki.Request) { r.NotBefore, r.NotAfter = yearOld(4) }); err != nil {
				return err
			}
			if err := scaleOrders(ctx, l, "3"); err != nil {
				return err
			}
			return sleep(ctx, lapse)
		},
		Heal: func(ctx context.Context, l *cluster.Lab) error {
			if err := certify(ctx, l, nil); err != nil {
				return err
			}
			return scaleOrders(ctx, l, "2")
		},
		Symptoms: func(l *cluster.Lab) []Symptom {
			w := l.Names.Workload
			return []Symptom{
				{
					Doc: "the Deployment has no more Pods ready than before", Any: []string{"3 2"},
					Args: fixed("get", "deployment", w.Deployment, "--namespace="+w.Namespace, "--output=jsonpath={.spec.replicas} {.status.readyReplicas}"),
				},
				{Doc: "get works", Args: fixed("get", "nodes")},
			}
		},
		Due: func(*cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"workload-down"}, lease(program), Confirmed})
		},
	}
}

func controllerManagerCertExpired() *Fault {
	return controllerCertExpired("controller-manager-cert-expired", "the certificate that kube-controller-manager presents to the API server expired; a Deployment was given one more replica since",
		cluster.ControllerManager, "controller-manager")
}

func schedulerCertExpired() *Fault {
	return controllerCertExpired("scheduler-cert-expired", "the certificate that kube-scheduler presents to the API server expired; a Deployment was given one more replica since",
		cluster.Scheduler, "scheduler")
}
