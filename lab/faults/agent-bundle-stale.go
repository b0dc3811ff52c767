package faults

import (
	"context"

	"github.com/kubelaudo/laudo/lab/cluster"
)

func agentBundleStale() *Fault {
	return &Fault{
		Name: "agent-bundle-stale",
		Doc:  "the server's authority was replaced by one of the same name; the agents' bundle still holds the old one",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			ca, err := l.ReplaceAgentServerCA()
			if err != nil {
				return err
			}
			pair, err := ca.Issue(l.AgentServerRequest(l.Plan.ControlPlane.String()))
			if err != nil {
				return err
			}
			return l.ServeAgents(ctx, pair)
		},
		Heal: func(ctx context.Context, l *cluster.Lab) error {
			ca, err := l.PKI().Load(cluster.AgentServerCA)
			if err != nil {
				return err
			}
			a := l.Names.Agent
			if err := l.SetData(ctx, a.BundleKind, a.Namespace, a.Bundle, map[string][]byte{a.BundleKey: ca.CertPEM}); err != nil {
				return err
			}
			return l.ReplaceAgents(ctx)
		},
		Symptoms: agentsRun,
		Due: func(l *cluster.Lab) Due {
			a := l.Names.Agent
			return from(Verdict{Categories: []string{"cert-ca-mismatch"}, Subject: Subject{a.BundleKind, a.Namespace, a.Bundle, a.BundleKey}}, Open, Confirmed)
		},
	}
}
