package components

import (
	"fmt"
	"slices"
	"strings"
	"time"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	"k8s.io/apimachinery/pkg/labels"
	apiregistrationv1 "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"

	"github.com/kubelaudo/laudo/decode"
	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
)

// aggregation is the API server's way to the API servers that extend it.
var aggregation = theory.Component{
	Name: "apiservice",
	For: message.Word{
		EN: "aggregated APIs: the API server passes requests for them on to a Service in the cluster",
		PT: "APIs agregadas: o servidor da API repassa requisições delas a um Service no cluster",
	},
	Laws: []theory.Law{{
		ID: "apiservice",
		Doc: "every aggregated API is Available\n\n" +
			"The API server itself probes each one and writes what it met into the condition. " +
			"Source: k8s.io/kube-aggregator v0.37, pkg/controllers/status/remote/remote_available_controller.go (2026-11).",
		Reads: slices.Concat(nodeReads, logReads, theory.CredentialReads, apiServiceReads, fromNodeReads, []theory.Read{{Verb: theory.VerbRaw, Resource: figuresOfNodes.Path}}),
		State: apiServicesAvailable,
	}},
}

var apiServiceReads = []theory.Read{
	networkPolicyRead,
	{Verb: theory.VerbList, Resource: evidence.Namespaces.Name, Helps: true},
	{Verb: theory.VerbList, Resource: evidence.APIServices.Name},
	{Verb: theory.VerbList, Resource: evidence.Services.Name},
}

var (
	apiServiceSuspect = message.Word{EN: "aggregated API unavailable", PT: "API agregada indisponível"}
	apiServiceHeld    = message.Word{EN: "%[1]s is Available", PT: "%[1]s está Available"}
	apiServicesHeld   = message.Word{EN: "%[1]s of %[1]s aggregated APIs Available", PT: "%[1]s de %[1]s APIs agregadas Available"}
	apiServiceSeen    = message.Word{EN: "aggregated API %[1]s unavailable, %[2]s: %[3]s", PT: "API agregada %[1]s indisponível, %[2]s: %[3]s"}
	apiServiceEvent   = message.Word{EN: "aggregated API %[1]s became unavailable", PT: "a API agregada %[1]s ficou indisponível"}
	apiServiceTitle   = message.Word{EN: "requests to %[1]s", PT: "requisições a %[1]s"}
	serviceGone       = message.Word{EN: "Service %[1]s/%[2]s, which serves %[3]s, does not exist.", PT: "O Service %[1]s/%[2]s, que serve %[3]s, não existe."}
	serviceSuspect    = message.Word{EN: "Service missing", PT: "Service ausente"}
	serviceHeld       = message.Word{EN: "Service %[1]s/%[2]s exists", PT: "o Service %[1]s/%[2]s existe"}
	endpointsSuspect  = message.Word{EN: "Service without ready Pods", PT: "Service sem Pods prontos"}
	backendSuspect    = message.Word{EN: "what serves the Service is down", PT: "o que serve o Service está fora do ar"}
	endpointsHeld     = message.Word{EN: "Service %[1]s/%[2]s has ready Pods", PT: "o Service %[1]s/%[2]s tem Pods prontos"}
	endpointsNoPort   = message.Word{EN: "The Pods behind Service %[1]s/%[2]s are ready, but the Service's port leads to none of them: %[3]s", PT: "Os Pods por trás do Service %[1]s/%[2]s estão prontos, mas a porta do Service não leva a nenhum deles: %[3]s"}
	endpointsNone     = message.Word{EN: "No Pod behind Service %[1]s/%[2]s is ready.", PT: "Nenhum Pod por trás do Service %[1]s/%[2]s está pronto."}
	deleteRegistered  = message.Word{EN: "If nothing serves %[1]s any more, delete its registration", PT: "Se nada mais serve %[1]s, apague seu registro"}
	deleteHurts       = message.Word{EN: "requests to it end with 404 from then on", PT: "requisições a ela passam a terminar em 404"}
	apiWantedAgain    = message.Word{EN: "if the API is still wanted, install what serves it again instead", PT: "se a API ainda é desejada, reinstale o que a serve em vez disso"}
	apiServicePort    = message.Word{EN: "APIService %[1]s asks for port %[2]s of Service %[3]s/%[4]s, which has %[5]s.", PT: "O APIService %[1]s pede a porta %[2]s do Service %[3]s/%[4]s, que tem %[5]s."}
	apiServicePortBad = message.Word{EN: "port of the APIService wrong", PT: "porta do APIService errada"}
	setServicePort    = message.Word{EN: "Let the APIService ask for port %[1]s", PT: "Faça o APIService pedir a porta %[1]s"}
	apiAgain          = message.Word{EN: "Wait until the API server has seen it: it looks every 30 s", PT: "Espere até que o servidor da API perceba: ele olha a cada 30 s"}
	aggregatedTitled  = message.Word{EN: "aggregated API %[1]s", PT: "a API agregada %[1]s"}
	backendTLS        = message.Word{EN: "serving certificate of the aggregated API not accepted", PT: "certificado da API agregada não aceito"}
	backendTLSBroken  = message.Word{EN: "The API server does not accept the certificate that %[1]s serves: %[2]s.", PT: "O servidor da API não aceita o certificado servido por %[1]s: %[2]s."}
	backendPort       = message.Word{EN: "way to the aggregated API blocked", PT: "caminho até a API agregada bloqueado"}
	backendBlocked    = message.Word{EN: "Connections to the Pods of %[1]s fail on the way: %[2]s.", PT: "Conexões aos Pods de %[1]s falham no caminho: %[2]s."}
	backendAuth       = message.Word{EN: "API server not let in by the aggregated API", PT: "servidor da API não aceito pela API agregada"}
	backendAuthBroken = message.Word{EN: "%[1]s does not accept the API server's front-proxy certificate: %[2]s.", PT: "%[1]s não aceita o certificado front-proxy do servidor da API: %[2]s."}
)

