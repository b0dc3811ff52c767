package components

import (
	"strconv"
	"strings"
	"time"

	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/theory"
)

// The API server counts its dials into the cluster's network. Between a scrape
// before the log requests and one after them its counters tell how far each
// came: a dial that found the konnectivity-server sends it a DIAL_REQ, and gets
// a DIAL_RSP from an agent, or from the server where it has none.
//
// Sources: k8s.io/apiserver v0.37, pkg/server/egressselector/metrics;
// apiserver-network-proxy v0.36, konnectivity-client/pkg/client/metrics; tried
// (2026-11): with the server stopped, dials start and no DIAL_REQ is sent; with
// all agents stopped as they stand, DIAL_REQs are sent and no DIAL_RSP comes.

var metricsRead = theory.Read{Verb: theory.VerbRaw, Resource: "/metrics", Helps: true}

func metricsQuestion(nth int) evidence.Question {
	return evidence.Question{Kind: evidence.Raw, Path: "/metrics", Nth: nth}
}

var (
	dialsCounted = message.Word{EN: "%[1]s (the API server counts %[2]s dials into the cluster in %[3]s: %[4]s)", PT: "%[1]s (o servidor da API conta %[2]s discagens para o cluster em %[3]s: %[4]s)"}
	dialsNoneIn  = message.Word{EN: "none came as far as konnectivity-server", PT: "nenhuma chegou ao konnectivity-server"}
	dialsNoReply = message.Word{EN: "konnectivity-server took %[1]s of them, and none was answered", PT: "o konnectivity-server recebeu %[1]s delas, e nenhuma foi respondida"}
	dialsStage   = message.Word{EN: "%[1]s failed at the stage %[2]s", PT: "%[1]s falharam na etapa %[2]s"}
	dialsAll     = message.Word{EN: "all failed at the stage %[1]s", PT: "todas falharam na etapa %[1]s"}
)

// dials is what the API server's counters tell of the time between two scrapes
// of one instance of it.
type dials struct {
	known bool
	grpc  bool // it counts what it sends to the konnectivity-server and what comes back

	started, made              int // made: came through to whatever was dialled
	failedConnect, failedProxy int // before the konnectivity-server, and beyond it
	requests, responses        int // DIAL_REQ and DIAL_RSP; gRPC only

	over  time.Duration
	cited []theory.Evidence
}

// counted reads the counters as they are before the log requests, and reports
// whether these may go out. Only where agents run is there something to count.
func counted(v *theory.View) bool {
	if v.Options().NoProbes || !hasAgents(v) {
		return true
	}
	_, ok := v.Answer(metricsQuestion(0))
	return ok
}

func hasAgents(v *theory.View) bool {
	workloads := theory.Workloads(v)
	for i := range workloads.All {
		if agentOf(&workloads.All[i]) != nil {
			return true
		}
	}
	return false
}

// dialsOf compares the counters, once all log requests were answered and some
// of them were not as they should be.
func dialsOf(v *theory.View) dials {
	requests := logRequests(v)
	failed := false
	for _, r := range requests {
		if !r.asked {
			return dials{}
		}
		failed = failed || r.failed > 0
	}
	for _, d := range allDials(v) {
		if !d.asked {
			return dials{}
		}
		failed = failed || d.failed() > 0
	}
	if !failed || v.Options().NoProbes {
		return dials{}
	}
	first, ok := v.Peek(metricsQuestion(0))
	if !ok || first.Gap != nil {
		return dials{}
	}
	second, ok := v.Answer(metricsQuestion(1))
	if !ok || second.Gap != nil {
		return dials{}
	}
	return compareDials(first, second)
}

const (
	dialStarts   = "apiserver_egress_dialer_dial_start_total"
	dialFailures = "apiserver_egress_dialer_dial_failure_count"
	dialsMade    = "apiserver_egress_dialer_dial_duration_seconds_count"
	dialPackets  = "konnectivity_network_proxy_client_stream_packets_total"
	processStart = "process_start_time_seconds"
)

