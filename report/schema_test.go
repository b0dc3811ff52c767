package report

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/kubelaudo/laudo/internal/schema"
)

const schemaFile = "../docs/schema.json"

// TestSchema holds docs/schema.json to the Go types: it is made of them, their
// comments included.
func TestSchema(t *testing.T) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(schemaOf(t, false)); err != nil {
		t.Fatal(err)
	}
	golden(t, schemaFile, out.String())
}

// TestDocumentsAreValid holds the saved documents to the schema, and to a
// strict form of it that knows no field but those of the schema.
func TestDocumentsAreValid(t *testing.T) {
	for _, strict := range []bool{false, true} {
		compiled := compile(t, strict)
		for name, d := range documents(t) {
			var out bytes.Buffer
			if err := WriteJSON(&out, d); err != nil {
				t.Fatal(err)
			}
			value, err := jsonschema.UnmarshalJSON(&out)
			if err != nil {
				t.Fatal(err)
			}
			if err := compiled.Validate(value); err != nil {
				t.Errorf("%s, strict %v: %v", name, strict, err)
			}
		}
	}
}

// TestEmptyDocumentIsValid: a document made of zero values has no null where
// the schema wants a list.
func TestEmptyDocumentIsValid(t *testing.T) {
	d := &Document{
		SchemaVersion: SchemaVersion, Verdict: VerdictHealthy,
		Paths: []Path{{Hops: []Hop{{State: StateHolds}}}},
		Risks: []Risk{{Category: CategoryOther, Remedy: &Remedy{}}},
	}
	var out bytes.Buffer
	if err := WriteJSON(&out, d); err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(&out)
	if err != nil {
		t.Fatal(err)
	}
	if err := compile(t, true).Validate(value); err != nil {
		t.Error(err)
	}
	if d.Causes != nil || d.Risks[0].Remedy.Steps != nil {
		t.Error("writing changed the document")
	}
}

// TestCategories: every constant is listed.
func TestCategories(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "category.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	ast.Inspect(file, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(spec.Names[0].Name, "Category") || len(spec.Values) != 1 {
			return true
		}
		literal, ok := spec.Values[0].(*ast.BasicLit)
		if !ok {
			return true
		}
		n++
		if value := strings.Trim(literal.Value, `"`); !slices.Contains(Categories, value) {
			t.Errorf("%s is not in Categories", value)
		}
		return true
	})
	if n != len(Categories) {
		t.Errorf("%d constants, %d in Categories", n, len(Categories))
	}
}

func compile(t *testing.T, strict bool) *jsonschema.Schema {
	t.Helper()
	data, err := json.Marshal(schemaOf(t, strict))
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("schema.json", value); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

// schemaOf makes the schema of [Document]. A strict one allows no other fields.
func schemaOf(t *testing.T, strict bool) map[string]any {
	t.Helper()
	return schema.Of(t, schema.Options{
		ID: "https://github.com/kubelaudo/laudo/schema/" + SchemaVersion, Title: "laudo report",
		Files: []string{"document.go"}, Vocabulary: vocabulary, Version: SchemaVersion, Strict: strict,
	}, reflect.TypeFor[Document]())
}
