package components

import (
	"net/netip"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
)

var networkPolicyRead = theory.Read{Verb: theory.VerbList, Resource: evidence.NetworkPolicies.Name, Helps: true}

var (
	policySuspect  = message.Word{EN: "NetworkPolicy %[1]s excludes the tunnel's agents", PT: "a NetworkPolicy %[1]s exclui os agentes do túnel"}
	policyExcludes = message.Word{EN: "NetworkPolicy %[1]s/%[2]s lets nothing from the tunnel's agents (%[3]s) reach port %[4]s of %[5]s; what the API server asks of it comes from there.", PT: "A NetworkPolicy %[1]s/%[2]s não deixa nada dos agentes do túnel (%[3]s) chegar à porta %[4]s de %[5]s; é de lá que vem o que o servidor da API lhe pede."}
	policyAllow    = message.Word{EN: "Let the agents in: a policy adds to what others allow", PT: "Deixe os agentes entrar: uma política soma-se ao que as outras permitem"}
	policyNotDrop  = message.Word{EN: "deleting the policy that excludes them: what it keeps out for good reason comes in with them", PT: "apagar a política que os exclui: o que ela barra com razão entra junto"}
)

// policyShows are what a flow that is dropped leaves.
var policyShows = []string{"dial-timeout", "dial-context", "proxy-504", "io-timeout", "client-timeout", "connect-canceled", "apiservice-timeout", "request-timeout"}

// policyGrace is how long after a policy was written a failure may still be its
// doing: connections that were open may last.
const policyGrace = 15 * time.Minute

// excluded states, of a flow from the tunnel's agents to the Pods of a workload
// that times out, that no NetworkPolicy excludes it. Whether policies are
// enforced cannot be seen: one under which the flow worked excludes nothing.
func excluded(v *theory.View, w *theory.Workload, port int32, since time.Time, cited []theory.Evidence, then ...theory.Step) (diagnose.ID, bool) {
	t := tunnelOf(v)
	list := theory.List(v, evidence.NetworkPolicies)
	if w == nil || len(w.Pods) == 0 || len(t.agents) == 0 || len(t.agents[0].workload.Pods) == 0 {
		return "", false
	}
	from, to := t.agents[0].workload, w.Pods[0]
	agent := from.Pods[0]
	if agent.Spec.HostNetwork || to.Spec.HostNetwork {
		return "", false // policies speak of Pods; what nodes may is each plugin's own
	}
	var selecting []*networkingv1.NetworkPolicy
	for _, item := range list.Items {
		p := item.Object
		if p.Namespace != to.Namespace || !ofIngress(p) || !matches(&p.Spec.PodSelector, to.Labels) {
			continue
		}
		if slices.ContainsFunc(p.Spec.Ingress, func(r networkingv1.NetworkPolicyIngressRule) bool { return admits(v, p.Namespace, r, agent, port) }) {
			return "", false
		}
		selecting = append(selecting, p)
	}
	if len(selecting) == 0 {
		return "", false
	}
	p := selecting[0]
	for _, other := range selecting {
		if at, _ := theory.LastChange(other.ObjectMeta); at.After(changedAt(p)) {
			p = other
		}
	}
	at := subject{Kind: "NetworkPolicy", Namespace: p.Namespace, Name: p.Name}
	changed, by := theory.LastChange(p.ObjectMeta)
	field := theory.Evidence{Question: list.Question, Object: at, Field: "spec.ingress", Value: "admits no " + from.Subject.String()}
	c := theory.Claim{
		ID: claimID("policy-admits", at), Subject: at, Suspect: policySuspect.With(at.Namespace + "/" + at.Name), Changed: changed,
		Evidence: append(slices.Clone(cited), field),
		Modes: []theory.Mode{{
			Name: "excluded", Category: report.CategoryNetworkBlocked, Shows: policyShows,
			Summary: policyExcludes.With(p.Namespace, p.Name, from.Subject.String(), itoa(int(port)), w.Subject.String()),
			Remedy:  admitAgents(p.Namespace, from, w, port, then),
		}},
		Events: []theory.Event{{At: changed, Text: changedEvent.With(at.String(), writerOf(by)), Evidence: []theory.Evidence{field}}},
	}
	if since.Before(changed.Add(-time.Minute)) || since.After(changed.Add(policyGrace)) {
		unknown(&c, diagnose.NoStandpoint, "the flow worked under this policy, or failed before it")
	} else {
		c.Verdict, c.Mode = diagnose.Broken, "excluded"
	}
	v.State(c)
	return c.ID, true
}

