package components

import (
	"cmp"
	"crypto/x509"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/kubelaudo/laudo/certificate"
	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
)

// endpoint is the way from the client to the API server: the kubeconfig, the
// address it names, the certificate served there, and the client's own
// credential. The observer is part of the model: without this the tool would
// blame the cluster for what the laptop lacks.
var endpoint = theory.Component{
	Name: "kubectl",
	For: message.Word{
		EN: "the client: it reads a kubeconfig and speaks to the API endpoint named there",
		PT: "o cliente: lê um kubeconfig e fala com o endpoint da API indicado nele",
	},
	Laws: []theory.Law{{
		ID: "api-endpoint",
		Doc: "the API endpoint can be reached with the client's configuration\n\n" +
			"Name, port, TLS and the client's credential, in the order in which a connection needs them. " +
			"Sources: kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig; RFC 5280; kubectl's messages in k8s.io/kubectl v0.37.2 pkg/cmd/util/helpers.go (2026-11).",
		Reads: []theory.Read{{Verb: theory.VerbClient}, {Verb: theory.VerbTLS}, {Verb: theory.VerbHost}, versionRead},
		State: apiEndpoint,
	}},
}

// APIAnswers is the claim that the API server answers. While it is broken,
// nothing else can be seen.
const APIAnswers = diagnose.ID("api-answers")

const (
	apiAnswers = APIAnswers
	apiHop     = "kubectl>kube-apiserver"
)

