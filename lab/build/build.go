// Package build makes what a lab runs: the binaries of every component, from
// the versions that the lab's go.mod names, and the images of those that run as
// Pods. All of it lands in a cache, so that only the first lab waits for it.
package build

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// KubernetesVersion is the version that the components report.
const KubernetesVersion = "v1.37.2"

const module = "github.com/kubelaudo/laudo/lab"

// Builder makes binaries and images, or finds them made.
type Builder struct {
	// Simulated asks for what a lab with simulated nodes runs, and no more.
	Simulated bool
	// Variants asks for the programs that only some faults need, too, which takes
	// minutes more; without it, those that were built before are taken along.
	Variants bool

	Inputs fs.FS     // go.mod, go.sum and programs of the lab: what decides the binaries
	Source string    // directory of the lab's module; empty: looked for from the working directory up
	Cache  string    // cache directory; empty: the user's
	Log    io.Writer // progress
}

// Product is what a lab runs.
type Product struct {
	Bin    string            // directory of binaries
	Images []Image           // to import on each node
	image  map[string]string // references by name
}

// program is one binary: its name in the cache, the package it is built from,
// and the directory of its module within the lab's; empty: the lab's own. The
// version is what it reports; empty: KubernetesVersion.
type program struct {
	name, pkg, dir, version string

	clock bool // its clock can be set; see clock.go
}

// Kwok is the name of KWOK's binary. Its module is apart from the lab's, for
// their dependencies exclude each other, so its version is in the name.
const Kwok = "kwok-v0.8.0"

func programs() []program {
	return []program{
		{name: "etcd", pkg: "go.etcd.io/etcd/server/v3"},
		{name: "kube-apiserver", pkg: "k8s.io/kubernetes/cmd/kube-apiserver"},
		{name: "kube-controller-manager", pkg: "k8s.io/kubernetes/cmd/kube-controller-manager"},
		{name: "kube-scheduler", pkg: "k8s.io/kubernetes/cmd/kube-scheduler"},
		{name: "kubelet", pkg: "k8s.io/kubernetes/cmd/kubelet"},
		{name: "kube-proxy", pkg: "k8s.io/kubernetes/cmd/kube-proxy"},
		{name: "kubectl", pkg: "k8s.io/kubernetes/cmd/kubectl"},
		{name: "proxy-server", pkg: "sigs.k8s.io/apiserver-network-proxy/cmd/server"},
		{name: "proxy-agent", pkg: "sigs.k8s.io/apiserver-network-proxy/cmd/agent"},
		{name: "metrics-server", pkg: "sigs.k8s.io/metrics-server/cmd/metrics-server"},
		{name: "coredns", pkg: "github.com/coredns/coredns"},
		{name: "pause", pkg: module + "/programs/pause"},
		{name: "chatter", pkg: module + "/programs/chatter"},
		{name: "gatekeeper", pkg: module + "/programs/gatekeeper"},
		{name: "forward", pkg: module + "/programs/forward"},
	}
}

// simulated are the programs of a lab with simulated nodes.
func simulated() []program {
	want := []string{"etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl"}
	all := slices.DeleteFunc(programs(), func(p program) bool { return !slices.Contains(want, p.name) })
	return append(all, program{name: Kwok, pkg: "sigs.k8s.io/kwok/cmd/kwok", dir: "kwok"})
}

// KubeletClock is a kubelet whose clock is ahead by as many seconds as the
// variable CLOCK_OFFSET of its environment says.
const KubeletClock = "kubelet-clock"

// variants are programs that only some faults need.
func variants() []program {
	return []program{{name: KubeletClock, pkg: "k8s.io/kubernetes/cmd/kubelet", clock: true}}
}

func (p program) ldflags() string {
	return "-s -w -X k8s.io/component-base/version.gitVersion=" + cmp.Or(p.version, KubernetesVersion)
}

// Build makes what is missing. The first time takes minutes.
func (b *Builder) Build(ctx context.Context) (*Product, error) {
	dir, err := b.dir()
	if err != nil {
		return nil, err
	}
	p := &Product{Bin: filepath.Join(dir, "bin")}
	if err := os.MkdirAll(p.Bin, 0o755); err != nil {
		return nil, fmt.Errorf("making the build cache: %v", err)
	}
	all := programs()
	if b.Simulated {
		all = simulated()
	}
	store := filepath.Join(filepath.Dir(dir), "programs")
	if err := os.MkdirAll(store, 0o755); err != nil {
		return nil, fmt.Errorf("making the build cache: %v", err)
	}
	for i, prog := range all {
		if err := b.program(ctx, store, p.Bin, prog, fmt.Sprintf("%d of %d", i+1, len(all))); err != nil {
			return nil, fmt.Errorf("building %s: %w", prog.name, err)
		}
	}
	if b.Simulated {
		return p, nil
	}
	for i, prog := range variants() {
		if err := b.program(ctx, store, p.Bin, prog, fmt.Sprintf("variant %d of %d", i+1, len(variants()))); err != nil {
			return nil, fmt.Errorf("building %s: %w", prog.name, err)
		}
	}
	if err := p.pack(filepath.Join(dir, "images")); err != nil {
		return nil, fmt.Errorf("packing images: %w", err)
	}
	return p, nil
}

