package components

import (
	"bytes"
	"cmp"
	"crypto/x509"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubelaudo/laudo/certificate"
	"github.com/kubelaudo/laudo/decode"
	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
)

// konnectivity is the tunnel from the control plane into the cluster's network:
// agents in the cluster dial a server beside the API server, and the API
// server's connections to kubelets, webhooks and aggregated APIs go back
// through it. An agent is known by its flags, not by its name.
//
// What is particular about it (apiserver-network-proxy v0.36, read and tried
// 2026-11): nobody reloads a certificate; the server logs nothing about a failed
// handshake; /healthz is always ok, so an agent that can never connect is
// Running with no restarts; a stream outlives its certificate until the next
// handshake; and the agents' logs travel through the very tunnel.
var konnectivity = theory.Component{
	Name: "konnectivity",
	For: message.Word{
		EN: "the tunnel through which the API server reaches kubelets, webhooks and aggregated APIs: agents in the cluster dial a server beside the API server",
		PT: "o túnel pelo qual o servidor da API alcança kubelets, webhooks e APIs agregadas: agentes no cluster se conectam a um servidor ao lado do servidor da API",
	},
	Laws: []theory.Law{
		{
			ID: "tunnel",
			Doc: "the konnectivity tunnel carries requests\n\n" +
				"The API server asks the konnectivity-server beside it, which takes one of the connected agents at random. " +
				"Source: apiserver-network-proxy v0.36, pkg/server and konnectivity-client (2026-11).",
			Reads: slices.Concat(nodeReads, logReads, apiServiceReads, theory.CredentialReads, fromNodeReads, []theory.Read{{Verb: theory.VerbClient}, agentMetricsRead}),
			State: tunnelCarries,
		},
		{
			ID: "agent-running",
			Doc: "at least one konnectivity-agent runs\n\n" +
				"Running, not Ready: an agent whose readiness asks for a connection is not Ready because the tunnel is down. " +
				"Source: apiserver-network-proxy v0.36, cmd/agent/app (2026-11).",
			Reads: slices.Concat(nodeReads, logReads),
			State: agentsRunning,
		},
		{
			ID: "agent-connection",
			Doc: "the agents can open a connection to the konnectivity-server\n\n" +
				"The stages of the agents' TLS connection: name, port, the server's certificate against the agents' CA bundle, and the agents' client certificate or token. " +
				"All of them matter at the next handshake only. Source: apiserver-network-proxy v0.36, pkg/agent/client.go, pkg/util/certificates.go (2026-11).",
			Reads: slices.Concat(nodeReads, theory.WorkloadReads, theory.CredentialReads, fromNodeReads, rbacReads, []theory.Read{replicaSetRead, {Verb: theory.VerbClient}}),
			State: agentConnection,
		},
	},
}

const (
	tunnelID             = diagnose.ID("tunnel")
	konnectivityServerID = diagnose.ID("konnectivity-server")
	agentsConnectedID    = diagnose.ID("agents-connected")
	agentsAnswerID       = diagnose.ID("agents-answer")
)

// agent is a workload that runs konnectivity-agent.
type agent struct {
	workload  *theory.Workload
	container *corev1.Container
	flags     theory.Flags
	host      string // --proxy-server-host
	port      string // --proxy-server-port
	alpn      string
	files     []theory.File
}

func (a *agent) address() string { return net.JoinHostPort(a.host, a.port) }

func (a *agent) endpoint() subject { return subject{Kind: "Endpoint", Name: a.address()} }

// file returns the file that a flag names.
func (a *agent) file(flag string) (theory.File, bool) {
	for _, f := range a.files {
		if f.Flag == flag && f.Container == a.container.Name {
			return f, true
		}
	}
	return theory.File{}, false
}

// hop names the connection of the agents of a workload to their server.
func (a *agent) hop() string {
	return "konnectivity-agent>konnectivity-server/" + a.workload.Subject.String()
}

// tunnel is what is known of the tunnel's parts.
type tunnel struct {
	exists bool
	agents []*agent
	known  bool // false: workloads could not be listed
}

func (t *tunnel) connection() string {
	if len(t.agents) == 0 {
		return ""
	}
	return t.agents[0].hop()
}