var (
	apiUnreachable = message.Word{EN: "the API server at %[1]s does not answer: %[2]s", PT: "o servidor da API em %[1]s não responde: %[2]s"}
	apiRefusesMe   = message.Word{EN: "the API server at %[1]s does not know who asks: %[2]s", PT: "o servidor da API em %[1]s não reconhece quem pergunta: %[2]s"}
	apiDoesAnswer  = message.Word{EN: "%[1]s answers", PT: "%[1]s responde"}
	apiPathTitle   = message.Word{EN: "any request", PT: "qualquer requisição"}

	nameFails   = message.Word{EN: "The name %[1]s of the API endpoint does not resolve from here: %[2]s.", PT: "O nome %[1]s do endpoint da API não resolve a partir daqui: %[2]s."}
	nameHolds   = message.Word{EN: "%[1]s resolves", PT: "%[1]s resolve"}
	nameSuspect = message.Word{EN: "API endpoint's name not resolved", PT: "nome do endpoint da API não resolvido"}

	portRefused = message.Word{EN: "Nothing listens on %[1]s: the connection is refused. The API server, or the load balancer before it, is down, or the kubeconfig names the wrong port.", PT: "Nada escuta em %[1]s: a conexão é recusada. O servidor da API, ou o balanceador à sua frente, está fora do ar, ou o kubeconfig indica a porta errada."}
	portBlocked = message.Word{EN: "No packet comes back from %[1]s: something between here and there drops them (a firewall, authorized IP ranges, a VPN that is not up), or the host is down.", PT: "Nenhum pacote volta de %[1]s: algo no caminho os descarta (um firewall, faixas de IP autorizadas, uma VPN desligada), ou a máquina está fora do ar."}
	portHolds   = message.Word{EN: "a TCP connection to %[1]s opens", PT: "uma conexão TCP a %[1]s abre"}
	portSuspect = message.Word{EN: "API endpoint's port closed or blocked", PT: "porta do endpoint da API fechada ou bloqueada"}

	apiCASuspect  = message.Word{EN: "kubeconfig trusts another CA", PT: "o kubeconfig confia em outra CA"}
	apiCAMismatch = message.Word{EN: "The certificate served at %[1]s is not signed by the CA in the kubeconfig (%[2]s): the CA was replaced, or the kubeconfig belongs to another cluster, or something in between answers in the API server's place.", PT: "O certificado servido em %[1]s não é assinado pela CA do kubeconfig (%[2]s): a CA foi trocada, ou o kubeconfig é de outro cluster, ou algo no caminho responde no lugar do servidor da API."}
	apiCAHolds    = message.Word{EN: "the served certificate is signed by the kubeconfig's CA", PT: "o certificado servido é assinado pela CA do kubeconfig"}
	apiSANSuspect = message.Word{EN: "API certificate without the endpoint's name", PT: "certificado da API sem o nome do endpoint"}
	apiSANMissing = message.Word{EN: "The certificate served at %[1]s is for %[2]s, not for %[3]s, the name that the kubeconfig uses.", PT: "O certificado servido em %[1]s é para %[2]s, e não para %[3]s, o nome que o kubeconfig usa."}
	apiSANHolds   = message.Word{EN: "the served certificate names %[1]s", PT: "o certificado servido contém %[1]s"}
	apiCloses     = message.Word{EN: "What listens on %[1]s takes connections and closes them before a certificate is shown (%[2]s): a load balancer or tunnel with no API server behind it, or an API server that is going down.", PT: "O que escuta em %[1]s aceita conexões e as fecha antes de mostrar um certificado (%[2]s): um balanceador ou túnel sem servidor da API atrás, ou um servidor da API que está parando."}
	apiSilent     = message.Word{EN: "What listens on %[1]s takes connections and never says a word (%[2]s): the API server hangs, or a load balancer finds none behind it.", PT: "O que escuta em %[1]s aceita conexões e nunca diz nada (%[2]s): o servidor da API travou, ou um balanceador não acha nenhum atrás de si."}
	apiNotTLS     = message.Word{EN: "What answers at %[1]s does not speak TLS: %[2]s.", PT: "O que responde em %[1]s não fala TLS: %[2]s."}
	apiTLSSuspect = message.Word{EN: "no TLS at the API endpoint", PT: "sem TLS no endpoint da API"}
	apiTLSHolds   = message.Word{EN: "a TLS handshake with %[1]s completes", PT: "um handshake TLS com %[1]s se completa"}
	credSuspect   = message.Word{EN: "the client's credential not accepted", PT: "credencial do cliente não aceita"}
	credRefused   = message.Word{EN: "The API server does not accept the credential of user %[1]s (%[2]s): 401 Unauthorized.", PT: "O servidor da API não aceita a credencial do usuário %[1]s (%[2]s): 401 Unauthorized."}
	credHolds     = message.Word{EN: "the API server knows who asks", PT: "o servidor da API reconhece quem pergunta"}
	pluginSuspect = message.Word{EN: "credential plugin %[1]s gives no credential", PT: "o plugin de credencial %[1]s não fornece credencial"}
	pluginHolds   = message.Word{EN: "%[1]s gave a credential", PT: "%[1]s forneceu uma credencial"}
	pluginMissing = message.Word{EN: "The program %[2]s, of which user %[1]s in the kubeconfig gets its credential, is not installed here, or not in PATH.", PT: "O programa %[2]s, do qual o usuário %[1]s do kubeconfig obtém sua credencial, não está instalado aqui, ou não está no PATH."}
	pluginFails   = message.Word{EN: "The program %[2]s, of which user %[1]s in the kubeconfig gets its credential, gives none: %[3]s.", PT: "O programa %[2]s, do qual o usuário %[1]s do kubeconfig obtém sua credencial, não fornece nenhuma: %[3]s."}
	installPlugin = message.Word{EN: "Install %[1]s and have it in PATH, or get a kubeconfig that does without", PT: "Instale o %[1]s e deixe-o no PATH, ou obtenha um kubeconfig que não precise dele"}
	runPlugin     = message.Word{EN: "Run %[1]s by hand with the arguments in the kubeconfig to see why it fails (a login that ended, a missing variable), or get a kubeconfig that does without", PT: "Execute %[1]s à mão com os argumentos do kubeconfig para ver por que falha (um login encerrado, uma variável ausente), ou obtenha um kubeconfig que não precise dele"}
	proxySuspect  = message.Word{EN: "proxy on the way to the API server", PT: "proxy no caminho ao servidor da API"}
	proxyHolds    = message.Word{EN: "the proxy %[1]s lets requests through", PT: "o proxy %[1]s deixa passar requisições"}
	proxyDown     = message.Word{EN: "The proxy %[1]s, by which the client is set to reach the API server, refuses connections: nothing listens there. No request gets as far as the API server.", PT: "O proxy %[1]s, pelo qual o cliente está configurado para alcançar o servidor da API, recusa conexões: nada escuta ali. Nenhuma requisição chega ao servidor da API."}
	proxyName     = message.Word{EN: "The name of the proxy %[1]s, by which the client is set to reach the API server, does not resolve from here.", PT: "O nome do proxy %[1]s, pelo qual o cliente está configurado para alcançar o servidor da API, não resolve a partir daqui."}
	proxyBlocked  = message.Word{EN: "The proxy %[1]s, by which the client is set to reach the API server, does not answer.", PT: "O proxy %[1]s, pelo qual o cliente está configurado para alcançar o servidor da API, não responde."}
	proxyDenies   = message.Word{EN: "The proxy %[1]s, by which the client is set to reach the API server, refuses to connect: %[2]s.", PT: "O proxy %[1]s, pelo qual o cliente está configurado para alcançar o servidor da API, recusa-se a conectar: %[2]s."}
	fixProxy      = message.Word{EN: "Start the proxy %[1]s or let it connect to the API server; or leave it out: proxy-url in the kubeconfig, HTTPS_PROXY and NO_PROXY in the environment", PT: "Inicie o proxy %[1]s ou deixe-o conectar ao servidor da API; ou deixe de usá-lo: proxy-url no kubeconfig, HTTPS_PROXY e NO_PROXY no ambiente"}
	servesSuspect = message.Word{EN: "API server hangs or fails", PT: "servidor da API trava ou falha"}
	servesHeld    = message.Word{EN: "the API server answers", PT: "o servidor da API responde"}
	servesHangs   = message.Word{EN: "The API server at %[1]s takes the connection and never answers the request.", PT: "O servidor da API em %[1]s aceita a conexão e nunca responde à requisição."}
	servesAnother = message.Word{EN: "What answers at %[1]s is no Kubernetes API server, or not at that path: %[2]s. The server in the kubeconfig is wrong.", PT: "O que responde em %[1]s não é um servidor da API do Kubernetes, ou não nesse caminho: %[2]s. O servidor no kubeconfig está errado."}
	servesFails   = message.Word{EN: "The API server at %[1]s answers with an error of its own: %[2]s.", PT: "O servidor da API em %[1]s responde com um erro próprio: %[2]s."}
	tokenSuspect  = message.Word{EN: "the client's token expired", PT: "token do cliente vencido"}
	tokenExpired  = message.Word{EN: "The token of user %[1]s in the kubeconfig expired %[2]s ago.", PT: "O token do usuário %[1]s no kubeconfig venceu há %[2]s."}
	tokenHolds    = message.Word{EN: "the token is valid until %[1]s", PT: "o token vale até %[1]s"}
	newKubeconfig = message.Word{EN: "Get a kubeconfig with fresh credentials", PT: "Obtenha um kubeconfig com credenciais novas"}
	renewServing  = message.Word{EN: "Renew the API server's serving certificate, on each control-plane machine", PT: "Renove o certificado de servidor do servidor da API, em cada máquina do plano de controle"}
	addSAN        = message.Word{EN: "Renew the API server's serving certificate, on each control-plane machine, with %[1]s among its names (kubeadm: certSANs), or use a name that it has in the kubeconfig", PT: "Renove o certificado de servidor do servidor da API, em cada máquina do plano de controle, com %[1]s entre os nomes (kubeadm: certSANs), ou use no kubeconfig um nome que ele já tenha"}
	apiShort      = message.Word{EN: "API requests fail for a few seconds per control-plane machine", PT: "requisições à API falham por alguns segundos por máquina do plano de controle"}
	checkAPI      = message.Word{EN: "See on the control-plane machine whether kube-apiserver runs", PT: "Veja na máquina do plano de controle se o kube-apiserver está em execução"}
	startAPI      = message.Word{EN: "See on the control-plane machines whether kube-apiserver runs and why not, and start it (on a managed cluster: ask the provider)", PT: "Veja nas máquinas do plano de controle se o kube-apiserver está em execução e por que não, e inicie-o (em cluster gerenciado: consulte o provedor)"}
	restartAPI    = message.Word{EN: "Restart kube-apiserver on the control-plane machine on which it hangs (on a managed cluster: ask the provider)", PT: "Reinicie o kube-apiserver na máquina do plano de controle em que ele travou (em cluster gerenciado: consulte o provedor)"}
	allowMe       = message.Word{EN: "Let the traffic through from this machine to %[1]s: VPN, authorized IP ranges, firewall, proxy variables", PT: "Libere o tráfego desta máquina para %[1]s: VPN, faixas de IP autorizadas, firewall, variáveis de proxy"}
	fixDNS        = message.Word{EN: "Make %[1]s resolve from this machine (private DNS zone, VPN, /etc/resolv.conf), or correct the server in the kubeconfig", PT: "Faça %[1]s resolver a partir desta máquina (zona DNS privada, VPN, /etc/resolv.conf), ou corrija o servidor no kubeconfig"}
)

