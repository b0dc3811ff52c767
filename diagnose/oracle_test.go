package diagnose

import (
	"math/bits"
	"slices"
	"testing"
)

// On small models, the causes are those in the minimal sets of faults, of the
// least size or one more, with which the model shows all that was seen to fail:
// found here by trying all sets.
func TestCausesByHand(t *testing.T) {
	compared := 0
	worlds(t, plain, func(w *world) {
		w.look(false)
		w.blind(50)
		d := mustDiagnose(t, w.Problem)
		if len(d.Risks) > 0 || len(d.Symptoms) == 0 {
			return // what is no cause has to be shown as well: another question
		}
		o := newOracle(w, d)
		if len(o.suspects) > 12 {
			return
		}
		want, ok := o.causes()
		if !ok {
			return
		}
		compared++
		var got []ID
		for _, c := range d.Causes {
			if o.observed(c.ID) != nil && c.Certainty == Open {
				continue // leads because it was seen to fail; see suspectSeen
			}
			got = append(got, c.ID)
		}
		slices.Sort(got)
		want = slices.DeleteFunc(want, func(id ID) bool {
			return o.observed(id) != nil && !o.confirmed[id]
		})
		if !slices.Equal(got, want) {
			t.Errorf("got causes %v, want %v%s", got, want, describe(w, d))
		}
	})
	if compared < *worldCount/10 {
		t.Errorf("only %d worlds were compared", compared)
	}
}

// An oracle explains what was seen by trying all sets of suspects.
type oracle struct {
	*world
	suspects  []ID
	confirmed map[ID]bool
	seen      map[ID]*Observation
	clear     []bool // holds, or is used by what holds
}

func newOracle(w *world, d Diagnosis) *oracle {
	o := &oracle{world: w, confirmed: map[ID]bool{}, seen: map[ID]*Observation{}, clear: make([]bool, len(w.Requirements))}
	for i := range w.Observations {
		if s := &w.Observations[i]; s.Verdict != Unknown {
			o.seen[s.On] = s
		}
	}
	for _, c := range d.Causes {
		if c.Certainty == Confirmed {
			o.confirmed[c.ID] = true
		}
	}
	for i := range w.Requirements {
		if s := o.seen[name(i)]; s != nil && s.Verdict == Holds {
			o.findClear(i)
		}
	}
	for i, q := range w.Requirements {
		if q.Own && !o.clear[i] && !o.confirmed[q.ID] {
			o.suspects = append(o.suspects, q.ID)
		}
	}
	return o
}

func (o *oracle) observed(id ID) *Observation { return o.seen[id] }

// causes returns the causes that are due, the confirmed ones included. It is
// not ok if more are needed than the engine searches for.
func (o *oracle) causes() ([]ID, bool) {
	var shown []uint
	least := len(o.suspects) + 1
	for set := range uint(1) << len(o.suspects) {
		if o.shows(set) {
			shown = append(shown, set)
			least = min(least, bits.OnesCount(set))
		}
	}
	if least > 2 {
		return nil, false
	}
	var lead uint
	for _, set := range shown {
		minimal := !slices.ContainsFunc(shown, func(other uint) bool { return other != set && other&^set == 0 })
		if minimal && bits.OnesCount(set) <= least+1 {
			lead |= set
		}
	}
	var ids []ID
	for id := range o.confirmed {
		ids = append(ids, id)
	}
	for i, id := range o.suspects {
		if lead&(1<<i) != 0 {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids, true
}

// shows reports whether a set of faults, with the confirmed ones, makes fail
// what was seen to fail.
func (o *oracle) shows(set uint) bool {
	fault := make([]bool, len(o.Requirements))
	for id := range o.confirmed {
		fault[o.index(id)] = true
	}
	for i, id := range o.suspects {
		if set&(1<<i) != 0 {
			fault[o.index(id)] = true
		}
	}
	states := o.run(nil, func(i int) bool { return fault[i] }, o.clear)
	for i := range o.Requirements {
		s := o.seen[name(i)]
		if s != nil && s.Verdict == Broken && states[i] != fails {
			return false
		}
	}
	return true
}

// findClear marks what holds, and what that needs without an alternative.
func (o *oracle) findClear(i int) {
	if o.clear[i] {
		return
	}
	o.clear[i] = true
	for _, n := range o.Requirements[i].Needs {
		if n.Op == Any && len(n.On) > 1 || n.Op == KOf && n.K < len(n.On) {
			continue
		}
		for _, id := range n.On {
			if s := o.seen[id]; s == nil || s.Verdict == Holds {
				o.findClear(o.index(id))
			}
		}
	}
}
