package diagnose

import (
	"cmp"
	"iter"
	"maps"
	"math/bits"
	"slices"
)

// An explanation is what could explain the goals, and the texts that symptoms
// were seen with.
type explanation struct {
	wanted   map[int32]bool // the suspects of which some are at fault
	likely   []int32        // must be at fault, and cannot be tested
	open     []int32        // lead otherwise
	baffling []int32        // goals for which every suspect is ruled out
}

// explain searches for what explains the goals.
func (f *inquiry) explain() explanation {
	e := explanation{wanted: map[int32]bool{}}
	conflicts, sure, ok := f.conflicts(&e)
	lead := map[int32]bool{}
	if !ok {
		f.suspectAll(e.wanted)
		lead = e.wanted
	}
	for _, v := range f.leading(conflicts, e.wanted) {
		lead[v] = true
	}
	f.suspectSeen(e.wanted, lead)
	for _, v := range sortedKeys(lead) {
		if sure[v] {
			e.likely = append(e.likely, v)
		} else {
			e.open = append(e.open, v)
		}
	}
	return e
}

// conflicts collects the conflicts of all goals, what is wanted by them, and
// the untestable suspects that some conflict leaves no choice about. It is not
// ok if that takes too much effort; there are no conflicts then.
func (f *inquiry) conflicts(e *explanation) (conflicts [][]int32, sure map[int32]bool, ok bool) {
	q := quest{cone: f.cone, standings: f.standings, visited: make([]int32, len(f.node))}
	sure = map[int32]bool{}
	effort := 0
	add := func(doubt bool, found ...[]int32) {
		conflicts = append(conflicts, found...)
		for _, conflict := range found {
			effort += len(conflict)
			if len(conflict) == 1 && !doubt && f.untestable(conflict[0]) {
				sure[conflict[0]] = true
			}
			for _, v := range conflict {
				e.wanted[v] = true
			}
		}
	}
	texts := maps.Clone(f.authors)
	for q.aim = range f.aims() {
		goal := q.goal
		found := q.conflicts()
		if unsolvable(found) && len(f.authors[goal]) > 0 {
			f.unmute(goal) // the author is not alone
			found = q.conflicts()
		}
		if unsolvable(found) {
			e.baffling = append(e.baffling, goal)
			continue
		}
		add(q.doubtful(), found...)
		if text := texts[goal]; len(text) > 0 {
			add(q.doubtful(), text)
			delete(texts, goal)
		}
		if effort += q.effort; effort > maxEffort {
			return nil, sure, false
		}
	}
	// What is left of the texts belongs to symptoms that something else
	// accounts for, though not with that text.
	for _, s := range sortedKeys(texts) {
		if len(texts[s]) > 0 {
			add(true, texts[s])
		}
	}
	if effort > maxEffort {
		return nil, sure, false
	}
	return conflicts, sure, true
}

// unsolvable reports whether some conflict has no suspects.
func unsolvable(conflicts [][]int32) bool {
	return slices.ContainsFunc(conflicts, func(conflict []int32) bool { return len(conflict) == 0 })
}

// aims yields what is to be explained: the goals, and what fails in a known way
// and is accounted for only by something that began too late for a symptom that
// rests on it.
func (f *inquiry) aims() iter.Seq[aim] {
	return func(yield func(aim) bool) {
		for _, goal := range f.goals {
			late := f.late(goal)
			if !f.inDeadlock(goal) && !yield(aim{goal: goal, outcome: f.outcomeFor(goal), skip: late}) {
				return
			}
		}
		for _, s := range f.symptoms {
			late := f.late(s)
			if late == nil {
				continue
			}
			known := f.known(late)
			for _, v := range f.within(s, late) {
				again := v != s && f.model.known(v) && f.fault[v] == consequent && !f.accounted(v, known) && f.accounted(v, f.outcome)
				if again && !yield(aim{goal: v, outcome: known, skip: late, undated: true}) {
					return
				}
			}
		}
	}
}

// within returns what a symptom may fail for, short of what is skipped.
func (f *inquiry) within(symptom int32, skip skipper) []int32 {
	list := []int32{symptom}
	found := map[int32]bool{symptom: true}
	for k := 0; k < len(list); k++ {
		for _, e := range f.edgesOf(f.at[list[k]]) {
			if v := f.node[e.to]; !found[v] && !skip.skips(v) {
				found[v] = true
				list = append(list, v)
			}
		}
	}
	return list
}

// findSpoken finds the symptoms whose text, if any, something known may have
// left.
func (f *inquiry) findSpoken() map[int32]bool {
	spoken := map[int32]bool{}
	goal := make([]bool, len(f.node))
	for _, v := range f.goals {
		goal[f.at[v]] = true
	}
	f.blocks(f.symptoms, func(r *reach) {
		speaking := r.unsigned
		for i, v := range r.node {
			if f.failing(v) {
				speaking |= r.speaking(int32(i), goal[i])
			}
		}
		for _, s := range r.list(speaking) {
			spoken[s] = true
		}
	})
	return spoken
}

