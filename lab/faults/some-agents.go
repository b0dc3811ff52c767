package faults

import (
	"context"
	"fmt"
	"time"

	"github.com/kubelaudo/laudo/lab/cluster"
)

func agentOneFrozen() *Fault {
	return &Fault{
		Name: "agent-one-frozen",
		Doc:  "the process of one of two konnectivity-agents, with a readiness and no liveness probe, is stopped (SIGSTOP): every other connection through the tunnel hangs",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			// Its kubelet would end it within a minute, or, with no probe at all, nothing but hanging would show.
			if err := changeAgents(ctx, l, fmt.Sprintf(`{"op":"add","path":"/spec/template/spec/containers/0/livenessProbe","value":null},`+
				`{"op":"add","path":"/spec/template/spec/containers/0/readinessProbe","value":{"httpGet":{"path":"/healthz","port":%d},"periodSeconds":3}}`, l.Names.Ports.AgentHealth)); err != nil {
				return err
			}
			if err := l.AgentsHaveRun(ctx, 5*time.Second); err != nil {
				return err
			}
			return l.FreezeAgent(ctx, l.Nodes[0], true)
		},
		Heal: func(ctx context.Context, l *cluster.Lab) error { return l.FreezeAgent(ctx, l.Nodes[0], false) },
		Symptoms: func(l *cluster.Lab) []Symptom {
			a := l.Names.Agent
			return []Symptom{
				{Doc: "get works", Args: fixed("get", "nodes")},
				{
					Doc: "one agent is not Ready", Any: []string{"Running=true Running=false", "Running=false Running=true"},
					Args: fixed("get", "pods", "--namespace="+a.Namespace, "--selector="+a.Selector(),
						"--output=jsonpath={range .items[*]}{.status.phase}={.status.containerStatuses[0].ready} {end}"),
				},
			}
		},
		Due: func(l *cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"konnectivity-agent-down"}, agentWorkload(l), Confirmed})
		},
	}
}

func agentOneCannotReachNode() *Fault {
	return &Fault{
		Name: "agent-one-cannot-reach-node",
		Doc:  "packets from the node of one konnectivity-agent to the kubelet of another node are dropped; the other agent reaches it",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			return l.BlockPair(ctx, l.Nodes[0], l.Nodes[1], 10250)
		},
		Heal: func(ctx context.Context, l *cluster.Lab) error {
			_, err := l.OpenPort(ctx, l.Nodes[1].Address, 10250)
			return err
		},
		Symptoms: func(l *cluster.Lab) []Symptom {
			return []Symptom{
				{Doc: "get works", Args: fixed("get", "nodes")},
				someExecFails(l.Nodes[1]),
			}
		},
		Due: func(l *cluster.Lab) Due {
			v := Verdict{[]string{"network-blocked"}, Subject{Kind: "Node", Name: l.Nodes[1].Name}, Confirmed}
			return fromNode(v, sameFrom(v))
		},
	}
}

// someExecFails is that one of several times nothing can be run in a Pod of the
// node: each time is a connection of its own.
func someExecFails(n cluster.Node) Symptom {
	return Symptom{Doc: "exec fails now and then on " + n.Name, Fails: true, Args: func(ctx context.Context, l *cluster.Lab) ([]string, error) {
		pod, err := l.PodOn(ctx, n)
		if err != nil {
			return nil, err
		}
		// The API server dials before the program is looked for: none is there.
		return []string{"exec", "--namespace=" + l.Names.Workload.Namespace, pod, "--request-timeout=4s", "--", fmt.Sprintf("/no-program-%d", n.Address.As4()[3])}, nil
	}, Any: []string{"i/o timeout", "Timeout", "timeout", "deadline"}}
}
