package components

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubelaudo/laudo/certificate"
	"github.com/kubelaudo/laudo/decode"
	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
)

// webhooks are the admission webhooks: servers that the API server asks before
// it accepts an object.
//
// What is particular about them: the API server verifies the name
// SERVICE.NAMESPACE.svc against the caBundle of the configuration and nothing
// else; nobody probes a webhook, so it fails only when something is created;
// and one that must admit its own Pods can never come back by itself.
var webhooks = theory.Component{
	Name: "webhooks",
	For: message.Word{
		EN: "admission webhooks: the API server asks them before it accepts an object",
		PT: "webhooks de admissão: o servidor da API os consulta antes de aceitar um objeto",
	},
	Laws: []theory.Law{{
		ID: "webhook",
		Doc: "every admission webhook that must answer can\n\n" +
			"With failurePolicy Fail, whatever the webhook's rules match is rejected while it cannot be asked. " +
			"Sources: k8s.io/apiserver v0.37, pkg/admission/plugin/webhook and pkg/util/webhook/client.go; kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers (2026-11).",
		Reads: slices.Concat(nodeReads, logReads, theory.CredentialReads, webhookReads, fromNodeReads),
		State: webhooksAnswer,
	}},
}

var webhookReads = []theory.Read{
	{Verb: theory.VerbList, Resource: evidence.ValidatingWebhooks.Name, Helps: true},
	{Verb: theory.VerbList, Resource: evidence.MutatingWebhooks.Name, Helps: true},
	networkPolicyRead,
	{Verb: theory.VerbList, Resource: evidence.Namespaces.Name, Helps: true},
	{Verb: theory.VerbList, Resource: evidence.Services.Name, Helps: true},
}

var (
	webhookSuspect  = message.Word{EN: "webhook %[1]s cannot be asked", PT: "o webhook %[1]s não pode ser consultado"}
	webhookRefuses  = message.Word{EN: "webhook %[1]s cannot be asked, so %[2]s gets no new Pods: %[3]s", PT: "o webhook %[1]s não pode ser consultado, e %[2]s não recebe novos Pods: %[3]s"}
	webhookUnable   = message.Word{EN: "webhook %[1]s (failurePolicy Fail) has nobody to answer: %[2]s %[3]s", PT: "o webhook %[1]s (failurePolicy Fail) não tem quem responda: %[2]s %[3]s"}
	webhookRejects  = message.Word{EN: "Whatever it judges is rejected: %[1]s.", PT: "Tudo o que ele julga é rejeitado: %[1]s."}
	overKubeSystem  = message.Word{EN: "%[1]s, kube-system included", PT: "%[1]s, inclusive em kube-system"}
	notKubeSystem   = message.Word{EN: "%[1]s, kube-system excepted", PT: "%[1]s, exceto em kube-system"}
	webhookTitle    = message.Word{EN: "requests that webhook %[1]s judges", PT: "requisições que o webhook %[1]s julga"}
	webhookNoServe  = message.Word{EN: "Service %[1]s/%[2]s, behind %[3]s (%[4]s), does not exist: what served it was removed, and its configuration was left.", PT: "O Service %[1]s/%[2]s, por trás de %[3]s (%[4]s), não existe: o que o atendia foi removido, e sua configuração ficou."}
	webhookNoPods   = message.Word{EN: "No Pod is ready behind Service %[1]s/%[2]s, and no workload makes Pods for it: %[3]s has nobody to answer.", PT: "Nenhum Pod está pronto por trás do Service %[1]s/%[2]s, e nenhuma carga cria Pods para ele: %[3]s não tem quem responda."}
	webhookPort     = message.Word{EN: "way to webhook %[1]s blocked", PT: "caminho até o webhook %[1]s bloqueado"}
	webhookTLS      = message.Word{EN: "certificate of webhook %[1]s not accepted", PT: "certificado do webhook %[1]s não aceito"}
	webhookAnswers  = message.Word{EN: "webhook %[1]s answers too slowly or wrongly", PT: "o webhook %[1]s responde devagar demais ou errado"}
	webhookSlow     = message.Word{EN: "Webhook %[1]s does not answer in time: %[2]s.", PT: "O webhook %[1]s não responde a tempo: %[2]s."}
	webhookBad      = message.Word{EN: "Webhook %[1]s gives an answer that the API server cannot use: %[2]s.", PT: "O webhook %[1]s dá uma resposta que o servidor da API não pode usar: %[2]s."}
	webhookReload   = message.Word{EN: "What is served for %[1]s is still the certificate that was read at the start: the one in %[2]s is valid.", PT: "O que é servido para %[1]s ainda é o certificado lido ao iniciar: o que está em %[2]s é válido."}
	webhookTitled   = message.Word{EN: "webhook %[1]s", PT: "webhook %[1]s"}
	webhookBundle   = message.Word{EN: "caBundle of the webhook", PT: "caBundle do webhook"}
	webhookUnread   = message.Word{EN: "The caBundle for %[1]s in %[2]s holds no certificate that can be read.", PT: "O caBundle para %[1]s em %[2]s não contém certificado legível."}
	webhookCA       = message.Word{EN: "caBundle for %[1]s of another CA", PT: "caBundle para %[1]s de outra CA"}
	webhookOtherCA  = message.Word{EN: "The caBundle for %[1]s does not hold the CA that signed its serving certificate (%[2]s, issued by %[3]s): one was made anew without the other.", PT: "O caBundle para %[1]s não contém a CA que assinou seu certificado de servidor (%[2]s, emitido por %[3]s): um foi refeito sem o outro."}
	webhookCAHeld   = message.Word{EN: "the caBundle holds the CA of the serving certificate", PT: "o caBundle contém a CA do certificado de servidor"}
	webhookSAN      = message.Word{EN: "certificate of %[1]s for another name", PT: "certificado de %[1]s para outro nome"}
	webhookNotNamed = message.Word{EN: "The certificate served for %[1]s is not for %[2]s; it names %[3]s.", PT: "O certificado servido para %[1]s não é para %[2]s; ele nomeia %[3]s."}
	webhookSANHeld  = message.Word{EN: "the serving certificate names %[1]s", PT: "o certificado de servidor nomeia %[1]s"}
	webhookSelf     = message.Word{EN: "webhook %[1]s must admit its own Pods", PT: "o webhook %[1]s precisa admitir seus próprios Pods"}
	webhookDeadlock = message.Word{EN: "Webhook %[1]s must admit the very Pods that serve it: none of %[2]s runs, so the webhook cannot answer, so the Pods are rejected. It does not end by itself.", PT: "O webhook %[1]s precisa admitir os próprios Pods que o servem: nenhum de %[2]s está em execução, logo o webhook não responde, logo os Pods são rejeitados. Isso não termina sozinho."}

	ignoreStep   = message.Word{EN: "Let requests pass while the webhook %[1]s cannot be asked (failurePolicy Ignore)", PT: "Deixe as requisições passarem enquanto o webhook %[1]s não pode ser consultado (failurePolicy Ignore)"}
	ignoreBreaks = message.Word{EN: "nothing; until it is put back, what the webhook would refuse or change passes unseen", PT: "nada; até ser reposto, passa sem controle o que o webhook recusaria ou mudaria"}
	putBack      = message.Word{EN: "Put failurePolicy Fail back", PT: "Reponha failurePolicy Fail"}
	excludeOwn   = message.Word{EN: "Afterwards exclude namespace %[1]s from the webhook (namespaceSelector), or it comes back", PT: "Depois exclua o namespace %[1]s do webhook (namespaceSelector), ou isto volta"}
	restartHook  = message.Word{EN: "Restart what serves it, so that it reads its certificate", PT: "Reinicie o que o serve, para que leia seu certificado"}
	makePods     = message.Word{EN: "Let the Pods of %[1]s be made again at once", PT: "Faça os Pods de %[1]s serem criados de novo já"}
	waitPods     = message.Word{EN: "Wait until they are Ready", PT: "Espere até ficarem Ready"}
	restartHurts = message.Word{EN: "its Pods are replaced one after the other", PT: "seus Pods são trocados um após o outro"}
	issueHook    = message.Word{EN: "Issue a serving certificate for %[1]s under the CA of the caBundle, and put it into Secret %[2]s/%[3]s", PT: "Emita um certificado de servidor para %[1]s com a CA do caBundle, e coloque-o no Secret %[2]s/%[3]s"}
	trustLeaf    = message.Word{EN: "Trust the new certificate: the caBundle held the old one itself", PT: "Confie no novo certificado: o caBundle continha o próprio antigo"}
	keeperRenews = message.Word{EN: "if something keeps the certificate (cert-manager, the operator itself, Helm), let that renew it: it overwrites what is put there by hand", PT: "se algo mantém o certificado (cert-manager, o próprio operador, Helm), deixe que ele o renove: ele sobrescreve o que for posto à mão"}
	wantedAgain  = message.Word{EN: "if the webhook is still wanted, install what serves it again; if not, delete the configuration", PT: "se o webhook ainda é desejado, reinstale o que o serve; se não, apague a configuração"}
	notConfig    = message.Word{EN: "deleting the configuration of a webhook that is still wanted: its rules are gone with it", PT: "apagar a configuração de um webhook ainda desejado: suas regras se vão com ela"}
	fixBundle    = message.Word{EN: "Put the CA that signed the serving certificate into the caBundle (WEBHOOK_CA.crt)", PT: "Coloque no caBundle a CA que assinou o certificado de servidor (WEBHOOK_CA.crt)"}
	correctPath  = message.Word{EN: "see which path and which versions of AdmissionReview the webhook serves, and correct the configuration (clientConfig.service.path, admissionReviewVersions): then nothing has to pass unseen", PT: "veja que caminho e que versões de AdmissionReview o webhook serve, e corrija a configuração (clientConfig.service.path, admissionReviewVersions): então nada precisa passar sem controle"}
	seeHook      = message.Word{EN: "See what the webhook's Pods say", PT: "Veja o que dizem os Pods do webhook"}
)

