package diagnose

import (
	"slices"
	"strings"
)

// An exoneration tells which requirements are proven to work by something that
// uses them, and by what.
type exoneration struct {
	most int     // witnesses kept for each
	n    []uint8 // witnesses of requirement v
	by   []int32 // by[v*most:][:n[v]]
}

// clears reports whether the requirement works, by sibling.
func (e *exoneration) clears(v int32) bool { return e.n[v] > 0 }

// witnesses returns the observed requirements that work and use v.
func (e *exoneration) witnesses(v int32) []int32 {
	at := int(v) * e.most
	return e.by[at : at+int(e.n[v])]
}

// add records a witness, and reports whether it is news.
func (e *exoneration) add(v, witness int32) bool {
	n := int(e.n[v])
	at := int(v) * e.most
	if n == e.most || n > 0 && e.by[at+n-1] == witness {
		return false
	}
	e.by[at+n] = witness
	e.n[v]++
	return true
}

// exonerate follows each observation that something holds down to what it must
// have used. It never enters what was itself observed: what was seen to fail is
// not cleared by inference, and what was seen to hold speaks for itself.
//
// At most so many witnesses are kept for a requirement, those first by name: a
// requirement that has them all is not entered again, so the walk is linear.
func exonerate(m *model, most int) *exoneration {
	e := &exoneration{most: most, n: make([]uint8, len(m.reqs)), by: make([]int32, len(m.reqs)*most)}
	var holding []int32
	for v := range m.looks {
		if m.looks[v] == held {
			holding = append(holding, int32(v))
		}
	}
	slices.SortFunc(holding, func(v, w int32) int {
		return strings.Compare(string(m.reqs[v].ID), string(m.reqs[w].ID))
	})
	var stack []int32
	for _, witness := range holding {
		acquit := func(v int32) {
			if m.looks[v] == unseen && e.add(v, witness) {
				stack = append(stack, v)
			}
		}
		stack = append(stack[:0], witness)
		for _, id := range m.observation(witness).Used {
			acquit(m.ids[id])
		}
		for len(stack) > 0 {
			v := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			for _, n := range m.needsOf(v) {
				if n.op != All || n.atStart {
					continue
				}
				for _, c := range m.on(n) {
					acquit(c)
				}
			}
		}
	}
	return e
}
