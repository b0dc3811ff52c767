package faults

import (
	"context"
	"time"

	"github.com/kubelaudo/laudo/lab/cluster"
)

// restarted makes the Pods that serve the webhook anew: the API server keeps
// connections to those that it knows.
func (h hook) restarted(ctx context.Context, l *cluster.Lab) error {
	if err := kubectl(ctx, l, []string{"rollout", "restart", "deployment/" + h.Name, "--namespace=" + h.Namespace}); err != nil {
		return err
	}
	return rolledOut(ctx, l, h.Namespace, h.Name)
}

func webhookTargetPortWrong() *Fault {
	return tunnelMute(hookFault("webhook-target-port-wrong", "the Service of an admission webhook leads to a port on which its Pods do not listen",
		func(ctx context.Context, l *cluster.Lab, h hook) error {
			if err := kubectl(ctx, l, []string{"patch", "service", h.Name, "--namespace=" + h.Namespace, "--type=json", `--patch=[{"op":"replace","path":"/spec/ports/0/targetPort","value":9443}]`}); err != nil {
				return err
			}
			return h.restarted(ctx, l)
		},
		func(h hook) Verdict {
			return Verdict{[]string{"config"}, Subject{Kind: "Service", Namespace: h.Namespace, Name: h.Name}, Confirmed}
		}, "connection refused", "failed calling webhook"))
}

func mutatingWebhookExpired() *Fault {
	f := hookFault("mutating-webhook-certificate-expired", "the serving certificate of a mutating webhook expired two weeks ago", nil,
		func(h hook) Verdict {
			return Verdict{[]string{"cert-expired"}, Subject{"Secret", h.Namespace, h.Secret, "tls.crt"}, Confirmed}
		}, "certificate has expired")
	f.Inject = func(ctx context.Context, l *cluster.Lab) error {
		h := hookOf(l, false)
		h.Mutates = true
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
		if err := h.restarted(ctx, l); err != nil {
			return err
		}
		if err := h.answers(ctx, l, "certificate has expired"); err != nil {
			return err
		}
		return h.losePods(ctx, l, h.Shop)
	}
	return f
}

// webhookOverSystem is a webhook that judges the Pods of the cluster's own
// namespaces too, and is gone when the cluster's DNS needs new Pods.
func webhookOverSystem() *Fault {
	systemDNS := func(l *cluster.Lab) Subject {
		return Subject{Kind: "Deployment", Namespace: l.Names.DNS.Namespace, Name: l.Names.DNS.Name}
	}
	return &Fault{
		Name: "webhook-over-kube-system",
		Doc:  "what serves a fail-closed admission webhook that spares no namespace was uninstalled, and then the cluster's DNS lost its Pods",
		Also: webhookAlso,
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			h := hookOf(l, false)
			h.System = true
			if err := h.install(ctx, l); err != nil {
				return err
			}
			if err := kubectl(ctx, l, []string{"delete", "namespace", h.Namespace, h.Shop}); err != nil {
				return err
			}
			d := l.Names.DNS
			for deadline := time.Now().Add(time.Minute); ; time.Sleep(time.Second) { // until the API server cannot ask it any more
				_, err := l.Kubectl(ctx, "", "run", "probe", "--namespace="+d.Namespace, "--image="+l.Images["chatter"], "--dry-run=server")
				if err != nil || time.Now().After(deadline) || ctx.Err() != nil {
					break
				}
			}
			return kubectl(ctx, l, []string{"delete", "pods", "--namespace=" + d.Namespace, "--selector=" + d.Selector(), "--force", "--grace-period=0"})
		},
		Heal: func(ctx context.Context, l *cluster.Lab) error {
			if err := hookOf(l, false).remove(ctx, l); err != nil {
				return err
			}
			d := systemDNS(l)
			return kubectl(ctx, l, []string{"rollout", "restart", "deployment/" + d.Name, "--namespace=" + d.Namespace})
		},
		Symptoms: func(l *cluster.Lab) []Symptom {
			d := systemDNS(l)
			return []Symptom{unready(d), hookOf(l, false).refused(d.Namespace, d.Name, "failed calling webhook")}
		},
		Due: func(l *cluster.Lab) Due {
			h := hookOf(l, false)
			return sameFrom(Verdict{[]string{"webhook"}, Subject{Kind: "Service", Namespace: h.Namespace, Name: h.Name}, Confirmed})
		},
	}
}
