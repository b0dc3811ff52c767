package faults

import (
	"context"

	"github.com/kubelaudo/laudo/lab/cluster"
)

func agentCertExpired() *Fault {
	return &Fault{
		Name:     "agent-cert-expired",
		Doc:      "the client certificate of konnectivity-agent expired two weeks ago, and its Pods were replaced since",
		Profiles: withClientCerts(),
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			r := l.AgentClientRequest()
			r.NotBefore, r.NotAfter = yearOld(14)
			pair, err := l.Issue(cluster.AgentClientCA, r)
			if err != nil {
				return err
			}
			return setAgentCert(ctx, l, pair.CertPEM, pair.KeyPEM)
		},
		Heal:     healAgentCert,
		Symptoms: agentsRun,
		Due: func(l *cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"cert-expired"}, agentSecret(l), Confirmed})
		},
	}
}

// agentSecret is where the agents' client certificate lives.
func agentSecret(l *cluster.Lab) Subject {
	return Subject{"Secret", l.Names.Agent.Namespace, l.Names.Agent.Secret, l.Names.Agent.CertKey}
}
