package components

import (
	"cmp"
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

var (
	referenceSuspect = message.Word{EN: "%[1]s missing", PT: "%[1]s ausente"}
	referenceWords   = message.Word{EN: "%[1]s, which %[2]s mounts or reads as it starts, does not exist.", PT: "%[1]s, que %[2]s monta ou lê ao iniciar, não existe."}
	referenceKey     = message.Word{EN: "%[1]s has no key %[2]s, which %[3]s needs to start.", PT: "%[1]s não tem a chave %[2]s, de que %[3]s precisa para iniciar."}
	referenceBack    = message.Word{EN: "Put %[1]s back, with what it held: from where it is kept (repository, backup), or by what makes it (operator, cert-manager)", PT: "Reponha %[1]s com o que continha: de onde é guardado (repositório, backup), ou por quem o cria (operador, cert-manager)"}
	cordonSuspect    = message.Word{EN: "nodes cordoned", PT: "nós isolados (cordon)"}
	cordonWords      = message.Word{EN: "The Pods of %[1]s find no node: %[2]s does not take new Pods (cordoned).", PT: "Os Pods de %[1]s não acham nó: %[2]s não aceita novos Pods (cordon)."}
	uncordonStep     = message.Word{EN: "Let node %[1]s take Pods again, if its maintenance is over", PT: "Deixe o nó %[1]s aceitar Pods de novo, se a manutenção acabou"}
	pressureSuspect  = message.Word{EN: "node under %[1]s", PT: "nó sob %[1]s"}
	pressureWords    = message.Word{EN: "Node %[1]s reports %[2]s: it takes no new Pods and evicts those it has. %[3]s", PT: "O nó %[1]s informa %[2]s: não aceita novos Pods e despeja os que tem. %[3]s"}
	pressureSeen     = message.Word{EN: "node %[1]s reports %[2]s and evicts Pods", PT: "o nó %[1]s informa %[2]s e despeja Pods"}
	pressureEvent    = message.Word{EN: "node %[1]s came under %[2]s", PT: "o nó %[1]s entrou em %[2]s"}
	freeDisk         = message.Word{EN: "Free disk space on %[1]s: see what fills it (images, logs, emptyDirs), remove it, or enlarge the disk; the condition stays for five minutes after that", PT: "Libere espaço em disco em %[1]s: veja o que o enche (imagens, logs, emptyDirs), remova-o, ou aumente o disco; a condição permanece por cinco minutos depois disso"}
	freeMemory       = message.Word{EN: "Free memory on %[1]s: see what uses it, and give limits to what has none; the condition stays for five minutes after that", PT: "Libere memória em %[1]s: veja o que a usa, e dê limites ao que não os tem; a condição permanece por cinco minutos depois disso"}
	freePIDs         = message.Word{EN: "See which program on %[1]s starts so many processes, and end it; the condition stays for five minutes after that", PT: "Veja que programa em %[1]s inicia tantos processos, e termine-o; a condição permanece por cinco minutos depois disso"}
	probeWrongPort   = message.Word{EN: "The readiness probe of container %[1]s of %[2]s asks port %[3]s, where nothing listens; it declares %[4]s.", PT: "A sonda de prontidão do contêiner %[1]s de %[2]s pergunta à porta %[3]s, onde nada escuta; ele declara %[4]s."}
	probeSays        = message.Word{EN: "The Pods of %[1]s %[2]s/%[3]s run, but are not Ready: %[4]s.", PT: "Os Pods de %[1]s %[2]s/%[3]s estão em execução, mas não Ready: %[4]s."}
	probeSetPort     = message.Word{EN: "Let the probe ask port %[1]s", PT: "Faça a sonda perguntar à porta %[1]s"}
)

// starting is how long a Pod may take to be set up before what it lacks counts.
const starting = 20 * time.Second

// blockers are what the Pods of a workload lack to run, beyond its own program:
// objects that they name, and nodes that take them.
func blockers(v *theory.View, w *theory.Workload) []diagnose.Need {
	var ids []diagnose.ID
	for _, pod := range w.Pods {
		t := theory.TroubleOf(pod, v.Now())
		if pod.Spec.NodeName == "" {
			if t != nil && t.Mode == theory.Unschedulable {
				ids = append(ids, noNode(v, w, t)...)
			}
			continue
		}
		if t != nil && t.Mode == theory.CrashLoop {
			if id, ok := corefile(v, w); ok {
				ids = append(ids, id)
			}
		}
		if _, running := theory.Running(pod); running || t == nil && v.Now().Sub(pod.CreationTimestamp.Time) < starting {
			continue
		}
		ids = append(append(ids, references(v, w, pod)...), drivers(v, w, pod)...)
	}
	slices.Sort(ids)
	if ids = slices.Compact(ids); len(ids) == 0 {
		return nil
	}
	return []diagnose.Need{all(ids...)}
}

// settling reports whether a workload lacks ready Pods only because something
// has just changed, and nothing is known that time does not cure.
func settling(v *theory.View, w *theory.Workload) bool {
	if !w.Settling(v.Now()) || len(blockers(v, w)) > 0 {
		return false
	}
	probe := theory.Claim{Modes: make([]theory.Mode, 1)}
	judgeProbe(v, w, &probe)
	return probe.Verdict == ""
}

// reference is a Secret or ConfigMap that a Pod cannot start without, and the
// keys of it.
type reference struct {
	kind, name string
	keys       []string
}

func referencesOf(spec *corev1.PodSpec) []reference {
	var out []reference
	add := func(kind, name string, optional *bool, keys ...string) {
		if name != "" && (optional == nil || !*optional) {
			out = append(out, reference{kind, name, keys})
		}
	}
	items := func(list []corev1.KeyToPath) (keys []string) {
		for _, item := range list {
			keys = append(keys, item.Key)
		}
		return keys
	}
	for i := range spec.Volumes {
		volume := &spec.Volumes[i]
		if s := volume.Secret; s != nil {
			add("Secret", s.SecretName, s.Optional, items(s.Items)...)
		}
		if c := volume.ConfigMap; c != nil {
			add("ConfigMap", c.Name, c.Optional, items(c.Items)...)
		}
		if volume.Projected == nil {
			continue
		}
		for _, source := range volume.Projected.Sources {
			if s := source.Secret; s != nil {
				add("Secret", s.Name, s.Optional, items(s.Items)...)
			}
			if c := source.ConfigMap; c != nil && c.Name != "kube-root-ca.crt" {
				add("ConfigMap", c.Name, c.Optional, items(c.Items)...)
			}
		}
	}
	for _, containers := range [][]corev1.Container{spec.InitContainers, spec.Containers} {
		for i := range containers {
			for _, from := range containers[i].EnvFrom {
				if s := from.SecretRef; s != nil {
					add("Secret", s.Name, s.Optional)
				}
				if c := from.ConfigMapRef; c != nil {
					add("ConfigMap", c.Name, c.Optional)
				}
			}
			for _, env := range containers[i].Env {
				if env.ValueFrom == nil {
					continue
				}
				if s := env.ValueFrom.SecretKeyRef; s != nil {
					add("Secret", s.Name, s.Optional, s.Key)
				}
				if c := env.ValueFrom.ConfigMapKeyRef; c != nil {
					add("ConfigMap", c.Name, c.Optional, c.Key)
				}
			}
		}
	}
	return out
}

// references states, of the objects that a Pod which does not start names, that
// they are there with the keys that it needs.
func references(v *theory.View, w *theory.Workload, pod *corev1.Pod) []diagnose.ID {
	var ids []diagnose.ID
	for _, r := range referencesOf(&pod.Spec) {
		for _, key := range cmpList(r.keys, "") {
			content := theory.Stored(v, theory.File{Kind: r.kind, Namespace: pod.Namespace, Name: r.name, Key: key})
			at := subject{Kind: r.kind, Namespace: pod.Namespace, Name: r.name, Detail: key}
			named := r.kind + " " + pod.Namespace + "/" + r.name
			c := theory.Claim{ID: claimID("exists", at), Subject: at, Suspect: referenceSuspect.With(named), Evidence: []theory.Evidence{{Question: content.Question, Object: at}}}
			option := "--from-file=" + cmp.Or(key, "KEY") + "=FILE"
			c.Modes = []theory.Mode{{
				Name: "missing", Category: report.CategoryConfig, Summary: referenceWords.With(named, w.Subject.String()),
				Remedy: &theory.Remedy{Steps: []theory.Step{{
					Text: referenceBack.With(named), Command: fmt.Sprintf("kubectl -n %s create %s %s %s", pod.Namespace, map[string]string{"Secret": "secret generic", "ConfigMap": "configmap"}[r.kind], r.name, option),
					Action: "restore-object", Args: map[string]string{"kind": r.kind, "namespace": pod.Namespace, "name": r.name, "key": key},
				}, makeStep(w), waitStep(w)}},
			}}
			switch {
			case !content.Readable():
				// Whoever may not read it can still see what the kubelet says.
				if !said(v, pod, r.name) {
					continue
				}
				c.Verdict, c.Mode = diagnose.Broken, "missing"
			case !content.Exists:
				c.Verdict, c.Mode = diagnose.Broken, "missing"
			case key != "" && !content.HasKey:
				c.Verdict, c.Mode = diagnose.Broken, "missing"
				c.Modes[0].Summary = referenceKey.With(named, key, w.Subject.String())
				c.Modes[0].Remedy.Steps[0].Command = fmt.Sprintf("kubectl -n %s edit %s %s", pod.Namespace, strings.ToLower(r.kind), r.name)
			default:
				continue
			}
			v.State(c)
			ids = append(ids, c.ID)
		}
	}
	return ids
}

func cmpList(list []string, one string) []string {
	if len(list) == 0 {
		return []string{one}
	}
	return list
}

// said reports whether the kubelet says of a Pod that an object is not found.
func said(v *theory.View, pod *corev1.Pod, name string) bool {
	missing := fmt.Sprintf("%q not found", name)
	for _, s := range pod.Status.ContainerStatuses {
		if s.State.Waiting != nil && strings.Contains(s.State.Waiting.Message, missing) {
			return true
		}
	}
	events, _ := theory.EventsOn(v, "Pod", pod.Namespace, pod.Name)
	e := events["FailedMount"]
	return e != nil && strings.Contains(e.Message, missing)
}

// noNode are the nodes that would take a Pod if they were let.
func noNode(v *theory.View, w *theory.Workload, t *theory.Trouble) []diagnose.ID {
	nodes := theory.List(v, evidence.Nodes)
	var ids []diagnose.ID
	if strings.Contains(t.Message, "were unschedulable") {
		var cordoned []string
		var steps []theory.Step
		for _, item := range nodes.Items {
			if item.Object.Spec.Unschedulable {
				cordoned = append(cordoned, item.Object.Name)
				steps = append(steps, theory.Step{Text: uncordonStep.With(item.Object.Name), Command: "kubectl uncordon " + item.Object.Name})
			}
		}
		if len(cordoned) > 0 {
			at := subject{Kind: "Node", Name: cordoned[0]}
			c := theory.Claim{
				ID: claimID("schedulable", subject{Kind: "Node", Name: strings.Join(cordoned, ",")}), Subject: at, Suspect: cordonSuspect.With(), Verdict: diagnose.Broken, Mode: "cordoned",
				Modes:    []theory.Mode{{Name: "cordoned", Category: report.CategoryConfig, Summary: cordonWords.With(w.Subject.String(), strings.Join(cordoned, ", ")), Remedy: &theory.Remedy{Steps: append(steps, waitStep(w))}}},
				Evidence: []theory.Evidence{{Question: nodes.Question, Object: at, Field: "spec.unschedulable", Value: "true"}},
			}
			v.State(c)
			ids = append(ids, c.ID)
		}
	}
	for _, item := range nodes.Items {
		for _, c := range item.Object.Status.Conditions {
			if taint := pressures[c.Type]; taint != "" && c.Status == corev1.ConditionTrue && strings.Contains(t.Message, taint) {
				ids = append(ids, pressureID(item.Object.Name, c.Type))
			}
		}
	}
	return ids
}

// nodePressure is what a node says of its resources.
var nodePressure = theory.Component{
	Name: "node-pressure",
	For: message.Word{
		EN: "a node's disk, memory and processes: short of one, the kubelet evicts Pods and takes no new ones",
		PT: "disco, memória e processos de um nó: na falta de um, o kubelet despeja Pods e não aceita novos",
	},
	Laws: []theory.Law{{
		ID: "node-pressure",
		Doc: "no node is short of disk, memory or process numbers\n\n" +
			"Source: kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction (2026-11).",
		Reads: nodeReads,
		State: nodesHaveRoom,
	}},
}

// pressures are the conditions, and the taints that go with them.
var pressures = map[corev1.NodeConditionType]string{
	corev1.NodeDiskPressure: "node.kubernetes.io/disk-pressure", corev1.NodeMemoryPressure: "node.kubernetes.io/memory-pressure", corev1.NodePIDPressure: "node.kubernetes.io/pid-pressure",
}

func pressureID(node string, kind corev1.NodeConditionType) diagnose.ID {
	return claimID("pressure", subject{Kind: "Node", Name: node, Detail: string(kind)})
}

func nodesHaveRoom(v *theory.View) {
	nodes := theory.List(v, evidence.Nodes)
	for _, item := range nodes.Items {
		node := item.Object
		for _, c := range node.Status.Conditions {
			if pressures[c.Type] == "" || c.Status != corev1.ConditionTrue {
				continue
			}
			at := subject{Kind: "Node", Name: node.Name}
			cited := []theory.Evidence{{Question: nodes.Question, Object: at, Field: "status.conditions[" + string(c.Type) + "]", Value: "True " + c.Reason}}
			step := theory.Step{Text: freeDisk.With(node.Name), Command: "ssh " + node.Name + " 'df -h /var/lib /var/log; sudo crictl rmi --prune; sudo du -xh --max-depth=2 /var | sort -h | tail -20'"}
			switch c.Type {
			case corev1.NodeMemoryPressure:
				step = theory.Step{Text: freeMemory.With(node.Name), Command: "kubectl top pods -A --sort-by=memory; ssh " + node.Name + " 'free -m; ps aux --sort=-rss | head -20'"}
			case corev1.NodePIDPressure:
				step = theory.Step{Text: freePIDs.With(node.Name), Command: "ssh " + node.Name + " 'ps -eo ppid= | sort | uniq -c | sort -n | tail'"}
			}
			step.Action, step.Args = "relieve-node", map[string]string{"node": node.Name, "condition": string(c.Type)}
			cause := theory.Claim{
				ID: pressureID(node.Name, c.Type), Subject: at, Suspect: pressureSuspect.With(string(c.Type)), Verdict: diagnose.Broken, Mode: "pressure",
				Modes: []theory.Mode{{
					Name: "pressure", Category: report.CategoryResourceExhaustion, Summary: pressureWords.With(node.Name, string(c.Type), c.Message),
					Remedy: &theory.Remedy{Steps: []theory.Step{step}},
				}},
				Began: exactly(c.LastTransitionTime.Time), Evidence: cited,
				Events: []theory.Event{{At: c.LastTransitionTime.Time, Text: pressureEvent.With(node.Name, string(c.Type)), Evidence: cited}},
			}
			v.State(cause)
			v.State(theory.Claim{
				ID: claimID("room", subject{Kind: "Node", Name: node.Name, Detail: string(c.Type)}), Subject: at, Symptom: "node", Sum: true, Verdict: diagnose.Broken,
				Suspect: nodeSuspect.With(), Seen: pressureSeen.With(node.Name, string(c.Type)), Evidence: cited, Needs: []diagnose.Need{all(cause.ID)},
			})
		}
	}
}

// probeRefused is what the kubelet says of a probe that nobody answers.
var probeRefused = regexp.MustCompile(`^Readiness probe failed: .*dial tcp \S+?:(\d+): connect: connection refused`)

// unheard reports whether the node is not known to be Ready: what its kubelet
// said of a Pod may then be old, and the Pod not Ready for the node's sake.
func unheard(v *theory.View, name string) bool {
	return !slices.ContainsFunc(theory.List(v, evidence.Nodes).Items, func(i nodeItem) bool {
		return i.Object.Name == name && nodeIsReady(i.Object)
	})
}

// judgeProbe reads what the kubelet says of the readiness probe of Pods that
// run and are not Ready.
func judgeProbe(v *theory.View, w *theory.Workload, probe *theory.Claim) {
	for _, pod := range w.Pods {
		if _, ready := theory.Ready(pod); ready || unheard(v, pod.Spec.NodeName) {
			continue
		}
		events, q := theory.EventsOn(v, "Pod", pod.Namespace, pod.Name)
		e := events["Unhealthy"]
		if e == nil || !strings.HasPrefix(e.Message, "Readiness probe failed") {
			continue
		}
		cited := []theory.Evidence{{Question: q, Object: subject{Kind: "Event", Namespace: e.Namespace, Name: e.Name}, Field: "message", Value: firstLine(e.Message)}}
		s := w.Subject
		probe.Modes[0].Summary = probeSays.With(s.Kind, s.Namespace, s.Name, strings.TrimSuffix(firstLine(e.Message), "."))
		probe.Evidence = cited
		m := probeRefused.FindStringSubmatch(firstLine(e.Message))
		if m == nil {
			return
		}
		for i := range w.Template.Spec.Containers {
			c := &w.Template.Spec.Containers[i]
			path, port := probePort(c)
			if path == "" || port != m[1] || len(c.Ports) == 0 || slices.ContainsFunc(c.Ports, func(p corev1.ContainerPort) bool { return itoa(int(p.ContainerPort)) == port }) {
				continue
			}
			var list []string
			for _, p := range c.Ports {
				list = append(list, itoa(int(p.ContainerPort)))
			}
			mode := theory.Mode{Name: "wrong-port", Category: report.CategoryConfig, Summary: probeWrongPort.With(c.Name, s.String(), port, strings.Join(list, ", "))}
			if len(list) == 1 {
				mode.Remedy = &theory.Remedy{Steps: []theory.Step{{
					Text: probeSetPort.With(list[0]),
					Command: fmt.Sprintf(`kubectl -n %s patch %s %s --type=json -p='[{"op":"replace","path":"/spec/template/spec/containers/%d/readinessProbe/%s/port","value":%s}]'`,
						s.Namespace, strings.ToLower(s.Kind), s.Name, i, path, list[0]),
				}, waitStep(w)}}
			}
			probe.Verdict, probe.Why, probe.WhyDetail, probe.Mode = diagnose.Broken, "", "", mode.Name
			probe.Modes = append(probe.Modes, mode)
			probe.Tests = nil
			probe.Evidence = append(cited, theory.Evidence{Question: w.Question, Object: s, Field: "readinessProbe", Value: port})
			return
		}
		return
	}
}

// probePort is the port that the readiness probe of a container asks, and under
// which field it stands.
func probePort(c *corev1.Container) (field, port string) {
	p := c.ReadinessProbe
	switch {
	case p == nil:
	case p.HTTPGet != nil:
		return "httpGet", p.HTTPGet.Port.String()
	case p.TCPSocket != nil:
		return "tcpSocket", p.TCPSocket.Port.String()
	}
	return "", ""
}
