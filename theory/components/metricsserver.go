package components

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/util/version"

	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
)

// What metrics-server needs to read any kubelet at all: the right to, trust in
// the kubelets' serving certificates, and addresses that lead to them. It says
// which one is missing only in its log.
//
// Sources: metrics-server v0.9, pkg/scraper/client/resource, cmd/options and
// KNOWN_ISSUES.md; k8s.io/kubernetes v1.37, pkg/kubelet/server/auth.go (2026-11).

var (
	mayScrapeSuspect = message.Word{EN: "metrics-server may not read kubelets", PT: "metrics-server sem permissão para ler kubelets"}
	mayScrapeHeld    = message.Word{EN: "%[1]s may get %[2]s, by ClusterRole %[3]s", PT: "%[1]s pode obter %[2]s, pelo ClusterRole %[3]s"}
	mayNotScrape     = message.Word{EN: "metrics-server's service account %[1]s/%[2]s may not get nodes/metrics: the kubelets refuse its requests for figures.", PT: "A conta de serviço %[1]s/%[2]s do metrics-server não pode obter nodes/metrics: os kubelets recusam seus pedidos de números."}
	addRule          = message.Word{EN: "Let ClusterRole %[1]s get nodes/metrics again", PT: "Permita novamente ao ClusterRole %[1]s obter nodes/metrics"}
	addRole          = message.Word{EN: "Bind the service account to a ClusterRole that may get nodes/metrics", PT: "Vincule a conta de serviço a um ClusterRole que possa obter nodes/metrics"}

	trustScrapeSuspect = message.Word{EN: "metrics-server does not accept the kubelets' serving certificates", PT: "metrics-server não aceita os certificados de servidor dos kubelets"}
	trustScrapeHeld    = message.Word{EN: "metrics-server verifies no kubelet: --kubelet-insecure-tls", PT: "o metrics-server não verifica nenhum kubelet: --kubelet-insecure-tls"}
	trustScrape        = message.Word{EN: "metrics-server verifies the kubelets' serving certificates and does not accept them: so it is where kubelets sign their own.", PT: "O metrics-server verifica os certificados de servidor dos kubelets e não os aceita: assim é onde os próprios kubelets os assinam."}
	trustScrapeNot     = message.Word{EN: "--kubelet-insecure-tls, except as a makeshift: metrics-server then sends its token to whoever answers at a node's address", PT: "--kubelet-insecure-tls, salvo como paliativo: o metrics-server passa então seu token a quem quer que responda no endereço de um nó"}

	addressSuspect = message.Word{EN: "metrics-server dials kubelets by addresses that do not lead to them", PT: "metrics-server procura os kubelets em endereços que não levam a eles"}
	addressWords   = message.Word{EN: "metrics-server dials kubelets by %[1]s first (--kubelet-preferred-address-types), and that does not lead to them from its Pod.", PT: "O metrics-server procura os kubelets primeiro por %[1]s (--kubelet-preferred-address-types), e isso não leva a eles a partir do seu Pod."}
	addressHeld    = message.Word{EN: "metrics-server dials the nodes' InternalIP first", PT: "o metrics-server procura primeiro o InternalIP dos nós"}
	someRead       = message.Word{EN: "metrics-server reads %[1]s of the kubelets", PT: "o metrics-server lê %[1]s dos kubelets"}
	itsLog         = message.Word{EN: "its log", PT: "seu log"}
	logTellsOther  = message.Word{EN: "its log tells of another error: %[1]s", PT: "seu log fala de outro erro: %[1]s"}
	addressPrefer  = message.Word{EN: "Let metrics-server prefer the nodes' addresses", PT: "Faça o metrics-server preferir os endereços dos nós"}
)

var rbacReads = []theory.Read{
	{Verb: theory.VerbList, Resource: evidence.ClusterRoles.Name, Helps: true},
	{Verb: theory.VerbList, Resource: evidence.ClusterRoleBindings.Name, Helps: true},
}

