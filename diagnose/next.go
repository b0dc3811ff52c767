package diagnose

import (
	"cmp"
	"slices"
)

// cheap is the greatest cost of a test that is made without further thought.
const cheap = 1

// A stake is what a test of a requirement is worth.
type stake uint8

// The stakes, from low to high.
const (
	aside  stake = iota // could at most find a further fault
	rival               // stands in the way of a conclusion
	leader              // is in a leading explanation, or between one and a symptom
)

// A proposal is a test that could be made.
type proposal struct {
	*Requirement
	stake
	test Test
}

// NextTests returns the tests to make next, cheapest first, all of which may be
// made at once; the diagnosis d of the problem p is to be renewed with what
// they show. It is empty when no possible test would change the diagnosis.
//
// Cheap tests are made of every open suspect, whatever is confirmed: a second
// fault may hide behind the first. Dear ones are made only while hypotheses
// compete, the cheapest of them first.
func NextTests(p Problem, d Diagnosis) []Next {
	stakes := stakesOf(d)
	if len(stakes) == 0 {
		return nil
	}
	looked := map[ID]*Observation{}
	for i := range p.Observations {
		looked[p.Observations[i].On] = &p.Observations[i]
	}
	var proposals []proposal
	for i := range p.Requirements {
		r := &p.Requirements[i]
		stake, ok := stakes[r.ID]
		if !ok || !worthAsking(r, looked[r.ID]) {
			continue
		}
		if test, ok := cheapest(r); ok {
			proposals = append(proposals, proposal{r, stake, test})
		}
	}
	var next []Next
	for _, p := range round(proposals) {
		next = append(next, Next{On: p.ID, Test: p.test})
	}
	return next
}

// worthAsking reports whether a test of r may tell something new. What merely
// combines others, and could not be seen, is not asked again.
func worthAsking(r *Requirement, o *Observation) bool {
	return o == nil || o.Verdict == Unknown && (r.Own || o.Why == NotAsked)
}

// round chooses the proposals to carry out together: the cheap ones; without
// any, the cheapest of those with the highest stake.
func round(proposals []proposal) []proposal {
	slices.SortFunc(proposals, func(a, b proposal) int {
		return cmp.Or(-cmp.Compare(a.stake, b.stake), cmp.Compare(a.test.Cost, b.test.Cost), inOrder(a.Requirement, b.Requirement))
	})
	first := slices.DeleteFunc(slices.Clone(proposals), func(p proposal) bool { return p.test.Cost > cheap })
	if len(first) == 0 && len(proposals) > 0 && proposals[0].stake > aside {
		best := proposals[0]
		first = slices.DeleteFunc(proposals, func(p proposal) bool {
			return p.stake < best.stake || p.test.Cost > best.test.Cost
		})
	}
	slices.SortStableFunc(first, func(a, b proposal) int { return cmp.Compare(a.test.Cost, b.test.Cost) })
	return first
}

// stakesOf tells which requirements are worth a test.
func stakesOf(d Diagnosis) map[ID]stake {
	stakes := map[ID]stake{}
	for _, r := range d.RuledOut {
		// Such are ruled out as what broke a symptom, not proven to work.
		if r.Reason == BySignature || r.Reason == PredictedAbsent {
			stakes[r.ID] = aside
		}
	}
	leads := leadsToOpen(d)
	for id := range leads {
		stakes[id] = leader
	}
	for _, item := range d.Open {
		switch {
		case item.Why == Masked:
			delete(stakes, item.ID)
		case leads[item.ID]:
		case item.Redundant || len(leads) == 0:
			stakes[item.ID] = aside
		default:
			stakes[item.ID] = rival
		}
	}
	return stakes
}

// leadsToOpen returns the open causes, and what lies between them and the
// symptoms.
func leadsToOpen(d Diagnosis) map[ID]bool {
	leads := map[ID]bool{}
	for _, c := range d.Causes {
		if c.Certainty == Open {
			leads[c.ID] = true
		}
	}
	for before := -1; before < len(leads); {
		before = len(leads)
		for _, step := range slices.Backward(d.Proof) {
			if slices.ContainsFunc(step.By, func(id ID) bool { return leads[id] }) {
				leads[step.On] = true
			}
		}
	}
	return leads
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
