package faults

import (
	"context"

	"github.com/kubelaudo/laudo/lab/cluster"
)

func agentFrozen() *Fault {
	return &Fault{
		Name:     "agent-frozen",
		Doc:      "the processes of all konnectivity-agents are stopped (SIGSTOP): their streams stay open and carry nothing",
		Inject:   func(ctx context.Context, l *cluster.Lab) error { return l.FreezeAgents(ctx, true) },
		Heal:     func(ctx context.Context, l *cluster.Lab) error { return l.FreezeAgents(ctx, false) },
		Symptoms: logsHang,
		Due: func(l *cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"konnectivity-agent-down"}, agentWorkload(l), Open})
		},
	}
}

// logsHang are the symptoms of a tunnel that takes requests and brings nothing.
func logsHang(l *cluster.Lab) []Symptom {
	all := []Symptom{{Doc: "get works", Args: fixed("get", "nodes")}}
	for _, n := range l.Nodes {
		all = append(all, Symptom{Doc: "logs hang on " + n.Name, Fails: true, Args: hangs(logsOf(n))})
	}
	return all
}

// hangs gives a request up that brings nothing for three seconds.
func hangs(args func(context.Context, *cluster.Lab) ([]string, error)) func(context.Context, *cluster.Lab) ([]string, error) {
	return func(ctx context.Context, l *cluster.Lab) ([]string, error) {
		all, err := args(ctx, l)
		return append(all, "--request-timeout=3s"), err
	}
}
