package theory

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
)

// WorkloadReads are the reads that [Workloads] makes, and those that tell what
// keeps Pods from starting; a law that calls it declares them.
var WorkloadReads = []Read{
	{Verb: VerbList, Resource: evidence.Deployments.Name},
	{Verb: VerbList, Resource: evidence.DaemonSets.Name},
	{Verb: VerbList, Resource: evidence.StatefulSets.Name},
	{Verb: VerbList, Resource: evidence.Pods.Name},
	{Verb: VerbList, Resource: evidence.Events.Name, Helps: true},
	{Verb: VerbList, Resource: evidence.CSINodes.Name, Helps: true},
	{Verb: VerbList, Resource: evidence.ReplicaSets.Name, Helps: true},
	{Verb: VerbList, Resource: evidence.ControllerRevisions.Name, Helps: true},
	{Verb: VerbList, Resource: evidence.HorizontalPodAutoscalers.Name, Helps: true},
}

// Workload is a Deployment, DaemonSet or StatefulSet, or Pods that no such
// controller owns but share one name (static Pods), with its Pods.
type Workload struct {
	Subject  Subject
	Question evidence.Question
	Meta     metav1.ObjectMeta
	Template *corev1.PodTemplateSpec
	// Desired is how many Pods there should be, Ready how many of them are.
	Desired, Ready int
	// Replicas is what spec.replicas says; nil for a DaemonSet.
	Replicas *int32
	// Failure is why no more Pods are made, in the words of who refused them:
	// the message of the ReplicaFailure condition, or of the event of a
	// controller that has no such condition; empty: none.
	Failure     string
	FailureSeen Evidence
	Pods        []*corev1.Pod // ordered by name
	PodsAre     evidence.Question
	// PodsWhy says why the Pods are not known; empty: they are.
	PodsWhy    diagnose.Why
	PodsDetail string
}

// WorkloadSet is the workloads of a cluster.
type WorkloadSet struct {
	All    []Workload // ordered by kind, namespace, name
	Known  bool       // false: something of it could not be listed
	Gap    *evidence.Gap
	byPod  map[string]int // namespace/name of a Pod -> index in All
	Orphan []*corev1.Pod  // Pods of no workload
}

// OfPod returns the workload that owns the Pod, or nil.
func (s *WorkloadSet) OfPod(namespace, name string) *Workload {
	i, ok := s.byPod[namespace+"/"+name]
	if !ok {
		return nil
	}
	return &s.All[i]
}

