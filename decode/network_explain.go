package decode

var networkModes = []mode{
	{
		"port-kubelet", "network-blocked",
		w("Packets to the kubelet at ‹addr|NODE:10250› are dropped or refused on the way: security group, NSG, host firewall, route.",
			"Pacotes para o kubelet em ‹addr|NODE:10250› são descartados ou recusados no caminho: security group, NSG, firewall do host, rota."),
		[]test{
			{w("try the port from a node that hosts a tunnel agent, or from a control-plane node", "teste a porta de um nó com agente do túnel, ou de um nó do plano de controle"), "nc -vz -w 5 ‹host|NODE-IP› 10250"},
			{w("on the node: does the kubelet listen, and does a host firewall drop it", "no nó: o kubelet escuta, e um firewall do host o descarta"), "ss -ltnp 'sport = :10250'; iptables -S INPUT | grep -iE 'drop|reject'; nft list ruleset | grep -iE 'drop|reject'"},
			testNodes,
		},
	},
	{
		"port-webhook", "network-blocked",
		w("The API server cannot reach the webhook's Pods: the Pods' port (not the Service's ‹port|443›) is closed to it by a security group, firewall or NetworkPolicy, or the Pod network is not routed there.",
			"O servidor da API não alcança os Pods do webhook: a porta dos Pods (não a ‹port|443› do Service) está fechada para ele por security group, firewall ou NetworkPolicy, ou a rede de Pods não tem rota até lá."),
		[]test{
			{
				w("find the Pods' address and port behind the Service: that is what the firewall must let in", "ache o endereço e a porta dos Pods atrás do Service: é isso que o firewall deve deixar entrar"),
				"kubectl -n ‹namespace|NAMESPACE› get svc,endpointslices -o wide | grep ‹service|SERVICE›",
			},
			{
				w("ask the webhook through the API server, by the same way", "pergunte ao webhook pelo servidor da API, pelo mesmo caminho"),
				"kubectl get --raw /api/v1/namespaces/‹namespace|NAMESPACE›/services/https:‹service|SERVICE›:‹port|443›/proxy/",
			},
			{
				w("from inside the cluster: if this answers, the way from the control plane is what is closed", "de dentro do cluster: se isto responde, o caminho do plano de controle é que está fechado"),
				"kubectl run probe --rm -it --restart=Never --image=curlimages/curl -- curl -skv -m 5 https://‹service|SERVICE›.‹namespace|NAMESPACE›.svc:‹port|443›/",
			},
		},
	},
	{
		"port-apiservice", "network-blocked",
		w("The API server cannot reach the extension server at ‹addr|its address›: firewall, route, NetworkPolicy, or the Service network does not work from where it dials.",
			"O servidor da API não alcança o servidor de extensão em ‹addr|seu endereço›: firewall, rota, NetworkPolicy, ou a rede de Services não funciona de onde ele disca."),
		[]test{
			testAPIServices,
			{w("on a control-plane node (or where the tunnel's agent runs)", "em um nó do plano de controle (ou onde roda o agente do túnel)"), "curl -sk -m 5 https://‹addr|CLUSTER-IP:443›/apis"},
			{w("see the Pods behind it and whether they are ready", "veja os Pods atrás dele e se estão prontos"), "kubectl get endpointslices -A | grep -E 'metrics|‹service|SERVICE›'"},
		},
	},
	{
		"port-api", "network-blocked",
		w("The API server's address ‹addr|HOST:PORT› cannot be reached from ‹from|here›: firewall, authorised address ranges, load balancer, VPN, or route.",
			"O endereço ‹addr|HOST:PORT› do servidor da API não é alcançado de ‹from|onde se pede›: firewall, faixas de endereços autorizadas, balanceador, VPN, ou rota."),
		[]test{
			testTCP,
			{w("see which server the kubeconfig names", "veja que servidor o kubeconfig nomeia"), "kubectl config view --minify -o jsonpath='{.clusters[0].cluster.server}'"},
		},
	},
	{
		"port-agent", "network-blocked",
		w("The tunnel's agents cannot reach their server's port ‹addr|(8132, 8091, or 443 on AKS)›: a firewall, security group or NetworkPolicy between nodes and control plane.",
			"Os agentes do túnel não alcançam a porta do servidor ‹addr|(8132, 8091, ou 443 no AKS)›: firewall, security group ou NetworkPolicy entre os nós e o plano de controle."),
		[]test{
			{
				w("from a node, try the address and port that the agent is given", "de um nó, teste o endereço e a porta que o agente recebe"),
				"nc -vz -w 5 ‹host|PROXY-SERVER-HOST› ‹port|PROXY-SERVER-PORT›",
			},
			{
				w("read that address from the agent's flags", "leia esse endereço nas flags do agente"),
				"kubectl -n kube-system get deploy,ds -o yaml | grep -E 'proxy-server-(host|port)'",
			},
			testAgents,
		},
	},
	{
		"service-network", "network-blocked",
		w("Pods cannot reach ‹addr|the Service network›: the network plugin, kube-proxy, a NetworkPolicy or a host firewall drops it on that node.",
			"Pods não alcançam ‹addr|a rede de Services›: o plugin de rede, o kube-proxy, uma NetworkPolicy ou um firewall do host descarta nesse nó."),
		[]test{
			{w("see which nodes the failing Pods are on", "veja em que nós estão os Pods que falham"), "kubectl get pods -A -o wide --field-selector=status.phase=Running"},
			{w("see the network plugin's and kube-proxy's Pods on that node", "veja os Pods do plugin de rede e do kube-proxy nesse nó"), "kubectl -n kube-system get pods -o wide | grep -E 'proxy|calico|cilium|flannel|weave|canal|aws-node|azure|antrea'"},
			{w("list NetworkPolicies", "liste NetworkPolicies"), "kubectl get networkpolicies -A"},
		},
	},
	{
		"port", "network-blocked",
		w("Packets to ‹addr|the destination› are dropped or refused on the way: firewall, security group, NetworkPolicy, route.",
			"Pacotes para ‹addr|o destino› são descartados ou recusados no caminho: firewall, security group, NetworkPolicy, rota."),
		[]test{testTCP, testNodes},
	},
	{
		"port-etcd", "network-blocked",
		w("Packets to etcd at ‹addr|MEMBER:2379 or :2380› are dropped on the way between control-plane nodes: security group, host firewall, route.",
			"Pacotes para o etcd em ‹addr|MEMBRO:2379 ou :2380› são descartados no caminho entre nós do plano de controle: security group, firewall do host, rota."),
		[]test{
			{w("try the port from another control-plane node", "teste a porta de outro nó do plano de controle"), "nc -vz -w 5 ‹host|MEMBER› ‹port|2380›"},
			{w("which members answer", "que membros respondem"), "etcdctl endpoint status --cluster -w table"},
		},
	},
	{
		"http-proxy", "network-blocked",
		w("An HTTP proxy, or a firewall that opens TLS, stands in the way: HTTP(S)_PROXY is set where the request starts, and NO_PROXY lacks the destination.",
			"Um proxy HTTP, ou um firewall que abre TLS, está no caminho: HTTP(S)_PROXY está definido onde a requisição começa, e falta o destino em NO_PROXY."),
		[]test{
			{w("read the API server's environment", "leia o ambiente do servidor da API"), "kubectl -n kube-system get pod -l component=kube-apiserver -o yaml | grep -iA1 _proxy; tr '\\0' '\\n' </proc/$(pgrep -o kube-apiserver)/environ | grep -i proxy"},
			testDates,
		},
	},
	{
		"network-proxy", "network-blocked",
		w("A proxy or firewall that opens TLS answers with a certificate of its own.", "Um proxy ou firewall que abre TLS responde com um certificado próprio."),
		[]test{testDates},
	},
	{
		"node-down", "kubelet-down",
		w("The node is off, unreachable as a whole, or its address has changed.", "O nó está desligado, todo inalcançável, ou seu endereço mudou."),
		[]test{testNodes, {w("see when the node last reported", "veja quando o nó reportou pela última vez"), "kubectl -n kube-node-lease get lease ‹node|NODE› -o jsonpath='{.spec.renewTime}'"}},
	},
	{
		"ports-exhausted", "resource-exhaustion",
		w("The machine that dials has no free ports left (connections leak, or SNAT ports are used up).", "A máquina que disca não tem portas livres (conexões vazam, ou as portas SNAT acabaram)."),
		[]test{{w("count its connections by state", "conte as conexões por estado"), "ss -s"}},
	},
}

