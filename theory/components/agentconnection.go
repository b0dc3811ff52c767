package components

import (
	"crypto/x509"
	"fmt"
	"net"
	"slices"
	"strings"

	"github.com/kubelaudo/laudo/certificate"
	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
)

var (
	dialedSuspect = message.Word{EN: "agents cannot resolve the server's name", PT: "agentes não resolvem o nome do servidor"}
	dialedHeld    = message.Word{EN: "%[1]s is an address, nothing to resolve", PT: "%[1]s é um endereço, nada a resolver"}
	dialedBroken  = message.Word{EN: "The agents cannot resolve %[1]s, the name of their server.", PT: "Os agentes não resolvem %[1]s, o nome do seu servidor."}
	blockedTitle  = message.Word{EN: "agent port %[1]s blocked", PT: "porta de agentes %[1]s bloqueada"}
	blockedWords  = message.Word{EN: "The agents' packets to %[1]s do not arrive: a firewall, security group, NetworkPolicy or route on the way from the nodes drops them.", PT: "Os pacotes dos agentes para %[1]s não chegam: um firewall, security group, NetworkPolicy ou rota no caminho a partir dos nós os descarta."}
	listensTitle  = message.Word{EN: "nothing listens at %[1]s", PT: "nada escuta em %[1]s"}
	listensWords  = message.Word{EN: "Nothing listens on the agents' port at %[1]s.", PT: "Nada escuta na porta dos agentes em %[1]s."}
	listensHeld   = message.Word{EN: "%[1]s answers from here", PT: "%[1]s responde a partir daqui"}
	openAgentPort = message.Word{EN: "Let TCP %[1]s through from every node that runs an agent to %[2]s: NSG or security group, firewall, egress NetworkPolicy, route table", PT: "Libere TCP %[1]s de todo nó que executa um agente para %[2]s: NSG ou security group, firewall, NetworkPolicy de saída, tabela de rotas"}
	nodeCan       = message.Word{EN: "only a node can tell: from one that runs an agent", PT: "só um nó pode dizer: de um que executa um agente"}
	fromReach     = message.Word{EN: "from where the agents' port can be reached", PT: "de onde a porta dos agentes é alcançável"}

	namesTitle = message.Word{EN: "server certificate without the dialled name", PT: "certificado do servidor sem o nome discado"}
	namesWords = message.Word{EN: "The certificate that konnectivity-server shows its agents is for %[1]s, and the agents dial %[2]s.", PT: "O certificado que o konnectivity-server mostra aos agentes é para %[1]s, e os agentes discam %[2]s."}
	namesHeld  = message.Word{EN: "the served certificate names %[1]s", PT: "o certificado servido contém %[1]s"}
	caTitle    = message.Word{EN: "agents do not trust the server's CA", PT: "agentes não confiam na CA do servidor"}
	caWords    = message.Word{EN: "The agents' CA bundle does not hold the CA that signed konnectivity-server's certificate (%[1]s): the server's CA changed, and the bundle is stale.", PT: "O pacote de CAs dos agentes não contém a CA que assinou o certificado do konnectivity-server (%[1]s): a CA do servidor mudou, e o pacote está desatualizado."}
	caSame     = message.Word{EN: "The agents' CA bundle holds a CA named %[1]s, but not the one that signed konnectivity-server's certificate: the CA was made anew under its old name, and the bundle is stale.", PT: "O pacote de CAs dos agentes contém uma CA de nome %[1]s, mas não a que assinou o certificado do konnectivity-server: a CA foi refeita com o mesmo nome, e o pacote está desatualizado."}
	caHeld     = message.Word{EN: "the served certificate is signed by a CA in the agents' bundle", PT: "o certificado servido é assinado por uma CA do pacote dos agentes"}

	inUseTitle   = message.Word{EN: "agents still use an old certificate", PT: "agentes ainda usam um certificado antigo"}
	inUseWords   = message.Word{EN: "The agents run since %[1]s with the certificate that they read then; it was replaced %[2]s, and nobody reloads it. Whether the old one is still good cannot be seen.", PT: "Os agentes estão em execução desde %[1]s com o certificado lido naquele momento; ele foi substituído em %[2]s, e ninguém o recarrega. Não dá para ver se o antigo ainda vale."}
	inUseHeld    = message.Word{EN: "the agents started after their certificate was last changed", PT: "os agentes iniciaram depois da última troca do seu certificado"}
	reloadRisk   = message.Word{EN: "The agents have not read their certificate since it was replaced on %[1]s (running since %[2]s): they fail when the old one ends and the stream drops.", PT: "Os agentes não releram seu certificado desde a troca em %[1]s (em execução desde %[2]s): falharão quando o antigo vencer e o fluxo cair."}
	loadedTitle  = message.Word{EN: "certificate renewed, not loaded", PT: "certificado renovado, não carregado"}
	trustedTitle = message.Word{EN: "server does not accept the agents' certificate", PT: "servidor não aceita o certificado dos agentes"}
	trustedWords = message.Word{EN: "konnectivity-server does not accept the agents' client certificate, issued by %[1]s: it trusts another CA.", PT: "O konnectivity-server não aceita o certificado de cliente dos agentes, emitido por %[1]s: confia em outra CA."}
	trustedSame  = message.Word{EN: "The agents' client certificate says that it was issued by %[1]s, and is not signed by the CA of that name in the agents' own bundle: it comes from another CA of the same name, which konnectivity-server does not accept.", PT: "O certificado de cliente dos agentes diz ter sido emitido por %[1]s, mas não é assinado pela CA desse nome no pacote dos próprios agentes: vem de outra CA com o mesmo nome, que o konnectivity-server não aceita."}
	trustedHeld  = message.Word{EN: "the server accepts the agents' certificate", PT: "o servidor aceita o certificado dos agentes"}
	trustedNone  = message.Word{EN: "the server asks for no client certificate", PT: "o servidor não pede certificado de cliente"}
	usageTitle   = message.Word{EN: "certificate not made for clients", PT: "certificado não serve para clientes"}
	tryIt        = message.Word{EN: "presenting the agents' certificate to the server (its key is used in memory only, for one handshake)", PT: "apresentando o certificado dos agentes ao servidor (a chave é usada só em memória, em um handshake)"}
	tokenTitle   = message.Word{EN: "server does not accept the agents' token", PT: "servidor não aceita o token dos agentes"}
	tokenWords   = message.Word{EN: "konnectivity-server does not accept the token of its agents (audience %[1]s, service account %[2]s): wrong audience, namespace or account, or the server may not ask for a TokenReview.", PT: "O konnectivity-server não aceita o token dos agentes (audiência %[1]s, conta de serviço %[2]s): audiência, namespace ou conta errados, ou o servidor não pode pedir um TokenReview."}
	agentLogs    = message.Word{EN: "the agents' own log, read on their node", PT: "o log dos próprios agentes, lido no nó deles"}

	issueClient    = message.Word{EN: "Issue a new client certificate for the agents, signed by the CA that konnectivity-server trusts (--cluster-ca-cert), and put it into Secret %[1]s/%[2]s", PT: "Emita um novo certificado de cliente para os agentes, assinado pela CA em que o konnectivity-server confia (--cluster-ca-cert), e grave-o no Secret %[1]s/%[2]s"}
	issueServer    = message.Word{EN: "Renew the certificate that konnectivity-server shows its agents (--cluster-cert), with %[1]s among its names, and restart konnectivity-server: it does not reload", PT: "Renove o certificado que o konnectivity-server mostra aos agentes (--cluster-cert), com %[1]s entre os nomes, e reinicie o konnectivity-server: ele não recarrega"}
	replaceBundle  = message.Word{EN: "Put the CA that signed the server's present certificate into %[1]s %[2]s/%[3]s, key %[4]s", PT: "Grave a CA que assinou o certificado atual do servidor em %[1]s %[2]s/%[3]s, chave %[4]s"}
	serverShort    = message.Word{EN: "logs, exec, webhooks and aggregated APIs while the agents reconnect, some seconds", PT: "logs, exec, webhooks e APIs agregadas enquanto os agentes reconectam, alguns segundos"}
	onlyRestart    = message.Word{EN: "only restarting the agents: they come back with the same certificate", PT: "apenas reiniciar os agentes: eles voltam com o mesmo certificado"}
	notDelete      = message.Word{EN: "deleting the Secret: nothing makes it anew, and the agents no longer start", PT: "apagar o Secret: nada o recria, e os agentes deixam de iniciar"}
	rotateAKS      = message.Word{EN: "Rotate all certificates of the cluster", PT: "Rotacione todos os certificados do cluster"}
	rotateBreaks   = message.Word{EN: "replaces all certificates and recreates the nodes: up to 30 minutes of interruption", PT: "substitui todos os certificados e recria os nós: até 30 minutos de interrupção"}
	credentialsAKS = message.Word{EN: "Fetch the new kubeconfig", PT: "Obtenha o novo kubeconfig"}
	rotationNeeds  = message.Word{EN: "automatic rotation runs only where Kubernetes RBAC is on; if this prints false, that is why it did not: az aks show -g %[1]s -n %[2]s --query enableRbac", PT: "a rotação automática só ocorre com o RBAC do Kubernetes ativo; se isto imprimir false, foi por isso que não ocorreu: az aks show -g %[1]s -n %[2]s --query enableRbac"}
	runningFirst   = message.Word{EN: "the cluster is Running, and no other operation on it is under way", PT: "o cluster está Running, e nenhuma outra operação está em andamento nele"}
)

