package faults

import (
	"context"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/kubelaudo/laudo/lab/cluster"
	"github.com/kubelaudo/laudo/lab/pki"
)

// extension is an operator that a fault installs: it serves an aggregated API,
// or converts the objects of a CustomResourceDefinition.
type extension struct {
	Namespace, Name, Secret string
	Group, Plural, Kind     string
	Port                    int
	Converts                bool // a CustomResourceDefinition; else an APIService
}

// extensionOf draws the names of the lab's operator.
func extensionOf(l *cluster.Lab, converts bool) extension {
	r := rand.New(rand.NewPCG(l.Seed, 0x65787473))
	one := func(of ...string) string { return of[r.IntN(len(of))] }
	kind := one("Widget", "Tenant", "Voucher", "Parcel")
	return extension{
		Namespace: one("operators", "widgets-system", "tenancy", "parcel-system"),
		Name:      one("operator", "apiserver-ext", "controller", "broker"),
		Secret:    one("operator-tls", "serving-cert", "ext-pki", "apiserver-cert"),
		Group:     one("shop", "fleet", "billing") + "." + one("example.com", "example.org"),
		Kind:      kind, Plural: strings.ToLower(kind) + "s",
		Port: 6000 + r.IntN(3000), Converts: converts,
	}
}

// apiService is the name of its APIService.
func (e extension) apiService() string { return "v1." + e.Group }

// crd is the name of its CustomResourceDefinition.
func (e extension) crd() string { return e.Plural + "." + e.Group }

const extensionManifest = `
apiVersion: v1
kind: Namespace
metadata: {name: {{.Namespace}}}
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
  ports: [{port: 443, targetPort: {{.Port}}}]
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
        args: ["--listen=:{{.Port}}", --cert=/serving/tls.crt, --key=/serving/tls.key]
        ports: [{containerPort: {{.Port}}}]
        resources: {requests: {cpu: 5m, memory: 10Mi}}
        readinessProbe: {tcpSocket: {port: {{.Port}}}, periodSeconds: 2}
        volumeMounts: [{name: serving, mountPath: /serving, readOnly: true}]
      volumes:
      - {name: serving, secret: {secretName: {{.Secret}}}}
`

const apiServiceManifest = `
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1.{{.Group}}}
spec:
  group: {{.Group}}
  version: v1
  groupPriorityMinimum: 100
  versionPriority: 100
  caBundle: {{.CA}}
  service: {name: {{.Name}}, namespace: {{.Namespace}}}
`

const definitionManifest = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: {{.Plural}}.{{.Group}}}
spec:
  group: {{.Group}}
  scope: Namespaced
  names: {kind: {{.Kind}}, plural: {{.Plural}}}
  versions:
  - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}
  - {name: v1beta1, served: true, storage: false, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}
  conversion:
    strategy: Webhook
    webhook:
      conversionReviewVersions: [v1]
      clientConfig:
        service: {namespace: {{.Namespace}}, name: {{.Name}}, path: /convert}
        caBundle: {{.CA}}
