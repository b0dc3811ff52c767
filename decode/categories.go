package decode

// categories lists the theory of the categories of fault. Their names are the
// vocabulary of reports, and are never translated.
var categories = []category{
	{
		"cert-expired", w("A certificate on the way is past its end. TLS is checked when a connection opens: what is open goes on, so it shows at the next connection, often days later.",
			"Um certificado no caminho passou do fim. O TLS é verificado quando uma conexão abre: o que está aberto continua, então aparece na próxima conexão, muitas vezes dias depois."),
		[]string{"x509: certificate has expired or is not yet valid: current time ... is after ...", "remote error: tls: expired certificate"},
		[]string{"https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-certs/"},
	},
	{
		"cert-not-yet-valid", w("A certificate begins in the future, by the clock of the end that checks.", "Um certificado começa no futuro, pelo relógio do lado que verifica."),
		[]string{"x509: certificate has expired or is not yet valid: current time ... is before ..."},
		nil,
	},
	{
		"cert-ca-mismatch", w("One end shows a certificate whose issuer the other does not trust: a CA was replaced on one side, a request was never approved, or two CAs bear one name.",
			"Um lado apresenta um certificado em cujo emissor o outro não confia: uma CA foi trocada de um lado, um pedido nunca foi aprovado, ou duas CAs têm o mesmo nome."),
		[]string{"x509: certificate signed by unknown authority", "... while trying to verify candidate authority certificate \"kubernetes\"", "remote error: tls: internal error", "tls: certificate required"},
		[]string{"https://kubernetes.io/docs/tasks/tls/manual-rotation-of-ca-certificates/"},
	},
	{
		"cert-san", w("A certificate does not name the address that was dialled.", "Um certificado não nomeia o endereço que foi discado."),
		[]string{"x509: certificate is valid for A, not B", "cannot validate certificate for IP because it doesn't contain any IP SANs", "relies on legacy Common Name field"},
		nil,
	},
	{
		"cert-not-reloaded", w("A certificate was renewed on disk or in a Secret, and the process still uses the old one.", "Um certificado foi renovado no disco ou em um Secret, e o processo ainda usa o antigo."),
		[]string{"x509: certificate has expired ...", "Unauthorized"},
		nil,
	},
	{"cert-key-mismatch", w("A private key belongs to another certificate.", "Uma chave privada pertence a outro certificado."), []string{"tls: private key does not match public key"}, nil},
	{"cert-usage", w("A certificate's key usages forbid what it is used for.", "Os usos da chave de um certificado proíbem aquilo para que é usado."), []string{"x509: certificate specifies an incompatible key usage"}, nil},
	{
		"token-auth", w("A token or login is not accepted: expired, of another key or audience, or not checked at all.", "Um token ou login não é aceito: vencido, de outra chave ou audiência, ou nem verificado."),
		[]string{"error: You must be logged in to the server", "invalid bearer token", "expected one server ID in the context, got []"},
		[]string{"https://kubernetes.io/docs/reference/access-authn-authz/authentication/"},
	},
	{
		"rbac", w("The caller is known and may not do this: a role or a binding is missing.", "O chamador é conhecido e não pode fazer isto: falta uma role ou um binding."),
		[]string{"Forbidden (user=..., verb=..., resource=nodes, subresource=proxy)", "... is forbidden: User \"...\" cannot list resource ..."},
		[]string{"https://kubernetes.io/docs/reference/access-authn-authz/rbac/"},
	},
	{
		"network-blocked", w("Packets do not get through: security group, NSG, firewall, NetworkPolicy, route, or an HTTP proxy in the way.", "Pacotes não passam: security group, NSG, firewall, NetworkPolicy, rota, ou um proxy HTTP no caminho."),
		[]string{"dial tcp IP:PORT: i/o timeout", "no route to host", "context deadline exceeded", "proxyconnect tcp: ..."},
		[]string{"https://kubernetes.io/docs/reference/networking/ports-and-protocols/"},
	},
	{
		"mtu", w("Packets above a size are lost: connections open, and stall when much is sent.", "Pacotes acima de um tamanho se perdem: conexões abrem, e param quando muito é enviado."),
		[]string{"net/http: TLS handshake timeout", "message too long"},
		nil,
	},
	{
		"dns", w("A name does not resolve, or to the wrong place.", "Um nome não resolve, ou resolve para o lugar errado."),
		[]string{"dial tcp: lookup NAME on SERVER:53: no such host", "server misbehaving", "SERVFAIL"},
		[]string{"https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/"},
	},
	{
		"clock-skew", w("Clocks disagree, so certificates and tokens in order look ended or not begun.", "Relógios divergem, e certificados e tokens em ordem parecem terminados ou não iniciados."),
		[]string{"current time ... is before ...", "token is not valid yet"},
		nil,
	},
	{"konnectivity-agent-down", w("The tunnel has no working agent.", "O túnel não tem agente funcionando."), []string{"No agent available", "dial timeout, backstop"}, []string{"https://kubernetes.io/docs/tasks/extend-kubernetes/setup-konnectivity/"}},
	{
		"konnectivity-server-down", w("The tunnel's server beside the API server does not work.", "O servidor do túnel ao lado do servidor da API não funciona."),
		[]string{"dial unix /.../konnectivity-server.socket: connect: no such file or directory", "read unix @->/tunnel-uds/proxysocket: connection reset by peer"},
		nil,
	},
	{
		"konnectivity-config", w("The tunnel is configured wrong: address, port, protocol, certificates, what goes through it.", "O túnel está mal configurado: endereço, porta, protocolo, certificados, o que passa por ele."),
		[]string{"proxy error from ... while dialing ..., code 502"},
		nil,
	},
	{
		"konnectivity-count-mismatch", w("Agents are connected to fewer tunnel servers than there are: a part of the requests fails.", "Agentes estão conectados a menos servidores de túnel do que existem: parte das requisições falha."),
		[]string{"No agent available (sometimes)", "failed to find Session for client NODE"},
		nil,
	},
	{"api-down", w("No API server answers.", "Nenhum servidor da API responde."), []string{"The connection to the server ... was refused", "Unable to connect to the server: EOF"}, nil},
	{
		"kubelet-down", w("A kubelet does not run, hangs, or listens elsewhere; or its node is off.", "Um kubelet não roda, está travado, ou escuta em outro lugar; ou o nó está desligado."),
		[]string{"dial tcp NODE:10250: connect: connection refused", "Kubelet stopped posting node status."},
		nil,
	},
	{"workload-down", w("No Pod works behind a Service.", "Nenhum Pod funciona atrás de um Service."), []string{"no endpoints available for service \"...\""}, nil},
	{
		"apiservice", w("An aggregated API does not answer as it should.", "Uma API agregada não responde como deveria."),
		[]string{"the server is currently unable to handle the request", "FailedDiscoveryCheck", "MissingEndpoints", "bad status from https://...: 401"},
		[]string{"https://kubernetes.io/docs/tasks/extend-kubernetes/configure-aggregation-layer/"},
	},
	{
		"webhook", w("A webhook that must be asked does not do its work: no Pod, a wrong certificate or caBundle, or too slow.", "Um webhook que deve ser consultado não faz seu trabalho: sem Pod, certificado ou caBundle errado, ou lento demais."),
		[]string{"failed calling webhook \"...\"", "conversion webhook for ... failed"},
		[]string{"https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/"},
	},
	{
		"metrics-server-config", w("The metrics path is configured wrong, or the autoscaled Pods lack requests.", "O caminho das métricas está mal configurado, ou faltam requests nos Pods autoescalados."),
		[]string{"no metrics to serve", "missing request for cpu"},
		nil,
	},
	{"config", w("A component or an object is configured wrong.", "Um componente ou objeto está mal configurado."), nil, nil},
	{
		"resource-exhaustion", w("Something ran out: memory, disk, addresses, file handles, connections, etcd's space.", "Algo acabou: memória, disco, endereços, descritores, conexões, espaço do etcd."),
		[]string{"OOMKilled", "etcdserver: mvcc: database space exceeded", "nf_conntrack: table full, dropping packet", "no space left on device"},
		nil,
	},
	{
		"unsupported-version", w("A version is in use that no longer works with the rest, or that nobody supports.", "Está em uso uma versão que não funciona mais com o resto, ou que ninguém suporta."),
		[]string{"no matches for kind \"...\" in version \"...\"", "is deprecated in v1.19+, unavailable in v1.22+"},
		[]string{"https://kubernetes.io/docs/reference/using-api/deprecation-guide/"},
	},
	{
		"version-skew", w("Two components are further apart than Kubernetes supports: kubelets up to three minor versions older than the API server, never newer.", "Dois componentes estão mais distantes do que o Kubernetes suporta: kubelets até três versões menores mais velhos que o servidor da API, nunca mais novos."),
		nil,
		[]string{"https://kubernetes.io/releases/version-skew-policy/"},
	},
	{"bug-upstream", w("A defect of a component in this version.", "Um defeito de um componente nesta versão."), nil, nil},
	{"other", w("Something else than the way of the request: a quota, a policy, an object.", "Algo que não é o caminho da requisição: uma cota, uma política, um objeto."), nil, nil},
}
