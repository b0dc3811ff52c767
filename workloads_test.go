package laudo_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	apiregistrationv1 "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"

	"github.com/kubelaudo/laudo"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
)

// minutesAgo is a moment before now.
func minutesAgo(n int) metav1.Time {
	return metav1.NewTime(moment.Add(-time.Duration(n) * time.Minute))
}

// refusedDeployment is Deployment depot/valve, none of whose Pods is admitted.
func refusedDeployment(why string) []runtime.Object {
	d := deployment("depot", "valve", "none", false, running())[0].(*appsv1.Deployment)
	d.Spec.Template.Spec.Volumes, d.Spec.Template.Spec.Containers[0].VolumeMounts = nil, nil
	d.Status.Conditions = []appsv1.DeploymentCondition{{Type: "ReplicaFailure", Status: corev1.ConditionTrue, Message: why}}
	return []runtime.Object{d}
}

// refusedDaemonSet is a DaemonSet whose Pod is refused, as an event tells.
func refusedDaemonSet(namespace, name, why string, madeSince bool) []runtime.Object {
	event := func(reason, text string, ago int) *corev1.Event {
		return &corev1.Event{
			ObjectMeta:     metav1.ObjectMeta{Namespace: namespace, Name: name + "." + strings.ToLower(reason)},
			InvolvedObject: corev1.ObjectReference{Kind: "DaemonSet", Namespace: namespace, Name: name},
			Reason:         reason, Message: text, LastTimestamp: minutesAgo(ago),
		}
	}
	made := 30
	if madeSince {
		made = 2
	}
	return []runtime.Object{
		&appsv1.DaemonSet{
			ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name, CreationTimestamp: minutesAgo(600)},
			Spec:       appsv1.DaemonSetSpec{Template: corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"app": name}}}},
			Status:     appsv1.DaemonSetStatus{DesiredNumberScheduled: 1},
		},
		event("FailedCreate", why, 5), event("SuccessfulCreate", "Created pod", made),
	}
}

// waiting is a Deployment whose Pod waits for what its volume names.
func waiting(namespace, name, secretName string, since int) []runtime.Object {
	objects := deployment(namespace, name, secretName, false, corev1.ContainerStatus{State: corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "ContainerCreating"}}})
	pod := objects[1].(*corev1.Pod)
	pod.Status.Phase, pod.CreationTimestamp = corev1.PodPending, minutesAgo(since)
	return objects
}

// api is an aggregated API that Deployment depot/valve serves.
func api(selects, condition, text string, objects ...runtime.Object) []runtime.Object {
	return append(objects,
		&corev1.Service{
			ObjectMeta: metav1.ObjectMeta{Namespace: "depot", Name: "valve"},
			Spec:       corev1.ServiceSpec{Selector: map[string]string{"app": selects}, Ports: []corev1.ServicePort{{Port: 443}}},
		},
		&apiregistrationv1.APIService{
			ObjectMeta: metav1.ObjectMeta{Name: "v1.parts.example.net"},
			Spec:       apiregistrationv1.APIServiceSpec{Group: "parts.example.net", Version: "v1", InsecureSkipTLSVerify: true, Service: &apiregistrationv1.ServiceReference{Namespace: "depot", Name: "valve"}},
			Status: apiregistrationv1.APIServiceStatus{Conditions: []apiregistrationv1.APIServiceCondition{{
				Type: apiregistrationv1.Available, Status: apiregistrationv1.ConditionFalse, Reason: condition, Message: text, LastTransitionTime: minutesAgo(5),
			}}},
		})
}

func definition(t *testing.T, text string) *unstructured.Unstructured {
	t.Helper()
	o := &unstructured.Unstructured{}
	if err := json.Unmarshal([]byte(text), &o.Object); err != nil {
		t.Fatal(err)
	}
	return o
}

