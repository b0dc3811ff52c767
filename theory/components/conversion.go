package components

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubelaudo/laudo/decode"
	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/theory"
)

// conversions are the webhooks that convert the objects of a
// CustomResourceDefinition from one version to another.
//
// What is particular about them: the API server keeps what it converted, so a
// webhook that is gone may show only when the API server starts again; and an
// object that cannot be converted cannot be listed, so neither the garbage
// collector nor the end of its namespace get past it.
var conversions = theory.Component{
	Name: "conversion-webhooks",
	For: message.Word{
		EN: "conversion webhooks: the API server asks them to convert custom resources between versions",
		PT: "webhooks de conversão: o servidor da API lhes pede que convertam recursos customizados entre versões",
	},
	Laws: []theory.Law{{
		ID: "conversion",
		Doc: "custom resources can be read in each version that is served\n\n" +
			"One object of each definition whose conversion strategy is Webhook is asked for, in a version in which it is not stored. " +
			"Sources: k8s.io/apiextensions-apiserver v0.37, pkg/apiserver/conversion/webhook_converter.go; kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning (2026-11).",
		Reads: slices.Concat(nodeReads, logReads, theory.CredentialReads, webhookReads, fromNodeReads, []theory.Read{
			{Verb: theory.VerbList, Resource: evidence.CustomResourceDefinitions.Name, Helps: true},
			{Verb: theory.VerbGet, Resource: evidence.CustomResourceDefinitions.Name, Helps: true},
			{Verb: theory.VerbRaw, Resource: "/apis/*/*/*", Helps: true},
		}),
		State: conversionsWork,
	}},
}

var (
	conversionTitle   = message.Word{EN: "the conversion of %[1]s", PT: "a conversão de %[1]s"}
	conversionSuspect = message.Word{EN: "%[1]s cannot be converted", PT: "%[1]s não podem ser convertidos"}
	conversionHeld    = message.Word{EN: "%[1]s can be read in %[2]s", PT: "%[1]s podem ser lidos em %[2]s"}
	conversionsHeld   = message.Word{EN: "the objects of %[1]s of %[1]s definitions can be converted", PT: "os objetos de %[1]s de %[1]s definições podem ser convertidos"}
	conversionSeen    = message.Word{EN: "%[1]s cannot be read in %[2]s, nor garbage-collected, nor their namespaces ended: %[3]s", PT: "%[1]s não podem ser lidos em %[2]s, nem coletados, nem seus namespaces terminados: %[3]s"}
	conversionPath    = message.Word{EN: "reading %[1]s in %[2]s", PT: "leitura de %[1]s em %[2]s"}
	conversionNone    = message.Word{EN: "Until it serves again, let objects be read as they are stored (strategy None)", PT: "Até que volte a servir, deixe os objetos serem lidos como estão guardados (estratégia None)"}
	conversionLoses   = message.Word{EN: "nothing; meanwhile fields that differ between the versions are not translated", PT: "nada; enquanto isso, campos que diferem entre as versões não são traduzidos"}
	conversionWanted  = message.Word{EN: "if the operator is still wanted, install it again instead: it converts as soon as it runs", PT: "se o operador ainda é desejado, reinstale-o em vez disso: ele converte assim que estiver em execução"}
	conversionWrite   = message.Word{EN: "writing these objects in a version in which they are not stored, meanwhile: what it does not know is lost", PT: "gravar esses objetos, enquanto isso, numa versão em que não são guardados: o que ela não conhece se perde"}
)

// maxConversions bounds how many conversion webhooks are asked.
const maxConversions = 16

// definition is what is read of a CustomResourceDefinition.
type definition struct {
	Spec struct {
		Group string
		Names struct{ Plural string }
		// Conversion has the type of an admission webhook's configuration, whose
		// fields are the same.
		Conversion struct {
			Strategy string
			Webhook  struct {
				ClientConfig admissionregistrationv1.WebhookClientConfig
			}
		}
		Versions []struct {
			Name            string
			Served, Storage bool
		}
	}
	Status struct{ StoredVersions []string }
}

// converts reports whether the fields that managers set make it likely that a
// definition has a conversion webhook: its metadata alone is read first, since
// a cluster can have hundreds of definitions of half a megabyte each.
func converts(fields []byte) bool {
	return bytes.Contains(fields, []byte(`"f:conversion"`)) && bytes.Contains(fields, []byte(`"f:webhook"`))
}

func conversionsWork(v *theory.View) {
	listing := theory.ListMetadata(v, evidence.CustomResourceDefinitions.Name)
	asked := map[string]bool{}
	for _, item := range listing.Items {
		if !slices.ContainsFunc(item.Object.ManagedFields, func(f fieldsEntry) bool { return f.FieldsV1 != nil && converts(f.FieldsV1.GetRawBytes()) }) {
			continue
		}
		found := theory.Get(v, evidence.CustomResourceDefinitions, "", item.Object.Name)
		if !found.Exists {
			continue
		}
		if d, ok := definitionOf(found.Object); ok {
			stateConversion(v, item.Object.Name, d, found.Question, asked)
		}
	}
}

func definitionOf(o *unstructured.Unstructured) (d definition, ok bool) {
	text, err := json.Marshal(o.Object)
	if err == nil {
		err = json.Unmarshal(text, &d)
	}
	return d, err == nil && d.Spec.Conversion.Strategy == "Webhook"
}

