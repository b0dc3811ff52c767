package components

import (
	"maps"
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/kubelaudo/laudo/decode"
	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
)

// kubelet is the agent of the control plane on each node: it renews the node's
// lease, runs the Pods, and serves logs, exec and metrics on port 10250.
var kubelet = theory.Component{
	Name: "kubelet",
	For: message.Word{
		EN: "the node's agent: it runs the Pods, renews the node's lease, and serves logs, exec and metrics on port 10250",
		PT: "o agente do nó: executa os Pods, renova o lease do nó e serve logs, exec e métricas na porta 10250",
	},
	Laws: []theory.Law{
		{
			ID: "kubelet-alive",
			Doc: "every kubelet renews its node's lease\n\n" +
				"A kubelet renews its Lease in kube-node-lease every 10 s, for 40 s (kubernetes.io/docs/concepts/architecture/leases; kubelet defaults in k8s.io/kubernetes v1.37, pkg/kubelet, 2026-11). " +
				"The node controller sets Ready to Unknown when that stops.",
			Reads: append(slices.Concat(nodeReads, logReads), theory.Read{Verb: theory.VerbList, Resource: evidence.FlowSchemas.Name, Helps: true}),
			State: kubeletsAlive,
		},
		{
			ID: "logs",
			Doc: "the log of a Pod on any node can be read\n\n" +
				"One byte of one Pod's log on each node shows the whole way from the API server to the kubelet; its content is dropped. " +
				"Sources: apimachinery pkg/util/proxy/upgradeaware.go and pkg/registry/core/pod/rest/log.go in k8s.io/kubernetes v1.37; apiserver-network-proxy v0.36 (2026-11).",
			Reads: append(slices.Concat(nodeReads, logReads, fromNodeReads, apiServiceReads), csrRead),
			State: logsFlow,
		},
		skew,
	},
}

var nodeReads = []theory.Read{
	{Verb: theory.VerbList, Resource: evidence.Nodes.Name},
	{Verb: theory.VerbList, Resource: evidence.Leases.Name},
	versionRead,
}

var logReads = append(slices.Clone(theory.WorkloadReads), theory.Read{Verb: theory.VerbLog}, metricsRead, dialRead)

const (
	leaseNamespace = "kube-node-lease"
	// leaseSlack is what is added to a lease's duration before it counts as
	// stale: one renewal may be late.
	leaseSlack = 10 * time.Second
	// probedNodes is how many nodes are probed for logs at most, and probes how
	// often each: a request takes one of several agents at random.
	probedNodes = 8
	probes      = 3
	// comparedNodes is how many nodes are probed where some fail and some do not.
	comparedNodes = 40
)