// agentStageIDs are the claims that a new connection of the agents rests on.
func agentStageIDs(a *agent) []diagnose.ID {
	at := a.endpoint()
	ids := []diagnose.ID{
		claimID("agent-name", at), claimID("agent-address", a.workload.Subject), claimID("agent-port", at), claimID("agent-listens", at), claimID("agent-path-mtu", at),
		claimID("certificate-valid", at), claimID("certificate-names", at), claimID("agent-ca", a.workload.Subject),
	}
	if f, ok := a.file("ca-cert"); ok {
		ids = append(ids, claimID("certificate-valid", theory.Content{File: f}.Subject()))
	}
	return ids
}

// agentCredentialNeeds are the claims on what the agents present: a client
// certificate, a token, or, where flags name both, either of them: the server
// looks at one and ignores the other.
func agentCredentialNeeds(a *agent) []diagnose.Need {
	var certificates, token []diagnose.ID
	if f, ok := a.file("agent-cert"); ok {
		certificates = []diagnose.ID{
			claimID("certificate-valid", theory.Content{File: f}.Subject()), claimID("client-in-use", a.workload.Subject), claimID("client-trusted", a.workload.Subject),
		}
	}
	if a.flags["service-account-token-path"] != "" {
		token = []diagnose.ID{claimID("agent-token", a.workload.Subject), reviewID}
	}
	if len(certificates) == 0 || len(token) == 0 {
		if ids := append(certificates, token...); len(ids) > 0 {
			return []diagnose.Need{atStart(ids...)}
		}
		return nil
	}
	var needs []diagnose.Need
	for _, id := range certificates {
		for _, other := range token {
			needs = append(needs, diagnose.Need{Op: diagnose.Any, On: []diagnose.ID{id, other}, AtStart: true})
		}
	}
	return needs
}

