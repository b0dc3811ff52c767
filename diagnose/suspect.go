package diagnose

import "slices"

// A standing is what is known of a member of the cone as a suspect.
type standing struct {
	inCone   bool    // it lies in the needs of a failing symptom
	possible bool    // its own fault could be what made one fail
	reason   Reason  // why not
	by       []int32 // the requirements whose observations say so
}

// suspects judges each member of the cone: whether it lies in a failing
// symptom's needs, and whether its own fault could have made that fail.
func (c *cone) suspects(symptoms []int32) []standing {
	standings := make([]standing, len(c.node))
	for i, v := range c.node {
		if c.suspect(v) {
			standings[i].reason, standings[i].by = c.absent(v)
		}
	}
	c.blocks(symptoms, func(r *reach) {
		sole := make([]set, len(r.node))
		if len(r.signed) > 0 {
			sole = r.sole()
		}
		for i := range standings {
			r.judge(int32(i), &standings[i], sole[i])
		}
	})
	return standings
}

// suspect reports whether v may be at fault by itself without having been seen
// to fail.
func (c *cone) suspect(v int32) bool {
	return c.looks[v] == unseen && c.reqs[v].Own && !c.cleared.clears(v)
}

// judge adds to the standing of a member what follows for a block of symptoms.
//
// A signature rules out what would break the symptom by itself, and with
// another text. Where several things must be at fault together, nobody knows
// which of them leaves its text.
func (r *reach) judge(i int32, s *standing, sole set) {
	in := r.of(i)
	s.inCone = s.inCone || in != 0
	if late := r.kept[i]; late != 0 && in == 0 && !s.possible {
		if s.reason == "" {
			s.reason = WrongOrder
		}
		s.by = append(s.by, r.list(late)...)
	}
	v := r.node[i]
	if in == 0 || !r.suspect(v) || s.reason == PredictedAbsent {
		return
	}
	if in&^sole|r.fitting(v, in) != 0 {
		s.possible, s.reason, s.by = true, "", nil
		return
	}
	if !s.possible {
		s.reason = BySignature
		s.by = append(s.by, r.list(in)...)
	}
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

// refuted reports whether something that the mode would break was seen to hold.
func (m *model) refuted(mode Mode) bool {
	return slices.ContainsFunc(mode.Breaks, func(id ID) bool { return m.looks[m.ids[id]] == held })
}

// absent rules v out if each of its modes would break something that was seen
// to hold.
func (m *model) absent(v int32) (Reason, []int32) {
	var by []int32
	for _, mode := range m.reqs[v].Modes {
		if !m.refuted(mode) {
			return "", nil
		}
		for _, id := range mode.Breaks {
			if w := m.ids[id]; m.looks[w] == held {
				by = append(by, w)
			}
		}
	}
	if len(by) == 0 {
		return "", nil
	}
	return PredictedAbsent, by
}

// tooLate reports whether v began too late to be what made the symptom fail.
func (m *model) tooLate(v, symptom int32) bool { return v != symptom && m.after(v, symptom) }

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
	if v == symptom || !c.model.known(v) {
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
