package decode

// words are clues of last resort. People quote half sentences, flags and
// figures; where a text holds no fault that says why, what it speaks of still
// orders the hypotheses. Each is the id of a hint, with its words in lower case.
var wordHints = []hint{
	{"word-expired", []string{"expir", "not after", "notafter", "rotate-certs", "rotate cert", "renew"}, nil},
	{"word-ca", []string{"certificate authority", "ca bundle", "cabundle", "different ca", "ca rotation", "self-signed", "selfsigned", "csr", "signed by"}, nil},
	{"word-csr-pending", []string{"pending"}, rx(`(?:csr|signing request|certificate request|certificatesigningrequest).{0,60}pending|pending.{0,60}(?:csr|signing request|certificate)`)},
	{"word-san", []string{" san ", "sans", "subject alternative", "certificate name"}, nil},
	{"word-clock", []string{"clock", "ntp", "out of sync", "system time", "time zone", "timezone", "time sync", "synchronized"}, nil},
	{"word-dns", []string{"resolv", "coredns", "nslookup", "hostname", " dns"}, nil},
	{"word-mtu", []string{"mtu", "jumbo", "fragment", "mss ", "packet size"}, nil},
	{"word-network", []string{"firewall", "security group", "nsg", "iptables", "blocked", "unreachable", "route table", "routing", "master-ipv4", "cidr", "peering", "vpn"}, nil},
	{"word-konnectivity", []string{"konnectivity", "konnectivy", "konenctivity", "connectivity agent", "agentid", "agentidentifiers", "serverid=", "tunnelfront", "aks-link", "proxy-agent", "apiserver-network-proxy"}, nil},
	{"word-many-servers", []string{"multi", "all servers", "each server", "other servers", "number of servers", "only one server", "controllers", "replicas of the server"}, nil},
	{"word-rights", []string{"forbidden", "not allowed", "clusterrole", "rbac", "permission"}, nil},
	{"word-token", []string{"token", "audience", "jwt", "service account", "serviceaccount", "unauthorized", "credentials"}, nil},
	{"word-apiservice", []string{"apiservice", "aggregat", "v1beta1.", "v1alpha1.", "/apis/"}, nil},
	{"word-webhook", []string{"webhook", "admission", "injector"}, nil},
	{"word-metrics", []string{"metrics-server", "metrics server", "kubectl top", "horizontalpodautoscaler", "hpa", "<unknown>"}, nil},
	{"word-resources", []string{"oom", "memory", "cpu", "leak", "limit", "too many", "pressure", "quota"}, nil},
	{"word-version", []string{"deprecated", "no longer", "removed in", "unsupported", "not supported", "end of life"}, nil},
	{"word-skew", []string{"skew", "newer than", "older than", "mismatch", "incompatible", "minor version"}, nil},
	{"word-kubelet", []string{"kubelet is", "kubelet stopped", "kubelet not", "notready", "not ready", "node down"}, nil},
	{"word-socket", []string{".sock", "unix:", "uds"}, nil},
	{"word-flags", []string{"--proxy-", "--agent-", "--egress", "--mode", "--cluster-ca"}, nil},
}

var wordClues = []clue{
	{on: "word-expired", says: w("the text speaks of an end of validity or a renewal", "o texto fala de fim de validade ou de renovação"), points: []point{{"cert-expired", 24}}},
	{on: "word-ca", says: w("the text speaks of who signed a certificate", "o texto fala de quem assinou um certificado"), points: []point{{"ca-mismatch", 22}, {"webhook-cert", 6}}},
	{on: "word-csr-pending", says: w("the text speaks of certificate requests that wait", "o texto fala de pedidos de certificado que esperam"), points: []point{{"csr-pending", 40}, {"kubelet-cert-expired", 12}}},
	{on: "word-san", says: w("the text speaks of names in a certificate", "o texto fala de nomes em um certificado"), points: []point{{"san", 22}}},
	{on: "word-clock", says: w("the text speaks of clocks", "o texto fala de relógios"), points: []point{{"clock", 28}}},
	{on: "word-dns", says: w("the text speaks of names and resolvers", "o texto fala de nomes e resolvedores"), points: []point{{"dns", 20}}},
	{on: "word-mtu", says: w("the text speaks of packet sizes", "o texto fala de tamanhos de pacote"), points: []point{{"mtu", 34}}},
	{on: "word-network", says: w("the text speaks of firewalls or routes", "o texto fala de firewalls ou rotas"), points: []point{{"port", 26}}},
	{on: "word-konnectivity", also: "word-many-servers", says: w("the text speaks of the tunnel, and of several servers", "o texto fala do túnel, e de vários servidores"), points: []point{{"count-mismatch", 30}, {"agent-down", 14}, {"konnectivity-flags", 12}}},
	{on: "word-konnectivity", also: "provider-k0s", says: w("the text speaks of the tunnel of k0s, which goes wrong first with several controllers", "o texto fala do túnel do k0s, que falha primeiro com vários controladores"), points: []point{{"count-mismatch", 26}, {"konnectivity-flags", 22}, {"agent-down", 16}}},
	{on: "word-konnectivity", says: w("the text speaks of the tunnel", "o texto fala do túnel"), points: []point{{"agent-down", 22}, {"count-mismatch", 14}, {"konnectivity-flags", 16}, {"server-down", 10}}},
	{on: "word-rights", says: w("the text speaks of rights", "o texto fala de direitos"), points: []point{{"rbac", 24}}},
	{on: "word-token", says: w("the text speaks of tokens or credentials", "o texto fala de tokens ou credenciais"), points: []point{{"token-refused", 22}, {"client-cert-expired", 6}}},
	{on: "word-apiservice", says: w("the text speaks of an aggregated API", "o texto fala de uma API agregada"), points: []point{{"apiservice-backend", 24}}},
	{on: "word-webhook", says: w("the text speaks of a webhook", "o texto fala de um webhook"), points: []point{{"webhook-backend", 20}, {"port-webhook", 12}}},
	{on: "word-metrics", also: "!word-konnectivity", says: w("the text speaks of resource metrics", "o texto fala de métricas de recursos"), points: []point{{"metrics-flags", 20}, {"apiservice-backend", 12}}},
	{on: "word-resources", says: w("the text speaks of resources that run out", "o texto fala de recursos que acabam"), points: []point{{"memory", 26}}},
	{on: "word-version", says: w("the text speaks of what a version no longer has", "o texto fala do que uma versão não tem mais"), points: []point{{"removed-api", 26}}},
	{on: "word-skew", says: w("the text speaks of versions that do not fit", "o texto fala de versões que não combinam"), points: []point{{"skew", 22}}},
	{on: "word-kubelet", says: w("the text speaks of a node that is not well", "o texto fala de um nó que não está bem"), points: []point{{"kubelet-down", 22}}},
	{on: "word-socket", says: w("the text speaks of a socket", "o texto fala de um socket"), points: []point{{"server-down", 16}}},
	{on: "word-flags", says: w("the text shows the tunnel's flags", "o texto mostra flags do túnel"), points: []point{{"konnectivity-flags", 28}}},
}
