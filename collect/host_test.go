package collect

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kubelaudo/laudo/evidence"
)

// selfSigned returns a certificate and its key, PEM.
func selfSigned(t *testing.T) (cert, key []byte) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "x"}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})
}

func write(t *testing.T, root, name string, data []byte) {
	t.Helper()
	file := filepath.Join(root, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestHostKeepsCertificatesOnly: of files, nothing but certificates leaves.
func TestHostKeepsCertificatesOnly(t *testing.T) {
	root := t.TempDir()
	cert, key := selfSigned(t)
	write(t, root, "/pki/both.pem", append(append([]byte{}, key...), cert...))
	write(t, root, "/pki/only.key", key)
	write(t, root, "/pki/text.crt", []byte("password: hunter2\n"))
	encode := base64.StdEncoding.EncodeToString
	write(t, root, "/pki/admin.conf", []byte("users:\n- user:\n    client-certificate-data: "+encode(cert)+"\n    client-key-data: "+encode(key)+"\n    token: hunter2\n"))
	h := &Host{Standpoint: evidence.FromNode("n"), Root: root}
	for _, path := range []string{"/pki", "/pki/only.key", "/pki/both.pem"} {
		a := h.Ask(t.Context(), evidence.Question{Kind: evidence.Certificates, Path: path, From: h.Standpoint}, nil)
		text, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		block, _ := pem.Decode(key)
		for _, secret := range []string{"hunter2", "PRIVATE", encode(block.Bytes)[:20], encode(key)[:20]} {
			if bytes.Contains(text, []byte(secret)) {
				t.Errorf("%s: %q came out", path, secret)
			}
		}
		n := 0
		for _, f := range a.Files {
			n += len(f.Certificates)
			if strings.Contains(f.Error, root) {
				t.Errorf("where the root is mounted came out: %s", f.Error)
			}
		}
		if want := map[string]int{"/pki": 2, "/pki/only.key": 0, "/pki/both.pem": 1}[path]; n != want {
			t.Errorf("%s: %d certificates, want %d", path, n, want)
		}
	}
}

// TestHostPrograms reads what runs, and what static Pods ask for.
func TestHostPrograms(t *testing.T) {
	root := t.TempDir()
	write(t, root, "/proc/stat", []byte("cpu 1\nbtime 1700000000\n"))
	write(t, root, "/proc/42/cmdline", []byte("/usr/bin/kubelet\x00--config=/etc/kubelet.yaml\x00--kubeconfig=/etc/kubelet.conf\x00--token=hunter2\x00"))
	write(t, root, "/proc/42/stat", []byte("42 (kube let) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 12300 0"))
	write(t, root, "/proc/43/cmdline", []byte("/bin/bash\x00"))
	write(t, root, "/etc/kubelet.yaml", []byte("tlsCertFile: /pki/kubelet.crt\nstaticPodPath: /static\nport: 10260\n"))
	write(t, root, "/etc/kubelet.conf", []byte("clusters:\n- cluster: {server: 'https://10.0.0.1:6443'}\nusers:\n- user: {client-certificate: /pki/client.pem, token: hunter2}\n"))
	write(t, root, "/static/etcd.yaml", []byte("apiVersion: v1\nkind: Pod\nmetadata: {name: etcd}\nspec:\n  containers:\n  - name: etcd\n    command: [etcd, --cert-file=/pki/etcd.crt]\n"))
	h := &Host{Standpoint: evidence.FromNode("n"), Root: root}
	a := h.Ask(t.Context(), evidence.Question{Kind: evidence.Programs, From: h.Standpoint}, nil)
	if a.Gap != nil || len(a.Programs) != 2 {
		t.Fatalf("%+v", a)
	}
	etcd, kubelet := a.Programs[0], a.Programs[1]
	if etcd.Name != "etcd" || etcd.Running || etcd.Manifest != "/static/etcd.yaml" || etcd.Args[0] != "--cert-file=/pki/etcd.crt" {
		t.Errorf("%+v", etcd)
	}
	if !kubelet.Running || !kubelet.Started.Equal(time.Unix(1700000123, 0)) || kubelet.Config["tlsCertFile"] != "/pki/kubelet.crt" ||
		kubelet.Config["kubeconfig.client-certificate"] != "/pki/client.pem" || kubelet.Config["port"] != "10260" {
		t.Errorf("%+v", kubelet)
	}
	if text, _ := json.Marshal(a); bytes.Contains(text, []byte("hunter2")) {
		t.Errorf("a token came out: %s", text)
	}
}

// TestHostAnswersForItselfOnly: what is asked from elsewhere is not answered.
func TestHostAnswersForItselfOnly(t *testing.T) {
	h := &Host{Standpoint: evidence.FromNode("n")}
	for _, q := range []evidence.Question{
		{Kind: evidence.TCP, Address: "127.0.0.1:1", From: evidence.FromNode("other")},
		{Kind: evidence.List, Resource: evidence.Nodes.Name, From: h.Standpoint},
	} {
		if a := h.Ask(t.Context(), q, nil); a.Gap == nil || a.Gap.Why != evidence.NotCollected {
			t.Errorf("%s: %+v", q, a)
		}
	}
}
