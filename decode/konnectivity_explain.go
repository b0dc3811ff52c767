package decode

var konnectivityModes = []mode{
	{
		"node-password", "token-auth",
		w("The servers of k3s or RKE2 keep another password for a node of this name (Secret ‹node|NODE›.node-password.k3s in kube-system): the machine was made anew, or two have one name.",
			"Os servidores do k3s ou RKE2 guardam outra senha para um nó deste nome (Secret ‹node|NÓ›.node-password.k3s em kube-system): a máquina foi refeita, ou duas têm o mesmo nome."),
		[]test{
			{w("is the name taken, and since when (RKE2: .node-password.rke2)", "o nome está em uso, e desde quando (RKE2: .node-password.rke2)"), "kubectl get node ‹node|NODE›; kubectl -n kube-system get secret ‹node|NODE›.node-password.k3s"},
			{w("where the machine was made anew, the old password must go; a second machine of that name joins with --with-node-id instead", "se a máquina foi refeita, a senha antiga deve sair; uma segunda máquina desse nome entra com --with-node-id"), "kubectl -n kube-system delete secret ‹node|NODE›.node-password.k3s"},
		},
	},
	{
		"agent-down", "konnectivity-agent-down",
		w("The tunnel has no working agent: its Pods do not run, or cannot connect to their server.",
			"O túnel não tem agente funcionando: seus Pods não rodam, ou não conseguem conectar ao servidor."),
		[]test{
			testAgents,
			{
				w("read why they do not connect (on the node, if kubectl logs fails too)", "leia por que não conectam (no nó, se kubectl logs também falha)"),
				"kubectl -n kube-system logs -l k8s-app=konnectivity-agent --tail=20; crictl logs --tail 20 $(crictl ps -q --name konnectivity-agent)",
			},
			{
				w("look for what keeps them from running", "procure o que os impede de rodar"),
				"kubectl -n kube-system get events --field-selector type=Warning | grep -i konnectivity",
			},
		},
	},
	{
		"agent-hung", "konnectivity-agent-down",
		w("An agent is connected and hangs: the server keeps sending it requests that it never answers.",
			"Um agente está conectado e travado: o servidor continua a lhe mandar requisições que ele nunca responde."),
		[]test{
			{
				w("repeat the request ten times: with several agents only a part fails", "repita a requisição dez vezes: com vários agentes só uma parte falha"),
				"for i in $(seq 10); do kubectl -n ‹namespace|NAMESPACE› logs ‹pod|POD› --tail=1 --request-timeout=35s >/dev/null && echo ok || echo failed; done",
			},
			testAgents,
		},
	},
	{
		"server-down", "konnectivity-server-down",
		w("The tunnel's server beside the API server does not run, is not reachable by its socket, or cuts the connections (on a managed cluster that is the provider's part).",
			"O servidor do túnel ao lado do servidor da API não roda, não é alcançável pelo socket, ou corta as conexões (em um cluster gerenciado essa parte é do provedor)."),
		[]test{
			{
				w("on a control-plane node: does it run, and is its socket there", "em um nó do plano de controle: ele roda, e o socket está lá"),
				"crictl ps -a --name konnectivity-server; ls -l /etc/kubernetes/konnectivity-server/ /run/konnectivity-server/ 2>/dev/null",
			},
			{
				w("read where the API server fails: connect is the server, proxy is what lies behind it", "leia onde o servidor da API falha: connect é o servidor, proxy é o que vem atrás"),
				"kubectl get --raw /metrics | grep egress_dialer_dial_failure_count",
			},
			testAgents,
		},
	},
	{
		"count-mismatch", "konnectivity-count-mismatch",
		w("Agents are connected to some of the tunnel's servers only: requests fail that reach an API server whose own tunnel server has no agent.",
			"Os agentes estão conectados a só alguns dos servidores do túnel: falham as requisições que chegam a um servidor da API cujo servidor de túnel não tem agente."),
		[]test{
			{
				w("ask each API server by its own address: only some fail", "pergunte a cada servidor da API pelo seu próprio endereço: só alguns falham"),
				"for ip in $(kubectl get endpoints kubernetes -o jsonpath='{.subsets[*].addresses[*].ip}'); do echo $ip; kubectl --server https://$ip:6443 --insecure-skip-tls-verify -n ‹namespace|NAMESPACE› logs ‹pod|POD› --tail=1; done",
			},
			{
				w("compare how many servers there are with what the agents are told", "compare quantos servidores há com o que os agentes recebem"),
				"kubectl -n kube-system get pods,deploy,ds -o yaml | grep -E 'server-count|count-server-leases|proxy-server-host'; kubectl -n kube-system get leases -l k8s-app=konnectivity-server",
			},
		},
	},
	{
		"konnectivity-flags", "konnectivity-config",
		w("The tunnel is told the wrong thing: address or port of the server, protocol, certificates, or which traffic goes through it.",
			"O túnel recebe a configuração errada: endereço ou porta do servidor, protocolo, certificados, ou que tráfego passa por ele."),
		[]test{
			{
				w("read the agent's flags", "leia as flags do agente"),
				"kubectl -n kube-system get deploy,ds -o yaml | grep -E -- '--(proxy-server|agent-|ca-cert|service-account-token|alpn|sync|server-count)'",
			},
			{
				w("read the API server's side", "leia o lado do servidor da API"),
				"cat $(grep -ho 'egress-selector-config-file=[^ \"]*' /etc/kubernetes/manifests/kube-apiserver.yaml | cut -d= -f2)",
			},
		},
	},
	{
		"remotedialer-config", "konnectivity-config",
		w("The tunnel of k3s or RKE2 dials the kubelet on the node's loopback address; the kubelet, or the egress mode, is configured for another way.",
			"O túnel do k3s ou RKE2 disca o kubelet no endereço de loopback do nó; o kubelet, ou o modo de egress, está configurado para outro caminho."),
		[]test{
			{w("on the node: on which address does the kubelet listen", "no nó: em que endereço o kubelet escuta"), "ss -ltn 'sport = :10250'"},
			{w("read the configuration", "leia a configuração"), "grep -sE 'egress-selector-mode|bind-address|node-ip|advertise' /etc/rancher/*/config.yaml"},
		},
	},
	{
		"remotedialer-session", "konnectivity-count-mismatch",
		w("The node holds no tunnel to the server that was asked (it has one to other servers only).",
			"O nó não tem túnel com o servidor que recebeu a requisição (só com outros servidores)."),
		[]test{
			{w("on each server, look for nodes without a session", "em cada servidor, procure nós sem sessão"), "journalctl -u k3s -u rke2-server | grep -iE 'session|tunnel|remotedialer' | tail -20"},
			{w("on the node, look for the servers it is connected to", "no nó, procure os servidores a que está conectado"), "journalctl -u k3s-agent -u rke2-agent | grep -iE 'connecting to proxy|tunnel|remotedialer' | tail -20"},
			{w("ask each server by its own address", "pergunte a cada servidor pelo próprio endereço"), "kubectl --server https://SERVER-IP:6443 --insecure-skip-tls-verify logs ‹pod|POD› --tail=1"},
		},
	},
	{
		"remotedialer-down", "konnectivity-agent-down",
		w("The node's tunnel to the servers is not up (its agent process is stopped, or cannot connect).",
			"O túnel do nó com os servidores não está de pé (o processo do agente parou, ou não conecta)."),
		[]test{
			{w("on the node", "no nó"), "systemctl status k3s-agent rke2-agent --no-pager | head -20; journalctl -u k3s-agent -u rke2-agent | tail -20"},
		},
	},
	{
		"agent-token", "token-auth",
		w("The tunnel's server does not accept the agent's token: wrong audience, missing, expired, or of another service account.",
			"O servidor do túnel não aceita o token do agente: audiência errada, ausente, vencido, ou de outra service account."),
		[]test{
			{
				w("compare the audience of the projected token with the server's --authentication-audience", "compare a audiência do token projetado com --authentication-audience do servidor"),
				"kubectl -n kube-system get deploy,ds -o yaml | grep -B2 -A6 serviceAccountToken",
			},
			{w("read the server's own words", "leia as palavras do servidor"), "crictl logs $(crictl ps -q --name konnectivity-server) 2>&1 | grep 'authentication failed' | tail -3"},
		},
	},
	{
		"vpn-ends", "cert-ca-mismatch",
		w("The two ends of the VPN hold certificates of different CAs, or one that ended.",
			"As duas pontas da VPN têm certificados de CAs diferentes, ou um que terminou."),
		[]test{testAgents},
	},
}

