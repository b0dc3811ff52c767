package components

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/labels"
	apiregistrationv1 "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"

	"github.com/kubelaudo/laudo/decode"
	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
)

// The API server sends all requests to one kubelet, or to one aggregated API,
// over one connection, which went through one agent: they work or fail together
// until it breaks. exec, attach and port-forward dial anew each time, and meet
// every agent in turn. So do requests that ask for an upgrade: some of them show
// how many dials of how many fail, which requests for logs cannot.
// Source: k8s.io/apimachinery v0.37, pkg/util/proxy/upgradeaware.go;
// k8s.io/kube-aggregator v0.37, pkg/apiserver/handler_proxy.go;
// apiserver-network-proxy v0.36, pkg/server/backend_manager.go (2026-11).

var dialRead = theory.Read{Verb: theory.VerbDial, Helps: true}

const (
	// dialsPerAgent is how many dials there are for each agent, up to mostDials:
	// of eight, one in 256 looks misses one agent of two.
	dialsPerAgent, mostDials = 4, 12
	// dialledNodes is how many nodes' kubelets are dialled anew.
	dialledNodes = 4
	// manyRefusedDials is how many dials must fail that an agent tells of: one
	// alone can be a packet lost here or there.
	manyRefusedDials = 2
)

// anew is what dials made anew to one target brought.
type anew struct {
	asked                bool
	tried, hung, refused int // refused: an agent said that it could not connect
	stage                theory.Stage
	mode, text           string
	noAgent              int
	cited                []theory.Evidence // of those that failed
	hangs, passed        []theory.Evidence
}

func (d *anew) failed() int { return d.hung + d.refused }

// broken is how many failed for whatever reason.
func (d *anew) broken() int { return d.failed() + d.noAgent }

// mixed reports whether some dials failed and others did not.
func (d *anew) mixed() bool { return d.failed() > 0 && d.failed() < d.tried }

func (d *anew) take(a evidence.Answer) {
	cite := func(text string) []theory.Evidence {
		return []theory.Evidence{{Question: a.Question, Value: text}}
	}
	if a.Gap != nil {
		if a.Gap.Why == evidence.TimedOut && a.Status == 0 {
			d.tried++
			d.hung++
			d.hangs = append(d.hangs, cite(string(evidence.TimedOut))...)
			d.cited = append(d.cited, cite(string(evidence.TimedOut))...)
		}
		return
	}
	switch {
	case a.Status < 400 || strings.Contains(a.Text, "invalid upgrade response"):
		d.tried++
		d.passed = append(d.passed, cite("connected")...)
	case strings.Contains(a.Text, "error dialing backend"):
		found := decode.Findings(a.Text)
		if len(found) == 0 {
			return
		}
		switch found[0].ID {
		case "no-agent":
			d.tried++
			d.noAgent++
			return
		case "dial-context", "dial-backstop":
			// The API server gave up before anything came back.
			d.tried++
			d.hung++
			d.hangs = append(d.hangs, cite(found[0].Text)...)
			d.cited = append(d.cited, cite(found[0].Text)...)
			return
		}
		stage, mode := kubeletStage(&found[0])
		if stage != theory.StagePort || mode == "refused" {
			return
		}
		d.tried++
		d.refused++
		d.stage, d.mode, d.text = stage, mode, cmpText(found[0].Text, firstLine(a.Text))
		d.cited = append(d.cited, cite(d.text)...)
	}
}

// dialAnew dials a path anew as often as it takes to meet all agents, unless the
// first time shows that nothing can be learned.
func dialAnew(v *theory.View, path string, times int) *anew {
	d := &anew{asked: true}
	hurry := false // where requests hang, the first would have to be waited for
	for _, r := range logRequests(v) {
		hurry = hurry || r.hung
	}
	for nth := range times {
		a, ok := v.Answer(evidence.Question{Kind: evidence.Dial, Path: path, Nth: nth})
		if !ok {
			d.asked = false
			if nth == 0 && !hurry {
				return d
			}
			continue
		}
		before := d.tried
		d.take(a)
		if nth == 0 && d.tried == before {
			return d // no right, or nothing behind it
		}
	}
	return d
}