// apiServiceFinding is what the condition of an unavailable API says, decoded.
type apiServiceFinding struct {
	name, id, text, reason string
	stage                  theory.Stage
	mode                   string
	since                  time.Time
	cited                  []theory.Evidence
}

// apiServiceFindings decodes the conditions of the APIs that are unavailable.
func apiServiceFindings(v *theory.View) []apiServiceFinding {
	listing := theory.List(v, evidence.APIServices)
	return theory.Derive(v, "apiservice-findings", func() []apiServiceFinding {
		var out []apiServiceFinding
		for _, item := range listing.Items {
			if f, broken := findingOf(item.Object, listing.Question); broken {
				out = append(out, f)
			}
		}
		return out
	})
}

func findingOf(api *apiregistrationv1.APIService, q evidence.Question) (apiServiceFinding, bool) {
	for _, c := range api.Status.Conditions {
		if c.Type != apiregistrationv1.Available || c.Status == apiregistrationv1.ConditionTrue {
			continue
		}
		f := apiServiceFinding{name: api.Name, text: c.Message, reason: c.Reason, since: c.LastTransitionTime.Time}
		f.cited = []theory.Evidence{{
			Question: q, Object: subject{Kind: "APIService", Name: api.Name},
			Field: "status.conditions[Available]", Value: c.Reason + ": " + c.Message,
		}}
		if found := decode.Findings(c.Reason + ": " + c.Message); len(found) > 0 {
			f.id = found[0].ID
			if informative(f.id) {
				f.text = found[0].Text
			}
			f.stage, f.mode = kubeletStage(&found[0])
			if ofEgress(&found[0]) {
				f.id, f.stage, f.mode = egressRefused, theory.NoStage, ""
			}
			switch f.id {
			case "apiservice-401":
				f.stage, f.mode = theory.StageClient, "rejected"
			case "apiservice-403":
				// The certificate, or plain RBAC: the text does not say.
				f.stage, f.mode = theory.StageClient, ""
			}
		}
		return f, true
	}
	return apiServiceFinding{}, false
}

func apiServiceID(name string) diagnose.ID {
	return claimID("apiservice", subject{Kind: "APIService", Name: name})
}

