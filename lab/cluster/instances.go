package cluster

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A control plane of several machines runs, on each, an API server and the
// konnectivity-server beside it, behind one address for clients and agents. In
// a lab they are instances in the namespace of the control plane, each at an
// address of its own, and the packet filter passes new connections to them in
// turn.

// instance is one API server with its konnectivity-server; the first is 0.
type instance int

func (i instance) name(program string) string {
	if i == 0 {
		return program
	}
	return fmt.Sprintf("%s@%d", program, i+1)
}

func (l *Lab) addressOf(i instance) netip.Addr {
	a := l.Plan.ControlPlane.As4()
	if i > 0 {
		a[3] = byte(200 + i)
	}
	return netip.AddrFrom4(a)
}

// instanceAPI is an instance of the API server that leaves room for others.
func (l *Lab) instanceAPI(i instance) Process {
	p, address := l.apiserver(), l.addressOf(i).String()
	p.Name = i.name(APIServer)
	p.Argv = withFlags(p.Argv, "--advertise-address="+address, "--bind-address="+address, "--egress-selector-config-file="+l.egressFile(i))
	return p
}

// instanceServer is an instance of konnectivity-server, told how many there are.
func (l *Lab) instanceServer(i instance, count int) Process {
	p := l.konnectivityServer()
	p.Name = i.name(KonnectivityServer)
	flags := []string{fmt.Sprintf("--server-count=%d", count), "--agent-bind-address=" + l.addressOf(i).String()}
	if i > 0 {
		ports := l.Names.Ports
		// Each has the control plane's loopback in common with the others.
		for flag, port := range map[string]int{"--admin-port": ports.Admin, "--health-port": ports.Health, "--server-port": ports.Frontend} {
			if slices.ContainsFunc(p.Argv, func(arg string) bool { return strings.HasPrefix(arg, flag+"=") && arg != flag+"=0" }) {
				flags = append(flags, fmt.Sprintf("%s=%d", flag, 1024+(port+1000*int(i)-1024)%48000))
			}
		}
		if slices.Contains(p.Argv, "--uds-name="+l.socket()) {
			flags = append(flags, "--uds-name="+l.socketOf(i))
		}
	}
	p.Argv = withFlags(p.Argv, flags...)
	return p
}

func (l *Lab) socketOf(i instance) string {
	if i == 0 {
		return l.socket()
	}
	return strings.TrimSuffix(l.socket(), ".sock") + fmt.Sprintf("%d.sock", i+1)
}

func (l *Lab) egressFile(i instance) string {
	if i == 0 {
		return l.path("egress.yaml")
	}
	return l.path(fmt.Sprintf("egress-%d.yaml", i+1))
}

// withFlags replaces flags (--name=value) by those of the same name, or adds them.
func withFlags(argv []string, flags ...string) []string {
	for _, flag := range flags {
		prefix, _, _ := strings.Cut(flag, "=")
		argv = append(slices.DeleteFunc(argv, func(old string) bool { return strings.HasPrefix(old, prefix+"=") }), flag)
	}
	return argv
}

// valueOf is the value of a flag (--name=value); empty: it is not there.
func valueOf(argv []string, flag string) string {
	for _, arg := range argv {
		if value, ok := strings.CutPrefix(arg, flag+"="); ok {
			return value
		}
	}
	return ""
}

// AddServers makes n instances of the control plane's servers out of the one
// that there is. Each konnectivity-server is told that there are count.
func (l *Lab) AddServers(ctx context.Context, n, count int) error {
	if l.simulated() {
		return errors.New("adding servers: the lab is simulated")
	}
	for i := instance(1); i < instance(n); i++ {
		if _, err := l.in(ctx, "cp", fmt.Sprintf("ip addr replace %s/%d dev eth0", l.addressOf(i), l.Plan.Hosts.Bits())); err != nil {
			return err
		}
	}
	// The first one has every address for itself until it is told otherwise.
	for _, p := range []Process{l.instanceServer(0, count), l.instanceAPI(0)} {
		if err := l.Kill(ctx, p.Name); err != nil {
			return err
		}
		if err := l.start(p); err != nil {
			return err
		}
	}
	if err := l.balance(ctx, 1); err != nil {
		return err
	}
	if err := l.StartAPI(ctx); err != nil {
		return err
	}
	for i := instance(1); i < instance(n); i++ {
		server := l.instanceServer(i, count)
		if err := l.writeEgressOf(i, server); err != nil {
			return err
		}
		for _, p := range []Process{server, l.instanceAPI(i)} {
			if err := l.start(p); err != nil {
				return err
			}
		}
	}
	if err := l.published(ctx, n); err != nil {
		return err
	}
	return l.balance(ctx, n)
}