var (
	kubeletSilent  = message.Word{EN: "The kubelet of node %[1]s stopped renewing its lease %[2]s ago.", PT: "O kubelet do nó %[1]s parou de renovar seu lease há %[2]s."}
	kubeletStopped = message.Word{EN: "The kubelet of node %[1]s does not run: its lease stopped %[2]s ago, and the machine is up but refuses connections on the kubelet's port %[3]s.", PT: "O kubelet do nó %[1]s não está em execução: seu lease parou há %[2]s, e a máquina está no ar mas recusa conexões na porta %[3]s do kubelet."}
	nodeGone       = message.Word{EN: "Node %[1]s does not answer at all: its lease stopped %[2]s ago, and nothing comes back from port %[3]s. The machine is down, or cut off from the network.", PT: "O nó %[1]s não responde: seu lease parou há %[2]s, e nada volta da porta %[3]s. A máquina está desligada ou isolada da rede."}
	kubeletCutOff  = message.Word{EN: "The kubelet of node %[1]s runs and serves, but has not renewed its lease for %[2]s: it cannot reach the API server, or is not let in.", PT: "O kubelet do nó %[1]s está em execução e responde, mas não renova seu lease há %[2]s: não alcança o servidor da API, ou não é aceito por ele."}
	kubeletHolds   = message.Word{EN: "the lease of %[1]s was renewed %[2]s before we looked", PT: "o lease de %[1]s foi renovado %[2]s antes de olharmos"}
	kubeletsHold   = message.Word{EN: "%[1]s of %[1]s leases renewed in time", PT: "%[1]s de %[1]s leases renovados em dia"}
	kubeletSuspect = message.Word{EN: "kubelet down", PT: "kubelet parado"}
	leaseStopped   = message.Word{EN: "last lease renewal of %[1]s", PT: "última renovação do lease de %[1]s"}

	nodeNotReady     = message.Word{EN: "node %[1]s is not Ready: %[2]s", PT: "o nó %[1]s não está Ready: %[2]s"}
	nodeReadyHeld    = message.Word{EN: "node %[1]s is Ready", PT: "o nó %[1]s está Ready"}
	nodeCondition    = message.Word{EN: "Node %[1]s says itself that it is not Ready: %[2]s.", PT: "O próprio nó %[1]s informa que não está Ready: %[2]s."}
	nodeSuspect      = message.Word{EN: "node not Ready", PT: "nó não está Ready"}
	nodeTurnedEvent  = message.Word{EN: "node %[1]s stopped being Ready", PT: "o nó %[1]s deixou de estar Ready"}
	startKubelet     = message.Word{EN: "Start the kubelet on %[1]s, and see why it stopped", PT: "Inicie o kubelet em %[1]s, e veja por que parou"}
	seeMachine       = message.Word{EN: "See whether the machine %[1]s runs, and its network", PT: "Veja se a máquina %[1]s está ligada, e a sua rede"}
	notDrain         = message.Word{EN: "draining the node: its Pods cannot be stopped through a kubelet that does not run", PT: "drenar o nó: seus Pods não podem ser parados por um kubelet que não está em execução"}
	logsFail         = message.Word{EN: "logs and exec of Pods on %[1]s fail: %[2]s", PT: "logs e exec de Pods em %[1]s falham: %[2]s"}
	logsHang         = message.Word{EN: "logs and exec on %[1]s hang: no answer in %[2]s", PT: "logs e exec em %[1]s travam: nenhuma resposta em %[2]s"}
	logsHold         = message.Word{EN: "the log of a Pod on %[1]s arrives", PT: "o log de um Pod em %[1]s chega"}
	logsAllHold      = message.Word{EN: "logs arrive from %[1]s of %[1]s probed nodes", PT: "logs chegam de %[1]s de %[1]s nós testados"}
	logsSome         = message.Word{EN: "%[1]s of %[2]s log requests to %[3]s fail: %[4]s", PT: "%[1]s de %[2]s requisições de log a %[3]s falham: %[4]s"}
	logsSuspect      = message.Word{EN: "logs not readable", PT: "logs ilegíveis"}
	logsTitle        = message.Word{EN: "kubectl logs and exec, Pods on %[1]s", PT: "kubectl logs e exec, Pods em %[1]s"}
	kubeletPortTitle = message.Word{EN: "kubelet port blocked", PT: "porta do kubelet bloqueada"}
	kubeletPortOpen  = message.Word{EN: "port %[1]s of %[2]s answers", PT: "a porta %[1]s de %[2]s responde"}
	kubeletPortsOpen = message.Word{EN: "the kubelet ports of %[1]s of %[1]s probed nodes answer", PT: "as portas do kubelet de %[1]s de %[1]s nós testados respondem"}
	kubeletBlocked   = message.Word{EN: "Packets to the kubelet's port %[1]s on node %[2]s are dropped on the way (%[3]s): the node itself is alive, its lease is renewed.", PT: "Pacotes para a porta %[1]s do kubelet no nó %[2]s são descartados no caminho (%[3]s): o nó em si está vivo, seu lease é renovado."}
	kubeletRefuses   = message.Word{EN: "Node %[2]s refuses connections on the kubelet's port %[1]s (%[3]s).", PT: "O nó %[2]s recusa conexões na porta %[1]s do kubelet (%[3]s)."}
	openKubelet      = message.Word{EN: "Let TCP %[1]s through to node %[2]s from where the API server's connections come from (with Konnectivity: the nodes of the agents): host firewall, security group or NSG, NetworkPolicy, routes", PT: "Libere TCP %[1]s para o nó %[2]s a partir de onde vêm as conexões do servidor da API (com Konnectivity: os nós dos agentes): firewall do host, security group ou NSG, NetworkPolicy, rotas"}
	nameOfNode       = message.Word{EN: "The name of node %[1]s does not resolve where the connection to its kubelet is made (%[2]s).", PT: "O nome do nó %[1]s não resolve de onde parte a conexão ao seu kubelet (%[2]s)."}
	nameOfNodeTitle  = message.Word{EN: "node name not resolved", PT: "nome do nó não resolvido"}
	preferAddress    = message.Word{EN: "Let the API server prefer addresses: --kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname", PT: "Faça o servidor da API preferir endereços: --kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname"}
	kubeletTLSTitle  = message.Word{EN: "kubelet's serving certificate not accepted", PT: "certificado de servidor do kubelet não aceito"}
	kubeletTLSBroken = message.Word{EN: "The API server does not accept the serving certificate of the kubelet on %[1]s: %[2]s.", PT: "O servidor da API não aceita o certificado de servidor do kubelet em %[1]s: %[2]s."}
	kubeletNoCert    = message.Word{EN: "The kubelet on %[1]s has no serving certificate: its certificate signing request is pending or denied (%[2]s).", PT: "O kubelet em %[1]s não tem certificado de servidor: sua requisição de assinatura está pendente ou negada (%[2]s)."}
	approveCSR       = message.Word{EN: "Approve the pending request of node %[1]s, after checking who made it", PT: "Aprove a requisição pendente do nó %[1]s, depois de conferir quem a fez"}
	renewKubeletCert = message.Word{EN: "Let the kubelet of %[1]s get a new serving certificate: move the old files away and restart it (with serverTLSBootstrap, then approve its request)", PT: "Faça o kubelet de %[1]s obter um novo certificado de servidor: tire os arquivos antigos do caminho e reinicie-o (com serverTLSBootstrap, aprove depois sua requisição)"}
	kubeletWhoTitle  = message.Word{EN: "API server not known to the kubelet", PT: "servidor da API desconhecido pelo kubelet"}
	kubeletMayTitle  = message.Word{EN: "API server not allowed at the kubelet", PT: "servidor da API sem permissão no kubelet"}
	kubeletMay       = message.Word{EN: "The kubelet on %[1]s does not let the API server's user do this (%[2]s): the ClusterRoleBinding to system:kubelet-api-admin is missing.", PT: "O kubelet em %[1]s não permite isto ao usuário do servidor da API (%[2]s): falta o ClusterRoleBinding para system:kubelet-api-admin."}
	grantKubelet     = message.Word{EN: "Bind the API server's user to system:kubelet-api-admin", PT: "Vincule o usuário do servidor da API a system:kubelet-api-admin"}
	renewKubeletUser = message.Word{EN: "Renew the API server's kubelet client certificate and restart the API server", PT: "Renove o certificado de cliente do servidor da API para o kubelet e reinicie o servidor da API"}
	secondsAgo       = message.Word{EN: "seconds", PT: "segundos"}
	fromANode        = message.Word{EN: "from a node where an agent runs", PT: "de um nó onde há um agente"}
)

func kubeletID(node string) diagnose.ID {
	return claimID("kubelet-alive", subject{Kind: "Node", Name: node})
}

func nodeReadyID(node string) diagnose.ID {
	return claimID("node-ready", subject{Kind: "Node", Name: node})
}

func logsID(node string) diagnose.ID { return claimID("logs", subject{Kind: "Node", Name: node}) }

func kubeletStageID(stage theory.Stage, node string) diagnose.ID {
	return claimID("kubelet-"+stage.String(), subject{Kind: "Node", Name: node})
}

// kubeletPort is the port of a node's kubelet.
func kubeletPort(node *corev1.Node) string {
	if port := node.Status.DaemonEndpoints.KubeletEndpoint.Port; port != 0 {
		return strconv.Itoa(int(port))
	}
	return "10250"
}

func leasesByNode(v *theory.View) (map[string]evidence.Item[*coordinationv1.Lease], theory.Listing[*coordinationv1.Lease]) {
	leases := theory.List(v, evidence.Leases)
	return theory.Derive(v, "node-leases", func() map[string]evidence.Item[*coordinationv1.Lease] {
		byNode := map[string]evidence.Item[*coordinationv1.Lease]{}
		for _, item := range leases.Items {
			if item.Object.Namespace == leaseNamespace {
				byNode[item.Object.Name] = item
			}
		}
		return byNode
	}), leases
}

