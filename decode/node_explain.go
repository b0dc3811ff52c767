package decode

var nodeModes = []mode{
	{
		"disk", "resource-exhaustion",
		w("A disk is full or nearly so, and the kubelet evicts or refuses Pods.", "Um disco está cheio ou quase, e o kubelet despeja ou recusa Pods."),
		[]test{{w("on the node", "no nó"), "df -h / /var/lib/kubelet /var/lib/containerd; df -i /"}, {w("see the node's conditions", "veja as condições do nó"), "kubectl describe node ‹node|NODE› | sed -n '/Conditions/,/Addresses/p'"}},
	},
	{
		"memory", "resource-exhaustion",
		w("Memory runs out: a container is killed at its limit, or the node has none left (for the tunnel's agents: too few of them, or too low a limit).",
			"A memória acaba: um container é morto no limite, ou o nó não tem mais (para os agentes do túnel: poucos, ou limite baixo demais)."),
		[]test{
			{w("look for containers that were killed", "procure containers que foram mortos"), "kubectl get pods -A -o json | jq -r '.items[] | select(.status.containerStatuses[]?.lastState.terminated.reason==\"OOMKilled\") | .metadata.namespace+\"/\"+.metadata.name'"},
			testAgents,
		},
	},
	{
		"kernel-tables", "resource-exhaustion",
		w("A table of the node's kernel is full: connection tracking, open files, threads or watches.", "Uma tabela do kernel do nó está cheia: rastreamento de conexões, arquivos abertos, threads ou watches."),
		[]test{{w("on the node", "no nó"), "sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max fs.file-nr fs.inotify.max_user_instances kernel.pid_max; dmesg | tail"}},
	},
	{
		"addresses", "resource-exhaustion",
		w("No address is left for a Pod: the subnet, the node's range or its interfaces are used up.", "Não há endereço para um Pod: a sub-rede, a faixa do nó ou suas interfaces se esgotaram."),
		[]test{{w("count Pods per node, and read the network plugin's log", "conte Pods por nó, e leia o log do plugin de rede"), "kubectl get pods -A -o wide --no-headers | awk '{print $8}' | sort | uniq -c; kubectl -n kube-system logs -l k8s-app=aws-node --tail=20"}},
	},
	{
		"cni", "config",
		w("The network plugin is not set up on the node, so Pods get no network.", "O plugin de rede não está instalado no nó, e os Pods ficam sem rede."),
		[]test{{w("on the node", "no nó"), "ls -l /etc/cni/net.d /opt/cni/bin"}, {w("see the plugin's Pods", "veja os Pods do plugin"), "kubectl -n kube-system get pods -o wide | grep -E 'calico|cilium|flannel|weave|canal|aws-node|azure|antrea'"}},
	},
	{
		"runtime", "kubelet-down",
		w("The node's container runtime does not answer the kubelet.", "O container runtime do nó não responde ao kubelet."),
		[]test{{w("on the node", "no nó"), "systemctl status containerd crio docker --no-pager | head -30; crictl info | head"}},
	},
	{
		"image", "other",
		w("An image cannot be pulled: its name, credentials, or the way to the registry.", "Uma imagem não pode ser baixada: nome, credenciais, ou o caminho até o registro."),
		[]test{{w("read the Pod's events", "leia os eventos do Pod"), "kubectl -n ‹namespace|NAMESPACE› describe pod ‹pod|POD› | tail -15"}},
	},
}

