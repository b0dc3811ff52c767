package laudo_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubelaudo/laudo"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
)

// fleet is a cluster of several nodes, of which some do not give logs.
type fleet struct {
	*world
	blocked map[string]bool // by node
	text    string          // what their logs bring
}

func (f *fleet) Ask(ctx context.Context, q evidence.Question, each func(runtime.Object)) evidence.Answer {
	if node := strings.TrimPrefix(q.Name, "chat-"); q.Kind == evidence.Log && f.blocked[node] {
		return evidence.Answer{Question: q, At: moment, Status: 500, Text: f.text}
	}
	return f.world.Ask(ctx, q, each)
}

// newFleet makes a node of each line: name, pool, zone, kubelet version, age in
// days, and "blocked" where its logs do not come.
func newFleet(t *testing.T, lines string) *fleet {
	t.Helper()
	f := &fleet{world: newWorld(), blocked: map[string]bool{}, text: "Get \"https://192.0.2.9:10250/containerLogs/shop/chat/main\": dial tcp 192.0.2.9:10250: i/o timeout"}
	f.objects = nil
	renewed, life := metav1.NewMicroTime(moment.Add(-5*time.Second)), int32(40)
	for i, line := range strings.Split(strings.TrimSpace(lines), "\n") {
		var name, pool, zone, version, rest string
		var days int
		if _, err := fmt.Sscan(line, &name, &pool, &zone, &version, &days); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		rest = line[strings.LastIndex(line, " ")+1:]
		f.blocked[name] = rest == "blocked"
		f.objects = append(f.objects,
			&corev1.Node{
				ObjectMeta: metav1.ObjectMeta{
					Name: name, CreationTimestamp: metav1.NewTime(moment.AddDate(0, 0, -days)),
					Labels: map[string]string{"agentpool": pool, corev1.LabelTopologyZone: zone, corev1.LabelHostname: name},
				},
				Status: corev1.NodeStatus{
					NodeInfo:   corev1.NodeSystemInfo{KubeletVersion: version, OperatingSystem: "linux"},
					Conditions: []corev1.NodeCondition{{Type: corev1.NodeReady, Status: corev1.ConditionTrue}},
					Addresses:  []corev1.NodeAddress{{Type: corev1.NodeInternalIP, Address: fmt.Sprintf("192.0.2.%d", i+1)}},
				},
			},
			&coordinationv1.Lease{
				ObjectMeta: metav1.ObjectMeta{Namespace: "kube-node-lease", Name: name},
				Spec:       coordinationv1.LeaseSpec{RenewTime: &renewed, LeaseDurationSeconds: &life},
			},
			&corev1.Pod{
				ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "chat-" + name},
				Spec:       corev1.PodSpec{NodeName: name, Containers: []corev1.Container{{Name: "main", Image: "chat:1"}}},
				Status: corev1.PodStatus{
					Phase:      corev1.PodRunning,
					Conditions: []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionTrue}},
					ContainerStatuses: []corev1.ContainerStatus{{
						Name: "main", Ready: true, State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: metav1.NewTime(moment.Add(-time.Hour))}},
					}},
				},
			},
		)
	}
	return f
}

