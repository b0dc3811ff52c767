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
		_, wrong := compare(&Document{Causes: c.causes}, []faults.Verdict{c.due})
		if (wrong == "") != c.ok {
			t.Errorf("%s: %q", c.name, wrong)
		}
	}
}

func TestCompareTwo(t *testing.T) {
	one := faults.Verdict{Categories: []string{"dns"}, Least: faults.Confirmed}
	two := faults.Verdict{Categories: []string{"rbac"}, Least: faults.Confirmed}
	cause := func(certainty faults.Certainty, category string) Cause {
		return Cause{Certainty: certainty, Category: category}
	}
	for _, c := range []struct {
		name   string
		causes []Cause
		found  int
		ok     bool
	}{
		{"both", []Cause{cause("confirmed", "rbac"), cause("confirmed", "dns")}, 2, true},
		{"one", []Cause{cause("confirmed", "rbac")}, 1, false},
		{"one twice", []Cause{cause("confirmed", "rbac"), cause("confirmed", "rbac")}, 0, false},
		{"both and another", []Cause{cause("confirmed", "rbac"), cause("confirmed", "dns"), cause("confirmed", "mtu")}, 0, false},
		{"both, one unsure", []Cause{cause("confirmed", "rbac"), cause("open", "dns")}, 2, false},
		{"another between", []Cause{cause("confirmed", "rbac"), cause("open", "mtu"), cause("confirmed", "dns")}, 2, false},
	} {
		found, wrong := compare(&Document{Causes: c.causes}, []faults.Verdict{one, two})
		if len(found) != c.found || (wrong == "") != c.ok {
			t.Errorf("%s: %d found, %q", c.name, len(found), wrong)
		}
	}
}