func changedAt(p *networkingv1.NetworkPolicy) time.Time {
	at, _ := theory.LastChange(p.ObjectMeta)
	return at
}

// ofIngress reports whether a policy speaks of what comes in.
func ofIngress(p *networkingv1.NetworkPolicy) bool {
	return len(p.Spec.PolicyTypes) == 0 || slices.Contains(p.Spec.PolicyTypes, networkingv1.PolicyTypeIngress)
}

func matches(s *metav1.LabelSelector, set map[string]string) bool {
	selector, err := metav1.LabelSelectorAsSelector(s)
	return err != nil || selector.Matches(labels.Set(set)) // what cannot be read is not held against it
}

// admits reports whether a rule lets a Pod reach the port, or may.
func admits(v *theory.View, namespace string, r networkingv1.NetworkPolicyIngressRule, from *corev1.Pod, port int32) bool {
	onPort := len(r.Ports) == 0 || slices.ContainsFunc(r.Ports, func(p networkingv1.NetworkPolicyPort) bool {
		switch {
		case p.Protocol != nil && *p.Protocol != corev1.ProtocolTCP:
			return false
		case p.Port == nil || p.Port.StrVal != "": // a name may be that of the port
			return true
		case p.EndPort != nil:
			return p.Port.IntVal <= port && port <= *p.EndPort
		}
		return p.Port.IntVal == port
	})
	return onPort && (len(r.From) == 0 || slices.ContainsFunc(r.From, func(peer networkingv1.NetworkPolicyPeer) bool { return isPeer(v, namespace, peer, from) }))
}

func isPeer(v *theory.View, namespace string, peer networkingv1.NetworkPolicyPeer, pod *corev1.Pod) bool {
	if block := peer.IPBlock; block != nil {
		prefix, err := netip.ParsePrefix(block.CIDR)
		at, err2 := netip.ParseAddr(pod.Status.PodIP)
		return err != nil || err2 != nil || prefix.Contains(at) && !slices.ContainsFunc(block.Except, func(cidr string) bool {
			but, err := netip.ParsePrefix(cidr)
			return err == nil && but.Contains(at)
		})
	}
	if peer.NamespaceSelector == nil && pod.Namespace != namespace {
		return false
	}
	if peer.NamespaceSelector != nil {
		names := theory.List(v, evidence.Namespaces)
		i := slices.IndexFunc(names.Items, func(i evidence.Item[*corev1.Namespace]) bool { return i.Object.Name == pod.Namespace })
		if i < 0 {
			return true // its labels are not known
		}
		if !matches(peer.NamespaceSelector, names.Items[i].Object.Labels) {
			return false
		}
	}
	return peer.PodSelector == nil || matches(peer.PodSelector, pod.Labels)
}

// admitAgents is the remedy: a policy of its own that lets the agents in, to
// these Pods alone.
func admitAgents(namespace string, from, to *theory.Workload, port int32, then []theory.Step) *theory.Remedy {
	peer := map[string]any{
		"namespaceSelector": map[string]any{"matchLabels": map[string]string{corev1.LabelMetadataName: from.Subject.Namespace}},
		"podSelector":       map[string]any{"matchLabels": from.Template.Labels},
	}
	name := from.Subject.Name + "-in"
	policy := map[string]any{
		"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": map[string]string{"name": name},
		"spec": map[string]any{
			"podSelector": map[string]any{"matchLabels": to.Template.Labels}, "policyTypes": []string{"Ingress"},
			"ingress": []any{map[string]any{"from": []any{peer}, "ports": []any{map[string]any{"protocol": "TCP", "port": port}}}},
		},
	}
	return &theory.Remedy{
		Steps: append([]theory.Step{{
			Text: policyAllow.With(), Command: "echo '" + jsonLine(policy) + "' | kubectl -n " + namespace + " create -f -",
			Action: "admit-by-policy", Args: map[string]string{"namespace": namespace, "manifest": jsonLine(policy)},
		}}, then...),
		Not:  []message.Text{policyNotDrop.With()},
		Undo: "kubectl -n " + namespace + " delete networkpolicy " + name,
	}
}
