package laudo_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	certificatesv1 "k8s.io/api/certificates/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	apiregistrationv1 "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"

	"github.com/kubelaudo/laudo"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
)

// leader is the Lease of a control-plane component, renewed so long ago.
func leader(name string, ago time.Duration) *coordinationv1.Lease {
	renewed, life, holder := metav1.NewMicroTime(moment.Add(-ago)), int32(15), "m1_4acc"
	return &coordinationv1.Lease{
		ObjectMeta: metav1.ObjectMeta{Namespace: "kube-system", Name: name},
		Spec:       coordinationv1.LeaseSpec{RenewTime: &renewed, LeaseDurationSeconds: &life, HolderIdentity: &holder},
	}
}

// withoutPods is a Deployment that nobody made Pods for.
func withoutPods(namespace, name string) []runtime.Object {
	return deployment(namespace, name, "none", false, running())[:1]
}

// pending is a Deployment whose Pod no scheduler has looked at.
func pending(namespace, name, schedulerName string) []runtime.Object {
	objects := deployment(namespace, name, "none", false, running())
	pod := objects[1].(*corev1.Pod)
	pod.CreationTimestamp = metav1.NewTime(moment.Add(-5 * time.Minute))
	pod.Spec.NodeName, pod.Spec.SchedulerName = "", schedulerName
	pod.Status = corev1.PodStatus{Phase: corev1.PodPending}
	return objects
}

// changed is a Deployment with a change that its controller has not observed.
func changed(namespace, name string, ago time.Duration) []runtime.Object {
	objects := deployment(namespace, name, "none", true, running())
	d := objects[0].(*appsv1.Deployment)
	at := metav1.NewTime(moment.Add(-ago))
	d.Generation, d.Status.ObservedGeneration = 3, 2
	d.ManagedFields = []metav1.ManagedFieldsEntry{{Manager: "kubectl", Operation: "Update", Time: &at}}
	return objects
}

// names is a Service for the cluster's DNS and what is behind it.
func names(ready bool, replicas int32, labels map[string]string) []runtime.Object {
	objects := deployment("kube-system", "resolver", "none", ready, running())
	d := objects[0].(*appsv1.Deployment)
	d.Spec.Replicas = &replicas
	if replicas == 0 {
		objects = objects[:1]
	}
	return append(objects, &corev1.Service{
		ObjectMeta: metav1.ObjectMeta{Namespace: "kube-system", Name: "resolver", Labels: labels},
		Spec:       corev1.ServiceSpec{Selector: map[string]string{"app": "resolver"}, Ports: []corev1.ServicePort{{Port: 53, Protocol: corev1.ProtocolUDP}}},
	})
}

// request is what the kubelet of n1 asked for, and in which state it is.
func request(ago time.Duration, conditions ...certificatesv1.RequestConditionType) *certificatesv1.CertificateSigningRequest {
	csr := &certificatesv1.CertificateSigningRequest{
		ObjectMeta: metav1.ObjectMeta{Name: "csr-7xk2p", CreationTimestamp: metav1.NewTime(moment.Add(-ago))},
		Spec:       certificatesv1.CertificateSigningRequestSpec{SignerName: certificatesv1.KubeletServingSignerName, Username: "system:node:n1"},
	}
	for _, c := range conditions {
		csr.Status.Conditions = append(csr.Status.Conditions, certificatesv1.CertificateSigningRequestCondition{
			Type: c, Status: corev1.ConditionTrue, LastTransitionTime: metav1.NewTime(moment.Add(-ago)),
		})
	}
	return csr
}

// without is a cluster whose kubelet has no serving certificate.
func without(w *world, csr ...runtime.Object) *world {
	w.objects = append(w.objects, append(deployment("shop", "cart", "none", true, running()), csr...)...)
	w.log = evidence.Answer{Status: 500, Text: `Get "https://192.0.2.7:10250/containerLogs/shop/cart/main": remote error: tls: internal error`}
	return w
}

