// Package faults is the catalogue: what can be done to a lab, how it must show,
// and what a diagnosis owes. A fault is a value in a file of its own and a line
// in All. A fault knows nothing of the program that diagnoses it, and it takes
// every name from the lab, for the lab drew them.
package faults

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kubelaudo/laudo/lab/cluster"
	"github.com/kubelaudo/laudo/lab/names"
)

// Fault is one way to break a lab.
type Fault struct {
	Name     string   // kebab-case
	Doc      string   // one line: what is wrong
	Profiles []string // where it can happen; empty: in every profile with real nodes
	Variant  string   // a program that is built only if asked for, and without which it cannot happen

	Inject   func(context.Context, *cluster.Lab) error
	Heal     func(context.Context, *cluster.Lab) error // undoes it, for people; a judge executes the remedy instead
	Symptoms func(*cluster.Lab) []Symptom              // how kubectl alone shows that it bites
	Due      func(*cluster.Lab) Due                    // what a diagnosis owes

	// After takes away what the fault brought and its remedy leaves, before another
	// fault; nil: there is nothing.
	After func(context.Context, *cluster.Lab) error

	// Harmless marks what breaks nothing: what is due is told as a risk, or, if
	// nothing is due, not at all.
	Harmless bool

	// Also is what the cause may be told of, with the same category, where less
	// is seen than could be.
	Also []Subject
}

// Due is what a diagnosis owes from each standpoint: these causes, and no other.
type Due map[cluster.Standpoint][]Verdict

// Verdict is the cause that must be named.
type Verdict struct {
	Categories []string  `json:"categories"` // any of these
	Subject    Subject   `json:"subject"`    // what it must be about
	Least      Certainty `json:"least"`      // how sure it must be at least
}

// Subject is what a cause is about. An empty field is not compared.
type Subject struct {
	Kind      string `json:"kind,omitempty"`
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name,omitempty"`
	Detail    string `json:"detail,omitempty"` // the part: a key of a Secret or ConfigMap
}

// Certainty is how sure a diagnosis is.
type Certainty string

// The certainties, from the least.
const (
	Open      Certainty = "open"
	Likely    Certainty = "likely"
	Confirmed Certainty = "confirmed"
)

// AtLeast tells whether c is as sure as least.
func (c Certainty) AtLeast(least Certainty) bool {
	order := []Certainty{Open, Likely, Confirmed}
	return slices.Index(order, c) >= slices.Index(order, least) && slices.Contains(order, c)
}

