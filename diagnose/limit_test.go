package diagnose

import (
	"fmt"
	"testing"
)

// Beyond the limits of the search every suspect leads, and none is concluded.
func TestLimits(t *testing.T) {
	for _, test := range []struct {
		name     string
		problem  Problem
		suspects int
	}{
		{"one of very many", manyAlternatives(Need{Op: Any}, maxConflicts+1), maxConflicts + 1},
		{"half of many", manyAlternatives(Need{Op: KOf, K: 20}, 40), 40},
		{"alternatives behind alternatives", manyNeeds(6, 3), 18},
		{"more than four faults", manyNeeds(1, maxFaults+1), maxFaults + 1},
		{"very many goals", manyGoals(400, 3000), 3000},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := mustDiagnose(t, test.problem)
			if len(d.Causes) != test.suspects {
				t.Errorf("%d causes, want %d", len(d.Causes), test.suspects)
			}
			for _, c := range d.Causes {
				if c.Certainty != Open {
					t.Fatalf("%s is %s", c.ID, c.Certainty)
				}
			}
			for _, o := range d.Open {
				if o.Redundant {
					t.Fatalf("%s is redundant", o.ID)
				}
			}
		})
	}
}

// manyAlternatives is a symptom with a need of many alternatives.
func manyAlternatives(n Need, alternatives int) Problem {
	var p Problem
	for i := range alternatives {
		n.On = append(n.On, name(i))
		p.Requirements = append(p.Requirements, Requirement{
			ID: name(i), Own: true, Tests: []Test{{Name: "look", Cost: 1, Possible: true}},
		})
	}
	p.Requirements = append(p.Requirements, Requirement{ID: "s", Symptom: "s", Needs: []Need{n}})
	p.Observations = []Observation{{On: "s", Verdict: Broken}}
	return p
}

// manyNeeds is a symptom with many needs, each of any of some alternatives that
// are shared with nothing.
func manyNeeds(needs, alternatives int) Problem {
	p := manyAlternatives(Need{}, needs*alternatives)
	s := &p.Requirements[len(p.Requirements)-1]
	s.Needs = nil
	for i := range needs {
		n := Need{Op: Any}
		for j := range alternatives {
			n.On = append(n.On, name(i*alternatives+j))
		}
		s.Needs = append(s.Needs, n)
	}
	return p
}

// manyGoals is many symptoms that all need the same.
func manyGoals(symptoms, needs int) Problem {
	p := manyAlternatives(Need{}, needs)
	n := p.Requirements[needs].Needs
	p.Requirements = p.Requirements[:needs]
	p.Observations = nil
	for i := range symptoms {
		id := ID(fmt.Sprint("s", i))
		p.Requirements = append(p.Requirements, Requirement{ID: id, Symptom: "s", Needs: n})
		p.Observations = append(p.Observations, Observation{On: id, Verdict: Broken, Signatures: []string{"x"}})
	}
	return p
}

func TestBinomial(t *testing.T) {
	for _, test := range []struct{ n, k, want int }{
		{3, 0, 1}, {3, 1, 3}, {3, 2, 3}, {3, 3, 1}, {5, 3, 10}, {9, 4, 126},
	} {
		if got := binomial(test.n, test.k); got != test.want {
			t.Errorf("%d of %d: got %d, want %d", test.k, test.n, got, test.want)
		}
		sets := 0
		for range subsets(make([]int32, test.n), test.k) {
			sets++
		}
		if sets != test.want {
			t.Errorf("%d of %d: %d subsets, want %d", test.k, test.n, sets, test.want)
		}
	}
	for _, n := range []int{1000, 1 << 20} {
		if got := binomial(n, n/2); got <= maxConflicts {
			t.Errorf("%d of %d: got %d", n/2, n, got)
		}
	}
}
