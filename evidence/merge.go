package evidence

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/pem"
	"fmt"
	"slices"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// Merged is a source that replays several bundles of one cluster, recorded from
// different standpoints, as if they were one.
//
// What was asked from a node is answered by the bundle that asked there. What
// was asked of the API server is answered by the first bundle that has an
// answer; so is what a recorder saw from where it stood, such as a handshake.
type Merged struct {
	bundles []*Bundle
	now     time.Time
}

// Merge merges bundles. The first that asked the API server comes first. It
// fails if two of them are of different clusters.
func Merge(bundles []*Bundle) (*Merged, error) {
	m := &Merged{bundles: slices.Clone(bundles)}
	slices.SortStableFunc(m.bundles, func(a, b *Bundle) int { return cmp.Compare(a.rank(), b.rank()) })
	m.now = m.bundles[0].Now()
	for i, b := range m.bundles {
		for _, other := range m.bundles[:i] {
			if reason := differ(other, b); reason != "" {
				return nil, fmt.Errorf("%w: %s", ErrOtherCluster, reason)
			}
		}
	}
	return m, nil
}

// rank orders bundles: those that asked the API server and were answered, those
// that tried, those of hosts.
func (b *Bundle) rank() int {
	rank := 2
	for q, r := range b.answers {
		if normal(q).From != "" || q.Kind == Client {
			continue
		}
		rank = min(rank, 1)
		if r.Answer.Gap == nil && (q.Kind == List || q.Kind == Raw) {
			return 0
		}
	}
	return rank
}

// HostOnly reports whether a bundle is of a machine alone: nothing in it was
// asked of an API server.
func (b *Bundle) HostOnly() bool { return len(b.answers) > 0 && b.rank() == 2 }

// HostOnly reports whether all bundles are of machines alone.
func (m *Merged) HostOnly() bool { return m.bundles[0].HostOnly() }

// Spread is how far apart the moments lie that the bundles speak of.
func (m *Merged) Spread() time.Duration {
	first, last := m.now, m.now
	for _, b := range m.bundles {
		if b.Now().Before(first) {
			first = b.Now()
		}
		if b.Now().After(last) {
			last = b.Now()
		}
	}
	return last.Sub(first)
}

// Now is the moment of the first bundle.
func (m *Merged) Now() time.Time { return m.now }

// Both reports whether more than one of the bundles asked the API server: what
// it said is then taken of the first.
func (m *Merged) Both() bool { return len(m.bundles) > 1 && m.bundles[1].rank() == 0 }

// Standpoints returns the nodes that something was asked from, ordered.
func (m *Merged) Standpoints() []Standpoint {
	var from []Standpoint
	for _, b := range m.bundles {
		from = append(from, b.Standpoints()...)
	}
	slices.Sort(from)
	return slices.Compact(from)
}

// Contradictions returns the questions to the API server that two bundles
// answer differently where time cannot be why: what exists does not change its
// identity. Each is a line for people.
func (m *Merged) Contradictions() []string {
	var found []string
	for i, b := range m.bundles {
		for _, other := range m.bundles[:i] {
			for _, q := range b.Questions() {
				if q.From.Node() == "" || q.Nth > 0 {
					continue
				}
				mine, ok := b.answers[normal(q)]
				theirs, also := other.answers[normal(q)]
				if ok && also && mine.Answer.Gap == nil && theirs.Answer.Gap == nil && outcome(mine.Answer) != outcome(theirs.Answer) {
					found = append(found, fmt.Sprintf("%s: %s, and %s", q, outcome(theirs.Answer), outcome(mine.Answer)))
				}
			}
		}
	}
	return found
}

// outcome is what an answer from a node comes to.
func outcome(a Answer) string {
	switch {
	case a.Shake != nil && a.Shake.Stage != "":
		return "failed at the stage " + a.Shake.Stage
	case a.Shake != nil:
		return "went through"
	case a.Absent:
		return "absent"
	case a.Status != 0:
		return fmt.Sprintf("HTTP %d", a.Status)
	}
	return "answered"
}

// Ask replays the answer of the bundle whose it is.
func (m *Merged) Ask(ctx context.Context, q Question, each func(runtime.Object)) Answer {
	first := m.bundles[0]
	if normal(q).From == "" && (q.Kind == Client || q.Kind == TLS || q.Kind == TCP || q.Kind == DNS || q.Kind == HTTP) {
		// What one did not see from where it stood another may have seen.
		for _, b := range m.bundles {
			if r, ok := b.answers[normal(q)]; ok && arrived(r.Answer) {
				return b.Ask(ctx, q, each)
			}
		}
	}
	for _, b := range m.bundles {
		if r, ok := b.answers[normal(q)]; ok && r.Answer.Gap == nil {
			return b.Ask(ctx, q, each)
		}
	}
	for _, b := range m.bundles {
		if _, ok := b.covering(q); ok {
			return b.Ask(ctx, q, each)
		}
	}
	for _, b := range m.bundles {
		if _, ok := b.answers[normal(q)]; ok {
			return b.Ask(ctx, q, each)
		}
	}
	return first.Ask(ctx, q, each)
}

// arrived reports whether a question came as far as whom it was meant for.
func arrived(a Answer) bool {
	return a.Gap == nil && (a.Shake == nil || a.Shake.Stage != "name" && a.Shake.Stage != "port")
}

// differ says why two bundles are of different clusters; empty: nothing says so.
func differ(a, b *Bundle) string {
	x, y := a.identity(), b.identity()
	if x.uid != "" && y.uid != "" && x.uid != y.uid {
		return fmt.Sprintf("namespace kube-system has UID %s in one and %s in the other", x.uid, y.uid)
	}
	if len(x.authorities) > 0 && len(y.authorities) > 0 && !slices.ContainsFunc(x.authorities, func(s string) bool { return slices.Contains(y.authorities, s) }) {
		return "their kubeconfigs trust different CAs"
	}
	return ""
}

// identity is what tells clusters apart.
type identity struct {
	uid         string   // of the namespace kube-system
	authorities []string // fingerprints of the CAs that the client trusts
}

func (b *Bundle) identity() identity {
	var id identity
	for q := range b.answers {
		if q.Kind == List && q.Resource == Namespaces.Name || q.Kind == Get && q.Resource == Namespaces.Name {
			b.Ask(context.Background(), q, func(o runtime.Object) {
				if m, ok := o.(metav1.Object); ok && m.GetName() == metav1.NamespaceSystem {
					id.uid = string(m.GetUID())
				}
			})
		}
	}
	if r, ok := b.answers[Question{Kind: Client}]; ok && r.Answer.Client != nil {
		rest := []byte(r.Answer.Client.CA)
		for {
			var block *pem.Block
			if block, rest = pem.Decode(rest); block == nil {
				break
			}
			id.authorities = append(id.authorities, fmt.Sprintf("%x", sha256.Sum256(block.Bytes)))
		}
	}
	return id
}
