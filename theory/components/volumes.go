package components

import (
	"cmp"
	"fmt"
	"regexp"
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

// A kubelet mounts volumes of a CSI driver through a driver on its own node,
// which a registrar beside it makes known over a socket below the kubelet's
// directory. Sources: k8s.io/kubernetes v1.37, pkg/volume/csi/csi_client.go and
// pkg/volume/csi/nodeinfomanager; external-attacher; kubernetes-csi.github.io/docs/deploying.html
// (2026-11).
var (
	driverUnknown  = regexp.MustCompile(`driver name (\S+) not found in the list of registered CSI drivers`)
	driverOfNode   = regexp.MustCompile(`CSINode \S+ does not contain driver ([^\s,:]+)`)
	driverSuspect  = message.Word{EN: "CSI driver %[1]s not known to the kubelet of %[2]s", PT: "driver CSI %[1]s desconhecido pelo kubelet de %[2]s"}
	driverNobody   = message.Word{EN: "The kubelet of node %[1]s knows no CSI driver %[2]s, which %[3]s needs for a volume, and no workload was found that would bring it.", PT: "O kubelet do nó %[1]s não conhece nenhum driver CSI %[2]s, de que %[3]s precisa para um volume, e não foi encontrada nenhuma carga que o traga."}
	driverWhose    = message.Word{EN: "The kubelet of node %[1]s knows no CSI driver %[2]s, which %[3]s needs for a volume; which DaemonSet would bring it there cannot be told.", PT: "O kubelet do nó %[1]s não conhece nenhum driver CSI %[2]s, de que %[3]s precisa para um volume; não se pode dizer que DaemonSet o traria ali."}
	driverNotHere  = message.Word{EN: "The kubelet of node %[1]s knows no CSI driver %[2]s, which %[3]s needs for a volume: %[4]s has no Pod on that node.", PT: "O kubelet do nó %[1]s não conhece o driver CSI %[2]s, de que %[3]s precisa para um volume: %[4]s não tem Pod nesse nó."}
	driverUnlisted = message.Word{EN: "The kubelet of node %[1]s knows no CSI driver %[2]s, which %[3]s needs for a volume, though the Pod of %[4]s runs there: its registrar does not reach the kubelet (does it mount the kubelet's plugins_registry directory?).", PT: "O kubelet do nó %[1]s não conhece o driver CSI %[2]s, de que %[3]s precisa para um volume, embora o Pod de %[4]s esteja em execução ali: seu registrador não alcança o kubelet (ele monta o diretório plugins_registry do kubelet?)."}
	driverSee      = message.Word{EN: "See which drivers the node has, and what would bring this one", PT: "Veja que drivers o nó tem, e o que traria este"}
)

// drivers states, of the CSI drivers that a kubelet says it does not know while a
// Pod waits for its volumes, that it knows them.
func drivers(v *theory.View, w *theory.Workload, pod *corev1.Pod) []diagnose.ID {
	events, q := theory.EventsOn(v, "Pod", pod.Namespace, pod.Name)
	var ids []diagnose.ID
	for _, reason := range []string{"FailedMount", "FailedAttachVolume"} {
		e := events[reason]
		if e == nil {
			continue
		}
		m := driverUnknown.FindStringSubmatch(e.Message)
		if m == nil {
			m = driverOfNode.FindStringSubmatch(e.Message)
		}
		if m == nil {
			continue
		}
		cited := []theory.Evidence{{Question: q, Object: subject{Kind: "Event", Namespace: e.Namespace, Name: e.Name}, Field: "message", Value: firstLine(e.Message)}}
		if id, ok := driverKnown(v, w, pod.Spec.NodeName, strings.Trim(m[1], `"'`), cited); ok {
			ids = append(ids, id)
		}
	}
	return ids
}

func driverKnown(v *theory.View, w *theory.Workload, node, driver string, cited []theory.Evidence) (diagnose.ID, bool) {
	list := theory.List(v, evidence.CSINodes)
	seen := false
	registered := map[string]bool{}
	for _, item := range list.Items {
		var have []string
		for _, d := range item.Object.Spec.Drivers {
			registered[d.Name] = true
			have = append(have, d.Name)
		}
		if item.Object.Name != node {
			continue
		}
		if slices.Contains(have, driver) {
			return "", false // it has come since
		}
		seen = true
		cited = append(cited, theory.Evidence{Question: list.Question, Object: subject{Kind: "CSINode", Name: node}, Field: "spec.drivers[].name", Value: strings.Join(have, ", ")})
	}
	at := subject{Kind: "CSIDriver", Name: driver, Detail: "on " + node}
	see := &theory.Remedy{Steps: []theory.Step{{Text: driverSee.With(), Command: fmt.Sprintf("kubectl get csinode %s -o yaml; kubectl get daemonsets -A -o yaml | grep -n '%s'", node, driver)}}}
	c := theory.Claim{ID: claimID("csi-driver", at), Subject: at, Suspect: driverSuspect.With(driver, node), Verdict: diagnose.Broken, Mode: "unknown", Evidence: cited}
	set := theory.Workloads(v)
	p, certain := bringsDriver(v, set, driver, node, registered)
	words := driverNobody.With(node, driver, w.Subject.String())
	category := report.CategoryConfig
	if p != nil {
		words = driverNotHere.With(node, driver, w.Subject.String(), p.Subject.String())
		pod := podOn(p, node)
		var since time.Time
		ready := false
		if pod != nil {
			since, ready = theory.Ready(pod)
		}
		switch {
		case p.PodsWhy != "":
			unknown(&c, p.PodsWhy, p.PodsDetail)
		case ready && v.Now().Sub(since) < registersIn, !ready && p.Ready < p.Desired && settling(v, p):
			unknown(&c, diagnose.NoStandpoint, "its Pods are starting")
			category = report.CategoryWorkloadDown
		case ready:
			words = driverUnlisted.With(node, driver, w.Subject.String(), p.Subject.String())
		case p.Ready < p.Desired:
			// Why its Pods do not run is another claim.
			c.Sum, c.Mode, c.Needs = true, "", []diagnose.Need{all(claimID("all-run", p.Subject))}
		}
	} else if !set.Known {
		why, detail := theory.WhyOf(set.Gap)
		unknown(&c, cmpWhy(why, diagnose.NotAsked), detail)
	} else if !certain {
		unknown(&c, diagnose.NoStandpoint, "what brings it cannot be told")
		words = driverWhose.With(node, driver, w.Subject.String())
	}
	if why, detail := list.Why(); !seen {
		// The event alone says how it was, not how it is.
		unknown(&c, cmpWhy(why, diagnose.NoStandpoint), detail)
		c.Sum, c.Mode = false, "unknown"
	}
	if !c.Sum {
		c.Modes = []theory.Mode{{Name: "unknown", Category: category, Summary: words, Remedy: see}}
	}
	v.State(c)
	return c.ID, true
}

// registersIn is how long a driver may take from its Pod being Ready until the
// kubelet knows it.
const registersIn = time.Minute

func podOn(w *theory.Workload, node string) *corev1.Pod {
	if i := slices.IndexFunc(w.Pods, func(p *corev1.Pod) bool { return p.Spec.NodeName == node }); i >= 0 {
		return w.Pods[i]
	}
	return nil
}

// bringsDriver is the DaemonSet whose Pods bring a CSI driver to a node: one
// that has to do with the kubelet's plugins and names the driver. Of several,
// which are usually those of one driver for Linux and for Windows, it is the one
// with a Pod on the node, or else the only one that could have one there. Nil:
// there is none, which is certain only if no other could be one either.
func bringsDriver(v *theory.View, set *theory.WorkloadSet, driver, node string, registered map[string]bool) (w *theory.Workload, certain bool) {
	system := systemOf(v, node)
	var found, here, could, nowhere []*theory.Workload
	others := false
	for i := range set.All {
		w := &set.All[i]
		if w.Subject.Kind != "DaemonSet" || !plugsIn(&w.Template.Spec) {
			continue
		}
		if !namesDriver(&w.Template.Spec, driver) {
			// Drivers need not be told their name.
			others = others || !namesAny(&w.Template.Spec, registered)
			continue
		}
		found = append(found, w)
		if podOn(w, node) != nil {
			here = append(here, w)
		}
		if of := w.Template.Spec.NodeSelector[corev1.LabelOSStable]; of != "" && system != "" && of != system {
			continue
		}
		if w.Desired > 0 {
			could = append(could, w)
		} else {
			nowhere = append(nowhere, w)
		}
	}
	switch {
	case len(here) == 1:
		return here[0], true
	case len(here) == 0 && len(could) == 1:
		return could[0], true
	case len(found) == 1 && len(nowhere) == 1 && !others:
		return nowhere[0], true
	}
	return nil, len(found) == 0 && !others
}

// systemOf is the operating system of a node; empty: not known.
func systemOf(v *theory.View, node string) string {
	for _, item := range nodesOrHosts(v) {
		if item.Object.Name == node {
			return cmp.Or(item.Object.Labels[corev1.LabelOSStable], item.Object.Status.NodeInfo.OperatingSystem)
		}
	}
	return ""
}

func namesAny(spec *corev1.PodSpec, drivers map[string]bool) bool {
	for name := range drivers {
		if namesDriver(spec, name) {
			return true
		}
	}
	return false
}

// plugsIn reports whether Pods mount the kubelet's directory of plugins, or one
// above it.
func plugsIn(spec *corev1.PodSpec) bool {
	return slices.ContainsFunc(spec.Volumes, func(v corev1.Volume) bool {
		return v.HostPath != nil && (strings.Contains(v.HostPath.Path, "/plugins") || strings.HasSuffix(strings.TrimSuffix(v.HostPath.Path, "/"), "/kubelet"))
	})
}

// namesDriver reports whether a flag, a variable or a path of the Pods has the name.
func namesDriver(spec *corev1.PodSpec, name string) bool {
	word := regexp.MustCompile(`(^|[^\w.-])` + regexp.QuoteMeta(name) + `($|[^\w.-])`)
	for i := range spec.Volumes {
		if h := spec.Volumes[i].HostPath; h != nil && word.MatchString(h.Path) {
			return true
		}
	}
	for i := range spec.Containers {
		c := &spec.Containers[i]
		if slices.ContainsFunc(slices.Concat(c.Command, c.Args), word.MatchString) ||
			slices.ContainsFunc(c.Env, func(e corev1.EnvVar) bool { return word.MatchString(e.Value) }) {
			return true
		}
	}
	return false
}