var (
	webhookExpiredShows = []string{"tls-expired", "tls-not-yet-valid"}
	webhookCAShows      = []string{"tls-unknown-authority", "tls-unknown-authority-same-name"}
	webhookSANShows     = []string{"tls-san", "tls-no-ip-san", "tls-san-legacy-cn"}
)

// hook is something that the API server asks over HTTPS and verifies against a
// caBundle: an entry of a webhook configuration, the conversion webhook of a
// CustomResourceDefinition, or an aggregated API.
type hook struct {
	name     string // of the webhook
	title    message.Text
	config   subject // Detail is the webhook's name
	resource string  // as kubectl takes it
	index    int     // in the configuration
	pointer  string  // the JSON pointer of what holds the caBundle
	q        evidence.Question
	client   admissionregistrationv1.WebhookClientConfig
	fails    bool // failurePolicy Fail
	rules    []admissionregistrationv1.RuleWithOperations
	selector *metav1.LabelSelector
	narrowed bool           // by an objectSelector or match conditions
	gone     *theory.Remedy // where nothing is left to answer; nil: let requests pass
}

type fieldsEntry = metav1.ManagedFieldsEntry

// service is the Service that answers for the webhook; ok is false if it is
// given as a URL.
func (h *hook) service() (at subject, ok bool) {
	if h.client.Service == nil {
		return subject{}, false
	}
	return serviceSubject(h.client.Service.Namespace, h.client.Service.Name), true
}

// host is the name that the API server verifies.
func (h *hook) host() string {
	return h.client.Service.Name + "." + h.client.Service.Namespace + ".svc"
}

// patch is the command that sets a field of the entry. It fails if the entry is
// not where it was.
func (h *hook) patch(field, value string) string {
	return fmt.Sprintf(`kubectl patch %s %s --type=json -p='[{"op":"test","path":"/webhooks/%d/name","value":%q},{"op":"add","path":"/webhooks/%d/%s","value":%q}]'`,
		h.resource, h.config.Name, h.index, h.name, h.index, field, value)
}

// bundleAt is the caBundle as a part of its object.
func (h *hook) bundleAt() subject {
	detail := strings.ReplaceAll(strings.TrimPrefix(h.pointer, "/"), "/", ".") + ".caBundle"
	if h.config.Detail != "" {
		detail = fmt.Sprintf("webhooks[%d].clientConfig.caBundle", h.index)
	}
	return subject{Kind: h.config.Kind, Name: h.config.Name, Detail: detail}
}

// setBundle is the command that replaces the caBundle by what a shell prints.
func (h *hook) setBundle(shell string) string {
	return fmt.Sprintf(`kubectl patch %s %s --type=json -p="[{\"op\":\"add\",\"path\":\"%s/caBundle\",\"value\":\"$(%s)\"}]"`, h.resource, h.config.Name, h.pointer, shell)
}

// webhookSet is the entries of all configurations.
type webhookSet struct {
	all    []*hook
	why    diagnose.Why // why they are not all there are; empty: they are
	detail string
}

