package cluster

import (
	"context"
	"fmt"
	"os"
	"strings"
	"syscall"
)

// FreezeAgents stops every agent's process as it stands, or lets it go on.
func (l *Lab) FreezeAgents(_ context.Context, frozen bool) error {
	processes, err := l.agentProcesses()
	if err != nil {
		return err
	}
	if len(processes) == 0 {
		return fmt.Errorf("freezing agents: none runs")
	}
	sign := syscall.SIGCONT
	if frozen {
		sign = syscall.SIGSTOP
	}
	for pid := range processes {
		if err := syscall.Kill(pid, sign); err != nil {
			return fmt.Errorf("freezing agents: %v", err)
		}
	}
	return nil
}

// FreezeAgent stops the agent's process on one node, or lets it go on.
func (l *Lab) FreezeAgent(_ context.Context, n Node, frozen bool) error {
	processes, err := l.agentProcesses()
	if err != nil {
		return err
	}
	sign := syscall.SIGCONT
	if frozen {
		sign = syscall.SIGSTOP
	}
	found := false
	for pid := range processes {
		group, err := os.ReadFile(fmt.Sprintf("/proc/%d/cgroup", pid))
		if err != nil || !strings.Contains(string(group), l.cgroup(n)+"/") {
			continue
		}
		found = true
		if err := syscall.Kill(pid, sign); err != nil {
			return fmt.Errorf("freezing the agent on %s: %v", n.Name, err)
		}
	}
	if !found {
		return fmt.Errorf("freezing the agent on %s: none runs", n.Name)
	}
	return nil
}

// RestartAPI restarts the API server and waits until it is ready.
func (l *Lab) RestartAPI(ctx context.Context) error {
	if err := l.Kill(ctx, APIServer); err != nil {
		return err
	}
	return l.StartAPI(ctx)
}

// StartAPI starts the API server, unless it runs, and waits until it is ready.
// If it ends meanwhile it is started again, as a kubelet does with it.
func (l *Lab) StartAPI(ctx context.Context) error {
	c, err := l.client()
	if err != nil {
		return err
	}
	return until(ctx, usual, APIServer, func(ctx context.Context) error {
		if err := l.Start(APIServer); err != nil {
			return err
		}
		_, err := c.get(ctx, "/readyz")
		return err
	})
}
