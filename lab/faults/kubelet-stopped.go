package faults

import (
	"context"

	"github.com/kubelaudo/laudo/lab/cluster"
)

func kubeletStopped() *Fault {
	return &Fault{
		Name: "kubelet-stopped",
		Doc:  "the kubelet of one node does not run; its Pods do",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			return l.Kill(ctx, lastNode(l).Kubelet())
		},
		Heal: func(_ context.Context, l *cluster.Lab) error { return l.Start(lastNode(l).Kubelet()) },
		Symptoms: func(l *cluster.Lab) []Symptom {
			return append(othersWork(l),
				Symptom{Doc: "logs fail on " + lastNode(l).Name, Fails: true, Args: logsOf(lastNode(l)), Any: []string{"connection refused", "502 Bad Gateway"}},
				Symptom{Doc: "the node is not heard of", Args: nodeReady(lastNode(l)), Any: []string{"Unknown"}})
		},
		Due: func(l *cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"kubelet-down"}, node(lastNode(l)), Confirmed})
		},
	}
}