func hooksOf(v *theory.View) *webhookSet {
	validating, mutating := theory.List(v, evidence.ValidatingWebhooks), theory.List(v, evidence.MutatingWebhooks)
	return theory.Derive(v, "webhooks", func() *webhookSet {
		s := &webhookSet{}
		if !validating.Known() {
			s.why, s.detail = validating.Why()
		}
		if !mutating.Known() {
			s.why, s.detail = mutating.Why()
		}
		fails := func(p *admissionregistrationv1.FailurePolicyType) bool {
			return p == nil || *p == admissionregistrationv1.Fail
		}
		narrowed := func(s *metav1.LabelSelector, conditions int) bool {
			return conditions > 0 || s != nil && len(s.MatchLabels)+len(s.MatchExpressions) > 0
		}
		for _, item := range validating.Items {
			for i := range item.Object.Webhooks {
				w := &item.Object.Webhooks[i]
				s.all = append(s.all, &hook{
					name: w.Name, title: webhookTitled.With(w.Name), config: subject{Kind: "ValidatingWebhookConfiguration", Name: item.Object.Name, Detail: w.Name},
					resource: "validatingwebhookconfiguration", index: i, pointer: fmt.Sprintf("/webhooks/%d/clientConfig", i), q: validating.Question, client: w.ClientConfig,
					fails: fails(w.FailurePolicy), rules: w.Rules, selector: w.NamespaceSelector, narrowed: narrowed(w.ObjectSelector, len(w.MatchConditions)),
				})
			}
		}
		for _, item := range mutating.Items {
			for i := range item.Object.Webhooks {
				w := &item.Object.Webhooks[i]
				s.all = append(s.all, &hook{
					name: w.Name, title: webhookTitled.With(w.Name), config: subject{Kind: "MutatingWebhookConfiguration", Name: item.Object.Name, Detail: w.Name},
					resource: "mutatingwebhookconfiguration", index: i, pointer: fmt.Sprintf("/webhooks/%d/clientConfig", i), q: mutating.Question, client: w.ClientConfig,
					fails: fails(w.FailurePolicy), rules: w.Rules, selector: w.NamespaceSelector, narrowed: narrowed(w.ObjectSelector, len(w.MatchConditions)),
				})
			}
		}
		return s
	})
}

// covers reports whether the entry's namespaceSelector takes in a namespace, as
// far as the namespace's labels are known.
func (h *hook) covers(v *theory.View, namespace string) (yes, known bool) {
	if h.selector == nil || len(h.selector.MatchLabels)+len(h.selector.MatchExpressions) == 0 {
		return true, true
	}
	selector, err := metav1.LabelSelectorAsSelector(h.selector)
	if err != nil {
		return false, false
	}
	for _, item := range theory.List(v, evidence.Namespaces).Items {
		if item.Object.Name == namespace {
			return selector.Matches(labels.Set(item.Object.Labels)), true
		}
	}
	return false, false
}

// scope says what the entry judges: "CREATE pods, kube-system included".
func (h *hook) scope(v *theory.View) message.Text {
	var rules []string
	for _, r := range h.rules {
		var operations, resources []string
		for _, o := range r.Operations {
			operations = append(operations, string(o))
		}
		for _, name := range r.Resources {
			if len(r.APIGroups) > 0 && r.APIGroups[0] != "" && r.APIGroups[0] != "*" {
				name += "." + r.APIGroups[0]
			}
			resources = append(resources, name)
		}
		rules = append(rules, strings.Join(operations, "/")+" "+strings.Join(resources, ", "))
	}
	text := message.Plain(strings.Join(rules, "; "))
	yes, known := h.covers(v, "kube-system")
	switch {
	case !known || h.narrowed:
		return text
	case yes:
		return overKubeSystem.With(text)
	}
	return notKubeSystem.With(text)
}

// refusal is a workload that gets no new Pods since a webhook cannot be asked.
type refusal struct {
	webhook, id, text  string
	namespace, service string // of the webhook, as the text names it
	stage              theory.Stage
	mode               string
	workload           *theory.Workload
	cited              []theory.Evidence
}

// refusalOf reads what refuses the Pods of a workload, if it is a webhook that
// cannot be asked: one that answers and says no works.
func refusalOf(w *theory.Workload) (r refusal, ok bool) {
	if w.Failure == "" {
		return refusal{}, false
	}
	found := decode.Findings(w.Failure)
	if !slices.ContainsFunc(found, func(f decode.Finding) bool { return f.ID == "webhook-failed" }) {
		return refusal{}, false
	}
	for i := range found {
		f := &found[i]
		if f.Params["webhook"] == "" || f.ID == "webhook-denied" {
			continue
		}
		r = refusal{
			webhook: f.Params["webhook"], id: f.ID, text: f.Text, workload: w,
			namespace: f.Params["namespace"], service: f.Params["service"],
			cited: []theory.Evidence{w.FailureSeen},
		}
		r.stage, r.mode = kubeletStage(f)
		if r.stage == theory.StageClient || r.stage == theory.StageAuthz {
			r.stage, r.mode = theory.NoStage, ""
		}
		if i := slices.IndexFunc(found, func(f decode.Finding) bool { return f.ID == "webhook-bad-answer" }); i >= 0 && r.stage == theory.NoStage {
			r.id, r.text = found[i].ID, found[i].Text
		}
		return r, true
	}
	return refusal{}, false
}

func webhookID(name string) diagnose.ID {
	return claimID("webhook", subject{Kind: "Webhook", Name: name})
}

// refusedBy is what new Pods of a workload need, where a webhook, or the API
// server's own admission, refuses them.
func refusedBy(v *theory.View, w *theory.Workload) []diagnose.Need {
	if d, ok := deniedBy(w.Failure); ok {
		return []diagnose.Need{all(d.id())}
	}
	if id, ok := forbidden(v, w); ok {
		return []diagnose.Need{all(id)}
	}
	if r, ok := refusalOf(w); ok {
		return []diagnose.Need{all(webhookID(r.webhook))}
	}
	return nil
}

func webhooksAnswer(v *theory.View) {
	set := hooksOf(v)
	hooks := map[string][]*hook{}
	for _, h := range set.all {
		hooks[h.name] = append(hooks[h.name], h)
	}
	refused := map[string][]refusal{}
	workloads := theory.Workloads(v)
	for i := range workloads.All {
		if r, ok := refusalOf(&workloads.All[i]); ok {
			refused[r.webhook] = append(refused[r.webhook], r)
			if _, listed := hooks[r.webhook]; !listed {
				hooks[r.webhook] = nil // it is in no configuration that could be listed
			}
		}
	}
	for _, name := range sortedNames(hooks) {
		(&webhookLaw{v: v, set: set, name: name, hooks: entriesFor(hooks[name], refused[name]), refused: refused[name]}).state()
	}
}