// refusing is a cluster whose kubelet lets that user do nothing.
func refusing(user string) *world {
	w := newWorld(deployment("shop", "cart", "none", true, running())...)
	w.log = evidence.Answer{Status: 403, Gap: &evidence.Gap{Why: evidence.Forbidden, Detail: "Forbidden (user=" + user + ", verb=get, resource=nodes, subresource(s)=[log])"}}
	return w
}

// extended is a cluster with an aggregated API that does not let the API server
// in, whose front-proxy CA ends then.
func extended(t *testing.T, end time.Time) *world {
	const text = `failing or missing response from https://10.96.3.4:443/apis/widgets.example.com/v1: bad status from https://10.96.3.4:443/apis/widgets.example.com/v1: 401`
	objects := deployment("shop", "widgets", "none", true, running())
	authority, err := x509Authority("front-proxy-ca", moment.Add(-365*24*time.Hour), end)
	if err != nil {
		t.Fatal(err)
	}
	return newWorld(append(objects,
		&corev1.ConfigMap{
			ObjectMeta: metav1.ObjectMeta{Namespace: "kube-system", Name: "extension-apiserver-authentication"},
			Data:       map[string]string{"requestheader-client-ca-file": string(authority)},
		},
		&corev1.Service{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "widgets"}, Spec: corev1.ServiceSpec{Selector: map[string]string{"app": "widgets"}}},
		&apiregistrationv1.APIService{
			ObjectMeta: metav1.ObjectMeta{Name: "v1.widgets.example.com"},
			Spec:       apiregistrationv1.APIServiceSpec{Service: &apiregistrationv1.ServiceReference{Namespace: "shop", Name: "widgets"}},
			Status: apiregistrationv1.APIServiceStatus{Conditions: []apiregistrationv1.APIServiceCondition{{
				Type: apiregistrationv1.Available, Status: apiregistrationv1.ConditionFalse, Reason: "FailedDiscoveryCheck", Message: text,
				LastTransitionTime: metav1.NewTime(moment.Add(-time.Hour)),
			}}},
		})...)
}

// x509Authority makes a self-signed authority with the given validity.
func x509Authority(name string, from, to time.Time) ([]byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(0x4f03), Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: from, NotAfter: to,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), err
}

