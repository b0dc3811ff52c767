package components

import (
	"regexp"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	apiregistrationv1 "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"

	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
)

// namespaces are those that are being deleted: they end only once each API has
// been listed and nothing is left.
var namespaces = theory.Component{
	Name: "namespaces",
	For: message.Word{
		EN: "the end of namespaces: all that is in them is listed, API by API, and deleted",
		PT: "o fim de namespaces: tudo o que há neles é listado, API por API, e apagado",
	},
	Laws: []theory.Law{{
		ID: "namespace-ends",
		Doc: "a namespace that is deleted ends\n\n" +
			"Its conditions say what holds it up: an API that cannot be listed, an object that cannot be read, or finalizers. " +
			"Source: k8s.io/kubernetes v1.37, pkg/controller/namespace/deletion (2026-11).",
		Reads: slices.Concat(nodeReads, logReads, webhookReads, apiServiceReads, []theory.Read{{Verb: theory.VerbList, Resource: evidence.CustomResourceDefinitions.Name, Helps: true}}),
		State: namespacesEnd,
	}},
}

var (
	namespaceSuspect   = message.Word{EN: "namespace does not end", PT: "namespace não termina"}
	namespaceSeen      = message.Word{EN: "namespace %[1]s has been Terminating for %[2]s: %[3]s", PT: "o namespace %[1]s está Terminating há %[2]s: %[3]s"}
	namespaceFinalizer = message.Word{EN: "What is left in namespace %[1]s waits for whoever owns its finalizers: %[2]s", PT: "O que resta no namespace %[1]s espera por quem é dono dos seus finalizers: %[2]s"}
	finalizerSuspect   = message.Word{EN: "finalizers in namespace %[1]s", PT: "finalizers no namespace %[1]s"}
	seeFinalizers      = message.Word{EN: "See which objects are left, and whether what owns their finalizers still runs", PT: "Veja que objetos restam, e se quem é dono dos seus finalizers ainda está em execução"}
	notFinalize        = message.Word{EN: "removing the namespace's own finalizer (/finalize): what is left is orphaned in etcd, and comes back with a namespace of that name", PT: "remover o finalizer do próprio namespace (/finalize): o que resta fica órfão no etcd, e volta com um namespace de mesmo nome"}
)

// endsIn is how long a namespace may take to end.
const endsIn = time.Minute

func namespacesEnd(v *theory.View) {
	list := theory.List(v, evidence.Namespaces)
	for _, item := range list.Items {
		ns := item.Object
		if ns.DeletionTimestamp == nil || v.Now().Sub(ns.DeletionTimestamp.Time) < endsIn {
			continue
		}
		at := subject{Kind: "Namespace", Name: ns.Name}
		c := theory.Claim{ID: claimID("namespace-ends", at), Subject: at, Symptom: "namespace", Sum: true, Verdict: diagnose.Broken, Suspect: namespaceSuspect.With()}
		for _, condition := range ns.Status.Conditions {
			if condition.Status != corev1.ConditionTrue {
				continue
			}
			cited := theory.Evidence{Question: list.Question, Object: at, Field: "status.conditions[" + string(condition.Type) + "]", Value: condition.Message}
			if condition.Type == corev1.NamespaceDeletionDiscoveryFailure && allAvailable(v, condition.Message) {
				continue // of before: the namespace controller has not tried again yet
			}
			needs := namespaceNeeds(v, at, condition, cited)
			if len(needs) == 0 {
				continue
			}
			c.Needs = append(c.Needs, all(needs...))
			c.Evidence = append(c.Evidence, cited)
			if c.Seen.IsZero() {
				c.Seen = namespaceSeen.With(ns.Name, message.Ago(v.Now().Sub(ns.DeletionTimestamp.Time)), firstLine(condition.Message))
			}
		}
		if len(c.Needs) > 0 {
			v.State(c)
		}
	}
}

// allAvailable reports whether every aggregated API that a message names is
// available now, and it names one.
func allAvailable(v *theory.View, text string) bool {
	list := theory.List(v, evidence.APIServices)
	named := false
	for _, item := range list.Items {
		api := item.Object
		if api.Spec.Service == nil || !namesVersion(text, api) {
			continue
		}
		if _, broken := findingOf(api, list.Question); broken {
			return false
		}
		named = true
	}
	return named && list.Known()
}

// namesVersion reports whether a text has the group and version of an API, and
// not only as a part of another's.
func namesVersion(text string, api *apiregistrationv1.APIService) bool {
	return slices.Contains(versionWord.FindAllString(text, -1), api.Spec.Group+"/"+api.Spec.Version)
}

var versionWord = regexp.MustCompile(`[\w.-]+/\w+`)

// namespaceNeeds are what a condition of a namespace that does not end speaks of.
func namespaceNeeds(v *theory.View, at subject, condition corev1.NamespaceCondition, cited theory.Evidence) (needs []diagnose.ID) {
	switch condition.Type {
	case corev1.NamespaceDeletionDiscoveryFailure:
		for _, item := range theory.List(v, evidence.APIServices).Items {
			api := item.Object
			if api.Spec.Service != nil && namesVersion(condition.Message, api) {
				needs = append(needs, apiServiceID(api.Name))
			}
		}
	case corev1.NamespaceDeletionContentFailure:
		for _, item := range theory.ListMetadata(v, evidence.CustomResourceDefinitions.Name).Items {
			_, group, _ := strings.Cut(item.Object.Name, ".")
			if strings.Contains(condition.Message, "conversion webhook for "+group+"/") {
				needs = append(needs, claimID("conversion", subject{Kind: evidence.CustomResourceDefinitions.Kind, Name: item.Object.Name}))
			}
		}
	case corev1.NamespaceFinalizersRemaining:
		finalizers := theory.Claim{
			ID: claimID("finalizers", at), Subject: at, Suspect: finalizerSuspect.With(at.Name), Verdict: diagnose.Broken, Mode: "remain", Evidence: []theory.Evidence{cited},
			Modes: []theory.Mode{{
				Name: "remain", Category: report.CategoryOther, Summary: namespaceFinalizer.With(at.Name, condition.Message),
				Remedy: &theory.Remedy{
					Steps: []theory.Step{{Text: seeFinalizers.With(), Command: "kubectl api-resources --verbs=list --namespaced -o name | xargs -n1 kubectl -n " + at.Name + " get --ignore-not-found --show-kind -o name"}},
					Not:   []message.Text{notFinalize.With()},
				},
			}},
		}
		v.State(finalizers)
		needs = append(needs, finalizers.ID)
	}
	return needs
}
