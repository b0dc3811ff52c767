package cluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/kubelaudo/laudo/lab/build"
	"github.com/kubelaudo/laudo/lab/names"
)

// Options say what lab to make.
type Options struct {
	Root    string // directory of labs
	Name    string
	Profile string
	Seed    uint64
	Nodes   int
	Keep    bool      // leave a lab that did not become healthy as it is
	Log     io.Writer // progress; nil: none
}

// Up makes a lab and waits until it is healthy. Whatever stops it, it leaves
// nothing behind, but the logs when it failed by itself.
func Up(ctx context.Context, o Options, product *build.Product) (*Lab, error) {
	l, err := claim(ctx, o, product)
	if err != nil {
		return nil, err
	}
	err = l.up(ctx, product)
	if err == nil {
		return l, nil
	}
	if o.Keep && ctx.Err() == nil {
		return nil, &Error{err.Error(), "look at it: go run . status --name " + o.Name}
	}
	logs := ""
	if ctx.Err() == nil {
		logs = l.keepLogs()
	}
	if now, oerr := Open(o.Root, o.Name, nil); oerr == nil && !now.Created.Equal(l.Created) {
		return nil, err // ended by somebody else meanwhile, and the name is another lab's now
	}
	if derr := Down(context.WithoutCancel(ctx), o.Root, o.Name, o.Log); derr != nil {
		return nil, errors.Join(err, derr)
	}
	if logs != "" {
		return nil, &Error{err.Error(), "the logs of its processes: " + logs}
	}
	return nil, err
}

// claim takes the lab's name, index and directory.
func claim(ctx context.Context, o Options, product *build.Product) (*Lab, error) {
	if err := CheckName(o.Name); err != nil {
		return nil, err
	}
	for _, hidden := range []string{"/run/", "/var/lib/", "/var/log/"} {
		if strings.HasPrefix(o.Root+"/", hidden) || strings.HasPrefix(product.Bin, hidden) {
			return nil, &Error{fmt.Sprintf("labs cannot keep state below %s, which nodes have for themselves", hidden), "choose another directory with --state"}
		}
	}
	unlock, err := lock(o.Root)
	if err != nil {
		return nil, err
	}
	defer unlock()
	labs, err := List(o.Root)
	if err != nil {
		return nil, err
	}
	taken := map[int]bool{}
	for _, name := range labs {
		if name == o.Name {
			return nil, &Error{fmt.Sprintf("there is a lab %q already", name), "end it: go run . down --name " + name}
		}
		if other, err := Open(o.Root, name, nil); err == nil {
			taken[other.Plan.Index] = true
		}
	}
	if dirs, err := cgroupDirs(cgroupName(o.Name)); err != nil || len(dirs) > 0 {
		return nil, errors.Join(err, &Error{fmt.Sprintf("a lab %q left control groups behind, or runs with another --state", o.Name), "end it: go run . down --name " + o.Name})
	}
	index := 0
	for taken[index] {
		index++
	}
	l := &Lab{
		Name: o.Name, Profile: o.Profile, Seed: o.Seed, Dir: filepath.Join(o.Root, o.Name),
		Bin: product.Bin, Images: product.Refs(), Created: time.Now().UTC().Round(0), log: o.Log,
	}
	if l.Plan, err = names.NewPlan(index); err != nil {
		return nil, &Error{err.Error(), "end a lab that is not needed"}
	}
	l.Names = names.Draw(o.Seed, o.Profile, o.Nodes)
	if l.simulated() {
		l.Size = o.Nodes
	} else {
		for i, name := range l.Names.Nodes {
			l.Nodes = append(l.Nodes, Node{fmt.Sprintf("n%d", i+1), name, l.Plan.Node(i), l.Plan.PodCIDR(i)})
		}
	}
	if n := len(l.socket()); n > 100 {
		return nil, &Error{fmt.Sprintf("%s is %d letters too long for a socket", l.Dir, n-100), "choose a shorter directory with --state"}
	}
	for _, dir := range []string{"run", "logs", "pki"} {
		if err := os.MkdirAll(l.path(dir), 0o755); err != nil {
			return nil, fmt.Errorf("making the lab's directory: %v", err)
		}
	}
	return l, l.save()
}

func (l *Lab) up(ctx context.Context, product *build.Product) error {
	listener, err := l.listen()
	if err != nil {
		return err
	}
	if listener != nil {
		defer listener.Close()
	}
	if err := l.save(); err != nil {
		return err
	}
	if err := l.makeCertificates(); err != nil {
		return err
	}
	if l.simulated() {
		return l.upSimulated(ctx)
	}
	if err := l.makeNetworks(ctx); err != nil {
		return err
	}
	l.progress("starting the control plane and %d nodes", len(l.Nodes))
	tasks := []func(context.Context) error{func(ctx context.Context) error { return l.startControlPlane(ctx, listener) }}
	for _, n := range l.Nodes {
		tasks = append(tasks, func(ctx context.Context) error { return l.startNode(ctx, n, product.Images) })
	}
	if err := all(ctx, tasks...); err != nil {
		return err
	}
	l.progress("starting kubelets and what runs as Pods")
	for _, n := range l.Nodes {
		if err := l.startKubelet(n); err != nil {
			return err
		}
	}
	if err := l.deploy(ctx); err != nil {
		return err
	}
	if err := l.setPodCIDRs(ctx); err != nil {
		return err
	}
	l.progress("waiting for the cluster to be healthy")
	return l.WaitHealthy(ctx, 3*time.Minute)
}

// setPodCIDRs notes in each Node what its network was set up with.
func (l *Lab) setPodCIDRs(ctx context.Context) error {
	for _, n := range l.Nodes {
		patch := fmt.Sprintf(`{"spec":{"podCIDR":%q,"podCIDRs":[%q]}}`, n.PodCIDR, n.PodCIDR)
		err := until(ctx, time.Minute, "node "+n.Name, func(ctx context.Context) error {
			c, err := l.client()
			if err != nil {
				return err
			}
			if _, err := c.get(ctx, "/api/v1/nodes/"+n.Name); err != nil {
				return err
			}
			_, err = l.Kubectl(ctx, "", "patch", "node", n.Name, "--patch="+patch)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// keepLogs moves the logs out of the lab's directory and tells where to.
func (l *Lab) keepLogs() string {
	to := filepath.Join(os.TempDir(), fmt.Sprintf("laudo-lab-%s-%d", l.Name, time.Now().Unix()))
	if err := os.Rename(l.path("logs"), to); err == nil {
		return to
	}
	if _, err := run(context.Background(), "", "cp", "-r", l.path("logs"), to); err == nil {
		return to
	}
	return ""
}

// all runs the tasks at once; the first error ends the others.
func all(ctx context.Context, tasks ...func(context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	errs := make(chan error, len(tasks))
	var group sync.WaitGroup
	for _, task := range tasks {
		group.Go(func() {
			if err := task(ctx); err != nil {
				errs <- err
				cancel()
			}
		})
	}
	group.Wait()
	close(errs)
	return <-errs // nil if nobody sent one
}
