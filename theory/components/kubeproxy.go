package components

import (
	"fmt"
	"net"
	"path"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
)

// kube-proxy, or what stands in for it (Cilium, k3s), tells each node which Pods
// are behind a Service. When it stops, what it wrote stays: only Services whose
// Pods have changed since are cut off, and their Pods still answer by their own
// addresses. A cluster without kube-proxy is nothing unusual: that none is seen
// proves nothing. Source: k8s.io/kubernetes v1.37, pkg/proxy/nftables/proxier.go
// (2026-11).

var (
	programmedSuspect = message.Word{EN: "nodes not told what is behind Service %[1]s/%[2]s (kube-proxy)", PT: "nós sem saber o que está por trás do Service %[1]s/%[2]s (kube-proxy)"}
	proxyMaybe        = message.Word{EN: "The nodes from which Service %[1]s/%[2]s is asked have not learned of its new Pods: kube-proxy, or what stands in for it, does not work there.", PT: "Os nós de onde se acessa o Service %[1]s/%[2]s não souberam de seus novos Pods: o kube-proxy, ou o que o substitui, não funciona neles."}
	proxyStale        = message.Word{EN: "On %[1]s, connections to Service %[2]s/%[3]s (%[4]s) fail, and those to the Pod behind it (%[5]s) open: kube-proxy, or what stands in for it, does not tell the node which Pods are behind the Service.", PT: "Em %[1]s, conexões ao Service %[2]s/%[3]s (%[4]s) falham, e as que vão ao Pod por trás dele (%[5]s) abrem: o kube-proxy, ou o que o substitui, não diz ao nó quais Pods estão por trás do Service."}
	proxyHeld         = message.Word{EN: "connections to Service %[1]s/%[2]s open on %[3]s", PT: "conexões ao Service %[1]s/%[2]s abrem em %[3]s"}
	proxyStart        = message.Word{EN: "Start kube-proxy on %[1]s (or what stands in for it), and see why it stopped", PT: "Inicie o kube-proxy em %[1]s (ou o que o substitui), e veja por que parou"}
	proxyNot          = message.Word{EN: "restarting the Pods behind the Service again: the nodes do not learn of the new ones either", PT: "reiniciar de novo os Pods por trás do Service: os nós também não saberão dos novos"}
)

// programmedGrace is how long after a Service got new Pods a failure may still
// be that of nodes that have not heard of them.
const programmedGrace = time.Hour

