package components

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
)

// workloads is every Deployment, DaemonSet and StatefulSet, whatever it runs.
var workloads = theory.Component{
	Name: "workloads",
	For: message.Word{
		EN: "whatever runs in the cluster: Deployments, DaemonSets and StatefulSets with their Pods",
		PT: "o que é executado no cluster: Deployments, DaemonSets e StatefulSets com seus Pods",
	},
	Laws: []theory.Law{{
		ID: "workload",
		Doc: "a workload has the Pods it asks for, and they run\n\n" +
			"States claims only for workloads that lack ready Pods; healthy ones are counted. " +
			"Sources: kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle; kubelet's waiting reasons in k8s.io/kubernetes v1.37 pkg/kubelet (2026-11).",
		Reads: slices.Concat(nodeReads, theory.WorkloadReads, logReads, theory.CredentialReads),
		State: workloadsRun,
	}},
}

var (
	runningSuspect  = message.Word{EN: "%[1]s not running", PT: "%[1]s parado"}
	runningHeld     = message.Word{EN: "%[1]s of %[2]s Pods of %[3]s run, %[4]s", PT: "%[1]s de %[2]s Pods de %[3]s em execução, %[4]s"}
	restartsCount   = message.Count{One: message.Word{EN: "%[1]s restart", PT: "%[1]s reinício"}, Other: message.Word{EN: "%[1]s restarts", PT: "%[1]s reinícios"}}
	scaledToZero    = message.Word{EN: "%[1]s %[2]s/%[3]s is scaled to zero: none of its Pods run.", PT: "%[1]s %[2]s/%[3]s está com zero réplicas: nenhum Pod em execução."}
	matchesNoNode   = message.Word{EN: "%[1]s %[2]s/%[3]s wants no Pod: its node selector or affinity matches no node.", PT: "%[1]s %[2]s/%[3]s não quer nenhum Pod: seu seletor ou afinidade não corresponde a nenhum nó."}
	crashLoops      = message.Word{EN: "Container %[1]s of %[2]s %[3]s/%[4]s exits as soon as it starts, with code %[5]s, %[6]s so far.", PT: "O contêiner %[1]s de %[2]s %[3]s/%[4]s termina assim que inicia, com código %[5]s, %[6]s até agora."}
	crashSays       = message.Word{EN: "%[1]s Its last words: %[2]s", PT: "%[1]s Suas últimas palavras: %[2]s"}
	outOfMemory     = message.Word{EN: "Container %[1]s of %[2]s %[3]s/%[4]s is killed for want of memory (OOMKilled), %[5]s so far: its limit is too low for what it does.", PT: "O contêiner %[1]s de %[2]s %[3]s/%[4]s é morto por falta de memória (OOMKilled), %[5]s até agora: seu limite é baixo para o que faz."}
	imageFails      = message.Word{EN: "The image of container %[1]s of %[2]s %[3]s/%[4]s cannot be pulled (%[5]s): %[6]s.", PT: "A imagem do contêiner %[1]s de %[2]s %[3]s/%[4]s não pode ser baixada (%[5]s): %[6]s."}
	createFails     = message.Word{EN: "Container %[1]s of %[2]s %[3]s/%[4]s cannot be made (%[5]s): %[6]s.", PT: "O contêiner %[1]s de %[2]s %[3]s/%[4]s não pode ser criado (%[5]s): %[6]s."}
	unschedulable   = message.Word{EN: "No node takes the Pods of %[1]s %[2]s/%[3]s: %[4]s", PT: "Nenhum nó aceita os Pods de %[1]s %[2]s/%[3]s: %[4]s"}
	podsRefused     = message.Word{EN: "The Pods of %[1]s %[2]s/%[3]s are refused: %[4]s", PT: "Os Pods de %[1]s %[2]s/%[3]s são recusados: %[4]s"}
	noPods          = message.Word{EN: "%[1]s %[2]s/%[3]s has none of its %[4]s Pods, and nothing says why: kube-controller-manager may not be working.", PT: "%[1]s %[2]s/%[3]s não tem nenhum de seus %[4]s Pods, e nada diz por quê: o kube-controller-manager pode não estar funcionando."}
	notReadyWords   = message.Word{EN: "The Pods of %[1]s %[2]s/%[3]s run, but are not Ready: their readiness probe fails.", PT: "Os Pods de %[1]s %[2]s/%[3]s estão em execução, mas não Ready: sua sonda de prontidão falha."}
	probeSuspect    = message.Word{EN: "readiness probe of %[1]s fails by itself", PT: "a sonda de prontidão de %[1]s falha por si"}
	notReadyStarted = message.Word{EN: "The Pods of %[1]s %[2]s/%[3]s have not started yet: %[4]s.", PT: "Os Pods de %[1]s %[2]s/%[3]s ainda não iniciaram: %[4]s."}
	availableSeen   = message.Word{EN: "%[1]s %[2]s/%[3]s: %[4]s of %[5]s Pods Ready", PT: "%[1]s %[2]s/%[3]s: %[4]s de %[5]s Pods Ready"}
	scaleUp         = message.Word{EN: "Scale it up again, to %[1]s", PT: "Aumente novamente as réplicas, para %[1]s"}
	scaleUpTo       = message.Word{EN: "Scale it up again: %[1]s is a start, for how many there were is not known", PT: "Aumente novamente as réplicas: %[1]s é um começo, pois não se sabe quantas havia"}
	rollBack        = message.Word{EN: "Go back to the previous revision, which ran", PT: "Volte à revisão anterior, que funcionava"}
	undoBefore      = message.Word{EN: "if the previous revision had the same limit, raise it instead (kubectl set resources --limits=memory=…)", PT: "se a revisão anterior tinha o mesmo limite, aumente-o em vez disso (kubectl set resources --limits=memory=…)"}
	imageBefore     = message.Word{EN: "if the image is the right one, see whether the nodes reach its registry and may pull it (imagePullSecrets)", PT: "se a imagem é a certa, veja se os nós alcançam o registro e podem baixá-la (imagePullSecrets)"}
	seeWhy          = message.Word{EN: "See what the container says before it exits (if logs cannot be read: on the node, crictl logs)", PT: "Veja o que o contêiner diz antes de terminar (se os logs não puderem ser lidos: no nó, crictl logs)"}
	describePods    = message.Word{EN: "See the events of the Pods", PT: "Veja os eventos dos Pods"}
	changedEvent    = message.Word{EN: "%[1]s changed by %[2]s", PT: "%[1]s alterado por %[2]s"}
	startedEvent    = message.Word{EN: "the Pods of %[1]s started", PT: "os Pods de %[1]s iniciaram"}
)

