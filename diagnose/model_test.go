package diagnose

import (
	"strings"
	"testing"
)

func TestMalformed(t *testing.T) {
	a, b := Requirement{ID: "a"}, Requirement{ID: "b"}
	for _, test := range []struct {
		problem Problem
		want    string
	}{
		{Problem{Requirements: []Requirement{{}}}, "no id"},
		{Problem{Requirements: []Requirement{a, a}}, `"a" is stated twice`},
		{Problem{Requirements: []Requirement{{ID: "a", Needs: []Need{{On: []ID{"x"}}}}}}, `needs "x"`},
		{Problem{Requirements: []Requirement{{ID: "a", Needs: []Need{{Op: 7, On: []ID{"a"}}}}}}, "unknown operation 7"},
		{Problem{Requirements: []Requirement{{ID: "a", Needs: []Need{{Op: KOf, On: []ID{"a"}}}}}}, "needs 0 of 1"},
		{Problem{Requirements: []Requirement{{ID: "a", Needs: []Need{{Op: KOf, K: 2, On: []ID{"a"}}}}}}, "needs 2 of 1"},
		{Problem{Requirements: []Requirement{{ID: "a", Modes: []Mode{{Breaks: []ID{"x"}}}}}}, `breaks "x"`},
		{Problem{Requirements: []Requirement{a}, Observations: []Observation{{On: "x", Verdict: Holds}}}, `observation of "x"`},
		{Problem{Requirements: []Requirement{a}, Observations: []Observation{{On: "a"}}}, `unknown verdict ""`},
		{Problem{Requirements: []Requirement{a, b}, Observations: []Observation{
			{On: "a", Verdict: Holds}, {On: "b", Verdict: Holds}, {On: "a", Verdict: Broken},
		}}, `"a" is observed twice`},
		{Problem{Requirements: []Requirement{a}, Observations: []Observation{
			{On: "a", Verdict: Holds, Used: []ID{"x"}},
		}}, `used "x"`},
	} {
		_, err := Diagnose(test.problem)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("got %v, want %s", err, test.want)
		}
	}
}

// A need on nothing is no need, and a problem of nothing is healthy.
func TestEmpty(t *testing.T) {
	for _, p := range []Problem{
		{},
		{Requirements: []Requirement{{ID: "a", Symptom: "logs", Needs: []Need{{Op: Any}, {Op: Each}}}}},
	} {
		d := mustDiagnose(t, p)
		if lines := render(d); lines[0] != "nothing is broken" {
			t.Errorf("got %v", lines)
		}
	}
}
