package components

import (
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
)

// remotedialer is the tunnel of k3s and RKE2, which is not Konnectivity: no Pod
// is part of it.
var remotedialer = theory.Component{
	Name: "remotedialer",
	For: message.Word{
		EN: "the tunnel of k3s and RKE2: each node keeps a websocket open to each server, through which the API server reaches its kubelet; it is part of the k3s or rke2 service itself",
		PT: "o túnel de k3s e RKE2: cada nó mantém um websocket aberto com cada servidor, pelo qual o servidor da API alcança seu kubelet; faz parte do próprio serviço k3s ou rke2",
	},
	Laws: []theory.Law{{
		ID: "remotedialer",
		Doc: "on k3s and RKE2, each node keeps a tunnel open to each server\n\n" +
			"The agent's service dials every server on port 6443 (k3s) or 9345 (RKE2); at the far end the kubelet is dialled on loopback. The service that runs the kubelet keeps the tunnel, " +
			"and renews its certificates only when it starts. Sources: k3s pkg/agent/tunnel, pkg/daemons/control/tunnel.go; docs.k3s.io/networking/basic-network-options, docs.k3s.io/cli/certificate (2026-11).",
		Reads: slices.Concat(nodeReads, logReads),
		State: remotedialerCarries,
	}},
}

// distribution is what runs a k3s or RKE2 cluster; nil: it is neither.
type distribution struct {
	name, port    string
	server, agent string // the services
}

func distributionOf(v *theory.View) *distribution {
	switch platformOf(v).name {
	case "k3s":
		return &distribution{"k3s", "6443", "k3s", "k3s-agent"}
	case "rke2":
		return &distribution{"rke2", "9345", "rke2-server", "rke2-agent"}
	}
	return nil
}

// remotedialed reports whether the kubelets are reached through remotedialer.
func remotedialed(v *theory.View) bool { return distributionOf(v) != nil && !hasAgents(v) }

func runsServer(node *corev1.Node) bool {
	_, ok := node.Labels["node-role.kubernetes.io/control-plane"]
	return ok
}

func (d *distribution) service(node *corev1.Node) string {
	if runsServer(node) {
		return d.server
	}
	return d.agent
}

// kubeletService is the service that runs the kubelet of a node.
func kubeletService(v *theory.View, node *corev1.Node) string {
	if d := distributionOf(v); d != nil {
		return d.service(node)
	}
	return "kubelet"
}

// runtimeService is the one that runs its containers.
func runtimeService(v *theory.View, node *corev1.Node) string {
	if d := distributionOf(v); d != nil {
		return d.service(node)
	}
	return "containerd"
}

