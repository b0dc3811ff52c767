package components

import (
	"cmp"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubelaudo/laudo/decode"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/theory"
)

// logged is what the log of a container says of errors, as far as laudo knows
// their meaning. The other lines are not kept.
type logged struct {
	question evidence.Question
	asked    bool // and answered
	findings []loggedError
}

// loggedError is what one line says most specifically.
type loggedError struct {
	decode.Finding
	line string
}

// errorsOf returns the question for the errors that a container logs, and
// whether it can be asked: through a tunnel that is down it would only hang.
func errorsOf(v *theory.View, pod *corev1.Pod, container string, previous bool) (evidence.Question, bool) {
	q := evidence.Question{Kind: evidence.Errors, Namespace: pod.Namespace, Name: pod.Name, Container: container, Previous: previous}
	r := logRequests(v)[pod.Spec.NodeName]
	return q, !v.Options().NoProbes && pod.Spec.NodeName != "" && (r == nil || r.asked && r.failed == 0)
}

// loggedOf reads the answer to a question for errors.
func loggedOf(q evidence.Question, a evidence.Answer, ok bool) logged {
	out := logged{question: q, asked: ok && a.Gap == nil && a.Status == 200}
	for _, line := range a.Lines {
		if found := decode.Findings(line); len(found) > 0 {
			out.findings = append(out.findings, loggedError{found[0], line})
		}
	}
	return out
}

// cite is the evidence that a line of the log is.
func (l *logged) cite(e loggedError) theory.Evidence {
	return theory.Evidence{Question: l.question, Field: cmp.Or(e.Stage, e.ID), Value: firstLine(e.line)}
}
