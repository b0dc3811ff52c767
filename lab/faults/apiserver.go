package faults

import (
	"context"

	"github.com/kubelaudo/laudo/lab/cluster"
	"github.com/kubelaudo/laudo/lab/pki"
)

// serve gives the API server another serving certificate and restarts it; it
// does not wait, for who waits verifies that certificate.
func serve(ctx context.Context, l *cluster.Lab, change func(*pki.Request)) error {
	if err := l.Reissue("apiserver", change); err != nil {
		return err
	}
	return l.Restart(ctx, cluster.APIServer)
}

func healServing(ctx context.Context, l *cluster.Lab) error {
	if err := l.Reissue("apiserver", nil); err != nil {
		return err
	}
	if err := l.RestartAPI(ctx); err != nil {
		return err
	}
	return l.StartLeaders(ctx)
}

// nothingWorks is the symptom of an API that no client can use.
func nothingWorks(says ...string) func(*cluster.Lab) []Symptom {
	return func(*cluster.Lab) []Symptom {
		return []Symptom{{Doc: "nothing works", Fails: true, Args: fixed("get", "nodes"), Any: says}}
	}
}

func apiserverCertExpired() *Fault {
	return &Fault{
		Name: "apiserver-cert-expired",
		Doc:  "the API server's serving certificate expired a week ago, and it was restarted since",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			return serve(ctx, l, func(r *pki.Request) { r.NotBefore, r.NotAfter = yearOld(7) })
		},
		Heal:     healServing,
		Symptoms: nothingWorks("certificate has expired"),
		Due: func(*cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"cert-expired"}, Subject{Kind: "Endpoint"}, Confirmed})
		},
	}
}

func apiserverCertSAN() *Fault {
	return &Fault{
		Name: "apiserver-cert-san",
		Doc:  "the API server's serving certificate was renewed without the addresses that clients use",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			return serve(ctx, l, func(r *pki.Request) { r.Names = []string{"kubernetes", "kubernetes.default.svc", "localhost"} })
		},
		Heal:     healServing,
		Symptoms: nothingWorks("doesn't contain any IP SANs", "certificate is valid for"),
		Due: func(*cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"cert-san"}, Subject{Kind: "Endpoint"}, Confirmed})
		},
	}
}

func apiserverStopped() *Fault {
	return &Fault{
		Name:   "apiserver-stopped",
		Doc:    "the API server does not run",
		Inject: func(ctx context.Context, l *cluster.Lab) error { return l.Kill(ctx, cluster.APIServer) },
		Heal: func(ctx context.Context, l *cluster.Lab) error {
			if err := l.StartAPI(ctx); err != nil {
				return err
			}
			return l.StartLeaders(ctx)
		},
		Symptoms: nothingWorks("refused", "EOF", "reset by peer"),
		Due: func(*cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"api-down"}, Subject{Kind: "Endpoint"}, Confirmed})
		},
	}
}

func apiserverFrozen() *Fault {
	return &Fault{
		Name:   "apiserver-frozen",
		Doc:    "the API server's process is stopped: it takes connections and never answers",
		Inject: func(_ context.Context, l *cluster.Lab) error { return l.Freeze(cluster.APIServer, true) },
		Heal: func(ctx context.Context, l *cluster.Lab) error {
			if err := l.Freeze(cluster.APIServer, false); err != nil {
				return err
			}
			return l.StartLeaders(ctx)
		},
		Symptoms: nothingWorks("timeout", "i/o timeout", "deadline exceeded"),
		Due: func(*cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"api-down"}, Subject{Kind: "Endpoint"}, Confirmed})
		},
	}
}