func apiEndpoint(v *theory.View) {
	conf, asked := v.Answer(evidence.Question{Kind: evidence.Client})
	version, tried := v.Answer(versionQuestion)
	answers := theory.Claim{
		ID: apiAnswers, Subject: subject{Kind: "Endpoint", Name: "kube-apiserver"}, Symptom: "api", Sum: true,
		Path: &theory.Path{
			Title: apiPathTitle.With(), Parts: []string{"kubectl", "kube-apiserver"},
			Hops: []theory.Hop{{Connection: apiHop}},
		},
	}
	server, host, address := "", "", ""
	if asked && conf.Client != nil {
		server = conf.Client.Server
		host, address = hostOf(server)
		answers.Subject.Name = address
	}
	answers.Evidence = []theory.Evidence{{Question: versionQuestion, Value: httpStatus(version)}}
	switch {
	case !tried:
	case answered(version):
		answers.Verdict, answers.Held = diagnose.Holds, apiDoesAnswer.With(server)
	case refused(version):
		answers.Verdict = diagnose.Broken
		answers.Seen = apiUnreachable.With(server, whatCame(version))
		if unauthorized(version) {
			answers.Seen = apiRefusesMe.With(server, whatCame(version))
		}
	default:
		why, detail := theory.WhyOf(version.Gap)
		unknown(&answers, cmpWhy(why, diagnose.Failed), detail)
	}
	if server == "" {
		v.State(answers)
		return
	}
	answers.Needs = statedEndpoint(v, conf.Client, host, address, version, answers.Verdict)
	v.State(answers)
}