// TestWorkloadsOfAnyName puts what is around Pods at fault, for workloads that
// no law mentions.
func TestWorkloadsOfAnyName(t *testing.T) {
	const forbidden = `pods "valve-0" is forbidden: `
	hpa := &autoscalingv2.HorizontalPodAutoscaler{
		ObjectMeta: metav1.ObjectMeta{Namespace: "depot", Name: "valve"},
		Status: autoscalingv2.HorizontalPodAutoscalerStatus{Conditions: []autoscalingv2.HorizontalPodAutoscalerCondition{{
			Type: autoscalingv2.ScalingActive, Status: corev1.ConditionFalse, Reason: "FailedGetResourceMetric",
			Message: "the HPA was unable to compute the replica count: failed to get cpu utilization: missing request for cpu in container main of Pod valve-1",
		}}},
	}
	sick := newWorld()
	sick.objects[0].(*corev1.Node).Status.Conditions = []corev1.NodeCondition{
		{Type: corev1.NodeReady, Status: corev1.ConditionFalse, Reason: "KubeletNotReady", Message: "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized"},
	}
	full := newWorld()
	full.objects[0].(*corev1.Node).Status.Conditions = append(full.objects[0].(*corev1.Node).Status.Conditions,
		corev1.NodeCondition{Type: corev1.NodeDiskPressure, Status: corev1.ConditionTrue, Reason: "KubeletHasDiskPressure", Message: "kubelet has disk pressure"})

	for _, test := range []struct {
		name     string
		world    *world
		category string // of the only cause, confirmed; empty: none is confirmed
		subject  string
	}{
		{"a quota leaves no room", newWorld(refusedDeployment(forbidden + "exceeded quota: floor, requested: pods=1, used: pods=4, limited: pods=4")...), report.CategoryResourceExhaustion, "ResourceQuota floor"},
		{"the namespace is restricted", newWorld(refusedDaemonSet("depot", "valve", forbidden+`violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false`, false)...), report.CategoryConfig, "Namespace depot"},
		{"the namespace was restricted, and a Pod was made since", newWorld(refusedDaemonSet("depot", "valve", forbidden+`violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false`, true)...), "", ""},
		{"a policy denies", newWorld(refusedDeployment(forbidden + "ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no")...), report.CategoryConfig, "ValidatingAdmissionPolicyBinding b"},
		{"refused for a reason that nobody knows", newWorld(refusedDeployment(forbidden + "the moon is full")...), report.CategoryWorkloadDown, "Deployment valve"},
		{"a Secret is missing", newWorld(waiting("depot", "valve", "seal", 10)...), report.CategoryConfig, "Secret seal"},
		{"a Secret may come in a moment", newWorld(waiting("depot", "valve", "seal", 0)...), "", ""},
		{"nothing is missing, and it does not start", newWorld(append(waiting("depot", "valve", "seal", 10), secret("depot", "seal", "a", nil))...), report.CategoryWorkloadDown, "Deployment valve"},
		{"what serves an API was uninstalled", newWorld(api("valve", "MissingEndpoints", `endpointslices for service/valve in "depot" have no addresses with port name ""`)...), report.CategoryAPIService, "Service valve"},
		{"its Service selects nobody", newWorld(api("other", "MissingEndpoints", `endpointslices for service/valve in "depot" have no addresses with port name ""`, deployment("depot", "valve", "none", true, running())...)...), report.CategoryConfig, "Service valve"},
		{"Pods request nothing to scale by", newWorld(hpa), report.CategoryConfig, "HorizontalPodAutoscaler valve"},
		{"a node has no network plugin", sick, report.CategoryConfig, "Node n1"},
		{"a node's disk is full", full, report.CategoryResourceExhaustion, "Node n1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc := diagnosed(t, test.world, laudo.Options{Language: message.NewPrinter("en")})
			var confirmed []string
			for _, c := range doc.Causes {
				if c.Certainty == report.CertaintyConfirmed {
					confirmed = append(confirmed, c.Category+" "+c.Subject.Kind+" "+c.Subject.Name)
				}
			}
			want := ""
			if test.category != "" {
				want = test.category + " " + test.subject
			}
			if got := strings.Join(confirmed, "; "); got != want {
				t.Errorf("confirmed %q, want %q; symptoms %+v, open %+v", got, want, doc.Symptoms, doc.Open)
			}
		})
	}
}