// programmed states, of a Service whose Pods do not answer by its address, that
// the nodes it is asked from know them. Known reports whether nodes were asked
// and said that they do not. Since is when it began to fail; zero: not known.
func programmed(v *theory.View, service *corev1.Service, w *theory.Workload, port int32, since time.Time, found refusal, then ...theory.Step) (id diagnose.ID, known, ok bool) {
	if service == nil || w == nil || net.ParseIP(service.Spec.ClusterIP) == nil || found.stage != theory.StagePort && found.id != "proxy-502" && !slices.Contains(policyShows, found.id) {
		return "", false, false
	}
	if since.IsZero() {
		since = clusterNow(v)
	}
	var pod *corev1.Pod
	fresh := false
	for _, p := range w.Pods {
		at, ready := theory.Ready(p)
		if !ready || p.Status.PodIP == "" {
			continue
		}
		if slices.ContainsFunc(found.cited, func(e theory.Evidence) bool { return strings.Contains(e.Value, p.Status.PodIP+":") }) {
			return "", false, false // Pods are asked by their own addresses
		}
		pod, fresh = p, fresh || since.Sub(at) < programmedGrace
	}
	if pod == nil || !fresh {
		return "", false, false
	}
	var nodes [][]evidence.Standpoint
	var names []string
	if t := tunnelOf(v); len(t.agents) > 0 {
		nodes = standpointsOf(v, t.agents[0].workload)
		for _, p := range t.agents[0].workload.Pods {
			if p.Spec.NodeName != "" && !slices.Contains(names, p.Spec.NodeName) {
				names = append(names, p.Spec.NodeName)
			}
		}
		slices.Sort(names)
	}
	at := serviceSubject(service.Namespace, service.Name)
	address := net.JoinHostPort(service.Spec.ClusterIP, itoa(int(port)))
	behind := net.JoinHostPort(pod.Status.PodIP, itoa(int(podPort(service, port, w))))
	ask := func(address string) func(evidence.Standpoint) evidence.Question {
		return func(from evidence.Standpoint) evidence.Question {
			return evidence.Question{Kind: evidence.TCP, Address: address, From: from}
		}
	}
	c := theory.Claim{
		ID: claimID("programmed", at), Subject: at, Suspect: programmedSuspect.With(at.Namespace, at.Name), Hint: 1,
		Modes: []theory.Mode{{
			Name: "stale", Category: report.CategoryNetworkBlocked, Shows: append(slices.Clone(policyShows), "dial-no-route", "dial-unreachable", "dial-refused", "proxy-502"),
			Summary: proxyMaybe.With(at.Namespace, at.Name), Remedy: startProxy(v, names, then),
		}},
	}
	unknown(&c, diagnose.NoStandpoint, "")
	toService, asked := reachedFrom(v, nodes, ask(address))
	toPod, alsoAsked := reachedFrom(v, nodes, ask(behind))
	var stale, through []reached
	for i, r := range toService {
		switch {
		case r.state == "arrived":
			through = append(through, r)
		case r.state != "" && toPod[i].state == "arrived":
			r.cited = append(r.cited, toPod[i].cited...)
			stale = append(stale, r)
		}
	}
	switch {
	case len(stale) > 0:
		c.Verdict, c.Why, c.Mode, c.Evidence = diagnose.Broken, "", "stale", citedOf(stale)
		var on []string
		for _, r := range stale {
			on = append(on, r.node)
		}
		c.Modes[0].Summary = proxyStale.With(nodesOf(stale), at.Namespace, at.Name, address, behind)
		c.Modes[0].Remedy = startProxy(v, on, then)
		known = true
	case len(through) == len(toService) && len(through) > 0:
		c.Verdict, c.Why, c.Held, c.Evidence = diagnose.Holds, "", proxyHeld.With(at.Namespace, at.Name, nodesOf(through)), citedOf(through)
	case len(nodes) == 0:
		c.Tests = []theory.Test{{Text: probeCan.With(), Command: probeCommand}}
	case !asked || !alsoAsked:
		var questions []evidence.Question
		for _, froms := range nodes {
			for _, from := range froms {
				questions = append(questions, ask(address)(from), ask(behind)(from))
			}
		}
		c.Tests = []theory.Test{{Ask: questions, Cost: askNode, Text: probeCan.With(), Command: probeCommand}}
	}
	if p := kubeProxyOf(v); p != nil && p.Ready < p.Desired {
		c.Needs = []diagnose.Need{all(claimID("all-run", p.Subject))}
	}
	v.State(c)
	return c.ID, known, true
}

// kubeProxyOf is the DaemonSet that runs kube-proxy, or nil: there is none, or
// it runs as a program of the machines.
func kubeProxyOf(v *theory.View) *theory.Workload {
	set := theory.Workloads(v)
	for i := range set.All {
		w := &set.All[i]
		if w.Subject.Kind != "DaemonSet" || len(w.Template.Spec.Containers) == 0 {
			continue
		}
		c := &w.Template.Spec.Containers[0]
		if strings.HasPrefix(path.Base(c.Image), "kube-proxy") || len(c.Command) > 0 && path.Base(c.Command[0]) == "kube-proxy" {
			return w
		}
	}
	return nil
}

// startProxy is the remedy: what tells the nodes of Services starts anew there.
func startProxy(v *theory.View, nodes []string, then []theory.Step) *theory.Remedy {
	r := &theory.Remedy{Not: []message.Text{proxyNot.With()}}
	if w := kubeProxyOf(v); w != nil {
		r.Steps = append(r.Steps, makeStep(w), waitStep(w))
	} else {
		for _, node := range nodes {
			r.Steps = append(r.Steps, theory.Step{
				Text: proxyStart.With(node), Command: fmt.Sprintf("ssh %s 'curl -s localhost:10256/healthz; sudo systemctl restart kube-proxy; sudo journalctl -u kube-proxy -n 50'", node),
				Action: "start-kube-proxy", Args: map[string]string{"node": node},
			})
		}
	}
	r.Steps = append(r.Steps, then...)
	if len(r.Steps) == 0 {
		return nil
	}
	return r
}
