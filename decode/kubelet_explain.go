package decode

var kubeletModes = []mode{
	{
		"kubelet-down", "kubelet-down",
		w("The kubelet at ‹addr|the node› does not run, hangs, or listens on another address or port.",
			"O kubelet em ‹addr|o nó› não roda, está travado, ou escuta em outro endereço ou porta."),
		[]test{
			testNodes,
			{w("on the node: does it run, and on which address does it listen", "no nó: ele roda, e em que endereço escuta"), "systemctl status kubelet --no-pager | head; ss -ltnp 'sport = :10250'; journalctl -u kubelet -n 30 --no-pager"},
		},
	},
	{
		"kubelet-config", "config",
		w("The kubelet is configured in a way that this version, or this node, does not allow.", "O kubelet está configurado de um modo que esta versão, ou este nó, não permite."),
		[]test{{w("on the node", "no nó"), "journalctl -u kubelet -n 50 --no-pager"}},
	},
	{
		"node-address", "config",
		w("The node's address in its status is not its own, or several nodes report the same one.", "O endereço do nó em seu status não é o dele, ou vários nós reportam o mesmo."),
		[]test{
			{w("compare the nodes' addresses: each must be its own, and reachable from the control plane", "compare os endereços dos nós: cada um deve ser próprio, e alcançável do plano de controle"), "kubectl get nodes -o custom-columns='NODE:.metadata.name,ADDRESSES:.status.addresses[*].address'"},
			{w("on the node", "no nó"), "ip -brief address; ps -o args= -C kubelet | grep -oE -- '--(node-ip|hostname-override)=[^ ]+'"},
		},
	},
	{
		"bootstrap-token", "token-auth",
		w("The token with which a node joins has ended or is unknown.", "O token com que um nó entra venceu ou é desconhecido."),
		[]test{{w("list the tokens, and make one", "liste os tokens, e crie um"), "kubeadm token list; kubeadm token create --print-join-command"}},
	},
}

