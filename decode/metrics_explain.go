package decode

var metricsModes = []mode{
	{
		"metrics-flags", "metrics-server-config",
		w("metrics-server is configured in a way that does not fit this cluster: address types, port, certificate checks, host network, or resolution.",
			"metrics-server está configurado de um modo que não serve a este cluster: tipos de endereço, porta, verificação de certificados, rede do host, ou resolução."),
		[]test{
			{w("read its flags and its log", "leia suas flags e seu log"), "kubectl -n kube-system get deploy metrics-server -o jsonpath='{.spec.template.spec.containers[0].args}'; kubectl -n kube-system logs deploy/metrics-server --tail=20"},
			testAPIServices,
		},
	},
	{
		"metrics-proxy", "metrics-server-config",
		w("The API server sends requests for the metrics API to an HTTP proxy: NO_PROXY lacks the Service network.",
			"O servidor da API manda as requisições da API de métricas a um proxy HTTP: falta a rede de Services em NO_PROXY."),
		[]test{{w("on a control-plane node, read the API server's environment", "em um nó do plano de controle, leia o ambiente do servidor da API"), "grep -iA1 _proxy /etc/kubernetes/manifests/kube-apiserver.yaml; kubectl get svc kubernetes -o jsonpath='{.spec.clusterIP}'"}},
	},
	{
		"hpa-requests", "metrics-server-config",
		w("The metrics path works: the Pods that the autoscaler watches have no request for ‹resource|that resource›.",
			"O caminho das métricas funciona: os Pods que o autoscaler observa não têm request de ‹resource|esse recurso›."),
		[]test{
			{
				w("find containers without requests (side-cars count)", "ache containers sem requests (sidecars contam)"),
				"kubectl -n ‹namespace|NAMESPACE› get pods -o custom-columns='POD:.metadata.name,REQUESTS:.spec.containers[*].resources.requests'",
			},
			{w("see that metrics are there", "veja que as métricas existem"), "kubectl -n ‹namespace|NAMESPACE› top pods"},
		},
	},
}

var metricsClues = []clue{
	{on: "metrics-scrape-failed", says: w("metrics-server cannot read a node's kubelet", "metrics-server não consegue ler o kubelet de um nó"), points: []point{{"port-kubelet", 12}, {"metrics-flags", 10}, {"kubelet-san", 8}}},
	{on: "metrics-none", says: w("metrics-server has read no node yet", "metrics-server ainda não leu nenhum nó"), points: []point{{"metrics-flags", 34}, {"port-kubelet", 24}, {"apiservice-backend", 18}, {"csr-pending", 12}}},
	{on: "metrics-no-api", says: w("the metrics API is not there at all: metrics-server is not installed, or its APIService is not available", "a API de métricas não existe: metrics-server não instalado, ou seu APIService indisponível"), points: []point{{"apiservice-backend", 40}, {"metrics-flags", 28}, {"port-apiservice", 16}}},
	{on: "hpa-missing-request", says: w("the autoscaler has figures, and lacks a request to compare them with", "o autoscaler tem números, e falta um request para comparar"), points: []point{{"hpa-requests", 68}}, sure: true},
	{on: "hpa-no-metrics", says: w("the autoscaler gets no figures", "o autoscaler não recebe números"), points: []point{{"apiservice-backend", 20}, {"metrics-flags", 16}}},
	{on: "metrics-options", says: w("metrics-server's flags exclude each other", "as opções do metrics-server se excluem"), points: []point{{"metrics-flags", 62}}},
	{on: "metrics-no-address", says: w("a node has no address of the types that metrics-server prefers", "um nó não tem endereço dos tipos que o metrics-server prefere"), points: []point{{"metrics-flags", 58}}},
	{on: "metrics-slow", says: w("collecting took longer than its turn", "a coleta demorou mais que seu turno"), points: []point{{"overload", 34}, {"port-kubelet", 30}, {"metrics-flags", 20}}},
}
