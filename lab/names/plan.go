package names

import (
	"fmt"
	"net/netip"
)

// Plan is the addressing of one lab. All of it lies inside network namespaces
// that the lab makes, except HostPort on loopback.
type Plan struct {
	Index        int          `json:"index"`        // which lab of this machine; unique while it is up
	Hosts        netip.Prefix `json:"hosts"`        // control plane, admin and nodes
	Pods         netip.Prefix `json:"pods"`         // all Pods
	Services     netip.Prefix `json:"services"`     // cluster IPs
	Gateway      netip.Addr   `json:"gateway"`      // the bridge; forwards nothing
	ControlPlane netip.Addr   `json:"controlPlane"` // API server and konnectivity-server
	Admin        netip.Addr   `json:"admin"`        // the standpoint that reaches the agent port too
	DNS          netip.Addr   `json:"dns"`          // cluster IP of the DNS Service
	API          netip.Addr   `json:"api"`          // cluster IP of the kubernetes Service
}

// MaxLabs is how many labs one machine can hold at a time.
const MaxLabs = 64

// MaxNodes is how many nodes one lab can have, MaxSimulated how many if they are simulated.
const (
	MaxNodes     = 32
	MaxSimulated = 5000
)

// NewPlan gives the addressing of the lab with that index.
func NewPlan(index int) (Plan, error) {
	if index < 0 || index >= MaxLabs {
		return Plan{}, fmt.Errorf("planning addresses: index %d is not in 0..%d", index, MaxLabs-1)
	}
	at := func(third, fourth byte) netip.Addr {
		return netip.AddrFrom4([4]byte{10, byte(64 + index), third, fourth})
	}
	return Plan{
		Index:        index,
		Hosts:        netip.PrefixFrom(at(0, 0), 24),
		Pods:         netip.PrefixFrom(at(64, 0), 18),
		Services:     netip.PrefixFrom(at(128, 0), 20),
		Gateway:      at(0, 1),
		ControlPlane: at(0, 2),
		Admin:        at(0, 3),
		DNS:          at(128, 10),
		API:          at(128, 1),
	}, nil
}

// Node gives the address of the node with that number, from 0.
func (p Plan) Node(i int) netip.Addr {
	a := p.Hosts.Addr().As4()
	a[3] = byte(11 + i)
	return netip.AddrFrom4(a)
}

// PodCIDR gives the Pod network of the node with that number, from 0.
func (p Plan) PodCIDR(i int) netip.Prefix {
	a := p.Pods.Addr().As4()
	a[2] += byte(i)
	return netip.PrefixFrom(netip.AddrFrom4(a), 24)
}
