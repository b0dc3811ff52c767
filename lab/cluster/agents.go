package cluster

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// SetData puts values into a Secret or ConfigMap that exists.
func (l *Lab) SetData(ctx context.Context, kind, namespace, name string, values map[string][]byte) error {
	data := map[string]string{}
	for key, value := range values {
		data[key] = string(value)
		if strings.EqualFold(kind, "Secret") {
			data[key] = base64.StdEncoding.EncodeToString(value)
		}
	}
	patch, err := json.Marshal(map[string]any{"data": data})
	if err != nil {
		return fmt.Errorf("writing %s %s/%s: %v", kind, namespace, name, err)
	}
	_, err = l.Kubectl(ctx, "", "patch", strings.ToLower(kind), name, "--namespace="+namespace, "--type=merge", "--patch="+string(patch))
	return err
}

// Data reads a key of a Secret or ConfigMap.
func (l *Lab) Data(ctx context.Context, kind, namespace, name, key string) ([]byte, error) {
	c, err := l.client()
	if err != nil {
		return nil, err
	}
	plural := "configmaps"
	if strings.EqualFold(kind, "Secret") {
		plural = "secrets"
	}
	var object struct {
		Data map[string]string `json:"data"`
	}
	if err := c.object(ctx, "/api/v1/namespaces/"+namespace+"/"+plural+"/"+name, &object); err != nil {
		return nil, err
	}
	value, ok := object.Data[key]
	if !ok {
		return nil, fmt.Errorf("reading %s %s/%s: it has no key %q", kind, namespace, name, key)
	}
	if plural == "configmaps" {
		return []byte(value), nil
	}
	return base64.StdEncoding.DecodeString(value)
}

// ReplaceAgents replaces every agent Pod as the loss of its node would: the
// process is killed, for one that ends in order drains its streams and keeps
// the tunnel up meanwhile.
func (l *Lab) ReplaceAgents(ctx context.Context) error {
	old, err := l.agentProcesses()
	if err != nil {
		return err
	}
	a := l.Names.Agent
	if _, err := l.Kubectl(ctx, "", "delete", "pods", "--namespace="+a.Namespace, "--selector="+a.Selector(), "--force", "--grace-period=0", "--wait=false"); err != nil {
		return err
	}
	return until(ctx, 20*time.Second, "the agents to end", func(context.Context) error {
		now, err := l.agentProcesses()
		if err != nil {
			return err
		}
		left := 0
		for pid, start := range old {
			if now[pid] == start {
				left++
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
		}
		if left > 0 {
			return fmt.Errorf("%d live", left)
		}
		return nil
	})
}

// agentProcesses gives the start times of the agents' processes by PID.
func (l *Lab) agentProcesses() (map[int]uint64, error) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil, fmt.Errorf("listing processes: %v", err)
	}
	found := map[int]uint64{}
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		group, err := os.ReadFile("/proc/" + e.Name() + "/cgroup")
		if err != nil || !strings.Contains(string(group), "/"+cgroupName(l.Name)+"/") {
			continue
		}
		argv, err := os.ReadFile("/proc/" + e.Name() + "/cmdline")
		if err != nil || !strings.HasPrefix(string(argv), "/proxy-agent\x00") {
			continue
		}
		if start, err := startTime(pid); err == nil {
			found[pid] = start
		}
	}
	return found, nil
}

// AgentsHaveRun waits until every agent's process has run for that long.
func (l *Lab) AgentsHaveRun(ctx context.Context, long time.Duration) error {
	var since time.Time
	return until(ctx, usual, "the agents to run", func(context.Context) error {
		now, err := l.agentProcesses()
		switch {
		case err != nil:
			return err
		case len(now) < len(l.Nodes):
			since = time.Time{}
			return fmt.Errorf("%d of %d run", len(now), len(l.Nodes))
		case since.IsZero():
			since = time.Now()
		}
		if time.Since(since) < long {
			return errors.New("they have just started")
		}
		return nil
	})
}