func kubeletsAlive(v *theory.View) {
	nodes := theory.List(v, evidence.Nodes)
	leases, listing := leasesByNode(v)
	now := clusterNow(v)
	requests := logRequests(v)
	for _, item := range nodes.Items {
		node := item.Object
		at := subject{Kind: "Node", Name: node.Name}
		alive := theory.Claim{ID: kubeletID(node.Name), Subject: at, Suspect: kubeletSuspect.With(), HeldAll: kubeletsHold}
		remedy := &theory.Remedy{
			Steps: []theory.Step{{
				Text: startKubelet.With(node.Name), Command: "ssh " + node.Name + " 'sudo systemctl restart " + kubeletService(v, node) + "; sudo journalctl -u " + kubeletService(v, node) + " -n 50'",
				Action: "start-kubelet", Args: map[string]string{"node": node.Name},
			}},
			Not: []message.Text{notDrain.With()},
		}
		machine := &theory.Remedy{Steps: []theory.Step{{Text: seeMachine.With(node.Name), Command: "ping -c1 " + node.Name}}}
		lease, ok := leases[node.Name]
		switch {
		case !listing.Known():
			why, detail := listing.Why()
			unknown(&alive, why, detail)
		case !ok || lease.Object.Spec.RenewTime == nil:
			unknown(&alive, diagnose.NoStandpoint, "no lease")
		default:
			renewed := renewedAt(lease.Object)
			age := now.Sub(renewed)
			alive.Evidence = []theory.Evidence{{
				Question: listing.Question, Object: subject{Kind: "Lease", Namespace: leaseNamespace, Name: node.Name},
				Field: "spec.renewTime", Value: rfc3339(renewed),
			}}
			if age <= leaseLife(lease.Object)+leaseSlack {
				alive.Verdict = diagnose.Holds
				alive.Held = kubeletHolds.With(node.Name, message.Ago(max(age, 0)))
				break
			}
			if nodeIsReady(node) {
				// The node controller, by its own clock, has seen it renew: the
				// node's clock is behind, or it stopped only now.
				unknown(&alive, diagnose.NoStandpoint, "the lease looks old, and the node is Ready")
				break
			}
			alive.Verdict = diagnose.Broken
			if ids := kubeletsTurnedAway(v); len(ids) > 0 {
				alive.Needs = append(alive.Needs, all(ids...))
			}
			alive.Began = diagnose.Interval{After: renewed, Before: renewed.Add(leaseLife(lease.Object))}
			alive.Events = []theory.Event{{At: renewed, Text: leaseStopped.With(node.Name), Evidence: alive.Evidence}}
			alive.Mode = silenceOf(requests[node.Name])
			port, ago := kubeletPort(node), message.Ago(age)
			alive.Modes = []theory.Mode{
				{Name: "silent", Category: report.CategoryKubeletDown, Summary: kubeletSilent.With(node.Name, ago), Remedy: remedy},
				{Name: "stopped", Category: report.CategoryKubeletDown, Summary: kubeletStopped.With(node.Name, ago, port), Remedy: remedy},
				{Name: "gone", Category: report.CategoryKubeletDown, Summary: nodeGone.With(node.Name, ago, port), Remedy: machine},
				{Name: "cut-off", Category: report.CategoryKubeletDown, Summary: kubeletCutOff.With(node.Name, ago), Remedy: letKubeletIn(node.Name)},
			}
		}
		if alive.Modes == nil {
			alive.Modes = []theory.Mode{{Name: "silent", Category: report.CategoryKubeletDown, Summary: kubeletSilent.With(node.Name, secondsAgo), Remedy: remedy}}
		}
		v.State(alive)
		stateNodeReady(v, nodes.Question, node)
	}
}

// silent reports whether the kubelet of a node is seen not to renew its lease.
func silent(v *theory.View, name string) bool {
	leases, _ := leasesByNode(v)
	lease, ok := leases[name]
	if !ok || lease.Object.Spec.RenewTime == nil || clusterNow(v).Sub(lease.Object.Spec.RenewTime.Time) <= leaseLife(lease.Object)+leaseSlack {
		return false
	}
	nodes := theory.List(v, evidence.Nodes).Items
	i := slices.IndexFunc(nodes, func(n nodeItem) bool { return n.Object.Name == name })
	return i >= 0 && !nodeIsReady(nodes[i].Object)
}

func leaseLife(lease *coordinationv1.Lease) time.Duration {
	if s := lease.Spec.LeaseDurationSeconds; s != nil {
		return time.Duration(*s) * time.Second
	}
	return 40 * time.Second
}

// silenceOf says, of a kubelet that no longer renews its lease, what a request
// to its port showed.
func silenceOf(r *logRequest) string {
	if r == nil || r.tried == 0 {
		return "silent"
	}
	if r.failed < r.tried {
		return "cut-off"
	}
	switch r.stage {
	case theory.StagePort:
		if r.mode == "refused" {
			return "stopped"
		}
		return "gone"
	case theory.StageTLS, theory.StageClient, theory.StageAuthz:
		return "cut-off"
	}
	return "silent"
}

func stateNodeReady(v *theory.View, q evidence.Question, node *corev1.Node) {
	at := subject{Kind: "Node", Name: node.Name}
	ready := theory.Claim{
		ID: nodeReadyID(node.Name), Subject: at, Symptom: "node",
		Suspect: nodeSuspect.With(), Held: nodeReadyHeld.With(node.Name), Needs: []diagnose.Need{all(kubeletID(node.Name))},
	}
	for _, c := range node.Status.Conditions {
		if c.Type != corev1.NodeReady {
			continue
		}
		ready.Evidence = []theory.Evidence{{Question: q, Object: at, Field: "status.conditions[Ready]", Value: string(c.Status) + " " + c.Reason}}
		if c.Status == corev1.ConditionTrue {
			ready.Verdict = diagnose.Holds
			break
		}
		if age := clusterNow(v).Sub(node.CreationTimestamp.Time); age >= 0 && age < youngNode {
			unknown(&ready, diagnose.Hidden, "") // it is still joining
			break
		}
		if since := clusterNow(v).Sub(c.LastTransitionTime.Time); justStartedKubelet(c.Message) && since < settlesIn {
			unknown(&ready, diagnose.Hidden, "") // its kubelet has just started
			break
		}
		ready.Verdict = diagnose.Broken
		ready.Seen = nodeNotReady.With(node.Name, c.Message)
		ready.Began = exactly(c.LastTransitionTime.Time)
		ready.Events = []theory.Event{{At: c.LastTransitionTime.Time, Text: nodeTurnedEvent.With(node.Name), Evidence: ready.Evidence}}
		if c.Status == corev1.ConditionFalse {
			ready.Mode = "says-so"
			ready.Modes = []theory.Mode{{Name: "says-so", Category: report.CategoryOther, Summary: nodeCondition.With(node.Name, c.Message)}}
			if id, ok := cniID(v, node, c, ready.Evidence); ok {
				ready.Sum, ready.Needs = true, append(ready.Needs, all(id))
			}
			if runtimeDown(c.Message) {
				ready.Mode = "runtime"
				ready.Modes = []theory.Mode{{Name: "runtime", Category: report.CategoryKubeletDown, Summary: runtimeWords.With(node.Name, c.Message), Remedy: &theory.Remedy{
					Steps: []theory.Step{{
						Text: startRuntime.With(node.Name), Command: "ssh " + node.Name + " 'sudo systemctl restart " + runtimeService(v, node) + "; sudo journalctl -u " + runtimeService(v, node) + " -n 50'",
						Action: "start-container-runtime", Args: map[string]string{"node": node.Name},
					}},
					Not: []message.Text{notKubelet.With()},
				}}}
			}
		}
	}
	v.State(ready)
}