var (
	sessionSuspect = message.Word{EN: "node's tunnel to the server not open", PT: "túnel do nó com o servidor não está aberto"}
	sessionHeld    = message.Word{EN: "requests arrive at %[1]s through its tunnel", PT: "requisições chegam a %[1]s pelo seu túnel"}
	sessionsHeld   = message.Word{EN: "the tunnels of %[1]s of %[1]s probed nodes carry requests", PT: "os túneis de %[1]s de %[1]s nós testados levam requisições"}
	sessionWords   = message.Word{
		EN: "Node %[1]s has no tunnel open to the server that was asked (%[2]s): its %[3]s service, which keeps it beside the kubelet, does not reach port %[4]s there, or is not let in.",
		PT: "O nó %[1]s não tem túnel aberto com o servidor que recebeu a requisição (%[2]s): seu serviço %[3]s, que o mantém ao lado do kubelet, não alcança a porta %[4]s de lá, ou não é aceito.",
	}
	otherSuspect = message.Word{EN: "node's tunnel open to other servers only", PT: "túnel do nó aberto só com outros servidores"}
	otherWords   = message.Word{
		EN: "Node %[1]s holds its tunnel with other servers than the one that was asked (%[2]s): it does not know of that server, or does not reach port %[3]s on it.",
		PT: "O nó %[1]s mantém seu túnel com outros servidores que não o que recebeu a requisição (%[2]s): não conhece esse servidor, ou não alcança a porta %[3]s dele.",
	}
	loopSuspect = message.Word{EN: "kubelet not on loopback, where the tunnel dials it", PT: "kubelet fora do loopback, onde o túnel o procura"}
	loopWords   = message.Word{
		EN: "The tunnel comes as far as node %[1]s, and its kubelet does not answer on the loopback address, where the tunnel dials it (%[2]s): its address, or egress-selector-mode, is set to another way.",
		PT: "O túnel chega até o nó %[1]s, e seu kubelet não responde no endereço de loopback, onde o túnel o procura (%[2]s): seu endereço, ou o egress-selector-mode, está configurado para outro caminho.",
	}
	readService    = message.Word{EN: "Read on %[1]s why the tunnel does not come up: the port (%[2]s on every server), the certificates, or the node's password (Secret kube-system/%[1]s.node-password.%[3]s)", PT: "Leia em %[1]s por que o túnel não sobe: a porta (%[2]s em cada servidor), os certificados, ou a senha do nó (Secret kube-system/%[1]s.node-password.%[3]s)"}
	renewOnStart   = message.Word{EN: "Restart the service on %[1]s: it dials all servers anew, and renews its certificates, which it does at its start only (if they end within 120 days; 90 in releases before May 2025)", PT: "Reinicie o serviço em %[1]s: ele disca de novo todos os servidores e renova seus certificados, o que só faz ao iniciar (se vencem em até 120 dias; 90 em versões anteriores a maio de 2025)"}
	serviceBreaks  = message.Word{EN: "the kubelet of the node for some seconds; its containers go on", PT: "o kubelet do nó por alguns segundos; seus contêineres seguem em execução"}
	readEgress     = message.Word{EN: "Take kubelet addresses and egress-selector-mode out of the configuration on the servers and on %[1]s, or make them the same, and restart the services", PT: "Retire endereços do kubelet e egress-selector-mode da configuração nos servidores e em %[1]s, ou iguale-os, e reinicie os serviços"}
	notKonnecting  = message.Word{EN: "looking for konnectivity-agent, or installing it: this distribution has a tunnel of its own", PT: "procurar ou instalar o konnectivity-agent: esta distribuição tem um túnel próprio"}
	serverSessions = message.Word{EN: "on each server: which nodes have no session", PT: "em cada servidor: que nós não têm sessão"}
)

func sessionIDs(node string) []diagnose.ID {
	at := subject{Kind: "Node", Name: node}
	return []diagnose.ID{claimID("tunnel-session", at), claimID("tunnel-elsewhere", at), claimID("tunnel-loopback", at)}
}

