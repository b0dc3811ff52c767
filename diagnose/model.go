package diagnose

import (
	"cmp"
	"fmt"
	"slices"
)

// A state is how a requirement does, from best to worst.
type state uint8

// The states. Order matters: worse is greater.
const (
	works state = iota
	flaky       // some of the requests fail
	fails
)

// A look is what was seen of a requirement.
type look uint8

// The looks.
const (
	unseen look = iota // not observed, or observed as Unknown
	held
	seenFlaky
	seenOnce   // a single request failed: nobody knows what a second would have met
	seenBroken // failing throughout
)

// bad is the state that a look shows; works for one that shows no failure.
func (l look) bad() state {
	switch l {
	case seenFlaky:
		return flaky
	case seenOnce, seenBroken:
		return fails
	default:
		return works
	}
}

// A need is a [Need] with its alternatives in model.edges[from:to].
type need struct {
	op       Op
	atStart  bool
	k        int32
	from, to int32
}

// combine is the state of a need with so many alternatives in each state.
func (n need) combine(working, flaking, failing int32) state {
	total := working + flaking + failing
	switch n.op {
	case Any:
		return atLeast(1, working, flaking)
	case KOf:
		return atLeast(n.k, working, flaking)
	case Each:
		if failing == total {
			return fails
		}
		if working < total {
			return flaky
		}
		return works
	default:
		if failing > 0 {
			return fails
		}
		if flaking > 0 {
			return flaky
		}
		return works
	}
}

// atLeast is the state of something that wants k of its alternatives.
func atLeast(k, working, flaking int32) state {
	if working >= k {
		return works
	}
	if working+flaking >= k {
		return flaky
	}
	return fails
}

// A model is a problem with its names turned into numbers: requirement v has
// the needs needs[first[v]:first[v+1]].
type model struct {
	reqs  []Requirement
	obs   []Observation
	slack int64 // nanoseconds

	ids   map[ID]int32
	first []int32
	needs []need
	edges []int32
	looks []look
	obsOf []int32 // index into obs; -1 for none
}

// compile checks a problem and numbers its names.
func compile(p Problem) (*model, error) {
	m := &model{reqs: p.Requirements, obs: p.Observations, slack: int64(p.Slack)}
	if err := m.number(); err != nil {
		return nil, err
	}
	if err := m.connect(); err != nil {
		return nil, err
	}
	return m, m.observe()
}

// number gives each requirement its number.
func (m *model) number() error {
	m.ids = make(map[ID]int32, len(m.reqs))
	for i := range m.reqs {
		id := m.reqs[i].ID
		if id == "" {
			return fmt.Errorf("requirement %d has no id", i)
		}
		m.ids[id] = int32(i)
		if len(m.ids) != i+1 {
			return fmt.Errorf("requirement %q is stated twice", id)
		}
	}
	return nil
}

// connect resolves the references between requirements.
func (m *model) connect() error {
	var needs, edges int
	for i := range m.reqs {
		needs += len(m.reqs[i].Needs)
		for _, n := range m.reqs[i].Needs {
			edges += len(n.On)
		}
	}
	m.first = make([]int32, len(m.reqs)+1)
	m.needs = make([]need, 0, needs)
	m.edges = make([]int32, 0, edges)
	for i := range m.reqs {
		r := &m.reqs[i]
		for _, n := range r.Needs {
			if err := m.addNeed(r, n); err != nil {
				return err
			}
		}
		m.first[i+1] = int32(len(m.needs))
		for _, mode := range r.Modes {
			for _, id := range mode.Breaks {
				if _, ok := m.ids[id]; !ok {
					return fmt.Errorf("mode %q of requirement %q breaks %q, which nobody states", mode.Name, r.ID, id)
				}
			}
		}
	}
	return nil
}

func (m *model) addNeed(r *Requirement, n Need) error {
	if n.Op > Each {
		return fmt.Errorf("requirement %q has a need with the unknown operation %d", r.ID, n.Op)
	}
	if n.Op == KOf && (n.K < 1 || n.K > len(n.On)) {
		return fmt.Errorf("requirement %q needs %d of %d", r.ID, n.K, len(n.On))
	}
	from := int32(len(m.edges))
	for _, id := range n.On {
		v, ok := m.ids[id]
		if !ok {
			return fmt.Errorf("requirement %q needs %q, which nobody states", r.ID, id)
		}
		m.edges = append(m.edges, v)
	}
	if len(n.On) == 0 {
		return nil // a need on nothing is no need
	}
	m.needs = append(m.needs, need{
		op: plainOp(n), atStart: n.AtStart, k: int32(n.K), from: from, to: int32(len(m.edges)),
	})
	return nil
}

