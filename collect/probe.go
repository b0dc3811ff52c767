package collect

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubelaudo/laudo/evidence"
)

// NodeProbe says how questions are asked from nodes.
type NodeProbe struct {
	// Image is laudo's own, or one with laudo as its entry point.
	Image string
	// Namespace is where the Pods are made. It is made too if it does not exist,
	// and then removed again.
	Namespace string
	// Confirm is asked before anything is made. Nil, or false: nothing is.
	Confirm func(ctx context.Context, plan Plan) bool
	// Life bounds how long Pods are waited for; 0: 20 s.
	Life time.Duration
}

// Plan is what is to be made.
type Plan struct {
	Namespace     string
	MakeNamespace bool
	Image         string
	// Pods are where Pods are made, and what they are to find out, ordered.
	Pods []PlannedPod
}

// PlannedPod is a Pod of a plan.
type PlannedPod struct {
	From      evidence.Standpoint
	Questions []evidence.Question
	HostFiles bool // whether it sees files of the host
}

// How a prober works.
const (
	probeTime = 20 * time.Second // for the Pods of one batch
	// gatherTime is how long no further question must have come before the Pods
	// are made: questions come in batches.
	gatherTime = 200 * time.Millisecond
	pollTime   = 250 * time.Millisecond
	// cleanTime bounds removing everything, whatever ended the run.
	cleanTime = 15 * time.Second
	// leftover is after how long a Pod counts as left behind by a run that could
	// not clean up: it has ended by itself long before.
	leftover = 5 * time.Minute
)

// prober asks from nodes: it makes a Pod for each standpoint of a batch of
// questions, and reads the answers out of the Pods' status.
type prober struct {
	live    *Live
	options NodeProbe
	run     string

	mu      sync.Mutex
	batch   *probeBatch
	running sync.WaitGroup
	number  int
	made    []string // names of Pods that may exist
	asked   bool     // something may have been made
	closed  bool
}

// probeBatch is questions that come together.
type probeBatch struct {
	questions []evidence.Question
	timer     *time.Timer
	done      chan struct{}
	answers   map[evidence.Question]evidence.Answer
}

func newProber(l *Live, options NodeProbe) *prober {
	options.Life = cmp.Or(options.Life, probeTime)
	return &prober{live: l, options: options, run: fmt.Sprintf("%08x", rand.Uint32())}
}

// ask has the question answered with the others of its batch.
func (p *prober) ask(ctx context.Context, q evidence.Question) evidence.Answer {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return evidence.Answer{Question: q, At: p.live.Now(), Gap: &evidence.Gap{Why: evidence.Interrupted, Detail: "the run has ended"}}
	}
	b := p.batch
	if b == nil {
		b = &probeBatch{done: make(chan struct{})}
		p.batch = b
		p.running.Add(1)
		b.timer = time.AfterFunc(gatherTime, func() {
			p.mu.Lock()
			if p.batch != b { // set again as it went off
				p.mu.Unlock()
				return
			}
			p.batch = nil
			p.mu.Unlock()
			defer p.running.Done()
			b.answers = p.carryOut(ctx, b.questions)
			close(b.done)
		})
	} else {
		b.timer.Reset(gatherTime)
	}
	b.questions = append(b.questions, q)
	p.mu.Unlock()
	select {
	case <-b.done:
		if a, ok := b.answers[q]; ok {
			return a
		}
		return evidence.Answer{Question: q, At: p.live.Now(), Gap: &evidence.Gap{Why: evidence.Interrupted, Detail: "the run has ended"}}
	case <-ctx.Done():
		return evidence.Answer{Question: q, At: p.live.Now(), Gap: gap(ctx, ctx.Err())}
	}
}

