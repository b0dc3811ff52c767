package faults

import (
	"context"

	"github.com/kubelaudo/laudo/lab/cluster"
)

func webhookCertificateExpired() *Fault {
	return &Fault{
		Name: "webhook-certificate-expired",
		Also: webhookAlso,
		Doc:  "the serving certificate of a fail-closed admission webhook expired two weeks ago",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			h := hookOf(l, false)
			if err := h.install(ctx, l); err != nil {
				return err
			}
			notBefore, notAfter := yearOld(14)
			pair, err := h.issue(l, notBefore, notAfter)
			if err != nil {
				return err
			}
			if err := l.SetData(ctx, "Secret", h.Namespace, h.Secret, map[string][]byte{"tls.crt": pair.CertPEM, "tls.key": pair.KeyPEM}); err != nil {
				return err
			}
			if _, err := l.Kubectl(ctx, "", "rollout", "restart", "deployment/"+h.Name, "--namespace="+h.Namespace); err != nil {
				return err
			}
			if err := rolledOut(ctx, l, h.Namespace, h.Name); err != nil {
				return err
			}
			if err := h.answers(ctx, l, "certificate has expired"); err != nil {
				return err
			}
			return h.losePods(ctx, l, h.Shop)
		},
		Heal: func(ctx context.Context, l *cluster.Lab) error { return hookOf(l, false).remove(ctx, l) },
		Symptoms: func(l *cluster.Lab) []Symptom {
			h := hookOf(l, false)
			return []Symptom{h.refused(h.Shop, h.Cart, "certificate has expired")}
		},
		Due: func(l *cluster.Lab) Due {
			h := hookOf(l, false)
			return sameFrom(Verdict{[]string{"cert-expired"}, Subject{"Secret", h.Namespace, h.Secret, "tls.crt"}, Confirmed})
		},
	}
}
