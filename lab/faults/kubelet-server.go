package faults

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/kubelaudo/laudo/lab/cluster"
	"github.com/kubelaudo/laudo/lab/names"
	"github.com/kubelaudo/laudo/lab/pki"
)

// What kubelets serve, and whom they serve.

const kubeletAuthority = "kubelet-certificate-authority" // a flag of the API server

// selfSigned lets a kubelet serve a certificate that it signed itself.
func selfSigned(config map[string]any) {
	delete(config, "tlsCertFile")
	delete(config, "tlsPrivateKeyFile")
}

// healKubelets gives every kubelet its first configuration and a good serving
// certificate, and lets the API server verify none.
func healKubelets(ctx context.Context, l *cluster.Lab) error {
	for _, n := range l.Nodes {
		if err := l.SignKubelet(ctx, n, nil, time.Time{}, time.Time{}); err != nil {
			return err
		}
	}
	return l.SetAPIFlag(ctx, kubeletAuthority, "")
}

// onlyLast are the symptoms of logs that fail on the last node alone.
func onlyLast(texts ...string) func(l *cluster.Lab) []Symptom {
	return func(l *cluster.Lab) []Symptom {
		return append(othersWork(l), Symptom{Doc: "logs fail on " + lastNode(l).Name, Fails: true, Args: logsOf(lastNode(l)), Any: texts})
	}
}

func nodeNameUnresolvable() *Fault {
	return &Fault{
		Name: "node-name-unresolvable",
		Doc:  "the API server dials kubelets by the nodes' host names, which do not resolve where the agents run",
		// With HTTP CONNECT the agent's error does not come back.
		Profiles: []string{names.DeploymentMTLS, names.DaemonSetToken},
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			return l.SetAPIFlag(ctx, "kubelet-preferred-address-types", "Hostname")
		},
		Heal: func(ctx context.Context, l *cluster.Lab) error {
			return l.SetAPIFlag(ctx, "kubelet-preferred-address-types", "InternalIP,ExternalIP,Hostname")
		},
		Symptoms: func(l *cluster.Lab) []Symptom { return logsRefused(l, "lookup", "502 Bad Gateway") },
		Due: func(*cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"dns"}, Subject{Kind: "Endpoint", Name: "kube-apiserver"}, Open})
		},
	}
}

func kubeletServingPending() *Fault {
	return &Fault{
		Name: "kubelet-serving-pending",
		Doc:  "the kubelet of one node waits for a serving certificate: nobody approves its request",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			if err := l.EditKubelet(ctx, lastNode(l), func(config map[string]any) {
				selfSigned(config)
				config["serverTLSBootstrap"] = true
			}); err != nil {
				return err
			}
			// A request counts as waiting after a minute.
			return wait(ctx, 65*time.Second)
		},
		Heal:     healKubelets,
		Symptoms: onlyLast("tls: internal error"),
		Due: func(*cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"cert-not-issued"}, Subject{Kind: "CertificateSigningRequest"}, Confirmed})
		},
		Also: []Subject{{Kind: "Node"}},
	}
}

func kubeletServingOtherCA() *Fault {
	return &Fault{
		Name: "kubelet-serving-other-ca",
		Doc:  "kubelets serve certificates of another authority than the one that the API server verifies them by",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			ca, err := pki.NewCA("kubelet-serving", time.Now().AddDate(-1, 0, 0))
			if err != nil {
				return err
			}
			for _, n := range l.Nodes {
				if err := l.SignKubelet(ctx, n, ca, time.Time{}, time.Time{}); err != nil {
					return err
				}
			}
			return l.SetAPIFlag(ctx, kubeletAuthority, l.PKI().Cert("ca"))
		},
		Heal:     healKubelets,
		Symptoms: func(l *cluster.Lab) []Symptom { return logsRefused(l, "certificate signed by unknown authority") },
		Due: func(*cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"cert-ca-mismatch"}, Subject{Kind: "Endpoint", Name: "kube-apiserver"}, Confirmed})
		},
	}
}

func kubeletServingSelfSigned() *Fault {
	return &Fault{
		Name:     "kubelet-serving-self-signed",
		Profiles: []string{names.DaemonSetToken},
		Doc:      "kubelets serve certificates that they signed themselves, without the nodes' addresses, and the API server verifies them",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			for _, n := range l.Nodes {
				if err := l.EditKubelet(ctx, n, selfSigned); err != nil {
					return err
				}
			}
			return l.SetAPIFlag(ctx, kubeletAuthority, l.PKI().Cert("ca"))
		},
		Heal:     healKubelets,
		Symptoms: func(l *cluster.Lab) []Symptom { return logsRefused(l, "doesn't contain any IP SANs") },
		Due: func(*cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"cert-san"}, Subject{Kind: "Endpoint", Name: "kube-apiserver"}, Confirmed})
		},
	}
}