// other is a version that is served and in which not all objects are stored.
func (d *definition) other() (version string, ok bool) {
	for _, version := range d.Spec.Versions {
		if version.Served && (!version.Storage || len(d.Status.StoredVersions) > 1) {
			return version.Name, true
		}
	}
	return "", false
}

func stateConversion(v *theory.View, name string, d definition, q evidence.Question, asked map[string]bool) {
	at := subject{Kind: evidence.CustomResourceDefinitions.Kind, Name: name}
	client := d.Spec.Conversion.Webhook.ClientConfig
	h := &hook{
		name: name, title: conversionTitle.With(name), config: at, resource: "crd", q: q, client: client,
		pointer: "/spec/conversion/webhook/clientConfig",
		gone: &theory.Remedy{
			Before: []message.Text{conversionWanted.With()},
			Steps: []theory.Step{{
				Text: conversionNone.With(), Interrupts: conversionLoses.With(),
				Command: fmt.Sprintf(`kubectl patch crd %s --type=merge -p '{"spec":{"conversion":{"strategy":"None","webhook":null}}}'`, name),
			}},
			Not: []message.Text{conversionWrite.With()},
		},
	}
	version, ok := d.other()
	if !ok || v.Options().NoProbes {
		return
	}
	// One object of each webhook tells enough.
	key := string(client.CABundle)
	if service, ok := h.service(); ok {
		key += service.String()
	}
	if asked[key] || len(asked) == maxConversions {
		return
	}
	asked[key] = true
	probe := evidence.Question{Kind: evidence.Raw, Path: fmt.Sprintf("/apis/%s/%s/%s?limit=1", d.Spec.Group, version, d.Spec.Names.Plural), Metadata: true}
	a, ok := v.Answer(probe)
	if !ok {
		return
	}
	c := theory.Claim{
		ID: claimID("conversion", at), Subject: at, Symptom: "conversion", Sum: true,
		Suspect: conversionSuspect.With(name), Held: conversionHeld.With(name, version), HeldAll: conversionsHeld,
		Evidence: []theory.Evidence{{Question: probe, Value: httpStatus(a)}},
	}
	found, failed := conversionFailure(a, c.Evidence)
	switch {
	case failed:
		c.Verdict, c.Seen = diagnose.Broken, conversionSeen.With(name, version, found.text)
		c.Evidence[0].Value = found.text
		if webhookInformative(found.id) {
			c.Signatures = []string{found.id}
		}
	case a.Gap == nil && a.Status == 200:
		c.Verdict = diagnose.Holds
	default:
		// Not allowed, or something else that says nothing of conversion.
		why, detail := theory.WhyOf(a.Gap)
		unknown(&c, cmpWhy(why, diagnose.Failed), detail)
		if why == diagnose.Forbidden {
			// The published rights cover no custom resources: that is told, and does
			// not make the whole diagnosis one of a cluster half seen.
			c.Evidence = nil
		}
		c.Needs = []diagnose.Need{all(apiAnswers)}
		v.State(c)
		return
	}
	law := &webhookLaw{v: v, name: name, hooks: []*hook{h}}
	if failed {
		found.cited = c.Evidence
		law.found, law.refused = found, []refusal{found}
	}
	ids, credentials := law.entry(h)
	needs := append(ids, apiAnswers)
	trail := theory.Path{Title: conversionPath.With(name, version), Parts: []string{"kube-apiserver"}}
	if t := tunnelOf(v); t.exists {
		needs = append(needs, tunnelID)
		trail.Parts = append(trail.Parts, "konnectivity-server", "konnectivity-agent")
		trail.Hops = append(trail.Hops, theory.Hop{On: []diagnose.ID{konnectivityServerID}}, theory.Hop{Connection: t.connection(), On: []diagnose.ID{agentsConnectedID}})
	}
	trail.Parts = append(trail.Parts, "webhook "+name)
	trail.Hops = append(trail.Hops, theory.Hop{Connection: law.hop()})
	c.Path = &trail
	if failed {
		needs = append(needs, law.port(at), law.tls(at, credentials), law.answers(at))
	} else {
		// The objects may have been converted long ago: what works proves
		// nothing of the webhook, and what is wrong with it is a risk.
		needs, c.Path = []diagnose.ID{apiAnswers}, nil
	}
	slices.Sort(needs)
	c.Needs = []diagnose.Need{all(slices.Compact(needs)...)}
	v.State(c)
}

// conversionFailure decodes a refusal to list objects that cannot be converted.
func conversionFailure(a evidence.Answer, cited []theory.Evidence) (refusal, bool) {
	if a.Status < 400 {
		return refusal{}, false
	}
	found := decode.Findings(a.Text)
	if !slices.ContainsFunc(found, func(f decode.Finding) bool { return f.ID == "conversion-failed" }) {
		return refusal{}, false
	}
	r := refusal{id: "conversion-failed", text: firstLine(a.Text), cited: cited}
	for i := range found {
		f := &found[i]
		if f.ID == "conversion-failed" || f.ID == "webhook-failed" {
			continue
		}
		r.id, r.text = f.ID, f.Text
		r.stage, r.mode = kubeletStage(f)
		if r.stage == theory.StageClient || r.stage == theory.StageAuthz {
			r.stage, r.mode = theory.NoStage, ""
		}
		break
	}
	return r, true
}
