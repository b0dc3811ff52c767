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
	risks     []int32
	goals     []int32 // seen to fail, in the cone, with nothing known to account for it
	deadlocks []deadlock
	likely    []int32
	lead      []int32           // open, and in a leading explanation
	baffling  []int32           // goals for which there is no suspect
	wanted    map[int32]bool    // suspects in some conflict
	explains  map[int32][]int32 // by cause: the symptoms
	cureAll   map[int32][]int32 // by symptom
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
	cleared := exonerate(m, most)
	marked := make([]bool, len(m.reqs))
	below := m.closure(symptoms, marked)
	region := append(below[:len(below):len(below)], m.closure(failing, marked)...)
	f := &inquiry{
		cone: trace(bound(m, cleared, region), failing), symptoms: symptoms, below: below,
	}
	f.standings = f.suspects(symptoms)
	f.outcome = f.known(nil)
	f.sortOut(failing)
	f.findDeadlocks()
	f.explain()
	f.credit()
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
	slices.SortFunc(f.risks, f.before)
	slices.SortFunc(f.goals, f.before)
}

// outcomeFor is what is known, short of what began after the symptom v and so
// cannot account for it.
func (f *inquiry) outcomeFor(v int32) outcome {
	skip := f.lateFor(v)
	if skip == nil {
		return f.outcome
	}
	return f.known(skip)
}

// lateFor returns which requirements began after the symptom v, or nil if none
// did.
func (f *inquiry) lateFor(v int32) skipper {
	if f.reqs[v].Symptom == "" || f.began(v).Before.IsZero() {
		return nil
	}
	late := func(w int32) bool { return w != v && f.after(w, v) }
	if !slices.ContainsFunc(f.node, late) {
		return nil
	}
	return late
}

// explain searches for what explains the goals.
func (f *inquiry) explain() {
	f.wanted = map[int32]bool{}
	q := quest{cone: f.cone, standings: f.standings, visited: make([]int32, len(f.node))}
	var conflicts [][]int32
	sure := map[int32]bool{}
	literals := 0
	for _, goal := range f.goals {
		if f.inDeadlock(goal) {
			continue
		}
		q.goal, q.outcome, q.skip = goal, f.outcomeFor(goal), f.lateFor(goal)
		found := q.conflicts()
		for _, conflict := range found {
			if len(conflict) == 0 {
				f.baffling = append(f.baffling, goal)
				found = nil
				break
			}
		}
		for _, conflict := range found {
			literals += len(conflict)
			for _, v := range conflict {
				f.wanted[v] = true
			}
			if len(conflict) == 1 && !q.doubt && f.untestable(conflict[0]) {
				sure[conflict[0]] = true
			}
		}
		if literals <= maxLiterals {
			conflicts = append(conflicts, found...)
		}
	}
	lead := sortedKeys(f.wanted)
	if literals <= maxLiterals {
		lead = f.leading(conflicts)
	}
	// What was seen to fail is part of the group, however many goals a single
	// fault elsewhere would account for: that is as far as one can see.
	for _, goal := range f.goals {
		if f.wanted[goal] && !slices.Contains(lead, goal) {
			lead = append(lead, goal)
		}
	}
	for _, d := range f.deadlocks {
		for _, v := range d.members {
			if f.suspect(v) && f.standings[f.at[v]].possible && !f.wanted[v] {
				f.wanted[v] = true
				lead = append(lead, v)
			}
		}
	}
	for _, v := range lead {
		if sure[v] {
			f.likely = append(f.likely, v)
		} else {
			f.lead = append(f.lead, v)
		}
	}
}

// leading is leading with the suspects numbered by name, so that the outcome
// does not depend on the order in which they were stated.
func (f *inquiry) leading(conflicts [][]int32) []int32 {
	byName := sortedKeys(f.wanted)
	slices.SortFunc(byName, func(v, w int32) int { return cmp.Compare(f.reqs[v].ID, f.reqs[w].ID) })
	place := make(map[int32]int32, len(byName))
	for i, v := range byName {
		place[v] = int32(i)
	}
	placed := make([][]int32, len(conflicts))
	for i, conflict := range conflicts {
		for _, v := range conflict {
			placed[i] = append(placed[i], place[v])
		}
		slices.Sort(placed[i])
	}
	slices.SortFunc(placed, slices.Compare)
	placed = slices.CompactFunc(placed, slices.Equal)
	lead := leading(placed)
	for i := range lead {
		lead[i] = byName[lead[i]]
	}
	return lead
}

// untestable reports whether no direct test of v is left to be made.
func (f *inquiry) untestable(v int32) bool {
	return f.failing(v) || !slices.ContainsFunc(f.reqs[v].Tests, func(t Test) bool { return t.Possible })
}

// credit finds which symptoms each cause explains, and which causes must all be
// cured for a symptom.
func (f *inquiry) credit() {
	f.explains, f.cureAll = map[int32][]int32{}, map[int32][]int32{}
	causes := slices.Concat(f.confirmed, f.likely, f.lead, f.baffling)
	for _, d := range f.deadlocks {
		causes = append(causes, d.members...)
	}
	proven := slices.Concat(f.confirmed, f.risks)
	f.blocks(f.symptoms, func(r *reach) {
		for _, v := range causes {
			in := r.of(f.at[v])
			if f.suspect(v) {
				in = r.fitting(v, in)
			}
			f.explains[v] = append(f.explains[v], r.list(in)...)
		}
		alone := r.alone()
		for _, v := range proven {
			if f.fault[v] == consequent {
				continue
			}
			for _, s := range r.list(alone[f.at[v]]) {
				f.cureAll[s] = append(f.cureAll[s], v)
			}
		}
	})
}
