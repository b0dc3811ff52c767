package components

import (
	"cmp"
	"crypto/x509"
	"encoding/pem"
	"slices"
	"strings"
	"time"

	certificatesv1 "k8s.io/api/certificates/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
)

// signer is what gives kubelets their certificates: they ask by a
// CertificateSigningRequest, somebody approves, kube-controller-manager signs.
var signer = theory.Component{
	Name: "signer",
	For: message.Word{
		EN: "certificates of kubelets: each asks by a CertificateSigningRequest, which somebody approves and kube-controller-manager signs",
		PT: "certificados dos kubelets: cada um pede por um CertificateSigningRequest, que alguém aprova e o kube-controller-manager assina",
	},
	Laws: []theory.Law{{
		ID: "csr",
		Doc: "the last certificate that each kubelet asked for was issued\n\n" +
			"Client certificates are approved by kube-controller-manager itself, serving certificates by nobody unless something is installed that does. Approved and denied requests are kept for an hour, pending ones for a day. " +
			"Source: kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests; k8s.io/kubernetes v1.37, pkg/controller/certificates (2026-11).",
		Reads: append(slices.Clone(nodeReads), csrRead),
		State: requestsIssued,
	}},
}

var csrRead = theory.Read{Verb: theory.VerbList, Resource: evidence.CSRs.Name, Helps: true}

// signing is how long an approved request may wait for its certificate, and a
// new one for approval.
const signing = time.Minute

var (
	csrSuspect = message.Word{EN: "certificate request of a kubelet not granted", PT: "requisição de certificado de um kubelet não atendida"}
	csrHeld    = message.Word{EN: "request %[1]s of node %[2]s was granted", PT: "a requisição %[1]s do nó %[2]s foi atendida"}
	csrPending = message.Word{
		EN: "The kubelet of node %[1]s asked for a certificate (%[2]s) %[3]s ago, and nobody has approved it: request %[4]s is Pending.",
		PT: "O kubelet do nó %[1]s pediu um certificado (%[2]s) há %[3]s, e ninguém o aprovou: a requisição %[4]s está Pending.",
	}
	csrDenied = message.Word{
		EN: "The request of the kubelet of node %[1]s for a certificate (%[2]s) was denied: %[3]s, %[4]s.",
		PT: "O pedido de certificado (%[2]s) do kubelet do nó %[1]s foi negado: %[3]s, %[4]s.",
	}
	csrFailed = message.Word{
		EN: "The request of the kubelet of node %[1]s for a certificate (%[2]s) was approved, and the signer refused it: %[3]s, %[4]s.",
		PT: "O pedido de certificado (%[2]s) do kubelet do nó %[1]s foi aprovado, e o signatário o recusou: %[3]s, %[4]s.",
	}
	csrNotIssued = message.Word{
		EN: "The request of the kubelet of node %[1]s for a certificate (%[2]s) was approved %[3]s ago, and never signed: %[4]s.",
		PT: "O pedido de certificado (%[2]s) do kubelet do nó %[1]s foi aprovado há %[3]s, e nunca assinado: %[4]s.",
	}
	csrNoReason  = message.Word{EN: "no reason given", PT: "sem motivo informado"}
	csrAsked     = message.Word{EN: "node %[1]s asked for a certificate", PT: "o nó %[1]s pediu um certificado"}
	csrApprove   = message.Word{EN: "See who made the request and for which names, and approve it", PT: "Veja quem fez a requisição e para quais nomes, e aprove-a"}
	csrLook      = message.Word{EN: "See the request", PT: "Veja a requisição"}
	csrAgain     = message.Word{EN: "Delete the request, when what refused it is cured, so that the kubelet asks again", PT: "Apague a requisição, quando o que a recusou estiver resolvido, para que o kubelet peça novamente"}
	csrSignerLog = message.Word{EN: "Let kube-controller-manager sign: --controllers must not leave out certificatesigningrequest-signing-controller, and --cluster-signing-cert-file and --cluster-signing-key-file must name the CA; restart it", PT: "Faça o kube-controller-manager assinar: --controllers não pode excluir certificatesigningrequest-signing-controller, e --cluster-signing-cert-file e --cluster-signing-key-file devem indicar a CA; reinicie-o"}
	managerShort = message.Word{EN: "nothing acts on changes of workloads for some seconds", PT: "nada age sobre mudanças de cargas por alguns segundos"}
)

// nodeRequest is the last request of a kubelet to a signer.
type nodeRequest struct {
	node string
	csr  *certificatesv1.CertificateSigningRequest
}

// nodeRequests are the last requests of kubelets, ordered by name of the
// request.
func nodeRequests(v *theory.View) []nodeRequest {
	listing := theory.List(v, evidence.CSRs)
	return theory.Derive(v, "node-requests", func() []nodeRequest {
		last := map[string]nodeRequest{}
		for _, item := range listing.Items {
			csr := item.Object
			if csr.Spec.SignerName != certificatesv1.KubeletServingSignerName && csr.Spec.SignerName != certificatesv1.KubeAPIServerClientKubeletSignerName {
				continue
			}
			node, ok := nodeOfRequest(csr)
			key := csr.Spec.SignerName + " " + node
			if old := last[key].csr; ok && (old == nil || old.CreationTimestamp.Before(&csr.CreationTimestamp)) {
				last[key] = nodeRequest{node, csr}
			}
		}
		var out []nodeRequest
		for _, key := range sortedNames(last) {
			out = append(out, last[key])
		}
		slices.SortFunc(out, func(a, b nodeRequest) int { return cmp.Compare(a.csr.Name, b.csr.Name) })
		return out
	})
}