func kubeletServingExpired() *Fault {
	return &Fault{
		Name: "kubelet-serving-expired",
		Doc:  "the serving certificate of one kubelet expired, and the API server verifies it",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			from, to := yearOld(4)
			if err := l.SignKubelet(ctx, lastNode(l), nil, from, to); err != nil {
				return err
			}
			return l.SetAPIFlag(ctx, kubeletAuthority, l.PKI().Cert("ca"))
		},
		Heal:     healKubelets,
		Symptoms: onlyLast("certificate has expired"),
		Due: func(l *cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"cert-expired"}, node(lastNode(l)), Confirmed})
		},
	}
}

func kubeletServingSAN() *Fault {
	return &Fault{
		Name: "kubelet-serving-san",
		Doc:  "the serving certificate of one kubelet does not hold the node's address, and the API server verifies it",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			if err := l.SignKubelet(ctx, lastNode(l), nil, time.Time{}, time.Time{}, lastNode(l).Name); err != nil {
				return err
			}
			return l.SetAPIFlag(ctx, kubeletAuthority, l.PKI().Cert("ca"))
		},
		Heal:     healKubelets,
		Symptoms: onlyLast("doesn't contain any IP SANs"),
		Due: func(l *cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"cert-san"}, node(lastNode(l)), Confirmed})
		},
	}
}

func kubeletClientCAOther() *Fault {
	const other = "kubelet-clients"
	return &Fault{
		Name: "kubelet-client-ca-other",
		Doc:  "the clientCAFile of one kubelet holds another authority of the same name than signed the API server's certificate",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			ca, err := pki.NewCA(l.Names.Subjects.ClusterCA, time.Now().AddDate(-1, 0, 0))
			if err != nil {
				return err
			}
			if err := l.PKI().Save(other, ca); err != nil {
				return err
			}
			return l.EditKubelet(ctx, lastNode(l), func(config map[string]any) {
				config["authentication"].(map[string]any)["x509"] = map[string]any{"clientCAFile": l.PKI().Cert(other)}
			})
		},
		Heal:     func(ctx context.Context, l *cluster.Lab) error { return l.ResetKubelet(ctx, lastNode(l)) },
		Symptoms: onlyLast("must be logged in", "Unauthorized", "provide credentials"),
		Due: func(l *cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"cert-ca-mismatch"}, node(lastNode(l)), Likely})
		},
	}
}

func kubeletFrozen() *Fault {
	return &Fault{
		Name:   "kubelet-frozen",
		Doc:    "the kubelet of one node is stopped as it stands (SIGSTOP): its port takes connections and answers nothing",
		Inject: func(_ context.Context, l *cluster.Lab) error { return l.Freeze(lastNode(l).Kubelet(), true) },
		Heal:   func(_ context.Context, l *cluster.Lab) error { return l.Freeze(lastNode(l).Kubelet(), false) },
		Symptoms: func(l *cluster.Lab) []Symptom {
			return append(othersWork(l),
				Symptom{Doc: "logs hang on " + lastNode(l).Name, Fails: true, Args: hangs(logsOf(lastNode(l)))},
				Symptom{Doc: "the node is not heard of", Args: nodeReady(lastNode(l)), Any: []string{"Unknown"}})
		},
		Due: func(l *cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"kubelet-down"}, node(lastNode(l)), Confirmed})
		},
	}
}

func containerdStopped() *Fault {
	return &Fault{
		Name:   "containerd-stopped",
		Doc:    "containerd does not run on one node; its containers do",
		Inject: func(ctx context.Context, l *cluster.Lab) error { return l.Kill(ctx, lastNode(l).Containerd()) },
		Heal:   func(_ context.Context, l *cluster.Lab) error { return l.Start(lastNode(l).Containerd()) },
		Symptoms: func(l *cluster.Lab) []Symptom {
			return append(othersWork(l),
				Symptom{Doc: "there are no logs on " + lastNode(l).Name, Args: logsOf(lastNode(l)), Any: []string{"unable to retrieve container logs"}},
				Symptom{Doc: "the node is not Ready", Args: nodeReady(lastNode(l)), Any: []string{"False"}})
		},
		Due: func(l *cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"kubelet-down"}, node(lastNode(l)), Confirmed})
		},
	}
}

// Faults of metrics-server.

// noFigures are the symptoms of a metrics-server that reads no kubelet.
func noFigures(l *cluster.Lab) []Symptom {
	all := []Symptom{{Doc: "top fails", Fails: true, Args: fixed("top", "nodes")}}
	for _, n := range l.Nodes {
		all = append(all, Symptom{Doc: "logs work on " + n.Name, Args: logsOf(n), Any: []string{" line "}})
	}
	return all
}

func metricsWorkload(l *cluster.Lab) Subject {
	return Subject{Kind: "Deployment", Namespace: l.Names.Metrics.Namespace, Name: l.Names.Metrics.Name}
}

