package laudo_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubelaudo/laudo"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
)

// canaried is a cluster whose objects hold credentials wherever one can hide,
// redacted as a live source redacts them.
type canaried struct {
	*world
	byResource map[string][]runtime.Object
}

func (c canaried) Ask(ctx context.Context, q evidence.Question, each func(runtime.Object)) evidence.Answer {
	a := c.world.Ask(ctx, q, each)
	if q.Kind != evidence.List {
		return a
	}
	for _, o := range c.byResource[q.Resource] {
		o = o.DeepCopyObject()
		if pod, ok := o.(*corev1.Pod); ok {
			// Let it fail, so that what it says is reported.
			pod.CreationTimestamp = metav1.NewTime(moment.Add(-3600e9))
		}
		evidence.Redact(o)
		a.Count++
		each(o)
	}
	return a
}

// TestNoCanaryInReports wants no credential in a report, in any form.
func TestNoCanaryInReports(t *testing.T) {
	file, err := os.Open("evidence/testdata/canaries.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	c := canaried{newWorld(), map[string][]runtime.Object{}}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var line struct {
			Resource string
			Object   json.RawMessage
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		o := evidence.NewObject(line.Resource)
		if err := json.Unmarshal(line.Object, o); err != nil {
			continue // a kind that no law reads
		}
		c.byResource[line.Resource] = append(c.byResource[line.Resource], o)
	}
	const canary = "hunter2canary"
	status := corev1.ContainerStatus{
		RestartCount: 9,
		State:        corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "CrashLoopBackOff"}},
		LastTerminationState: corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{
			ExitCode: 1, Message: "login failed: password=" + canary + " token: " + canary,
		}},
	}
	for _, o := range deployment("n", "talks", "none", false, status, "--token="+canary, "--password", canary) {
		resource := map[bool]string{true: evidence.Pods.Name, false: evidence.Deployments.Name}[strings.HasSuffix(o.(metav1.Object).GetName(), "-x")]
		c.byResource[resource] = append(c.byResource[resource], o)
	}
	c.log = evidence.Answer{Status: 500, Text: evidence.RedactText(`Get "https://me:` + canary + `@192.0.2.7:10250/containerLogs/a/b/c": No agent available`)}

	for _, language := range []string{"en", "pt-BR"} {
		doc := diagnosed(t, c, laudo.Options{Language: message.NewPrinter(language), Symptom: "password=" + canary})
		if len(doc.Symptoms) < 2 {
			t.Fatalf("the cluster is to fail in several ways, and %d symptoms were found", len(doc.Symptoms))
		}
		var terminal bytes.Buffer
		if err := (report.Terminal{Width: 160, Verbose: true}).Print(&terminal, doc); err != nil {
			t.Fatal(err)
		}
		for form, text := range map[string]string{"JSON": string(encode(t, doc)), "terminal": terminal.String()} {
			if i := strings.Index(text, canary); i >= 0 {
				t.Errorf("%s %s: a credential came out: …%s…", language, form, text[max(0, i-80):min(len(text), i+40)])
			}
		}
	}
}
