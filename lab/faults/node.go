package faults

import (
	"context"
	"time"

	"github.com/kubelaudo/laudo/lab/cluster"
)

// conditionOf is the symptom of a condition of a node.
func conditionOf(n cluster.Node, kind string, any ...string) Symptom {
	return Symptom{Doc: "the node says so", Any: any, Args: fixed("get", "node", n.Name, `--output=jsonpath={.status.conditions[?(@.type=="`+kind+`")]}`)}
}

func nodePressureFault(name, doc, kind string, thresholds map[string]string) *Fault {
	return &Fault{
		Name: name, Doc: doc,
		Inject:   func(ctx context.Context, l *cluster.Lab) error { return l.SetEviction(ctx, lastNode(l), thresholds) },
		Heal:     func(ctx context.Context, l *cluster.Lab) error { return l.SetEviction(ctx, lastNode(l), nil) },
		Symptoms: func(l *cluster.Lab) []Symptom { return []Symptom{conditionOf(lastNode(l), kind, `"status":"True"`)} },
		Due: func(l *cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"resource-exhaustion"}, Subject{Kind: "Node", Name: lastNode(l).Name}, Confirmed})
		},
	}
}

func diskPressure() *Fault {
	return nodePressureFault("disk-pressure", "the disk of a node is fuller than its kubelet allows", "DiskPressure",
		map[string]string{"memory.available": "50Mi", "nodefs.available": "99%"})
}

func memoryPressure() *Fault {
	return nodePressureFault("memory-pressure", "a node has less memory left than its kubelet allows", "MemoryPressure",
		map[string]string{"memory.available": "99%"})
}

func pidPressure() *Fault {
	return nodePressureFault("pid-pressure", "a node has fewer process numbers left than its kubelet allows", "PIDPressure",
		map[string]string{"memory.available": "50Mi", "pid.available": "1Gi"})
}

func cniBroken() *Fault {
	return &Fault{
		Name: "cni-broken", Doc: "the configuration of a node's network plugin is gone",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			text, err := l.Kubectl(ctx, "", "get", "node", lastNode(l).Name, "--output=jsonpath={.metadata.creationTimestamp}")
			if err != nil {
				return err
			}
			made, err := time.Parse(time.RFC3339, text)
			if err != nil {
				return err
			}
			time.Sleep(time.Until(made.Add(2 * time.Minute))) // until then it may be joining
			return l.HideCNI(lastNode(l))
		},
		Heal: func(_ context.Context, l *cluster.Lab) error { return l.ShowCNI(lastNode(l)) },
		Symptoms: func(l *cluster.Lab) []Symptom {
			return []Symptom{conditionOf(lastNode(l), "Ready", "NetworkPluginNotReady")}
		},
		Due: func(l *cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"config"}, Subject{Kind: "Node", Name: lastNode(l).Name}, Confirmed})
		},
	}
}

