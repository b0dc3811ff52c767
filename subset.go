package laudo

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
	"github.com/kubelaudo/laudo/theory/components"
)

// When only some of several fail, what they have in common and the others have
// not says where to look: a node pool, a zone, a version, an age. What is told
// is the count alone; that a few nodes share something can be chance.

// trait is something that a node has, or has not.
type trait struct {
	attribute string // stable: "label agentpool", "subnet", "kubelet version"
	value     string
	order     int // among traits that separate as well; lower first
}

// The orders of traits: what people divide clusters by comes first.
const (
	traitPool    = iota
	traitSubnet  = 20
	traitVersion = 30
	traitTaint   = 40
	traitPod     = 50
	traitAge     = 60
	traitLabel   = 70
)

// traitsOf are the traits of a node, without those that name it alone.
func traitsOf(node *corev1.Node) []trait {
	var out []trait
	for key, value := range node.Labels {
		if key == corev1.LabelHostname {
			continue
		}
		order := traitLabel
		if i := slices.Index(components.PoolLabels, key); i >= 0 {
			order = traitPool + i
		}
		out = append(out, trait{"label " + key, value, order})
	}
	info := node.Status.NodeInfo
	for i, v := range [][2]string{
		{"kubelet version", info.KubeletVersion},
		{"container runtime", info.ContainerRuntimeVersion},
		{"OS image", info.OSImage},
		{"kernel", info.KernelVersion},
		{"architecture", info.Architecture},
		{"operating system", info.OperatingSystem},
	} {
		if v[1] != "" {
			out = append(out, trait{v[0], v[1], traitVersion + i})
		}
	}
	for _, a := range node.Status.Addresses {
		if a.Type != corev1.NodeInternalIP {
			continue
		}
		if ip, err := netip.ParseAddr(a.Address); err == nil {
			bits := 24
			if ip.Is6() {
				bits = 64
			}
			if subnet, err := ip.Prefix(bits); err == nil {
				out = append(out, trait{"subnet", subnet.String(), traitSubnet})
			}
		}
	}
	for _, t := range node.Spec.Taints {
		// What the node controller adds says only that the node fails.
		if !strings.HasPrefix(t.Key, "node.kubernetes.io/") {
			out = append(out, trait{"taint", t.ToString(), traitTaint})
		}
	}
	if node.Spec.Unschedulable {
		out = append(out, trait{"cordoned", "true", traitTaint})
	}
	return out
}

// hosted are the nodes by the name of each DaemonSet that has a Pod on them: what
// is placed on some nodes and not on others. That a Pod is not Ready there often
// follows from the failure, and says nothing.
func hosted(facts *evidence.Facts) map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for _, item := range evidence.Pods.All(facts) {
		pod := item.Object
		for _, owner := range pod.OwnerReferences {
			if owner.Kind != "DaemonSet" || pod.Spec.NodeName == "" {
				continue
			}
			name := owner.Kind + " " + pod.Namespace + "/" + owner.Name
			if out[name] == nil {
				out[name] = map[string]bool{}
			}
			out[name][pod.Spec.NodeName] = true
		}
	}
	return out
}

