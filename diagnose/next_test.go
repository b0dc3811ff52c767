package diagnose

import (
	"fmt"
	"slices"
	"testing"
)

// Whoever asks what NextTests proposes, beginning with the symptoms alone, comes
// to an end, finds what broke each symptom, and asks nothing in vain.
func TestAsking(t *testing.T) {
	worlds(t, acyclic, func(w *world) {
		for i := range w.Requirements {
			w.Requirements[i].Tests = nil
			if w.Requirements[i].Own {
				w.Requirements[i].Tests = []Test{{"look", w.rand.IntN(4), true}}
			}
		}
		w.look(false)
		all := w.Observations
		w.Observations = slices.DeleteFunc(slices.Clone(all), func(o Observation) bool {
			return w.Requirements[w.index(o.On)].Symptom == ""
		})
		for round := 0; ; round++ {
			d := mustDiagnose(t, w.Problem)
			next := NextTests(w.Problem, d)
			if err := w.checkAsked(next); err != nil {
				t.Error(err, describe(w, d))
			}
			if len(next) == 0 {
				w.checkFound(t, d)
				return
			}
			if round > len(w.Requirements) {
				t.Fatal("asking without end", describe(w, d))
			}
			for _, n := range next {
				w.Observations = append(w.Observations, all[w.index(n.On)])
			}
		}
	})
}

// checkAsked reports a question that is asked in vain: of what was seen, or of
// what no failing symptom rests on.
func (w *world) checkAsked(next []Next) error {
	for k, n := range next {
		if k > 0 && n.Test.Cost < next[k-1].Test.Cost {
			return fmt.Errorf("%s is cheaper than what comes before", n.On)
		}
		if slices.ContainsFunc(w.Observations, func(o Observation) bool { return o.On == n.On }) {
			return fmt.Errorf("%s was seen, and is asked about", n.On)
		}
		if !slices.ContainsFunc(w.Observations, func(o Observation) bool {
			return o.Verdict != Holds && w.rests(o.On, n.On)
		}) {
			return fmt.Errorf("%s is asked about, and nothing failing rests on it", n.On)
		}
	}
	return nil
}

// rests reports whether a rests on b.
func (w *world) rests(a, b ID) bool {
	if a == b {
		return true
	}
	for _, n := range w.Requirements[w.index(a)].Needs {
		if slices.ContainsFunc(n.On, func(id ID) bool { return w.rests(id, b) }) {
			return true
		}
	}
	return false
}

// checkFound reports a symptom that is left unexplained though everything that
// can be at fault could be tested, and a cause that is not certain.
func (w *world) checkFound(t *testing.T, d Diagnosis) {
	t.Helper()
	for _, s := range d.Symptoms {
		if len(s.ExplainedBy) == 0 {
			t.Error("not explained:", s.ID, describe(w, d))
		}
	}
	for _, c := range d.Causes {
		if c.Certainty != Confirmed || !w.faulty(c.ID) {
			t.Errorf("cause %s is %s%s", c.ID, c.Certainty, describe(w, d))
		}
	}
}
