package evidence

import (
	"cmp"
	"slices"
	"sync"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
)

// Facts is what is known: answers by question, and objects by resource,
// reduced to what laws read.
type Facts struct {
	Now time.Time

	mu      sync.Mutex
	answers map[Question]Answer
	objects map[string]map[types.NamespacedName]object // by resource
}

type object struct {
	value any
	from  Question
}

// NewFacts returns empty facts that speak of the given moment.
func NewFacts(now time.Time) *Facts {
	return &Facts{
		Now:     now,
		answers: map[Question]Answer{},
		objects: map[string]map[types.NamespacedName]object{},
	}
}

// Collector returns the function that takes in the objects of the answer to q.
func (f *Facts) Collector(q Question) func(runtime.Object) {
	shared := newTexts()
	return func(o runtime.Object) {
		m, ok := o.(metav1.Object)
		if !ok {
			return
		}
		reduce(o, shared)
		resource := q.Resource
		if q.Metadata { // must not take the place of whole objects
			resource += " --metadata"
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		table := f.objects[resource]
		if table == nil {
			table = map[types.NamespacedName]object{}
			f.objects[resource] = table
		}
		table[types.NamespacedName{Namespace: m.GetNamespace(), Name: m.GetName()}] = object{o, q}
	}
}

// Add takes in an answer.
func (f *Facts) Add(a Answer) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answers[a.Question] = a
}

// Answer returns the answer to q, and whether q was asked.
func (f *Facts) Answer(q Question) (Answer, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	a, ok := f.answers[q]
	return a, ok
}

// Answers returns all answers, ordered by question.
func (f *Facts) Answers() []Answer {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := make([]Answer, 0, len(f.answers))
	for _, a := range f.answers {
		all = append(all, a)
	}
	slices.SortFunc(all, func(a, b Answer) int { return cmp.Compare(a.Question.String(), b.Question.String()) })
	return all
}

// Item is one object with the question that it answers.
type Item[T any] struct {
	Object T
	From   Question
}

// All returns the objects of the resource, ordered by namespace and name.
func (r Resource[T]) All(f *Facts) []Item[T] {
	f.mu.Lock()
	table := f.objects[r.Name]
	keys := make([]types.NamespacedName, 0, len(table))
	for key := range table {
		keys = append(keys, key)
	}
	items := make([]Item[T], 0, len(table))
	slices.SortFunc(keys, func(a, b types.NamespacedName) int {
		return cmp.Or(cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Name, b.Name))
	})
	for _, key := range keys {
		o := table[key]
		if value, ok := o.value.(T); ok {
			items = append(items, Item[T]{value, o.from})
		}
	}
	f.mu.Unlock()
	return items
}

// One returns the named object of the resource, and whether it is known.
func (r Resource[T]) One(f *Facts, namespace, name string) (Item[T], bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	o, ok := f.objects[r.Name][types.NamespacedName{Namespace: namespace, Name: name}]
	if !ok {
		return Item[T]{}, false
	}
	value, ok := o.value.(T)
	return Item[T]{value, o.from}, ok
}
