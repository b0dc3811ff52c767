package diagnose

// A fault is how something seen to fail is accounted for.
type fault uint8

// The faults.
const (
	noFault    fault = iota // not seen to fail
	consequent              // its needs can be what makes it fail
	familiar                // its needs cannot, and the mode it fails in is known
	unfamiliar              // its needs cannot, and the mode is not known
)

// account says what can account for the failure of v, and, if its needs can,
// how bad they have to be for that.
func (b *bounds) account(v int32) (fault, state) {
	seen, possible := b.looks[v].bad(), b.worstOfNeeds(v)
	if b.looks[v] == seenOnce {
		seen = flaky
	}
	switch {
	case seen == works:
		return noFault, works
	case possible >= seen:
		return consequent, seen
	case b.recognized(v):
		return familiar, works
	case possible > works:
		// It was seen to fail throughout, and its needs can fail only some of
		// the requests: then that is what was seen of it.
		return consequent, possible
	default:
		return unfamiliar, works
	}
}

// An edge of a cone leads from a requirement to something that it needs and
// that may be what makes it fail.
type edge struct {
	to    int32
	total bool // it can make it fail throughout
	op    Op   // of the need
}

// A cone is what may account for the failures that were seen: the requirements
// that they rest on, short of those that evidently work. Its members have
// numbers of their own: member i is the requirement node[i].
type cone struct {
	*bounds
	fault []fault // by requirement
	level []state // by requirement: how bad its needs must be to account for it

	node  []int32
	at    []int32 // by requirement: its member, or -1
	first []int32
	edges []edge // of member i: edges[first[i]:first[i+1]]

	dated []int32 // requirements in it that are known to have begun after some time

	order []int32 // members, those that others need first
	group []int32 // by member: its strongly connected component
	start []int32 // component g is order[start[g]:start[g+1]]
}

// trace builds the cone of everything that was seen to fail.
func trace(b *bounds, failing []int32) *cone {
	n := len(b.reqs)
	c := &cone{bounds: b, fault: make([]fault, n), level: make([]state, n), at: make([]int32, n)}
	for v := range c.at {
		c.at[v] = -1
	}
	for _, v := range failing {
		c.fault[v], c.level[v] = b.account(v)
		c.enter(v)
	}
	for i := 0; i < len(c.node); i++ {
		c.first = append(c.first, int32(len(c.edges)))
		c.expand(c.node[i])
	}
	c.first = append(c.first, int32(len(c.edges)))
	c.components()
	for _, v := range c.node {
		if !c.began(v).After.IsZero() {
			c.dated = append(c.dated, v)
		}
	}
	return c
}

// enter returns the member for a requirement, making it one.
func (c *cone) enter(v int32) int32 {
	if c.at[v] < 0 {
		c.at[v] = int32(len(c.node))
		c.node = append(c.node, v)
	}
	return c.at[v]
}

// expand adds the edges of v.
func (c *cone) expand(v int32) {
	least := flaky
	if c.failing(v) {
		least = c.level[v]
	}
	if least == works {
		return // its needs do not account for it
	}
	for _, n := range c.needsOf(v) {
		need := c.blame(v, n)
		if need < least {
			continue
		}
		for _, w := range c.on(n) {
			if bad := c.worst[w]; bad >= least {
				c.edges = append(c.edges, edge{
					to: c.enter(w), total: need == fails && bad == fails, op: n.op,
				})
			}
		}
	}
}

// blame is how bad the need n can be for v.
func (c *cone) blame(v int32, n need) state {
	switch {
	case !c.worked(v):
		return c.stateOf(n, c.worst)
	case n.atStart:
		return works
	default:
		return c.usedNeed(n)
	}
}

// edgesOf returns the edges of a member.
func (c *cone) edgesOf(i int32) []edge { return c.edges[c.first[i]:c.first[i+1]] }

// members returns the members of a component.
func (c *cone) members(g int32) []int32 { return c.order[c.start[g]:c.start[g+1]] }

// groups is the number of components.
func (c *cone) groups() int32 { return int32(len(c.start)) - 1 }

// all lists the components, those that others need first.
func (c *cone) all() []int32 {
	all := make([]int32, c.groups())
	for g := range all {
		all[g] = int32(g)
	}
	return all
}

