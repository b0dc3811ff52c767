package diagnose

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"
)

// A world is a random model together with what is really wrong in it.
type world struct {
	Problem
	kind
	rand    *rand.Rand
	fault   []bool   // at fault by itself
	carries [][]bool // by requirement and need: a failure of it passes, at start
	dated   bool     // look tells at times when something began
	busy    []bool   // takes part in the request being made
	stuck   []bool   // fails for waiting in a cycle, with no fault of its own
	order   []int    // in which faults begin
	truth   []state
}

// A kind of world.
type kind int

const (
	acyclic kind = iota
	cyclic       // one cycle, which may be stuck
	plain        // acyclic, without Each needs and needs at start
)

// newWorld makes a world: requirement i needs only later ones, but for a cycle
// if there is to be one.
func newWorld(r *rand.Rand, size int, k kind) *world {
	w := &world{rand: r, kind: k, busy: make([]bool, size), fault: make([]bool, size), stuck: make([]bool, size)}
	for i := range size {
		q := Requirement{ID: name(i), Own: r.IntN(3) > 0 && i >= 3, Modes: []Mode{{Name: "known"}}}
		for k := range 3 {
			if r.IntN(3) == 0 {
				q.Modes[0].Shows = append(q.Modes[0].Shows, text(k))
			}
		}
		if i < 3 {
			q.Symptom = "symptom"
		}
		for k := r.IntN(3); k > 0 && i+1 < size; k-- {
			q.Needs = append(q.Needs, w.need(i, size))
		}
		if r.IntN(3) == 0 {
			q.Tests = []Test{{Name: "look", Cost: 1, Possible: r.IntN(2) == 0}}
		}
		w.Requirements = append(w.Requirements, q)
	}
	if k == cyclic {
		from, to := 3+r.IntN(size-3), 3+r.IntN(size-3)
		w.tie(min(from, to), max(from, to))
	}
	w.Requirements[0].Needs = append(w.Requirements[0].Needs, Need{On: []ID{name(1 + r.IntN(size-1))}})
	for range 1 + r.IntN(3) {
		if i := 3 + r.IntN(size-3); w.Requirements[i].Own {
			w.fault[i] = true
		}
	}
	for i := range w.Requirements {
		var carries []bool
		for _, n := range w.Requirements[i].Needs {
			carries = append(carries, !n.AtStart || r.IntN(2) == 0)
		}
		w.carries = append(w.carries, carries)
	}
	w.order = r.Perm(size)
	w.truth = w.run(w.carries, func(i int) bool { return w.fault[i] || w.stuck[i] }, nil)
	return w
}

// tie makes a cycle of two requirements, and sometimes one that is stuck.
func (w *world) tie(a, b int) {
	if a == b {
		return
	}
	for _, pair := range [][2]int{{a, b}, {b, a}} {
		q := &w.Requirements[pair[0]]
		q.Needs = append(q.Needs, Need{On: []ID{name(pair[1])}})
	}
	if w.rand.IntN(2) == 0 {
		w.stuck[a], w.stuck[b] = true, true
	}
}

func name(i int) ID { return ID(fmt.Sprintf("r%02d", i)) }

func (w *world) need(i, size int) Need {
	n := Need{Op: Op(w.rand.IntN(4)), AtStart: w.rand.IntN(6) == 0}
	if w.kind == plain {
		n = Need{Op: n.Op % Each}
	}
	for range 1 + w.rand.IntN(3) {
		id := name(i + 1 + w.rand.IntN(size-i-1))
		if !slices.Contains(n.On, id) {
			n.On = append(n.On, id)
		}
	}
	if n.Op == KOf {
		n.K = 1 + w.rand.IntN(len(n.On))
	}
	return n
}

func (w *world) index(id ID) int {
	return slices.IndexFunc(w.Requirements, func(q Requirement) bool { return q.ID == id })
}

// run computes how everything does when the given requirements fail. With nil
// for carries, every failure passes at start; what is clear works regardless.
func (w *world) run(carries [][]bool, failing func(i int) bool, cleared []bool) []state {
	states := make([]state, len(w.Requirements))
	for changed := true; changed; {
		changed = false
		for i := range w.Requirements {
			bad := works
			if failing(i) {
				bad = fails
			}
			for j, n := range w.Requirements[i].Needs {
				switch here := w.naive(n, states); {
				case carries == nil || !n.AtStart:
					bad = max(bad, here)
				case carries[i][j] && here == fails:
					bad = fails // a start that met a flaky need was lucky
				}
			}
			if bad > states[i] && (cleared == nil || !cleared[i]) {
				states[i], changed = bad, true
			}
		}
	}
	return states
}

