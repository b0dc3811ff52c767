package faults

import (
	"context"

	"github.com/kubelaudo/laudo/lab/cluster"
)

func dnsLoop() *Fault {
	change := func(ctx context.Context, l *cluster.Lab, sed string) error {
		d := l.Names.DNS
		cmd, err := l.Command(ctx, cluster.API, "sh", "-c", "kubectl --namespace="+d.Namespace+" get configmap "+d.Name+" --output=yaml | sed '"+sed+"' | kubectl replace --filename=-")
		if err != nil {
			return err
		}
		if err := cmd.Run(); err != nil {
			return err
		}
		return kubectl(ctx, l, []string{"delete", "pods", "--namespace=" + d.Namespace, "--selector=" + d.Selector(), "--force", "--grace-period=0"})
	}
	return &Fault{
		Name: "dns-forwards-to-itself", Doc: "somebody made CoreDNS forward what it does not know to itself: its loop plugin ends it",
		Also: []Subject{{Kind: "Deployment"}},
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			return change(ctx, l, `s/^        loop$/        forward . 127.0.0.1\n&/`)
		},
		Heal: func(ctx context.Context, l *cluster.Lab) error { return change(ctx, l, `/^ *forward \. 127.0.0.1$/d`) },
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

// agentServiceAccountMissing is the ServiceAccount of the agents, deleted, when
// they need new Pods.
func agentServiceAccountMissing() *Fault {
	const name = "tunnel-runner"
	return &Fault{
		Name: "agent-service-account-missing", Profiles: withClientCerts(), Doc: "the ServiceAccount that the agents run as was deleted, and then they lost their Pods",
		Also: []Subject{{Kind: "Deployment"}, {Kind: "DaemonSet"}},
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			a := agentWorkload(l)
			return kubectl(ctx, l,
				[]string{"create", "serviceaccount", name, "--namespace=" + a.Namespace},
				a.args("patch", `--patch={"spec":{"template":{"spec":{"serviceAccountName":"`+name+`"}}}}`),
				[]string{"rollout", "status", a.Kind + "/" + a.Name, "--namespace=" + a.Namespace, "--timeout=120s"},
				[]string{"delete", "serviceaccount", name, "--namespace=" + a.Namespace},
				[]string{"delete", "pods", "--namespace=" + a.Namespace, "--selector=" + l.Names.Agent.Selector(), "--force", "--grace-period=0"})
		},
		Heal: func(ctx context.Context, l *cluster.Lab) error {
			a := agentWorkload(l)
			return kubectl(ctx, l, []string{"create", "serviceaccount", name, "--namespace=" + a.Namespace}, []string{"rollout", "restart", a.Kind + "/" + a.Name, "--namespace=" + a.Namespace})
		},
		Symptoms: func(l *cluster.Lab) []Symptom {
			a := agentWorkload(l)
			return append(noAgent(l), eventSays(a.Namespace, "its Pods are refused", `serviceaccount "`+name+`" not found`))
		},
		Due: func(l *cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"config"}, Subject{Kind: "ServiceAccount", Namespace: agentWorkload(l).Namespace, Name: name}, Confirmed})
		},
	}
}
