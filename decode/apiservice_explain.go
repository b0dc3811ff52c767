package decode

var apiserviceModes = []mode{
	{
		"apiservice-backend", "apiservice",
		w("The aggregated API ‹group|› has nothing that answers behind it: no ready Pod, a missing Service or a wrong port.",
			"A API agregada ‹group|› não tem quem responda atrás dela: nenhum Pod pronto, Service ausente ou porta errada."),
		[]test{
			testAPIServices,
			{w("see the Pods behind it, and why they are not ready", "veja os Pods atrás dela, e por que não estão prontos"), "kubectl get pods -A -o wide | grep -E 'metrics|adapter|‹service|SERVICE›'; kubectl -n kube-system describe pod -l k8s-app=metrics-server | tail -20"},
		},
	},
	{
		"apiservice-cert", "apiservice",
		w("The APIService's caBundle and the extension server's certificate do not fit.", "O caBundle do APIService e o certificado do servidor de extensão não combinam."),
		[]test{
			testAPIServices,
			{w("read the CA that is registered", "leia a CA registrada"), "kubectl get apiservice ‹version|v1beta1›.‹group|GROUP› -o jsonpath='{.spec.caBundle}' | base64 -d | openssl x509 -noout -subject -fingerprint -dates"},
		},
	},
	{
		"front-proxy", "apiservice",
		w("The extension server does not believe the aggregator's front-proxy identity: proxy-client certificate, requestheader CA or allowed names do not fit.",
			"O servidor de extensão não acredita na identidade de front proxy do agregador: certificado proxy-client, CA de requestheader ou nomes permitidos não combinam."),
		[]test{
			{
				w("read the CA and names that extension servers are told to believe", "leia a CA e os nomes em que os servidores de extensão devem acreditar"),
				"kubectl -n kube-system get configmap extension-apiserver-authentication -o yaml",
			},
			{
				w("on every control-plane node: issuer and dates of the aggregator's certificate", "em cada nó do plano de controle: emissor e datas do certificado do agregador"),
				"openssl x509 -noout -subject -issuer -dates -in /etc/kubernetes/pki/front-proxy-client.crt",
			},
			testAPIServices,
		},
	},
}

var apiserviceClues = []clue{
	{on: "apiservice-failed-check", says: w("the aggregator's own check of the API fails", "a verificação que o próprio agregador faz da API falha"), points: []point{{"apiservice-backend", 20}, {"port-apiservice", 14}, {"metrics-flags", 6}}},
	{on: "apiservice-no-endpoints", says: w("no Pod is ready behind the API's Service", "nenhum Pod está pronto atrás do Service da API"), points: []point{{"apiservice-backend", 60}, {"metrics-flags", 20}}},
	{on: "apiservice-no-service", says: w("the Service that the APIService names does not exist", "o Service que o APIService nomeia não existe"), points: []point{{"apiservice-backend", 64}}, sure: true},
	{on: "apiservice-wrong-port", says: w("the Service has not the port that the APIService names", "o Service não tem a porta que o APIService nomeia"), points: []point{{"apiservice-backend", 62}, {"metrics-flags", 12}}},
	{on: "apiservice-401", says: w("the extension server answers the aggregator with 401: its front-proxy certificate is not believed", "o servidor de extensão responde 401 ao agregador: seu certificado de front proxy não é acreditado"), points: []point{{"front-proxy", 60}, {"client-ca-mismatch", 26}, {"client-cert-expired", 20}}},
	{on: "apiservice-403", says: w("the extension server answers the aggregator with 403, or an HTTP proxy does in its place", "o servidor de extensão responde 403 ao agregador, ou um proxy HTTP no lugar dele"), points: []point{{"front-proxy", 54}, {"http-proxy", 30}, {"rbac", 26}, {"metrics-proxy", 12}}},
	{on: "apiservice-bad-status", says: w("the extension server answers with ‹code|an error›", "o servidor de extensão responde com ‹code|um erro›"), points: []point{{"apiservice-backend", 46}}},
	{on: "apiservice-timeout", says: w("no answer from the extension server in time", "sem resposta do servidor de extensão a tempo"), points: []point{{"port-apiservice", 44}, {"apiservice-backend", 30}}},
	{on: "auth-reader", says: w("an extension server may not read by which CA it should know the API server (role extension-apiserver-authentication-reader)", "um servidor de extensão não pode ler por que CA deve reconhecer o servidor da API (role extension-apiserver-authentication-reader)"), points: []point{{"rbac-auth-reader", 60}, {"front-proxy", 20}}},
	{on: "front-proxy-config", says: w("the text speaks of the front-proxy identity between aggregator and extension servers", "o texto fala da identidade de front proxy entre agregador e servidores de extensão"), points: []point{{"front-proxy", 40}, {"client-ca-mismatch", 10}}},
	{on: "address-refused", says: w("the API server itself refuses to dial that address: it is not of the networks it may reach (on EKS: Pods outside of the VPC)", "o próprio servidor da API se recusa a discar esse endereço: não é das redes que pode alcançar (no EKS: Pods fora da VPC)"), points: []point{{"port-apiservice", 52}, {"apiservice-backend", 26}, {"metrics-flags", 18}}},
	{on: "front-proxy-name", says: w("the front-proxy certificate's name ‹cn|CN› is not among the allowed", "o nome ‹cn|CN› do certificado de front proxy não está entre os permitidos"), points: []point{{"front-proxy", 62}}},
}