// agentConnection states the stages of each agent's connection to its server.
func agentConnection(v *theory.View) {
	for _, a := range tunnelOf(v).agents {
		c := connectionOf(v, a)
		c.reach()
		c.told()
		c.server()
		c.client()
	}
}

type agentConnectionLaw struct {
	v        *theory.View
	a        *agent
	question evidence.Question
	shake    *evidence.Handshake // nil: not made, or no answer
	why      diagnose.Why
	detail   string
	cited    []theory.Evidence
	bundle   *theory.Content
	platform platform
	from     fromNodes
	shakenBy string // the node that made the handshake; empty: it was made from here
}

// shakeWith is the handshake with the agents' server as an agent would make it:
// gRPC servers close a connection that did not negotiate HTTP/2.
func shakeWith(a *agent) evidence.Question {
	q := evidence.Question{Kind: evidence.TLS, Address: a.address(), ALPN: "h2"}
	if a.alpn != "" {
		q.ALPN = a.alpn + ",h2"
	}
	if net.ParseIP(a.host) == nil {
		q.ServerName = a.host
	}
	return q
}

func connectionOf(v *theory.View, a *agent) *agentConnectionLaw {
	c := &agentConnectionLaw{v: v, a: a, question: shakeWith(a), why: diagnose.NotAsked, platform: platformOf(v)}
	if f, ok := a.file("ca-cert"); ok {
		content := theory.Stored(v, f)
		c.bundle = &content
	}
	defer c.lookFromNodes()
	answer, ok := v.Peek(c.question)
	if !ok {
		return c
	}
	c.why, c.detail = theory.WhyOf(answer.Gap)
	switch s := answer.Shake; {
	case s == nil || answer.Gap != nil:
	case s.Stage == "name" || s.Stage == "port":
		// From here nothing can be said of the way from the nodes.
		c.why, c.detail = diagnose.NoStandpoint, s.Error
	case !c.isTheServer(s):
		c.why, c.detail = diagnose.NoStandpoint, notTheServer
	default:
		c.shake = s
		c.cited = []theory.Evidence{{Question: c.question, Value: valueOf(s, "handshake completed")}}
	}
	return c
}

