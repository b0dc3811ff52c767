package components

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
)

// authorization is what the API server lets whom do: RBAC.
var authorization = theory.Component{
	Name: "authorization",
	For: message.Word{
		EN: "what the API server lets each user and ServiceAccount do: roles, and the bindings that give them",
		PT: "o que o servidor da API permite a cada usuário e ServiceAccount: papéis, e os vínculos que os concedem",
	},
	Laws: []theory.Law{
		{
			ID: "default-rights",
			Doc: "kube-scheduler, kube-controller-manager and its controllers have the rights that they work with\n\n" +
				"The API server makes these roles and bindings at each start, and adds to them what is missing, unless they are annotated against it. Nothing puts them back in between. Where most of them do not exist another authorizer decides, and nothing is said. " +
				"Source: k8s.io/kubernetes v1.37, plugin/pkg/auth/authorizer/rbac/bootstrappolicy; kubernetes.io/docs/reference/access-authn-authz/rbac (2026-11).",
			Reads: rbacReads,
			State: defaultRights,
		},
		{
			ID: "refused-rights",
			Doc: "whoever makes the Pods of a workload may do so\n\n" +
				"A refusal by an authorizer names the user, the verb, the resource and the namespace. " +
				"Source: k8s.io/apiserver v0.37, pkg/endpoints/handlers/responsewriters/errors.go (2026-11).",
			Reads: append(slices.Clone(theory.WorkloadReads), rbacReads...),
			State: refusedRights,
		},
	},
}

var (
	rightsSuspect = message.Word{EN: "rights of %[1]s missing", PT: "faltam direitos a %[1]s"}
	rightsHeld    = message.Word{EN: "%[1]s may %[2]s %[3]s", PT: "%[1]s pode %[2]s %[3]s"}
	rightsUnknown = message.Word{EN: "%[1]s lacks rights.", PT: "Faltam direitos a %[1]s."}
	unbound       = message.Word{EN: "Nothing gives %[1]s its rights: ClusterRoleBinding %[2]s, which the API server makes at its start, is gone or names another, so that it may not %[3]s %[4]s.", PT: "Nada dá a %[1]s seus direitos: o ClusterRoleBinding %[2]s, que o servidor da API cria ao iniciar, sumiu ou indica outro, e ele não pode %[3]s %[4]s."}
	roleStripped  = message.Word{EN: "ClusterRole %[2]s, which gives %[1]s its rights, lacks a rule: it may not %[3]s %[4]s.", PT: "Ao ClusterRole %[2]s, que dá a %[1]s seus direitos, falta uma regra: ele não pode %[3]s %[4]s."}
	bindAgain     = message.Word{EN: "Make the binding again", PT: "Crie o vínculo de novo"}
	dropBinding   = message.Word{EN: "Delete the binding that names another, for what it refers to cannot be changed, and make it again", PT: "Apague o vínculo que indica outro, pois o que ele refere não pode ser mudado, e crie-o de novo"}
	addRules      = message.Word{EN: "Restart kube-apiserver: at its start it adds what default roles lack, unless they are annotated rbac.authorization.kubernetes.io/autoupdate=false (on a managed cluster: ask the provider)", PT: "Reinicie o kube-apiserver: ao iniciar ele acrescenta o que falta aos papéis padrão, a menos que anotados com rbac.authorization.kubernetes.io/autoupdate=false (em cluster gerenciado: consulte o provedor)"}
	retryNow      = message.Word{EN: "Restart kube-controller-manager, unless there is time to wait: what failed is tried again after up to a quarter of an hour", PT: "Reinicie o kube-controller-manager, a menos que haja tempo para esperar: o que falhou é tentado de novo em até um quarto de hora"}
	refusedWords  = message.Word{EN: "%[1]s is refused what it needs for %[2]s: it may not %[3]s %[4]s.", PT: "A %[1]s é recusado o que precisa para %[2]s: não pode %[3]s %[4]s."}
	grantRight    = message.Word{EN: "Give it that right, and no other", PT: "Dê-lhe esse direito, e nenhum outro"}
)

// right is a verb on a resource of an API group.
type right struct{ verb, group, resource string }

func (r right) what() string {
	if r.group == "" {
		return r.resource
	}
	return r.resource + "." + r.group
}

// account is a user of the control plane that has a role by default, and some of
// what that role is for.
type account struct {
	who  rbacv1.Subject
	role string // of the binding, too
	may  []right
}

func user(name string) rbacv1.Subject { return rbacv1.Subject{Kind: "User", Name: name} }

// of is a controller's account. Each has a role of its name.
func of(controller string, may ...right) account {
	return account{rbacv1.Subject{Kind: "ServiceAccount", Namespace: "kube-system", Name: controller}, "system:controller:" + controller, may}
}

