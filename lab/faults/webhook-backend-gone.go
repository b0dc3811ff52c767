package faults

import (
	"context"

	"github.com/kubelaudo/laudo/lab/cluster"
)

func webhookBackendGone() *Fault {
	return &Fault{
		Name: "webhook-backend-gone",
		Doc:  "what serves a fail-closed admission webhook was uninstalled, and its configuration was left",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			h := hookOf(l, false)
			if err := h.install(ctx, l); err != nil {
				return err
			}
			if _, err := l.Kubectl(ctx, "", "delete", "namespace", h.Namespace); err != nil {
				return err
			}
			return h.losePods(ctx, l, h.Shop)
		},
		Heal: func(ctx context.Context, l *cluster.Lab) error { return hookOf(l, false).remove(ctx, l) },
		Symptoms: func(l *cluster.Lab) []Symptom {
			h := hookOf(l, false)
			return []Symptom{h.refused(h.Shop, h.Cart, "not found")}
		},
		Due: func(l *cluster.Lab) Due {
			h := hookOf(l, false)
			return sameFrom(Verdict{[]string{"webhook"}, Subject{Kind: "Service", Namespace: h.Namespace, Name: h.Name}, Confirmed})
		},
	}
}
