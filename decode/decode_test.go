package decode

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Each text with its findings in order: id, hop, stage, address.
var findingTests = []struct {
	text string
	want []string
}{
	{
		`Error from server: Get "https://192.0.2.51:10250/containerLogs/kube-system/agent-4gmwb/agent": No agent available`,
		[]string{"no-agent konnectivity-server>konnectivity-agent process 192.0.2.51:10250"},
	},
	{
		`Error from server: error dialing backend: dial tcp: lookup worker-5 on 192.0.2.53:53: no such host`,
		[]string{"dial-no-such-host kube-apiserver>kubelet name "},
	},
	{
		`"cannot connect once" err="rpc error: code = Unavailable desc = connection error: desc = \"transport: authentication handshake failed: tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-22T12:00:00Z is after 2026-11-08T12:00:00Z\""`,
		[]string{
			"tls-expired konnectivity-agent>konnectivity-server tls ",
			"agent-cannot-connect konnectivity-agent>konnectivity-server port ",
		},
	},
	{
		`"cannot connect once" err="rpc error: code = Unavailable desc = connection error: desc = \"error reading server preface: remote error: tls: expired certificate\""`,
		[]string{
			"tls-client-cert-expired konnectivity-agent>konnectivity-server client ",
			"agent-cannot-connect konnectivity-agent>konnectivity-server port ",
		},
	},
	{
		`failed calling webhook "v.example.com": failed to call webhook: Post "https://hook.tools.svc:443/validate?timeout=10s": context deadline exceeded`,
		[]string{
			"client-timeout kube-apiserver>webhook port hook.tools.svc:443",
			"webhook-failed kube-apiserver>webhook health hook.tools.svc:443",
		},
	},
	{
		`failing or missing response from https://198.51.100.3:4443/apis/metrics.k8s.io/v1beta1: Get "https://198.51.100.3:4443/apis/metrics.k8s.io/v1beta1": write unix @->/tunnel-uds/proxysocket: write: broken pipe`,
		[]string{
			"uds-reset kube-apiserver>konnectivity-server health 198.51.100.3:4443",
			"apiservice-failed-check kube-apiserver>apiservice health 198.51.100.3:4443",
		},
	},
	{
		`Error from server: Get "https://192.0.2.51:10250/containerLogs/a/b/c": proxy error from 127.0.0.1:8131 while dialing 192.0.2.51:10250, code 500: 500 Internal Server Error`,
		[]string{"proxy-500 konnectivity-server>konnectivity-agent process 192.0.2.51:10250"},
	},
	{
		`error: unable to upgrade connection: Forbidden (user=system:anonymous, verb=create, resource=nodes, subresource=proxy)`,
		[]string{"anonymous-403 kube-apiserver>kubelet client "},
	},
	{
		`error: unable to upgrade connection: Authorization error (user=kube-apiserver-kubelet-client, verb=create, resource=nodes, subresource=proxy)`,
		[]string{"authz-error kube-apiserver>kubelet authz "},
	},
	{
		`error dialing backend: dial timeout, backstop`,
		[]string{"dial-backstop konnectivity-server>konnectivity-agent health "},
	},
	{
		`Get "https://192.0.2.7:10250/containerLogs/a/b/c": remote error: tls: internal error`,
		[]string{"tls-internal-error kube-apiserver>kubelet tls 192.0.2.7:10250"},
	},
	{
		`"Failed to scrape node" err="Get \"https://192.0.2.7:10250/metrics/resource\": tls: failed to verify certificate: x509: cannot validate certificate for 192.0.2.7 because it doesn't contain any IP SANs" node="n7"`,
		[]string{
			"tls-no-ip-san metrics-server>kubelet tls 192.0.2.7:10250",
			"metrics-scrape-failed metrics-server>kubelet health 192.0.2.7:10250",
		},
	},
	{
		`rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix /run/konnectivity-server/konnectivity-server.socket: connect: no such file or directory"`,
		[]string{"uds-missing kube-apiserver>konnectivity-server process "},
	},
	{
		`Unable to connect to the server: dial tcp 192.0.2.1:6443: i/o timeout`,
		[]string{"dial-timeout kubectl>kube-apiserver port 192.0.2.1:6443"},
	},
	{
		`Unable to connect to the server: dial tcp: lookup api.example.com on 192.0.2.53:53: read udp 192.0.2.9:4000->192.0.2.53:53: i/o timeout`,
		[]string{"dns-timeout kubectl>kube-apiserver name "},
	},
	{"everything is fine", nil},
}

