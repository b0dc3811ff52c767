package components

import (
	"regexp"
	"slices"
	"strings"

	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
)

// apiserver is kube-apiserver as it judges itself.
var apiserver = theory.Component{
	Name: "kube-apiserver",
	For: message.Word{
		EN: "the cluster's front door: it keeps all objects in etcd, and reaches into the cluster for logs, webhooks and aggregated APIs",
		PT: "a porta de entrada do cluster: guarda todos os objetos no etcd e entra no cluster para logs, webhooks e APIs agregadas",
	},
	Laws: []theory.Law{{
		ID: "apiserver-ready",
		Doc: "kube-apiserver passes all of its own readiness checks\n\n" +
			"Each check has a name. Those that begin with poststarthook/ are passed once, after the start. " +
			"Source: kubernetes.io/docs/reference/using-api/health-checks; k8s.io/apiserver v0.37, pkg/server/healthz (2026-11).",
		Reads: []theory.Read{versionRead, readyzRead, {Verb: theory.VerbHost}},
		State: apiserverReady,
	}, flowControl},
}

var (
	readySuspect = message.Word{EN: "API server not ready", PT: "servidor da API não está pronto"}
	readyHeld    = message.Word{EN: "the API server passes all its readiness checks", PT: "o servidor da API passa em todas as suas verificações de prontidão"}
	readySeen    = message.Word{EN: "the API server is not ready: %[1]s", PT: "o servidor da API não está pronto: %[1]s"}
	readyBroken  = message.Word{EN: "The API server fails its own readiness check %[1]s.", PT: "O servidor da API falha em sua própria verificação de prontidão %[1]s."}
	readyStarts  = message.Word{EN: "The API server has not finished its start: %[1]s. It has started just now, or it waits for something that never comes.", PT: "O servidor da API não terminou de iniciar: %[1]s. Acaba de iniciar, ou espera por algo que nunca chega."}
	readyStops   = message.Word{EN: "The API server is shutting down.", PT: "O servidor da API está sendo encerrado."}
	readyKMS     = message.Word{EN: "The API server cannot use the key service (KMS) that encrypts what it stores: its readiness check %[1]s fails.", PT: "O servidor da API não consegue usar o serviço de chaves (KMS) que cifra o que ele guarda: sua verificação de prontidão %[1]s falha."}
	seeKMS       = message.Word{EN: "See whether the KMS plugin runs on each control-plane machine, at the socket named in --encryption-provider-config", PT: "Veja se o plugin de KMS está em execução em cada máquina do plano de controle, no socket indicado em --encryption-provider-config"}
)

var failedCheck = regexp.MustCompile(`(?m)^\[-\]([\w./-]+)`)

var (
	readyzQuestion = evidence.Question{Kind: evidence.Raw, Path: "/readyz?verbose"}
	readyzRead     = theory.Read{Verb: theory.VerbRaw, Resource: "/readyz", Helps: true}
)

// checks is what the API server says of its own readiness.
type checks struct {
	status int
	text   string
	failed []string
	cited  []theory.Evidence
	why    diagnose.Why // it said nothing, because
	detail string
}

// readyz asks the API server for its readiness checks.
func readyz(v *theory.View) checks {
	a, ok := v.Answer(readyzQuestion)
	c := checks{status: a.Status, text: a.Text, cited: []theory.Evidence{{Question: readyzQuestion, Value: httpStatus(a)}}}
	switch {
	case !ok:
		c.why = diagnose.NotAsked
	case a.Gap != nil:
		c.why, c.detail = theory.WhyOf(a.Gap)
	case a.Status == 200:
	case a.Status == 403 || a.Status == 401:
		c.why, c.detail = diagnose.Forbidden, "get /readyz"
	default:
		for _, m := range failedCheck.FindAllStringSubmatch(a.Text, -1) {
			c.failed = append(c.failed, m[1])
		}
		if len(c.failed) == 0 {
			// Not the answer of an API server's readiness check.
			c.why, c.detail = diagnose.Failed, httpStatus(a)
			break
		}
		c.cited[0].Value += " " + strings.Join(c.failed, ", ")
	}
	return c
}

// ofEtcd are the failed checks that are about etcd.
func (c checks) ofEtcd() []string {
	return slices.DeleteFunc(slices.Clone(c.failed), func(name string) bool { return name != "etcd" && !strings.HasPrefix(name, "etcd-") })
}

func apiserverReady(v *theory.View) {
	checks := readyz(v)
	at := subject{Kind: "Endpoint", Name: "kube-apiserver", Detail: "/readyz"}
	c := theory.Claim{
		ID: "apiserver-ready", Subject: at, Symptom: "readyz", Suspect: readySuspect.With(), Held: readyHeld.With(),
		Needs: append(needsHosts(v), all(apiAnswers)), Evidence: checks.cited,
	}
	etcd := checks.ofEtcd()
	switch {
	case checks.why != "":
		unknown(&c, checks.why, checks.detail)
	case len(checks.failed) == 0:
		c.Verdict = diagnose.Holds
	default:
		c.Verdict = diagnose.Broken
		c.Seen = readySeen.With(cmpText(strings.Join(checks.failed, ", "), firstLine(checks.text)))
		if len(etcd) > 0 {
			// What else fails waits for etcd.
			c.Sum = true
			c.Needs = append(c.Needs, all(etcdID))
			break
		}
		mode := readyMode(checks.failed)
		c.Mode, c.Modes = mode.Name, []theory.Mode{mode}
	}
	v.State(c)
}

// readyMode says what failed checks mean.
func readyMode(failed []string) theory.Mode {
	is := func(prefix string) func(string) bool {
		return func(name string) bool { return strings.HasPrefix(name, prefix) }
	}
	m := theory.Mode{Name: "check", Category: report.CategoryAPIDown, Summary: readyBroken.With(strings.Join(failed, ", "))}
	switch {
	case slices.Contains(failed, "shutdown"):
		m.Name, m.Summary = "stopping", readyStops.With()
	case slices.ContainsFunc(failed, is("kms-provider")):
		m.Name, m.Summary = "kms", readyKMS.With(strings.Join(failed, ", "))
		m.Remedy = &theory.Remedy{Steps: []theory.Step{{Text: seeKMS.With()}}}
	case slices.ContainsFunc(failed, is("poststarthook/")), slices.Contains(failed, "informer-sync"):
		m.Name, m.Summary = "starting", readyStarts.With(strings.Join(failed, ", "))
	}
	return m
}