// Workloads returns the workloads of the cluster with their Pods.
func Workloads(v *View) *WorkloadSet {
	deployments, daemonSets := List(v, evidence.Deployments), List(v, evidence.DaemonSets)
	statefulSets, pods := List(v, evidence.StatefulSets), List(v, evidence.Pods)
	return Derive(v, "workloads", func() *WorkloadSet {
		s := &WorkloadSet{
			Known: deployments.Known() && daemonSets.Known() && statefulSets.Known() && pods.Known(),
			byPod: map[string]int{},
		}
		for _, gap := range []*evidence.Gap{deployments.Gap, daemonSets.Gap, statefulSets.Gap, pods.Gap} {
			if gap != nil {
				s.Gap = gap
			}
		}
		for _, item := range deployments.Items {
			d := item.Object
			w := Workload{
				Subject:  Subject{Kind: "Deployment", Namespace: d.Namespace, Name: d.Name},
				Question: item.From, Meta: d.ObjectMeta, Template: &d.Spec.Template,
				Replicas: d.Spec.Replicas, Desired: replicas(d.Spec.Replicas), Ready: int(d.Status.ReadyReplicas),
			}
			for _, c := range d.Status.Conditions {
				if c.Type == "ReplicaFailure" && c.Status == corev1.ConditionTrue {
					w.Failure = c.Message
					w.FailureSeen = Evidence{Question: w.Question, Object: w.Subject, Field: "status.conditions[ReplicaFailure]", Value: c.Message}
				}
			}
			s.All = append(s.All, w)
		}
		for _, item := range daemonSets.Items {
			d := item.Object
			s.All = append(s.All, Workload{
				Subject:  Subject{Kind: "DaemonSet", Namespace: d.Namespace, Name: d.Name},
				Question: item.From, Meta: d.ObjectMeta, Template: &d.Spec.Template,
				Desired: int(d.Status.DesiredNumberScheduled), Ready: int(d.Status.NumberReady),
			})
		}
		for _, item := range statefulSets.Items {
			d := item.Object
			s.All = append(s.All, Workload{
				Subject:  Subject{Kind: "StatefulSet", Namespace: d.Namespace, Name: d.Name},
				Question: item.From, Meta: d.ObjectMeta, Template: &d.Spec.Template,
				Replicas: d.Spec.Replicas, Desired: replicas(d.Spec.Replicas), Ready: int(d.Status.ReadyReplicas),
			})
		}
		slices.SortFunc(s.All, func(a, b Workload) int { return compareSubjects(a.Subject, b.Subject) })
		index := make(map[Subject]int, len(s.All))
		for i := range s.All {
			s.All[i].PodsAre = pods.Question
			s.All[i].PodsWhy, s.All[i].PodsDetail = pods.Why()
			index[s.All[i].Subject] = i
		}
		for _, item := range pods.Items {
			if p := item.Object; p.DeletionTimestamp != nil || p.Status.Phase == corev1.PodFailed || p.Status.Phase == corev1.PodSucceeded {
				continue // on its way out, or a leftover of an eviction
			}
			owner, ok := ownerOf(item.Object)
			i, known := index[owner]
			if !ok || !known {
				s.Orphan = append(s.Orphan, item.Object)
				continue
			}
			s.All[i].Pods = append(s.All[i].Pods, item.Object)
			s.byPod[item.Object.Namespace+"/"+item.Object.Name] = i
		}
		for i := range s.All {
			s.All[i].refusedPods(v)
		}
		return s
	})
}

// refusedPods reads the events of a DaemonSet or StatefulSet that lacks Pods:
// they have no condition that tells why. An event counts while no Pod was made
// after it.
func (w *Workload) refusedPods(v *View) {
	if w.Subject.Kind == "Deployment" || w.PodsWhy != "" || len(w.Pods) >= w.Desired {
		return
	}
	events, q := EventsOn(v, w.Subject.Kind, w.Subject.Namespace, w.Subject.Name)
	failed, made := events["FailedCreate"], events["SuccessfulCreate"]
	if failed == nil || made != nil && LastSeen(made).After(LastSeen(failed)) {
		return
	}
	w.Failure = failed.Message
	w.FailureSeen = Evidence{Question: q, Object: Subject{Kind: "Event", Namespace: failed.Namespace, Name: failed.Name}, Field: "message", Value: failed.Message}
}

func compareSubjects(a, b Subject) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Detail, b.Detail))
}

func replicas(n *int32) int {
	if n == nil {
		return 1 // the default of apps/v1
	}
	return int(*n)
}

// ownerOf returns the workload that owns a Pod. A ReplicaSet is seen through to
// its Deployment by the template hash that the Deployment controller appends.
func ownerOf(pod *corev1.Pod) (Subject, bool) {
	ref := metav1.GetControllerOf(pod)
	if ref == nil {
		return Subject{}, false
	}
	switch ref.Kind {
	case "DaemonSet", "StatefulSet":
		return Subject{Kind: ref.Kind, Namespace: pod.Namespace, Name: ref.Name}, true
	case "ReplicaSet":
		hash := pod.Labels["pod-template-hash"]
		if name, ok := strings.CutSuffix(ref.Name, "-"+hash); ok && hash != "" {
			return Subject{Kind: "Deployment", Namespace: pod.Namespace, Name: name}, true
		}
	}
	return Subject{}, false
}

