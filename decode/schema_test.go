package decode

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/kubelaudo/laudo/internal/schema"
	"github.com/kubelaudo/laudo/message"
)

// schemaOf makes the schema of what explain prints: a [Document], or an
// [EntryDocument]. A strict one allows no other fields.
func schemaOf(t *testing.T, strict bool) map[string]any {
	t.Helper()
	var names []string
	for _, c := range categories {
		names = append(names, c.name)
	}
	slices.Sort(names)
	return schema.Of(t, schema.Options{
		ID: "https://github.com/kubelaudo/laudo/schema/explain/" + SchemaVersion, Title: "laudo explain",
		Files: []string{"decode.go", "explain.go", "render.go"}, Version: SchemaVersion, Strict: strict,
		Vocabulary: map[string][]string{
			"HypothesisEntry.Category":  names,
			"HypothesisEntry.Certainty": {string(Confirmed), string(Likely), string(Open)},
			"EntryDocument.Kind":        {"component", "category", "law"},
			"Document.Language":         {"en", "pt-BR"},
			"EntryDocument.Language":    {"en", "pt-BR"},
		},
	}, reflect.TypeFor[Document](), reflect.TypeFor[EntryDocument]())
}

// TestSchema holds docs/explain.schema.json to the Go types.
func TestSchema(t *testing.T) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(schemaOf(t, false)); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("..", "docs", "explain.schema.json")
	if *update {
		if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Errorf("%s is stale: go generate ./decode (-want +got):\n%s", file, diff)
	}
}

// TestDocumentsAreValid holds what is printed of every text of the tests, and of
// every name, to the strict form of the schema.
func TestDocumentsAreValid(t *testing.T) {
	data, err := json.Marshal(schemaOf(t, true))
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("schema.json", value); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	valid := func(name string, document any) {
		data, err := json.Marshal(document)
		if err != nil {
			t.Fatal(err)
		}
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if err := compiled.Validate(value); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, p := range printers {
		valid("empty", Explain("").Document(p))
		valid("entry", Entry{Kind: "law"}.Document(p))
		for _, tt := range findingTests {
			valid(tt.text, Explain(tt.text).Document(p))
		}
		for _, name := range Names() {
			e, _ := Theory(name)
			valid(name, e.Document(p))
		}
	}
	for _, i := range load(t, "corpus.jsonl", false) {
		for _, line := range i.Evidence {
			valid(i.ID, Explain(line).Document(message.NewPrinter("en")))
		}
	}
}