func apiServicesAvailable(v *theory.View) {
	listing := theory.List(v, evidence.APIServices)
	if !listing.Known() && len(listing.Items) == 0 {
		c := theory.Claim{ID: claimID("apiservice", subject{Kind: "APIService", Name: "*"}), Subject: subject{Kind: "APIService", Name: "*"}, Symptom: "apiservice", Suspect: apiServiceSuspect.With()}
		why, detail := listing.Why()
		unknown(&c, why, detail)
		v.State(c)
		return
	}
	backends(v)
	for _, item := range listing.Items {
		api := item.Object
		if api.Spec.Service == nil {
			continue
		}
		f, broken := findingOf(api, listing.Question)
		stateAPIService(v, api, listing.Question, f, broken)
	}
}

func stateAPIService(v *theory.View, api *apiregistrationv1.APIService, q evidence.Question, f apiServiceFinding, broken bool) {
	at := subject{Kind: "APIService", Name: api.Name}
	namespace, name := api.Spec.Service.Namespace, api.Spec.Service.Name
	claim := theory.Claim{
		ID: apiServiceID(api.Name), Subject: at, Symptom: "apiservice", Sum: true,
		Suspect: apiServiceSuspect.With(), Held: apiServiceHeld.With(api.Name), HeldAll: apiServicesHeld,
	}
	needs := []diagnose.ID{apiAnswers, claimID("service", serviceSubject(namespace, name)), claimID("endpoints", serviceSubject(namespace, name))}
	hop := "kube-apiserver>" + api.Name
	path := theory.Path{Title: apiServiceTitle.With(api.Name), Parts: []string{"kube-apiserver"}}
	if t := tunnelOf(v); t.exists {
		needs = append(needs, tunnelID)
		path.Parts = append(path.Parts, "konnectivity-server", "konnectivity-agent")
		path.Hops = append(path.Hops, theory.Hop{On: []diagnose.ID{konnectivityServerID}}, theory.Hop{Connection: t.connection(), On: []diagnose.ID{agentsConnectedID}})
	}
	path.Parts = append(path.Parts, "Service "+namespace+"/"+name)
	path.Hops = append(path.Hops, theory.Hop{Connection: hop})
	claim.Path = &path
	for _, stage := range []theory.Stage{theory.StagePort, theory.StageTLS, theory.StageClient} {
		needs = append(needs, stateBackendStage(v, api, hop, stage, f, broken))
	}
	if id, ok := statePort(v, api, f); ok {
		needs = append(needs, id)
	}
	claim.Needs = []diagnose.Need{all(needs...)}
	if broken {
		claim.Verdict, claim.Evidence = diagnose.Broken, f.cited
		claim.Seen = apiServiceSeen.With(api.Name, f.reason, f.text)
		claim.Began = exactly(f.since)
		claim.Events = []theory.Event{{At: f.since, Text: apiServiceEvent.With(api.Name), Evidence: f.cited}}
		if f.id != "" && informative(f.id) {
			claim.Signatures = []string{f.id}
		}
		if seen := tunnelSeen(v); f.stage == theory.NoStage && (seen.someHang > 0 || seen.unserved(v)) {
			// The condition is of one moment: the next request may take another agent,
			// or come to another API server.
			claim.Tried, claim.Failed = 1, 1
		}
	} else {
		claim.Verdict = diagnose.Holds
		claim.Evidence = []theory.Evidence{{Question: q, Object: at, Field: "status.conditions[Available]", Value: "True"}}
		if outdated(v, api) {
			unknown(&claim, diagnose.Masked, "")
		}
		if len(api.Status.Conditions) == 0 {
			unknown(&claim, diagnose.Failed, "no condition")
		}
	}
	v.State(claim)
	stateService(v, api, f, broken)
}

// informative reports whether a finding says why, and not only that.
func informative(id string) bool {
	return !slices.Contains([]string{"service-unavailable", "apiservice-failed-check", "apiservice-no-endpoints", "apiservice-no-service", "apiservice-bad-status", "eof", "client-timeout", "request-timeout", "apiservice-timeout", "connect-canceled"}, id)
}

func serviceSubject(namespace, name string) subject {
	return subject{Kind: "Service", Namespace: namespace, Name: name}
}

