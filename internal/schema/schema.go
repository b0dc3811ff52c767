// Package schema makes JSON Schemas of Go types, comments included, for the
// tests that hold the published schemas to the types. It is no part of the
// program.
package schema

import (
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"strings"
	"testing"
	"time"
)

// Options say what a schema holds beside the types.
type Options struct {
	ID, Title string
	// Files hold the types, for their comments.
	Files []string
	// Vocabulary lists the values of fields, by type and field: "Cause.Category".
	Vocabulary map[string][]string
	// Version is the value of every field SchemaVersion.
	Version string
	// Strict allows no field but those of the schema.
	Strict bool
}

// Of returns the schema of a document of one of the given types.
func Of(t testing.TB, o Options, types ...reflect.Type) map[string]any {
	t.Helper()
	g := generator{t: t, options: o, comments: typeComments(t, o.Files), defs: map[string]any{}, used: map[string]bool{}}
	var root map[string]any
	if len(types) == 1 {
		root = g.object(types[0])
	} else {
		var forms []any
		for _, typ := range types {
			forms = append(forms, g.value(typ))
		}
		root = map[string]any{"anyOf": forms}
	}
	for name := range o.Vocabulary {
		if !g.used[name] {
			t.Errorf("vocabulary: there is no field %s", name)
		}
	}
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["$id"] = o.ID
	root["title"] = o.Title
	root["$defs"] = g.defs
	return root
}

type generator struct {
	t        testing.TB
	options  Options
	comments map[string]string // by type, and by type and field
	defs     map[string]any
	used     map[string]bool // fields whose vocabulary was used
}

func (g *generator) object(typ reflect.Type) map[string]any {
	properties := map[string]any{}
	required := []string{}
	for field := range typ.Fields() {
		if !field.IsExported() {
			continue
		}
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "" {
			g.t.Errorf("%s.%s has no name in JSON", typ.Name(), field.Name)
		}
		path := typ.Name() + "." + field.Name
		property := g.value(field.Type)
		if values, ok := g.options.Vocabulary[path]; ok {
			property["enum"] = values
			g.used[path] = true
		}
		if field.Name == "SchemaVersion" {
			property["const"] = g.options.Version
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
	if g.options.Strict {
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
func typeComments(t testing.TB, files []string) map[string]string {
	t.Helper()
	comments := map[string]string{}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
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
	}
	if len(comments) == 0 {
		t.Fatal("no comments")
	}
	return comments
}

// text returns comments as one line.
func text(groups ...*ast.CommentGroup) string {
	var all []string
	for _, group := range groups {
		if s := strings.Join(strings.Fields(group.Text()), " "); s != "" {
			all = append(all, s)
		}
	}
	return strings.Join(all, " ")
}
