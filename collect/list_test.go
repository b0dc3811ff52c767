package collect

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubelaudo/laudo/evidence"
)

var (
	allPods   = evidence.Question{Kind: evidence.List, Resource: evidence.Pods.Name}
	allThings = evidence.Question{Kind: evidence.List, Resource: "example.com/v1/things"}
)

func TestListPages(t *testing.T) {
	s := newServer(t)
	s.pods(t, 1234)
	l := s.live(t)
	got := ask(t, l, allPods)
	if got.Gap != nil || got.Count != 1234 || len(got.objects) != 1234 {
		t.Fatalf("%d objects, %+v, gap %v", len(got.objects), got.Answer, got.Gap)
	}
	for i, o := range got.objects {
		pod := o.(*corev1.Pod)
		if want := fmt.Sprintf("pod-%05d", i); pod.Name != want || pod.Kind != "Pod" || pod.APIVersion != "v1" {
			t.Fatalf("object %d is %s %s %s", i, pod.APIVersion, pod.Kind, pod.Name)
		}
	}
	if n := l.Requests(); n != 3 {
		t.Errorf("%d requests", n)
	}
	if s.agent != "laudo/v0.0.0-test" {
		t.Errorf("user agent %q", s.agent)
	}
	if got.ServerTime.IsZero() || got.At.IsZero() || got.At.Location() != time.UTC {
		t.Errorf("server time %v, at %v", got.ServerTime, got.At)
	}
}

func TestListReadsJSONWhereThatIsAllThereIs(t *testing.T) {
	s := newServer(t)
	s.handle("/api/v1/pods", func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("Accept", jsonType)
		writePage(t, w, r, []corev1.Pod{{ObjectMeta: metav1.ObjectMeta{Name: "a"}, Spec: corev1.PodSpec{NodeName: "n"}}})
	})
	got := ask(t, s.live(t), allPods)
	if len(got.objects) != 1 || got.objects[0].(*corev1.Pod).Spec.NodeName != "n" || got.Gap != nil {
		t.Errorf("%+v", got)
	}
}

func TestListOfUnknownResource(t *testing.T) {
	s := newServer(t)
	s.handle("/apis/example.com/v1/things", func(w http.ResponseWriter, r *http.Request) {
		if accept := r.Header.Get("Accept"); accept != jsonType {
			t.Errorf("Accept %q", accept)
		}
		w.Header().Set("Content-Type", jsonType)
		if r.URL.Query().Get("continue") == "" { // the metadata may come last
			io.WriteString(w, `{"apiVersion":"example.com/v1","kind":"ThingList","extra":{"a":[1]},"items":[{"metadata":{"name":"a"},"spec":{"n":1}}],"metadata":{"continue":"x"}}`)
			return
		}
		io.WriteString(w, `{"items":null,"metadata":{}}`)
	})
	got := ask(t, s.live(t), allThings)
	if len(got.objects) != 1 || got.Gap != nil {
		t.Fatalf("%+v", got)
	}
	thing := got.objects[0].(*unstructured.Unstructured)
	if thing.GetKind() != "Thing" || thing.GetAPIVersion() != "example.com/v1" || thing.GetName() != "a" {
		t.Errorf("%v", thing)
	}
}

func TestListMetadata(t *testing.T) {
	s := newServer(t)
	s.handle("/api/v1/pods", func(w http.ResponseWriter, r *http.Request) {
		if accept := r.Header.Get("Accept"); !strings.Contains(accept, "as=PartialObjectMetadataList") {
			t.Errorf("Accept %q", accept)
		}
		w.Header().Set("Content-Type", protobufType+";as=PartialObjectMetadataList;g=meta.k8s.io;v=v1")
		w.Write(wrap(t, "PartialObjectMetadataList", &metav1.PartialObjectMetadataList{Items: []metav1.PartialObjectMetadata{{ObjectMeta: metav1.ObjectMeta{Name: "a"}}}}))
	})
	q := allPods
	q.Metadata = true
	got := ask(t, s.live(t), q)
	if len(got.objects) != 1 || got.objects[0].(*metav1.PartialObjectMetadata).Name != "a" {
		t.Errorf("%+v", got)
	}
}