// within lists the components that v may fail for, those that others need first.
func (c *cone) within(v int32) []int32 {
	found := map[int32]bool{c.group[c.at[v]]: true}
	for list := []int32{c.group[c.at[v]]}; len(list) > 0; {
		g := list[len(list)-1]
		list = list[:len(list)-1]
		for _, i := range c.members(g) {
			for _, e := range c.edgesOf(i) {
				if to := c.group[e.to]; !found[to] {
					found[to] = true
					list = append(list, to)
				}
			}
		}
	}
	return sortedKeys(found)
}

// cyclic reports whether the members of a component rest on each other.
func (c *cone) cyclic(g int32) bool {
	members := c.members(g)
	if len(members) > 1 {
		return true
	}
	for _, e := range c.edgesOf(members[0]) {
		if e.to == members[0] {
			return true
		}
	}
	return false
}

// components finds the strongly connected components (Tarjan 1972), needs
// first.
func (c *cone) components() {
	type frame struct{ i, next int32 }
	n := len(c.node)
	c.group = make([]int32, n)
	c.order = make([]int32, 0, n)
	index := make([]int32, n) // order of discovery from 1; 0 is undiscovered
	low := make([]int32, n)
	var open []int32 // discovered, and in no component yet
	var stack []frame
	found := int32(0)
	for i := range c.group {
		c.group[i] = -1
	}
	discover := func(i int32) {
		found++
		index[i], low[i] = found, found
		open = append(open, i)
		stack = append(stack, frame{i, c.first[i]})
	}
	for root := range int32(n) {
		if index[root] == 0 {
			discover(root)
		}
		for len(stack) > 0 {
			f := &stack[len(stack)-1]
			if f.next < c.first[f.i+1] {
				to := c.edges[f.next].to
				f.next++
				if index[to] == 0 {
					discover(to)
				} else if c.group[to] < 0 {
					low[f.i] = min(low[f.i], index[to])
				}
				continue
			}
			i := f.i
			stack = stack[:len(stack)-1]
			if len(stack) > 0 {
				parent := stack[len(stack)-1].i
				low[parent] = min(low[parent], low[i])
			}
			if low[i] == index[i] {
				open = c.close(i, open)
			}
		}
	}
	c.start = append(c.start, int32(len(c.order)))
}

// close makes a component of what lies above i on the list of open members.
func (c *cone) close(i int32, open []int32) []int32 {
	g := int32(len(c.start))
	c.start = append(c.start, int32(len(c.order)))
	for {
		last := open[len(open)-1]
		open = open[:len(open)-1]
		c.group[last] = g
		c.order = append(c.order, last)
		if last == i {
			return open
		}
	}
}

// settle computes the least states, by requirement, that satisfy the model: a
// member is as bad as its own state, or as what it needs makes it. Within a
// cycle nothing fails without a reason. What skip reports counts as working.
//
// It computes those of the given components only, which list needs first.
func (c *cone) settle(groups []int32, own func(v int32) state, skip skipper) []state {
	states := make([]state, len(c.reqs))
	for _, g := range groups {
		c.settleGroup(g, states, func(v int32) state {
			if skip.skips(v) {
				return works
			}
			return max(min(own(v), c.worst[v]), c.effect(v, states))
		})
	}
	return states
}

// settleGroup raises the states of the members of a component until they are
// what judge says.
func (c *cone) settleGroup(g int32, states []state, judge func(v int32) state) {
	members, again := c.members(g), c.cyclic(g)
	for changed := true; changed; {
		changed = false
		for _, i := range members {
			if v := c.node[i]; judge(v) > states[v] {
				states[v] = judge(v)
				changed = again
			}
		}
	}
}

// A skipper reports what is to be left out of account. Nil skips nothing.
type skipper func(v int32) bool

func (s skipper) skips(v int32) bool { return s != nil && s(v) }

// effect is how bad the needs of v make it when they are in the given states.
// What is not bad enough to account for what was seen of v has no effect on it.
func (c *cone) effect(v int32, states []state) state {
	worst := works
	worked := c.worked(v)
	for _, n := range c.needsOf(v) {
		if !worked || !n.atStart {
			worst = max(worst, c.stateOf(n, states))
		}
	}
	if c.fault[v] != noFault && (c.fault[v] != consequent || worst < c.level[v]) {
		return works
	}
	return min(worst, c.worst[v])
}
