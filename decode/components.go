package decode

import "github.com/kubelaudo/laudo/message"

// components lists the theory of components. Sources: Kubernetes documentation
// (ports and protocols, TLS certificates, components) and the components'
// sources at v1.37, apiserver-network-proxy v0.36, metrics-server v0.9, k3s and
// RKE2 documentation; read 2026-11.
var components = []component{
	{
		name: "kubectl", aliases: "client kubeconfig",
		purpose: w("The user's client: it reads a kubeconfig and sends requests to the API server. logs, exec, port-forward and top only start there; the API server carries them on to the node or to metrics-server.",
			"O cliente do usuário: lê um kubeconfig e envia requisições ao servidor da API. logs, exec, port-forward e top só começam ali; o servidor da API as leva ao nó ou ao metrics-server."),
		talks: []talk{
			{"kubectl > kube-apiserver :6443 / :443", w("every request, over TLS", "toda requisição, sobre TLS")},
			{"kubectl > exec plugin", w("a program that the kubeconfig names, for a token (clouds, OIDC)", "um programa que o kubeconfig nomeia, para um token (nuvens, OIDC)")},
		},
		credentials: []message.Word{
			w("the cluster's CA, in the kubeconfig: must be the issuer of what the API server shows", "a CA do cluster, no kubeconfig: deve ser a emissora do que o servidor da API apresenta"),
			w("a client certificate (kubeadm: one year), or a token, or what a plugin gives", "um certificado de cliente (kubeadm: um ano), ou um token, ou o que um plugin dá"),
		},
		breaks: []message.Word{
			w("only this user is out; another client on another machine separates kubectl from the cluster", "só este usuário fica fora; outro cliente em outra máquina separa o kubectl do cluster"),
		},
		look:       []string{"kubectl config view --minify", "kubectl auth whoami", "kubectl version -v=6"},
		references: []string{"https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/"},
	},
	{
		name: "kube-apiserver", aliases: "apiserver api-server api",
		purpose: w("The front door of the control plane: it authenticates, authorises and admits each request, stores objects in etcd, and opens connections to kubelets, webhooks and aggregated APIs on behalf of users.",
			"A porta de entrada do plano de controle: autentica, autoriza e admite cada requisição, guarda objetos no etcd, e abre conexões com kubelets, webhooks e APIs agregadas em nome dos usuários."),
		talks: []talk{
			{"* > kube-apiserver :6443", w("the API", "a API")},
			{"kube-apiserver > etcd :2379", w("storage, with a client certificate", "armazenamento, com certificado de cliente")},
			{"kube-apiserver > kubelet :10250", w("logs, exec, port-forward, node proxy; through the tunnel where there is one", "logs, exec, port-forward, proxy de nó; pelo túnel onde existe")},
			{"kube-apiserver > webhook (targetPort)", w("admission and conversion, within 10 s by default", "admissão e conversão, em 10 s por padrão")},
			{"kube-apiserver > APIService", w("whole API groups such as metrics.k8s.io, as front proxy", "grupos de API inteiros como metrics.k8s.io, como front proxy")},
			{"kube-apiserver > konnectivity-server (UDS / mTLS)", w("where an egress selector says so", "onde um egress selector manda")},
		},
		credentials: []message.Word{
			w("serving certificate: must name every address that clients dial; re-read within a minute", "certificado de servidor: deve nomear todo endereço que os clientes discam; relido em um minuto"),
			w("client certificates for kubelets (apiserver-kubelet-client), etcd, and as front proxy", "certificados de cliente para kubelets (apiserver-kubelet-client), etcd, e como front proxy"),
			w("the key that service-account tokens are checked with: the same on every control-plane node", "a chave com que tokens de service account são verificados: a mesma em todo nó do plano de controle"),
		},
		breaks: []message.Word{
			w("nothing can be changed or read; Pods that run go on running", "nada pode ser mudado ou lido; os Pods em execução continuam"),
			w("one of several down or different: a part of all requests fails", "um de vários fora ou diferente: parte das requisições falha"),
		},
		look:       []string{"kubectl get --raw '/readyz?verbose'", "crictl logs $(crictl ps -aq --name kube-apiserver | head -1)", "kubeadm certs check-expiration"},
		references: []string{"https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/", "https://kubernetes.io/docs/setup/best-practices/certificates/"},
	},
	{
		name: "etcd", aliases: "",
		purpose: w("The database of the control plane: every object lives there. Writes need more than half of its members.",
			"O banco de dados do plano de controle: todo objeto vive ali. Escritas precisam de mais da metade dos membros."),
		talks: []talk{
			{"kube-apiserver > etcd :2379", w("reads, writes and watches, over mutual TLS", "leituras, escritas e watches, sobre TLS mútuo")},
			{"etcd > etcd :2380", w("members agree on writes, over mutual TLS", "membros concordam sobre escritas, sobre TLS mútuo")},
		},
		credentials: []message.Word{
			w("server and peer certificates of etcd's own CA (kubeadm: one year)", "certificados de servidor e de par, da CA própria do etcd (kubeadm: um ano)"),
			w("the API server's client certificate apiserver-etcd-client", "o certificado de cliente do servidor da API, apiserver-etcd-client"),
		},
		breaks: []message.Word{
			w("no quorum: the API server's readyz fails on etcd, requests time out, then the API server restarts", "sem quórum: o readyz do servidor da API falha no etcd, requisições expiram, e o servidor da API reinicia"),
			w("space quota reached (alarm NOSPACE): reads work, every write fails", "cota de espaço atingida (alarme NOSPACE): leituras funcionam, toda escrita falha"),
			w("slow disk: leader changes, time-outs, leases of controllers lost", "disco lento: trocas de líder, tempos esgotados, leases de controladores perdidas"),
		},
		look:       []string{"etcdctl endpoint status --cluster -w table", "etcdctl alarm list", "kubectl get --raw /readyz/etcd"},
		references: []string{"https://etcd.io/docs/latest/op-guide/maintenance/", "https://kubernetes.io/docs/tasks/administer-cluster/configure-upgrade-etcd/"},
	},
	{
		name: "kube-controller-manager", aliases: "controller-manager kcm",
		purpose: w("The loops that make the cluster what its objects say: ReplicaSets, endpoints, node health, service-account tokens, and the signing of certificates.",
			"Os laços que fazem do cluster o que seus objetos dizem: ReplicaSets, endpoints, saúde dos nós, tokens de service account, e a assinatura de certificados."),
		talks: []talk{
			{"kube-controller-manager > kube-apiserver :6443", w("everything, with the certificate in controller-manager.conf", "tudo, com o certificado em controller-manager.conf")},
		},
		credentials: []message.Word{
			w("controller-manager.conf (kubeadm: one year, embedded, read once at start)", "controller-manager.conf (kubeadm: um ano, embutido, lido uma vez no início)"),
			w("the cluster CA's key, to sign certificate requests; the service-account key, to sign tokens", "a chave da CA do cluster, para assinar pedidos de certificado; a chave de service account, para assinar tokens"),
		},
		breaks: []message.Word{
			w("nothing new happens: no Pods for a Deployment, no endpoints, approved certificate requests never issued, dead nodes stay Ready", "nada novo acontece: sem Pods para um Deployment, sem endpoints, pedidos de certificado aprovados nunca emitidos, nós mortos continuam Ready"),
		},
		look:       []string{"kubectl -n kube-system get lease kube-controller-manager -o yaml", "crictl logs $(crictl ps -aq --name kube-controller-manager | head -1)"},
		references: []string{"https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/"},
	},
	{
		name: "kube-scheduler", aliases: "scheduler",
		purpose: w("Chooses a node for each new Pod.", "Escolhe um nó para cada Pod novo."),
		talks: []talk{
			{"kube-scheduler > kube-apiserver :6443", w("reads Pods and nodes, writes bindings", "lê Pods e nós, escreve bindings")},
		},
		credentials: []message.Word{w("scheduler.conf (kubeadm: one year, embedded, read once at start)", "scheduler.conf (kubeadm: um ano, embutido, lido uma vez no início)")},
		breaks:      []message.Word{w("new Pods stay Pending, and no event says why", "Pods novos ficam Pending, e nenhum evento diz por quê")},
		look:        []string{"kubectl -n kube-system get lease kube-scheduler -o yaml", "kubectl get pods -A --field-selector=status.phase=Pending"},
		references:  []string{"https://kubernetes.io/docs/concepts/scheduling-eviction/kube-scheduler/"},
	},
	{
		name: "kubelet", aliases: "node",
		purpose: w("The agent on each node: it starts and watches containers, reports the node, and serves logs, exec and metrics on port 10250.",
			"O agente em cada nó: inicia e observa containers, relata o nó, e serve logs, exec e métricas na porta 10250."),
		talks: []talk{
			{"kubelet > kube-apiserver :6443", w("its Pods, its node's status, its lease every 10 s", "seus Pods, o status do nó, sua lease a cada 10 s")},
			{"kube-apiserver > kubelet :10250", w("logs, exec, port-forward, proxy", "logs, exec, port-forward, proxy")},
			{"metrics-server, Prometheus > kubelet :10250", w("metrics, with a token", "métricas, com um token")},
			{"kubelet > container-runtime (CRI)", w("containers and images", "containers e imagens")},
		},
		credentials: []message.Word{
			w("client certificate kubelet-client-current.pem: renewed by itself while it runs; a node that was off too long cannot renew it", "certificado de cliente kubelet-client-current.pem: renovado sozinho enquanto roda; um nó desligado tempo demais não consegue renovar"),
			w("serving certificate: self-signed by default; with serverTLSBootstrap from a certificate request (signer kubernetes.io/kubelet-serving) that somebody must approve", "certificado de servidor: autoassinado por padrão; com serverTLSBootstrap, de um pedido de certificado (signer kubernetes.io/kubelet-serving) que alguém deve aprovar"),
			w("the CA that its callers' certificates come from, and the API for tokens and rights (TokenReview, SubjectAccessReview)", "a CA dos certificados de quem o chama, e a API para tokens e direitos (TokenReview, SubjectAccessReview)"),
		},
		breaks: []message.Word{
			w("the node becomes NotReady after 40 s, its Pods are moved after 5 min more", "o nó fica NotReady após 40 s, seus Pods são movidos após mais 5 min"),
			w("port 10250 unreachable: logs, exec and top fail for that node only; the Pods run fine", "porta 10250 inalcançável: logs, exec e top falham só para esse nó; os Pods rodam bem"),
		},
		look:       []string{"kubectl get nodes -o wide", "journalctl -u kubelet -n 50", "kubectl get --raw /api/v1/nodes/NODE/proxy/healthz", "kubectl get csr"},
		references: []string{"https://kubernetes.io/docs/reference/access-authn-authz/kubelet-authn-authz/", "https://kubernetes.io/docs/reference/access-authn-authz/kubelet-tls-bootstrapping/"},
	},
	{
		name: "kube-proxy", aliases: "services",
		purpose: w("Programs each node's kernel so that the address of a Service leads to its Pods. Some network plugins do this themselves.",
			"Programa o kernel de cada nó para que o endereço de um Service leve a seus Pods. Alguns plugins de rede fazem isso eles mesmos."),
		talks: []talk{
			{"kube-proxy > kube-apiserver", w("reads Services and EndpointSlices", "lê Services e EndpointSlices")},
		},
		credentials: []message.Word{w("a service-account token (kubeadm) or a client certificate (k3s, RKE2)", "um token de service account (kubeadm) ou um certificado de cliente (k3s, RKE2)")},
		breaks: []message.Word{
			w("on that node, rules go stale: Services lead to Pods that are gone, and 10.96.0.1:443 times out or is refused", "nesse nó, as regras envelhecem: Services levam a Pods que sumiram, e 10.96.0.1:443 expira ou é recusado"),
			w("connection tracking full: new connections are dropped", "rastreamento de conexões cheio: novas conexões são descartadas"),
		},
		look:       []string{"kubectl -n kube-system get pods -l k8s-app=kube-proxy -o wide", "iptables-save | grep -c KUBE-SVC", "curl -s localhost:10256/healthz"},
		references: []string{"https://kubernetes.io/docs/reference/networking/virtual-ips/"},
	},
	{
		name: "coredns", aliases: "kube-dns dns-server nodelocaldns",
		purpose: w("The cluster's DNS: names of Services and Pods by itself, all others from the resolver above it.",
			"O DNS do cluster: nomes de Services e Pods por si, todos os outros do resolvedor acima."),
		talks: []talk{
			{"pod > CoreDNS :53 (UDP, TCP)", w("every name a Pod looks up; with five search domains each short name is asked several times (ndots:5)", "todo nome que um Pod procura; com os domínios de busca cada nome curto é perguntado várias vezes (ndots:5)")},
			{"CoreDNS > kube-apiserver", w("Services and EndpointSlices", "Services e EndpointSlices")},
			{"CoreDNS > upstream :53", w("names outside the cluster", "nomes de fora do cluster")},
		},
		credentials: []message.Word{w("a service-account token", "um token de service account")},
		breaks: []message.Word{
			w("names do not resolve in Pods: time-outs, SERVFAIL, no such host; what is dialled by address goes on", "nomes não resolvem nos Pods: tempo esgotado, SERVFAIL, no such host; o que é discado por endereço continua"),
			w("half of the lookups slow: one of two replicas not reachable from that node", "metade das consultas lenta: uma de duas réplicas inalcançável desse nó"),
		},
		look:       []string{"kubectl -n kube-system get pods -l k8s-app=kube-dns -o wide", "kubectl -n kube-system logs -l k8s-app=kube-dns --tail=50", "kubectl run dns --rm -it --restart=Never --image=busybox:1.36 -- nslookup kubernetes.default"},
		references: []string{"https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/", "https://coredns.io/plugins/loop/"},
	},
	{
		name: "konnectivity-server", aliases: "proxy-server",
		purpose: w("The control plane's end of the tunnel into the node network (apiserver-network-proxy). The API server hands it each connection that it wants opened there; it passes it to one of the agents that are connected to it, at random unless told otherwise.",
			"A ponta do túnel no plano de controle (apiserver-network-proxy). O servidor da API lhe entrega cada conexão que quer aberta na rede dos nós; ele a passa a um dos agentes conectados, ao acaso se nada mais for dito."),
		talks: []talk{
			{"kube-apiserver > konnectivity-server (UDS / TCP 8090)", w("gRPC or HTTP CONNECT; each API server talks to the one beside it only", "gRPC ou HTTP CONNECT; cada servidor da API fala só com o que está ao seu lado")},
			{"konnectivity-agent > konnectivity-server :8091 (GKE, k0s: 8132; AKS: 443 + ALPN)", w("the agent dials in, never the other way round", "o agente disca para dentro, nunca o contrário")},
			{"konnectivity-server > kube-apiserver", w("TokenReview, where agents show tokens", "TokenReview, onde agentes mostram tokens")},
		},
		credentials: []message.Word{
			w("--cluster-cert: shown to agents; must name the host that they dial. Often the API server's own certificate", "--cluster-cert: apresentado aos agentes; deve nomear o host que discam. Muitas vezes o próprio certificado do servidor da API"),
			w("--cluster-ca-cert set: agents must show a client certificate of that CA; else a token", "--cluster-ca-cert definido: agentes devem apresentar um certificado de cliente dessa CA; senão um token"),
			w("nothing is re-read: a renewed file needs a restart", "nada é relido: um arquivo renovado exige reinício"),
		},
		breaks: []message.Word{
			w("logs, exec, top, webhooks and aggregated APIs all fail at once, on that API server; nodes stay Ready", "logs, exec, top, webhooks e APIs agregadas falham todos juntos, nesse servidor da API; os nós continuam Ready"),
			w("no agents: \"No agent available\" (gRPC) or code 500 (HTTP CONNECT)", "sem agentes: \"No agent available\" (gRPC) ou código 500 (HTTP CONNECT)"),
			w("it prints nothing when a TLS handshake fails: silence in its log proves nothing", "não imprime nada quando um handshake TLS falha: silêncio no log não prova nada"),
		},
		look:       []string{"kubectl get --raw /metrics | grep egress_dialer", "crictl logs $(crictl ps -q --name konnectivity-server)", "curl -s localhost:8092/readyz"},
		references: []string{"https://kubernetes.io/docs/tasks/extend-kubernetes/setup-konnectivity/", "https://github.com/kubernetes-sigs/apiserver-network-proxy"},
	},
	{
		name: "konnectivity-agent", aliases: "proxy-agent konnectivity tunnelfront aks-link",
		purpose: w("The nodes' end of the tunnel: a Pod that keeps a connection to each konnectivity-server, and opens connections to kubelets, webhooks and aggregated APIs when told to. On AKS it followed tunnelfront and aks-link.",
			"A ponta do túnel nos nós: um Pod que mantém uma conexão com cada konnectivity-server, e abre conexões com kubelets, webhooks e APIs agregadas quando mandado. No AKS sucedeu tunnelfront e aks-link."),
		talks: []talk{
			{"konnectivity-agent > konnectivity-server :8091 (GKE, k0s: 8132; AKS: 443 + ALPN)", w("one stream per server, kept open", "um stream por servidor, mantido aberto")},
			{"konnectivity-agent > kubelet :10250, webhook, APIService", w("on every node; plain TCP, at most 5 s to connect; TLS runs inside, end to end", "em todo nó; TCP simples, no máximo 5 s para conectar; o TLS corre por dentro, de ponta a ponta")},
		},
		credentials: []message.Word{
			w("--ca-cert: the CA of the server's certificate", "--ca-cert: a CA do certificado do servidor"),
			w("a client certificate (--agent-cert, --agent-key), or a token for audience system:konnectivity-server", "um certificado de cliente (--agent-cert, --agent-key), ou um token para a audiência system:konnectivity-server"),
			w("certificates are read once: a renewed Secret needs the Pods replaced. An open stream outlives its certificate; the fault shows at the next reconnect", "certificados são lidos uma vez: um Secret renovado exige Pods novos. Um stream aberto sobrevive ao certificado; a falha aparece na próxima reconexão"),
		},
		breaks: []message.Word{
			w("logs, exec, top, webhooks and aggregated APIs fail; Pods and nodes look healthy", "logs, exec, top, webhooks e APIs agregadas falham; Pods e nós parecem saudáveis"),
			w("an agent that can never connect is Running, Ready, with 0 restarts: only its log or metrics tell", "um agente que nunca conecta está Running, Ready, com 0 reinícios: só o log ou as métricas dizem"),
			w("one agent of several hangs or cannot reach a node: a part of the requests fails", "um agente de vários trava ou não alcança um nó: parte das requisições falha"),
			w("connected to fewer servers than there are: requests through the other API servers fail", "conectado a menos servidores do que existem: falham as requisições pelos outros servidores da API"),
		},
		look:       []string{"kubectl -n kube-system get pods -o wide | grep konnectivity", "kubectl -n kube-system get deploy,ds -o yaml | grep -E -- '--(proxy-server|agent-|ca-cert)'", "crictl logs $(crictl ps -q --name konnectivity-agent) 2>&1 | grep -E 'cannot connect|error dialing'"},
		references: []string{"https://kubernetes.io/docs/tasks/extend-kubernetes/setup-konnectivity/", "https://learn.microsoft.com/azure/aks/outbound-rules-control-egress"},
	},
	{
		name: "remotedialer", aliases: "k3s rke2 k3s-tunnel rke2-tunnel",
		purpose: w("The tunnel of k3s and RKE2, which is not Konnectivity: each node keeps a websocket to every server, and the server dials the node's kubelet through it, on loopback.",
			"O túnel do k3s e do RKE2, que não é Konnectivity: cada nó mantém um websocket com cada servidor, e o servidor disca o kubelet do nó por ele, em loopback."),
		talks: []talk{
			{"agent > server :6443 (k3s), :9345 (RKE2)", w("a websocket per server, from every node", "um websocket por servidor, de todo nó")},
			{"server > kubelet 127.0.0.1:10250", w("inside the websocket", "por dentro do websocket")},
		},
		credentials: []message.Word{w("the agent's certificates, made at its start and renewed at a restart within 120 days of their end (90 in older versions)", "os certificados do agente, feitos no início e renovados em um reinício a até 120 dias do fim (90 em versões antigas)")},
		breaks: []message.Word{
			w("\"proxy error from 127.0.0.1:6443 while dialing NODE:10250, code 502\": the server that was asked has no session of that node", "\"proxy error from 127.0.0.1:6443 while dialing NODE:10250, code 502\": o servidor consultado não tem sessão desse nó"),
			w("a kubelet that does not listen on loopback (address, bind-address) breaks it too", "um kubelet que não escuta em loopback (address, bind-address) também o quebra"),
		},
		look:       []string{"journalctl -u k3s -u rke2-server | grep -iE 'session|remotedialer'", "journalctl -u k3s-agent -u rke2-agent | grep -i tunnel", "grep -sE 'egress-selector-mode|bind-address' /etc/rancher/*/config.yaml"},
		references: []string{"https://docs.k3s.io/networking/basic-network-options", "https://docs.k3s.io/architecture"},
	},
	{
		name: "metrics-server", aliases: "metrics",
		purpose: w("Reads CPU and memory of every Pod from every kubelet and serves them as the API metrics.k8s.io, for kubectl top and the HorizontalPodAutoscaler.",
			"Lê CPU e memória de todo Pod em todo kubelet e as serve como a API metrics.k8s.io, para kubectl top e o HorizontalPodAutoscaler."),
		talks: []talk{
			{"metrics-server > kubelet :10250", w("/metrics/resource of every node, every 15 s, from its Pod", "/metrics/resource de todo nó, a cada 15 s, do seu Pod")},
			{"kube-apiserver > metrics-server (Service :443, Pod :10250 / :4443)", w("as aggregated API, through the tunnel where there is one", "como API agregada, pelo túnel onde existe")},
		},
		credentials: []message.Word{
			w("it verifies kubelet certificates with the cluster's CA: self-signed ones fail (no IP SANs, unknown authority) unless --kubelet-insecure-tls", "verifica certificados de kubelets com a CA do cluster: autoassinados falham (sem IP nos SANs, autoridade desconhecida) salvo com --kubelet-insecure-tls"),
			w("its token must be accepted by kubelets (authentication.webhook), with nodes/metrics in its ClusterRole", "seu token deve ser aceito pelos kubelets (authentication.webhook), com nodes/metrics na ClusterRole"),
			w("it believes the API server by the front-proxy CA in extension-apiserver-authentication", "acredita no servidor da API pela CA de front proxy em extension-apiserver-authentication"),
		},
		breaks: []message.Word{
			w("kubectl top and autoscaling stop; while its APIService is unavailable, namespace deletion and discovery complain too", "kubectl top e o autoscaling param; enquanto seu APIService está indisponível, a remoção de namespaces e a descoberta também reclamam"),
			w("no node read yet: not Ready, so the APIService says MissingEndpoints; the scrape error in its log is the cause", "nenhum nó lido ainda: não fica Ready, e o APIService diz MissingEndpoints; o erro de coleta no log é a causa"),
		},
		look:       []string{"kubectl get apiservice v1beta1.metrics.k8s.io -o yaml", "kubectl -n kube-system logs deploy/metrics-server --tail=50", "kubectl top nodes"},
		references: []string{"https://github.com/kubernetes-sigs/metrics-server", "https://kubernetes.io/docs/tasks/debug/debug-cluster/resource-metrics-pipeline/"},
	},
	{
		name: "hpa", aliases: "horizontalpodautoscaler autoscaler",
		purpose: w("Changes the number of Pods by what the metrics API says of them.", "Muda o número de Pods pelo que a API de métricas diz deles."),
		talks: []talk{
			{"kube-controller-manager > kube-apiserver > metrics-server", w("every 15 s", "a cada 15 s")},
		},
		breaks: []message.Word{
			w("figures <unknown>, ScalingActive False: the metrics API is down (\"unable to fetch metrics\"), or a container has no request (\"missing request for\"), which is another matter", "números <unknown>, ScalingActive False: a API de métricas está fora (\"unable to fetch metrics\"), ou um container não tem request (\"missing request for\"), que é outra coisa"),
		},
		look:       []string{"kubectl describe hpa -A | grep -A6 Conditions", "kubectl top pods"},
		references: []string{"https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/"},
	},
	{
		name: "webhook", aliases: "webhooks admission-webhook admission conversion-webhook",
		purpose: w("A server, most often a Pod, that the API server asks before it stores an object (admission) or to translate between versions (conversion).",
			"Um servidor, quase sempre um Pod, que o servidor da API consulta antes de guardar um objeto (admissão) ou para traduzir entre versões (conversão)."),
		talks: []talk{
			{"kube-apiserver > webhook (targetPort: 8443, 9443, 10250, 15017...)", w("the text shows the Service's port 443; firewalls must let in the Pod's", "o texto mostra a porta 443 do Service; firewalls devem deixar entrar a do Pod")},
		},
		credentials: []message.Word{
			w("its serving certificate must name SERVICE.NAMESPACE.svc and come from the CA in caBundle", "seu certificado de servidor deve nomear SERVICE.NAMESPACE.svc e vir da CA em caBundle"),
		},
		breaks: []message.Word{
			w("with failurePolicy Fail, every create or update that it guards fails, its own Pods included if its own namespace is not excluded (deadlock)", "com failurePolicy Fail, toda criação ou mudança que ele guarda falha, inclusive a dos seus próprios Pods se o namespace não for excluído (impasse)"),
			w("slow: each such request waits up to its time-out", "lento: cada requisição dessas espera até o tempo limite"),
			w("conversion: even reading and listing those objects fails", "conversão: até ler e listar esses objetos falha"),
		},
		look:       []string{"kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations", "kubectl get --raw /metrics | grep -E 'admission_webhook_(rejection|fail_open)_count'"},
		references: []string{"https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/"},
	},
	{
		name: "aggregation", aliases: "apiservice aggregated-api aggregator front-proxy extension-apiserver",
		purpose: w("Lets another server answer for an API group: the API server passes requests on to it, and tells in headers who asked.",
			"Deixa outro servidor responder por um grupo de API: o servidor da API lhe repassa as requisições, e diz em cabeçalhos quem pediu."),
		talks: []talk{
			{"kube-apiserver > extension-apiserver", w("to the Service's cluster address, or the Pod's with --enable-aggregator-routing; a check of its discovery decides Available", "para o endereço do Service, ou o do Pod com --enable-aggregator-routing; uma verificação da descoberta decide Available")},
			{"extension-apiserver > kube-apiserver", w("SubjectAccessReview, and ConfigMap kube-system/extension-apiserver-authentication", "SubjectAccessReview, e o ConfigMap kube-system/extension-apiserver-authentication")},
		},
		credentials: []message.Word{
			w("the aggregator shows the front-proxy client certificate; the extension server believes it by requestheader-client-ca-file and requestheader-allowed-names", "o agregador apresenta o certificado de cliente front-proxy; o servidor de extensão acredita nele por requestheader-client-ca-file e requestheader-allowed-names"),
			w("the APIService's caBundle holds the CA of the extension server (or insecureSkipTLSVerify)", "o caBundle do APIService tem a CA do servidor de extensão (ou insecureSkipTLSVerify)"),
		},
		breaks: []message.Word{
			w("its group answers 503; discovery, namespace deletion, quota and helm stumble over it", "seu grupo responde 503; descoberta, remoção de namespaces, cotas e helm tropeçam nele"),
			w("401, or users seen as system:anonymous: the front-proxy identity is not believed", "401, ou usuários vistos como system:anonymous: a identidade de front proxy não é acreditada"),
		},
		look:       []string{"kubectl get apiservices | grep -v Local", "kubectl -n kube-system get configmap extension-apiserver-authentication -o yaml"},
		references: []string{"https://kubernetes.io/docs/tasks/extend-kubernetes/configure-aggregation-layer/"},
	},
	{
		name: "csr", aliases: "signer certificatesigningrequest certificates",
		purpose: w("How kubelets and others get certificates through the API: a request is made, somebody approves it, a signer (kube-controller-manager, or a provider's) issues.",
			"Como kubelets e outros obtêm certificados pela API: um pedido é feito, alguém aprova, um signer (kube-controller-manager, ou o do provedor) emite."),
		talks: []talk{
			{"kubelet > kube-apiserver", w("creates the request, waits for its certificate", "cria o pedido, espera o certificado")},
			{"approver > kube-apiserver", w("client certificates of kubelets are approved by kube-controller-manager; serving ones by nobody unless an approver is installed", "certificados de cliente de kubelets são aprovados pelo kube-controller-manager; os de servidor por ninguém, salvo com um aprovador instalado")},
		},
		breaks: []message.Word{
			w("serving request Pending: \"remote error: tls: internal error\" on logs and exec of that node", "pedido de servidor Pending: \"remote error: tls: internal error\" em logs e exec desse nó"),
			w("client request Pending: the node stays or becomes NotReady when its old certificate ends", "pedido de cliente Pending: o nó fica ou se torna NotReady quando o antigo termina"),
			w("Approved and never Issued: the signer does not run, or refuses the request's subject", "Approved e nunca Issued: o signer não roda, ou recusa o subject do pedido"),
		},
		look:       []string{"kubectl get csr --sort-by=.metadata.creationTimestamp", "kubectl describe csr NAME"},
		references: []string{"https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/", "https://kubernetes.io/docs/reference/access-authn-authz/kubelet-tls-bootstrapping/"},
	},
	{
		name: "tokens", aliases: "service-account serviceaccount service-account-token oidc",
		purpose: w("How Pods and people without certificates say who they are: signed tokens with an issuer, an audience and an end.",
			"Como Pods e pessoas sem certificado dizem quem são: tokens assinados com emissor, audiência e fim."),
		talks: []talk{
			{"kubelet > kube-apiserver", w("asks for each Pod's token and renews it at 80 % of its life", "pede o token de cada Pod e o renova a 80 % da vida")},
			{"kubelet, extension-apiserver, konnectivity-server > kube-apiserver", w("TokenReview: is this token good, for which audience", "TokenReview: este token é bom, para que audiência")},
		},
		breaks: []message.Word{
			w("signing key replaced or different between control-plane nodes: 401 for all Pods, or for every n-th request", "chave de assinatura trocada ou diferente entre nós do plano de controle: 401 para todos os Pods, ou a cada n requisições"),
			w("wrong audience: good for the API, refused by the tunnel's server", "audiência errada: bom para a API, recusado pelo servidor do túnel"),
			w("clock ahead when issued: \"token is not valid yet\"", "relógio adiantado na emissão: \"token is not valid yet\""),
		},
		look:       []string{"kubectl create token default --duration=10m | cut -d. -f2 | base64 -d", "kubectl get --raw /openid/v1/jwks", "sha256sum /etc/kubernetes/pki/sa.pub"},
		references: []string{"https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/"},
	},
	{
		name: "cni", aliases: "network-plugin calico cilium flannel",
		purpose: w("The network plugin: gives each Pod an address and carries packets between nodes; most also enforce NetworkPolicies.",
			"O plugin de rede: dá um endereço a cada Pod e leva pacotes entre nós; a maioria também aplica NetworkPolicies."),
		talks: []talk{
			{"node > node (VXLAN 4789 / 8472, Geneve 6081, IP-in-IP, BGP 179, WireGuard 51820)", w("Pod traffic between nodes; the tunnel's header makes the MTU smaller", "tráfego de Pods entre nós; o cabeçalho do túnel diminui o MTU")},
			{"plugin > kube-apiserver", w("Pods, nodes, policies", "Pods, nós, políticas")},
		},
		breaks: []message.Word{
			w("not set up: the node is NotReady, Pods stay in ContainerCreating", "não instalado: o nó fica NotReady, Pods ficam em ContainerCreating"),
			w("no addresses left: new Pods on that node only", "sem endereços: só Pods novos nesse nó"),
			w("traffic between nodes blocked: works on one node, times out across; MTU too large: small answers pass, large ones stall", "tráfego entre nós bloqueado: funciona em um nó, expira entre nós; MTU grande demais: respostas pequenas passam, grandes travam"),
		},
		look:       []string{"kubectl -n kube-system get pods -o wide | grep -E 'calico|cilium|flannel|weave|aws-node|azure'", "ls /etc/cni/net.d", "ping -M do -s 1422 POD-IP"},
		references: []string{"https://kubernetes.io/docs/concepts/extend-kubernetes/compute-storage-net/network-plugins/"},
	},
	{
		name: "container-runtime", aliases: "containerd cri-o crio docker",
		purpose: w("Starts containers and pulls images for the kubelet, over a socket.", "Inicia containers e baixa imagens para o kubelet, por um socket."),
		talks: []talk{
			{"kubelet > container-runtime (/run/containerd/containerd.sock)", w("every container", "todo container")},
			{"container-runtime > registry :443", w("images", "imagens")},
		},
		breaks: []message.Word{w("PLEG is not healthy, container runtime is down: the node becomes NotReady", "PLEG is not healthy, container runtime is down: o nó fica NotReady")},
		look:   []string{"systemctl status containerd", "crictl info", "crictl ps -a | head"},
		references: []string{
			"https://kubernetes.io/docs/setup/production-environment/container-runtimes/",
		},
	},
}
