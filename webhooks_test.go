package laudo_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubelaudo/laudo"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
)

// withhold answers as its source does, except for one resource.
type withhold struct {
	evidence.Source
	resource string
	why      evidence.Why
}

func (w withhold) Ask(ctx context.Context, q evidence.Question, each func(runtime.Object)) evidence.Answer {
	if q.Resource == w.resource {
		return evidence.Answer{Question: q, At: moment, Gap: &evidence.Gap{Why: w.why}}
	}
	return w.Source.Ask(ctx, q, each)
}

// hookCall is what a ReplicaFailure says when a webhook cannot be asked.
func hookCall(why string) string {
	return `Internal error occurred: failed calling webhook "pods.guard.example.com": failed to call webhook: Post "https://guard.guards.svc:443/?timeout=5s": ` + why
}

// hooked is a cluster with the webhook pods.guard.example.com in its way,
// served by guards/guard, and a Deployment shop/cart.
type hooked struct {
	policy        admissionregistrationv1.FailurePolicyType
	cert, bundle  []byte // of the Secret, and in the configuration
	noService     bool
	replicas      int32  // of the backend
	backend       string // why its Pods are refused
	cart          string // why the cart's are
	namespaceOnly string // namespaceSelector
}

func (h hooked) world() *world {
	objects := deployment("guards", "guard", "guard-tls", true, running(), "--listen=:8443")
	backend := objects[0].(*appsv1.Deployment)
	backend.Spec.Replicas = &h.replicas
	if h.replicas == 0 || h.backend != "" {
		backend.Status.ReadyReplicas = 0
		objects = objects[:1]
	}
	refuse(backend, h.backend)
	cart := deployment("shop", "cart", "cart-pki", true, running())
	if h.cart != "" {
		cart[0].(*appsv1.Deployment).Status.ReadyReplicas = 0
		refuse(cart[0].(*appsv1.Deployment), h.cart)
		cart = cart[:1]
	}
	objects = append(objects, cart...)
	if h.cert != nil {
		objects = append(objects, secret("guards", "guard-tls", "tls.crt", h.cert))
	}
	if !h.noService {
		objects = append(objects, &corev1.Service{
			ObjectMeta: metav1.ObjectMeta{Namespace: "guards", Name: "guard"}, Spec: corev1.ServiceSpec{Selector: map[string]string{"app": "guard"}},
		})
	}
	for _, name := range []string{"guards", "shop", "kube-system"} {
		objects = append(objects, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{corev1.LabelMetadataName: name}}})
	}
	hook := admissionregistrationv1.ValidatingWebhook{
		Name: "pods.guard.example.com", FailurePolicy: &h.policy,
		ClientConfig: admissionregistrationv1.WebhookClientConfig{
			Service: &admissionregistrationv1.ServiceReference{Namespace: "guards", Name: "guard"}, CABundle: h.bundle,
		},
		Rules: []admissionregistrationv1.RuleWithOperations{{
			Operations: []admissionregistrationv1.OperationType{"CREATE"},
			Rule:       admissionregistrationv1.Rule{APIGroups: []string{""}, APIVersions: []string{"v1"}, Resources: []string{"pods"}},
		}},
	}
	if h.namespaceOnly != "" {
		hook.NamespaceSelector = &metav1.LabelSelector{MatchLabels: map[string]string{corev1.LabelMetadataName: h.namespaceOnly}}
	}
	return newWorld(append(objects, &admissionregistrationv1.ValidatingWebhookConfiguration{
		ObjectMeta: metav1.ObjectMeta{Name: "guard"}, Webhooks: []admissionregistrationv1.ValidatingWebhook{hook},
	})...)
}

func refuse(d *appsv1.Deployment, why string) {
	if why != "" {
		d.Status.Conditions = []appsv1.DeploymentCondition{{Type: appsv1.DeploymentReplicaFailure, Status: corev1.ConditionTrue, Reason: "FailedCreate", Message: why}}
	}
}

