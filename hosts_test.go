package laudo_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kubelaudo/laudo"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
)

// hosts were recorded from the lab twice: as seen from the API (api.tar.gz), and
// on the machine of the control plane (node.tar.gz).
func hosts(t *testing.T) []string {
	t.Helper()
	dirs, err := filepath.Glob("testdata/hosts/*")
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no recorded hosts: %v", err)
	}
	return dirs
}

func openBundles(t *testing.T, files ...string) []*evidence.Bundle {
	t.Helper()
	var bundles []*evidence.Bundle
	for _, file := range files {
		b, err := evidence.OpenBundle(file)
		if err != nil {
			t.Fatal(err)
		}
		bundles = append(bundles, b)
	}
	return bundles
}

// TestHosts: a machine alone says what is broken on it, and together with what
// the API server says that is the only cause.
func TestHosts(t *testing.T) {
	for _, dir := range hosts(t) {
		for _, set := range [][]string{{"node"}, {"api", "node"}, {"node", "api"}} {
			name := filepath.Base(dir) + "." + strings.Join(set, "+")
			t.Run(name, func(t *testing.T) {
				var files []string
				for _, s := range set {
					files = append(files, filepath.Join(dir, s+".tar.gz"))
				}
				merged, err := evidence.Merge(openBundles(t, files...))
				if err != nil {
					t.Fatal(err)
				}
				doc := diagnosed(t, merged, laudo.Options{Language: message.NewPrinter("en"), Host: len(set) == 1})
				var b strings.Builder
				if err := (report.Terminal{Width: 100, Verbose: true}).Print(&b, doc); err != nil {
					t.Fatal(err)
				}
				slices.Sort(set)
				golden := filepath.Join(dir, strings.Join(set, "+")+".txt")
				if *update {
					if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(golden)
				if err != nil {
					t.Fatal(err)
				}
				if b.String() != string(want) {
					t.Errorf("got\n%s\nwant\n%s", b.String(), want)
				}
				var confirmed []string
				for _, c := range doc.Causes {
					if c.Certainty == report.CertaintyConfirmed {
						confirmed = append(confirmed, c.Category+" of "+c.Subject.Name)
					}
				}
				due := map[string]string{
					"etcd-server-cert-expired": "cert-expired of /etc/kubernetes/pki/etcd/server.crt",
					"etcd-stopped":             "api-down of etcd",
				}[filepath.Base(dir)]
				if len(confirmed) != 1 || confirmed[0] != due {
					t.Errorf("confirmed %q, want %q", confirmed, due)
				}
			})
		}
	}
}

// TestMergeRefusesAnotherCluster: bundles of two clusters have nothing to do
// with each other.
func TestMergeRefusesAnotherCluster(t *testing.T) {
	_, err := evidence.Merge(openBundles(t, "testdata/hosts/etcd-stopped/api.tar.gz", "testdata/incidents/healthy-deployment-mtls.api/bundle.tar.gz"))
	if !errors.Is(err, evidence.ErrOtherCluster) {
		t.Errorf("merged two clusters: %v", err)
	}
}
