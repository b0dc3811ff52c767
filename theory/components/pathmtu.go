package components

import (
	"strings"

	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
)

// Where a link on the way carries less than the ends believe, and the ICMP
// message that says so is filtered, a TCP connection opens, and hangs with the
// first large packet: in TLS, the server's certificate. Segments that are made
// small from the start arrive. Nothing else tells the two apart, so that a
// handshake which completes in small segments, and hangs in large ones before
// and after that, is proof for the way that it took.
//
// Sources: RFC 2923, 2.1; RFC 4821, 1; RFC 9293, 3.7.1 (2026-11).

var (
	mtuSuspect = message.Word{EN: "large packets lost on the way to %[1]s (path MTU)", PT: "pacotes grandes perdidos no caminho até %[1]s (MTU do caminho)"}
	mtuWords   = message.Word{EN: "%[1]s answers a small request, and nothing of its TLS handshake, which takes large packets, arrives: packets above some size are lost on the way, and nobody says so (path MTU, ICMP filtered).", PT: "%[1]s responde a uma requisição pequena, e nada do seu handshake TLS, que usa pacotes grandes, chega: pacotes acima de certo tamanho se perdem no caminho, e ninguém avisa (MTU do caminho, ICMP filtrado)."}
	mtuProven  = message.Word{EN: "A TLS handshake with %[1]s completes in TCP segments of %[2]s bytes, and hangs in those of full size: large packets are lost on the way from here, and nobody says so (path MTU, ICMP filtered).", PT: "Um handshake TLS com %[1]s se completa em segmentos TCP de %[2]s bytes, e trava nos de tamanho pleno: pacotes grandes se perdem no caminho a partir daqui, e ninguém avisa (MTU do caminho, ICMP filtrado)."}
	mtuFind    = message.Word{EN: "Find the size that still passes; on the way there let ICMP \"fragmentation needed\" through, or lower the MTU of the interface or tunnel, or clamp the MSS", PT: "Ache o tamanho que ainda passa; no caminho, libere o ICMP \"fragmentation needed\", ou reduza a MTU da interface ou do túnel, ou limite o MSS"}

	agentMTUWords  = message.Word{EN: "Large packets between the nodes and %[1]s are lost, and nobody says so: the agents connect, and their TLS handshake hangs (path MTU, ICMP filtered).", PT: "Pacotes grandes entre os nós e %[1]s se perdem, e ninguém avisa: os agentes conectam, e seu handshake TLS trava (MTU do caminho, ICMP filtrado)."}
	agentMTUProven = message.Word{EN: "Large packets between %[2]s, where agents run, and %[1]s are lost, and nobody says so: a TLS handshake from there hangs, and completes in TCP segments of %[3]s bytes (path MTU, ICMP filtered).", PT: "Pacotes grandes entre %[2]s, onde há agentes, e %[1]s se perdem, e ninguém avisa: um handshake TLS de lá trava, e se completa em segmentos TCP de %[3]s bytes (MTU do caminho, ICMP filtrado)."}
	agentMTUHeld   = message.Word{EN: "packets of full size pass between node %[2]s and %[1]s", PT: "pacotes de tamanho pleno passam entre o nó %[2]s e %[1]s"}
	agentMTUMend   = message.Word{EN: "Find the size that still passes; then set the MTU of the nodes' interfaces, of the CNI or of the tunnel to it, or let ICMP type 3 code 4 (ICMPv6 type 2) through from every hop between the nodes and %[1]s, or clamp the MSS there", PT: "Ache o tamanho que ainda passa; então ajuste a ele a MTU das interfaces dos nós, do CNI ou do túnel, ou libere o ICMP tipo 3 código 4 (ICMPv6 tipo 2) de cada salto entre os nós e %[1]s, ou limite o MSS ali"}
	agentMTUNot    = message.Word{EN: "restarting the agents or konnectivity-server: their handshakes hang as before", PT: "reiniciar os agentes ou o konnectivity-server: seus handshakes travam como antes"}
	someLost       = message.Word{EN: "large packets lost from some nodes", PT: "pacotes grandes perdidos a partir de alguns nós"}
	someLostIs     = message.Word{EN: "Large packets between node %[2]s and %[1]s are lost, and pass from others: the agent there has no stream.", PT: "Pacotes grandes entre o nó %[2]s e %[1]s se perdem, e passam a partir de outros: o agente de lá não tem fluxo."}
)