func TestListSaysWhatIsMissing(t *testing.T) {
	full := make([]corev1.Pod, 1000)
	for i := range full {
		full[i].Name = fmt.Sprint(i)
	}
	second := func(h http.HandlerFunc) http.HandlerFunc { // h answers for the second page
		return func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Get("continue") == "" {
				writePage(t, w, r, full)
				return
			}
			h(w, r)
		}
	}
	half := func(body []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", protobufType)
			w.Write(body[:len(body)/2])
		}
	}
	page := wrap(t, "PodList", &corev1.PodList{Items: full[:500]})
	for name, test := range map[string]struct {
		handle http.HandlerFunc
		count  int
		absent bool
		why    evidence.Why
		detail string
	}{
		"forbidden": {
			handle: func(w http.ResponseWriter, r *http.Request) {
				status(w, 403, metav1.StatusReasonForbidden, `pods is forbidden: User "u" cannot list resource "pods" in API group "" at the cluster scope`)
			},
			why: evidence.Forbidden, detail: `User "u" cannot list resource "pods"`,
		},
		"forbidden by a proxy": {
			handle: func(w http.ResponseWriter, r *http.Request) { http.Error(w, "blocked", 403) },
			why:    evidence.Forbidden, detail: "cannot list v1/pods: HTTP 403: blocked",
		},
		"unauthorized": {
			handle: func(w http.ResponseWriter, r *http.Request) {
				status(w, 401, metav1.StatusReasonUnauthorized, "Unauthorized")
			},
			why: evidence.Unauthorized, detail: "Unauthorized",
		},
		"not served":  {handle: http.NotFound, absent: true},
		"unavailable": {handle: func(w http.ResponseWriter, r *http.Request) { http.Error(w, "service unavailable", 503) }, why: evidence.Failed, detail: "service unavailable"},
		"second expired": {
			handle: second(func(w http.ResponseWriter, r *http.Request) {
				status(w, 410, metav1.StatusReasonExpired, "The provided continue parameter is too old")
			}),
			count: 500, why: evidence.Failed, detail: "page 2, after 500 objects: HTTP 410: The provided continue",
		},
		"second vanishes":  {handle: second(http.NotFound), count: 500, why: evidence.Failed, detail: "HTTP 404"},
		"second is cut":    {handle: second(half(page)), count: 750, why: evidence.Failed, detail: "ends early"},
		"garbage":          {handle: func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "<html>login</html>") }, why: evidence.Failed},
		"protobuf garbage": {handle: half([]byte("k8s\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff")), why: evidence.Failed},
		"protobuf huge":    {handle: half([]byte("k8s\x00\x12\xff\xff\xff\xff\x0f\x12\xff\xff\xff\xff\x0f0000000000000000000000")), why: evidence.Failed, detail: "larger than"},
		"not protobuf":     {handle: half([]byte("hello, this is not what it says")), why: evidence.Failed},
		"empty protobuf":   {handle: half(nil), why: evidence.Failed},
		"json cut": {handle: func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, `{"items":[{"metadata":{"name":"a"}},{"meta`)
		}, count: 1, why: evidence.Failed},
		"json of something": {handle: func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, `{"items":3}`) }, why: evidence.Failed},
		"nonsense object":   {handle: func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, `{"items":[{"metadata":{"name":3}}]}`) }, why: evidence.Failed},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			s.handle("/api/v1/pods", test.handle)
			got := ask(t, s.live(t), allPods)
			if got.why() != test.why || got.Absent != test.absent || got.Count < test.count || test.count == 0 && got.Count != 0 {
				t.Errorf("%+v, gap %v", got.Answer, got.Gap)
			}
			if got.Count != len(got.objects) {
				t.Errorf("counted %d, got %d", got.Count, len(got.objects))
			}
			if got.Gap != nil && !strings.Contains(got.Gap.Detail, test.detail) {
				t.Errorf("detail %q", got.Gap.Detail)
			}
		})
	}
}

func TestPatience(t *testing.T) {
	s := newServer(t)
	refused := 0
	s.handle("/api/v1/pods", func(w http.ResponseWriter, r *http.Request) {
		if refused < 2 {
			refused++
			w.Header().Set("Retry-After", "0")
			status(w, 429, metav1.StatusReasonTooManyRequests, "too many requests")
			return
		}
		writePage(t, w, r, make([]corev1.Pod, 1))
	})
	l := s.live(t)
	if got := ask(t, l, allPods); got.Gap != nil || got.Count != 1 || l.Requests() != 3 {
		t.Errorf("%+v, gap %v, %d requests", got.Answer, got.Gap, l.Requests())
	}

	// A server that asks for more time than there is gets no second request.
	s.handle("/api/v1/pods", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "60")
		status(w, 429, metav1.StatusReasonTooManyRequests, "too many requests")
	})
	l = s.live(t)
	if got := ask(t, l, allPods); got.why() != evidence.Failed || l.Requests() != 1 {
		t.Errorf("%+v, gap %v, %d requests", got.Answer, got.Gap, l.Requests())
	}
}