// separations are the traits that best tell the nodes that fail from those that
// work, the best first; none where nothing tells them apart well.
func separations(facts *evidence.Facts, failing, working []string) []report.Subset {
	if len(failing) == 0 || len(working) == 0 || len(failing)+len(working) < 4 {
		return nil
	}
	nodes := map[string]*corev1.Node{}
	for _, item := range evidence.Nodes.All(facts) {
		nodes[item.Object.Name] = item.Object
	}
	has := map[trait]map[string]bool{}
	note := func(t trait, name string) {
		if has[t] == nil {
			has[t] = map[string]bool{}
		}
		has[t][name] = true
	}
	judged := slices.Concat(failing, working)
	for _, name := range judged {
		node := nodes[name]
		if node == nil {
			return nil
		}
		for _, t := range traitsOf(node) {
			note(t, name)
		}
	}
	for set, on := range hosted(facts) {
		for _, name := range judged {
			if on[name] {
				note(trait{"a Pod of", set, traitPod}, name)
			} else {
				note(trait{"no Pod of", set, traitPod}, name)
			}
		}
	}
	noteAges(nodes, failing, working, note)

	type candidate struct {
		trait
		report.Subset
		errors int
	}
	var all []candidate
	for t, on := range has {
		c := candidate{trait: t, Subset: report.Subset{
			Attribute: t.attribute, Value: t.value, Failing: len(failing), Working: len(working), CounterExamples: []report.Subject{},
		}}
		for _, name := range failing {
			if on[name] {
				c.FailingWith++
			} else {
				c.CounterExamples = append(c.CounterExamples, report.Subject{Kind: "Node", Name: name})
			}
		}
		for _, name := range working {
			if on[name] {
				c.WorkingWith++
				c.CounterExamples = append(c.CounterExamples, report.Subject{Kind: "Node", Name: name})
			}
		}
		c.errors = len(c.CounterExamples)
		// One node in ten may be an exception, if the rest is plain.
		if c.errors*10 <= len(judged) && c.FailingWith > c.errors {
			all = append(all, c)
		}
	}
	slices.SortFunc(all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.errors, b.errors), cmp.Compare(a.order, b.order), cmp.Compare(a.attribute, b.attribute), cmp.Compare(a.value, b.value))
	})
	var out []report.Subset
	for _, c := range all {
		if c.errors > all[0].errors || len(out) == mostSubsets {
			break
		}
		out = append(out, c.Subset)
	}
	return out
}

// mostSubsets is how many traits are told that separate equally well: pool,
// zone and version often go together, and nothing tells which of them counts.
const mostSubsets = 3

// noteAges notes which nodes are younger, or older, than all of the other kind.
func noteAges(nodes map[string]*corev1.Node, failing, working []string, note func(trait, string)) {
	span := func(names []string) (first, last time.Time) {
		for _, name := range names {
			at := nodes[name].CreationTimestamp.Time
			if first.IsZero() || at.Before(first) {
				first = at
			}
			if at.After(last) {
				last = at
			}
		}
		return first, last
	}
	firstFailing, lastFailing := span(failing)
	firstWorking, lastWorking := span(working)
	if firstFailing.IsZero() || firstWorking.IsZero() {
		return
	}
	// Nodes that were made in one go differ by seconds.
	if firstFailing.Sub(lastWorking) > time.Hour {
		for _, name := range failing {
			note(trait{"created since", firstFailing.UTC().Format(time.DateTime), traitAge}, name)
		}
	}
	if firstWorking.Sub(lastFailing) > time.Hour {
		for _, name := range failing {
			note(trait{"created until", lastFailing.UTC().Format(time.DateTime), traitAge}, name)
		}
	}
}

var (
	subsetAll  = message.Word{EN: "all %[2]s nodes that fail have %[1]s, and none of the %[3]s that work", PT: "todos os %[2]s nós que falham têm %[1]s, e nenhum dos %[3]s que funcionam"}
	subsetOne  = message.Word{EN: "the node that fails has %[1]s, and none of the %[3]s that work", PT: "o nó que falha tem %[1]s, e nenhum dos %[3]s que funcionam"}
	subsetMost = message.Word{EN: "%[2]s of %[3]s nodes that fail have %[1]s, and %[4]s of %[5]s that work", PT: "%[2]s de %[3]s nós que falham têm %[1]s, e %[4]s de %[5]s que funcionam"}
	subsetBut  = message.Word{EN: "%[1]s (but: %[2]s)", PT: "%[1]s (exceto: %[2]s)"}

	traitWords = map[string]message.Word{
		"subnet":            {EN: "addresses in %[1]s", PT: "endereços em %[1]s"},
		"kubelet version":   {EN: "kubelet %[1]s", PT: "kubelet %[1]s"},
		"kernel":            {EN: "kernel %[1]s", PT: "kernel %[1]s"},
		"container runtime": {EN: "the runtime %[1]s", PT: "o runtime %[1]s"},
		"OS image":          {EN: "the image %[1]s", PT: "a imagem %[1]s"},
		"taint":             {EN: "the taint %[1]s", PT: "o taint %[1]s"},
		"cordoned":          {EN: "been cordoned", PT: "sido isolados (cordon)"},
		"a Pod of":          {EN: "a Pod of %[1]s", PT: "um Pod de %[1]s"},
		"no Pod of":         {EN: "no Pod of %[1]s", PT: "nenhum Pod de %[1]s"},
		"created since":     {EN: "been created since %[1]s UTC", PT: "sido criados desde %[1]s UTC"},
		"created until":     {EN: "been created by %[1]s UTC", PT: "sido criados até %[1]s UTC"},
	}
)