// entriesFor are the entries that a refusal speaks of: two configurations may
// have webhooks of one name.
func entriesFor(hooks []*hook, refused []refusal) []*hook {
	if len(refused) == 0 || refused[0].service == "" {
		return hooks
	}
	matching := slices.DeleteFunc(slices.Clone(hooks), func(h *hook) bool {
		at, ok := h.service()
		return !ok || at.Namespace != refused[0].namespace || at.Name != refused[0].service
	})
	if len(matching) == 0 {
		return hooks
	}
	return matching
}

// webhookLaw states the claims on the webhooks of one name.
type webhookLaw struct {
	v       *theory.View
	set     *webhookSet
	name    string
	hooks   []*hook
	refused []refusal

	found refusal // the first refusal; zero: none
	unmet []unmet
	after []theory.Step // what follows whatever cures it
}

// unmet is an entry that has nobody to answer.
type unmet struct {
	hook  *hook
	text  message.Text
	cited []theory.Evidence
}

func (l *webhookLaw) hop() string { return "kube-apiserver>webhook " + l.name }

func (l *webhookLaw) state() {
	if len(l.refused) > 0 {
		l.found = l.refused[0]
	}
	var needs, credentials []diagnose.ID
	for _, h := range l.hooks {
		ids, certs := l.entry(h)
		needs, credentials = append(needs, ids...), append(credentials, certs...)
	}
	failClosed := slices.IndexFunc(l.unmet, func(u unmet) bool { return u.hook.fails && len(u.hook.rules) > 0 })
	if len(l.refused) == 0 && failClosed < 0 {
		return // nobody asked it, or nobody must: what is wrong with it is a risk
	}
	at := subject{Kind: "Webhook", Name: l.name}
	if len(l.hooks) > 0 {
		at = l.hooks[0].config
	}
	claim := theory.Claim{
		ID: webhookID(l.name), Subject: at, Symptom: "webhook", Sum: true, Verdict: diagnose.Broken,
		Suspect: webhookSuspect.With(l.name),
	}
	if len(l.refused) > 0 {
		claim.Seen = webhookRefuses.With(l.name, l.found.workload.Subject.String(), l.found.text)
		for _, r := range l.refused {
			claim.Evidence = append(claim.Evidence, r.cited...)
		}
		if webhookInformative(l.found.id) {
			claim.Signatures = []string{l.found.id}
		}
	} else {
		u := l.unmet[failClosed]
		claim.Seen = webhookUnable.With(l.name, u.text, webhookRejects.With(u.hook.scope(l.v)))
		claim.Evidence = u.cited
	}
	trail := theory.Path{Title: webhookTitle.With(l.name), Parts: []string{"kube-apiserver"}}
	if t := tunnelOf(l.v); t.exists {
		needs = append(needs, tunnelID)
		trail.Parts = append(trail.Parts, "konnectivity-server", "konnectivity-agent")
		trail.Hops = append(trail.Hops, theory.Hop{On: []diagnose.ID{konnectivityServerID}}, theory.Hop{Connection: t.connection(), On: []diagnose.ID{agentsConnectedID}})
	}
	trail.Parts = append(trail.Parts, "webhook "+l.name)
	trail.Hops = append(trail.Hops, theory.Hop{Connection: l.hop()})
	claim.Path = &trail
	if len(l.hooks) == 0 {
		needs = append(needs, l.unseen())
	}
	needs = append(needs, l.port(at), l.tls(at, credentials), l.answers(at))
	slices.Sort(needs)
	claim.Needs = []diagnose.Need{all(slices.Compact(needs)...)}
	l.v.State(claim)
}

// webhookInformative reports whether a finding says why, and not only that.
func webhookInformative(id string) bool {
	return informative(id) && !slices.Contains([]string{"webhook-failed", "no-endpoints", "service-not-found"}, id)
}

// unseen stands for the configuration of a webhook that could not be listed.
func (l *webhookLaw) unseen() diagnose.ID {
	at := subject{Kind: "Webhook", Name: l.name}
	c := theory.Claim{ID: claimID("webhook-configured", at), Subject: at, Suspect: webhookSuspect.With(l.name)}
	unknown(&c, cmpWhy(l.set.why, diagnose.Failed), l.set.detail)
	c.Tests = []theory.Test{{Text: seeHook.With(), Command: "kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations -o yaml | grep -n -B8 -A30 'name: " + l.name + "'"}}
	l.v.State(c)
	return c.ID
}

// entry states what one entry rests on: its Service, what runs behind it, and
// its certificates.
func (l *webhookLaw) entry(h *hook) (needs, credentials []diagnose.ID) {
	at, ok := h.service()
	if !ok {
		return nil, l.bundle(h, nil)
	}
	w := backendOf(l.v, at.Namespace, at.Name)
	needs = l.service(h, at, w)
	if w != nil {
		if id, ok := l.self(h, w); ok {
			needs = append(needs, id)
		}
	}
	return needs, l.credentials(h, w)
}

// credentials states what the handshake rests on: the serving certificate, its
// names, and the caBundle.
func (l *webhookLaw) credentials(h *hook, w *theory.Workload) (credentials []diagnose.ID) {
	serving := l.serving(h, w)
	if serving == nil {
		return l.bundle(h, nil)
	}
	credentials = append(credentials, storedCertificate(l.v, stored{
		owner: w.Subject, content: *serving, what: servingCertificate, shows: webhookExpiredShows, remedy: l.renew(h, w, serving),
	}))
	credentials = append(credentials, l.bundle(h, serving)...)
	if id, ok := l.names(h, w, serving); ok {
		credentials = append(credentials, id)
	}
	return credentials
}