// tunnelOf finds the tunnel: by its agents, or by what failed requests say.
func tunnelOf(v *theory.View) *tunnel {
	workloads := theory.Workloads(v)
	requests := logRequests(v)
	return theory.Derive(v, "tunnel", func() *tunnel {
		t := &tunnel{known: workloads.Known}
		for i := range workloads.All {
			if a := agentOf(&workloads.All[i]); a != nil {
				t.agents = append(t.agents, a)
			}
		}
		// Where some agents run, a workload that asks for none is a leftover.
		if slices.ContainsFunc(t.agents, wanted) {
			t.agents = slices.DeleteFunc(t.agents, func(a *agent) bool { return !wanted(a) })
		}
		t.exists = len(t.agents) > 0
		for _, r := range requests {
			if r.finding != nil && slices.Contains(tunnelSigns, r.finding.ID) {
				t.exists = true
			}
		}
		if len(t.agents) == 0 && distributionOf(v) != nil {
			t.exists = false // k3s and RKE2 have a tunnel of their own
		}
		return t
	})
}

// wanted reports whether a workload of agents asks for Pods, or has some.
func wanted(a *agent) bool { return a.workload.Desired > 0 || len(a.workload.Pods) > 0 }

// tunnelSigns are the findings that only a konnectivity tunnel leaves.
var tunnelSigns = []string{"no-agent", "dial-backstop", "uds-missing", "uds-refused", "uds-denied", "uds-unavailable", "uds-reset", egressRefused}

// egressRefused stands for a dial that was refused on the API server's own
// machine, where konnectivity-server is expected.
const egressRefused = "egress-refused"

// ofEgress reports whether an error is of the API server's dial of the
// konnectivity-server beside it: nothing else that it dials for logs or
// aggregated APIs is on its own machine. The kubelet of k3s is dialled at
// loopback, too, at the far end of its tunnel.
func ofEgress(f *decode.Finding) bool {
	host, port, err := net.SplitHostPort(f.Address)
	ip := net.ParseIP(host)
	return f.ID == "dial-refused" && err == nil && ip != nil && ip.IsLoopback() && !slices.Contains(kubeletPorts, port)
}

// agentOf recognizes konnectivity-agent by the flags that name its server.
func agentOf(w *theory.Workload) *agent {
	for i := range w.Template.Spec.Containers {
		c := &w.Template.Spec.Containers[i]
		flags := theory.FlagsOf(c)
		host, ok := flags["proxy-server-host"]
		if !ok {
			continue
		}
		return &agent{
			workload: w, container: c, flags: flags,
			host: host, port: cmp.Or(flags["proxy-server-port"], "8091"), alpn: flags["alpn-proto"],
			files: theory.FilesNamed(w.Subject.Namespace, &w.Template.Spec),
		}
	}
	return nil
}

