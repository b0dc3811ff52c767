package laudo_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubelaudo/laudo"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
)

var update = flag.Bool("update", false, "rewrite the recorded diagnoses; read the difference before you commit it")

// incidents returns the directories of the recorded incidents. Each holds a
// bundle, recorded from the lab while a fault was in, and the diagnosis that is
// due on it.
func incidents(t testing.TB) []string {
	t.Helper()
	dirs, err := filepath.Glob("testdata/incidents/*/bundle.tar.gz")
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no recorded incidents: %v", err)
	}
	for i := range dirs {
		dirs[i] = filepath.Dir(dirs[i])
	}
	return dirs
}

func open(t testing.TB, dir string) *remembered {
	t.Helper()
	bundle, err := evidence.OpenBundle(filepath.Join(dir, "bundle.tar.gz"))
	if err != nil {
		t.Fatal(err)
	}
	if err := bundle.Damage(); err != nil {
		t.Fatal(err)
	}
	return &remembered{Source: bundle, answers: map[evidence.Question]answered{}}
}

// remembered is a source that decodes what it replays only once, so that an
// incident can be diagnosed a hundred times over.
type remembered struct {
	evidence.Source
	mu      sync.Mutex
	answers map[evidence.Question]answered
}

// Standpoints returns the nodes that the bundle's answers were given on.
func (r *remembered) Standpoints() []evidence.Standpoint { return standpoints(r.Source) }

// standpoints are those that a source can be asked from.
func standpoints(s evidence.Source) []evidence.Standpoint {
	if from, ok := s.(interface{ Standpoints() []evidence.Standpoint }); ok {
		return from.Standpoints()
	}
	return nil
}

type answered struct {
	answer  evidence.Answer
	objects []runtime.Object
}

func (r *remembered) Ask(ctx context.Context, q evidence.Question, each func(runtime.Object)) evidence.Answer {
	r.mu.Lock()
	a, ok := r.answers[q]
	r.mu.Unlock()
	if !ok {
		a.answer = r.Source.Ask(ctx, q, func(o runtime.Object) { a.objects = append(a.objects, o.DeepCopyObject()) })
		r.mu.Lock()
		r.answers[q] = a
		r.mu.Unlock()
	}
	for _, o := range a.objects {
		each(o.DeepCopyObject())
	}
	return a.answer
}

// options are how an incident was recorded: where the agents' port is
// reachable, certificates were tried.
func options(dir string) laudo.Options {
	return laudo.Options{Language: message.NewPrinter("en"), TryClientCerts: strings.HasSuffix(dir, ".agent-port")}
}

func diagnosed(t testing.TB, source evidence.Source, o laudo.Options) *report.Document {
	t.Helper()
	doc, err := laudo.Diagnose(context.Background(), source, o)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func encode(t testing.TB, doc *report.Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := report.WriteJSON(&b, doc); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestIncidents replays what was recorded, and wants the same bytes.
func TestIncidents(t *testing.T) {
	for _, dir := range incidents(t) {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			got := encode(t, diagnosed(t, open(t, dir), options(dir)))
			golden := filepath.Join(dir, "diagnosis.json")
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("diagnosis differs from what is due (-due +got):\n%s", diff)
			}
		})
	}
}

// TestDocumentResolves wants every evidence id of a document to be among its
// items, and every cause that a symptom names among its causes.
func TestDocumentResolves(t *testing.T) {
	for _, dir := range incidents(t) {
		doc := diagnosed(t, open(t, dir), options(dir))
		items, causes := map[string]bool{}, map[string]bool{}
		for _, item := range doc.EvidenceItems {
			items[item.ID] = true
		}
		for _, c := range doc.Causes {
			causes[c.ID] = true
		}
		check := func(what string, ids []string) {
			for _, id := range ids {
				if !items[id] {
					t.Errorf("%s: %s cites %s, which is not there", dir, what, id)
				}
			}
		}
		for _, c := range doc.Causes {
			check(c.ID, c.Evidence)
			if c.Certainty == report.CertaintyConfirmed && len(c.Evidence) == 0 {
				t.Errorf("%s: %s is confirmed without evidence", dir, c.ID)
			}
		}
		for _, s := range doc.Symptoms {
			check(s.ID, s.Evidence)
			for _, id := range s.ExplainedBy {
				if !causes[id] {
					t.Errorf("%s: symptom %s is explained by %s, which is no cause", dir, s.ID, id)
				}
			}
		}
		for _, r := range doc.RuledOut {
			check(r.ID, r.Evidence)
		}
		for _, o := range doc.Open {
			if o.Why == "no-standpoint" && len(o.DecidedBy) == 0 {
				t.Errorf("%s: open %s names no test that would decide it", dir, o.ID)
			}
		}
	}
}

