package laudo_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	apiregistrationv1 "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"

	"github.com/kubelaudo/laudo"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
)

var moment = time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC)

// world is a cluster made up for a test: its objects, and what its raw paths
// and logs answer.
type world struct {
	objects []runtime.Object
	// definitions are the CustomResourceDefinitions, as far as their metadata goes.
	definitions []runtime.Object
	raw         map[string]evidence.Answer
	log         evidence.Answer
	errors      []string // that every container logs
}

func (w *world) Now() time.Time { return moment }

func (w *world) Ask(_ context.Context, q evidence.Question, each func(runtime.Object)) evidence.Answer {
	a := evidence.Answer{Question: q, At: moment}
	switch q.Kind {
	case evidence.Client:
		a.Client = &evidence.ClientConfig{Context: "test", Cluster: "test", User: "me", Server: "https://api.test:6443", Auth: "token"}
	case evidence.Raw:
		if found, ok := w.raw[q.Path]; ok {
			found.Question, found.At = q, moment
			return found
		}
		a.Status = 404
	case evidence.Log:
		found := w.log
		found.Question, found.At = q, moment
		return found
	case evidence.Errors:
		a.Status, a.Lines = 200, w.errors
	case evidence.List, evidence.Get:
		if q.Metadata {
			for _, o := range w.definitions {
				each(o.DeepCopyObject())
			}
			return a
		}
		kind := q.Resource[strings.LastIndex(q.Resource, "/")+1:]
		for _, o := range w.objects {
			m := o.(metav1.Object)
			plural := strings.ReplaceAll(strings.ToLower(reflect.TypeOf(o).Elem().Name())+"s", "ys", "ies")
			if u, ok := o.(*unstructured.Unstructured); ok {
				plural = strings.ToLower(u.GetKind()) + "s"
			}
			if plural != kind || q.Name != "" && (m.GetName() != q.Name || m.GetNamespace() != q.Namespace) {
				continue
			}
			a.Count++
			each(o.DeepCopyObject())
		}
		a.Absent = q.Kind == evidence.Get && a.Count == 0
	default:
		a.Gap = &evidence.Gap{Why: evidence.Unreachable}
	}
	return a
}

// newWorld is a healthy cluster of one node, with the workloads that are given.
func newWorld(objects ...runtime.Object) *world {
	renewed := metav1.NewMicroTime(moment.Add(-5 * time.Second))
	life := int32(40)
	return &world{
		objects: append([]runtime.Object{
			&corev1.Node{
				ObjectMeta: metav1.ObjectMeta{Name: "n1"},
				Status: corev1.NodeStatus{
					Conditions: []corev1.NodeCondition{{Type: corev1.NodeReady, Status: corev1.ConditionTrue}},
					Addresses:  []corev1.NodeAddress{{Type: corev1.NodeInternalIP, Address: "192.0.2.7"}},
				},
			},
			&coordinationv1.Lease{
				ObjectMeta: metav1.ObjectMeta{Namespace: "kube-node-lease", Name: "n1"},
				Spec:       coordinationv1.LeaseSpec{RenewTime: &renewed, LeaseDurationSeconds: &life},
			},
		}, objects...),
		raw: map[string]evidence.Answer{
			"/version":        {Status: 200, Text: `{"gitVersion":"v1.37.2"}`},
			"/readyz?verbose": {Status: 200, Text: "ok"},
		},
		log: evidence.Answer{Status: 200, Bytes: 1},
	}
}

