package decode

// Tests that several hypotheses share.
var (
	testDates = test{
		w("read the dates and the issuer of the certificate that is shown", "leia as datas e o emissor do certificado apresentado"),
		"openssl s_client -connect ‹addr|HOST:PORT› -servername ‹host|HOST› </dev/null 2>/dev/null | openssl x509 -noout -subject -issuer -dates",
	}
	testNames = test{
		w("read the names of the certificate that is shown", "leia os nomes do certificado apresentado"),
		"openssl s_client -connect ‹addr|HOST:PORT› </dev/null 2>/dev/null | openssl x509 -noout -subject -ext subjectAltName",
	}
	testClock = test{
		w("compare the clock of the machine that complains with another one (repeat it there)", "compare o relógio da máquina que reclama com outro (repita nela)"),
		"date -u; timedatectl show -p NTPSynchronized; curl -skI https://‹addr|API-SERVER:6443› | grep -i '^date'",
	}
	testKubeadmCerts = test{
		w("on a control-plane node, list when its certificates end", "em um nó do plano de controle, liste quando os certificados terminam"),
		"kubeadm certs check-expiration",
	}
	testCSR = test{
		w("look for certificate requests that wait or were denied", "procure pedidos de certificado que esperam ou foram negados"),
		"kubectl get csr --sort-by=.metadata.creationTimestamp",
	}
	testTCP = test{
		w("try the port from where the connection is opened", "teste a porta de onde a conexão é aberta"),
		"nc -vz -w 5 ‹host|HOST› ‹port|PORT›",
	}
	testNodes = test{
		w("see whether the node is Ready and its addresses are right", "veja se o nó está Ready e se seus endereços estão certos"),
		"kubectl get nodes -o wide",
	}
	testAgents = test{
		w("see whether the tunnel's agents run, how many, since when", "veja se os agentes do túnel rodam, quantos, desde quando"),
		"kubectl -n kube-system get pods -o wide | grep -E 'konnectivity|tunnel|aks-link|vpn'",
	}
	testAPIServices = test{
		w("list the aggregated APIs and the reason each gives", "liste as APIs agregadas e a razão que cada uma dá"),
		"kubectl get apiservices -o custom-columns='NAME:.metadata.name,AVAILABLE:.status.conditions[0].status,REASON:.status.conditions[0].reason,MESSAGE:.status.conditions[0].message'",
	}
	testMTU = test{
		w("send the largest packet that must pass, without fragmenting; lower it until it does", "envie o maior pacote que deve passar, sem fragmentar; reduza até passar"),
		"ping -c 3 -M do -s 1472 ‹host|HOST›",
	}
)

