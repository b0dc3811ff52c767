package decode

import (
	"strings"
	"testing"
)

// lookAlikes are texts near to ones that leave one cause only, and which leave
// more: nothing may be said above open. What else could be behind each stands
// beside it.
var lookAlikes = []struct{ text, or string }{
	{`tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-22T12:00:00Z is after 2026-11-01T12:00:00Z`, "whose certificate it is, is not said: a webhook's, an extension server's"},
	{`Unable to connect to the server: x509: certificate has expired or is not yet valid: current time 2026-11-22T12:00:00Z is after 2026-11-22T09:10:00Z`, "a time zone"},
	{`Unable to connect to the server: x509: certificate has expired or is not yet valid: current time 2046-11-22T12:00:00Z is after 2026-11-22T09:10:00Z`, "a clock that is far ahead"},
	{`Unable to connect to the server: x509: certificate has expired or is not yet valid`, "a clock"},
	{"[preflight] Running pre-flight checks\nerror execution phase preflight: couldn't validate the identity of the API Server: Get \"https://192.0.2.1:6443/api/v1/namespaces/kube-public/configmaps/cluster-info\": x509: certificate has expired or is not yet valid: current time 2026-11-22T12:00:00Z is after 2026-11-02T09:10:00Z", "the clock of a machine just installed"},
	{`failed calling webhook "v.example.com": failed to call webhook: Post "https://hook.tools.svc:443/v?timeout=10s": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-22T12:00:00Z is after 2026-11-01T12:00:00Z`, "webhook, not cert-expired, by the house's words"},
	{`loading OpenAPI spec for "v1beta1.metrics.k8s.io" failed with: error trying to reach service: x509: certificate is valid for localhost, server-1, not metrics-server.kube-system.svc`, "another server on the port"},
	{`Get "https://192.0.2.7:10250/metrics/resource": x509: cannot validate certificate for 192.0.2.7 because it doesn't contain any IP SANs`, "metrics-server's flags"},
	{`x509: certificate is valid for ingress.local, not api.example.com`, "an ingress answers in the API's place"},
	{`failed calling webhook "webhook.cert-manager.io": Post "https://cert-manager-webhook.cert-manager.svc:443/mutate?timeout=10s": x509: certificate is valid for kubernetes, kubernetes.default, kubernetes.default.svc, not cert-manager-webhook.cert-manager.svc`, "the webhook's port is another server's"},
	{`Error from server: Get "https://192.0.2.5:10250/containerLogs/a/b/c": x509: certificate is valid for 127.0.0.1, 192.0.2.6, not 192.0.2.5`, "another node answers at that address"},
	{`x509: certificate signed by unknown authority (possibly because of "crypto/rsa: verification error" while trying to verify candidate authority certificate "cert-manager-webhook-ca")`, "a webhook"},
	{`Unable to authenticate the request due to an error: [x509: certificate signed by unknown authority (possibly because of "crypto/rsa: verification error`, "no token was judged"},
	{`error dialing backend: rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix /etc/kubernetes/konnectivity-server/konnectivity-server.socket: connect: connection refused"`, "why the server ended is not said"},
	{`The connection to the server localhost:8080 was refused - did you specify the right host or port?`, "an API server that is down, on an old cluster"},
	{`admission webhook "validate.example.com" denied the request: failed to reach the policy server: dial tcp 192.0.2.9:8443: i/o timeout`, "the webhook itself is broken"},
	{`request failed - "403 Forbidden", response: "Forbidden (user=system:anonymous, verb=get, resource=nodes, subresource=stats)"`, "tokens are not looked at"},
	{"bad status code \"403 Forbidden\"\nForbidden (user=system:anonymous, verb=get, resource=nodes, subresource=proxy)", "tokens are not looked at"},
	{`error: unable to upgrade connection: Forbidden (user=system:node:master-1, verb=create, resource=nodes, subresource=proxy)`, "the wrong certificate"},
	{`Get "https://192.0.2.4:10250/containerLogs/a/b/c": Forbidden`, "a proxy"},
	{`tokenreviews.authentication.k8s.io is forbidden: User "system:anonymous" cannot create resource "tokenreviews" in API group "authentication.k8s.io" at the cluster scope`, "credentials that did not arrive"},
	{`Error from server: error dialing backend: dial tcp: lookup aks-nodepool1-12345678-vmss000000 on 168.63.129.16:53: no such host`, "the managed tunnel"},
	{`Error from server: error dialing backend: dial tcp: lookup shoot--dev--x-worker-abcde on 10.0.0.10:53: no such host`, "the VPN to the nodes"},
	{`"Failed to scrape node" err="Get \"https://worker-1:10250/metrics/resource\": dial tcp: lookup worker-1 on 10.96.0.10:53: no such host" node="worker-1"`, "metrics-server's flags"},
	{`rpc error: code = Unavailable desc = connection error: desc = "transport: authentication handshake failed: remote error: tls: expired certificate"`, "whose, is not said"},
	{`Failed to list *v1.Pod: Unauthorized`, "any credential"},
	{`error: You must be logged in to the server (Unauthorized)`, "any credential"},
	{`Kubelet stopped posting node status.`, "the way to the API"},
	{`remote error: tls: internal error`, "not only a kubelet says that"},
	{`remote error: tls: bad certificate`, "the reason is at the other end"},
	{`Error from server: error dialing backend: No agent available`, "why none is connected"},
	{`dial tcp 192.0.2.7:10250: connect: connection refused`, "not the node's address"},
	{`net/http: TLS handshake timeout`, "anything between"},
	{`the server is currently unable to handle the request (get nodes.metrics.k8s.io)`, "anything behind the API"},
	{`no endpoints available for service "cert-manager-webhook"`, "why no Pod is ready"},
	{`OOMKilled`, "a leak"},
	{"etcdserver: mvcc: database space exceeded\nx509: certificate has expired or is not yet valid: current time 2026-11-22T12:00:00Z is after 2026-11-01T12:00:00Z", "two faults"},
	{"nf_conntrack: table full, dropping packet\nError from server: error dialing backend: No agent available", "two faults"},
	{"missing request for cpu\nerror dialing backend: dial tcp 192.0.2.7:10250: i/o timeout", "two faults"},
}

