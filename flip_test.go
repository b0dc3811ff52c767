package laudo_test

import (
	"context"
	"encoding/pem"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	apiregistrationv1 "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"

	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/report"
)

// altered is a source of which some answers and objects are changed.
type altered struct {
	evidence.Source
	answer func(*evidence.Answer)
	// object changes an object, and reports whether it still exists.
	object func(runtime.Object) bool
}

func (s altered) Ask(ctx context.Context, q evidence.Question, each func(runtime.Object)) evidence.Answer {
	gone := false
	a := s.Source.Ask(ctx, q, func(o runtime.Object) {
		if o = o.DeepCopyObject(); s.object == nil || s.object(o) {
			each(o)
			return
		}
		gone = true
	})
	if gone && q.Kind == evidence.Get {
		a.Absent = true
	}
	if s.answer != nil {
		s.answer(&a)
	}
	return a
}

// flip breaks the fact that ruled something out.
type flip struct {
	answer func(*evidence.Answer)
	object func(runtime.Object) bool
}

// fails makes every log request fail with a text.
func fails(text string) flip {
	return flip{answer: func(a *evidence.Answer) {
		if a.Question.Kind == evidence.Log {
			*a = evidence.Answer{Question: a.Question, At: a.At, Status: 500, Text: text}
		}
	}}
}

// reaches makes the handshake with the agents' server end at a stage.
func reaches(stage, text string) flip {
	return flip{answer: func(a *evidence.Answer) {
		if a.Question.Kind == evidence.TLS && a.Shake != nil {
			shake := *a.Shake
			shake.Stage, shake.Error = stage, text
			if stage != "client" {
				shake.Peer = nil
			}
			a.Shake = &shake
		}
	}}
}

// shows makes the agents' server show another certificate.
func shows(der []byte) flip {
	return flip{answer: func(a *evidence.Answer) {
		if a.Question.Kind == evidence.TLS && a.Shake != nil {
			shake := *a.Shake
			shake.Peer = [][]byte{der}
			a.Shake = &shake
		}
	}}
}

// says makes every APIService unavailable, with a reason and a message.
func says(reason, message string) flip {
	return flip{object: func(o runtime.Object) bool {
		if api, ok := o.(*apiregistrationv1.APIService); ok && api.Spec.Service != nil {
			api.Status.Conditions = []apiregistrationv1.APIServiceCondition{{
				Type: apiregistrationv1.Available, Status: apiregistrationv1.ConditionFalse, Reason: reason, Message: message,
			}}
		}
		if d, ok := o.(*appsv1.Deployment); ok && reason == "MissingEndpoints" {
			d.Status.ReadyReplicas = 0
		}
		return true
	}}
}

// version makes the API server answer the first request differently.
func version(gap *evidence.Gap, status int) flip {
	return flip{answer: func(a *evidence.Answer) {
		if a.Question.Path == "/version" {
			a.Gap, a.Status, a.Text = gap, status, ""
		}
	}}
}

// both breaks two facts at once.
func both(a, b flip) flip {
	return flip{answer: func(answer *evidence.Answer) {
		a.answer(answer)
		b.answer(answer)
	}}
}

const dialed = `Get "https://192.0.2.9:10250/containerLogs/a/b/c": `

