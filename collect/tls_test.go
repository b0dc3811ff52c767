package collect

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubelaudo/laudo/evidence"
)

// authority issues certificates.
type authority struct {
	cert *x509.Certificate
	key  crypto.Signer
}

func newAuthority(t testing.TB, name string) authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return authority{cert, key}
}

// issue returns a certificate that ends at the given time from now.
func (a authority) issue(t testing.TB, name string, left time.Duration) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: time.Now().Add(left),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, key.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func (a authority) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.cert)
	return pool
}

// serve accepts connections with the configuration, talks first if told to, and
// returns the address.
func serve(t testing.TB, config *tls.Config, greeting string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				if config != nil {
					conn = tls.Server(conn, config)
				}
				io.WriteString(conn, greeting) // handshakes
				io.Copy(io.Discard, conn)
			}()
		}
	}()
	return listener.Addr().String()
}

func TestTLS(t *testing.T) {
	ca, other := newAuthority(t, "ca"), newAuthority(t, "other")
	server := ca.issue(t, "server", time.Hour)
	expired := ca.issue(t, "server", -time.Hour)
	plain := func(c tls.Certificate) *tls.Config { return &tls.Config{Certificates: []tls.Certificate{c}} }
	mutual := func(version uint16) *tls.Config {
		return &tls.Config{
			Certificates: []tls.Certificate{server}, ClientAuth: tls.RequireAndVerifyClientCert,
			ClientCAs: ca.pool(), MaxVersion: version, NextProtos: []string{"h2"},
		}
	}
	pairs := map[string]tls.Certificate{
		"good":    ca.issue(t, "client", time.Hour),
		"expired": ca.issue(t, "client", -time.Hour),
		"other":   other.issue(t, "client", time.Hour),
	}
	closed := serve(t, nil, "")
	func() { // nothing listens where something did
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		closed = l.Addr().String()
		l.Close()
	}()

	for name, test := range map[string]struct {
		config  *tls.Config
		address string // instead of a server with config
		talks   string
		present string
		stage   string
		err     string
		asked   bool
		peer    []byte
		alpn    string
	}{
		"silent":              {config: plain(server), peer: server.Certificate[0]},
		"talks":               {config: plain(server), talks: "hello", peer: server.Certificate[0]},
		"expired":             {config: plain(expired), peer: expired.Certificate[0]},
		"wants a client, 1.3": {config: mutual(tls.VersionTLS13), stage: "client", err: "certificate required", asked: true, peer: server.Certificate[0], alpn: "h2"},
		"wants a client, 1.2": {config: mutual(tls.VersionTLS12), stage: "client", err: "remote error", asked: true, peer: server.Certificate[0]},
		"good client, 1.3":    {config: mutual(tls.VersionTLS13), present: "good", asked: true, peer: server.Certificate[0], alpn: "h2"},
		"good client, 1.2":    {config: mutual(tls.VersionTLS12), present: "good", asked: true, peer: server.Certificate[0], alpn: "h2"},
		"expired client, 1.3": {config: mutual(tls.VersionTLS13), present: "expired", stage: "client", err: "expired certificate", asked: true, peer: server.Certificate[0], alpn: "h2"},
		"expired client, 1.2": {config: mutual(tls.VersionTLS12), present: "expired", stage: "client", err: "remote error", asked: true, peer: server.Certificate[0]},
		"other CA's client":   {config: mutual(tls.VersionTLS13), present: "other", stage: "client", err: "unknown certificate authority", asked: true, peer: server.Certificate[0], alpn: "h2"},
		"other protocol":      {config: &tls.Config{Certificates: []tls.Certificate{server}, NextProtos: []string{"konnectivity"}}, stage: "tls", err: "no application protocol"},
		"no TLS":              {talks: "HTTP/1.1 400 Bad Request\r\n\r\n", stage: "tls", err: "first record does not look like a TLS handshake"},
		"nothing listens":     {address: closed, stage: "port", err: "connection refused"},
		"no such name":        {address: "no-such-host.invalid:443", stage: "name", err: "no such host"},
		"no address":          {address: "nonsense", stage: "name", err: "missing port"},
	} {
		t.Run(name, func(t *testing.T) {
			address := test.address
			if address == "" {
				address = serve(t, test.config, test.talks)
			}
			s := newServer(t)
			q := evidence.Question{Kind: evidence.TLS, Address: address, ServerName: "server", ALPN: "h2,http/1.1"}
			if test.present != "" {
				s.keyPair(t, "pair", pairs[test.present])
				q.Present = "ns/pair tls.crt tls.key"
			}
			got := ask(t, s.live(t, func(o *Options) { o.PresentClientCerts = true }), q)
			if got.Gap != nil || got.Shake == nil {
				t.Fatalf("%+v, gap %v", got.Answer, got.Gap)
			}
			shake := got.Shake
			if shake.Stage != test.stage || !strings.Contains(shake.Error, test.err) || test.err == "" && shake.Error != "" {
				t.Errorf("stage %q, error %q", shake.Stage, shake.Error)
			}
			if shake.ClientCertAsked != test.asked || shake.Presented != (test.present != "") {
				t.Errorf("asked %t, presented %t", shake.ClientCertAsked, shake.Presented)
			}
			if test.asked && (len(shake.AcceptableCAs) != 1 || !bytes.Equal(shake.AcceptableCAs[0], ca.cert.RawSubject)) {
				t.Errorf("acceptable CAs %q", shake.AcceptableCAs)
			}
			if test.peer != nil && (len(shake.Peer) != 1 || !bytes.Equal(shake.Peer[0], test.peer) || shake.RemoteIP != "127.0.0.1") {
				t.Errorf("peer %x at %q", shake.Peer, shake.RemoteIP)
			}
			if shake.Protocol != test.alpn {
				t.Errorf("protocol %q", shake.Protocol)
			}
		})
	}
}