// runtimeDown reports whether a kubelet says of itself that it cannot work for
// want of its container runtime.
// Source: k8s.io/kubernetes v1.37, pkg/kubelet/runtime.go and pleg (2026-11).
func runtimeDown(said string) bool {
	return strings.Contains(said, "container runtime is down") || strings.Contains(said, notChecked) ||
		strings.Contains(said, "PLEG is not healthy")
}

// notChecked and notListed are what every kubelet says as it starts, and goes on
// saying where its runtime does not answer; settlesIn is how long it may, on a
// machine under load.
const (
	notChecked = "container runtime status check may not have completed yet"
	notListed  = "pleg has yet to be successful"
	settlesIn  = 90 * time.Second
)

// justStartedKubelet reports whether a kubelet says of itself nothing but what it
// says as it starts.
func justStartedKubelet(said string) bool {
	return (strings.Contains(said, notChecked) || strings.Contains(said, notListed)) && !strings.Contains(said, "container runtime is down")
}

var (
	runtimeWords = message.Word{EN: "The kubelet of node %[1]s runs, and its container runtime does not answer it: %[2]s.", PT: "O kubelet do nó %[1]s está em execução, e seu container runtime não lhe responde: %[2]s."}
	startRuntime = message.Word{EN: "Restart the container runtime on %[1]s, and see why it stopped; its containers go on meanwhile", PT: "Reinicie o container runtime em %[1]s, e veja por que parou; seus contêineres seguem em execução"}
	notKubelet   = message.Word{EN: "only restarting the kubelet: it waits for the runtime", PT: "apenas reiniciar o kubelet: ele espera pelo runtime"}
)

// logRequest is what requests for the logs on one node brought.
type logRequest struct {
	pod           *corev1.Pod
	tried, failed int
	hung          bool
	text          string
	finding       *decode.Finding
	// stage is where the failed requests failed on the way to the kubelet;
	// NoStage: before it, or not known.
	stage theory.Stage
	mode  string
	cited []theory.Evidence
	why   diagnose.Why // nothing was learned, because
	note  string
	asked bool // false: not all was asked yet
}

// logRequests asks for one byte of the log of one Pod on each of some nodes,
// and returns what came, by node.
func logRequests(v *theory.View) map[string]*logRequest {
	nodes, pods := nodesOrHosts(v), theory.List(v, evidence.Pods)
	first := theory.Derive(v, "log-pods", func() map[string]*corev1.Pod { return choosePods(nodes, pods.Items, probedNodes) })
	ready := counted(v)
	return theory.Derive(v, "log-requests", func() map[string]*logRequest {
		out := map[string]*logRequest{}
		some, failed := false, false
		request := func(chosen map[string]*corev1.Pod) {
			for node, pod := range chosen {
				if !ready {
					out[node] = &logRequest{pod: pod, why: diagnose.NotAsked}
				} else if out[node] == nil {
					out[node] = requestLog(v, pod)
				}
				r := out[node]
				some, failed = some || r.tried > r.failed, failed || r.failed > 0
			}
		}
		request(first)
		if some && failed && len(first) == probedNodes {
			// Which ones fail says where to look: more of them are asked.
			request(choosePods(nodes, pods.Items, comparedNodes))
		}
		return out
	})
}

// nodesOrHosts returns the nodes, or, where they may not be listed, a stand-in
// for each node that a Pod runs on: the built-in view role shows Pods and their
// logs, and no nodes.
func nodesOrHosts(v *theory.View) []nodeItem {
	nodes, pods := theory.List(v, evidence.Nodes), theory.List(v, evidence.Pods)
	if nodes.Known() || !nodes.Asked {
		return nodes.Items
	}
	return theory.Derive(v, "hosts", func() []nodeItem {
		names := map[string]bool{}
		for _, item := range pods.Items {
			if item.Object.Spec.NodeName != "" {
				names[item.Object.Spec.NodeName] = true
			}
		}
		hosts := slices.Clone(nodes.Items)
		for _, name := range sortedNames(names) {
			host := &corev1.Node{}
			host.Name = name
			hosts = append(hosts, nodeItem{Object: host, From: pods.Question})
		}
		return hosts
	})
}

// choosePods picks the Pods whose logs are asked for: one on each node, on a
// handful of nodes, those in trouble first.
func choosePods(nodes []nodeItem, pods []evidence.Item[*corev1.Pod], most int) map[string]*corev1.Pod {
	first := map[string]*corev1.Pod{}
	for _, item := range pods {
		pod := item.Object
		if _, ok := theory.Running(pod); ok && len(pod.Spec.Containers) > 0 && first[pod.Spec.NodeName] == nil {
			first[pod.Spec.NodeName] = pod
		}
	}
	var troubled []string
	var names, pools []string
	for _, item := range nodes {
		name := item.Object.Name
		if first[name] == nil {
			continue
		}
		if nodeIsReady(item.Object) {
			names, pools = append(names, name), append(pools, poolOf(item.Object))
		} else {
			troubled = append(troubled, name)
		}
	}
	if len(troubled) > most/2 {
		troubled = troubled[:most/2]
	}
	chosen := map[string]*corev1.Pod{}
	for _, name := range append(troubled, spread(names, pools, most-len(troubled))...) {
		chosen[name] = first[name]
	}
	return chosen
}

// spread picks at most n of the names, evenly over all pools, and over each.
func spread(names, pools []string, n int) []string {
	if len(names) <= n {
		return names
	}
	byPool := map[string][]string{}
	for i, name := range names {
		byPool[pools[i]] = append(byPool[pools[i]], name)
	}
	order := slices.Sorted(maps.Keys(byPool))
	share := map[string]int{}
	for left := n; left > 0; {
		for _, pool := range order {
			if left > 0 && share[pool] < len(byPool[pool]) {
				share[pool]++
				left--
			}
		}
	}
	var out []string
	for _, pool := range order {
		of := byPool[pool]
		for i := range share[pool] {
			out = append(out, of[i*len(of)/share[pool]])
		}
	}
	return out
}

