package cluster

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/kubelaudo/laudo/lab/pki"
)

// Names of the programs of the control plane.
const (
	Etcd              = "etcd"
	APIServer         = "kube-apiserver"
	ControllerManager = "kube-controller-manager"
	Scheduler         = "kube-scheduler"
)

// Reissue issues the certificate with that name again, under the authority that
// issued it at first; change, if any, may alter the request. Whoever uses it
// has to read it again.
func (l *Lab) Reissue(name string, change func(*pki.Request)) error {
	all := l.leaves()
	i := slices.IndexFunc(all, func(c leaf) bool { return c.name == name })
	if i < 0 {
		return fmt.Errorf("issuing certificate %s: the lab has none of that name", name)
	}
	request := all[i].request
	if change != nil {
		change(&request)
	}
	pair, err := l.Issue(all[i].ca, request)
	if err != nil {
		return err
	}
	return l.PKI().Save(name, pair)
}

// asMade is a program of the control plane as up starts it.
func (l *Lab) asMade(name string) (Process, error) {
	for _, p := range []Process{l.etcd(), l.apiserver(), l.controllerManager(), l.scheduler(), l.konnectivityServer()} {
		if p.Name == name {
			return p, nil
		}
	}
	return Process{}, fmt.Errorf("%s is no program of the control plane", name)
}

// Reconfigure restarts a program of the control plane as up started it, but for
// these flags (--name=value), which replace those of the same name or are added.
func (l *Lab) Reconfigure(ctx context.Context, name string, flags ...string) error {
	p, err := l.asMade(name)
	if err != nil {
		return err
	}
	for _, flag := range flags {
		prefix, _, _ := strings.Cut(flag, "=")
		p.Argv = append(slices.DeleteFunc(p.Argv, func(old string) bool { return strings.HasPrefix(old, prefix+"=") }), flag)
	}
	if err := l.Kill(ctx, name); err != nil {
		return err
	}
	return l.start(p)
}

// ReplaceServiceAccountKey makes another key for the tokens of ServiceAccounts.
// Who signs and who verifies have to be restarted.
func (l *Lab) ReplaceServiceAccountKey() error { return l.makeServiceAccountKey() }

// Freeze stops a process as it stands, or lets it go on.
func (l *Lab) Freeze(name string, frozen bool) error {
	p, err := l.process(name)
	if err != nil {
		return err
	}
	if !p.Running() {
		return fmt.Errorf("freezing %s: it does not run", name)
	}
	sign := syscall.SIGCONT
	if frozen {
		sign = syscall.SIGSTOP
	}
	if err := syscall.Kill(p.PID, sign); err != nil {
		return fmt.Errorf("freezing %s: %v", name, err)
	}
	return nil
}

// FreeEtcd gives etcd back the space that it is made with, and starts what ended
// when nothing could be written.
func (l *Lab) FreeEtcd(ctx context.Context) error {
	if err := l.Reconfigure(ctx, Etcd); err != nil {
		return err
	}
	if err := l.disarmEtcd(ctx); err != nil {
		return err
	}
	return l.StartEtcd(ctx)
}

// disarmEtcd takes etcd's alarms back, as etcdctl alarm disarm does, by the JSON
// form of etcd's API.
func (l *Lab) disarmEtcd(ctx context.Context) error {
	argv := []string{
		"nsenter", "--net=" + l.Netns("cp"), "--", l.bin("kubectl"), "--kubeconfig=/dev/null",
		fmt.Sprintf("--server=https://127.0.0.1:%d", l.EtcdPorts[0]), "--certificate-authority=" + l.cert("etcd/ca"),
		"--client-certificate=" + l.cert("apiserver-etcd-client"), "--client-key=" + l.key("apiserver-etcd-client"),
		"create", "--raw=/v3/maintenance/alarm", "--filename=-",
	}
	return until(ctx, usual, "etcd to take its alarms back", func(ctx context.Context) error {
		text, err := run(ctx, `{"action":"GET"}`, argv...)
		if err != nil {
			return err
		}
		var raised struct {
			Alarms []struct {
				MemberID string `json:"memberID"`
				Alarm    string `json:"alarm"`
			} `json:"alarms"`
		}
		if err := json.Unmarshal([]byte(text), &raised); err != nil {
			return fmt.Errorf("reading etcd's alarms: %v", err)
		}
		for _, a := range raised.Alarms {
			if _, err := run(ctx, fmt.Sprintf(`{"action":"DEACTIVATE","memberID":%q,"alarm":%q}`, a.MemberID, a.Alarm), argv...); err != nil {
				return err
			}
		}
		return nil
	})
}

// StartLeaders starts again, unless they run, the programs that end by themselves
// when they cannot renew their Lease, as a kubelet does with them.
func (l *Lab) StartLeaders(ctx context.Context) error {
	c, err := l.client()
	if err != nil {
		return err
	}
	for _, name := range []string{ControllerManager, Scheduler} {
		if err := l.Start(name); err != nil {
			return err
		}
		if err := until(ctx, usual, name+" to lead", func(ctx context.Context) error { return leads(ctx, c, name) }); err != nil {
			return err
		}
	}
	return nil
}

// leads tells whether the program has lately renewed its Lease.
func leads(ctx context.Context, c *client, name string) error {
	var lease struct {
		Spec struct {
			RenewTime time.Time `json:"renewTime"`
		} `json:"spec"`
	}
	if err := c.object(ctx, "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/"+name, &lease); err != nil {
		return err
	}
	if age := time.Since(lease.Spec.RenewTime); age > 8*time.Second {
		return fmt.Errorf("%s renewed its Lease %s ago", name, age.Round(time.Second))
	}
	return nil
}

// StartEtcd starts etcd, unless it runs, and what ended for want of it.
func (l *Lab) StartEtcd(ctx context.Context) error {
	if err := l.Start(Etcd); err != nil {
		return err
	}
	if err := l.StartAPI(ctx); err != nil {
		return err
	}
	return l.StartLeaders(ctx)
}

// ReplaceTokenPods replaces every Pod of the cluster's own namespaces that
// presents a token to the API server, so that it gets another.
func (l *Lab) ReplaceTokenPods(ctx context.Context) error {
	n := l.Names
	for _, w := range []struct{ kind, namespace, name string }{
		{l.AgentKind(), n.Agent.Namespace, n.Agent.Name},
		{"Deployment", n.DNS.Namespace, n.DNS.Name},
		{"Deployment", n.Metrics.Namespace, n.Metrics.Name},
	} {
		if _, err := l.Kubectl(ctx, "", "rollout", "restart", strings.ToLower(w.kind), w.name, "--namespace="+w.namespace); err != nil {
			return err
		}
	}
	return nil
}
