package theory

import (
	"fmt"
	"slices"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
)

// View is the facts as one law sees them, and where it states its claims.
type View struct {
	law    *Law
	facts  *evidence.Facts
	theory *Theory
}

// Now is the moment that the facts speak of.
func (v *View) Now() time.Time { return v.facts.Now }

// Options returns how the theory is applied.
func (v *View) Options() Options { return v.theory.options }

// State adds a claim.
func (v *View) State(c Claim) {
	v.theory.add(v.law, c)
}

// declared reports whether the law declares to read; anything else is refused.
func (v *View) declared(verb, resource string) bool {
	for _, r := range v.law.Reads {
		if r.Verb == verb && (r.Resource == resource || verb != VerbList && verb != VerbGet && verb != VerbRaw) {
			return true
		}
		if verb == VerbRaw && r.Verb == VerbRaw && pathMatches(r.Resource, resource) {
			return true
		}
	}
	v.theory.undeclared = append(v.theory.undeclared, fmt.Sprintf("%s: %s %s", v.law.ID, verb, resource))
	return false
}

// Answer returns the answer to q. If q was not asked yet it is wanted, and
// asked before the theory is read again; until then ok is false.
func (v *View) Answer(q evidence.Question) (a evidence.Answer, ok bool) {
	if !v.declared(verbOf(q), resourceOf(q)) {
		return evidence.Answer{Question: q, Gap: &evidence.Gap{Why: evidence.NotCollected}}, true
	}
	a, ok = v.facts.Answer(q)
	if !ok {
		v.theory.want(q)
	}
	return a, ok
}

// Peek is Answer without wanting: for answers that only a test brings.
func (v *View) Peek(q evidence.Question) (a evidence.Answer, ok bool) {
	if !v.declared(verbOf(q), resourceOf(q)) {
		return evidence.Answer{}, false
	}
	return v.facts.Answer(q)
}

func verbOf(q evidence.Question) string {
	switch q.Kind {
	case evidence.List:
		return VerbList
	case evidence.Get:
		return VerbGet
	case evidence.Raw:
		return VerbRaw
	case evidence.Log, evidence.Errors:
		return VerbLog
	case evidence.Dial:
		return VerbDial
	case evidence.TLS:
		return VerbTLS
	case evidence.TCP, evidence.HTTP, evidence.DNS, evidence.Certificates, evidence.Programs:
		return VerbHost
	}
	return VerbClient
}

func resourceOf(q evidence.Question) string {
	if q.Kind == evidence.Raw {
		return q.Path
	}
	return q.Resource
}

// Listing is the objects of a resource as far as they are known.
type Listing[T any] struct {
	Items    []evidence.Item[T]
	Question evidence.Question
	Gap      *evidence.Gap // nil: these are all there are
	Asked    bool          // false: not asked yet
}

// Known reports whether the listing is complete.
func (l Listing[T]) Known() bool { return l.Asked && l.Gap == nil }

// Why says why the listing is not complete.
func (l Listing[T]) Why() (diagnose.Why, string) {
	if !l.Asked {
		return diagnose.NotAsked, ""
	}
	return WhyOf(l.Gap)
}

// List returns the objects of a resource in all namespaces.
func List[T any](v *View, r evidence.Resource[T]) Listing[T] {
	q := evidence.Question{Kind: evidence.List, Resource: r.Name}
	a, ok := v.Answer(q)
	l := Listing[T]{Question: q, Asked: ok, Gap: a.Gap}
	if ok {
		l.Items = cached(v, r)
	}
	return l
}

// ListMetadata returns the names, labels, annotations and managed fields of the
// objects of a resource in all namespaces.
func ListMetadata(v *View, resource string) Listing[*metav1.PartialObjectMetadata] {
	q := evidence.Question{Kind: evidence.List, Resource: resource, Metadata: true}
	a, ok := v.Answer(q)
	l := Listing[*metav1.PartialObjectMetadata]{Question: q, Asked: ok, Gap: a.Gap}
	if ok {
		l.Items = cached(v, evidence.Resource[*metav1.PartialObjectMetadata]{Name: resource + " --metadata"})
	}
	return l
}

// cached returns the objects of a resource, sorted once for all laws.
func cached[T any](v *View, r evidence.Resource[T]) []evidence.Item[T] {
	if items, ok := v.theory.listings[r.Name].([]evidence.Item[T]); ok {
		return items
	}
	items := r.All(v.facts)
	v.theory.listings[r.Name] = items
	return items
}

// Found is one object as far as it is known.
type Found[T any] struct {
	Object   T
	Question evidence.Question
	Asked    bool
	Exists   bool
	Gap      *evidence.Gap
}

// Get returns one object by name.
func Get[T any](v *View, r evidence.Resource[T], namespace, name string) Found[T] {
	q := evidence.Question{Kind: evidence.Get, Resource: r.Name, Namespace: namespace, Name: name}
	a, ok := v.Answer(q)
	found := Found[T]{Question: q, Asked: ok, Gap: a.Gap}
	if ok && a.Gap == nil && !a.Absent {
		item, exists := r.One(v.facts, namespace, name)
		found.Object, found.Exists = item.Object, exists
	}
	return found
}

// WhyOf translates a gap. A nil gap is no reason.
func WhyOf(gap *evidence.Gap) (diagnose.Why, string) {
	if gap == nil {
		return "", ""
	}
	switch gap.Why {
	case evidence.Forbidden, evidence.Unauthorized:
		return diagnose.Forbidden, gap.Detail
	case evidence.TimedOut:
		return diagnose.TimedOut, gap.Detail
	case evidence.Hidden:
		return diagnose.Hidden, gap.Detail
	case evidence.NotCollected:
		return diagnose.NotCollected, gap.Detail
	case evidence.Declined:
		return diagnose.Declined, gap.Detail
	}
	return diagnose.Failed, gap.Detail
}

// Selected returns the items whose labels match the selector.
func Selected[T interface{ GetLabels() map[string]string }](items []evidence.Item[T], selector labels.Selector) []evidence.Item[T] {
	return slices.DeleteFunc(slices.Clone(items), func(i evidence.Item[T]) bool {
		return !selector.Matches(labels.Set(i.Object.GetLabels()))
	})
}
