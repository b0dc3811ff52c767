package cluster

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/kubelaudo/laudo/lab/pki"
)

// SetFlag gives a process of the lab another value of a flag, none if it is
// empty, from its next start on.
func (l *Lab) SetFlag(name, flag, value string) error {
	p, err := l.process(name)
	if err != nil {
		return err
	}
	p.Argv = slices.DeleteFunc(p.Argv, func(arg string) bool { return strings.HasPrefix(arg, "--"+flag+"=") })
	if value != "" {
		p.Argv = append(p.Argv, "--"+flag+"="+value)
	}
	return l.saveProcess(p)
}

// SetAPIFlag gives the API server another value of a flag, none if it is empty,
// and restarts it.
func (l *Lab) SetAPIFlag(ctx context.Context, flag, value string) error {
	if err := l.SetFlag("kube-apiserver", flag, value); err != nil {
		return err
	}
	return l.RestartAPI(ctx)
}

// EditKubelet changes the configuration of the node's kubelet and restarts it.
func (l *Lab) EditKubelet(ctx context.Context, n Node, edit func(config map[string]any)) error {
	file := l.nodeDir(n, "kubelet.json")
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("reading the kubelet's configuration: %v", err)
	}
	config := map[string]any{}
	if err := json.Unmarshal(text, &config); err != nil {
		return fmt.Errorf("reading the kubelet's configuration: %v", err)
	}
	edit(config)
	if text, err = json.MarshalIndent(config, "", "  "); err == nil {
		err = os.WriteFile(file, text, 0o644)
	}
	if err != nil {
		return fmt.Errorf("writing the kubelet's configuration: %v", err)
	}
	return l.Restart(ctx, n.Kubelet())
}

// ResetKubelet gives the kubelet the configuration that it had at first, and
// restarts it.
func (l *Lab) ResetKubelet(ctx context.Context, n Node) error {
	text, err := l.kubeletConfig(n)
	if err != nil {
		return err
	}
	if err := os.WriteFile(l.nodeDir(n, "kubelet.json"), []byte(text), 0o644); err != nil {
		return fmt.Errorf("writing the kubelet's configuration: %v", err)
	}
	return l.Restart(ctx, n.Kubelet())
}

// SignKubelet gives the kubelet a serving certificate for the names, and
// restarts it. No authority: the cluster's. No names: those of the node.
func (l *Lab) SignKubelet(ctx context.Context, n Node, ca *pki.Pair, notBefore, notAfter time.Time, names ...string) error {
	if len(names) == 0 {
		names = []string{n.Name, n.Address.String()}
	}
	for _, leaf := range l.leaves() {
		if leaf.name != "nodes/"+n.ID+"-serving" {
			continue
		}
		leaf.request.NotBefore, leaf.request.NotAfter, leaf.request.Names = notBefore, notAfter, names
		if ca == nil {
			var err error
			if ca, err = l.PKI().Load(leaf.ca); err != nil {
				return err
			}
		}
		pair, err := ca.Issue(leaf.request)
		if err != nil {
			return err
		}
		if err := l.PKI().Save(leaf.name, pair); err != nil {
			return err
		}
	}
	return l.ResetKubelet(ctx, n)
}

// MisplaceEgress lets the API server look for konnectivity-server where nobody
// listens, and restarts it.
func (l *Lab) MisplaceEgress(ctx context.Context) error {
	text, err := os.ReadFile(l.path("egress.yaml"))
	if err != nil {
		return fmt.Errorf("reading the egress selector configuration: %v", err)
	}
	changed := strings.Replace(string(text), l.socket(), l.path("run", "konnectivity-server.sock"), 1)
	changed = strings.Replace(changed, fmt.Sprintf("127.0.0.1:%d", l.Names.Ports.Frontend), fmt.Sprintf("127.0.0.1:%d", l.Names.Ports.Frontend+10), 1)
	if err := l.write("egress.yaml", changed); err != nil {
		return err
	}
	return l.RestartAPI(ctx)
}

// MendEgress writes the egress selector configuration anew, and restarts the
// API server.
func (l *Lab) MendEgress(ctx context.Context) error {
	if err := l.writeEgress(); err != nil {
		return err
	}
	return l.RestartAPI(ctx)
}

// Containerd is the name of the node's containerd process.
func (n Node) Containerd() string { return "containerd@" + n.ID }