// answered reports whether an API server that knows who asks has answered; one
// that says 403 does.
func answered(a evidence.Answer) bool {
	if a.Gap != nil {
		return a.Gap.Why == evidence.Forbidden
	}
	return a.Status >= 200 && a.Status < 300 || a.Status == 403 || a.Status == 429
}

// refused reports whether the request got nowhere.
func refused(a evidence.Answer) bool {
	if a.Gap != nil {
		return a.Gap.Why == evidence.Unreachable || a.Gap.Why == evidence.TimedOut || a.Gap.Why == evidence.Unauthorized ||
			a.Gap.Why == evidence.Interrupted && a.Took >= longWait
	}
	return a.Status != 0
}

func unauthorized(a evidence.Answer) bool {
	return a.Status == 401 || a.Gap != nil && a.Gap.Why == evidence.Unauthorized
}

// longWait is how long a first request may stay without an answer before the
// API server counts as not answering, when the overall time ends it.
const longWait = 900 * time.Millisecond

func httpStatus(a evidence.Answer) string {
	if a.Gap != nil {
		return string(a.Gap.Why)
	}
	return "HTTP " + itoa(a.Status)
}

func whatCame(a evidence.Answer) string {
	if a.Gap != nil && a.Gap.Detail != "" {
		return a.Gap.Detail
	}
	return httpStatus(a) + " " + firstLine(a.Text)
}

// hostOf returns the host of a URL, and its address with the port.
func hostOf(server string) (host, address string) {
	u, err := url.Parse(server)
	if err != nil {
		return "", ""
	}
	port := u.Port()
	if port == "" {
		port = "443"
	}
	return u.Hostname(), net.JoinHostPort(u.Hostname(), port)
}

// statedEndpoint states the stages of the connection to the endpoint. The
// handshake is asked for only when the API does not answer: an answer
// exonerates them all, but for what expires later.
func statedEndpoint(v *theory.View, conf *evidence.ClientConfig, host, address string, version evidence.Answer, verdict diagnose.Verdict) []diagnose.Need {
	shakeQuestion := evidence.Question{Kind: evidence.TLS, Address: address, ServerName: conf.SNI}
	var shake *evidence.Handshake
	var cited []theory.Evidence
	why, detail := diagnose.NotAsked, ""
	get := v.Peek
	switch {
	case conf.Proxy != "":
		// The handshake goes straight to the address, and not by the proxy.
		get = func(evidence.Question) (evidence.Answer, bool) { return evidence.Answer{}, false }
		why, detail = diagnose.NoStandpoint, "proxy "+conf.Proxy
	case verdict == diagnose.Broken:
		get = v.Answer
	}
	if a, ok := get(shakeQuestion); ok {
		why, detail = theory.WhyOf(a.Gap)
		if a.Gap == nil {
			shake = a.Shake
		}
		if shake != nil {
			cited = []theory.Evidence{{Question: shakeQuestion, Value: valueOf(shake, "handshake completed")}}
		}
	}
	s := endpointStages{v: v, conf: conf, host: host, address: address, shake: shake, cited: cited, why: why, detail: detail, version: version, at: subject{Kind: "Endpoint", Name: address}}
	if conf.Proxy != "" {
		s.proxy()
	}
	s.reach()
	if strings.HasPrefix(conf.Server, "https://") {
		s.served()
		s.credential()
	}
	s.serves()
	return []diagnose.Need{all(s.ids...)}
}

type endpointStages struct {
	v             *theory.View
	conf          *evidence.ClientConfig
	host, address string
	shake         *evidence.Handshake
	cited         []theory.Evidence
	why           diagnose.Why
	detail        string
	version       evidence.Answer
	at            subject
	ids           []diagnose.ID
}