const notTheServer = "what answers at that address from here is not known to be the konnectivity-server"

// isTheServer reports whether what answered a handshake from here is the
// agents' server, and not another machine that has the same address in the
// network that laudo runs in, or something in between. It is, if the agents'
// bundle signed it, or knows its issuer by name, or if it asks for clients of
// the CA that the agents' certificate names, or negotiated their protocol, or
// is signed by the cluster's CA.
func (c *agentConnectionLaw) isTheServer(s *evidence.Handshake) bool {
	certs := peers(s)
	if len(certs) == 0 {
		return false
	}
	if c.a.alpn != "" && s.Protocol != "" && slices.Contains(strings.Split(c.a.alpn, ","), s.Protocol) {
		return true
	}
	if c.bundle != nil && certificate.TrustedBy(certs[0], certs[1:], c.bundle.Certs) != certificate.Unknown {
		return true
	}
	if f, ok := c.a.file("agent-cert"); ok {
		if own := theory.Stored(c.v, f); len(own.Certs) > 0 && acceptable(own.Certs[0], s.AcceptableCAs) {
			return true
		}
	}
	conf, ok := c.v.Answer(evidence.Question{Kind: evidence.Client})
	if !ok || conf.Client == nil {
		return false
	}
	roots, _ := certificate.Parse([]byte(conf.Client.CA))
	return certificate.TrustedBy(certs[0], certs[1:], roots) == certificate.Trusted
}

// fromHere is the test that a handshake from here is, as long as it was not
// made; afterwards the same as a command for somebody who stands better.
func (c *agentConnectionLaw) fromHere() []theory.Test {
	return c.fromHereBy(fmt.Sprintf("openssl s_client -connect %s </dev/null 2>/dev/null | openssl x509 -noout -subject -issuer -dates -ext subjectAltName", c.a.address()))
}

// fromHereBy is fromHere with the command that shows it.
func (c *agentConnectionLaw) fromHereBy(command string) []theory.Test {
	here := theory.Test{Text: fromReach.With(), Command: command}
	if c.why == diagnose.NotAsked && !c.v.Options().NoProbes {
		here.Ask, here.Cost = []evidence.Question{c.question}, 3
		return append([]theory.Test{here}, c.nodeTests()...)
	}
	return append(c.nodeTests(), here)
}

func (c *agentConnectionLaw) state(claim theory.Claim, stage theory.Stage) {
	claim.Connection, claim.Stage = c.a.hop(), stage
	if claim.Verdict == "" {
		unknown(&claim, c.why, c.detail)
	}
	if claim.Verdict != diagnose.Unknown && claim.Evidence == nil {
		claim.Evidence = c.cited
	}
	c.v.State(claim)
}