// agentPods are the agents that run.
func agentPods(t *tunnel) []*corev1.Pod {
	var out []*corev1.Pod
	for _, a := range t.agents {
		for _, pod := range a.workload.Pods {
			if _, ok := theory.Running(pod); ok {
				out = append(out, pod)
			}
		}
	}
	return out
}

// worthDialling returns how many dials meet all agents; 0: there is nothing that
// they would tell. One agent fails or works for all; and without any that is
// connected every request says so.
func worthDialling(v *theory.View) int {
	if v.Options().NoProbes {
		return 0
	}
	t := tunnelOf(v)
	agents := len(agentPods(t))
	if agents == 0 {
		return 0
	}
	carries, unserved := false, false
	for _, r := range logRequests(v) {
		if !r.asked {
			return 0
		}
		carries = carries || r.failed < r.tried || r.hung || r.stage != theory.NoStage
		unserved = unserved || r.finding != nil && r.finding.ID == "no-agent"
	}
	// Of several API servers each asks a konnectivity-server of its own.
	several := agents > 1
	if !carries || !several {
		several = (carries || unserved) && apiServers(v) > 1
	}
	if !several {
		return 0
	}
	return min(dialsPerAgent*max(agents, 2), mostDials)
}

// nodeDials are the dials made anew to the kubelets of some nodes, by node.
func nodeDials(v *theory.View) map[string]*anew {
	times := worthDialling(v)
	requests := logRequests(v)
	return theory.Derive(v, "node-dials", func() map[string]*anew {
		out := map[string]*anew{}
		if times == 0 {
			return out
		}
		names := sortedNames(requests)
		slices.SortStableFunc(names, func(a, b string) int { return requests[b].failed - requests[a].failed })
		var ready []string
		for _, item := range nodesOrHosts(v) {
			if nodeIsReady(item.Object) {
				ready = append(ready, item.Object.Name)
			}
		}
		for _, name := range names {
			if len(out) < dialledNodes && slices.Contains(ready, name) {
				out[name] = dialAnew(v, "/api/v1/nodes/"+name+"/proxy/healthz", times)
			}
		}
		return out
	})
}

// apiDials are the dials made anew to an aggregated API that one Pod serves: any
// of several could be what fails. Whoever may use the API at all may read what
// it offers.
func apiDials(v *theory.View) *anew {
	times := worthDialling(v)
	apis := theory.List(v, evidence.APIServices)
	return theory.Derive(v, "api-dials", func() *anew {
		if times == 0 {
			return &anew{asked: true}
		}
		for _, item := range apis.Items {
			s := item.Object.Spec
			if s.Service == nil || !apiAvailable(item.Object) {
				continue
			}
			backend := backendOf(v, s.Service.Namespace, s.Service.Name)
			if backend == nil || backend.Desired != 1 || len(backend.Pods) != 1 || backend.Ready != 1 {
				continue
			}
			return dialAnew(v, "/apis/"+s.Group+"/"+s.Version, times)
		}
		return &anew{asked: true}
	})
}

func apiAvailable(api *apiServiceObject) bool {
	for _, c := range api.Status.Conditions {
		if c.Type == apiregistrationv1.Available {
			return c.Status == apiregistrationv1.ConditionTrue
		}
	}
	return false
}

// allDials are the dials to every target.
func allDials(v *theory.View) []*anew {
	dials := nodeDials(v)
	out := []*anew{apiDials(v)}
	for _, name := range sortedNames(dials) {
		out = append(out, dials[name])
	}
	return out
}

// addDials adds, to what requests show of the tunnel, what dials made anew do. A
// target of which nothing comes back may hang for its own sake.
func (s *seenTraffic) addDials(v *theory.View) {
	for _, d := range allDials(v) {
		s.asked = s.asked && d.asked
		passed := d.tried - d.hung - d.noAgent
		if passed == 0 {
			continue
		}
		s.tried += d.tried
		s.passed += passed
		s.passedCited = append(s.passedCited, d.passed...)
		if agentsEnd(v) {
			continue
		}
		if d.noAgent > 0 {
			s.add("no-agent", d.noAgent, "No agent available", d.cited, false)
		}
		if d.hung > 0 && !alone(v, d) {
			s.add("hang", d.hung, "", d.hangs[:1], false)
			s.someHang += d.hung
			s.someTried += d.tried
		}
	}
}