// LastChange is when somebody last changed the object, as far as its managed
// fields tell; its creation otherwise. Status updates do not count.
func LastChange(meta metav1.ObjectMeta) (at time.Time, by string) {
	at = meta.CreationTimestamp.Time
	for _, f := range meta.ManagedFields {
		if f.Subresource == "" && f.Time != nil && !f.Time.Time.Before(at) {
			at, by = f.Time.Time, f.Manager
		}
	}
	return at, by
}

// settlingTime is how long a change may take before what it has not brought
// about counts as missing: images are pulled, probes have to pass.
const settlingTime = 2 * time.Minute

// makingTime is how long Pods may take to be made: that waits for nothing but
// kube-controller-manager.
const makingTime = 30 * time.Second

// Settling reports whether the workload lacks ready Pods only because something
// has just changed: each of its Pods that is not ready was made, or stopped
// being ready, a moment ago, and none of them is in trouble.
func (w *Workload) Settling(now time.Time) bool {
	recent := func(at time.Time) bool { return !at.IsZero() && now.Sub(at) < settlingTime }
	if w.Failure != "" && len(w.Pods) < w.Desired {
		return false // refused is no matter of time
	}
	// The Pods of a Deployment are made at once: those that are Ready say nothing
	// of those that are missing.
	atOnce := w.Subject.Kind == "Deployment"
	if changed, _ := LastChange(w.Meta); len(w.Pods) < w.Desired && (!recent(changed) || atOnce && now.Sub(changed) >= makingTime) {
		if !slices.ContainsFunc(w.Pods, func(p *corev1.Pod) bool {
			_, ready := Ready(p)
			return recent(p.CreationTimestamp.Time) && (!atOnce || !ready)
		}) {
			return false
		}
	}
	for _, pod := range w.Pods {
		since, ready := Ready(pod)
		if !ready && (TroubleOf(pod, now) != nil || !recent(pod.CreationTimestamp.Time) && !recent(since)) {
			return false
		}
	}
	return w.PodsWhy == ""
}

// Trouble is why a Pod does not do its work.
type Trouble struct {
	Mode      string // one of the modes of a workload, see package components
	Container string
	Reason    string // as Kubernetes names it: CrashLoopBackOff
	Message   string
	ExitCode  int32
	Restarts  int32
	Since     time.Time // zero: not known
}

// Modes of trouble.
const (
	CrashLoop     = "crash-loop"
	ImagePull     = "image-pull"
	CreateError   = "create-error"
	Unschedulable = "unschedulable"
	OutOfMemory   = "out-of-memory"
	NotStarted    = "not-started"
	NotReady      = "not-ready"
)

// recentCrash is how long after a crash a container that runs again still
// counts as crash-looping: the kubelet's back-off ends at five minutes, and is
// forgotten after ten (kubelet, "backOffPeriod" and "MaxContainerBackOff").
const recentCrash = 10 * time.Minute

// TroubleOf says what keeps a Pod from running, or nil if its containers run.
func TroubleOf(pod *corev1.Pod, now time.Time) *Trouble {
	for _, c := range pod.Status.Conditions {
		if c.Type == corev1.PodScheduled && c.Status == corev1.ConditionFalse {
			return &Trouble{Mode: Unschedulable, Reason: c.Reason, Message: c.Message, Since: c.LastTransitionTime.Time}
		}
	}
	statuses := append(slices.Clone(pod.Status.InitContainerStatuses), pod.Status.ContainerStatuses...)
	var worst *Trouble
	for i := range statuses {
		if t := containerTrouble(&statuses[i], now); t != nil && (worst == nil || t.before(worst)) {
			worst = t
		}
	}
	if worst != nil && worst.Mode == CrashLoop {
		// It ended before, and what is kept is the last time.
		if since := notReadySince(pod); !since.IsZero() && since.Before(worst.Since) {
			worst.Since = since
		}
	}
	return worst
}

