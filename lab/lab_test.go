package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kubelaudo/laudo/lab/build"
	"github.com/kubelaudo/laudo/lab/cluster"
	"github.com/kubelaudo/laudo/lab/faults"
)

// needsLab skips a test, and says so loudly, where no lab can run; in CI that is a failure.
func needsLab(t *testing.T) {
	t.Helper()
	why := ""
	switch {
	case testing.Short():
		t.Skip("short")
	case runtime.GOOS != "linux":
		why = "this is not Linux"
	case os.Geteuid() != 0:
		why = "this is not root"
	case len(build.Missing()) > 0 && os.Getenv("CI") != "true":
		why = "packages are missing: " + strings.Join(build.Missing(), " ")
	}
	if why == "" {
		return
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("no lab can run here, and in CI one must: %s", why)
	}
	line := strings.Repeat("*", 72)
	fmt.Fprintf(os.Stderr, "%s\n* NOT TESTED: %s, so nothing was tried on a real cluster\n%s\n", line, why, line)
	t.Skip(why)
}

// program builds this command.
func program(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "lab")
	if text, err := exec.CommandContext(t.Context(), "go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		t.Fatalf("building the command: %v\n%s", err, text)
	}
	return path
}

// traces lists what a lab of that name could leave on the machine.
func traces(t *testing.T, name, root string) []string {
	t.Helper()
	var found []string
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(mounts)) {
		if strings.Contains(line, filepath.Join(root, name)) {
			found = append(found, "mount "+line)
		}
	}
	err = filepath.WalkDir("/sys/fs/cgroup", func(path string, _ fs.DirEntry, err error) error {
		if err == nil && filepath.Base(path) == "laudo-lab-"+name {
			found = append(found, "control group "+path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	processes, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range processes {
		text, err := os.ReadFile(file)
		if err == nil && strings.Contains(string(text), filepath.Join(root, name)+"/") {
			found = append(found, "process "+strings.ReplaceAll(string(text), "\x00", " "))
		}
	}
	if routes, err := exec.CommandContext(t.Context(), "ip", "route", "show", "type", "unreachable").Output(); err == nil {
		for line := range strings.Lines(string(routes)) {
			found = append(found, "route "+line)
		}
	}
	if _, err := os.Stat(filepath.Join(root, name)); err == nil {
		found = append(found, "directory "+filepath.Join(root, name))
	}
	for _, dir := range []string{"/var/lib/kubelet", "/var/lib/cni", "/run/containerd/s", "/opt/containerd", "/var/log/containers"} {
		if entries, err := os.ReadDir(dir); err == nil {
			for _, e := range entries {
				found = append(found, "file "+filepath.Join(dir, e.Name()))
			}
		}
	}
	return found
}

// interfaces lists the host's network interfaces.
func interfaces(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir("/sys/class/net")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

func TestLab(t *testing.T) {
	needsLab(t)
	root, err := cluster.Root()
	if err != nil {
		t.Fatal(err)
	}
	lab, name := program(t), fmt.Sprintf("t%d", os.Getpid()%100000)
	ctx := t.Context()
	before, links := traces(t, name, root), interfaces(t)
	clean := func(t *testing.T, when string) {
		t.Helper()
		for _, trace := range traces(t, name, root) {
			if !slices.Contains(before, trace) {
				t.Errorf("%s: left behind: %s", when, trace)
			}
		}
		if now := interfaces(t); !slices.Equal(now, links) {
			t.Errorf("%s: interfaces were %v and are %v", when, links, now)
		}
	}
	command := func(args ...string) *exec.Cmd {
		cmd := exec.CommandContext(ctx, lab, args...)
		cmd.Stderr = os.Stderr
		return cmd
	}
	t.Cleanup(func() {
		cmd := exec.CommandContext(context.WithoutCancel(ctx), lab, "down", "--name", name)
		if text, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("down: %v\n%s", err, text)
		}
		clean(t, "down")
	})
	if err := command("up", "--name", name, "--seed", "5").Run(); err != nil {
		t.Fatalf("up: %v", err)
	}
	l, err := cluster.Open(root, name, os.Stderr)
	if err != nil {
		t.Fatal(err)
	}

	t.Run("networks", func(t *testing.T) { testNetworks(t, l) })
	for _, fault := range []string{"agent-cert-expired", "kubelet-port-blocked"} {
		t.Run(fault, func(t *testing.T) {
			f, err := faults.Named(fault)
			if err != nil {
				t.Fatal(err)
			}
			if err := f.Break(t.Context(), l); err != nil {
				t.Error(err)
			}
			if err := f.Undo(t.Context(), l); err != nil {
				t.Error(err)
			}
		})
	}
	if err := command("down", "--name", name).Run(); err != nil {
		t.Fatalf("down: %v", err)
	}
	clean(t, "down")

	for _, c := range []struct {
		signal syscall.Signal
		after  time.Duration
	}{{syscall.SIGINT, time.Second}, {syscall.SIGINT, 9 * time.Second}, {syscall.SIGKILL, 2 * time.Second}, {syscall.SIGKILL, 9 * time.Second}} {
		t.Run(fmt.Sprintf("%s after %s", c.signal, c.after), func(t *testing.T) {
			cmd := command("up", "--name", name, "--seed", "6")
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			time.AfterFunc(c.after, func() { _ = cmd.Process.Signal(c.signal) })
			err := cmd.Wait()
			if c.signal == syscall.SIGINT {
				if code := cmd.ProcessState.ExitCode(); code != 130 {
					t.Errorf("exit code %d (%v), want 130", code, err)
				}
			} else if err := command("down", "--name", name).Run(); err != nil {
				t.Fatalf("down: %v", err)
			}
			clean(t, "interrupted")
		})
	}
}

// testNetworks tries who reaches what.
func testNetworks(t *testing.T, l *cluster.Lab) {
	kubelet := fmt.Sprintf("%s/10250", l.Nodes[0].Address)
	agents := fmt.Sprintf("%s/%d", l.Plan.ControlPlane, l.Names.Ports.Agent)
	api := fmt.Sprintf("%s/%d", l.Plan.ControlPlane, l.Names.Ports.API)
	etcd := fmt.Sprintf("%s/2379", l.Plan.ControlPlane)
	for _, c := range []struct {
		from, to string
		reaches  bool
	}{
		{"cp", kubelet, false},
		{"admin", kubelet, false},
		{"admin", agents, true},
		{"admin", api, true},
		{"n1", agents, true},
		{"n1", api, true},
		{"n1", etcd, false},
		{"n2", kubelet, true},
		{"", agents, false},
		{"", kubelet, false},
	} {
		argv := []string{"timeout", "2", "bash", "-c", "exec 3<>/dev/tcp/" + c.to}
		if c.from != "" {
			argv = append([]string{"nsenter", "--net=" + l.Netns(c.from), "--"}, argv...)
		}
		err := exec.CommandContext(t.Context(), argv[0], argv[1:]...).Run()
		if (err == nil) != c.reaches {
			t.Errorf("from %q to %s: reached is %t, want %t", c.from, c.to, err == nil, c.reaches)
		}
	}
	for _, s := range cluster.Standpoints() {
		cmd, err := l.Command(t.Context(), s, "kubectl", "get", "nodes", "-o", "name")
		if err != nil {
			t.Fatal(err)
		}
		text, err := cmd.CombinedOutput()
		if err != nil || bytes.Count(text, []byte("node/")) != len(l.Nodes) {
			t.Errorf("kubectl from %s: %v\n%s", s, err, text)
		}
	}
}
