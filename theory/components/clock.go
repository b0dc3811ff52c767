package components

import (
	"slices"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
)

// nodeClock is the law that the clocks of nodes are right.
var nodeClock = theory.Law{
	ID: "node-clock",
	Doc: "the clocks of nodes agree with the API server's\n\n" +
		"A certificate or token is judged by the clock of whoever is shown it. A minute is twice what leases tolerate (k8s.io/kubernetes v1.37, pkg/kubelet/nodelease); tokens are refused that were issued in the future (go-jose v4, jwt/validation.go, 2026-11). " +
		"A kubelet writes the time of each renewal into its Lease by its own clock, and the API server notes the moment of that write in managedFields by its own (k8s.io/apimachinery v0.37, pkg/util/managedfields/internal/managedfieldsupdater.go). " +
		"Nodes that are asked something else anyway are asked for their clock, too. " +
		"The node controller heeds no renewal that is older than the last one it saw (k8s.io/kubernetes v1.37, pkg/controller/nodelifecycle/node_lifecycle_controller.go; tried in the lab, 2026-11).",
	Reads: slices.Concat(nodeReads, theory.WorkloadReads, fromNodeReads),
	State: nodeClocks,
}

var (
	clockSuspect = message.Word{EN: "node's clock wrong", PT: "relógio do nó errado"}
	clockHeld    = message.Word{EN: "the clock of node %[1]s is %[2]s off the API server's", PT: "o relógio do nó %[1]s difere %[2]s do relógio do servidor da API"}
	clockAhead   = message.Word{EN: "The clock of node %[1]s is %[2]s ahead of the API server's: certificates and tokens seem expired there before they are.", PT: "O relógio do nó %[1]s está %[2]s adiantado em relação ao do servidor da API: lá, certificados e tokens parecem vencidos antes da hora."}
	clockBehind  = message.Word{EN: "The clock of node %[1]s is %[2]s behind the API server's: certificates and tokens that were just issued seem not yet valid there.", PT: "O relógio do nó %[1]s está %[2]s atrasado em relação ao do servidor da API: lá, certificados e tokens recém-emitidos parecem ainda não valer."}
	setClock     = message.Word{EN: "Synchronise the clock of node %[1]s (chrony, systemd-timesyncd or ntpd, and its way to a time server), and restart its kubelet", PT: "Sincronize o relógio do nó %[1]s (chrony, systemd-timesyncd ou ntpd, e seu acesso a um servidor de tempo), e reinicie seu kubelet"}
	forgetLease  = message.Word{EN: "On each control-plane machine, restart kube-controller-manager: it heeds no renewal of a Lease older than the last one it saw, which lies in the future, and would take the node for lost (on a managed cluster: ask the provider)", PT: "Em cada máquina do plano de controle, reinicie o kube-controller-manager: ele ignora renovações de um Lease mais antigas que a última que viu, que está no futuro, e daria o nó como perdido (em cluster gerenciado: consulte o provedor)"}
	clockNot     = message.Word{EN: "renewing certificates: those that the node refuses are valid, by the API server's clock", PT: "renovar certificados: os que o nó recusa são válidos pelo relógio do servidor da API"}
)

// clockTolerance is how far clocks may differ before it counts: leases tolerate
// half of it.
const clockTolerance = time.Minute

// telling is how far the clock of a node must be off for what it refuses to be
// put down to that: certificates are backdated by minutes, and are renewed days
// before they expire.
const telling = 10 * time.Minute

// restartManager is the command that restarts kube-controller-manager on its machine.
func restartManager(v *theory.View) string {
	if d := distributionOf(v); d != nil && d.name == "k3s" {
		return "sudo systemctl restart " + d.server // of which it is a part
	}
	return "sudo crictl stop $(sudo crictl ps -q --name " + controllerManager + ")"
}

func nodeClockID(node string) diagnose.ID {
	return claimID("node-clock", subject{Kind: "Node", Name: node, Detail: "clock"})
}

// writtenAt is when a Lease was renewed last by the API server's clock; zero:
// not known.
func writtenAt(lease *coordinationv1.Lease) time.Time {
	var at time.Time
	for _, f := range lease.ManagedFields { // those of who writes spec.renewTime
		if f.Time != nil && f.Time.After(at) {
			at = f.Time.Time
		}
	}
	return at
}

// renewedAt is when a Lease was renewed last: by its holder's clock, or by the
// API server's where that of its holder is wrong.
func renewedAt(lease *coordinationv1.Lease) time.Time {
	renewed, written := lease.Spec.RenewTime.Time, writtenAt(lease)
	if !written.IsZero() && renewed.Sub(written).Abs() > clockTolerance {
		return written
	}
	return renewed
}

