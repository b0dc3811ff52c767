// Package cluster is a lab: a real Kubernetes cluster on one machine, in network
// namespaces of its own, with Konnectivity between its control plane and its
// nodes.
//
// # Networks
//
// A lab has a bridge in a namespace of its own (net) and, joined by it, a
// namespace for the control plane (cp), one for each node (n1, n2, …) and one
// for an administrator (admin). No interface joins them to the host; a small
// process in cp carries connections from a loopback port of the host to the API
// server. So traffic stays inside namespaces that the lab made and on loopback.
//
// The control plane cannot open a connection to a node, a Pod or a Service: a
// packet filter in cp drops it. Nodes and Pods reach two ports of the control
// plane, the API server's and the one for konnectivity-agents. Whatever the API
// server asks of a kubelet therefore went through Konnectivity.
//
// # Standpoints
//
// From the host only the API server can be reached: the standpoint API. From
// the namespace admin the agent port can be reached as well, and nothing else:
// the standpoint AgentPort. Lab.Command runs a program at either, with
// KUBECONFIG set to what works there.
//
// # Nodes
//
// A node is a network namespace and a mount namespace. In the latter /run,
// /var/lib and /var/log are the node's own, so that kubelets and containerds do
// not meet, nothing of them shows on the host, and every mount of a node ends
// with its last process. A process that sleeps holds the mount namespace.
//
// The package starts, stops, describes and changes labs; it judges nothing.
package cluster

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/kubelaudo/laudo/lab/names"
	"github.com/kubelaudo/laudo/lab/pki"
)

// Lab is one cluster. Its exported fields are what lab.json keeps.
type Lab struct {
	Name      string            `json:"name"`
	Profile   string            `json:"profile"`
	Seed      uint64            `json:"seed"`
	Dir       string            `json:"dir"`       // state directory
	Bin       string            `json:"bin"`       // binaries
	Images    map[string]string `json:"images"`    // references by name
	HostPort  int               `json:"hostPort"`  // loopback port of the API server; 0 before it is taken
	EtcdPorts [2]int            `json:"etcdPorts"` // for clients and peers, on the control plane's loopback
	Size      int               `json:"size"`      // how many nodes are simulated; 0: nodes are real
	Plan      names.Plan        `json:"plan"`
	Names     names.Names       `json:"names"`
	Nodes     []Node            `json:"nodes"`
	Created   time.Time         `json:"created"`
	Fault     string            `json:"fault"` // what was injected and not healed; empty: nothing

	log io.Writer
}

// Node is one node of a lab.
type Node struct {
	ID      string       `json:"id"` // n1, n2, …: names its directory and namespace
	Name    string       `json:"name"`
	Address netip.Addr   `json:"address"`
	PodCIDR netip.Prefix `json:"podCIDR"`
}

// Error is an error that comes with advice.
type Error struct {
	Message string
	Hint    string // what to do; empty: nothing to say
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// Root is the directory in which labs keep their state unless told otherwise.
func Root() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("finding the directory of labs: %v", err)
	}
	return filepath.Join(cache, "laudo-lab", "labs"), nil
}

// CheckName tells whether a lab can have that name.
func CheckName(name string) error {
	if !regexp.MustCompile(`^[a-z][a-z0-9-]{0,11}$`).MatchString(name) {
		return &Error{fmt.Sprintf("%q is no name for a lab", name), "take up to 12 of a-z, 0-9 and -, a letter first"}
	}
	return nil
}

// Open reads the lab with that name.
func Open(root, name string, log io.Writer) (*Lab, error) {
	if err := CheckName(name); err != nil {
		return nil, err
	}
	text, err := os.ReadFile(filepath.Join(root, name, "lab.json"))
	if errors.Is(err, os.ErrNotExist) {
		return nil, &Error{fmt.Sprintf("there is no lab %q", name), "start it: go run . up --name " + name}
	}
	if err != nil {
		return nil, fmt.Errorf("reading the state of lab %s: %v", name, err)
	}
	l := &Lab{}
	if err := json.Unmarshal(text, l); err != nil {
		return nil, fmt.Errorf("reading the state of lab %s: %v", name, err)
	}
	l.log = log
	return l, nil
}

// List names the labs that have state below the root.
func List(root string) ([]string, error) {
	entries, err := os.ReadDir(root)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("listing labs: %v", err)
	}
	var all []string
	for _, e := range entries {
		if e.IsDir() {
			all = append(all, e.Name())
		}
	}
	return all, nil
}

// save writes lab.json.
func (l *Lab) save() error {
	text, err := json.MarshalIndent(l, "", "  ")
	if err != nil {
		return fmt.Errorf("saving the state of lab %s: %v", l.Name, err)
	}
	path := l.path("lab.json")
	if err := os.WriteFile(path+".part", append(text, '\n'), 0o600); err != nil {
		return fmt.Errorf("saving the state of lab %s: %v", l.Name, err)
	}
	if err := os.Rename(path+".part", path); err != nil {
		return fmt.Errorf("saving the state of lab %s: %v", l.Name, err)
	}
	return nil
}

// write writes a file of the lab.
func (l *Lab) write(name, text string) error {
	if err := os.WriteFile(l.path(name), []byte(text), 0o600); err != nil {
		return fmt.Errorf("writing %s: %v", name, err)
	}
	return nil
}

// SetFault notes what was injected; empty for nothing.
func (l *Lab) SetFault(name string) error {
	l.Fault = name
	return l.save()
}

// lock takes the lock of all labs below the root until the function it returns is called.
func lock(root string) (func(), error) {
	if err := os.MkdirAll(root, 0o755); err != nil {
		return nil, fmt.Errorf("making the directory of labs: %v", err)
	}
	f, err := os.OpenFile(filepath.Join(root, ".lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("locking the directory of labs: %v", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		f.Close()
		return nil, fmt.Errorf("locking the directory of labs: %v", err)
	}
	return func() { f.Close() }, nil
}

func (l *Lab) path(parts ...string) string {
	return filepath.Join(append([]string{l.Dir}, parts...)...)
}

// PKI is where the lab's certificates are.
func (l *Lab) PKI() pki.Dir { return pki.Dir(l.path("pki")) }

// Kubeconfig is the path of the administrator's kubeconfig for the standpoint.
func (l *Lab) Kubeconfig(s Standpoint) string {
	if s == AgentPort {
		return l.path("kubeconfig", "agent-port.conf")
	}
	return l.path("kubeconfig", "admin.conf")
}

// NodeNamed finds a node by its name, ID or address.
func (l *Lab) NodeNamed(name string) (Node, error) {
	for _, n := range l.Nodes {
		if n.Name == name || n.ID == name || n.Address.String() == name {
			return n, nil
		}
	}
	var all []string
	for _, n := range l.Nodes {
		all = append(all, n.Name)
	}
	return Node{}, &Error{fmt.Sprintf("lab %s has no node %q", l.Name, name), "its nodes: " + strings.Join(all, ", ")}
}

// AgentEndpoint is the address that agents dial.
func (l *Lab) AgentEndpoint() netip.AddrPort {
	return netip.AddrPortFrom(l.Plan.ControlPlane, uint16(l.Names.Ports.Agent))
}

func (l *Lab) progress(format string, args ...any) {
	if l.log != nil {
		fmt.Fprintf(l.log, format+"\n", args...)
	}
}

// simulated tells whether the nodes have no machine behind them.
func (l *Lab) simulated() bool { return l.Profile == names.Simulated }

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
