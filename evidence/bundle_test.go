package evidence

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

var bundleNow = time.Date(2026, 11, 22, 17, 0, 0, 0, time.UTC)

// fake answers from a table.
type fake map[Question]struct {
	answer  Answer
	objects []runtime.Object
}

func (f fake) Now() time.Time { return bundleNow }

func (f fake) Ask(_ context.Context, q Question, each func(runtime.Object)) Answer {
	r, ok := f[q]
	if !ok {
		return Answer{Question: q, Gap: &Gap{Why: Unreachable}}
	}
	for _, o := range r.objects {
		each(o.DeepCopyObject())
	}
	r.answer.Question = q
	r.answer.Count = len(r.objects)
	return r.answer
}

func pod(namespace, name string) *corev1.Pod {
	p := NewObject(Pods.Name).(*corev1.Pod)
	p.Namespace, p.Name = namespace, name
	p.Spec.NodeName = "node"
	return p
}

var (
	allPods    = Question{Kind: List, Resource: Pods.Name}
	someNodes  = Question{Kind: List, Resource: Nodes.Name}
	allSecrets = Question{Kind: List, Resource: Secrets.Name}
	version    = Question{Kind: Raw, Path: "/version"}
	oneSecret  = Question{Kind: Get, Resource: Secrets.Name, Namespace: "kube-system", Name: "certs"}
	services   = Question{Kind: List, Resource: Services.Name, Metadata: true}
	things     = Question{Kind: List, Resource: "example.com/v1/things"}
)

func source() fake {
	service := NewMetadata().(*metav1.PartialObjectMetadata)
	service.Name = "web"
	node := NewObject(Nodes.Name).(*corev1.Node)
	node.Name = "n1"
	return fake{
		allPods:    {answer: Answer{At: bundleNow}, objects: []runtime.Object{pod("a", "1"), pod("a", "2"), pod("b", "1")}},
		someNodes:  {answer: Answer{At: bundleNow, Gap: &Gap{Why: TimedOut, Detail: "page 2"}}, objects: []runtime.Object{node}},
		allSecrets: {answer: Answer{At: bundleNow, Gap: &Gap{Why: Forbidden, Detail: "no"}}},
		version:    {answer: Answer{At: bundleNow, Status: 200, Text: "{}", ServerTime: bundleNow}},
		oneSecret:  {answer: Answer{At: bundleNow, Absent: true}},
		services:   {answer: Answer{At: bundleNow}, objects: []runtime.Object{service}},
		things:     {answer: Answer{At: bundleNow, Absent: true}},
	}
}

