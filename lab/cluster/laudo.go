package cluster

import (
	"context"
	"debug/elf"
	"fmt"

	"github.com/kubelaudo/laudo/lab/build"
)

// NodeProbe is the standpoint of somebody who lets laudo make Pods on nodes. The
// program itself runs where API is.
const NodeProbe Standpoint = "node-probe"

// ImportLaudo puts an image of the program, which must be static, on all nodes,
// and returns its reference.
func (l *Lab) ImportLaudo(ctx context.Context, program string) (string, error) {
	if l.simulated() {
		return "", &Error{fmt.Sprintf("lab %s is simulated: its nodes run nothing", l.Name), "leave --node-probe out"}
	}
	if err := static(program); err != nil {
		return "", err
	}
	image, err := build.PackLaudo(program, l.Dir)
	if err != nil {
		return "", err
	}
	for _, n := range l.Nodes {
		if _, err := l.onNode(ctx, n, "ctr", "--address", l.containerdSocket(n), "--namespace", "k8s.io", "images", "import", image.Tar); err != nil {
			return "", fmt.Errorf("importing %s on %s: %w", image.Ref, n.ID, err)
		}
	}
	return image.Ref, nil
}

// static gives an error for a program that would not start in an image without
// anything else.
func static(program string) error {
	f, err := elf.Open(program)
	if err != nil {
		return fmt.Errorf("reading %s: %w", program, err)
	}
	defer f.Close()
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP {
			return &Error{program + " needs a dynamic linker, which its image does not have", "build it with CGO_ENABLED=0"}
		}
	}
	return nil
}
