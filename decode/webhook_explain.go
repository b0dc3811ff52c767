package decode

var webhookModes = []mode{
	{
		"policy-denies", "other",
		w("The ValidatingAdmissionPolicy ‹name|that matches› denies the request by its rules: nothing on the way is broken, no webhook was asked.",
			"A ValidatingAdmissionPolicy ‹name|que se aplica› nega a requisição por suas regras: nada no caminho está quebrado, nenhum webhook foi consultado."),
		[]test{
			{w("its rules, and their messages", "suas regras, e as mensagens"), "kubectl get validatingadmissionpolicy ‹name|NAME› -o yaml"},
			{w("to what it applies, and with which parameters", "a que se aplica, e com que parâmetros"), "kubectl get validatingadmissionpolicybinding ‹binding|NAME› -o yaml"},
		},
	},
	{
		"webhook-cert", "webhook",
		w("The webhook's certificate and the caBundle registered for it do not fit: one was renewed without the other, it ended, or the Pod has not loaded the new one.",
			"O certificado do webhook e o caBundle registrado não combinam: um foi renovado sem o outro, terminou, ou o Pod não carregou o novo."),
		[]test{
			{
				w("read the CA that is registered", "leia a CA registrada"),
				"kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations -o json | jq -r '.items[].webhooks[] | select(.name==\"‹webhook|WEBHOOK›\") | .clientConfig.caBundle' | base64 -d | openssl x509 -noout -subject -fingerprint -dates",
			},
			{
				w("read the certificate that the webhook's Secret holds", "leia o certificado que o Secret do webhook tem"),
				"kubectl -n ‹namespace|NAMESPACE› get secret SECRET -o jsonpath='{.data.tls\\.crt}' | base64 -d | openssl x509 -noout -subject -issuer -dates",
			},
			{
				w("see since when the Pod runs: a newer Secret may not be loaded", "veja desde quando o Pod roda: um Secret mais novo pode não estar carregado"),
				"kubectl -n ‹namespace|NAMESPACE› get pods -o wide",
			},
		},
	},
	{
		"webhook-backend", "webhook",
		w("The webhook ‹webhook|that must be asked› does not do its work: no Pod is ready behind its Service, the Service or port is wrong, or it answers too slowly.",
			"O webhook ‹webhook|que deve ser consultado› não faz seu trabalho: nenhum Pod pronto atrás do Service, Service ou porta errados, ou responde devagar demais."),
		[]test{
			{w("see the Pods behind the Service", "veja os Pods atrás do Service"), "kubectl -n ‹namespace|NAMESPACE› get svc,endpointslices,pods -o wide"},
			{
				w("see what it guards, and whether its own namespace is among it", "veja o que ele guarda, e se o próprio namespace está incluído"),
				"kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations -o custom-columns='NAME:.metadata.name,POLICY:.webhooks[*].failurePolicy,SERVICE:.webhooks[*].clientConfig.service.name,TIMEOUT:.webhooks[*].timeoutSeconds'",
			},
		},
	},
	{
		"webhook-denies", "other",
		w("The webhook ‹webhook|that was asked› works, and denies the request by its rules.", "O webhook ‹webhook|consultado› funciona, e nega a requisição por suas regras."),
		[]test{{w("read the rules behind it", "leia as regras por trás dele"), "kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations | grep '‹webhook|WEBHOOK›'"}},
	},
	{
		"workload-down", "workload-down",
		w("No Pod works behind ‹name|the Service›: none is ready, or none matches its selector.", "Nenhum Pod funciona atrás de ‹name|o Service›: nenhum está pronto, ou nenhum corresponde ao seletor."),
		[]test{{w("see the Pods behind the Service", "veja os Pods atrás do Service"), "kubectl get endpointslices -A | grep ‹name|SERVICE›; kubectl get pods -A -o wide | grep ‹name|SERVICE›"}},
	},
}

var webhookClues = []clue{
	{on: "policy-denied", says: w("the API server names the policy that said no", "o servidor da API nomeia a política que disse não"), points: []point{{"policy-denies", 66}}, sure: true},
	{on: "webhook-failed", says: w("an admission webhook stands in the way of the request", "um webhook de admissão está no caminho da requisição"), points: []point{{"webhook-backend", 6}}},
	{on: "conversion-failed", says: w("a conversion webhook stands in the way of the request", "um webhook de conversão está no caminho da requisição"), points: []point{{"webhook-backend", 16}, {"webhook-cert", 8}}},
	{on: "webhook-denied", says: w("the webhook answered, and said no", "o webhook respondeu, e disse não"), points: []point{{"webhook-denies", 60}, {"webhook-backend", 30}}},
	{on: "no-endpoints", also: "webhook", says: w("no Pod is ready behind the webhook's Service", "nenhum Pod está pronto atrás do Service do webhook"), points: []point{{"webhook-backend", 60}, {"workload-down", 20}}},
	{on: "no-endpoints", also: "metrics-group", says: w("no Pod is ready behind the metrics API", "nenhum Pod está pronto atrás da API de métricas"), points: []point{{"apiservice-backend", 56}, {"workload-down", 20}}},
	{on: "no-endpoints", says: w("no Pod is ready behind the Service", "nenhum Pod está pronto atrás do Service"), points: []point{{"workload-down", 45}, {"webhook-backend", 25}, {"apiservice-backend", 20}}},
	{on: "service-not-found", hop: ">webhook", says: w("the Service that the webhook names does not exist: something was uninstalled by half", "o Service que o webhook nomeia não existe: algo foi desinstalado pela metade"), points: []point{{"webhook-backend", 60}}, sure: true},
	{on: "service-not-found", says: w("a Service that is named does not exist", "um Service nomeado não existe"), points: []point{{"workload-down", 20}, {"webhook-backend", 18}, {"apiservice-backend", 18}}},
	{on: "webhook-bad-answer", says: w("the webhook's address answers, and not as this webhook: wrong path, version, or another server", "o endereço do webhook responde, mas não como este webhook: caminho, versão, ou outro servidor"), points: []point{{"webhook-backend", 52}, {"skew", 12}}},
}
