package components

import (
	"slices"
	"strings"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
)

// controllers are kube-controller-manager and kube-scheduler: what acts on
// objects. The API server goes on answering without them, so that little is
// noticed until something has to change.
var controllers = theory.Component{
	Name: "controllers",
	For: message.Word{
		EN: "kube-controller-manager makes Pods of Deployments and signs certificates; kube-scheduler gives each Pod a node; of each, the one that holds its Lease works",
		PT: "o kube-controller-manager cria os Pods dos Deployments e assina certificados; o kube-scheduler dá um nó a cada Pod; de cada um, trabalha o que detém seu Lease",
	},
	Laws: []theory.Law{
		{
			ID: "leader",
			Doc: "kube-controller-manager and kube-scheduler each have a leader that renews its Lease\n\n" +
				"A leader renews its Lease in kube-system every 2 s, for 15 s, and stops working when it could not for 10 s. Where the provider runs them elsewhere the Lease is absent, which says nothing. " +
				"Source: k8s.io/client-go v0.37, tools/leaderelection; k8s.io/component-base/config (2026-11).",
			Reads: append([]theory.Read{versionRead, {Verb: theory.VerbList, Resource: evidence.Leases.Name}}, rbacReads...),
			State: leadersLead,
		},
		{
			ID: "carried-out",
			Doc: "what is asked of workloads is carried out: changes are observed, and Pods are given to nodes\n\n" +
				"A controller writes the generation it has acted on into status.observedGeneration; the scheduler writes the condition PodScheduled of every Pod it has looked at, and so does a kubelet. " +
				"Source: kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle; k8s.io/kubernetes v1.37, pkg/scheduler/schedule_one.go (2026-11).",
			Reads: slices.Concat(nodeReads, theory.WorkloadReads, rbacReads),
			State: changesCarriedOut,
		},
	},
}

const (
	controllerManager = "kube-controller-manager"
	scheduler         = "kube-scheduler"
	// leaderSlack is what is added to the duration of a leader's Lease before
	// it counts as stale.
	leaderSlack = 10 * time.Second
	// attention is how long a change may wait to be acted on.
	attention = 20 * time.Second
)

var (
	controllerManagerID = leaderID(controllerManager)
	schedulerID         = leaderID(scheduler)
	managerWorksID      = diagnose.ID("controllers-work")
)

func leaderID(name string) diagnose.ID {
	return claimID("leader", leaderLease(name))
}

func leaderLease(name string) subject {
	return subject{Kind: "Lease", Namespace: "kube-system", Name: name}
}

var (
	leaderSuspect = message.Word{EN: "%[1]s down", PT: "%[1]s parado"}
	leaderHeld    = message.Word{EN: "%[1]s renewed its Lease %[2]s before we looked", PT: "%[1]s renovou seu Lease %[2]s antes de olharmos"}
	leaderGone    = message.Word{
		EN: "No %[1]s has worked for %[2]s: its last leader, %[3]s, stopped renewing Lease kube-system/%[1]s. It does not run, or cannot reach the API server, or its credentials are refused.",
		PT: "Nenhum %[1]s trabalha há %[2]s: seu último líder, %[3]s, parou de renovar o Lease kube-system/%[1]s. Não está em execução, ou não alcança o servidor da API, ou suas credenciais são recusadas.",
	}
	leaderUnknown  = message.Word{EN: "%[1]s does not work.", PT: "%[1]s não trabalha."}
	leaderStopped  = message.Word{EN: "last renewal of the Lease of %[1]s", PT: "última renovação do Lease de %[1]s"}
	leaderNobody   = message.Word{EN: "nobody", PT: "ninguém"}
	startComponent = message.Word{EN: "Start %[1]s on a control-plane machine, and see why it stopped (on a managed cluster: ask the provider)", PT: "Inicie o %[1]s em uma máquina do plano de controle, e veja por que parou (em cluster gerenciado: consulte o provedor)"}
	renewComponent = message.Word{EN: "If it runs: see in its log whether it is refused (Unauthorized), renew the certificate in its kubeconfig if that has expired, and restart it", PT: "Se estiver em execução: veja em seu log se é recusado (Unauthorized), renove o certificado em seu kubeconfig se estiver vencido, e reinicie-o"}
	leaderNot      = message.Word{EN: "deleting the Lease: whoever works would take it anyway", PT: "apagar o Lease: quem estiver trabalhando o tomaria de qualquer forma"}

	managerSuspect = message.Word{EN: "kube-controller-manager leads and does not do its work", PT: "o kube-controller-manager lidera e não faz seu trabalho"}
	managerStuck   = message.Word{EN: "kube-controller-manager holds its Lease and does not act: a controller is switched off, overloaded, or its requests are refused.", PT: "O kube-controller-manager detém seu Lease e não age: um controlador está desligado, sobrecarregado, ou suas requisições são recusadas."}
	managerLog     = message.Word{EN: "its log says which controller fails", PT: "seu log diz qual controlador falha"}

	changeSuspect = message.Word{EN: "change not carried out", PT: "mudança não aplicada"}
	changeSeen    = message.Word{EN: "%[1]s %[2]s/%[3]s: a change of %[4]s ago is not acted on (generation %[5]s, observed %[6]s)", PT: "%[1]s %[2]s/%[3]s: uma mudança de %[4]s atrás não foi aplicada (geração %[5]s, observada %[6]s)"}
	waitSuspect   = message.Word{EN: "Pods not scheduled", PT: "Pods não agendados"}
	waitingPods   = message.Count{One: message.Word{EN: "%[1]s Pod is", PT: "%[1]s Pod está"}, Other: message.Word{EN: "%[1]s Pods are", PT: "%[1]s Pods estão"}}
	waitSeen      = message.Word{EN: "%[1]s Pending and no scheduler has looked: %[2]s, for %[3]s", PT: "%[1]s Pending e nenhum agendador olhou: %[2]s, há %[3]s"}
	tooFew        = message.Word{EN: "%[1]s %[2]s/%[3]s has %[4]s of its %[5]s Pods, and nothing says why: kube-controller-manager may not be working.", PT: "%[1]s %[2]s/%[3]s tem %[4]s de seus %[5]s Pods, e nada diz por quê: o kube-controller-manager pode não estar funcionando."}
	overlookedPod = message.Word{EN: "A Pod of %[1]s %[2]s/%[3]s waits for a node, and no scheduler has looked at it: %[4]s.", PT: "Um Pod de %[1]s %[2]s/%[3]s espera por um nó, e nenhum agendador olhou para ele: %[4]s."}
)

