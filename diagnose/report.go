package diagnose

import (
	"cmp"
	"slices"
)

// diagnosis tells what was worked out.
func (f *inquiry) diagnosis() Diagnosis {
	d := Diagnosis{Unseen: f.unseen()}
	if len(f.node) == 0 {
		return d
	}
	d.Causes = f.causes()
	d.Symptoms = f.explained()
	d.RuledOut = f.ruledOut()
	d.Open = f.openItems()
	d.Risks = f.ordered(f.risks)
	for _, lock := range f.deadlocks {
		out := Deadlock{Members: f.ordered(lock.members)}
		if lock.first >= 0 {
			out.First = f.reqs[lock.first].ID
		}
		d.Deadlocks = append(d.Deadlocks, out)
	}
	d.Proof = f.proof()
	return d
}

// ordered returns names in the order of the requirements.
func (f *inquiry) ordered(vs []int32) []ID {
	var names []ID
	for _, v := range vs {
		names = append(names, f.reqs[v].ID)
	}
	return names
}

// causes lists the causes, the surest first.
func (f *inquiry) causes() []Cause {
	var causes []Cause
	add := func(vs []int32, certainty Certainty) {
		for _, v := range vs {
			c := Cause{ID: f.reqs[v].ID, Certainty: certainty, Explains: f.ordered(f.explains[v])}
			if o := f.observation(v); o != nil {
				c.Mode, c.Evidence = o.Mode, o.Evidence
			}
			c.Unfamiliar = f.fault[v] == unfamiliar || f.baffling[v]
			causes = append(causes, c)
		}
	}
	add(f.confirmed, Confirmed)
	add(f.likely, Likely)
	for _, d := range f.deadlocks {
		add(d.members[:1], Open)
		causes[len(causes)-1].Deadlock = true
	}
	add(f.open, Open)
	return causes
}

// explained lists the failing symptoms with what explains them.
func (f *inquiry) explained() []Symptom {
	causes := slices.Concat(f.confirmed, f.likely)
	cause := map[int32]bool{}
	for _, v := range causes {
		cause[v] = true
	}
	effects := f.effects(f.all(), cause, nil)
	var symptoms []Symptom
	for _, s := range f.symptoms {
		out := Symptom{ID: f.reqs[s].ID}
		states := effects
		if late := f.late(s); late != nil {
			states = f.effects(f.within(s), cause, late)
		}
		broken := cause[s] || f.level[s] > works && f.effect(s, states) >= f.level[s]
		if broken && f.voiced(s) {
			for _, v := range causes {
				if slices.Contains(f.explains[v], s) {
					out.ExplainedBy = append(out.ExplainedBy, f.reqs[v].ID)
				}
			}
		}
		if all := f.cureAll[s]; len(all) > 1 {
			out.CureAll = f.ordered(f.sorted(all))
		}
		symptoms = append(symptoms, out)
	}
	return symptoms
}

// voiced reports whether a cause can have left the symptom's text, or nothing
// can.
func (f *inquiry) voiced(s int32) bool {
	return len(f.authors[s]) == 0 || slices.ContainsFunc(f.likely, func(v int32) bool {
		return slices.Contains(f.authors[s], v)
	})
}

// effects computes how bad everything gets by the given causes alone.
func (f *inquiry) effects(groups []int32, cause map[int32]bool, skip skipper) []state {
	return f.settle(groups, func(v int32) state {
		switch {
		case !cause[v]:
			return works
		case f.failing(v):
			return f.looks[v].bad()
		default:
			return fails
		}
	}, skip)
}

// ruledOut lists the suspects below the failing symptoms that cannot be at
// fault for them.
func (f *inquiry) ruledOut() []RuledOut {
	var list []RuledOut
	cuts := f.cuts()
	for _, v := range f.sorted(f.below) {
		if !f.reqs[v].Own {
			continue
		}
		reason, by := f.excuse(v)
		if reason == NotInCone && cuts[v] >= 0 {
			by = []int32{cuts[v]}
		}
		if reason != "" {
			out := RuledOut{ID: f.reqs[v].ID, Reason: reason, By: f.names(by), Evidence: f.evidence(by)}
			if reason == WrongOrder {
				out.Evidence = f.evidence(append(by, v)) // its own onset as well
			}
			list = append(list, out)
		}
	}
	return list
}

