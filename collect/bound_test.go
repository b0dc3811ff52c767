package collect

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/kubelaudo/laudo/evidence"
)

// endless is a body that begins as told and goes on for ever.
type endless struct {
	head, again string
	read        int64
}

func (e *endless) Read(p []byte) (int, error) {
	for n := range p {
		if e.read < int64(len(e.head)) {
			p[n] = e.head[e.read]
		} else {
			p[n] = e.again[(e.read-int64(len(e.head)))%int64(len(e.again))]
		}
		e.read++
	}
	return len(p), nil
}

func (e *endless) Close() error { return nil }

// serving answers each request with the body.
type serving struct {
	body io.ReadCloser
	kind string
}

func (s serving) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {s.kind}}, Body: s.body}, nil
}

// A server that never ends its answer is given up on, with the bound in the gap.
func TestEndlessAnswersAreBounded(t *testing.T) {
	one := evidence.Question{Kind: evidence.Get, Resource: evidence.Pods.Name, Namespace: "n", Name: "x"}
	path := func(path string) evidence.Question { return evidence.Question{Kind: evidence.Raw, Path: path} }
	const nulls = "\x00"
	for name, test := range map[string]struct {
		q           evidence.Question
		kind        string
		head, again string
		most        int64
		detail      string
	}{
		"list, one object":            {allPods, jsonType, `{"items":[{"metadata":{"name":"`, "a", maxObject, "larger than 8 MiB"},
		"list, one object, no string": {allPods, jsonType, `{"items":[{"spec":{"containers":[`, "{},", maxObject, "larger than 8 MiB"},
		"list, blanks":                {allPods, jsonType, `{"items":[`, " ", maxObject, "larger than 8 MiB"},
		"list, another field":         {allPods, jsonType, `{"other":"`, "a", maxObject, "larger than 8 MiB"},
		"list, token":                 {allPods, jsonType, `{"`, "a", maxObject, "larger than 8 MiB"},
		"list, objects":               {allThings, jsonType, `{"items":[{}`, `,{"metadata":{"name":"` + strings.Repeat("a", 1<<20) + `"}}`, maxPage, "a page of the list is larger than 64 MiB"},
		"protobuf, one object":        {allPods, protobufType, "k8s\x00\x12\xff\xff\xff\xff\x0f\x12\xff\xff\xff\xff\x0f", nulls, maxObject, "larger than 8 MiB"},
		"protobuf, another field":     {allPods, protobufType, "k8s\x00\x0a\xff\xff\xff\xff\xff\x0f", nulls, maxPage, "larger than 64 MiB"},
		"protobuf, field of a list":   {allPods, protobufType, "k8s\x00\x12\xff\xff\xff\xff\xff\x0f\x1a\xff\xff\xff\xff\xff\x0e", nulls, maxPage, "larger than 64 MiB"},
		"object":                      {one, jsonType, `{"metadata":{"name":"`, "a", maxObject, "v1/pods -n n x is larger than 8 MiB"},
		"object, protobuf":            {one, protobufType, "k8s\x00\x12\xff\xff\xff\xff\x0f", nulls, maxObject, "v1/pods -n n x is larger than 8 MiB"},
		"path":                        {path("/version"), jsonType, `{"a":"`, "a", maxBody, "the body is larger than 4 MiB"},
		"metrics":                     {path("/metrics"), "text/plain", "", strings.Repeat("a", 1<<20) + "\n", maxScrape, "the body is larger than 256 MiB"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newServerless(t)
			body := &endless{head: test.head, again: test.again}
			l.client.Transport = serving{body, test.kind}
			a := l.Ask(t.Context(), test.q, nil)
			if a.Gap == nil || a.Gap.Why != evidence.Failed || !strings.Contains(a.Gap.Detail, test.detail) {
				t.Errorf("gap %v", a.Gap)
			}
			if most := test.most + 64<<10; body.read > most {
				t.Errorf("%d bytes are read, more than %d", body.read, most)
			}
		})
	}
}

// What just fits is read.
func TestBoundIsNoLess(t *testing.T) {
	for size, fits := range map[int]bool{maxBody - 1: true, maxBody: true, maxBody + 1: false} {
		l := newServerless(t)
		l.client.Transport = serving{io.NopCloser(strings.NewReader(strings.Repeat("a", size))), jsonType}
		a := l.Ask(t.Context(), evidence.Question{Kind: evidence.Raw, Path: "/x"}, nil)
		if (a.Gap == nil) != fits || len(a.Text) != min(size, maxBody) {
			t.Errorf("of %d bytes %d are read, gap %v", size, len(a.Text), a.Gap)
		}
	}
	object := `{"metadata":{"name":"` + strings.Repeat("a", maxObject-100) + `"}}`
	l := newServerless(t)
	l.client.Transport = serving{io.NopCloser(strings.NewReader(`{"items":[` + object + "," + object + `]}`)), jsonType}
	if a := l.Ask(t.Context(), allThings, nil); a.Gap != nil || a.Count != 2 {
		t.Errorf("%d objects, gap %v", a.Count, a.Gap)
	}
}