// pemOf makes a self-signed certificate with the given validity.
func pemOf(t *testing.T, name string, from, to time.Time) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(0x4f02), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: from, NotAfter: to,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// deployment is a workload with one Pod whose only container has the given
// arguments and mounts the Secret at /pki, and is as status says.
func deployment(namespace, name, secret string, ready bool, status corev1.ContainerStatus, args ...string) []runtime.Object {
	one, yes := int32(1), true
	labels := map[string]string{"app": name}
	template := corev1.PodTemplateSpec{
		ObjectMeta: metav1.ObjectMeta{Labels: labels},
		Spec: corev1.PodSpec{
			NodeName: "n1",
			Containers: []corev1.Container{{
				Name: "main", Args: args, VolumeMounts: []corev1.VolumeMount{{Name: "pki", MountPath: "/pki"}},
			}},
			Volumes: []corev1.Volume{{Name: "pki", VolumeSource: corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: secret}}}},
		},
	}
	readyReplicas, readiness := int32(0), corev1.ConditionFalse
	if ready {
		readyReplicas, readiness = 1, corev1.ConditionTrue
	}
	status.Name, status.Ready = "main", ready
	podLabels := map[string]string{"app": name, "pod-template-hash": "5d8f"}
	return []runtime.Object{
		&appsv1.Deployment{
			ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name, CreationTimestamp: metav1.NewTime(moment.Add(-400 * 24 * time.Hour))},
			Spec:       appsv1.DeploymentSpec{Replicas: &one, Template: template},
			Status:     appsv1.DeploymentStatus{ReadyReplicas: readyReplicas},
		},
		&corev1.Pod{
			ObjectMeta: metav1.ObjectMeta{
				Namespace: namespace, Name: name + "-5d8f-x", Labels: podLabels,
				OwnerReferences: []metav1.OwnerReference{{Kind: "ReplicaSet", Name: name + "-5d8f", Controller: &yes}},
			},
			Spec: template.Spec,
			Status: corev1.PodStatus{
				Phase:             corev1.PodRunning,
				Conditions:        []corev1.PodCondition{{Type: corev1.PodReady, Status: readiness}},
				ContainerStatuses: []corev1.ContainerStatus{status},
			},
		},
	}
}

func running() corev1.ContainerStatus {
	return corev1.ContainerStatus{State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: metav1.NewTime(moment.Add(-time.Hour))}}}
}

// logging is the world with lines that its containers log.
func logging(w *world, lines ...string) *world {
	w.errors = lines
	return w
}

// crashing is a container that exits with the given last words.
func crashing(words string) corev1.ContainerStatus {
	return corev1.ContainerStatus{
		RestartCount:         7,
		State:                corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "CrashLoopBackOff"}},
		LastTerminationState: corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{ExitCode: 1, Message: words, FinishedAt: metav1.NewTime(moment.Add(-time.Minute))}},
	}
}

func secret(namespace, name, key string, value []byte) *corev1.Secret {
	return &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name, CreationTimestamp: metav1.NewTime(moment.Add(-400 * 24 * time.Hour))},
		Data:       map[string][]byte{key: value},
	}
}

