package collect

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubelaudo/laudo/evidence"
)

// cluster plays an API server with nodes that run what they are given at once.
type cluster struct {
	*server
	mu         sync.Mutex
	namespaces map[string]corev1.Namespace
	pods       map[string]corev1.Pod // by name
	made       []corev1.Pod
	// refuse answers the making of a Pod; nil: it is made.
	refuse func(w http.ResponseWriter) bool
	// stuck keeps Pods from starting, with the given reason.
	stuck string
	os    string // of the nodes
}

func newCluster(t *testing.T) *cluster {
	c := &cluster{server: newServer(t), namespaces: map[string]corev1.Namespace{}, pods: map[string]corev1.Pod{}, os: "linux"}
	c.handle("/api/v1/nodes", func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Query().Get("fieldSelector"), "metadata.name=")
		json.NewEncoder(w).Encode(corev1.NodeList{Items: []corev1.Node{{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{corev1.LabelOSStable: c.os}}}}})
	})
	c.handle("/api/v1/namespaces", func(w http.ResponseWriter, r *http.Request) {
		var ns corev1.Namespace
		if err := json.NewDecoder(r.Body).Decode(&ns); err != nil {
			t.Error(err)
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.namespaces[ns.Name] = ns
		w.WriteHeader(http.StatusCreated)
		json.NewEncoder(w).Encode(ns)
	})
	c.handle("/api/v1/namespaces/probes", func(w http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		defer c.mu.Unlock()
		ns, ok := c.namespaces["probes"]
		if !ok {
			status(w, http.StatusNotFound, metav1.StatusReasonNotFound, `namespaces "probes" not found`)
			return
		}
		if r.Method == http.MethodDelete {
			delete(c.namespaces, "probes")
		}
		json.NewEncoder(w).Encode(ns)
	})
	c.handle("/api/v1/namespaces/probes/pods", c.servePods)
	return c
}

func (c *cluster) servePods(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r.Method == http.MethodGet {
		var list corev1.PodList
		for _, pod := range c.pods {
			list.Items = append(list.Items, pod)
		}
		json.NewEncoder(w).Encode(list)
		return
	}
	if c.refuse != nil && c.refuse(w) {
		return
	}
	var pod corev1.Pod
	if err := json.NewDecoder(r.Body).Decode(&pod); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	pod.CreationTimestamp = metav1.Now()
	c.made = append(c.made, pod)
	for i := range pod.Spec.Containers {
		pod.Status.ContainerStatuses = append(pod.Status.ContainerStatuses, c.runContainer(r.Context(), &pod.Spec.Containers[i]))
	}
	c.keep(pod)
	w.WriteHeader(http.StatusCreated)
	json.NewEncoder(w).Encode(pod)
}

// keep holds a Pod and serves it by its name.
func (c *cluster) keep(pod corev1.Pod) {
	c.pods[pod.Name] = pod
	c.handle("/api/v1/namespaces/probes/pods/"+pod.Name, func(w http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		defer c.mu.Unlock()
		if r.Method == http.MethodDelete {
			delete(c.pods, pod.Name)
		}
		json.NewEncoder(w).Encode(pod)
	})
}

// runContainer does what the container would.
func (c *cluster) runContainer(ctx context.Context, container *corev1.Container) corev1.ContainerStatus {
	s := corev1.ContainerStatus{Name: container.Name}
	if c.stuck != "" {
		s.State.Waiting = &corev1.ContainerStateWaiting{Reason: c.stuck, Message: "so it is"}
		return s
	}
	var questions []evidence.Question
	if err := json.Unmarshal([]byte(container.Args[2]), &questions); err != nil {
		s.State.Terminated = &corev1.ContainerStateTerminated{Reason: "Error", Message: err.Error()}
		return s
	}
	s.State.Terminated = &corev1.ContainerStateTerminated{Reason: "Completed", Message: Report(ctx, &Host{}, questions)}
	return s
}

// left is what is still in the cluster.
func (c *cluster) left() (pods, namespaces int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.pods), len(c.namespaces)
}

func (c *cluster) prober(t *testing.T, change ...func(*NodeProbe)) *Live {
	t.Helper()
	probe := &NodeProbe{Image: "example.test/laudo", Namespace: "probes", Life: 3 * time.Second, Confirm: func(context.Context, Plan) bool { return true }}
	for _, f := range change {
		f(probe)
	}
	return c.live(t, func(o *Options) { o.NodeProbe = probe })
}

