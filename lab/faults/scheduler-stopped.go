package faults

import (
	"context"

	"github.com/kubelaudo/laudo/lab/cluster"
)

func schedulerStopped() *Fault {
	return &Fault{
		Name: "scheduler-stopped",
		Doc:  "kube-scheduler does not run; a Deployment's Pods were replaced since",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			if err := l.Kill(ctx, "kube-scheduler"); err != nil {
				return err
			}
			w := l.Names.Workload
			if _, err := l.Kubectl(ctx, "", "delete", "pods", "--namespace="+w.Namespace, "--selector=app="+w.Deployment, "--wait=false"); err != nil {
				return err
			}
			return sleep(ctx, lapse)
		},
		Heal: func(_ context.Context, l *cluster.Lab) error { return l.Start("kube-scheduler") },
		Symptoms: func(l *cluster.Lab) []Symptom {
			w := l.Names.Workload
			return []Symptom{
				{
					Doc: "its Pods are Pending", Any: []string{"Pending Pending"},
					Args: fixed("get", "pods", "--namespace="+w.Namespace, "--selector=app="+w.Deployment, "--output=jsonpath={.items[*].status.phase}"),
				},
				{Doc: "get works", Args: fixed("get", "nodes")},
			}
		},
		Due: func(*cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"workload-down"}, lease("kube-scheduler"), Confirmed})
		},
	}
}