// TestControlPlane puts faults into what acts on objects, and into the
// cluster's DNS.
func TestControlPlane(t *testing.T) {
	const (
		fresh = 3 * time.Second
		stale = 3 * time.Minute
	)
	leaders := func(manager, scheduler time.Duration, objects []runtime.Object) *world {
		return newWorld(append(objects, leader("kube-controller-manager", manager), leader("kube-scheduler", scheduler))...)
	}
	coreDNS := map[string]string{"k8s-app": "kube-dns", "kubernetes.io/name": "CoreDNS"}
	for _, test := range []struct {
		name     string
		world    *world
		verdict  string
		category string // of the confirmed cause; empty: none is confirmed
		subject  string
	}{
		{"no leader, and nothing to do", leaders(stale, stale, nil), report.VerdictHealthy, "", ""},
		{"no controller manager makes Pods", leaders(stale, fresh, withoutPods("shop", "cart")), report.VerdictBroken, report.CategoryWorkloadDown, "Lease kube-controller-manager"},
		{"the scheduler is another matter", leaders(fresh, stale, withoutPods("shop", "cart")), report.VerdictBroken, "", ""},
		{"no Pods, and the leader is not seen", newWorld(withoutPods("shop", "cart")...), report.VerdictBroken, "", ""},
		{"no controller manager acts on a change", leaders(stale, fresh, changed("shop", "cart", time.Hour)), report.VerdictBroken, report.CategoryWorkloadDown, "Lease kube-controller-manager"},
		{"a change just made", leaders(fresh, fresh, changed("shop", "cart", 2*time.Second)), report.VerdictHealthy, "", ""},
		{"a change that a leader does not act on", leaders(fresh, fresh, changed("shop", "cart", time.Hour)), report.VerdictBroken, "", ""},
		{"no scheduler looks at Pods", leaders(fresh, stale, pending("shop", "cart", "")), report.VerdictBroken, report.CategoryWorkloadDown, "Lease kube-scheduler"},
		{"Pods wait, and the scheduler is not seen", newWorld(pending("shop", "cart", "default-scheduler")...), report.VerdictBroken, "", ""},
		{"the cluster's DNS is scaled to zero", newWorld(names(false, 0, coreDNS)...), report.VerdictBroken, report.CategoryDNS, "Deployment resolver"},
		{"the same without labels", newWorld(names(false, 0, nil)...), report.VerdictBroken, report.CategoryDNS, "Deployment resolver"},
		{"the cluster's DNS is not Ready", newWorld(names(false, 1, coreDNS)...), report.VerdictBroken, "", ""},
		{"the cluster's DNS answers", newWorld(names(true, 1, coreDNS)...), report.VerdictHealthy, "", ""},
		{"no controller manager makes the Pods of the DNS", leaders(stale, fresh, append(names(false, 1, nil)[2:], withoutPods("kube-system", "resolver")...)), report.VerdictBroken, report.CategoryWorkloadDown, "Lease kube-controller-manager"},
		{"a serving certificate that nobody approves", without(leaders(fresh, fresh, nil), request(time.Hour)), report.VerdictBroken, report.CategoryCertNotIssued, "CertificateSigningRequest csr-7xk2p"},
		{"one that was denied", without(leaders(fresh, fresh, nil), request(time.Hour, certificatesv1.CertificateDenied)), report.VerdictBroken, report.CategoryCertNotIssued, "CertificateSigningRequest csr-7xk2p"},
		{"one that is approved and never signed", without(leaders(stale, fresh, nil), request(time.Minute+time.Second, certificatesv1.CertificateApproved)), report.VerdictBroken, report.CategoryWorkloadDown, "Lease kube-controller-manager"},
		{"one of which nothing is known", without(newWorld()), report.VerdictBroken, report.CategoryCertNotIssued, "Node n1"},
		{"a request that hurts nobody yet", newWorld(request(time.Hour)), report.VerdictHealthy, "", ""},
		{"the front-proxy CA expired", extended(t, moment.Add(-2*time.Hour)), report.VerdictBroken, report.CategoryCertExpired, "ConfigMap extension-apiserver-authentication"},
		{"kubelets refuse the API server's user", refusing("kube-apiserver-kubelet-client"), report.VerdictBroken, report.CategoryRBAC, "User kube-apiserver-kubelet-client"},
		{"an aggregated API lets nobody in", extended(t, moment.Add(time.Hour)), report.VerdictBroken, report.CategoryAPIService, "APIService v1.widgets.example.com"},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc := diagnosed(t, test.world, laudo.Options{Language: message.NewPrinter("en")})
			if doc.Verdict != test.verdict {
				t.Errorf("verdict %q, want %q", doc.Verdict, test.verdict)
			}
			var confirmed []string
			for _, c := range doc.Causes {
				if c.Certainty == report.CertaintyConfirmed {
					confirmed = append(confirmed, c.Category+" "+c.Subject.Kind+" "+c.Subject.Name)
				}
			}
			if test.category == "" && len(confirmed) > 0 {
				t.Errorf("confirmed %q, want nothing", confirmed)
			}
			if test.category != "" && (len(confirmed) != 1 || confirmed[0] != test.category+" "+test.subject) {
				t.Errorf("confirmed %q, want %s %s; symptoms %+v", confirmed, test.category, test.subject, doc.Symptoms)
			}
			for _, s := range doc.Symptoms {
				if len(confirmed) > 0 && len(s.ExplainedBy) == 0 {
					t.Errorf("symptom %q is not explained", s.Text)
				}
			}
		})
	}
}