func (c *agentConnectionLaw) reach() {
	at, address := c.a.endpoint(), c.a.address()
	name := theory.Claim{
		ID: claimID("agent-name", at), Subject: at, Suspect: dialedSuspect.With(), Rank: 3,
		Modes: []theory.Mode{{Name: "unresolved", Category: report.CategoryDNS, Shows: noAgentShows, Summary: dialedBroken.With(c.a.host), Remedy: &theory.Remedy{
			Steps: []theory.Step{{Text: nameMend.With(c.a.host), Command: rollBackCommand(c.a.workload.Subject), Interrupts: restartBreaks.With()}},
		}}},
		Tests: append(c.nodeTests(), theory.Test{Text: nodeCan.With(), Command: "nslookup " + c.a.host}),
	}
	if net.ParseIP(c.a.host) != nil {
		name.Verdict, name.Held = diagnose.Holds, dialedHeld.With(c.a.host)
		name.Evidence = c.flagEvidence("proxy-server-host", c.a.host)
	} else {
		unknown(&name, diagnose.NoStandpoint, "")
		if c.unresolvedHere() {
			name.Hint += 2 // a private zone may resolve it there: no proof
		}
	}

	port := theory.Claim{
		ID: claimID("agent-port", at), Subject: at, Suspect: blockedTitle.With(c.a.port), Rank: 1,
		Modes: []theory.Mode{{
			Name: "blocked", Category: report.CategoryNetworkBlocked, Shows: noAgentShows, Summary: blockedWords.With(address),
			Remedy: &theory.Remedy{Steps: []theory.Step{{
				Text: openAgentPort.With(c.a.port, c.a.host), Action: "open-port",
				Args: map[string]string{"from": "nodes", "address": address, "port": c.a.port, "protocol": "tcp"},
			}}},
		}},
		Tests: append(c.nodeTests(), theory.Test{Text: nodeCan.With(), Command: "nc -zvw3 " + c.a.host + " " + c.a.port}),
	}
	unknown(&port, diagnose.NoStandpoint, "")

	listens := theory.Claim{
		ID: claimID("agent-listens", at), Subject: at, Suspect: listensTitle.With(address), Held: listensHeld.With(address), Rank: 4,
		// Nothing listens, or it is the wrong place to look.
		Needs: []diagnose.Need{all(claimID("agent-address", c.a.workload.Subject))},
		Modes: []theory.Mode{{
			Name: "silent", Category: report.CategoryKonnectivityServerDown, Shows: noAgentShows, Summary: listensWords.With(address),
			Remedy: &theory.Remedy{Steps: []theory.Step{{Text: restartServer.With(), Action: "start-konnectivity-server"}}},
		}},
		Tests: c.fromHereBy("nc -zvw3 " + c.a.host + " " + c.a.port),
	}
	if c.shake != nil {
		listens.Verdict = diagnose.Holds
	}
	c.judgeFromNodes(&name, &port, &listens)
	c.state(name, theory.StageName)
	c.state(port, theory.StagePort)
	c.state(listens, theory.StagePort)
	c.pathMTU()
}

func (c *agentConnectionLaw) flagEvidence(flag, value string) []theory.Evidence {
	w := c.a.workload
	return []theory.Evidence{{Question: w.Question, Object: w.Subject, Field: "--" + flag, Value: value}}
}

// server states what must hold of the certificate that the server shows.
func (c *agentConnectionLaw) server() {
	at, w := c.a.endpoint(), c.a.workload.Subject
	var certs []*x509.Certificate
	if c.shake != nil {
		certs = peers(c.shake)
	}
	renew := &theory.Remedy{Steps: []theory.Step{{
		Text: issueServer.With(c.a.host), Interrupts: serverShort.With(),
		Action: "issue-server-certificate", Args: map[string]string{"address": c.a.address(), "host": c.a.host},
	}}}
	c.managed(renew)
	valid := certificateClaim{
		id: claimID("certificate-valid", at), subject: at, what: servingCertificate, holder: "konnectivity-server",
		shows: noAgentShows, remedy: renew, cited: c.cited,
	}.validity(certs, false, clusterNow(c.v))
	valid.Rank, valid.Tests = 2, c.fromHere()
	if len(certs) == 0 {
		valid.Evidence = nil
		for i := range valid.Modes {
			valid.Modes[i].Summary = certSuspect.With(servingCertificate, "konnectivity-server")
		}
	}
	names := theory.Claim{
		ID: claimID("certificate-names", at), Subject: at, Suspect: namesTitle.With(), Rank: 2, Tests: c.fromHere(),
		Held:  namesHeld.With(c.a.host),
		Modes: []theory.Mode{{Name: "not-named", Category: report.CategoryCertSAN, Shows: noAgentShows, Summary: namesTitle.With(), Remedy: renew}},
	}
	trust := theory.Claim{
		ID: claimID("agent-ca", w), Subject: w, Suspect: caTitle.With(), Held: caHeld.With(), Rank: 2, Tests: c.fromHere(),
		Modes: []theory.Mode{{Name: "other-ca", Category: report.CategoryCertCAMismatch, Shows: noAgentShows, Summary: caTitle.With()}},
	}
	if c.bundle != nil {
		trust.Subject = c.bundle.Subject()
		trust.Modes[0].Remedy = c.bundleRemedy()
		trust.Changed = c.bundle.Changed
	}
	if len(certs) > 0 {
		if certificate.Covers(certs[0], c.a.host) {
			names.Verdict = diagnose.Holds
		} else {
			names.Verdict, names.Mode = diagnose.Broken, "not-named"
			names.Modes[0].Summary = namesWords.With(strings.Join(certificate.Names(certs[0]), ", "), c.a.host)
			names.Details = theory.CertificateDetails(certs[0])
		}
		c.judgeTrust(&trust, certs)
	}
	c.state(valid, theory.StageTLS)
	c.state(names, theory.StageTLS)
	c.state(trust, theory.StageTLS)
	if c.bundle != nil {
		storedCertificate(c.v, stored{
			owner: w, content: *c.bundle, what: authorities, shows: noAgentShows, remedy: c.bundleRemedy(),
			hop: c.a.hop(), stage: theory.StageTLS,
		})
	}
}