// metricsContainer is the container of a workload that is metrics-server, known
// by its flags or its image: other programs serve the same API.
func metricsContainer(w *theory.Workload) (*corev1.Container, theory.Flags) {
	for i := range w.Template.Spec.Containers {
		c := &w.Template.Spec.Containers[i]
		flags := theory.FlagsOf(c)
		if _, ok := flags["metric-resolution"]; ok || strings.Contains(c.Image, "metrics-server") {
			return c, flags
		}
	}
	return nil, nil
}

// stateScraper states what metrics-server needs for all kubelets, and returns
// the IDs of the claims.
func stateScraper(v *theory.View, w *theory.Workload, fails bool, log scrapeLogged) []diagnose.ID {
	if w == nil {
		return nil
	}
	c, flags := metricsContainer(w)
	if c == nil {
		return nil
	}
	flag := func(name, value string) []theory.Evidence {
		return []theory.Evidence{{Question: w.Question, Object: w.Subject, Field: "--" + name, Value: value}}
	}

	trust := theory.Claim{
		ID: claimID("scrape-trust", w.Subject), Subject: w.Subject, Suspect: trustScrapeSuspect.With(), Rank: 1, Tests: log.tests,
		Modes: []theory.Mode{{Name: "untrusted", Category: report.CategoryMetricsServerConfig, Summary: trustScrape.With(), Remedy: &theory.Remedy{
			Steps: []theory.Step{{Text: signKubelets.With(), Command: csrsPending, Action: "sign-kubelet-serving-certificates"}},
			Not:   []message.Text{trustScrapeNot.With()},
		}}},
	}
	if flags["kubelet-insecure-tls"] == "true" {
		trust.Verdict, trust.Held, trust.Evidence = diagnose.Holds, trustScrapeHeld.With(), flag("kubelet-insecure-tls", "true")
	} else if !log.judge(&trust, theory.StageTLS, "other-ca", "not-named") {
		unknown(&trust, diagnose.NoStandpoint, "")
		if fails && kubeletsServe(v) {
			trust.Hint++ // the API server, which seldom verifies kubelets, is served
		}
	}
	v.State(trust)

	// The default of metrics-server begins with Hostname; its manifests give InternalIP.
	order, _, _ := strings.Cut(flags["kubelet-preferred-address-types"], ",")
	if order == "" {
		order = string(corev1.NodeHostName)
	}
	address := theory.Claim{
		ID: claimID("scrape-address", w.Subject), Subject: w.Subject, Suspect: addressSuspect.With(), Rank: 2, Tests: log.tests,
		Modes: []theory.Mode{{Name: "unresolved", Category: report.CategoryMetricsServerConfig, Summary: addressWords.With(order), Remedy: &theory.Remedy{
			Steps: []theory.Step{{Text: addressPrefer.With(), Command: flagCommand(w, c, "kubelet-preferred-address-types", "InternalIP,ExternalIP,Hostname")}},
		}}},
	}
	if order == string(corev1.NodeInternalIP) {
		address.Verdict, address.Held, address.Evidence = diagnose.Holds, addressHeld.With(), flag("kubelet-preferred-address-types", order)
	} else if !log.judge(&address, theory.StageName, "unresolved") {
		address.Hint += 2 // its manifests prefer InternalIP
		unknown(&address, diagnose.NoStandpoint, "")
	}
	v.State(address)
	ids := []diagnose.ID{trust.ID, address.ID}
	if flags["kubeconfig"] == "" && flags["kubelet-client-certificate"] == "" {
		may := mayScrape(v, w, log)
		v.State(may)
		ids = append(ids, may.ID)
	}
	return ids
}

// scrapeLogged is what metrics-server logs of the kubelets that it fails to read.
type scrapeLogged struct {
	logged
	tests  []theory.Test          // that would bring it
	read   int                    // of how many nodes there are figures
	byNode map[string]loggedError // by the node's name
}

