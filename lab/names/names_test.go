package names

import (
	"net/netip"
	"reflect"
	"testing"
)

func TestDrawIsDecidedBySeed(t *testing.T) {
	for _, profile := range Profiles() {
		for seed := range uint64(50) {
			a, b := Draw(seed, profile, 3), Draw(seed, profile, 3)
			if !reflect.DeepEqual(a, b) {
				t.Fatalf("seed %d, %s: two draws differ:\n%+v\n%+v", seed, profile, a, b)
			}
		}
	}
}

func TestDrawVaries(t *testing.T) {
	layouts, agents, secrets := map[Layout]bool{}, map[string]bool{}, map[string]bool{}
	for seed := range uint64(100) {
		n := Draw(seed, DeploymentMTLS, 2)
		layouts[n.Authority] = true
		agents[n.Agent.Namespace+"/"+n.Agent.Name] = true
		secrets[n.Agent.Secret] = true
	}
	if len(layouts) != 4 || len(agents) < 6 || len(secrets) < 3 {
		t.Errorf("100 seeds gave %d layouts, %d agents, %d secrets", len(layouts), len(agents), len(secrets))
	}
}

func TestDrawIsConsistent(t *testing.T) {
	for seed := range uint64(200) {
		for _, profile := range Profiles() {
			n := Draw(seed, profile, 2)
			a := n.Agent
			if (a.Secret == "") != (profile == DaemonSetToken) {
				t.Errorf("seed %d, %s: client certificate Secret is %q", seed, profile, a.Secret)
			}
			if a.Bundle == a.Secret && (a.BundleKind != "Secret" || a.BundlePath != a.MountPath || a.BundleKey == a.CertKey) {
				t.Errorf("seed %d, %s: bundle and client certificate share a Secret but not a mount: %+v", seed, profile, a)
			}
			if a.Bundle != a.Secret && a.BundlePath == a.MountPath {
				t.Errorf("seed %d, %s: two volumes at %s", seed, profile, a.MountPath)
			}
			same := n.Subjects.AgentServerCA == n.Subjects.AgentClientCA
			if same == (n.Authority == TwoCAs) {
				t.Errorf("seed %d: layout %s with subjects %+v", seed, n.Authority, n.Subjects)
			}
			p := n.Ports
			seen := map[int]bool{}
			for _, port := range []int{p.API, p.Agent, p.Frontend, p.Admin, p.Health} {
				if seen[port] {
					t.Errorf("seed %d: port %d drawn twice: %+v", seed, port, p)
				}
				seen[port] = true
			}
			if n.Nodes[0] == n.Nodes[1] {
				t.Errorf("seed %d: two nodes named %s", seed, n.Nodes[0])
			}
		}
	}
}

func TestPlansDoNotOverlap(t *testing.T) {
	var all []netip.Prefix
	for i := range MaxLabs {
		p, err := NewPlan(i)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p.Hosts, p.Pods, p.Services)
		for n := range MaxNodes {
			if !p.Hosts.Contains(p.Node(n)) || !p.Pods.Overlaps(p.PodCIDR(n)) {
				t.Fatalf("lab %d, node %d: %s and %s are outside %s and %s", i, n, p.Node(n), p.PodCIDR(n), p.Hosts, p.Pods)
			}
		}
		if !p.Services.Contains(p.DNS) || !p.Services.Contains(p.API) {
			t.Fatalf("lab %d: %s and %s are outside %s", i, p.DNS, p.API, p.Services)
		}
	}
	for i, a := range all {
		for _, b := range all[i+1:] {
			if a.Overlaps(b) {
				t.Errorf("%s overlaps %s", a, b)
			}
		}
	}
	if _, err := NewPlan(MaxLabs); err == nil {
		t.Error("a lab too many got a plan")
	}
}
