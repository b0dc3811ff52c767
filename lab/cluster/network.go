package cluster

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
)

// Netns is the path of a network namespace of the lab: net, cp, admin, or a node's ID.
func (l *Lab) Netns(id string) string { return l.path("netns", id) }

// namespaces lists the IDs of the lab's network namespaces.
func (l *Lab) namespaces() []string {
	ids := []string{"net", "cp", "admin"}
	for _, n := range l.Nodes {
		ids = append(ids, n.ID)
	}
	return ids
}

// in runs a shell script inside a network namespace.
func (l *Lab) in(ctx context.Context, id, script string) (string, error) {
	return run(ctx, script, "nsenter", "--net="+l.Netns(id), "--", "sh", "-eu")
}

// makeNetworks makes the namespaces, joins them by a bridge and sets the filters.
func (l *Lab) makeNetworks(ctx context.Context) error {
	if err := os.MkdirAll(l.path("netns"), 0o755); err != nil {
		return fmt.Errorf("making network namespaces: %v", err)
	}
	if err := l.fence(ctx); err != nil {
		return err
	}
	for _, id := range l.namespaces() {
		if err := os.WriteFile(l.Netns(id), nil, 0o600); err != nil {
			return fmt.Errorf("making network namespace %s: %v", id, err)
		}
		if _, err := run(ctx, "", "unshare", "--net="+l.Netns(id), "true"); err != nil {
			return fmt.Errorf("making network namespace %s: %w", id, err)
		}
	}
	for _, id := range l.namespaces() {
		if _, err := l.in(ctx, id, l.networkScript(id)); err != nil {
			return fmt.Errorf("setting up network namespace %s: %w", id, err)
		}
	}
	return nil
}

// fenceFile, in the lab's directory, notes the route that fence made.
const fenceFile = "fence"

// fence makes the lab's addresses unreachable from the machine itself. Without
// it a connection to one of them, made outside of the lab's namespaces, would
// leave the machine and reach whoever has that address out there.
func (l *Lab) fence(ctx context.Context) error {
	prefix := netip.PrefixFrom(l.Plan.Hosts.Addr(), 16).Masked().String()
	if err := os.WriteFile(l.path(fenceFile), []byte(prefix), 0o600); err != nil {
		return fmt.Errorf("fencing the lab's addresses: %v", err)
	}
	if _, err := run(ctx, "", "ip", "route", "replace", "unreachable", prefix, "metric", "50"); err != nil {
		return fmt.Errorf("fencing the lab's addresses: %w", err)
	}
	return nil
}