// stateBackendStage states one stage of the connection to the Pods of an
// aggregated API; the condition's message says which of them failed.
func stateBackendStage(v *theory.View, api *apiregistrationv1.APIService, hop string, stage theory.Stage, f apiServiceFinding, broken bool) diagnose.ID {
	at := subject{Kind: "APIService", Name: api.Name}
	c := theory.Claim{ID: claimID("backend-"+stage.String(), at), Subject: at, Connection: hop, Stage: stage}
	service := fmt.Sprintf("%s/%s", api.Spec.Service.Namespace, api.Spec.Service.Name)
	endpoints := all(claimID("endpoints", serviceSubject(api.Spec.Service.Namespace, api.Spec.Service.Name)))
	excludes := false
	switch stage {
	case theory.StagePort:
		c.Suspect = backendPort.With()
		c.Needs = []diagnose.Need{endpoints}
		if broken && slices.Contains(policyShows, f.id) {
			at := api.Spec.Service
			if w := backendOf(v, at.Namespace, at.Name); w != nil {
				if id, ok := excluded(v, w, podPort(serviceNamed(v, at.Namespace, at.Name), apiPort(api), w), f.since, f.cited, awaitAPI(api)); ok {
					c.Needs, excludes = append(c.Needs, all(id)), true
				}
			}
		}
		if broken && !excludes {
			at := api.Spec.Service
			if id, _, ok := programmed(v, serviceNamed(v, at.Namespace, at.Name), backendOf(v, at.Namespace, at.Name), apiPort(api), f.since, refusal{id: f.id, stage: f.stage, cited: f.cited}, awaitAPI(api)); ok {
				c.Needs = append(c.Needs, all(id))
			}
		}
		if broken && (f.mode == "refused" || f.id == "proxy-502") {
			at := api.Spec.Service
			if id, ok := targetPort(v, serviceNamed(v, at.Namespace, at.Name), apiPort(api), backendOf(v, at.Namespace, at.Name), f.id, f.cited, awaitAPI(api)); ok {
				c.Needs, c.Sum = append(c.Needs, all(id)), f.mode == "refused"
			}
		}
		c.Modes = []theory.Mode{
			{Name: "blocked", Category: report.CategoryNetworkBlocked, Shows: []string{"dial-timeout", "dial-context", "proxy-504", "io-timeout"}, Summary: backendBlocked.With(api.Name, f.text)},
			{Name: "no-route", Category: report.CategoryNetworkBlocked, Shows: []string{"dial-no-route", "dial-unreachable", "proxy-502"}, Summary: backendBlocked.With(api.Name, f.text)},
			{Name: "refused", Category: report.CategoryAPIService, Shows: []string{"dial-refused", "proxy-502"}, Summary: backendBlocked.With(api.Name, f.text)},
		}
	case theory.StageTLS:
		c.Suspect = backendTLS.With()
		shows := func(ids ...string) []string { return ids }
		words := backendTLSBroken.With(api.Name, f.text)
		c.Modes = []theory.Mode{
			{Name: "expired", Category: report.CategoryCertExpired, Shows: shows("tls-expired"), Summary: words},
			{Name: "not-yet-valid", Category: report.CategoryCertNotYetValid, Shows: shows("tls-not-yet-valid"), Summary: words},
			{Name: "other-ca", Category: report.CategoryCertCAMismatch, Shows: shows("tls-unknown-authority", "tls-unknown-authority-same-name"), Summary: words},
			{Name: "not-named", Category: report.CategoryCertSAN, Shows: shows("tls-san", "tls-no-ip-san", "tls-san-legacy-cn"), Summary: words},
		}
	case theory.StageClient:
		c.Suspect = backendAuth.With()
		c.Modes = []theory.Mode{{Name: "rejected", Category: report.CategoryAPIService, Shows: []string{"apiservice-401", "apiservice-403", "http-401", "http-403"}, Summary: backendAuthBroken.With(service, f.text), Remedy: renewFrontProxy}}
		if authority := frontProxyAuthority(v); broken && f.stage == stage {
			c.Needs = []diagnose.Need{all(authority)}
		}
	}
	switch {
	case !broken && outdated(v, api):
		unknown(&c, diagnose.Masked, "")
	case !broken || f.stage > stage:
		c.Verdict, c.Held = diagnose.Holds, apiServiceHeld.With(api.Name)
		c.Evidence = f.cited
		if !broken {
			c.Evidence = []theory.Evidence{{Question: evidence.Question{Kind: evidence.List, Resource: evidence.APIServices.Name}, Object: at, Field: "status.conditions[Available]", Value: "True"}}
		}
	case f.stage == stage:
		c.Verdict, c.Mode, c.Evidence = diagnose.Broken, f.mode, f.cited
		c.Began = exactly(f.since)
	default:
		unknown(&c, diagnose.Masked, "")
	}
	if stage == theory.StageTLS {
		if ids := apiCredentials(v, api, f, &c); len(ids) > 0 {
			c.Needs = append(c.Needs, atStart(ids...))
		}
	}
	v.State(c)
	return c.ID
}