// patchMetrics changes metrics-server and replaces its Pod.
func patchMetrics(ctx context.Context, l *cluster.Lab, patch string) error {
	m := l.Names.Metrics
	if _, err := l.Kubectl(ctx, "", "patch", "deployment", m.Name, "--namespace="+m.Namespace, "--type=json",
		`--patch=[{"op":"replace","path":"/spec/strategy","value":{"type":"Recreate"}},`+patch+`]`); err != nil {
		return err
	}
	return wait(ctx, fewScrapes)
}

func restoreMetrics(ctx context.Context, l *cluster.Lab) error {
	m := l.Names.Metrics
	_, err := l.Kubectl(ctx, "", "rollout", "undo", "deployment/"+m.Name, "--namespace="+m.Namespace)
	return err
}

func metricsRBACMissing() *Fault {
	rules := func(resources ...string) string {
		return fmt.Sprintf(`--patch=[{"op":"replace","path":"/rules","value":[%s]}]`, strings.Join(resources, ","))
	}
	const objects, figures = `{"apiGroups":[""],"resources":["pods","nodes"],"verbs":["get","list","watch"]}`, `{"apiGroups":[""],"resources":["nodes/metrics"],"verbs":["get"]}`
	return &Fault{
		Name: "metrics-rbac-missing",
		Doc:  "metrics-server's ClusterRole does not let it get nodes/metrics, and the kubelets have forgotten that it did",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			if _, err := l.Kubectl(ctx, "", "patch", "clusterrole", "system:"+l.Names.Metrics.Name, "--type=json", rules(objects)); err != nil {
				return err
			}
			for _, n := range l.Nodes { // they would remember for five minutes
				if err := l.Restart(ctx, n.Kubelet()); err != nil {
					return err
				}
			}
			return restartMetrics(ctx, l)
		},
		Heal: func(ctx context.Context, l *cluster.Lab) error {
			_, err := l.Kubectl(ctx, "", "patch", "clusterrole", "system:"+l.Names.Metrics.Name, "--type=json", rules(objects, figures))
			return err
		},
		Symptoms: noFigures,
		Due: func(l *cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"rbac"}, Subject{Kind: "ServiceAccount", Namespace: l.Names.Metrics.Namespace, Name: l.Names.Metrics.Name}, Confirmed})
		},
	}
}

// restartMetrics replaces metrics-server's Pod, which keeps figures in memory.
func restartMetrics(ctx context.Context, l *cluster.Lab) error {
	m := l.Names.Metrics
	if _, err := l.Kubectl(ctx, "", "delete", "pods", "--namespace="+m.Namespace, "--selector="+m.Selector(), "--wait=false", "--grace-period=1"); err != nil {
		return err
	}
	return wait(ctx, fewScrapes)
}

// fewScrapes is how long metrics-server takes to have figures: the lab's asks
// every 10 s, and needs two answers.
const fewScrapes = 45 * time.Second

func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(d):
		return nil
	}
}

func metricsKubeletUntrusted() *Fault {
	return &Fault{
		Name: "metrics-kubelet-untrusted",
		Doc:  "kubelets serve certificates that they signed themselves, and metrics-server verifies them",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			if err := l.SetAPIFlag(ctx, kubeletAuthority, ""); err != nil {
				return err
			}
			for _, n := range l.Nodes {
				if err := l.EditKubelet(ctx, n, selfSigned); err != nil {
					return err
				}
			}
			return restartMetrics(ctx, l)
		},
		Heal:     healKubelets,
		Symptoms: noFigures,
		Due: func(l *cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"metrics-server-config", "cert-ca-mismatch"}, metricsWorkload(l), Confirmed})
		},
	}
}

func metricsAddressType() *Fault {
	return &Fault{
		Name: "metrics-address-type",
		Doc:  "metrics-server was told to dial kubelets by the nodes' host names, which do not resolve in the cluster",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			return patchMetrics(ctx, l, `{"op":"replace","path":"/spec/template/spec/containers/0/args/2","value":"--kubelet-preferred-address-types=Hostname"}`)
		},
		Heal:     restoreMetrics,
		Symptoms: noFigures,
		Due: func(l *cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"metrics-server-config"}, metricsWorkload(l), Confirmed})
		},
	}
}

func metricsCrashLooping() *Fault {
	return &Fault{
		Name: "metrics-crash-looping",
		Doc:  "metrics-server was given a flag that it does not know, and ends at once",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			return patchMetrics(ctx, l, `{"op":"add","path":"/spec/template/spec/containers/0/args/-","value":"--kubelet-insecure"}`)
		},
		Heal: restoreMetrics,
		Symptoms: func(l *cluster.Lab) []Symptom {
			m := l.Names.Metrics
			return append(noFigures(l), Symptom{
				Doc: "metrics-server is in a crash loop", Any: []string{"CrashLoopBackOff"},
				Args: fixed("get", "pods", "--namespace="+m.Namespace, "--selector="+m.Selector()),
			})
		},
		Due: func(l *cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"workload-down", "apiservice", "metrics-server-config"}, metricsWorkload(l), Confirmed})
		},
	}
}
