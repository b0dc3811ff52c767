package cluster

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"syscall"

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

// DisarmEtcd takes etcd's alarm for a full database back, as etcdctl alarm
// disarm does, by the JSON form of etcd's API.
func (l *Lab) DisarmEtcd(ctx context.Context) error {
	argv := []string{"nsenter", "--net=" + l.Netns("cp"), "--", l.bin("kubectl"), "--kubeconfig=/dev/null",
		fmt.Sprintf("--server=https://127.0.0.1:%d", l.EtcdPorts[0]), "--certificate-authority=" + l.cert("etcd/ca"),
		"--client-certificate=" + l.cert("apiserver-etcd-client"), "--client-key=" + l.key("apiserver-etcd-client"),
		"create", "--raw=/v3/maintenance/alarm", "--filename=-"}
	return until(ctx, usual, "etcd to take its alarm back", func(ctx context.Context) error {
		_, err := run(ctx, `{"action":"DEACTIVATE","alarm":"NOSPACE"}`, argv...)
		return err
	})
}