// scrapeLog reads the log of the youngest Pod of metrics-server that runs.
func scrapeLogOf(v *theory.View, w *theory.Workload, have map[string]bool) scrapeLogged {
	log := scrapeLogged{byNode: map[string]loggedError{}}
	for _, figures := range have {
		if figures {
			log.read++
		}
	}
	if w == nil {
		return log
	}
	byHand := theory.Test{Text: scrapeLog.With(), Command: "kubectl -n " + w.Subject.Namespace + " logs " + strings.ToLower(w.Subject.Kind) + "/" + w.Subject.Name}
	log.tests = []theory.Test{byHand}
	c, _ := metricsContainer(w)
	pod := youngestRunning(w)
	if c == nil || pod == nil {
		return log
	}
	q, possible := errorsOf(v, pod, c.Name, false)
	a, ok := v.Peek(q)
	if log.logged = loggedOf(q, a, ok); log.asked {
		log.tests = nil
	} else if !ok && possible {
		log.tests = []theory.Test{{Ask: []evidence.Question{q}, Cost: 1, Text: scrapeLog.With(), Command: byHand.Command}}
	}
	for _, f := range log.findings {
		if f.Hop == "metrics-server>kubelet" && f.Params["node"] != "" {
			log.byNode[f.Params["node"]] = f // the last one counts
		}
	}
	return log
}

// youngestRunning is the Pod of a workload that runs and started last. Nil: none
// runs.
func youngestRunning(w *theory.Workload) *corev1.Pod {
	var youngest *corev1.Pod
	var started time.Time
	for _, pod := range w.Pods {
		if since, ok := theory.Running(pod); ok && (youngest == nil || since.After(started)) {
			youngest, started = pod, since
		}
	}
	return youngest
}

// judge judges a claim about all kubelets by what is logged of each: it is broken
// where every one that is not read fails at this stage in one of these ways, and
// holds where all came further. It reports whether that could be told.
func (log *scrapeLogged) judge(c *theory.Claim, stage theory.Stage, modes ...string) bool {
	if log.read > 0 {
		c.Verdict, c.Held = diagnose.Holds, someRead.With(log.read)
		c.Evidence = []theory.Evidence{{Question: figuresOfNodes, Value: itoa(log.read) + " nodes"}}
		return true
	}
	failed, passed := 0, 0
	var cited []theory.Evidence
	text := ""
	for _, node := range sortedNames(log.byNode) {
		f := log.byNode[node]
		at, mode := kubeletStage(&f.Finding)
		switch {
		case at == stage && slices.Contains(modes, mode):
			failed++
		case at > stage:
			passed++
		default:
			return false
		}
		text = f.Text
		cited = append(cited, log.cite(f))
	}
	switch {
	case failed > 0 && passed == 0:
		c.Verdict, c.Mode, c.Evidence = diagnose.Broken, c.Modes[0].Name, cited
		c.Details = append(c.Details, theory.Detail{Name: "log", Label: itsLog, Value: message.Plain(text)})
	case passed > 0 && failed == 0:
		c.Verdict, c.Held, c.Evidence = diagnose.Holds, logTellsOther.With(text), cited
	default:
		return false
	}
	return true
}

// kubeletsServe reports whether every kubelet that was probed brought a log.
func kubeletsServe(v *theory.View) bool {
	served := false
	for _, r := range logRequests(v) {
		if r.failed > 0 {
			return false
		}
		served = served || r.tried > 0
	}
	return served
}