// naive is the state of a need, written without regard to how the engine does.
func (w *world) naive(n Need, states []state) state {
	var alternatives []state
	for _, id := range n.On {
		alternatives = append(alternatives, states[w.index(id)])
	}
	slices.Sort(alternatives)
	best, worst := alternatives[0], alternatives[len(alternatives)-1]
	switch n.Op {
	case Any:
		return best
	case KOf:
		return alternatives[n.K-1]
	case Each:
		if best == worst {
			return best
		}
		return flaky
	default:
		return worst
	}
}

// An attempt is a request that was made.
type attempt struct {
	ok    bool
	used  []ID // the alternatives that it took
	fault int  // what it met, if it failed
}

// request makes one request of requirement i.
func (w *world) request(i int) attempt {
	if w.fault[i] || w.stuck[i] {
		return attempt{fault: i}
	}
	if w.busy[i] {
		return attempt{ok: true} // around a cycle
	}
	w.busy[i] = true
	defer func() { w.busy[i] = false }()
	done := attempt{ok: true}
	for j, n := range w.Requirements[i].Needs {
		if n.AtStart && (!w.carries[i][j] || w.naive(n, w.truth) < fails) {
			continue
		}
		a := w.take(n)
		if !a.ok {
			return a
		}
		if n.AtStart { // it takes part in the start only
			a.used = nil
		}
		done.used = append(done.used, a.used...)
	}
	return done
}

// take satisfies a need once.
func (w *world) take(n Need) attempt {
	on, want := mixed(w.rand, n.On), 1
	switch n.Op {
	case All:
		want = len(on)
	case KOf:
		want = n.K
	case Each:
		on = on[:1]
	}
	var done attempt
	got := 0
	for _, id := range on {
		a := w.request(w.index(id))
		if !a.ok {
			done.fault = a.fault
			continue
		}
		got++
		done.used = append(append(done.used, id), a.used...)
		if got == want {
			return attempt{ok: true, used: done.used}
		}
	}
	return attempt{fault: done.fault}
}

// fail makes requests of i until one fails.
func (w *world) fail(i int) attempt {
	for range 100 {
		if a := w.request(i); !a.ok {
			return a
		}
	}
	return attempt{ok: true}
}

// look observes everything: exactly, or as somebody who tries once.
func (w *world) look(once bool) {
	for i := range w.Requirements {
		o := Observation{On: name(i), Evidence: []string{fmt.Sprint("e", i)}}
		switch w.truth[i] {
		case works:
			o.Verdict = Holds
		case flaky:
			o.Verdict, o.Tried, o.Failed = Intermittent, 10, 5
		case fails:
			o.Verdict = Broken
		}
		if w.fault[i] {
			o.Mode = "known"
		}
		if once && w.rand.IntN(2) == 0 {
			o.Verdict, o.Tried = Broken, 1
			if a := w.request(i); a.ok {
				o.Verdict, o.Used = Holds, a.used
			}
		}
		if o.Verdict != Holds && w.kind != plain {
			w.sign(&o, i)
			if w.dated {
				w.date(&o, i)
			}
		}
		w.Observations = append(w.Observations, o)
	}
}

// sign gives the observation of a symptom, at times, the texts that failing
// requests met.
func (w *world) sign(o *Observation, i int) {
	if w.Requirements[i].Symptom == "" || w.rand.IntN(2) == 0 {
		return
	}
	requests := 60
	if o.Tried == 1 {
		requests = 1
	}
	var texts []string
	for range requests {
		a := w.fail(i)
		if a.ok || w.stuck[a.fault] {
			return
		}
		texts = append(texts, w.text(a.fault))
	}
	slices.Sort(texts)
	o.Signatures = slices.Compact(texts)
}

// text is what a fault leaves.
func (w *world) text(fault int) string {
	if shows := w.Requirements[fault].Modes[0].Shows; len(shows) > 0 {
		return shows[w.rand.IntN(len(shows))]
	}
	return text(w.rand.IntN(3))
}

// date tells, at times, when something began: after the first fault that harmed
// it, and before the one that made it as bad as it is. Faults begin a minute
// apart, in an order that is drawn.
func (w *world) date(o *Observation, i int) {
	if w.rand.IntN(2) == 0 {
		return
	}
	for minute, last := range w.order {
		begun := w.order[:minute+1]
		states := w.run(w.carries, func(j int) bool {
			return (w.fault[j] || w.stuck[j]) && slices.Contains(begun, j)
		}, nil)
		at := time.Unix(0, 0).Add(time.Duration(minute) * time.Minute)
		if !w.fault[last] && !w.stuck[last] {
			continue
		}
		if o.Began.After.IsZero() && states[i] > works {
			o.Began.After = at
		}
		if states[i] >= w.truth[i] {
			o.Began.Before = at
			return
		}
	}
}

func text(i int) string { return fmt.Sprint("text-", i) }

