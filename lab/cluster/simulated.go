package cluster

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/kubelaudo/laudo/lab/build"
)

// A lab with simulated nodes is a real control plane whose nodes and Pods are
// kept alive by KWOK. It needs neither root nor Linux, and it has no
// namespaces: etcd and the API server listen on loopback. What it leaves out:
// kubelets, containers, logs, Konnectivity, Services that carry packets,
// metrics. It serves to measure size.

// workers is how many requests create objects at a time.
const workers = 16

// How a simulated lab is filled, for each node of it.
const (
	podsPerDeployment  = 10  // one Deployment a node
	brokenEvery        = 100 // each hundredth Deployment has broken Pods
	namespacesOfLoad   = 20
	brokenLabel        = "broken"
	annotationOfMaking = "kwok.x-k8s.io/node"
)

// upSimulated starts the control plane and KWOK and fills the cluster. The
// controllers start when everything is there as they would have made it: to let
// them make it takes ten times as long.
func (l *Lab) upSimulated(ctx context.Context) error {
	l.progress("starting a control plane for %d simulated nodes", l.Size)
	if err := l.startControlPlane(ctx, nil); err != nil {
		return err
	}
	if err := l.deploy(ctx); err != nil {
		return err
	}
	stages, err := render("kwok.yaml", nil)
	if err != nil {
		return err
	}
	if err := l.write("kwok.yaml", stages); err != nil {
		return err
	}
	kwok := Process{Name: "kwok", Argv: []string{
		l.bin(build.Kwok), "--config=" + l.path("kwok.yaml"),
		"--kubeconfig=" + l.path("kubeconfig", "super-admin.conf"), "--manage-all-nodes=true",
		"--node-lease-duration-seconds=200", "--cidr=" + l.Plan.Pods.String(), "--node-ip=" + l.Plan.Admin.String(),
	}}
	if err := l.start(kwok); err != nil {
		return err
	}
	c, err := l.client()
	if err != nil {
		return err
	}
	l.progress("filling it with %d Pods", l.Size*podsPerDeployment)
	if err := l.fill(ctx, c); err != nil {
		return err
	}
	if err := l.startControllers(); err != nil {
		return err
	}
	return l.wait(ctx, "kwok", 15*time.Minute, l.Healthy)
}

// fill creates nodes, namespaces and the load.
func (l *Lab) fill(ctx context.Context, c *client) error {
	var first, load []func(context.Context) error
	for _, name := range l.Names.Nodes {
		first = append(first, func(ctx context.Context) error {
			_, err := c.create(ctx, "/api/v1/nodes", simulatedNode(name))
			return err
		})
	}
	for i := range namespacesOfLoad {
		first = append(first, func(ctx context.Context) error {
			if _, err := c.create(ctx, "/api/v1/namespaces", map[string]any{"metadata": map[string]any{"name": loadNamespace(i)}}); err != nil {
				return err
			}
			_, err := c.create(ctx, "/api/v1/namespaces/"+loadNamespace(i)+"/serviceaccounts", map[string]any{"metadata": map[string]any{"name": "default"}})
			return err
		})
	}
	for i := range l.Size {
		load = append(load, func(ctx context.Context) error { return l.createLoad(ctx, c, i) })
	}
	if err := pool(ctx, first); err != nil {
		return err
	}
	return pool(ctx, load)
}

