package decode

import (
	"regexp"
	"strings"
)

// hint is a row of the table of hints: what betrays a provider or a program,
// or what the user did, beside any fault.
type hint struct {
	id  string
	any []string       // in lower case; one of them must occur
	re  *regexp.Regexp // and this, where set, must match a line that has it, in lower case
}

// hints lists what texts tell by the way. Sources: host names and users that
// the providers give (AKS, EKS, GKE documentation, 2026-11), ports and paths of
// k3s, RKE2 and k0s, kubeadm's own texts; the flags are those of
// kube-apiserver, kubelet, metrics-server and apiserver-network-proxy v0.36.
var hints = []hint{
	{"provider-aks", []string{".azmk8s.io", "tunnel-uds", "aks-", "aksservice", "az aks", "kubernetes.azure.com", "mcr.microsoft.com"}, nil},
	{"provider-eks", []string{"eks.amazonaws.com", ".ec2.internal", ".compute.internal", "aws-node", "k8s.aws", "aws eks", "aws-auth", "aws-iam-authenticator", "vpc-cni", "eks:"}, nil},
	{"provider-gke", []string{"gke-", "gke.io", "container.googleapis.com", "gke.gcloud", "gcloud container"}, nil},
	{"provider-k3s", []string{"k3s"}, nil},
	{"provider-rke2", []string{"rke2", ":9345"}, nil},
	{"provider-k0s", []string{"k0s"}, nil},
	{"provider-openshift", []string{"openshift", "ocp-", "okd"}, nil},
	{"provider-gardener", []string{"vpn-shoot", "vpn-seed", "gardener", "shoot--"}, nil},
	// The tunnel of k3s and RKE2 listens on the supervisor's ports.
	{"remotedialer", []string{"proxy error from 127.0.0.1:6443", ":9345 while dialing", "proxy error from [::1]:6443", "k3s", "rke2", "remotedialer", "session for client"}, nil},
	{"remotedialer", []string{":6443 while dialing"}, nil},
	{"konnectivity", []string{"konnectivity", "no agent available", "tunnel-uds", "proxy-server-", "apiserver-network-proxy"}, nil},
	{"webhook", []string{"webhook", "injector", "admission"}, nil},
	{"metrics-group", []string{"metrics.k8s.io", "metrics-server"}, nil},
	{"kubelet-log", []string{"kubelet.go:", "kubelet[", "kubelet_node_status", "kubelet.service", "pkg/kubelet"}, nil},
	{"api-names", []string{"certificate is valid for"}, rx(`certificate is valid for [^"]*\bkubernetes\.default[^"]*, not `)},
	{"swap", []string{"swap on", "fail-swap-on"}, nil},
	{"kubelet-401", []string{"pods/log", "unable to upgrade connection: unauthorized", "/containerlogs/", "pods/exec"}, nil},
	{"upgrade-request", []string{"/exec?", "/attach?", "/portforward"}, nil},
	{"node-user", []string{"user=system:node:"}, nil},
	{"kubelet-403", []string{"resource=nodes"}, nil},
	{"kubeconfig-missing", []string{"localhost:8080", "127.0.0.1:8080"}, nil},
	{"wrong-proxy-user", []string{`user "kube-apiserver" cannot`, `user "kubernetes" cannot`, `user "front-proxy-client" cannot`, `user "aggregator" cannot`, `user "system:kube-apiserver" cannot`, `user "kube-proxy-client" cannot`, `user "kube-apiserver-kubelet-client" cannot list resource "pods" in api group "metrics.k8s.io"`}, nil},
	{"same-machine", []string{"https://localhost:", "https://127.0.0.1:", "https://[::1]:", "{127.0.0.1:"}, nil},
	{"service-address", []string{"10.96.0.1:443", "10.43.0.1:443", "172.20.0.1:443", "10.100.0.1:443", "10.152.183.1:443", "://kubernetes.default"}, nil},
	{"dials-loopback", []string{"dial tcp 127.0.0.1:", "dial tcp [::1]:", "dial tcp localhost:"}, nil},
	{"exec-version", []string{"invalid apiversion", "no kind \"execcredential\"", "does not match version returned"}, nil},
	{"cluster-dns-address", []string{"10.96.0.10:53", "10.43.0.10:53", "172.20.0.10:53", "10.100.0.10:53", "10.0.0.10:53", "169.254.20.10:53", ".svc.cluster.local"}, nil},
	{"csr-client", []string{"kube-apiserver-client-kubelet", "node-bootstrapper", "system:bootstrap:", "kubelet-bootstrap"}, nil},
	{"new-cluster", []string{"kubeadm join", "kubeadm init", "cluster-info", "failed to check server version", "[discovery]", "[preflight]", "waiting for bootstrap", "new cluster", "fresh cluster", "waitforbootstrap", "bootstrap complete"}, nil},
	{"many-servers", []string{"control planes", "controllers", "masters", "ha cluster", "high availability", "keepalived", "haproxy", "all servers", "each server", "per server", "3 servers", "three servers"}, nil},
	{"sometimes", []string{"sometimes", "intermittent", "randomly", "at random", "flaky", "from time to time", "works on the second", "every other", "some requests", "half of"}, nil},

	// What the user did or looked at.
	{"did-firewall", []string{"firewall", "security group", "iptables", "ufw ", "nsg", "network policy", "networkpolicy", "nftables", "route table"}, nil},
	{"did-hostnetwork", []string{"hostnetwork"}, nil},
	{"did-renew", []string{"certs renew", "rotate-certs", "certificate rotate", "renew certificates", "certs check-expiration", "expired certificate"}, nil},
	{"did-clock", []string{"ntp", "chrony", "timedatectl", "hwclock", "timezone", "time zone"}, nil},
	{"did-proxy", []string{"http_proxy", "https_proxy", "no_proxy"}, nil},
	{"did-resources", []string{"oomkilled", "limits:", "nodestoreplicas", "memory limit", "memory usage", "high cpu", "cpu usage", "goroutine", "heap "}, nil},
	{"did-upgrade", []string{"after upgrad", "upgraded from", "upgrade to", "since upgrad", "after the upgrade"}, nil},
	{"flag-address-types", []string{"preferred-address-types"}, nil},
	{"flag-insecure-tls", []string{"kubelet-insecure-tls"}, nil},
	{"flag-kubelet-ca", []string{"kubelet-certificate-authority", "client-ca-file", "clientcafile"}, nil},
	{"flag-kubelet-client", []string{"kubelet-client-certificate", "kubelet-client-key", "apiserver-kubelet-client"}, nil},
	{"flag-sa-key", []string{"service-account-key-file", "service-account-private-key-file", "service-account-signing-key"}, nil},
	{"flag-token-webhook", []string{"authentication-token-webhook", "anonymous-auth", "authorization-mode"}, nil},
	{"flag-serving-rotation", []string{"servertlsbootstrap", "rotate-server-certificates", "rotatekubeletservercertificate", "kubelet-serving"}, nil},
	{"flag-san", []string{"tls-san", "apiserver-cert-extra-sans", "certsans", "subjectaltname"}, nil},
	{"flag-metrics", []string{"metric-resolution", "kubelet-use-node-status-port", "kubelet-port"}, nil},
	{"flag-egress-mode", []string{"egress-selector-mode"}, nil},
	{"flag-bind", []string{"bind-address", "kubelet-arg", "node-ip", "node-external-ip", "advertise-address"}, nil},
	{"flag-server-count", []string{"--server-count", "server count", "servercount", "count-server-leases", "all available servers", "all konnectivity servers"}, nil},
	{"role-kubelet-api", []string{"kubelet-api-admin", "apiserver-to-kubelet", "system:node-proxier"}, nil},
	{"role-binding", []string{"clusterrolebinding", "clusterrole", "rolebinding"}, nil},
	{"old-version", []string{"out of support", "end of life", "no longer supported", "unsupported version", "not supported version", "isn't supported", "is not supported"}, nil},
	{"skew-words", []string{"version skew", "minor versions", "older than kube-apiserver", "newer than kube-apiserver", "version mismatch"}, nil},
}

