package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/kubelaudo/laudo/internal/cli"
	"github.com/kubelaudo/laudo/report"
)

var update = flag.Bool("update", false, "rewrite what the tests compare with")

// TestExamples diagnoses every example, and compares with the report that was
// recorded with it.
func TestExamples(t *testing.T) {
	for _, bundle := range bundles(t, "../../examples/*/bundle.tar.gz") {
		dir := filepath.Dir(bundle)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			_, text := run(t, "diagnose", "--from", bundle)
			compare(t, filepath.Join(dir, "expected.txt"), text)
		})
	}
}

// TestRecorded holds the command line to its contract on every recorded
// cluster: JSON as published, that is the same each time, and one exit code for
// each output and language.
func TestRecorded(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile("../../docs/schema.json")
	if err != nil {
		t.Fatal(err)
	}
	all := append(bundles(t, "../../examples/*/bundle.tar.gz"), bundles(t, "../../testdata/incidents/*/bundle.tar.gz")...)
	for _, bundle := range all {
		t.Run(filepath.Base(filepath.Dir(bundle)), func(t *testing.T) {
			t.Parallel()
			code, data := run(t, "diagnose", "--from", bundle, "-o", "json")
			value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(value); err != nil {
				t.Error(err)
			}
			d, err := report.ReadJSON(bytes.NewReader(data))
			if err != nil {
				t.Fatal(err)
			}
			if want := report.ExitCode(d, false); code != want {
				t.Errorf("exit code %d, and the document stands for %d", code, want)
			}
			_, again := run(t, "diagnose", "--from", bundle, "-o", "json")
			if diff := cmp.Diff(withoutRun(t, data), withoutRun(t, again)); diff != "" {
				t.Errorf("the same evidence gave another report:\n%s", diff)
			}
			for _, lang := range []string{"en", "pt-BR"} {
				if got, _ := run(t, "diagnose", "--from", bundle, "--lang", lang, "-v"); got != code {
					t.Errorf("exit code %d for the terminal in %s, and %d for JSON", got, lang, code)
				}
			}
		})
	}
}

func bundles(t *testing.T, pattern string) []string {
	t.Helper()
	found, err := filepath.Glob(pattern)
	if err != nil || len(found) == 0 {
		t.Fatalf("no bundles at %s: %v", pattern, err)
	}
	return found
}

// withoutRun returns a document's JSON without what differs between two runs.
func withoutRun(t *testing.T, data []byte) string {
	t.Helper()
	d, err := report.ReadJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	d.Run = nil
	var out strings.Builder
	if err := report.WriteJSON(&out, d); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// run runs a command line of laudo that says nothing on standard error, and
// returns its exit code and its output.
func run(t *testing.T, args ...string) (int, []byte) {
	t.Helper()
	var out, errs bytes.Buffer
	env := cli.System()
	env.Program, env.Out, env.Err = "laudo", &out, &errs
	env.Getenv = func(name string) string { return map[string]string{"LC_ALL": "en_US.UTF-8"}[name] }
	code := cli.Main(env, args)
	if !slices.Contains(args, "-v") && errs.Len() > 0 {
		t.Errorf("laudo %q says on standard error:\n%s", args, &errs)
	}
	return code, out.Bytes()
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