// listening returns the address of a port that takes connections, and of one
// that refuses them.
func listening(t *testing.T) (open, closed string) {
	t.Helper()
	var addresses [2]string
	for i := range addresses {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		addresses[i] = l.Addr().String()
		if i == 1 {
			l.Close()
		} else {
			t.Cleanup(func() { l.Close() })
		}
	}
	return addresses[0], addresses[1]
}

// askAll asks all questions at once, as a round does.
func askAll(ctx context.Context, l *Live, questions ...evidence.Question) []evidence.Answer {
	answers := make([]evidence.Answer, len(questions))
	var wg sync.WaitGroup
	for i, q := range questions {
		wg.Go(func() { answers[i] = l.Ask(ctx, q, nil) })
	}
	wg.Wait()
	return answers
}

func TestProbeAsksFromNodes(t *testing.T) {
	c := newCluster(t)
	open, closed := listening(t)
	var plans []Plan
	l := c.prober(t, func(p *NodeProbe) {
		p.Confirm = func(_ context.Context, plan Plan) bool {
			plans = append(plans, plan)
			return true
		}
	})
	tcp := func(from evidence.Standpoint, address string) evidence.Question {
		return evidence.Question{Kind: evidence.TCP, From: from, Address: address}
	}
	questions := []evidence.Question{
		tcp(evidence.FromNode("a"), open), tcp(evidence.FromNode("a"), closed), tcp(evidence.FromPodsOn("b"), open),
		{Kind: evidence.DNS, From: evidence.FromNode("a"), Address: "127.0.0.1"},
		{Kind: evidence.Certificates, From: evidence.FromNode("a"), Path: "/nowhere"},
	}
	answers := askAll(t.Context(), l, questions...)
	for i, want := range []string{"", "port", ""} {
		if a := answers[i]; a.Gap != nil || a.Shake == nil || a.Shake.Stage != want || a.Question != questions[i] {
			t.Errorf("%s: %+v, %+v", questions[i], a.Gap, a.Shake)
		}
	}
	if a := answers[3]; a.Gap != nil || !slices.Equal(a.Addresses, []string{"127.0.0.1"}) {
		t.Errorf("%+v", a)
	}
	if a := answers[4]; a.Gap != nil || !a.Absent {
		t.Errorf("%+v", a)
	}
	if len(plans) != 1 || !plans[0].MakeNamespace || len(plans[0].Pods) != 2 || !plans[0].Pods[0].HostFiles {
		t.Fatalf("plans %+v", plans)
	}
	if len(c.made) != 2 {
		t.Fatalf("%d Pods were made", len(c.made))
	}
	for _, pod := range c.made {
		checkProbePod(t, &pod)
	}
	if pods, _ := c.left(); pods != 0 {
		t.Errorf("%d Pods are left while the run goes on", pods)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	if pods, namespaces := c.left(); pods+namespaces != 0 {
		t.Errorf("%d Pods and %d namespaces are left", pods, namespaces)
	}
}

// checkProbePod: a Pod may do no more than it has to.
func checkProbePod(t *testing.T, pod *corev1.Pod) {
	t.Helper()
	s := pod.Spec
	host := s.NodeName == "a"
	if s.HostNetwork != host || (len(s.Volumes) > 0) != host || s.HostPID || s.HostIPC {
		t.Errorf("%s: network %t, volumes %d", pod.Name, s.HostNetwork, len(s.Volumes))
	}
	for _, v := range s.Volumes {
		if v.HostPath == nil || *v.HostPath.Type != corev1.HostPathDirectory {
			t.Errorf("%s: volume %+v", pod.Name, v)
		}
	}
	if *s.AutomountServiceAccountToken || *s.ActiveDeadlineSeconds != probeLife || s.RestartPolicy != corev1.RestartPolicyNever ||
		!*s.SecurityContext.RunAsNonRoot || *s.SecurityContext.RunAsUser == 0 || len(s.Tolerations) != 1 || s.Tolerations[0].Operator != corev1.TolerationOpExists {
		t.Errorf("%s: %+v", pod.Name, s)
	}
	for _, c := range s.Containers {
		if *c.SecurityContext.AllowPrivilegeEscalation || !*c.SecurityContext.ReadOnlyRootFilesystem || c.SecurityContext.Capabilities.Drop[0] != "ALL" || c.Resources.Requests == nil {
			t.Errorf("%s: container %+v", pod.Name, c.SecurityContext)
		}
		for _, m := range c.VolumeMounts {
			if !m.ReadOnly {
				t.Errorf("%s: %s can be written", pod.Name, m.MountPath)
			}
		}
	}
	if pod.Labels[managedBy] != "laudo" || pod.Annotations[probeOwner] == "" {
		t.Errorf("%s does not say whose it is", pod.Name)
	}
}

func TestProbeTellsRefusals(t *testing.T) {
	question := evidence.Question{Kind: evidence.TCP, From: evidence.FromNode("a"), Address: "127.0.0.1:1"}
	security := `pods "laudo-node-probe" is forbidden: violates PodSecurity "restricted:latest": host namespaces (hostNetwork=true)`
	for name, test := range map[string]struct {
		change func(*cluster)
		probe  func(*NodeProbe)
		why    evidence.Why
		detail string
	}{
		"Pod Security": {why: evidence.Forbidden, detail: security, change: func(c *cluster) {
			c.refuse = func(w http.ResponseWriter) bool {
				status(w, http.StatusForbidden, metav1.StatusReasonForbidden, security)
				return true
			}
		}},
		"webhook": {why: evidence.Failed, detail: "admission webhook \"gate.example\" denied the request: no", change: func(c *cluster) {
			c.refuse = func(w http.ResponseWriter) bool {
				status(w, http.StatusBadRequest, metav1.StatusReasonBadRequest, "admission webhook \"gate.example\" denied the request: no")
				return true
			}
		}},
		"rights": {why: evidence.Forbidden, detail: "cannot get resource", change: func(c *cluster) {
			c.handle("/api/v1/namespaces/probes", func(w http.ResponseWriter, _ *http.Request) {
				status(w, http.StatusForbidden, metav1.StatusReasonForbidden, `namespaces "probes" is forbidden: User "ana" cannot get resource "namespaces"`)
			})
		}},
		"image":   {why: evidence.Failed, detail: "ErrImagePull so it is", change: func(c *cluster) { c.stuck = "ErrImagePull" }},
		"never":   {why: evidence.TimedOut, detail: "ContainerCreating so it is", change: func(c *cluster) { c.stuck = "ContainerCreating" }, probe: func(p *NodeProbe) { p.Life = 700 * time.Millisecond }},
		"Windows": {why: evidence.Declined, detail: "runs Windows", change: func(c *cluster) { c.os = "windows" }},
		"no":      {why: evidence.Declined, detail: "no Pod was to be made", probe: func(p *NodeProbe) { p.Confirm = func(context.Context, Plan) bool { return false } }},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCluster(t)
			if test.change != nil {
				test.change(c)
			}
			if test.probe == nil {
				test.probe = func(*NodeProbe) {}
			}
			l := c.prober(t, test.probe)
			a := askAll(t.Context(), l, question)[0]
			if a.Gap == nil || a.Gap.Why != test.why || !strings.Contains(a.Gap.Detail, test.detail) {
				t.Errorf("gap %+v, want %s with %q", a.Gap, test.why, test.detail)
			}
			if err := l.Close(); err != nil && test.why != evidence.Forbidden {
				t.Error(err)
			}
			if pods, namespaces := c.left(); pods+namespaces != 0 {
				t.Errorf("%d Pods and %d namespaces are left", pods, namespaces)
			}
		})
	}
}

