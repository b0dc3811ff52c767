package diagnose

import (
	"cmp"
	"slices"
	"time"
)

// A deadlock is a component whose members wait for each other.
type deadlock struct {
	members []int32 // those seen to fail first, in the order of failing, where known
	first   int32   // -1: not known
}

// findDeadlocks finds the components of the cone that may fail for no other
// reason than that they rest on each other: some were seen to fail, none
// evidently works, nothing is known to account for it, and all that they need
// from outside works.
func (f *inquiry) findDeadlocks() {
	f.waiting = map[int32]bool{}
	for g := range f.groups() {
		if f.cyclic(g) && f.deadlocked(g) {
			f.deadlocks = append(f.deadlocks, f.newDeadlock(f.members(g)))
			for _, i := range f.members(g) {
				f.waiting[f.node[i]] = true
			}
		}
	}
	slices.SortFunc(f.deadlocks, func(a, b deadlock) int { return f.before(a.members[0], b.members[0]) })
}

func (f *inquiry) deadlocked(g int32) bool {
	failing := false
	for _, i := range f.members(g) {
		v := f.node[i]
		least := max(flaky, f.level[v])
		if !f.standings[i].inCone || f.worked(v) || f.outcome.owing[v] >= least {
			return false
		}
		failing = failing || f.failing(v)
		for _, e := range f.edgesOf(i) {
			if f.group[e.to] != g {
				return false
			}
		}
	}
	return failing
}

// newDeadlock orders the members of a deadlock.
func (f *inquiry) newDeadlock(members []int32) deadlock {
	d := deadlock{first: -1}
	for _, i := range members {
		d.members = append(d.members, f.node[i])
	}
	slices.SortFunc(d.members, func(v, w int32) int {
		return cmp.Or(
			-cmp.Compare(btoi(f.failing(v)), btoi(f.failing(w))), compareTimes(f.onset(v), f.onset(w)), f.before(v, w),
		)
	})
	first := d.members[0]
	if !slices.ContainsFunc(d.members[1:], func(v int32) bool { return !f.failing(v) || !f.after(v, first) }) {
		d.first = first
	}
	return d
}

// onset is the time by which to order v; zero if none is known.
func (f *inquiry) onset(v int32) time.Time {
	began := f.began(v)
	if began.Before.IsZero() {
		return began.After
	}
	return began.Before
}

// compareTimes orders times, unknown ones last.
func compareTimes(a, b time.Time) int {
	if a.IsZero() || b.IsZero() {
		return cmp.Compare(btoi(a.IsZero()), btoi(b.IsZero()))
	}
	return a.Compare(b)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
