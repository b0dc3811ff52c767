package faults

import (
	"context"

	"github.com/kubelaudo/laudo/lab/build"
	"github.com/kubelaudo/laudo/lab/cluster"
)

func kubeletThreeMinorsOlder() *Fault {
	f := oldKubelet(build.KubeletThreeOlder)
	f.Name = "kubelet-three-minors-older"
	f.Doc = "the kubelet of one node is three minor versions older than the API server, which is supported"
	f.Due = func(*cluster.Lab) Due { return sameFrom() }
	return f
}

func kubeletFourMinorsOlder() *Fault {
	f := oldKubelet(build.KubeletFourOlder)
	f.Name = "kubelet-four-minors-older"
	f.Doc = "the kubelet of one node is four minor versions older than the API server, which is not supported, and works"
	f.Due = func(l *cluster.Lab) Due {
		return sameFrom(Verdict{[]string{"version-skew"}, Subject{Kind: "Node", Name: l.Nodes[0].Name}, Confirmed})
	}
	return f
}

// oldKubelet runs another version's kubelet on one node.
func oldKubelet(version string) *Fault {
	return &Fault{
		Harmless: true,
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			return l.RunKubelet(ctx, l.Nodes[0], version)
		},
		Heal: func(ctx context.Context, l *cluster.Lab) error { return l.RunKubelet(ctx, l.Nodes[0], "") },
		Symptoms: func(l *cluster.Lab) []Symptom {
			n := l.Nodes[0]
			return []Symptom{
				{Doc: "the node is of that version", Any: []string{version}, Args: fixed("get", "node", n.Name)},
				{Doc: "its logs arrive", Args: logsOf(n)},
			}
		},
	}
}