// flips says, for each law, what breaks the fact that one of its claims was
// ruled out by. The subject is what follows the law's name in the id.
func flips(t *testing.T, subject string) map[string]flip {
	expired := pemOf(t, "old", time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC))
	block, _ := pem.Decode(expired)
	noAgent := fails(dialed + "No agent available")
	noAgentAndSilent := noAgent
	noAgentAndSilent.answer = func(a *evidence.Answer) {
		noAgent.answer(a)
		reaches("port", "connection refused").answer(a)
	}
	noFigures := flip{answer: func(a *evidence.Answer) {
		if strings.HasPrefix(a.Question.Path, "/apis/metrics") {
			a.Text = `{"items":[]}`
		}
	}}
	down := version(&evidence.Gap{Why: evidence.Unreachable, Detail: "connection refused"}, 0)
	return map[string]flip{
		"kubelet-alive": {object: func(o runtime.Object) bool {
			if lease, ok := o.(*coordinationv1.Lease); ok && strings.HasSuffix(subject, " "+lease.Name) {
				renewBefore(lease, time.Hour)
			}
			// A node that is Ready has a kubelet that lives.
			if node, ok := o.(*corev1.Node); ok && strings.HasSuffix(subject, " "+node.Name) {
				for i := range node.Status.Conditions {
					if node.Status.Conditions[i].Type == corev1.NodeReady {
						node.Status.Conditions[i].Status = corev1.ConditionUnknown
					}
				}
			}
			return true
		}},
		"node-ready": {object: func(o runtime.Object) bool {
			if node, ok := o.(*corev1.Node); ok {
				for i := range node.Status.Conditions {
					if node.Status.Conditions[i].Type == corev1.NodeReady {
						node.Status.Conditions[i].Status = corev1.ConditionFalse
					}
				}
			}
			return true
		}},
		"running": {object: func(o runtime.Object) bool {
			if pod, ok := o.(*corev1.Pod); ok && strings.HasPrefix(pod.Name, subject[strings.LastIndex(subject, "/")+1:]) {
				for i := range pod.Status.ContainerStatuses {
					pod.Status.ContainerStatuses[i].State = corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "CrashLoopBackOff"}}
				}
			}
			return true
		}},
		"certificate-valid": {
			answer: func(a *evidence.Answer) {
				if a.Client != nil && strings.HasPrefix(subject, "Kubeconfig") {
					conf := *a.Client
					conf.Cert = string(expired)
					a.Client = &conf
				}
				if strings.HasPrefix(subject, "Endpoint") {
					shows(block.Bytes).answer(a)
				}
			},
			object: func(o runtime.Object) bool {
				if s, ok := o.(*corev1.Secret); ok {
					for key := range s.Data {
						if strings.HasSuffix(subject, " "+key) {
							s.Data[key] = expired
						}
					}
				}
				if c, ok := o.(*corev1.ConfigMap); ok {
					for key := range c.Data {
						if strings.HasSuffix(subject, " "+key) {
							c.Data[key] = string(expired)
						}
					}
				}
				return true
			},
		},
		"token-valid": {answer: func(a *evidence.Answer) {
			if a.Client != nil {
				conf := *a.Client
				conf.TokenExpires = conf.TokenExpires.Add(-100 * 24 * time.Hour)
				a.Client = &conf
			}
		}},
		"client-in-use": {object: func(o runtime.Object) bool {
			if s, ok := o.(*corev1.Secret); ok {
				now := metav1.NewTime(time.Now().Add(100 * 365 * 24 * time.Hour))
				s.ManagedFields = append(s.ManagedFields, metav1.ManagedFieldsEntry{Manager: "x", Time: &now})
			}
			return true
		}},
		"agent-name": {object: func(o runtime.Object) bool {
			var spec *corev1.PodSpec
			switch w := o.(type) {
			case *appsv1.Deployment:
				spec = &w.Spec.Template.Spec
			case *appsv1.DaemonSet:
				spec = &w.Spec.Template.Spec
			default:
				return true
			}
			for i := range spec.Containers {
				for _, words := range [][]string{spec.Containers[i].Command, spec.Containers[i].Args} {
					for j, arg := range words {
						if strings.HasPrefix(arg, "--proxy-server-host=") {
							words[j] = "--proxy-server-host=tunnel.example.com"
						}
						if arg == "--proxy-server-host" && j+1 < len(words) {
							words[j+1] = "tunnel.example.com"
						}
					}
				}
			}
			return true
		}},
		"agent-listens":            reaches("port", "connection refused"),
		"certificate-names":        shows(block.Bytes),
		"agent-ca":                 shows(block.Bytes),
		"client-trusted":           reaches("client", "remote error: tls: unknown certificate authority"),
		"konnectivity-server":      fails(dialed + `rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix /tunnel-uds/socket: connect: connection refused"`),
		"egress":                   fails(dialed + `rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix /tunnel-uds/socket: connect: no such file or directory"`),
		"agent-address":            noAgentAndSilent,
		"agents-answer":            fails(dialed + "dial timeout, backstop"),
		"kubelet-name":             fails(dialed + "dial tcp: lookup n1 on 192.0.2.53:53: no such host"),
		"kubelet-port":             fails(dialed + "dial tcp 192.0.2.9:10250: i/o timeout"),
		"kubelet-tls":              fails(dialed + "tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-22T03:00:00Z is after 2026-11-08T03:00:00Z"),
		"kubelet-authz":            fails("Forbidden (user=kube-apiserver-kubelet-client, verb=get, resource=nodes, subresource=proxy)"),
		"kubelet-client":           fails("the server has asked for the client to provide credentials ( pods/log a)"),
		"kubelet-client-ca":        fails("the server has asked for the client to provide credentials ( pods/log a)"),
		"apiserver-kubelet-client": fails("the server has asked for the client to provide credentials ( pods/log a)"),
		"agent-port":               noAgent,
		"agent-path-mtu":           noAgent,
		"agent-token":              noAgent,
		"service": {object: func(o runtime.Object) bool {
			_, ok := o.(*corev1.Service)
			return !ok
		}},
		"endpoints":      says("MissingEndpoints", `endpointslices for service/x in "y" have no addresses with port name "https"`),
		"backend-port":   says("FailedDiscoveryCheck", `failing or missing response from https://192.0.2.4:443/apis/a/v1: Get "https://192.0.2.4:443/apis/a/v1": dial tcp 192.0.2.4:443: connect: no route to host`),
		"backend-tls":    says("FailedDiscoveryCheck", `failing or missing response from https://192.0.2.4:443/apis/a/v1: Get "https://192.0.2.4:443/apis/a/v1": tls: failed to verify certificate: x509: certificate signed by unknown authority`),
		"backend-client": says("FailedDiscoveryCheck", `failing or missing response from https://192.0.2.4:443/apis/a/v1: bad status from https://192.0.2.4:443/apis/a/v1: 401`),
		"scrape":         noFigures, "scrape-trust": noFigures, "scrape-rights": noFigures,
		"token-review": {object: func(o runtime.Object) bool {
			b, ok := o.(*rbacv1.ClusterRoleBinding)
			return !ok || !slices.ContainsFunc(b.Subjects, func(s rbacv1.Subject) bool { return strings.Contains(s.Name, "konnectivity") })
		}},
		"scrape-address": {object: func(o runtime.Object) bool {
			if w, ok := o.(*appsv1.Deployment); ok {
				for i := range w.Spec.Template.Spec.Containers {
					c := &w.Spec.Template.Spec.Containers[i]
					c.Args = slices.DeleteFunc(c.Args, func(arg string) bool { return strings.HasPrefix(arg, "--kubelet-preferred-address-types") })
				}
			}
			return true
		}, answer: noFigures.answer},
		"api-name":              both(down, reaches("name", "lookup api: no such host")),
		"api-port":              both(down, reaches("port", "connection refused")),
		"api-speaks-tls":        both(down, reaches("tls", "EOF")),
		"api-certificate-valid": both(down, shows(block.Bytes)),
		"api-ca":                both(down, shows(block.Bytes)),
		"api-names":             both(down, shows(block.Bytes)),
		"api-serves":            down,
		"etcd": {answer: func(a *evidence.Answer) {
			if strings.HasPrefix(a.Question.Path, "/readyz") {
				a.Status, a.Text = 500, "[+]ping ok\n[-]etcd failed: reason withheld\nreadyz check failed"
			}
		}},
		"etcd-writes": {object: func(o runtime.Object) bool {
			if lease, ok := o.(*coordinationv1.Lease); ok && lease.Spec.RenewTime != nil {
				renewBefore(lease, time.Hour)
			}
			return true
		}},
		"api-client": version(&evidence.Gap{Why: evidence.Unauthorized, Detail: "Unauthorized"}, 401),
	}
}

