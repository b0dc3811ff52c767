package components

import (
	"fmt"
	"net"
	"slices"
	"sort"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
)

var (
	selectsNobody  = message.Word{EN: "Service %[1]s/%[2]s selects %[3]s, which no Pod has; %[4]s, for which it seems meant, makes Pods with %[5]s.", PT: "O Service %[1]s/%[2]s seleciona %[3]s, que nenhum Pod tem; %[4]s, para o qual parece feito, cria Pods com %[5]s."}
	setSelector    = message.Word{EN: "Let the Service select the Pods of %[1]s", PT: "Faça o Service selecionar os Pods de %[1]s"}
	setSelectorNot = message.Word{EN: "changing the labels of the Pods instead: the selector of their workload would no longer find them", PT: "mudar os rótulos dos Pods em vez disso: o seletor da sua carga não os encontraria mais"}
	exposeStep     = message.Word{EN: "Make the Service again, in front of %[1]s", PT: "Crie o Service de novo, diante de %[1]s"}
	targetSuspect  = message.Word{EN: "port of Service %[1]s/%[2]s leads nowhere", PT: "a porta do Service %[1]s/%[2]s não leva a lugar nenhum"}
	targetWrong    = message.Word{EN: "Service %[1]s/%[2]s leads to port %[3]s of its Pods, where nothing listens: %[4]s declares %[5]s.", PT: "O Service %[1]s/%[2]s leva à porta %[3]s de seus Pods, onde nada escuta: %[4]s declara %[5]s."}
	setTarget      = message.Word{EN: "Let the Service lead to port %[1]s", PT: "Faça o Service levar à porta %[1]s"}
)

// serviceNamed returns a Service, or nil.
func serviceNamed(v *theory.View, namespace, name string) *corev1.Service {
	for _, item := range theory.List(v, evidence.Services).Items {
		if item.Object.Namespace == namespace && item.Object.Name == name {
			return item.Object
		}
	}
	return nil
}

// meantFor returns the workload that a Service which selects nobody seems to be
// meant for: the one of its name, or the only one that declares a port that it
// leads to. Nil: there is none, or it cannot be told.
func meantFor(v *theory.View, namespace, name string, service *corev1.Service) *theory.Workload {
	var declares []*theory.Workload
	set := theory.Workloads(v)
	for i := range set.All {
		w := &set.All[i]
		if w.Subject.Namespace != namespace {
			continue
		}
		if w.Subject.Name == name {
			return w
		}
		if service != nil && slices.ContainsFunc(service.Spec.Ports, func(p corev1.ServicePort) bool { return declared(w, target(p)) }) {
			declares = append(declares, w)
		}
	}
	if len(declares) == 1 {
		return declares[0]
	}
	return nil
}

// target is the port of the Pods that a port of a Service leads to.
func target(p corev1.ServicePort) intstr.IntOrString {
	if p.TargetPort.String() == "0" || p.TargetPort.String() == "" {
		return intstr.FromInt32(p.Port)
	}
	return p.TargetPort
}

// podPort is the port of its Pods that a port of a Service leads to.
func podPort(service *corev1.Service, port int32, w *theory.Workload) int32 {
	if service == nil || w == nil {
		return port
	}
	for _, p := range service.Spec.Ports {
		if p.Port != port {
			continue
		}
		to := target(p)
		for _, c := range declaredPorts(w) {
			if to.Type == intstr.String && c.Name == to.StrVal {
				return c.ContainerPort
			}
		}
		return to.IntVal
	}
	return port
}

// declaredPorts are the TCP ports that the containers of a workload declare, or
// that their probes ask.
func declaredPorts(w *theory.Workload) []corev1.ContainerPort {
	var ports []corev1.ContainerPort
	for i := range w.Template.Spec.Containers {
		for _, p := range w.Template.Spec.Containers[i].Ports {
			if p.Protocol == "" || p.Protocol == corev1.ProtocolTCP {
				ports = append(ports, p)
			}
		}
	}
	return ports
}

func declared(w *theory.Workload, port intstr.IntOrString) bool {
	return slices.ContainsFunc(declaredPorts(w), func(p corev1.ContainerPort) bool {
		return port.Type == intstr.String && p.Name == port.StrVal || port.Type == intstr.Int && p.ContainerPort == port.IntVal
	})
}

// selectsNobodyMode is the mode of a Service whose selector matches no Pod,
// where the workload that it is meant for can be told.
func selectsNobodyMode(v *theory.View, service *corev1.Service) (theory.Mode, bool) {
	if service == nil || len(service.Spec.Selector) == 0 {
		return theory.Mode{}, false
	}
	w := meantFor(v, service.Namespace, service.Name, service)
	if w == nil || len(w.Template.Labels) == 0 {
		return theory.Mode{}, false
	}
	have := labelList(w.Template.Labels)
	return theory.Mode{
		Name: "selects-nobody", Category: report.CategoryConfig,
		Summary: selectsNobody.With(service.Namespace, service.Name, labelList(service.Spec.Selector), w.Subject.String(), have),
		Remedy: &theory.Remedy{
			Steps: []theory.Step{{Text: setSelector.With(w.Subject.String()), Command: fmt.Sprintf("kubectl -n %s set selector service %s '%s'", service.Namespace, service.Name, have)}},
			Not:   []message.Text{setSelectorNot.With()},
			Undo:  fmt.Sprintf("kubectl -n %s set selector service %s '%s'", service.Namespace, service.Name, labelList(service.Spec.Selector)),
		},
	}, true
}