// TestConversionWebhook wants the conversion webhook of an operator that nobody
// knows found at fault by an object that cannot be read, and by nothing less.
func TestConversionWebhook(t *testing.T) {
	const name = "rivets.depot.example.net"
	crd := func() *world {
		named := &metav1.PartialObjectMetadata{ObjectMeta: metav1.ObjectMeta{
			Name:          name,
			ManagedFields: []metav1.ManagedFieldsEntry{{FieldsV1: metav1.NewFieldsV1(`{"f:spec":{"f:conversion":{"f:strategy":{},"f:webhook":{}}}}`)}},
		}}
		w := newWorld()
		w.definitions = []runtime.Object{named}
		w.objects = append(w.objects, definition(t, `{"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"`+name+`"},
 "spec":{"group":"depot.example.net","names":{"plural":"rivets"},"versions":[{"name":"v2","served":true,"storage":true},{"name":"v1","served":true}],
  "conversion":{"strategy":"Webhook","webhook":{"clientConfig":{"service":{"namespace":"depot","name":"riveter","path":"/convert"}}}}}}`))
		return w
	}
	probe := "/apis/depot.example.net/v1/rivets?limit=1"
	for text, want := range map[string]string{
		`conversion webhook for depot.example.net/v2, Kind=Rivet failed: Post "https://riveter.depot.svc:443/convert?timeout=30s": service "riveter" not found`: "webhook Service riveter",
		"etcdserver: request timed out": "",
	} {
		w := crd()
		w.raw[probe] = evidence.Answer{Status: 500, Text: text}
		doc := diagnosed(t, w, laudo.Options{Language: message.NewPrinter("en")})
		got := ""
		for _, c := range doc.Causes {
			got += c.Category + " " + c.Subject.Kind + " " + c.Subject.Name
		}
		if got != want {
			t.Errorf("%s: causes %q, want %q", text, got, want)
		}
	}
	w := crd()
	w.raw[probe] = evidence.Answer{Status: 200, Text: "{}"}
	if doc := diagnosed(t, w, laudo.Options{Language: message.NewPrinter("en")}); doc.Verdict != report.VerdictHealthy {
		t.Errorf("verdict %q, want healthy", doc.Verdict)
	}
}

// TestPolicyBetween wants a NetworkPolicy blamed only for a flow that failed
// once the policy was written, and that it excludes.
func TestPolicyBetween(t *testing.T) {
	agents := deployment("link", "agents", "certs", true, running(), "--proxy-server-host=192.0.2.1")
	server := deployment("depot", "valve", "none", true, running())
	server[1].(*corev1.Pod).Labels["app"] = "valve"
	policy := func(minutes int, from ...networkingv1.NetworkPolicyPeer) *networkingv1.NetworkPolicy {
		p := &networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Namespace: "depot", Name: "wall", CreationTimestamp: minutesAgo(minutes)}}
		if len(from) > 0 {
			p.Spec.Ingress = []networkingv1.NetworkPolicyIngressRule{{From: from}}
		}
		return p
	}
	const hung = `failing or missing response from https://10.1.2.3:443/apis/parts.example.net/v1: Get "https://10.1.2.3:443/apis/parts.example.net/v1": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)`
	for _, test := range []struct {
		name   string
		policy *networkingv1.NetworkPolicy
		want   bool
	}{
		{"written before it failed", policy(7), true},
		{"under which it worked for hours", policy(300), false},
		{"written after it failed", policy(1), false},
		{"that admits all of a namespace", policy(7, networkingv1.NetworkPolicyPeer{NamespaceSelector: &metav1.LabelSelector{}}), false},
		{"that admits another", policy(7, networkingv1.NetworkPolicyPeer{PodSelector: &metav1.LabelSelector{}}), true},
	} {
		t.Run(test.name, func(t *testing.T) {
			objects := append(append([]runtime.Object{test.policy}, agents...), server...)
			w := newWorld(api("valve", "FailedDiscoveryCheck", hung, objects...)...)
			w.objects = append(w.objects, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "link"}})
			doc := diagnosed(t, w, laudo.Options{Language: message.NewPrinter("en")})
			got := false
			for _, c := range doc.Causes {
				got = got || c.Subject.Kind == "NetworkPolicy" && c.Certainty == report.CertaintyConfirmed
			}
			if got != test.want {
				t.Errorf("blamed %t, want %t: %+v", got, test.want, doc.Causes)
			}
		})
	}
}