func (c *agentConnectionLaw) judgeTrust(trust *theory.Claim, certs []*x509.Certificate) {
	switch {
	case c.bundle == nil:
		unknown(trust, diagnose.NoStandpoint, "--ca-cert")
		return
	case !c.bundle.Readable():
		unknown(trust, c.bundle.Why, c.bundle.WhyDetail)
		trust.Tests = []theory.Test{{Text: readItYourself.With(c.bundle.Subject().String()), Command: readCommand(*c.bundle)}}
		return
	case len(c.bundle.Certs) == 0:
		unknown(trust, diagnose.Masked, "")
		return
	}
	trust.Evidence = append(append([]theory.Evidence{}, c.cited...), c.bundle.CertificateEvidence()...)
	switch certificate.TrustedBy(certs[0], certs[1:], c.bundle.Certs) {
	case certificate.Trusted:
		trust.Verdict = diagnose.Holds
		return
	case certificate.SameName:
		trust.Modes[0].Summary = caSame.With(certs[0].Issuer.String())
	default:
		trust.Modes[0].Summary = caWords.With(certs[0].Issuer.String())
	}
	trust.Verdict, trust.Mode = diagnose.Broken, "other-ca"
	trust.Details = append(theory.CertificateDetails(certs[0]), c.bundle.Where(c.a.workload.Subject))
}

func (c *agentConnectionLaw) bundleRemedy() *theory.Remedy {
	f := c.bundle.File
	return &theory.Remedy{
		Steps: []theory.Step{{
			Text: replaceBundle.With(f.Kind, f.Namespace, f.Name, f.Key), Action: "replace-ca-bundle",
			Args: map[string]string{"kind": f.Kind, "namespace": f.Namespace, "name": f.Name, "key": f.Key},
		}, restartStep(c.a.workload.Subject)},
		Not: []message.Text{onlyRestart.With()},
	}
}

// client states what must hold of the credential that the agents present.
func (c *agentConnectionLaw) client() {
	if f, ok := c.a.file("agent-cert"); ok {
		c.clientCertificate(f)
	}
	if c.a.flags["service-account-token-path"] != "" {
		c.token()
	}
}

func (c *agentConnectionLaw) clientCertificate(f theory.File) {
	w := c.a.workload.Subject
	content := theory.Stored(c.v, f)
	remedy := c.clientRemedy(f)
	valid := storedCertificate(c.v, stored{
		owner: w, content: content, what: clientCertificate, shows: noAgentShows, remedy: remedy,
		hop: c.a.hop(), stage: theory.StageClient,
	})
	c.stateInUse(content, valid)

	trusted := theory.Claim{
		ID: claimID("client-trusted", w), Subject: content.Subject(), Suspect: trustedTitle.With(), Held: trustedHeld.With(), Rank: 2,
		Modes: []theory.Mode{
			{Name: "other-ca", Category: report.CategoryCertCAMismatch, Shows: noAgentShows, Summary: trustedTitle.With(), Remedy: remedy},
			{Name: "usage", Category: report.CategoryCertUsage, Shows: noAgentShows, Summary: usageTitle.With(), Remedy: remedy},
		},
		Tests: c.fromHereBy("laudo diagnose --try-client-certs"),
	}
	c.judgeClient(&trusted, content)
	c.state(trusted, theory.StageClient)
}

