package components

import (
	"net"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
)

// What only a node can tell is asked from nodes, if the user lets laudo make
// Pods there, or if it was recorded there. A result proves the way from its
// standpoint only: of an agent that has an address of its own on the Pod
// network, packets count as blocked where neither a Pod's nor the node's own
// come through (a policy may catch the one and not the other), and as arriving
// where a Pod's do and no NetworkPolicy treats the agent's in another way.

var fromNodeReads = []theory.Read{
	{Verb: theory.VerbHost},
	{Verb: theory.VerbTLS},
	{Verb: theory.VerbList, Resource: evidence.NetworkPolicies.Name, Helps: true},
	{Verb: theory.VerbList, Resource: evidence.Services.Name, Helps: true},
	{Verb: theory.VerbList, Resource: evidence.EndpointSlices.Name, Helps: true},
}

// host is a node as a machine: its clock, its programs, the certificates on its
// disk.
var host = theory.Component{
	Name: "node",
	For: message.Word{
		EN: "the machine that runs a kubelet, or the control plane: its network, its clock, its programs, and the certificates on its disk",
		PT: "a máquina que executa um kubelet, ou o plano de controle: sua rede, seu relógio, seus programas e os certificados em seu disco",
	},
	Laws: []theory.Law{nodeClock, hostLaw},
}

const (
	// askedNodes is how many nodes are asked at most for one claim.
	askedNodes = 3
	// askNode is what a question from a node costs: a Pod has to start.
	askNode = 10
	// probeCommand makes the tests that only a node can make.
	probeCommand = "laudo diagnose --node-probe"
)

var (
	probeCan       = message.Word{EN: "only a node can tell: laudo can ask from there, with your leave", PT: "só um nó pode dizer: o laudo pode perguntar de lá, com a sua permissão"}
	arrivesHeld    = message.Word{EN: "TCP connections to %[1]s open from node %[2]s", PT: "conexões TCP a %[1]s abrem a partir do nó %[2]s"}
	resolvesHeld   = message.Word{EN: "%[1]s resolves on node %[2]s", PT: "%[1]s resolve no nó %[2]s"}
	listensNode    = message.Word{EN: "%[1]s answers node %[2]s", PT: "%[1]s responde ao nó %[2]s"}
	blockedFrom    = message.Word{EN: "Packets to %[1]s do not arrive from %[2]s, where agents run (%[3]s): a firewall, security group, NetworkPolicy or route on the way drops them.", PT: "Pacotes para %[1]s não chegam a partir de %[2]s, onde há agentes (%[3]s): um firewall, security group, NetworkPolicy ou rota no caminho os descarta."}
	unresolvedFrom = message.Word{EN: "The name %[1]s of the agents' server does not resolve on %[2]s, where agents run: %[3]s.", PT: "O nome %[1]s do servidor dos agentes não resolve em %[2]s, onde há agentes: %[3]s."}
	refusedFrom    = message.Word{EN: "Nothing listens on the agents' port at %[1]s: connections from %[2]s are refused.", PT: "Nada escuta na porta dos agentes em %[1]s: conexões a partir de %[2]s são recusadas."}
	someBlocked    = message.Word{EN: "agent port blocked from some nodes", PT: "porta de agentes bloqueada a partir de alguns nós"}
	someBlockedIs  = message.Word{EN: "Packets to %[1]s do not arrive from node %[2]s (%[3]s), and do from others: the agent there has no stream.", PT: "Pacotes para %[1]s não chegam a partir do nó %[2]s (%[3]s), e chegam de outros: o agente de lá não tem fluxo."}
	kubeletFrom    = message.Word{EN: "Packets to the kubelet's port %[1]s on node %[2]s do not arrive from %[3]s, where agents run (%[4]s): the node itself is alive, its lease is renewed.", PT: "Pacotes para a porta %[1]s do kubelet no nó %[2]s não chegam a partir de %[3]s, onde há agentes (%[4]s): o nó em si está vivo, seu lease é renovado."}
)

type networkPolicyItem = evidence.Item[*networkingv1.NetworkPolicy]

