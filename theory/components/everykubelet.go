package components

import (
	"slices"

	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
)

// What all kubelets refuse, or fail at, in one way is one thing: how the API
// server looks for kubelets and verifies them, not each node by itself.

var (
	namesSuspect = message.Word{EN: "API server dials kubelets by names that do not resolve", PT: "servidor da API procura os kubelets por nomes que não resolvem"}
	namesUnknown = message.Word{
		EN: "The API server dials kubelets by the nodes' names (--kubelet-preferred-address-types), and none of them resolves where the connections are made: %[1]s.",
		PT: "O servidor da API procura os kubelets pelos nomes dos nós (--kubelet-preferred-address-types), e nenhum deles resolve de onde partem as conexões: %[1]s.",
	}
	resolverSuspect = message.Word{EN: "resolver does not answer where kubelets are dialled from", PT: "o resolvedor não responde de onde partem as conexões aos kubelets"}
	resolverSilent  = message.Word{EN: "The resolver of the machines or Pods that dial kubelets does not answer.", PT: "O resolvedor das máquinas ou Pods que se conectam aos kubelets não responde."}
	namesNot        = message.Word{EN: "adding the names to /etc/hosts of single machines: with Konnectivity it is the agents' Pods that resolve them", PT: "incluir os nomes no /etc/hosts de algumas máquinas: com o Konnectivity são os Pods dos agentes que os resolvem"}
	verifySuspect   = message.Word{EN: "API server verifies kubelets by another CA", PT: "servidor da API verifica os kubelets por outra CA"}
	verifyAllOther  = message.Word{
		EN: "The API server accepts the serving certificate of no kubelet (%[1]s): its --kubelet-certificate-authority does not hold the CA that signed them, or the kubelets signed them themselves.",
		PT: "O servidor da API não aceita o certificado de servidor de nenhum kubelet (%[1]s): seu --kubelet-certificate-authority não contém a CA que os assinou, ou os próprios kubelets os assinaram.",
	}
	verifyAllNames = message.Word{
		EN: "The API server verifies kubelets (--kubelet-certificate-authority), and no kubelet's serving certificate names its node's address (%[1]s): so it is with certificates that kubelets sign themselves.",
		PT: "O servidor da API verifica os kubelets (--kubelet-certificate-authority), e o certificado de servidor de nenhum kubelet contém o endereço do nó (%[1]s): assim são os certificados que os próprios kubelets assinam.",
	}
	signKubelets = message.Word{
		EN: "Give the kubelets serving certificates of that CA: serverTLSBootstrap: true in their configuration, restart them, and approve the requests that they make (kubernetes.io/kubelet-serving)",
		PT: "Dê aos kubelets certificados de servidor dessa CA: serverTLSBootstrap: true na configuração deles, reinicie-os e aprove as requisições que fizerem (kubernetes.io/kubelet-serving)",
	}
	signNot     = message.Word{EN: "taking --kubelet-certificate-authority away for good: the API server would send credentials of exec and logs to whoever answers at a node's address", PT: "retirar --kubelet-certificate-authority de vez: o servidor da API passaria logs e exec por quem quer que responda no endereço de um nó"}
	csrsPending = "kubectl get csr --field-selector spec.signerName=kubernetes.io/kubelet-serving"
)

const (
	kubeletNamesID     = diagnose.ID("kubelet-names")
	kubeletAuthorityID = diagnose.ID("kubelet-authority")
)

// sharedFailure is the claim that the failures of all probed kubelets share;
// empty: they share none. It is proven if there are several: of a single one
// nobody can say whether it shares its failure with others.
func sharedFailure(requests map[string]*logRequest) (id diagnose.ID, proven bool) {
	var stage theory.Stage
	mode, n := "", 0
	for _, name := range sortedNames(requests) {
		r := requests[name]
		if r.tried == 0 {
			continue
		}
		if r.failed < r.tried || r.stage == theory.NoStage || n > 0 && (r.stage != stage || r.mode != mode) {
			return "", false
		}
		stage, mode = r.stage, r.mode
		n++
	}
	switch {
	case stage == theory.StageName && mode == "unresolved":
		return kubeletNamesID, n > 1
	case stage == theory.StageTLS && slices.Contains([]string{"other-ca", "not-named"}, mode):
		return kubeletAuthorityID, n > 1
	}
	return "", false
}

// resolverClaim is that names are looked up at all where the connections to
// kubelets are made; nil: they were, or it does not matter.
func resolverClaim(id diagnose.ID, requests map[string]*logRequest) *theory.Claim {
	if id != kubeletNamesID {
		return nil
	}
	for _, r := range requests {
		if r.finding != nil && r.finding.ID == "dial-no-such-host" {
			return nil
		}
	}
	c := theory.Claim{
		ID: "kubelet-resolver", Subject: subject{Kind: "Endpoint", Name: "konnectivity-agent", Detail: "resolver"}, Suspect: resolverSuspect.With(), Rank: 2,
		Modes: []theory.Mode{{Name: "silent", Category: report.CategoryDNS, Summary: resolverSilent.With()}},
		Tests: []theory.Test{{Text: nodeCan.With(), Command: "cat /etc/resolv.conf"}},
	}
	unknown(&c, diagnose.NoStandpoint, "")
	return &c
}

// sharedClaim states what all kubelets fail of.
func sharedClaim(id diagnose.ID, proven bool, requests map[string]*logRequest) theory.Claim {
	var cited []theory.Evidence
	var first *logRequest
	for _, name := range sortedNames(requests) {
		if r := requests[name]; r.tried > 0 {
			cited = append(cited, r.cited...)
			if first == nil {
				first = r
			}
		}
	}
	c := theory.Claim{ID: id, Verdict: diagnose.Broken, Mode: first.mode, Evidence: cited}
	if !proven || id == kubeletNamesID && first.finding.ID != "dial-no-such-host" {
		// Nobody said that there is no such name: nobody could be asked.
		unknown(&c, diagnose.NoStandpoint, "")
	}
	mode := theory.Mode{Name: first.mode, Shows: nil}
	if id == kubeletNamesID {
		c.Subject, c.Suspect = subject{Kind: "Endpoint", Name: "kube-apiserver", Detail: "--kubelet-preferred-address-types"}, namesSuspect.With()
		mode.Category, mode.Summary = report.CategoryDNS, namesUnknown.With(first.text)
		mode.Remedy = &theory.Remedy{
			Steps: []theory.Step{{Text: preferAddress.With(), Action: "prefer-node-addresses"}},
			Not:   []message.Text{namesNot.With()},
		}
	} else {
		c.Subject, c.Suspect = subject{Kind: "Endpoint", Name: "kube-apiserver", Detail: "--kubelet-certificate-authority"}, verifySuspect.With()
		mode.Category, mode.Summary = report.CategoryCertCAMismatch, verifyAllOther.With(first.text)
		if first.mode == "not-named" {
			mode.Category, mode.Summary = report.CategoryCertSAN, verifyAllNames.With(first.text)
		}
		mode.Remedy = &theory.Remedy{
			Steps: []theory.Step{{Text: signKubelets.With(), Command: csrsPending, Action: "sign-kubelet-serving-certificates"}},
			Not:   []message.Text{signNot.With()},
		}
	}
	c.Modes = []theory.Mode{mode}
	return c
}
