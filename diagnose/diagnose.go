package diagnose

import (
	"cmp"
	"slices"
)

// Diagnose returns what follows from a problem. It fails only on a problem that
// contradicts itself: a requirement stated twice, or observed twice, a
// reference to one that nobody states, a need of more alternatives than there
// are.
func Diagnose(p Problem) (Diagnosis, error) {
	m, err := compile(p)
	if err != nil {
		return Diagnosis{}, err
	}
	return inquire(m).diagnosis(), nil
}

// witnessesKept is how many requirements are named as having exonerated
// another.
const witnessesKept = 4

// An inquiry is a problem under diagnosis.
type inquiry struct {
	*cone
	symptoms  []int32 // failing ones
	below     []int32 // all that they rest on
	standings []standing
	outcome   outcome

	confirmed []int32 // seen to fail, by a fault of their own
	risks     []int32 // proven broken, in no failing symptom's needs
	goals     []int32 // seen to fail, with nothing known to account for it
	deadlocks []deadlock
	waiting   map[int32]bool    // members of deadlocks
	spoken    map[int32]bool    // symptoms without a text, or with one that something known may have left
	authors   map[int32][]int32 // by other symptom: the suspects that may have left its text
	explanation
	credit
}

// inquire works a problem out.
func inquire(m *model) *inquiry {
	var failing, symptoms []int32
	for v := range m.looks {
		if m.failing(int32(v)) {
			failing = append(failing, int32(v))
			if m.reqs[v].Symptom != "" {
				symptoms = append(symptoms, int32(v))
			}
		}
	}
	slices.SortFunc(symptoms, m.before)
	most := 1
	if len(symptoms) > 0 {
		most = witnessesKept
	}
	region := newRegion(m)
	region.add(m, symptoms)
	below := slices.Clip(region.list)
	region.add(m, failing)
	f := &inquiry{cone: trace(bound(m, exonerate(m, most), *region), failing), symptoms: symptoms, below: below}
	f.standings = f.suspects(symptoms)
	f.outcome = f.known(f.all(), nil)
	f.sortOut(failing)
	f.findDeadlocks()
	f.spoken = f.findSpoken()
	f.unmute(slices.DeleteFunc(slices.Clone(f.goals), func(v int32) bool {
		return m.reqs[v].Symptom != "" && !f.spoken[v]
	})...)
	f.authors = f.findAuthors()
	f.explanation = f.explain()
	f.credit = f.assign()
	f.arrange()
	return f
}

// sortOut tells causes, risks and goals among what was seen to fail. What is
// left is a consequence of them.
func (f *inquiry) sortOut(failing []int32) {
	for _, v := range failing {
		standing := &f.standings[f.at[v]]
		consequence := f.fault[v] == consequent && f.accounted(v, f.outcomeFor(v))
		switch {
		case !standing.inCone:
			if !consequence {
				f.risks = append(f.risks, v)
			}
		case f.fault[v] != consequent:
			f.confirmed = append(f.confirmed, v)
		case !consequence:
			f.goals = append(f.goals, v)
		}
	}
	slices.SortFunc(f.goals, f.before)
}

// outcomeFor is what is known, short of what began too late to account for v.
func (f *inquiry) outcomeFor(v int32) outcome {
	if late := f.late(v); late != nil {
		return f.known(f.within(v), late)
	}
	return f.outcome
}

// late returns what began too late to account for the symptom v, nil if nothing
// did.
func (f *inquiry) late(v int32) skipper {
	if f.reqs[v].Symptom == "" {
		return nil
	}
	late := func(w int32) bool { return f.tooLate(w, v) }
	if !slices.ContainsFunc(f.dated, late) {
		return nil
	}
	return late
}

// arrange puts what was found in the order for readers. What is certain is
// ordered by what theory knows, and by how much it explains, before all else.
func (f *inquiry) arrange() {
	weight := func(v, w int32) int {
		return cmp.Or(
			cmp.Compare(f.fault[v], f.fault[w]),
			-cmp.Compare(len(f.explains[v]), len(f.explains[w])),
			f.before(v, w),
		)
	}
	slices.SortFunc(f.confirmed, weight)
	slices.SortFunc(f.likely, weight)
	slices.SortFunc(f.open, f.before)
	slices.SortFunc(f.risks, f.before)
}