// standpointsOf are where to ask from to see what the Pods of a workload see, by
// node: the node's own network and, of Pods that are not on that, the Pod
// network too. Nodes without Linux, and those that run no Pods, cannot be asked.
func standpointsOf(v *theory.View, w *theory.Workload) [][]evidence.Standpoint {
	o := v.Options()
	var names []string
	for _, pod := range w.Pods {
		if pod.Spec.NodeName != "" && !slices.Contains(names, pod.Spec.NodeName) {
			names = append(names, pod.Spec.NodeName)
		}
	}
	able := map[string]bool{}
	for _, item := range nodesOrHosts(v) {
		able[item.Object.Name] = item.Object.Labels[corev1.LabelOSStable] != "windows" && (nodeIsReady(item.Object) || len(item.Object.Status.Conditions) == 0)
	}
	slices.Sort(names)
	var out [][]evidence.Standpoint
	for _, name := range names {
		froms := []evidence.Standpoint{evidence.FromNode(name)}
		if !w.Template.Spec.HostNetwork {
			froms = append(froms, evidence.FromPodsOn(name))
		}
		recorded := !slices.ContainsFunc(froms, func(s evidence.Standpoint) bool { return !slices.Contains(o.Standpoints, s) })
		probed := o.NodeProbe && able[name] && (len(o.ProbeNodes) == 0 || slices.Contains(o.ProbeNodes, name))
		if recorded || probed {
			out = append(out, froms)
		}
	}
	if len(out) > askedNodes {
		out = out[:askedNodes]
	}
	return out
}

// reached is how far connections from one node came.
type reached struct {
	node  string
	state string // "" (not known), "unresolved", "blocked", "refused" or "arrived"
	text  string
	cited []theory.Evidence
	shake *evidence.Handshake // the furthest
	last  *evidence.Handshake // as the workload's own packets go; nil: no answer
}

// reachedFrom reads what questions from the standpoints of nodes brought. Asked
// reports whether all of them were asked.
func reachedFrom(v *theory.View, nodes [][]evidence.Standpoint, ask func(evidence.Standpoint) evidence.Question) (out []reached, asked bool) {
	asked = true
	for _, froms := range nodes {
		r := reached{node: froms[0].Node()}
		var states []string
		for _, from := range froms {
			q := ask(from)
			r.last = nil
			a, ok := v.Peek(q)
			asked = asked && ok
			if !ok || a.Gap != nil || a.Shake == nil {
				states = append(states, "")
				continue
			}
			states = append(states, stateOf(a.Shake))
			r.text = cmpText(r.text, a.Shake.Error)
			r.cited = append(r.cited, theory.Evidence{Question: q, Value: valueOf(a.Shake, "connected")})
			r.last = a.Shake
			if r.shake == nil || len(a.Shake.Peer) > len(r.shake.Peer) {
				r.shake = a.Shake
			}
		}
		last := states[len(states)-1] // as the workload's own packets go
		switch {
		case last == "arrived" || last == "refused":
			r.state = last
		case !slices.ContainsFunc(states, func(s string) bool { return s != last }):
			r.state = last // all standpoints agree
		}
		out = append(out, r)
	}
	return out, asked
}

func stateOf(s *evidence.Handshake) string {
	switch {
	case s.Stage == "name":
		return "unresolved"
	case s.Stage == "port" && strings.Contains(s.Error, "refused"):
		return "refused"
	case s.Stage == "port":
		return "blocked"
	}
	return "arrived"
}

// only returns those in a state, and whether all are.
func only(all []reached, state string) (some []reached, every bool) {
	some = slices.DeleteFunc(slices.Clone(all), func(r reached) bool { return r.state != state })
	return some, len(some) == len(all) && len(all) > 0
}

func nodesOf(all []reached) string {
	var names []string
	for _, r := range all {
		names = append(names, r.node)
	}
	return strings.Join(names, ", ")
}

func citedOf(all []reached) []theory.Evidence {
	var cited []theory.Evidence
	for _, r := range all {
		cited = append(cited, r.cited...)
	}
	return cited
}

// fromNodes is what nodes tell of the agents' way to their server.
type fromNodes struct {
	nodes   [][]evidence.Standpoint
	reached []reached
	asked   bool
}

func (c *agentConnectionLaw) askFrom(from evidence.Standpoint) evidence.Question {
	q := c.question
	q.From = from
	return q
}

// lookFromNodes reads what nodes tell, and takes the handshake of one of them
// where none was made from here: what answers a node is what its agent is
// answered by.
func (c *agentConnectionLaw) lookFromNodes() {
	c.from.nodes = standpointsOf(c.v, c.a.workload)
	c.from.reached, c.from.asked = reachedFrom(c.v, c.from.nodes, c.askFrom)
	for _, r := range c.from.reached {
		if c.shake == nil && r.state == "arrived" && len(r.shake.Peer) > 0 {
			c.shake, c.cited, c.shakenBy = r.shake, r.cited, r.node
		}
	}
}

