package collect

import (
	"net/http"
	"slices"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubelaudo/laudo/evidence"
)

// A Dial asks for an upgrade, over HTTP/1.1, and takes whatever comes back for
// an answer, but for a refusal of its own.
func TestDial(t *testing.T) {
	const path = "/api/v1/nodes/n/proxy/healthz"
	for name, test := range map[string]struct {
		path   string
		handle http.HandlerFunc
		status int
		text   string
		why    evidence.Why
	}{
		"not upgraded": {
			handle: func(w http.ResponseWriter, r *http.Request) {
				if r.ProtoMajor != 1 || !slices.Contains(r.Header["Connection"], "Upgrade") || !r.Close || r.Header.Get("Upgrade") == "" || r.Method != http.MethodGet {
					t.Errorf("%s %s with %v", r.Method, r.Proto, r.Header)
				}
				status(w, 500, "", "invalid upgrade response: status code 200")
			},
			status: 500, text: "invalid upgrade response: status code 200",
		},
		"not dialled": {
			handle: func(w http.ResponseWriter, r *http.Request) {
				http.Error(w, "error dialing backend: dial tcp 192.0.2.1:10250: i/o timeout", 503)
			},
			status: 503, text: "error dialing backend: dial tcp 192.0.2.1:10250: i/o timeout",
		},
		"no right": {
			handle: func(w http.ResponseWriter, r *http.Request) {
				status(w, 403, metav1.StatusReasonForbidden, `nodes "n" is forbidden: User "u" cannot get resource "nodes/proxy"`)
			},
			status: 403, text: `nodes "n" is forbidden: User "u" cannot get resource "nodes/proxy"`, why: evidence.Forbidden,
		},
		"private": {path: "/api/v1/nodes/n/proxy/exec/a", why: evidence.Declined},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			if test.path == "" {
				test.path = path
			}
			if test.handle != nil {
				s.handle(test.path, test.handle)
			}
			a := s.live(t).Ask(t.Context(), evidence.Question{Kind: evidence.Dial, Path: test.path}, nil)
			why := evidence.Why("")
			if a.Gap != nil {
				why = a.Gap.Why
			}
			if a.Status != test.status || a.Text != test.text || why != test.why {
				t.Errorf("got %d %q %q, want %d %q %q", a.Status, a.Text, why, test.status, test.text, test.why)
			}
		})
	}
}