// All lists the catalogue, in the order in which it is judged.
func All() []*Fault {
	return []*Fault{
		agentCertExpired(),
		agentCertOtherCA(),
		agentBundleStale(),
		serverCertExpired(),
		serverCertSAN(),
		agentsScaledToZero(),
		agentsCrashLooping(),
		agentPortBlocked(),
		agentPathMTU(),
		agentCertNotReloaded(),
		agentTokenAudience(),
		tokenReviewForbidden(),
		agentServerPortWrong(),
		agentServerNameUnresolvable(),
		agentImageMissing(),
		egressMisplaced(),
		serverCountWrong(),
		nodeNameUnresolvable(),
		kubeletServingPending(),
		kubeletServingOtherCA(),
		kubeletServingSelfSigned(),
		kubeletServingExpired(),
		kubeletServingSAN(),
		kubeletClientCAOther(),
		kubeletFrozen(),
		containerdStopped(),
		metricsRBACMissing(),
		metricsKubeletUntrusted(),
		metricsAddressType(),
		metricsCrashLooping(),
		kubeletPortBlocked(),
		kubeletStopped(),
		webhookCertificateExpired(),
		webhookBackendGone(),
		webhookDeadlock(),
		webhookCABundleWrong(),
		webhookCertificateSAN(),
		webhookSelectorWrong(),
		webhookPathWrong(),
		webhookPolicyDrops(),
		webhookTargetPortWrong(),
		mutatingWebhookExpired(),
		webhookOverSystem(),
		apiServiceCABundleWrong(),
		apiServiceServingCertExpired(),
		apiServiceBackendGone(),
		apiServiceSelectorWrong(),
		apiServiceTargetPortWrong(),
		apiServicePortWrong(),
		conversionBackendGone(),
		conversionCABundleWrong(),
		conversionCertExpired(),
		quotaExhausted(),
		podSecurityForbids(),
		policyDenies(),
		serviceAccountMissing(),
		priorityClassMissing(),
		imagePullFailed(),
		secretMissing(),
		configMapMissing(),
		probeWrongPort(),
		nodesCordoned(),
		diskPressure(),
		memoryPressure(),
		pidPressure(),
		cniBroken(),
		policyDrops(),
		kubeProxyStopped(),
		hpaWithoutMetrics(),
		corefileBroken(),
		dnsLoop(),
		agentServiceAccountMissing(),
		namespaceStuck(),
		controllerManagerStopped(),
		schedulerStopped(),
		corednsScaledToZero(),
		kubeletRBACMissing(),
		apiserverKubeletClientExpired(),
		konnectivityServerStopped(),
		agentFrozen(),
		agentOneFrozen(),
		agentOneCannotReachNode(),
		kubeletThreeMinorsOlder(),
		kubeletFourMinorsOlder(),
		adminKubeconfigExpired(),
		adminTokenExpired(),
		kubeconfigWrongCA(),
		execPluginMissing(),
		execPluginFails(),
		proxyRefuses(),
		endpointNotResolved(),
		apiserverCertExpired(),
		apiserverCertSAN(),
		apiserverStopped(),
		apiserverFrozen(),
		etcdStopped(),
		etcdClientCertExpired(),
		etcdServerCertExpired(),
		etcdSpaceAlarm(),
		kubeletClientCertExpired(),
		controllerManagerCertExpired(),
		schedulerCertExpired(),
		serviceAccountKeyRotated(),
		frontProxyClientExpired(),
		kubeletServingNotIssued(),
		schedulerBindingMissing(),
		controllerBindingMissing(),
		nodeClockBehind(),
		nodeClockAhead(),
	}
}

// Named finds a fault, or a pair.
func Named(name string) (*Fault, error) {
	for _, f := range append(All(), Pairs()...) {
		if f.Name == name {
			return f, nil
		}
	}
	return nil, &cluster.Error{Message: fmt.Sprintf("there is no fault %q", name), Hint: "list them: go run . faults"}
}

// In tells whether the fault can happen in the profile.
func (f *Fault) In(profile string) bool {
	if len(f.Profiles) == 0 {
		return profile != names.Simulated
	}
	return slices.Contains(f.Profiles, profile)
}

// withClientCerts are the profiles in which agents present a certificate.
func withClientCerts() []string { return []string{names.DeploymentMTLS, names.HTTPConnect} }

// sameFrom are verdicts that are due from every standpoint.
func sameFrom(v ...Verdict) Due {
	due := Due{}
	for _, s := range cluster.Standpoints() {
		due[s] = v
	}
	return due
}

// from is a verdict whose least certainty differs by standpoint: from the API
// alone, and for whoever reaches the agents' port, as nodes do.
func from(v Verdict, api, agentPort Certainty) Due {
	a, b := v, v
	a.Least, b.Least = api, agentPort
	return Due{cluster.API: {a}, cluster.AgentPort: {b}, cluster.NodeProbe: {b}}
}

// fromNode adds that a verdict must be confirmed where laudo may ask from nodes.
func fromNode(v Verdict, due Due) Due {
	v.Least = Confirmed
	due[cluster.NodeProbe] = []Verdict{v}
	return due
}

// endpoint is the address that agents dial, as a subject.
func endpoint(l *cluster.Lab) Subject {
	return Subject{Kind: "Endpoint", Name: l.AgentEndpoint().String()}
}

// Symptom is something that kubectl shows while the fault is there.
type Symptom struct {
	Doc   string   // what it shows
	Fails bool     // whether kubectl ends with an error
	Any   []string // what it prints contains one of these; empty: anything
	Of    int      // how many times kubectl is run, of which one must show it; 0: once
	Args  func(context.Context, *cluster.Lab) ([]string, error)
}