var nodeClues = []clue{
	{on: "disk-full", says: w("a disk is full", "um disco está cheio"), points: []point{{"disk", 62}}},
	{on: "disk-pressure", says: w("the node reports DiskPressure", "o nó relata DiskPressure"), points: []point{{"disk", 58}}},
	{on: "memory-pressure", says: w("the node reports MemoryPressure", "o nó relata MemoryPressure"), points: []point{{"memory", 55}}},
	{on: "out-of-memory", says: w("something was killed for lack of memory", "algo foi morto por falta de memória"), points: []point{{"memory", 60}}},
	{on: "memory-leak", says: w("something is used up and not given back", "algo é gasto e não é devolvido"), points: []point{{"memory", 48}, {"bug", 26}}},
	{on: "too-many-files", says: w("a process or the node has no file handles left", "um processo ou o nó não tem mais descritores de arquivo"), points: []point{{"kernel-tables", 60}}},
	{on: "conntrack-full", says: w("the node tracks no more connections, so new ones are dropped", "o nó não rastreia mais conexões, e novas são descartadas"), points: []point{{"kernel-tables", 64}}, sure: true},
	{on: "threads-exhausted", says: w("no thread or process can be started", "nenhuma thread ou processo pode iniciar"), points: []point{{"kernel-tables", 52}}},
	{on: "evicted", says: w("the kubelet evicted a Pod for lack of something", "o kubelet despejou um Pod por falta de algo"), points: []point{{"disk", 36}, {"memory", 34}}},
	{on: "pleg", says: w("the kubelet hears nothing from its container runtime", "o kubelet não tem notícia do seu container runtime"), points: []point{{"runtime", 40}, {"overload", 36}}},
	{on: "runtime-down", says: w("the container runtime does not answer", "o container runtime não responde"), points: []point{{"runtime", 58}}},
	{on: "cni-not-ready", says: w("the node has no network plugin configured", "o nó não tem plugin de rede configurado"), points: []point{{"cni", 56}}},
	{on: "cni-no-ip", says: w("there is no address left for the Pod", "não há mais endereço para o Pod"), points: []point{{"addresses", 62}}},
	{on: "cni-failed", says: w("the network plugin could not set up a Pod", "o plugin de rede não conseguiu configurar um Pod"), points: []point{{"cni", 20}}},
	{on: "image-pull", says: w("an image could not be pulled", "uma imagem não pôde ser baixada"), points: []point{{"image", 20}}},
	{on: "crash-loop", says: w("a container keeps ending", "um container termina repetidamente"), points: []point{{"workload-down", 26}}},
	{on: "unschedulable", says: w("no node takes the Pod", "nenhum nó aceita o Pod"), points: []point{{"memory", 24}, {"other", 30}}},

	{on: "node-cannot-reach-api", says: w("a new node cannot open a connection to the API server", "um nó novo não consegue abrir conexão com o servidor da API"), points: []point{{"port-api", 58}, {"dns", 18}, {"api-down", 14}}},
	{on: "node-cannot-resolve-api", says: w("a new node cannot resolve the API server's name", "um nó novo não resolve o nome do servidor da API"), points: []point{{"dns", 58}, {"port-api", 20}}},
	{on: "node-no-egress", says: w("a new node cannot reach what it must download", "um nó novo não alcança o que precisa baixar"), points: []point{{"port", 58}, {"http-proxy", 20}, {"dns", 18}}},
	{on: "node-did-not-join", says: w("new nodes run and did not register: they cannot reach the API server, or it does not let them", "nós novos rodam e não se registraram: não alcançam o servidor da API, ou ele não os deixa"), points: []point{{"port-api", 40}, {"rbac", 32}, {"dns", 16}, {"cloud-identity", 16}}},
	{on: "version-skew", says: w("the text states the rule for versions", "o texto enuncia a regra das versões"), points: []point{{"skew", 58}, {"removed-api", 10}}},
	{on: "quota", says: w("a quota forbids it", "uma cota proíbe"), points: []point{{"other", 58}}},
	{on: "pod-security", says: w("Pod Security forbids it", "o Pod Security proíbe"), points: []point{{"other", 58}}},
	{on: "clock", says: w("the text speaks of clocks", "o texto fala de relógios"), points: []point{{"clock", 40}}},
	{on: "bootstrap-token", says: w("the join token is not known (any more)", "o token de entrada não é (mais) conhecido"), points: []point{{"bootstrap-token", 62}}},
	{on: "kubeadm-certs-gone", says: w("the uploaded certificates have been deleted after two hours", "os certificados enviados foram apagados após duas horas"), points: []point{{"bootstrap-token", 40}, {"cert-expired", 24}}},
}
