package faults

import (
	"context"
	"time"

	"github.com/kubelaudo/laudo/lab/cluster"
)

// servers is how many control-plane machines a lab is grown to.
const servers = 3

func serverCountWrong() *Fault {
	return &Fault{
		Name: "server-count-wrong",
		Doc:  "the control plane has grown to three machines, and konnectivity-server's --server-count is 1 as before: each agent connects to one of the three",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			if err := l.AddServers(ctx, servers, 1); err != nil {
				return err
			}
			if err := l.StartLeaders(ctx); err != nil {
				return err
			}
			// One that has tried meanwhile, and been told nothing, waits longer each time.
			if err := l.ReplaceAgents(ctx); err != nil {
				return err
			}
			return l.AgentsHaveRun(ctx, 5*time.Second)
		},
		Heal:  func(ctx context.Context, l *cluster.Lab) error { return l.RemoveServers(ctx) },
		After: func(ctx context.Context, l *cluster.Lab) error { return l.RemoveServers(ctx) },
		Symptoms: func(l *cluster.Lab) []Symptom {
			// Each kubectl connects anew, to the servers in turn.
			all := []Symptom{{Doc: "get works", Args: fixed("get", "nodes")}}
			for _, n := range l.Nodes {
				all = append(all,
					Symptom{Doc: "logs of " + n.Name + " come now and then", Of: 3 * servers, Args: logsOf(n)},
					Symptom{
						Doc: "logs of " + n.Name + " fail now and then", Of: 3 * servers, Args: logsOf(n), Fails: true,
						Any: []string{"No agent available", "500 Internal Server Error"},
					})
			}
			return all
		},
		Due: func(l *cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"konnectivity-count-mismatch"}, Subject{Kind: "Endpoint", Name: "konnectivity-server"}, Confirmed})
		},
	}
}
