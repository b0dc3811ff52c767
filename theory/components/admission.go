package components

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
)

// What the API server's own admission says when it refuses a Pod. Sources:
// k8s.io/kubernetes v1.37, plugin/pkg/admission/{resourcequota,limitranger,
// priority,serviceaccount}; k8s.io/apiserver v0.37, pkg/admission/plugin/policy;
// k8s.io/pod-security-admission v0.37, admission/admission.go (2026-11).
var (
	quotaExceeded  = regexp.MustCompile(`exceeded quota: ([^,\s]+), requested: (.+), used: (.+), limited: (\S+)`)
	quotaUnstated  = regexp.MustCompile(`failed quota: ([^:\s]+): must specify ([^:]+?)(?: for: .*)?$`)
	podSecurity    = regexp.MustCompile(`violates PodSecurity "([a-z]+):[^"]*": (.+)`)
	policyDenies   = regexp.MustCompile(`ValidatingAdmissionPolicy '([^']+)' with binding '([^']+)' denied request: (.+)`)
	classMissing   = regexp.MustCompile(`no PriorityClass with name (\S+) was found`)
	accountMissing = regexp.MustCompile(`serviceaccount "([^"]+)" not found`)
	limitRange     = regexp.MustCompile(`is forbidden: \[?((?:maximum|minimum) \S+ (?:usage|limit|memory).{0,300})`)
)

var (
	admissionSuspect = message.Word{EN: "%[1]s forbids the Pods of %[2]s", PT: "%[1]s proíbe os Pods de %[2]s"}
	quotaWords       = message.Word{EN: "ResourceQuota %[1]s/%[2]s is used up, so %[3]s gets no more Pods: %[4]s is asked for, %[5]s of %[6]s is used.", PT: "A ResourceQuota %[1]s/%[2]s está esgotada, e %[3]s não recebe mais Pods: pede-se %[4]s, e %[5]s de %[6]s está em uso."}
	quotaRaise       = message.Word{EN: "Raise the quota by what is missing (or free some: see what uses it)", PT: "Aumente a cota no que falta (ou libere parte: veja o que a usa)"}
	quotaSee         = message.Word{EN: "kubectl -n %[1]s describe resourcequota shows what is counted", PT: "kubectl -n %[1]s describe resourcequota mostra o que é contado"}
	quotaNeeds       = message.Word{EN: "ResourceQuota %[1]s/%[2]s admits only Pods that state %[4]s, which those of %[3]s do not.", PT: "A ResourceQuota %[1]s/%[2]s só admite Pods que declaram %[4]s, o que os de %[3]s não fazem."}
	quotaDefaults    = message.Word{EN: "Give containers that state nothing a default (LimitRange; choose the sizes)", PT: "Dê um padrão aos contêineres que nada declaram (LimitRange; escolha os tamanhos)"}
	securityWords    = message.Word{EN: "Namespace %[1]s enforces the Pod Security level %[2]s, which the Pods of %[3]s violate: %[4]s.", PT: "O namespace %[1]s impõe o nível %[2]s de Pod Security, que os Pods de %[3]s violam: %[4]s."}
	securityRelax    = message.Word{EN: "Let the namespace admit them (level privileged); warnings stay as they are", PT: "Deixe o namespace admiti-los (nível privileged); os avisos ficam como estão"}
	securityBefore   = message.Word{EN: "if the Pods can do with less, change their securityContext instead; system agents often cannot", PT: "se os Pods podem viver com menos, mude o securityContext deles em vez disso; agentes de sistema muitas vezes não podem"}
	securityHurts    = message.Word{EN: "nothing; other Pods of the namespace are no longer held to the level either", PT: "nada; outros Pods do namespace também deixam de ser limitados ao nível"}
	policyWords      = message.Word{EN: "ValidatingAdmissionPolicy %[1]s, through its binding %[2]s, denies the Pods of %[3]s: %[4]s.", PT: "A ValidatingAdmissionPolicy %[1]s, pela sua vinculação %[2]s, nega os Pods de %[3]s: %[4]s."}
	policyWarn       = message.Word{EN: "Let the binding warn and not deny, until policy and Pods agree", PT: "Faça a vinculação avisar e não negar, até que política e Pods concordem"}
	policyBefore     = message.Word{EN: "if the policy is right, change the Pods instead", PT: "se a política está certa, mude os Pods em vez disso"}
	policyHurts      = message.Word{EN: "nothing; what the policy would deny passes with a warning", PT: "nada; o que a política negaria passa com um aviso"}
	classWords       = message.Word{EN: "PriorityClass %[1]s, which the Pods of %[2]s name, does not exist.", PT: "A PriorityClass %[1]s, que os Pods de %[2]s nomeiam, não existe."}
	classMake        = message.Word{EN: "Make the PriorityClass (choose its value)", PT: "Crie a PriorityClass (escolha o seu valor)"}
	accountWords     = message.Word{EN: "ServiceAccount %[1]s/%[2]s, which the Pods of %[3]s run as, does not exist.", PT: "A ServiceAccount %[1]s/%[2]s, com que os Pods de %[3]s rodam, não existe."}
	accountMake      = message.Word{EN: "Make the ServiceAccount again; what it was allowed to do is bound to its name and holds again", PT: "Crie a ServiceAccount de novo; o que ela podia fazer está vinculado ao nome e volta a valer"}
	limitWords       = message.Word{EN: "A LimitRange of namespace %[1]s forbids the Pods of %[2]s: %[3]s.", PT: "Um LimitRange do namespace %[1]s proíbe os Pods de %[2]s: %[3]s."}
)

