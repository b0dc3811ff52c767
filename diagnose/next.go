package diagnose

import (
	"cmp"
	"slices"
)

// cheap is the greatest cost of a test that is made without further thought.
const cheap = 1

// NextTests returns the tests to make next, cheapest first, all of which may be
// made at once; the diagnosis d of the problem p is to be renewed with what
// they show. It is empty when no possible test would change the diagnosis.
//
// Cheap tests are made of every open suspect, what is confirmed or not: a
// second fault may hide behind the first. Dear ones are made only while
// hypotheses compete, the cheapest of them first.
func NextTests(p Problem, d Diagnosis) []Next {
	stakes := stakesOf(d)
	if len(stakes) == 0 {
		return nil
	}
	observed := map[ID]bool{}
	for i := range p.Observations {
		if o := &p.Observations[i]; o.Verdict != Unknown {
			observed[o.On] = true
		}
	}
	type candidate struct {
		*Requirement
		stake
		test Test
	}
	var candidates []candidate
	for i := range p.Requirements {
		r := &p.Requirements[i]
		s, ok := stakes[r.ID]
		if !ok || observed[r.ID] {
			continue
		}
		if test, ok := cheapest(r); ok {
			candidates = append(candidates, candidate{r, s, test})
		}
	}
	round := roundOf(len(candidates), func(i int) (stake, int) { return candidates[i].stake, candidates[i].test.Cost })
	candidates = slices.DeleteFunc(candidates, func(c candidate) bool { return !round(c.stake, c.test.Cost) })
	slices.SortFunc(candidates, func(a, b candidate) int {
		return cmp.Or(
			cmp.Compare(a.test.Cost, b.test.Cost), -cmp.Compare(a.stake, b.stake),
			inOrder(a.Requirement, b.Requirement),
		)
	})
	var next []Next
	for _, c := range candidates {
		next = append(next, Next{On: c.ID, Test: c.test})
	}
	return next
}

// A stake is what a test of a requirement is worth.
type stake uint8

// The stakes, from low to high.
const (
	aside  stake = iota // could at most find a further fault
	rival               // stands in the way of a conclusion
	leader              // lies in a leading explanation, or between it and a symptom
)

// stakesOf tells which requirements are worth a test.
func stakesOf(d Diagnosis) map[ID]stake {
	stakes := map[ID]stake{}
	for _, r := range d.RuledOut {
		// These are ruled out as what broke a symptom, not proven to hold.
		if r.Reason == BySignature || r.Reason == PredictedAbsent || r.Reason == WrongOrder {
			stakes[r.ID] = aside
		}
	}
	compete := false
	for _, c := range d.Causes {
		compete = compete || c.Certainty == Open
	}
	if compete {
		for _, step := range d.Proof {
			stakes[step.On] = leader
		}
	}
	for _, item := range d.Open {
		switch {
		case item.Why == Masked:
		case item.Redundant || !compete:
			stakes[item.ID] = aside
		default:
			stakes[item.ID] = rival
		}
	}
	for _, c := range d.Causes {
		if _, open := stakes[c.ID]; open && c.Certainty == Open {
			stakes[c.ID] = leader
		}
	}
	return stakes
}

// roundOf chooses the tests of one round: all cheap ones if there are any, else
// the cheapest of those with the highest stake.
func roundOf(n int, get func(i int) (stake, int)) func(stake, int) bool {
	best, least := aside, 0
	for i := range n {
		s, cost := get(i)
		if cost <= cheap {
			return func(_ stake, cost int) bool { return cost <= cheap }
		}
		if s > best || s == best && cost < least {
			best, least = s, cost
		}
	}
	return func(s stake, cost int) bool { return s > aside && s == best && cost == least }
}

// cheapest returns the cheapest possible test of a requirement.
func cheapest(r *Requirement) (Test, bool) {
	for _, t := range tests(r) {
		if t.Possible {
			return t, true
		}
	}
	return Test{}, false
}
