package components

import (
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
)

// authentication is how the API server knows who asks: certificates of its
// client CA, tokens of ServiceAccounts that its keys verify, and others.
var authentication = theory.Component{
	Name: "authentication",
	For: message.Word{
		EN: "how the API server knows who asks: client certificates, and tokens of ServiceAccounts, which it signs and verifies with keys of its own",
		PT: "como o servidor da API sabe quem pergunta: certificados de cliente, e tokens de ServiceAccounts, que ele assina e verifica com chaves próprias",
	},
	Laws: []theory.Law{{
		ID: "serviceaccount-tokens",
		Doc: "the API server accepts the tokens of ServiceAccounts that Pods present\n\n" +
			"It counts the attempts to authenticate by result, and the valid tokens of ServiceAccounts. Both counts begin at its start. An instance that has refused credentials and has not seen one valid token since, though clients go on trying, has other keys, another issuer or other audiences than those of the tokens in use. Pods get new tokens when they are made anew, or within an hour. " +
			"Sources: k8s.io/apiserver v0.37, pkg/endpoints/filters/metrics.go; k8s.io/kubernetes v1.37, pkg/serviceaccount/metrics.go; tried in the lab (2026-11).",
		Reads: []theory.Read{versionRead, metricsRead, {Verb: theory.VerbList, Resource: evidence.Pods.Name}},
		State: tokensAccepted,
	}},
}

// tokensID is that the API server accepts tokens of ServiceAccounts.
const tokensID = diagnose.ID("serviceaccount-tokens")

const (
	attempts    = "authentication_attempts"
	validTokens = "serviceaccount_valid_tokens_total"
)

var (
	tokensSuspect = message.Word{EN: "ServiceAccount tokens not accepted", PT: "tokens de ServiceAccount não aceitos"}
	tokensHold    = message.Word{EN: "the API server has accepted %[1]s ServiceAccount tokens since its start", PT: "o servidor da API aceitou %[1]s tokens de ServiceAccount desde que iniciou"}
	tokensRefused = message.Word{
		EN: "The API server accepts no ServiceAccount token: since its start %[1]s ago not one was valid, and it has refused %[2]s requests, %[3]s of them in the last %[4]s. It started with another key or issuer (--service-account-key-file, --service-account-issuer) than that of the tokens in use.",
		PT: "O servidor da API não aceita nenhum token de ServiceAccount: desde que iniciou, há %[1]s, nenhum foi válido, e ele recusou %[2]s requisições, %[3]s delas nos últimos %[4]s. Iniciou com outra chave ou emissor (--service-account-key-file, --service-account-issuer) que não o dos tokens em uso.",
	}
	tokensUnproven = message.Word{EN: "The API server does not accept the tokens of ServiceAccounts.", PT: "O servidor da API não aceita os tokens de ServiceAccounts."}
	tokensSeen     = message.Word{EN: "clients with a credential are refused: %[1]s in %[2]s", PT: "clientes com credencial são recusados: %[1]s em %[2]s"}
	tokensSymptom  = message.Word{EN: "clients refused", PT: "clientes recusados"}
	tokensStarted  = message.Word{EN: "the API server started", PT: "o servidor da API iniciou"}
	keepOldKey     = message.Word{EN: "Where the old key is still there: give its public half to the API server as well (--service-account-key-file may be repeated; so may --service-account-issuer); tokens then work at once", PT: "Se a chave antiga ainda existe: dê também a parte pública dela ao servidor da API (--service-account-key-file pode ser repetida; --service-account-issuer também); os tokens voltam a valer na hora"}
	newTokens      = message.Word{EN: "Otherwise restart the workloads whose Pods ask the API server, so that they get new tokens: those of kube-system first (DNS, network, Konnectivity, metrics-server)", PT: "Caso contrário, reinicie as cargas cujos Pods consultam o servidor da API, para que recebam tokens novos: primeiro as de kube-system (DNS, rede, Konnectivity, metrics-server)"}
	newTokensShort = message.Word{EN: "the Pods are replaced, one after the other", PT: "os Pods são substituídos, um após o outro"}
	newTokensNot   = message.Word{EN: "waiting for Secrets with old tokens: they are never signed anew", PT: "esperar por Secrets com tokens antigos: eles nunca são reassinados"}
	tokensRemedy   = &theory.Remedy{
		Before: []message.Text{keepOldKey.With()},
		Steps: []theory.Step{{
			Text: newTokens.With(), Command: "kubectl -n kube-system rollout restart deployment,daemonset", Interrupts: newTokensShort.With(), Action: "replace-token-pods",
		}},
		Not: []message.Text{newTokensNot.With()},
	}
)

