package evidence

import (
	"archive/tar"
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	utiljson "k8s.io/apimachinery/pkg/util/json"
)

// Bundle is a source that replays recorded answers.
type Bundle struct {
	manifest Manifest
	answers  map[Question]recorded
	chunks   map[string][]byte // by the name of the entry

	mu      sync.Mutex
	damage  []error
	indexes map[Question]index // of recorded lists
}

// OpenBundle reads a bundle. If it is damaged, but something of it can be read,
// it is returned, and [Bundle.Damage] tells of the rest.
func OpenBundle(file string) (*Bundle, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("opening the bundle: %w", err)
	}
	defer f.Close()
	b, err := ReadBundle(f)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", file, err)
	}
	return b, nil
}

// ReadBundle reads a bundle from r, as [OpenBundle] does from a file.
func ReadBundle(r io.Reader) (*Bundle, error) {
	zipped, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrNotBundle, err)
	}
	b := &Bundle{answers: map[Question]recorded{}, chunks: map[string][]byte{}, indexes: map[Question]index{}}
	if err := b.read(tar.NewReader(&limitedReader{zipped, maxBundle})); err != nil {
		return nil, err
	}
	b.settle()
	return b, nil
}

// Manifest returns what the bundle says of itself.
func (b *Bundle) Manifest() Manifest { return b.manifest }

// Now returns the moment that the bundle speaks of.
func (b *Bundle) Now() time.Time { return b.manifest.Now }

// Damage returns what could not be read of the bundle, or nil. Objects are read
// when they are asked for, so it can grow until then.
func (b *Bundle) Damage() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return errors.Join(b.damage...)
}

// Questions returns the recorded questions, in order.
func (b *Bundle) Questions() []Question {
	questions := make([]Question, 0, len(b.answers))
	for q := range b.answers {
		questions = append(questions, q)
	}
	slices.SortFunc(questions, func(x, y Question) int { return cmp.Compare(x.String(), y.String()) })
	return questions
}

// Standpoints returns the nodes that something was asked from, ordered.
func (b *Bundle) Standpoints() []Standpoint {
	var from []Standpoint
	for q := range b.answers {
		if q.From.Node() != "" {
			from = append(from, q.From)
		}
	}
	slices.Sort(from)
	return slices.Compact(from)
}

// maxDamages bounds how many damages are told of.
const maxDamages = 20

func (b *Bundle) damaged(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.damage) < maxDamages {
		b.damage = append(b.damage, err)
	}
}

// read takes in the entries. It fails only if there is no manifest that it
// understands.
func (b *Bundle) read(archive *tar.Reader) error {
	seen := map[string]bool{}
	for n := 0; ; n++ {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil && n >= maxEntries {
			err = fmt.Errorf("%w: more than %d entries", ErrTooLarge, maxEntries)
		}
		if err == nil && n > 0 {
			err = b.entry(header, archive, seen)
		}
		if err == nil && n == 0 {
			if err := b.readManifest(header, archive); err != nil {
				return err
			}
			continue
		}
		if err == nil {
			continue
		}
		if n == 0 {
			return fmt.Errorf("%w: %v", ErrNotBundle, err)
		}
		switch {
		case errors.Is(err, ErrUnsafe), errors.Is(err, ErrGarbled):
			b.damaged(err) // of this entry only
			continue
		case errors.Is(err, ErrTooLarge):
			b.damaged(err)
		default:
			b.damaged(fmt.Errorf("%w: %v", ErrTruncated, err))
		}
		break
	}
	if b.manifest.Format == "" {
		return fmt.Errorf("%w: it is empty", ErrNotBundle)
	}
	return nil
}

func (b *Bundle) readManifest(header *tar.Header, archive io.Reader) error {
	if header.Name != manifestEntry || header.Typeflag != tar.TypeReg || header.Size > maxLine {
		return fmt.Errorf("%w: its first entry is not %s", ErrNotBundle, manifestEntry)
	}
	var manifest Manifest
	if err := json.NewDecoder(archive).Decode(&manifest); err != nil || manifest.Format != bundleFormat {
		return fmt.Errorf("%w: %s does not say that it is one", ErrNotBundle, manifestEntry)
	}
	if manifest.FormatVersion != bundleVersion {
		return fmt.Errorf("%w: version %d, where %d is known", ErrVersion, manifest.FormatVersion, bundleVersion)
	}
	if manifest.Now.IsZero() {
		return fmt.Errorf("%w: %s does not say when it was recorded", ErrNotBundle, manifestEntry)
	}
	b.manifest = manifest
	return nil
}

