package components

import (
	"time"

	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/theory"
)

var (
	rolledOutRevision = message.Word{EN: "revision %[1]s of %[2]s was rolled out by %[3]s", PT: "a revisão %[1]s de %[2]s foi implantada por %[3]s"}
	rolledOutNew      = message.Word{EN: "a new revision of %[1]s was rolled out by %[2]s", PT: "uma nova revisão de %[1]s foi implantada por %[2]s"}
)

const revisionAnnotation = "deployment.kubernetes.io/revision"

// changeEvents are when a workload was last changed, and when its present
// revision was made: a Deployment makes a ReplicaSet for each, others a
// ControllerRevision. A revision that was gone back to is older than the change
// and tells nothing. Source: k8s.io/kubernetes v1.37,
// pkg/controller/deployment/util and pkg/controller/history (2026-11).
func changeEvents(v *theory.View, w *theory.Workload, cited []theory.Evidence) []theory.Event {
	changed, by := theory.LastChange(w.Meta)
	var events []theory.Event
	if made, revision, seen, ok := revisionMade(v, w); ok {
		writer := unnamedWriter.With()
		if near := changed.Sub(made).Abs() < 10*time.Second; near {
			writer, changed = writerOf(by), time.Time{} // one and the same
		}
		text := rolledOutNew.With(w.Subject.String(), writer)
		if revision != "" {
			text = rolledOutRevision.With(revision, w.Subject.String(), writer)
		}
		events = append(events, theory.Event{At: made, Text: text, Evidence: []theory.Evidence{seen}})
	}
	if !changed.IsZero() {
		events = append(events, theory.Event{At: changed, Text: changedEvent.With(w.Subject.String(), writerOf(by)), Evidence: cited})
	}
	return events
}

// revisionMade returns when the present revision of a workload was made, if it
// is not its first.
func revisionMade(v *theory.View, w *theory.Workload) (at time.Time, revision string, seen theory.Evidence, ok bool) {
	kind, resource := "ReplicaSet", evidence.ReplicaSets.Name
	if w.Subject.Kind != "Deployment" {
		kind, resource = "ControllerRevision", evidence.ControllerRevisions.Name
	}
	list := theory.ListMetadata(v, resource)
	var newest *metav1.PartialObjectMetadata
	count := 0
	for _, item := range list.Items {
		owner := metav1.GetControllerOf(item.Object)
		if item.Object.Namespace != w.Subject.Namespace || owner == nil || owner.Kind != w.Subject.Kind || owner.Name != w.Subject.Name {
			continue
		}
		count++
		if newest == nil || newest.CreationTimestamp.Before(&item.Object.CreationTimestamp) {
			newest = item.Object
		}
	}
	if newest == nil {
		return time.Time{}, "", theory.Evidence{}, false
	}
	current := false
	if kind == "ReplicaSet" {
		revision = newest.Annotations[revisionAnnotation]
		current = revision > "1" && revision == w.Meta.Annotations[revisionAnnotation]
	} else if hash := newest.Labels[appsv1.ControllerRevisionHashLabelKey]; count > 1 && hash != "" {
		for _, pod := range w.Pods {
			current = current || pod.Labels[appsv1.ControllerRevisionHashLabelKey] == hash
		}
	}
	if !current {
		return time.Time{}, "", theory.Evidence{}, false
	}
	at = newest.CreationTimestamp.Time
	return at, revision, theory.Evidence{
		Question: list.Question, Object: subject{Kind: kind, Namespace: newest.Namespace, Name: newest.Name},
		Field: "metadata.creationTimestamp", Value: rfc3339(at),
	}, true
}