func (c *agentConnectionLaw) judgeClient(trusted *theory.Claim, content theory.Content) {
	if len(content.Certs) == 0 {
		return
	}
	cert := content.Certs[0]
	trusted.Details = append(theory.CertificateDetails(cert), content.Where(c.a.workload.Subject))
	trusted.Modes[0].Summary = trustedWords.With(cert.Issuer.String())
	if c.bundle != nil && len(c.bundle.Certs) > 0 && certificate.TrustedBy(cert, content.Certs[1:], c.bundle.Certs) == certificate.SameName {
		trusted.Hint++
		trusted.Modes[0].Summary = trustedSame.With(cert.Issuer.String())
	}
	if !certificate.IsClient(cert) {
		trusted.Verdict, trusted.Mode, trusted.Evidence = diagnose.Broken, "usage", content.CertificateEvidence()
		return
	}
	if c.shake == nil {
		return
	}
	switch {
	case !c.shake.ClientCertAsked && c.shake.Error == "":
		trusted.Verdict, trusted.Held = diagnose.Holds, trustedNone.With()
		return
	case c.shake.ClientCertAsked && len(c.shake.AcceptableCAs) > 0 && !acceptable(cert, c.shake.AcceptableCAs):
		trusted.Verdict, trusted.Mode = diagnose.Broken, "other-ca"
		trusted.Evidence = append(append([]theory.Evidence{}, c.cited...), content.CertificateEvidence()...)
		return
	}
	c.presented(trusted, content)
}

// presented decides by presenting the agents' certificate to the server, if
// that is allowed.
func (c *agentConnectionLaw) presented(trusted *theory.Claim, content theory.Content) {
	key, ok := c.a.file("agent-key")
	if !ok || key.Kind != "Secret" || content.File.Kind != "Secret" || key.Name != content.File.Name {
		unknown(trusted, diagnose.NoStandpoint, "")
		return
	}
	q := c.question
	q.Present = content.File.Namespace + "/" + content.File.Name + " " + content.File.Key + " " + key.Key
	if !c.v.Options().PresentClientCerts {
		unknown(trusted, diagnose.Declined, "")
		trusted.Tests = []theory.Test{{Text: tryIt.With(), Command: "laudo diagnose --try-client-certs"}}
		return
	}
	trusted.Tests = []theory.Test{{Ask: []evidence.Question{q}, Cost: 3, Text: tryIt.With(), Command: "laudo diagnose --try-client-certs"}}
	answer, ok := c.v.Peek(q)
	if !ok {
		unknown(trusted, diagnose.NotAsked, "")
		return
	}
	trusted.Tests = nil
	trusted.Evidence = []theory.Evidence{{Question: q, Value: "accepted"}}
	switch {
	case answer.Gap != nil || answer.Shake == nil || answer.Shake.Stage == "name" || answer.Shake.Stage == "port" || answer.Shake.Stage == "tls":
		why, detail := theory.WhyOf(answer.Gap)
		unknown(trusted, cmpWhy(why, diagnose.Failed), detail)
	case answer.Shake.Stage == "client":
		trusted.Evidence[0].Value = answer.Shake.Error
		switch reason := answer.Shake.Error; {
		case strings.Contains(reason, "expired certificate"):
			// That is the fault of another claim, which says it better.
			unknown(trusted, diagnose.Masked, "")
		case strings.Contains(reason, "unknown certificate authority"), strings.Contains(reason, "bad certificate"):
			trusted.Verdict, trusted.Mode = diagnose.Broken, "other-ca"
		default:
			// A connection that is merely cut says nothing of the certificate.
			unknown(trusted, diagnose.Failed, reason)
		}
	default:
		trusted.Verdict = diagnose.Holds
	}
}