// carryOut answers a batch.
func (p *prober) carryOut(ctx context.Context, questions []evidence.Question) map[evidence.Question]evidence.Answer {
	answers := map[evidence.Question]evidence.Answer{}
	fail := func(questions []evidence.Question, g *evidence.Gap) {
		for _, q := range questions {
			answers[q] = evidence.Answer{Question: q, At: p.live.Now(), Gap: g}
		}
	}
	plan, err := p.plan(ctx, questions, fail)
	if err != nil {
		fail(questions, gap(ctx, err))
		return answers
	}
	if len(plan.Pods) == 0 {
		return answers
	}
	if p.options.Confirm == nil || !p.options.Confirm(ctx, plan) {
		fail(questions, &evidence.Gap{Why: evidence.Declined, Detail: "no Pod was to be made"})
		return answers
	}
	limited, cancel := context.WithTimeout(ctx, p.options.Life)
	defer cancel()
	p.mu.Lock()
	p.asked = true
	p.mu.Unlock()
	p.sweep(limited)
	if err := p.namespace(limited); err != nil {
		fail(questions, gap(ctx, err))
		return answers
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	for _, planned := range plan.Pods {
		wg.Go(func() {
			found, err := p.probe(limited, planned)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				fail(planned.Questions, gap(ctx, err))
			}
			for _, a := range found {
				answers[a.Question] = a
			}
		})
	}
	wg.Wait()
	return answers
}

// plan says what is to be made. Questions from nodes that run no Linux are
// answered with a gap.
func (p *prober) plan(ctx context.Context, questions []evidence.Question, fail func([]evidence.Question, *evidence.Gap)) (Plan, error) {
	by := map[evidence.Standpoint][]evidence.Question{}
	for _, q := range questions {
		by[q.From] = append(by[q.From], q)
	}
	plan := Plan{Image: p.options.Image}
	for from, some := range by {
		windows, err := p.windows(ctx, from.Node())
		if err != nil {
			return plan, err
		}
		if windows {
			fail(some, &evidence.Gap{Why: evidence.Declined, Detail: "node " + from.Node() + " runs Windows, and is not probed"})
			continue
		}
		slices.SortFunc(some, func(a, b evidence.Question) int { return strings.Compare(a.String(), b.String()) })
		plan.Pods = append(plan.Pods, PlannedPod{From: from, Questions: some, HostFiles: slices.ContainsFunc(some, ofFiles)})
	}
	slices.SortFunc(plan.Pods, func(a, b PlannedPod) int { return cmp.Compare(a.From, b.From) })
	exists, err := p.exists(ctx)
	plan.Namespace, plan.MakeNamespace = p.options.Namespace, !exists
	return plan, err
}

func (p *prober) windows(ctx context.Context, node string) (bool, error) {
	var list corev1.NodeList
	if err := p.call(ctx, http.MethodGet, "/api/v1/nodes?fieldSelector=metadata.name%3D"+node, nil, &list); err != nil {
		return false, err
	}
	return len(list.Items) > 0 && list.Items[0].Labels[corev1.LabelOSStable] == "windows", nil
}

// exists reports whether the namespace exists. One that is being removed takes
// no Pods, and while an aggregated API is unavailable it never ends: then
// another one is meant from here on.
func (p *prober) exists(ctx context.Context) (bool, error) {
	var ns corev1.Namespace
	err := p.call(ctx, http.MethodGet, "/api/v1/namespaces/"+p.options.Namespace, nil, &ns)
	if err == nil && ns.DeletionTimestamp != nil {
		p.options.Namespace += "-" + p.run
		return false, nil
	}
	var status *statusError
	if errors.As(err, &status) && status.code == http.StatusNotFound {
		return false, nil
	}
	return err == nil, err
}

// namespace makes the namespace if it does not exist. Pods on a node's own
// network are allowed in it, which Pod Security calls privileged.
func (p *prober) namespace(ctx context.Context) error {
	exists, err := p.exists(ctx)
	if err != nil || exists {
		return err
	}
	ns := &corev1.Namespace{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Namespace"},
		ObjectMeta: metav1.ObjectMeta{
			Name: p.options.Namespace,
			Labels: map[string]string{
				managedBy: "laudo", probeName: probeWhat, probeRun: p.run, podSecurity: "privileged",
			},
			Annotations: map[string]string{probeOwner: "made by laudo diagnose --node-probe, which removes it"},
		},
	}
	err = p.call(ctx, http.MethodPost, "/api/v1/namespaces", ns, nil)
	var status *statusError
	if errors.As(err, &status) && status.code == http.StatusConflict { // somebody was faster
		return nil
	}
	return err
}