func TestListEndsWithTheContext(t *testing.T) {
	s := newServer(t)
	gone := make(chan struct{})
	s.handle("/api/v1/pods", func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-gone:
		}
	})
	defer close(gone)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	a := s.live(t).Ask(ctx, allPods, nil)
	if a.Gap == nil || a.Gap.Why != evidence.Interrupted {
		t.Errorf("%+v, gap %v", a, a.Gap)
	}
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestNothingListens(t *testing.T) {
	s := newServer(t)
	l := s.live(t)
	s.Close()
	got := ask(t, l, allPods)
	if got.why() != evidence.Unreachable || !strings.Contains(got.Gap.Detail, "connection refused") {
		t.Errorf("%+v, gap %v", got.Answer, got.Gap)
	}
}

func TestServerCertificateIsRefused(t *testing.T) {
	s := newServer(t)
	l := s.live(t, func(o *Options) { o.Config.TLSClientConfig.Insecure = false })
	got := ask(t, l, allPods)
	if got.why() != evidence.Unreachable || !strings.Contains(got.Gap.Detail, "x509: certificate signed by unknown authority") {
		t.Errorf("%+v, gap %v", got.Answer, got.Gap)
	}
}

func TestGet(t *testing.T) {
	s := newServer(t)
	s.handle("/api/v1/namespaces/kube-system/secrets/certs", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", protobufType)
		w.Write(wrap(t, "Secret", &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "certs"}, Data: map[string][]byte{"password": []byte("hunter2canary")}}))
	})
	s.handle("/api/v1/namespaces/kube-system/secrets/mine", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", protobufType) // errors come in the encoding that was asked for
		w.WriteHeader(403)
		w.Write(wrap(t, "Status", &metav1.Status{Reason: metav1.StatusReasonForbidden, Message: `secrets "mine" is forbidden: User "u" cannot get resource "secrets"`}))
	})
	get := func(name string) evidence.Question {
		return evidence.Question{Kind: evidence.Get, Resource: evidence.Secrets.Name, Namespace: "kube-system", Name: name}
	}
	l := s.live(t)
	got := ask(t, l, get("certs"))
	if len(got.objects) != 1 {
		t.Fatalf("%+v, gap %v", got, got.Gap)
	}
	text, _ := json.Marshal(got.objects[0])
	if strings.Contains(string(text), "aHVudGVy") || !strings.Contains(string(text), `"password":null`) {
		t.Errorf("%s", text)
	}
	if got := ask(t, l, get("other")); !got.Absent || got.Gap != nil {
		t.Errorf("%+v, gap %v", got, got.Gap)
	}
	if got := ask(t, l, get("mine")); got.why() != evidence.Forbidden || !strings.Contains(got.Gap.Detail, `secrets "mine" is forbidden`) {
		t.Errorf("%+v, gap %v", got, got.Gap)
	}

	blind := s.live(t, func(o *Options) { o.NoSecrets = true })
	if got := ask(t, blind, get("certs")); got.why() != evidence.Declined || blind.Requests() != 0 {
		t.Errorf("%+v, gap %v", got, got.Gap)
	}
}

func TestAskFromElsewhere(t *testing.T) {
	s := newServer(t)
	q := allPods
	q.From = "node/a"
	l := s.live(t)
	if got := ask(t, l, q); got.why() != evidence.NotCollected || l.Requests() != 0 {
		t.Errorf("%+v", got)
	}
}

// A source may be asked from many goroutines; that many requests are not under
// way at once.
func TestRequestsAreBounded(t *testing.T) {
	s := newServer(t)
	var now, most int
	s.handle("/version", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		now++
		most = max(most, now)
		s.mu.Unlock()
		time.Sleep(time.Millisecond)
		s.mu.Lock()
		now--
		s.mu.Unlock()
	})
	l := s.live(t, func(o *Options) { o.InFlight = 3 })
	done := make(chan told)
	for i := range 50 {
		go func() {
			done <- ask(t, l, evidence.Question{Kind: evidence.Raw, Path: "/version", Nth: i})
		}()
	}
	for range 50 {
		if got := <-done; got.Status != 200 {
			t.Errorf("%+v, gap %v", got.Answer, got.Gap)
		}
	}
	if most > 3 {
		t.Errorf("%d at once", most)
	}
}
