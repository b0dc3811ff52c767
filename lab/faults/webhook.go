package faults

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"strings"
	"text/template"
	"time"

	"github.com/kubelaudo/laudo/lab/cluster"
	"github.com/kubelaudo/laudo/lab/pki"
)

// hook is an admission webhook that a fault installs, with a workload whose
// Pods it judges.
type hook struct {
	Namespace, Name, Secret, Config string // of what serves it
	Webhook                         string // its name
	Shop, Cart                      string // namespace and name of what it judges
	Everywhere                      bool   // its own Pods too, but not those of the lab
	System                          bool   // those of the lab too, but not its own
	Mutates                         bool   // a MutatingWebhookConfiguration
}

// hookOf draws the names of the lab's webhook.
func hookOf(l *cluster.Lab, everywhere bool) hook {
	r := rand.New(rand.NewPCG(l.Seed, 0x686f6f6b))
	one := func(of ...string) string { return of[r.IntN(len(of))] }
	h := hook{
		Namespace: one("guards", "policy-system", "admission", "gate-system"),
		Name:      one("gatekeeper", "pod-policy", "image-guard", "warden"),
		Secret:    one("webhook-server-cert", "serving-tls", "hook-tls", "guard-pki"),
		Config:    one("pod-policy", "warden-webhook-configuration", "image-guard.example", "gate"),
		Webhook:   one("pods", "validate", "images") + "." + one("guard", "policy", "warden") + ".example.com",
		Shop:      one("storefront", "orders", "returns"), Cart: one("cart", "checkout", "ledger"),
	}
	h.Everywhere = everywhere
	return h
}

const hookManifest = `
apiVersion: v1
kind: Namespace
metadata: {name: {{.Namespace}}, labels: {guarded: "yes"}}
---
apiVersion: v1
kind: Namespace
metadata: {name: {{.Shop}}, labels: {guarded: "yes", shop: "yes"}}
---
apiVersion: v1
kind: Secret
metadata: {name: {{.Secret}}, namespace: {{.Namespace}}}
type: kubernetes.io/tls
data: {tls.crt: {{.Cert}}, tls.key: {{.Key}}}
---
apiVersion: v1
kind: Service
metadata: {name: {{.Name}}, namespace: {{.Namespace}}}
spec:
  selector: {app: {{.Name}}}
  ports: [{port: 443, targetPort: 8443}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: {{.Name}}, namespace: {{.Namespace}}}
spec:
  replicas: 1
  selector: {matchLabels: {app: {{.Name}}}}
  template:
    metadata: {labels: {app: {{.Name}}}}
    spec:
      terminationGracePeriodSeconds: 1
      containers:
      - name: main
        image: {{.Server}}
        ports: [{containerPort: 8443}]
        resources: {requests: {cpu: 5m, memory: 10Mi}}
        readinessProbe: {tcpSocket: {port: 8443}, periodSeconds: 2}
        volumeMounts: [{name: pki, mountPath: /tls, readOnly: true}]
      volumes:
      - {name: pki, secret: {secretName: {{.Secret}}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: {{.Cart}}, namespace: {{.Shop}}}
spec:
  replicas: 1
  selector: {matchLabels: {app: {{.Cart}}}}
  template:
    metadata: {labels: {app: {{.Cart}}}}
    spec:
      terminationGracePeriodSeconds: 1
      containers:
      - name: main
        image: {{.Chatter}}
        resources: {requests: {cpu: 5m, memory: 10Mi}}
`

const hookConfiguration = `
apiVersion: admissionregistration.k8s.io/v1
kind: {{if .Mutates}}Mutating{{else}}Validating{{end}}WebhookConfiguration
metadata: {name: {{.Config}}}
webhooks:
- name: {{.Webhook}}
  admissionReviewVersions: [v1]
  sideEffects: None
  failurePolicy: Fail
  timeoutSeconds: 5
  clientConfig:
    service: {namespace: {{.Namespace}}, name: {{.Name}}, path: /validate}
    caBundle: {{.CA}}
{{- if .System}}
  namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [{{.Namespace}}]}]}
{{- else}}
  namespaceSelector: {matchLabels: { {{- if .Everywhere}}guarded{{else}}shop{{end}}: "yes"}}
{{- end}}
  rules:
  - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}
`

