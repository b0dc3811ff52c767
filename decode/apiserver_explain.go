package decode

var apiserverModes = []mode{
	{
		"helm-lock", "other",
		w("Helm holds this release for pending: an install, upgrade or rollback runs, or was cut off in the middle. That says nothing of the cluster's parts.",
			"O Helm considera este release pendente: um install, upgrade ou rollback está em curso, ou foi interrompido no meio. Isso nada diz das partes do cluster."),
		[]test{
			{w("which step is pending, since when; a rollback to the last that was deployed ends it", "que passo está pendente, desde quando; um rollback ao último instalado o encerra"), "helm -n NAMESPACE history RELEASE"},
		},
	},
	{
		"control-plane-kubelet", "kubelet-down",
		w("The kubelet of the control-plane node, or its container runtime, does not run: the API server and etcd are its static Pods (kubeadm).",
			"O kubelet do nó do plano de controle, ou seu runtime de containers, não roda: o servidor da API e o etcd são seus Pods estáticos (kubeadm)."),
		[]test{
			{w("on the control-plane node", "no nó do plano de controle"), "systemctl status kubelet --no-pager | head; crictl ps -a | grep -E 'kube-apiserver|etcd'; journalctl -u kubelet -n 30 --no-pager"},
		},
	},
	{
		"control-plane-certs", "cert-expired",
		w("A certificate of the control plane has ended (kubeadm: after one year), so that the API server cannot use its etcd and does not start.",
			"Um certificado do plano de controle terminou (kubeadm: após um ano), então o servidor da API não consegue usar seu etcd e não inicia."),
		[]test{
			{w("on the control-plane node", "no nó do plano de controle"), "kubeadm certs check-expiration"},
			{w("what the API server said last", "o que o servidor da API disse por último"), "crictl logs --tail 20 $(crictl ps -aq --name kube-apiserver | head -1)"},
		},
	},
	{
		"api-down", "api-down",
		w("No API server answers at ‹addr|that address›: it does not run (its own certificate, etcd, a flag or the disk may keep it from starting), or nothing stands behind the balancer.",
			"Nenhum servidor da API responde em ‹addr|esse endereço›: não roda (o próprio certificado, o etcd, uma flag ou o disco podem impedir), ou não há nada atrás do balanceador."),
		[]test{
			{
				w("on a control-plane node: does it run, and what does it say", "em um nó do plano de controle: ele roda, e o que diz"),
				"crictl ps -a --name kube-apiserver; crictl logs --tail 20 $(crictl ps -aq --name kube-apiserver | head -1)",
			},
			testTCP, testKubeadmCerts,
		},
	},
	{
		"no-kubeconfig", "config",
		w("kubectl found no kubeconfig, or one that names the wrong server.", "O kubectl não achou kubeconfig, ou achou um que nomeia o servidor errado."),
		[]test{{w("see what kubectl reads", "veja o que o kubectl lê"), "echo $KUBECONFIG; kubectl config get-contexts; kubectl config view --minify"}},
	},
	{
		"overload", "resource-exhaustion",
		w("‹to|The server› is too busy to answer in time: CPU, memory or requests beyond what it can do.",
			"‹to|O servidor› está ocupado demais para responder a tempo: CPU, memória ou requisições além do que pode."),
		[]test{
			{w("look at the load of the machine", "veja a carga da máquina"), "kubectl top nodes; uptime"},
			{w("look for requests turned away", "procure requisições rejeitadas"), "kubectl get --raw /metrics | grep -E 'apiserver_flowcontrol_rejected_requests_total|apiserver_current_inflight_requests'"},
		},
	},
	{
		"etcd-down", "api-down",
		w("etcd does not answer the API server: it does not run, has lost its quorum, or its certificates are not accepted.",
			"O etcd não responde ao servidor da API: não roda, perdeu o quórum, ou seus certificados não são aceitos."),
		[]test{
			{
				w("on a control-plane node", "em um nó do plano de controle"),
				"crictl ps -a --name etcd; etcdctl --endpoints=https://127.0.0.1:2379 --cacert=/etc/kubernetes/pki/etcd/ca.crt --cert=/etc/kubernetes/pki/etcd/server.crt --key=/etc/kubernetes/pki/etcd/server.key endpoint status --cluster -w table",
			},
			testKubeadmCerts,
		},
	},
	{
		"etcd-slow", "resource-exhaustion",
		w("etcd is slow or full: its disk does not keep up, or its space quota is used up.",
			"O etcd está lento ou cheio: o disco não dá conta, ou a cota de espaço acabou."),
		[]test{
			{
				w("read size, alarms and leader", "leia tamanho, alarmes e líder"),
				"etcdctl --endpoints=https://127.0.0.1:2379 --cacert=/etc/kubernetes/pki/etcd/ca.crt --cert=/etc/kubernetes/pki/etcd/server.crt --key=/etc/kubernetes/pki/etcd/server.key endpoint status -w table; etcdctl alarm list",
			},
			{w("look for slow disk writes", "procure escritas lentas em disco"), "crictl logs $(crictl ps -q --name etcd) 2>&1 | grep -E 'slow fdatasync|took too long' | tail -5"},
		},
	},
	{
		"encryption", "config",
		w("The API server's encryption configuration lacks the key or provider with which objects are stored.", "Falta na configuração de cifragem do servidor da API a chave ou o provedor com que os objetos estão guardados."),
		[]test{{w("on every control-plane node: the file must be the same", "em cada nó do plano de controle: o arquivo deve ser igual"), "sha256sum $(grep -ho 'encryption-provider-config=[^ \"]*' /etc/kubernetes/manifests/kube-apiserver.yaml | cut -d= -f2)"}},
	},
	{
		"kubeadm", "config",
		w("The machine is not ready for kubeadm: something from an earlier installation, or a requirement that is not met.", "A máquina não está pronta para o kubeadm: restos de uma instalação anterior, ou um requisito não atendido."),
		[]test{{w("list all that kubeadm objects to", "liste tudo a que o kubeadm objeta"), "kubeadm init phase preflight"}},
	},
	{
		"removed-api", "unsupported-version",
		w("A program asks for an API version that this Kubernetes no longer serves (or not yet): one of the two is too old.",
			"Um programa pede uma versão de API que este Kubernetes não serve mais (ou ainda não): um dos dois é velho demais."),
		[]test{
			{w("list what the cluster serves", "liste o que o cluster serve"), "kubectl api-resources | grep -i ‹kind|KIND›; kubectl version"},
			{w("find who asks for deprecated versions", "ache quem pede versões obsoletas"), "kubectl get --raw /metrics | grep apiserver_requested_deprecated_apis"},
		},
	},
	{
		"end-of-support", "unsupported-version",
		w("The cluster runs a version that its provider or the project no longer supports.", "O cluster roda uma versão que o provedor ou o projeto não suporta mais."),
		[]test{{w("compare versions with the support calendar", "compare as versões com o calendário de suporte"), "kubectl version; kubectl get nodes"}},
	},
	{
		"skew", "version-skew",
		w("Versions of two components are further apart than Kubernetes supports.", "As versões de dois componentes estão mais distantes do que o Kubernetes suporta."),
		[]test{{w("compare versions", "compare as versões"), "kubectl version; kubectl get nodes -o custom-columns=NODE:.metadata.name,KUBELET:.status.nodeInfo.kubeletVersion"}},
	},
	{
		"bug", "bug-upstream",
		w("A known or unknown defect of the component in this version.", "Um defeito conhecido ou desconhecido do componente nesta versão."),
		[]test{{w("compare its version with its release notes", "compare a versão com as notas de lançamento"), "kubectl version; kubectl -n kube-system get pods -o custom-columns=POD:.metadata.name,IMAGE:.spec.containers[*].image"}},
	},
	{
		"other", "other",
		w("Something else than the path itself: a quota, a policy, a schedule, an object.", "Algo que não é o próprio caminho: uma cota, uma política, um agendamento, um objeto."),
		[]test{{w("look at the latest warnings", "veja os últimos avisos"), "kubectl get events -A --field-selector type=Warning --sort-by=.lastTimestamp | tail -20"}},
	},
}