// flagCommand is the command that gives a container of a workload another value
// of a flag.
func flagCommand(w *theory.Workload, c *corev1.Container, flag, value string) string {
	container := slices.IndexFunc(w.Template.Spec.Containers, func(x corev1.Container) bool { return x.Name == c.Name })
	patch := func(op, field, at string, word string) string {
		return fmt.Sprintf(`kubectl -n %s patch %s %s --type=json -p='[{"op":%q,"path":"/spec/template/spec/containers/%d/%s/%s","value":%q}]'`,
			w.Subject.Namespace, strings.ToLower(w.Subject.Kind), w.Subject.Name, op, container, field, at, word)
	}
	for _, field := range []struct {
		name  string
		words []string
	}{{"command", c.Command}, {"args", c.Args}} {
		for i, word := range field.words {
			if strings.HasPrefix(word, "--"+flag+"=") {
				return patch("replace", field.name, itoa(i), "--"+flag+"="+value)
			}
			if word == "--"+flag && i+1 < len(field.words) {
				return patch("replace", field.name, itoa(i+1), value)
			}
		}
	}
	if len(c.Args) == 0 && len(c.Command) > 0 {
		return patch("add", "command", "-", "--"+flag+"="+value)
	}
	return patch("add", "args", "-", "--"+flag+"="+value)
}

// mayScrape judges the RBAC rules of metrics-server's service account. Rules of
// other authorizers are not seen: then it works, and nobody asks.
func mayScrape(v *theory.View, w *theory.Workload, log scrapeLogged) theory.Claim {
	account := w.Template.Spec.ServiceAccountName
	if account == "" {
		account = "default"
	}
	at := subject{Kind: "ServiceAccount", Namespace: w.Subject.Namespace, Name: account}
	c := theory.Claim{ID: claimID("scrape-rights", at), Subject: at, Suspect: mayScrapeSuspect.With()}
	roles, bindings := theory.List(v, evidence.ClusterRoles), theory.List(v, evidence.ClusterRoleBindings)
	command := fmt.Sprintf("kubectl auth can-i get nodes/metrics --as=system:serviceaccount:%s:%s", at.Namespace, at.Name)
	c.Tests = []theory.Test{{Text: fromAdmin.With(), Command: command}}
	mode := theory.Mode{Name: "forbidden", Category: report.CategoryRBAC, Summary: mayNotScrape.With(at.Namespace, at.Name)}
	if !roles.Known() || !bindings.Known() {
		why, detail := roles.Why()
		if why == "" {
			why, detail = bindings.Why()
		}
		unknown(&c, why, detail)
		c.Modes = []theory.Mode{mode}
		return c
	}
	bound := boundRoles(bindings.Items, roles.Items, rbacv1.Subject{Kind: "ServiceAccount", Namespace: at.Namespace, Name: at.Name})
	var near string // the role that gives the account its other rights to nodes
	old, known := usesSummary(w)
	for _, role := range bound {
		right := ""
		switch {
		case grants(role, "get", "", "nodes/metrics"):
			right = "nodes/metrics"
		case grants(role, "get", "", "nodes/stats") && !known:
			unknown(&c, diagnose.NoStandpoint, "")
			c.Modes = []theory.Mode{mode}
			return c
		case grants(role, "get", "", "nodes/stats") && old:
			right = "nodes/stats"
		}
		if right != "" {
			c.Verdict, c.Held = diagnose.Holds, mayScrapeHeld.With(at.Namespace+"/"+at.Name, right, role.Name)
			c.Evidence = []theory.Evidence{{Question: roles.Question, Object: subject{Kind: "ClusterRole", Name: role.Name}, Field: "rules", Value: "get " + right}}
			c.Tests, c.Modes = nil, []theory.Mode{mode}
			return c
		}
		if near == "" && grants(role, "list", "", "nodes") {
			near = role.Name
		}
	}
	if len(log.byNode) > 0 && !slices.ContainsFunc(slices.Collect(maps.Values(log.byNode)), func(f loggedError) bool {
		stage, _ := kubeletStage(&f.Finding)
		return stage == theory.StageAuthz
	}) {
		// It fails before any kubelet asks whether it may.
		unknown(&c, diagnose.Masked, "")
		c.Modes = []theory.Mode{mode}
		return c
	}
	c.Verdict, c.Mode, c.Tests = diagnose.Broken, "forbidden", nil
	c.Evidence = []theory.Evidence{
		{Question: bindings.Question, Object: at, Field: "subjects", Value: itoa(len(bound)) + " ClusterRoles bound"},
		{Question: roles.Question, Object: at, Field: "rules", Value: "none with get nodes/metrics"},
	}
	step := theory.Step{Text: addRole.With(), Command: fmt.Sprintf("kubectl create clusterrole %[2]s-kubelets --verb=get --resource=nodes/metrics && kubectl create clusterrolebinding %[2]s-kubelets --clusterrole=%[2]s-kubelets --serviceaccount=%[1]s:%[2]s", at.Namespace, at.Name)}
	if near != "" {
		step = theory.Step{Text: addRule.With(near), Command: fmt.Sprintf(`kubectl patch clusterrole %s --type=json -p='[{"op":"add","path":"/rules/-","value":{"apiGroups":[""],"resources":["nodes/metrics"],"verbs":["get"]}}]'`, near)}
	}
	mode.Remedy = &theory.Remedy{Steps: []theory.Step{step}}
	c.Modes = []theory.Mode{mode}
	return c
}

