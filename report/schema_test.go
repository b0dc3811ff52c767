package report

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

const schemaFile = "../docs/schema.json"

// TestSchema holds docs/schema.json to the Go types: it is made of them, their
// comments included.
func TestSchema(t *testing.T) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(schema(t, false)); err != nil {
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
	data, err := json.Marshal(schema(t, strict))
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

// schema makes the schema of [Document]. A strict one allows no other fields.
func schema(t *testing.T, strict bool) map[string]any {
	t.Helper()
	g := generator{t: t, strict: strict, comments: typeComments(t), defs: map[string]any{}, used: map[string]bool{}}
	root := g.object(reflect.TypeFor[Document]())
	for name := range vocabulary {
		if !g.used[name] {
			t.Errorf("vocabulary: there is no field %s", name)
		}
	}
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["$id"] = "https://github.com/kubelaudo/laudo/schema/" + SchemaVersion
	root["title"] = "laudo report"
	root["$defs"] = g.defs
	return root
}

type generator struct {
	t        *testing.T
	strict   bool
	comments map[string]string // by type, and by type and field
	defs     map[string]any
	used     map[string]bool // fields whose vocabulary was used
}

func (g *generator) object(typ reflect.Type) map[string]any {
	properties := map[string]any{}
	required := []string{}
	for field := range typ.Fields() {
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "" {
			g.t.Errorf("%s.%s has no name in JSON", typ.Name(), field.Name)
		}
		path := typ.Name() + "." + field.Name
		property := g.value(field.Type)
		if values, ok := vocabulary[path]; ok {
			property["enum"] = values
			g.used[path] = true
		}
		if path == "Document.SchemaVersion" {
			property["const"] = SchemaVersion
		}
		if comment := g.comments[path]; comment != "" {
			property["description"] = comment
		}
		properties[name] = property
		if options == "" {
			required = append(required, name)
		}
	}
	object := map[string]any{"type": "object", "properties": properties, "required": required}
	if comment := g.comments[typ.Name()]; comment != "" {
		object["description"] = comment
	}
	if g.strict {
		object["additionalProperties"] = false
	}
	return object
}

func (g *generator) value(typ reflect.Type) map[string]any {
	if typ == reflect.TypeFor[time.Time]() {
		return map[string]any{"type": "string", "format": "date-time"}
	}
	switch typ.Kind() {
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int:
		return map[string]any{"type": "integer"}
	case reflect.Float64:
		return map[string]any{"type": "number"}
	case reflect.Slice:
		return map[string]any{"type": "array", "items": g.value(typ.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": g.value(typ.Elem())}
	case reflect.Pointer:
		return map[string]any{"anyOf": []any{g.value(typ.Elem()), map[string]any{"type": "null"}}}
	case reflect.Struct:
		if g.defs[typ.Name()] == nil {
			g.defs[typ.Name()] = map[string]any{} // it is on its way
			g.defs[typ.Name()] = g.object(typ)
		}
		return map[string]any{"$ref": "#/$defs/" + typ.Name()}
	}
	g.t.Fatalf("no schema for %v", typ)
	return nil
}

// typeComments returns the comments of the types and their fields.
func typeComments(t *testing.T) map[string]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "document.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	comments := map[string]string{}
	text := func(groups ...*ast.CommentGroup) string {
		var all []string
		for _, group := range groups {
			if s := strings.Join(strings.Fields(group.Text()), " "); s != "" {
				all = append(all, s)
			}
		}
		return strings.Join(all, " ")
	}
	for _, decl := range file.Decls {
		general, ok := decl.(*ast.GenDecl)
		if !ok || general.Tok != token.TYPE {
			continue
		}
		for _, spec := range general.Specs {
			typ := spec.(*ast.TypeSpec)
			comments[typ.Name.Name] = text(general.Doc)
			structure, ok := typ.Type.(*ast.StructType)
			if !ok {
				continue
			}
			for _, field := range structure.Fields.List {
				for _, name := range field.Names {
					comments[typ.Name.Name+"."+name.Name] = text(field.Doc, field.Comment)
				}
			}
		}
	}
	if len(comments) == 0 {
		t.Fatal("no comments")
	}
	return maps.Clone(comments)
}
