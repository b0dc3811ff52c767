package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubelaudo/laudo/internal/cli"
	"github.com/kubelaudo/laudo/report"
)

var update = flag.Bool("update", false, "rewrite what the tests compare with")

// TestExamples diagnoses every recorded incident, and compares with the report
// that was recorded with it: as text, and as JSON without what differs between
// two runs.
func TestExamples(t *testing.T) {
	bundles, err := filepath.Glob("../../examples/*/bundle.tar.gz")
	if err != nil {
		t.Fatal(err)
	}
	for _, bundle := range bundles {
		dir := filepath.Dir(bundle)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			text := run(t, "diagnose", "--from", bundle)
			compare(t, filepath.Join(dir, "expected.txt"), text)
			d, err := report.ReadJSON(bytes.NewReader(run(t, "diagnose", "--from", bundle, "-o", "json")))
			if err != nil {
				t.Fatal(err)
			}
			d.Run = nil
			var out bytes.Buffer
			if err := report.WriteJSON(&out, d); err != nil {
				t.Fatal(err)
			}
			compare(t, filepath.Join(dir, "expected.json"), out.Bytes())
		})
	}
}

// run runs a command line of laudo that finds something broken.
func run(t *testing.T, args ...string) []byte {
	t.Helper()
	var out, errs bytes.Buffer
	env := cli.System()
	env.Program, env.Out, env.Err = "laudo", &out, &errs
	env.Getenv = func(name string) string { return map[string]string{"LC_ALL": "en_US.UTF-8"}[name] }
	if code := cli.Main(env, args); code != report.ExitBroken {
		t.Fatalf("laudo %q: exit code %d\n%s%s", args, code, &out, &errs)
	}
	if errs.Len() > 0 {
		t.Errorf("laudo %q says on standard error:\n%s", args, &errs)
	}
	return out.Bytes()
}

func compare(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got; -update rewrites it):\n%s", file, diff)
	}
}