// dir is the cache directory of exactly these versions, flags and programs.
func (b *Builder) dir() (string, error) {
	cache := b.Cache
	if cache == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("finding the build cache: %v", err)
		}
		cache = filepath.Join(user, "laudo-lab", "build")
	}
	h := sha256.New()
	for _, prog := range programs() {
		key, err := b.key(prog)
		if err != nil {
			return "", err
		}
		fmt.Fprintln(h, key)
	}
	return filepath.Join(cache, hex.EncodeToString(h.Sum(nil))[:16]), nil
}

// key names one build of a program: it differs when anything differs that
// decides the binary.
func (b *Builder) key(prog program) (string, error) {
	h := sha256.New()
	fmt.Fprintln(h, prog.pkg, prog.dir, prog.ldflags(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	if prog.clock {
		h.Write([]byte(offsetSource))
	}
	// A program of the lab's own uses the standard library alone; that of
	// another module has its version in its name.
	what := []string{"go.mod", "go.sum"}
	if own, ok := strings.CutPrefix(prog.pkg, module+"/"); ok {
		what = []string{own + "/main.go"}
	} else if prog.dir != "" {
		what = nil
	}
	for _, name := range what {
		text, err := fs.ReadFile(b.Inputs, name)
		if err != nil {
			return "", fmt.Errorf("reading what decides %s: %v", prog.name, err)
		}
		h.Write(text)
	}
	return prog.name + "-" + hex.EncodeToString(h.Sum(nil))[:16], nil
}

// source finds the directory of the lab's module.
func (b *Builder) source() (string, error) {
	if b.Source != "" {
		return b.Source, nil
	}
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("finding the lab's module: %v", err)
	}
	for ; ; dir = filepath.Dir(dir) {
		for _, try := range []string{dir, filepath.Join(dir, "lab")} {
			text, err := os.ReadFile(filepath.Join(try, "go.mod"))
			if err == nil && strings.HasPrefix(string(text), "module "+module+"\n") {
				return try, nil
			}
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("finding the lab's module: no go.mod of " + module + " here or above")
		}
	}
}

// program puts a binary into the directory bin, built now or found in the store.
func (b *Builder) program(ctx context.Context, store, bin string, prog program, count string) error {
	out := filepath.Join(bin, prog.name)
	if _, err := os.Stat(out); err == nil {
		return nil
	}
	key, err := b.key(prog)
	if err != nil {
		return err
	}
	stored := filepath.Join(store, key)
	if err := os.Link(stored, out); err == nil || errors.Is(err, os.ErrExist) {
		return nil
	}
	if prog.clock && !b.Variants {
		return nil
	}
	source, err := b.source()
	if err != nil {
		return err
	}
	fmt.Fprintf(b.Log, "building %s (%s)\n", prog.name, count)
	start := time.Now()
	part := fmt.Sprintf("%s.%d.part", stored, os.Getpid())
	args := []string{"build", "-ldflags", prog.ldflags(), "-o", part}
	if prog.clock {
		overlay, err := overlayClock(ctx)
		if err != nil {
			return err
		}
		defer os.RemoveAll(filepath.Dir(overlay))
		args = append(args, "-overlay", overlay)
	}
	cmd := exec.CommandContext(ctx, "go", append(args, prog.pkg)...)
	cmd.Dir = filepath.Join(source, prog.dir)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-buildvcs=false")
	text, err := cmd.CombinedOutput()
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("%v\n%s", err, text)
	}
	fmt.Fprintf(b.Log, "built %s in %s\n", prog.name, time.Since(start).Round(time.Second))
	if err := os.Rename(part, stored); err != nil {
		return fmt.Errorf("keeping the binary: %v", err)
	}
	if err := os.Link(stored, out); err != nil && !errors.Is(err, os.ErrExist) {
		return fmt.Errorf("keeping the binary: %v", err)
	}
	return nil
}

// Refs gives the references of all images by name.
func (p *Product) Refs() map[string]string { return p.image }