func (s *endpointStages) state(c theory.Claim, stage theory.Stage) {
	c.Connection, c.Stage = apiHop, stage
	if c.Verdict == "" {
		unknown(&c, s.why, s.detail)
	} else if c.Evidence == nil {
		c.Evidence = s.cited
	}
	s.v.State(c)
	s.ids = append(s.ids, c.ID)
}

// reach states that the name resolves and that packets arrive.
func (s *endpointStages) reach() {
	name := theory.Claim{
		ID: claimID("api-name", s.at), Subject: s.at, Suspect: nameSuspect.With(), Held: nameHolds.With(s.host),
		Modes: []theory.Mode{{Name: "unresolved", Category: report.CategoryDNS, Remedy: renewKubeconfig(fixDNS.With(s.host), "nslookup "+s.host)}},
	}
	port := theory.Claim{
		ID: claimID("api-port", s.at), Subject: s.at, Suspect: portSuspect.With(), Held: portHolds.With(s.address), Needs: needsHosts(s.v),
		Modes: []theory.Mode{
			{Name: "refused", Category: report.CategoryAPIDown, Summary: portRefused.With(s.address), Remedy: startAPIServer},
			{Name: "blocked", Category: report.CategoryNetworkBlocked, Summary: portBlocked.With(s.address), Remedy: endpointRemedy(allowMe.With(s.address), "nc -zvw3 "+strings.Replace(s.address, ":", " ", 1))},
		},
	}
	if s.shake != nil {
		switch s.shake.Stage {
		case "name":
			name.Verdict, name.Mode = diagnose.Broken, "unresolved"
			name.Modes[0].Summary = nameFails.With(s.host, s.shake.Error)
			unknown(&port, diagnose.Masked, "")
		case "port":
			name.Verdict = diagnose.Holds
			port.Verdict, port.Mode = diagnose.Broken, "blocked"
			if strings.Contains(s.shake.Error, "refused") {
				port.Mode = "refused"
			}
		default:
			name.Verdict, port.Verdict = diagnose.Holds, diagnose.Holds
		}
	}
	s.state(name, theory.StageName)
	s.state(port, theory.StagePort)
}

// served states what must hold of the certificate served at the endpoint.
func (s *endpointStages) served() {
	speaks := theory.Claim{
		ID: claimID("api-speaks-tls", s.at), Subject: s.at, Suspect: apiTLSSuspect.With(), Held: apiTLSHolds.With(s.address),
		Modes: []theory.Mode{
			{Name: "not-tls", Category: report.CategoryOther},
			{Name: "closes", Category: report.CategoryAPIDown, Remedy: startAPIServer},
			{Name: "silent", Category: report.CategoryAPIDown, Remedy: restartAPIServer},
		},
		Tests: []theory.Test{{Text: onControlPlane.With(), Command: "crictl ps -a --name kube-apiserver"}},
	}
	var certs []*x509.Certificate
	behind := s.shake != nil && (s.shake.Stage == "name" || s.shake.Stage == "port")
	if s.shake != nil {
		for _, der := range s.shake.Peer {
			if parsed, _ := certificate.Parse(der); len(parsed) == 1 {
				certs = append(certs, parsed[0])
			}
		}
		switch {
		case behind:
			unknown(&speaks, diagnose.Masked, "")
		case len(certs) > 0:
			speaks.Verdict = diagnose.Holds
			if s.shake.MSS != 0 {
				s.state(s.pathMTU(), theory.StageTLS)
			}
		default:
			speaks.Verdict, speaks.Mode = diagnose.Broken, beforeTLS(s.shake.Error)
			for i, words := range []message.Word{apiNotTLS, apiCloses, apiSilent} {
				speaks.Modes[i].Summary = words.With(s.address, s.shake.Error)
			}
			if speaks.Mode == "silent" && s.shake.Spoke {
				unknown(&speaks, diagnose.NoStandpoint, "it answers what is small")
				speaks.Mode = ""
				s.state(s.pathMTU(), theory.StageTLS)
			}
		}
	}
	s.state(speaks, theory.StageTLS)

	valid := certificateClaim{
		id: claimID("api-certificate-valid", s.at), subject: s.at, what: servingCertificate, holder: s.address, cited: s.cited,
		remedy: renewServingCertificate(renewServing.With()),
	}.validity(certs, false, s.v.Now())
	ca := theory.Claim{
		ID: claimID("api-ca", s.at), Subject: subject{Kind: "Kubeconfig", Name: s.conf.Context, Detail: "certificate-authority"},
		Suspect: apiCASuspect.With(), Held: apiCAHolds.With(),
		Modes: []theory.Mode{{Name: "other-ca", Category: report.CategoryCertCAMismatch, Remedy: renewKubeconfig(newKubeconfig.With(), "")}},
	}
	san := theory.Claim{
		ID: claimID("api-names", s.at), Subject: s.at, Suspect: apiSANSuspect.With(), Held: apiSANHolds.With(s.host),
		Modes: []theory.Mode{{Name: "not-named", Category: report.CategoryCertSAN, Remedy: renewServingCertificate(addSAN.With(cmp.Or(s.conf.SNI, s.host)))}},
	}
	if len(certs) > 0 {
		s.judgeServed(&ca, &san, certs)
	} else if behind {
		unknown(&valid, diagnose.Masked, "")
		unknown(&ca, diagnose.Masked, "")
		unknown(&san, diagnose.Masked, "")
	}
	s.state(valid, theory.StageTLS)
	s.state(ca, theory.StageTLS)
	s.state(san, theory.StageTLS)
}