var apiserverClues = []clue{
	{on: "helm-lock", says: w("the words are Helm's, of its own lock", "as palavras são do Helm, sobre sua própria trava"), points: []point{{"helm-lock", 60}}, sure: true},
	{on: "http-503", says: w("what answers has nothing that works behind it: an aggregated API, an ingress, a balancer or a proxy says so", "quem responde não tem nada que funcione atrás: uma API agregada, um ingress, um balanceador ou um proxy diz isso"), points: []point{{"apiservice-backend", 22}, {"workload-down", 22}, {"http-proxy", 18}, {"overload", 14}, {"api-down", 12}}},
	{
		on: "service-unavailable", also: "metrics-group", says: w("the metrics API is registered, and what is behind it does not answer", "a API de métricas está registrada, e o que está atrás não responde"),
		points: []point{{"apiservice-backend", 40}, {"port-apiservice", 26}, {"metrics-flags", 24}, {"agent-down", 14}, {"front-proxy", 10}},
	},
	{
		on: "service-unavailable", hop: "", says: w("an API is registered, and what is behind it does not answer", "uma API está registrada, e o que está atrás não responde"),
		points: []point{{"apiservice-backend", 36}, {"port-apiservice", 20}, {"agent-down", 12}, {"front-proxy", 10}},
	},
	{on: "discovery-partial", says: w("an aggregated API that does not answer spoils discovery for all clients", "uma API agregada que não responde estraga a descoberta para todos os clientes"), points: []point{{"apiservice-backend", 40}, {"port-apiservice", 14}}},
	{on: "no-kind", says: w("the server does not know ‹kind|that kind› in ‹version|that version›", "o servidor não conhece ‹kind|esse tipo› em ‹version|essa versão›"), points: []point{{"removed-api", 56}, {"skew", 36}, {"apiservice-backend", 8}}},
	{on: "deprecated-api", also: "discovery-partial", says: w("a warning about an old API version stands beside another fault", "um aviso sobre uma versão antiga de API está ao lado de outra falha"), points: []point{{"removed-api", 12}}},
	{on: "deprecated-api", also: "service-unavailable", says: w("a warning about an old API version stands beside another fault", "um aviso sobre uma versão antiga de API está ao lado de outra falha"), points: []point{{"removed-api", 12}}},
	{on: "deprecated-api", says: w("the text names an API version that newer Kubernetes does not serve", "o texto nomeia uma versão de API que Kubernetes mais novos não servem"), points: []point{{"removed-api", 56}, {"skew", 20}}},
	{on: "end-of-support", says: w("the text speaks of the end of support", "o texto fala do fim do suporte"), points: []point{{"end-of-support", 58}, {"skew", 14}}},
	{on: "unknown-to-server", says: w("one end asks for what the other, of another version, does not know", "um lado pede o que o outro, de outra versão, não conhece"), points: []point{{"skew", 52}, {"removed-api", 32}}},
	{on: "no-resource", hop: ">apiservice", says: w("the API that is asked for is not registered, or its server does not have it", "a API pedida não está registrada, ou seu servidor não a tem"), points: []point{{"apiservice-backend", 52}, {"metrics-flags", 20}, {"removed-api", 12}}},
	{on: "no-resource", also: "metrics-group", says: w("the metrics API is not registered, or its server does not have it", "a API de métricas não está registrada, ou seu servidor não a tem"), points: []point{{"apiservice-backend", 46}, {"metrics-flags", 34}, {"removed-api", 14}}},
	{on: "no-resource", says: w("the server does not know that resource", "o servidor não conhece esse recurso"), points: []point{{"removed-api", 38}, {"skew", 36}, {"apiservice-backend", 16}}},
	{on: "method-unknown", says: w("the server does not take such requests at that address: client and server are of different versions, or the address is not the API server's own", "o servidor não aceita tais requisições nesse endereço: cliente e servidor são de versões diferentes, ou o endereço não é o do próprio servidor da API"), points: []point{{"skew", 36}, {"http-proxy", 20}, {"apiservice-backend", 12}}},
	{on: "too-many-requests", says: w("the server turns requests away", "o servidor rejeita requisições"), points: []point{{"overload", 58}}},
	{on: "version-apart", says: w("client and server are of different versions", "cliente e servidor são de versões diferentes"), points: []point{{"skew", 56}}},
	{on: "storage-init", says: w("the API server has not read its cache from etcd yet: it has just started, or etcd is slow", "o servidor da API ainda não leu seu cache do etcd: acabou de iniciar, ou o etcd está lento"), points: []point{{"etcd-slow", 38}, {"overload", 28}, {"etcd-down", 22}}},
	{on: "panic", says: w("the program crashed in its own code", "o programa quebrou no próprio código"), points: []point{{"bug", 58}}},
	{on: "kms-unhealthy", says: w("the API server's key-management plugin fails its check", "o plugin de gerência de chaves do servidor da API falha na verificação"), points: []point{{"kms", 58}}},
	{on: "encryption", says: w("what is stored was encrypted with a key that the API server is not given", "o que está guardado foi cifrado com uma chave que o servidor da API não recebe"), points: []point{{"encryption", 60}, {"kms", 16}}},
	{on: "leader-lost", says: w("a controller could not renew its lease in time: the API server or etcd did not answer quickly enough, or not at all", "um controlador não renovou sua lease a tempo: o servidor da API ou o etcd não respondeu rápido o bastante, ou não respondeu"), points: []point{{"etcd-slow", 34}, {"overload", 30}, {"api-down", 20}, {"port-api", 16}, {"clock", 6}}},
	{on: "unknown-reason", says: w("the answer is not one that the API's machinery knows: a proxy, or a server of another version", "a resposta não é uma que a API conheça: um proxy, ou um servidor de outra versão"), points: []point{{"http-proxy", 26}, {"skew", 16}}},
	{on: "server-error", says: w("the API server, or what stands before it, answered with an error of its own", "o servidor da API, ou o que está diante dele, respondeu com um erro próprio"), points: []point{{"overload", 14}, {"http-proxy", 14}, {"api-down", 12}, {"apiservice-backend", 10}}},
	{on: "not-ready-yet", says: w("the API server has just started, and cannot read its webhooks yet", "o servidor da API acabou de iniciar, e ainda não consegue ler seus webhooks"), points: []point{{"overload", 20}, {"api-down", 20}}},
	{on: "hook-failed", says: w("the API server ends at its start, in ‹hook|a hook›", "o servidor da API termina ao iniciar, em ‹hook|um hook›"), points: []point{{"api-down", 44}, {"etcd-down", 20}}},
	{on: "kubeadm-wait", says: w("the control plane's Pods did not come up: the kubelet does not run them, their images or flags are wrong, or they end", "os Pods do plano de controle não subiram: o kubelet não os roda, imagens ou opções estão erradas, ou eles terminam"), points: []point{{"api-down", 44}, {"kubelet-down", 34}, {"runtime", 12}, {"cert-expired", 10}}},
	{on: "kubeadm-pod-same", says: w("kubeadm wrote the manifest of ‹component|a static Pod›, and the kubelet had not replaced the Pod in five minutes: it does not look at that directory, cannot reach the API server to say so, or is slow", "o kubeadm escreveu o manifesto de ‹component|um Pod estático›, e o kubelet não trocou o Pod em cinco minutos: não olha esse diretório, não alcança o servidor da API para dizer, ou está lento"), points: []point{{"kubelet-down", 40}, {"api-down", 24}, {"etcd-slow", 20}, {"runtime", 16}}},
	{on: "ca-checksum", says: w("the CA that the server hands out is not the one that the agent was told to expect", "a CA que o servidor entrega não é a que o agente foi instruído a esperar"), points: []point{{"ca-handed-out", 60}, {"bootstrap-token", 30}}},
	{on: "asks-heapster", says: w("the client asks for Heapster, which Kubernetes 1.11 gave up: the client is of an older version than the cluster's metrics", "o cliente pede o Heapster, abandonado no Kubernetes 1.11: o cliente é de uma versão mais velha que as métricas do cluster"), points: []point{{"skew", 52}, {"removed-api", 34}, {"metrics-flags", 14}}},
	{on: "kubeadm-preflight", says: w("kubeadm found the machine unfit: ‹check|a check fails›", "o kubeadm achou a máquina inadequada: ‹check|uma verificação falha›"), points: []point{{"kubeadm", 54}}},
	{on: "node-exists", says: w("a node of that name is in the cluster", "já existe um nó com esse nome no cluster"), points: []point{{"kubeadm", 54}}},
	{on: "kubeconfig-bad", says: w("the client's configuration names a cluster, user or context that is not there", "a configuração do cliente nomeia um cluster, usuário ou contexto que não existe"), points: []point{{"no-kubeconfig", 60}}},
	{on: "client-throttled", says: w("the client slows itself down: no fault of the server", "o cliente se limita sozinho: não é falha do servidor"), points: []point{{"overload", 10}}},
	{on: "request-timeout", hop: ">webhook", says: w("the request ran out of time while webhooks were asked", "a requisição esgotou o tempo enquanto webhooks eram consultados"), points: []point{{"webhook-backend", 40}, {"port-webhook", 38}}},
	{on: "request-timeout", says: w("the request ran out of time: a webhook or etcd kept it waiting", "a requisição esgotou o tempo: um webhook ou o etcd a fez esperar"), points: []point{{"webhook-backend", 36}, {"port-webhook", 34}, {"etcd-slow", 24}, {"overload", 15}}},
	{on: "gateway-timeout", says: w("something in between waited too long", "algo no meio esperou demais"), points: []point{{"port", 24}, {"overload", 22}}},
	{on: "unhealthy-check", says: w("the API server's own check ‹check|of its parts› fails", "a verificação ‹check|das partes› do próprio servidor da API falha"), points: []point{{"api-down", 36}, {"etcd-down", 20}}},
	{on: "loopback-expired", says: w("the certificate that the API server makes for itself has ended: only a restart makes another", "o certificado que o servidor da API faz para si terminou: só um reinício faz outro"), points: []point{{"cert-expired", 62}, {"bug", 20}}},
}
