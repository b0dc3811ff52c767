package faults

import (
	"context"
	"time"

	"github.com/kubelaudo/laudo/lab/cluster"
)

func agentsScaledToZero() *Fault {
	return &Fault{
		Name:     "agents-scaled-to-zero",
		Doc:      "konnectivity-agent has 0 replicas",
		Profiles: withClientCerts(), // a DaemonSet has no replicas
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			if err := scaleAgents(ctx, l, "0"); err != nil {
				return err
			}
			return l.ReplaceAgents(ctx)
		},
		Heal: func(ctx context.Context, l *cluster.Lab) error { return scaleAgents(ctx, l, "2") },
		// Of how many there were, the cure does not know.
		After: func(ctx context.Context, l *cluster.Lab) error {
			if err := scaleAgents(ctx, l, "2"); err != nil {
				return err
			}
			return l.WaitHealthy(ctx, time.Minute)
		},
		Symptoms: noAgent,
		Due: func(l *cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"konnectivity-agent-down"}, agentWorkload(l), Confirmed})
		},
	}
}

func scaleAgents(ctx context.Context, l *cluster.Lab, replicas string) error {
	a := l.Names.Agent
	_, err := l.Kubectl(ctx, "", "scale", "deployment", a.Name, "--namespace="+a.Namespace, "--replicas="+replicas)
	return err
}

// agentWorkload is what runs the agents.
func agentWorkload(l *cluster.Lab) Subject {
	return Subject{Kind: l.AgentKind(), Namespace: l.Names.Agent.Namespace, Name: l.Names.Agent.Name}
}