// TestUnknownComponents puts faults into components that no law mentions: the
// general laws have to find them.
func TestUnknownComponents(t *testing.T) {
	year := 365 * 24 * time.Hour
	expired := pemOf(t, "widgets.shop.svc", moment.Add(-year), moment.Add(-14*24*time.Hour))
	valid := pemOf(t, "widgets.shop.svc", moment.Add(-year), moment.Add(year))

	widgets := func(cert []byte, condition apiregistrationv1.ConditionStatus, text string) *world {
		objects := deployment("shop", "widgets", "widgets-tls", true, running(), "--serving-cert", "/pki/tls.crt", "--listen=:8443")
		return newWorld(append(objects,
			secret("shop", "widgets-tls", "tls.crt", cert),
			&corev1.Service{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "widgets"}, Spec: corev1.ServiceSpec{Selector: map[string]string{"app": "widgets"}}},
			&apiregistrationv1.APIService{
				ObjectMeta: metav1.ObjectMeta{Name: "v1.widgets.example.com"},
				Spec:       apiregistrationv1.APIServiceSpec{Service: &apiregistrationv1.ServiceReference{Namespace: "shop", Name: "widgets"}},
				Status: apiregistrationv1.APIServiceStatus{Conditions: []apiregistrationv1.APIServiceCondition{{
					Type: apiregistrationv1.Available, Status: condition, Reason: "FailedDiscoveryCheck", Message: text,
				}}},
			})...)
	}
	const x509Expired = `failing or missing response from https://10.96.3.4:443/apis/widgets.example.com/v1: Get "https://10.96.3.4:443/apis/widgets.example.com/v1": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-22T03:00:00Z is after 2026-11-08T03:00:00Z`

	ledger := func(cert []byte, status corev1.ContainerStatus) *world {
		objects := deployment("bank", "ledger", "ledger-mtls", status.State.Running != nil, status, "--upstream-client-certificate=/pki/me.pem")
		return newWorld(append(objects, secret("bank", "ledger-mtls", "me.pem", cert))...)
	}

	for _, test := range []struct {
		name     string
		world    *world
		verdict  string
		category string // of the first cause, confirmed; empty: no cause
		subject  string // kind and name of it
		risks    int
	}{
		{"an aggregated API's own certificate expired", widgets(expired, apiregistrationv1.ConditionFalse, x509Expired), report.VerdictBroken, report.CategoryCertExpired, "Secret widgets-tls", 0},
		{"the same, before anybody noticed", widgets(expired, apiregistrationv1.ConditionTrue, ""), report.VerdictHealthy, "", "", 1},
		{"the same with a valid certificate", widgets(valid, apiregistrationv1.ConditionTrue, ""), report.VerdictHealthy, "", "", 0},
		{"an operator exits since its client certificate expired", ledger(expired, crashing("dial upstream: remote error: tls: expired certificate")), report.VerdictBroken, report.CategoryCertExpired, "Secret ledger-mtls", 0},
		{"an operator exits over a flag, and its client certificate expired as well", ledger(expired, crashing("unknown flag: --bogus")), report.VerdictBroken, report.CategoryWorkloadDown, "Deployment ledger", 1},
		{"an operator exits without a word, and its client certificate expired", ledger(expired, crashing("")), report.VerdictBroken, report.CategoryWorkloadDown, "Deployment ledger", 1},
		{"an operator logs why it exits: its client certificate expired", logging(ledger(expired, crashing("")), "dial upstream: remote error: tls: expired certificate"), report.VerdictBroken, report.CategoryCertExpired, "Secret ledger-mtls", 0},
		{"an operator exits, its certificate is fine", ledger(valid, crashing("")), report.VerdictBroken, report.CategoryWorkloadDown, "Deployment ledger", 0},
		{"an operator runs", ledger(valid, running()), report.VerdictHealthy, "", "", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc := diagnosed(t, test.world, laudo.Options{Language: message.NewPrinter("en")})
			if doc.Verdict != test.verdict {
				t.Errorf("verdict %q, want %q", doc.Verdict, test.verdict)
			}
			if len(doc.Risks) != test.risks {
				t.Errorf("%d risks, want %d: %+v", len(doc.Risks), test.risks, doc.Risks)
			}
			if test.category == "" {
				if len(doc.Causes) > 0 {
					t.Errorf("causes %+v, want none", doc.Causes)
				}
				return
			}
			if len(doc.Causes) == 0 {
				t.Fatalf("no cause; symptoms %+v, open %+v", doc.Symptoms, doc.Open)
			}
			c := doc.Causes[0]
			if c.Certainty != report.CertaintyConfirmed || c.Category != test.category || c.Subject.Kind+" "+c.Subject.Name != test.subject {
				t.Errorf("cause %s %s %v, want confirmed %s %s", c.Certainty, c.Category, c.Subject, test.category, test.subject)
			}
			if len(doc.Causes) > 1 {
				t.Errorf("more causes: %+v", doc.Causes[1:])
			}
		})
	}
}