// outdated reports whether a request to an aggregated API failed that is still
// said to be Available: the API server looks only every 30 s.
// Source: k8s.io/kube-aggregator v0.37, pkg/controllers/status/remote (2026-11).
func outdated(v *theory.View, api *apiregistrationv1.APIService) bool {
	if api.Name != metricsAPI {
		return false // no other is asked
	}
	a, ok := v.Peek(figuresOfNodes)
	return ok && (a.Gap != nil && a.Gap.Why == evidence.TimedOut || a.Status >= 500)
}

// frontProxyAuthority states that the authorities by which API servers that
// extend this one know it, and its clients, are valid: it publishes them in a
// ConfigMap, which they follow (k8s.io/apiserver v0.37,
// pkg/server/options/authentication.go).
func frontProxyAuthority(v *theory.View) diagnose.ID {
	published := func(key string, what message.Word) diagnose.ID {
		return storedCertificate(v, stored{
			owner: subject{Kind: "Endpoint", Name: "kube-apiserver"}, what: what,
			content: theory.Stored(v, theory.File{Kind: "ConfigMap", Namespace: "kube-system", Name: "extension-apiserver-authentication", Key: key, Optional: true}),
			shows:   []string{"apiservice-401", "apiservice-403", "http-401", "http-403", "tls-client-unknown-ca", "tls-client-cert-expired"},
		})
	}
	published("client-ca-file", clientAuthority)
	return published("requestheader-client-ca-file", proxyAuthority)
}

var (
	clientAuthority = message.Word{EN: "client CA", PT: "CA de clientes"}
	proxyAuthority  = message.Word{EN: "front-proxy CA", PT: "CA do front-proxy"}
)

// apiCredentials states what the handshake with an aggregated API rests on. One
// whose certificate is not verified rests on none. C is the claim on the
// handshake as the condition tells of it.
func apiCredentials(v *theory.View, api *apiregistrationv1.APIService, f apiServiceFinding, c *theory.Claim) []diagnose.ID {
	if api.Spec.InsecureSkipTLSVerify {
		return nil
	}
	service := api.Spec.Service
	w := backendOf(v, service.Namespace, service.Name)
	h := &hook{
		name: api.Name, title: aggregatedTitled.With(api.Name), config: subject{Kind: "APIService", Name: api.Name}, resource: "apiservice", pointer: "/spec",
		q: evidence.Question{Kind: evidence.List, Resource: evidence.APIServices.Name},
		client: admissionregistrationv1.WebhookClientConfig{
			CABundle: api.Spec.CABundle,
			Service:  &admissionregistrationv1.ServiceReference{Namespace: service.Namespace, Name: service.Name},
		},
	}
	law := &webhookLaw{v: v, name: api.Name, hooks: []*hook{h}, found: refusal{stage: f.stage}, after: []theory.Step{awaitAPI(api)}}
	ids := law.credentials(h, w)
	if w != nil {
		ids = append(ids, credentialsOf(v, w)...)
	}
	slices.Sort(ids)
	law.reloaded(c)
	return slices.Compact(ids)
}

// awaitAPI waits until the API server has probed an aggregated API again.
func awaitAPI(api *apiregistrationv1.APIService) theory.Step {
	return theory.Step{Text: apiAgain.With(), Command: "kubectl wait --for=condition=Available apiservice/" + api.Name + " --timeout=90s"}
}

// apiPort is the port of the Service that an APIService asks for.
func apiPort(api *apiregistrationv1.APIService) int32 {
	if p := api.Spec.Service.Port; p != nil {
		return *p
	}
	return 443
}

