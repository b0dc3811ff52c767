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
		sole := r.sole()
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
	if r.blamed(v, in, sole) != 0 {
		s.possible, s.reason, s.by = true, "", nil
		return
	}
	if !s.possible {
		s.reason = BySignature
		s.by = append(s.by, r.list(in)...)
	}
}

// blamed returns those of the symptoms that the suspect v may have made fail, by
// their texts.
func (r *reach) blamed(v int32, in, sole set) set { return in&^sole | r.fitting(v, in) }

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