var (
	tunnelSuspect = message.Word{EN: "konnectivity tunnel down", PT: "túnel konnectivity fora do ar"}
	tunnelHeld    = message.Word{EN: "requests pass through the tunnel", PT: "requisições passam pelo túnel"}
	tunnelFails   = message.Word{EN: "every one of %[1]s requests through the tunnel fails: %[2]s", PT: "todas as %[1]s requisições pelo túnel falham: %[2]s"}
	tunnelSome    = message.Word{EN: "%[1]s of %[2]s requests through the tunnel fail: %[3]s", PT: "%[1]s de %[2]s requisições pelo túnel falham: %[3]s"}

	serverSuspect = message.Word{EN: "konnectivity-server down", PT: "konnectivity-server fora do ar"}
	serverHeld    = message.Word{EN: "konnectivity-server answers the API server", PT: "o konnectivity-server responde ao servidor da API"}
	serverDown    = message.Word{EN: "The API server cannot reach the konnectivity-server beside it: %[1]s.", PT: "O servidor da API não alcança o konnectivity-server ao seu lado: %[1]s."}
	serverDead    = message.Word{EN: "The konnectivity-server does not do its work.", PT: "O konnectivity-server não faz seu trabalho."}
	serverHost    = message.Word{EN: "on a control-plane machine (on a managed cluster: the provider)", PT: "em uma máquina do plano de controle (em cluster gerenciado: o provedor)"}

	egressSuspect   = message.Word{EN: "API server does not find konnectivity-server", PT: "servidor da API não encontra o konnectivity-server"}
	egressHeld      = message.Word{EN: "the API server reaches konnectivity-server", PT: "o servidor da API alcança o konnectivity-server"}
	egressElsewhere = message.Word{EN: "The API server dials the konnectivity-server where nobody listens: the socket or port in its egress selector configuration is not the one that konnectivity-server listens on.", PT: "O servidor da API procura o konnectivity-server onde ninguém escuta: o socket ou a porta em sua configuração de egress selector não é o que o konnectivity-server usa."}
	egressCompare   = message.Word{EN: "Compare the udsName or url in the API server's egress selector configuration with konnectivity-server's --uds-name or --server-port, make them the same, and restart kube-apiserver", PT: "Compare o udsName ou a url na configuração de egress selector do servidor da API com --uds-name ou --server-port do konnectivity-server, iguale-os e reinicie o kube-apiserver"}

	connectedSuspect = message.Word{EN: "no agent connected", PT: "nenhum agente conectado"}
	connectedHeld    = message.Word{EN: "an agent is connected", PT: "há um agente conectado"}

	frozenSuspect = message.Word{EN: "agent frozen", PT: "agente congelado"}
	frozenWords   = message.Word{EN: "A connected konnectivity-agent takes requests and never answers: it is frozen, or starved of CPU, or its stream is dead and nobody noticed yet.", PT: "Um konnectivity-agent conectado recebe requisições e nunca responde: está congelado, sem CPU, ou seu fluxo morreu e ninguém percebeu ainda."}
	frozenHeld    = message.Word{EN: "the agents answer", PT: "os agentes respondem"}
	restartAgents = message.Word{EN: "Restart the agents", PT: "Reinicie os agentes"}
	restartBreaks = message.Word{EN: "logs, exec, webhooks and aggregated APIs for a few seconds, if any agent still works", PT: "logs, exec, webhooks e APIs agregadas por alguns segundos, se algum agente ainda funcionar"}
	restartServer = message.Word{EN: "Restart konnectivity-server on the control plane", PT: "Reinicie o konnectivity-server no plano de controle"}

	agentUnseen   = message.Word{EN: "logs arrive: an agent runs, though no Pod shows it", PT: "logs chegam: um agente está em execução, embora nenhum Pod o mostre"}
	absentSuspect = message.Word{EN: "agents not running", PT: "agentes parados"}
	noAgents      = message.Word{EN: "The cluster has a konnectivity tunnel, and nothing in it runs konnectivity-agent: its Deployment or DaemonSet is gone.", PT: "O cluster tem um túnel konnectivity, e nada nele executa o konnectivity-agent: seu Deployment ou DaemonSet sumiu."}
	installAgents = message.Word{EN: "Install the agents again, as the cluster's installer does", PT: "Instale os agentes novamente, como faz o instalador do cluster"}
)

// tunnelCarries states what requests through the tunnel show of its parts.
func tunnelCarries(v *theory.View) {
	t := tunnelOf(v)
	if !t.exists {
		return
	}
	seen := tunnelSeen(v)
	server := theory.Claim{
		ID: konnectivityServerID, Subject: subject{Kind: "Endpoint", Name: "konnectivity-server"},
		Suspect: serverSuspect.With(), Held: serverHeld.With(), Rank: 5,
		Modes: []theory.Mode{{
			Name: "down", Category: report.CategoryKonnectivityServerDown, Summary: serverDown.With(cmpText(seen.text, "?")),
			Shows:  []string{"uds-missing", "uds-refused", "uds-denied", "uds-unavailable", "uds-reset", egressRefused, "proxy-address", "proxy-reading"},
			Remedy: &theory.Remedy{Steps: []theory.Step{{Text: restartServer.With(), Command: "crictl ps -a --name konnectivity-server", Action: "start-konnectivity-server"}}},
		}, {
			Name: "hangs", Category: report.CategoryKonnectivityServerDown, Summary: serverDead.With(), Shows: []string{"hang", "dial-backstop", "dial-context"},
			Remedy: &theory.Remedy{Steps: []theory.Step{{Text: restartServer.With(), Action: "restart-konnectivity-server"}}},
		}},
		Tests: []theory.Test{{Text: serverHost.With(), Command: "crictl ps -a --name konnectivity-server"}},
	}
	connected := theory.Claim{
		ID: agentsConnectedID, Subject: subject{Kind: "Endpoint", Name: "konnectivity-agent"}, Sum: true,
		Suspect: connectedSuspect.With(), Held: connectedHeld.With(),
	}
	answer := theory.Claim{
		ID: agentsAnswerID, Subject: subject{Kind: "Endpoint", Name: "konnectivity-agent"},
		Suspect: frozenSuspect.With(), Held: frozenHeld.With(),
		Modes: []theory.Mode{{Name: "hangs", Category: report.CategoryKonnectivityAgentDown, Shows: []string{"hang", "dial-backstop", "dial-context"}, Summary: frozenWords.With(), Remedy: restartRemedy(t)}},
	}
	if len(t.agents) > 0 {
		answer.Subject = t.agents[0].workload.Subject
	}
	egress := egressClaim(v, t)
	state := theory.Claim{
		ID: tunnelID, Subject: subject{Kind: "Path", Name: "konnectivity"}, Symptom: "tunnel", Sum: true,
		Suspect: tunnelSuspect.With(), Held: tunnelHeld.With(),
		Needs: []diagnose.Need{all(egressID, konnectivityServerID, agentsConnectedID, agentsAnswerID)},
	}
	stateTunnelSeen(seen, &state, &egress, &server, &connected, &answer)
	if d := dialsOf(v); seen.hung > 0 {
		state.Seen = d.told(state.Seen)
		stateDials(d, seen, &egress, &connected, &answer)
		judgeSomeFrozen(v, t, seen, d, &state, &egress, &server, &connected, &answer)
	} else if seen.noAgent+seen.server > 0 {
		state.Seen = d.told(state.Seen)
	}
	switch len(t.agents) {
	case 0:
		connected.Needs = []diagnose.Need{all(claimID("agent-running", subject{Kind: "Deployment", Name: "konnectivity-agent"}))}
	case 1:
		connected.Needs = agentNeeds(t.agents[0])
	default:
		// The agents of any workload carry the tunnel.
		var each []diagnose.ID
		for _, a := range t.agents {
			each = append(each, agentsOfID(a.workload.Subject))
			of := theory.Claim{
				ID: agentsOfID(a.workload.Subject), Subject: a.workload.Subject, Sum: true,
				Suspect: connectedSuspect.With(), Held: connectedHeld.With(), Needs: agentNeeds(a),
			}
			unknown(&of, diagnose.NoStandpoint, "")
			v.State(of)
		}
		connected.Needs = []diagnose.Need{{Op: diagnose.Any, On: each}}
	}
	if count, ok := serverCount(v, t, seen); ok {
		connected.Needs = append(connected.Needs, all(serverCountID))
		v.State(count)
	}
	for _, c := range []theory.Claim{state, egress, server, connected, answer} {
		v.State(c)
	}
}