// unfence takes back what fence did. It relies on the note, not on the lab's
// state, which a lab that never came up may lack.
func (l *Lab) unfence(ctx context.Context) error {
	prefix, err := os.ReadFile(l.path(fenceFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading which addresses are fenced: %v", err)
	}
	shown, err := run(ctx, "", "ip", "route", "show", "type", "unreachable", string(prefix), "metric", "50")
	if err != nil {
		return fmt.Errorf("looking for the fence of %s: %w", prefix, err)
	}
	if strings.TrimSpace(shown) == "" {
		return nil
	}
	if _, err := run(ctx, "", "ip", "route", "del", "unreachable", string(prefix), "metric", "50"); err != nil {
		return fmt.Errorf("taking the fence of %s away: %w", prefix, err)
	}
	return nil
}

// networkScript sets one namespace up. The one with the bridge comes first: it
// makes the others' interfaces.
func (l *Lab) networkScript(id string) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("set_() { if [ -w /proc/sys/$1 ]; then echo $2 > /proc/sys/$1; fi; }")
	line("set_ net/ipv6/conf/all/disable_ipv6 1")
	line("set_ net/ipv6/conf/default/disable_ipv6 1")
	line("ip link set lo up")
	bits, plan := l.Plan.Hosts.Bits(), l.Plan
	if id == "net" {
		line("set_ net/bridge/bridge-nf-call-iptables 0")
		line("ip link add br0 type bridge")
		line("ip addr add %s/%d dev br0", plan.Gateway, bits)
		line("ip link set br0 up")
		for _, other := range l.namespaces()[1:] {
			line("ip link add %s type veth peer name eth0 netns %s", other, l.Netns(other))
			line("ip link set %s master br0 up", other)
		}
		line("nft -f - <<'EOF'\n%sEOF", emptyFirewall("bridge", "forward"))
		return b.String()
	}
	own := plan.Admin
	switch id {
	case "cp":
		own = plan.ControlPlane
	case "admin":
	default:
		for _, n := range l.Nodes {
			if n.ID == id {
				own = n.Address
			}
		}
	}
	line("ip addr add %s/%d dev eth0", own, bits)
	line("ip link set eth0 up")
	switch id {
	case "cp":
		line("ip route add default via %s", plan.Gateway)
		line("nft -f - <<'EOF'\n%s%sEOF", l.isolation(), emptyFirewall("inet", "input"))
	case "admin":
		line("nft -f - <<'EOF'\ntable inet isolation {\n chain output { type filter hook output priority 0; oifname != \"lo\" ip daddr != %s drop; }\n}\nEOF", plan.ControlPlane)
	default:
		line("set_ net/ipv4/ip_forward 1")
		line("set_ net/ipv4/conf/all/rp_filter 0")
		line("set_ net/ipv4/conf/default/rp_filter 0")
		line("ip route add default via %s", plan.Gateway)
		for _, n := range l.Nodes {
			if n.ID != id {
				line("ip route add %s via %s", n.PodCIDR, n.Address)
			}
		}
		line("nft -f - <<'EOF'\n%s%sEOF", l.masquerade(), emptyFirewall("inet", "input", "forward", "output"))
	}
	return b.String()
}

// isolation lets nodes and Pods reach two ports of the control plane, and the
// control plane open no connection to them.
func (l *Lab) isolation() string {
	p := l.Plan
	return fmt.Sprintf(`table inet isolation {
 chain output { type filter hook output priority 0; oifname != "lo" ct state new ip daddr { %s, %s, %s } counter drop; }
 chain input { type filter hook input priority 0; policy drop;
  iifname "lo" accept; ct state established,related accept; meta l4proto icmp accept;
  ip saddr { %s, %s } tcp dport { %d, %d } accept; }
}
`, p.Hosts, p.Pods, p.Services, p.Hosts, p.Pods, l.Names.Ports.API, l.Names.Ports.Agent)
}

// masquerade gives Pods that leave the Pod network their node's address.
func (l *Lab) masquerade() string {
	return fmt.Sprintf(`table inet leaving {
 chain postrouting { type nat hook postrouting priority srcnat; oifname "eth0" ip saddr %s ip daddr != %s masquerade; }
}
`, l.Plan.Pods, l.Plan.Pods)
}

// emptyFirewall is the table into which faults put rules and from which cures take them.
func emptyFirewall(family string, hooks ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "table %s firewall {\n", family)
	for _, hook := range hooks {
		fmt.Fprintf(&b, " chain %s { type filter hook %s priority 10; }\n", hook, hook)
	}
	b.WriteString("}\n")
	return b.String()
}

// unmountBelow unmounts whatever is mounted below the directory, last mounts first.
func unmountBelow(ctx context.Context, dir string) error {
	text, err := os.ReadFile("/proc/self/mountinfo")
	if errors.Is(err, os.ErrNotExist) {
		return nil // not Linux
	}
	if err != nil {
		return fmt.Errorf("reading mounts: %v", err)
	}
	lines := strings.Split(string(text), "\n")
	for i := len(lines) - 1; i >= 0; i-- {
		fields := strings.Fields(lines[i])
		if len(fields) < 5 || !strings.HasPrefix(fields[4], filepath.Clean(dir)+"/") {
			continue
		}
		if _, err := run(ctx, "", "umount", "--lazy", fields[4]); err != nil {
			return err
		}
	}
	return nil
}
