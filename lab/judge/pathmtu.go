package judge

import (
	"context"
	"errors"

	"github.com/kubelaudo/laudo/lab/cluster"
)

// restorePathMTU lets packets of full size through again.
func restorePathMTU(ctx context.Context, l *cluster.Lab, _ map[string]string) error {
	removed, err := l.WidenPath(ctx)
	if err == nil && removed == 0 {
		return errors.New("nothing drops large packets")
	}
	return err
}