// plainOp is All for a need that wants all of its alternatives in other words.
func plainOp(n Need) Op {
	if len(n.On) == 1 || n.Op == KOf && n.K == len(n.On) {
		return All
	}
	return n.Op
}

// observe attaches the observations to their requirements.
func (m *model) observe() error {
	m.looks = make([]look, len(m.reqs))
	m.obsOf = make([]int32, len(m.reqs))
	for i := range m.obsOf {
		m.obsOf[i] = -1
	}
	for i := range m.obs {
		o := &m.obs[i]
		v, ok := m.ids[o.On]
		if !ok {
			return fmt.Errorf("observation of %q, which nobody states", o.On)
		}
		if m.obsOf[v] >= 0 {
			return fmt.Errorf("requirement %q is observed twice", o.On)
		}
		m.obsOf[v] = int32(i)
		switch o.Verdict {
		case Holds:
			m.looks[v] = held
		case Broken:
			m.looks[v] = seenBroken
			if o.Tried == 1 {
				m.looks[v] = seenOnce
			}
		case Intermittent:
			m.looks[v] = seenFlaky
		case Unknown:
		default:
			return fmt.Errorf("observation of %q has the unknown verdict %q", o.On, o.Verdict)
		}
		for _, id := range o.Used {
			if _, ok := m.ids[id]; !ok {
				return fmt.Errorf("observation of %q used %q, which nobody states", o.On, id)
			}
		}
	}
	return nil
}

// needsOf returns the needs of a requirement.
func (m *model) needsOf(v int32) []need { return m.needs[m.first[v]:m.first[v+1]] }

// on returns the alternatives of a need.
func (m *model) on(n need) []int32 { return m.edges[n.from:n.to] }

// observation returns what was observed of a requirement, or nil.
func (m *model) observation(v int32) *Observation {
	if m.obsOf[v] < 0 {
		return nil
	}
	return &m.obs[m.obsOf[v]]
}

// failing reports whether a requirement was seen to fail, always or at times.
func (m *model) failing(v int32) bool { return m.looks[v] >= seenFlaky }

// recognized reports whether a requirement was seen to fail in a mode that it names.
func (m *model) recognized(v int32) bool {
	o := m.observation(v)
	return o != nil && o.Mode != "" &&
		slices.ContainsFunc(m.reqs[v].Modes, func(mode Mode) bool { return mode.Name == o.Mode })
}

// began returns when the failure of a requirement began.
func (m *model) began(v int32) Interval {
	if o := m.observation(v); o != nil {
		return o.Began
	}
	return Interval{}
}

// after reports whether v began after w, beyond what clocks can explain.
func (m *model) after(v, w int32) bool {
	from, to := m.began(v).After, m.began(w).Before
	return !from.IsZero() && !to.IsZero() && int64(from.Sub(to)) > m.slack
}

// before orders requirements for the reader.
func (m *model) before(v, w int32) int { return inOrder(&m.reqs[v], &m.reqs[w]) }

// inOrder orders requirements for the reader: more hints first, then by rank,
// then by name.
func inOrder(a, b *Requirement) int {
	return cmp.Or(-cmp.Compare(a.Hint, b.Hint), cmp.Compare(a.Rank, b.Rank), cmp.Compare(a.ID, b.ID))
}

// names returns the names of requirements, sorted.
func (m *model) names(vs []int32) []ID {
	if len(vs) == 0 {
		return nil
	}
	names := make([]ID, len(vs))
	for i, v := range vs {
		names[i] = m.reqs[v].ID
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// evidence returns what the observations of requirements rest on, in the order
// of the requirements' names.
func (m *model) evidence(vs []int32) []string {
	var evidence []string
	for _, name := range m.names(vs) {
		o := m.observation(m.ids[name])
		if o == nil {
			continue
		}
		for _, e := range o.Evidence {
			if !slices.Contains(evidence, e) {
				evidence = append(evidence, e)
			}
		}
	}
	return evidence
}