// writeEgressOf writes the EgressSelectorConfiguration of an instance.
func (l *Lab) writeEgressOf(i instance, server Process) error {
	text := strings.NewReplacer(l.socket(), l.socketOf(i),
		fmt.Sprintf("127.0.0.1:%d", l.Names.Ports.Frontend), "127.0.0.1:"+valueOf(server.Argv, "--server-port")).Replace(l.egressText())
	return l.write(filepath.Base(l.egressFile(i)), text)
}

// balance passes new connections to the API servers and to the
// konnectivity-servers to the first n instances in turn; 0: there is nothing to
// pass.
func (l *Lab) balance(ctx context.Context, n int) error {
	script := "nft delete table ip instances 2>/dev/null || true\n"
	if n > 0 {
		var to []string
		for i := range n {
			to = append(to, fmt.Sprintf("%d : %s", i, l.addressOf(instance(i))))
		}
		turn := fmt.Sprintf("dnat to numgen inc mod %d map { %s }", n, strings.Join(to, ", "))
		cp, ports := l.Plan.ControlPlane, l.Names.Ports
		script += fmt.Sprintf(`nft -f - <<'EOF2'
table ip instances {
 chain prerouting { type nat hook prerouting priority dstnat;
  ip daddr %[1]s tcp dport %[2]d %[4]s
  ip daddr %[1]s tcp dport %[3]d %[4]s
 }
 chain output { type nat hook output priority -100; ip daddr 127.0.0.1 tcp dport %[2]d %[4]s; }
}
EOF2
`, cp, ports.API, ports.Agent, turn)
	}
	_, err := l.in(ctx, "cp", script)
	return err
}

// published waits until the Service of the API has that many addresses.
func (l *Lab) published(ctx context.Context, n int) error {
	return until(ctx, usual, fmt.Sprintf("%d API servers", n), func(ctx context.Context) error {
		c, err := l.client()
		if err != nil {
			return err
		}
		var slice struct {
			Endpoints []struct {
				Addresses []string `json:"addresses"`
			} `json:"endpoints"`
		}
		if err := c.object(ctx, "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes", &slice); err != nil {
			return err
		}
		if len(slice.Endpoints) != n {
			return fmt.Errorf("the Service has %d addresses", len(slice.Endpoints))
		}
		return nil
	})
}

// servers is how many instances run.
func (l *Lab) servers() (n int, err error) {
	all, err := l.Processes()
	for _, p := range all {
		program, _, _ := strings.Cut(p.Name, "@")
		if program == KonnectivityServer && p.Running() {
			n++
		}
	}
	return n, err
}

// SetServerCount tells the konnectivity-servers how many they are, one after the
// other, and waits until requests pass through each.
func (l *Lab) SetServerCount(ctx context.Context, count int) error {
	n, err := l.servers()
	if err != nil {
		return err
	}
	for i := range n {
		name := instance(i).name(KonnectivityServer)
		if err := l.SetFlag(name, "server-count", fmt.Sprint(count)); err != nil {
			return err
		}
		if err := l.Restart(ctx, name); err != nil {
			return err
		}
	}
	return until(ctx, time.Minute, "requests to pass through each server", func(ctx context.Context) error {
		for range 2 * n {
			c, err := l.client()
			if err != nil {
				return err
			}
			for _, node := range l.Nodes {
				if err := l.logs(ctx, c, node); err != nil {
					return err
				}
			}
			c.http.CloseIdleConnections()
		}
		return nil
	})
}

// RemoveServers goes back to the one instance that up made.
func (l *Lab) RemoveServers(ctx context.Context) error {
	n, err := l.servers()
	if err != nil {
		return err
	}
	for i := n - 1; i > 0; i-- {
		if err := l.balance(ctx, i); err != nil {
			return err
		}
		for _, program := range []string{APIServer, KonnectivityServer} {
			if err := l.Kill(ctx, instance(i).name(program)); err != nil {
				return err
			}
		}
	}
	for _, name := range []string{KonnectivityServer, APIServer} {
		if err := l.Reconfigure(ctx, name); err != nil {
			return err
		}
	}
	if err := l.balance(ctx, 0); err != nil {
		return err
	}
	if err := l.StartAPI(ctx); err != nil {
		return err
	}
	return l.published(ctx, 1)
}