// poolOf names the pool that a node is of, as far as labels tell: its zone counts.
func poolOf(node *corev1.Node) string {
	var parts []string
	for _, key := range PoolLabels {
		parts = append(parts, node.Labels[key])
	}
	return strings.Join(parts, "|")
}

// PoolLabels are the labels by which providers name node pools, and those that
// place a node. Sources: learn.microsoft.com/azure/aks, docs.aws.amazon.com/eks,
// cloud.google.com/kubernetes-engine, karpenter.sh,
// kubernetes.io/docs/reference/labels-annotations-taints (2026-11).
var PoolLabels = []string{
	"agentpool", "kubernetes.azure.com/agentpool", "eks.amazonaws.com/nodegroup", "alpha.eksctl.io/nodegroup-name",
	"cloud.google.com/gke-nodepool", "karpenter.sh/nodepool", "node.kubernetes.io/pool",
	corev1.LabelTopologyZone, corev1.LabelTopologyRegion, corev1.LabelInstanceTypeStable,
}

func nodeIsReady(node *corev1.Node) bool {
	for _, c := range node.Status.Conditions {
		if c.Type == corev1.NodeReady {
			return c.Status == corev1.ConditionTrue
		}
	}
	return false
}

func requestLog(v *theory.View, pod *corev1.Pod) *logRequest {
	r := &logRequest{pod: pod, asked: true}
	if v.Options().NoProbes {
		r.why = diagnose.Declined
		return r
	}
	for nth := range probes {
		q := evidence.Question{
			Kind: evidence.Log, Namespace: pod.Namespace, Name: pod.Name,
			Container: pod.Spec.Containers[0].Name, Nth: nth,
		}
		a, ok := v.Answer(q)
		if !ok {
			r.asked = false
			r.why = diagnose.NotAsked
			continue
		}
		r.take(a)
	}
	return r
}

func (r *logRequest) take(a evidence.Answer) {
	text := a.Text
	if a.Gap != nil {
		text = a.Gap.Detail
		fromKubelet := strings.Contains(text, "subresource") && strings.Contains(text, "user=") ||
			a.Gap.Why == evidence.Unauthorized
		switch {
		case a.Gap.Why == evidence.TimedOut:
			r.hung = true
		case a.Gap.Why == evidence.Failed && a.Status != 0 || fromKubelet:
		default:
			r.why, r.note = theory.WhyOf(a.Gap)
			return
		}
	} else if a.Status < 400 && a.Text == "" {
		r.tried++
		if r.cited == nil {
			r.cited = []theory.Evidence{{Question: a.Question, Value: "HTTP " + itoa(a.Status)}}
		}
		return
	}
	if a.Status == 404 || a.Status == 400 {
		return // the Pod went away, or its container never started: says nothing
	}
	r.tried++
	r.failed++
	if r.failed > 1 && !r.hung {
		return
	}
	r.text = firstLine(text)
	r.cited = []theory.Evidence{{Question: a.Question, Value: cmpText(r.text, string(evidence.TimedOut))}}
	if r.hung {
		r.text = "" // of our own giving up
		r.finding = &decode.Finding{ID: "hang", Hop: "konnectivity-server>konnectivity-agent", Stage: "health"}
		return
	}
	if found := decode.Findings(text); len(found) > 0 {
		r.finding = &found[0]
		r.text = cmpText(found[0].Text, r.text)
		if ofEgress(r.finding) {
			own := *r.finding
			own.ID = egressRefused
			r.finding = &own
			return
		}
		if !ofKubelet(r.finding) {
			return
		}
		r.stage, r.mode = kubeletStage(r.finding)
	}
}

// otherHops are connections of which an error can come back in the place of the
// kubelet's, through the API server.
var otherHops = []string{"kube-apiserver>etcd", "kube-apiserver>webhook", "kube-apiserver>apiservice", "kube-apiserver>oidc", "kubelet>kube-apiserver"}

// ofKubelet reports whether an error that came back for a log request can be
// about the connection to the kubelet: it names no other connection, and no
// port that no kubelet listens on.
func ofKubelet(f *decode.Finding) bool {
	if slices.Contains(otherHops, f.Hop) {
		return false
	}
	_, port, err := net.SplitHostPort(f.Address)
	return err != nil || slices.Contains(kubeletPorts, port)
}

// kubeletPorts are the ports that kubelets serve logs on: the default, and what
// EKS, Fargate and virtual nodes use.
var kubeletPorts = []string{"10250", "10255"}

var noAnswer = message.Word{EN: "no answer", PT: "nenhuma resposta"}

// orNoAnswer is the text of an error, or that none came.
func orNoAnswer(text string) message.Text {
	if text == "" {
		return noAnswer.With()
	}
	return message.Plain(text)
}

