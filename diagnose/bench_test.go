package diagnose

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// BenchmarkDiagnose diagnoses generated clusters of 10^3 to 10^6 requirements
// with 20 symptoms and 400 observations: healthy ones, ones with two faults
// that were seen, and ones in which nothing but the symptoms was seen; and
// such with 400 failing symptoms.
func BenchmarkDiagnose(b *testing.B) {
	for _, size := range []int{1e3, 1e4, 1e5, 1e6} {
		for _, kind := range []string{"healthy", "failing", "blind", "dark"} {
			p := bigProblem(size, kind)
			b.Run(fmt.Sprintf("%s/%d", kind, size), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					d, err := Diagnose(p)
					if err != nil {
						b.Fatal(err)
					}
					if (len(d.Causes) > 0) != (kind != "healthy") {
						b.Fatalf("%d causes", len(d.Causes))
					}
				}
			})
		}
	}
}

const bigObservations = 400

// bigProblem generates a layered problem: each requirement needs two that come
// later, some of them as alternatives, and all of it rests on a few.
func bigProblem(size int, kind string) Problem {
	r := rand.New(rand.NewPCG(1, uint64(size)))
	var p Problem
	symptoms := 20
	if kind == "dark" {
		symptoms = 400
	}
	ids := make([]ID, size)
	for i := range ids {
		ids[i] = ID(fmt.Sprintf("law-%d:Kind namespace/name-%07d", i%40, i))
	}
	for i := range size {
		q := Requirement{ID: ids[i], Own: i >= symptoms, Modes: []Mode{{Name: "broken"}}}
		if i < symptoms {
			q.Symptom = "request"
		}
		if rest := size - i - 1; rest > 2 {
			near := i + 1 + r.IntN(min(rest, size/10))
			n := Need{On: []ID{ids[near], ids[i+1+r.IntN(rest)]}}
			if i%7 == 0 {
				n.Op = Op(1 + i%3)
				n.K = 1
			}
			q.Needs = []Need{n}
		}
		p.Requirements = append(p.Requirements, q)
	}
	for i := range symptoms {
		o := Observation{On: ids[i], Verdict: Holds}
		if kind != "healthy" && (i%2 == 0 || kind == "dark") {
			o.Verdict = Broken
		}
		p.Observations = append(p.Observations, o)
	}
	if kind == "blind" || kind == "dark" {
		return p
	}
	for i := range bigObservations {
		o := Observation{On: ids[symptoms+(i*(size-symptoms))/bigObservations], Verdict: Holds}
		p.Observations = append(p.Observations, o)
	}
	if kind == "failing" {
		for _, i := range []int{0, 2} {
			leaf := ID(fmt.Sprintf("fault-%d", i))
			p.Requirements = append(p.Requirements, Requirement{ID: leaf, Own: true, Modes: []Mode{{Name: "broken"}}})
			p.Requirements[i].Needs = append(p.Requirements[i].Needs, Need{On: []ID{leaf}})
			p.Observations = append(p.Observations, Observation{On: leaf, Verdict: Broken, Mode: "broken"})
		}
	}
	return p
}