// labelList prints labels as kubectl takes them.
func labelList(labels map[string]string) string {
	var out []string
	for k, v := range labels {
		if k != "pod-template-hash" {
			out = append(out, k+"="+v)
		}
	}
	sort.Strings(out)
	return strings.Join(out, ",")
}

// expose is the step that makes a missing Service in front of the workload that
// is left of what it served; ok is false if there is none.
func expose(v *theory.View, namespace, name string, port int32) (theory.Step, bool) {
	w := meantFor(v, namespace, name, nil)
	if w == nil || w.Subject.Kind == "DaemonSet" {
		return theory.Step{}, false
	}
	ports := declaredPorts(w)
	if len(ports) != 1 {
		return theory.Step{}, false
	}
	return theory.Step{
		Text: exposeStep.With(w.Subject.String()),
		Command: fmt.Sprintf("kubectl -n %s expose %s/%s --name=%s --port=%d --target-port=%d",
			namespace, strings.ToLower(w.Subject.Kind), w.Subject.Name, name, port, ports[0].ContainerPort),
	}, true
}

// targetPort states, of a Service whose connections are refused, that its port
// leads to one that its Pods declare. What a Pod declares binds nobody, so the
// claim is stated only where a refusal says that nothing listens there, or where
// a tunnel says that connections fail and not how: then it is a suspicion.
func targetPort(v *theory.View, service *corev1.Service, port int32, w *theory.Workload, id string, refusal []theory.Evidence, then ...theory.Step) (diagnose.ID, bool) {
	if service == nil || w == nil || w.Ready == 0 {
		return "", false
	}
	i := slices.IndexFunc(service.Spec.Ports, func(p corev1.ServicePort) bool { return p.Port == port })
	ports := declaredPorts(w)
	if i < 0 || len(ports) == 0 || declared(w, target(service.Spec.Ports[i])) {
		return "", false
	}
	to := target(service.Spec.Ports[i])
	var list []string
	for _, p := range ports {
		list = append(list, strconv.Itoa(int(p.ContainerPort)))
	}
	at := serviceSubject(service.Namespace, service.Name)
	mode := theory.Mode{
		Name: "target-port", Category: report.CategoryConfig, Shows: []string{"dial-refused", "proxy-502"},
		Summary: targetWrong.With(at.Namespace, at.Name, to.String(), w.Subject.String(), strings.Join(list, ", ")),
	}
	if len(ports) == 1 {
		mode.Remedy = &theory.Remedy{Steps: append([]theory.Step{{
			Text: setTarget.With(list[0]),
			Command: fmt.Sprintf(`kubectl -n %s patch service %s --type=json -p='[{"op":"test","path":"/spec/ports/%d/port","value":%d},{"op":"replace","path":"/spec/ports/%d/targetPort","value":%s}]'`,
				at.Namespace, at.Name, i, port, i, list[0]),
		}}, then...)}
	}
	q := theory.List(v, evidence.Services).Question
	c := theory.Claim{
		ID: claimID("target-port", at), Subject: at, Suspect: targetSuspect.With(at.Namespace, at.Name),
		Verdict: diagnose.Broken, Mode: mode.Name, Modes: []theory.Mode{mode},
		Evidence: append(slices.Clone(refusal),
			theory.Evidence{Question: q, Object: at, Field: "spec.ports[].targetPort", Value: to.String()},
			theory.Evidence{Question: w.Question, Object: w.Subject, Field: "containerPort", Value: strings.Join(list, ", ")}),
	}
	if id == "proxy-502" {
		unknown(&c, diagnose.NoStandpoint, "the tunnel does not say how connections fail")
		c.Mode, c.Hint = "", 2
		// A node that is refused by the Pod itself tells.
		if t := tunnelOf(v); len(t.agents) > 0 && len(w.Pods) > 0 {
			behind := net.JoinHostPort(w.Pods[0].Status.PodIP, itoa(int(podPort(service, port, w))))
			asked, _ := reachedFrom(v, standpointsOf(v, t.agents[0].workload), func(from evidence.Standpoint) evidence.Question {
				return evidence.Question{Kind: evidence.TCP, Address: behind, From: from}
			})
			if refused, every := only(asked, "refused"); every {
				c.Verdict, c.Why, c.WhyDetail, c.Mode = diagnose.Broken, "", "", mode.Name
				c.Evidence = append(c.Evidence, citedOf(refused)...)
			}
		}
	}
	v.State(c)
	return c.ID, true
}