// agentsEnd reports whether agents are ending: until they are gone, the server
// sends them requests, too, and one that hangs takes its whole time to end.
func agentsEnd(v *theory.View) bool {
	for _, a := range tunnelOf(v).agents {
		selector := labels.SelectorFromSet(a.workload.Template.Labels)
		for _, item := range theory.List(v, evidence.Pods).Items {
			pod := item.Object
			if pod.DeletionTimestamp != nil && pod.Namespace == a.workload.Subject.Namespace && !selector.Empty() && selector.Matches(labels.Set(pod.Labels)) {
				return true
			}
		}
	}
	return false
}

// alone reports whether dials hang to one target only, though all agents were
// met by those to others: a frozen agent hangs for every target.
func alone(v *theory.View, d *anew) bool {
	others := 0
	for _, other := range allDials(v) {
		if other == d {
			continue
		}
		if other.hung > 0 {
			return false
		}
		others += other.tried
	}
	return others >= worthDialling(v)
}

// oneServer reports whether there is one API server, and so one
// konnectivity-server that requests go through.
func oneServer(v *theory.View) bool { return apiServers(v) == 1 }

// apiServers is how many API servers the Service of the API leads to; 0: that is
// not known. Providers hide several behind one address.
func apiServers(v *theory.View) int {
	if slices.Contains([]string{"aks", "eks", "gke"}, platformOf(v).name) {
		return 0
	}
	most := 0
	for _, item := range theory.List(v, evidence.EndpointSlices).Items {
		if item.Object.Namespace != "default" || item.Object.Labels[discoveryv1.LabelServiceName] != "kubernetes" {
			continue
		}
		addresses := map[string]bool{} // those of one family
		for _, e := range item.Object.Endpoints {
			for _, address := range e.Addresses {
				addresses[address] = true
			}
		}
		most = max(most, len(addresses))
	}
	return most
}

var (
	someFrozenPods = message.Word{
		EN: "Of %[1]s connected konnectivity-agents, %[2]s takes requests and never answers: %[3]s of %[4]s connections made anew through the tunnel get no answer, the others work. Its kubelet says: %[5]s.",
		PT: "Dos %[1]s konnectivity-agents conectados, %[2]s recebe requisições e nunca responde: %[3]s de %[4]s conexões novas pelo túnel ficam sem resposta, as outras funcionam. Seu kubelet informa: %[5]s.",
	}
	someFrozen = message.Word{
		EN: "One or more of the %[1]s connected konnectivity-agents take requests and never answer: %[2]s of %[3]s connections made anew through the tunnel get no answer, the others work.",
		PT: "Um ou mais dos %[1]s konnectivity-agents conectados recebem requisições e nunca respondem: %[2]s de %[3]s conexões novas pelo túnel ficam sem resposta, as outras funcionam.",
	}
	replaceAgent = message.Word{EN: "Replace the agent that does not answer: its Pod is made anew", PT: "Substitua o agente que não responde: seu Pod é recriado"}
	someSeen     = message.Word{EN: "%[1]s of %[2]s connections made anew through the tunnel get no answer (exec, attach and port-forward make one each time)", PT: "%[1]s de %[2]s conexões novas pelo túnel ficam sem resposta (exec, attach e port-forward abrem uma a cada vez)"}
)

// judgeSomeFrozen sets the verdict on agents where some dials hang that were
// made anew and others, to the same target, do not.
func judgeSomeFrozen(v *theory.View, t *tunnel, s seenTraffic, d dials, claims ...*theory.Claim) {
	tunnel, egress, server, connected, answer := claims[0], claims[1], claims[2], claims[3], claims[4]
	if s.someHang == 0 {
		return
	}
	tunnel.Seen = someSeen.With(s.someHang, s.someTried)
	// Without packets counted, a connection that was made and then carried nothing looks the same.
	unanswered := d.known && d.grpc && 2*(d.requests-d.responses) >= s.someHang
	if !oneServer(v) && !(unanswered && d.responses > 0) {
		return // it may be another API server, and the konnectivity-server beside it, each time
	}
	for _, c := range []*theory.Claim{egress, server, connected} {
		c.Verdict, c.Why, c.Mode, c.Evidence = diagnose.Holds, "", "", s.passedCited
	}
	agents := len(agentPods(t))
	frozen, said, cited := silentAgents(v, t)
	switch {
	case len(frozen) > 0 && len(frozen) < agents:
		var names []string
		remedy := &theory.Remedy{}
		for _, pod := range frozen {
			name := "Pod " + pod.Namespace + "/" + pod.Name + " (" + pod.Spec.NodeName + ")"
			names = append(names, name)
			remedy.Steps = append(remedy.Steps, theory.Step{Text: replaceAgent.With(), Command: "kubectl -n " + pod.Namespace + " delete pod " + pod.Name})
		}
		answer.Modes[0].Summary = someFrozenPods.With(agents, strings.Join(names, ", "), s.someHang, s.someTried, said)
		answer.Modes[0].Remedy = remedy
	case unanswered:
		answer.Modes[0].Summary = someFrozen.With(agents, s.someHang, s.someTried)
	default:
		return
	}
	answer.Verdict, answer.Why, answer.Mode, answer.Evidence = diagnose.Intermittent, "", "hangs", slices.Concat(s.cited, cited, d.cited)
	answer.Tried, answer.Failed = s.someTried, s.someHang
}

