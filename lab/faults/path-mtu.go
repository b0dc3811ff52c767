package faults

import (
	"context"

	"github.com/kubelaudo/laudo/lab/cluster"
)

func agentPathMTU() *Fault {
	return &Fault{
		Name: "agent-path-mtu",
		Doc:  "packets of more than 1000 bytes between the nodes and the port for agents are dropped on their way, without a word",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			if err := l.NarrowPath(ctx, l.Names.Ports.Agent, 1000); err != nil {
				return err
			}
			// A stream that was open would hang for as long as TCP is patient.
			if err := l.Restart(ctx, cluster.KonnectivityServer); err != nil {
				return err
			}
			return l.ReplaceAgents(ctx)
		},
		Heal: func(ctx context.Context, l *cluster.Lab) error {
			_, err := l.WidenPath(ctx)
			return err
		},
		Symptoms: agentsRun,
		Due: func(l *cluster.Lab) Due {
			v := Verdict{Categories: []string{"mtu"}, Subject: endpoint(l)}
			return fromNode(v, from(v, Open, Open))
		},
	}
}