func agentsOfID(w subject) diagnose.ID { return claimID("agents-connected", w) }

// agentNeeds are what the agents of one workload need to be connected.
func agentNeeds(a *agent) []diagnose.Need {
	return append([]diagnose.Need{all(agentRunningID(a.workload.Subject)), atStart(agentStageIDs(a)...)}, agentCredentialNeeds(a)...)
}

// egressClaim is that the API server finds the konnectivity-server where its
// egress selector configuration says.
func egressClaim(v *theory.View, t *tunnel) theory.Claim {
	c := theory.Claim{
		ID: egressID, Subject: subject{Kind: "Endpoint", Name: "kube-apiserver", Detail: "--egress-selector-config-file"},
		Suspect: egressSuspect.With(), Held: egressHeld.With(), Rank: 6,
		// That a server takes requests does not show that it does its work.
		Needs: []diagnose.Need{atStart(konnectivityServerID)},
		Modes: []theory.Mode{{
			Name: "unreached", Category: report.CategoryKonnectivityConfig, Summary: egressElsewhere.With(),
			Shows:  []string{"uds-missing", "uds-denied", "hang", "dial-backstop", "dial-context", egressRefused, "proxy-address", "proxy-reading"},
			Remedy: &theory.Remedy{Steps: []theory.Step{{Text: egressCompare.With(), Command: "grep -h udsName: $(grep -ho 'egress-selector-config-file=[^ \"]*' /etc/kubernetes/manifests/kube-apiserver.yaml | cut -d= -f2)", Action: "mend-egress-selector"}}},
		}},
		Tests: []theory.Test{{Text: onControlPlane.With(), Command: "ss -xlp | grep proxy-server"}},
	}
	for _, a := range t.agents {
		on := connectionOf(v, a)
		if on.shake != nil {
			c.Hint++ // the process is there: it answers its agents' port
			return c
		}
		if tests := on.fromHere(); len(tests[0].Ask) > 0 {
			c.Tests = append(tests, c.Tests...)
		}
	}
	return c
}

// stateDials adds what the API server's counters tell, where requests hang.
func stateDials(d dials, s seenTraffic, egress, connected, answer *theory.Claim) {
	switch {
	case s.passed == 0 && d.unreached():
		egress.Verdict, egress.Mode, egress.Evidence = diagnose.Broken, "unreached", d.cited
		connected.Why, answer.Why = diagnose.Masked, diagnose.Masked
	case d.taken():
		egress.Verdict, egress.Evidence = diagnose.Holds, d.cited
	}
}