// tokensAccepted compares two scrapes of the API server's counters. Nothing
// asks for them for this sake alone unless what they tell of is in doubt.
func tokensAccepted(v *theory.View) {
	c := theory.Claim{
		ID: tokensID, Subject: subject{Kind: "Endpoint", Name: "kube-apiserver", Detail: "--service-account-key-file"}, Suspect: tokensSuspect.With(),
		Needs: []diagnose.Need{all(apiAnswers)},
		Modes: []theory.Mode{{Name: "refused", Category: report.CategoryTokenAuth, Summary: tokensUnproven.With(), Remedy: tokensRemedy}},
		Tests: []theory.Test{{Text: onControlPlane.With(), Command: "crictl logs $(crictl ps -q --name kube-apiserver) 2>&1 | grep 'Unable to authenticate' | tail -5"}},
	}
	first, ok := v.Answer(metricsQuestion(0))
	switch {
	case !ok:
		unknown(&c, diagnose.NotAsked, "")
		v.State(c)
		return
	case first.Gap != nil:
		why, detail := theory.WhyOf(first.Gap)
		unknown(&c, why, detail)
		v.State(c)
		return
	}
	before := samples(first.Text)
	valid, refused := before.sum(validTokens), before.sum(attempts, `result="error"`)
	cited := func(q evidence.Question, name string, value int) theory.Evidence {
		return theory.Evidence{Question: q, Field: name, Value: itoa(value)}
	}
	switch {
	case len(before[validTokens]) == 0 || len(before[processStart]) != 1:
		// It has counted none, which may mean that nobody came.
		unknown(&c, diagnose.NoStandpoint, "")
	case valid > 0:
		c.Verdict, c.Held = diagnose.Holds, tokensHold.With(itoa(int(valid)))
		c.Evidence = []theory.Evidence{cited(first.Question, validTokens, int(valid))}
	case refused == 0:
		unknown(&c, diagnose.NoStandpoint, "")
	default:
		c = judgeTokens(v, c, first, before)
	}
	v.State(c)
}

// judgeTokens waits for more to be refused.
func judgeTokens(v *theory.View, c theory.Claim, first evidence.Answer, before series) theory.Claim {
	for nth := 1; nth < scrapes; nth++ {
		next, ok := v.Answer(metricsQuestion(nth))
		if !ok {
			unknown(&c, diagnose.NotAsked, "")
			return c
		}
		if next.Gap != nil {
			continue
		}
		after := samples(next.Text)
		if len(after[processStart]) != 1 || before.sum(processStart) != after.sum(processStart) {
			continue
		}
		if valid := after.sum(validTokens); valid > 0 {
			c.Verdict, c.Held = diagnose.Holds, tokensHold.With(itoa(int(valid)))
			return c
		}
		refused := after.sum(attempts, `result="error"`)
		more := int(refused - before.sum(attempts, `result="error"`))
		started := time.Unix(int64(after.sum(processStart)), 0).UTC()
		if more <= 0 || refused < manyRefused || clusterNow(v).Sub(started) < settled || !tokensInUse(v) {
			continue
		}
		over := message.Ago(max(next.At.Sub(first.At), time.Second))
		c.Verdict, c.Mode = diagnose.Broken, "refused"
		c.Began = diagnose.Interval{After: started, Before: next.At}
		c.Modes[0].Summary = tokensRefused.With(message.Ago(next.At.Sub(started)), itoa(int(refused)), itoa(more), over)
		c.Evidence = []theory.Evidence{
			{Question: next.Question, Field: validTokens, Value: "0"},
			{Question: next.Question, Field: attempts + ` result="error"`, Value: "+" + itoa(more)},
		}
		c.Events = []theory.Event{{At: started, Text: tokensStarted.With(), Evidence: c.Evidence[:1]}}
		v.State(theory.Claim{
			ID: "clients", Subject: subject{Kind: "Endpoint", Name: "kube-apiserver", Detail: "clients"}, Symptom: "clients", Sum: true, Verdict: diagnose.Broken,
			Suspect: tokensSymptom.With(), Seen: tokensSeen.With(itoa(more), over), Evidence: c.Evidence,
			Needs: []diagnose.Need{all(apiAnswers, tokensID)},
		})
		return c
	}
	unknown(&c, diagnose.NoStandpoint, "")
	return c
}

