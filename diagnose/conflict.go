package diagnose

import "slices"

// Limits of the search. Beyond them the answer gets coarser, never wrong: all
// that could explain something is then held to lead.
const (
	maxConflicts = 128     // for one goal
	maxVisits    = 1 << 18 // of requirements, for one goal
	maxEffort    = 1 << 20 // of requirements and suspects, for all goals
)

// An outcome is how bad things are known to be, by requirement.
type outcome struct {
	states []state // as seen, or made so by what it needs
	owing  []state // made so by what it needs, whatever was seen of itself
}

// known computes what follows from what was seen, for the given components.
func (c *cone) known(groups []int32, skip skipper) outcome {
	o := outcome{
		states: c.settle(groups, func(v int32) state { return c.looks[v].bad() }, skip),
		owing:  make([]state, len(c.reqs)),
	}
	for _, g := range groups {
		c.owe(g, o)
	}
	return o
}

// owe computes what the members of a component owe to what they need. Members
// of a cycle do not account for each other, so it is what comes in from outside.
func (c *cone) owe(g int32, o outcome) {
	members := c.members(g)
	before := make([]state, len(members))
	for k, i := range members {
		v := c.node[i]
		before[k], o.states[v] = o.states[v], works
	}
	c.settleGroup(g, o.states, func(v int32) state { return c.effect(v, o.states) })
	for k, i := range members {
		v := c.node[i]
		o.owing[v], o.states[v] = o.states[v], before[k]
	}
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
	standings []standing
	aim
	cycle bool // a walk came by a cycle
	gated bool // several things must be at fault together
	muted bool // some suspects are left out for the text of a symptom

	round   int32
	visited []int32 // by member: the last walk that came by
	effort  int     // members visited by walks that led to a conflict
}

// An aim is a goal, with what is known and what is to be left out of account.
type aim struct {
	goal int32
	outcome
	skip    skipper
	undated bool // the goal itself may have begun late
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

// A dilemma is a need of which some alternatives must fail together: of each so
// many of them, one.
type dilemma struct {
	need int32
	from []int32
	size int
}

// conflicts returns the conflicts of the goal. Where several alternatives must
// have failed, there is one for each; where that makes too many, a single one
// of all suspects stands for them.
func (q *quest) conflicts() [][]int32 {
	q.cycle, q.gated, q.muted, q.effort = false, false, false, 0
	var found [][]int32
	for pending := []*choice{nil}; len(pending) > 0; {
		last := pending[len(pending)-1]
		pending = pending[:len(pending)-1]
		suspects, open := q.walk(last, false)
		q.gated = q.gated || open != nil
		if open == nil {
			found = append(found, suspects)
			if len(found) > 1 && q.effort > maxVisits {
				return q.coarse()
			}
			continue
		}
		if binomial(len(open.from), open.size)+len(pending)+len(found) > maxConflicts {
			return q.coarse()
		}
		for chosen := range subsets(open.from, open.size) {
			pending = append(pending, &choice{open.need, chosen, last})
		}
	}
	return found
}

// doubtful reports whether more than the conflicts say may account for the goal:
// a cycle may fail with nobody at fault, and of several at fault together one
// leaves its text, and who was left out for that may be at fault all the same.
func (q *quest) doubtful() bool { return q.undated || q.cycle || q.gated && q.muted }

// coarse returns a single conflict of all suspects.
func (q *quest) coarse() [][]int32 {
	all, _ := q.walk(nil, true)
	return [][]int32{all}
}

// walk collects the suspects that the goal rests on, given choices. It stops at
// a need that they do not decide, and returns it; with all set it takes every
// alternative of those.
func (q *quest) walk(choices *choice, all bool) ([]int32, *dilemma) {
	q.round++
	q.visit(q.goal)
	visited := 0
	var suspects []int32
	for stack := []int32{q.goal}; len(stack) > 0; visited++ {
		v := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if q.candidate(v) {
			suspects = append(suspects, v)
		}
		level := q.levelAt(v)
		for _, n := range q.needsOf(v) {
			if q.blame(v, n) < level {
				continue
			}
			on := q.on(n)
			if !all && n.enough(level) > 1 {
				from, size := q.alternatives(n, level)
				if size < 1 {
					continue // only with what is left out of account
				}
				if on = from; size < len(from) {
					chosen, ok := choices.of(n)
					if !ok {
						return nil, &dilemma{n.from, from, size}
					}
					on = chosen
				}
			}
			for _, w := range on {
				if q.worst[w] >= level && !q.skip.skips(w) && !q.settled(w, level) && q.visit(w) {
					stack = append(stack, w)
				}
			}
		}
	}
	q.effort += visited
	return suspects, nil
}

// levelAt is how bad the needs of v must be to count.
func (q *quest) levelAt(v int32) state {
	if q.failing(v) {
		return q.level[v]
	}
	return q.level[q.goal]
}

// visit marks v as visited by this walk, and reports whether that is news.
func (q *quest) visit(v int32) bool {
	mark := &q.visited[q.at[v]]
	if *mark == q.round {
		return false
	}
	*mark = q.round
	q.cycle = q.cycle || q.cyclic(q.group[q.at[v]])
	return true
}

// candidate reports whether v itself may be at fault for the goal.
func (q *quest) candidate(v int32) bool {
	if q.failing(v) {
		return q.reqs[v].Own || q.recognized(v)
	}
	s := &q.standings[q.at[v]]
	q.muted = q.muted || s.reason == BySignature
	return q.suspect(v) && s.possible
}

// settled reports whether w is known to be as bad as the level, and why is no
// question of this goal. What rests on the goal in turn settles nothing.
func (q *quest) settled(w int32, level state) bool {
	i := q.at[w]
	switch {
	case i < 0 || q.group[i] != q.group[q.at[q.goal]]:
		return q.states[w] >= level
	case q.failing(w):
		return q.accounted(w, q.outcome)
	default:
		return q.owing[w] >= level
	}
}

// alternatives returns those of the need that may be as bad as the level and
// are not known to be, and of how many of them one must be, for the need to be
// as bad.
func (q *quest) alternatives(n need, level state) (from []int32, size int) {
	bad := 0
	for _, w := range q.on(n) {
		switch {
		case q.skip.skips(w):
		case q.settled(w, level):
			bad++
		case q.worst[w] >= level:
			from = append(from, w)
		}
	}
	return from, len(from) - (n.enough(level) - bad) + 1
}

// enough is how many alternatives must be as bad as the level for the need to
// be as bad.
func (n need) enough(level state) int {
	total := int(n.to - n.from)
	switch {
	case n.op == Any || n.op == Each && level == fails:
		return total
	case n.op == KOf:
		return total - int(n.k) + 1
	default:
		return 1
	}
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