// silentAgents are the agents whose health endpoint takes their kubelet's
// request and does not answer in time, with its words. An agent that is not
// connected answers that it is not.
func silentAgents(v *theory.View, t *tunnel) (out []*corev1.Pod, said string, cited []theory.Evidence) {
	for _, pod := range agentPods(t) {
		if _, ready := theory.Ready(pod); ready || unheard(v, pod.Spec.NodeName) {
			continue
		}
		events, q := theory.EventsOn(v, "Pod", pod.Namespace, pod.Name)
		e := events["Unhealthy"]
		if e == nil || !strings.Contains(e.Message, "probe failed") || !strings.Contains(e.Message, "context deadline exceeded") {
			continue
		}
		out = append(out, pod)
		said = cmpText(said, strings.TrimSuffix(firstLine(e.Message), "."))
		cited = append(cited, theory.Evidence{Question: q, Object: subject{Kind: "Event", Namespace: e.Namespace, Name: e.Name}, Field: "message", Value: firstLine(e.Message)})
	}
	return out, said, cited
}

// Of the ways from the nodes of agents to a kubelet each can be blocked by
// itself.

var (
	pathsSuspect = message.Word{EN: "kubelet's port blocked from some agents", PT: "porta do kubelet bloqueada a partir de alguns agentes"}
	pathsWords   = message.Word{
		EN: "Packets to the kubelet's port %[1]s on node %[2]s are dropped on the way from some of the %[3]s agents: %[4]s of %[5]s connections made anew fail (%[6]s), the others come through.",
		PT: "Pacotes para a porta %[1]s do kubelet no nó %[2]s são descartados no caminho a partir de alguns dos %[3]s agentes: %[4]s de %[5]s conexões novas falham (%[6]s), as outras passam.",
	}
	pathsPairs = message.Word{
		EN: "Packets to the kubelet's port %[1]s on node %[2]s are dropped on the way from %[3]s, where an agent runs, and arrive from %[4]s: %[5]s of %[6]s connections made anew fail (%[7]s).",
		PT: "Pacotes para a porta %[1]s do kubelet no nó %[2]s são descartados no caminho a partir de %[3]s, onde há um agente, e chegam de %[4]s: %[5]s de %[6]s conexões novas falham (%[7]s).",
	}
	whichPair = message.Word{EN: "from which nodes they are dropped, their own look tells: %[1]s", PT: "a partir de quais nós são descartados, só olhando deles se sabe: %[1]s"}
	execSeen  = message.Word{EN: "%[1]s of %[2]s connections made anew to the kubelet of %[3]s fail, as exec, attach and port-forward make them: %[4]s", PT: "%[1]s de %[2]s conexões novas ao kubelet de %[3]s falham, como as de exec, attach e port-forward: %[4]s"}
	logsAnew  = message.Word{EN: "%[1]s of %[2]s requests and connections to the kubelet of %[3]s fail: %[4]s", PT: "%[1]s de %[2]s requisições e conexões ao kubelet de %[3]s falham: %[4]s"}
)

func pathsID(node string) diagnose.ID {
	return claimID("kubelet-paths", subject{Kind: "Node", Name: node})
}