type leaseItem = evidence.Item[*coordinationv1.Lease]

func leadersLead(v *theory.View) {
	leases := theory.List(v, evidence.Leases)
	now := clusterNow(v)
	for _, name := range []string{controllerManager, scheduler} {
		at, who := leaderLease(name), managerAccount
		if name == scheduler {
			who = schedulerAccount
		}
		command := "crictl ps -a --name " + name
		c := theory.Claim{
			ID: leaderID(name), Subject: at, Suspect: leaderSuspect.With(name), Needs: append(missingRights(v, who), all(apiAnswers, etcdWritesID)),
			Tests: []theory.Test{{Text: onControlPlane.With(), Command: command}},
		}
		remedy := &theory.Remedy{
			Steps: []theory.Step{{
				Text: startComponent.With(name), Command: command, Action: "start-component", Args: map[string]string{"name": name},
			}, {
				Text: renewComponent.With(), Command: "kubeadm certs check-expiration; kubeadm certs renew " + strings.TrimPrefix(name, "kube-") + ".conf",
				Action: "renew-component-certificate", Args: map[string]string{"name": name},
			}},
			Not: []message.Text{leaderNot.With()},
		}
		c.Modes = []theory.Mode{{Name: "silent", Category: report.CategoryWorkloadDown, Summary: leaderUnknown.With(name), Remedy: remedy}}
		i := slices.IndexFunc(leases.Items, func(i leaseItem) bool {
			return i.Object.Namespace == at.Namespace && i.Object.Name == at.Name
		})
		switch {
		case !leases.Known() && i < 0:
			why, detail := leases.Why()
			unknown(&c, why, detail)
		case i < 0 || leases.Items[i].Object.Spec.RenewTime == nil:
			unknown(&c, diagnose.Hidden, at.String())
		default:
			spec := leases.Items[i].Object.Spec
			renewed, life := renewedAt(leases.Items[i].Object), 15*time.Second
			if s := spec.LeaseDurationSeconds; s != nil && *s > 15 {
				life = time.Duration(*s) * time.Second
			}
			age := now.Sub(renewed)
			c.Evidence = []theory.Evidence{{Question: leases.Question, Object: at, Field: "spec.renewTime", Value: rfc3339(renewed)}}
			if age <= life+leaderSlack {
				c.Verdict, c.Held = diagnose.Holds, leaderHeld.With(name, message.Ago(max(age, 0)))
				break
			}
			holder := leaderNobody.With()
			if spec.HolderIdentity != nil && *spec.HolderIdentity != "" {
				holder = message.Plain(*spec.HolderIdentity)
			}
			c.Verdict, c.Mode = diagnose.Broken, "silent"
			c.Began = diagnose.Interval{After: renewed, Before: renewed.Add(life)}
			c.Modes[0].Summary = leaderGone.With(name, message.Ago(age), holder)
			c.Events = []theory.Event{{At: renewed, Text: leaderStopped.With(name), Evidence: c.Evidence}}
		}
		v.State(c)
	}
	works := theory.Claim{
		ID: managerWorksID, Subject: subject{Kind: "Endpoint", Name: controllerManager}, Suspect: managerSuspect.With(), Rank: 5,
		Needs: append(missingRights(v, controllerAccounts...), all(controllerManagerID)),
		Modes: []theory.Mode{{Name: "stuck", Category: report.CategoryWorkloadDown, Summary: managerStuck.With()}},
		Tests: []theory.Test{{Text: managerLog.With(), Command: "kubectl -n kube-system logs -l component=kube-controller-manager --tail=50"}},
	}
	unknown(&works, diagnose.NoStandpoint, "")
	v.State(works)
}