// forbidden states what of the API server's own admission refuses the Pods of a
// workload, if its refusal says so.
func forbidden(v *theory.View, w *theory.Workload) (diagnose.ID, bool) {
	c, ok := forbiddenBy(w)
	if !ok {
		return "", false
	}
	c.Verdict, c.Mode = diagnose.Broken, c.Modes[0].Name
	c.Suspect = admissionSuspect.With(c.Subject.String(), w.Subject.Name)
	c.Evidence = []theory.Evidence{w.FailureSeen}
	if r := c.Modes[0].Remedy; r != nil {
		r.Steps = append(r.Steps, makeStep(w), waitStep(w))
	}
	// One policy may refuse several workloads, each in its own words.
	c.ID = claimID("admits "+w.Subject.String(), c.Subject)
	v.State(c)
	return c.ID, true
}

func forbiddenBy(w *theory.Workload) (theory.Claim, bool) {
	text, ns, who := firstLine(w.Failure), w.Subject.Namespace, w.Subject.String()
	one := func(at subject, m theory.Mode) (theory.Claim, bool) {
		return theory.Claim{Subject: at, Modes: []theory.Mode{m}}, true
	}
	if m := quotaExceeded.FindStringSubmatch(text); m != nil {
		at := subject{Kind: "ResourceQuota", Namespace: ns, Name: m[1]}
		mode := theory.Mode{Name: "exhausted", Category: report.CategoryResourceExhaustion, Summary: quotaWords.With(ns, m[1], who, m[2], m[3], m[4])}
		if hard := raised(m[2], m[3], w.Desired-len(w.Pods)+1); hard != "" {
			mode.Remedy = &theory.Remedy{
				Before: []message.Text{quotaSee.With(ns)},
				Steps:  []theory.Step{{Text: quotaRaise.With(), Command: fmt.Sprintf(`kubectl -n %s patch resourcequota %s --type=merge -p '{"spec":{"hard":{%s}}}'`, ns, m[1], hard)}},
			}
		}
		return one(at, mode)
	}
	if m := quotaUnstated.FindStringSubmatch(text); m != nil {
		return one(subject{Kind: "ResourceQuota", Namespace: ns, Name: m[1]}, theory.Mode{
			Name: "unstated", Category: report.CategoryConfig, Summary: quotaNeeds.With(ns, m[1], who, m[2]),
			Remedy: &theory.Remedy{Steps: []theory.Step{{
				Text:    quotaDefaults.With(),
				Command: fmt.Sprintf(`echo '{"apiVersion":"v1","kind":"LimitRange","metadata":{"name":"defaults"},"spec":{"limits":[{"type":"Container","default":{"cpu":"500m","memory":"256Mi"},"defaultRequest":{"cpu":"50m","memory":"64Mi"}}]}}' | kubectl -n %s create -f -`, ns),
			}}},
		})
	}
	if m := podSecurity.FindStringSubmatch(text); m != nil {
		const label = "pod-security.kubernetes.io/enforce"
		return one(subject{Kind: "Namespace", Name: ns, Detail: label}, theory.Mode{
			Name: "pod-security", Category: report.CategoryConfig, Summary: securityWords.With(ns, m[1], who, m[2]),
			Remedy: &theory.Remedy{
				Before: []message.Text{securityBefore.With()},
				Steps:  []theory.Step{{Text: securityRelax.With(), Command: fmt.Sprintf("kubectl label namespace %s %s=privileged --overwrite", ns, label), Interrupts: securityHurts.With()}},
				Undo:   fmt.Sprintf("kubectl label namespace %s %s=%s --overwrite", ns, label, m[1]),
			},
		})
	}
	if m := policyDenies.FindStringSubmatch(text); m != nil {
		return one(subject{Kind: "ValidatingAdmissionPolicyBinding", Name: m[2]}, theory.Mode{
			Name: "denies", Category: report.CategoryConfig, Summary: policyWords.With(m[1], m[2], who, strings.TrimSuffix(m[3], ".")),
			Remedy: &theory.Remedy{
				Before: []message.Text{policyBefore.With()},
				Steps: []theory.Step{{
					Text: policyWarn.With(), Interrupts: policyHurts.With(),
					Command: fmt.Sprintf(`kubectl patch validatingadmissionpolicybinding %s --type=merge -p '{"spec":{"validationActions":["Warn","Audit"]}}'`, m[2]),
				}},
				Undo: fmt.Sprintf(`kubectl patch validatingadmissionpolicybinding %s --type=merge -p '{"spec":{"validationActions":["Deny"]}}'`, m[2]),
			},
		})
	}
	if m := classMissing.FindStringSubmatch(text); m != nil {
		return one(subject{Kind: "PriorityClass", Name: m[1]}, theory.Mode{
			Name: "missing", Category: report.CategoryConfig, Summary: classWords.With(m[1], who),
			Remedy: &theory.Remedy{Steps: []theory.Step{{Text: classMake.With(), Command: fmt.Sprintf("kubectl create priorityclass %s --value=1000", m[1])}}},
		})
	}
	if m := accountMissing.FindStringSubmatch(text); m != nil {
		return one(subject{Kind: "ServiceAccount", Namespace: ns, Name: m[1]}, theory.Mode{
			Name: "missing", Category: report.CategoryConfig, Summary: accountWords.With(ns, m[1], who),
			Remedy: &theory.Remedy{Steps: []theory.Step{{Text: accountMake.With(), Command: fmt.Sprintf("kubectl -n %s create serviceaccount %s", ns, m[1])}}},
		})
	}
	if m := limitRange.FindStringSubmatch(text); m != nil {
		return one(subject{Kind: "LimitRange", Namespace: ns}, theory.Mode{
			Name: "forbids", Category: report.CategoryConfig, Summary: limitWords.With(ns, who, strings.TrimRight(m[1], "].")),
		})
	}
	return theory.Claim{}, false
}

// raised is, as the fields of a JSON object, a quota under which what is
// requested fits that many times, beside what is used. Empty: it cannot be told.
func raised(requested, used string, times int) string {
	have := map[string]string{}
	for pair := range strings.SplitSeq(used, ",") {
		if name, value, ok := strings.Cut(pair, "="); ok {
			have[name] = value
		}
	}
	var hard []string
	for pair := range strings.SplitSeq(requested, ",") {
		name, value, _ := strings.Cut(pair, "=")
		sum, err := resource.ParseQuantity(have[name])
		each, err2 := resource.ParseQuantity(value)
		if err != nil || err2 != nil {
			return ""
		}
		for range min(max(times, 1), 10000) {
			sum.Add(each)
		}
		hard = append(hard, fmt.Sprintf("%q:%q", name, sum.String()))
	}
	slices.Sort(hard)
	return strings.Join(hard, ",")
}
