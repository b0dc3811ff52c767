package laudo_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/report"
)

// rejecting is a source whose scrapes count rejections, too.
type rejecting struct {
	evidence.Source
	standpoints []evidence.Standpoint
	rejected    func(nth int) (count int, reason string)
}

func (c rejecting) Standpoints() []evidence.Standpoint { return c.standpoints }

func (c rejecting) Ask(ctx context.Context, q evidence.Question, each func(runtime.Object)) evidence.Answer {
	a := c.Source.Ask(ctx, q, each)
	if q.Path == "/metrics" && a.Gap == nil {
		n, reason := c.rejected(q.Nth)
		a.Text += fmt.Sprintf("apiserver_flowcontrol_rejected_requests_total{flow_schema=\"agents\",priority_level=\"slow-lane\",reason=%q} %d\n", reason, n)
	}
	return a
}

// TestFlowControl: a priority level is a cause where requests are turned away
// now, and not where they were once, nor where clients went away themselves.
func TestFlowControl(t *testing.T) {
	const dir = "testdata/faults/node-clock-behind-deployment-mtls.api"
	bundle := openBundles(t, dir+"/bundle.tar.gz")[0]
	for name, test := range map[string]struct {
		rejected func(nth int) (int, string)
		cause    bool
	}{
		"more and more": {func(nth int) (int, string) { return 7 + 20*nth, "concurrency-limit" }, true},
		"once":          {func(int) (int, string) { return 700, "queue-full" }, false},
		"one more":      {func(nth int) (int, string) { return 700 + nth, "time-out" }, false},
		"gone away":     {func(nth int) (int, string) { return 7 + 20*nth, "cancelled" }, false},
	} {
		t.Run(name, func(t *testing.T) {
			doc := diagnosed(t, rejecting{bundle, bundle.Standpoints(), test.rejected}, options(dir))
			got := slices.ContainsFunc(doc.Causes, func(c report.Cause) bool {
				return c.Certainty == string(diagnose.Confirmed) && c.Category == report.CategoryResourceExhaustion && c.Subject.Name == "slow-lane"
			})
			if command := commandsOf(doc, report.CategoryResourceExhaustion, "PriorityLevelConfiguration"); test.cause {
				_, patch, _ := strings.Cut(command, "\n")
				// More than there are, and not taken back.
				out := kubectl(t, patch, "100")
				if !strings.Contains(out, `"nominalConcurrencyShares":200}`) || !strings.Contains(out, "autoupdate-spec=false") {
					t.Errorf("%s gives kubectl %s", patch, out)
				}
			}
			if got != test.cause {
				t.Errorf("a cause: %v, want %v; causes %+v", got, test.cause, doc.Causes)
			}
		})
	}
}