// TestManagedRemedy wants the provider's own commands where the provider owns
// the certificates.
func TestManagedRemedy(t *testing.T) {
	year := 365 * 24 * time.Hour
	objects := deployment("kube-system", "konnectivity-agent", "konnectivity-certs", true, running(),
		"--proxy-server-host=prod.hcp.brazilsouth.azmk8s.io", "--proxy-server-port=443", "--alpn-proto=konnectivity",
		"--agent-cert=/pki/client.crt", "--agent-key=/pki/client.key", "--ca-cert=/pki/ca.crt")
	certs := secret("kube-system", "konnectivity-certs", "client.crt", pemOf(t, "konnectivity-agent", moment.Add(-year), moment.Add(-14*24*time.Hour)))
	certs.Data["ca.crt"] = pemOf(t, "ca", moment.Add(-year), moment.Add(25*year))
	certs.Data["client.key"] = nil
	w := newWorld(append(objects, certs)...)
	node := w.objects[0].(*corev1.Node)
	node.Spec.ProviderID = "azure:///subscriptions/s/resourceGroups/MC_rg-prod_aks-prod_brazilsouth/vm"
	node.Labels = map[string]string{"kubernetes.azure.com/cluster": "MC_rg-prod_aks-prod_brazilsouth"}
	w.log = evidence.Answer{Status: 500, Text: `Get "https://192.0.2.7:10250/containerLogs/a/b/c": No agent available`}

	doc := diagnosed(t, w, laudo.Options{Language: message.NewPrinter("en")})
	if len(doc.Causes) != 1 || doc.Causes[0].Category != report.CategoryCertExpired || doc.Causes[0].Certainty != report.CertaintyConfirmed {
		t.Fatalf("causes %+v, want the expired certificate, confirmed", doc.Causes)
	}
	if doc.Cluster.Provider != "aks" {
		t.Errorf("provider %q, want aks", doc.Cluster.Provider)
	}
	var commands []string
	for _, step := range doc.Causes[0].Remedy.Steps {
		commands = append(commands, step.Command)
	}
	want := []string{
		"az aks rotate-certs -g rg-prod -n aks-prod",
		"az aks get-credentials -g rg-prod -n aks-prod --overwrite-existing",
	}
	if diff := cmp.Diff(want, commands); diff != "" {
		t.Errorf("commands (-want +got):\n%s", diff)
	}
}

// TestLabelChangesNoCertificate wants a Secret that was merely labelled after
// the agents started not to count as a renewed certificate.
func TestLabelChangesNoCertificate(t *testing.T) {
	year := 365 * 24 * time.Hour
	written, labelled := metav1.NewTime(moment.Add(-year)), metav1.NewTime(moment.Add(-time.Minute))
	agents := func(fields string) *world {
		objects := deployment("kube-system", "agents", "certs", true, running(), "--proxy-server-host=192.0.2.1", "--agent-cert=/pki/client.crt", "--agent-key=/pki/client.key")
		certs := secret("kube-system", "certs", "client.crt", pemOf(t, "agent", moment.Add(-year), moment.Add(year)))
		certs.ManagedFields = []metav1.ManagedFieldsEntry{
			{Manager: "installer", Time: &written, FieldsV1: metav1.NewFieldsV1(`{"f:data":{}}`)},
			{Manager: "kubectl", Time: &labelled, FieldsV1: metav1.NewFieldsV1(fields)},
		}
		return newWorld(append(objects, certs)...)
	}
	for fields, risks := range map[string]int{`{"f:metadata":{"f:labels":{}}}`: 0, `{"f:data":{"f:client.crt":{}}}`: 1} {
		doc := diagnosed(t, agents(fields), laudo.Options{Language: message.NewPrinter("en")})
		if doc.Verdict != report.VerdictHealthy || len(doc.Risks) != risks {
			t.Errorf("%s: verdict %q, %d risks; want healthy, %d", fields, doc.Verdict, len(doc.Risks), risks)
		}
	}
}
