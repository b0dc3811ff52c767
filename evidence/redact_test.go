package evidence

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	utiljson "k8s.io/apimachinery/pkg/util/json"
)

// leaks reports whether data holds the canary, plain or in base64.
func leaks(data []byte) bool {
	if bytes.Contains(data, []byte(canary)) {
		return true
	}
	for shift := range 3 {
		encoded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", shift) + canary))
		if bytes.Contains(data, []byte(encoded[4:len(encoded)-4])) {
			return true
		}
	}
	return false
}

// planted are objects with the canary wherever a credential can hide.
func planted(t *testing.T) map[string][]runtime.Object {
	t.Helper()
	data, err := os.ReadFile("testdata/canaries.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	objects := map[string][]runtime.Object{}
	for text := range bytes.Lines(data) {
		var plant struct {
			Resource string
			Object   json.RawMessage
		}
		if err := json.Unmarshal(text, &plant); err != nil {
			t.Fatal(err)
		}
		o := NewObject(plant.Resource)
		if u, ok := o.(*unstructured.Unstructured); ok {
			err = utiljson.Unmarshal(plant.Object, &u.Object)
		} else {
			err = utiljson.Unmarshal(plant.Object, o)
		}
		if err != nil {
			t.Fatalf("%s: %v", plant.Resource, err)
		}
		objects[plant.Resource] = append(objects[plant.Resource], o)
		if _, ok := o.(*unstructured.Unstructured); !ok { // and as an object of no known type
			u := &unstructured.Unstructured{}
			if err := utiljson.Unmarshal(plant.Object, &u.Object); err != nil {
				t.Fatal(err)
			}
			objects[plant.Resource] = append(objects[plant.Resource], u)
		}
	}
	return objects
}

func TestRedactTakesOutEveryCanary(t *testing.T) {
	for resource, objects := range planted(t) {
		for _, o := range objects {
			before, err := json.Marshal(o)
			if err != nil {
				t.Fatal(err)
			}
			if !leaks(before) {
				t.Errorf("%s: no canary is planted", resource)
			}
			Redact(o)
			after, err := json.Marshal(o)
			if err != nil {
				t.Fatalf("%s: %v", resource, err)
			}
			if leaks(after) {
				i := bytes.Index(after, []byte(canary))
				t.Errorf("%s %T leaks: …%s…", resource, o, after[max(0, i-200):min(len(after), max(i, 0)+100)])
			}
			Redact(o)
			again, err := json.Marshal(o)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(after), string(again)); diff != "" {
				t.Errorf("%s: redacted again (-once +twice):\n%s", resource, diff)
			}
		}
	}
}

func TestRedactKeepsWhatLawsRead(t *testing.T) {
	for _, o := range planted(t)["v1/pods"] {
		pod, ok := o.(*corev1.Pod)
		if !ok || pod.Name != "pod" {
			continue
		}
		Redact(pod)
		c := pod.Spec.Containers[0]
		if got, want := c.Args[len(c.Args)-1], "--agent-key=/certs/client.key"; got != want {
			t.Errorf("the last argument is %q, not %q", got, want)
		}
		want := []corev1.EnvVar{
			{Name: "A", Value: Redacted},
			{Name: "DB_PASSWORD", Value: Redacted},
			{Name: "N", Value: "1"},
			{Name: "B", Value: "true"},
			{Name: "F", ValueFrom: c.Env[4].ValueFrom},
		}
		if diff := cmp.Diff(want, c.Env); diff != "" || c.Env[4].ValueFrom == nil {
			t.Errorf("environment (-want +got):\n%s", diff)
		}
		if got := pod.Spec.Volumes[0].CSI.VolumeAttributes["secretProviderClass"]; got != "x" {
			t.Errorf("secretProviderClass is %q", got)
		}
	}
}

func TestRedactConfigMapKeepsText(t *testing.T) {
	text := "apiVersion: apiserver.k8s.io/v1beta1\nkind: EgressSelectorConfiguration\negressSelections:\n- name: cluster\n  connection:\n    proxyProtocol: GRPC\n    transport:\n      uds:\n        udsName: /run/konnectivity/server.sock\n"
	o := &corev1.ConfigMap{Data: map[string]string{"egress.yaml": text, "client-ca-file": "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"}}
	want := o.DeepCopy()
	Redact(o)
	if diff := cmp.Diff(want, o); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRedactSecretTellsInPublic(t *testing.T) {
	pair := newKeyPair(t)
	other := newKeyPair(t)
	token := "eyJhbGciOiJub25lIn0." + base64.RawURLEncoding.EncodeToString([]byte(`{"iss":"i","sub":"s","aud":"a","exp":1800000000.5,"iat":1700000000}`)) + ".c2ln"
	kubeconfig := "users:\n- user:\n    client-certificate-data: " + base64.StdEncoding.EncodeToString(pair.cert) +
		"\n    client-key-data: " + base64.StdEncoding.EncodeToString(pair.key) + "\n"
	o := &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Name: "s"},
		Data: map[string][]byte{
			"tls.crt":    slices.Concat([]byte("a comment\n"), pair.cert, other.cert),
			"tls.key":    pair.key,
			"other.key":  other.key,
			"both":       slices.Concat(pair.key, pair.cert),
			"token":      []byte(token),
			"kubeconfig": []byte(kubeconfig),
			"password":   []byte("x"),
			"empty":      {},
		},
	}
	Redact(o)
	want := map[string][]byte{
		"tls.crt":    slices.Concat(pair.cert, other.cert),
		"tls.key":    nil,
		"other.key":  nil,
		"both":       pair.cert,
		"token":      nil,
		"kubeconfig": pair.cert,
		"password":   nil,
		"empty":      nil,
	}
	if diff := cmp.Diff(want, o.Data); diff != "" {
		t.Errorf("data (-want +got):\n%s", diff)
	}
	annotations := map[string]string{
		PrivateKeysAnnotation: `{"both":"` + pair.fingerprint + `","kubeconfig":"` + pair.fingerprint + `","other.key":"` + other.fingerprint + `","tls.key":"` + pair.fingerprint + `"}`,
		TokenClaimsAnnotation: `{"token":{"exp":1800000000,"iat":1700000000,"iss":"i","sub":"s","aud":["a"]}}`,
		DroppedAnnotation:     `["other.key","password","tls.key","token"]`,
	}
	if diff := cmp.Diff(annotations, o.Annotations); diff != "" {
		t.Errorf("annotations (-want +got):\n%s", diff)
	}
}