// nodeOfRequest is the node that a request is for: its subject's name, or who
// made it.
func nodeOfRequest(csr *certificatesv1.CertificateSigningRequest) (string, bool) {
	if block, _ := pem.Decode(csr.Spec.Request); block != nil {
		if request, err := x509.ParseCertificateRequest(block.Bytes); err == nil {
			return strings.CutPrefix(request.Subject.CommonName, "system:node:")
		}
	}
	return strings.CutPrefix(csr.Spec.Username, "system:node:")
}

func requestsIssued(v *theory.View) {
	listing, now := theory.List(v, evidence.CSRs), clusterNow(v)
	for _, r := range nodeRequests(v) {
		v.State(requestClaim(listing.Question, r, now))
	}
}

// csrID names the claim about the last request of a kubelet to a signer.
func csrID(signerName, node string) diagnose.ID {
	return claimID("csr", subject{Kind: "Node", Name: node, Detail: signerName})
}

// servingRequest is the claim about a node's last request for a serving
// certificate, if that was not granted.
func servingRequest(v *theory.View, node string) (diagnose.ID, bool) {
	listing := theory.List(v, evidence.CSRs)
	for _, r := range nodeRequests(v) {
		if r.node == node && r.csr.Spec.SignerName == certificatesv1.KubeletServingSignerName &&
			requestClaim(listing.Question, r, clusterNow(v)).Verdict == diagnose.Broken {
			return csrID(r.csr.Spec.SignerName, node), true
		}
	}
	return "", false
}

func requestClaim(q evidence.Question, r nodeRequest, now time.Time) theory.Claim {
	csr, what := r.csr, strings.TrimPrefix(r.csr.Spec.SignerName, "kubernetes.io/")
	at := subject{Kind: "CertificateSigningRequest", Name: csr.Name}
	c := theory.Claim{
		ID: csrID(csr.Spec.SignerName, r.node), Subject: at, Suspect: csrSuspect.With(), Held: csrHeld.With(csr.Name, r.node),
		Evidence: []theory.Evidence{{Question: q, Object: at, Field: "status.conditions", Value: requestState(csr)}},
	}
	created, asked := csr.CreationTimestamp.Time, now.Sub(csr.CreationTimestamp.Time)
	describe := theory.Step{Text: csrLook.With(), Command: "kubectl describe csr " + csr.Name}
	again := &theory.Remedy{Steps: []theory.Step{describe, {Text: csrAgain.With(), Command: "kubectl delete csr " + csr.Name}}}
	broken := func(mode string, summary message.Text, remedy *theory.Remedy, since time.Time) {
		c.Verdict, c.Mode = diagnose.Broken, mode
		c.Modes = []theory.Mode{{Name: mode, Category: report.CategoryCertNotIssued, Summary: summary, Remedy: remedy}}
		c.Events = []theory.Event{{At: created, Text: csrAsked.With(r.node), Evidence: c.Evidence}}
		c.Began = noLaterThan(since)
	}
	condition := func(kind certificatesv1.RequestConditionType) *certificatesv1.CertificateSigningRequestCondition {
		for i := range csr.Status.Conditions {
			if x := &csr.Status.Conditions[i]; x.Type == kind && x.Status != corev1.ConditionFalse {
				return x
			}
		}
		return nil
	}
	why := func(x *certificatesv1.CertificateSigningRequestCondition) message.Text {
		if text := strings.TrimSpace(x.Reason + " " + x.Message); text != "" {
			return message.Plain(text)
		}
		return csrNoReason.With()
	}
	denied, failed, approved := condition(certificatesv1.CertificateDenied), condition(certificatesv1.CertificateFailed), condition(certificatesv1.CertificateApproved)
	switch {
	case denied != nil:
		broken("denied", csrDenied.With(r.node, what, csr.Name, why(denied)), again, denied.LastTransitionTime.Time)
	case failed != nil:
		broken("failed", csrFailed.With(r.node, what, csr.Name, why(failed)), again, failed.LastTransitionTime.Time)
	case len(csr.Status.Certificate) > 0:
		c.Verdict = diagnose.Holds
	case approved != nil && now.Sub(approved.LastTransitionTime.Time) > signing:
		broken("not-issued", csrNotIssued.With(r.node, what, message.Ago(now.Sub(approved.LastTransitionTime.Time)), csr.Name),
			&theory.Remedy{Steps: []theory.Step{{
				Text: csrSignerLog.With(), Command: "grep -e --controllers -e --cluster-signing /etc/kubernetes/manifests/kube-controller-manager.yaml",
				Interrupts: managerShort.With(), Action: "mend-signer",
			}}}, approved.LastTransitionTime.Time)
		c.Needs = []diagnose.Need{all(controllerManagerID)}
	case approved == nil && asked > signing:
		broken("pending", csrPending.With(r.node, what, message.Ago(asked), csr.Name),
			&theory.Remedy{Steps: []theory.Step{{Text: csrApprove.With(), Command: "kubectl certificate approve " + csr.Name}}}, created)
		if csr.Spec.SignerName == certificatesv1.KubeAPIServerClientKubeletSignerName {
			c.Needs = []diagnose.Need{all(controllerManagerID)} // which approves these itself
		}
	default:
		unknown(&c, diagnose.NoStandpoint, requestState(csr))
		c.Tests = []theory.Test{{Text: csrLook.With(), Command: describe.Command}}
	}
	return c
}

// requestState is the state of a request as kubectl prints it.
func requestState(csr *certificatesv1.CertificateSigningRequest) string {
	var states []string
	for _, x := range csr.Status.Conditions {
		states = append(states, string(x.Type))
	}
	if len(states) == 0 {
		states = []string{"Pending"}
	}
	if len(csr.Status.Certificate) > 0 {
		states = append(states, "Issued")
	}
	return strings.Join(states, ",")
}