// service states that the Service of a webhook exists and has ready Pods.
func (l *webhookLaw) service(h *hook, at subject, w *theory.Workload) []diagnose.ID {
	exists := theory.Claim{
		ID: claimID("service", at), Subject: at, Suspect: serviceSuspect.With(), Held: serviceHeld.With(at.Namespace, at.Name),
		Modes: []theory.Mode{{
			Name: "missing", Category: report.CategoryWebhook, Remedy: l.uninstalled(),
			Summary: webhookNoServe.With(at.Namespace, at.Name, h.title, h.config.Kind+" "+h.config.Name),
		}},
	}
	endpoints := theory.Claim{
		ID: claimID("endpoints", at), Subject: at, Suspect: endpointsSuspect.With(), Held: endpointsHeld.With(at.Namespace, at.Name),
		Needs: []diagnose.Need{all(exists.ID)},
		Modes: []theory.Mode{{Name: "none", Category: report.CategoryWebhook, Summary: webhookNoPods.With(at.Namespace, at.Name, h.title), Remedy: l.uninstalled()}},
	}
	services := theory.List(l.v, evidence.Services)
	exists.Evidence = []theory.Evidence{{Question: services.Question, Object: at}}
	i := slices.IndexFunc(services.Items, func(i serviceItem) bool {
		return i.Object.Namespace == at.Namespace && i.Object.Name == at.Name
	})
	switch {
	case i >= 0:
		exists.Verdict = diagnose.Holds
		l.endpoints(&endpoints, h, services.Items[i].Object, w)
	case !services.Known():
		why, detail := services.Why()
		unknown(&exists, why, detail)
		unknown(&endpoints, why, detail)
	default:
		exists.Verdict, exists.Mode = diagnose.Broken, "missing"
		unknown(&endpoints, diagnose.Masked, "")
		l.unmet = append(l.unmet, unmet{h, exists.Modes[0].Summary, exists.Evidence})
	}
	l.v.State(exists)
	l.v.State(endpoints)
	return []diagnose.ID{exists.ID, endpoints.ID}
}

// endpoints observes the ready Pods behind a Service that exists.
func (l *webhookLaw) endpoints(c *theory.Claim, h *hook, service *corev1.Service, w *theory.Workload) {
	if w != nil {
		// What does not run is another claim, which others may need too.
		c.Sum = true
		c.Needs = append(c.Needs, all(claimID("running", w.Subject)))
		l.v.State(runningClaim(l.v, w, report.CategoryWorkloadDown, nil))
		if w.Ready < w.Desired && w.Ready == 0 {
			c.Needs = append(c.Needs, all(claimID("all-run", w.Subject)))
		}
	}
	pods := theory.List(l.v, evidence.Pods)
	selector := labels.SelectorFromSet(service.Spec.Selector)
	switch {
	case len(service.Spec.Selector) == 0 || service.Spec.PublishNotReadyAddresses || service.Spec.Type == corev1.ServiceTypeExternalName:
		unknown(c, diagnose.NoStandpoint, "")
		return
	case !pods.Known():
		why, detail := pods.Why()
		unknown(c, why, detail)
		return
	}
	for _, item := range theory.Selected(pods.Items, selector) {
		pod := item.Object
		if _, ready := theory.Ready(pod); ready && pod.Namespace == service.Namespace && pod.DeletionTimestamp == nil {
			c.Verdict = diagnose.Holds
			c.Evidence = []theory.Evidence{{Question: pods.Question, Object: subject{Kind: "Pod", Namespace: pod.Namespace, Name: pod.Name}, Field: "status.conditions[Ready]", Value: "True"}}
			return
		}
	}
	if set := theory.Workloads(l.v); w == nil && !set.Known {
		why, detail := theory.WhyOf(set.Gap)
		behind := theory.Claim{ID: claimID("backend", c.Subject), Subject: c.Subject, Suspect: backendSuspect.With()}
		unknown(&behind, cmpWhy(why, diagnose.NotAsked), detail)
		l.v.State(behind)
		c.Sum, c.Needs = true, append(c.Needs, all(behind.ID))
	}
	c.Verdict, c.Mode = diagnose.Broken, "none"
	c.Evidence = []theory.Evidence{{Question: pods.Question, Object: c.Subject, Field: "Pods ready", Value: "0"}}
	if w == nil && theory.Workloads(l.v).Known {
		if mode, ok := selectsNobodyMode(l.v, service); ok {
			mode.Remedy.Steps = append(mode.Remedy.Steps, l.again()...)
			c.Mode, c.Modes = mode.Name, append(c.Modes, mode)
		}
	}
	l.unmet = append(l.unmet, unmet{h, endpointsNone.With(service.Namespace, service.Name), c.Evidence})
}

// self states that the webhook's own Pods wait for the webhook, where they do.
func (l *webhookLaw) self(h *hook, w *theory.Workload) (diagnose.ID, bool) {
	r, ok := refusalOf(w)
	if !ok || r.webhook != h.name || len(w.Pods) > 0 || w.PodsWhy != "" || w.Desired == 0 {
		return "", false
	}
	at := h.config
	steps := []theory.Step{l.ignore(h), makeStep(w), waitStep(w)}
	for _, other := range l.refused {
		if other.workload != w {
			steps = append(steps, makeStep(other.workload), waitStep(other.workload))
		}
	}
	steps = append(steps, restoreStep(h))
	c := theory.Claim{
		ID: claimID("webhook-self", at), Subject: at, Suspect: webhookSelf.With(h.name),
		Verdict: diagnose.Broken, Mode: "deadlock",
		Modes: []theory.Mode{{
			Name: "deadlock", Category: report.CategoryWebhook, Summary: webhookDeadlock.With(h.name, w.Subject.String()),
			Remedy: &theory.Remedy{Before: []message.Text{excludeOwn.With(w.Subject.Namespace)}, Steps: steps, Not: []message.Text{notConfig.With()}, Undo: restoreStep(h).Command},
		}},
		Evidence: append(slices.Clone(r.cited), theory.Evidence{Question: h.q, Object: at, Field: "failurePolicy", Value: string(admissionregistrationv1.Fail)}),
	}
	l.v.State(c)
	return c.ID, true
}

func (l *webhookLaw) ignore(h *hook) theory.Step {
	return theory.Step{Text: ignoreStep.With(h.name), Command: h.patch("failurePolicy", "Ignore"), Interrupts: ignoreBreaks.With()}
}

// pass are the steps that let requests pass meanwhile.
func (l *webhookLaw) pass() (steps []theory.Step) {
	for _, h := range l.hooks {
		if h.fails {
			steps = append(steps, l.ignore(h))
		}
	}
	return steps
}

func restoreStep(h *hook) theory.Step {
	return theory.Step{Text: putBack.With(), Command: h.patch("failurePolicy", "Fail")}
}

func rollout(w *theory.Workload, what string) string {
	return fmt.Sprintf("kubectl -n %s rollout %s %s/%s", w.Subject.Namespace, what, strings.ToLower(w.Subject.Kind), w.Subject.Name)
}

