package theory

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
)

// Options say how the theory is applied.
type Options struct {
	// NoProbes keeps laws from asking questions that make the cluster act: log
	// requests and handshakes.
	NoProbes bool
	// PresentClientCerts reports whether handshakes may present a client
	// certificate found in a workload's Secret.
	PresentClientCerts bool
	// NodeProbe lets tests be made from nodes that make Pods there: from those in
	// ProbeNodes, or, where it is empty, from any.
	NodeProbe  bool
	ProbeNodes []string
	// ProbeFiles has them look at programs and certificates on the node's disk.
	ProbeFiles bool
	// Standpoints are those that can be asked from as it is: recorded ones, or
	// that of the machine that laudo runs on.
	Standpoints []evidence.Standpoint
	// Reported is what the user sees: a kind of symptom, or an error text.
	Reported string
}

// Theory is the claims that follow from facts.
type Theory struct {
	Claims []*Claim // ordered by ID
	Wanted []evidence.Question

	options    Options
	byID       map[diagnose.ID]*Claim
	lawOf      map[diagnose.ID]*Law
	component  map[*Law]*Component
	wanted     map[evidence.Question]bool
	undeclared []string
	listings   map[string]any
	derived    map[string]any
	dangling   []string
	tripped    []string
}

// Apply applies the laws of the components to the facts.
func Apply(facts *evidence.Facts, components []Component, options Options) *Theory {
	t := &Theory{
		options:   options,
		byID:      map[diagnose.ID]*Claim{},
		lawOf:     map[diagnose.ID]*Law{},
		component: map[*Law]*Component{},
		wanted:    map[evidence.Question]bool{},
		listings:  map[string]any{},
		derived:   map[string]any{},
	}
	for i := range components {
		for j := range components[i].Laws {
			law := &components[i].Laws[j]
			t.component[law] = &components[i]
			t.state(&View{law: law, facts: facts, theory: t})
		}
	}
	t.finish()
	return t
}

// state lets a law state its claims. A law that trips over nonsense in an object
// is cut short, and what it did not state is not known.
func (t *Theory) state(v *View) {
	defer func() {
		if r := recover(); r != nil {
			t.tripped = append(t.tripped, fmt.Sprintf("law %s: %v", v.law.ID, r))
		}
	}()
	v.law.State(v)
}

// Tripped lists the laws that were cut short by nonsense in an object, and why.
func (t *Theory) Tripped() []string { return t.tripped }

func (t *Theory) add(law *Law, c Claim) {
	if old := t.byID[c.ID]; old != nil {
		// Two laws may state one claim (two connections that use one
		// certificate): the first to see it is the one that counts.
		if old.Verdict == "" || old.Verdict == diagnose.Unknown && c.Verdict != "" && c.Verdict != diagnose.Unknown {
			*old = c
			t.lawOf[c.ID] = law
		}
		return
	}
	claim := c
	t.byID[c.ID] = &claim
	t.lawOf[c.ID] = law
	t.Claims = append(t.Claims, &claim)
}

func (t *Theory) want(q evidence.Question) {
	if !t.wanted[q] {
		t.wanted[q] = true
		t.Wanted = append(t.Wanted, q)
	}
}

