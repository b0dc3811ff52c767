package faults

import (
	"context"

	"github.com/kubelaudo/laudo/lab/cluster"
)

func serverCertSAN() *Fault {
	return &Fault{
		Name: "server-cert-san",
		Doc:  "the certificate that konnectivity-server shows to agents does not hold the address that they dial",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			pair, err := l.Issue(cluster.AgentServerCA, l.AgentServerRequest("127.0.0.1", "localhost", "kubernetes.default.svc", l.Plan.API.String()))
			if err != nil {
				return err
			}
			return l.ServeAgents(ctx, pair)
		},
		Heal:     healServerCert,
		Symptoms: agentsRun,
		Due: func(l *cluster.Lab) Due {
			return from(Verdict{Categories: []string{"cert-san"}, Subject: endpoint(l)}, Open, Confirmed)
		},
	}
}
