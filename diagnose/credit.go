package diagnose

import "slices"

// A credit is which causes account for which symptoms.
type credit struct {
	explains map[int32][]int32 // by cause: the symptoms in whose needs it lies
	cureAll  map[int32][]int32 // by symptom: what is proven broken and keeps it from working
	leads    []bool            // by edge: it lies between a symptom and a cause of it
}

// assign finds which symptoms each cause explains, by way of which edges, and
// what must all be cured for a symptom.
func (f *inquiry) assign() credit {
	c := credit{explains: map[int32][]int32{}, cureAll: map[int32][]int32{}, leads: make([]bool, len(f.edges))}
	causes := slices.Concat(f.confirmed, f.likely, f.open, sortedKeys(f.waiting))
	slices.Sort(causes)
	causes = slices.Compact(causes)
	proven := slices.DeleteFunc(slices.Concat(f.confirmed, f.risks), func(v int32) bool { return f.fault[v] == consequent })
	f.blocks(f.symptoms, func(r *reach) {
		below, sole := make([]set, len(f.node)), r.sole()
		for _, v := range causes {
			in := r.of(f.at[v])
			if blamed := r.blamed(v, in, sole[f.at[v]]); f.suspect(v) && blamed != 0 {
				in = blamed
			}
			below[f.at[v]] = in
			c.explains[v] = append(c.explains[v], r.list(in)...)
		}
		r.collect(below, c.leads)
		alone := r.alone()
		for _, v := range proven {
			for _, s := range r.list(alone[f.at[v]]) {
				c.cureAll[s] = append(c.cureAll[s], v)
			}
		}
	})
	return c
}

// collect marks the edges by which symptoms reach what explains them, given by
// member the symptoms that it explains.
func (r *reach) collect(below []set, leads []bool) {
	for g := range r.groups() {
		for changed := true; changed; {
			changed = false
			for _, i := range r.members(g) {
				for k, e := range r.edgesOf(i) {
					through := r.along(i, e) & below[e.to]
					if through != 0 {
						leads[int(r.first[i])+k] = true
					}
					changed = changed || through&^below[i] != 0
					below[i] |= through
				}
			}
		}
	}
}

// alone computes, by member, the symptoms that stay unwell if nothing but it is
// at fault.
func (r *reach) alone() []set {
	alone := make([]set, len(r.node))
	for k, s := range r.block {
		alone[r.at[s]] |= 1 << k
	}
	r.spread(func(i int32) bool {
		changed := false
		for _, e := range r.edgesOf(i) {
			if e.op == All || e.op == Each {
				changed = merge(alone, e.to, alone[i]) || changed
			}
		}
		return changed
	})
	return alone
}
