package faults

import (
	"context"
	"encoding/base64"
	"fmt"
	"time"

	"github.com/kubelaudo/laudo/lab/cluster"
	"github.com/kubelaudo/laudo/lab/pki"
)

// hookFault is a fault of the webhook: broken breaks it once it answers, and
// why is what the API server then says of it.
func hookFault(name, doc string, broken func(context.Context, *cluster.Lab, hook) error, due func(hook) Verdict, why ...string) *Fault {
	return &Fault{
		Also: webhookAlso,
		Name: name, Doc: doc,
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			h := hookOf(l, false)
			if err := h.install(ctx, l); err != nil {
				return err
			}
			if err := broken(ctx, l, h); err != nil {
				return err
			}
			if err := h.answers(ctx, l, "failed calling webhook"); err != nil {
				return err
			}
			return h.losePods(ctx, l, h.Shop)
		},
		Heal: func(ctx context.Context, l *cluster.Lab) error {
			if err := l.Isolate(ctx); err != nil {
				return err
			}
			return hookOf(l, false).remove(ctx, l)
		},
		Symptoms: func(l *cluster.Lab) []Symptom {
			h := hookOf(l, false)
			return []Symptom{h.refused(h.Shop, h.Cart, why...)}
		},
		Due: func(l *cluster.Lab) Due { return sameFrom(due(hookOf(l, false))) },
	}
}

// set changes a field of the webhook's only entry.
func (h hook) set(ctx context.Context, l *cluster.Lab, field, value string) error {
	return kubectl(ctx, l, []string{
		"patch", "validatingwebhookconfiguration", h.Config, "--type=json",
		fmt.Sprintf(`--patch=[{"op":"replace","path":"/webhooks/0/%s","value":%q}]`, field, value),
	})
}

func webhookCABundleWrong() *Fault {
	return hookFault("webhook-ca-bundle-wrong", "the caBundle of an admission webhook is of a CA that did not sign what it serves",
		func(ctx context.Context, l *cluster.Lab, h hook) error {
			ca, err := pki.NewCA(h.Name+"-ca", time.Now().AddDate(0, 0, -1))
			if err != nil {
				return err
			}
			return h.set(ctx, l, "clientConfig/caBundle", base64.StdEncoding.EncodeToString(ca.CertPEM))
		},
		func(h hook) Verdict {
			return Verdict{[]string{"cert-ca-mismatch"}, Subject{Kind: "ValidatingWebhookConfiguration", Name: h.Config}, Confirmed}
		}, "certificate signed by unknown authority")
}

func webhookCertificateSAN() *Fault {
	return hookFault("webhook-certificate-san", "the serving certificate of an admission webhook names another Service",
		func(ctx context.Context, l *cluster.Lab, h hook) error {
			host := h.Name + ".old-" + h.Namespace + ".svc"
			pair, err := l.Issue(cluster.WebhookCA, pki.Request{CommonName: host, Names: []string{host}, Server: true})
			if err != nil {
				return err
			}
			if err := l.SetData(ctx, "Secret", h.Namespace, h.Secret, map[string][]byte{"tls.crt": pair.CertPEM, "tls.key": pair.KeyPEM}); err != nil {
				return err
			}
			if err := kubectl(ctx, l, []string{"rollout", "restart", "deployment/" + h.Name, "--namespace=" + h.Namespace}); err != nil {
				return err
			}
			return rolledOut(ctx, l, h.Namespace, h.Name)
		},
		func(h hook) Verdict {
			return Verdict{[]string{"cert-san"}, Subject{"Secret", h.Namespace, h.Secret, "tls.crt"}, Confirmed}
		}, "certificate is valid for")
}

func webhookSelectorWrong() *Fault {
	return hookFault("webhook-selector-wrong", "the Service of an admission webhook selects other labels than its Pods have",
		func(ctx context.Context, l *cluster.Lab, h hook) error {
			return kubectl(ctx, l,
				[]string{"patch", "service", h.Name, "--namespace=" + h.Namespace, "--type=merge", `--patch={"spec":{"selector":{"app":"` + h.Name + `-v2"}}}`},
				[]string{"rollout", "restart", "deployment/" + h.Name, "--namespace=" + h.Namespace})
		},
		func(h hook) Verdict {
			return Verdict{[]string{"config", "webhook"}, Subject{Kind: "Service", Namespace: h.Namespace, Name: h.Name}, Confirmed}
		}, "no endpoints available", "refused", "failed to call webhook")
}

func webhookPathWrong() *Fault {
	return hookFault("webhook-path-wrong", "an admission webhook is asked at a path that it does not serve",
		func(ctx context.Context, l *cluster.Lab, h hook) error {
			return h.set(ctx, l, "clientConfig/service/path", "/v2/validate")
		},
		func(h hook) Verdict {
			return Verdict{[]string{"webhook", "config"}, Subject{Kind: "ValidatingWebhookConfiguration", Name: h.Config}, Confirmed}
		}, "could not find the requested resource")
}

func webhookPolicyDrops() *Fault {
	return hookFault("webhook-policy-drops", "a NetworkPolicy lets nothing in to the Pods of an admission webhook",
		func(ctx context.Context, l *cluster.Lab, h hook) error {
			if err := apply(ctx, l, denyAll, h); err != nil {
				return err
			}
			text, err := l.Kubectl(ctx, "", "get", "pods", "--namespace="+h.Namespace, "--output=jsonpath={.items[0].status.podIP}")
			if err != nil {
				return err
			}
			return l.Isolate(ctx, text)
		},
		func(h hook) Verdict {
			return Verdict{[]string{"network-blocked"}, Subject{Kind: "NetworkPolicy", Namespace: h.Namespace, Name: "default-deny"}, Confirmed}
		}, "deadline exceeded", "Timeout", "timeout")
}