// mtuCommand shows which packets still pass.
func mtuCommand(host string) string {
	if strings.Contains(host, ":") {
		return "tracepath -6 -n " + host + "; ping -6 -M do -s 1400 -c 3 " + host + "; ping -6 -M do -s 1200 -c 3 " + host
	}
	return "tracepath -n " + host + "; ping -M do -s 1400 -c 3 " + host + "; ping -M do -s 500 -c 3 " + host
}

// pathMTU states, of a peer that is silent in handshakes, that large packets
// arrive. If it only answers what is small without TLS, something that drops TLS
// alone looks the same from here.
func (s *endpointStages) pathMTU() theory.Claim {
	command := mtuCommand(s.host)
	c := theory.Claim{
		ID: claimID("api-path-mtu", s.at), Subject: s.at, Suspect: mtuSuspect.With(s.address), Hint: 1,
		Modes: []theory.Mode{{
			Name: "lost", Category: report.CategoryMTU, Summary: mtuWords.With(s.address),
			Remedy: &theory.Remedy{Steps: []theory.Step{{Text: mtuFind.With(), Command: command}}},
		}},
		Tests: []theory.Test{{Text: mtuFind.With(), Command: command}}, Evidence: s.cited,
	}
	if s.shake.MSS != 0 {
		c.Verdict, c.Mode, c.Tests = diagnose.Broken, "lost", nil
		c.Modes[0].Summary = mtuProven.With(s.address, itoa(s.shake.MSS))
		return c
	}
	unknown(&c, diagnose.NoStandpoint, "")
	return c
}

// pathMTU states that packets of full size pass between the nodes of the agents
// and their server. Only nodes can tell.
func (c *agentConnectionLaw) pathMTU() {
	at, address := c.a.endpoint(), c.a.address()
	mend := &theory.Remedy{
		Steps: []theory.Step{{
			Text: agentMTUMend.With(c.a.host), Command: mtuCommand(c.a.host), Action: "restore-path-mtu",
			Args: map[string]string{"from": "nodes", "address": address, "host": c.a.host},
		}},
		Not: []message.Text{agentMTUNot.With()},
	}
	claim := theory.Claim{
		ID: claimID("agent-path-mtu", at), Subject: at, Suspect: mtuSuspect.With(address), Rank: 5,
		Modes: []theory.Mode{{Name: "lost", Category: report.CategoryMTU, Shows: noAgentShows, Summary: agentMTUWords.With(address), Remedy: mend}},
		Tests: append(c.nodeTests(), theory.Test{Text: nodeCan.With(), Command: mtuCommand(c.a.host)}),
	}
	unknown(&claim, diagnose.NoStandpoint, "")
	if here, ok := c.v.Peek(c.question); ok && here.Shake != nil && (here.Shake.MSS != 0 || here.Shake.Spoke) {
		claim.Hint += 2 // the way from here is another
	}
	var lost, passed []reached
	for _, r := range c.from.reached {
		switch s := r.last; {
		case s == nil:
		case s.MSS != 0:
			lost = append(lost, r)
		case len(s.Peer) > 0:
			passed = append(passed, r)
		case s.Spoke:
			claim.Hint++
		}
	}
	switch {
	case len(passed) > 0:
		claim.Verdict, claim.Why, claim.Held, claim.Evidence = diagnose.Holds, "", agentMTUHeld.With(address, passed[0].node), citedOf(passed)
		c.someLost(lost, mend)
	case len(lost) > 0 && len(lost) == len(c.from.reached):
		claim.Verdict, claim.Why, claim.Mode, claim.Evidence = diagnose.Broken, "", "lost", citedOf(lost)
		claim.Modes[0].Summary = agentMTUProven.With(address, nodesOf(lost), itoa(lost[0].last.MSS))
	}
	c.state(claim, theory.StageTLS)
}

// someLost states, of nodes between which and the server large packets are lost
// where those of others pass, that they pass.
func (c *agentConnectionLaw) someLost(lost []reached, mend *theory.Remedy) {
	for _, r := range lost {
		at := subject{Kind: "Node", Name: r.node}
		c.v.State(theory.Claim{
			ID: claimID("agent-path-mtu-from", at) + diagnose.ID(" "+c.a.address()), Subject: at, Suspect: someLost.With(),
			Verdict: diagnose.Broken, Mode: "lost", Evidence: r.cited,
			Modes: []theory.Mode{{Name: "lost", Category: report.CategoryMTU, Summary: someLostIs.With(c.a.address(), r.node), Remedy: mend}},
		})
	}
}

// valueOf is what is cited of a handshake.
func valueOf(s *evidence.Handshake, completed string) string {
	if s.MSS != 0 {
		return s.Error + "; in segments of " + itoa(s.MSS) + " bytes: completed"
	}
	return cmpText(s.Error, completed)
}
