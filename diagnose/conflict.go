package diagnose

import "slices"

// Limits of the search. Beyond them the answer gets coarser, never wrong: all
// that could explain something is then held to lead.
const (
	maxConflicts = 128     // for one goal
	maxLiterals  = 1 << 22 // suspects in all conflicts, together
)

// An outcome is how bad each requirement is known to be, by requirement.
type outcome struct {
	states []state // as seen, or made so by what it needs
	owing  []state // made so by what it needs, whatever was seen of itself
}

// known computes what follows from what was seen. What skip reports is left out
// of account; nil skips nothing.
func (c *cone) known(skip func(v int32) bool) outcome {
	o := outcome{states: make([]state, len(c.reqs)), owing: make([]state, len(c.reqs))}
	skips := func(v int32) bool { return skip != nil && skip(v) }
	for v := range c.looks {
		if c.failing(int32(v)) && c.at[v] < 0 {
			o.states[v] = c.looks[v].bad()
		}
	}
	healthy := func(int32) state { return works }
	c.settle(o.states, healthy, func(v int32) {
		o.owing[v] = o.states[v]
		o.states[v] = max(o.states[v], c.looks[v].bad())
		if skips(v) {
			o.states[v] = works
		}
	})
	return o
}

// accounted reports whether what v needs is known to be bad enough to make it
// fail as it does.
func (c *cone) accounted(v int32, o outcome) bool {
	return c.level[v] > works && o.owing[v] >= c.level[v]
}

// A quest is the search for the conflicts of one goal: something seen to fail
// that nothing known accounts for. Each conflict is a set of suspects of which
// at least one is at fault.
type quest struct {
	*cone
	outcome
	standings []standing
	goal      int32
	skip      func(v int32) bool

	round   int32
	visited []int32 // by member: the last walk that came by
}

// A choice takes some of the alternatives of a need that would have to fail
// together.
type choice struct {
	need   int32 // its first edge, which identifies it
	chosen []int32
	rest   *choice
}

// of returns what was chosen for a need.
func (c *choice) of(n need) ([]int32, bool) {
	for ; c != nil; c = c.rest {
		if c.need == n.from {
			return c.chosen, true
		}
	}
	return nil, false
}

// conflicts returns the conflicts of the goal. Where several alternatives must
// have failed, there is one for each; where that makes too many, a single one
// of all suspects stands for them.
func (q *quest) conflicts() [][]int32 {
	var found [][]int32
	for pending := []*choice{nil}; len(pending) > 0; {
		last := pending[len(pending)-1]
		pending = pending[:len(pending)-1]
		suspects, undecided := q.walk(last, false)
		if undecided == nil {
			found = append(found, suspects)
			continue
		}
		from, size := q.alternatives(*undecided)
		if binomial(len(from), size)+len(pending)+len(found) > maxConflicts {
			all, _ := q.walk(nil, true)
			return [][]int32{all}
		}
		for chosen := range subsets(from, size) {
			pending = append(pending, &choice{undecided.from, chosen, last})
		}
	}
	return found
}

// walk collects the suspects that the goal rests on, given choices. It stops at
// a need that they do not decide, and returns it; with all set it takes every
// alternative of those.
func (q *quest) walk(choices *choice, all bool) ([]int32, *need) {
	q.round++
	q.visit(q.goal)
	var suspects []int32
	for stack := []int32{q.goal}; len(stack) > 0; {
		v := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if q.candidate(v) {
			suspects = append(suspects, v)
		}
		for _, n := range q.needsOf(v) {
			if q.blame(v, n) < q.level[q.goal] {
				continue
			}
			on := q.on(n)
			if q.gate(v, n) && !all {
				chosen, ok := choices.of(n)
				if !ok {
					return nil, &n
				}
				on = chosen
			}
			for _, w := range on {
				if q.blameOf(v, n, w) >= q.level[q.goal] && q.open(w) && q.visit(w) {
					stack = append(stack, w)
				}
			}
		}
	}
	return suspects, nil
}

// visit marks v as visited by this walk, and reports whether that is news.
func (q *quest) visit(v int32) bool {
	mark := &q.visited[q.at[v]]
	if *mark == q.round {
		return false
	}
	*mark = q.round
	return true
}

// candidate reports whether v itself may be at fault for the goal.
func (q *quest) candidate(v int32) bool {
	if q.failing(v) {
		return q.reqs[v].Own || q.model.known(v)
	}
	return q.suspect(v) && q.standings[q.at[v]].possible &&
		(q.reqs[q.goal].Symptom == "" || q.fits(v, q.goal))
}

// gate reports whether several alternatives of the need must fail together for
// the goal to fail as it does.
func (q *quest) gate(v int32, n need) bool {
	switch n.op {
	case Any, KOf:
		return !q.worked(v)
	case Each:
		return q.level[q.goal] == fails
	default:
		return false
	}
}

// open reports whether the failure of w, if it fails, is yet to be accounted
// for, within this goal.
func (q *quest) open(w int32) bool {
	return q.state(w) < q.level[q.goal] && (q.skip == nil || !q.skip(w))
}

// state is how bad w is known to be. What rests on the goal in turn does not
// account for it.
func (q *quest) state(w int32) state {
	if i := q.at[w]; i >= 0 && q.group[i] == q.group[q.at[q.goal]] {
		return q.owing[w]
	}
	return q.states[w]
}

// alternatives returns those of the need that may have failed and are not known
// to, and of how many of them one must have failed.
func (q *quest) alternatives(n need) ([]int32, int) {
	level := q.level[q.goal]
	needed := int(n.to - n.from)
	if n.op == KOf {
		needed -= int(n.k) - 1
	}
	var from []int32
	for _, w := range q.on(n) {
		switch {
		case q.state(w) >= level:
			needed--
		case q.worst[w] >= level:
			from = append(from, w)
		}
	}
	return from, len(from) - needed + 1
}

// binomial is the number of subsets of a size, or more than maxConflicts.
func binomial(n, size int) int {
	count := 1
	for k := 1; k <= min(size, n-size); k++ {
		count = count * (n - k + 1) / k
		if count > maxConflicts {
			break
		}
	}
	return count
}

// subsets yields the subsets of a size.
func subsets(of []int32, size int) func(yield func([]int32) bool) {
	return func(yield func([]int32) bool) {
		var grow func(taken []int32, from int) bool
		grow = func(taken []int32, from int) bool {
			if len(taken) == size {
				return yield(slices.Clone(taken))
			}
			for i := from; i <= len(of)-(size-len(taken)); i++ {
				if !grow(append(taken, of[i]), i+1) {
					return false
				}
			}
			return true
		}
		grow(nil, 0)
	}
}