// someBlockedTo returns the dials to a node's kubelet if some of them are lost,
// and no others are; nil: none is, or all are.
func someBlockedTo(v *theory.View, node string) *anew {
	if d := nodeDials(v)[node]; d != nil && d.asked && d.mixed() && (d.refused > 0 || alone(v, d)) {
		return d
	}
	return nil
}

// pathsClaim is that every agent reaches a kubelet.
func pathsClaim(v *theory.View, node *corev1.Node, d *anew) theory.Claim {
	port, name := kubeletPort(node), node.Name
	t := tunnelOf(v)
	c := theory.Claim{
		ID: pathsID(name), Subject: subject{Kind: "Node", Name: name}, Suspect: pathsSuspect.With(),
		Verdict: diagnose.Intermittent, Mode: d.mode, Tried: d.tried, Failed: d.failed(), Evidence: d.cited,
	}
	step := theory.Step{
		Text: openKubelet.With(port, name), Action: "open-port",
		Args: map[string]string{"node": name, "port": port, "protocol": "tcp"},
	}
	openInProvider(v, node, port, &step)
	remedy := &theory.Remedy{Before: []message.Text{whichPair.With(probeCommand)}}
	named := false
	summary := pathsWords.With(port, name, len(agentPods(t)), d.failed(), d.tried, cmpText(d.text, "no answer"))
	if blocked, arrived := pairsTo(v, t, node); len(blocked) > 0 && len(arrived) > 0 {
		summary = pathsPairs.With(port, name, nodesOf(blocked), nodesOf(arrived), d.failed(), d.tried, cmpText(d.text, "no answer"))
		step.Args["from"] = nodesOf(blocked)
		remedy.Before, named = nil, true
		c.Evidence = slices.Concat(c.Evidence, citedOf(blocked), citedOf(arrived))
	}
	if d.refused < manyRefusedDials && !named {
		// No agent says what became of it, and the kubelet may be slow; or one
		// does, once, and the network may be lossy.
		c.Mode, c.Tried, c.Failed, c.Evidence = "", 0, 0, nil
		unknown(&c, diagnose.NoStandpoint, "")
		c.Tests = []theory.Test{{Text: probeCan.With(), Command: probeCommand}, {Text: fromANode.With(), Command: "nc -zvw3 " + internalAddress(node) + " " + port}}
	}
	c.Modes = []theory.Mode{{
		Name: cmpText(d.mode, "blocked"), Category: report.CategoryNetworkBlocked, Summary: summary, Shows: []string{"hang", "dial-timeout", "dial-context", "dial-no-route", "dial-unreachable"},
		Remedy: remedy,
	}}
	remedy.Steps = []theory.Step{step}
	return c
}

// pairsTo asks the nodes of agents, as far as laudo may ask from nodes, whether
// connections to a kubelet open from them.
func pairsTo(v *theory.View, t *tunnel, node *corev1.Node) (blocked, arrived []reached) {
	for _, a := range t.agents {
		froms := standpointsOf(v, a.workload)
		ask := func(from evidence.Standpoint) evidence.Question { return kubeletQuestion(node, from) }
		for _, of := range froms {
			for _, from := range of {
				v.Answer(ask(from)) // the user lets laudo ask: it names the pair
			}
		}
		all, _ := reachedFrom(v, froms, ask)
		b, _ := only(all, "blocked")
		ok, _ := only(all, "arrived")
		blocked, arrived = append(blocked, b...), append(arrived, ok...)
	}
	return blocked, arrived
}

// stateSomeBlocked states what dials made anew tell of a kubelet whose logs come
// over a connection that is open already.
func stateSomeBlocked(v *theory.View, node *corev1.Node, r *logRequest) {
	d := someBlockedTo(v, node.Name)
	if d == nil {
		return
	}
	v.State(pathsClaim(v, node, d))
	if r.failed > 0 {
		return // the symptom is there
	}
	at := subject{Kind: "Node", Name: node.Name}
	v.State(theory.Claim{
		ID: claimID("exec", at), Subject: at, Symptom: "logs", Sum: true, Suspect: logsSuspect.With(),
		Verdict: diagnose.Intermittent, Tried: d.tried, Failed: d.failed(), Evidence: d.cited,
		Seen:  execSeen.With(d.failed(), d.tried, node.Name, cmpText(d.text, "no answer")),
		Needs: []diagnose.Need{all(apiAnswers, kubeletID(node.Name), pathsID(node.Name))},
	})
}