func TestFindings(t *testing.T) {
	for _, tt := range findingTests {
		var got []string
		for _, f := range Findings(tt.text) {
			got = append(got, strings.Join([]string{f.ID, f.Hop, f.Stage, f.Address}, " "))
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("Findings(%q) (-want +got):\n%s", tt.text, diff)
		}
	}
}

func TestFindingParams(t *testing.T) {
	got := Findings(`Post "https://hook.tools.svc:443/mutate": x509: certificate has expired or is not yet valid: current time 2026-11-22T12:00:00Z is after 2026-11-08T12:00:00Z`)
	want := map[string]string{
		"now": "2026-11-22T12:00:00Z", "notAfter": "2026-11-08T12:00:00Z",
		"service": "hook", "namespace": "tools", "port": "443",
	}
	if len(got) == 0 {
		t.Fatal("nothing found")
	}
	if diff := cmp.Diff(want, got[0].Params); diff != "" {
		t.Error(diff)
	}
}

// TestLarge: of a megabyte of anything not more is found than has a use.
func TestLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("a megabyte")
	}
	Explain(strings.Repeat("x509: dial tcp lookup Forbidden (user= ", 40000))
	var b strings.Builder
	for i := range 12000 {
		b.WriteString("Failed calling webhook certificate lookup timeout 403 EOF .svc https:// cannot match < " + strconv.Itoa(i) + strings.Repeat(" a", i%200) + "\n")
	}
	if found := len(Explain(b.String()).Findings); found == 0 || found > maxFindings {
		t.Errorf("%d findings", found)
	}
}

func FuzzExplain(f *testing.F) {
	for i, tt := range findingTests {
		f.Add(tt.text)
		f.Add(disguises[i%len(disguises)].of(tt.text))
		f.Add(wraps[i%len(wraps)].of(tt.text, 60+i))
	}
	for _, tt := range lookAlikes {
		f.Add(tt.text)
	}
	for _, text := range []string{"", "\x00\xff\xfe", "\x1b[31m\x1b[", "‹host› %!s(MISSING) %[1]d", strings.Repeat("x", 5000), "\r\r\n\n", `\\\\\\"`, "<a b c d e f g>", "lookup : no such host"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e := Explain(text)
		for _, found := range e.Findings {
			if found.ID == "" || found.Stage == "" || found.Text == "" {
				t.Errorf("incomplete finding: %+v", found)
			}
		}
		seen := make(map[string]bool)
		for i, h := range e.Hypotheses {
			if seen[h.Category] && h.Category != other || i > 0 && h.Score > e.Hypotheses[i-1].Score || i > 0 && h.Certainty != Open {
				t.Errorf("hypotheses out of order: %+v", e.Hypotheses)
			}
			seen[h.Category] = true
		}
		for _, h := range e.Hypotheses {
			for _, test := range h.Tests {
				if strings.ContainsAny(test.Command, "\n\r\x00\x1b") {
					t.Errorf("a command that does more than it says: %q", test.Command)
				}
			}
		}
		for _, p := range printers {
			if out := e.Terminal(p); strings.ContainsAny(out, "\x00\x1b\r") {
				t.Errorf("a terminal would obey %q", out)
			}
		}
		if _, err := json.Marshal(e); err != nil {
			t.Error(err)
		}
	})
}