// renewBefore moves the last renewal of a Lease back: by the clock of who holds
// it, and by that of the API server, which notes it.
func renewBefore(lease *coordinationv1.Lease, by time.Duration) {
	old := metav1.NewMicroTime(lease.Spec.RenewTime.Add(-by))
	lease.Spec.RenewTime = &old
	for i := range lease.ManagedFields {
		if at := lease.ManagedFields[i].Time; at != nil {
			lease.ManagedFields[i].Time = &metav1.Time{Time: at.Add(-by)}
		}
	}
}

// TestRuledOutFlips breaks, for each thing that was ruled out of each recorded
// incident, the very fact that ruled it out: it must no longer be ruled out.
func TestRuledOutFlips(t *testing.T) {
	for _, dir := range incidents(t) {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			bundle := open(t, dir)
			for _, item := range diagnosed(t, bundle, options(dir)).RuledOut {
				for _, id := range ruledOutIDs(item) {
					law, subject, _ := strings.Cut(id, ":")
					f, ok := flips(t, subject)[law]
					if item.Reason == "not-in-cone" {
						f = fails(dialed + "No agent available")
					}
					if !ok {
						t.Errorf("no way is known to break what ruled out %s (%s, %s)", id, item.Reason, item.Because)
						continue
					}
					doc := diagnosed(t, altered{bundle, f.answer, f.object}, options(dir))
					// Something else may rule it out then.
					if slices.ContainsFunc(doc.RuledOut, func(r report.RuledOut) bool {
						return r.Reason == item.Reason && slices.Contains(ruledOutIDs(r), id)
					}) {
						t.Errorf("%s is still ruled out when its fact is broken (%s: %s)", id, item.Reason, item.Because)
					}
				}
			}
		})
	}
}

// ruledOutIDs are the ids of everything that one item rules out.
func ruledOutIDs(r report.RuledOut) []string {
	law, _, _ := strings.Cut(r.ID, ":")
	ids := []string{r.ID}
	for _, m := range r.Members {
		s := m.Kind + " "
		if m.Namespace != "" {
			s += m.Namespace + "/"
		}
		s += m.Name
		if m.Detail != "" {
			s += " " + m.Detail
		}
		if id := law + ":" + s; !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}
