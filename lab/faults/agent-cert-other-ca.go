package faults

import (
	"context"
	"time"

	"github.com/kubelaudo/laudo/lab/cluster"
	"github.com/kubelaudo/laudo/lab/pki"
)

func agentCertOtherCA() *Fault {
	return &Fault{
		Name:     "agent-cert-other-ca",
		Doc:      "the client certificate of konnectivity-agent is from an authority of the same name as the one that the server trusts",
		Profiles: withClientCerts(),
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			trusted, err := l.PKI().Load(cluster.AgentClientCA)
			if err != nil {
				return err
			}
			other, err := pki.NewCA(trusted.Cert.Subject.CommonName, time.Now().AddDate(0, -3, 0))
			if err != nil {
				return err
			}
			r := l.AgentClientRequest()
			r.NotBefore = time.Now().AddDate(0, -3, 0)
			pair, err := other.Issue(r)
			if err != nil {
				return err
			}
			return setAgentCert(ctx, l, pair.CertPEM, pair.KeyPEM)
		},
		Heal:     healAgentCert,
		Symptoms: agentsRun,
		Due: func(l *cluster.Lab) Due {
			return from(Verdict{Categories: []string{"cert-ca-mismatch"}, Subject: agentSecret(l)}, Open, Likely)
		},
	}
}
