package theory

import (
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubelaudo/laudo/evidence"
)

// EventsOn returns the latest event of each reason on an object, by its kind,
// namespace and name. Events are kept for an hour, and may be missing: that
// there is none proves nothing.
func EventsOn(v *View, kind, namespace, name string) (map[string]*corev1.Event, evidence.Question) {
	q := evidence.Question{Kind: evidence.List, Resource: evidence.Events.Name, Namespace: namespace}
	latest := map[string]*corev1.Event{}
	if _, ok := v.Answer(q); !ok {
		return latest, q
	}
	for _, item := range cached(v, evidence.Events) {
		e := item.Object
		at := e.InvolvedObject
		if e.Namespace != namespace || at.Kind != kind || at.Name != name {
			continue
		}
		if old := latest[e.Reason]; old == nil || LastSeen(e).After(LastSeen(old)) {
			latest[e.Reason] = e
		}
	}
	return latest, q
}

// LastSeen is when what an event tells of last happened.
func LastSeen(e *corev1.Event) time.Time {
	at := e.LastTimestamp.Time
	if e.EventTime.After(at) {
		at = e.EventTime.Time
	}
	if e.Series != nil && e.Series.LastObservedTime.After(at) {
		at = e.Series.LastObservedTime.Time
	}
	return at
}
