package decode

import "github.com/kubelaudo/laudo/message"

// limits say what findings do not prove.
var limits = []struct {
	on   string // ids of findings
	text message.Word
}{
	{
		"tls-expired tls-validity tls-not-yet-valid tls-client-cert-expired",
		w("whose clock is right: a certificate is judged by the clock of the end that complains", "de quem é o relógio certo: um certificado é julgado pelo relógio do lado que reclama"),
	},
	{"tls-validity", w("whether the certificate has ended or not begun: the text does not give the times", "se o certificado terminou ou ainda não começou: o texto não dá os momentos")},
	{
		"tls-expired tls-unknown-authority tls-unknown-authority-same-name tls-san tls-no-ip-san",
		w("which certificate is stored: a renewed one helps only once the process has loaded it", "que certificado está guardado: um renovado só ajuda depois que o processo o carregou"),
	},
	{"tls-bad-certificate", w("what was wrong with the certificate: only the end that refused it knows", "o que havia de errado com o certificado: só o lado que o recusou sabe")},
	{"tls-san tls-no-ip-san", w("that the right server answered: a wrong address, or a port that two share, gives the same text", "que o servidor certo respondeu: um endereço errado, ou uma porta compartilhada, dá o mesmo texto")},
	{
		"dial-timeout client-timeout io-timeout connect-canceled proxy-504 tls-handshake-timeout",
		w("that a firewall is at fault: a host that is off, a wrong address, a missing route and an end that hangs look the same", "que um firewall é culpado: um host desligado, um endereço errado, uma rota ausente e um lado travado parecem iguais"),
	},
	{"dial-refused refused", w("why nothing listens there, nor that the address is the right one", "por que nada escuta ali, nem que o endereço é o certo")},
	{"no-agent proxy-500", w("why no agent is connected: it may not run, not reach its server, be refused by it, or be connected to another server", "por que não há agente conectado: pode não rodar, não alcançar o servidor, ser recusado por ele, ou estar conectado a outro servidor")},
	{"uds-missing uds-refused uds-reset uds-unavailable", w("why the tunnel's server is gone: its own log or container state says that", "por que o servidor do túnel sumiu: o log dele ou o estado do container diz")},
	{"dial-backstop dial-context dial-unknown-timeout", w("which agent hangs, nor that the destination is reachable behind it", "que agente está travado, nem que o destino é alcançável atrás dele")},
	{"broken-pipe agent-cannot-connect eof connection-reset uds-reset", w("who cut the connection, and why: the end that cuts says nothing", "quem cortou a conexão, e por quê: o lado que corta nada diz")},
	{"http-401", w("whether the credentials have ended, are of another issuer, or are held by a process that has not loaded the new ones", "se as credenciais venceram, são de outro emissor, ou estão em um processo que não carregou as novas")},
	{"service-unavailable apiservice-failed-check discovery-partial", w("what is wrong behind the API: this is only the symptom; the condition's message on the APIService has the cause", "o que há de errado atrás da API: isto é só o sintoma; a mensagem da condição no APIService tem a causa")},
	{"anonymous-403", w("that rights are missing: the caller was not recognised at all", "que faltam direitos: o chamador nem foi reconhecido")},
	{"tunnel-noise agent-read-stream", w("a fault: healthy tunnels print this at roll-outs and closed connections", "uma falha: túneis saudáveis imprimem isto em atualizações e conexões fechadas")},
}

var standing = w("that it is so in the cluster now: this is read from a text alone; laudo diagnose looks",
	"que está assim no cluster agora: isto foi lido só de um texto; laudo diagnose olha").With()

// noise lists findings that healthy clusters print too, at a low rate.
var noise = map[string]bool{
	"tunnel-noise": true, "tls-server-log": true, "client-throttled": true,
	"closed-connection": true, "agent-read-stream": true, "stream-lost": true,
}