// stateInUse states that what the agents use is what is stored: they read
// their certificate when they start, and never again.
func (c *agentConnectionLaw) stateInUse(content theory.Content, stored diagnose.ID) {
	w := c.a.workload
	inUse := theory.Claim{
		ID: claimID("client-in-use", w.Subject), Subject: w.Subject, Suspect: inUseTitle.With(), Held: inUseHeld.With(), Rank: 3,
	}
	loaded := theory.Claim{
		ID: claimID("certificate-loaded", w.Subject), Subject: w.Subject, Suspect: loadedTitle.With(), Held: inUseHeld.With(),
	}
	oldest, pod := oldestStart(w)
	restart := &theory.Remedy{Steps: []theory.Step{restartStep(w.Subject)}}
	switch {
	case content.Readable() && oldest.IsZero():
		// Nothing runs: whatever starts reads what is stored.
		inUse.Needs, inUse.Sum = []diagnose.Need{all(stored)}, true
		loaded.Verdict, loaded.Evidence = diagnose.Holds, content.CertificateEvidence()
	case !content.Readable() || content.Changed.IsZero():
		inUse.Needs = []diagnose.Need{all(stored)}
		unknown(&inUse, cmpWhy(content.Why, diagnose.NoStandpoint), content.WhyDetail)
		inUse.Modes = []theory.Mode{{Name: "not-loaded", Category: report.CategoryCertNotReloaded, Shows: noAgentShows, Summary: inUseTitle.With(), Remedy: restart}}
		unknown(&loaded, inUse.Why, "")
	case oldest.Before(content.Changed):
		evidence := append(content.CertificateEvidence(), theory.Evidence{
			Question: w.PodsAre, Object: pod, Field: "status.containerStatuses.startedAt", Value: rfc3339(oldest),
		})
		inUse.Hint++
		inUse.Modes = []theory.Mode{{Name: "not-loaded", Category: report.CategoryCertNotReloaded, Shows: noAgentShows, Summary: inUseWords.With(oldest, content.Changed), Remedy: restart}}
		unknown(&inUse, diagnose.NoStandpoint, "")
		inUse.Tests = []theory.Test{{Text: agentLogs.With(), Command: "crictl logs $(crictl ps -q --name " + c.a.container.Name + ")"}}
		loaded.Verdict, loaded.Mode, loaded.Evidence = diagnose.Broken, "not-loaded", evidence
		loaded.Modes = []theory.Mode{{Name: "not-loaded", Category: report.CategoryCertNotReloaded, Summary: reloadRisk.With(content.Changed, oldest), Remedy: restart}}
	default:
		inUse.Needs = []diagnose.Need{all(stored)}
		inUse.Sum = true
		loaded.Verdict, loaded.Evidence = diagnose.Holds, content.CertificateEvidence()
	}
	c.v.State(inUse)
	c.v.State(loaded)
}

func (c *agentConnectionLaw) clientRemedy(f theory.File) *theory.Remedy {
	args := map[string]string{"namespace": f.Namespace, "secret": f.Name, "certKey": f.Key}
	if key, ok := c.a.file("agent-key"); ok {
		args["keyKey"] = key.Key
	}
	r := &theory.Remedy{
		Steps: []theory.Step{{
			Text: issueClient.With(f.Namespace, f.Name), Action: "issue-client-certificate", Args: args,
			Command: issueCommand(f, args["keyKey"], c.clientName(f)),
		}, restartStep(c.a.workload.Subject)},
		Not: []message.Text{onlyRestart.With(), notDelete.With()},
	}
	c.managed(r)
	return r
}

// clientName is the subject of the agents' present certificate, as openssl
// takes it.
func (c *agentConnectionLaw) clientName(f theory.File) string {
	if content := theory.Stored(c.v, f); len(content.Certs) > 0 && content.Certs[0].Subject.CommonName != "" {
		return "/CN=" + content.Certs[0].Subject.CommonName
	}
	return "/CN=konnectivity-agent"
}

// issueCommand is how a client certificate is made where the CA is at hand
// (OpenSSL 3), and put into its Secret.
func issueCommand(f theory.File, keyKey, subject string) string {
	return fmt.Sprintf(`openssl req -x509 -CA CA.crt -CAkey CA.key -newkey rsa:2048 -nodes -days 365 -subj %q -addext basicConstraints=CA:FALSE -addext extendedKeyUsage=clientAuth -keyout client.key -out client.crt`+"\n"+
		`kubectl -n %s patch secret %s --type merge -p "{\"data\":{\"%s\":\"$(base64 -w0 client.crt)\",\"%s\":\"$(base64 -w0 client.key)\"}}"`,
		subject, f.Namespace, f.Name, f.Key, keyKey)
}

// managed replaces the steps of a remedy where the provider owns the
// certificates. Source: AKS documentation, rotate-certificates.md (2026-08).
func (c *agentConnectionLaw) managed(r *theory.Remedy) {
	if c.platform.name != "aks" {
		return
	}
	group, name := c.platform.resourceGroup, c.platform.cluster
	if group == "" {
		group, name = "RESOURCE_GROUP", "CLUSTER"
	}
	r.Before = []message.Text{runningFirst.With(), rotationNeeds.With(group, name)}
	r.Steps = []theory.Step{
		{Text: rotateAKS.With(), Command: fmt.Sprintf("az aks rotate-certs -g %s -n %s", group, name), Interrupts: rotateBreaks.With(), Action: "rotate-certificates"},
		{Text: credentialsAKS.With(), Command: fmt.Sprintf("az aks get-credentials -g %s -n %s --overwrite-existing", group, name)},
	}
}