// seenTraffic is what requests through the tunnel brought, all together.
type seenTraffic struct {
	tried, passed, noAgent, server, hung int
	text                                 string
	finding                              string
	cited, passedCited                   []theory.Evidence
	asked                                bool
	began                                time.Time
	// Of dials made anew, to targets that some of them come to: how many hang.
	someHang, someTried int
}

// tunnelSeen sums up what requests show of the tunnel. A request that came as
// far as the kubelet's machine, or as the dial of it, passed.
func tunnelSeen(v *theory.View) seenTraffic {
	requests := logRequests(v)
	s := seenTraffic{asked: true}
	for _, node := range sortedNames(requests) {
		r := requests[node]
		s.asked = s.asked && r.asked
		if r.hung && silent(v, node) {
			continue // whatever the way to it, nobody would answer
		}
		s.tried += r.tried
		s.passed += r.tried - r.failed
		if r.failed == 0 && len(r.cited) > 0 && r.tried > 0 {
			s.passedCited = append(s.passedCited, r.cited[0])
		}
		if r.finding == nil || r.failed == 0 {
			continue
		}
		s.add(r.finding.ID, r.failed, r.text, r.cited, r.stage != theory.NoStage || r.hung && someBlockedTo(v, node) != nil)
	}
	s.addDials(v)
	for _, f := range apiServiceFindings(v) {
		if slices.Contains(tunnelSigns, f.id) || f.id == "proxy-500" {
			s.tried++
			s.add(f.id, 1, f.text, f.cited, false)
			if s.began.IsZero() || f.since.Before(s.began) {
				s.began = f.since
			}
		}
	}
	return s
}

func (s *seenTraffic) add(id string, n int, text string, cited []theory.Evidence, reached bool) {
	switch {
	case reached:
		s.passed += n
		s.passedCited = append(s.passedCited, cited...)
		return
	case id == "no-agent", id == "proxy-500":
		s.noAgent += n
	case id == "hang", id == "dial-backstop", id == "dial-context":
		s.hung += n
	case strings.HasPrefix(id, "uds-"), id == egressRefused, id == "proxy-address", id == "proxy-reading":
		s.server += n
	default:
		return
	}
	if s.text == "" {
		s.text = text
	}
	s.finding = cmp.Or(s.finding, id)
	s.cited = append(s.cited, cited...)
}

func stateTunnelSeen(s seenTraffic, tunnel, egress, server, connected, answer *theory.Claim) {
	failed := s.noAgent + s.server + s.hung
	switch {
	case s.tried == 0 || failed == 0 && s.passed == 0:
		for _, c := range []*theory.Claim{tunnel, egress, server, connected, answer} {
			unknown(c, diagnose.Failed, "")
			if !s.asked {
				c.Why = diagnose.NotAsked
			}
		}
		return
	case failed == 0:
		for _, c := range []*theory.Claim{tunnel, egress, server, connected, answer} {
			c.Verdict, c.Evidence = diagnose.Holds, s.passedCited
		}
		return
	}
	verdict := diagnose.Broken
	tunnel.Seen = tunnelFails.With(failed, orNoAnswer(s.text))
	if s.passed > 0 {
		verdict = diagnose.Intermittent
		tunnel.Seen = tunnelSome.With(failed, failed+s.passed, orNoAnswer(s.text))
	}
	mark := func(c *theory.Claim, mode string) {
		c.Verdict, c.Mode, c.Evidence, c.Tried, c.Failed = verdict, mode, s.cited, failed+s.passed, failed
		if !s.began.IsZero() {
			c.Began = noLaterThan(s.began)
		}
	}
	mark(tunnel, "")
	tunnel.Signatures = []string{s.finding}
	unknown(connected, diagnose.Masked, "")
	unknown(answer, diagnose.Masked, "")
	unknown(server, diagnose.NoStandpoint, "")
	unknown(egress, diagnose.NoStandpoint, "")
	switch {
	case s.server > 0 && (s.finding == "uds-missing" || s.finding == "uds-denied" || s.finding == egressRefused):
		// Never started, or started elsewhere.
		mark(egress, "unreached")
	case s.server > 0:
		mark(server, "down")
		unknown(egress, diagnose.Masked, "")
	case s.noAgent > 0:
		// The server answered, that it has no agent.
		server.Verdict, server.Evidence = diagnose.Holds, s.cited
		egress.Verdict, egress.Evidence = diagnose.Holds, s.cited
		mark(connected, "")
		if s.passed > 0 {
			answer.Verdict, answer.Evidence = diagnose.Holds, s.passedCited
		}
	case s.hung > 0:
		// An agent took the request: at least one is connected.
		connected.Why, answer.Why = diagnose.NoStandpoint, diagnose.NoStandpoint
	}
}