// nodeTests are the tests from nodes: made by laudo, where it may, or else
// suggested.
func (c *agentConnectionLaw) nodeTests() []theory.Test {
	if len(c.from.nodes) == 0 {
		if c.v.Options().NodeProbe || len(c.a.workload.Pods) == 0 {
			return nil
		}
		return []theory.Test{{Text: probeCan.With(), Command: probeCommand}}
	}
	if c.from.asked {
		return nil
	}
	var ask []evidence.Question
	for _, froms := range c.from.nodes {
		for _, from := range froms {
			ask = append(ask, c.askFrom(from))
		}
		ask = append(ask, besides(c.v, froms, c.a)...)
	}
	return []theory.Test{{Ask: ask, Cost: askNode, Text: probeCan.With(), Command: probeCommand}}
}

// besides are the questions that a Pod which is made anyway is asked too.
func besides(v *theory.View, froms []evidence.Standpoint, a *agent) []evidence.Question {
	var ask []evidence.Question
	host := froms[0]
	if q, ok := clockQuestion(v, host); ok {
		ask = append(ask, q)
	}
	if net.ParseIP(a.host) == nil {
		for _, from := range froms {
			ask = append(ask, evidence.Question{Kind: evidence.DNS, Address: a.host, From: from})
		}
	}
	if v.Options().ProbeFiles {
		ask = append(ask, programsQuestion(host))
		for _, dir := range certificateDirs {
			ask = append(ask, evidence.Question{Kind: evidence.Certificates, Path: dir, From: host})
		}
	}
	for _, node := range otherNodes(v, host.Node()) {
		for _, from := range froms {
			ask = append(ask, kubeletQuestion(node, from))
		}
	}
	return ask
}

// otherNodes are some of the nodes whose kubelets a node is asked about.
func otherNodes(v *theory.View, node string) []*corev1.Node {
	var others []*corev1.Node
	for _, item := range theory.List(v, evidence.Nodes).Items {
		if item.Object.Name != node && nodeIsReady(item.Object) && len(others) < askedNodes {
			others = append(others, item.Object)
		}
	}
	return others
}

func kubeletQuestion(node *corev1.Node, from evidence.Standpoint) evidence.Question {
	return evidence.Question{Kind: evidence.TCP, Address: net.JoinHostPort(internalAddress(node), kubeletPort(node)), From: from}
}

// clockQuestion asks a node for the API server's clock beside its own.
func clockQuestion(v *theory.View, from evidence.Standpoint) (evidence.Question, bool) {
	for _, item := range theory.List(v, evidence.Services).Items {
		if s := item.Object; s.Namespace == "default" && s.Name == "kubernetes" && net.ParseIP(s.Spec.ClusterIP) != nil {
			return evidence.Question{Kind: evidence.HTTP, Address: net.JoinHostPort(s.Spec.ClusterIP, "443"), Path: "/version", From: from}, true
		}
	}
	return evidence.Question{}, false
}

// judgeFromNodes sets the verdicts on name, port and listener that nodes give.
func (c *agentConnectionLaw) judgeFromNodes(name, port, listens *theory.Claim) {
	address := c.a.address()
	if arrived, _ := only(c.from.reached, "arrived"); len(arrived) > 0 {
		one := arrived[0].node
		listens.Verdict, listens.Held, listens.Evidence = diagnose.Holds, listensNode.With(address, one), citedOf(arrived)
		if c.passesFor() {
			port.Verdict, port.Why, port.Held, port.Evidence = diagnose.Holds, "", arrivesHeld.With(address, one), citedOf(arrived)
		}
		if name.Verdict == diagnose.Unknown {
			name.Verdict, name.Why, name.Held, name.Evidence = diagnose.Holds, "", resolvesHeld.With(c.a.host, one), citedOf(arrived)
		}
		c.someBlocked()
		return
	}
	if blocked, every := only(c.from.reached, "blocked"); every {
		port.Verdict, port.Why, port.Mode, port.Evidence = diagnose.Broken, "", "blocked", citedOf(blocked)
		port.Modes[0].Summary = blockedFrom.With(address, nodesOf(blocked), blocked[0].text)
		if !c.dialsServer() {
			// Or nobody is there.
			port.Needs = append(port.Needs, all(claimID("agent-address", c.a.workload.Subject)))
		}
	}
	if all, every := only(c.from.reached, "refused"); every {
		listens.Verdict, listens.Mode, listens.Evidence = diagnose.Broken, "silent", citedOf(all)
		listens.Modes[0].Summary = refusedFrom.With(address, nodesOf(all))
		port.Verdict, port.Why, port.Held, port.Evidence = diagnose.Holds, "", arrivesHeld.With(address, all[0].node), citedOf(all)
	}
	if all, every := only(c.from.reached, "unresolved"); every {
		name.Verdict, name.Why, name.Mode, name.Evidence = diagnose.Broken, "", "unresolved", citedOf(all)
		name.Modes[0].Summary = unresolvedFrom.With(c.a.host, nodesOf(all), all[0].text)
	}
}