// hintClues say what hints alone, or with findings, speak for. None of them
// proves a thing: their points are small.
var hintClues = []clue{
	{on: "did-firewall", says: w("the text speaks of a firewall or of routes", "o texto fala de firewall ou de rotas"), points: []point{{"port", 22}}},
	{on: "did-hostnetwork", says: w("host network helps where the control plane cannot reach Pod addresses", "a rede do host ajuda onde o plano de controle não alcança endereços de Pods"), points: []point{{"port", 18}, {"metrics-flags", 14}}},
	{on: "did-renew", says: w("certificates were renewed, or had to be", "certificados foram renovados, ou precisavam ser"), points: []point{{"cert-expired", 24}}},
	{on: "did-clock", says: w("the text speaks of clocks and time zones", "o texto fala de relógios e fusos"), points: []point{{"clock", 26}}},
	{on: "did-proxy", says: w("a proxy is configured in the environment", "há um proxy configurado no ambiente"), points: []point{{"http-proxy", 26}, {"metrics-proxy", 18}}},
	{on: "did-resources", says: w("the text speaks of memory, CPU or replicas", "o texto fala de memória, CPU ou réplicas"), points: []point{{"memory", 28}}},
	{on: "flag-address-types", says: w("the text speaks of which of a node's addresses is dialled", "o texto fala de qual endereço do nó é discado"), points: []point{{"node-name", 20}, {"metrics-flags", 18}}},
	{on: "flag-insecure-tls", says: w("the text speaks of not checking kubelet certificates", "o texto fala de não verificar certificados de kubelets"), points: []point{{"metrics-flags", 18}, {"kubelet-san", 16}, {"csr-pending", 10}}},
	{on: "flag-kubelet-ca", says: w("the text speaks of which CA is trusted", "o texto fala de em que CA se confia"), points: []point{{"client-ca-mismatch", 18}}},
	{on: "flag-kubelet-client", also: "!kubelet-403", says: w("the text speaks of the API server's certificate for kubelets", "o texto fala do certificado do servidor da API para kubelets"), points: []point{{"client-cert-expired", 16}, {"client-ca-mismatch", 14}, {"rbac-kubelet", 10}}},
	{on: "flag-sa-key", says: w("the text speaks of the service-account keys", "o texto fala das chaves de service account"), points: []point{{"sa-key", 40}}},
	{on: "flag-token-webhook", says: w("the text speaks of how the kubelet knows its callers", "o texto fala de como o kubelet conhece seus chamadores"), points: []point{{"kubelet-token", 26}, {"rbac-kubelet", 12}}},
	{on: "flag-serving-rotation", says: w("the text speaks of kubelets that ask for their serving certificates", "o texto fala de kubelets que pedem seus certificados de servidor"), points: []point{{"csr-pending", 26}}},
	{on: "flag-san", says: w("the text speaks of the names in a certificate", "o texto fala dos nomes em um certificado"), points: []point{{"san", 26}}},
	{on: "flag-metrics", says: w("the text shows metrics-server's flags", "o texto mostra flags do metrics-server"), points: []point{{"metrics-flags", 30}}},
	{on: "flag-egress-mode", says: w("the text speaks of k3s's egress mode", "o texto fala do modo de egress do k3s"), points: []point{{"remotedialer-config", 30}}},
	{on: "flag-bind", also: "remotedialer", says: w("addresses are set by hand; the tunnel dials the kubelet on loopback", "endereços foram definidos à mão; o túnel disca o kubelet em loopback"), points: []point{{"remotedialer-config", 28}}},
	{on: "flag-server-count", says: w("the text speaks of how many tunnel servers there are", "o texto fala de quantos servidores de túnel existem"), points: []point{{"count-mismatch", 26}}},
	{on: "role-kubelet-api", says: w("the text speaks of who may use the kubelet's API", "o texto fala de quem pode usar a API do kubelet"), points: []point{{"rbac-kubelet", 24}}},
	{on: "role-binding", says: w("the text speaks of roles and bindings", "o texto fala de roles e bindings"), points: []point{{"rbac", 18}}},
	{on: "old-version", says: w("the text speaks of a version that is not supported", "o texto fala de uma versão não suportada"), points: []point{{"removed-api", 40}}},
	{on: "skew-words", says: w("the text speaks of versions that are apart", "o texto fala de versões distantes"), points: []point{{"skew", 34}}},
	{on: "sometimes", also: "konnectivity", says: w("it fails only sometimes: one of several servers or agents", "só falha às vezes: um entre vários servidores ou agentes"), points: []point{{"count-mismatch", 20}, {"agent-hung", 10}}},
	{on: "sometimes", also: "remotedialer", says: w("it fails only sometimes: one of several servers", "só falha às vezes: um entre vários servidores"), points: []point{{"remotedialer-session", 20}}},
	{on: "many-servers", also: "remotedialer", says: w("there are several servers", "há vários servidores"), points: []point{{"remotedialer-session", 16}}},
}

// parameters takes out of URLs what is asked of the server, and not what happened.
var parameters = strings.NewReplacer("?timeout=", "?", "&timeout=", "&", "&timeoutseconds=", "&", "?timeoutseconds=", "?")

// hintsOf returns what lines tell by the way, in the order of the table.
func hintsOf(lines []string, table []hint) []Hint {
	all := parameters.Replace(strings.ToLower(strings.Join(lines, "\n")))
	var out []Hint
	seen := make(map[string]bool)
	for _, h := range table {
		for _, s := range h.any {
			if !seen[h.id] && strings.Contains(all, s) && (h.re == nil || h.re.MatchString(all)) {
				seen[h.id] = true
				out = append(out, Hint{h.id, s})
			}
		}
	}
	return out
}