var tlsModes = []mode{
	{
		"cert-expired", "cert-expired",
		w("The certificate that ‹to|the server› shows has ended (‹notAfter|its notAfter is past›).",
			"O certificado que ‹to|o servidor› apresenta terminou (‹notAfter|seu notAfter já passou›)."),
		[]test{testDates, testClock, testKubeadmCerts},
	},
	{
		"client-cert-expired", "cert-expired",
		w("The client certificate that ‹from|the client› presents to ‹to|the server› has ended, or its process still holds the old one after a renewal.",
			"O certificado de cliente que ‹from|o cliente› apresenta a ‹to|o servidor› terminou, ou o processo ainda usa o antigo depois de uma renovação."),
		[]test{
			{
				w("where ‹from|the client› runs: when its client certificate ends, and since when the process runs (it may hold an older one)", "onde ‹from|o cliente› roda: quando termina seu certificado de cliente, e desde quando o processo roda (pode ter um mais antigo)"),
				"openssl x509 -noout -subject -enddate -in ‹file|CLIENT.crt›; ps -o lstart=,comm= -C ‹process|PROGRAM›",
			},
			testKubeadmCerts,
		},
	},
	{
		"kubeconfig-cert-expired", "cert-expired",
		w("The client certificate inside the kubeconfig has ended.", "O certificado de cliente dentro do kubeconfig terminou."),
		[]test{
			{
				w("read its end from the kubeconfig", "leia o fim dele no kubeconfig"),
				"kubectl config view --raw --minify -o jsonpath='{.users[0].user.client-certificate-data}' | base64 -d | openssl x509 -noout -subject -enddate",
			},
			testKubeadmCerts,
		},
	},
	{
		"kubelet-cert-expired", "cert-expired",
		w("A kubelet's own client certificate has ended (often after the node or cluster was off), and its renewal waits or is refused.",
			"O certificado de cliente do próprio kubelet terminou (muitas vezes após o nó ou cluster ficar desligado), e a renovação espera ou é recusada."),
		[]test{
			{
				w("on the node, read its end", "no nó, leia o fim dele"),
				"openssl x509 -noout -subject -enddate -in /var/lib/kubelet/pki/kubelet-client-current.pem",
			},
			testCSR,
		},
	},
	{
		"agent-cert-expired", "cert-expired",
		w("konnectivity-agent's client certificate has ended; agents that reconnect are refused.",
			"O certificado de cliente do konnectivity-agent terminou; agentes que reconectam são recusados."),
		[]test{
			{
				w("find the Secret that the agent mounts, and read the certificate's end", "ache o Secret que o agente monta, e leia o fim do certificado"),
				"kubectl -n kube-system get deploy,ds -o yaml | grep -E 'agent-cert|secretName'; kubectl -n kube-system get secret ‹secret|SECRET› -o jsonpath='{.data.client\\.crt}' | base64 -d | openssl x509 -noout -subject -issuer -enddate",
			},
		},
	},
	{
		"clock", "clock-skew",
		w("The clock of the machine that checks is wrong (or the one that issued was), and the certificate or token is in order.",
			"O relógio da máquina que verifica está errado (ou o da que emitiu estava), e o certificado ou token está em ordem."),
		[]test{testClock, testDates},
	},
	{
		"cert-not-yet-valid", "cert-not-yet-valid",
		w("The certificate of ‹to|the server› begins later than the moment of the check (‹notBefore|its notBefore is ahead›): it was issued with a wrong clock or time zone.",
			"O certificado de ‹to|o servidor› começa depois do momento da verificação (‹notBefore|seu notBefore está à frente›): foi emitido com relógio ou fuso errado."),
		[]test{testDates, testClock},
	},
	{
		"ca-handed-out", "cert-ca-mismatch",
		w("The server's CA is not the one that the agent's token or settings were made for: it was replaced, something else answers at that address, or the token is of another cluster.",
			"A CA do servidor não é a do token ou das configurações do agente: foi trocada, outra coisa responde nesse endereço, ou o token é de outro cluster."),
		[]test{
			{w("k3s, RKE2: compare this sum with the token's first part, after K10", "k3s, RKE2: compare esta soma com a primeira parte do token, depois de K10"), "curl -sk https://‹address|SERVER:6443›/cacerts | sha256sum"},
			{w("Rancher: compare this sum with CATTLE_CA_CHECKSUM of the agent", "Rancher: compare esta soma com CATTLE_CA_CHECKSUM do agente"), "curl -sk https://RANCHER/v3/settings/cacerts | jq -r .value | sha256sum; kubectl -n cattle-system get deploy cattle-cluster-agent -o yaml | grep -A1 CATTLE_CA_CHECKSUM"},
		},
	},
	{
		"ca-mismatch", "cert-ca-mismatch",
		w("‹from|The client› does not trust the CA that issued the certificate of ‹to|the server›: a CA was replaced, or this end holds another one.",
			"‹from|O cliente› não confia na CA que emitiu o certificado de ‹to|o servidor›: uma CA foi trocada, ou este lado tem outra."),
		[]test{
			testDates,
			{
				w("compare it with the CA that the client is told to trust", "compare com a CA em que o cliente deve confiar"),
				"kubectl -n kube-system get configmap kube-root-ca.crt -o jsonpath='{.data.ca\\.crt}' | openssl x509 -noout -subject -fingerprint -sha256 -dates",
			},
		},
	},
	{
		"client-ca-mismatch", "cert-ca-mismatch",
		w("‹to|The server› does not trust the CA that issued the client certificate of ‹from|the client› (one side changed its CA, the other did not).",
			"‹to|O servidor› não confia na CA que emitiu o certificado de cliente de ‹from|o cliente› (um lado trocou a CA, o outro não)."),
		[]test{
			{
				w("read the CAs that the server accepts", "leia as CAs que o servidor aceita"),
				"openssl s_client -connect ‹addr|HOST:PORT› </dev/null 2>/dev/null | sed -n '/Acceptable client/,/Client Certificate Types/p'",
			},
			{
				w("read the issuer of the client certificate", "leia o emissor do certificado de cliente"),
				"openssl x509 -noout -subject -issuer -dates -in ‹file|CLIENT.crt›",
			},
		},
	},
	{
		"kubeconfig-other-ca", "cert-ca-mismatch",
		w("The kubeconfig holds the CA of another (often an earlier) cluster, or a proxy answers with a certificate of its own.",
			"O kubeconfig tem a CA de outro cluster (muitas vezes um anterior), ou um proxy responde com um certificado próprio."),
		[]test{
			testDates,
			{
				w("read the CA in the kubeconfig", "leia a CA do kubeconfig"),
				"kubectl config view --raw --minify -o jsonpath='{.clusters[0].cluster.certificate-authority-data}' | base64 -d | openssl x509 -noout -subject -fingerprint -sha256 -dates",
			},
		},
	},
	{
		"csr-pending", "cert-ca-mismatch",
		w("The kubelet has no serving certificate that its callers accept: its request waits for approval, was denied, or was never issued.",
			"O kubelet não tem um certificado de servidor que os chamadores aceitem: o pedido espera aprovação, foi negado, ou nunca foi emitido."),
		[]test{
			testCSR,
			{
				w("read the issuer and dates of what the kubelet shows", "leia o emissor e as datas do que o kubelet apresenta"),
				"openssl s_client -connect ‹host|NODE-IP›:10250 </dev/null 2>/dev/null | openssl x509 -noout -issuer -dates",
			},
		},
	},
	{
		"san", "cert-san",
		w("The certificate of ‹to|the server› does not name ‹wanted|the address that was dialled›: it was made for other names, or another server answers there.",
			"O certificado de ‹to|o servidor› não nomeia ‹wanted|o endereço discado›: foi feito para outros nomes, ou outro servidor responde ali."),
		[]test{testNames, testNodes},
	},
	{
		"kubelet-san", "cert-san",
		w("The kubelet shows a certificate without ‹wanted|the address that was dialled› (a self-signed one names only the host).",
			"O kubelet apresenta um certificado sem ‹wanted|o endereço discado› (o autoassinado só nomeia o host)."),
		[]test{
			{
				w("read the names and issuer of what the kubelet shows", "leia os nomes e o emissor do que o kubelet apresenta"),
				"openssl s_client -connect ‹host|NODE-IP›:10250 </dev/null 2>/dev/null | openssl x509 -noout -issuer -ext subjectAltName",
			},
			testNodes, testCSR,
		},
	},
	{
		"cert-usage", "cert-usage",
		w("The certificate may not be used for this purpose (server or client authentication is missing from its key usages).",
			"O certificado não pode ser usado para este fim (falta autenticação de servidor ou de cliente nos usos da chave)."),
		[]test{{w("read its usages", "leia os usos dele"), "openssl x509 -noout -ext extendedKeyUsage,keyUsage -in ‹file|CERTIFICATE.crt›"}},
	},
	{
		"cert-key", "cert-key-mismatch",
		w("The private key belongs to another certificate: only one of the two files was replaced.",
			"A chave privada pertence a outro certificado: só um dos dois arquivos foi trocado."),
		[]test{{w("compare the public keys", "compare as chaves públicas"), "openssl x509 -noout -pubkey -in CERT | sha256sum; openssl pkey -pubout -in KEY | sha256sum"}},
	},
	{
		"cert-file", "config",
		w("A file or Secret that should hold a certificate or a key is empty, cut, or of another format.", "Um arquivo ou Secret que deveria ter um certificado ou chave está vazio, cortado, ou em outro formato."),
		[]test{{w("read it", "leia-o"), "openssl x509 -noout -subject -dates -in CERT; openssl pkey -noout -in KEY && echo key ok"}},
	},
	{
		"mtu", "mtu",
		w("Large packets are lost on the way (MTU): connections open, and stall when the certificate or much data is sent.",
			"Pacotes grandes se perdem no caminho (MTU): conexões abrem, e param quando o certificado ou muitos dados são enviados."),
		[]test{
			testMTU,
			{
				w("compare the MTU of the Pods' interface with the node's", "compare o MTU da interface dos Pods com o do nó"),
				"ip -o link | grep -oE '^[0-9]+: [^:]+|mtu [0-9]+'",
			},
		},
	},
	{
		"not-tls", "config",
		w("Something else answers at ‹addr|this address›: plain HTTP, another service, or a proxy.",
			"Outra coisa responde em ‹addr|este endereço›: HTTP puro, outro serviço, ou um proxy."),
		[]test{{w("see what answers", "veja o que responde"), "curl -sv http://‹addr|HOST:PORT›/ 2>&1 | head -20"}},
	},
}