const denyAll = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: default-deny, namespace: {{.Namespace}}}
spec: {podSelector: {}, policyTypes: [Ingress]}
`

func policyDrops() *Fault {
	return &Fault{
		Name: "network-policy-drops", Doc: "a NetworkPolicy lets nothing in to the Pods of an aggregated API",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			e := extensionOf(l, false)
			if err := e.install(ctx, l); err != nil {
				return err
			}
			if err := apply(ctx, l, denyAll, e); err != nil {
				return err
			}
			text, err := l.Kubectl(ctx, "", "get", "pods", "--namespace="+e.Namespace, "--output=jsonpath={.items[0].status.podIP}")
			if err != nil {
				return err
			}
			return l.Isolate(ctx, text)
		},
		Heal: func(ctx context.Context, l *cluster.Lab) error {
			if err := l.Isolate(ctx); err != nil {
				return err
			}
			return extensionOf(l, false).remove(ctx, l)
		},
		Symptoms: func(l *cluster.Lab) []Symptom { return extensionOf(l, false).shows("FailedDiscoveryCheck") },
		Due: func(l *cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"network-blocked"}, Subject{Kind: "NetworkPolicy", Namespace: extensionOf(l, false).Namespace, Name: "default-deny"}, Confirmed})
		},
	}
}

func hpaWithoutMetrics() *Fault {
	scale := func(l *cluster.Lab, replicas string) []string {
		m := l.Names.Metrics
		return []string{"scale", "deployment", m.Name, "--namespace=" + m.Namespace, "--replicas=" + replicas}
	}
	return &Fault{
		Name: "hpa-without-metrics", Doc: "metrics-server has 0 replicas: a HorizontalPodAutoscaler does not scale",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			s := chats(l)
			return kubectl(ctx, l, []string{"delete", "hpa", s.Name, "--namespace=" + s.Namespace, "--ignore-not-found"}, []string{"autoscale", "deployment", s.Name, "--namespace=" + s.Namespace, "--min=2", "--max=3", "--cpu=80%"}, scale(l, "0"))
		},
		Heal: func(ctx context.Context, l *cluster.Lab) error {
			s := chats(l)
			return kubectl(ctx, l, scale(l, "1"), []string{"delete", "hpa", s.Name, "--namespace=" + s.Namespace})
		},
		Symptoms: func(l *cluster.Lab) []Symptom {
			s := chats(l)
			return []Symptom{{Doc: "it gets no figures", Any: []string{"FailedGetResourceMetric"}, Args: fixed("get", "hpa", s.Name, "--namespace="+s.Namespace, "--output=jsonpath={.status.conditions}")}}
		},
		Due: func(l *cluster.Lab) Due {
			m := l.Names.Metrics
			return sameFrom(Verdict{[]string{"workload-down", "metrics-server-config", "apiservice"}, Subject{Kind: "Deployment", Namespace: m.Namespace, Name: m.Name}, Confirmed})
		},
	}
}

func corefileBroken() *Fault {
	lines := func(l *cluster.Lab, sed string) string {
		d := l.Names.DNS
		return "kubectl --namespace=" + d.Namespace + " get configmap " + d.Name + " --output=yaml | sed '" + sed + "' | kubectl replace --filename=-"
	}
	change := func(ctx context.Context, l *cluster.Lab, sed string) error {
		cmd, err := l.Command(ctx, cluster.API, "sh", "-c", lines(l, sed))
		if err != nil {
			return err
		}
		if err := cmd.Run(); err != nil {
			return err
		}
		d := l.Names.DNS
		return kubectl(ctx, l, []string{"delete", "pods", "--namespace=" + d.Namespace, "--selector=" + d.Selector(), "--force", "--grace-period=0"})
	}
	return &Fault{
		Name: "corefile-broken", Doc: "somebody added a directive to the Corefile that CoreDNS does not have",
		Also: []Subject{{Kind: "Deployment"}},
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			if err := change(ctx, l, `s/^        errors$/&\n        upstreams 192.0.2.53/`); err != nil {
				return err
			}
			time.Sleep(time.Second)
			return nil
		},
		Heal: func(ctx context.Context, l *cluster.Lab) error { return change(ctx, l, "/^ *upstreams /d") },
		Symptoms: func(l *cluster.Lab) []Symptom {
			d := l.Names.DNS
			return []Symptom{{Doc: "CoreDNS exits", Any: []string{"CrashLoopBackOff"}, Args: fixed("get", "pods", "--namespace="+d.Namespace, "--selector="+d.Selector(), "--output=jsonpath={.items[*].status.containerStatuses[*].state.waiting.reason}")}}
		},
		Due: func(l *cluster.Lab) Due {
			d := l.Names.DNS
			return sameFrom(Verdict{[]string{"dns", "config"}, Subject{"ConfigMap", d.Namespace, d.Name, "Corefile"}, Confirmed})
		},
	}
}

// namespaceStuck is a namespace that does not end since an aggregated API,
// which serves nothing in it, is unavailable.
func namespaceStuck() *Fault {
	const name = "leaving"
	f := extensionFault("namespace-stuck-terminating", "a namespace does not end, since what serves an aggregated API was uninstalled", false,
		func(ctx context.Context, l *cluster.Lab, e extension) error {
			if err := uninstalled(ctx, l, e); err != nil {
				return err
			}
			if err := kubectl(ctx, l, []string{"delete", "namespace", name, "--ignore-not-found"}, []string{"create", "namespace", name}); err != nil {
				return err
			}
			if err := e.answers(ctx, l, "ServiceNotFound"); err != nil {
				return err
			}
			if err := kubectl(ctx, l, []string{"delete", "namespace", name, "--wait=false"}); err != nil {
				return err
			}
			time.Sleep(time.Minute) // as long as it may take
			return nil
		},
		func(e extension) Verdict { return Verdict{[]string{"apiservice"}, e.service(), Confirmed} }, "is not present")
	f.Symptoms = func(*cluster.Lab) []Symptom {
		return []Symptom{{Doc: "the namespace does not end", Any: []string{"DiscoveryFailed"}, Args: fixed("get", "namespace", name, "--output=jsonpath={.status.conditions}")}}
	}
	return f
}