// blind removes observations at random, and turns some into refusals.
func (w *world) blind(share int) {
	w.Observations = slices.DeleteFunc(w.Observations, func(o Observation) bool {
		return w.Requirements[w.index(o.On)].Symptom == "" && w.rand.IntN(100) < share
	})
	for i := range w.Observations {
		if o := &w.Observations[i]; w.Requirements[w.index(o.On)].Symptom == "" && w.rand.IntN(300) < share {
			*o = Observation{On: o.On, Verdict: Unknown, Why: Forbidden}
		}
	}
}

func (w *world) faulty(id ID) bool { return w.fault[w.index(id)] }

// check reports where a diagnosis contradicts the world.
func (w *world) check(d Diagnosis) error {
	for _, c := range d.Causes {
		if c.Certainty != Open && !w.faulty(c.ID) {
			return fmt.Errorf("%s cause %s is not at fault", c.Certainty, c.ID)
		}
	}
	for _, r := range d.RuledOut {
		if (r.Reason == ByDirectTest || r.Reason == BySibling) && w.faulty(r.ID) {
			return fmt.Errorf("%s is at fault, and ruled out by %s", r.ID, r.Reason)
		}
	}
	if slices.ContainsFunc(d.RuledOut, func(r RuledOut) bool { return r.Reason == WrongOrder }) {
		return nil // a second fault of what was broken already goes untold
	}
	return w.covered(d)
}

// covered reports a failing symptom that nothing named as a cause, or open, or
// ruled out only by its text, can have broken.
func (w *world) covered(d Diagnosis) error {
	named := make([]bool, len(w.Requirements))
	for _, c := range d.Causes {
		named[w.index(c.ID)] = true
	}
	for _, o := range d.Open {
		named[w.index(o.ID)] = true
	}
	for _, r := range d.RuledOut {
		// It left no text, and may be at fault beside what did.
		named[w.index(r.ID)] = named[w.index(r.ID)] || r.Reason == BySignature
	}
	locked := false
	for _, lock := range d.Deadlocks {
		for _, id := range lock.Members {
			named[w.index(id)] = true
			locked = true
		}
	}
	for i := range w.stuck {
		locked = locked || w.stuck[i]
	}
	states := w.run(nil, func(i int) bool { return named[i] && (w.fault[i] || w.stuck[i]) }, nil)
	for _, s := range d.Symptoms {
		if states[w.index(s.ID)] == works && !locked {
			return fmt.Errorf("what broke %s is neither a cause nor open", s.ID)
		}
	}
	return nil
}

func mustDiagnose(t *testing.T, p Problem) Diagnosis {
	t.Helper()
	d, err := Diagnose(p)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

var worldCount = flag.Int("worlds", 2000, "how many random worlds a property is tried in")

// worlds calls f with many random worlds.
func worlds(t *testing.T, k kind, f func(w *world)) {
	t.Helper()
	for seed := range uint64(*worldCount) {
		r := rand.New(rand.NewPCG(seed, 7))
		f(newWorld(r, 5+r.IntN(12), k))
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// Whoever sees everything finds causes for each failing symptom, and only true
// ones.
func TestSeeingAll(t *testing.T) {
	worlds(t, acyclic, func(w *world) {
		w.look(false)
		d := mustDiagnose(t, w.Problem)
		if err := w.check(d); err != nil {
			t.Error(err, describe(w, d))
		}
		for _, c := range d.Causes {
			if c.Certainty != Confirmed {
				t.Errorf("cause %s is %s: %s", c.ID, c.Certainty, describe(w, d))
			}
		}
		for _, s := range d.Symptoms {
			if len(s.ExplainedBy) == 0 {
				t.Error("not explained:", s.ID, describe(w, d))
			}
		}
	})
}

// Whoever sees less, or tries once where requests fail at random, is less
// certain, and never wrong.
func TestSeeingLess(t *testing.T) {
	for _, k := range []kind{acyclic, cyclic, plain} {
		worlds(t, k, func(w *world) {
			w.dated = true
			w.look(w.rand.IntN(2) == 0)
			w.blind(w.rand.IntN(100))
			d := mustDiagnose(t, w.Problem)
			if err := w.check(d); err != nil {
				t.Error(err, describe(w, d))
			}
			if other := mustDiagnose(t, shuffled(w.Problem, 3)); !reflect.DeepEqual(d, other) {
				t.Error("the order of the problem matters", describe(w, d), describe(w, other))
			}
		})
	}
}

func describe(w *world, d Diagnosis) string {
	out := "\n"
	for i, q := range w.Requirements {
		out += fmt.Sprintf("%s own=%v %v %+v fault=%v stuck=%v %d\n", q.ID, q.Own, q.Modes, q.Needs, w.fault[i], w.stuck[i], w.truth[i])
	}
	for _, o := range w.Observations {
		out += fmt.Sprintf("see %s %s %s used %v tried %d %v %v\n", o.On, o.Verdict, o.Mode, o.Used, o.Tried, o.Signatures, o.Began)
	}
	for _, line := range render(d) {
		out += line + "\n"
	}
	return out
}