var konnectivityClues = []clue{
	{
		on: "no-agent", also: "many-servers", says: w("this server has no agent, and there are several servers: the agents may be connected to the others", "este servidor não tem agente, e há vários servidores: os agentes podem estar conectados aos outros"),
		points: []point{{"count-mismatch", 55}, {"agent-down", 36}, {"port-agent", 24}, {"konnectivity-flags", 16}},
	},
	{
		on: "no-agent", also: "provider-k0s", says: w("this server has no agent; with more than one k0s controller and one address for all, agents end up on one", "este servidor não tem agente; com mais de um controlador k0s e um endereço para todos, os agentes acabam em um só"),
		points: []point{{"count-mismatch", 46}, {"agent-down", 38}, {"port-agent", 30}, {"konnectivity-flags", 24}},
	},
	{
		on: "no-agent", says: w("the tunnel's server of this API server has no agent connected", "o servidor de túnel deste servidor da API não tem agente conectado"),
		points: []point{{"agent-down", 50}, {"port-agent", 32}, {"count-mismatch", 28}, {"konnectivity-flags", 16}, {"agent-cert-expired", 10}, {"agent-token", 8}},
	},
	{
		on: "proxy-500", says: w("with HTTP CONNECT, 500 is how the tunnel's server says that it has no agent", "com HTTP CONNECT, 500 é como o servidor do túnel diz que não tem agente"),
		points: []point{{"agent-down", 46}, {"count-mismatch", 34}, {"port-agent", 28}, {"konnectivity-flags", 14}},
	},
	{
		on: "proxy-502", also: "tunnel-no-session", says: w("the server has no session of that node", "o servidor não tem sessão desse nó"),
		points: []point{{"remotedialer-session", 48}, {"remotedialer-down", 30}},
	},
	{
		on: "proxy-502", also: "remotedialer", says: w("the k3s or RKE2 server could not pass the connection on: no tunnel session of that node, or the kubelet does not answer on loopback", "o servidor k3s ou RKE2 não pôde repassar a conexão: sem sessão de túnel desse nó, ou o kubelet não responde em loopback"),
		points: []point{{"remotedialer-session", 44}, {"remotedialer-config", 32}, {"remotedialer-down", 30}, {"port-kubelet", 26}, {"bug", 12}},
	},
	{
		on: "proxy-502", says: w("the tunnel's far end could not connect to the destination", "a ponta do túnel não conseguiu conectar ao destino"),
		points: []point{{"port-kubelet", 40}, {"kubelet-down", 32}, {"remotedialer-session", 24}, {"agent-down", 18}},
	},
	{
		on: "proxy-503", also: "remotedialer", says: w("the k3s server dialled and failed: it dials the kubelet on loopback", "o servidor k3s discou e falhou: ele disca o kubelet em loopback"),
		points: []point{{"remotedialer-config", 40}, {"remotedialer-session", 28}, {"kubelet-down", 24}, {"port-kubelet", 22}},
	},
	{
		on: "proxy-503", also: "provider-gardener", says: w("the VPN server has no client of that cluster, or the client's dial failed", "o servidor da VPN não tem cliente desse cluster, ou a discagem do cliente falhou"),
		points: []point{{"agent-down", 46}, {"port-kubelet", 30}, {"server-down", 20}},
	},
	{
		on: "proxy-503", says: w("the agent's dial failed, or there is no tunnel at all: this code covers both", "a discagem do agente falhou, ou não há túnel algum: este código cobre ambos"),
		points: []point{{"port-kubelet", 36}, {"agent-down", 34}, {"kubelet-down", 22}, {"server-down", 14}},
	},
	{
		on: "proxy-504", says: w("the agent's dial to the destination timed out", "a discagem do agente ao destino expirou"),
		points: []point{{"port-kubelet", 58}, {"node-down", 24}},
	},
	{
		on: "proxy-refused", says: w("the tunnel's server refused the request itself", "o próprio servidor do túnel recusou a requisição"),
		points: []point{{"http-proxy", 36}, {"konnectivity-flags", 30}, {"token-refused", 15}},
	},
	{
		on: "proxy-reading", says: w("the tunnel's server took the request and gave no proper answer", "o servidor do túnel aceitou a requisição e não deu resposta correta"),
		points: []point{{"server-down", 40}, {"agent-down", 20}, {"konnectivity-flags", 18}},
	},
	{
		on: "proxy-address", says: w("the tunnel's server does not answer at its own address", "o servidor do túnel não responde no próprio endereço"),
		points: []point{{"server-down", 50}, {"konnectivity-flags", 25}},
	},
	{
		on: "dial-backstop", says: w("the tunnel's server passed the dial to an agent that is connected, and got no answer for 30 s", "o servidor do túnel passou a discagem a um agente conectado, e não teve resposta por 30 s"),
		points: []point{{"agent-hung", 48}, {"overload", 18}, {"bug", 16}, {"port-kubelet", 16}},
	},
	{
		on: "dial-context", says: w("the caller gave up before the tunnel's agent answered", "o chamador desistiu antes da resposta do agente do túnel"),
		points: []point{{"agent-hung", 36}, {"port-kubelet", 32}, {"bug", 14}},
	},
	{
		on: "dial-unknown-timeout", says: w("a dial through the tunnel got no answer", "uma discagem pelo túnel não teve resposta"),
		points: []point{{"agent-hung", 30}, {"port-kubelet", 32}, {"agent-down", 14}, {"bug", 10}},
	},
	{
		on: "backend-dial-timeout", says: w("the tunnel's server gave an agent its time to connect, and had no answer", "o servidor do túnel deu a um agente seu tempo para conectar, e não teve resposta"),
		points: []point{{"port-kubelet", 40}, {"agent-hung", 38}, {"node-down", 14}},
	},
	{on: "backend-gone", says: w("the agent that was chosen is gone, or its stream is dead", "o agente escolhido sumiu, ou seu stream está morto"), points: []point{{"agent-down", 40}, {"server-down", 16}, {"bug", 12}}},
	{on: "tunnel-options", says: w("the tunnel's program ends at its start: a flag or a file that it names is wrong", "o programa do túnel termina ao iniciar: uma opção ou um arquivo que ela nomeia está errado"), points: []point{{"konnectivity-flags", 60}, {"agent-down", 24}, {"server-down", 20}}},
	{on: "tunnel-listen", says: w("the tunnel's server cannot listen: its port or socket is taken, or its directory is missing", "o servidor do túnel não consegue escutar: sua porta ou socket está em uso, ou falta o diretório"), points: []point{{"server-down", 52}, {"konnectivity-flags", 36}}},
	{on: "dial-closed", says: w("the tunnel closed while dialling", "o túnel fechou durante a discagem"), points: []point{{"agent-hung", 28}, {"server-down", 24}, {"bug", 14}}},

	{
		on: "uds-missing", says: w("the socket ‹socket|of the tunnel's server› is not there: the server does not run, or makes it elsewhere", "o socket ‹socket|do servidor do túnel› não existe: o servidor não roda, ou o cria em outro lugar"),
		points: []point{{"server-down", 62}, {"konnectivity-flags", 28}},
	},
	{
		on: "uds-refused", says: w("the socket ‹socket|of the tunnel's server› is there and nobody listens: the server stopped", "o socket ‹socket|do servidor do túnel› existe e ninguém escuta: o servidor parou"),
		points: []point{{"server-down", 64}, {"cert-expired", 8}},
	},
	{on: "uds-denied", says: w("the API server may not open the socket", "o servidor da API não pode abrir o socket"), points: []point{{"konnectivity-flags", 52}, {"server-down", 30}}},
	{on: "uds-unavailable", says: w("the API server cannot open the tunnel server's socket", "o servidor da API não consegue abrir o socket do servidor do túnel"), points: []point{{"server-down", 55}, {"konnectivity-flags", 22}}},
	{
		on: "uds-reset", says: w("the tunnel's server cut the API server's connection on ‹socket|its socket›", "o servidor do túnel cortou a conexão do servidor da API em ‹socket|seu socket›"),
		points: []point{{"server-down", 56}, {"agent-down", 26}, {"overload", 8}},
	},

	// What the agent says.
	{on: "agent-cannot-connect", says: w("the agent cannot connect to its server", "o agente não consegue conectar ao servidor"), points: []point{{"agent-down", 10}, {"port-agent", 10}}},
	{
		on: "agent-token-refused", says: w("the server ended the stream before its greeting, as it does for any token that it refuses", "o servidor encerrou o stream antes da saudação, como faz com qualquer token que recusa"),
		points: []point{{"agent-token", 55}, {"rbac-tokenreview", 30}, {"konnectivity-flags", 16}, {"server-down", 12}},
	},
	{on: "agent-token-unprintable", says: w("the token file has something after the token, such as a newline", "o arquivo do token tem algo após o token, como uma quebra de linha"), points: []point{{"agent-token", 60}}},
	{on: "agent-token-unreadable", says: w("the agent cannot read its token", "o agente não consegue ler seu token"), points: []point{{"agent-token", 50}, {"konnectivity-flags", 30}}},
	{on: "agent-token-absent", says: w("the server wants a token and the agent sends none", "o servidor exige um token e o agente não envia"), points: []point{{"agent-token", 45}, {"konnectivity-flags", 42}}},
	{
		on: "agent-token-audience", says: w("the token is for ‹audiences|other audiences›; the server wants ‹wanted|its own›", "o token é para ‹audiences|outras audiências›; o servidor exige ‹wanted|a sua›"),
		points: []point{{"agent-token", 62}, {"konnectivity-flags", 20}},
	},
	{on: "agent-token-namespace", says: w("the token is of ‹got|another account›; the server expects ‹wanted|its own›", "o token é de ‹got|outra conta›; o servidor espera ‹wanted|a sua›"), points: []point{{"agent-token", 50}, {"konnectivity-flags", 40}}},
	{on: "agent-token-not-valid", says: w("the API does not recognise the agent's token", "a API não reconhece o token do agente"), points: []point{{"agent-token", 62}, {"sa-key", 25}}},
	{on: "agent-token-invalid", also: "dial-timeout", says: w("the tunnel's server cannot ask the API about the token", "o servidor do túnel não consegue perguntar à API sobre o token"), points: []point{{"agent-token", 40}, {"port-api", 12}}},
	{on: "agent-token-invalid", says: w("the tunnel's server does not accept the agent's token", "o servidor do túnel não aceita o token do agente"), points: []point{{"agent-token", 40}, {"rbac-tokenreview", 15}}},
	{
		on: "tokenreview-forbidden", also: "anonymous-403", says: w("whoever checks tokens is nobody to the API itself: its own credentials did not arrive", "quem verifica tokens é ninguém para a própria API: suas credenciais não chegaram"),
		points: []point{{"rbac-tokenreview", 40}, {"token-refused", 38}, {"client-ca-mismatch", 14}},
	},
	{
		on: "tokenreview-forbidden", says: w("whoever checks tokens may not ask the API about them (system:auth-delegator is not bound)", "quem verifica tokens não pode perguntar à API sobre eles (falta o vínculo com system:auth-delegator)"),
		points: []point{{"rbac-tokenreview", 65}}, sure: true,
	},
	{on: "agent-read-stream", says: w("an agent lost its stream: normal while servers restart, a fault when it goes on", "um agente perdeu seu stream: normal enquanto servidores reiniciam, falha quando continua"), points: []point{{"agent-down", 26}, {"server-down", 22}, {"http-proxy", 8}}},
	{on: "tunnel-goaway", says: w("the tunnel's server is shutting down, as at a roll-out", "o servidor do túnel está encerrando, como em uma atualização"), points: []point{{"server-down", 36}, {"agent-down", 14}}},
	{on: "agent-refused", says: w("a gRPC server does not accept the client's credentials", "um servidor gRPC não aceita as credenciais do cliente"), points: []point{{"token-refused", 40}, {"agent-token", 30}, {"rbac", 22}}},
	{on: "tunnel-noise", says: w("a line that healthy tunnels print too", "uma linha que túneis saudáveis também imprimem"), points: []point{{"konnectivity-flags", 14}, {"agent-down", 12}, {"server-down", 10}}},
	{on: "tunnel-dial-failed", says: w("an agent took the dial and could not connect to the destination: the tunnel itself works", "um agente aceitou a discagem e não conseguiu conectar ao destino: o túnel em si funciona"), points: []point{{"port-kubelet", 20}, {"kubelet-down", 10}}},
	{on: "tunnel-full", says: w("the server's queue for an agent is full: it does not keep up", "a fila do servidor para um agente está cheia: ele não dá conta"), points: []point{{"agent-hung", 34}, {"memory", 26}, {"bug", 24}}},
	{on: "too-many-pings", says: w("the agent's keepalive is shorter than the server allows", "o keepalive do agente é mais curto do que o servidor permite"), points: []point{{"konnectivity-flags", 58}}},

	{on: "server-count", says: w("the text speaks of how many tunnel servers there are", "o texto fala de quantos servidores de túnel existem"), points: []point{{"count-mismatch", 46}, {"konnectivity-flags", 14}}},
	{on: "server-leases", says: w("the agent cannot read the leases by which it counts servers", "o agente não consegue ler as leases com que conta servidores"), points: []point{{"rbac-agent-leases", 46}, {"count-mismatch", 34}, {"clock", 8}}},
	{on: "agent-flags", says: w("the text shows flags of the tunnel's agent", "o texto mostra flags do agente do túnel"), points: []point{{"konnectivity-flags", 40}, {"count-mismatch", 10}}},
	{on: "egress-config", says: w("the text speaks of which way the API server sends its traffic", "o texto fala do caminho por onde o servidor da API manda seu tráfego"), points: []point{{"konnectivity-flags", 40}, {"remotedialer-config", 30}}},
	{on: "tunnel-ssh", says: w("AKS's earlier tunnel (tunnelfront, over SSH) is not up", "o túnel antigo do AKS (tunnelfront, por SSH) não está de pé"), points: []point{{"agent-down", 54}, {"server-down", 26}, {"port-agent", 22}}},
	{on: "vpn-silent", says: w("the VPN's packets get no answer for a minute: its port is blocked, or the other end does not run", "os pacotes da VPN não têm resposta por um minuto: a porta está bloqueada, ou a outra ponta não roda"), points: []point{{"port", 54}, {"server-down", 34}, {"vpn-ends", 28}}},
	{on: "vpn-tls", says: w("the VPN's own TLS handshake fails: certificates of its two ends, or its port is blocked", "o handshake TLS da própria VPN falha: certificados das pontas, ou a porta está bloqueada"), points: []point{{"vpn-ends", 66}, {"port", 45}}},

	// remotedialer
	{on: "tunnel-no-session", says: w("the server has no tunnel from node ‹node|NODE›", "o servidor não tem túnel do nó ‹node|NODE›"), points: []point{{"remotedialer-session", 44}, {"remotedialer-down", 38}, {"port-agent", 18}}},
	{on: "tunnel-502", says: w("the k3s or RKE2 server tells why it could not pass the connection on", "o servidor k3s ou RKE2 diz por que não pôde repassar a conexão"), points: []point{{"remotedialer-session", 14}, {"remotedialer-config", 14}}},
	{on: "k3s-balancer", says: w("the node's own balancer of k3s or RKE2 has no server to pass the request to: the servers are down, or their port 6443 or 9345 is not reachable from the node", "o balanceador do próprio nó (k3s ou RKE2) não tem servidor a quem passar a requisição: os servidores estão fora, ou a porta 6443 ou 9345 deles não é alcançável do nó"), points: []point{{"port-api", 42}, {"api-down", 36}, {"etcd-slow", 10}}},
	{on: "node-password", says: w("the servers know a node of that name by another password", "os servidores conhecem um nó desse nome por outra senha"), points: []point{{"node-password", 60}, {"bootstrap-token", 14}}},
	{on: "join-token", says: w("the server does not accept what the node joins with: another cluster's token, or a password of an earlier node of that name", "o servidor não aceita com que o nó entra: token de outro cluster, ou senha de um nó anterior de mesmo nome"), points: []point{{"bootstrap-token", 54}, {"token-refused", 20}, {"ca-mismatch", 14}}},
	{on: "tunnel-disconnected", says: w("the node's tunnel to a server was cut", "o túnel do nó com um servidor foi cortado"), points: []point{{"remotedialer-down", 34}, {"remotedialer-session", 26}, {"port-agent", 22}}},
}