func cmpText(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// kubeletStage says which stage of the connection to the kubelet an error is
// about. Errors of the tunnel are about none.
func kubeletStage(f *decode.Finding) (theory.Stage, string) {
	switch f.ID {
	case "dial-timeout", "proxy-504":
		// An agent says so. Where the API server itself gave up ("dial timeout,
		// context"), no agent has said anything.
		return theory.StagePort, "blocked"
	case "dial-no-route", "dial-unreachable":
		return theory.StagePort, "no-route"
	case "dial-refused":
		return theory.StagePort, "refused"
	case "dial-no-such-host", "dns-misbehaving", "dns-timeout":
		return theory.StageName, "unresolved"
	case "tls-expired":
		return theory.StageTLS, "expired"
	case "tls-not-yet-valid":
		return theory.StageTLS, "not-yet-valid"
	case "tls-unknown-authority", "tls-unknown-authority-same-name":
		return theory.StageTLS, "other-ca"
	case "tls-san", "tls-no-ip-san", "tls-san-legacy-cn":
		return theory.StageTLS, "not-named"
	case "tls-internal-error", "tls-no-serving-cert":
		return theory.StageTLS, "no-certificate"
	case "http-401", "auth-failed", "tls-client-cert-required", "tls-client-unknown-ca", "tls-client-cert-expired":
		return theory.StageClient, "unauthorized"
	case "http-403", "anonymous-403":
		return theory.StageAuthz, "forbidden"
	case "authz-error":
		// The kubelet could not ask the API server whether this is allowed.
		return theory.StageAuthz, ""
	}
	return theory.NoStage, ""
}

func logsFlow(v *theory.View) {
	requests := logRequests(v)
	for _, item := range nodesOrHosts(v) {
		node := item.Object
		r := requests[node.Name]
		if r == nil {
			continue
		}
		stateKubeletConnection(v, node, r)
		stateSomeBlocked(v, node, r)
		v.State(kubeletClientCA(node.Name))
		v.State(logsClaim(v, node, r))
	}
	if user := refusedUser(requests); user != "" {
		v.State(kubeletAccess(user, requests))
	}
	if id, proven := sharedFailure(requests); id != "" {
		v.State(sharedClaim(id, proven, requests))
		if resolver := resolverClaim(id, requests); resolver != nil {
			v.State(*resolver)
		}
	}
	v.State(theory.Claim{
		ID: apiserverKubeletClient, Subject: subject{Kind: "Endpoint", Name: "kube-apiserver", Detail: "--kubelet-client-certificate"},
		Suspect: kubeletWhoTitle.With(), Verdict: diagnose.Unknown, Why: diagnose.NoStandpoint,
		Modes: []theory.Mode{
			{Name: "expired", Category: report.CategoryCertExpired, Shows: clientShows, Summary: kubeletUserExpired.With(), Remedy: renewClient},
			{Name: "other-ca", Category: report.CategoryCertCAMismatch, Shows: clientShows, Summary: kubeletUserExpired.With(), Remedy: renewClient},
		},
		Tests: []theory.Test{{Text: onControlPlane.With(), Command: "openssl x509 -noout -issuer -dates -in /etc/kubernetes/pki/apiserver-kubelet-client.crt"}},
	})
}

const apiserverKubeletClient = diagnose.ID("apiserver-kubelet-client")

var (
	clientShows        = []string{"http-401", "auth-failed", "tls-client-cert-required", "tls-client-unknown-ca", "tls-client-cert-expired"}
	kubeletUserExpired = message.Word{EN: "The kubelets do not accept the client certificate that the API server presents to them: it expired, or another CA signed it, or the API server still uses an old one.", PT: "Os kubelets não aceitam o certificado de cliente que o servidor da API lhes apresenta: venceu, ou outra CA o assinou, ou o servidor da API ainda usa um antigo."}
	onControlPlane     = message.Word{EN: "on a control-plane machine", PT: "em uma máquina do plano de controle"}
	kubeletTrust       = message.Word{EN: "the kubelet's client CA is another one", PT: "a CA de clientes do kubelet é outra"}
	kubeletTrustBroken = message.Word{EN: "The kubelet on %[1]s trusts another CA for its clients than the one that signed the API server's certificate.", PT: "O kubelet em %[1]s confia, para seus clientes, em outra CA que não a que assinou o certificado do servidor da API."}
	mendKubeletTrust   = message.Word{EN: "Put the CA that signed the API server's client certificate into the clientCAFile of the kubelet on %[1]s, and restart it", PT: "Ponha a CA que assinou o certificado de cliente do servidor da API no clientCAFile do kubelet em %[1]s, e reinicie-o"}
	renewClient        = &theory.Remedy{Steps: []theory.Step{{Text: renewKubeletUser.With(), Command: "kubeadm certs renew apiserver-kubelet-client", Action: "renew-apiserver-kubelet-client"}}}
)

func kubeletClientCAID(node string) diagnose.ID {
	return claimID("kubelet-client-ca", subject{Kind: "Node", Name: node})
}

func kubeletClientCA(node string) theory.Claim {
	return theory.Claim{
		ID: kubeletClientCAID(node), Subject: subject{Kind: "Node", Name: node, Detail: "authentication.x509.clientCAFile"},
		Suspect: kubeletTrust.With(), Verdict: diagnose.Unknown, Why: diagnose.NoStandpoint,
		Modes: []theory.Mode{{
			Name: "other-ca", Category: report.CategoryCertCAMismatch, Shows: clientShows, Summary: kubeletTrustBroken.With(node),
			Remedy: &theory.Remedy{Steps: []theory.Step{{Text: mendKubeletTrust.With(node), Action: "mend-kubelet-client-ca", Args: map[string]string{"node": node}}}},
		}},
		Tests: []theory.Test{{Text: onTheNode.With(node), Command: "openssl x509 -noout -subject -fingerprint -in /etc/kubernetes/pki/ca.crt"}},
	}
}

var onTheNode = message.Word{EN: "on node %[1]s", PT: "no nó %[1]s"}

func logsClaim(v *theory.View, node *corev1.Node, r *logRequest) theory.Claim {
	at := subject{Kind: "Node", Name: node.Name}
	needs := []diagnose.ID{apiAnswers, kubeletID(node.Name)}
	for _, stage := range kubeletStages {
		needs = append(needs, kubeletStageID(stage, node.Name))
	}
	claim := theory.Claim{
		ID: logsID(node.Name), Subject: at, Symptom: "logs", Sum: true,
		Suspect: logsSuspect.With(), Held: logsHold.With(node.Name), HeldAll: logsAllHold,
		Needs: []diagnose.Need{all(needs...)}, Evidence: r.cited,
	}
	path := theory.Path{Title: logsTitle.With(node.Name), Parts: []string{"kubectl", "kube-apiserver"}, Hops: []theory.Hop{{Connection: apiHop}}}
	if t := tunnelOf(v); t.exists {
		claim.Needs = append(claim.Needs, all(tunnelID))
		path.Parts = append(path.Parts, "konnectivity-server", "konnectivity-agent")
		path.Hops = append(path.Hops, theory.Hop{On: []diagnose.ID{konnectivityServerID}}, theory.Hop{Connection: t.connection(), On: []diagnose.ID{agentsConnectedID}})
	}
	if remotedialed(v) {
		claim.Needs = append(claim.Needs, all(sessionIDs(node.Name)...))
		path.Parts = append(path.Parts, "remotedialer")
		path.Hops = append(path.Hops, theory.Hop{On: sessionIDs(node.Name)})
	}
	path.Parts = append(path.Parts, "kubelet:"+kubeletPort(node))
	path.Hops = append(path.Hops, theory.Hop{Connection: kubeletHop(node.Name)})
	claim.Path = &path
	if r.failed > 0 && someBlockedTo(v, node.Name) != nil { // a log comes over one agent's connection
		claim.Needs = append(claim.Needs, all(pathsID(node.Name)))
	}
	verdictOf(&claim, r)
	sometimes := nodeDials(v)[node.Name]
	if sometimes != nil && sometimes.tried == sometimes.broken() {
		sometimes = nil
	}
	switch {
	case claim.Verdict != diagnose.Holds && r.failed > 0 && sometimes != nil:
		// All of them went over one connection, or two; others come through.
		claim.Verdict, claim.Tried, claim.Failed = diagnose.Intermittent, r.tried+sometimes.tried, r.failed+sometimes.broken()
		claim.Seen = logsAnew.With(claim.Failed, claim.Tried, node.Name, cmpText(r.text, "no answer"))
	case claim.Verdict == diagnose.Broken && r.hung:
		claim.Seen = logsHang.With(node.Name, "6 s")
	case claim.Verdict == diagnose.Broken:
		claim.Seen = logsFail.With(node.Name, r.text)
	case claim.Verdict == diagnose.Intermittent:
		claim.Seen = logsSome.With(r.failed, r.tried, node.Name, orNoAnswer(r.text))
	}
	if r.failed > 0 && r.finding != nil {
		claim.Signatures = []string{r.finding.ID}
	}
	return claim
}

func verdictOf(c *theory.Claim, r *logRequest) {
	switch {
	case r.tried == 0:
		unknown(c, cmpWhy(r.why, diagnose.Failed), r.note)
		c.Evidence = nil
	case r.failed == 0:
		c.Verdict = diagnose.Holds
	case r.failed < r.tried:
		c.Verdict, c.Tried, c.Failed = diagnose.Intermittent, r.tried, r.failed
	default:
		c.Verdict, c.Tried, c.Failed = diagnose.Broken, r.tried, r.failed
	}
}

func cmpWhy(why, otherwise diagnose.Why) diagnose.Why {
	if why == "" {
		return otherwise
	}
	return why
}

var kubeletStages = []theory.Stage{theory.StageName, theory.StagePort, theory.StageTLS, theory.StageClient, theory.StageAuthz}

func kubeletHop(node string) string { return "kube-apiserver>kubelet/" + node }

// stateKubeletConnection states the stages of the connection to a kubelet. The
// error of a failed log request tells which of them failed; those before it
// were passed.
func stateKubeletConnection(v *theory.View, node *corev1.Node, r *logRequest) {
	at := subject{Kind: "Node", Name: node.Name}
	port := kubeletPort(node)
	for _, stage := range kubeletStages {
		claim := kubeletStageClaim(v, stage, node, port, r)
		claim.ID, claim.Subject = kubeletStageID(stage, node.Name), at
		claim.Connection, claim.Stage = kubeletHop(node.Name), stage
		if stage == theory.StagePort {
			openInProvider(v, node, port, &claim.Modes[0].Remedy.Steps[0]) // that of "no-route", too
		}
		if remotedialed(v) && r.stage == theory.NoStage {
			claim.Rank += 5 // the tunnel first: at its far end the kubelet is dialled on loopback
		}
		switch {
		case r.tried == 0:
			unknown(&claim, cmpWhy(r.why, diagnose.Failed), r.note)
		case r.failed == 0, r.stage > stage:
			// The request came past this stage.
			claim.Verdict, claim.Evidence = diagnose.Holds, r.cited
		case r.stage == stage:
			claim.Verdict, claim.Mode, claim.Evidence = diagnose.Broken, r.mode, r.cited
			if r.finding != nil && r.finding.ID == "authz-error" {
				// It could not ask the API server: the reason may be its own.
				claim.Needs = append(claim.Needs, all(kubeletID(node.Name)))
			}
			if id, ok := servingRequest(v, node.Name); ok && r.mode == "no-certificate" {
				claim.Needs = append(claim.Needs, all(id))
			}
			if id, proven := sharedFailure(logRequests(v)); id != "" {
				if proven {
					claim.Sum, claim.Mode, claim.Modes = true, "", nil
				}
				claim.Needs = []diagnose.Need{all(id)}
				if resolver := resolverClaim(id, logRequests(v)); resolver != nil {
					claim.Needs = append(claim.Needs, all(resolver.ID))
				}
			}
			if d := someBlockedTo(v, node.Name); d != nil && stage == theory.StagePort {
				claim.Sum, claim.Mode, claim.Modes = true, "", nil
				claim.Needs = []diagnose.Need{all(pathsID(node.Name))}
				claim.Verdict, claim.Tried, claim.Failed = diagnose.Intermittent, r.tried+d.tried, r.failed+d.failed()
				break
			}
			if user := refusedUser(logRequests(v)); stage == theory.StageAuthz && user != "" {
				claim.Sum, claim.Mode, claim.Modes = true, "", nil
				claim.Needs = []diagnose.Need{all(kubeletAccessID(user))}
			}
			if stage == theory.StageClient && clockTells(v, node) && admitsElsewhere(logRequests(v)) {
				claim.Sum, claim.Mode, claim.Modes = true, "", nil
				claim.Needs = append(claim.Needs, all(nodeClockID(node.Name)))
			}
			if r.failed < r.tried {
				claim.Verdict, claim.Tried, claim.Failed = diagnose.Intermittent, r.tried, r.failed
			}
		default:
			unknown(&claim, diagnose.Masked, "")
			if stage == theory.StagePort {
				judgeKubeletFromNodes(v, &claim, node)
			}
		}
		v.State(claim)
	}
}

// newKubeletCert is the command that has a kubelet get a new serving certificate,
// where its --cert-dir is the default.
func newKubeletCert(node string) string {
	return "ssh " + node + " 'cd /var/lib/kubelet/pki && sudo mkdir -p old && sudo find . -maxdepth 1 \\( -name \"kubelet-server-*\" -o -name kubelet.crt -o -name kubelet.key \\) -exec mv -t old {} + && sudo systemctl restart kubelet'"
}

// admitsElsewhere reports whether some kubelet does what the API server asks of
// it: what it presents is good.
func admitsElsewhere(requests map[string]*logRequest) bool {
	for _, r := range requests {
		if r.failed < r.tried {
			return true
		}
	}
	return false
}

func kubeletStageClaim(v *theory.View, stage theory.Stage, node *corev1.Node, port string, r *logRequest) theory.Claim {
	name, text := node.Name, r.text
	address := ""
	if r.finding != nil {
		address = r.finding.Address
	}
	switch stage {
	case theory.StageName:
		return theory.Claim{Suspect: nameOfNodeTitle.With(), Modes: []theory.Mode{{
			Name: "unresolved", Category: report.CategoryDNS, Shows: []string{"dial-no-such-host", "dns-misbehaving", "dns-timeout", "proxy-502"},
			Summary: nameOfNode.With(name, text), Remedy: &theory.Remedy{Steps: []theory.Step{{Text: preferAddress.With(), Action: "prefer-node-addresses"}}},
		}}}
	case theory.StagePort:
		host, _, _ := net.SplitHostPort(address)
		open := &theory.Remedy{Steps: []theory.Step{{
			Text: openKubelet.With(port, name), Action: "open-port",
			Args: map[string]string{"node": name, "port": port, "protocol": "tcp"},
		}}}
		if host == "" {
			host = internalAddress(node)
		}
		return theory.Claim{
			Suspect: kubeletPortTitle.With(), Held: kubeletPortOpen.With(port, name), HeldAll: kubeletPortsOpen,
			Needs: []diagnose.Need{all(kubeletID(name))},
			Modes: []theory.Mode{
				{Name: "blocked", Category: report.CategoryNetworkBlocked, Shows: []string{"dial-timeout", "dial-context", "proxy-504", "io-timeout"}, Summary: kubeletBlocked.With(port, name, text), Remedy: open},
				{Name: "no-route", Category: report.CategoryNetworkBlocked, Shows: []string{"dial-no-route", "dial-unreachable", "proxy-502"}, Summary: kubeletBlocked.With(port, name, text), Remedy: open},
				{Name: "refused", Category: report.CategoryKubeletDown, Shows: []string{"dial-refused", "proxy-502"}, Summary: kubeletRefuses.With(port, name, text), Remedy: &theory.Remedy{Steps: []theory.Step{{
					Text: startKubelet.With(name), Command: "ssh " + name + " 'sudo systemctl restart " + kubeletService(v, node) + "'", Action: "start-kubelet", Args: map[string]string{"node": name},
				}}}},
			},
			Tests: []theory.Test{{Text: fromANode.With(), Command: "nc -zvw3 " + host + " " + port}},
		}
	case theory.StageTLS:
		renew := &theory.Remedy{Steps: []theory.Step{{Text: renewKubeletCert.With(name), Command: newKubeletCert(name), Action: "renew-kubelet-serving-certificate", Args: map[string]string{"node": name}}}}
		approve := &theory.Remedy{Steps: []theory.Step{{Text: approveCSR.With(name), Command: "kubectl get csr | grep 'system:node:" + name + "'   # then: kubectl certificate approve NAME"}}}
		return theory.Claim{Suspect: kubeletTLSTitle.With(), Modes: []theory.Mode{
			{Name: "expired", Category: report.CategoryCertExpired, Shows: []string{"tls-expired"}, Summary: kubeletTLSBroken.With(name, text), Remedy: renew},
			{Name: "not-yet-valid", Category: report.CategoryCertNotYetValid, Shows: []string{"tls-not-yet-valid"}, Summary: kubeletTLSBroken.With(name, text), Remedy: renew},
			{Name: "other-ca", Category: report.CategoryCertCAMismatch, Shows: []string{"tls-unknown-authority", "tls-unknown-authority-same-name"}, Summary: kubeletTLSBroken.With(name, text), Remedy: renew},
			{Name: "not-named", Category: report.CategoryCertSAN, Shows: []string{"tls-san", "tls-no-ip-san", "tls-san-legacy-cn"}, Summary: kubeletTLSBroken.With(name, text), Remedy: renew},
			{Name: "no-certificate", Category: report.CategoryCertNotIssued, Shows: []string{"tls-internal-error", "tls-no-serving-cert"}, Summary: kubeletNoCert.With(name, text), Remedy: approve},
		}}
	case theory.StageClient:
		// A 401 does not say which: the certificate that the API server
		// presents, or the CA that this kubelet trusts.
		return theory.Claim{Suspect: kubeletWhoTitle.With(), Sum: true, Needs: []diagnose.Need{all(apiserverKubeletClient, kubeletClientCAID(name))}}
	}
	return theory.Claim{Suspect: kubeletMayTitle.With(), Modes: []theory.Mode{{
		Name: "forbidden", Category: report.CategoryRBAC, Shows: []string{"http-403", "anonymous-403", "authz-error"},
		Summary: kubeletMay.With(name, text),
		Remedy:  &theory.Remedy{Steps: []theory.Step{{Text: grantKubelet.With(), Command: "kubectl create clusterrolebinding kube-apiserver-kubelet --clusterrole=system:kubelet-api-admin --user=USER"}}},
	}}}
}

var userNamed = regexp.MustCompile(`\(user=([^,)\s]+)`)

// refusedUser is the user that every kubelet which was asked refuses; empty:
// there is none. One kubelet that lets it in shows that the right is there.
func refusedUser(requests map[string]*logRequest) string {
	user := ""
	for _, name := range sortedNames(requests) {
		r := requests[name]
		if r.failed < r.tried {
			return ""
		}
		if r.stage != theory.StageAuthz || r.mode != "forbidden" || user != "" {
			continue // a kubelet that could not ask has not refused
		}
		if m := userNamed.FindStringSubmatch(r.text); m != nil && m[1] != "system:anonymous" {
			user = m[1]
		}
	}
	return user
}

func kubeletAccessID(user string) diagnose.ID {
	return claimID("kubelet-access", subject{Kind: "User", Name: user})
}

// kubeletAccess is that the API server's user may do at kubelets what it has to:
// kubelets ask the API server, so that all of them give one answer.
func kubeletAccess(user string, requests map[string]*logRequest) theory.Claim {
	at := subject{Kind: "User", Name: user}
	c := theory.Claim{
		ID: kubeletAccessID(user), Subject: at, Suspect: kubeletMayTitle.With(), Verdict: diagnose.Broken, Mode: "forbidden",
		Modes: []theory.Mode{{
			Name: "forbidden", Category: report.CategoryRBAC, Shows: []string{"http-403"}, Summary: kubeletsMay.With(user),
			Remedy: &theory.Remedy{Steps: []theory.Step{{
				Text: grantKubelet.With(), Command: "kubectl create clusterrolebinding kube-apiserver-kubelet --clusterrole=system:kubelet-api-admin --user=" + shellWord(user),
			}}},
		}},
	}
	for _, name := range sortedNames(requests) {
		if r := requests[name]; r.stage == theory.StageAuthz {
			c.Evidence = append(c.Evidence, r.cited...)
		}
	}
	return c
}

var kubeletsMay = message.Word{
	EN: "The kubelets refuse what the API server asks them as user %[1]s: nothing binds it to the ClusterRole system:kubelet-api-admin.",
	PT: "Os kubelets recusam o que o servidor da API lhes pede como usuário %[1]s: nada o vincula ao ClusterRole system:kubelet-api-admin.",
}

func internalAddress(node *corev1.Node) string {
	for _, a := range node.Status.Addresses {
		if a.Type == corev1.NodeInternalIP {
			return a.Address
		}
	}
	return node.Name
}