// beforeTLS says, of a handshake that showed no certificate, what the other end
// did instead.
func beforeTLS(text string) string {
	switch {
	case strings.HasSuffix(text, "EOF"), strings.Contains(text, "reset by peer"), strings.Contains(text, "broken pipe"):
		return "closes"
	case strings.Contains(text, "timeout"), strings.Contains(text, "timed out"), strings.Contains(text, "deadline exceeded"):
		return "silent"
	}
	return "not-tls"
}

var (
	startAPIServer = &theory.Remedy{Steps: []theory.Step{{
		Text: startAPI.With(), Command: "crictl ps -a --name kube-apiserver; crictl logs $(crictl ps -aq --name kube-apiserver | head -1) 2>&1 | tail -50",
		Action: "start-component", Args: map[string]string{"name": "kube-apiserver"},
	}}}
	restartAPIServer = &theory.Remedy{Steps: []theory.Step{{
		Text: restartAPI.With(), Command: "crictl stop $(crictl ps -q --name kube-apiserver)", Interrupts: apiShort.With(),
		Action: "restart-component", Args: map[string]string{"name": "kube-apiserver"},
	}}}
)

func (s *endpointStages) judgeServed(ca, san *theory.Claim, certs []*x509.Certificate) {
	roots, _ := certificate.Parse([]byte(s.conf.CA))
	switch {
	case s.conf.Insecure:
		ca.Verdict, san.Verdict = diagnose.Holds, diagnose.Holds
		return
	case len(roots) == 0:
		unknown(ca, diagnose.NoStandpoint, "the system's roots")
	case certificate.TrustedBy(certs[0], certs[1:], roots) == certificate.Trusted:
		ca.Verdict = diagnose.Holds
	default:
		ca.Verdict, ca.Mode = diagnose.Broken, "other-ca"
		ca.Modes[0].Summary = apiCAMismatch.With(s.address, cmp.Or(roots[0].Subject.String(), "?"))
		ca.Details = theory.CertificateDetails(certs[0])
	}
	wanted := cmp.Or(s.conf.SNI, s.host)
	if certificate.Covers(certs[0], wanted) {
		san.Verdict = diagnose.Holds
	} else {
		san.Verdict, san.Mode = diagnose.Broken, "not-named"
		san.Modes[0].Summary = apiSANMissing.With(s.address, strings.Join(certificate.Names(certs[0]), ", "), wanted)
		san.Details = theory.CertificateDetails(certs[0])
	}
}

// serves states that the process behind the endpoint does its work: a request
// that it takes and never answers, or answers with an error of its own, shows
// that it does not.
func (s *endpointStages) serves() {
	c := theory.Claim{
		ID: claimID("api-serves", s.at), Subject: s.at, Suspect: servesSuspect.With(), Held: servesHeld.With(),
		Modes: []theory.Mode{
			{Name: "hangs", Category: report.CategoryAPIDown, Summary: servesHangs.With(s.address), Remedy: restartAPIServer},
			{Name: "another", Category: report.CategoryConfig, Summary: servesAnother.With(s.conf.Server, whatCame(s.version)), Remedy: renewKubeconfig(newKubeconfig.With(), "")},
			{Name: "fails", Category: report.CategoryAPIDown, Summary: servesFails.With(s.address, whatCame(s.version)), Remedy: endpointRemedy(checkAPI.With(), "crictl logs $(crictl ps -q --name kube-apiserver)")},
		},
		Tests: []theory.Test{{Text: onControlPlane.With(), Command: "crictl ps -a --name kube-apiserver"}},
	}
	cited := []theory.Evidence{{Question: versionQuestion, Value: httpStatus(s.version)}}
	connected := s.shake != nil && (s.shake.Stage == "" || !strings.HasPrefix(s.conf.Server, "https://") && s.shake.Stage == "tls")
	switch gap := s.version.Gap; {
	case s.version.Status >= 500:
		c.Verdict, c.Mode, c.Evidence = diagnose.Broken, "fails", cited
	case s.version.Status != 0 && s.version.Status != 401 && !answered(s.version):
		c.Verdict, c.Mode, c.Evidence = diagnose.Broken, "another", cited
	case s.version.Status != 0:
		c.Verdict, c.Evidence = diagnose.Holds, cited
	case gap != nil && gap.Why != evidence.Unreachable && connected:
		c.Verdict, c.Mode, c.Evidence = diagnose.Broken, "hangs", cited
	case s.shake != nil && !connected:
		unknown(&c, diagnose.Masked, "")
	default:
		unknown(&c, diagnose.NoStandpoint, "")
	}
	if c.Mode != "fails" && c.Mode != "another" {
		// An answer of its own has passed all that comes before.
		c.Needs = []diagnose.Need{all(claimID("api-name", s.at), claimID("api-port", s.at))}
	}
	s.v.State(c)
	s.ids = append(s.ids, c.ID)
}

