package cluster

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/kubelaudo/laudo/lab/names"
)

// Status describes a lab to people and programs that want to look at it or break it by hand.
type Status struct {
	Name         string                `json:"name"`
	Simulated    int                   `json:"simulated"` // how many nodes are simulated; 0: they are real
	Profile      string                `json:"profile"`
	Seed         uint64                `json:"seed"`
	Healthy      bool                  `json:"healthy"`
	Trouble      string                `json:"trouble"` // why it is not healthy; empty if it is
	Fault        string                `json:"fault"`   // what was injected; empty: nothing
	Kubeconfigs  map[Standpoint]string `json:"kubeconfigs"`
	Kubectl      string                `json:"kubectl"`
	Dir          string                `json:"dir"`
	PKI          string                `json:"pki"`
	Logs         string                `json:"logs"`
	Cgroup       string                `json:"cgroup"`
	Server       string                `json:"server"` // the API server, from the host
	ControlPlane ControlPlaneStatus    `json:"controlPlane"`
	Admin        NetnsStatus           `json:"admin"`  // the standpoint agent-port
	Bridge       NetnsStatus           `json:"bridge"` // where a packet from one to another passes
	Nodes        []NodeStatus          `json:"nodes"`
	Plan         names.Plan            `json:"plan"`
	Names        names.Names           `json:"names"`
}

// NetnsStatus is a network namespace and the lab's address in it.
type NetnsStatus struct {
	Netns   string `json:"netns"`
	Address string `json:"address"`
}

// ControlPlaneStatus is the control plane.
type ControlPlaneStatus struct {
	NetnsStatus
	AgentEndpoint string         `json:"agentEndpoint"` // what agents dial
	AgentCert     string         `json:"agentCert"`     // file of the certificate shown to agents
	AgentClientCA string         `json:"agentClientCA"` // file of the authority that agents' certificates are verified with
	PIDs          map[string]int `json:"pids"`          // 0: not running
}

// NodeStatus is a node.
type NodeStatus struct {
	NetnsStatus
	ID         string         `json:"id"`
	Name       string         `json:"name"`
	PodCIDR    string         `json:"podCIDR"`
	Dir        string         `json:"dir"`
	Containerd string         `json:"containerd"` // its socket
	PIDs       map[string]int `json:"pids"`       // 0: not running
}

// Status looks at the lab.
func (l *Lab) Status(ctx context.Context) (*Status, error) {
	processes, err := l.Processes()
	if err != nil {
		return nil, err
	}
	pids := map[string]map[string]int{}
	for _, p := range processes {
		pid := 0
		if p.Running() {
			pid = p.PID
		}
		if pids[p.Where] == nil {
			pids[p.Where] = map[string]int{}
		}
		name, _, _ := strings.Cut(p.Name, "@")
		pids[p.Where][name] = pid
	}
	s := &Status{
		Name: l.Name, Simulated: l.Size, Profile: l.Profile, Seed: l.Seed, Fault: l.Fault,
		Kubeconfigs: map[Standpoint]string{API: l.Kubeconfig(API), AgentPort: l.Kubeconfig(AgentPort)},
		Kubectl:     l.bin("kubectl"),
		Dir:         l.Dir, PKI: string(l.PKI()), Logs: l.path("logs"), Cgroup: cgroupName(l.Name),
		Server: fmt.Sprintf("https://127.0.0.1:%d", l.HostPort),
		ControlPlane: ControlPlaneStatus{
			NetnsStatus:   NetnsStatus{l.Netns("cp"), l.Plan.ControlPlane.String()},
			AgentEndpoint: l.AgentEndpoint().String(),
			AgentCert:     l.cert(l.AgentServer()),
			AgentClientCA: l.cert(AgentClientCA),
			PIDs:          pids[l.controlPlane()],
		},
		Admin:  NetnsStatus{l.Netns("admin"), l.Plan.Admin.String()},
		Bridge: NetnsStatus{l.Netns("net"), l.Plan.Gateway.String()},
		Plan:   l.Plan, Names: l.Names,
	}
	for _, n := range l.Nodes {
		s.Nodes = append(s.Nodes, NodeStatus{NetnsStatus{l.Netns(n.ID), n.Address.String()}, n.ID, n.Name, n.PodCIDR.String(), l.nodeDir(n), l.containerdSocket(n), pids[n.ID]})
	}
	if err := l.Healthy(ctx); err != nil {
		s.Trouble = err.Error()
	}
	s.Healthy = s.Trouble == ""
	return s, nil
}

// Write prints the status for people.
func (s *Status) Write(w io.Writer) {
	fmt.Fprintf(w, "lab %s: %s, seed %d\n", s.Name, s.Profile, s.Seed)
	if s.Healthy {
		fmt.Fprintln(w, "healthy")
	} else {
		fmt.Fprintf(w, "not healthy: %s\n", s.Trouble)
	}
	if s.Fault != "" {
		fmt.Fprintf(w, "fault injected: %s\n", s.Fault)
	}
	fmt.Fprintf(w, "\nserver       %s\nKUBECONFIG   %s\n", s.Server, s.Kubeconfigs[API])
	if s.Simulated > 0 {
		fmt.Fprintf(w, "certificates %s\nlogs         %s\n\ncontrol plane of %d simulated nodes\n", s.PKI, s.Logs, s.Simulated)
		writePIDs(w, s.ControlPlane.PIDs)
		return
	}
	fmt.Fprintf(w, "agent port   %s (reached from: go run . exec --name %s --standpoint %s -- COMMAND)\n", s.ControlPlane.AgentEndpoint, s.Name, AgentPort)
	fmt.Fprintf(w, "certificates %s\nlogs         %s\n", s.PKI, s.Logs)
	fmt.Fprintf(w, "\ncontrol plane %s, namespace %s\n", s.ControlPlane.Address, s.ControlPlane.Netns)
	writePIDs(w, s.ControlPlane.PIDs)
	for _, n := range s.Nodes {
		fmt.Fprintf(w, "node %s %s, namespace %s\n", n.Name, n.Address, n.Netns)
		writePIDs(w, n.PIDs)
	}
	a := s.Names.Agent
	fmt.Fprintf(w, "agents %s/%s, client certificate in Secret %q, CA bundle in %s %q\n", a.Namespace, a.Name, a.Secret, a.BundleKind, a.Bundle)
}

func writePIDs(w io.Writer, pids map[string]int) {
	for _, name := range sortedKeys(pids) {
		if pids[name] == 0 {
			fmt.Fprintf(w, "  %-24s not running\n", name)
			continue
		}
		fmt.Fprintf(w, "  %-24s pid %d\n", name, pids[name])
	}
}