// excuse says why v was ruled out, and by what; empty if it was not.
func (f *inquiry) excuse(v int32) (Reason, []int32) {
	switch {
	case f.looks[v] == held:
		return ByDirectTest, []int32{v}
	case f.cleared.clears(v):
		return BySibling, f.cleared.witnesses(v)
	}
	var s standing
	if i := f.at[v]; i >= 0 {
		s = f.standings[i]
	}
	if s.inCone && (f.failing(v) || s.possible) {
		return "", nil
	}
	if s.inCone {
		return s.reason, s.by
	}
	if s.reason == WrongOrder || s.reason == PredictedAbsent {
		return s.reason, s.by
	}
	if f.failing(v) {
		return "", nil
	}
	return NotInCone, nil
}

// openItems lists the suspects that are neither confirmed nor ruled out.
func (f *inquiry) openItems() []OpenItem {
	likely := map[int32]bool{}
	for _, v := range f.likely {
		likely[v] = true
	}
	var list []OpenItem
	behind := f.brokenStages()
	for _, v := range f.sorted(f.below) {
		i := f.at[v]
		if i < 0 || !f.suspect(v) || !f.standings[i].inCone || !f.standings[i].possible || likely[v] {
			continue
		}
		list = append(list, OpenItem{
			ID: f.reqs[v].ID, Why: f.why(v, behind), Redundant: !f.wanted[v], Tests: tests(&f.reqs[v]),
		})
	}
	return list
}

// tests returns the tests of a requirement, cheapest first.
func tests(r *Requirement) []Test {
	list := slices.Clone(r.Tests)
	slices.SortStableFunc(list, func(a, b Test) int {
		return cmp.Or(cmp.Compare(a.Cost, b.Cost), cmp.Compare(a.Name, b.Name))
	})
	return list
}

// sorted returns requirements in the order for readers.
func (f *inquiry) sorted(vs []int32) []int32 {
	vs = slices.Clone(vs)
	slices.SortFunc(vs, f.before)
	return vs
}

// why says why v is not known.
func (f *inquiry) why(v int32, behind map[string]int) Why {
	r, o := &f.reqs[v], f.observation(v)
	possible := f.testable(v)
	asked := o != nil && o.Why != NotAsked
	if broken, ok := behind[r.Stage.Connection]; ok && broken < r.Stage.Order && (asked || !possible) {
		return Masked
	}
	switch {
	case o != nil && o.Why != "":
		return o.Why
	case o != nil:
		return Failed
	case possible:
		return NotAsked
	default:
		return NoStandpoint
	}
}

// brokenStages returns the first broken stage of each connection that has one.
func (m *model) brokenStages() map[string]int {
	first := map[string]int{}
	for v := range m.looks {
		stage := m.reqs[v].Stage
		if m.looks[v] < seenOnce || stage.Connection == "" {
			continue
		}
		if order, ok := first[stage.Connection]; !ok || stage.Order < order {
			first[stage.Connection] = stage.Order
		}
	}
	return first
}

// unseen lists what the judged symptoms rest on and could not be observed,
// unless something that uses it proves that it works.
func (f *inquiry) unseen() []ID {
	var judged []int32
	for v := range f.looks {
		if o := f.observation(int32(v)); f.reqs[v].Symptom != "" && o != nil && (o.Verdict != Unknown || refused(o.Why)) {
			judged = append(judged, int32(v))
		}
	}
	path := newRegion(f.model)
	path.add(f.model, judged)
	behind := f.brokenStages()
	var list []int32
	for _, v := range path.list {
		o := f.observation(v)
		if o != nil && f.looks[v] == unseen && !f.cleared.clears(v) && refused(f.why(v, behind)) {
			list = append(list, v)
		}
	}
	slices.SortFunc(list, f.before)
	return f.ordered(list)
}

// refused reports whether somebody looked, and did not get to see.
func refused(why Why) bool { return why != NotAsked && why != Hidden && why != Masked }