// plugin states that the program which the client gets its credential of gives
// one. The request is not even begun without.
func (s *endpointStages) plugin(user subject) diagnose.ID {
	command := cmp.Or(s.conf.ExecCommand, "?")
	c := theory.Claim{
		ID: claimID("credential-plugin", user), Subject: user, Suspect: pluginSuspect.With(command), Held: pluginHolds.With(command),
		Modes: []theory.Mode{
			{Name: "missing", Category: report.CategoryConfig, Summary: pluginMissing.With(s.conf.User, command), Remedy: renewKubeconfig(installPlugin.With(command), "command -v "+command)},
			{Name: "fails", Category: report.CategoryTokenAuth, Summary: pluginFails.With(s.conf.User, command, pluginError(s.version)), Remedy: renewKubeconfig(runPlugin.With(command), "kubectl config view --minify -o jsonpath='{.users[0].user.exec}'")},
		},
		Connection: apiHop, Stage: theory.StageClient,
	}
	cited := []theory.Evidence{{Question: versionQuestion, Value: cmp.Or(pluginError(s.version), httpStatus(s.version))}}
	switch text := pluginError(s.version); {
	case text == "" && s.version.Status == 0:
		unknown(&c, diagnose.Masked, "")
	case text == "":
		c.Verdict, c.Evidence = diagnose.Holds, cited
	case strings.Contains(text, "not found"), strings.Contains(text, "no such file"):
		c.Verdict, c.Mode, c.Evidence = diagnose.Broken, "missing", cited
	default:
		c.Verdict, c.Mode, c.Evidence = diagnose.Broken, "fails", cited
	}
	s.v.State(c)
	return c.ID
}

// pluginError is what client-go says of a credential plugin that gave none;
// empty: it gave one, or was not asked.
func pluginError(a evidence.Answer) string {
	if a.Gap == nil {
		return ""
	}
	_, text, ok := strings.Cut(a.Gap.Detail, "getting credentials: ")
	if !ok {
		return ""
	}
	return firstLine(text)
}

// proxy states that the proxy on the way takes the request. What is behind it
// cannot be told apart from here.
func (s *endpointStages) proxy() {
	_, address := hostOf(s.conf.Proxy)
	at := subject{Kind: "Endpoint", Name: address, Detail: "proxy"}
	fix := renewKubeconfig(fixProxy.With(s.conf.Proxy), "kubectl config view --minify -o jsonpath='{.clusters[0].cluster.proxy-url}'; env | grep -i _proxy")
	c := theory.Claim{
		ID: claimID("api-proxy", at), Subject: at, Suspect: proxySuspect.With(), Held: proxyHolds.With(address),
		Modes: []theory.Mode{
			{Name: "refused", Category: report.CategoryNetworkBlocked, Summary: proxyDown.With(address), Remedy: fix},
			{Name: "unresolved", Category: report.CategoryDNS, Summary: proxyName.With(address), Remedy: fix},
			{Name: "blocked", Category: report.CategoryNetworkBlocked, Summary: proxyBlocked.With(address), Remedy: fix},
			{Name: "denies", Category: report.CategoryNetworkBlocked, Summary: proxyDenies.With(address, whatCame(s.version)), Remedy: fix},
		},
		Evidence: []theory.Evidence{{Question: versionQuestion, Value: whatCame(s.version)}},
	}
	detail := ""
	if s.version.Gap != nil {
		detail = s.version.Gap.Detail
	}
	dialled := strings.Contains(detail, "proxyconnect tcp:") || strings.Contains(detail, "socks connect tcp ")
	switch {
	case s.version.Status != 0:
		c.Verdict = diagnose.Holds
	case dialled && strings.Contains(detail, "refused"):
		c.Verdict, c.Mode = diagnose.Broken, "refused"
	case dialled && strings.Contains(detail, "lookup "):
		c.Verdict, c.Mode = diagnose.Broken, "unresolved"
	case dialled && strings.Contains(detail, "timeout"):
		c.Verdict, c.Mode = diagnose.Broken, "blocked"
	case strings.HasSuffix(detail, ": Proxy Authentication Required"), strings.HasSuffix(detail, ": Forbidden"):
		// What net/http says of a proxy that refuses CONNECT.
		c.Verdict, c.Mode = diagnose.Broken, "denies"
	default:
		c.Evidence = nil
	}
	if c.Verdict == diagnose.Broken {
		s.why, s.detail = diagnose.Masked, ""
	}
	s.state(c, theory.StageName)
}

