package diagnose

import "slices"

// A set holds up to 64 symptoms, by their place in a block.
type set uint64

// A reach tells in which failing symptoms' needs each member of a cone lies,
// for a block of symptoms.
type reach struct {
	*cone
	block []int32 // at most 64 requirements
	// total and partly hold, by member, the symptoms that it may make fail
	// throughout, and those for which failing at times is enough.
	total, partly []set
	// late holds, by member, the symptoms that had begun before it did. Nil if
	// there are none.
	late []set
	// kept is what late kept from members.
	kept map[int32]set
	// signed holds, by signature, the symptoms that were seen with it, and
	// unsigned those that were seen with none.
	signed   map[string]set
	unsigned set
}

// blocks calls f with the reach of the symptoms, up to 64 at a time.
func (c *cone) blocks(symptoms []int32, f func(*reach)) {
	for block := range slices.Chunk(symptoms, 64) {
		r := &reach{
			cone: c, block: block, kept: map[int32]set{},
			total: make([]set, len(c.node)), partly: make([]set, len(c.node)),
		}
		r.findLate()
		r.sign()
		for k, s := range block {
			r.total[c.at[s]] |= 1 << k
		}
		r.spread(r.pass)
		f(r)
	}
}

// sign notes the signatures of the symptoms. Where something began to fail after
// a symptom, the text may be of that, and says nothing of how it began.
func (r *reach) sign() {
	r.signed = map[string]set{}
	for _, late := range r.late {
		r.unsigned |= late
	}
	for k, s := range r.block {
		signatures := r.observation(s).Signatures
		if len(signatures) == 0 {
			r.unsigned |= 1 << k
		}
		if r.unsigned&(1<<k) != 0 {
			continue
		}
		for _, signature := range signatures {
			r.signed[signature] |= 1 << k
		}
	}
}

// findLate finds the members that began after a symptom.
func (r *reach) findLate() {
	for _, v := range r.dated {
		for k, s := range r.block {
			if r.tooLate(v, s) {
				if r.late == nil {
					r.late = make([]set, len(r.node))
				}
				r.late[r.at[v]] |= 1 << k
			}
		}
	}
}

// spread calls pass for each member before those that it needs, repeatedly
// within a cycle until pass reports no change for any.
func (c *cone) spread(pass func(i int32) bool) {
	for g := c.groups() - 1; g >= 0; g-- {
		members := c.members(g)
		for changed := true; changed; {
			changed = false
			for _, member := range slices.Backward(members) {
				changed = pass(member) || changed
			}
			changed = changed && len(members) > 1
		}
	}
}

// out returns the symptoms that a member hands on to what it needs.
func (r *reach) out(i int32) (total, partly set) { return r.split(i, r.total[i], r.partly[i]) }

// split tells for which symptoms what a member needs must fail throughout, and
// for which at times.
func (r *reach) split(i int32, total, partly set) (set, set) {
	switch r.level[r.node[i]] {
	case flaky: // it was seen to fail so, whatever rests on it
		return 0, total | partly
	case fails:
		return total | partly, 0
	default:
		return total, partly
	}
}

// along returns the symptoms that pass the edge from a member.
func (r *reach) along(i int32, e edge) set {
	total, partly := r.out(i)
	if e.total {
		partly |= total
	}
	return partly & r.of(e.to)
}

// pass hands the symptoms of a member on to what it needs, and reports whether
// that changed anything.
func (r *reach) pass(i int32) bool {
	total, partly := r.out(i)
	changed := false
	for _, e := range r.edgesOf(i) {
		if e.total {
			changed = r.add(r.total, e.to, total) || changed
		}
		changed = r.add(r.partly, e.to, partly) || changed
	}
	return changed
}

// add adds symptoms to a member, but for those that had begun before it.
func (r *reach) add(to []set, i int32, symptoms set) bool {
	if r.late != nil {
		if late := symptoms & r.late[i]; late != 0 {
			r.kept[i] |= late
			symptoms &^= late
		}
	}
	return merge(to, i, symptoms)
}

// of returns the symptoms in whose needs a member lies.
func (r *reach) of(i int32) set { return r.total[i] | r.partly[i] }

// list returns the requirements of a set, in order.
func (r *reach) list(s set) []int32 {
	var list []int32
	for k, v := range r.block {
		if s&(1<<k) != 0 {
			list = append(list, v)
		}
	}
	return list
}

// sole computes, by member, the symptoms that fail as they do if nothing but it
// is at fault. Only texts make that a question: without any, it is left empty.
func (r *reach) sole() []set {
	if len(r.signed) == 0 {
		return make([]set, len(r.node))
	}
	total, partly := make([]set, len(r.node)), make([]set, len(r.node))
	for k, s := range r.block {
		total[r.at[s]] |= 1 << k
	}
	r.spread(func(i int32) bool {
		t, p := r.split(i, total[i], partly[i])
		changed := false
		for _, e := range r.edgesOf(i) {
			if e.op == All && e.total {
				changed = merge(total, e.to, t) || changed
			}
			if e.op == All || e.op == Each {
				changed = merge(partly, e.to, p) || changed
			}
		}
		return changed
	})
	for i := range total {
		total[i] |= partly[i]
	}
	return total
}

// merge adds symptoms to a member, and reports whether any is new.
func merge(to []set, i int32, symptoms set) bool {
	old := to[i]
	to[i] |= symptoms
	return to[i] != old
}