// dialsServer reports whether what the agents dial is known to be their
// server's machine: the handshake from here said so, or it is where the API
// server is, beside which konnectivity-server runs; and nobody changed it since
// the revision before. Packets to an address where nobody is get lost as those
// do that are dropped.
func (c *agentConnectionLaw) dialsServer() bool {
	if before, _, _ := addressBefore(c.v, c.a.workload); before != "" && before != c.a.address() {
		return false
	}
	if c.shake != nil && c.shakenBy == "" {
		return true
	}
	if conf, ok := c.v.Answer(evidence.Question{Kind: evidence.Client}); ok && conf.Client != nil {
		if host, _ := hostOf(conf.Client.Server); host == c.a.host {
			return true
		}
	}
	for _, item := range theory.List(c.v, evidence.EndpointSlices).Items {
		if item.Object.Namespace != "default" || item.Object.Labels[discoveryv1.LabelServiceName] != "kubernetes" {
			continue
		}
		if slices.ContainsFunc(item.Object.Endpoints, func(e discoveryv1.Endpoint) bool { return slices.Contains(e.Addresses, c.a.host) }) {
			return true
		}
	}
	return false
}

// passesFor reports whether what passes for a Pod of ours passes for the agents.
func (c *agentConnectionLaw) passesFor() bool {
	if c.a.workload.Template.Spec.HostNetwork {
		return true
	}
	policies := theory.List(c.v, evidence.NetworkPolicies)
	return policies.Known() && !slices.ContainsFunc(policies.Items, func(i networkPolicyItem) bool {
		return i.Object.Namespace == c.a.workload.Subject.Namespace
	})
}

// someBlocked states, of nodes from which packets do not arrive where those of
// others do, that they do not.
func (c *agentConnectionLaw) someBlocked() {
	blocked, _ := only(c.from.reached, "blocked")
	for _, r := range blocked {
		at := subject{Kind: "Node", Name: r.node}
		c.v.State(theory.Claim{
			ID: claimID("agent-port-from", at) + diagnose.ID(" "+c.a.address()), Subject: at, Suspect: someBlocked.With(),
			Verdict: diagnose.Broken, Mode: "blocked", Evidence: r.cited,
			Modes: []theory.Mode{{
				Name: "blocked", Category: report.CategoryNetworkBlocked, Summary: someBlockedIs.With(c.a.address(), r.node, r.text),
				Remedy: &theory.Remedy{Steps: []theory.Step{{
					Text: openAgentPort.With(c.a.port, c.a.host), Action: "open-port",
					Args: map[string]string{"from": r.node, "address": c.a.address(), "port": c.a.port, "protocol": "tcp"},
				}}},
			}},
		})
	}
}

// judgeKubeletFromNodes sets the verdict on a kubelet's port that the nodes of
// the agents give, through which the API server's connections come.
func judgeKubeletFromNodes(v *theory.View, port *theory.Claim, node *corev1.Node) {
	t := tunnelOf(v)
	if len(t.agents) != 1 {
		return
	}
	froms := slices.DeleteFunc(standpointsOf(v, t.agents[0].workload), func(f []evidence.Standpoint) bool { return f[0].Node() == node.Name })
	all, asked := reachedFrom(v, froms, func(from evidence.Standpoint) evidence.Question { return kubeletQuestion(node, from) })
	if !asked || len(all) == 0 {
		return
	}
	if blocked, every := only(all, "blocked"); every {
		port.Verdict, port.Why, port.Mode, port.Evidence = diagnose.Broken, "", "blocked", citedOf(blocked)
		port.Modes[0].Summary = kubeletFrom.With(kubeletPort(node), node.Name, nodesOf(blocked), blocked[0].text)
	}
}