// clockReading is how far the clock of a node is ahead of the API server's, and
// what tells.
type clockReading struct {
	offset time.Duration
	cited  []theory.Evidence
}

// clockOf reads the clock of a node; ok is false where nothing tells, or where
// what tells contradicts itself.
func clockOf(v *theory.View, node *corev1.Node) (r clockReading, ok bool) {
	if q, asks := clockQuestion(v, evidence.FromNode(node.Name)); asks {
		if a, answered := v.Peek(q); answered && a.Gap == nil && !a.ServerTime.IsZero() {
			return clockReading{
				offset: a.At.Sub(a.ServerTime).Round(time.Second),
				cited:  []theory.Evidence{{Question: q, Field: "Date", Value: rfc3339(a.ServerTime) + ", and " + rfc3339(a.At) + " on the node"}},
			}, true
		}
	}
	leases, listing := leasesByNode(v)
	lease, there := leases[node.Name]
	if !there || lease.Object.Spec.RenewTime == nil {
		return r, false
	}
	renewed, written, now := lease.Object.Spec.RenewTime.Time, writtenAt(lease.Object), clusterNow(v)
	// A write that the API server we asked calls neither fresh nor past is
	// another one's, and it is their clocks that differ.
	if written.IsZero() || now.Sub(written) > leaseLife(lease.Object)+leaseSlack || written.Sub(now) > clockTolerance {
		return r, false
	}
	r.offset = renewed.Sub(written).Round(time.Second)
	at := subject{Kind: "Lease", Namespace: leaseNamespace, Name: node.Name}
	r.cited = []theory.Evidence{
		{Question: listing.Question, Object: at, Field: "spec.renewTime", Value: rfc3339(renewed)},
		{Question: listing.Question, Object: at, Field: "metadata.managedFields[renewTime].time", Value: rfc3339(written)},
	}
	if r.offset.Abs() <= clockTolerance {
		return r, true
	}
	// What the kubelet says of its node must agree: it writes that every five
	// minutes at the latest.
	for _, c := range node.Status.Conditions {
		if c.Type != corev1.NodeReady || c.LastHeartbeatTime.IsZero() {
			continue
		}
		beat := c.LastHeartbeatTime.Time
		if beat.Sub(now) > r.offset+clockTolerance || beat.Sub(now) < r.offset-heartbeat-clockTolerance {
			return clockReading{}, false
		}
		r.cited = append(r.cited, theory.Evidence{
			Question: evidence.Question{Kind: evidence.List, Resource: evidence.Nodes.Name}, Object: subject{Kind: "Node", Name: node.Name},
			Field: "status.conditions[Ready].lastHeartbeatTime", Value: rfc3339(beat),
		})
		return r, true
	}
	return clockReading{}, false
}

// heartbeat is how often a kubelet writes the status of its node at least.
const heartbeat = 5 * time.Minute

// nodeClocks states of every node whose clock is known how far it is off the API
// server's.
func nodeClocks(v *theory.View) {
	for _, item := range theory.List(v, evidence.Nodes).Items {
		node := item.Object.Name
		r, ok := clockOf(v, item.Object)
		if !ok {
			continue
		}
		c := theory.Claim{
			ID: nodeClockID(node), Subject: subject{Kind: "Node", Name: node, Detail: "clock"}, Suspect: clockSuspect.With(),
			Held: clockHeld.With(node, message.Ago(r.offset.Abs())), Verdict: diagnose.Holds, Evidence: r.cited,
		}
		words, remedy := clockBehind, &theory.Remedy{
			Steps: []theory.Step{{
				Text: setClock.With(node), Command: "ssh " + node + " 'timedatectl status; sudo systemctl restart chronyd || sudo systemctl restart systemd-timesyncd; sudo systemctl restart " + kubeletService(v, item.Object) + "'",
				Action: "set-clock", Args: map[string]string{"node": node},
			}},
			Not: []message.Text{clockNot.With()},
		}
		if r.offset > 0 {
			words = clockAhead
			remedy.Steps = append(remedy.Steps, theory.Step{
				Text: forgetLease.With(), Command: restartManager(v), Interrupts: managerShort.With(),
				Action: "restart-component", Args: map[string]string{"name": controllerManager},
			})
		}
		c.Modes = []theory.Mode{{Name: "off", Category: report.CategoryClockSkew, Summary: words.With(node, message.Ago(r.offset.Abs())), Remedy: remedy}}
		if r.offset.Abs() > clockTolerance {
			c.Verdict, c.Mode = diagnose.Broken, "off"
		}
		v.State(c)
	}
}

// clockTells reports whether a node's clock is so far off that it may be the
// reason why what others present is refused there.
func clockTells(v *theory.View, node *corev1.Node) bool {
	r, ok := clockOf(v, node)
	return ok && r.offset.Abs() > telling
}
