package components

import (
	"fmt"
	"net"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
)

// What the agents are told of their server, and what the server needs to check
// their tokens. The server's own flags are not in the API: a flag of the agents
// is suspected most where it was another one when the tunnel worked.

var (
	toldSuspect = message.Word{EN: "agents dial another address than their server's", PT: "agentes discam um endereço que não é o do seu servidor"}
	toldWords   = message.Word{EN: "The agents dial %[1]s, which is not where konnectivity-server listens.", PT: "Os agentes discam %[1]s, que não é onde o konnectivity-server escuta."}
	toldBefore  = message.Word{EN: "The agents dial %[1]s since revision %[2]s of their workload; before, they dialled %[3]s.", PT: "Os agentes discam %[1]s desde a revisão %[2]s do seu workload; antes, discavam %[3]s."}
	toldBack    = message.Word{EN: "Go back to the revision before, if the tunnel worked with it", PT: "Volte à revisão anterior, se o túnel funcionava com ela"}
	toldCorrect = message.Word{EN: "Give the agents the address that konnectivity-server listens on (--agent-port there, --proxy-server-host and --proxy-server-port here); if their workload was changed lately, go back", PT: "Dê aos agentes o endereço em que o konnectivity-server escuta (--agent-port lá, --proxy-server-host e --proxy-server-port aqui); se o workload deles mudou há pouco, volte atrás"}
	nameMend    = message.Word{EN: "Let %[1]s resolve on the nodes (DNS record, resolver), or, if the name is new, go back to the revision before", PT: "Faça %[1]s resolver nos nós (registro DNS, resolvedor) ou, se o nome é novo, volte à revisão anterior"}

	tokenAudienceFix = message.Word{EN: "Give the agents' token the audience that konnectivity-server asks for (--authentication-audience; by custom system:konnectivity-server)", PT: "Dê ao token dos agentes a audiência que o konnectivity-server pede (--authentication-audience; por costume system:konnectivity-server)"}
	tokenAsk         = message.Word{EN: "Compare --agent-namespace, --agent-service-account and --authentication-audience of konnectivity-server with namespace %[1]s, account %[2]s and audience %[3]s of the agents", PT: "Compare --agent-namespace, --agent-service-account e --authentication-audience do konnectivity-server com o namespace %[1]s, a conta %[2]s e a audiência %[3]s dos agentes"}
	reviewSuspect    = message.Word{EN: "konnectivity-server may not check tokens", PT: "konnectivity-server sem permissão para conferir tokens"}
	reviewHeld       = message.Word{EN: "%[1]s may create TokenReviews", PT: "%[1]s pode criar TokenReviews"}
	reviewWords      = message.Word{EN: "Nothing lets user %[1]s create TokenReviews: konnectivity-server cannot check its agents' tokens, and turns them away.", PT: "Nada permite ao usuário %[1]s criar TokenReviews: o konnectivity-server não consegue conferir os tokens dos agentes, e os recusa."}
	reviewGrant      = message.Word{EN: "Let konnectivity-server's user ask for TokenReviews", PT: "Permita ao usuário do konnectivity-server pedir TokenReviews"}
)

// customAudience is the audience that every published deployment uses, and
// customReviewer the user of konnectivity-server in them.
// Source: kubernetes.io/docs/tasks/extend-kubernetes/setup-konnectivity (2026-11).
const (
	customAudience = "system:konnectivity-server"
	customReviewer = "system:konnectivity-server"
)

var replicaSetRead = theory.Read{Verb: theory.VerbList, Resource: evidence.ReplicaSets.Name, Helps: true}

func rollBackCommand(w subject) string {
	return fmt.Sprintf("kubectl -n %s rollout undo %s/%s", w.Namespace, strings.ToLower(w.Kind), w.Name)
}