// subsets are what tells the failing members of a group of symptoms from those
// that work, with the words for it.
func (w *writer) subsets(g symptomGroup) []report.Subset {
	kind := w.theory.Claim(g.members[0].ID).Symptom
	var failing, working []string
	for _, c := range w.theory.Claims {
		if c.Symptom != kind || c.Subject.Kind != "Node" {
			continue
		}
		switch {
		case slices.ContainsFunc(g.members, func(s diagnose.Symptom) bool { return s.ID == c.ID }):
			failing = append(failing, c.Subject.Name)
		case c.Verdict == diagnose.Holds:
			working = append(working, c.Subject.Name)
		}
	}
	out := separations(w.run.facts, failing, working)
	for i := range out {
		out[i].Text = w.subsetText(out[i])
	}
	return out
}

func (w *writer) subsetText(s report.Subset) string {
	what := strings.TrimPrefix(s.Attribute, "label ") + "=" + s.Value
	if word, ok := traitWords[s.Attribute]; ok {
		what = w.print.Sprint(word.With(s.Value))
	}
	if len(s.CounterExamples) == 0 {
		if s.Failing == 1 {
			return w.print.Sprint(subsetOne.With(what, s.Failing, s.Working))
		}
		return w.print.Sprint(subsetAll.With(what, s.Failing, s.Working))
	}
	var but []string
	for _, c := range s.CounterExamples {
		but = append(but, c.Name)
	}
	text := w.print.Sprint(subsetMost.With(what, s.FailingWith, s.Failing, s.WorkingWith, s.Working))
	return w.print.Sprint(subsetBut.With(text, strings.Join(but, ", ")))
}

// together tells which causes are one in many places: found by one law, in one
// mode, equally sure, and each the only cause of symptoms of the same kinds. It
// gives the first of them for each.
func (w *writer) together() map[diagnose.ID]diagnose.ID {
	kinds := func(ids []diagnose.ID) string {
		var out []string
		for _, id := range ids {
			out = append(out, w.theory.Claim(id).Symptom)
		}
		slices.Sort(out)
		return fmt.Sprint(slices.Compact(out))
	}
	first, out := map[string]diagnose.ID{}, map[diagnose.ID]diagnose.ID{}
	for _, found := range w.diagnosis.Causes {
		out[found.ID] = found.ID
		c := w.theory.Claim(found.ID)
		if found.Certainty == diagnose.Open || found.Unfamiliar || found.Deadlock || c.Subject.Kind != "Node" {
			continue
		}
		law, _, _ := strings.Cut(string(c.ID), ":")
		key := strings.Join([]string{law, found.Mode, string(found.Certainty), c.Subject.Kind, kinds(found.Explains)}, "|")
		if leader, ok := first[key]; ok {
			out[found.ID] = leader
			continue
		}
		first[key] = found.ID
	}
	return out
}

// merged are the members of a cause that is one in many places; nil where it is
// in one.
func (w *writer) merged(id diagnose.ID) []*theory.Claim {
	var out []*theory.Claim
	for _, found := range w.diagnosis.Causes {
		if w.leader[found.ID] == id {
			out = append(out, w.theory.Claim(found.ID))
		}
	}
	if len(out) == 1 {
		return nil
	}
	return out
}
