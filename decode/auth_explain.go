package decode

var authModes = []mode{
	{
		"node-identity", "rbac",
		w("The kubelet's credentials are of the node ‹node|of one name›, and it wants to change ‹wanted|another node›: the name that it gives the node changed (host name, --hostname-override, --cloud-provider). NodeRestriction refuses that; no role is missing.",
			"As credenciais do kubelet são do nó ‹node|de um nome›, e ele quer mudar ‹wanted|outro nó›: o nome que ele dá ao nó mudou (nome do host, --hostname-override, --cloud-provider). O NodeRestriction recusa isso; não falta role alguma."),
		[]test{
			{w("on the node: of which node its certificate is (CN=system:node:NAME)", "no nó: de que nó é seu certificado (CN=system:node:NOME)"), "openssl x509 -in /var/lib/kubelet/pki/kubelet-client-current.pem -noout -subject"},
			{w("on the node: by which name the kubelet goes", "no nó: que nome o kubelet usa"), "hostname; hostname -f; ps -o args= -C kubelet | grep -oE -- '--(hostname-override|cloud-provider)=[^ ]+'"},
		},
	},
	{
		"serviceaccount-missing", "config",
		w("The ServiceAccount ‹namespace|NAMESPACE›/‹name|NAME› does not exist, so no Pod can be made, nor token given, in its name. No role is missing.",
			"A ServiceAccount ‹namespace|NAMESPACE›/‹name|NOME› não existe, então nenhum Pod pode ser criado, nem token dado, em seu nome. Não falta role alguma."),
		[]test{
			{w("is it there", "ela existe"), "kubectl -n ‹namespace|NAMESPACE› get serviceaccount ‹name|NAME›"},
			{w("who makes it: the controller manager makes default, kubeadm those of its add-ons, a chart its own", "quem a cria: o controller manager cria default, o kubeadm as de seus add-ons, um chart as próprias"), "kubectl -n ‹namespace|NAMESPACE› get serviceaccounts,events"},
		},
	},
	{
		"token-refused", "token-auth",
		w("‹to|The server› does not accept the token of ‹from|the client›: expired, of another cluster or audience, or token checks are off there.",
			"‹to|O servidor› não aceita o token de ‹from|o cliente›: vencido, de outro cluster ou audiência, ou a verificação de tokens está desligada ali."),
		[]test{
			{w("see who the API takes you for", "veja quem a API acha que você é"), "kubectl auth whoami"},
			{w("read issuer, audience and end of a token", "leia emissor, audiência e fim de um token"), "cut -d. -f2 TOKEN-FILE | base64 -d 2>/dev/null"},
		},
	},
	{
		"kubeconfig-token", "token-auth",
		w("The credentials that kubectl sends are not accepted: an expired or revoked token, or a login that must be renewed.",
			"As credenciais que o kubectl envia não são aceitas: um token vencido ou revogado, ou um login a renovar."),
		[]test{
			{w("see what the kubeconfig sends", "veja o que o kubeconfig envia"), "kubectl config view --minify"},
			{w("see who the API takes you for", "veja quem a API acha que você é"), "kubectl auth whoami -v=6"},
		},
	},
	{
		"sa-key", "token-auth",
		w("Service-account tokens were signed with a key that this API server does not check with: the key was replaced, or the control-plane nodes hold different ones.",
			"Tokens de service account foram assinados com uma chave que este servidor da API não usa para verificar: a chave foi trocada, ou os nós do plano de controle têm chaves diferentes."),
		[]test{
			{w("on every control-plane node: the keys must be the same", "em cada nó do plano de controle: as chaves devem ser iguais"), "sha256sum /etc/kubernetes/pki/sa.pub; openssl pkey -in /etc/kubernetes/pki/sa.key -pubout | sha256sum"},
			{w("compare what the API server publishes", "compare o que o servidor da API publica"), "kubectl get --raw /openid/v1/jwks"},
		},
	},
	{
		"kubelet-token", "token-auth",
		w("The kubelet does not check tokens (authentication.webhook is off) or cannot ask the API about them, so the caller is nobody to it.",
			"O kubelet não verifica tokens (authentication.webhook desligado) ou não consegue perguntar à API sobre eles; o chamador é ninguém para ele."),
		[]test{
			{w("read the kubelet's authentication settings", "leia as configurações de autenticação do kubelet"), "kubectl get --raw /api/v1/nodes/‹node|NODE›/proxy/configz | grep -oE '\"authentication\":.{0,200}'"},
		},
	},
	{
		"oidc", "token-auth",
		w("The API server does not accept the identity provider's token (expired, another issuer or audience, keys not reachable).",
			"O servidor da API não aceita o token do provedor de identidade (vencido, outro emissor ou audiência, chaves inalcançáveis)."),
		[]test{{w("read what the API server says of it", "leia o que o servidor da API diz dele"), "kubectl -n kube-system logs -l component=kube-apiserver --tail=200 | grep -i oidc"}},
	},
	{
		"exec-plugin", "token-auth",
		w("The program that the kubeconfig calls for credentials fails on this machine.", "O programa que o kubeconfig chama para obter credenciais falha nesta máquina."),
		[]test{{w("run it by hand, as the kubeconfig does", "rode-o à mão, como o kubeconfig faz"), "kubectl config view --minify -o jsonpath='{.users[0].user.exec}'"}},
	},
	{
		"cloud-identity", "token-auth",
		w("The cloud identity has no entry in the cluster (aws-auth, access entries, IAM), or its session has ended.",
			"A identidade da nuvem não tem entrada no cluster (aws-auth, access entries, IAM), ou sua sessão terminou."),
		[]test{{w("see which identity is used", "veja que identidade é usada"), "aws sts get-caller-identity; kubectl -n kube-system get configmap aws-auth -o yaml"}},
	},
	{
		"rbac", "rbac",
		w("‹user|The user› may not ‹verb|do this to› ‹resource|this resource›: a role or binding is missing.",
			"‹user|O usuário› não pode ‹verb|fazer isto com› ‹resource|este recurso›: falta uma role ou binding."),
		[]test{
			{w("ask the API whether that user may", "pergunte à API se esse usuário pode"), "kubectl auth can-i ‹verb|VERB› ‹resource|RESOURCE› --as '‹user|USER›'"},
			{w("look for bindings of that user", "procure bindings desse usuário"), "kubectl get clusterrolebindings,rolebindings -A -o wide | grep '‹user|USER›'"},
		},
	},
	{
		"rbac-kubelet", "rbac",
		w("The user ‹user|that the API server is to kubelets› may not use the kubelet's API (‹resource|nodes›/‹subresource|proxy›): the binding to system:kubelet-api-admin is missing.",
			"O usuário ‹user|que o servidor da API é para os kubelets› não pode usar a API do kubelet (‹resource|nodes›/‹subresource|proxy›): falta o binding com system:kubelet-api-admin."),
		[]test{
			{w("ask the API whether that user may", "pergunte à API se esse usuário pode"), "kubectl auth can-i ‹verb|get› ‹resource|nodes› --subresource=‹subresource|proxy› --as '‹user|kube-apiserver-kubelet-client›'"},
			{w("look for who is bound", "procure quem está vinculado"), "kubectl get clusterrolebindings -o wide | grep -E 'kubelet-api-admin|kubeadm:cluster-admins|‹user|kubelet-client›'"},
		},
	},
	{
		"rbac-metrics", "rbac",
		w("metrics-server may not read ‹resource|nodes›/‹subresource|metrics›: its ClusterRole lacks it, or the binding is missing.",
			"metrics-server não pode ler ‹resource|nodes›/‹subresource|metrics›: falta na ClusterRole, ou falta o binding."),
		[]test{
			{w("ask the API", "pergunte à API"), "kubectl auth can-i get nodes --subresource=metrics --as system:serviceaccount:kube-system:metrics-server"},
			{w("read the role", "leia a role"), "kubectl get clusterrole system:metrics-server -o yaml"},
		},
	},
	{
		"rbac-tokenreview", "rbac",
		w("The server that checks tokens may not ask the API about them: the binding to system:auth-delegator is missing.",
			"O servidor que verifica tokens não pode perguntar à API sobre eles: falta o binding com system:auth-delegator."),
		[]test{
			{w("look for who is bound", "procure quem está vinculado"), "kubectl get clusterrolebindings -o wide | grep auth-delegator"},
		},
	},
	{
		"rbac-node-role", "rbac",
		w("The IAM role of the nodes has no entry in the cluster that makes it a node (system:nodes, system:bootstrappers).", "A IAM role dos nós não tem no cluster a entrada que a torna um nó (system:nodes, system:bootstrappers)."),
		[]test{{w("compare the nodes' role with the entries", "compare a role dos nós com as entradas"), "kubectl -n kube-system get configmap aws-auth -o yaml; aws eks list-access-entries --cluster-name CLUSTER"}},
	},
	{
		"rbac-auth-reader", "rbac",
		w("The extension server's account is not bound to the role extension-apiserver-authentication-reader in kube-system.", "A conta do servidor de extensão não está vinculada à role extension-apiserver-authentication-reader em kube-system."),
		[]test{
			{w("look for who is bound", "procure quem está vinculado"), "kubectl -n kube-system get rolebindings -o wide | grep extension-apiserver-authentication-reader"},
		},
	},
	{
		"rbac-injector", "rbac",
		w("The controller that writes the caBundle (cert-manager's cainjector, an operator) may not do its work, and wrote none.",
			"O controlador que escreve o caBundle (o cainjector do cert-manager, um operador) não pode fazer seu trabalho, e não escreveu."),
		[]test{{w("read its log", "leia seu log"), "kubectl get pods -A | grep -iE 'cainjector|operator'; kubectl -n cert-manager logs deploy/cert-manager-cainjector --tail=20"}},
	},
	{
		"rbac-agent-leases", "rbac",
		w("konnectivity-agent may not read leases in kube-system, by which it counts its servers.",
			"konnectivity-agent não pode ler leases em kube-system, com que conta os servidores."),
		[]test{{w("ask the API", "pergunte à API"), "kubectl auth can-i list leases.coordination.k8s.io -n kube-system --as system:serviceaccount:kube-system:konnectivity-agent"}},
	},
	{
		"kubelet-cannot-ask", "network-blocked",
		w("The kubelet cannot ask the API server whether the caller may: it does not reach it, or is refused by it.",
			"O kubelet não consegue perguntar ao servidor da API se o chamador pode: não o alcança, ou é recusado."),
		[]test{{w("on the node, look for its requests to the API", "no nó, procure suas requisições à API"), "journalctl -u kubelet --since -10min | grep -iE 'subjectaccessreview|webhook|unauthorized|timeout' | tail"}, testNodes},
	},
}