// TestProbeCleansUpWhenInterrupted: Ctrl-C while Pods are under way leaves none.
func TestProbeCleansUpWhenInterrupted(t *testing.T) {
	c := newCluster(t)
	c.stuck = "ContainerCreating"
	l := c.prober(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan evidence.Answer)
	go func() {
		done <- l.Ask(ctx, evidence.Question{Kind: evidence.TCP, From: evidence.FromNode("a"), Address: "127.0.0.1:1"}, nil)
	}()
	for i := 0; ; i++ {
		if pods, _ := c.left(); pods == 1 {
			break
		}
		if i == 200 {
			t.Fatal("no Pod was made")
		}
		time.Sleep(10 * time.Millisecond)
	}
	cancel()
	if a := <-done; a.Gap == nil || a.Gap.Why != evidence.Interrupted {
		t.Errorf("gap %+v", a.Gap)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	if pods, namespaces := c.left(); pods+namespaces != 0 {
		t.Errorf("%d Pods and %d namespaces are left", pods, namespaces)
	}
	if a := l.Ask(t.Context(), evidence.Question{Kind: evidence.TCP, From: evidence.FromNode("a")}, nil); a.Gap == nil || a.Gap.Why != evidence.Interrupted {
		t.Errorf("asked after the end: %+v", a)
	}
}

// TestProbeRemovesLeftovers: what a run could not remove, a later one does; the
// Pods of one that is under way it leaves.
func TestProbeRemovesLeftovers(t *testing.T) {
	c := newCluster(t)
	c.namespaces["probes"] = corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "probes", Labels: probeLabels("earlier")}}
	for name, age := range map[string]time.Duration{"old": time.Hour, "young": time.Second} {
		pod := corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: probeLabels(name), CreationTimestamp: metav1.NewTime(time.Now().Add(-age))}}
		pod.Status.Phase = corev1.PodFailed
		c.keep(pod)
	}
	l := c.prober(t)
	open, _ := listening(t)
	if a := l.Ask(t.Context(), evidence.Question{Kind: evidence.TCP, From: evidence.FromPodsOn("a"), Address: open}, nil); a.Gap != nil {
		t.Error(a.Gap)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.pods["old"]; ok || len(c.pods) != 1 || len(c.namespaces) != 1 {
		t.Errorf("%d Pods and %d namespaces are left", len(c.pods), len(c.namespaces))
	}
}

