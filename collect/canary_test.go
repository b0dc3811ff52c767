package collect

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubelaudo/laudo/evidence"
)

const canary = "hunter2canary"

// leak returns where data holds the canary, plain or in base64; or "".
func leak(data []byte) string {
	forms := []string{canary}
	for shift := range 3 {
		encoded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", shift) + canary))
		forms = append(forms, encoded[4:len(encoded)-4])
	}
	for _, form := range forms {
		if i := bytes.Index(data, []byte(form)); i >= 0 {
			return fmt.Sprintf("…%s…", data[max(0, i-200):min(len(data), i+80)])
		}
	}
	return ""
}

// Whatever a cluster holds, says or refuses with, nothing that was planted in it
// comes out: not in what is handed on, and not in the bundle.
func TestNoCanaryComesOut(t *testing.T) {
	data, err := os.ReadFile("../evidence/testdata/canaries.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	s := newServer(t)
	lists := map[string][]json.RawMessage{}
	for text := range bytes.Lines(data) {
		var plant struct {
			Resource string
			Object   json.RawMessage
		}
		if err := json.Unmarshal(text, &plant); err != nil {
			t.Fatal(err)
		}
		lists[plant.Resource] = append(lists[plant.Resource], plant.Object)
	}
	var questions []evidence.Question
	for resource, items := range lists {
		path, err := resourcePath(resource, "", "")
		if err != nil {
			t.Fatal(err)
		}
		s.handle(path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", jsonType)
			json.NewEncoder(w).Encode(map[string]any{"items": items})
		})
		one, _ := resourcePath(resource, "n", "x")
		s.handle(one, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", jsonType)
			w.Write(items[0])
		})
		questions = append(questions,
			evidence.Question{Kind: evidence.List, Resource: resource},
			evidence.Question{Kind: evidence.Get, Resource: resource, Namespace: "n", Name: "x"})
	}
	says := "Get https://u:" + canary + "@h/: token=" + canary + " Authorization: Bearer " + canary + "1"
	for i, handle := range []http.HandlerFunc{
		func(w http.ResponseWriter, r *http.Request) {
			status(w, 403, metav1.StatusReasonForbidden, "User cannot "+says)
		},
		func(w http.ResponseWriter, r *http.Request) { status(w, 500, "InternalError", says) },
		func(w http.ResponseWriter, r *http.Request) { http.Error(w, says, 502) },
		func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, says) },
		func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "https://u:"+canary+"@127.0.0.1:1/?token="+canary)
			w.WriteHeader(302)
		},
	} {
		group := fmt.Sprintf("g%d.example.com/v1", i)
		s.handle("/apis/"+group+"/things", handle)
		s.handle("/apis/"+group+"/namespaces/n/things/x", handle)
		s.handle(fmt.Sprintf("/path/%d/metrics", i), handle)
		s.handle(fmt.Sprintf("/path/%d", i), handle)
		s.handle(fmt.Sprintf("/api/v1/namespaces/n/pods/%d/log", i), handle)
		questions = append(questions,
			evidence.Question{Kind: evidence.List, Resource: group + "/things"},
			evidence.Question{Kind: evidence.Get, Resource: group + "/things", Namespace: "n", Name: "x"},
			evidence.Question{Kind: evidence.Raw, Path: fmt.Sprintf("/path/%d/metrics", i)},
			evidence.Question{Kind: evidence.Raw, Path: fmt.Sprintf("/path/%d", i)},
			evidence.Question{Kind: evidence.Log, Namespace: "n", Name: fmt.Sprint(i)})
	}
	questions = append(questions, evidence.Question{Kind: evidence.Client})

	l := s.live(t, func(o *Options) {
		o.Config.Username, o.Config.Password = "u", canary
	})
	var zipped bytes.Buffer
	recorder, err := evidence.NewRecorder(&zipped, l, evidence.Manifest{Cluster: "https://u:" + canary + "@h"})
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range questions {
		got := ask(t, recorder, q)
		handed, err := json.Marshal([]any{got.Answer, got.objects})
		if err != nil {
			t.Fatal(err)
		}
		if found := leak(handed); found != "" {
			t.Errorf("%s: %s", q, found)
		}
	}
	if err := recorder.Close(); err != nil {
		t.Fatal(err)
	}
	reader, err := gzip.NewReader(&zipped)
	if err != nil {
		t.Fatal(err)
	}
	bundle, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	if found := leak(bundle); found != "" {
		t.Errorf("the bundle: %s", found)
	}
	if n := bytes.Count(bundle, []byte(evidence.Redacted)); n < 50 {
		t.Errorf("only %d redactions: are the canaries there?", n)
	}

	// Nor in the error for a configuration that cannot be used.
	config := *l.options.Config
	config.Host = "https://u:" + canary + "@[::1"
	if _, err := New(Options{Config: &config}); err == nil || leak([]byte(err.Error())) != "" {
		t.Errorf("error %v", err)
	}
}