// notReadySince is since when a Pod is not Ready. Zero: it is, or nothing says.
func notReadySince(pod *corev1.Pod) time.Time {
	for _, c := range pod.Status.Conditions {
		if c.Type == corev1.PodReady && c.Status == corev1.ConditionFalse {
			return c.LastTransitionTime.Time
		}
	}
	return time.Time{}
}

// socketWords are those of a program that cannot reach another over a Unix
// socket: one beside it in its Pod, as a rule.
var socketWords = regexp.MustCompile(`(?:unix[:@ ]|\.sock\b)`)

// before reports whether t, of two containers of a Pod that are in trouble, may
// be why the other is, and not the reverse: one that cannot even be made waits
// for nobody, and one that misses a socket waits for whoever makes it.
func (t *Trouble) before(other *Trouble) bool {
	rank := func(t *Trouble) int {
		switch {
		case t.Mode == CreateError || t.Mode == ImagePull || t.Mode == OutOfMemory:
			return 0
		case socketWords.MatchString(t.Message):
			return 2
		}
		return 1
	}
	return rank(t) < rank(other)
}

func containerTrouble(s *corev1.ContainerStatus, now time.Time) *Trouble {
	t := &Trouble{Container: s.Name, Restarts: s.RestartCount}
	last := s.LastTerminationState.Terminated
	if s.State.Terminated != nil && s.State.Terminated.ExitCode != 0 {
		last = s.State.Terminated
	}
	if last != nil {
		t.ExitCode, t.Message, t.Since = last.ExitCode, last.Message, last.StartedAt.Time
	}
	switch {
	case s.State.Waiting != nil:
		t.Reason = s.State.Waiting.Reason
		switch t.Reason {
		case "CrashLoopBackOff":
			t.Mode = CrashLoop
		case "ImagePullBackOff", "ErrImagePull", "InvalidImageName", "ErrImageNeverPull", "ImageInspectError", "RegistryUnavailable":
			t.Mode, t.Message = ImagePull, s.State.Waiting.Message
		case "CreateContainerConfigError", "CreateContainerError", "RunContainerError", "StartError":
			t.Mode, t.Message = CreateError, s.State.Waiting.Message
		case "ContainerCreating", "PodInitializing":
			return nil
		default:
			t.Mode, t.Message = NotStarted, s.State.Waiting.Message
		}
	case s.State.Terminated != nil && s.State.Terminated.ExitCode != 0:
		t.Mode, t.Reason = CrashLoop, s.State.Terminated.Reason
	case s.State.Running != nil && s.RestartCount > 1 && last != nil && last.ExitCode != 0 && now.Sub(last.FinishedAt.Time) < recentCrash && !s.Ready:
		t.Mode, t.Reason = CrashLoop, last.Reason
	default:
		return nil
	}
	if last != nil && last.Reason == "OOMKilled" {
		t.Mode, t.Reason = OutOfMemory, last.Reason
	}
	return t
}

// Running reports whether all containers of a Pod run, and since when the
// youngest of them does. It says nothing of readiness.
func Running(pod *corev1.Pod) (since time.Time, ok bool) {
	if pod.Status.Phase != corev1.PodRunning || pod.DeletionTimestamp != nil || len(pod.Status.ContainerStatuses) == 0 {
		return time.Time{}, false
	}
	for _, s := range pod.Status.ContainerStatuses {
		if s.State.Running == nil {
			return time.Time{}, false
		}
		if s.State.Running.StartedAt.After(since) {
			since = s.State.Running.StartedAt.Time
		}
	}
	return since, true
}

// Ready reports whether the Pod's Ready condition is true, and since when it
// has been as it is.
func Ready(pod *corev1.Pod) (since time.Time, ok bool) {
	for _, c := range pod.Status.Conditions {
		if c.Type == corev1.PodReady {
			return c.LastTransitionTime.Time, c.Status == corev1.ConditionTrue
		}
	}
	return time.Time{}, false
}
