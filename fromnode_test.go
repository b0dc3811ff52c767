package laudo_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/report"
)

// edited is a source some of whose answers are other than they were recorded.
type edited struct {
	evidence.Source
	standpoints []evidence.Standpoint
	edit        func(*evidence.Answer)
}

func (e edited) Standpoints() []evidence.Standpoint { return e.standpoints }

func (e edited) Ask(ctx context.Context, q evidence.Question, each func(runtime.Object)) evidence.Answer {
	a := e.Source.Ask(ctx, q, each)
	if q.From.Node() != "" {
		e.edit(&a)
	}
	return a
}

// TestFromNodes: what nodes tell of the agents' port decides, each case in its
// own way. The incident was recorded with the port blocked from both nodes.
func TestFromNodes(t *testing.T) {
	const dir = "testdata/incidents/agent-port-blocked-deployment-mtls.node-probe"
	bundle := openBundles(t, dir+"/bundle.tar.gz")[0]
	shake := func(a *evidence.Answer, stage, text string) {
		a.Shake = &evidence.Handshake{Stage: stage, Error: text}
		a.Text = text
	}
	gone := func(a *evidence.Answer) {
		a.Shake, a.Gap = nil, &evidence.Gap{Why: evidence.Forbidden, Detail: "violates PodSecurity"}
	}
	for name, test := range map[string]struct {
		edit      func(*evidence.Answer)
		confirmed string // category of the confirmed cause; empty: none
		risk      string // part of a risk
	}{
		"blocked":   {edit: func(*evidence.Answer) {}, confirmed: "network-blocked"},
		"no answer": {edit: gone},
		"one node without an answer": {edit: func(a *evidence.Answer) {
			if strings.HasSuffix(string(a.Question.From), "2") {
				gone(a)
			}
		}},
		"for Pods only": {edit: func(a *evidence.Answer) {
			if a.Question.Kind == evidence.TLS && !a.Question.From.OnPodNetwork() {
				shake(a, "", "")
			}
		}},
		// Nothing listens there, or they dial the wrong port: from there nobody can tell.
		"refused": {edit: func(a *evidence.Answer) {
			if a.Question.Kind == evidence.TLS {
				shake(a, "port", "dial tcp: connect: connection refused")
			}
		}},
		"from one node only": {risk: "and do from others", edit: func(a *evidence.Answer) {
			if a.Question.Kind == evidence.TLS && strings.HasSuffix(string(a.Question.From), "1") {
				shake(a, "", "")
			}
		}},
		"large packets lost": {confirmed: "mtu", edit: func(a *evidence.Answer) {
			if a.Question.Kind == evidence.TLS {
				shake(a, "tls", "i/o timeout")
				a.Shake.Spoke, a.Shake.MSS = true, 536
			}
		}},
		"hangs": {edit: func(a *evidence.Answer) {
			if a.Question.Kind == evidence.TLS {
				shake(a, "tls", "i/o timeout")
			}
		}},
		"answers what is small without TLS": {edit: func(a *evidence.Answer) {
			if a.Question.Kind == evidence.TLS {
				shake(a, "tls", "i/o timeout")
				a.Shake.Spoke = true
			}
		}},
		"large packets lost from one node only": {risk: "and pass from others", edit: func(a *evidence.Answer) {
			if a.Question.Kind != evidence.TLS {
				return
			}
			shake(a, "", "")
			a.Shake.Peer = [][]byte{{0}}
			if strings.HasSuffix(string(a.Question.From), "1") {
				shake(a, "tls", "i/o timeout")
				a.Shake.MSS = 536
			}
		}},
		"clock": {confirmed: "network-blocked", risk: "10 min ahead", edit: func(a *evidence.Answer) {
			if a.Question.Kind == evidence.HTTP && strings.HasSuffix(string(a.Question.From), "1") {
				a.At = a.ServerTime.Add(10 * time.Minute)
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			doc := diagnosed(t, edited{bundle, bundle.Standpoints(), test.edit}, options(dir))
			var confirmed []string
			for _, c := range doc.Causes {
				if c.Certainty == string(diagnose.Confirmed) {
					confirmed = append(confirmed, c.Category)
				}
			}
			if strings.Join(confirmed, " ") != test.confirmed {
				t.Errorf("confirmed %q, want %q: %+v", confirmed, test.confirmed, doc.Causes)
			}
			if test.risk != "" && !slices.ContainsFunc(doc.Risks, func(r report.Risk) bool { return strings.Contains(r.Summary, test.risk) }) {
				t.Errorf("no risk %q among %+v", test.risk, doc.Risks)
			}
		})
	}
}