func compareDials(first, second evidence.Answer) dials {
	before, after := samples(first.Text), samples(second.Text)
	if len(after[processStart]) != 1 || before.sum(processStart) != after.sum(processStart) {
		return dials{} // another instance, or started anew: its counters are others
	}
	d := dials{known: len(after[dialStarts]) > 0, over: second.At.Sub(first.At).Round(time.Second)}
	grew := func(name string, labels ...string) int {
		return int(after.sum(name, labels...) - before.sum(name, labels...))
	}
	d.started, d.made = grew(dialStarts), grew(dialsMade)
	d.failedConnect, d.failedProxy = grew(dialFailures, `stage="connect"`), grew(dialFailures, `stage="proxy"`)
	// The packets are counted for gRPC, over a socket or not, and never for HTTP CONNECT.
	d.grpc = after.sum(dialStarts, `protocol="grpc"`) > 0 && after.sum(dialStarts, `protocol="http_connect"`) == 0
	d.requests, d.responses = grew(dialPackets, `packet_type="DIAL_REQ"`), grew(dialPackets, `packet_type="DIAL_RSP"`)
	cite := func(name string, n int) {
		d.cited = append(d.cited, theory.Evidence{Question: metricsQuestion(1), Field: name, Value: "+" + strconv.Itoa(n)})
	}
	cite(dialStarts, d.started)
	if d.failedConnect+d.failedProxy > 0 {
		cite(dialFailures, d.failedConnect+d.failedProxy)
	}
	if d.grpc {
		cite(dialPackets+` DIAL_REQ`, d.requests)
		cite(dialPackets+` DIAL_RSP`, d.responses)
	}
	return d
}

// unreached reports whether the API server dialled and never came as far as the
// konnectivity-server.
func (d dials) unreached() bool {
	if !d.known || d.started == 0 || d.made > 0 || d.failedProxy > 0 {
		return false
	}
	return d.failedConnect > 0 || d.grpc && d.requests == 0 && d.responses == 0
}

// taken reports whether the konnectivity-server took requests to dial.
func (d dials) taken() bool {
	return d.known && (d.grpc && d.requests > 0 || d.made > 0 || d.failedProxy > 0)
}

// told appends what the counters say to what was seen of the requests.
func (d dials) told(seen message.Text) message.Text {
	if !d.known || d.started == 0 {
		return seen
	}
	var how message.Text
	switch failed := d.failedConnect + d.failedProxy; {
	case d.unreached() && d.failedConnect == 0:
		how = dialsNoneIn.With()
	case failed > 0 && failed == d.started && d.failedConnect == 0:
		how = dialsAll.With("proxy")
	case failed > 0 && failed == d.started && d.failedProxy == 0:
		how = dialsAll.With("connect")
	case d.failedConnect > 0:
		how = dialsStage.With(d.failedConnect, "connect")
	case d.failedProxy > 0:
		how = dialsStage.With(d.failedProxy, "proxy")
	case d.grpc && d.requests > 0 && d.responses == 0:
		how = dialsNoReply.With(d.requests)
	default:
		return seen
	}
	return dialsCounted.With(seen, d.started, message.Ago(max(d.over, time.Second)), how)
}

// series are the samples of a scrape by the name of the metric.
type series map[string][]sample

type sample struct {
	labels string // as written, without braces
	value  float64
}

// samples reads the text format of Prometheus, as far as counters and gauges go.
func samples(text string) series {
	s := series{}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		name, value := line, ""
		if i := strings.LastIndexByte(line, ' '); i > 0 {
			name, value = line[:i], line[i+1:]
		}
		n, err := strconv.ParseFloat(value, 64)
		if err != nil {
			continue
		}
		name, labels, _ := strings.Cut(name, "{")
		s[name] = append(s[name], sample{strings.TrimSuffix(labels, "}"), n})
	}
	return s
}

// sum adds up the samples of a metric that have all of the labels.
func (s series) sum(name string, labels ...string) float64 {
	total := 0.0
	for _, one := range s[name] {
		has := true
		for _, l := range labels {
			has = has && strings.Contains(one.labels, l)
		}
		if has {
			total += one.value
		}
	}
	return total
}

const egressID = diagnose.ID("egress")
