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
		for i := range standings {
			r.judge(int32(i), &standings[i])
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
func (r *reach) judge(i int32, s *standing) {
	in := r.of(i)
	s.inCone = s.inCone || in != 0
	if late := r.kept[i] &^ in; late != 0 && in == 0 && !s.possible {
		if s.reason == "" {
			s.reason = WrongOrder
		}
		s.by = append(s.by, r.list(late)...)
	}
	v := r.node[i]
	if in == 0 || !r.suspect(v) || s.reason == PredictedAbsent {
		return
	}
	if fits := r.fitting(v, in); fits != 0 {
		s.possible, s.reason, s.by = true, "", nil
		return
	}
	if !s.possible {
		s.reason = BySignature
		s.by = append(s.by, r.list(in)...)
	}
}

// fitting returns those of the symptoms whose signatures do not rule v out.
func (r *reach) fitting(v int32, symptoms set) set {
	for k, s := range r.block {
		if symptoms&(1<<k) != 0 && !r.fits(v, s) {
			symptoms &^= 1 << k
		}
	}
	return symptoms
}

// fits reports whether some mode of v, not refuted, could have left what the
// symptom was seen with.
func (m *model) fits(v, symptom int32) bool {
	o := m.observation(symptom)
	modes := m.reqs[v].Modes
	if o == nil || len(o.Signatures) == 0 || len(modes) == 0 {
		return true
	}
	return slices.ContainsFunc(modes, func(mode Mode) bool {
		return !m.refuted(mode) && mode.shows(o.Signatures)
	})
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

// unlike reports whether v was seen to fail in a mode that leaves another text
// than the symptom was seen with.
func (m *model) unlike(v, symptom int32) bool {
	o, s := m.observation(v), m.observation(symptom)
	if v == symptom || o == nil || o.Mode == "" || len(s.Signatures) == 0 {
		return false
	}
	return slices.ContainsFunc(m.reqs[v].Modes, func(mode Mode) bool {
		return mode.Name == o.Mode && !mode.shows(s.Signatures)
	})
}

// shows reports whether a mode may leave one of the signatures.
func (m Mode) shows(signatures []string) bool {
	return len(m.Shows) == 0 || slices.ContainsFunc(m.Shows, func(show string) bool {
		return slices.Contains(signatures, show)
	})
}