// A line that was cut short is read as the phrase that it began, where enough of
// one is there; what it does not say is not quoted.
func TestCut(t *testing.T) {
	for _, tt := range []struct{ text, id, quoted string }{
		{"x509: certificate signed by unknown auth", "tls-unknown-authority", "signed by unknown auth"},
		{"x509: certificate si", "", ""},
		{"please check the certificate is", "", ""},
		{"error: the server has as", "", ""},
		{strings.Repeat("y", maxLine-len("signed by unknown auth")) + "signed by unknown authority is not the matter", "", ""},
	} {
		got := Findings(tt.text)
		if tt.id == "" {
			if len(got) > 0 {
				t.Errorf("%.40s: %s, by %q", tt.text, got[0].ID, got[0].Text)
			}
			continue
		}
		if len(got) != 1 || got[0].ID != tt.id || got[0].Text != tt.quoted {
			t.Errorf("%s: %+v", tt.text, got)
		}
	}
}

// A kubelet has its own ports, and a hypothesis of one names no other.
func TestOwnPorts(t *testing.T) {
	for _, text := range []string{
		"The connection to the server 192.0.2.1:6443 was refused - did you specify the right host or port?",
		"Unable to connect to the server: proxyconnect tcp: dial tcp 192.0.2.31:3128: connect: connection refused",
		"dial tcp 192.0.2.7:8080: connect: connection refused",
		"dial tcp 127.0.0.1:10259: connect: connection refused",
	} {
		for _, h := range Explain(text).Hypotheses {
			if s := printers[0].Sprint(h.Summary); h.Category == "kubelet-down" && strings.Contains(s, "192.0.2.") {
				t.Errorf("%s: %s", text, s)
			}
		}
	}
}

// Each hypothesis is of the vocabulary.
func TestVocabulary(t *testing.T) {
	words := strings.Fields("apiservice bug-upstream cert-ca-mismatch cert-expired cert-not-yet-valid cert-san clock-skew dns konnectivity-agent-down " +
		"konnectivity-config konnectivity-count-mismatch konnectivity-server-down kubelet-down metrics-server-config mtu network-blocked other rbac " +
		"resource-exhaustion token-auth unsupported-version version-skew webhook")
	for i := range modes {
		if !slices.Contains(words, modes[i].told()) {
			t.Errorf("%s is %s", modes[i].id, modes[i].told())
		}
	}
}

// Tells is of lines that say what went wrong, and not of names and news.
func TestTells(t *testing.T) {
	for _, tt := range []struct {
		line string
		want bool
	}{
		{`I1122 12:00:01.123456       1 configmap_cafile_content.go:205] "Starting controller" name="client-ca::kube-system::extension-apiserver-authentication::client-ca-file"`, false},
		{`W1122 12:00:01.123456       1 options.go:338] using configmap kube-system/extension-apiserver-authentication`, false},
		{`I1122 12:00:01.123456       1 options.go:105] AgentIdentifiers set to --agent-identifiers=host=worker-1`, false},
		{`{"level":"info","ts":"2026-11-22T12:00:00Z","msg":"retrying: dial tcp 192.0.2.1:443: connect: connection refused"}`, false},
		{`I1122 12:00:01.123456       1 log.go:245] http: TLS handshake error from 192.0.2.5:3132: remote error: tls: bad certificate`, true},
		{`E1122 12:00:01.123456       1 clientset.go:243] "cannot connect once" err="rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing: dial tcp 192.0.2.1:8132: i/o timeout\""`, true},
		{`E1122 12:00:01.123456       1 scraper.go:149] "Failed to scrape node" err="Get \"https://192.0.2.5:10250/metrics/resource\": x509: certificate signed by unknown authority" node="worker-1"`, true},
		{`panic: runtime error: invalid memory address or nil pointer dereference`, true},
	} {
		if got := Tells(tt.line); got != tt.want {
			t.Errorf("%t: %s", got, tt.line)
		}
	}
}
