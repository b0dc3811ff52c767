package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Process is a long-running program of a lab. Its file in the directory run
// outlives it, so that it can be started again as it was.
type Process struct {
	Name  string   `json:"name"`  // unique in the lab, e.g. kubelet@n1
	Argv  []string `json:"argv"`  // program and arguments, namespaces not entered yet
	Where string   `json:"where"` // namespace: cp, admin, or a node's ID; empty: the host's
	PID   int      `json:"pid"`   // 0: not started
	Start uint64   `json:"start"` // start time in clock ticks since boot: tells a reused PID

	hold  bool     // it makes the mount namespace that others enter
	extra *os.File // inherited as file descriptor 3
}

// Log is the path of the log of the process with that name.
func (l *Lab) Log(name string) string { return l.path("logs", name+".log") }

// start runs the process inside its namespaces; it outlives this program.
func (l *Lab) start(p Process) error {
	argv, err := l.enter(p)
	if err != nil {
		return fmt.Errorf("starting %s: %w", p.Name, err)
	}
	log, err := os.OpenFile(l.Log(p.Name), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("starting %s: %v", p.Name, err)
	}
	defer log.Close()
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.Dir = "/"
	cmd.Env = []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=" + l.Dir, "GOMAXPROCS=2"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if p.extra != nil {
		cmd.ExtraFiles = []*os.File{p.extra}
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("starting %s: %v", p.Name, err)
	}
	go func() { _ = cmd.Wait() }() // reaps it if it ends while we are here
	p.PID = cmd.Process.Pid
	p.Start, _ = startTime(p.PID)
	return l.saveProcess(p)
}

// enter puts the commands in front that enter the process's namespaces. The
// program replaces them, so its PID is theirs.
func (l *Lab) enter(p Process) ([]string, error) {
	if p.Where == "" {
		return p.Argv, nil
	}
	if p.Where == "cp" || p.Where == "admin" || p.hold {
		return append([]string{"nsenter", "--net=" + l.Netns(p.Where), "--"}, p.Argv...), nil
	}
	holder, err := l.process("holder@" + p.Where)
	if err != nil {
		return nil, err
	}
	if !holder.Running() {
		return nil, fmt.Errorf("node %s has lost the process that holds its mounts", p.Where)
	}
	return append([]string{"nsenter", "--target", strconv.Itoa(holder.PID), "--net", "--mount", "--"}, p.Argv...), nil
}

func (l *Lab) saveProcess(p Process) error {
	text, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("noting process %s: %v", p.Name, err)
	}
	if err := os.WriteFile(l.path("run", p.Name+".json"), text, 0o600); err != nil {
		return fmt.Errorf("noting process %s: %v", p.Name, err)
	}
	return nil
}

// process reads what is known of the process with that name.
func (l *Lab) process(name string) (Process, error) {
	text, err := os.ReadFile(l.path("run", name+".json"))
	if err != nil {
		return Process{}, fmt.Errorf("reading process %s: %v", name, err)
	}
	p := Process{}
	if err := json.Unmarshal(text, &p); err != nil {
		return Process{}, fmt.Errorf("reading process %s: %v", name, err)
	}
	return p, nil
}

// Processes lists the processes that were ever started, by name.
func (l *Lab) Processes() ([]Process, error) {
	files, err := filepath.Glob(l.path("run", "*.json"))
	if err != nil {
		return nil, fmt.Errorf("listing processes: %v", err)
	}
	slices.Sort(files)
	var all []Process
	for _, f := range files {
		p, err := l.process(strings.TrimSuffix(filepath.Base(f), ".json"))
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// Running reports whether the process lives.
func (p Process) Running() bool {
	if p.PID == 0 {
		return false
	}
	start, err := startTime(p.PID)
	return err == nil && start == p.Start
}

// ending reports whether the process is dead and has threads that are not: its
// ports are still taken.
func (p Process) ending() bool {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.PID))
	if err != nil || p.PID == 0 || !strings.Contains(string(text), ") Z ") {
		return false
	}
	threads, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", p.PID))
	return err == nil && len(threads) > 1
}

// startTime is when the process started, in clock ticks since boot; an error if it is gone or a zombie.
func startTime(pid int) (uint64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil && runtime.GOOS != "linux" {
		return 0, syscall.Kill(pid, 0) // no /proc: it lives or it does not
	}
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 20 {
		return 0, errors.New("short stat")
	}
	if fields[0] == "Z" {
		return 0, errors.New("zombie")
	}
	return strconv.ParseUint(fields[19], 10, 64)
}

// Kill ends the process at once, as a crash would, and waits until it is gone.
func (l *Lab) Kill(ctx context.Context, name string) error {
	p, err := l.process(name)
	if err != nil {
		return err
	}
	for p.Running() || p.ending() {
		_ = syscall.Kill(p.PID, syscall.SIGKILL)
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			return fmt.Errorf("killing %s: %w", name, err)
		}
	}
	return nil
}

// Start starts the process again as it was, unless it runs.
func (l *Lab) Start(name string) error {
	p, err := l.process(name)
	if err != nil {
		return err
	}
	if p.Running() {
		return nil
	}
	p.hold = strings.HasPrefix(name, "holder@")
	return l.start(p)
}

// Restart kills the process and starts it again.
func (l *Lab) Restart(ctx context.Context, name string) error {
	if err := l.Kill(ctx, name); err != nil {
		return err
	}
	return l.Start(name)
}

// pause sleeps, or returns early with the context's error.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-t.C:
		return nil
	}
}

// until calls try until it returns nil, and gives its last error when time is up.
func until(ctx context.Context, limit time.Duration, what string, try func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var last error
	for {
		err := try(ctx)
		if err == nil {
			return nil
		}
		if ctx.Err() == nil || last == nil {
			last = err
		}
		if stop := pause(ctx, 200*time.Millisecond); stop != nil {
			if errors.Is(stop, context.DeadlineExceeded) {
				return fmt.Errorf("waiting %s for %s: %v", limit, what, last)
			}
			return fmt.Errorf("waiting for %s: %w", what, stop)
		}
	}
}

// run runs a command to its end; its output is part of the error.
func run(ctx context.Context, stdin string, argv ...string) (string, error) {
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Stdin = strings.NewReader(stdin)
	text, err := cmd.CombinedOutput()
	if err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return string(text), fmt.Errorf("running %s: %w: %s", filepath.Base(argv[0]), err, strings.TrimSpace(string(text)))
	}
	return string(text), nil
}
