package diagnose

import (
	"cmp"
	"iter"
	"maps"
	"slices"
)

// An explanation is what could explain the goals, and the texts that symptoms
// were seen with.
type explanation struct {
	wanted   map[int32]bool // the suspects of which some are at fault
	likely   []int32        // must be at fault, and cannot be tested
	open     []int32        // lead otherwise, or baffle
	baffling map[int32]bool // goals for which every suspect is ruled out
}

// explain searches for what explains the goals.
func (f *inquiry) explain() explanation {
	e := explanation{wanted: map[int32]bool{}, baffling: map[int32]bool{}}
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
	e.open = append(e.open, sortedKeys(e.baffling)...)
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
			e.baffling[goal] = true
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
			if !f.waiting[goal] && !yield(aim{goal: goal, outcome: f.outcomeFor(goal), skip: late}) {
				return
			}
		}
		for _, s := range f.symptoms {
			late := f.late(s)
			if late == nil {
				continue
			}
			within := f.within(s)
			known := f.known(within, late)
			for _, v := range f.overdue(within, known) {
				if v != s && !late(v) && !yield(aim{goal: v, outcome: known, skip: late, undated: true}) {
					return
				}
			}
		}
	}
}

// overdue lists what fails in a known way, and is accounted for by what is known
// altogether, but not by the given part of that.
func (f *inquiry) overdue(groups []int32, known outcome) []int32 {
	var list []int32
	for _, g := range groups {
		for _, i := range f.members(g) {
			v := f.node[i]
			if f.recognized(v) && f.accounted(v, f.outcome) && !f.accounted(v, known) {
				list = append(list, v)
			}
		}
	}
	return list
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
	for v := range f.waiting {
		if f.suspect(v) && f.standings[f.at[v]].possible {
			wanted[v], lead[v] = true, true
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
