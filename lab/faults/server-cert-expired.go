package faults

import (
	"context"

	"github.com/kubelaudo/laudo/lab/cluster"
)

func serverCertExpired() *Fault {
	return &Fault{
		Name: "server-cert-expired",
		Doc:  "the certificate that konnectivity-server shows to agents expired two weeks ago, and it was restarted since",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			r := l.AgentServerRequest(l.Plan.ControlPlane.String())
			r.NotBefore, r.NotAfter = yearOld(14)
			pair, err := l.Issue(cluster.AgentServerCA, r)
			if err != nil {
				return err
			}
			return l.ServeAgents(ctx, pair)
		},
		Heal:     healServerCert,
		Symptoms: agentsRun,
		Due: func(l *cluster.Lab) Due {
			return from(Verdict{Categories: []string{"cert-expired"}, Subject: endpoint(l)}, Open, Confirmed)
		},
	}
}