// makeStep makes the Pods of a workload anew: its controller tries again by
// itself, but only after a wait that doubles each time.
func makeStep(w *theory.Workload) theory.Step {
	return theory.Step{Text: makePods.With(w.Subject.String()), Command: rollout(w, "restart"), Interrupts: restartHurts.With()}
}

func waitStep(w *theory.Workload) theory.Step {
	return theory.Step{Text: waitPods.With(), Command: rollout(w, "status") + " --timeout=3m"}
}

// again makes the Pods that the webhook refused, and sees that all is well.
func (l *webhookLaw) again() []theory.Step {
	steps := slices.Clone(l.after)
	for _, r := range l.refused {
		if r.workload != nil {
			steps = append(steps, makeStep(r.workload), waitStep(r.workload))
		}
	}
	return steps
}

// uninstalled is the remedy where nothing is left to answer.
func (l *webhookLaw) uninstalled() *theory.Remedy {
	if len(l.hooks) == 1 && l.hooks[0].gone != nil {
		return l.hooks[0].gone
	}
	r := &theory.Remedy{Before: []message.Text{wantedAgain.With()}, Not: []message.Text{notConfig.With()}}
	for _, h := range l.hooks {
		if h.fails {
			r.Steps = append(r.Steps, l.ignore(h))
			r.Undo = h.patch("failurePolicy", "Fail")
		}
	}
	r.Steps = append(r.Steps, l.again()...)
	return r
}

// restart is the remedy that makes the webhook read its certificate again.
func (l *webhookLaw) restart(h *hook, w *theory.Workload) []theory.Step {
	steps := []theory.Step{{Text: restartHook.With(), Command: rollout(w, "restart"), Interrupts: restartHurts.With()}, waitStep(w)}
	// New Pods of the webhook may be the first that it refuses.
	if yes, known := h.covers(l.v, w.Subject.Namespace); h.fails && (yes || !known) {
		steps = append(append([]theory.Step{l.ignore(h)}, steps...), restoreStep(h))
	}
	return append(steps, l.again()...)
}

// serving finds the certificate that the webhook serves, if exactly one of the
// certificates that its backend mounts can be it.
func (l *webhookLaw) serving(h *hook, w *theory.Workload) *theory.Content {
	if w == nil {
		return nil
	}
	var candidates []theory.Content
	for _, f := range servingFiles(w) {
		content := theory.Stored(l.v, f)
		leaf := len(content.Certs) > 0 && (!content.IsBundle() || path.Base(f.Key) == "tls.crt")
		if !content.Readable() || content.Exists && content.HasKey && (leaf || content.Bad > 0) {
			candidates = append(candidates, content)
		}
	}
	named := slices.DeleteFunc(slices.Clone(candidates), func(c theory.Content) bool {
		return len(c.Certs) == 0 || !certificate.Covers(c.Certs[0], h.host())
	})
	switch {
	case len(named) == 1:
		return &named[0]
	case len(candidates) == 1 && (len(candidates[0].Certs) == 0 || l.found.stage == theory.StageTLS):
		return &candidates[0]
	}
	return nil
}

// servingFiles are the files of a workload's Secrets that can hold a serving
// certificate: those that flags name, directories included, and tls.crt in any
// Secret that is mounted, which is what kubernetes.io/tls Secrets have.
func servingFiles(w *theory.Workload) []theory.File {
	spec, namespace := &w.Template.Spec, w.Subject.Namespace
	var files []theory.File
	seen := map[string]bool{}
	add := func(f theory.File) {
		if f.Key == "" {
			f.Key, f.Path = "tls.crt", path.Join(f.Path, "tls.crt")
		}
		if key := f.Name + "/" + f.Key; f.Kind == "Secret" && f.Name != "" && !seen[key] {
			seen[key] = true
			files = append(files, f)
		}
	}
	for _, f := range theory.FilesNamed(namespace, spec) {
		add(f)
	}
	for i := range spec.Containers {
		c := &spec.Containers[i]
		for _, m := range c.VolumeMounts {
			j := slices.IndexFunc(spec.Volumes, func(volume corev1.Volume) bool { return volume.Name == m.Name })
			if j < 0 || spec.Volumes[j].Secret == nil || m.SubPath != "" {
				continue
			}
			secret := spec.Volumes[j].Secret
			if len(secret.Items) > 0 && !slices.ContainsFunc(secret.Items, func(k corev1.KeyToPath) bool { return k.Key == "tls.crt" }) {
				continue
			}
			add(theory.File{Container: c.Name, Path: path.Join(m.MountPath, "tls.crt"), Kind: "Secret", Namespace: namespace, Name: secret.SecretName, Key: "tls.crt", Mount: m.MountPath})
		}
	}
	return files
}

// keyOf is the key of the Secret that holds the private key of a certificate.
func keyOf(w *theory.Workload, content *theory.Content) string {
	for _, f := range theory.FilesNamed(w.Subject.Namespace, &w.Template.Spec) {
		if f.Kind == "Secret" && f.Name == content.File.Name && strings.Contains(f.Flag, "key") && f.Key != "" {
			return f.Key
		}
	}
	if name, ok := strings.CutSuffix(content.File.Key, ".crt"); ok {
		return name + ".key"
	}
	return "tls.key"
}

// renew is the remedy for a serving certificate.
func (l *webhookLaw) renew(h *hook, w *theory.Workload, content *theory.Content) *theory.Remedy {
	f, key, host := content.File, keyOf(w, content), h.host()
	steps := []theory.Step{{
		Text: issueHook.With(host, f.Namespace, f.Name), Action: "issue-webhook-certificate",
		Args: map[string]string{"namespace": f.Namespace, "secret": f.Name, "certKey": f.Key, "keyKey": key, "host": host},
		Command: fmt.Sprintf(`openssl req -x509 -CA CA.crt -CAkey CA.key -newkey rsa:2048 -nodes -days 365 -subj "/CN=%s" -addext basicConstraints=CA:FALSE -addext extendedKeyUsage=serverAuth -addext subjectAltName=DNS:%s -keyout tls.key -out tls.crt`+"\n"+
			`kubectl -n %s patch secret %s --type merge -p "{\"data\":{\"%s\":\"$(base64 -w0 tls.crt)\",\"%s\":\"$(base64 -w0 tls.key)\"}}"`,
			host, host, f.Namespace, f.Name, f.Key, key),
	}}
	roots, _ := certificate.Parse(h.client.CABundle)
	if len(content.Certs) > 0 && slices.ContainsFunc(roots, content.Certs[0].Equal) {
		steps = append(steps, theory.Step{Text: trustLeaf.With(), Command: h.setBundle(fmt.Sprintf(
			`kubectl -n %s get secret %s -o jsonpath='{.data.%s}'`, f.Namespace, f.Name, jsonPathKey(f.Key)))})
	}
	return &theory.Remedy{
		Before: []message.Text{keeperRenews.With()},
		Steps:  append(steps, l.restart(h, w)...),
	}
}

