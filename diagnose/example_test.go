package diagnose_test

import (
	"fmt"

	"github.com/kubelaudo/laudo/diagnose"
)

// Logs fail. They need the tunnel and the kubelet; the tunnel was opened with a
// certificate.
func Example() {
	p := diagnose.Problem{
		Requirements: []diagnose.Requirement{
			{ID: "logs", Symptom: "logs", Needs: []diagnose.Need{{On: []diagnose.ID{"tunnel", "kubelet"}}}},
			{ID: "tunnel", Own: true, Needs: []diagnose.Need{{On: []diagnose.ID{"certificate"}, AtStart: true}}},
			{
				ID: "certificate", Own: true, Modes: []diagnose.Mode{{Name: "expired"}},
				Tests: []diagnose.Test{{Name: "read the Secret", Cost: 1, Possible: true}},
			},
			{ID: "kubelet", Own: true},
		},
		Observations: []diagnose.Observation{
			{On: "logs", Verdict: diagnose.Broken},
			{On: "kubelet", Verdict: diagnose.Holds},
		},
	}
	tell := func() diagnose.Diagnosis {
		d, err := diagnose.Diagnose(p)
		if err != nil {
			panic(err)
		}
		for _, c := range d.Causes {
			fmt.Println(c.Certainty, c.ID)
		}
		return d
	}

	for _, next := range diagnose.NextTests(p, tell()) {
		fmt.Println("asked:", next.Test.Name)
	}
	p.Observations = append(p.Observations,
		diagnose.Observation{On: "certificate", Verdict: diagnose.Broken, Mode: "expired"})
	tell()
	// Output:
	// open certificate
	// open tunnel
	// asked: read the Secret
	// confirmed certificate
}
