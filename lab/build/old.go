package build

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// The versions of kubelets that are older than the API server by as many minor
// versions. Each has a module of its own, for their dependencies exclude each
// other.
const (
	KubeletThreeOlder = "v1.34.4"
	KubeletFourOlder  = "v1.33.13"
)

// OldKubelet makes the kubelet of one of these versions, or finds it made, for a
// lab whose binaries are in bin, and gives its path. The first time takes minutes.
func OldKubelet(ctx context.Context, bin, version string, log io.Writer) (string, error) {
	dirs := map[string]string{KubeletThreeOlder: "kubelet-1.34", KubeletFourOlder: "kubelet-1.33"}
	dir, ok := dirs[version]
	if !ok {
		return "", fmt.Errorf("there is no kubelet %s", version)
	}
	prog := program{name: "kubelet-" + version, pkg: "k8s.io/kubernetes/cmd/kubelet", dir: dir, version: version}
	b := &Builder{Log: log}
	store := filepath.Join(filepath.Dir(filepath.Dir(bin)), "programs")
	if err := os.MkdirAll(store, 0o755); err != nil {
		return "", fmt.Errorf("making the build cache: %v", err)
	}
	if err := b.program(ctx, store, bin, prog, "1 of 1"); err != nil {
		return "", fmt.Errorf("building %s: %w", prog.name, err)
	}
	return filepath.Join(bin, prog.name), nil
}