func restartRemedy(t *tunnel) *theory.Remedy {
	r := &theory.Remedy{}
	for _, a := range t.agents {
		r.Steps = append(r.Steps, restartStep(a.workload.Subject))
	}
	return r
}

func restartStep(w subject) theory.Step {
	return theory.Step{
		Text: restartAgents.With(), Interrupts: restartBreaks.With(),
		Command: fmt.Sprintf("kubectl -n %s rollout restart %s/%s", w.Namespace, strings.ToLower(w.Kind), w.Name),
	}
}

func agentRunningID(w subject) diagnose.ID { return claimID("running", w) }

// agentsRunning states of each workload of agents that some of it runs.
func agentsRunning(v *theory.View) {
	t := tunnelOf(v)
	for _, a := range t.agents {
		v.State(runningClaim(v, a.workload, report.CategoryKonnectivityAgentDown, noAgentShows))
	}
	if len(t.agents) > 0 || !t.exists {
		return
	}
	gone := theory.Claim{
		ID: claimID("agent-running", subject{Kind: "Deployment", Name: "konnectivity-agent"}), Subject: subject{Kind: "Deployment", Name: "konnectivity-agent"},
		Suspect: absentSuspect.With(),
		Modes: []theory.Mode{{
			Name: "absent", Category: report.CategoryKonnectivityAgentDown, Summary: noAgents.With(),
			Remedy: &theory.Remedy{Steps: []theory.Step{{Text: installAgents.With(), Action: "install-agents"}}},
		}},
	}
	if hidden := agentElsewhere(v); hidden != "" {
		unknown(&gone, diagnose.NoStandpoint, hidden)
	} else if cited := someLog(v); cited != nil {
		// Something carries requests: agents run where no Pod shows them.
		gone.Verdict, gone.Held, gone.Evidence = diagnose.Holds, agentUnseen.With(), cited
	} else if t.known {
		gone.Verdict, gone.Mode = diagnose.Broken, "absent"
		gone.Evidence = []theory.Evidence{{Question: evidence.Question{Kind: evidence.List, Resource: evidence.Deployments.Name}}, {Question: evidence.Question{Kind: evidence.List, Resource: evidence.DaemonSets.Name}}}
	} else {
		why, detail := theory.WhyOf(theory.Workloads(v).Gap)
		unknown(&gone, cmpWhy(why, diagnose.NotAsked), detail)
	}
	v.State(gone)
}

// someLog is the evidence of a log that arrived; nil: none did.
func someLog(v *theory.View) []theory.Evidence {
	requests := logRequests(v)
	for _, node := range sortedNames(requests) {
		if r := requests[node]; r.tried > r.failed {
			return r.cited
		}
	}
	return nil
}

// agentElsewhere names a Pod that may be an agent though its flags do not tell:
// a static Pod, or one whose program is started by a shell.
func agentElsewhere(v *theory.View) string {
	for _, item := range theory.List(v, evidence.Pods).Items {
		for i := range item.Object.Spec.Containers {
			c := &item.Object.Spec.Containers[i]
			words := strings.Join(append(append([]string{c.Image, item.Object.Name}, c.Command...), c.Args...), " ")
			if strings.Contains(words, "proxy-server-host") || strings.Contains(words, "proxy-agent") || strings.Contains(words, "konnectivity") {
				return "Pod " + item.Object.Namespace + "/" + item.Object.Name
			}
		}
	}
	return ""
}

func sortedNames[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// peers are the certificates that an answer to a handshake brought.
func peers(shake *evidence.Handshake) []*x509.Certificate {
	var certs []*x509.Certificate
	for _, der := range shake.Peer {
		if parsed, _ := certificate.Parse(der); len(parsed) == 1 {
			certs = append(certs, parsed[0])
		}
	}
	return certs
}

// acceptable reports whether the issuer of cert is among the names of the CAs
// that a server accepts clients of.
func acceptable(cert *x509.Certificate, names [][]byte) bool {
	return slices.ContainsFunc(names, func(name []byte) bool { return bytes.Equal(name, cert.RawIssuer) })
}
