package cluster

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/kubelaudo/laudo/lab/build"
)

// Has tells whether the lab has the program, for some are built only if asked for.
func (l *Lab) Has(program string) bool {
	_, err := os.Stat(l.bin(program))
	return err == nil
}

// SetClock restarts the node's kubelet with its clock ahead by the offset; zero:
// right again. Of all programs of the node the kubelet's clock alone changes.
func (l *Lab) SetClock(ctx context.Context, n Node, offset time.Duration) error {
	p, err := l.process(n.Kubelet())
	if err != nil {
		return err
	}
	of := slices.IndexFunc(p.Argv, func(arg string) bool { return strings.HasPrefix(arg, "--") })
	if of < 0 {
		return fmt.Errorf("%s has no flags", p.Name)
	}
	program := []string{l.bin("kubelet")}
	if offset != 0 {
		program = []string{"env", fmt.Sprintf("CLOCK_OFFSET=%d", int(offset.Seconds())), l.bin(build.KubeletClock)}
	}
	p.Argv = append(program, p.Argv[of:]...)
	if err := l.saveProcess(p); err != nil {
		return err
	}
	return l.Restart(ctx, n.Kubelet())
}