// tokensInUse reports whether a Pod that runs has a token of its ServiceAccount:
// where none has, that no token was valid says nothing.
func tokensInUse(v *theory.View) bool {
	return slices.ContainsFunc(theory.List(v, evidence.Pods).Items, func(item evidence.Item[*corev1.Pod]) bool {
		pod := item.Object
		return pod.Status.Phase == corev1.PodRunning && slices.ContainsFunc(pod.Spec.Volumes, func(volume corev1.Volume) bool {
			return volume.Projected != nil && slices.ContainsFunc(volume.Projected.Sources, func(source corev1.VolumeProjection) bool {
				return source.ServiceAccountToken != nil
			})
		})
	})
}

// manyRefused is how many refusals count: a single client may have a bad token
// while no other comes.
const manyRefused = 10

// settled is how long after its start an API server's refusals count: until it
// has read what tokens refer to it refuses good ones, too.
const settled = 20 * time.Second

// renewFrontProxy is the remedy where extension API servers do not let the API
// server in.
var renewFrontProxy = &theory.Remedy{Steps: []theory.Step{{
	Text: renewFrontProxyText.With(), Command: "kubeadm certs check-expiration; kubeadm certs renew front-proxy-client",
	Interrupts: apiShort.With(), Action: "renew-front-proxy-client",
}}}

var renewFrontProxyText = message.Word{
	EN: "See whether the certificate that the API server presents (--proxy-client-cert-file) has expired, or another CA signed it than that in ConfigMap kube-system/extension-apiserver-authentication; renew it and restart kube-apiserver",
	PT: "Veja se o certificado que o servidor da API apresenta (--proxy-client-cert-file) venceu, ou se outra CA o assinou que não a do ConfigMap kube-system/extension-apiserver-authentication; renove-o e reinicie o kube-apiserver",
}

// letKubeletIn is the remedy of a kubelet that runs and does not get through to
// the API server.
func letKubeletIn(node string) *theory.Remedy {
	return &theory.Remedy{
		Steps: []theory.Step{{
			Text: renewKubeletText.With(node), Command: "ssh " + node + " 'sudo journalctl -u kubelet -n 50; sudo openssl x509 -noout -subject -dates -in /var/lib/kubelet/pki/kubelet-client-current.pem; date'",
			Action: "renew-kubelet-client-certificate", Args: map[string]string{"node": node},
		}},
	}
}

var renewKubeletText = message.Word{
	EN: "See in the kubelet's log on %[1]s what stops it. Unauthorized: its client certificate has expired; give it a new one (kubeadm: kubeadm kubeconfig user, or join the node again). A timeout: the way from the node to the API server is blocked. Not yet valid: the node's clock is wrong",
	PT: "Veja no log do kubelet em %[1]s o que o impede. Unauthorized: seu certificado de cliente venceu; dê-lhe um novo (kubeadm: kubeadm kubeconfig user, ou junte o nó de novo). Tempo esgotado: o caminho do nó ao servidor da API está bloqueado. Not yet valid: o relógio do nó está errado",
}