func TestWebhooks(t *testing.T) {
	const (
		fail, ignore = admissionregistrationv1.Fail, admissionregistrationv1.Ignore
		year         = 365 * 24 * time.Hour
		expiredText  = "tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-22T03:00:00Z is after 2026-11-08T03:00:00Z"
		unknownText  = "tls: failed to verify certificate: x509: certificate signed by unknown authority"
		nobodyText   = `no endpoints available for service "guard"`
	)
	expired := pemOf(t, "guard.guards.svc", moment.Add(-year), moment.Add(-14*24*time.Hour))
	valid := pemOf(t, "guard.guards.svc", moment.Add(-year), moment.Add(year))
	other := pemOf(t, "guard.guards.svc", moment.Add(-year), moment.Add(year))
	stranger := pemOf(t, "elsewhere.guards.svc", moment.Add(-year), moment.Add(year))

	for _, test := range []struct {
		name     string
		source   evidence.Source
		verdict  string
		cause    string // certainty, category, kind and name; empty: none
		risks    int
		commands []string // parts of the remedy's commands, in order
	}{
		{name: "all is well", source: hooked{policy: fail, cert: valid, bundle: valid, replicas: 1}.world(), verdict: report.VerdictHealthy},
		{
			name:    "its certificate expired",
			source:  hooked{policy: fail, cert: expired, bundle: expired, replicas: 1, cart: hookCall(expiredText), namespaceOnly: "shop"}.world(),
			verdict: report.VerdictBroken, cause: "confirmed cert-expired Secret guard-tls",
			commands: []string{"openssl", "caBundle", "-n guards rollout restart deployment/guard", "-n guards rollout status", "-n shop rollout restart deployment/cart", "-n shop rollout status"},
		},
		{
			name:    "its certificate expired, and it judges its own Pods",
			source:  hooked{policy: fail, cert: expired, bundle: expired, replicas: 1, cart: hookCall(expiredText)}.world(),
			verdict: report.VerdictBroken, cause: "confirmed cert-expired Secret guard-tls",
			commands: []string{"openssl", "caBundle", `"value":"Ignore"`, "-n guards rollout restart", "-n guards rollout status", `"value":"Fail"`, "-n shop rollout restart", "-n shop rollout status"},
		},
		{name: "its certificate expired, and nobody asked it yet", source: hooked{policy: fail, cert: expired, bundle: expired, replicas: 1}.world(), verdict: report.VerdictHealthy, risks: 1},
		{
			name:    "its certificate was renewed, and not loaded",
			source:  hooked{policy: fail, cert: valid, bundle: valid, replicas: 1, cart: hookCall(expiredText), namespaceOnly: "shop"}.world(),
			verdict: report.VerdictBroken, cause: "confirmed cert-not-reloaded ValidatingWebhookConfiguration guard",
			commands: []string{"-n guards rollout restart", "-n guards rollout status", "-n shop rollout restart", "-n shop rollout status"},
		},
		{
			name:    "its certificate may not be read",
			source:  withhold{hooked{policy: fail, cert: expired, bundle: valid, replicas: 1, cart: hookCall(expiredText)}.world(), evidence.Secrets.Name, evidence.Forbidden},
			verdict: report.VerdictBroken, cause: "open cert-expired Secret guard-tls",
		},
		{
			name:    "its caBundle is of another CA",
			source:  hooked{policy: fail, cert: valid, bundle: other, replicas: 1, cart: hookCall(unknownText)}.world(),
			verdict: report.VerdictBroken, cause: "confirmed cert-ca-mismatch ValidatingWebhookConfiguration guard",
		},
		{name: "the same, and nobody asked it yet", source: hooked{policy: fail, cert: valid, bundle: other, replicas: 1}.world(), verdict: report.VerdictHealthy, risks: 1},
		{
			name:    "its certificate is for another name",
			source:  hooked{policy: fail, cert: stranger, bundle: stranger, replicas: 1, cart: hookCall("tls: failed to verify certificate: x509: certificate is valid for elsewhere.guards.svc, not guard.guards.svc")}.world(),
			verdict: report.VerdictBroken, cause: "confirmed cert-san Secret guard-tls",
		},
		{name: "a certificate that may be for something else", source: hooked{policy: fail, cert: stranger, bundle: other, replicas: 1}.world(), verdict: report.VerdictHealthy},
		{
			name:    "uninstalled by half",
			source:  hooked{policy: fail, bundle: valid, noService: true, replicas: 1}.world(),
			verdict: report.VerdictBroken, cause: "confirmed webhook Service guard", commands: []string{`"value":"Ignore"`},
		},
		{name: "the same, and requests pass", source: hooked{policy: ignore, bundle: valid, noService: true, replicas: 1}.world(), verdict: report.VerdictHealthy, risks: 1},
		{
			name:    "Services may not be listed",
			source:  withhold{hooked{policy: fail, bundle: valid, noService: true, replicas: 1}.world(), evidence.Services.Name, evidence.Forbidden},
			verdict: report.VerdictHealthy,
		},
		{
			name:    "scaled to zero",
			source:  hooked{policy: fail, cert: valid, bundle: valid, cart: hookCall(nobodyText)}.world(),
			verdict: report.VerdictBroken, cause: "confirmed workload-down Deployment guard", commands: []string{"scale deployment/guard"},
		},
		{
			name:    "scaled to zero, and nobody asked it yet",
			source:  hooked{policy: fail, cert: valid, bundle: valid}.world(),
			verdict: report.VerdictBroken, cause: "confirmed workload-down Deployment guard",
		},
		{
			name:    "deadlock",
			source:  hooked{policy: fail, cert: valid, bundle: valid, replicas: 1, backend: hookCall(nobodyText), cart: hookCall(nobodyText)}.world(),
			verdict: report.VerdictBroken, cause: "confirmed webhook ValidatingWebhookConfiguration guard",
			commands: []string{`"path":"/webhooks/0/failurePolicy","value":"Ignore"`, "-n guards rollout restart", "-n guards rollout status", "-n shop rollout restart", "-n shop rollout status", `"value":"Fail"`},
		},
		{
			name:    "refused, and the configuration may not be listed",
			source:  withhold{hooked{policy: fail, cert: valid, bundle: valid, replicas: 1, cart: hookCall("context deadline exceeded")}.world(), evidence.ValidatingWebhooks.Name, evidence.Forbidden},
			verdict: report.VerdictBroken, cause: "open",
		},
		{
			name:    "it answers no",
			source:  hooked{policy: fail, cert: valid, bundle: valid, replicas: 1, cart: `admission webhook "pods.guard.example.com" denied the request: no`}.world(),
			verdict: report.VerdictBroken, cause: "confirmed workload-down Deployment cart",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc := diagnosed(t, test.source, laudo.Options{Language: message.NewPrinter("en")})
			if doc.Verdict != test.verdict {
				t.Errorf("verdict %q, want %q: %+v", doc.Verdict, test.verdict, doc.Unseen)
			}
			if len(doc.Risks) != test.risks {
				t.Errorf("%d risks, want %d: %+v", len(doc.Risks), test.risks, doc.Risks)
			}
			got := ""
			if len(doc.Causes) > 0 {
				c := doc.Causes[0]
				got = strings.Join([]string{c.Certainty, c.Category, c.Subject.Kind, c.Subject.Name}, " ")
			}
			if !strings.HasPrefix(got, test.cause) || test.cause == "" && got != "" {
				t.Errorf("cause %q, want %q; all: %+v; symptoms %+v", got, test.cause, doc.Causes, doc.Symptoms)
			}
			if strings.HasPrefix(test.cause, report.CertaintyConfirmed) && len(doc.Causes) > 1 {
				t.Errorf("more causes: %+v", doc.Causes[1:])
			}
			var commands []string
			if len(doc.Causes) > 0 && doc.Causes[0].Remedy != nil {
				for _, s := range doc.Causes[0].Remedy.Steps {
					commands = append(commands, s.Command)
				}
			}
			if len(test.commands) > 0 && !slices.EqualFunc(commands, test.commands, strings.Contains) {
				t.Errorf("commands %q, want %q", commands, test.commands)
			}
		})
	}
}