// credential states that the client's own certificate or token is good.
func (s *endpointStages) credential() {
	user := subject{Kind: "Kubeconfig", Name: s.conf.Context, Detail: "user " + s.conf.User}
	var own []diagnose.ID
	clientQuestion := evidence.Question{Kind: evidence.Client}
	remedy := renewKubeconfig(newKubeconfig.With(), "")
	if certs, _ := certificate.Parse([]byte(s.conf.Cert)); len(certs) > 0 {
		claim := certificateClaim{
			id: claimID("certificate-valid", user), subject: user, what: clientCertificate, holder: cmp.Or(s.conf.User, "kubectl"),
			remedy: remedy, cited: []theory.Evidence{{Question: clientQuestion, Object: user, Field: "notAfter", Value: rfc3339(certs[0].NotAfter)}},
		}.validity(certs, false, clusterNow(s.v))
		claim.Connection, claim.Stage = apiHop, theory.StageClient
		s.v.State(claim)
		own = append(own, claim.ID)
	}
	if s.conf.Auth == "exec" {
		own = append(own, s.plugin(user))
	}
	if !s.conf.TokenExpires.IsZero() {
		claim := theory.Claim{
			ID: claimID("token-valid", user), Subject: user, Suspect: tokenSuspect.With(), Held: tokenHolds.With(s.conf.TokenExpires),
			Verdict: diagnose.Holds, Evidence: []theory.Evidence{{Question: clientQuestion, Object: user, Field: "exp", Value: rfc3339(s.conf.TokenExpires)}},
			Modes:      []theory.Mode{{Name: "expired", Category: report.CategoryTokenAuth, Remedy: remedy}},
			Connection: apiHop, Stage: theory.StageClient,
		}
		if now := clusterNow(s.v); now.After(s.conf.TokenExpires) {
			claim.Verdict, claim.Mode, claim.Began = diagnose.Broken, "expired", exactly(s.conf.TokenExpires)
			claim.Modes[0].Summary = tokenExpired.With(s.conf.User, message.Ago(now.Sub(s.conf.TokenExpires)))
		}
		s.v.State(claim)
		own = append(own, claim.ID)
	}
	accepted := theory.Claim{
		ID: claimID("api-client", user), Subject: user, Suspect: credSuspect.With(), Held: credHolds.With(),
		Modes: []theory.Mode{{Name: "unauthorized", Category: report.CategoryTokenAuth, Summary: credRefused.With(s.conf.User, s.conf.Auth), Remedy: remedy}},
	}
	if len(own) > 0 {
		accepted.Needs = []diagnose.Need{all(own...)}
	}
	switch {
	case unauthorized(s.version):
		accepted.Verdict, accepted.Mode = diagnose.Broken, "unauthorized"
		accepted.Evidence = []theory.Evidence{{Question: versionQuestion, Value: httpStatus(s.version)}}
	case answered(s.version):
		accepted.Verdict = diagnose.Holds
		accepted.Evidence = []theory.Evidence{{Question: versionQuestion, Value: httpStatus(s.version)}}
	default:
		unknown(&accepted, diagnose.Masked, "")
	}
	s.state(accepted, theory.StageClient)
}

func renewServingCertificate(text message.Text) *theory.Remedy {
	return &theory.Remedy{Steps: []theory.Step{{
		Text: text, Command: "kubeadm certs renew apiserver", Interrupts: apiShort.With(), Action: "renew-api-serving-certificate",
	}}}
}

// renewKubeconfig is the remedy where the kubeconfig is at fault; the command
// helps to see it.
func renewKubeconfig(text message.Text, command string) *theory.Remedy {
	return &theory.Remedy{Steps: []theory.Step{{Text: text, Command: command, Action: "renew-kubeconfig"}}}
}

func endpointRemedy(text message.Text, command string) *theory.Remedy {
	return &theory.Remedy{Steps: []theory.Step{{Text: text, Command: command}}}
}
