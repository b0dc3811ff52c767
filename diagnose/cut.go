package diagnose

import "slices"

// cuts tells, by requirement, what keeps those below the failing symptoms from
// being suspects of them: an observed requirement that works, though it rests
// on them, or instead of them. It is -1 where there is none.
func (f *inquiry) cuts() []int32 {
	cuts := make([]int32, len(f.reqs))
	for i := range cuts {
		cuts[i] = -1
	}
	for _, v := range slices.Backward(f.below) {
		for _, n := range f.needsOf(v) {
			cut := f.cutAt(v, n, cuts[v])
			for _, w := range f.on(n) {
				if cut >= 0 && (cuts[w] < 0 || f.reqs[cut].ID < f.reqs[cuts[w]].ID) {
					cuts[w] = cut
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
	if cut >= 0 || n.op == All {
		return cut
	}
	for _, w := range f.on(n) {
		if f.worked(w) && (cut < 0 || f.reqs[f.witness(w)].ID < f.reqs[cut].ID) {
			cut = f.witness(w)
		}
	}
	return cut
}

// witness returns the observed requirement that proves that v works.
func (f *inquiry) witness(v int32) int32 {
	if f.looks[v] == held {
		return v
	}
	return f.cleared.witnesses(v)[0]
}
