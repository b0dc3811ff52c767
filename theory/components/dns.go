package components

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
)

// clusterDNS is the Service that Pods ask for names, and what answers behind it.
var clusterDNS = theory.Component{
	Name: "cluster-dns",
	For: message.Word{
		EN: "the cluster's DNS: Pods ask it for the names of Services, and of everything outside",
		PT: "o DNS do cluster: os Pods lhe perguntam os nomes de Services, e de tudo o que está fora",
	},
	Laws: []theory.Law{{
		ID: "cluster-dns",
		Doc: "the Service of the cluster's DNS has a ready Pod\n\n" +
			"The Service is known by UDP port 53 and by the labels that its installers give it (k8s-app, kubernetes.io/name), or by standing in kube-system. " +
			"Source: kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution (2026-11).",
		Reads: slices.Concat(nodeReads, theory.WorkloadReads, theory.CredentialReads, []theory.Read{{Verb: theory.VerbList, Resource: evidence.Services.Name}}),
		State: dnsAnswers,
	}},
}

var (
	dnsSuspect  = message.Word{EN: "cluster DNS down", PT: "DNS do cluster fora do ar"}
	dnsHeld     = message.Word{EN: "Service %[1]s/%[2]s, the cluster's DNS, has %[3]s ready Pods", PT: "o Service %[1]s/%[2]s, o DNS do cluster, tem %[3]s Pods prontos"}
	dnsSeen     = message.Word{EN: "names do not resolve in the cluster: no Pod behind Service %[1]s/%[2]s is Ready", PT: "nomes não resolvem no cluster: nenhum Pod por trás do Service %[1]s/%[2]s está Ready"}
	dnsNobody   = message.Word{EN: "Service %[1]s/%[2]s, the cluster's DNS, selects no workload: nothing answers for names.", PT: "O Service %[1]s/%[2]s, o DNS do cluster, não seleciona nenhum workload: nada responde por nomes."}
	dnsNobodyIs = message.Word{EN: "nothing behind the cluster's DNS Service", PT: "nada por trás do Service de DNS do cluster"}
)

func dnsAnswers(v *theory.View) {
	services, pods := theory.List(v, evidence.Services), theory.List(v, evidence.Pods)
	set := theory.Workloads(v)
	found := dnsServices(services.Items)
	if len(found) == 0 {
		return
	}
	// Names resolve as long as one of them answers: a second may be a leftover.
	service, ready := found[0], 0
	for _, s := range found {
		if n := readyBehind(s, pods.Items); n > ready {
			service, ready = s, n
		}
	}
	at := serviceSubject(service.Namespace, service.Name)
	c := theory.Claim{
		ID: claimID("cluster-dns", at), Subject: at, Symptom: "dns", Sum: true, Suspect: dnsSuspect.With(),
		Evidence: []theory.Evidence{{Question: pods.Question, Object: at, Field: "Pods ready", Value: itoa(ready)}},
	}
	switch {
	case !pods.Known():
		why, detail := pods.Why()
		unknown(&c, why, detail)
	case ready > 0:
		c.Verdict, c.Held = diagnose.Holds, dnsHeld.With(at.Namespace, at.Name, ready)
	default:
		c.Verdict, c.Seen = diagnose.Broken, dnsSeen.With(at.Namespace, at.Name)
	}
	if w := backendOf(v, at.Namespace, at.Name); w != nil {
		running := runningClaim(v, w, report.CategoryDNS, nil)
		v.State(running)
		c.Needs = []diagnose.Need{all(running.ID)}
		if w.Ready < w.Desired {
			c.Needs = append(c.Needs, all(claimID("all-run", w.Subject)))
		}
	} else {
		nobody := theory.Claim{
			ID: claimID("dns-backend", at), Subject: at, Suspect: dnsNobodyIs.With(),
			Modes:    []theory.Mode{{Name: "none", Category: report.CategoryDNS, Summary: dnsNobody.With(at.Namespace, at.Name)}},
			Evidence: []theory.Evidence{{Question: services.Question, Object: at, Field: "spec.selector", Value: fmt.Sprint(service.Spec.Selector)}},
			Tests:    []theory.Test{{Text: describePods.With(), Command: fmt.Sprintf("kubectl -n %s get endpointslices -l kubernetes.io/service-name=%s", at.Namespace, at.Name)}},
		}
		if ready == 0 && set.Known && pods.Known() {
			nobody.Verdict, nobody.Mode = diagnose.Broken, "none"
		} else {
			unknown(&nobody, diagnose.NoStandpoint, "")
		}
		v.State(nobody)
		c.Needs = []diagnose.Need{all(nobody.ID)}
	}
	v.State(c)
}

// dnsServices are the Services that may be the cluster's DNS: those that their
// labels name, or else those of kube-system. Pods behind Services without a
// selector cannot be judged.
func dnsServices(items []serviceItem) []*corev1.Service {
	var named, system []*corev1.Service
	for _, item := range items {
		s := item.Object
		port := slices.ContainsFunc(s.Spec.Ports, func(p corev1.ServicePort) bool { return p.Port == 53 && p.Protocol == corev1.ProtocolUDP })
		if !port || len(s.Spec.Selector) == 0 {
			continue
		}
		name := s.Labels["kubernetes.io/name"]
		switch {
		case s.Labels["k8s-app"] == "kube-dns", name == "CoreDNS", name == "KubeDNS":
			named = append(named, s)
		case s.Namespace == "kube-system":
			system = append(system, s)
		}
	}
	if len(named) > 0 {
		return named
	}
	return system
}

// readyBehind counts the ready Pods that a Service selects.
func readyBehind(s *corev1.Service, pods []evidence.Item[*corev1.Pod]) int {
	selector, n := labels.SelectorFromSet(s.Spec.Selector), 0
	for _, item := range pods {
		if item.Object.Namespace == s.Namespace && item.Object.DeletionTimestamp == nil && selector.Matches(labels.Set(item.Object.Labels)) {
			if _, ok := theory.Ready(item.Object); ok {
				n++
			}
		}
	}
	return n
}