func (p *prober) pods() string { return "/api/v1/namespaces/" + p.options.Namespace + "/pods" }

// probe makes one Pod, waits for it, and reads its answers.
func (p *prober) probe(ctx context.Context, planned PlannedPod) ([]evidence.Answer, error) {
	groups := shared(planned.Questions)
	p.mu.Lock()
	p.number++
	pod := p.pod(planned.From, p.number, groups)
	p.made = append(p.made, pod.Name)
	p.mu.Unlock()
	if err := p.create(ctx, pod); err != nil {
		return nil, err
	}
	defer p.remove(context.WithoutCancel(ctx), pod.Name) //nolint:errcheck // close tries again, and tells
	last := "nothing is known of it"
	for {
		var now corev1.Pod
		err := p.call(ctx, http.MethodGet, p.pods()+"/"+pod.Name, nil, &now)
		switch {
		case ctx.Err() != nil:
			return nil, fmt.Errorf("waiting for Pod %s on %s: %w: %s", pod.Name, planned.From.Node(), ctx.Err(), last)
		case err != nil:
			return nil, err
		}
		if answers, done, err := readPod(&now, groups); done {
			return answers, err
		}
		if last, err = standing(&now); err != nil {
			return nil, err
		}
		select {
		case <-time.After(pollTime):
		case <-ctx.Done():
		}
	}
}

// create makes a Pod. In a namespace that has just been made the service account
// of its Pods can be missing for a moment.
func (p *prober) create(ctx context.Context, pod *corev1.Pod) error {
	for {
		err := p.call(ctx, http.MethodPost, p.pods(), pod, nil)
		var status *statusError
		if !errors.As(err, &status) || status.code != http.StatusForbidden || !strings.Contains(status.Error(), "error looking up service account") {
			return err
		}
		select {
		case <-time.After(pollTime):
		case <-ctx.Done():
			return err
		}
	}
}

// readPod reads the reports of a Pod whose containers have all ended. Whatever a
// webhook has put beside them may go on.
func readPod(pod *corev1.Pod, groups [][]evidence.Question) ([]evidence.Answer, bool, error) {
	var all []evidence.Answer
	for i, questions := range groups {
		name := fmt.Sprintf("ask-%d", i)
		at := slices.IndexFunc(pod.Status.ContainerStatuses, func(c corev1.ContainerStatus) bool { return c.Name == name })
		if at < 0 || pod.Status.ContainerStatuses[at].State.Terminated == nil {
			return nil, pod.Status.Phase == corev1.PodFailed, fmt.Errorf("the Pod on %s failed: %s", pod.Spec.NodeName, cmp.Or(pod.Status.Message, pod.Status.Reason, "no reason given"))
		}
		ended := pod.Status.ContainerStatuses[at].State.Terminated
		answers, err := ReadReport(ended.Message, questions)
		if err != nil {
			return nil, true, garbled("the Pod on %s: %w (%s, exit code %d): %s", pod.Spec.NodeName, err, ended.Reason, ended.ExitCode, evidence.RedactText(cut(ended.Message)))
		}
		all = append(all, answers...)
	}
	return all, true, nil
}

func cut(s string) string {
	if len(s) > 300 {
		return s[:300]
	}
	return s
}

// standing tells how far a Pod has come, and fails if it will come no further.
func standing(pod *corev1.Pod) (string, error) {
	for _, c := range pod.Status.ContainerStatuses {
		if c.State.Waiting == nil {
			continue
		}
		text := strings.TrimSpace(c.State.Waiting.Reason + " " + c.State.Waiting.Message)
		switch c.State.Waiting.Reason {
		case "ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "CreateContainerConfigError", "CreateContainerError", "RunContainerError":
			return "", garbled("the Pod on %s cannot start: %s", pod.Spec.NodeName, evidence.RedactText(text))
		}
		return text, nil
	}
	return string(pod.Status.Phase), nil
}

