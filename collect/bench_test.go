//go:build unix

package collect

import (
	"crypto/tls"
	"io"
	"net/http"
	"runtime"
	"runtime/metrics"
	"strconv"
	"syscall"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubelaudo/laudo/evidence"
)

// How laudo's way of listing compares with a bare one, of 10,000 Pods in
// protobuf:
//
//	go test ./collect -run - -bench Pods -benchtime 5x
//
// The server runs in the same process with its pages ready made, so that its
// work hardly counts.

const benchPods = 10_000

// BenchmarkPodsBare decodes the pages and drops them.
func BenchmarkPodsBare(b *testing.B) {
	s := newPodServer(b)
	client := &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: true,
	}}
	measure(b, func() {
		n, token := 0, ""
		for {
			request, _ := http.NewRequestWithContext(b.Context(), http.MethodGet, s.URL+"/api/v1/pods?limit=500&continue="+token, nil)
			request.Header.Set("Accept", protobufType)
			response, err := client.Do(request)
			if err != nil {
				b.Fatal(err)
			}
			body, err := io.ReadAll(response.Body)
			if err != nil {
				b.Fatal(err)
			}
			response.Body.Close()
			raw, err := unwrap(body)
			if err != nil {
				b.Fatal(err)
			}
			var list corev1.PodList
			if err := list.Unmarshal(raw); err != nil {
				b.Fatal(err)
			}
			n += len(list.Items)
			if token = list.Continue; token == "" {
				break
			}
		}
		if n != benchPods {
			b.Fatalf("%d Pods", n)
		}
	})
}

// BenchmarkPodsStream asks for them and drops them.
func BenchmarkPodsStream(b *testing.B) {
	s := newPodServer(b)
	l := s.live(b)
	measure(b, func() {
		if a := l.Ask(b.Context(), allPods, nil); a.Count != benchPods || a.Gap != nil {
			b.Fatalf("%+v, gap %v", a, a.Gap)
		}
	})
}

// BenchmarkPodsFacts asks for them and keeps what laws read.
func BenchmarkPodsFacts(b *testing.B) {
	s := newPodServer(b)
	l := s.live(b)
	measure(b, func() {
		facts := evidence.NewFacts(time.Now())
		if a := l.Ask(b.Context(), allPods, facts.Collector(allPods)); a.Count != benchPods || a.Gap != nil {
			b.Fatalf("%+v, gap %v", a, a.Gap)
		}
		if n := len(evidence.Pods.All(facts)); n != benchPods {
			b.Fatalf("%d Pods", n)
		}
	})
}

// BenchmarkPodsRecorded keeps what laws read, and records a bundle.
func BenchmarkPodsRecorded(b *testing.B) {
	s := newPodServer(b)
	l := s.live(b)
	var size counter
	measure(b, func() {
		size = 0
		r, err := evidence.NewRecorder(&size, l, evidence.Manifest{})
		if err != nil {
			b.Fatal(err)
		}
		facts := evidence.NewFacts(time.Now())
		if a := r.Ask(b.Context(), allPods, facts.Collector(allPods)); a.Count != benchPods || a.Gap != nil {
			b.Fatalf("%+v, gap %v", a, a.Gap)
		}
		if err := r.Close(); err != nil {
			b.Fatal(err)
		}
		runtime.KeepAlive(facts)
	})
	b.ReportMetric(float64(size)/(1<<20), "bundle-MB")
}

type counter int

func (c *counter) Write(p []byte) (int, error) { *c += counter(len(p)); return len(p), nil }

// measure runs f and reports the most memory that its objects took.
func measure(b *testing.B, f func()) {
	b.Helper()
	runtime.GC()
	base := heap()
	var peak uint64
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				peak = max(peak, heap())
			}
		}
	}()
	before := busy()
	b.ResetTimer()
	for range b.N {
		f()
		b.StopTimer()
		runtime.GC()
		b.StartTimer()
	}
	b.StopTimer()
	b.ReportMetric(float64((busy()-before).Milliseconds())/float64(b.N), "cpu-ms/op")
	close(stop)
	<-done
	b.ReportMetric(float64(max(peak, base)-base)/(1<<20), "peak-MB")
}

// busy is the processor time of the process: on a machine that others use too,
// it tells more than the clock.
func busy() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func heap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// newPodServer serves the Pods out of pages that are ready.
func newPodServer(b *testing.B) *server {
	b.Helper()
	const size = 500
	var pages [][]byte
	for start := 0; start < benchPods; start += size {
		list := corev1.PodList{}
		for i := start; i < start+size; i++ {
			list.Items = append(list.Items, benchPod(i))
		}
		if start+size < benchPods {
			list.Continue = strconv.Itoa(len(pages) + 1)
		}
		pages = append(pages, wrap(b, "PodList", &list))
	}
	s := newServer(b)
	s.handle("/api/v1/pods", func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.URL.Query().Get("continue"))
		w.Header().Set("Content-Type", protobufType)
		w.Write(pages[n])
	})
	return s
}