// TestProbeKeepsOthersNamespace: a namespace that laudo did not make stays.
func TestProbeKeepsOthersNamespace(t *testing.T) {
	c := newCluster(t)
	c.namespaces["probes"] = corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "probes"}}
	l := c.prober(t)
	open, _ := listening(t)
	l.Ask(t.Context(), evidence.Question{Kind: evidence.TCP, From: evidence.FromPodsOn("a"), Address: open}, nil)
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	if _, namespaces := c.left(); namespaces != 1 {
		t.Error("the namespace is gone")
	}
}

// TestProbeLeavesANamespaceThatEnds: one that is being removed takes no Pods.
func TestProbeLeavesANamespaceThatEnds(t *testing.T) {
	c := newCluster(t)
	now := metav1.Now()
	c.namespaces["probes"] = corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "probes", DeletionTimestamp: &now, Finalizers: []string{"kubernetes"}}}
	l := c.prober(t)
	other := "probes-" + l.probe.run
	c.handle("/api/v1/namespaces/"+other, func(w http.ResponseWriter, _ *http.Request) { json.NewEncoder(w).Encode(corev1.Namespace{}) })
	c.handle("/api/v1/namespaces/"+other+"/pods", c.servePods)
	l.Ask(t.Context(), evidence.Question{Kind: evidence.TCP, From: evidence.FromPodsOn("a"), Address: "127.0.0.1:1"}, nil)
	if len(c.made) != 1 || c.made[0].Namespace != other {
		t.Errorf("made %+v", c.made)
	}
}

func TestReportFits(t *testing.T) {
	der := make([]byte, 0, 1500)
	for i := range 1500 {
		der = append(der, byte(i*i>>3+i*7))
	}
	answers := []evidence.Answer{
		{Shake: &evidence.Handshake{Peer: [][]byte{der, slices.Clone(der[1:]), slices.Clone(der[2:])}}},
		{Files: []evidence.CertificateFile{{Path: "/a", Certificates: [][]byte{der, der[3:]}}, {Path: "/b", Certificates: [][]byte{der[5:], der[7:]}}}},
		{Text: strings.Repeat("x", 100)},
	}
	random := func(seed byte, b []byte) []byte {
		out := make([]byte, len(b))
		x := uint32(seed) + 1
		for i := range out {
			x = x*1664525 + 1013904223
			out[i] = byte(x >> 24)
		}
		return out
	}
	n := byte(0)
	for _, list := range [][][]byte{answers[0].Shake.Peer, answers[1].Files[0].Certificates, answers[1].Files[1].Certificates} {
		for i := range list {
			n++
			list[i] = random(n, list[i])
		}
	}
	text := packReport(answers)
	if len(text) <= reportMost {
		t.Fatal("it fits anyway")
	}
	for len(text) > reportMost && spare(answers) {
		text = packReport(answers)
	}
	questions := []evidence.Question{{Kind: evidence.TLS}, {Kind: evidence.Certificates}, {Kind: evidence.HTTP}}
	got, err := ReadReport(text, questions)
	if err != nil || len(text) > reportMost {
		t.Fatalf("%d bytes: %v", len(text), err)
	}
	if got[0].Shake == nil && got[0].Gap == nil || got[1].Files == nil && got[1].Gap == nil || len(got[2].Text) != 100 {
		t.Errorf("%+v", got)
	}
	if !slices.EqualFunc(got, questions, func(a evidence.Answer, q evidence.Question) bool { return a.Question == q }) {
		t.Error("answers to other questions")
	}
	for _, bad := range []string{"", "panic: oh", "laudo1:!", "laudo1:aGVsbG8=", fmt.Sprint(text, "x")} {
		if _, err := ReadReport(bad, questions); err == nil {
			t.Errorf("read %q", cut(bad))
		}
	}
}
