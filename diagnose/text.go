package diagnose

import (
	"math/bits"
	"slices"
)

// findSpoken finds the symptoms whose text, if any, something known may have
// left.
func (f *inquiry) findSpoken() map[int32]bool {
	spoken := map[int32]bool{}
	goal := make([]bool, len(f.node))
	for _, v := range f.goals {
		goal[f.at[v]] = true
	}
	signed := slices.DeleteFunc(slices.Clone(f.symptoms), func(s int32) bool {
		spoken[s] = len(f.observation(s).Signatures) == 0
		return spoken[s]
	})
	f.blocks(signed, func(r *reach) {
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

// fitting returns those of the symptoms whose text v may have left: some mode
// of it, not refuted, leaves such a text, or leaves no particular one.
func (r *reach) fitting(v int32, symptoms set) set {
	modes := r.reqs[v].Modes
	if len(modes) == 0 {
		return symptoms
	}
	fitting := symptoms & r.unsigned
	for _, mode := range modes {
		if fitting == symptoms || r.refuted(mode) {
			continue
		}
		if len(mode.Shows) == 0 {
			return symptoms
		}
		for _, show := range mode.Shows {
			fitting |= symptoms & r.signed[show]
		}
	}
	return fitting
}

// unmute lifts what signatures rule out from whatever may be the cause of the
// goals: a text tells of one thing that is at fault, and not of what else is,
// beside it or behind it.
func (f *inquiry) unmute(goals ...int32) {
	below := make([]bool, len(f.node))
	for _, goal := range goals {
		below[f.at[goal]] = true
	}
	f.spread(func(i int32) bool {
		changed := false
		for _, e := range f.edgesOf(i) {
			if below[i] && !below[e.to] {
				below[e.to], changed = true, true
			}
		}
		return changed
	})
	for i := range f.standings {
		if s := &f.standings[i]; below[i] && s.reason == BySignature {
			s.possible, s.reason, s.by = true, "", nil
		}
	}
}

// speaks reports whether v, seen to fail, may be what left the symptom's text:
// by the mode that it was seen in, or by one that nobody knows.
func (c *cone) speaks(v, symptom int32) bool {
	o := c.observation(v)
	if v == symptom || !c.recognized(v) {
		return c.fault[v] == unfamiliar
	}
	return slices.ContainsFunc(c.reqs[v].Modes, func(mode Mode) bool {
		return mode.Name == o.Mode && mode.shows(c.observation(symptom).Signatures)
	})
}

// shows reports whether a mode may leave one of the signatures.
func (m Mode) shows(signatures []string) bool {
	return len(m.Shows) == 0 || slices.ContainsFunc(m.Shows, func(show string) bool {
		return slices.Contains(signatures, show)
	})
}