var networkClues = []clue{
	// Nothing comes back.
	{
		on: "dial-timeout", hop: agentToServer, says: w("the agent's packets to the server get no answer", "os pacotes do agente ao servidor não têm resposta"),
		points: []point{{"port-agent", 60}, {"konnectivity-flags", 24}, {"server-down", 16}},
	},
	{
		on: "dial-timeout", hop: metricsToKubelet, says: w("metrics-server's packets to the kubelet get no answer, from Pod to node", "os pacotes do metrics-server ao kubelet não têm resposta, de Pod a nó"),
		points: []point{{"port-kubelet", 60}, {"node-down", 22}, {"metrics-flags", 14}},
	},
	{
		on: "dial-timeout", hop: ">kubelet", also: "node-not-ready", says: w("the node answers nothing, and is not Ready: not only this port is dead", "o nó nada responde, e não está Ready: não é só esta porta que está morta"),
		points: []point{{"node-down", 58}, {"port-kubelet", 44}},
	},
	{
		on: "dial-timeout", hop: ">kubelet", also: "provider-aks", says: w("packets to the kubelet's port get no answer; on AKS they go through the managed tunnel, so a port closed between nodes, or the tunnel", "pacotes para a porta do kubelet não têm resposta; no AKS eles passam pelo túnel gerenciado: porta fechada entre nós, ou o túnel"),
		points: []point{{"port-kubelet", 54}, {"agent-down", 32}, {"server-down", 24}, {"node-down", 18}},
	},
	{
		on: "dial-timeout", hop: ">kubelet", says: w("packets to the kubelet's port get no answer at all: dropped on the way, or the node is gone", "pacotes para a porta do kubelet não têm resposta alguma: descartados no caminho, ou o nó sumiu"),
		points: []point{{"port-kubelet", 62}, {"node-down", 24}, {"agent-down", 8}},
	},
	{
		on: "dial-timeout", hop: ">webhook", says: w("packets to the webhook get no answer", "pacotes para o webhook não têm resposta"),
		points: []point{{"port-webhook", 60}, {"webhook-backend", 25}},
	},
	{
		on: "dial-timeout", hop: ">apiservice", says: w("packets to the extension server get no answer", "pacotes para o servidor de extensão não têm resposta"),
		points: []point{{"port-apiservice", 58}, {"apiservice-backend", 26}, {"metrics-flags", 18}},
	},
	{
		on: "dial-timeout", hop: ">service", says: w("packets to the Service's Pod get no answer", "pacotes para o Pod do Service não têm resposta"),
		points: []point{{"port", 58}, {"apiservice-backend", 15}},
	},
	{
		on: "dial-timeout", hop: "pod>", says: w("a Pod's packets to the API's Service address get no answer", "os pacotes de um Pod ao endereço de Service da API não têm resposta"),
		points: []point{{"service-network", 60}, {"api-down", 14}},
	},
	{
		on: "dial-timeout", hop: "kubectl>", says: w("packets to the API endpoint get no answer from here", "pacotes ao endereço da API não têm resposta daqui"),
		points: []point{{"port-api", 58}, {"api-down", 28}},
	},
	{
		on: "dial-timeout", hop: ">kube-apiserver", says: w("packets to the API endpoint get no answer", "pacotes ao endereço da API não têm resposta"),
		points: []point{{"port-api", 56}, {"api-down", 28}},
	},
	{
		on: "dial-timeout", hop: "remotedialer-agent>", says: w("the tunnel's agent gets no answer from the server", "o agente do túnel não tem resposta do servidor"),
		points: []point{{"port-agent", 56}, {"remotedialer-session", 25}},
	},
	{
		on: "dial-timeout", hop: ">etcd", says: w("packets to etcd get no answer (2379 is the API server's port to it, 2380 the members' to each other)", "pacotes para o etcd não têm resposta (2379 é a porta do servidor da API até ele, 2380 a dos membros entre si)"),
		points: []point{{"port-etcd", 56}, {"node-down", 24}},
	},
	{
		on: "dial-timeout", says: w("packets get no answer at all", "pacotes não têm resposta alguma"),
		points: []point{{"port", 55}, {"node-down", 18}},
	},

	// Reset: the host is there, the port is not.
	{
		on: "dial-refused", hop: agentToServer, also: "dials-loopback", says: w("the agent dials its own machine, where no server is: it is told the wrong address, or what should lead on from there does not run", "o agente disca a própria máquina, onde não há servidor: recebeu o endereço errado, ou o que deveria levar adiante não roda"),
		points: []point{{"konnectivity-flags", 52}, {"server-down", 40}},
	},
	{
		on: "dial-refused", hop: agentToServer, says: w("the server's host answers, and nothing listens on the agents' port", "o host do servidor responde, e nada escuta na porta dos agentes"),
		points: []point{{"server-down", 50}, {"konnectivity-flags", 40}, {"port-agent", 20}},
	},
	{
		on: "dial-refused", hop: ">kubelet", says: w("the node answers, and nothing listens on the kubelet's port at that address", "o nó responde, e nada escuta na porta do kubelet nesse endereço"),
		points: []point{{"kubelet-down", 58}, {"port-kubelet", 24}, {"konnectivity-flags", 12}},
	},
	{
		on: "dial-refused", hop: ">webhook", says: w("nothing listens where the webhook should", "nada escuta onde o webhook deveria"),
		points: []point{{"webhook-backend", 58}, {"port-webhook", 18}},
	},
	{
		on: "dial-refused", hop: ">apiservice", says: w("nothing listens where the extension server should", "nada escuta onde o servidor de extensão deveria"),
		points: []point{{"apiservice-backend", 54}, {"metrics-flags", 24}, {"port-apiservice", 20}},
	},
	{
		on: "dial-refused", hop: ">etcd", says: w("nothing listens on etcd's port", "nada escuta na porta do etcd"),
		points: []point{{"etcd-down", 50}, {"control-plane-kubelet", 31}, {"disk", 22}, {"cert-expired", 18}, {"port-etcd", 12}},
	},
	{
		on: "dial-refused", hop: "pod>", says: w("the API's Service address answers with a reset: no API server behind it, or kube-proxy has no way for it", "o endereço de Service da API responde com reset: sem servidor da API atrás dele, ou o kube-proxy não tem caminho"),
		points: []point{{"api-down", 40}, {"service-network", 36}},
	},
	{
		on: "dial-refused", hop: controllerToAPI, also: "service-address", says: w("the API's Service address answers with a reset: no API server behind it, or kube-proxy has no way for it", "o endereço de Service da API responde com reset: sem servidor da API atrás dele, ou o kube-proxy não tem caminho"),
		points: []point{{"api-down", 40}, {"service-network", 36}},
	},
	{
		on: "dial-refused", hop: ">kube-apiserver", says: w("nothing listens on the API server's port", "nada escuta na porta do servidor da API"),
		points: []point{{"api-down", 50}, {"control-plane-kubelet", 34}, {"control-plane-certs", 32}, {"port-api", 20}},
	},
	{
		on: "dial-refused", hop: "remotedialer-agent>", says: w("nothing listens on the tunnel server's port", "nada escuta na porta do servidor do túnel"),
		points: []point{{"api-down", 46}, {"remotedialer-config", 26}, {"port-agent", 18}},
	},
	{
		on: "dial-refused", hop: ">service", says: w("the Service's Pod answers, and nothing listens on that port", "o Pod do Service responde, e nada escuta nessa porta"),
		points: []point{{"workload-down", 50}, {"port", 18}},
	},
	{
		on: "dial-refused", also: "dials-loopback", says: w("a program on the same machine does not listen: it does not run (yet), or listens on another port; no network lies between", "um programa na mesma máquina não escuta: não roda (ainda), ou escuta em outra porta; não há rede no meio"),
		points: []point{{"process-down", 46}, {"kubelet-down", 8}},
	},
	{
		on: "dial-refused", says: w("the host answers, and nothing listens on that port", "o host responde, e nada escuta nessa porta"),
		points: []point{{"process-down", 40}, {"port", 22}, {"node-down", 8}},
	},
	{
		on: "refused", hop: "kubectl>", also: "kubeconfig-missing", says: w("localhost:8080 is what kubectl tries when it has no kubeconfig", "localhost:8080 é o que o kubectl tenta quando não tem kubeconfig"),
		points: []point{{"no-kubeconfig", 60}, {"api-down", 20}},
	},
	{
		on: "refused", hop: ">kube-apiserver", says: w("nothing listens on the API server's port", "nada escuta na porta do servidor da API"),
		points: []point{{"api-down", 50}, {"control-plane-kubelet", 34}, {"control-plane-certs", 32}, {"port-api", 18}},
	},
	{
		on: "refused", hop: ">kubelet", says: w("nothing listens on the kubelet's port", "nada escuta na porta do kubelet"),
		points: []point{{"kubelet-down", 52}, {"port-kubelet", 20}},
	},
	{
		on: "refused", says: w("a connection was refused", "uma conexão foi recusada"),
		points: []point{{"process-down", 26}, {"kubelet-down", 22}, {"port", 14}},
	},

	// ICMP says no.
	{
		on: "dial-no-route", hop: ">kubelet", says: w("an ICMP answer, as a firewall that rejects sends it, or no node at that address", "uma resposta ICMP, como a de um firewall que rejeita, ou não há nó nesse endereço"),
		points: []point{{"port-kubelet", 62}, {"node-down", 22}},
	},
	{
		on: "dial-no-route", hop: ">webhook", says: w("an ICMP answer: a firewall rejects, or the Pod network is not routed from there", "uma resposta ICMP: um firewall rejeita, ou a rede de Pods não tem rota dali"),
		points: []point{{"port-webhook", 58}, {"webhook-backend", 20}},
	},
	{
		on: "dial-no-route", hop: ">apiservice", says: w("an ICMP answer: a firewall rejects, or the network is not routed from there", "uma resposta ICMP: um firewall rejeita, ou a rede não tem rota dali"),
		points: []point{{"port-apiservice", 58}, {"apiservice-backend", 20}, {"metrics-flags", 12}},
	},
	{
		on: "dial-no-route", hop: "pod>", says: w("the Service network is not routed from the Pod's node", "a rede de Services não tem rota a partir do nó do Pod"),
		points: []point{{"service-network", 60}},
	},
	{
		on: "dial-no-route", hop: ">kube-apiserver", says: w("no way to the API's address", "sem caminho para o endereço da API"),
		points: []point{{"port-api", 58}, {"api-down", 20}},
	},
	{
		on: "dial-no-route", says: w("an ICMP answer, as a firewall that rejects sends it, or nobody at that address", "uma resposta ICMP, como a de um firewall que rejeita, ou ninguém nesse endereço"),
		points: []point{{"port", 60}, {"node-down", 18}},
	},
	{
		on: "dial-unreachable", says: w("the machine that dials has no route there", "a máquina que disca não tem rota até lá"),
		points: []point{{"port", 58}, {"service-network", 20}},
	},
	{
		on: "dial-no-local-port", says: w("no local port is left to dial from", "não sobra porta local de onde discar"),
		points: []point{{"ports-exhausted", 55}, {"bug", 12}},
	},

	// Something was opened, and then nothing.
	{
		on: "client-timeout", hop: ">webhook", says: w("the API server waited for the webhook until its own limit: packets are dropped, or the webhook is slow", "o servidor da API esperou o webhook até seu próprio limite: pacotes são descartados, ou o webhook é lento"),
		points: []point{{"port-webhook", 50}, {"webhook-backend", 34}, {"agent-down", 10}},
	},
	{
		on: "client-timeout", hop: ">apiservice", says: w("the aggregator's 5 s were up before the extension server answered", "os 5 s do agregador acabaram antes da resposta do servidor de extensão"),
		points: []point{{"port-apiservice", 46}, {"apiservice-backend", 36}, {"agent-down", 14}, {"metrics-flags", 14}},
	},
	{
		on: "client-timeout", hop: metricsToKubelet, says: w("the kubelet did not answer metrics-server in time", "o kubelet não respondeu ao metrics-server a tempo"),
		points: []point{{"port-kubelet", 44}, {"metrics-flags", 26}, {"node-down", 22}, {"overload", 18}, {"mtu", 12}},
	},
	{
		on: "client-timeout", hop: ">kubelet", says: w("the kubelet did not answer in time", "o kubelet não respondeu a tempo"),
		points: []point{{"port-kubelet", 42}, {"kubelet-down", 24}, {"agent-hung", 14}, {"overload", 14}, {"mtu", 10}},
	},
	{
		on: "client-timeout", hop: agentToServer, says: w("the agent's server did not answer in time", "o servidor do agente não respondeu a tempo"),
		points: []point{{"port-agent", 48}, {"server-down", 24}},
	},
	{
		on: "client-timeout", hop: ">etcd", says: w("etcd did not answer in time", "o etcd não respondeu a tempo"),
		points: []point{{"etcd-slow", 38}, {"etcd-down", 30}, {"port", 18}, {"cert-expired", 12}},
	},
	{
		on: "client-timeout", hop: ">kube-apiserver", says: w("the API server did not answer in time", "o servidor da API não respondeu a tempo"),
		points: []point{{"port-api", 34}, {"api-down", 26}, {"overload", 24}},
	},
	{
		on: "client-timeout", says: w("the answer did not come in time", "a resposta não veio a tempo"),
		points: []point{{"port", 30}, {"overload", 16}, {"mtu", 8}},
	},
	{on: "connect-canceled", hop: ">webhook", says: w("not even a connection in time", "nem mesmo uma conexão a tempo"), points: []point{{"port-webhook", 22}}},
	{on: "connect-canceled", hop: ">apiservice", says: w("not even a connection in time", "nem mesmo uma conexão a tempo"), points: []point{{"port-apiservice", 22}}},
	{on: "connect-canceled", says: w("not even a connection in time", "nem mesmo uma conexão a tempo"), points: []point{{"port", 30}}},
	{
		on: "io-timeout", hop: ">kubelet", says: w("an open connection to the kubelet fell silent", "uma conexão aberta com o kubelet silenciou"),
		points: []point{{"port-kubelet", 34}, {"mtu", 18}, {"kubelet-down", 16}},
	},
	{on: "io-timeout", hop: ">dns", says: w("no answer from the DNS server", "sem resposta do servidor DNS"), points: []point{{"cluster-dns", 45}, {"service-network", 25}}},
	{
		on: "io-timeout", says: w("a connection fell silent", "uma conexão silenciou"),
		points: []point{{"port", 34}, {"mtu", 14}},
	},

	// Cut.
	{on: "connection-reset", hop: ">konnectivity-server", says: w("the tunnel's server cut the connection", "o servidor do túnel cortou a conexão"), points: []point{{"server-down", 45}, {"agent-down", 20}}},
	{
		on: "connection-reset", hop: agentToServer, says: w("the agent's connection was cut by its server, or by something between", "a conexão do agente foi cortada pelo servidor, ou por algo no meio"),
		points: []point{{"server-down", 34}, {"http-proxy", 22}, {"port-agent", 22}},
	},
	{on: "connection-reset", hop: ">webhook", says: w("the webhook's end cut the connection", "o lado do webhook cortou a conexão"), points: []point{{"webhook-backend", 40}, {"port-webhook", 24}}},
	{
		on: "connection-reset", hop: ">kube-apiserver", says: w("the API's end, or something between, cut the connection", "o lado da API, ou algo no meio, cortou a conexão"),
		points: []point{{"port-api", 36}, {"api-down", 28}, {"overload", 12}},
	},
	{
		on: "connection-reset", says: w("the other end, or something between, cut the connection", "o outro lado, ou algo no meio, cortou a conexão"),
		points: []point{{"port", 34}, {"workload-down", 14}, {"http-proxy", 12}},
	},
	{
		on: "broken-pipe", also: "agent-cannot-connect", says: w("the server hung up on the agent while it wrote: what a refused client certificate looks like when the alert comes late", "o servidor desligou enquanto o agente escrevia: é o que parece um certificado de cliente recusado quando o alerta chega tarde"),
		points: []point{{"agent-cert-expired", 40}, {"client-ca-mismatch", 36}, {"konnectivity-flags", 18}, {"http-proxy", 10}},
	},
	{on: "broken-pipe", says: w("written to a connection that the other end had closed", "escreveu-se em uma conexão que o outro lado fechara"), points: []point{{"port", 14}, {"server-down", 10}}},
	{
		on: "eof", also: "konnectivity", hop: ">kubelet", says: w("the tunnel ended the connection without an answer", "o túnel encerrou a conexão sem resposta"),
		points: []point{{"server-down", 30}, {"agent-down", 28}, {"http-proxy", 10}},
	},
	{
		on: "eof", hop: ">kubelet", says: w("the connection ended without an answer", "a conexão terminou sem resposta"),
		points: []point{{"server-down", 22}, {"agent-down", 20}, {"http-proxy", 20}, {"port-kubelet", 16}, {"kubelet-down", 12}},
	},
	{
		on: "eof", hop: ">webhook", says: w("the webhook ended the connection without an answer", "o webhook encerrou a conexão sem resposta"),
		points: []point{{"webhook-backend", 42}, {"port-webhook", 16}, {"agent-down", 10}},
	},
	{
		on: "eof", hop: ">apiservice", says: w("the extension server ended the connection without an answer", "o servidor de extensão encerrou a conexão sem resposta"),
		points: []point{{"apiservice-backend", 34}, {"http-proxy", 22}, {"server-down", 16}},
	},
	{
		on: "eof", hop: ">kube-apiserver", also: "upgrade-request", says: w("a request that must be upgraded to a stream (exec, attach, port-forward) ended without an answer: proxies and balancers that do not pass upgrades do that", "uma requisição a ser promovida a stream (exec, attach, port-forward) terminou sem resposta: proxies e balanceadores que não repassam upgrades fazem isso"),
		points: []point{{"http-proxy", 42}, {"api-down", 24}, {"agent-down", 16}, {"server-down", 14}},
	},
	{
		on: "eof", hop: ">kube-apiserver", says: w("the API endpoint ended the connection without an answer: a balancer with nothing behind it does that", "o endereço da API encerrou a conexão sem resposta: um balanceador sem nada atrás faz isso"),
		points: []point{{"api-down", 40}, {"port-api", 24}, {"http-proxy", 14}},
	},
	{
		on: "eof", says: w("a connection ended without an answer", "uma conexão terminou sem resposta"),
		points: []point{{"workload-down", 12}, {"server-down", 12}, {"port", 10}},
	},
	{
		on: "http2-lost", says: w("an open connection went dead without a word", "uma conexão aberta morreu sem aviso"),
		points: []point{{"port", 24}, {"mtu", 18}, {"overload", 14}, {"api-down", 12}},
	},

	// A proxy.
	{
		on: "proxy-connect", says: w("the request goes through the HTTP proxy ‹proxy|›, by the environment of the process that sends it, and failed there: ‹why|›", "a requisição passa pelo proxy HTTP ‹proxy|›, pelo ambiente do processo que a envia, e falhou ali: ‹why|›"),
		points: []point{{"http-proxy", 62}, {"metrics-proxy", 12}},
	},
	{
		on: "bare-forbidden", hop: ">apiservice", says: w("a Forbidden that names no user: no API server said that, a proxy did", "um Forbidden que não nomeia usuário: não foi um servidor da API, foi um proxy"),
		points: []point{{"metrics-proxy", 54}, {"http-proxy", 48}, {"apiservice-backend", 12}},
	},
	{
		on: "bare-forbidden", says: w("a Forbidden that names no user: no Kubernetes component said that, a proxy did", "um Forbidden que não nomeia usuário: não foi um componente do Kubernetes, foi um proxy"),
		points: []point{{"http-proxy", 55}, {"rbac", 10}},
	},
	{on: "proxy-status", says: w("the answer to CONNECT of an HTTP proxy (‹why|a refusal›): the request never reached the other end", "a resposta de um proxy HTTP ao CONNECT (‹why|uma recusa›): a requisição nem chegou ao outro lado"), points: []point{{"http-proxy", 60}}},
	{on: "upgrade-stripped", says: w("the request asked for a stream when it left, and not when it arrived: a proxy or balancer between took the upgrade off", "a requisição pedia um stream ao sair, e não ao chegar: um proxy ou balanceador no meio tirou o upgrade"), points: []point{{"http-proxy", 60}}},
	{on: "websocket-cut", hop: remotedialerAgent, says: w("the tunnel's websocket could not be opened, or was cut: the server refused the node, or a proxy between does not pass websockets", "o websocket do túnel não pôde ser aberto, ou foi cortado: o servidor recusou o nó, ou um proxy no meio não repassa websockets"), points: []point{{"remotedialer-down", 26}, {"token-refused", 20}, {"http-proxy", 20}}},
	{on: "websocket-cut", says: w("a websocket could not be opened, or was cut: a proxy or balancer between that does not pass or keep them does that", "um websocket não pôde ser aberto, ou foi cortado: um proxy ou balanceador no meio que não os repassa ou mantém faz isso"), points: []point{{"http-proxy", 36}, {"agent-down", 14}, {"server-down", 14}}},
	{on: "upgrade-refused", says: w("the answer to a request for a stream (exec, attach, port-forward) was a plain one: a proxy or balancer between does not pass upgrades, or what answers is of another version", "a resposta a um pedido de stream (exec, attach, port-forward) foi comum: um proxy ou balanceador no meio não repassa upgrades, ou quem responde é de outra versão"), points: []point{{"http-proxy", 46}, {"skew", 16}}},
	{on: "router-route", says: w("the operator cannot fetch its own route from outside: the name, the balancer before the routers, or the routers", "o operador não consegue buscar sua própria rota por fora: o nome, o balanceador diante dos roteadores, ou os roteadores"), points: []point{{"port", 34}, {"dns", 30}, {"service-network", 12}, {"san", 6}}},
	{on: "upgrade-404", says: w("what was asked for the stream does not know such a path: it is not the kubelet, or not one that serves exec", "quem recebeu o pedido de stream não conhece o caminho: não é o kubelet, ou não um que sirva exec"), points: []point{{"http-proxy", 30}, {"node-address", 24}, {"not-tls", 20}}},
	{on: "bgp-down", says: w("nodes' BGP sessions are not up: TCP 179 between nodes is blocked, or the plugin took the wrong interface's address", "as sessões BGP dos nós não estão de pé: TCP 179 entre nós está bloqueada, ou o plugin pegou o endereço da interface errada"), points: []point{{"port", 46}, {"cni", 38}}},
	{on: "html-answer", says: w("a web page in the answer: no Kubernetes component says that, a proxy or portal did", "uma página web na resposta: nenhum componente do Kubernetes diz isso, foi um proxy ou portal"), points: []point{{"http-proxy", 58}}},
	{on: "mtu", says: w("the text speaks of packet sizes", "o texto fala de tamanhos de pacote"), points: []point{{"mtu", 50}}},
}