// statePort states that the Service of an aggregated API has the port that its
// APIService asks for.
func statePort(v *theory.View, api *apiregistrationv1.APIService, f apiServiceFinding) (diagnose.ID, bool) {
	service := serviceNamed(v, api.Spec.Service.Namespace, api.Spec.Service.Name)
	if service == nil || f.reason != "ServicePortError" {
		return "", false
	}
	var have []string
	for _, p := range service.Spec.Ports {
		have = append(have, itoa(int(p.Port)))
	}
	at := subject{Kind: "APIService", Name: api.Name}
	mode := theory.Mode{
		Name: "wrong-port", Category: report.CategoryConfig,
		Summary: apiServicePort.With(api.Name, itoa(int(apiPort(api))), service.Namespace, service.Name, strings.Join(have, ", ")),
	}
	if len(have) == 1 {
		mode.Remedy = &theory.Remedy{Steps: []theory.Step{{
			Text:    setServicePort.With(have[0]),
			Command: fmt.Sprintf(`kubectl patch apiservice %s --type=merge -p '{"spec":{"service":{"port":%s}}}'`, api.Name, have[0]),
		}, awaitAPI(api)}}
	}
	c := theory.Claim{
		ID: claimID("apiservice-port", at), Subject: at, Suspect: apiServicePortBad.With(), Verdict: diagnose.Broken, Mode: mode.Name, Modes: []theory.Mode{mode},
		Evidence: append(slices.Clone(f.cited), theory.Evidence{Question: theory.List(v, evidence.Services).Question, Object: serviceSubject(service.Namespace, service.Name), Field: "spec.ports[].port", Value: strings.Join(have, ", ")}),
		Began:    exactly(f.since),
	}
	v.State(c)
	return c.ID, true
}

// backendOf returns the workload whose Pods a Service selects, or nil.
func backendOf(v *theory.View, namespace, name string) *theory.Workload {
	services := theory.List(v, evidence.Services)
	set := theory.Workloads(v)
	for _, item := range services.Items {
		s := item.Object
		if s.Namespace != namespace || s.Name != name || len(s.Spec.Selector) == 0 {
			continue
		}
		selector := labels.SelectorFromSet(s.Spec.Selector)
		for i := range set.All {
			w := &set.All[i]
			if w.Subject.Namespace == namespace && selector.Matches(labels.Set(w.Template.Labels)) {
				return w
			}
		}
	}
	return nil
}

// backends are, by the workload that serves an aggregated API, what its
// readiness rests on beyond its own processes.
func backends(v *theory.View) map[subject][]diagnose.Need {
	return theory.Derive(v, "backends", func() map[subject][]diagnose.Need { return map[subject][]diagnose.Need{} })
}

