package components

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
)

// Each API server asks the konnectivity-server beside it, and that one needs an
// agent of its own. Agents dial one address until they hold as many connections
// to different servers as they were told that there are: by the header of the
// server that they met last (its --server-count), or by Leases. Told too few,
// they stop early, and a server may be left without any. An agent counts both
// numbers in its metrics.
// Source: apiserver-network-proxy v0.36, pkg/agent/clientset.go and
// pkg/agent/metrics; tried with three servers and two agents (2026-11).

const (
	serverCountID = diagnose.ID("server-count")

	serversKnown = "konnectivity_network_proxy_agent_known_server_count"
	serversOpen  = "konnectivity_network_proxy_agent_open_server_connections"

	// scrapedAgents is how many agents are asked for their metrics, and
	// scrapesOfAgent how often each: the request, too, may come to an API server
	// that has no agent.
	scrapedAgents, scrapesOfAgent = 6, 5
)

var agentMetricsRead = theory.Read{Verb: theory.VerbRaw, Resource: "/api/v1/namespaces/*/pods/*/proxy/metrics", Helps: true}

var (
	countSuspect = message.Word{EN: "agents connect to fewer konnectivity-servers than there are", PT: "agentes se conectam a menos konnectivity-servers do que existem"}
	countHeld    = message.Word{EN: "the agents look for a connection to each of %[1]s konnectivity-servers", PT: "os agentes procuram uma conexão com cada um dos %[1]s konnectivity-servers"}
	countLow     = message.Word{
		EN: "There are %[1]s API servers, each with a konnectivity-server of its own, and the agents were told of only %[2]s (--server-count): each agent stops looking at that many, and at least one server is left without any. What comes to the API server beside it fails: %[3]s of %[4]s requests through the tunnel.",
		PT: "Há %[1]s servidores da API, cada um com seu próprio konnectivity-server, e os agentes foram informados de apenas %[2]s (--server-count): cada agente para de procurar nesse número, e ao menos um servidor fica sem nenhum. O que chega ao servidor da API ao lado dele falha: %[3]s de %[4]s requisições pelo túnel.",
	}
	countLeases = message.Word{
		EN: "There are %[1]s API servers, each with a konnectivity-server of its own, and the agents, which count servers by their Leases, find only %[2]s: each agent stops looking at that many, and at least one server is left without any. What comes to the API server beside it fails: %[3]s of %[4]s requests through the tunnel.",
		PT: "Há %[1]s servidores da API, cada um com seu próprio konnectivity-server, e os agentes, que contam servidores por seus Leases, encontram apenas %[2]s: cada agente para de procurar nesse número, e ao menos um servidor fica sem nenhum. O que chega ao servidor da API ao lado dele falha: %[3]s de %[4]s requisições pelo túnel.",
	}
	setCount       = message.Word{EN: "Set --server-count=%[1]s on each of the %[1]s konnectivity-servers and restart them, one after the other; the agents connect again by themselves", PT: "Defina --server-count=%[1]s em cada um dos %[1]s konnectivity-servers e reinicie-os, um após o outro; os agentes se reconectam sozinhos"}
	setCountBreaks = message.Word{EN: "logs, exec, webhooks and aggregated APIs through the server that restarts, for a few seconds", PT: "logs, exec, webhooks e APIs agregadas pelo servidor que reinicia, por alguns segundos"}
	notAgentsAlone = message.Word{EN: "only restarting the agents: they are told the same number again", PT: "apenas reiniciar os agentes: eles são informados do mesmo número outra vez"}
	readLeases     = message.Word{EN: "See that each konnectivity-server runs with --enable-lease-controller and renews its Lease, that the agents may get, list and watch Leases there, and that their nodes' clocks are right: a Lease lasts 30 s", PT: "Verifique se cada konnectivity-server roda com --enable-lease-controller e renova seu Lease, se os agentes podem ler (get, list, watch) Leases ali, e se os relógios de seus nós estão certos: um Lease dura 30 s"}
	askAgent       = message.Word{EN: "ask an agent how many servers it knows; repeat it where the request itself finds no agent", PT: "pergunte a um agente quantos servidores conhece; repita se a própria requisição não encontrar agente"}
)

// unserved reports whether one of several API servers has no agent: some
// requests find none, and others come through.
func (s *seenTraffic) unserved(v *theory.View) bool {
	return s.noAgent > 0 && s.passed > 0 && apiServers(v) > 1
}

