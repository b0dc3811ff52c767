package cluster

import (
	"context"
	"fmt"
	"time"
)

// list is what the lab reads of lists of objects.
type list struct {
	Items []struct {
		Metadata struct {
			Name              string     `json:"name"`
			DeletionTimestamp *time.Time `json:"deletionTimestamp"`
		} `json:"metadata"`
		Spec struct {
			NodeName string `json:"nodeName"`
		} `json:"spec"`
		Status struct {
			Phase      string      `json:"phase"`
			Conditions []condition `json:"conditions"`
		} `json:"status"`
	} `json:"items"`
}

type condition struct {
	Type    string `json:"type"`
	Status  string `json:"status"`
	Reason  string `json:"reason"`
	Message string `json:"message"`
}

// workload is what the lab reads of a Deployment or DaemonSet.
type workload struct {
	Metadata struct {
		Generation int64 `json:"generation"`
	} `json:"metadata"`
	Spec struct {
		Replicas int `json:"replicas"`
	} `json:"spec"`
	Status struct {
		ObservedGeneration int64 `json:"observedGeneration"`
		Replicas           int   `json:"replicas"`
		UpdatedReplicas    int   `json:"updatedReplicas"`
		ReadyReplicas      int   `json:"readyReplicas"`
		Desired            int   `json:"desiredNumberScheduled"`
		Updated            int   `json:"updatedNumberScheduled"`
		Ready              int   `json:"numberReady"`
	} `json:"status"`
}

// WaitHealthy waits until Healthy finds nothing wrong.
func (l *Lab) WaitHealthy(ctx context.Context, limit time.Duration) error {
	return until(ctx, limit, "the cluster to be healthy", l.Healthy)
}

// Healthy tells what is not as it should be, or nil: nodes Ready, workloads
// rolled out, logs of a Pod on every node, leaders, metrics.
func (l *Lab) Healthy(ctx context.Context) error {
	if err := l.Revive(); err != nil {
		return err
	}
	c, err := l.client()
	if err != nil {
		return err
	}
	if l.simulated() {
		return l.populated(ctx, c)
	}
	var nodes list
	if err := c.object(ctx, "/api/v1/nodes", &nodes); err != nil {
		return err
	}
	ready := 0
	for _, n := range nodes.Items {
		for _, cond := range n.Status.Conditions {
			if cond.Type == "Ready" && cond.Status == "True" {
				ready++
			}
		}
	}
	if ready < len(l.Nodes) {
		return fmt.Errorf("%d of %d nodes are Ready", ready, len(l.Nodes))
	}
	n := l.Names
	for _, path := range []string{
		workloadPath(l.AgentKind(), n.Agent.Namespace, n.Agent.Name),
		workloadPath("Deployment", n.DNS.Namespace, n.DNS.Name),
		workloadPath("DaemonSet", n.Workload.Namespace, n.Workload.DaemonSet),
		workloadPath("Deployment", n.Workload.Namespace, n.Workload.Deployment),
		workloadPath("Deployment", n.Metrics.Namespace, n.Metrics.Name),
	} {
		if err := rolledOut(ctx, c, path); err != nil {
			return err
		}
	}
	for _, node := range l.Nodes {
		// Each request takes an agent at random: ask more than once.
		for range 4 {
			if err := l.logs(ctx, c, node); err != nil {
				return err
			}
		}
	}
	for _, name := range []string{ControllerManager, Scheduler} {
		if err := leads(ctx, c, name); err != nil {
			return err
		}
	}
	var metrics list
	if err := c.object(ctx, "/apis/metrics.k8s.io/v1beta1/nodes", &metrics); err != nil {
		return err
	}
	if len(metrics.Items) < len(l.Nodes) {
		return fmt.Errorf("metrics of %d of %d nodes", len(metrics.Items), len(l.Nodes))
	}
	return nil
}

func workloadPath(kind, namespace, name string) string {
	plural := "deployments"
	if kind == "DaemonSet" {
		plural = "daemonsets"
	}
	return "/apis/apps/v1/namespaces/" + namespace + "/" + plural + "/" + name
}

// rolledOut tells whether all Pods of the workload are new and ready, at least one.
func rolledOut(ctx context.Context, c *client, path string) error {
	var w workload
	if err := c.object(ctx, path, &w); err != nil {
		return err
	}
	s := w.Status
	want, updated, ready := max(s.Replicas, w.Spec.Replicas), s.UpdatedReplicas, s.ReadyReplicas
	if s.Desired > 0 {
		want, updated, ready = s.Desired, s.Updated, s.Ready
	}
	if s.ObservedGeneration < w.Metadata.Generation || want == 0 || updated < want || ready < want {
		return fmt.Errorf("%s: %d of %d Pods ready, %d updated", path, ready, want, updated)
	}
	return nil
}

// PodOn finds the logging Pod on the node.
func (l *Lab) PodOn(ctx context.Context, node Node) (string, error) {
	c, err := l.client()
	if err != nil {
		return "", err
	}
	return l.podOn(ctx, c, node)
}

func (l *Lab) podOn(ctx context.Context, c *client, node Node) (string, error) {
	var pods list
	w := l.Names.Workload
	path := fmt.Sprintf("/api/v1/namespaces/%s/pods?labelSelector=app%%3D%s&fieldSelector=spec.nodeName%%3D%s", w.Namespace, w.DaemonSet, node.Name)
	if err := c.object(ctx, path, &pods); err != nil {
		return "", err
	}
	for _, p := range pods.Items {
		if p.Metadata.DeletionTimestamp == nil {
			return p.Metadata.Name, nil
		}
	}
	return "", fmt.Errorf("no Pod of %s/%s is on node %s", w.Namespace, w.DaemonSet, node.Name)
}

// logs reads a line of the logging Pod on the node.
func (l *Lab) logs(ctx context.Context, c *client, node Node) error {
	pod, err := l.podOn(ctx, c, node)
	if err != nil {
		return err
	}
	_, err = c.get(ctx, fmt.Sprintf("/api/v1/namespaces/%s/pods/%s/log?tailLines=1", l.Names.Workload.Namespace, pod))
	return err
}
