package faults

import (
	"context"
	"fmt"
	"time"

	"github.com/kubelaudo/laudo/lab/cluster"
)

// lapse is how long after its last renewal nobody takes a leader's Lease for valid.
const lapse = 30 * time.Second

func controllerManagerStopped() *Fault {
	return &Fault{
		Name: "controller-manager-stopped",
		Doc:  "kube-controller-manager does not run; a Deployment was given one more replica since",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			if err := twoOrders(ctx, l); err != nil {
				return err
			}
			if err := l.Kill(ctx, "kube-controller-manager"); err != nil {
				return err
			}
			if err := scaleOrders(ctx, l, "3"); err != nil {
				return err
			}
			return sleep(ctx, lapse)
		},
		Heal: func(ctx context.Context, l *cluster.Lab) error {
			if err := l.Start("kube-controller-manager"); err != nil {
				return err
			}
			return scaleOrders(ctx, l, "2")
		},
		Symptoms: func(l *cluster.Lab) []Symptom {
			w := l.Names.Workload
			return []Symptom{
				{
					Doc: "the Deployment has no more Pods than before", Any: []string{"3 2"},
					Args: fixed("get", "deployment", w.Deployment, "--namespace="+w.Namespace, "--output=jsonpath={.spec.replicas} {.status.replicas}"),
				},
				{Doc: "get works", Args: fixed("get", "nodes")},
			}
		},
		Due: func(*cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"workload-down"}, lease("kube-controller-manager"), Confirmed})
		},
	}
}

// lease is the Lease of a component of the control plane.
func lease(name string) Subject {
	return Subject{Kind: "Lease", Namespace: "kube-system", Name: name}
}

// scaleOrders scales the workload that is a Deployment.
func scaleOrders(ctx context.Context, l *cluster.Lab, replicas string) error {
	w := l.Names.Workload
	_, err := l.Kubectl(ctx, "", "scale", "deployment", w.Deployment, "--namespace="+w.Namespace, "--replicas="+replicas)
	return err
}

// twoOrders gives it two replicas again, if a fault before has left it with
// three.
func twoOrders(ctx context.Context, l *cluster.Lab) error {
	w := l.Names.Workload
	if now, err := l.Kubectl(ctx, "", "get", "deployment", w.Deployment, "--namespace="+w.Namespace, "--output=jsonpath={.spec.replicas}"); err != nil || now == "2" {
		return err
	}
	if err := scaleOrders(ctx, l, "2"); err != nil {
		return err
	}
	for range 60 {
		text, err := l.Kubectl(ctx, "", "get", "deployment", w.Deployment, "--namespace="+w.Namespace, "--output=jsonpath={.status.replicas} {.status.readyReplicas}")
		if err != nil {
			return err
		}
		if text == "2 2" {
			return nil
		}
		if err := sleep(ctx, time.Second); err != nil {
			return err
		}
	}
	return fmt.Errorf("Deployment %s does not have two Pods", w.Deployment)
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(d):
		return nil
	}
}