// serverCount is that the agents look for every konnectivity-server. It is of
// interest where one of several has none.
func serverCount(v *theory.View, t *tunnel, s seenTraffic) (theory.Claim, bool) {
	if len(t.agents) == 0 || !s.unserved(v) {
		return theory.Claim{}, false
	}
	servers := apiServers(v)
	c := theory.Claim{
		ID: serverCountID, Subject: subject{Kind: "Endpoint", Name: "konnectivity-server", Detail: "--server-count"},
		Suspect: countSuspect.With(), Held: countHeld.With(servers), Hint: 1,
		Modes: []theory.Mode{{
			Name: "low", Category: report.CategoryKonnectivityCountMismatch, Shows: noAgentShows,
			Remedy: &theory.Remedy{
				Steps: []theory.Step{{
					Text: setCount.With(servers), Command: "grep -rn -e --server-count /etc/kubernetes/manifests/", Interrupts: setCountBreaks.With(),
					Action: "set-server-count", Args: map[string]string{"count": itoa(servers)},
				}},
				Not: []message.Text{notAgentsAlone.With()},
			},
		}},
	}
	unknown(&c, diagnose.NoStandpoint, "")
	known, fewest, all := 0, 0, true
	var cited []theory.Evidence
	for i, pod := range agentPods(t) {
		if i == scrapedAgents {
			break
		}
		of := agentRunning(t, pod)
		if of == nil {
			all = false
			continue
		}
		n, open, evidence := knownServers(v, pod, of)
		if n == 0 || n < servers && open < n {
			all = false // it did not say, or is at it
			continue
		}
		if fewest == 0 || n < fewest {
			fewest = n
		}
		known = max(known, n)
		cited = append(cited, evidence...)
	}
	leases := strings.EqualFold(t.agents[0].flags["count-server-leases"], "true")
	at := &c.Modes[0]
	at.Summary = countLow.With(servers, known, s.noAgent, s.noAgent+s.passed)
	if leases {
		at.Summary = countLeases.With(servers, known, s.noAgent, s.noAgent+s.passed)
		at.Remedy = &theory.Remedy{Steps: []theory.Step{{Text: readLeases.With(), Command: "kubectl get leases -A -l k8s-app=konnectivity-server"}}}
	}
	switch {
	case all && known > 0 && known < servers:
		c.Verdict, c.Why, c.Mode = diagnose.Intermittent, "", at.Name
		c.Tried, c.Failed = s.noAgent+s.passed, s.noAgent
		c.Evidence = append(cited, s.cited...)
	case all && fewest >= servers:
		c.Verdict, c.Why, c.Evidence = diagnose.Holds, "", cited
	default:
		if pods := agentPods(t); len(pods) > 0 {
			if of := agentRunning(t, pods[0]); of != nil {
				c.Tests = []theory.Test{{Text: askAgent.With(), Command: "kubectl get --raw " + agentMetrics(pods[0], of) + " | grep server_"}}
			}
		}
	}
	return c, true
}

// agentRunning is the agent that a Pod runs.
func agentRunning(t *tunnel, pod *corev1.Pod) *agent {
	for _, a := range t.agents {
		if slices.Contains(a.workload.Pods, pod) {
			return a
		}
	}
	return nil
}

// agentMetrics is the path of an agent's metrics, by way of the API server.
func agentMetrics(pod *corev1.Pod, a *agent) string {
	port := a.flags["health-server-port"]
	if port == "" {
		port = "8093"
	}
	return fmt.Sprintf("/api/v1/namespaces/%s/pods/%s:%s/proxy/metrics", pod.Namespace, pod.Name, port)
}

// knownServers is how many servers an agent was told that there are, and how many
// it is connected to; 0: it did not say.
func knownServers(v *theory.View, pod *corev1.Pod, a *agent) (known, open int, cited []theory.Evidence) {
	for nth := range scrapesOfAgent {
		q := evidence.Question{Kind: evidence.Raw, Path: agentMetrics(pod, a), Nth: nth}
		answer, ok := v.Answer(q)
		if !ok || answer.Gap != nil || answer.Status != 200 || known > 0 {
			continue
		}
		said := samples(answer.Text)
		if len(said[serversKnown]) != 1 {
			continue
		}
		known, open = int(said.sum(serversKnown)), int(said.sum(serversOpen))
		for _, name := range []string{serversKnown, serversOpen} {
			cited = append(cited, theory.Evidence{Question: q, Field: name, Value: itoa(int(said.sum(name)))})
		}
	}
	return known, open, cited
}
