package faults

import (
	"context"

	"github.com/kubelaudo/laudo/lab/cluster"
)

func konnectivityServerStopped() *Fault {
	return &Fault{
		Name:     "konnectivity-server-stopped",
		Doc:      "konnectivity-server does not run, and the API server waits for it",
		Inject:   func(ctx context.Context, l *cluster.Lab) error { return l.Kill(ctx, cluster.KonnectivityServer) },
		Heal:     func(_ context.Context, l *cluster.Lab) error { return l.Start(cluster.KonnectivityServer) },
		Symptoms: logsHang,
		Due: func(*cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"konnectivity-server-down"}, Subject{Kind: "Endpoint", Name: "konnectivity-server"}, Open})
		},
	}
}