// told states that the agents dial the address of their server.
func (c *agentConnectionLaw) told() {
	w := c.a.workload
	claim := theory.Claim{
		ID: claimID("agent-address", w.Subject), Subject: w.Subject, Suspect: toldSuspect.With(), Rank: 3,
		Tests: []theory.Test{{Text: onControlPlane.With(), Command: "ss -tlnp | grep proxy-server"}},
	}
	claim.Changed, _ = theory.LastChange(w.Meta)
	summary, text := toldWords.With(c.a.address()), toldCorrect
	if before, revision, rs := addressBefore(c.v, w); before != "" && before != c.a.address() {
		claim.Hint += 2
		summary, text = toldBefore.With(c.a.address(), revision, before), toldBack
		claim.Details = []theory.Detail{{Name: "before", Label: labelBefore, Value: message.Plain("ReplicaSet " + rs + ": " + before)}}
	}
	claim.Modes = []theory.Mode{{
		Name: "elsewhere", Category: report.CategoryKonnectivityConfig, Shows: noAgentShows, Summary: summary,
		Remedy: &theory.Remedy{Steps: []theory.Step{{Text: text.With(), Command: rollBackCommand(w.Subject), Interrupts: restartBreaks.With()}}},
	}}
	if c.shake != nil {
		claim.Verdict, claim.Held = diagnose.Holds, listensHeld.With(c.a.address())
		if c.shakenBy != "" {
			claim.Held = listensNode.With(c.a.address(), c.shakenBy)
		}
	} else {
		unknown(&claim, diagnose.NoStandpoint, "")
	}
	c.state(claim, theory.StagePort)
}

var labelBefore = message.Word{EN: "before", PT: "antes"}

// addressBefore is the address that the agents dialled in the revision before
// the present one, that revision's successor, and the ReplicaSet that tells;
// empty: not known.
func addressBefore(v *theory.View, w *theory.Workload) (address, revision, name string) {
	if w.Subject.Kind != "Deployment" {
		return "", "", ""
	}
	now := w.Meta.Annotations["deployment.kubernetes.io/revision"]
	var last *appsv1.ReplicaSet
	for _, item := range theory.List(v, evidence.ReplicaSets).Items {
		rs := item.Object
		owner := metav1.GetControllerOf(rs)
		if rs.Namespace != w.Subject.Namespace || owner == nil || owner.Kind != "Deployment" || owner.Name != w.Subject.Name {
			continue
		}
		if r := rs.Annotations["deployment.kubernetes.io/revision"]; r == now || r == "" {
			continue
		}
		if last == nil || revisionOf(last) < revisionOf(rs) {
			last = rs
		}
	}
	if last == nil {
		return "", "", ""
	}
	old := agentOf(&theory.Workload{Subject: w.Subject, Template: &last.Spec.Template})
	if old == nil {
		return "", "", ""
	}
	return old.address(), now, last.Name
}

func revisionOf(rs *appsv1.ReplicaSet) int {
	n := 0
	for _, r := range rs.Annotations["deployment.kubernetes.io/revision"] {
		n = n*10 + int(r-'0')
	}
	return n
}

// token states that the server accepts the agents' token, and may check it.
func (c *agentConnectionLaw) token() {
	w := c.a.workload
	account := w.Template.Spec.ServiceAccountName
	audience := "?"
	if f, ok := c.a.file("service-account-token-path"); ok && f.Audience != "" {
		audience = f.Audience
	}
	remedy := &theory.Remedy{Steps: []theory.Step{{Text: tokenAsk.With(w.Subject.Namespace, account, audience), Command: "ps -o args= -C proxy-server"}}}
	claim := theory.Claim{
		ID: claimID("agent-token", w.Subject), Subject: w.Subject, Suspect: tokenTitle.With(), Rank: 3,
		Tests: []theory.Test{{Text: agentLogs.With(), Command: "crictl logs $(crictl ps -q --name " + c.a.container.Name + ")"}},
	}
	if audience != customAudience && audience != "?" {
		claim.Hint++
		if command := audienceCommand(w, audience); command != "" {
			remedy = &theory.Remedy{Steps: []theory.Step{{Text: tokenAudienceFix.With(), Command: command, Interrupts: restartBreaks.With()}}}
		}
	}
	claim.Modes = []theory.Mode{{Name: "rejected", Category: report.CategoryTokenAuth, Shows: noAgentShows, Summary: tokenWords.With(audience, account), Remedy: remedy}}
	unknown(&claim, diagnose.NoStandpoint, "")
	c.state(claim, theory.StageClient)
	c.review()
}

