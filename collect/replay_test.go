package collect

import (
	"bytes"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubelaudo/laudo/evidence"
)

// What laws see of a bundle is what they saw of the cluster, to the last nil.
func TestReplayGivesTheSameFacts(t *testing.T) {
	s := newServer(t)
	pods := []corev1.Pod{benchPod(1), benchPod(2), {ObjectMeta: metav1.ObjectMeta{Name: "bare", Namespace: "a"}}}
	s.handle("/api/v1/pods", func(w http.ResponseWriter, r *http.Request) { writePage(t, w, r, pods) })
	secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "s"}, Data: map[string][]byte{"empty": {}, "password": []byte("x")}}
	s.handle("/api/v1/namespaces/a/secrets/s", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", protobufType)
		w.Write(wrap(t, "Secret", secret))
	})
	s.handle("/version", func(w http.ResponseWriter, r *http.Request) {})

	var b bytes.Buffer
	recorder, err := evidence.NewRecorder(&b, s.live(t), evidence.Manifest{})
	if err != nil {
		t.Fatal(err)
	}
	questions := []evidence.Question{
		allPods,
		{Kind: evidence.Get, Resource: evidence.Secrets.Name, Namespace: "a", Name: "s"},
		{Kind: evidence.Raw, Path: "/version"},
		{Kind: evidence.Raw, Path: "/nothing"},
		{Kind: evidence.Log, Namespace: "a", Name: "p"},
		{Kind: evidence.TLS, Address: s.Listener.Addr().String(), ALPN: "h2"},
		{Kind: evidence.Client},
	}
	facts := func(source evidence.Source) *evidence.Facts {
		f := evidence.NewFacts(source.Now())
		for _, q := range questions {
			f.Add(source.Ask(t.Context(), q, f.Collector(q)))
		}
		return f
	}
	lived := facts(recorder)
	if err := recorder.Close(); err != nil {
		t.Fatal(err)
	}
	bundle, err := evidence.ReadBundle(&b)
	if err != nil {
		t.Fatal(err)
	}
	replayed := facts(bundle)

	if !lived.Now.Equal(replayed.Now) {
		t.Errorf("now %v, replayed %v", lived.Now, replayed.Now)
	}
	same := cmp.Options{
		cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) }),
		cmp.Comparer(func(a, b resource.Quantity) bool { return a.Cmp(b) == 0 }),
	}
	if diff := cmp.Diff(lived.Answers(), replayed.Answers(), same); diff != "" {
		t.Errorf("answers (-lived +replayed):\n%s", diff)
	}
	if diff := cmp.Diff(evidence.Pods.All(lived), evidence.Pods.All(replayed), same); diff != "" {
		t.Errorf("Pods (-lived +replayed):\n%s", diff)
	}
	if diff := cmp.Diff(evidence.Secrets.All(lived), evidence.Secrets.All(replayed), same); diff != "" {
		t.Errorf("Secrets (-lived +replayed):\n%s", diff)
	}
}