func (p *prober) remove(ctx context.Context, name string) error {
	ctx, cancel := context.WithTimeout(ctx, cleanTime)
	defer cancel()
	err := p.call(ctx, http.MethodDelete, p.pods()+"/"+name+"?gracePeriodSeconds=0", nil, nil)
	var status *statusError
	if errors.As(err, &status) && status.code == http.StatusNotFound {
		err = nil
	}
	if err != nil {
		return fmt.Errorf("removing Pod %s/%s: %w", p.options.Namespace, name, err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.made = slices.DeleteFunc(p.made, func(n string) bool { return n == name })
	return nil
}

// sweep removes the Pods that earlier runs left behind. It never matters to the
// diagnosis whether it could.
func (p *prober) sweep(ctx context.Context) {
	var list corev1.PodList
	if p.call(ctx, http.MethodGet, p.pods()+"?labelSelector="+probeName+"%3D"+probeWhat, nil, &list) != nil {
		return
	}
	for i := range list.Items {
		pod := &list.Items[i]
		ended := pod.Status.Phase == corev1.PodSucceeded || pod.Status.Phase == corev1.PodFailed
		if age := p.live.Now().Sub(pod.CreationTimestamp.Time); pod.Labels[probeRun] != p.run && age > leftover && (ended || age > 2*leftover) {
			p.remove(ctx, pod.Name) //nolint:errcheck // it stays for the next run
		}
	}
}

// close waits for what is under way and removes everything that was made.
func (p *prober) close() error {
	p.mu.Lock()
	p.closed = true
	if b := p.batch; b != nil {
		b.timer.Stop()
		close(b.done)
		p.batch = nil
		p.running.Done()
	}
	asked := p.asked
	p.mu.Unlock()
	p.running.Wait()
	if !asked {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), cleanTime)
	defer cancel()
	p.mu.Lock()
	made := slices.Clone(p.made)
	p.mu.Unlock()
	var failed error
	for _, name := range made {
		failed = cmp.Or(failed, p.remove(ctx, name))
	}
	return cmp.Or(failed, p.removeNamespace(ctx))
}

// removeNamespace removes the namespace, if laudo made it, be it in an earlier
// run, and nobody uses it.
func (p *prober) removeNamespace(ctx context.Context) error {
	var ns corev1.Namespace
	if err := p.call(ctx, http.MethodGet, "/api/v1/namespaces/"+p.options.Namespace, nil, &ns); err != nil {
		var status *statusError
		if errors.As(err, &status) && status.code == http.StatusNotFound {
			return nil
		}
		return err
	}
	if ns.Labels[managedBy] != "laudo" || ns.Labels[probeName] != probeWhat || ns.DeletionTimestamp != nil {
		return nil
	}
	var list corev1.PodList
	if err := p.call(ctx, http.MethodGet, p.pods(), nil, &list); err != nil {
		return err
	}
	if slices.ContainsFunc(list.Items, func(pod corev1.Pod) bool { return pod.DeletionTimestamp == nil }) {
		return nil // another run is under way; it removes the namespace
	}
	if err := p.call(ctx, http.MethodDelete, "/api/v1/namespaces/"+p.options.Namespace, nil, nil); err != nil {
		return fmt.Errorf("removing namespace %s: %w", p.options.Namespace, err)
	}
	return nil
}

// call sends a request to the API server, and reads the object that it answers
// with into the given one.
func (p *prober) call(ctx context.Context, method, path string, body, into any) error {
	var payload io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			return err
		}
		payload = bytes.NewReader(data)
	}
	base := *p.live.base
	request, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(base.String(), "/")+path, payload)
	if err != nil {
		return err
	}
	request.Header.Set("Accept", jsonType)
	if body != nil {
		request.Header.Set("Content-Type", jsonType)
	}
	response, err := p.live.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode >= http.StatusBadRequest {
		return newStatusError(response)
	}
	if into == nil {
		_, err = io.Copy(io.Discard, io.LimitReader(response.Body, maxObject))
		return err
	}
	if err := json.NewDecoder(bounded(response.Body, "the answer", maxObject)).Decode(into); err != nil {
		return garbled("reading the answer of the API server: %w", err)
	}
	return nil
}
