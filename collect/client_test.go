package collect

import (
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/kubelaudo/laudo/evidence"
)

func TestClientConfigHoldsNoCredential(t *testing.T) {
	const canary = "hunter2canary"
	ca := newAuthority(t, "ca")
	caPEM := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca.cert.Raw}))
	caData := base64.StdEncoding.EncodeToString([]byte(caPEM))
	token := "eyJhbGciOiJub25lIn0." + base64.RawURLEncoding.EncodeToString([]byte(`{"iss":"i","sub":"s","aud":["a"],"exp":1800000000}`)) + "." + canary
	dir := t.TempDir()
	tokenFile := filepath.Join(dir, "token")
	if err := os.WriteFile(tokenFile, []byte(token), 0o600); err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(dir, "config")
	text := `apiVersion: v1
kind: Config
current-context: one
clusters:
- name: c
  cluster: {server: "https://1.2.3.4:6443", certificate-authority-data: ` + caData + `, tls-server-name: api, proxy-url: "http://u:` + canary + `@proxy:3128"}
contexts:
- {name: one, context: {cluster: c, user: token}}
- {name: two, context: {cluster: c, user: exec}}
- {name: three, context: {cluster: c, user: file}}
- {name: four, context: {cluster: c, user: basic}}
users:
- {name: token, user: {token: ` + token + `}}
- {name: exec, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: /usr/bin/login, args: [--password, ` + canary + `], env: [{name: A, value: ` + canary + `}], interactiveMode: Never}}}
- {name: file, user: {tokenFile: ` + tokenFile + `}}
- {name: basic, user: {username: u, password: ` + canary + `}}
`
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	base := evidence.ClientConfig{
		Cluster: "c", Server: "https://1.2.3.4:6443", SNI: "api", Proxy: "http://REDACTED@proxy:3128",
		CA: caPEM, CASource: "data", Files: []string{config},
	}
	withToken := func(c evidence.ClientConfig) evidence.ClientConfig {
		c.TokenIssuer, c.TokenSubject, c.TokenAudiences = "i", "s", []string{"a"}
		c.TokenExpires = time.Unix(1800000000, 0).UTC()
		return c
	}
	for context, want := range map[string]evidence.ClientConfig{
		"one":   withToken(evidence.ClientConfig{User: "token", Auth: "token"}),
		"two":   {User: "exec", Auth: "exec", ExecCommand: "login"},
		"three": withToken(evidence.ClientConfig{User: "file", Auth: "token-file"}),
		"four":  {User: "basic", Auth: "basic"},
	} {
		loader := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(
			&clientcmd.ClientConfigLoadingRules{ExplicitPath: config},
			&clientcmd.ConfigOverrides{CurrentContext: context})
		rest, err := loader.ClientConfig()
		if err != nil {
			t.Fatal(err)
		}
		l, err := New(Options{Config: rest, Kubeconfig: loader, Context: context})
		if err != nil {
			t.Fatal(err)
		}
		got := ask(t, l, evidence.Question{Kind: evidence.Client})
		want.Context, want.Cluster, want.Server, want.SNI = context, base.Cluster, base.Server, base.SNI
		want.Proxy, want.CA, want.CASource, want.Files = base.Proxy, base.CA, base.CASource, base.Files
		if diff := cmp.Diff(&want, got.Client); diff != "" {
			t.Errorf("%s (-want +got):\n%s", context, diff)
		}
		if all, _ := json.Marshal(got.Answer); strings.Contains(string(all), canary) {
			t.Errorf("%s: a credential in %s", context, all)
		}
		if l.Requests() != 0 {
			t.Errorf("%s: %d requests", context, l.Requests())
		}
	}
}