// findAuthors finds, for the other symptoms, the suspects that may have left the
// text.
func (f *inquiry) findAuthors() map[int32][]int32 {
	authors := map[int32][]int32{}
	unspoken := slices.DeleteFunc(slices.Clone(f.symptoms), func(s int32) bool { return f.spoken[s] })
	effort := 0
	f.blocks(unspoken, func(r *reach) {
		for i, v := range r.node {
			in := r.of(int32(i))
			if in == 0 || !f.suspect(v) || !f.standings[i].possible {
				continue
			}
			in = r.fitting(v, in)
			if effort += bits.OnesCount64(uint64(in)); effort > maxEffort {
				return
			}
			for _, s := range r.list(in) {
				authors[s] = append(authors[s], v)
			}
		}
	})
	if effort > maxEffort {
		return nil
	}
	return authors
}

// speaking returns the symptoms whose text a member that was seen to fail may
// have left, itself or, if it is a goal, by what makes it fail.
func (r *reach) speaking(i int32, goal bool) set {
	v, in := r.node[i], r.of(i)
	var speaking set
	for k, s := range r.block {
		if in&(1<<k) != 0 && (goal && v != s || r.speaks(v, s)) {
			speaking |= 1 << k
		}
	}
	return speaking
}

// suspectAll adds every suspect that a goal may rest on.
func (f *inquiry) suspectAll(wanted map[int32]bool) {
	visited := make([]bool, len(f.node))
	var stack []int32
	enter := func(i int32) {
		if !visited[i] {
			visited[i] = true
			stack = append(stack, i)
		}
	}
	for _, goal := range f.goals {
		enter(f.at[goal])
	}
	for len(stack) > 0 {
		i := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if f.standings[i].possible {
			wanted[f.node[i]] = true
		}
		for _, e := range f.edgesOf(i) {
			enter(e.to)
		}
	}
}

// suspectSeen adds what leads however many goals a single fault elsewhere would
// account for: goals that may be at fault themselves, which is as far as one
// can see, and the suspects among the members of a deadlock.
func (f *inquiry) suspectSeen(wanted, lead map[int32]bool) {
	for _, goal := range f.goals {
		if wanted[goal] {
			lead[goal] = true
		}
	}
	for _, d := range f.deadlocks {
		for _, v := range d.members {
			if f.suspect(v) && f.standings[f.at[v]].possible {
				wanted[v], lead[v] = true, true
			}
		}
	}
}

// leading is leading with the suspects numbered by name, so that the outcome
// does not depend on the order in which they were stated.
func (f *inquiry) leading(conflicts [][]int32, wanted map[int32]bool) []int32 {
	byName := sortedKeys(wanted)
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
	lead := leading(slices.CompactFunc(placed, slices.Equal))
	for i := range lead {
		lead[i] = byName[lead[i]]
	}
	return lead
}

// untestable reports whether no direct test of v is left to be made.
func (f *inquiry) untestable(v int32) bool {
	return f.failing(v) || !f.testable(v)
}

// testable reports whether a test of v is possible.
func (m *model) testable(v int32) bool {
	return slices.ContainsFunc(m.reqs[v].Tests, func(t Test) bool { return t.Possible })
}

// A credit is which causes account for which symptoms.
type credit struct {
	explains map[int32][]int32 // by cause: the symptoms in whose needs it lies
	cureAll  map[int32][]int32 // by symptom: what is proven broken and keeps it from working
	leads    []bool            // by edge: it lies between a symptom and a cause of it
}

// assign finds which symptoms each cause explains, by way of which edges, and
// what must all be cured for a symptom.
func (f *inquiry) assign() credit {
	c := credit{explains: map[int32][]int32{}, cureAll: map[int32][]int32{}, leads: make([]bool, len(f.edges))}
	causes := slices.Concat(f.confirmed, f.likely, f.open, f.baffling)
	for _, d := range f.deadlocks {
		causes = append(causes, d.members...)
	}
	slices.Sort(causes)
	causes = slices.Compact(causes)
	proven := slices.DeleteFunc(slices.Concat(f.confirmed, f.risks), func(v int32) bool { return f.fault[v] == consequent })
	f.blocks(f.symptoms, func(r *reach) {
		below := make([]set, len(f.node))
		for _, v := range causes {
			in := r.of(f.at[v])
			if f.suspect(v) {
				in = r.fitting(v, in)
			}
			below[f.at[v]] = in
			c.explains[v] = append(c.explains[v], r.list(in)...)
		}
		r.collect(below, c.leads)
		alone := r.alone()
		for _, v := range proven {
			for _, s := range r.list(alone[f.at[v]]) {
				c.cureAll[s] = append(c.cureAll[s], v)
			}
		}
	})
	return c
}

// collect marks the edges by which symptoms reach what explains them, given by
// member the symptoms that it explains.
func (r *reach) collect(below []set, leads []bool) {
	for g := range r.groups() {
		for changed := true; changed; {
			changed = false
			for _, i := range r.members(g) {
				for k, e := range r.edgesOf(i) {
					through := r.along(i, e) & below[e.to]
					if through != 0 {
						leads[int(r.first[i])+k] = true
					}
					changed = changed || through&^below[i] != 0
					below[i] |= through
				}
			}
		}
	}
}
