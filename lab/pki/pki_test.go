package pki

import (
	"crypto/x509"
	"testing"
	"time"
)

func TestIssueVerifies(t *testing.T) {
	ca, err := NewCA("ca", time.Now().AddDate(-2, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	twin, err := NewCA("ca", time.Now().AddDate(-2, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := ca.Issue(Request{CommonName: "server", Names: []string{"10.0.0.1", "api.test"}, Server: true})
	if err != nil {
		t.Fatal(err)
	}
	old, err := ca.Issue(Request{
		CommonName: "old", Names: []string{"10.0.0.1"}, Server: true,
		NotBefore: time.Now().AddDate(-1, 0, 0), NotAfter: time.Now().AddDate(0, 0, -14),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		leaf *Pair
		ca   *Pair
		dial string
		ok   bool
	}{
		{"address", leaf, ca, "10.0.0.1", true},
		{"DNS name", leaf, ca, "api.test", true},
		{"another name", leaf, ca, "other.test", false},
		{"authority of the same name", leaf, twin, "10.0.0.1", false},
		{"expired", old, ca, "10.0.0.1", false},
	} {
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM(c.ca.CertPEM)
		_, err := c.leaf.Cert.Verify(x509.VerifyOptions{Roots: roots, DNSName: c.dial})
		if (err == nil) != c.ok {
			t.Errorf("%s: got %v", c.name, err)
		}
	}
}

func TestSaveLoad(t *testing.T) {
	d := Dir(t.TempDir())
	ca, err := NewCA("ca", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Save("sub/ca", ca); err != nil {
		t.Fatal(err)
	}
	got, err := d.Load("sub/ca")
	if err != nil {
		t.Fatal(err)
	}
	if !got.Cert.Equal(ca.Cert) {
		t.Error("another certificate came back")
	}
	if n := len(Certificates(append(append([]byte("text\n"), ca.CertPEM...), ca.KeyPEM...))); n != 1 {
		t.Errorf("a bundle of one certificate and one key gave %d", n)
	}
}