var tlsClues = []clue{
	// Expired, by the date in the text.
	{
		on: "tls-expired", hop: ">webhook", says: w("the webhook's certificate ended at ‹notAfter|a time past›, by the API server's clock", "o certificado do webhook terminou em ‹notAfter|um momento passado›, pelo relógio do servidor da API"),
		points: []point{{"webhook-cert", 60}, {"cert-expired", 50}, {"clock", 8}},
	},
	{
		on: "tls-expired", hop: agentToServer, says: w("the agent sees a server certificate that ended at ‹notAfter|a time past›", "o agente vê um certificado de servidor que terminou em ‹notAfter|um momento passado›"),
		points: []point{{"cert-expired", 65}, {"clock", 12}}, sure: true,
	},
	{
		on: "tls-expired", hop: ">apiservice", says: w("the extension server's certificate ended at ‹notAfter|a time past›", "o certificado do servidor de extensão terminou em ‹notAfter|um momento passado›"),
		points: []point{{"cert-expired", 60}, {"apiservice-cert", 40}, {"clock", 8}},
	},
	{
		on: "tls-expired", also: "close-call", says: w("the check was made less than a day after ‹notAfter|notAfter›: a clock or a time zone can be wrong by that much", "a verificação foi menos de um dia depois de ‹notAfter|notAfter›: um relógio ou fuso pode estar errado por isso"),
		points: []point{{"cert-expired", 60}, {"clock", 30}},
	},
	{
		on: "tls-expired", also: "new-cluster", says: w("the check was made after ‹notAfter|notAfter›, and certificates of a cluster just made have not had the time to end: a clock may be wrong", "a verificação foi depois de ‹notAfter|notAfter›, e certificados de um cluster recém-criado não tiveram tempo de terminar: um relógio pode estar errado"),
		points: []point{{"cert-expired", 56}, {"clock", 40}},
	},
	{
		on: "tls-expired", also: "long-past", says: w("the check was made years after ‹notAfter|notAfter›: nobody noticed for as long, or the clock that checks is far ahead", "a verificação foi anos depois de ‹notAfter|notAfter›: ninguém notou por tanto tempo, ou o relógio que verifica está muito adiantado"),
		points: []point{{"cert-expired", 52}, {"clock", 42}},
	},
	{
		on: "tls-expired", hop: ">kube-apiserver", says: w("the text gives both times: the check was made after ‹notAfter|notAfter›", "o texto dá os dois momentos: a verificação foi depois de ‹notAfter|notAfter›"),
		points: []point{{"cert-expired", 65}, {"clock", 14}}, sure: true,
	},
	{
		on: "tls-expired", hop: ">kubelet", says: w("the text gives both times: the check was made after ‹notAfter|notAfter›", "o texto dá os dois momentos: a verificação foi depois de ‹notAfter|notAfter›"),
		points: []point{{"cert-expired", 65}, {"clock", 14}}, sure: true,
	},
	{
		on: "tls-expired", says: w("the text gives both times: the check was made after ‹notAfter|notAfter›; whose certificate it is, it does not say", "o texto dá os dois momentos: a verificação foi depois de ‹notAfter|notAfter›; de quem é o certificado, não diz"),
		points: []point{{"cert-expired", 65}, {"clock", 14}},
	},

	// Before its time: by the date in the text.
	{
		on: "tls-not-yet-valid", says: w("the check was made before ‹notBefore|notBefore›: certificates are made for now, so a clock is wrong on one side", "a verificação foi antes de ‹notBefore|notBefore›: certificados são feitos para agora, então um relógio está errado em um dos lados"),
		points: []point{{"clock", 55}, {"cert-not-yet-valid", 48}},
	},

	// Outside its time, without dates: older programs, or a text cut short.
	{
		on: "tls-validity", hop: ">webhook", says: w("the webhook's certificate is outside its validity; which end of it, the text does not say", "o certificado do webhook está fora da validade; de que lado, o texto não diz"),
		points: []point{{"webhook-cert", 55}, {"cert-expired", 45}, {"clock", 12}},
	},
	{
		on: "tls-validity", also: "new-cluster", says: w("a certificate of a cluster just made has no time to end: a clock is wrong", "um certificado de um cluster recém-criado não teve tempo de terminar: um relógio está errado"),
		points: []point{{"clock", 50}, {"cert-expired", 30}, {"cert-not-yet-valid", 20}},
	},
	{
		on: "tls-validity", hop: apiToEtcd, says: w("the API server and its etcd sit on one machine as a rule, with one clock: their certificate has ended", "o servidor da API e seu etcd ficam em geral na mesma máquina, com um só relógio: o certificado deles terminou"),
		points: []point{{"cert-expired", 54}, {"clock", 20}, {"cert-not-yet-valid", 8}},
	},
	{
		on: "tls-validity", also: "same-machine !etcd-rejected", says: w("both ends are on one machine, with one clock: the certificate has ended", "os dois lados estão na mesma máquina, com um só relógio: o certificado terminou"),
		points: []point{{"cert-expired", 54}, {"clock", 22}, {"cert-not-yet-valid", 8}},
	},
	{
		on: "tls-validity", hop: ">kube-apiserver", says: w("the API server's certificate is outside its validity, or the clock that checks it is wrong: the text gives no times", "o certificado do servidor da API está fora da validade, ou o relógio que o verifica está errado: o texto não dá os momentos"),
		points: []point{{"cert-expired", 50}, {"clock", 38}, {"cert-not-yet-valid", 10}},
	},
	{
		on: "tls-validity", also: "auth-failed", says: w("a client's certificate is outside its validity", "o certificado de um cliente está fora da validade"),
		points: []point{{"client-cert-expired", 52}, {"clock", 26}},
	},
	{
		on: "tls-validity", says: w("the certificate is outside its validity; without the times, a clock that differs between two machines explains it as well", "o certificado está fora da validade; sem os momentos, um relógio que difere entre duas máquinas explica igualmente"),
		points: []point{{"cert-expired", 48}, {"clock", 40}, {"cert-not-yet-valid", 12}},
	},
	{
		on: "tls-expired-text", hop: ">webhook", says: w("the webhook's certificate has ended", "o certificado do webhook terminou"),
		points: []point{{"webhook-cert", 55}, {"cert-expired", 50}},
	},
	{
		on: "tls-expired-text", says: w("the text speaks of a certificate that has ended", "o texto fala de um certificado que terminou"),
		points: []point{{"cert-expired", 55}, {"clock", 10}},
	},

	// Another CA.
	{
		on: "tls-unknown-authority-same-name", hop: ">webhook", says: w("the caBundle holds a CA of the same name and another key: the webhook's CA was made anew", "o caBundle tem uma CA de mesmo nome e outra chave: a CA do webhook foi refeita"),
		points: []point{{"webhook-cert", 65}, {"ca-mismatch", 45}},
	},
	{
		on: "tls-unknown-authority-same-name", also: "auth-failed", says: w("a client's certificate comes from a CA of the same name and another key: the CA was made anew, or API servers use different ones", "o certificado de um cliente vem de uma CA de mesmo nome e outra chave: a CA foi refeita, ou os servidores da API usam CAs diferentes"),
		points: []point{{"client-ca-mismatch", 60}, {"front-proxy", 35}},
	},
	{
		on: "tls-unknown-authority-same-name", hop: "kubectl>", says: w("the kubeconfig trusts a CA of the same name and another key: the cluster was made anew, or its CA was", "o kubeconfig confia em uma CA de mesmo nome e outra chave: o cluster foi refeito, ou a CA dele"),
		points: []point{{"kubeconfig-other-ca", 65}}, sure: true,
	},
	{
		on: "tls-unknown-authority-same-name", hop: ">kubelet", says: w("the kubelet's certificate comes from a CA of the same name and another key", "o certificado do kubelet vem de uma CA de mesmo nome e outra chave"),
		points: []point{{"ca-mismatch", 62}, {"csr-pending", 20}},
	},
	{
		on: "tls-unknown-authority-same-name", hop: agentToServer, says: w("the CA that the agent was given has the name of the server's, and another key", "a CA dada ao agente tem o nome da CA do servidor, e outra chave"),
		points: []point{{"ca-mismatch", 62}, {"konnectivity-flags", 14}},
	},
	{
		on: "tls-unknown-authority-same-name", says: w("a CA of the same name and another key: it was made anew, and one end still has the old one", "uma CA de mesmo nome e outra chave: foi refeita, e um dos lados ainda tem a antiga"),
		points: []point{{"ca-mismatch", 62}, {"webhook-cert", 12}, {"apiservice-cert", 10}},
	},
	{
		on: "tls-unknown-authority", hop: ">webhook", says: w("the caBundle does not hold the CA of the webhook's certificate", "o caBundle não tem a CA do certificado do webhook"),
		points: []point{{"webhook-cert", 62}, {"ca-mismatch", 45}, {"rbac-injector", 9}, {"network-proxy", 7}},
	},
	{
		on: "tls-unknown-authority", also: "auth-failed", says: w("an end refuses a client's certificate because of its CA", "um lado recusa o certificado de um cliente por causa da CA"),
		points: []point{{"client-ca-mismatch", 52}, {"front-proxy", 40}, {"token-refused", 8}},
	},
	{
		on: "tls-unknown-authority", hop: metricsToKubelet, says: w("the kubelet shows a certificate that the cluster's CA did not issue: self-signed is the default", "o kubelet apresenta um certificado que a CA do cluster não emitiu: autoassinado é o padrão"),
		points: []point{{"csr-pending", 55}, {"metrics-flags", 40}},
	},
	{
		on: "tls-unknown-authority", hop: ">apiservice", says: w("the APIService's caBundle does not hold the CA of the extension server's certificate", "o caBundle do APIService não tem a CA do certificado do servidor de extensão"),
		points: []point{{"apiservice-cert", 50}, {"ca-mismatch", 48}},
	},
	{
		on: "tls-unknown-authority", hop: "kubectl>", says: w("the kubeconfig's CA is not that of the server that answers", "a CA do kubeconfig não é a do servidor que responde"),
		points: []point{{"kubeconfig-other-ca", 60}, {"network-proxy", 12}},
	},
	{
		on: "tls-unknown-authority", hop: ">kubelet", says: w("the kubelet's certificate is not of the CA that is trusted for kubelets: a kubelet without one issued signs its own", "o certificado do kubelet não é da CA em que se confia para kubelets: um kubelet sem um emitido assina o próprio"),
		points: []point{{"ca-mismatch", 55}, {"csr-pending", 40}, {"network-proxy", 8}},
	},
	{
		on: "tls-unknown-authority", hop: agentToServer, says: w("the agent does not trust the CA of the tunnel's server: its --ca-cert is another one, or something else answers there", "o agente não confia na CA do servidor do túnel: seu --ca-cert é outro, ou outra coisa responde ali"),
		points: []point{{"ca-mismatch", 55}, {"konnectivity-flags", 24}, {"network-proxy", 10}},
	},
	{
		on: "tls-unknown-authority", also: "konnectivity !webhook !metrics-group", says: w("one end of the tunnel does not trust the CA of the certificate that it is shown", "uma ponta do túnel não confia na CA do certificado que lhe é apresentado"),
		points: []point{{"ca-mismatch", 55}, {"konnectivity-flags", 22}, {"network-proxy", 8}},
	},
	{
		on: "tls-unknown-authority", hop: kubeletToRegistry, says: w("the node does not trust the registry's CA", "o nó não confia na CA do registro"),
		points: []point{{"ca-mismatch", 50}, {"network-proxy", 20}},
	},
	{
		on: "tls-unknown-authority", says: w("one end does not trust the CA of the certificate that it is shown", "um lado não confia na CA do certificado que lhe é apresentado"),
		points: []point{{"ca-mismatch", 55}, {"apiservice-cert", 20}, {"webhook-cert", 18}, {"network-proxy", 8}},
	},

	// Names.
	{
		on: "tls-no-ip-san", hop: ">kubelet", says: w("the kubelet's certificate has no address in it, as kubelets that sign for themselves make them", "o certificado do kubelet não tem endereço, como os que os kubelets autoassinam"),
		points: []point{{"kubelet-san", 62}, {"metrics-flags", 22}, {"csr-pending", 15}},
	},
	{
		on: "tls-no-ip-san", says: w("dialled by address, and the certificate names none", "discado por endereço, e o certificado não nomeia nenhum"),
		points: []point{{"san", 62}},
	},
	{
		on: "tls-san", hop: ">kubelet", says: w("what answers names ‹sans|other names›, not ‹wanted|what was dialled›", "o que responde nomeia ‹sans|outros nomes›, não ‹wanted|o que foi discado›"),
		points: []point{{"kubelet-san", 62}, {"csr-pending", 12}, {"metrics-flags", 10}},
	},
	{
		on: "tls-san", hop: ">webhook", says: w("the webhook's name is not in the certificate (another server may answer there, as on a port that two share)", "o nome do webhook não está no certificado (outro servidor pode responder ali, como em uma porta compartilhada)"),
		points: []point{{"san", 58}, {"webhook-cert", 45}},
	},
	{
		on: "tls-san", hop: ">apiservice", says: w("what answers at the extension server's Service names ‹sans|other names›, not ‹wanted|the Service›: another certificate, or another server on that port", "o que responde no Service do servidor de extensão nomeia ‹sans|outros nomes›, não ‹wanted|o Service›: outro certificado, ou outro servidor nessa porta"),
		points: []point{{"san", 56}, {"apiservice-cert", 44}, {"metrics-flags", 24}},
	},
	{
		on: "tls-san", also: "api-names", says: w("an API server answers, with a certificate for ‹sans|other names›, not ‹wanted|what was dialled›", "um servidor da API responde, com um certificado para ‹sans|outros nomes›, não ‹wanted|o que foi discado›"),
		points: []point{{"san", 65}}, sure: true,
	},
	{
		on: "tls-san", says: w("what answers names ‹sans|other names›, not ‹wanted|what was dialled›", "o que responde nomeia ‹sans|outros nomes›, não ‹wanted|o que foi discado›"),
		points: []point{{"san", 65}, {"not-tls", 10}},
	},
	{
		on: "tls-san-legacy-cn", hop: ">webhook", says: w("the webhook's certificate has only a Common Name, which Go reads no more since 1.15", "o certificado do webhook só tem Common Name, que o Go não lê mais desde 1.15"),
		points: []point{{"san", 58}, {"webhook-cert", 45}, {"skew", 10}},
	},
	{
		on: "tls-san-legacy-cn", says: w("the certificate has only a Common Name, which Go reads no more since 1.15", "o certificado só tem Common Name, que o Go não lê mais desde 1.15"),
		points: []point{{"san", 62}, {"skew", 10}},
	},
	{
		on: "tls-key-usage", also: "auth-failed", says: w("a client's certificate was not made for clients, or is judged by a CA that did not make it (requestheader and client CA are tried in turn)", "o certificado de um cliente não foi feito para clientes, ou é julgado por uma CA que não o fez (as CAs de requestheader e de clientes são tentadas em sequência)"),
		points: []point{{"front-proxy", 30}, {"cert-usage", 30}, {"client-ca-mismatch", 10}},
	},
	{
		on: "tls-key-usage", says: w("the certificate was made for another purpose", "o certificado foi feito para outro fim"),
		points: []point{{"cert-usage", 60}, {"ca-mismatch", 25}, {"webhook-cert", 15}},
	},
	{
		on: "tls-ca-bundle-unreadable", hop: ">webhook", says: w("the caBundle cannot be read as a certificate", "o caBundle não pode ser lido como certificado"),
		points: []point{{"webhook-cert", 65}, {"ca-mismatch", 30}},
	},
	{
		on: "tls-ca-bundle-unreadable", hop: ">kubelet", says: w("the CA bundle cannot be read as a certificate", "o bundle de CA não pode ser lido como certificado"),
		points: []point{{"ca-mismatch", 50}},
	},
	{
		on: "tls-ca-bundle-unreadable", hop: agentToServer, says: w("the CA bundle cannot be read as a certificate", "o bundle de CA não pode ser lido como certificado"),
		points: []point{{"ca-mismatch", 50}},
	},
	{
		on: "tls-ca-bundle-unreadable", says: w("the CA bundle cannot be read as a certificate", "o pacote de CAs não pode ser lido como certificado"),
		points: []point{{"ca-mismatch", 50}, {"webhook-cert", 30}, {"apiservice-cert", 20}},
	},
	{
		on: "tls-key-mismatch", says: w("certificate and key are not a pair", "certificado e chave não formam par"),
		points: []point{{"cert-key", 60}, {"ca-mismatch", 25}},
	},
	{on: "tls-file-bad", says: w("a certificate's or key's file is empty, malformed, or only one of the two is given", "o arquivo de um certificado ou chave está vazio, malformado, ou só um dos dois foi dado"), points: []point{{"cert-file", 58}, {"cert-key", 20}, {"ca-mismatch", 8}}},
	{on: "tls-name-constraint", says: w("the CA may not sign for this name", "a CA não pode assinar para este nome"), points: []point{{"ca-mismatch", 46}, {"san", 36}}},
	{on: "tls-revoked", says: w("the other end holds the certificate for revoked (no Go program checks that: it is a proxy or another product)", "o outro lado considera o certificado revogado (nenhum programa em Go verifica isso: é um proxy ou outro produto)"), points: []point{{"ca-mismatch", 30}, {"http-proxy", 30}}},
	{
		on: "tls-no-valid-chain", says: w("no chain leads from the certificate to a CA that is trusted", "nenhuma cadeia leva do certificado a uma CA confiável"),
		points: []point{{"ca-mismatch", 55}},
	},

	// No serving certificate.
	{
		on: "tls-internal-error", hop: "kubectl>", says: w("the server has no certificate to show", "o servidor não tem certificado para apresentar"),
		points: []point{{"api-down", 30}, {"csr-pending", 30}},
	},
	{
		on: "tls-internal-error", says: w("this alert is what a kubelet without a serving certificate answers to every handshake", "este alerta é o que um kubelet sem certificado de servidor responde a todo handshake"),
		points: []point{{"csr-pending", 62}, {"bug", 6}},
	},
	{
		on: "tls-no-serving-cert", says: w("the kubelet says that it has no serving certificate", "o kubelet diz que não tem certificado de servidor"),
		points: []point{{"csr-pending", 65}},
	},

	// The other end refuses the client's certificate.
	{
		on: "tls-client-cert-required", hop: agentToServer, says: w("the server wants a client certificate and the agent sent none: no flag for it, or one of a CA that the server does not list", "o servidor quer um certificado de cliente e o agente não enviou: falta a flag, ou é de uma CA que o servidor não lista"),
		points: []point{{"client-ca-mismatch", 45}, {"konnectivity-flags", 38}, {"agent-cert-expired", 10}},
	},
	{
		on: "tls-client-cert-required", says: w("the server wants a client certificate and got none (Go sends none of a CA that the server does not list)", "o servidor quer um certificado de cliente e não recebeu (Go não envia um de CA que o servidor não lista)"),
		points: []point{{"client-ca-mismatch", 50}, {"token-refused", 15}, {"http-proxy", 6}},
	},
	{
		on: "tls-client-cert-expired", hop: agentToServer, says: w("the tunnel's server says that the agent's certificate has ended", "o servidor do túnel diz que o certificado do agente terminou"),
		points: []point{{"agent-cert-expired", 65}, {"clock", 10}}, sure: true,
	},
	{
		on: "tls-client-cert-expired", says: w("the other end says that the client's certificate has ended", "o outro lado diz que o certificado do cliente terminou"),
		points: []point{{"client-cert-expired", 62}, {"clock", 10}},
	},
	{
		on: "tls-client-unknown-ca", says: w("the other end does not trust the CA of the client's certificate", "o outro lado não confia na CA do certificado do cliente"),
		points: []point{{"client-ca-mismatch", 62}},
	},
	{
		on: "tls-bad-certificate", hop: ">etcd", says: w("an etcd client or peer refused a certificate; why is only in its own log", "um cliente ou par do etcd recusou um certificado; o porquê só está no log dele"),
		points: []point{{"ca-mismatch", 38}, {"cert-expired", 36}, {"san", 20}},
	},
	{
		on: "tls-bad-certificate", also: "tls-server-log webhook", says: w("a webhook's client, the API server, refuses its certificate: caBundle and certificate do not fit, or the Pod has not loaded a new one", "o cliente do webhook, o servidor da API, recusa seu certificado: caBundle e certificado não combinam, ou o Pod não carregou um novo"),
		points: []point{{"webhook-cert", 56}, {"ca-mismatch", 34}, {"cert-expired", 20}},
	},
	{
		on: "tls-bad-certificate", also: "tls-server-log konnectivity", says: w("one end of the tunnel refused the other's certificate, and did not say why", "uma ponta do túnel recusou o certificado da outra, e não disse por quê"),
		points: []point{{"ca-mismatch", 38}, {"agent-cert-expired", 28}, {"san", 16}},
	},
	{
		on: "tls-bad-certificate", also: "tls-server-log", says: w("a server's client refused its certificate, and did not say why; inside a cluster that client is as a rule the API server: of a webhook, an extension server, a kubelet", "o cliente de um servidor recusou o certificado, e não disse por quê; dentro de um cluster esse cliente é em geral o servidor da API: de um webhook, um servidor de extensão, um kubelet"),
		points: []point{{"webhook-cert", 40}, {"ca-mismatch", 38}, {"cert-expired", 26}, {"apiservice-cert", 16}, {"san", 14}},
	},
	{
		on: "tls-bad-certificate", says: w("one end refused the other's certificate; the reason is in the log of the end that refused", "um lado recusou o certificado do outro; a razão está no log do lado que recusou"),
		points: []point{{"ca-mismatch", 38}, {"cert-expired", 30}, {"san", 18}, {"clock", 8}},
	},
	{on: "tls-other-name", says: w("what answers serves other names only: a balancer or ingress that chooses by name, and does not know this one", "o que responde só serve outros nomes: um balanceador ou ingress que escolhe pelo nome, e não conhece este"), points: []point{{"not-tls", 34}, {"san", 30}, {"http-proxy", 14}}},
	{on: "tls-access-denied", says: w("the other end accepts the certificate as such, and lets its bearer not in: a mesh or proxy in between does that", "o outro lado aceita o certificado em si, e não deixa entrar quem o traz: uma malha ou proxy no meio faz isso"), points: []point{{"client-ca-mismatch", 28}, {"http-proxy", 24}}},
	{on: "tls-verify-failed", says: w("a certificate was not accepted, and the text does not say why", "um certificado não foi aceito, e o texto não diz por quê"), points: []point{{"ca-mismatch", 36}, {"cert-expired", 24}, {"san", 16}, {"network-proxy", 8}}},
	{
		on: "tls-handshake-failure", says: w("the handshake was refused: no common version or cipher, or a client certificate was wanted", "o handshake foi recusado: sem versão ou cifra comum, ou faltou um certificado de cliente"),
		points: []point{{"client-ca-mismatch", 25}, {"skew", 20}, {"http-proxy", 20}},
	},
	{
		on: "tls-alpn", says: w("the ends cannot agree on a protocol: a firewall that opens TLS strips it", "os lados não concordam em um protocolo: um firewall que abre TLS o remove"),
		points: []point{{"http-proxy", 45}, {"konnectivity-flags", 25}, {"skew", 15}},
	},
	{
		on: "tls-version", says: w("the ends have no TLS version in common", "os lados não têm versão de TLS em comum"),
		points: []point{{"skew", 40}, {"removed-api", 20}, {"http-proxy", 20}},
	},

	// The handshake does not end.
	{
		on: "tls-handshake-timeout", hop: ">kubelet", says: w("the port opens and the handshake gets no answer: packets are lost on the way, or the other end hangs", "a porta abre e o handshake não tem resposta: pacotes se perdem no caminho, ou o outro lado está travado"),
		points: []point{{"port-kubelet", 42}, {"mtu", 36}, {"agent-hung", 14}, {"kubelet-down", 14}, {"overload", 12}, {"http-proxy", 10}},
	},
	{
		on: "tls-handshake-timeout", hop: ">webhook", says: w("the port opens and the handshake gets no answer", "a porta abre e o handshake não tem resposta"),
		points: []point{{"port-webhook", 36}, {"mtu", 34}, {"webhook-backend", 18}, {"agent-hung", 10}},
	},
	{
		on: "tls-handshake-timeout", hop: "kubectl>", says: w("the port opens and the API server does not answer the handshake: too busy, or large packets are lost", "a porta abre e o servidor da API não responde ao handshake: ocupado demais, ou pacotes grandes se perdem"),
		points: []point{{"mtu", 34}, {"port-api", 32}, {"overload", 30}, {"http-proxy", 12}},
	},
	{
		on: "tls-handshake-timeout", hop: "pod>", says: w("a Pod's connection to the API opens and the handshake gets no answer: large packets are lost between Pod and node", "a conexão de um Pod à API abre e o handshake não tem resposta: pacotes grandes se perdem entre Pod e nó"),
		points: []point{{"mtu", 48}, {"service-network", 30}, {"overload", 12}},
	},
	{
		on: "tls-handshake-timeout", says: w("the port opens and the handshake gets no answer", "a porta abre e o handshake não tem resposta"),
		points: []point{{"mtu", 34}, {"port", 34}, {"overload", 20}, {"http-proxy", 10}},
	},
	{
		on: "tls-not-tls", also: "agent-cannot-connect", says: w("the agent reaches something that is not the tunnel's server", "o agente alcança algo que não é o servidor do túnel"),
		points: []point{{"konnectivity-flags", 50}, {"http-proxy", 30}},
	},
	{
		on: "tls-not-tls", hop: ">kubelet", also: "provider-aks", says: w("the managed tunnel answers with a plain HTTP error in the kubelet's place", "o túnel gerenciado responde com um erro HTTP puro no lugar do kubelet"),
		points: []point{{"server-down", 48}, {"http-proxy", 34}, {"agent-down", 20}},
	},
	{
		on: "tls-not-tls", hop: ">kubelet", says: w("a proxy or another program answers in the kubelet's place", "um proxy ou outro programa responde no lugar do kubelet"),
		points: []point{{"http-proxy", 44}, {"server-down", 26}, {"not-tls", 24}, {"konnectivity-flags", 15}},
	},
	{
		on: "tls-not-tls", says: w("what answers does not speak TLS", "o que responde não fala TLS"),
		points: []point{{"not-tls", 45}, {"http-proxy", 26}, {"webhook-backend", 15}},
	},
	{
		on: "tls-wanted", says: w("asked in plain HTTP, and TLS is wanted", "pedido em HTTP puro, e TLS é exigido"),
		points: []point{{"not-tls", 40}},
	},
	{
		on: "tls-server-log", also: "!tls-bad-certificate !tls-no-serving-cert !tls-handshake-timeout", says: w("a server reports a handshake that a client gave up: health probes do that all day", "um servidor relata um handshake de que o cliente desistiu: sondas de saúde fazem isso o dia todo"),
		points: []point{{"ca-mismatch", 8}},
	},
}
