package laudo_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/report"
)

// TestOneKubeletUnread: what metrics-server does not accept of one kubelet, and
// accepts of another, is that kubelet's fault.
func TestOneKubeletUnread(t *testing.T) {
	dir := filepath.Join("testdata", "faults", "metrics-kubelet-untrusted-deployment-mtls.api")
	bundle := open(t, dir)
	var nodes []string
	bundle.Ask(t.Context(), evidence.Question{Kind: evidence.List, Resource: evidence.Nodes.Name}, func(o runtime.Object) {
		nodes = append(nodes, o.(*corev1.Node).Name)
	})
	slices.Sort(nodes)
	one := altered{bundle, func(a *evidence.Answer) {
		switch {
		case strings.HasPrefix(a.Question.Path, "/apis/metrics.k8s.io/"):
			a.Gap, a.Status, a.Text = nil, 200, fmt.Sprintf(`{"items":[{"metadata":{"name":%q},"usage":{"cpu":"1"}}]}`, nodes[0])
		case a.Question.Kind == evidence.Errors:
			a.Lines = slices.DeleteFunc(slices.Clone(a.Lines), func(line string) bool { return strings.Contains(line, nodes[0]) })
		}
	}, func(o runtime.Object) bool {
		if node, ok := o.(*corev1.Node); ok { // not so young that figures cannot be there yet
			node.CreationTimestamp.Time = node.CreationTimestamp.Add(-time.Hour)
		}
		return true
	}}
	doc := diagnosed(t, one, options(dir))
	if !slices.ContainsFunc(doc.Causes, func(c report.Cause) bool {
		return c.Category == report.CategoryCertSAN && c.Subject.Name == nodes[1] && c.Certainty == report.CertaintyConfirmed
	}) || slices.ContainsFunc(doc.Causes, func(c report.Cause) bool { return c.Category == report.CategoryMetricsServerConfig }) {
		t.Errorf("causes %+v, want one of node %s", doc.Causes, nodes[1])
	}
}

// TestRightOfOldMetricsServer: nodes/stats is not what a metrics-server of today
// asks a kubelet for.
func TestRightOfOldMetricsServer(t *testing.T) {
	dir := filepath.Join("testdata", "faults", "metrics-rbac-missing-deployment-mtls.api")
	stats := altered{open(t, dir), nil, func(o runtime.Object) bool {
		if role, ok := o.(*rbacv1.ClusterRole); ok && strings.Contains(role.Name, "metrics") {
			role.Rules = append(role.Rules, rbacv1.PolicyRule{Verbs: []string{"get"}, APIGroups: []string{""}, Resources: []string{"nodes/stats"}})
		}
		return true
	}}
	doc := diagnosed(t, stats, options(dir))
	if len(doc.Causes) == 0 || doc.Causes[0].Category != report.CategoryRBAC {
		t.Errorf("causes %+v, want the missing right", doc.Causes)
	}
}

// TestOneDialLost: one connection of many that times out may be a lost packet.
func TestOneDialLost(t *testing.T) {
	dirs, err := filepath.Glob(filepath.Join("testdata", "*", "agent-one-cannot-reach-node*"))
	if err != nil || len(dirs) == 0 {
		t.Fatalf("not recorded: %v", err)
	}
	var refused atomic.Int32 // answers come from several goroutines
	doc := diagnosed(t, altered{open(t, dirs[0]), func(a *evidence.Answer) {
		if a.Question.Kind != evidence.Dial || !strings.Contains(a.Text, "error dialing backend") {
			return
		}
		if refused.Add(1) > 1 {
			a.Gap, a.Status, a.Text = nil, 200, ""
		}
	}, nil}, options(dirs[0]))
	for _, c := range doc.Causes {
		if c.Certainty == report.CertaintyConfirmed {
			t.Errorf("confirmed by one lost connection: %s", c.Summary)
		}
	}
	if refused.Load() < 2 {
		t.Errorf("%d connections fail in what was recorded", refused.Load())
	}
}