var (
	schedulerAccount = account{user("system:kube-scheduler"), "system:kube-scheduler", []right{
		{"update", "coordination.k8s.io", "leases"}, {"list", "", "pods"}, {"list", "", "nodes"}, {"create", "", "pods/binding"},
	}}
	managerAccount = account{user("system:kube-controller-manager"), "system:kube-controller-manager", []right{
		{"update", "coordination.k8s.io", "leases"}, {"list", "", "pods"}, {"create", "", "serviceaccounts/token"},
	}}
	// controllerAccounts are those of controllers without which workloads get no
	// Pods, or nobody finds them.
	controllerAccounts = []account{
		of("deployment-controller", right{"create", "apps", "replicasets"}, right{"update", "apps", "deployments/status"}),
		of("replicaset-controller", right{"create", "", "pods"}, right{"update", "apps", "replicasets/status"}),
		of("daemon-set-controller", right{"create", "", "pods"}, right{"update", "apps", "daemonsets/status"}),
		of("statefulset-controller", right{"create", "", "pods"}, right{"update", "apps", "statefulsets/status"}),
		of("job-controller", right{"create", "", "pods"}),
		of("node-controller", right{"update", "", "nodes/status"}),
		of("endpointslice-controller", right{"create", "discovery.k8s.io", "endpointslices"}),
		of("service-account-controller", right{"create", "", "serviceaccounts"}),
	}
)

// named is the subject in the words of reports.
func (a account) named() subject {
	return subject{Kind: a.who.Kind, Namespace: a.who.Namespace, Name: a.who.Name}
}

func (a account) id() diagnose.ID { return claimID("rights", a.named()) }

// bind is the command that makes the binding.
func (a account) bind() string {
	who := "--user=" + a.who.Name
	if a.who.Kind == "ServiceAccount" {
		who = "--serviceaccount=" + a.who.Namespace + ":" + a.who.Name
	}
	return fmt.Sprintf("kubectl create clusterrolebinding %[1]s --clusterrole=%[1]s %[2]s", a.role, who)
}

func defaultAccounts() []account {
	return append([]account{schedulerAccount, managerAccount}, controllerAccounts...)
}

// judgedRights are the claims about the rights of those accounts; none where the
// roles cannot be listed, or another authorizer decides.
func judgedRights(v *theory.View) []theory.Claim {
	roles, bindings := theory.List(v, evidence.ClusterRoles), theory.List(v, evidence.ClusterRoleBindings)
	if !roles.Known() || !bindings.Known() {
		return nil
	}
	return theory.Derive(v, "default-rights", func() []theory.Claim {
		var out []theory.Claim
		made, accounts := 0, defaultAccounts()
		for _, a := range accounts {
			if slices.ContainsFunc(roles.Items, func(i evidence.Item[*rbacv1.ClusterRole]) bool { return i.Object.Name == a.role }) {
				made++
			}
			c := theory.Claim{
				ID: a.id(), Subject: a.named(), Suspect: rightsSuspect.With(a.named().String()), Needs: []diagnose.Need{all(apiAnswers)},
				Modes: []theory.Mode{{Name: "forbidden", Category: report.CategoryRBAC, Summary: rightsUnknown.With(a.named().String())}},
			}
			judgeRights(&c, a, roles, bindings)
			out = append(out, c)
		}
		if made*2 <= len(accounts) {
			return nil
		}
		return out
	})
}

func defaultRights(v *theory.View) {
	for _, c := range judgedRights(v) {
		v.State(c)
	}
}

// missingRights are, of the rights of some accounts, those that are not there.
func missingRights(v *theory.View, of ...account) []diagnose.Need {
	var needs []diagnose.Need
	for _, c := range judgedRights(v) {
		if c.Verdict == diagnose.Broken && slices.ContainsFunc(of, func(a account) bool { return a.id() == c.ID }) {
			needs = append(needs, all(c.ID))
		}
	}
	return needs
}

