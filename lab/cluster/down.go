package cluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/kubelaudo/laudo/lab/build"
)

// Down ends the lab with that name and leaves nothing of it: processes,
// containers, mounts, namespaces, control groups, files. It relies on what the
// machine shows rather than on what the lab noted, so it also cleans up after a
// lab that never finished coming up.
func Down(ctx context.Context, root, name string, log io.Writer) error {
	if err := CheckName(name); err != nil {
		return err
	}
	l := &Lab{Name: name, Dir: filepath.Join(root, name), log: log}
	if err := l.killAll(ctx); err != nil {
		return fmt.Errorf("ending lab %s: %w", name, err)
	}
	if err := until(ctx, 20*time.Second, "control groups to empty", func(context.Context) error {
		dirs, err := cgroupDirs(cgroupName(name))
		if err != nil {
			return err
		}
		var last error
		for _, d := range dirs {
			if err := os.Remove(d); err != nil && !os.IsNotExist(err) {
				last = err
			}
		}
		return last
	}); err != nil {
		return fmt.Errorf("ending lab %s: %w", name, err)
	}
	if err := l.unfence(ctx); err != nil {
		return fmt.Errorf("ending lab %s: %w", name, err)
	}
	if err := unmountBelow(ctx, l.Dir); err != nil {
		return fmt.Errorf("ending lab %s: %w", name, err)
	}
	if err := os.RemoveAll(l.Dir); err != nil {
		return fmt.Errorf("ending lab %s: %v", name, err)
	}
	return nil
}

// killAll kills until nothing of the lab lives: whatever runs in its network
// namespaces, in its control groups, or was started from its directory.
func (l *Lab) killAll(ctx context.Context) error {
	return until(ctx, 30*time.Second, "processes to end", func(context.Context) error {
		found, err := l.findProcesses()
		if err != nil {
			return err
		}
		noted, err := l.Processes()
		if err != nil {
			return err
		}
		for _, p := range noted {
			if p.Running() {
				found = append(found, p.PID)
			}
		}
		for _, pid := range found {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		if len(found) > 0 {
			return fmt.Errorf("%d still live", len(found))
		}
		return nil
	})
}

// findProcesses lists the processes of the lab as the machine shows them.
func (l *Lab) findProcesses() ([]int, error) {
	inodes := map[uint64]bool{}
	files, err := filepath.Glob(l.path("netns", "*"))
	if err != nil {
		return nil, fmt.Errorf("listing namespaces: %v", err)
	}
	var here syscall.Stat_t
	if err := syscall.Stat(l.Dir, &here); err != nil && !os.IsNotExist(err) {
		return nil, fmt.Errorf("listing namespaces: %v", err)
	}
	for _, f := range files {
		var s syscall.Stat_t
		if syscall.Stat(f, &s) == nil && s.Dev != here.Dev { // a file that no namespace is mounted on is on the directory's device
			inodes[s.Ino] = true
		}
	}
	entries, err := os.ReadDir("/proc")
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil // not Linux: what was noted is all there is
	}
	if err != nil {
		return nil, fmt.Errorf("listing processes: %v", err)
	}
	var found []int
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || pid == os.Getpid() {
			continue
		}
		if _, err := startTime(pid); err == nil && l.owns(pid, inodes) {
			found = append(found, pid)
		}
	}
	return found, nil
}

func (l *Lab) owns(pid int, netns map[uint64]bool) bool {
	proc := "/proc/" + strconv.Itoa(pid)
	var s syscall.Stat_t
	if syscall.Stat(proc+"/ns/net", &s) == nil && netns[s.Ino] {
		return true
	}
	if text, err := os.ReadFile(proc + "/cgroup"); err == nil && strings.Contains(string(text), "/"+cgroupName(l.Name)+"/") {
		return true
	}
	text, err := os.ReadFile(proc + "/cmdline")
	if err != nil {
		return false
	}
	program, rest, _ := strings.Cut(string(text), "\x00")
	switch filepath.Base(program) {
	case "etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", build.Kwok, "containerd-shim-runc-v2", "containerd", "nsenter", "unshare", "runc", "ctr":
		return strings.Contains(rest, l.Dir+"/")
	}
	return false
}