// usesSummary reports whether a metrics-server is of before v0.6, which read
// /stats/summary: that is allowed by nodes/stats. Its image says, or does not.
func usesSummary(w *theory.Workload) (old, known bool) {
	c, _ := metricsContainer(w)
	if c == nil {
		return false, false
	}
	image, _, _ := strings.Cut(c.Image, "@")
	_, tag, _ := strings.Cut(image[strings.LastIndexByte(image, '/')+1:], ":")
	v, err := version.ParseGeneric(tag)
	return err == nil && v.LessThan(version.MustParseGeneric("0.6.0")), err == nil
}

var fromAdmin = message.Word{EN: "with the rights to impersonate", PT: "com direito de personificar"}

// boundRoles are the ClusterRoles that ClusterRoleBindings give to a subject, or
// to a group that a service account belongs to.
func boundRoles(bindings []evidence.Item[*rbacv1.ClusterRoleBinding], roles []evidence.Item[*rbacv1.ClusterRole], who rbacv1.Subject) []*rbacv1.ClusterRole {
	groups := []string{"system:authenticated"}
	if who.Kind == "ServiceAccount" {
		groups = append(groups, "system:serviceaccounts", "system:serviceaccounts:"+who.Namespace)
	}
	var out []*rbacv1.ClusterRole
	for _, b := range bindings {
		if !slices.ContainsFunc(b.Object.Subjects, func(s rbacv1.Subject) bool {
			return s.Kind == who.Kind && s.Name == who.Name && s.Namespace == who.Namespace ||
				s.Kind == "Group" && slices.Contains(groups, s.Name) ||
				s.Kind == "User" && who.Kind == "ServiceAccount" && s.Name == "system:serviceaccount:"+who.Namespace+":"+who.Name
		}) {
			continue
		}
		for _, r := range roles {
			if b.Object.RoleRef.Kind == "ClusterRole" && r.Object.Name == b.Object.RoleRef.Name {
				out = append(out, r.Object)
			}
		}
	}
	return out
}

// grants reports whether a role grants a verb on a resource ("nodes/metrics"),
// for some object at least.
// Source: k8s.io/kubernetes v1.37, pkg/apis/rbac/v1/evaluation_helpers.go (2026-11).
func grants(role *rbacv1.ClusterRole, verb, group, resource string) bool {
	_, sub, _ := strings.Cut(resource, "/")
	return slices.ContainsFunc(role.Rules, func(r rbacv1.PolicyRule) bool {
		return (slices.Contains(r.Verbs, verb) || slices.Contains(r.Verbs, "*")) &&
			(slices.Contains(r.APIGroups, group) || slices.Contains(r.APIGroups, "*")) &&
			(slices.Contains(r.Resources, resource) || slices.Contains(r.Resources, "*") || sub != "" && slices.Contains(r.Resources, "*/"+sub))
	})
}
