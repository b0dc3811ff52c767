//go:build unix

package collect

import (
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"runtime/metrics"
	"strconv"
	"syscall"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

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
			raw, _, err := unwrap(body)
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

// benchPod is a Pod as a Deployment makes it and a kubelet reports it.
func benchPod(i int) corev1.Pod {
	deployment, node := fmt.Sprintf("app-%d", i/10), fmt.Sprintf("node-%d", i%1000)
	created := metav1.NewTime(time.Date(2026, 11, 22, 12, 0, i%3600, 0, time.UTC))
	yes := true
	pod := corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{
			Name: fmt.Sprintf("%s-5d8f7b9c4-%05d", deployment, i), GenerateName: deployment + "-5d8f7b9c4-",
			Namespace: fmt.Sprintf("team-%d", i%50), UID: types.UID(fmt.Sprintf("%08d-0000-4000-8000-%012d", i, i)),
			ResourceVersion: strconv.Itoa(100000 + i), CreationTimestamp: created,
			Labels:          map[string]string{"app": deployment, "pod-template-hash": "5d8f7b9c4", "app.kubernetes.io/name": deployment, "app.kubernetes.io/version": "1.2.3"},
			Annotations:     map[string]string{"prometheus.io/scrape": "true", "checksum/config": fmt.Sprintf("%064d", i)},
			OwnerReferences: []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: "ReplicaSet", Name: deployment + "-5d8f7b9c4", UID: types.UID(fmt.Sprintf("%08d-1111-4000-8000-%012d", i/10, i/10)), Controller: &yes}},
			ManagedFields: []metav1.ManagedFieldsEntry{
				{Manager: "kube-controller-manager", Operation: "Update", APIVersion: "v1", Time: &created, FieldsType: "FieldsV1", FieldsV1: &metav1.FieldsV1{Raw: []byte(specFields)}},
				{Manager: "kubelet", Operation: "Update", APIVersion: "v1", Time: &created, FieldsType: "FieldsV1", FieldsV1: &metav1.FieldsV1{Raw: []byte(statusFields)}, Subresource: "status"},
			},
		},
		Spec: corev1.PodSpec{
			NodeName: node, ServiceAccountName: "default", RestartPolicy: "Always", DNSPolicy: "ClusterFirst", SchedulerName: "default-scheduler",
			Volumes: []corev1.Volume{
				{Name: "config", VolumeSource: corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: corev1.LocalObjectReference{Name: deployment}}}},
				{Name: "kube-api-access-" + strconv.Itoa(10000+i), VolumeSource: corev1.VolumeSource{Projected: &corev1.ProjectedVolumeSource{Sources: []corev1.VolumeProjection{
					{ServiceAccountToken: &corev1.ServiceAccountTokenProjection{Path: "token"}},
					{ConfigMap: &corev1.ConfigMapProjection{LocalObjectReference: corev1.LocalObjectReference{Name: "kube-root-ca.crt"}, Items: []corev1.KeyToPath{{Key: "ca.crt", Path: "ca.crt"}}}},
				}}}},
			},
			Containers: []corev1.Container{{
				Name: "main", Image: "registry.example.com/team/app:1.2.3", Args: []string{"--config=/etc/app/config.yaml", "--v=2"},
				Env:                    []corev1.EnvVar{{Name: "LOG_LEVEL", Value: "info"}, {Name: "WORKERS", Value: "4"}, {Name: "DATABASE_URL", Value: "postgres://app:secret@db:5432/app"}},
				Ports:                  []corev1.ContainerPort{{Name: "http", ContainerPort: 8080, Protocol: "TCP"}},
				Resources:              corev1.ResourceRequirements{Requests: corev1.ResourceList{"cpu": resource.MustParse("100m"), "memory": resource.MustParse("128Mi")}},
				VolumeMounts:           []corev1.VolumeMount{{Name: "config", MountPath: "/etc/app"}, {Name: "kube-api-access-" + strconv.Itoa(10000+i), ReadOnly: true, MountPath: "/var/run/secrets/kubernetes.io/serviceaccount"}},
				ReadinessProbe:         &corev1.Probe{PeriodSeconds: 10, TimeoutSeconds: 1},
				TerminationMessagePath: "/dev/termination-log", TerminationMessagePolicy: "File", ImagePullPolicy: "IfNotPresent",
			}},
			Tolerations: []corev1.Toleration{{Key: "node.kubernetes.io/not-ready", Operator: "Exists", Effect: "NoExecute"}, {Key: "node.kubernetes.io/unreachable", Operator: "Exists", Effect: "NoExecute"}},
		},
		Status: corev1.PodStatus{
			Phase: corev1.PodRunning, HostIP: fmt.Sprintf("10.0.%d.%d", i%1000/250, i%250), PodIP: fmt.Sprintf("10.%d.%d.%d", i%200, i/250, i%250), StartTime: &created, QOSClass: "Burstable",
			ContainerStatuses: []corev1.ContainerStatus{{
				Name: "main", Ready: true, Started: &yes, Image: "registry.example.com/team/app:1.2.3", ImageID: "registry.example.com/team/app@sha256:4c1e5a0ae3dd2f3be7ba5fcaa7bd1b1c0fcd6fd3f7c4d84ea27d5c8a6bb3d0f3",
				ContainerID: fmt.Sprintf("containerd://%064d", i), State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: created}},
			}},
		},
	}
	for _, kind := range []corev1.PodConditionType{"PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"} {
		pod.Status.Conditions = append(pod.Status.Conditions, corev1.PodCondition{Type: kind, Status: "True", LastTransitionTime: created})
	}
	return pod
}