var kubeletClues = []clue{
	{on: "kubelet-no-config", says: w("the kubelet's configuration ‹file|› is not there: kubeadm writes it when the node is made or joins, which has not happened or did not end", "a configuração do kubelet ‹file|› não existe: o kubeadm a escreve quando o nó é criado ou entra, o que não ocorreu ou não terminou"), points: []point{{"kubelet-down", 58}, {"kubelet-config", 30}}},
	{on: "csr-pending", also: "csr-client", says: w("a node's request for a client certificate waits for approval: its old one has ended, or it is new", "o pedido de certificado de cliente de um nó espera aprovação: o antigo terminou, ou o nó é novo"), points: []point{{"kubelet-cert-expired", 64}, {"csr-pending", 44}}},
	{on: "csr-pending", says: w("a request for a certificate waits for approval", "um pedido de certificado espera aprovação"), points: []point{{"csr-pending", 56}, {"kubelet-cert-expired", 22}}},
	{on: "csr-denied", says: w("a request for a certificate was denied", "um pedido de certificado foi negado"), points: []point{{"csr-pending", 55}, {"rbac", 10}}},
	{on: "csr-not-issued", says: w("a request was approved, and no certificate was issued", "um pedido foi aprovado, e nenhum certificado foi emitido"), points: []point{{"csr-pending", 50}}},
	{on: "csr-unsigned", says: w("the kubelet's request for a certificate was not granted", "o pedido de certificado do kubelet não foi atendido"), points: []point{{"csr-pending", 42}, {"kubelet-cert-expired", 26}, {"rbac", 16}}},
	{on: "kubelet-client-expired", says: w("the kubelet says that its own client certificate has ended", "o kubelet diz que seu próprio certificado de cliente terminou"), points: []point{{"kubelet-cert-expired", 66}, {"clock", 6}}, sure: true},
	{on: "kubelet-no-client-cert", says: w("the kubelet has no valid client certificate any more", "o kubelet não tem mais um certificado de cliente válido"), points: []point{{"kubelet-cert-expired", 52}, {"csr-pending", 14}}},
	{on: "kubelet-bootstrap-missing", says: w("the kubelet wants to bootstrap anew, as it does when its certificate has ended, and has no bootstrap kubeconfig", "o kubelet quer iniciar de novo, como faz quando seu certificado terminou, e não tem kubeconfig de bootstrap"), points: []point{{"kubelet-cert-expired", 55}, {"kubelet-config", 15}}},
	{on: "kubelet-unhealthy", says: w("the kubelet does not answer on its own machine: it does not start, or ends at once", "o kubelet não responde na própria máquina: não inicia, ou termina logo"), points: []point{{"kubelet-down", 60}, {"kubelet-config", 24}, {"runtime", 14}}},
	{on: "node-not-posting", says: w("the node's kubelet no longer reports", "o kubelet do nó não reporta mais"), points: []point{{"kubelet-down", 42}, {"port-api", 20}, {"kubelet-cert-expired", 18}}},
	{on: "node-not-ready", says: w("a node is not Ready", "um nó não está Ready"), points: []point{{"kubelet-down", 20}}},
	{on: "node-not-found", says: w("the node's object is not known: the kubelet could not read or make it", "o objeto do nó não é conhecido: o kubelet não pôde lê-lo ou criá-lo"), points: []point{{"kubelet-cert-expired", 12}, {"api-down", 12}, {"port-api", 10}, {"client-ca-mismatch", 10}, {"kubelet-config", 8}}},
	{on: "kubelet-no-host-ip", says: w("a container asks for its node's address and the node has none in its status: the cloud provider has not set it up; the tunnel's agents ask for it", "um container pede o endereço do seu nó e o nó não tem nenhum no status: o provedor de nuvem não o preparou; os agentes do túnel pedem isso"), points: []point{{"agent-down", 36}, {"kubelet-config", 34}}},
	{on: "kubelet-other", says: w("a kubelet answers, and knows nothing of the Pod: the node's address leads to another node, or the kubelet reports a wrong one (--node-ip)", "um kubelet responde, e não conhece o Pod: o endereço do nó leva a outro nó, ou o kubelet reporta um errado (--node-ip)"), points: []point{{"node-address", 58}, {"port-kubelet", 20}, {"kubelet-down", 12}, {"bug", 8}}},
	{on: "kubelet-start", also: "swap", says: w("the kubelet does not start on a node with swap", "o kubelet não inicia em um nó com swap"), points: []point{{"kubelet-down", 60}, {"kubelet-config", 30}}},
	{on: "kubelet-start", says: w("the kubelet ends at its start: ‹why|see its log›", "o kubelet termina ao iniciar: ‹why|veja o log›"), points: []point{{"kubelet-down", 56}, {"kubelet-config", 32}, {"skew", 12}}},
	{on: "kubelet-flag", says: w("the kubelet does not know a flag or field that it is given: it is of another version than its configuration", "o kubelet não conhece uma opção ou campo que recebe: é de outra versão que sua configuração"), points: []point{{"removed-api", 48}, {"skew", 42}, {"kubelet-down", 34}, {"kubelet-config", 14}}},
	{on: "read-only-port", says: w("the kubelet's read-only port is asked, which is off by default: the program that asks is told the old port", "pede-se à porta somente-leitura do kubelet, desligada por padrão: o programa que pede recebeu a porta antiga"), points: []point{{"metrics-flags", 54}, {"kubelet-config", 30}, {"kubelet-down", 26}}},
	{on: "signer-expired", says: w("the signer's own CA has ended, so nothing that it signs would be valid", "a própria CA do assinador terminou, e nada que assine seria válido"), points: []point{{"cert-expired", 60}, {"csr-pending", 24}, {"clock", 10}}},
	{on: "kubelet-no-debug", says: w("the kubelet is told not to serve logs and exec (enableDebuggingHandlers)", "o kubelet está instruído a não servir logs e exec (enableDebuggingHandlers)"), points: []point{{"kubelet-config", 60}}},
	{on: "kubelet-no-address", says: w("the node has no address of the wanted types", "o nó não tem endereço dos tipos desejados"), points: []point{{"kubelet-config", 30}, {"node-name", 26}}},
}