// spy notes what is asked.
type spy struct {
	evidence.Source
	mu    sync.Mutex
	asked map[evidence.Question]bool
}

func (s *spy) Standpoints() []evidence.Standpoint { return standpoints(s.Source) }

func (s *spy) Ask(ctx context.Context, q evidence.Question, each func(runtime.Object)) evidence.Answer {
	s.mu.Lock()
	s.asked[q] = true
	s.mu.Unlock()
	return s.Source.Ask(ctx, q, each)
}

// questions returns what a diagnosis of the incident asks, in order.
func questions(t testing.TB, dir string) []evidence.Question {
	s := &spy{Source: open(t, dir), asked: map[evidence.Question]bool{}}
	diagnosed(t, s, options(dir))
	return slices.SortedFunc(maps.Keys(s.asked), func(a, b evidence.Question) int { return strings.Compare(a.String(), b.String()) })
}

// blind answers some questions with a gap.
type blind struct {
	evidence.Source
	hidden map[evidence.Question]evidence.Why
}

func (b blind) Standpoints() []evidence.Standpoint { return standpoints(b.Source) }

func (b blind) Ask(ctx context.Context, q evidence.Question, each func(runtime.Object)) evidence.Answer {
	if why, ok := b.hidden[q]; ok {
		return evidence.Answer{Question: q, At: b.Now(), Gap: &evidence.Gap{Why: why, Detail: q.String()}}
	}
	return b.Source.Ask(ctx, q, each)
}

// faults are the confirmed causes of a document, by category and subject.
func faults(doc *report.Document, certainties ...string) map[string]bool {
	out := map[string]bool{}
	for _, c := range doc.Causes {
		if slices.Contains(certainties, c.Certainty) {
			out[fmt.Sprintf("%s %s %s/%s", c.Category, c.Subject.Kind, c.Subject.Namespace, c.Subject.Name)] = true
		}
	}
	return out
}

// TestBlind hides each answer in turn, and random sets of them, and wants a
// diagnosis that is at most less certain: no confirmed cause that is not the
// true one, and no clean bill for a cluster that is broken.
func TestBlind(t *testing.T) {
	for _, dir := range incidents(t) {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			bundle := open(t, dir)
			whole := diagnosed(t, bundle, options(dir))
			truth := faults(whole, report.CertaintyConfirmed, report.CertaintyLikely)
			asked := questions(t, dir)
			check := func(hidden map[evidence.Question]evidence.Why) {
				doc := diagnosed(t, blind{bundle, hidden}, options(dir))
				for fault := range faults(doc, report.CertaintyConfirmed) {
					if !truth[fault] && !unreachableTruth(hidden, fault) {
						t.Errorf("hiding %v confirms %s", hidden, fault)
					}
				}
				if whole.Verdict == report.VerdictBroken && doc.Verdict == report.VerdictHealthy {
					t.Errorf("hiding %v makes a broken cluster healthy", hidden)
				}
			}
			runs := 30
			if testing.Short() {
				asked, runs = asked[:min(len(asked), 5)], 2
			}
			for _, q := range asked {
				check(map[evidence.Question]evidence.Why{q: evidence.Forbidden})
				check(map[evidence.Question]evidence.Why{q: evidence.Failed})
			}
			random := rand.New(rand.NewPCG(1, 2))
			for range runs {
				hidden := map[evidence.Question]evidence.Why{}
				for _, q := range asked {
					if random.IntN(3) == 0 {
						hidden[q] = evidence.Forbidden
					}
				}
				check(hidden)
			}
		})
	}
}

// unreachableTruth reports whether a fault was made true by what was hidden: an
// API server that refuses its version is one that does not answer.
func unreachableTruth(hidden map[evidence.Question]evidence.Why, fault string) bool {
	for q, why := range hidden {
		if q.Path == "/version" && why == evidence.Failed && strings.Contains(fault, "Endpoint") {
			return true
		}
	}
	return false
}

// TestLanguages wants each incident in both languages, with the same ids.
func TestLanguages(t *testing.T) {
	for _, dir := range incidents(t) {
		o := options(dir)
		english := diagnosed(t, open(t, dir), o)
		o.Language = message.NewPrinter("pt-BR")
		portuguese := diagnosed(t, open(t, dir), o)
		for i := range english.Causes {
			if english.Causes[i].ID != portuguese.Causes[i].ID || english.Causes[i].Category != portuguese.Causes[i].Category {
				t.Errorf("%s: causes differ between languages", dir)
			}
			if english.Causes[i].Summary == portuguese.Causes[i].Summary {
				t.Errorf("%s: %q is the same in both languages", dir, english.Causes[i].Summary)
			}
		}
	}
}
