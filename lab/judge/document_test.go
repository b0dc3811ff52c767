package judge

import (
	"testing"

	"github.com/kubelaudo/laudo/lab/faults"
)

func TestCompare(t *testing.T) {
	secret := faults.Subject{Kind: "Secret", Namespace: "a", Name: "tls", Detail: "tls.crt"}
	bundle := faults.Subject{Kind: "Secret", Namespace: "a", Name: "tls", Detail: "ca.crt"}
	endpoint := faults.Subject{Kind: "Endpoint", Name: "10.0.0.2:8091"}
	cause := func(certainty faults.Certainty, category string, s faults.Subject) Cause {
		return Cause{Certainty: certainty, Category: category, Subject: s}
	}
	due := func(least faults.Certainty) faults.Verdict {
		return faults.Verdict{Categories: []string{"cert-expired", "other"}, Subject: secret, Least: least}
	}
	right := func(c faults.Certainty) Cause { return cause(c, "cert-expired", secret) }
	for _, c := range []struct {
		name   string
		causes []Cause
		due    faults.Verdict
		ok     bool
	}{
		{"nothing", nil, due(faults.Open), false},
		{"as due", []Cause{right("confirmed")}, due(faults.Confirmed), true},
		{"other category of the due ones", []Cause{cause("confirmed", "other", secret)}, due(faults.Confirmed), true},
		{"other subject", []Cause{cause("confirmed", "cert-expired", endpoint)}, due(faults.Confirmed), false},
		{"other key of the same Secret", []Cause{cause("confirmed", "cert-expired", bundle)}, due(faults.Confirmed), false},
		{"other category", []Cause{cause("open", "cert-san", secret)}, due(faults.Open), false},
		{"not sure enough", []Cause{right("likely")}, due(faults.Confirmed), false},
		{"surer than due", []Cause{right("confirmed")}, due(faults.Open), true},
		{"a second confirmed", []Cause{right("confirmed"), cause("confirmed", "cert-san", endpoint)}, due(faults.Confirmed), false},
		{"second among open", []Cause{cause("open", "cert-san", endpoint), right("open")}, due(faults.Open), true},
		{"second, likely is due", []Cause{cause("open", "cert-san", endpoint), right("likely")}, due(faults.Likely), false},
		{"behind a likely one", []Cause{cause("likely", "cert-san", endpoint), right("open")}, due(faults.Open), false},
		{"no such certainty", []Cause{right("sure")}, due(faults.Open), false},
	} {
		_, wrong := compare(&Document{Causes: c.causes}, c.due)
		if (wrong == "") != c.ok {
			t.Errorf("%s: %q", c.name, wrong)
		}
	}
}