`

const customObject = `
apiVersion: {{.Group}}/v1
kind: {{.Kind}}
metadata: {name: first, namespace: default}
spec: {size: 3}
`

// install makes the operator and sees that the API server is content with it.
func (e extension) install(ctx context.Context, l *cluster.Lab) error {
	if err := e.remove(ctx, l); err != nil { // what another fault left
		return err
	}
	ca, err := pki.NewCA(e.Name+"-ca", time.Now().AddDate(0, 0, -400))
	if err != nil {
		return err
	}
	if err := l.PKI().Save(cluster.WebhookCA, ca); err != nil {
		return err
	}
	pair, err := e.issue(l, time.Time{}, time.Time{})
	if err != nil {
		return err
	}
	b64 := base64.StdEncoding.EncodeToString
	data := struct {
		extension
		Cert, Key, CA, Server string
	}{e, b64(pair.CertPEM), b64(pair.KeyPEM), b64(ca.CertPEM), l.Images["gatekeeper"]}
	if err := apply(ctx, l, extensionManifest, data); err != nil {
		return err
	}
	if err := rolledOut(ctx, l, e.Namespace, e.Name); err != nil {
		return err
	}
	if !e.Converts {
		if err := apply(ctx, l, apiServiceManifest, data); err != nil {
			return err
		}
		return e.answers(ctx, l, "True")
	}
	if err := apply(ctx, l, definitionManifest, data); err != nil {
		return err
	}
	if _, err := l.Kubectl(ctx, "", "wait", "--for=condition=Established", "crd/"+e.crd(), "--timeout=30s"); err != nil {
		return err
	}
	if err := apply(ctx, l, customObject, data); err != nil {
		return err
	}
	return e.answers(ctx, l, "first")
}

// asked is the kubectl command that shows how the API server gets on with it.
func (e extension) asked() []string {
	if e.Converts {
		return []string{"get", "--raw", "/apis/" + e.Group + "/v1beta1/" + e.Plural}
	}
	return []string{"get", "apiservice", e.apiService(), `--output=jsonpath={.status.conditions[?(@.type=="Available")]}`}
}

// answers waits until what asked prints contains it.
func (e extension) answers(ctx context.Context, l *cluster.Lab, what string) error {
	for deadline := time.Now().Add(4 * time.Minute); ; {
		text, err := l.Kubectl(ctx, "", e.asked()...)
		if strings.Contains(text, what) {
			return nil
		}
		if ctx.Err() != nil || time.Now().After(deadline) {
			return fmt.Errorf("asking the operator: %w: %s", err, strings.TrimSpace(text))
		}
		time.Sleep(time.Second)
	}
}

// shows is the symptom that the API server does not get on with it.
func (e extension) shows(why ...string) []Symptom {
	s := Symptom{Doc: "the aggregated API is unavailable", Any: why, Args: fixed(e.asked()...)}
	if e.Converts {
		s.Doc, s.Fails = "objects cannot be listed", true
	}
	return []Symptom{s}
}

// issue issues a serving certificate under the operator's CA.
func (e extension) issue(l *cluster.Lab, notBefore, notAfter time.Time) (*pki.Pair, error) {
	host := e.Name + "." + e.Namespace + ".svc"
	return l.Issue(cluster.WebhookCA, pki.Request{CommonName: host, Names: []string{host}, Server: true, NotBefore: notBefore, NotAfter: notAfter})
}

// serve gives the operator another certificate, which it reads as it starts.
func (e extension) serve(ctx context.Context, l *cluster.Lab, pair *pki.Pair) error {
	if err := l.SetData(ctx, "Secret", e.Namespace, e.Secret, map[string][]byte{"tls.crt": pair.CertPEM, "tls.key": pair.KeyPEM}); err != nil {
		return err
	}
	if _, err := l.Kubectl(ctx, "", "rollout", "restart", "deployment/"+e.Name, "--namespace="+e.Namespace); err != nil {
		return err
	}
	return rolledOut(ctx, l, e.Namespace, e.Name)
}

// patch changes an object of the operator, or its registration.
func (e extension) patch(ctx context.Context, l *cluster.Lab, args ...string) error {
	_, err := l.Kubectl(ctx, "", append([]string{"patch"}, args...)...)
	return err
}

// trust replaces the CA by which the API server knows the operator.
func (e extension) trust(ctx context.Context, l *cluster.Lab, ca *pki.Pair) error {
	bundle := base64.StdEncoding.EncodeToString(ca.CertPEM)
	if e.Converts {
		return e.patch(ctx, l, "crd", e.crd(), "--type=merge", fmt.Sprintf(`--patch={"spec":{"conversion":{"webhook":{"clientConfig":{"caBundle":%q}}}}}`, bundle))
	}
	return e.patch(ctx, l, "apiservice", e.apiService(), "--type=merge", fmt.Sprintf(`--patch={"spec":{"caBundle":%q}}`, bundle))
}

// remove removes all of it: what rests on the operator first, since namespaces
// cannot end while an API cannot be listed.
func (e extension) remove(ctx context.Context, l *cluster.Lab) error {
	for _, what := range [][]string{{"apiservice", e.apiService()}, {"crd", e.crd()}, {"namespace", e.Namespace}} {
		if _, err := l.Kubectl(ctx, "", append([]string{"delete", "--ignore-not-found"}, what...)...); err != nil {
			return err
		}
	}
	return nil
}

// extensionFault is a fault of the operator: broken breaks it once it works,
// and why is what the API server then says.
func extensionFault(name, doc string, converts bool, broken func(context.Context, *cluster.Lab, extension) error, due func(extension) Verdict, why ...string) *Fault {
	return &Fault{
		Also: []Subject{{Kind: "APIService"}, {Kind: "CustomResourceDefinition"}, {Kind: "Webhook"}},
		Name: name, Doc: doc,
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			e := extensionOf(l, converts)
			if err := e.install(ctx, l); err != nil {
				return err
			}
			return broken(ctx, l, e)
		},
		Heal:     func(ctx context.Context, l *cluster.Lab) error { return extensionOf(l, converts).remove(ctx, l) },
		Symptoms: func(l *cluster.Lab) []Symptom { return extensionOf(l, converts).shows(why...) },
		Due:      func(l *cluster.Lab) Due { return sameFrom(due(extensionOf(l, converts))) },
	}
}

// uninstalled deletes what serves, and leaves what names it.
func uninstalled(ctx context.Context, l *cluster.Lab, e extension) error {
	for _, what := range []string{"deployment", "service"} {
		if _, err := l.Kubectl(ctx, "", "delete", what, e.Name, "--namespace="+e.Namespace); err != nil {
			return err
		}
	}
	return nil
}

// otherCA replaces the CA by one of the same name.
func otherCA(ctx context.Context, l *cluster.Lab, e extension) error {
	ca, err := pki.NewCA(e.Name+"-ca", time.Now().AddDate(0, 0, -1))
	if err != nil {
		return err
	}
	return e.trust(ctx, l, ca)
}

// expired makes the operator serve a certificate that is no longer valid.
func expired(ctx context.Context, l *cluster.Lab, e extension) error {
	notBefore, notAfter := yearOld(9)
	pair, err := e.issue(l, notBefore, notAfter)
	if err != nil {
		return err
	}
	return e.serve(ctx, l, pair)
}

// registered is what names the operator to the API server.
func (e extension) registered(detail string) Subject {
	if e.Converts {
		if detail != "" {
			detail = "spec.conversion.webhook.clientConfig." + detail
		}
		return Subject{Kind: "CustomResourceDefinition", Name: e.crd(), Detail: detail}
	}
	if detail != "" {
		detail = "spec." + detail
	}
	return Subject{Kind: "APIService", Name: e.apiService(), Detail: detail}
}

func (e extension) service() Subject {
	return Subject{Kind: "Service", Namespace: e.Namespace, Name: e.Name}
}

func (e extension) secret() Subject { return Subject{"Secret", e.Namespace, e.Secret, "tls.crt"} }
