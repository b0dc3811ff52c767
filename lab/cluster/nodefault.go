package cluster

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// SetEviction starts the node's kubelet with other thresholds of eviction, such
// as nodefs.available: 99%. Nil: those that the lab gives it.
func (l *Lab) SetEviction(ctx context.Context, n Node, thresholds map[string]string) error {
	text, err := l.kubeletConfig(n)
	if err != nil {
		return err
	}
	if thresholds != nil {
		config := map[string]any{}
		if err := json.Unmarshal([]byte(text), &config); err != nil {
			return fmt.Errorf("reading the kubelet's configuration: %v", err)
		}
		config["evictionHard"] = thresholds
		config["evictionPressureTransitionPeriod"] = "5s"
		changed, err := json.MarshalIndent(config, "", "  ")
		if err != nil {
			return fmt.Errorf("writing the kubelet's configuration: %v", err)
		}
		text = string(changed)
	}
	if err := os.WriteFile(l.nodeDir(n, "kubelet.json"), []byte(text), 0o644); err != nil {
		return fmt.Errorf("writing the kubelet's configuration: %v", err)
	}
	return l.Restart(ctx, n.Kubelet())
}

// cniFile is the configuration of the node's network plugin.
func (l *Lab) cniFile(n Node) string { return l.nodeDir(n, "cni", "10-lab.conflist") }

// HideCNI takes the configuration of its network plugin from the node.
func (l *Lab) HideCNI(n Node) error {
	return os.Rename(l.cniFile(n), l.nodeDir(n, "10-lab.conflist"))
}

// ShowCNI gives it back, if it was taken. It is written, not renamed: containerd
// looks again when a file is written, not when one appears.
func (l *Lab) ShowCNI(n Node) error {
	if _, err := os.Stat(l.cniFile(n)); err == nil {
		return nil
	}
	text, err := os.ReadFile(l.nodeDir(n, "10-lab.conflist"))
	if err != nil {
		return err
	}
	return os.WriteFile(l.cniFile(n), text, 0o644)
}

// Isolate drops what is forwarded to the addresses on every node, as a network
// plugin does that enforces a NetworkPolicy: the lab's own enforces none. What
// the node itself sends, such as probes, passes. Without addresses nothing is
// dropped any more.
func (l *Lab) Isolate(ctx context.Context, addresses ...string) error {
	for _, n := range l.Nodes {
		commands := "nft add table inet denied && nft delete table inet denied"
		if len(addresses) > 0 {
			commands += " && nft add table inet denied && nft add chain inet denied forward '{ type filter hook forward priority 0 ; }'" +
				" && nft add rule inet denied forward ip daddr '{ " + strings.Join(addresses, ", ") + " }' drop"
		}
		if _, err := l.in(ctx, n.ID, commands); err != nil {
			return err
		}
	}
	return nil
}
