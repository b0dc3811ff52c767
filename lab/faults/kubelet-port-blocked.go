package faults

import (
	"context"

	"github.com/kubelaudo/laudo/lab/cluster"
)

func kubeletPortBlocked() *Fault {
	return &Fault{
		Name: "kubelet-port-blocked",
		Doc:  "a node's own firewall drops what comes to port 10250",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			if err := l.BlockOnNode(ctx, lastNode(l), "tcp dport 10250"); err != nil {
				return err
			}
			// The API server's open connection to the kubelet would hang until it is given up; this ends it.
			return l.Restart(ctx, cluster.KonnectivityServer)
		},
		Heal: func(ctx context.Context, l *cluster.Lab) error {
			_, err := l.OpenPort(ctx, lastNode(l).Address, 10250)
			return err
		},
		Symptoms: func(l *cluster.Lab) []Symptom {
			return append(othersWork(l),
				Symptom{Doc: "logs fail on " + lastNode(l).Name, Fails: true, Args: logsOf(lastNode(l)), Any: []string{"i/o timeout", "504 Gateway Timeout"}},
				Symptom{Doc: "the node is Ready", Args: nodeReady(lastNode(l)), Any: []string{"True"}})
		},
		Due: func(l *cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"network-blocked"}, node(lastNode(l)), Confirmed})
		},
	}
}

// lastNode is the node that faults of one node strike.
func lastNode(l *cluster.Lab) cluster.Node { return l.Nodes[len(l.Nodes)-1] }

func node(n cluster.Node) Subject { return Subject{Kind: "Node", Name: n.Name} }

// othersWork are symptoms that the other nodes' logs can be read.
func othersWork(l *cluster.Lab) []Symptom {
	var all []Symptom
	for _, n := range l.Nodes[:len(l.Nodes)-1] {
		all = append(all, Symptom{Doc: "logs work on " + n.Name, Args: logsOf(n), Any: []string{" line "}})
	}
	return all
}

// nodeReady asks for the status of the node's condition Ready.
func nodeReady(n cluster.Node) func(context.Context, *cluster.Lab) ([]string, error) {
	return fixed("get", "node", n.Name, `--output=jsonpath={.status.conditions[?(@.type=="Ready")].status}`)
}