// record asks every question of the source through a recorder.
func record(t *testing.T, s fake) []byte {
	t.Helper()
	var b bytes.Buffer
	r, err := NewRecorder(&b, s, Manifest{LaudoVersion: "v0", Cluster: "test"})
	if err != nil {
		t.Fatal(err)
	}
	questions := slices.SortedFunc(keys(s), func(x, y Question) int { return strings.Compare(x.String(), y.String()) })
	for _, q := range questions {
		r.Ask(t.Context(), q, func(o runtime.Object) { reduce(o, newTexts()) }) // what comes later leaves no trace
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func keys(s fake) func(func(Question) bool) {
	return func(yield func(Question) bool) {
		for q := range s {
			if !yield(q) {
				return
			}
		}
	}
}

// told is what a source says to a question.
type told struct {
	Answer  Answer
	Objects []runtime.Object
}

func ask(t *testing.T, s Source, q Question) told {
	t.Helper()
	var got told
	got.Answer = s.Ask(t.Context(), q, func(o runtime.Object) { got.Objects = append(got.Objects, o) })
	return got
}

func TestBundleReplays(t *testing.T) {
	b, err := ReadBundle(bytes.NewReader(record(t, source())))
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Damage(); err != nil {
		t.Errorf("damage: %v", err)
	}
	if !b.Now().Equal(bundleNow) || b.Manifest().Cluster != "test" {
		t.Errorf("manifest %+v", b.Manifest())
	}
	for q := range source() {
		if diff := cmp.Diff(ask(t, source(), q), ask(t, b, q)); diff != "" {
			t.Errorf("%s (-asked +replayed):\n%s", q, diff)
		}
	}
	if got, want := len(b.Questions()), len(source()); got != want {
		t.Errorf("%d questions, not %d", got, want)
	}
}

func TestBundleAnswersWhatItCanDerive(t *testing.T) {
	b, err := ReadBundle(bytes.NewReader(record(t, source())))
	if err != nil {
		t.Fatal(err)
	}
	get := func(resource, namespace, name string) Question {
		return Question{Kind: Get, Resource: resource, Namespace: namespace, Name: name}
	}
	for _, test := range []struct {
		question Question
		names    string
		absent   bool
		why      Why
	}{
		{question: get(Pods.Name, "a", "2"), names: "a/2"},
		{question: get(Pods.Name, "c", "2"), absent: true},
		{question: Question{Kind: List, Resource: Pods.Name, Namespace: "a"}, names: "a/1 a/2"},
		{question: Question{Kind: List, Resource: Pods.Name, Namespace: "c"}},
		{question: get(Nodes.Name, "", "n1"), names: "/n1"},
		{question: get(Nodes.Name, "", "n2"), why: NotCollected},           // the list is not whole
		{question: get(Secrets.Name, "a", "b"), why: NotCollected},         // the list was refused; a Get might not be
		{question: get(things.Resource, "a", "b"), absent: true},           // the resource is not served
		{question: get(Services.Name, "", "web"), why: NotCollected},       // only its metadata is there
		{question: Question{Kind: Raw, Path: "/"}, why: NotCollected},      //
		{question: Question{Kind: TLS, Address: "a:1"}, why: NotCollected}, //
		{question: Question{Kind: Raw, Path: "/version", Nth: 1}, why: NotCollected},
		{question: Question{Kind: List, Resource: Pods.Name, From: FromHere}, names: "a/1 a/2 b/1"},
	} {
		got := ask(t, b, test.question)
		var names []string
		for _, o := range got.Objects {
			m := o.(metav1.Object)
			names = append(names, m.GetNamespace()+"/"+m.GetName())
		}
		var why Why
		if got.Answer.Gap != nil {
			why = got.Answer.Gap.Why
		}
		if strings.Join(names, " ") != test.names || got.Answer.Absent != test.absent || why != test.why {
			t.Errorf("%s: %v, absent %t, gap %v", test.question, names, got.Answer.Absent, got.Answer.Gap)
		}
		if got.Answer.Question != test.question {
			t.Errorf("%s is answered as %s", test.question, got.Answer.Question)
		}
	}
}

func TestBundleSplitsLists(t *testing.T) {
	s := fake{}
	var pods []runtime.Object
	for i := range 3000 {
		p := pod("a", fmt.Sprintf("%05d", i))
		p.Annotations = map[string]string{"text": strings.Repeat("x", 1000)}
		pods = append(pods, p)
	}
	r := s[allPods]
	r.objects = pods
	s[allPods] = r
	data := record(t, s)
	b, err := ReadBundle(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(b.chunks); n < 3 {
		t.Errorf("%d chunks", n)
	}
	if got := ask(t, b, allPods); len(got.Objects) != len(pods) || got.Objects[2999].(*corev1.Pod).Name != "02999" {
		t.Errorf("%d objects", len(got.Objects))
	}

	// A recording that was interrupted: what was written can be read.
	b, err = ReadBundle(bytes.NewReader(data[:len(data)*2/3]))
	if err != nil {
		t.Fatal(err)
	}
	if !errors.Is(b.Damage(), ErrTruncated) {
		t.Errorf("damage: %v", b.Damage())
	}
	got := ask(t, b, allPods)
	if n := len(got.Objects); n == 0 || n == len(pods) {
		t.Errorf("%d objects", n)
	}
	if got.Answer.Gap == nil || got.Answer.Gap.Why != Interrupted {
		t.Errorf("gap %v", got.Answer.Gap)
	}
}

// file is an entry of a hand-made bundle.
type file struct {
	name, text string
	kind       byte
	size       int64 // 0: that of text
}

const goodManifest = `{"format":"laudo-bundle","formatVersion":1,"now":"2026-11-22T17:00:00Z"}`

func pack(t testing.TB, files ...file) []byte {
	t.Helper()
	var b bytes.Buffer
	zipped := gzip.NewWriter(&b)
	archive := tar.NewWriter(zipped)
	for _, f := range files {
		h := &tar.Header{Name: f.name, Typeflag: tar.TypeReg, Size: int64(len(f.text)), Mode: 0o644}
		if f.kind != 0 {
			h.Typeflag, h.Linkname, h.Size = f.kind, "/etc/passwd", 0
		}
		if f.size != 0 {
			h.Size = f.size
		}
		if err := archive.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if f.kind == 0 {
			if _, err := io.WriteString(archive, f.text); err != nil {
				t.Fatal(err)
			}
		}
		if f.size > int64(len(f.text)) { // zeros, as a bomb would hold
			if _, err := io.CopyN(archive, zeros{}, f.size-int64(len(f.text))); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestReadBundleRefuses(t *testing.T) {
	var empty bytes.Buffer
	gzip.NewWriter(&empty).Close()
	for name, test := range map[string]struct {
		data []byte
		want error
	}{
		"empty":            {nil, ErrNotBundle},
		"text":             {[]byte("hello"), ErrNotBundle},
		"nothing zipped":   {empty.Bytes(), ErrNotBundle},
		"other tar":        {pack(t, file{name: "README", text: "x"}), ErrNotBundle},
		"other json":       {pack(t, file{name: "laudo.json", text: `{"format":"x"}`}), ErrNotBundle},
		"no json":          {pack(t, file{name: "laudo.json", text: `hello`}), ErrNotBundle},
		"no moment":        {pack(t, file{name: "laudo.json", text: `{"format":"laudo-bundle","formatVersion":1}`}), ErrNotBundle},
		"manifest is link": {pack(t, file{name: "laudo.json", kind: tar.TypeSymlink}), ErrNotBundle},
		"later version":    {pack(t, file{name: "laudo.json", text: `{"format":"laudo-bundle","formatVersion":2,"now":"2026-11-22T17:00:00Z"}`}), ErrVersion},
	} {
		if _, err := ReadBundle(bytes.NewReader(test.data)); !errors.Is(err, test.want) {
			t.Errorf("%s: error %v, not %v", name, err, test.want)
		}
	}
}

func TestReadBundleReadsAroundDamage(t *testing.T) {
	first := file{name: "laudo.json", text: goodManifest}
	good := []file{
		{name: "objects/v1/pods/00001-00001.jsonl", text: `{"kind":"Pod","apiVersion":"v1","metadata":{"namespace":"a","name":"b"}}` + "\n"},
		{name: "answers/00001.json", text: `{"answer":{"question":{"kind":"list","resource":"v1/pods"},"at":"2026-11-22T17:00:00Z","count":1},"objects":["objects/v1/pods/00001-00001.jsonl"]}`},
	}
	for name, test := range map[string]struct {
		files []file
		want  error
	}{
		"path climbs":       {[]file{{name: "objects/../../../etc/x.jsonl", text: "x"}}, ErrUnsafe},
		"path starts above": {[]file{{name: "../x", text: "x"}}, ErrUnsafe},
		"absolute path":     {[]file{{name: "/etc/passwd", text: "x"}}, ErrUnsafe},
		"backslashes":       {[]file{{name: `answers\..\x`, text: "x"}}, ErrUnsafe},
		"symbolic link":     {[]file{{name: "answers/2.json", kind: tar.TypeSymlink}}, ErrUnsafe},
		"hard link":         {[]file{{name: "answers/2.json", kind: tar.TypeLink}}, ErrUnsafe},
		"device":            {[]file{{name: "answers/2.json", kind: tar.TypeBlock}}, ErrUnsafe},
		"there twice":       {[]file{{name: "answers/2.json", text: `{"answer":{"question":{"kind":"client"}}}`}, {name: "answers/2.json", text: "{}"}}, ErrUnsafe},
		"no answer":         {[]file{{name: "answers/2.json", text: "hello"}}, ErrGarbled},
		"empty answer":      {[]file{{name: "answers/2.json", text: "{}"}}, ErrGarbled},
		"unknown entry":     {[]file{{name: "notes/later.txt", text: "hello"}}, nil},
		"chunk is missing":  {[]file{{name: "answers/2.json", text: `{"answer":{"question":{"kind":"list","resource":"v1/nodes"}},"objects":["objects/v1/nodes/1.jsonl"]}`}}, ErrTruncated},
	} {
		for _, order := range [][]file{slices.Concat([]file{first}, test.files, good), slices.Concat([]file{first}, good, test.files)} {
			b, err := ReadBundle(bytes.NewReader(pack(t, order...)))
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if !errors.Is(b.Damage(), test.want) || test.want == nil && b.Damage() != nil {
				t.Errorf("%s: damage %v, not %v", name, b.Damage(), test.want)
			}
			if got := ask(t, b, allPods); len(got.Objects) != 1 || got.Answer.Gap != nil {
				t.Errorf("%s: %+v", name, got)
			}
		}
	}
}

func TestReadBundleSkipsGarbageLines(t *testing.T) {
	b, err := ReadBundle(bytes.NewReader(pack(t,
		file{name: "laudo.json", text: goodManifest},
		file{name: "objects/v1/pods/1.jsonl", text: "garbage\n" + `{"metadata":{"name":"a"}}` + "\n{}\n" + `{"metadata":[]}` + "\n" + `{"metadata":{"name":"b"},"spec":{"containers":[{"env":[{"name":"A","value":"` + canary + `"}]}]}}`},
		file{name: "answers/1.json", text: `{"answer":{"question":{"kind":"list","resource":"v1/pods"},"count":5,"text":"password=` + canary + `"},"objects":["objects/v1/pods/1.jsonl"]}`},
	)))
	if err != nil {
		t.Fatal(err)
	}
	got := ask(t, b, allPods)
	if !errors.Is(b.Damage(), ErrGarbled) {
		t.Errorf("damage %v", b.Damage())
	}
	if len(got.Objects) != 2 || got.Answer.Gap == nil || got.Answer.Gap.Why != Failed || got.Answer.Count != 2 {
		t.Errorf("%d objects, %+v, gap %v", len(got.Objects), got.Answer, got.Answer.Gap)
	}
	if text := fmt.Sprintf("%+v", got); strings.Contains(text, canary) {
		t.Errorf("a bundle made by hand is not redacted: %s", text)
	}
}

func TestReadBundleBoundsWhatItReads(t *testing.T) {
	if testing.Short() {
		t.Skip("writes and reads gigabytes of zeros")
	}
	first := file{name: "laudo.json", text: goodManifest}
	huge := pack(t, first, file{name: "objects/v1/pods/1.jsonl", size: maxEntry + 1})
	line := pack(t, first, file{name: "objects/v1/pods/1.jsonl", size: maxLine + 1},
		file{name: "answers/1.json", text: `{"answer":{"question":{"kind":"list","resource":"v1/pods"}},"objects":["objects/v1/pods/1.jsonl"]}`})
	for name, data := range map[string][]byte{"huge entry": huge, "huge line": line} {
		b, err := ReadBundle(bytes.NewReader(data))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		ask(t, b, allPods)
		if !errors.Is(b.Damage(), ErrTooLarge) && !errors.Is(b.Damage(), ErrGarbled) {
			t.Errorf("%s: damage %v", name, b.Damage())
		}
	}
}

func FuzzReadBundle(f *testing.F) {
	first := file{name: "laudo.json", text: goodManifest}
	f.Add(pack(f, first))
	f.Add(pack(f, first,
		file{name: "objects/v1/pods/1.jsonl", text: `{"metadata":{"name":"a"}}` + "\n"},
		file{name: "answers/1.json", text: `{"answer":{"question":{"kind":"list","resource":"v1/pods"}},"objects":["objects/v1/pods/1.jsonl"]}`}))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := ReadBundle(bytes.NewReader(data))
		if err != nil {
			return
		}
		for _, q := range append(b.Questions(), allPods, oneSecret) {
			b.Ask(t.Context(), q, nil)
		}
	})
}

// The content of the archive is fuzzed apart from its wrapping, which would
// hardly ever stay whole.
func FuzzBundleEntry(f *testing.F) {
	f.Add("objects/v1/pods/1.jsonl", `{"metadata":{"name":"a"}}`, `{"answer":{"question":{"kind":"list","resource":"v1/pods"}},"objects":["objects/v1/pods/1.jsonl"]}`)
	f.Add("objects/v1/secrets/1.jsonl", `{"metadata":{"name":"a"},"data":{"a":"YQ=="}}`, `{"answer":{"question":{"kind":"get","resource":"v1/secrets","name":"a"}},"objects":["objects/v1/secrets/1.jsonl"]}`)
	f.Add("objects/a/v1/b/1.jsonl", `{"metadata":{"name":"a"},"data":[1,{"env":[{"name":1}]}]}`, `{"answer":{"question":{"kind":"raw","path":"/"},"took":1,"gap":{}}}`)
	f.Fuzz(func(t *testing.T, name, objects, answer string) {
		var b bytes.Buffer
		archive := tar.NewWriter(&b)
		for _, f := range []file{{name: "laudo.json", text: goodManifest}, {name: name, text: objects}, {name: "answers/1.json", text: answer}} {
			if archive.WriteHeader(&tar.Header{Name: f.name, Typeflag: tar.TypeReg, Size: int64(len(f.text)), Mode: 0o644}) != nil {
				return
			}
			if _, err := io.WriteString(archive, f.text); err != nil {
				return
			}
		}
		archive.Close()
		var zipped bytes.Buffer
		z := gzip.NewWriter(&zipped)
		z.Write(b.Bytes())
		z.Close()
		bundle, err := ReadBundle(bytes.NewReader(zipped.Bytes()))
		if err != nil {
			t.Fatalf("a good manifest is refused: %v", err)
		}
		for _, q := range append(bundle.Questions(), allPods, oneSecret) {
			bundle.Ask(t.Context(), q, func(o runtime.Object) { reduce(o, newTexts()) })
		}
	})
}