// keyPair serves a Secret with the pair.
func (s *server) keyPair(t testing.TB, name string, pair tls.Certificate) {
	t.Helper()
	key, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	s.handle("/api/v1/namespaces/ns/secrets/"+name, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", protobufType)
		w.Write(wrap(t, "Secret", &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: name}, Data: map[string][]byte{
			"tls.crt": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pair.Certificate[0]}),
			"tls.key": pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}),
		}}))
	})
}

func TestPresentNeedsLeave(t *testing.T) {
	ca := newAuthority(t, "ca")
	address := serve(t, &tls.Config{Certificates: []tls.Certificate{ca.issue(t, "server", time.Hour)}}, "")
	s := newServer(t)
	q := evidence.Question{Kind: evidence.TLS, Address: address, Present: "ns/pair tls.crt tls.key"}
	leave := func(o *Options) { o.PresentClientCerts = true }
	blind := func(o *Options) { o.NoSecrets = true }
	for _, test := range []struct {
		options []func(*Options)
		why     evidence.Why
	}{
		{nil, evidence.Declined},
		{[]func(*Options){leave, blind}, evidence.Declined},
		{[]func(*Options){leave}, evidence.Failed}, // there is no such Secret
	} {
		if got := ask(t, s.live(t, test.options...), q); got.why() != test.why || got.Shake != nil {
			t.Errorf("%+v, gap %v", got.Answer, got.Gap)
		}
	}
}

// A port that takes connections and never answers.
func TestTLSThatHangs(t *testing.T) {
	address := serve(t, nil, "")
	start := time.Now()
	got := ask(t, newServerless(t), evidence.Question{Kind: evidence.TLS, Address: address})
	if got.Shake == nil || got.Shake.Stage != "tls" || !strings.Contains(got.Shake.Error, "timeout") || got.Shake.Spoke {
		t.Errorf("%+v", got.Shake)
	}
	if took := time.Since(start); took > shakeTime+2*time.Second {
		t.Errorf("took %v", took)
	}
}

// A port whose answer to a handshake is lost, and whose small answers arrive.
func TestTLSThatIsLost(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { conn.Close() })
			first := make([]byte, 1)
			if _, err := conn.Read(first); err == nil && first[0] == 'G' {
				conn.Write([]byte("HTTP/1.0 400 Bad Request\r\n\r\n"))
			}
		}
	}()
	got := ask(t, newServerless(t), evidence.Question{Kind: evidence.TLS, Address: listener.Addr().String()})
	if got.Shake == nil || got.Shake.Stage != "tls" || !got.Shake.Spoke {
		t.Errorf("%+v", got.Shake)
	}
}
