package diagnose

// A region is requirements and all that they rest on.
type region struct {
	list   []int32 // needs first, but where there is a cycle
	cyclic bool
	state  []visit // by requirement
}

// A visit is how far the search of a region is done with a requirement.
type visit uint8

const (
	ahead visit = iota
	under       // in what it rests on
	done
)

func newRegion(m *model) *region { return &region{state: make([]visit, len(m.reqs))} }

// add adds requirements and what they rest on to the region.
func (r *region) add(m *model, roots []int32) {
	type frame struct{ v, next, end int32 }
	var stack []frame
	enter := func(v int32) {
		if r.state[v] != ahead {
			r.cyclic = r.cyclic || r.state[v] == under
			return
		}
		r.state[v] = under
		f := frame{v: v}
		if needs := m.needsOf(v); len(needs) > 0 {
			f.next, f.end = needs[0].from, needs[len(needs)-1].to
		}
		stack = append(stack, f)
	}
	for _, root := range roots {
		enter(root)
		for len(stack) > 0 {
			f := &stack[len(stack)-1]
			if f.next == f.end {
				r.state[f.v] = done
				r.list = append(r.list, f.v)
				stack = stack[:len(stack)-1]
				continue
			}
			f.next++
			enter(m.edges[f.next-1])
		}
	}
}