// install makes the webhook and sees that it is asked and answers.
func (h hook) install(ctx context.Context, l *cluster.Lab) error {
	if err := h.remove(ctx, l); err != nil { // what another fault left
		return err
	}
	ca, err := pki.NewCA(h.Name+"-ca", time.Now().AddDate(0, 0, -400))
	if err != nil {
		return err
	}
	if err := l.PKI().Save(cluster.WebhookCA, ca); err != nil {
		return err
	}
	pair, err := h.issue(l, time.Time{}, time.Time{})
	if err != nil {
		return err
	}
	b64 := base64.StdEncoding.EncodeToString
	data := struct {
		hook
		Cert, Key, CA, Server, Chatter string
	}{h, b64(pair.CertPEM), b64(pair.KeyPEM), b64(ca.CertPEM), l.Images["gatekeeper"], l.Images["chatter"]}
	// What the webhook judges comes last, so that it does judge it.
	if err := apply(ctx, l, hookManifest, data); err != nil {
		return err
	}
	for _, what := range [][2]string{{h.Namespace, h.Name}, {h.Shop, h.Cart}} {
		if err := rolledOut(ctx, l, what[0], what[1]); err != nil {
			return err
		}
	}
	if err := apply(ctx, l, hookConfiguration, data); err != nil {
		return err
	}
	// The API server learns of the configuration after a moment, and then asks.
	return h.answers(ctx, l, "pod/probe")
}

// answers waits until a Pod that the webhook judges meets this: what the API
// server answers in a dry run contains it. A connection that the API server
// keeps open to a Pod that is gone, from an earlier fault with the same names,
// makes it wait for minutes.
func (h hook) answers(ctx context.Context, l *cluster.Lab, what string) error {
	for deadline := time.Now().Add(4 * time.Minute); ; {
		text, err := l.Kubectl(ctx, "", "run", "probe", "--namespace="+h.Shop, "--image="+l.Images["chatter"], "--dry-run=server", "--output=name")
		if strings.Contains(text, what) {
			return nil
		}
		if ctx.Err() != nil || time.Now().After(deadline) {
			return fmt.Errorf("asking the webhook: %w: %s", err, strings.TrimSpace(text))
		}
		time.Sleep(time.Second)
	}
}

// issue issues a certificate for the webhook under its CA.
func (h hook) issue(l *cluster.Lab, notBefore, notAfter time.Time) (*pki.Pair, error) {
	host := h.Name + "." + h.Namespace + ".svc"
	return l.Issue(cluster.WebhookCA, pki.Request{CommonName: host, Names: []string{host}, Server: true, NotBefore: notBefore, NotAfter: notAfter})
}

func apply(ctx context.Context, l *cluster.Lab, text string, data any) error {
	t, err := template.New("webhook").Parse(text)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, data); err != nil {
		return err
	}
	_, err = l.Kubectl(ctx, b.String(), "create", "--filename=-")
	return err
}

func rolledOut(ctx context.Context, l *cluster.Lab, namespace, name string) error {
	_, err := l.Kubectl(ctx, "", "rollout", "status", "deployment/"+name, "--namespace="+namespace, "--timeout=90s")
	return err
}

// losePods deletes the Pods of what the webhook judges: it needs new ones.
func (h hook) losePods(ctx context.Context, l *cluster.Lab, namespace string) error {
	_, err := l.Kubectl(ctx, "", "delete", "pods", "--namespace="+namespace, "--all", "--force", "--grace-period=0")
	return err
}

// remove removes all of it.
func (h hook) remove(ctx context.Context, l *cluster.Lab) error {
	for _, what := range [][]string{{"validatingwebhookconfiguration", h.Config}, {"mutatingwebhookconfiguration", h.Config}, {"namespace", h.Namespace, h.Shop}} {
		if _, err := l.Kubectl(ctx, "", append([]string{"delete", "--ignore-not-found"}, what...)...); err != nil {
			return err
		}
	}
	return nil
}

// refused is the symptom of a Deployment whose Pods are refused.
func (h hook) refused(namespace, name string, why ...string) Symptom {
	return Symptom{
		Doc: name + " gets no Pods", Any: why,
		Args: fixed("get", "deployment", name, "--namespace="+namespace, `--output=jsonpath={.status.conditions[?(@.type=="ReplicaFailure")].message}`),
	}
}

// webhookAlso is what the cause of a webhook's refusal may be told of where what
// serves it is not seen.
var webhookAlso = []Subject{{Kind: "Webhook"}, {Kind: "ValidatingWebhookConfiguration"}, {Kind: "MutatingWebhookConfiguration"}, {Kind: "Service"}}