// entry takes in one entry.
func (b *Bundle) entry(header *tar.Header, archive io.Reader, seen map[string]bool) error {
	name := header.Name
	switch {
	case header.Typeflag == tar.TypeDir:
		return nil
	case header.Typeflag != tar.TypeReg:
		return fmt.Errorf("%w: %q is no regular file", ErrUnsafe, name)
	case path.IsAbs(name), path.Clean(name) != name, strings.HasPrefix(name, ".."), strings.Contains(name, `\`):
		return fmt.Errorf("%w: %q", ErrUnsafe, name)
	case seen[name]:
		return fmt.Errorf("%w: %q is there twice; the first is read", ErrUnsafe, name)
	case header.Size > maxEntry:
		return fmt.Errorf("%w: %q has %d bytes", ErrTooLarge, name, header.Size)
	}
	seen[name] = true
	switch {
	case strings.HasPrefix(name, objectsDir) && strings.HasSuffix(name, ".jsonl"):
		data, err := io.ReadAll(archive)
		if len(data) > 0 {
			b.chunks[name] = data
		}
		return err
	case strings.HasPrefix(name, answersDir) && strings.HasSuffix(name, ".json"):
		data, err := io.ReadAll(archive)
		if err != nil {
			return err
		}
		var r recorded
		if err := json.Unmarshal(data, &r); err != nil || r.Answer.Question.Kind == "" {
			return fmt.Errorf("%w: %q is no answer", ErrGarbled, name)
		}
		r.Answer.Text = RedactText(r.Answer.Text)
		b.answers[normal(r.Answer.Question)] = r
	}
	return nil // what a later version adds
}

// normal returns the question in the form by which answers are found.
func normal(q Question) Question {
	if q.From == FromHere {
		q.From = ""
	}
	return q
}

// settle makes answers of the objects whose answer was not recorded any more,
// and notes where an answer lacks some of its objects.
func (b *Bundle) settle() {
	claimed := map[string]bool{}
	for q, r := range b.answers {
		for _, name := range r.Objects {
			claimed[name] = true
			if _, ok := b.chunks[name]; !ok {
				b.damaged(fmt.Errorf("%w: %q is missing", ErrTruncated, name))
				if r.Answer.Gap == nil {
					r.Answer.Gap = &Gap{Why: Failed, Detail: "the bundle lacks a part of it"}
					b.answers[q] = r
				}
			}
		}
	}
	var loose []string
	for name := range b.chunks {
		if !claimed[name] {
			loose = append(loose, name)
		}
	}
	slices.Sort(loose)
	for _, name := range loose {
		resource := path.Dir(strings.TrimPrefix(name, objectsDir))
		q := Question{Kind: List, Resource: resource}
		r, ok := b.answers[q]
		if ok && r.Answer.Gap == nil && !r.Answer.Absent {
			continue // the whole list is there
		}
		if !ok {
			r.Answer = Answer{Question: q, At: b.manifest.Now, Gap: &Gap{Why: Interrupted, Detail: "the recording ended before the list did"}}
		}
		r.Objects = append(r.Objects, name)
		b.answers[q] = r
	}
}

// Ask replays the recorded answer. A question that was not recorded is answered
// out of a list that holds what it asks for, if there is one.
func (b *Bundle) Ask(ctx context.Context, q Question, each func(runtime.Object)) Answer {
	if each == nil {
		each = func(runtime.Object) {}
	}
	if r, ok := b.answers[normal(q)]; ok {
		answer := r.Answer
		answer.Question = q
		if n, err := b.replay(ctx, r, q, each); err != nil && answer.Gap == nil {
			answer.Gap = &Gap{Why: Failed, Detail: err.Error()}
			answer.Count = n
		}
		return answer
	}
	return b.derive(ctx, q, each)
}

// replay hands on the objects of a recorded answer, and returns how many.
func (b *Bundle) replay(ctx context.Context, r recorded, q Question, each func(runtime.Object)) (int, error) {
	n := 0
	var first error
	for _, name := range r.Objects {
		for line := range bytes.Lines(b.chunks[name]) {
			if err := ctx.Err(); err != nil {
				return n, err
			}
			o, err := decodeLine(line, q)
			if err != nil {
				err = fmt.Errorf("%w: a line of %q: %v", ErrGarbled, name, err)
				b.damaged(err)
				first = cmp.Or(first, err)
				continue
			}
			n++
			each(o)
		}
	}
	return n, first
}

func decodeLine(line []byte, q Question) (runtime.Object, error) {
	if len(line) > maxLine {
		return nil, fmt.Errorf("%d bytes", len(line))
	}
	o := NewObject(q.Resource)
	if q.Metadata {
		o = NewMetadata()
	}
	var err error
	if u, ok := o.(*unstructured.Unstructured); ok {
		err = utiljson.Unmarshal(line, &u.Object)
	} else {
		err = utiljson.Unmarshal(line, o)
	}
	if err != nil {
		return nil, err
	}
	if m, ok := o.(metav1.Object); !ok || m.GetName() == "" {
		return nil, errors.New("an object without a name")
	}
	Redact(o)
	return o, nil
}

// derive answers a Get out of a list, or a List of one namespace out of the
// list of all.
func (b *Bundle) derive(ctx context.Context, q Question, each func(runtime.Object)) Answer {
	answer := Answer{Question: q, At: b.manifest.Now}
	whole, ok := b.covering(q)
	if !ok {
		answer.Gap = &Gap{Why: NotCollected, Detail: "the bundle does not hold it"}
		return answer
	}
	from := b.answers[whole].Answer
	answer.At, answer.ServerTime = from.At, from.ServerTime
	if from.Gap != nil { // that the list was refused does not say that this would be
		answer.Gap = &Gap{Why: NotCollected, Detail: "the list that holds it is not whole: " + from.Gap.Detail}
	}
	index := b.index(whole)
	if index.bad != nil && answer.Gap == nil {
		answer.Gap = &Gap{Why: Failed, Detail: index.bad.Error()}
	}
	found := 0
	for _, l := range index.lines {
		if l.namespace != q.Namespace || q.Kind == Get && l.name != q.Name {
			continue
		}
		o, err := decodeLine(l.text, q)
		if err != nil || ctx.Err() != nil {
			answer.Gap = &Gap{Why: Failed, Detail: fmt.Sprintf("an object of the list cannot be read: %v", cmp.Or(err, ctx.Err()))}
			continue
		}
		found++
		each(o)
	}
	switch {
	case q.Kind == List:
		answer.Count, answer.Absent = found, from.Absent
	case found > 0:
		answer.Gap = nil // whatever else the list lacks
	case answer.Gap == nil:
		answer.Absent = true
	}
	return answer
}

// covering returns the recorded list that holds what q asks for.
func (b *Bundle) covering(q Question) (Question, bool) {
	if q.Kind != Get && q.Kind != List || q.Metadata || q.Nth > 0 || normal(q).From != "" {
		return Question{}, false
	}
	for _, namespace := range []string{q.Namespace, ""} {
		whole := Question{Kind: List, Resource: q.Resource, Namespace: namespace}
		if _, ok := b.answers[whole]; ok {
			return whole, true
		}
	}
	return Question{}, false
}

// index tells which objects a recorded list holds.
type index struct {
	lines []line
	bad   error // of the lines that are no object
}

// line is an object in a chunk, not decoded yet.
type line struct {
	namespace, name string
	text            []byte
}

// index returns the index of a recorded list; it is made once.
func (b *Bundle) index(whole Question) index {
	b.mu.Lock()
	made, ok := b.indexes[whole]
	b.mu.Unlock()
	if ok {
		return made
	}
	for _, name := range b.answers[whole].Objects {
		for text := range bytes.Lines(b.chunks[name]) {
			var o struct {
				Metadata struct{ Namespace, Name string }
			}
			if err := json.Unmarshal(text, &o); err != nil {
				made.bad = cmp.Or(made.bad, fmt.Errorf("%w: a line of %q: %v", ErrGarbled, name, err))
				continue
			}
			made.lines = append(made.lines, line{o.Metadata.Namespace, o.Metadata.Name, text})
		}
	}
	if made.bad != nil {
		b.damaged(made.bad)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.indexes[whole] = made
	return made
}

// limitedReader fails with ErrTooLarge once too much was read of it.
type limitedReader struct {
	r    io.Reader
	left int64
}

func (l *limitedReader) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, fmt.Errorf("%w: more than %d bytes", ErrTooLarge, int64(maxBundle))
	}
	if int64(len(p)) > l.left {
		p = p[:l.left]
	}
	n, err := l.r.Read(p)
	l.left -= int64(n)
	return n, err
}