func judgeRights(c *theory.Claim, a account, roles theory.Listing[*rbacv1.ClusterRole], bindings theory.Listing[*rbacv1.ClusterRoleBinding]) {
	bound := boundRoles(bindings.Items, roles.Items, a.who)
	for _, r := range a.may {
		if slices.ContainsFunc(bound, func(role *rbacv1.ClusterRole) bool { return grants(role, r.verb, r.group, r.resource) }) {
			continue
		}
		c.Verdict, c.Mode = diagnose.Broken, "forbidden"
		m := &c.Modes[0]
		if slices.ContainsFunc(bound, func(role *rbacv1.ClusterRole) bool { return role.Name == a.role }) {
			at := subject{Kind: "ClusterRole", Name: a.role}
			c.Evidence = []theory.Evidence{{Question: roles.Question, Object: at, Field: "rules", Value: "none with " + r.verb + " " + r.what()}}
			m.Summary = roleStripped.With(c.Subject.String(), a.role, r.verb, r.what())
			m.Remedy = &theory.Remedy{Steps: []theory.Step{{
				Text: addRules.With(), Command: "crictl stop $(crictl ps -q --name kube-apiserver)", Interrupts: apiShort.With(),
				Action: "restart-component", Args: map[string]string{"name": "kube-apiserver"},
			}}}
			return
		}
		at := subject{Kind: "ClusterRoleBinding", Name: a.role}
		step := theory.Step{Text: bindAgain.With(), Command: a.bind()}
		value := "absent"
		if slices.ContainsFunc(bindings.Items, func(i evidence.Item[*rbacv1.ClusterRoleBinding]) bool { return i.Object.Name == a.role }) {
			value = "none is " + c.Subject.String()
			step = theory.Step{Text: dropBinding.With(), Command: "kubectl delete clusterrolebinding " + a.role + " && " + a.bind()}
		}
		c.Evidence = []theory.Evidence{{Question: bindings.Question, Object: at, Field: "subjects", Value: value}}
		m.Summary = unbound.With(c.Subject.String(), a.role, r.verb, r.what())
		m.Remedy = &theory.Remedy{Steps: []theory.Step{step}}
		if a.who.Kind == "ServiceAccount" {
			m.Remedy.Steps = append(m.Remedy.Steps, theory.Step{
				Text: retryNow.With(), Command: "crictl stop $(crictl ps -q --name " + controllerManager + ")", Interrupts: managerShort.With(),
				Action: "restart-component", Args: map[string]string{"name": controllerManager},
			})
		}
		return
	}
	c.Verdict, c.Held = diagnose.Holds, rightsHeld.With(c.Subject.String(), a.may[0].verb, a.may[0].what())
	c.Evidence = []theory.Evidence{{Question: bindings.Question, Object: subject{Kind: "ClusterRoleBinding", Name: a.role}, Field: "subjects", Value: c.Subject.String()}}
}

var cannot = regexp.MustCompile(`User ("(?:[^"\\]|\\.)+") cannot (\S+) resource "([^"]+)" in API group "([^"]*)"(?: in the namespace "([^"]+)")?`)

// denial is a refusal by an authorizer.
type denial struct {
	who       rbacv1.Subject
	namespace string // empty: at the scope of the cluster
	right
}

func deniedBy(text string) (d denial, ok bool) {
	m := cannot.FindStringSubmatch(text)
	if m == nil {
		return d, false
	}
	who, err := strconv.Unquote(m[1])
	if err != nil {
		return d, false
	}
	d = denial{user(who), m[5], right{m[2], m[4], m[3]}}
	if ns, name, sa := strings.Cut(strings.TrimPrefix(who, "system:serviceaccount:"), ":"); sa && strings.HasPrefix(who, "system:serviceaccount:") {
		d.who = rbacv1.Subject{Kind: "ServiceAccount", Namespace: ns, Name: name}
	}
	return d, true
}

// id names the claim that the right is there: that of the account, where it is
// one of those that have it by default.
func (d denial) id() diagnose.ID {
	for _, a := range defaultAccounts() {
		if a.who == d.who {
			return a.id()
		}
	}
	at := subject{Kind: d.who.Kind, Namespace: d.who.Namespace, Name: d.who.Name}
	return claimID("may "+d.verb+" "+d.what()+" "+d.namespace, at)
}

// notInNames is what is left out of the name of a role.
var notInNames = regexp.MustCompile(`[^\w.-]`)

// refusedRights states of each refusal of Pods by an authorizer that the right
// was not there.
func refusedRights(v *theory.View) {
	set := theory.Workloads(v)
	for i := range set.All {
		w := &set.All[i]
		d, ok := deniedBy(w.Failure)
		if !ok {
			continue
		}
		at := subject{Kind: d.who.Kind, Namespace: d.who.Namespace, Name: d.who.Name}
		kind, scope, name := "role", " -n "+shellWord(d.namespace), strings.TrimLeft(notInNames.ReplaceAllString(at.Name+"-"+d.verb+"-"+d.resource, "-"), "-.")
		if d.namespace == "" {
			kind, scope = "clusterrole", ""
		}
		who := "--user=" + shellWord(d.who.Name)
		if d.who.Kind == "ServiceAccount" {
			who = "--serviceaccount=" + shellWord(d.who.Namespace+":"+d.who.Name)
		}
		command := fmt.Sprintf("kubectl%[1]s create %[2]s %[3]s --verb=%[4]s --resource=%[5]s && kubectl%[1]s create %[2]sbinding %[3]s --%[2]s=%[3]s %[6]s", scope, kind, name, shellWord(d.verb), shellWord(d.what()), who)
		v.State(theory.Claim{
			ID: d.id(), Subject: at, Suspect: rightsSuspect.With(at.String()), Verdict: diagnose.Broken, Mode: "forbidden", Evidence: []theory.Evidence{w.FailureSeen},
			Modes: []theory.Mode{{
				Name: "forbidden", Category: report.CategoryRBAC, Summary: refusedWords.With(at.String(), w.Subject.String(), d.verb, d.what()),
				Remedy: &theory.Remedy{Steps: []theory.Step{{Text: grantRight.With(), Command: command}, waitStep(w)}},
			}},
		})
	}
}