// stateService states that the Service of an aggregated API exists and has
// ready Pods behind it.
func stateService(v *theory.View, api *apiregistrationv1.APIService, f apiServiceFinding, broken bool) {
	namespace, name := api.Spec.Service.Namespace, api.Spec.Service.Name
	at := serviceSubject(namespace, name)
	removed := &theory.Remedy{
		Before: []message.Text{apiWantedAgain.With()},
		Steps:  []theory.Step{{Text: deleteRegistered.With(api.Name), Command: "kubectl delete apiservice " + api.Name, Interrupts: deleteHurts.With()}},
	}
	again := removed
	if step, ok := expose(v, namespace, name, apiPort(api)); ok {
		again = &theory.Remedy{Steps: []theory.Step{step, awaitAPI(api)}}
	}
	exists := theory.Claim{
		ID: claimID("service", at), Subject: at, Suspect: serviceSuspect.With(), Held: serviceHeld.With(namespace, name),
		Modes: []theory.Mode{{Name: "missing", Category: report.CategoryAPIService, Summary: serviceGone.With(namespace, name, api.Name), Remedy: again}},
	}
	endpoints := theory.Claim{
		ID: claimID("endpoints", at), Subject: at, Suspect: endpointsSuspect.With(), Held: endpointsHeld.With(namespace, name),
		Needs: []diagnose.Need{all(exists.ID)},
		Modes: []theory.Mode{
			{Name: "none", Category: report.CategoryAPIService, Summary: endpointsNone.With(namespace, name), Remedy: removed},
			{Name: "no-port", Category: report.CategoryAPIService, Summary: endpointsNoPort.With(namespace, name, f.text)},
		},
	}
	services := theory.List(v, evidence.Services)
	found := slices.ContainsFunc(services.Items, func(i serviceItem) bool {
		return i.Object.Namespace == namespace && i.Object.Name == name
	})
	exists.Evidence = []theory.Evidence{{Question: services.Question, Object: at}}
	switch {
	case !services.Known():
		why, detail := services.Why()
		unknown(&exists, why, detail)
	case found:
		exists.Verdict = diagnose.Holds
	default:
		exists.Verdict, exists.Mode = diagnose.Broken, "missing"
	}
	w := backendOf(v, namespace, name)
	if set := theory.Workloads(v); w == nil && (!set.Known || !services.Known()) {
		behind := theory.Claim{ID: claimID("backend", at), Subject: at, Suspect: backendSuspect.With()}
		why, detail := theory.WhyOf(cmpGap(set.Gap, services.Gap))
		unknown(&behind, cmpWhy(why, diagnose.NotAsked), detail)
		v.State(behind)
		endpoints.Needs = append(endpoints.Needs, all(behind.ID))
	}
	if w != nil {
		endpoints.Needs = append(endpoints.Needs, all(claimID("running", w.Subject)))
		if w.Ready == 0 {
			// What does not run, or is not Ready, is another claim.
			endpoints.Sum = true
		}
		if w.Ready == 0 && w.Desired > 0 {
			endpoints.Needs = append(endpoints.Needs, all(claimID("all-run", w.Subject)))
		}
		v.State(runningClaim(v, w, report.CategoryWorkloadDown, nil))
		endpoints.Evidence = []theory.Evidence{{Question: w.Question, Object: w.Subject, Field: "status.readyReplicas", Value: itoa(w.Ready)}}
	}
	switch {
	case broken && slices.Contains([]string{"MissingEndpoints", "EndpointsNotFound", "ServiceNotFound"}, f.reason):
		endpoints.Verdict, endpoints.Evidence, endpoints.Began = diagnose.Broken, f.cited, exactly(f.since)
		if f.reason == "ServiceNotFound" {
			unknown(&endpoints, diagnose.Masked, "")
			break
		}
		endpoints.Mode = "none"
		if w != nil && w.Ready > 0 {
			endpoints.Mode = "no-port"
			if id, ok := targetPort(v, serviceNamed(v, namespace, name), apiPort(api), w, f.id, f.cited, awaitAPI(api)); ok {
				endpoints.Sum, endpoints.Needs = true, append(endpoints.Needs, all(id))
			}
		}
		if set := theory.Workloads(v); w == nil && set.Known && services.Known() {
			if mode, ok := selectsNobodyMode(v, serviceNamed(v, namespace, name)); ok {
				mode.Remedy.Steps = append(mode.Remedy.Steps, awaitAPI(api))
				endpoints.Mode, endpoints.Modes = mode.Name, append(endpoints.Modes, mode)
			}
		}
		endpoints.Needs = append(endpoints.Needs, backends(v)[subjectOf(w)]...)
		if w != nil {
			endpoints.Needs = append(endpoints.Needs, hostNeeds(w)...)
		}
	case broken && w != nil && w.Ready == 0:
		endpoints.Verdict, endpoints.Mode, endpoints.Began = diagnose.Broken, "none", exactly(f.since)
		endpoints.Needs = append(append(endpoints.Needs, backends(v)[w.Subject]...), hostNeeds(w)...)
	case w != nil && w.Ready > 0, !broken, f.stage != theory.NoStage:
		endpoints.Verdict = diagnose.Holds
		if endpoints.Evidence == nil {
			endpoints.Evidence = f.cited
		}
	default:
		unknown(&endpoints, diagnose.NoStandpoint, "")
	}
	v.State(exists)
	v.State(endpoints)
}

func cmpGap(a, b *evidence.Gap) *evidence.Gap {
	if a == nil {
		return b
	}
	return a
}

func subjectOf(w *theory.Workload) subject {
	if w == nil {
		return subject{}
	}
	return w.Subject
}
