package decode

var dnsModes = []mode{
	{
		"node-name", "dns",
		w("The node's name ‹host|› does not resolve where it is dialled from: kube-apiserver or metrics-server prefers Hostname, or the resolver lacks the nodes' zone.",
			"O nome do nó ‹host|› não resolve de onde é discado: kube-apiserver ou metrics-server prefere Hostname, ou falta ao resolvedor a zona dos nós."),
		[]test{
			{w("resolve it from a control-plane node", "resolva-o de um nó do plano de controle"), "getent hosts ‹host|NODE-NAME›; cat /etc/resolv.conf"},
			{w("see which address types are preferred", "veja que tipos de endereço são preferidos"), "grep -r kubelet-preferred-address-types /etc/kubernetes/manifests; kubectl -n kube-system get deploy metrics-server -o yaml | grep address-types"},
			testNodes,
		},
	},
	{
		"dns", "dns",
		w("The name ‹host|› does not resolve with ‹dns|the resolver in use›: wrong or missing record, a zone that is not linked, or the wrong resolver.",
			"O nome ‹host|› não resolve com ‹dns|o resolvedor em uso›: registro errado ou ausente, zona não vinculada, ou o resolvedor errado."),
		[]test{
			{w("ask this resolver and another", "pergunte a este resolvedor e a outro"), "nslookup ‹host|NAME› ‹dns|›; nslookup ‹host|NAME› 1.1.1.1"},
			{w("see which resolver is used", "veja que resolvedor é usado"), "cat /etc/resolv.conf"},
		},
	},
	{
		"cluster-dns", "dns",
		w("The cluster's DNS does not answer: CoreDNS is down or loops, or its upstream does not answer.",
			"O DNS do cluster não responde: CoreDNS parado ou em laço, ou seu upstream não responde."),
		[]test{
			{w("see CoreDNS and its log", "veja o CoreDNS e seu log"), "kubectl -n kube-system get pods -l k8s-app=kube-dns -o wide; kubectl -n kube-system logs -l k8s-app=kube-dns --tail=20"},
			{w("resolve from a Pod", "resolva de um Pod"), "kubectl run dns --rm -it --restart=Never --image=busybox:1.36 -- nslookup kubernetes.default"},
		},
	},
}

var dnsClues = []clue{
	{on: "dial-no-such-host", hop: metricsToKubelet, says: w("metrics-server dials the node by name, and ‹dns|the cluster's DNS› does not know it", "metrics-server disca o nó pelo nome, e ‹dns|o DNS do cluster› não o conhece"), points: []point{{"node-name", 62}, {"metrics-flags", 30}}},
	{on: "dial-no-such-host", hop: ">kubelet", also: "provider-gardener", says: w("the node is dialled by name, and the resolver does not know it; with a VPN to the nodes, their names resolve at its far end", "o nó é discado por nome, e o resolvedor não o conhece; com uma VPN até os nós, os nomes deles resolvem na outra ponta"), points: []point{{"node-name", 50}, {"agent-down", 44}}},
	{on: "dial-no-such-host", hop: ">kubelet", also: "!konnectivity !provider-aks !provider-gke", says: w("the node is dialled by name, and ‹dns|the resolver› does not know it", "o nó é discado por nome, e ‹dns|o resolvedor› não o conhece"), points: []point{{"node-name", 66}, {"metrics-flags", 16}}, sure: true},
	{on: "dial-no-such-host", hop: ">kubelet", says: w("the node is dialled by name, and ‹dns|the resolver› does not know it; where the control plane is elsewhere, names of nodes resolve at the far end of its tunnel only", "o nó é discado por nome, e ‹dns|o resolvedor› não o conhece; onde o plano de controle fica em outro lugar, nomes de nós só resolvem na outra ponta do túnel"), points: []point{{"node-name", 56}, {"agent-down", 24}, {"server-down", 14}}},
	{on: "dial-no-such-host", hop: "konnectivity-agent>", says: w("the agent cannot resolve its server's name", "o agente não resolve o nome do servidor"), points: []point{{"dns", 54}, {"konnectivity-flags", 34}}},
	{on: "dial-no-such-host", hop: "kubectl>", says: w("the API's name does not resolve from here: a private zone, another network, or a cluster that is stopped or gone", "o nome da API não resolve daqui: zona privada, outra rede, ou um cluster parado ou removido"), points: []point{{"dns", 60}, {"api-down", 16}}},
	{on: "dial-no-such-host", hop: ">webhook", says: w("the API server resolves the webhook's name by itself (it is given as a URL), and cannot", "o servidor da API resolve ele mesmo o nome do webhook (dado como URL), e não consegue"), points: []point{{"dns", 50}, {"webhook-backend", 35}}},
	{on: "dial-no-such-host", says: w("a name does not resolve", "um nome não resolve"), points: []point{{"dns", 60}}},
	{on: "dns-misbehaving", hop: ">kubelet", says: w("the resolver answers with a failure for the node's name", "o resolvedor responde com falha ao nome do nó"), points: []point{{"node-name", 58}, {"metrics-flags", 10}}},
	{on: "dns-misbehaving", says: w("the resolver answers with a failure", "o resolvedor responde com falha"), points: []point{{"dns", 46}, {"cluster-dns", 40}}},
	{on: "dns-timeout", also: "cluster-dns-address", says: w("the cluster's DNS service does not answer", "o serviço de DNS do cluster não responde"), points: []point{{"cluster-dns", 54}, {"service-network", 40}}},
	{on: "dns-timeout", says: w("the resolver does not answer", "o resolvedor não responde"), points: []point{{"dns", 56}, {"cluster-dns", 20}, {"port", 34}}},
	{on: "dns-silent", says: w("the resolver ‹dns|› does not answer", "o resolvedor ‹dns|› não responde"), points: []point{{"dns", 54}, {"cluster-dns", 24}, {"port", 34}}},
	{on: "dns-failed", says: w("name resolution fails", "a resolução de nomes falha"), points: []point{{"cluster-dns", 46}, {"dns", 36}}},
	{on: "dns-loop", says: w("CoreDNS forwards to itself", "o CoreDNS encaminha para si mesmo"), points: []point{{"cluster-dns", 65}}, sure: true},
}