// What the nodes that fail have in common, and the others have not, is told
// with its counts and counter-examples; what they only seem to share is not.
func TestSubset(t *testing.T) {
	for _, c := range []struct {
		name, nodes string
		want        []string // the texts
		members     int      // how many nodes the one cause is told of
	}{
		{
			"a pool", `
			a1 apps 1 v1.37.2 90
			a2 apps 2 v1.37.2 80
			a3 apps 3 v1.37.2 70
			s1 spot 1 v1.37.2 85 blocked
			s2 spot 2 v1.37.2 75 blocked`,
			[]string{"all 2 nodes that fail have agentpool=spot, and none of the 3 that work"},
			2,
		},
		{
			"a pool with a version of its own: which of them counts, nothing tells", `
			a1 apps 1 v1.37.2 90
			a2 apps 2 v1.37.2 80
			s1 spot 1 v1.33.1 85 blocked
			s2 spot 2 v1.33.1 75 blocked`,
			[]string{
				"all 2 nodes that fail have agentpool=spot, and none of the 2 that work",
				"all 2 nodes that fail have kubelet v1.33.1, and none of the 2 that work",
			},
			2,
		},
		{
			"the new ones", `
			a1 apps 1 v1.37.2 90
			a2 apps 2 v1.37.2 80
			a3 apps 1 v1.37.2 1 blocked
			a4 apps 2 v1.37.2 2 blocked`,
			[]string{"all 2 nodes that fail have been created since 2026-11-20 03:00:00 UTC, and none of the 2 that work"},
			2,
		},
		{
			"one of a kind", `
			a1 apps 1 v1.37.2 90
			a2 apps 1 v1.37.2 10
			a3 apps 1 v1.37.2 70
			s1 apps 1 v1.33.1 75 blocked`,
			[]string{"the node that fails has kubelet v1.33.1, and none of the 3 that work"},
			0,
		},
		{
			"a pool, with an exception", `
			a1 apps 1 v1.37.2 90
			a2 apps 2 v1.37.2 80
			a3 apps 1 v1.37.2 80
			a4 apps 2 v1.37.2 80
			a5 apps 1 v1.37.2 80
			s1 spot 1 v1.37.2 85 blocked
			s2 spot 2 v1.37.2 75 blocked
			s3 spot 1 v1.37.2 85 blocked
			s4 spot 2 v1.37.2 75 blocked
			s5 spot 2 v1.37.2 75`,
			[]string{"4 of 4 nodes that fail have agentpool=spot, and 1 of 6 that work (but: s5)"},
			4,
		},
		{
			"nothing in common", `
			a1 apps 1 v1.37.2 90
			a2 apps 2 v1.37.2 80 blocked
			s1 spot 1 v1.37.2 85 blocked
			s2 spot 2 v1.37.2 75`,
			nil, 2,
		},
		{
			"too few to tell", `
			a1 apps 1 v1.37.2 90
			s1 spot 1 v1.37.2 85 blocked`,
			nil, 0,
		},
		{
			"all of them", `
			a1 apps 1 v1.37.2 90 blocked
			a2 apps 1 v1.37.2 90 blocked
			a3 apps 1 v1.37.2 90 blocked
			a4 apps 1 v1.37.2 85 blocked`,
			nil, 4,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc, err := laudo.Diagnose(context.Background(), newFleet(t, c.nodes), laudo.Options{Language: message.NewPrinter("en")})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, s := range doc.Symptoms {
				for _, subset := range s.Subsets {
					got = append(got, subset.Text)
				}
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("subsets (-want +got):\n%s", d)
			}
			if len(doc.Causes) != 1 || doc.Causes[0].Category != report.CategoryNetworkBlocked || len(doc.Causes[0].Members) != c.members {
				t.Errorf("causes: %+v", doc.Causes)
			}
			if steps := doc.Causes[0].Remedy.Steps; len(steps) != max(c.members, 1) {
				t.Errorf("%d steps for %d nodes", len(steps), c.members)
			}
		})
	}
}

// Where the logs of some nodes arrive, agents run, whether or not a Pod of
// theirs is seen.
func TestAgentsUnseen(t *testing.T) {
	f := newFleet(t, `
		a1 apps 1 v1.37.2 90
		a2 apps 2 v1.37.2 80 blocked`)
	f.text = "No agent available"
	doc, err := laudo.Diagnose(context.Background(), f, laudo.Options{Language: message.NewPrinter("en")})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range doc.Causes {
		if c.Certainty != report.CertaintyOpen {
			t.Errorf("%s: %s", c.Certainty, c.Summary)
		}
	}
}

// What one recorder did not see from where it stood another may have seen: the
// order in which bundles are given decides nothing.
func TestMergeStandpoints(t *testing.T) {
	open := func(name string) *evidence.Bundle {
		bundle, err := evidence.OpenBundle("testdata/incidents/server-cert-expired-deployment-mtls." + name + "/bundle.tar.gz")
		if err != nil {
			t.Fatal(err)
		}
		return bundle
	}
	for _, bundles := range [][]*evidence.Bundle{{open("api"), open("agent-port")}, {open("agent-port"), open("api")}} {
		merged, err := evidence.Merge(bundles)
		if err != nil {
			t.Fatal(err)
		}
		if !merged.Both() {
			t.Error("both asked the API server, and it is not told")
		}
		doc, err := laudo.Diagnose(context.Background(), merged, laudo.Options{Language: message.NewPrinter("en")})
		if err != nil {
			t.Fatal(err)
		}
		if len(doc.Causes) != 1 || doc.Causes[0].Certainty != report.CertaintyConfirmed || doc.Causes[0].Category != report.CategoryCertExpired {
			t.Errorf("causes: %+v", doc.Causes)
		}
	}
}