// What managers of fields leave in a Pod, in length and form.
const (
	specFields   = `{"f:metadata":{"f:annotations":{".":{},"f:checksum/config":{},"f:prometheus.io/scrape":{}},"f:generateName":{},"f:labels":{".":{},"f:app":{},"f:app.kubernetes.io/name":{},"f:app.kubernetes.io/version":{},"f:pod-template-hash":{}},"f:ownerReferences":{".":{},"k:{\"uid\":\"00000000-1111-4000-8000-000000000000\"}":{}}},"f:spec":{"f:containers":{"k:{\"name\":\"main\"}":{".":{},"f:args":{},"f:env":{".":{},"k:{\"name\":\"LOG_LEVEL\"}":{".":{},"f:name":{},"f:value":{}},"k:{\"name\":\"WORKERS\"}":{".":{},"f:name":{},"f:value":{}}},"f:image":{},"f:imagePullPolicy":{},"f:name":{},"f:ports":{".":{},"k:{\"containerPort\":8080,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{},"f:name":{},"f:protocol":{}}},"f:readinessProbe":{},"f:resources":{".":{},"f:requests":{".":{},"f:cpu":{},"f:memory":{}}},"f:terminationMessagePath":{},"f:terminationMessagePolicy":{},"f:volumeMounts":{".":{},"k:{\"mountPath\":\"/etc/app\"}":{".":{},"f:mountPath":{},"f:name":{}}}}},"f:dnsPolicy":{},"f:enableServiceLinks":{},"f:restartPolicy":{},"f:schedulerName":{},"f:securityContext":{},"f:terminationGracePeriodSeconds":{},"f:volumes":{".":{},"k:{\"name\":\"config\"}":{".":{},"f:configMap":{".":{},"f:defaultMode":{},"f:name":{}},"f:name":{}}}}}`
	statusFields = `{"f:status":{"f:conditions":{"k:{\"type\":\"ContainersReady\"}":{".":{},"f:lastProbeTime":{},"f:lastTransitionTime":{},"f:observedGeneration":{},"f:status":{},"f:type":{}},"k:{\"type\":\"Initialized\"}":{".":{},"f:lastProbeTime":{},"f:lastTransitionTime":{},"f:observedGeneration":{},"f:status":{},"f:type":{}},"k:{\"type\":\"PodReadyToStartContainers\"}":{".":{},"f:lastProbeTime":{},"f:lastTransitionTime":{},"f:status":{},"f:type":{}},"k:{\"type\":\"Ready\"}":{".":{},"f:lastProbeTime":{},"f:lastTransitionTime":{},"f:status":{},"f:type":{}}},"f:containerStatuses":{},"f:hostIP":{},"f:hostIPs":{},"f:observedGeneration":{},"f:phase":{},"f:podIP":{},"f:podIPs":{".":{},"k:{\"ip\":\"10.244.1.5\"}":{".":{},"f:ip":{}}},"f:startTime":{}}}`
)
