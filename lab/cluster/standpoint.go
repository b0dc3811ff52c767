package cluster

import (
	"context"
	"fmt"
	"os"
	"os/exec"
)

// Standpoint is a place from which somebody looks at the cluster.
type Standpoint string

// The standpoints of a lab.
const (
	API       Standpoint = "api"        // the host: the API server only
	AgentPort Standpoint = "agent-port" // an administrator's network: the agent port too
)

// Standpoints lists all.
func Standpoints() []Standpoint { return []Standpoint{API, AgentPort} }

// Command prepares a program to run at the standpoint, with KUBECONFIG set and
// the lab's kubectl first in PATH.
func (l *Lab) Command(ctx context.Context, at Standpoint, argv ...string) (*exec.Cmd, error) {
	switch at {
	case API, NodeProbe:
	case AgentPort:
		if l.simulated() {
			return nil, &Error{fmt.Sprintf("lab %s is simulated and has no agent port", l.Name), "leave --standpoint out"}
		}
		argv = append([]string{"nsenter", "--net=" + l.Netns("admin"), "--"}, argv...)
	default:
		return nil, &Error{fmt.Sprintf("there is no standpoint %q", at), fmt.Sprintf("take %s or %s", API, AgentPort)}
	}
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Env = append(os.Environ(), "KUBECONFIG="+l.Kubeconfig(at), "PATH="+l.Bin+":"+os.Getenv("PATH"))
	return cmd, nil
}
