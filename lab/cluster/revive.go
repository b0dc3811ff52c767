package cluster

import (
	"os"
	"strings"
)

// Revive starts kube-controller-manager and kube-scheduler again if they ended
// because the API server was away for longer than their leases, as a kubelet
// does with them. What was stopped otherwise stays so.
func (l *Lab) Revive() error {
	if l.simulated() {
		return nil
	}
	for _, name := range []string{ControllerManager, Scheduler} {
		p, err := l.process(name)
		if err != nil {
			return err
		}
		if p.Running() {
			continue
		}
		text, err := os.ReadFile(l.Log(name))
		if err != nil {
			return err
		}
		lines := strings.Split(strings.TrimSpace(string(text)), "\n")
		if last := strings.Join(lines[max(0, len(lines)-5):], "\n"); !strings.Contains(last, "election lost") {
			continue
		}
		if err := l.Start(name); err != nil {
			return err
		}
	}
	return nil
}
