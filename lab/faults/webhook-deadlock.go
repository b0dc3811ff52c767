package faults

import (
	"context"

	"github.com/kubelaudo/laudo/lab/cluster"
)

func webhookDeadlock() *Fault {
	return &Fault{
		Name: "webhook-deadlock",
		Doc:  "a fail-closed admission webhook judges the Pods that serve it, and they were lost",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			h := hookOf(l, true)
			if err := h.install(ctx, l); err != nil {
				return err
			}
			// The last of its Pods goes before the next is asked for.
			for _, replicas := range []string{"0", "1"} {
				if _, err := l.Kubectl(ctx, "", "scale", "deployment", h.Name, "--namespace="+h.Namespace, "--replicas="+replicas); err != nil {
					return err
				}
				if replicas == "0" {
					if err := h.losePods(ctx, l, h.Namespace); err != nil {
						return err
					}
					// A container whose Pod was deleted by force answers a little longer.
					if err := h.answers(ctx, l, "failed calling webhook"); err != nil {
						return err
					}
				}
			}
			return nil
		},
		Heal: func(ctx context.Context, l *cluster.Lab) error { return hookOf(l, true).remove(ctx, l) },
		Symptoms: func(l *cluster.Lab) []Symptom {
			h := hookOf(l, true)
			return []Symptom{h.refused(h.Namespace, h.Name, "failed calling webhook")}
		},
		Due: func(l *cluster.Lab) Due {
			h := hookOf(l, true)
			return sameFrom(Verdict{[]string{"webhook"}, Subject{Kind: "ValidatingWebhookConfiguration", Name: h.Config}, Confirmed})
		},
	}
}
