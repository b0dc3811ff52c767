package diagnose

import "slices"

// cuts tells, by requirement, what keeps those below the failing symptoms from
// being suspects of them: an observed requirement that works, though it rests
// on them, or instead of them; of several the first by name. It is -1 where
// there is none.
func (f *inquiry) cuts() []int32 {
	cuts := make([]int32, len(f.reqs))
	for i := range cuts {
		cuts[i] = -1
	}
	for changed := true; changed; {
		changed = false
		for _, v := range slices.Backward(f.below) {
			for _, n := range f.needsOf(v) {
				cut := f.cutAt(v, n, cuts[v])
				for _, w := range f.on(n) {
					if first := f.firstNamed(cuts[w], cut); first != cuts[w] {
						cuts[w], changed = first, true
					}
				}
			}
		}
	}
	return cuts
}

// cutAt is what keeps the need n of v, itself cut off by cut, from mattering.
func (f *inquiry) cutAt(v int32, n need, cut int32) int32 {
	if f.worked(v) {
		return f.witness(v)
	}
	if n.op == All {
		return cut
	}
	for _, w := range f.on(n) {
		if f.worked(w) {
			cut = f.firstNamed(cut, f.witness(w))
		}
	}
	return cut
}

// firstNamed returns the requirement whose name comes first. Either may be -1,
// for none.
func (f *inquiry) firstNamed(v, w int32) int32 {
	if v < 0 || w >= 0 && f.reqs[w].ID < f.reqs[v].ID {
		return w
	}
	return v
}

// witness returns the observed requirement that proves that v works.
func (f *inquiry) witness(v int32) int32 {
	if f.looks[v] == held {
		return v
	}
	return f.cleared.witnesses(v)[0]
}