// bundle states that the entry's caBundle can be read, is valid, and holds the
// CA of the serving certificate, where that is known.
func (l *webhookLaw) bundle(h *hook, serving *theory.Content) []diagnose.ID {
	if len(h.client.CABundle) == 0 {
		return nil // the system's roots, which cannot be seen from here
	}
	at := h.bundleAt()
	cited := []theory.Evidence{{Question: h.q, Object: at}}
	fix := &theory.Remedy{Steps: append([]theory.Step{{
		Text:    fixBundle.With(),
		Command: h.setBundle("base64 -w0 WEBHOOK_CA.crt"),
		Action:  "replace-webhook-ca-bundle", Args: map[string]string{"resource": h.resource, "name": h.config.Name, "pointer": h.pointer + "/caBundle"},
	}}, l.again()...), Before: []message.Text{keeperRenews.With()}}
	certs, _ := certificate.Parse(h.client.CABundle)
	var ids []diagnose.ID
	var c theory.Claim
	switch {
	case len(certs) == 0:
		c = theory.Claim{
			ID: claimID("certificate-valid", at), Subject: at, Suspect: certSuspect.With(webhookBundle, h.name), Evidence: cited,
			Verdict: diagnose.Broken, Mode: "unparsable",
			Modes: []theory.Mode{{Name: "unparsable", Category: report.CategoryConfig, Summary: webhookUnread.With(h.title, h.config.Kind+" "+h.config.Name), Remedy: fix}},
		}
	case serving != nil && len(serving.Certs) > 0 && slices.ContainsFunc(certs, serving.Certs[0].Equal):
		// The certificate vouches for itself: that it is valid is a claim already.
	default:
		cited[0].Field, cited[0].Value = "notAfter", rfc3339(certs[0].NotAfter)
		c = certificateClaim{
			id: claimID("certificate-valid", at), subject: at, what: webhookBundle, holder: h.name,
			shows: slices.Concat(webhookExpiredShows, webhookCAShows), cited: cited, remedy: fix,
		}.validity(certs, true, clusterNow(l.v))
	}
	if c.ID != "" {
		l.v.State(c)
		ids = append(ids, c.ID)
	}
	if serving == nil || len(serving.Certs) == 0 || len(certs) == 0 {
		return ids
	}
	cert := serving.Certs[0]
	ca := theory.Claim{
		ID: claimID("webhook-ca", at), Subject: at, Suspect: webhookCA.With(h.title), Held: webhookCAHeld.With(),
		Modes: []theory.Mode{{
			Name: "other-ca", Category: report.CategoryCertCAMismatch, Shows: webhookCAShows, Remedy: fix,
			Summary: webhookOtherCA.With(h.title, cert.Subject.String(), cert.Issuer.String()),
		}},
		Details: theory.CertificateDetails(cert), Evidence: append(slices.Clone(cited), serving.CertificateEvidence()...),
		Verdict: diagnose.Holds,
	}
	if certificate.TrustedBy(cert, serving.Certs[1:], certs) != certificate.Trusted {
		ca.Verdict, ca.Mode = diagnose.Broken, "other-ca"
	}
	l.v.State(ca)
	return append(ids, ca.ID)
}

// names states that the serving certificate is for the name that the API server
// verifies.
func (l *webhookLaw) names(h *hook, w *theory.Workload, serving *theory.Content) (diagnose.ID, bool) {
	if len(serving.Certs) == 0 {
		return "", false
	}
	cert := serving.Certs[0]
	c := theory.Claim{
		ID: claimID("webhook-names", serving.Subject()), Subject: serving.Subject(), Suspect: webhookSAN.With(h.title), Held: webhookSANHeld.With(h.host()),
		Verdict: diagnose.Holds, Details: theory.CertificateDetails(cert), Evidence: serving.CertificateEvidence(),
		Modes: []theory.Mode{{
			Name: "not-named", Category: report.CategoryCertSAN, Shows: webhookSANShows, Remedy: l.renew(h, w, serving),
			Summary: webhookNotNamed.With(h.title, h.host(), cmp.Or(strings.Join(certificate.Names(cert), ", "), "-")),
		}},
	}
	if !certificate.Covers(cert, h.host()) {
		c.Verdict, c.Mode = diagnose.Broken, "not-named"
	}
	l.v.State(c)
	return c.ID, true
}

// observed fills what a refusal's text says of a stage.
func (l *webhookLaw) observed(c *theory.Claim) {
	switch {
	case len(l.refused) > 0 && l.found.stage == c.Stage:
		c.Verdict, c.Mode, c.Evidence = diagnose.Broken, l.found.mode, l.found.cited
	case l.found.stage > c.Stage, l.found.id == "webhook-bad-answer": // it did answer
		c.Verdict, c.Evidence = diagnose.Holds, l.found.cited
	case l.found.id == "client-timeout", l.found.id == "webhook-failed":
		unknown(c, diagnose.NoStandpoint, "")
	default:
		unknown(c, diagnose.Masked, "")
	}
}

// justStarted reports whether a Pod that serves started within the last minutes.
func (l *webhookLaw) justStarted() bool {
	for _, h := range l.hooks {
		at, ok := h.service()
		if !ok {
			continue
		}
		if w := backendOf(l.v, at.Namespace, at.Name); w != nil {
			for _, pod := range w.Pods {
				if start := pod.Status.StartTime; start != nil && clusterNow(l.v).Sub(start.Time) < 2*time.Minute {
					return true
				}
			}
		}
	}
	return false
}

