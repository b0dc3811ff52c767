package components

import (
	"regexp"
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
			"Source: kubernetes.io/docs/reference/using-api/health-checks (2026-11).",
		Reads: []theory.Read{versionRead, {Verb: theory.VerbRaw, Resource: "/readyz", Helps: true}, {Verb: theory.VerbHost}},
		State: apiserverReady,
	}},
}

var (
	readySuspect = message.Word{EN: "API server not ready", PT: "servidor da API não está pronto"}
	readyHeld    = message.Word{EN: "the API server passes all its readiness checks", PT: "o servidor da API passa em todas as suas verificações de prontidão"}
	readySeen    = message.Word{EN: "the API server is not ready: %[1]s", PT: "o servidor da API não está pronto: %[1]s"}
	readyBroken  = message.Word{EN: "The API server fails its own readiness check %[1]s.", PT: "O servidor da API falha em sua própria verificação de prontidão %[1]s."}
	etcdBroken   = message.Word{EN: "The API server cannot use etcd: its readiness check %[1]s fails.", PT: "O servidor da API não consegue usar o etcd: sua verificação de prontidão %[1]s falha."}
)

var failedCheck = regexp.MustCompile(`(?m)^\[-\]([\w./-]+)`)

func apiserverReady(v *theory.View) {
	q := evidence.Question{Kind: evidence.Raw, Path: "/readyz?verbose"}
	a, ok := v.Answer(q)
	at := subject{Kind: "Endpoint", Name: "kube-apiserver", Detail: "/readyz"}
	c := theory.Claim{
		ID: "apiserver-ready", Subject: at, Symptom: "readyz", Suspect: readySuspect.With(), Held: readyHeld.With(),
		Needs: append(needsHosts(v), all(apiAnswers)), Evidence: []theory.Evidence{{Question: q, Value: httpStatus(a)}},
	}
	switch {
	case !ok:
		unknown(&c, diagnose.NotAsked, "")
	case a.Gap != nil:
		why, detail := theory.WhyOf(a.Gap)
		unknown(&c, why, detail)
	case a.Status == 200:
		c.Verdict = diagnose.Holds
	case a.Status == 403 || a.Status == 401:
		unknown(&c, diagnose.Forbidden, "get /readyz")
	default:
		var failed []string
		for _, m := range failedCheck.FindAllStringSubmatch(a.Text, -1) {
			failed = append(failed, m[1])
		}
		if len(failed) == 0 {
			// Not the answer of an API server's readiness check.
			unknown(&c, diagnose.Failed, httpStatus(a))
			break
		}
		checks := strings.Join(failed, ", ")
		c.Verdict, c.Mode = diagnose.Broken, "check"
		c.Seen = readySeen.With(cmpText(checks, firstLine(a.Text)))
		words := readyBroken
		if strings.Contains(checks, "etcd") {
			words = etcdBroken
		}
		c.Modes = []theory.Mode{{Name: "check", Category: report.CategoryAPIDown, Summary: words.With(checks)}}
		c.Evidence[0].Value = "HTTP " + itoa(a.Status) + " " + checks
	}
	v.State(c)
}