// pool runs the tasks, some at a time.
func pool(ctx context.Context, tasks []func(context.Context) error) error {
	queue := make(chan func(context.Context) error, len(tasks))
	for _, task := range tasks {
		queue <- task
	}
	close(queue)
	var hands []func(context.Context) error
	for range workers {
		hands = append(hands, func(ctx context.Context) error {
			for task := range queue {
				if err := task(ctx); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return all(ctx, hands...)
}

func loadNamespace(i int) string { return fmt.Sprintf("team-%02d", i%namespacesOfLoad) }

func simulatedNode(name string) any {
	resources := map[string]string{"cpu": "16", "memory": "64Gi", "pods": "110"}
	return map[string]any{
		"metadata": map[string]any{
			"name":        name,
			"annotations": map[string]string{annotationOfMaking: "fake"},
			"labels":      map[string]string{"kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64"},
		},
		"status": map[string]any{
			"capacity": resources, "allocatable": resources,
			"nodeInfo": map[string]string{"kubeletVersion": build.KubernetesVersion, "operatingSystem": "linux", "architecture": "amd64"},
		},
	}
}

// breakage is what ails the Pods of the load's Deployment with that number; empty: nothing.
func breakage(i int) string {
	if i%brokenEvery != brokenEvery-1 {
		return ""
	}
	return []string{"crash", "image", "unschedulable"}[i/brokenEvery%3]
}

// loadSpec is the Pod of the load's Deployment with that number.
func loadSpec(i int, name string) map[string]any {
	spec := map[string]any{
		"containers": []any{map[string]any{
			"name": "main", "image": "images.lab.test/lab/" + name + ":v1",
			"envFrom":        []any{map[string]any{"configMapRef": map[string]string{"name": name}}},
			"ports":          []any{map[string]any{"containerPort": 8080}},
			"resources":      map[string]any{"requests": map[string]string{"cpu": "100m", "memory": "64Mi"}},
			"readinessProbe": map[string]any{"httpGet": map[string]any{"path": "/", "port": 8080}},
		}},
	}
	if breakage(i) == "unschedulable" {
		spec["nodeSelector"] = map[string]string{"disk": "none-has-it"}
	}
	return spec
}

// createLoad creates a Deployment with its ReplicaSet and Pods, a ConfigMap and a Service.
func (l *Lab) createLoad(ctx context.Context, c *client, i int) error {
	name, path := fmt.Sprintf("app-%04d", i), "/namespaces/"+loadNamespace(i)
	labels := map[string]string{"app": name}
	if what := breakage(i); what != "" && what != "unschedulable" {
		labels[brokenLabel] = what
	}
	settings := map[string]string{}
	for line := range 20 {
		settings[fmt.Sprintf("setting-%02d", line)] = strings.Repeat(name+" ", 5)
	}
	meta := map[string]any{"name": name, "labels": labels}
	if _, err := c.create(ctx, "/api/v1"+path+"/configmaps", map[string]any{"metadata": meta, "data": settings}); err != nil {
		return err
	}
	if _, err := c.create(ctx, "/api/v1"+path+"/services", map[string]any{"metadata": meta, "spec": map[string]any{
		"selector": map[string]string{"app": name}, "ports": []any{map[string]any{"port": 80, "targetPort": 8080}},
	}}); err != nil {
		return err
	}
	deployment, err := c.create(ctx, "/apis/apps/v1"+path+"/deployments", map[string]any{"metadata": meta, "spec": map[string]any{
		"replicas": podsPerDeployment, "selector": map[string]any{"matchLabels": map[string]string{"app": name}},
		"template": map[string]any{"metadata": map[string]any{"labels": labels}, "spec": loadSpec(i, name)},
	}})
	if err != nil {
		return err
	}
	hash := fmt.Sprintf("%09x", 0x5bd1e9955*uint64(i+1)&0xfffffffff)
	hashed := maps.Clone(labels)
	hashed["pod-template-hash"] = hash
	set, err := c.create(ctx, "/apis/apps/v1"+path+"/replicasets", map[string]any{
		"metadata": map[string]any{
			"name": name + "-" + hash, "labels": hashed, "ownerReferences": owner("Deployment", name, deployment),
			"annotations": map[string]string{"deployment.kubernetes.io/revision": "1"},
		},
		"spec": map[string]any{
			"replicas": podsPerDeployment,
			"selector": map[string]any{"matchLabels": map[string]string{"app": name, "pod-template-hash": hash}},
			"template": map[string]any{"metadata": map[string]any{"labels": hashed}, "spec": loadSpec(i, name)},
		},
	})
	if err != nil {
		return err
	}
	for n := range podsPerDeployment {
		spec := loadSpec(i, name)
		if breakage(i) != "unschedulable" {
			spec["nodeName"] = l.Names.Nodes[(i+n*97)%l.Size]
		}
		pod := map[string]any{"metadata": map[string]any{
			"name":   fmt.Sprintf("%s-%s-%05x", name, hash, (i*podsPerDeployment+n)*7919&0xfffff),
			"labels": hashed, "ownerReferences": owner("ReplicaSet", name+"-"+hash, set),
		}, "spec": spec}
		if _, err := c.create(ctx, "/api/v1"+path+"/pods", pod); err != nil {
			return err
		}
	}
	return nil
}

// owner is the reference to the object that owns another.
func owner(kind, name, uid string) any {
	return []any{map[string]any{"apiVersion": "apps/v1", "kind": kind, "name": name, "uid": uid, "controller": true, "blockOwnerDeletion": true}}
}

// populated tells whether the simulated Pods are as they should be, the broken ones broken.
func (l *Lab) populated(ctx context.Context, c *client) error {
	var deployments struct {
		Items []struct {
			Status struct {
				Replicas  int `json:"replicas"`
				Available int `json:"availableReplicas"`
			} `json:"status"`
		} `json:"items"`
	}
	if err := c.object(ctx, "/apis/apps/v1/deployments", &deployments); err != nil {
		return err
	}
	made, run, want := 0, 0, 0
	for _, d := range deployments.Items {
		made += d.Status.Replicas
		run += d.Status.Available
	}
	for i := range l.Size {
		if breakage(i) == "" {
			want += podsPerDeployment
		}
	}
	if made < l.Size*podsPerDeployment || run < want {
		if err := pause(ctx, 2*time.Second); err != nil { // the list is long: ask seldom
			return err
		}
		return fmt.Errorf("%d of %d Pods made, %d of %d run", made, l.Size*podsPerDeployment, run, want)
	}
	if run > want {
		return errors.New("Pods run that should be broken")
	}
	return nil
}
