package cli

import (
	"context"
	"sync/atomic"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubelaudo/laudo/evidence"
)

// tally counts what a source is asked, and what it could not answer.
type tally struct {
	evidence.Source
	asked, gaps atomic.Int64
}

// Ask passes the question on.
func (t *tally) Ask(ctx context.Context, q evidence.Question, each func(runtime.Object)) evidence.Answer {
	answer := t.Source.Ask(ctx, q, each)
	t.asked.Add(1)
	if answer.Gap != nil {
		t.gaps.Add(1)
	}
	return answer
}