// Shown runs kubectl and tells whether it shows the symptom, or what it shows instead.
func (s Symptom) Shown(ctx context.Context, l *cluster.Lab) (err error) {
	for range max(1, s.Of) {
		if err = s.shown(ctx, l); err == nil || ctx.Err() != nil {
			return err
		}
	}
	return err
}

func (s Symptom) shown(ctx context.Context, l *cluster.Lab) error {
	args, err := s.Args(ctx, l)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 45*time.Second)
	defer cancel()
	text, err := l.Kubectl(ctx, "", args...)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if (err != nil) != s.Fails {
		return fmt.Errorf("%s: kubectl %s: %s", s.Doc, strings.Join(args, " "), strings.TrimSpace(text))
	}
	if len(s.Any) > 0 && !slices.ContainsFunc(s.Any, func(part string) bool { return strings.Contains(text, part) }) {
		return fmt.Errorf("%s: kubectl %s printed %q", s.Doc, strings.Join(args, " "), strings.TrimSpace(text))
	}
	return nil
}

// logsOf is kubectl logs of the logging Pod on the node.
func logsOf(node cluster.Node) func(context.Context, *cluster.Lab) ([]string, error) {
	return func(ctx context.Context, l *cluster.Lab) ([]string, error) {
		pod, err := l.PodOn(ctx, node)
		if err != nil {
			return nil, err
		}
		return []string{"logs", "--namespace=" + l.Names.Workload.Namespace, pod, "--tail=1"}, nil
	}
}

func fixed(args ...string) func(context.Context, *cluster.Lab) ([]string, error) {
	return func(context.Context, *cluster.Lab) ([]string, error) { return args, nil }
}

// noAgent are the symptoms of a tunnel without agents: no node's logs can be read, get still works.
func noAgent(l *cluster.Lab) []Symptom {
	all := []Symptom{{Doc: "get works", Args: fixed("get", "nodes")}}
	for _, n := range l.Nodes {
		all = append(all, Symptom{
			Doc: "logs fail on " + n.Name, Fails: true, Args: logsOf(n),
			Any: []string{"No agent available", "500 Internal Server Error"},
		})
	}
	return all
}

// agentsRun are the symptoms of agents that look fine to kubectl.
func agentsRun(l *cluster.Lab) []Symptom {
	a := l.Names.Agent
	return append(noAgent(l), Symptom{
		Doc: "agents are Running", Any: []string{"Running"},
		Args: fixed("get", "pods", "--namespace="+a.Namespace, "--selector="+a.Selector(), "--output=jsonpath={.items[*].status.phase}"),
	})
}

// yearOld are the dates of a certificate that was issued a year before it expired, days ago.
func yearOld(days int) (notBefore, notAfter time.Time) {
	notAfter = time.Now().AddDate(0, 0, -days)
	return notAfter.AddDate(-1, 0, 0), notAfter
}

// setAgentCert gives the agents a client certificate and replaces their Pods: they read it once.
func setAgentCert(ctx context.Context, l *cluster.Lab, certPEM, keyPEM []byte) error {
	a := l.Names.Agent
	if err := l.SetData(ctx, "Secret", a.Namespace, a.Secret, map[string][]byte{a.CertKey: certPEM, a.KeyKey: keyPEM}); err != nil {
		return err
	}
	return l.ReplaceAgents(ctx)
}

// healAgentCert gives the agents a good client certificate.
func healAgentCert(ctx context.Context, l *cluster.Lab) error {
	pair, err := l.Issue(cluster.AgentClientCA, l.AgentClientRequest())
	if err != nil {
		return err
	}
	return setAgentCert(ctx, l, pair.CertPEM, pair.KeyPEM)
}

// healServerCert gives konnectivity-server a good certificate.
func healServerCert(ctx context.Context, l *cluster.Lab) error {
	pair, err := l.Issue(cluster.AgentServerCA, l.AgentServerRequest(l.Plan.ControlPlane.String()))
	if err != nil {
		return err
	}
	return l.ServeAgents(ctx, pair)
}