// runningClaim states that at least one Pod of a workload runs. It speaks of
// running, not of being Ready.
func runningClaim(v *theory.View, w *theory.Workload, category string, shows []string) theory.Claim {
	s := w.Subject
	changed, _ := theory.LastChange(w.Meta)
	c := theory.Claim{
		ID: claimID("running", s), Subject: s, Suspect: runningSuspect.With(s.Name), Changed: changed,
	}
	object := []theory.Evidence{{Question: w.Question, Object: s, Field: "spec.replicas", Value: itoa(w.Desired)}}
	running, restarts := 0, 0
	var trouble *theory.Trouble
	var bad *corev1.Pod
	var youngest time.Time
	for _, pod := range w.Pods {
		since, ok := theory.Running(pod)
		t := theory.TroubleOf(pod, v.Now())
		if ok && t == nil {
			running++
			youngest = later(youngest, since)
		} else if t != nil && (trouble == nil || trouble.Mode != theory.CrashLoop) {
			trouble, bad = t, pod
		}
		for i := range pod.Status.ContainerStatuses {
			restarts += int(pod.Status.ContainerStatuses[i].RestartCount)
		}
	}
	pods := theory.Evidence{Question: w.PodsAre, Object: s, Field: "Pods running", Value: fmt.Sprintf("%d of %d", running, w.Desired)}
	count := restartsCount
	count.N = restarts
	if running > 0 {
		c.Verdict, c.Held, c.Evidence = diagnose.Holds, runningHeld.With(running, w.Desired, s.Name, count), []theory.Evidence{pods}
		c.Modes = []theory.Mode{{Name: "down", Category: category, Shows: shows, Summary: runningSuspect.With(s.Name)}}
		c.Events = []theory.Event{{At: youngest, Text: startedEvent.With(s.String()), Evidence: []theory.Evidence{pods}}}
		return c
	}
	if w.PodsWhy != "" && (w.Replicas == nil || *w.Replicas > 0) {
		unknown(&c, w.PodsWhy, w.PodsDetail)
		c.Modes = []theory.Mode{{Name: "down", Category: category, Shows: shows, Summary: runningSuspect.With(s.Name)}}
		return c
	}
	if trouble == nil && w.Desired > 0 && settling(v, w) {
		unknown(&c, diagnose.NoStandpoint, "its Pods are starting")
		c.Modes = []theory.Mode{{Name: "down", Category: category, Shows: shows, Summary: runningSuspect.With(s.Name)}}
		return c
	}
	c.Verdict = diagnose.Broken
	mode, summary, remedy, shown := whyNotRunning(v, w, trouble)
	if bad != nil {
		pods = theory.Evidence{Question: w.PodsAre, Object: subject{Kind: "Pod", Namespace: bad.Namespace, Name: bad.Name}, Field: shown, Value: strings.TrimSpace(trouble.Reason + " " + firstLine(trouble.Message))}
		if !trouble.Since.IsZero() {
			c.Began = noLaterThan(trouble.Since)
		}
	}
	c.Evidence = append(object, pods)
	c.Mode = mode
	c.Modes = []theory.Mode{{Name: mode, Category: category, Shows: shows, Summary: summary, Remedy: remedy}}
	c.Events = append(c.Events, changeEvents(v, w, object)...)
	needs, _, _ := controllerNeeds(v, w)
	c.Needs = slices.Concat(hostNeeds(w), blockers(v, w), needs)
	if len(w.Pods) == 0 {
		c.Needs = append(c.Needs, refusedBy(v, w)...)
	}
	return c
}

