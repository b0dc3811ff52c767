package diagnose

import "slices"

// proof lists the edges of the cone that lead from a failing symptom to a
// cause, from the symptoms down.
func (f *inquiry) proof() []Step {
	var steps []Step
	told := make([]bool, len(f.node))
	var queue []int32
	visit := func(v int32) {
		if i := f.at[v]; !told[i] {
			told[i] = true
			queue = append(queue, i)
		}
	}
	for _, s := range f.symptoms {
		visit(s)
	}
	for ; len(queue) > 0; queue = queue[1:] {
		by := f.because(queue[0])
		if len(by) == 0 {
			continue
		}
		steps = append(steps, Step{On: f.reqs[f.node[queue[0]]].ID, By: f.ordered(by)})
		for _, v := range by {
			visit(v)
		}
	}
	return steps
}

// because returns the requirements by way of which a member leads to causes.
func (f *inquiry) because(i int32) []int32 {
	var by []int32
	for k, e := range f.edgesOf(i) {
		if f.leads[int(f.first[i])+k] {
			by = append(by, f.node[e.to])
		}
	}
	return slices.Compact(f.sorted(by))
}