// changesCarriedOut states a symptom for each workload whose last change nobody
// acted on, and one for the Pods that no scheduler has looked at.
func changesCarriedOut(v *theory.View) {
	now := clusterNow(v)
	lags := func(kind string, meta metav1.ObjectMeta, observed int64, q evidence.Question) {
		changed, _ := theory.LastChange(meta)
		if observed >= meta.Generation || changed.IsZero() || now.Sub(changed) <= attention {
			return
		}
		at := subject{Kind: kind, Namespace: meta.Namespace, Name: meta.Name}
		generation, seen := itoa(int(meta.Generation)), itoa(int(observed))
		v.State(theory.Claim{
			ID: claimID("change", at), Subject: at, Symptom: "workload", Sum: true, Verdict: diagnose.Broken,
			Suspect: changeSuspect.With(), Seen: changeSeen.With(at.Kind, at.Namespace, at.Name, message.Ago(now.Sub(changed)), generation, seen),
			Needs:    []diagnose.Need{all(controllerManagerID, managerWorksID)},
			Evidence: []theory.Evidence{{Question: q, Object: at, Field: "status.observedGeneration", Value: seen + " of " + generation}},
		})
	}
	for _, item := range theory.List(v, evidence.Deployments).Items {
		lags("Deployment", item.Object.ObjectMeta, item.Object.Status.ObservedGeneration, item.From)
	}
	for _, item := range theory.List(v, evidence.DaemonSets).Items {
		lags("DaemonSet", item.Object.ObjectMeta, item.Object.Status.ObservedGeneration, item.From)
	}
	for _, item := range theory.List(v, evidence.StatefulSets).Items {
		lags("StatefulSet", item.Object.ObjectMeta, item.Object.Status.ObservedGeneration, item.From)
	}
	stateWaiting(v, now)
}

func stateWaiting(v *theory.View, now time.Time) {
	pods := theory.List(v, evidence.Pods)
	var oldest *corev1.Pod
	n := 0
	for _, item := range pods.Items {
		if pod := item.Object; overlooked(pod, now) {
			n++
			if oldest == nil || pod.CreationTimestamp.Before(&oldest.CreationTimestamp) {
				oldest = pod
			}
		}
	}
	if n == 0 {
		return
	}
	at := subject{Kind: "Pod", Namespace: oldest.Namespace, Name: oldest.Name}
	created := oldest.CreationTimestamp.Time
	count := waitingPods
	count.N = n
	v.State(theory.Claim{
		ID: "pods-scheduled", Subject: at, Symptom: "workload", Sum: true, Verdict: diagnose.Broken,
		Suspect: waitSuspect.With(), Seen: waitSeen.With(count, at.Namespace+"/"+at.Name, message.Ago(now.Sub(created))),
		Needs:    append(missingRights(v, schedulerAccount), all(schedulerID)),
		Evidence: []theory.Evidence{{Question: pods.Question, Object: at, Field: "status.conditions[PodScheduled]", Value: "absent"}},
	})
}

// overlooked reports whether no scheduler has looked at a Pod that waits for
// the cluster's own one.
func overlooked(pod *corev1.Pod, now time.Time) bool {
	return pod.Status.Phase == corev1.PodPending && pod.Spec.NodeName == "" && pod.DeletionTimestamp == nil &&
		(pod.Spec.SchedulerName == "" || pod.Spec.SchedulerName == corev1.DefaultSchedulerName) &&
		now.Sub(pod.CreationTimestamp.Time) > attention &&
		!slices.ContainsFunc(pod.Status.Conditions, func(c corev1.PodCondition) bool { return c.Type == corev1.PodScheduled })
}

// controllerNeeds are what a workload's Pods need of the control plane to exist
// and to be given a node, and in which way that shows; none: nothing is missing.
func controllerNeeds(v *theory.View, w *theory.Workload) (needs []diagnose.Need, mode string, summary message.Text) {
	now, s := clusterNow(v), w.Subject
	for _, pod := range w.Pods {
		if overlooked(pod, now) {
			return []diagnose.Need{all(schedulerID)}, theory.NotStarted, overlookedPod.With(s.Kind, s.Namespace, s.Name, pod.Name)
		}
	}
	if w.PodsWhy == "" && len(w.Pods) < w.Desired && w.Failure == "" {
		return []diagnose.Need{all(controllerManagerID, managerWorksID)}, "too-few", tooFew.With(s.Kind, s.Namespace, s.Name, len(w.Pods), w.Desired)
	}
	return nil, "", message.Text{}
}
