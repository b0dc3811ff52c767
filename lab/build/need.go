package build

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// need is something of the distribution's that a lab runs, and its package.
type need struct{ program, pkg string }

// Missing lists the Debian packages that a lab needs and that are not there.
func Missing() []string {
	needs := []need{
		{"containerd", "containerd"},
		{"ctr", "containerd"},
		{"runc", "runc"},
		{"ip", "iproute2"},
		{"nft", "nftables"},
		{"nsenter", "util-linux"},
		{"unshare", "util-linux"},
		{"mount", "mount"},
		{"iptables", "iptables"},
		{"conntrack", "conntrack"},
		{"ethtool", "ethtool"},
	}
	path := os.Getenv("PATH")
	var missing []string
	seen := map[string]bool{}
	add := func(pkg string) {
		if !seen[pkg] {
			seen[pkg] = true
			missing = append(missing, pkg)
		}
	}
	for _, n := range needs {
		if _, err := exec.LookPath(n.program); err != nil && !inSbin(n.program, path) {
			add(n.pkg)
		}
	}
	if !inDirs("ptp", "/usr/lib/cni", "/opt/cni/bin") {
		add("containernetworking-plugins")
	}
	return missing
}

func inSbin(program, path string) bool {
	return !strings.Contains(path, "sbin") && inDirs(program, "/usr/sbin", "/sbin", "/usr/local/sbin")
}

func inDirs(file string, dirs ...string) bool {
	for _, d := range dirs {
		if _, err := os.Stat(d + "/" + file); err == nil {
			return true
		}
	}
	return false
}

// Install installs packages with apt-get; it removes none, so that a container
// engine that is there already is left alone.
func Install(ctx context.Context, pkgs []string, log io.Writer) error {
	for _, args := range [][]string{
		{"update"},
		append([]string{"install", "--yes", "--no-remove", "--no-install-recommends"}, pkgs...),
	} {
		cmd := exec.CommandContext(ctx, "apt-get", args...)
		cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
		cmd.Stdout, cmd.Stderr = log, log
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("installing %s: apt-get %s: %v", strings.Join(pkgs, " "), args[0], err)
		}
	}
	return nil
}