// finish orders what was stated. A need on a claim that no law stated, since
// the facts for it are not there, becomes a claim of which nothing is known.
func (t *Theory) finish() {
	for _, c := range slices.Clone(t.Claims) {
		for _, need := range c.Needs {
			for _, id := range need.On {
				if t.byID[id] == nil {
					t.dangling = append(t.dangling, string(c.ID)+" needs "+string(id))
					t.add(t.lawOf[c.ID], Claim{ID: id, Verdict: diagnose.Unknown, Why: diagnose.NotCollected})
				}
			}
		}
	}
	slices.SortFunc(t.Claims, func(a, b *Claim) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(t.Wanted, func(a, b evidence.Question) int { return cmp.Compare(a.String(), b.String()) })
}

// Claim returns the claim with the given ID, or nil.
func (t *Theory) Claim(id diagnose.ID) *Claim { return t.byID[id] }

// Law returns the law that stated the claim.
func (t *Theory) Law(id diagnose.ID) *Law { return t.lawOf[id] }

// ComponentOf returns the component whose law stated the claim.
func (t *Theory) ComponentOf(id diagnose.ID) *Component { return t.component[t.lawOf[id]] }

// Undeclared lists what laws tried to read without declaring it, as "law: verb
// resource". It is empty unless a law is wrong.
func (t *Theory) Undeclared() []string { return t.undeclared }

// Dangling lists needs on claims that no law stated.
func (t *Theory) Dangling() []string { return t.dangling }

// clockSlack is how far the clocks of a cluster may disagree before an order of
// events means nothing: twice the 30 s that leases tolerate.
const clockSlack = time.Minute

// Problem is the claims in the terms of package diagnose.
func (t *Theory) Problem() diagnose.Problem {
	p := diagnose.Problem{Slack: clockSlack}
	for _, c := range t.Claims {
		p.Requirements = append(p.Requirements, t.requirement(c))
		if c.Verdict == "" {
			continue
		}
		o := diagnose.Observation{
			On: c.ID, Verdict: c.Verdict, Why: c.Why, Mode: c.Mode, Signatures: c.Signatures,
			Tried: c.Tried, Failed: c.Failed, Began: c.Began,
			Used: slices.DeleteFunc(slices.Clone(c.Used), func(id diagnose.ID) bool { return t.byID[id] == nil }),
		}
		for _, e := range c.Evidence {
			o.Evidence = append(o.Evidence, e.Key())
		}
		p.Observations = append(p.Observations, o)
	}
	return p
}

func (t *Theory) requirement(c *Claim) diagnose.Requirement {
	r := diagnose.Requirement{
		ID: c.ID, Group: t.lawOf[c.ID].ID, Needs: c.Needs, Symptom: c.Symptom,
		Own: !c.Sum, Rank: c.Rank, Hint: c.Hint,
	}
	if c.Connection != "" {
		r.Stage = diagnose.Stage{Connection: c.Connection, Order: int(c.Stage)}
	}
	for _, m := range c.Modes {
		breaks := slices.DeleteFunc(slices.Clone(m.Breaks), func(id diagnose.ID) bool { return t.byID[id] == nil })
		r.Modes = append(r.Modes, diagnose.Mode{Name: m.Name, Shows: m.Shows, Breaks: breaks})
	}
	for _, test := range c.Tests {
		name := test.Command
		if len(test.Ask) > 0 {
			name = test.Ask[0].String()
		}
		r.Tests = append(r.Tests, diagnose.Test{Name: name, Cost: test.Cost, Possible: len(test.Ask) > 0})
	}
	return r
}

// pathMatches reports whether a raw path is covered by a declared one, in which
// "*" stands for one element; the query does not count.
func pathMatches(pattern, path string) bool {
	path, _, _ = strings.Cut(path, "?")
	pattern, _, _ = strings.Cut(pattern, "?")
	want, have := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(have) {
		return false
	}
	for i := range want {
		if want[i] != "*" && want[i] != have[i] {
			return false
		}
	}
	return true
}

// Derive returns a value computed once for all laws from the facts.
func Derive[T any](v *View, key string, compute func() T) T {
	if value, ok := v.theory.derived[key].(T); ok {
		return value
	}
	value := compute()
	v.theory.derived[key] = value
	return value
}

// Questions returns the questions that make the given tests.
func (t *Theory) Questions(tests []diagnose.Next) []evidence.Question {
	var questions []evidence.Question
	for _, next := range tests {
		for _, test := range t.byID[next.On].Tests {
			if len(test.Ask) > 0 && test.Ask[0].String() == next.Test.Name {
				questions = append(questions, test.Ask...)
			}
		}
	}
	return questions
}