func (l *webhookLaw) port(at subject) diagnose.ID {
	words := backendBlocked.With("webhook "+l.name, l.found.text)
	c := theory.Claim{
		ID: claimID("webhook-port", subject{Kind: "Webhook", Name: l.name}), Subject: at, Connection: l.hop(), Stage: theory.StagePort, Suspect: webhookPort.With(l.name),
		Modes: []theory.Mode{
			{Name: "blocked", Category: report.CategoryNetworkBlocked, Shows: []string{"dial-timeout", "dial-context", "proxy-504", "io-timeout", "client-timeout"}, Summary: words},
			{Name: "no-route", Category: report.CategoryNetworkBlocked, Shows: []string{"dial-no-route", "dial-unreachable", "proxy-502"}, Summary: words},
			{Name: "refused", Category: report.CategoryWebhook, Shows: []string{"dial-refused", "proxy-502"}, Summary: words},
		},
	}
	for _, h := range l.hooks {
		if service, ok := h.service(); ok {
			c.Needs = append(c.Needs, all(claimID("endpoints", service)))
		}
	}
	l.observed(&c)
	traced := false // to what on the way does it
	for _, h := range l.hooks {
		at, ok := h.service()
		if !ok {
			continue
		}
		port := int32(443)
		if p := h.client.Service.Port; p != nil {
			port = *p
		}
		service, w := serviceNamed(l.v, at.Namespace, at.Name), backendOf(l.v, at.Namespace, at.Name)
		excludes := false
		if len(l.refused) > 0 && slices.Contains(policyShows, l.found.id) {
			// Since when requests are refused is not known: now they are.
			if id, ok := excluded(l.v, w, podPort(service, port, w), clusterNow(l.v), l.found.cited, l.again()...); ok {
				c.Needs, traced, excludes = append(c.Needs, all(id)), true, true
			}
		}
		if len(l.refused) > 0 && !excludes {
			if id, known, ok := programmed(l.v, service, w, port, time.Time{}, l.found, l.again()...); ok {
				c.Needs, traced = append(c.Needs, all(id)), traced || known
			}
		}
		if c.Mode != "refused" && l.found.id != "proxy-502" {
			continue
		}
		if id, ok := targetPort(l.v, service, port, w, l.found.id, l.found.cited, l.again()...); ok {
			c.Needs = append(c.Needs, all(id))
			if c.Mode == "refused" {
				c.Sum, traced = true, true
			}
		}
	}
	if c.Verdict == diagnose.Broken && !traced && l.justStarted() {
		// The API server may still hold a connection to a Pod that is gone, and
		// nodes may not have heard of the new one.
		unknown(&c, diagnose.NoStandpoint, "")
	}
	if c.Verdict == diagnose.Broken && !traced {
		// What lies on the way is to blame before the way itself, and was not seen.
		pods := theory.List(l.v, evidence.Pods)
		switch {
		case len(l.hooks) == 0:
			unknown(&c, diagnose.Forbidden, "")
		case !pods.Known():
			why, detail := pods.Why()
			unknown(&c, why, detail)
		}
	}
	l.v.State(c)
	return c.ID
}

func (l *webhookLaw) tls(at subject, credentials []diagnose.ID) diagnose.ID {
	words := backendTLSBroken.With("webhook "+l.name, l.found.text)
	c := theory.Claim{
		ID: claimID("webhook-tls", subject{Kind: "Webhook", Name: l.name}), Subject: at, Connection: l.hop(), Stage: theory.StageTLS, Suspect: webhookTLS.With(l.name),
		Modes: []theory.Mode{
			{Name: "expired", Category: report.CategoryCertExpired, Shows: []string{"tls-expired"}, Summary: words},
			{Name: "not-yet-valid", Category: report.CategoryCertNotYetValid, Shows: []string{"tls-not-yet-valid"}, Summary: words},
			{Name: "other-ca", Category: report.CategoryCertCAMismatch, Shows: webhookCAShows, Summary: words},
			{Name: "not-named", Category: report.CategoryCertSAN, Shows: webhookSANShows, Summary: words},
		},
	}
	if len(credentials) > 0 {
		slices.Sort(credentials)
		c.Needs = []diagnose.Need{atStart(slices.Compact(credentials)...)}
	}
	l.observed(&c)
	l.reloaded(&c)
	l.v.State(c)
	return c.ID
}

// reloaded tells a webhook that still serves what it read when it started.
func (l *webhookLaw) reloaded(c *theory.Claim) {
	if c.Mode != "expired" || len(l.hooks) != 1 {
		return
	}
	h := l.hooks[0]
	service, ok := h.service()
	if !ok {
		return
	}
	w := backendOf(l.v, service.Namespace, service.Name)
	serving := l.serving(h, w)
	if serving == nil || len(serving.Certs) == 0 || certificate.At(serving.Certs[0], clusterNow(l.v)) != certificate.Valid {
		return
	}
	c.Mode = "not-reloaded"
	c.Modes = append(c.Modes, theory.Mode{
		Name: c.Mode, Category: report.CategoryCertNotReloaded, Shows: []string{"tls-expired"},
		Summary: webhookReload.With(h.title, serving.Subject().String()), Remedy: &theory.Remedy{Steps: l.restart(h, w)},
	})
}

func (l *webhookLaw) answers(at subject) diagnose.ID {
	c := theory.Claim{
		ID: claimID("webhook-answers", subject{Kind: "Webhook", Name: l.name}), Subject: at, Suspect: webhookAnswers.With(l.name), Rank: 2,
		Modes: []theory.Mode{
			{Name: "slow", Category: report.CategoryWebhook, Shows: []string{"client-timeout"}, Summary: webhookSlow.With(l.name, l.found.text)},
			{Name: "bad-answer", Category: report.CategoryWebhook, Shows: []string{"webhook-bad-answer"}, Summary: webhookBad.With(l.name, l.found.text)},
		},
	}
	switch l.found.id {
	case "webhook-bad-answer":
		if steps := l.pass(); len(steps) > 0 {
			c.Modes[1].Remedy = &theory.Remedy{Before: []message.Text{correctPath.With()}, Steps: append(steps, l.again()...), Not: []message.Text{notConfig.With()}}
		}
		c.Verdict, c.Mode, c.Evidence = diagnose.Broken, "bad-answer", l.found.cited
	case "client-timeout", "webhook-failed":
		unknown(&c, diagnose.NoStandpoint, "")
		if service, ok := l.firstService(); ok {
			if w := backendOf(l.v, service.Namespace, service.Name); w != nil {
				c.Tests = []theory.Test{{Text: seeHook.With(), Command: fmt.Sprintf("kubectl -n %s logs %s/%s --tail=50", w.Subject.Namespace, strings.ToLower(w.Subject.Kind), w.Subject.Name)}}
			}
		}
	default:
		unknown(&c, diagnose.Masked, "")
	}
	l.v.State(c)
	return c.ID
}

func (l *webhookLaw) firstService() (subject, bool) {
	for _, h := range l.hooks {
		if at, ok := h.service(); ok {
			return at, true
		}
	}
	return subject{}, false
}
