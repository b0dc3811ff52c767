package collect

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/rest"

	"github.com/kubelaudo/laudo/evidence"
)

// server plays an API server.
type server struct {
	*httptest.Server
	mu    sync.Mutex
	paths map[string]http.HandlerFunc
	calls map[string]int // by path
	agent string         // the last user agent
}

func newServer(t testing.TB) *server {
	s := &server{paths: map[string]http.HandlerFunc{}, calls: map[string]int{}}
	s.Server = httptest.NewUnstartedServer(s)
	s.EnableHTTP2 = true
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.calls[r.URL.Path]++
	s.agent = r.UserAgent()
	handle := s.paths[r.URL.Path]
	s.mu.Unlock()
	if handle == nil {
		http.Error(w, "404 page not found", http.StatusNotFound)
		return
	}
	handle(w, r)
}

func (s *server) handle(path string, h http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.paths[path] = h
}

// live returns a source that asks the server.
func (s *server) live(t testing.TB, change ...func(*Options)) *Live {
	t.Helper()
	config := &rest.Config{Host: s.URL}
	config.TLSClientConfig.Insecure = true
	options := Options{Config: config, Version: "v0.0.0-test"}
	for _, c := range change {
		c(&options)
	}
	l, err := New(options)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// status writes an error as the API server does.
func status(w http.ResponseWriter, code int, reason metav1.StatusReason, message string) {
	w.Header().Set("Content-Type", jsonType)
	w.WriteHeader(code)
	json.NewEncoder(w).Encode(metav1.Status{
		TypeMeta: metav1.TypeMeta{Kind: "Status", APIVersion: "v1"},
		Status:   "Failure", Code: int32(code), Reason: reason, Message: message,
	})
}

// wrap returns a message as the API server sends it in protobuf.
func wrap(t testing.TB, kind string, o interface{ Marshal() ([]byte, error) }) []byte {
	t.Helper()
	raw, err := o.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	unknown := runtime.Unknown{TypeMeta: runtime.TypeMeta{APIVersion: "v1", Kind: kind}, Raw: raw}
	body, err := unknown.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return append([]byte("k8s\x00"), body...)
}

// pods serves a list of n Pods in pages, in protobuf if that is accepted.
func (s *server) pods(t testing.TB, n int) {
	var all []corev1.Pod
	for i := range n {
		all = append(all, corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: "ns", Name: fmt.Sprintf("pod-%05d", i)}})
	}
	s.handle("/api/v1/pods", func(w http.ResponseWriter, r *http.Request) {
		writePage(t, w, r, all)
	})
}

func writePage(t testing.TB, w http.ResponseWriter, r *http.Request, all []corev1.Pod) {
	limit, err := strconv.Atoi(r.URL.Query().Get("limit"))
	if err != nil || r.URL.Query().Has("resourceVersion") {
		t.Errorf("asked for %s", r.URL)
	}
	start := 0
	if token := r.URL.Query().Get("continue"); token != "" {
		start, _ = strconv.Atoi(token)
	}
	end := min(start+limit, len(all))
	list := corev1.PodList{TypeMeta: metav1.TypeMeta{Kind: "PodList", APIVersion: "v1"}, Items: all[start:end]}
	if end < len(all) {
		list.Continue = strconv.Itoa(end)
	}
	if strings.Contains(r.Header.Get("Accept"), protobufType) {
		w.Header().Set("Content-Type", protobufType)
		w.Write(wrap(t, "PodList", &list))
		return
	}
	w.Header().Set("Content-Type", jsonType)
	json.NewEncoder(w).Encode(list)
}

// told is what a source says to a question.
type told struct {
	evidence.Answer
	objects []runtime.Object
}

func ask(t testing.TB, s evidence.Source, q evidence.Question) told {
	t.Helper()
	var got told
	start := time.Now()
	got.Answer = s.Ask(t.Context(), q, func(o runtime.Object) { got.objects = append(got.objects, o) })
	if took := time.Since(start); took > 15*time.Second {
		t.Errorf("%s took %v", q, took)
	}
	if got.Answer.Question != q {
		t.Errorf("%s is answered as %s", q, got.Answer.Question)
	}
	return got
}

func (got told) why() evidence.Why {
	if got.Gap == nil {
		return ""
	}
	return got.Gap.Why
}

// stalled returns a source whose server takes requests and never answers. It
// works in a bubble of synctest.
func stalled(t testing.TB) *Live {
	l := newServerless(t)
	l.client.Transport = &transport{inner: silent{}, requests: &l.requests}
	return l
}

func newServerless(t testing.TB) *Live {
	t.Helper()
	l, err := New(Options{Config: &rest.Config{Host: "http://nowhere.example"}})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// silent never answers.
type silent struct{}

func (silent) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}
