package faults

import (
	"context"
	"time"

	"github.com/kubelaudo/laudo/lab/cluster"
)

func schedulerBindingMissing() *Fault {
	const name = "system:kube-scheduler"
	return &Fault{
		Name: "scheduler-rbac-missing",
		Doc:  "the ClusterRoleBinding of kube-scheduler is gone; a Deployment was given one more replica since",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			if err := twoOrders(ctx, l); err != nil {
				return err
			}
			if _, err := l.Kubectl(ctx, "", "delete", "clusterrolebinding", name); err != nil {
				return err
			}
			if err := l.Restart(ctx, cluster.Scheduler); err != nil {
				return err
			}
			if err := scaleOrders(ctx, l, "3"); err != nil {
				return err
			}
			return sleep(ctx, lapse)
		},
		Heal: func(ctx context.Context, l *cluster.Lab) error {
			if _, err := l.Kubectl(ctx, "", "create", "clusterrolebinding", name, "--clusterrole="+name, "--user="+name); err != nil {
				return err
			}
			if err := scaleOrders(ctx, l, "2"); err != nil {
				return err
			}
			return l.StartLeaders(ctx)
		},
		Symptoms: func(l *cluster.Lab) []Symptom {
			w := l.Names.Workload
			return []Symptom{
				{
					Doc: "the Deployment has no more Pods ready than before", Any: []string{"3 2"},
					Args: fixed("get", "deployment", w.Deployment, "--namespace="+w.Namespace, "--output=jsonpath={.spec.replicas} {.status.readyReplicas}"),
				},
				{Doc: "get works", Args: fixed("get", "nodes")},
			}
		},
		Due: func(*cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"rbac"}, Subject{Kind: "User", Name: name}, Confirmed})
		},
	}
}

// controllerBindingMissing takes from one controller of kube-controller-manager
// what it may do; the others, and its Lease, go on.
func controllerBindingMissing() *Fault {
	const controller, name = "replicaset-controller", "system:controller:replicaset-controller"
	return &Fault{
		Name: "controller-rbac-missing",
		Doc:  "the ClusterRoleBinding of kube-controller-manager's controller for ReplicaSets is gone; a Deployment was given one more replica since",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			if err := twoOrders(ctx, l); err != nil {
				return err
			}
			if _, err := l.Kubectl(ctx, "", "delete", "clusterrolebinding", name); err != nil {
				return err
			}
			if err := sleep(ctx, settles); err != nil {
				return err
			}
			if err := scaleOrders(ctx, l, "3"); err != nil {
				return err
			}
			return sleep(ctx, lapse)
		},
		Heal: func(ctx context.Context, l *cluster.Lab) error {
			if _, err := l.Kubectl(ctx, "", "create", "clusterrolebinding", name, "--clusterrole="+name, "--serviceaccount=kube-system:"+controller); err != nil {
				return err
			}
			return scaleOrders(ctx, l, "2")
		},
		Symptoms: func(l *cluster.Lab) []Symptom {
			w := l.Names.Workload
			return []Symptom{
				{
					Doc: "the Deployment has no more Pods ready than before", Any: []string{"3 2"},
					Args: fixed("get", "deployment", w.Deployment, "--namespace="+w.Namespace, "--output=jsonpath={.spec.replicas} {.status.readyReplicas}"),
				},
				{Doc: "get works", Args: fixed("get", "nodes")},
			}
		},
		Due: func(*cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"rbac"}, Subject{Kind: "ServiceAccount", Namespace: "kube-system", Name: controller}, Confirmed})
		},
	}
}

// settles is how long the authorizer takes to notice that a binding is gone.
const settles = 2 * time.Second
