package diagnose

import "slices"

// A stop is a member of the cone, and how bad it must be to count.
type stop struct {
	member int32
	level  state
}

// proof lists the edges of the cone that lead from a failing symptom to a
// cause, from the symptoms down.
func (f *inquiry) proof() []Step {
	leads := f.leads()
	var members []int32
	by := map[int32][]int32{}
	told := map[stop]bool{}
	var queue []stop
	visit := func(s stop) {
		if !told[s] {
			told[s] = true
			queue = append(queue, s)
		}
	}
	for _, s := range f.symptoms {
		visit(stop{f.at[s], f.level[s]})
	}
	for ; len(queue) > 0; queue = queue[1:] {
		from := queue[0]
		next := f.follow(from, leads)
		if len(next) == 0 {
			continue
		}
		if by[from.member] == nil {
			members = append(members, from.member)
		}
		for _, s := range next {
			by[from.member] = append(by[from.member], f.node[s.member])
			visit(s)
		}
	}
	var steps []Step
	for _, i := range members {
		on := f.sorted(by[i])
		steps = append(steps, Step{On: f.reqs[f.node[i]].ID, By: f.ordered(slices.Compact(on))})
	}
	return steps
}

// follow returns where the edges of a stop lead on to a cause, in order.
func (f *inquiry) follow(from stop, leads []bool) []stop {
	level := from.level
	if v := f.node[from.member]; f.failing(v) {
		level = f.level[v]
	}
	var next []stop
	for _, e := range f.edgesOf(from.member) {
		if leads[e.to] && f.standings[e.to].inCone && (e.total || level == flaky) {
			next = append(next, stop{e.to, level})
		}
	}
	slices.SortFunc(next, func(a, b stop) int { return f.before(f.node[a.member], f.node[b.member]) })
	return next
}

// leads tells which members lead to a cause.
func (f *inquiry) leads() []bool {
	leads := make([]bool, len(f.node))
	for _, v := range slices.Concat(f.confirmed, f.likely, f.open, f.baffling) {
		leads[f.at[v]] = true
	}
	for _, d := range f.deadlocks {
		for _, v := range d.members {
			leads[f.at[v]] = true
		}
	}
	for g := range f.groups() {
		any := false
		for _, i := range f.members(g) {
			any = any || leads[i] || slices.ContainsFunc(f.edgesOf(i), func(e edge) bool { return leads[e.to] })
		}
		for _, i := range f.members(g) {
			leads[i] = any
		}
	}
	return leads
}