// writerOf names who changed an object, for texts.
func writerOf(by string) message.Text {
	if by == "" {
		return unnamedWriter.With()
	}
	return message.Plain(by)
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// hostNeeds are the kubelets of the nodes on which Pods of the workload are
// assigned and do not run.
func hostNeeds(w *theory.Workload) []diagnose.Need {
	var hosts []diagnose.ID
	for _, pod := range w.Pods {
		if _, ok := theory.Ready(pod); !ok && pod.Spec.NodeName != "" {
			hosts = append(hosts, kubeletID(pod.Spec.NodeName))
		}
	}
	slices.Sort(hosts)
	if hosts = slices.Compact(hosts); len(hosts) == 0 {
		return nil
	}
	return []diagnose.Need{all(hosts...)}
}

// whyNotRunning says in which way no Pod of a workload runs, the words for it,
// the remedy, and the field that shows it.
func whyNotRunning(v *theory.View, w *theory.Workload, t *theory.Trouble) (mode string, summary message.Text, remedy *theory.Remedy, field string) {
	s := w.Subject
	kind := strings.ToLower(s.Kind)
	describe := &theory.Remedy{Steps: []theory.Step{{Text: describePods.With(), Command: fmt.Sprintf("kubectl -n %s describe %s %s", s.Namespace, kind, s.Name)}}}
	undo := theory.Step{Text: rollBack.With(), Command: fmt.Sprintf("kubectl -n %s rollout undo %s/%s", s.Namespace, kind, s.Name)}
	switch {
	case w.Replicas != nil && *w.Replicas == 0:
		words, n := scaleUp, formerReplicas(v, w)
		if n == 0 {
			words, n = scaleUpTo, 1
		}
		return "scaled-to-zero", scaledToZero.With(s.Kind, s.Namespace, s.Name), &theory.Remedy{Steps: []theory.Step{{
			Text: words.With(itoa(n)), Command: fmt.Sprintf("kubectl -n %s scale %s/%s --replicas=%d", s.Namespace, kind, s.Name, n),
		}}}, "spec.replicas"
	case w.Replicas == nil && w.Desired == 0:
		return "no-node", matchesNoNode.With(s.Kind, s.Namespace, s.Name), &theory.Remedy{Steps: []theory.Step{undo}}, "spec.template"
	case len(w.Pods) == 0 && w.Failure != "":
		return "refused", podsRefused.With(s.Kind, s.Namespace, s.Name, w.Failure), describe, "status.conditions[ReplicaFailure]"
	case len(w.Pods) == 0:
		return "no-pods", noPods.With(s.Kind, s.Namespace, s.Name, w.Desired), describe, "status.replicas"
	case t == nil:
		return theory.NotStarted, notReadyStarted.With(s.Kind, s.Namespace, s.Name, string(w.Pods[0].Status.Phase)), describe, "status.phase"
	}
	count := restartsCount
	count.N = int(t.Restarts)
	field = "status.containerStatuses[" + t.Container + "]"
	switch t.Mode {
	case theory.CrashLoop:
		summary = crashLoops.With(t.Container, s.Kind, s.Namespace, s.Name, itoa(int(t.ExitCode)), count)
		if said := lastWords(v, w, t); said != "" {
			summary = crashSays.With(summary, said)
		}
		logs := theory.Step{Text: seeWhy.With(), Command: fmt.Sprintf("kubectl -n %s logs %s/%s -c %s --previous", s.Namespace, kind, s.Name, t.Container)}
		if hasPrevious(v, w) {
			return t.Mode, summary, &theory.Remedy{Steps: []theory.Step{undo}}, field
		}
		return t.Mode, summary, &theory.Remedy{Steps: []theory.Step{logs}}, field
	case theory.OutOfMemory:
		if hasPrevious(v, w) {
			describe = &theory.Remedy{Steps: []theory.Step{undo, waitStep(w)}, Before: []message.Text{undoBefore.With()}}
		}
		return t.Mode, outOfMemory.With(t.Container, s.Kind, s.Namespace, s.Name, count), describe, field
	case theory.ImagePull:
		if hasPrevious(v, w) {
			describe = &theory.Remedy{Steps: []theory.Step{undo, waitStep(w)}, Before: []message.Text{imageBefore.With()}}
		}
		return t.Mode, imageFails.With(t.Container, s.Kind, s.Namespace, s.Name, t.Reason, strings.TrimSuffix(firstLine(t.Message), ".")), describe, field
	case theory.Unschedulable:
		return t.Mode, unschedulable.With(s.Kind, s.Namespace, s.Name, t.Message), describe, "status.conditions[PodScheduled]"
	}
	return t.Mode, createFails.With(t.Container, s.Kind, s.Namespace, s.Name, t.Reason, firstLine(t.Message)), describe, field
}

// formerReplicas is how many Pods a workload that is scaled to zero should have,
// by its autoscaler. Zero: nothing says.
func formerReplicas(v *theory.View, w *theory.Workload) int {
	for _, item := range theory.List(v, evidence.HorizontalPodAutoscalers).Items {
		if of := item.Object.Spec.ScaleTargetRef; item.Object.Namespace == w.Subject.Namespace && of.Kind == w.Subject.Kind && of.Name == w.Subject.Name {
			// Unset means one. (k8s.io/api/autoscaling/v2)
			if item.Object.Spec.MinReplicas == nil {
				return 1
			}
			return int(*item.Object.Spec.MinReplicas)
		}
	}
	return 0
}

// lastWords is what a container that exits left as its termination message, or
// else the last error in its log whose meaning is known. Empty: nothing.
func lastWords(v *theory.View, w *theory.Workload, t *theory.Trouble) string {
	if t.Message != "" {
		return firstLine(t.Message)
	}
	for _, pod := range w.Pods {
		if of := theory.TroubleOf(pod, v.Now()); of == nil || of.Mode != theory.CrashLoop || of.Container != t.Container {
			continue
		}
		q, possible := errorsOf(v, pod, t.Container, true)
		if !possible {
			return ""
		}
		a, ok := v.Answer(q)
		if log := loggedOf(q, a, ok); len(log.findings) > 0 {
			return log.findings[len(log.findings)-1].line
		}
		return ""
	}
	return ""
}

// hasPrevious reports whether the workload was rolled out more than once, so
// that there is a revision to go back to.
func hasPrevious(_ *theory.View, w *theory.Workload) bool {
	return w.Meta.Annotations["deployment.kubernetes.io/revision"] > "1" || w.Subject.Kind != "Deployment" && w.Meta.Generation > 1
}

// oldestStart is when the longest-running Pod of a workload that runs started,
// and which it is. Zero: none runs.
func oldestStart(w *theory.Workload) (time.Time, subject) {
	var oldest time.Time
	var which subject
	for _, pod := range w.Pods {
		if since, ok := theory.Running(pod); ok && (oldest.IsZero() || since.Before(oldest)) {
			oldest, which = since, subject{Kind: "Pod", Namespace: pod.Namespace, Name: pod.Name}
		}
	}
	return oldest, which
}

// workloadsRun states a symptom for every workload that lacks ready Pods.
func workloadsRun(v *theory.View) {
	set := theory.Workloads(v)
	agents := map[subject]bool{}
	for _, a := range tunnelOf(v).agents {
		agents[a.workload.Subject] = true
	}
	for i := range set.All {
		w := &set.All[i]
		if w.Ready >= w.Desired || settling(v, w) {
			continue
		}
		s := w.Subject
		available := theory.Claim{
			ID: claimID("available", s), Subject: s, Symptom: "workload", Sum: true, Verdict: diagnose.Broken,
			Suspect:  runningSuspect.With(s.Name),
			Seen:     availableSeen.With(s.Kind, s.Namespace, s.Name, w.Ready, w.Desired),
			Evidence: []theory.Evidence{{Question: w.Question, Object: s, Field: "status.readyReplicas", Value: fmt.Sprintf("%d of %d", w.Ready, w.Desired)}},
			Needs:    []diagnose.Need{all(claimID("all-run", s))},
		}
		// What its readiness asks for beyond its own process.
		readiness := backends(v)[s]
		var started []diagnose.Need
		if agents[s] {
			readiness = append(readiness, all(agentsConnectedID))
		} else if ids := credentialsOf(v, w); len(ids) > 0 && diesOfCredentials(v, w) {
			started = []diagnose.Need{atStart(ids...)}
		}
		v.State(allRunClaim(v, w, started, readiness))
		v.State(available)
	}
}

// allRunClaim states that all Pods of a workload run and are Ready. Started is
// what they need to start, readiness what they need to be Ready.
func allRunClaim(v *theory.View, w *theory.Workload, started, readiness []diagnose.Need) theory.Claim {
	s := w.Subject
	c := runningClaim(v, w, report.CategoryWorkloadDown, nil)
	down := c.Verdict == diagnose.Broken
	running := c.ID
	c.ID = claimID("all-run", s)
	c.Suspect = runningSuspect.With(s.Name)
	c.Needs = slices.Concat(hostNeeds(w), blockers(v, w), started)
	if c.Verdict == diagnose.Unknown {
		return c
	}
	if down {
		// None runs: that is another claim, which others may need too.
		c.Needs = append(c.Needs, all(running))
		none := runningClaim(v, w, report.CategoryWorkloadDown, nil)
		none.Needs = append(none.Needs, started...)
		v.State(none)
		c.Sum, c.Mode, c.Modes = true, "", nil
		return c
	}
	c.Verdict, c.Mode, c.Modes, c.Held = diagnose.Broken, "", nil, message.Text{}
	for _, pod := range w.Pods {
		t := theory.TroubleOf(pod, v.Now())
		if t == nil {
			continue
		}
		mode, summary, remedy, field := whyNotRunning(v, w, t)
		c.Mode = mode
		c.Modes = []theory.Mode{{Name: mode, Category: report.CategoryWorkloadDown, Summary: summary, Remedy: remedy}}
		c.Evidence = []theory.Evidence{{Question: w.PodsAre, Object: subject{Kind: "Pod", Namespace: pod.Namespace, Name: pod.Name}, Field: field, Value: strings.TrimSpace(t.Reason + " " + firstLine(t.Message))}}
		c.Events = changeEvents(v, w, []theory.Evidence{{Question: w.Question, Object: s}})
		return c
	}
	if needs, mode, summary := controllerNeeds(v, w); needs != nil {
		c.Needs, c.Mode = append(c.Needs, needs...), mode
		c.Modes = []theory.Mode{{Name: mode, Category: report.CategoryWorkloadDown, Summary: summary}}
		c.Evidence = []theory.Evidence{{Question: w.PodsAre, Object: s, Field: "Pods", Value: fmt.Sprintf("%d of %d", len(w.Pods), w.Desired)}}
		return c
	}
	if refused := refusedBy(v, w); len(refused) > 0 && len(w.Pods) < w.Desired {
		// Some run, and the others are refused.
		c.Sum, c.Needs = true, append(c.Needs, refused...)
		c.Evidence = []theory.Evidence{w.FailureSeen}
		return c
	}
	// They run and are not Ready: for want of something they ask for, or of
	// themselves, which only their probes could say.
	describe := fmt.Sprintf("kubectl -n %s describe %s %s", s.Namespace, strings.ToLower(s.Kind), s.Name)
	probe := theory.Claim{
		ID: claimID("probe", s), Subject: s, Suspect: probeSuspect.With(s.Name), Rank: 5,
		Modes: []theory.Mode{{
			Name: theory.NotReady, Category: report.CategoryWorkloadDown, Summary: notReadyWords.With(s.Kind, s.Namespace, s.Name),
			Remedy: &theory.Remedy{Steps: []theory.Step{{Text: describePods.With(), Command: describe}}},
		}},
		Tests: []theory.Test{{Text: describePods.With(), Command: describe}},
	}
	unknown(&probe, diagnose.NoStandpoint, "")
	judgeProbe(v, w, &probe)
	v.State(probe)
	c.Needs = append(append(c.Needs, readiness...), all(probe.ID))
	c.Sum = true
	c.Evidence = []theory.Evidence{{Question: w.Question, Object: s, Field: "status.readyReplicas", Value: fmt.Sprintf("%d of %d", w.Ready, w.Desired)}}
	return c
}

// credentialWords are what programs say whose certificate does not serve them.
var credentialWords = regexp.MustCompile(`(?i)x509|certificate|\btls\b|\bexpired\b`)

// diesOfCredentials reports whether the Pods of a workload exit with last words
// that speak of certificates, and none of them runs: only then can a
// certificate that its flags name be what keeps it from running.
func diesOfCredentials(v *theory.View, w *theory.Workload) bool {
	fits := false
	for _, pod := range w.Pods {
		t := theory.TroubleOf(pod, v.Now())
		if _, ok := theory.Running(pod); ok && t == nil {
			return false
		}
		fits = fits || t != nil && t.Mode == theory.CrashLoop && credentialWords.MatchString(lastWords(v, w, t))
	}
	return fits
}

// credentialsOf states, for every certificate that a flag of a workload names,
// that it is there and valid, whatever the workload is, and returns the claims.
func credentialsOf(v *theory.View, w *theory.Workload) []diagnose.ID {
	var ids []diagnose.ID
	for _, f := range theory.FilesNamed(w.Subject.Namespace, &w.Template.Spec) {
		if f.Kind != "Secret" && f.Kind != "ConfigMap" || f.Key == "" {
			continue // a directory that a flag names is no file
		}
		content := theory.Stored(v, f)
		if content.Readable() && content.HasKey && len(content.Certs) == 0 && content.Bad == 0 {
			continue // a key, or no credential at all
		}
		if content.Readable() && content.Exists && !content.HasKey {
			continue // a directory, or a file that the program is to write
		}
		what := plainCertificate
		if content.IsBundle() {
			what = authorities
		}
		ids = append(ids, storedCertificate(v, stored{owner: w.Subject, content: content, what: what}))
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