// audienceCommand is the command that gives the agents' token the audience that
// is the custom.
func audienceCommand(w *theory.Workload, audience string) string {
	for i, volume := range w.Template.Spec.Volumes {
		if volume.Projected == nil {
			continue
		}
		for j, source := range volume.Projected.Sources {
			if source.ServiceAccountToken != nil && source.ServiceAccountToken.Audience == audience {
				return fmt.Sprintf(`kubectl -n %s patch %s %s --type=json -p='[{"op":"replace","path":"/spec/template/spec/volumes/%d/projected/sources/%d/serviceAccountToken/audience","value":%q}]'`,
					w.Subject.Namespace, strings.ToLower(w.Subject.Kind), w.Subject.Name, i, j, customAudience)
			}
		}
	}
	return ""
}

// review states that konnectivity-server may ask for TokenReviews. Which user it
// is stands in its kubeconfig; any whose name says so will do.
func (c *agentConnectionLaw) review() {
	roles, bindings := theory.List(c.v, evidence.ClusterRoles), theory.List(c.v, evidence.ClusterRoleBindings)
	user, granted := customReviewer, ""
	if roles.Known() && bindings.Known() {
		for _, item := range bindings.Items {
			for _, s := range item.Object.Subjects {
				if !strings.Contains(s.Name, "konnectivity") || s.Kind == rbacv1.GroupKind {
					continue
				}
				for _, role := range boundRoles(bindings.Items, roles.Items, s) {
					if grants(role, "create", "authentication.k8s.io", "tokenreviews") {
						granted = s.Name
					}
				}
			}
		}
	}
	at := subject{Kind: "User", Name: user}
	claim := theory.Claim{
		ID: reviewID, Subject: at, Suspect: reviewSuspect.With(), Rank: 4,
		Modes: []theory.Mode{{
			Name: "forbidden", Category: report.CategoryRBAC, Shows: noAgentShows, Summary: reviewWords.With(user),
			Remedy: &theory.Remedy{Steps: []theory.Step{{
				Text: reviewGrant.With(), Command: "kubectl create clusterrolebinding " + shellWord(user) + " --clusterrole=system:auth-delegator --user=" + shellWord(user),
			}}},
		}},
		Tests: []theory.Test{{Text: fromAdmin.With(), Command: "kubectl auth can-i create tokenreviews.authentication.k8s.io --as=" + shellWord(user)}},
	}
	why, detail := diagnose.NoStandpoint, ""
	switch {
	case !roles.Known():
		why, detail = roles.Why()
	case !bindings.Known():
		why, detail = bindings.Why()
	case granted == "":
		// Another user may be it, or another authorizer let it in: a hint.
		claim.Hint += 2
	default:
		claim.Verdict, claim.Held = diagnose.Holds, reviewHeld.With(granted)
		claim.Evidence = []theory.Evidence{{Question: bindings.Question, Object: at, Field: "subjects", Value: granted}}
	}
	if claim.Verdict == "" {
		unknown(&claim, why, detail)
	}
	c.state(claim, theory.StageClient)
}

const reviewID = diagnose.ID("token-review")

// unresolvedHere reports whether the name of the agents' server was asked for
// from here, and does not exist.
func (c *agentConnectionLaw) unresolvedHere() bool {
	answer, ok := c.v.Peek(c.question)
	return ok && answer.Shake != nil && answer.Shake.Stage == "name" && strings.Contains(answer.Shake.Error, "no such host") && net.ParseIP(c.a.host) == nil
}