// TestLookAlikes: an honest answer to each is open.
func TestLookAlikes(t *testing.T) {
	for _, tt := range lookAlikes {
		for _, text := range []string{tt.text, strings.ReplaceAll(tt.text, "\n", " ")} {
			for _, h := range Explain(text).Hypotheses {
				if h.Certainty != Open {
					t.Errorf("%s of %q is %s, and it may be: %s", h.Category, text, h.Certainty, tt.or)
				}
			}
		}
	}
}

// TestSure: what is left of one cause is said so.
func TestSure(t *testing.T) {
	for _, tt := range []struct{ text, category string }{
		{`Unable to connect to the server: tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-22T12:00:00Z is after 2026-11-01T12:00:00Z`, "cert-expired"},
		{`Unable to connect to the server: x509: certificate is valid for kubernetes, kubernetes.default, kubernetes.default.svc, 10.96.0.1, not api.example.com`, "cert-san"},
		{`error: unable to upgrade connection: Forbidden (user=kube-apiserver-kubelet-client, verb=create, resource=nodes, subresource=proxy)`, "rbac"},
		{`error dialing backend: dial tcp: lookup worker-5 on 192.0.2.53:53: no such host`, "dns"},
		{`etcdserver: mvcc: database space exceeded`, "resource-exhaustion"},
		{`failed to get cpu utilization: missing request for cpu in container istio-proxy`, "metrics-server-config"},
		{`Unable to authenticate the request due to an error: [invalid bearer token, square/go-jose: error in cryptographic primitive]`, "token-auth"},
	} {
		e := Explain(tt.text)
		if len(e.Hypotheses) == 0 || e.Hypotheses[0].Category != tt.category || e.Hypotheses[0].Certainty != Likely {
			t.Errorf("%q: %+v", tt.text, e.Hypotheses)
		}
	}
}
