package faults

import (
	"context"
	"fmt"

	"github.com/kubelaudo/laudo/lab/cluster"
)

func agentPortBlocked() *Fault {
	return &Fault{
		Name: "agent-port-blocked",
		Doc:  "packets from the nodes to the port for agents on the control plane are dropped on their way",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			to := l.AgentEndpoint()
			if err := l.BlockOnBridge(ctx, fmt.Sprintf("ip saddr %s ip daddr %s tcp dport %d", l.NodeAddresses(), to.Addr(), to.Port())); err != nil {
				return err
			}
			// A stream that was open would hang for as long as TCP is patient.
			if err := l.Restart(ctx, cluster.KonnectivityServer); err != nil {
				return err
			}
			return l.ReplaceAgents(ctx)
		},
		Heal: func(ctx context.Context, l *cluster.Lab) error {
			_, err := l.OpenPort(ctx, l.Plan.ControlPlane, l.Names.Ports.Agent)
			return err
		},
		Symptoms: agentsRun,
		Due: func(l *cluster.Lab) Due {
			v := Verdict{Categories: []string{"network-blocked"}, Subject: endpoint(l)}
			return fromNode(v, from(v, Open, Open))
		},
	}
}