var authClues = []clue{
	{on: "node-restriction", says: w("NodeRestriction lets a kubelet change its own node only, and the two names differ", "o NodeRestriction só deixa um kubelet mudar o próprio nó, e os dois nomes diferem"), points: []point{{"node-identity", 64}}},
	{on: "serviceaccount-missing", says: w("the text says that the ServiceAccount was looked for, and is not there", "o texto diz que a ServiceAccount foi procurada, e não existe"), points: []point{{"serviceaccount-missing", 62}}},
	// 401: the kubelet refuses the API server. kubectl words it as its own.
	{
		on: "http-401", hop: ">kubelet", also: "kubelet-401", says: w("get works and this does not: the kubelet refused the API server's client certificate", "get funciona e isto não: o kubelet recusou o certificado de cliente do servidor da API"),
		points: []point{{"client-cert-expired", 52}, {"client-ca-mismatch", 40}, {"kubelet-token", 12}},
	},
	{
		on: "http-401", hop: metricsToKubelet, says: w("the kubelet does not believe metrics-server's token", "o kubelet não acredita no token do metrics-server"),
		points: []point{{"kubelet-token", 48}, {"metrics-flags", 26}, {"rbac-metrics", 18}, {"token-refused", 10}},
	},
	{
		on: "http-401", also: "kubelet-401", says: w("the answer is the kubelet's: it refused the API server's client certificate", "a resposta é do kubelet: ele recusou o certificado de cliente do servidor da API"),
		points: []point{{"client-cert-expired", 52}, {"client-ca-mismatch", 40}, {"kubelet-token", 12}},
	},
	{
		on: "http-401", hop: ">kubelet", says: w("the kubelet refused the API server's credentials", "o kubelet recusou as credenciais do servidor da API"),
		points: []point{{"client-cert-expired", 46}, {"client-ca-mismatch", 40}, {"kubelet-token", 16}},
	},
	{on: "http-401", hop: kubeletToRegistry, says: w("the registry wants other credentials", "o registro exige outras credenciais"), points: []point{{"image", 50}}},
	{on: "http-401", hop: ">apiservice", says: w("the extension server does not believe the aggregator", "o servidor de extensão não acredita no agregador"), points: []point{{"front-proxy", 55}, {"client-ca-mismatch", 25}}},
	{on: "http-401", hop: cniToAPI, says: w("the API server does not accept the network plugin's credentials; the kubelet only repeats it", "o servidor da API não aceita as credenciais do plugin de rede; o kubelet só repete"), points: []point{{"cni-token", 60}, {"sa-key", 22}, {"client-ca-mismatch", 10}}},
	{on: "http-401", hop: ">webhook", says: w("the webhook wants credentials from the API server", "o webhook exige credenciais do servidor da API"), points: []point{{"webhook-backend", 45}, {"token-refused", 20}}},
	{
		on: "http-401", hop: kubeletToAPI, also: "provider-eks", says: w("the API server does not know the node's IAM role: nodes on EKS log in with it, and it needs an entry (aws-auth or access entry)", "o servidor da API não conhece a IAM role do nó: nós no EKS entram com ela, e ela precisa de uma entrada (aws-auth ou access entry)"),
		points: []point{{"cloud-identity", 52}, {"rbac-node-role", 48}, {"token-refused", 8}},
	},
	{
		on: "http-401", hop: kubeletToAPI, says: w("the API server does not believe the kubelet", "o servidor da API não acredita no kubelet"),
		points: []point{{"kubelet-cert-expired", 46}, {"client-ca-mismatch", 42}, {"token-refused", 10}},
	},
	{
		on: "http-401", hop: "controller-manager>", says: w("the API server does not believe a control-plane component", "o servidor da API não acredita em um componente do plano de controle"),
		points: []point{{"client-cert-expired", 48}, {"client-ca-mismatch", 30}, {"token-refused", 10}},
	},
	{
		on: "http-401", hop: "pod>", also: "kubelet-log", says: w("the API server does not believe the kubelet", "o servidor da API não acredita no kubelet"),
		points: []point{{"client-ca-mismatch", 46}, {"kubelet-cert-expired", 44}, {"token-refused", 20}},
	},
	{
		on: "http-401", hop: "pod>", says: w("the API server does not believe a client inside the cluster: its token, or its certificate", "o servidor da API não acredita em um cliente dentro do cluster: seu token, ou certificado"),
		points: []point{{"sa-key", 44}, {"client-ca-mismatch", 34}, {"client-cert-expired", 24}},
	},
	{on: "http-401", hop: "kubectl>", also: "exec-plugin", says: w("the credentials of the plugin are not accepted", "as credenciais do plugin não são aceitas"), points: []point{{"kubeconfig-token", 50}, {"cloud-identity", 20}}},
	{on: "http-401", hop: "kubectl>", also: "provider-eks", says: w("the API does not know this identity; on EKS an IAM principal needs an entry", "a API não conhece esta identidade; no EKS um principal IAM precisa de uma entrada"), points: []point{{"cloud-identity", 52}, {"kubeconfig-token", 20}}},
	{
		on: "http-401", hop: "kubectl>", says: w("the API server does not believe who you say you are", "o servidor da API não acredita em quem você diz ser"),
		points: []point{{"kubeconfig-cert-expired", 44}, {"kubeconfig-token", 42}, {"client-ca-mismatch", 24}},
	},
	{
		on: "http-401", says: w("credentials were not accepted", "credenciais não foram aceitas"),
		points: []point{{"token-refused", 40}, {"client-cert-expired", 28}, {"client-ca-mismatch", 24}},
	},

	// 403
	{on: "anonymous-403", hop: ">apiservice", says: w("the extension server sees nobody: the aggregator's identity did not arrive", "o servidor de extensão não vê ninguém: a identidade do agregador não chegou"), points: []point{{"front-proxy", 58}, {"rbac", 25}}},
	{on: "anonymous-403", also: "metrics-group", says: w("metrics-server sees nobody: the aggregator's identity did not arrive (front proxy)", "metrics-server não vê ninguém: a identidade do agregador não chegou (front proxy)"), points: []point{{"front-proxy", 56}, {"rbac", 30}, {"client-ca-mismatch", 10}}},
	{on: "anonymous-403", hop: metricsToKubelet, says: w("the kubelet takes metrics-server for nobody: its token is not checked there", "o kubelet toma o metrics-server por ninguém: o token não é verificado ali"), points: []point{{"kubelet-token", 44}, {"rbac-metrics", 40}, {"metrics-flags", 20}}},
	{on: "anonymous-403", hop: ">kubelet", says: w("the kubelet takes the API server for nobody: no client certificate is configured, or the kubelet does not know its CA", "o kubelet toma o servidor da API por ninguém: sem certificado de cliente configurado, ou o kubelet não conhece sua CA"), points: []point{{"rbac-kubelet", 44}, {"client-ca-mismatch", 38}, {"kubelet-token", 26}}},
	{on: "anonymous-403", also: "kubelet-403", says: w("the kubelet takes the caller for nobody", "o kubelet toma o chamador por ninguém"), points: []point{{"rbac-kubelet", 44}, {"client-ca-mismatch", 36}, {"kubelet-token", 30}}},
	{
		on: "anonymous-403", hop: kubeletToAPI, says: w("the kubelet shows the API server no certificate that it knows: its own was never issued, has ended, or is of another CA", "o kubelet não apresenta ao servidor da API um certificado conhecido: o seu nunca foi emitido, terminou, ou é de outra CA"),
		points: []point{{"csr-pending", 40}, {"kubelet-cert-expired", 38}, {"client-ca-mismatch", 24}, {"skew", 20}, {"rbac", 18}, {"token-refused", 10}},
	},
	{on: "anonymous-403", says: w("the server takes the caller for nobody: no credentials arrived, or a proxy took them off", "o servidor toma o chamador por ninguém: as credenciais não chegaram, ou um proxy as tirou"), points: []point{{"rbac", 42}, {"token-refused", 36}, {"client-ca-mismatch", 15}}},
	{on: "http-403", also: "wrong-proxy-user", says: w("the extension server takes the API server itself for the user: the front proxy's headers are not believed", "o servidor de extensão toma o próprio servidor da API pelo usuário: os cabeçalhos do front proxy não são acreditados"), points: []point{{"front-proxy", 58}, {"rbac", 28}}},
	{on: "http-403", hop: metricsToKubelet, says: w("the kubelet knows metrics-server and does not let it read metrics", "o kubelet conhece o metrics-server e não o deixa ler métricas"), points: []point{{"rbac-metrics", 56}, {"kubelet-token", 20}, {"metrics-flags", 14}}},
	{on: "http-403", hop: ">kubelet", also: "kubelet-403 !anonymous-403 !node-user", says: w("the kubelet knows the caller and does not let it: ‹user|USER›, ‹verb|VERB› ‹resource|nodes›/‹subresource|proxy›", "o kubelet conhece o chamador e não o deixa: ‹user|USER›, ‹verb|VERB› ‹resource|nodes›/‹subresource|proxy›"), points: []point{{"rbac-kubelet", 66}}, sure: true},
	{on: "http-403", hop: ">kubelet", says: w("the kubelet knows the caller and does not let it; a caller that is a node, or none that is named, may show the wrong certificate", "o kubelet conhece o chamador e não o deixa; um chamador que é um nó, ou que não é nomeado, talvez apresente o certificado errado"), points: []point{{"rbac-kubelet", 56}, {"client-ca-mismatch", 24}, {"kubelet-token", 14}}},
	{on: "http-403", also: "kubelet-403 !anonymous-403 !node-user", says: w("a kubelet says so: ‹user|USER›, ‹verb|VERB› ‹resource|nodes›/‹subresource|proxy›", "um kubelet diz isso: ‹user|USER›, ‹verb|VERB› ‹resource|nodes›/‹subresource|proxy›"), points: []point{{"rbac-kubelet", 66}}, sure: true},
	{on: "http-403", hop: ">apiservice", says: w("the extension server refused the aggregator", "o servidor de extensão recusou o agregador"), points: []point{{"front-proxy", 50}, {"rbac", 30}, {"metrics-proxy", 14}}},
	{on: "http-403", hop: kubeletToRegistry, says: w("the registry refused", "o registro recusou"), points: []point{{"image", 50}}},
	{on: "http-403", says: w("‹user|the user› is known and may not ‹verb|do this›", "‹user|o usuário› é conhecido e não pode ‹verb|fazer isto›"), points: []point{{"rbac", 62}, {"token-refused", 6}}},
	{
		on: "authz-error", says: w("the kubelet could not find out whether the caller may: its own request to the API failed", "o kubelet não conseguiu saber se o chamador pode: sua própria requisição à API falhou"),
		points: []point{{"kubelet-cannot-ask", 40}, {"rbac-kubelet", 38}, {"kubelet-cert-expired", 18}, {"token-refused", 10}},
	},

	// The server's side.
	{on: "auth-failed", says: w("a server tells why it did not believe a client", "um servidor diz por que não acreditou em um cliente"), points: []point{{"token-refused", 10}}},
	{on: "token-bad-signature", says: w("the token's signature does not fit the key that this API server checks with", "a assinatura do token não confere com a chave com que este servidor da API verifica"), points: []point{{"sa-key", 68}}, sure: true},
	{on: "token-expired", also: "oidc", says: w("the identity provider's token has ended", "o token do provedor de identidade venceu"), points: []point{{"oidc", 58}, {"clock", 14}}},
	{on: "token-audience", says: w("the token was made for other audiences than this server's", "o token foi feito para outras audiências que as deste servidor"), points: []point{{"token-refused", 60}}},
	{on: "token-expired", says: w("the token has ended", "o token venceu"), points: []point{{"token-refused", 58}, {"clock", 18}}},
	{on: "token-not-valid-yet", says: w("the token begins later than the server's clock: clocks disagree", "o token começa depois do relógio do servidor: os relógios divergem"), points: []point{{"clock", 58}, {"token-refused", 30}}},
	{on: "token-invalidated", says: w("the account or Pod that the token was bound to is gone", "a conta ou o Pod a que o token estava ligado sumiu"), points: []point{{"token-refused", 58}}},
	{on: "token-invalid", says: w("a bearer token was not accepted", "um bearer token não foi aceito"), points: []point{{"token-refused", 50}, {"sa-key", 30}}},
	{on: "oidc", says: w("OpenID Connect: ‹why|the token was not accepted›", "OpenID Connect: ‹why|o token não foi aceito›"), points: []point{{"oidc", 55}, {"clock", 6}}},
	{on: "exec-plugin", also: "exec-version", says: w("kubectl and the plugin do not speak the same version of the credentials API", "o kubectl e o plugin não falam a mesma versão da API de credenciais"), points: []point{{"skew", 50}, {"exec-plugin", 42}}},
	{on: "exec-plugin", says: w("the credential plugin failed before anything was sent", "o plugin de credenciais falhou antes de qualquer envio"), points: []point{{"exec-plugin", 58}, {"cloud-identity", 18}}},
	{on: "client-cert-unreadable", says: w("the kubeconfig names a certificate file that is not there", "o kubeconfig nomeia um arquivo de certificado que não existe"), points: []point{{"kubeconfig-cert-expired", 20}, {"no-kubeconfig", 40}}},
}
