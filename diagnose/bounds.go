package diagnose

// Bounds say how bad each requirement can be, given what was seen.
//
// worst is the worst that it can be. asUsed is the worst that it can be given
// that it worked for some request: that clears all it needs, but not the
// alternatives that other requests take of an Each need.
type bounds struct {
	*model
	cleared       *exoneration
	worst, asUsed []state
}

// worked reports whether a requirement was proven to work, by its own test or
// by something that uses it.
func (b *bounds) worked(v int32) bool { return b.looks[v] == held || b.cleared.clears(v) }

// bound computes the bounds of the requirements of a region.
func bound(m *model, cleared *exoneration, r region) *bounds {
	b := &bounds{model: m, cleared: cleared, worst: make([]state, len(m.reqs)), asUsed: make([]state, len(m.reqs))}
	if !r.cyclic {
		for _, v := range r.list {
			b.worst[v], b.asUsed[v] = b.judge(v)
		}
		return b
	}
	for _, v := range r.list {
		b.worst[v] = fails
	}
	for changed := true; changed; {
		b.raise(r.list)
		changed = b.lower(r.list)
	}
	return b
}

// raise computes asUsed, given worst. It is the least fixpoint: a cycle that
// worked had what it needed.
func (b *bounds) raise(list []int32) {
	for _, v := range list {
		b.asUsed[v] = works
	}
	for changed := true; changed; {
		changed = false
		for _, v := range list {
			_, asUsed := b.judge(v)
			changed = changed || asUsed != b.asUsed[v]
			b.asUsed[v] = asUsed
		}
	}
}

// lower computes worst, given asUsed, and reports whether it got better. It is
// the greatest fixpoint: in a cycle nothing counts as working until something
// outside of it, or an observation, says so.
func (b *bounds) lower(list []int32) bool {
	better := false
	for changed := true; changed; {
		changed = false
		for _, v := range list {
			worst, _ := b.judge(v)
			changed = changed || worst != b.worst[v]
			b.worst[v] = worst
		}
		better = better || changed
	}
	return better
}

// judge computes the bounds of v from those of what it needs.
func (b *bounds) judge(v int32) (worst, asUsed state) {
	switch {
	case b.looks[v] >= seenOnce:
		return fails, fails
	case b.looks[v] == seenFlaky:
		return flaky, flaky
	case b.looks[v] == held:
		used := min(flaky, b.usedNeeds(v))
		return used, used
	case b.cleared.clears(v):
		used := b.usedNeeds(v)
		return used, used
	case b.reqs[v].Own:
		return fails, b.usedNeeds(v)
	default:
		return b.worstOfNeeds(v), b.usedNeeds(v)
	}
}

// worstOfNeeds is the worst that the needs of v can be.
func (b *bounds) worstOfNeeds(v int32) state {
	worst := works
	for _, n := range b.needsOf(v) {
		worst = max(worst, b.stateOf(n, b.worst))
	}
	return worst
}

// stateOf is the state of a need whose alternatives are in the given states.
func (m *model) stateOf(n need, states []state) state {
	var count [3]int32
	for _, w := range m.on(n) {
		count[states[w]]++
	}
	return n.combine(count[works], count[flaky], count[fails])
}

// usedNeeds is the worst that the needs of v can be, given that v worked.
func (b *bounds) usedNeeds(v int32) state {
	worst := works
	for _, n := range b.needsOf(v) {
		if !n.atStart {
			worst = max(worst, b.usedNeed(n))
		}
	}
	return worst
}

// usedNeed is the worst that a need can be, given that it was satisfied once.
func (b *bounds) usedNeed(n need) state {
	if n.op == Each {
		if b.count(n, seenBroken) == n.to-n.from {
			return fails
		}
		return min(flaky, b.worstAlternative(n))
	}
	if n.op == All {
		worst := works
		for _, c := range b.on(n) {
			worst = max(worst, b.asUsed[c])
		}
		return worst
	}
	// Some alternatives worked, and nobody knows which: as bad as the worst
	// that may have been among them.
	broken := b.count(n, seenBroken)
	if n.combine(n.to-n.from-broken, 0, broken) == fails {
		return fails
	}
	worst := works
	for _, c := range b.on(n) {
		if b.looks[c] != seenBroken {
			worst = max(worst, b.asUsed[c])
		}
	}
	return min(flaky, worst, b.stateOf(n, b.worst))
}

// worstAlternative is the worst that any alternative of a need can be.
func (b *bounds) worstAlternative(n need) state {
	worst := works
	for _, c := range b.on(n) {
		worst = max(worst, b.worst[c])
	}
	return worst
}

// count is how many alternatives of a need were seen so.
func (b *bounds) count(n need, l look) int32 {
	var count int32
	for _, c := range b.on(n) {
		if b.looks[c] == l {
			count++
		}
	}
	return count
}