// remotedialerCarries states of each node that was asked for logs that its tunnel
// brings them.
func remotedialerCarries(v *theory.View) {
	d := distributionOf(v)
	if d == nil || !remotedialed(v) {
		return
	}
	servers := 0 // not known: servers need not be nodes, and nodes may not be listed
	nodes := nodesOrHosts(v)
	for _, item := range nodes {
		if runsServer(item.Object) && theory.List(v, evidence.Nodes).Known() {
			servers++
		}
	}
	requests := logRequests(v)
	for _, item := range nodes {
		node := item.Object
		r := requests[node.Name]
		if r == nil {
			continue
		}
		at, name, service := subject{Kind: "Node", Name: node.Name}, node.Name, d.service(node)
		ids := sessionIDs(name)
		text := cmpText(r.text, "no answer")
		look := "ssh " + name + " \"sudo journalctl -u " + service + " | grep -iE 'proxy|tunnel|remotedialer|certificate|password' | tail -20\""
		restart := []theory.Step{
			{Text: readService.With(name, d.port, d.name), Command: look},
			{Text: renewOnStart.With(name), Command: "ssh " + name + " sudo systemctl restart " + service, Interrupts: serviceBreaks.With(), Action: "restart-node-service", Args: map[string]string{"node": name, "service": service}},
		}
		not := []message.Text{notKonnecting.With()}
		onServer := theory.Test{Text: serverSessions.With(), Command: "sudo journalctl -u " + d.server + " | grep -iE 'failed to find session|remotedialer' | tail -20"}
		// The service that keeps the tunnel runs the kubelet, too.
		needs := []diagnose.Need{all(kubeletID(name))}
		session := theory.Claim{
			ID: ids[0], Subject: at, Suspect: sessionSuspect.With(), Held: sessionHeld.With(name), HeldAll: sessionsHeld, Rank: 1, Needs: needs,
			Modes: []theory.Mode{{
				Name: "no-session", Category: report.CategoryKonnectivityAgentDown, Shows: []string{"tunnel-no-session", "tunnel-502", "tunnel-disconnected", "proxy-502", "proxy-500", "hang"},
				Summary: sessionWords.With(name, text, service, d.port), Remedy: &theory.Remedy{Steps: restart, Not: not},
			}},
			Tests: []theory.Test{{Text: onTheNode.With(name), Command: look}},
		}
		elsewhere := theory.Claim{
			ID: ids[1], Subject: at, Suspect: otherSuspect.With(), Held: sessionHeld.With(name), HeldAll: sessionsHeld, Rank: 2, Needs: needs,
			Modes: []theory.Mode{{
				Name: "other-server", Category: report.CategoryKonnectivityCountMismatch, Shows: []string{"tunnel-no-session", "tunnel-502", "proxy-502"},
				Summary: otherWords.With(name, text, d.port), Remedy: &theory.Remedy{Steps: restart, Not: not},
			}},
			Tests: []theory.Test{onServer},
		}
		loop := theory.Claim{
			ID: ids[2], Subject: at, Suspect: loopSuspect.With(), Held: sessionHeld.With(name), HeldAll: sessionsHeld, Rank: 3, Needs: needs,
			Modes: []theory.Mode{{
				Name: "elsewhere", Category: report.CategoryKonnectivityConfig, Shows: []string{"proxy-502", "proxy-503", "dial-refused"},
				Summary: loopWords.With(name, text), Remedy: &theory.Remedy{Steps: []theory.Step{{
					Text: readEgress.With(name), Command: "ssh " + name + " \"sudo grep -rE 'egress-selector-mode|bind-address|node-ip|kubelet-arg' /etc/rancher/" + d.name + "/; sudo ss -ltn 'sport = :10250'\"",
				}}, Not: not},
			}},
			Tests: []theory.Test{{Text: onTheNode.With(name), Command: "ss -ltn 'sport = :10250'"}},
		}
		for _, c := range []*theory.Claim{&session, &elsewhere, &loop} {
			switch {
			case r.stage > theory.StagePort, r.tried > 0 && r.failed == 0:
				// One that came as far as the kubelet came through.
				c.Verdict, c.Evidence = diagnose.Holds, r.cited
			case r.tried == 0:
				unknown(c, cmpWhy(r.why, diagnose.Failed), r.note)
			case r.failed < r.tried && (c == &loop || c == &session && servers != 1):
				// Some server has a session, and the kubelet answers at its end.
				c.Verdict, c.Evidence = diagnose.Holds, r.cited
			default:
				unknown(c, diagnose.NoStandpoint, "")
			}
		}
		if servers == 1 && session.Verdict == diagnose.Unknown && r.failed > 0 && r.failed == r.tried && r.finding != nil && r.finding.ID == "tunnel-no-session" {
			// The server says itself that it has none, and there is no other.
			session.Verdict, session.Why, session.Mode, session.Evidence = diagnose.Broken, "", "no-session", r.cited
		}
		if servers == 1 && elsewhere.Verdict == diagnose.Unknown {
			elsewhere.Verdict, elsewhere.Why, elsewhere.Held = diagnose.Holds, "", oneServerHeld.With()
			elsewhere.Evidence = []theory.Evidence{{Question: item.From, Field: "node-role.kubernetes.io/control-plane", Value: itoa(servers)}}
		}
		v.State(session)
		v.State(elsewhere)
		v.State(loop)
	}
}

var oneServerHeld = message.Word{EN: "there is one server", PT: "há um servidor"}
