package cluster

import (
	"context"
	"io"

	"github.com/kubelaudo/laudo/lab/build"
)

// RunKubelet lets the node run the kubelet of another version from now on; empty:
// the lab's own.
func (l *Lab) RunKubelet(ctx context.Context, n Node, version string) error {
	path := l.bin("kubelet")
	if version != "" {
		log := l.log
		if log == nil {
			log = io.Discard
		}
		var err error
		if path, err = build.OldKubelet(ctx, l.Bin, version, log); err != nil {
			return err
		}
	}
	p, err := l.process(n.Kubelet())
	if err != nil {
		return err
	}
	p.Argv[0] = path
	if err := l.saveProcess(p); err != nil {
		return err
	}
	return l.Restart(ctx, n.Kubelet())
}
