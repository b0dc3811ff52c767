package report

import (
	"encoding/json"
	"fmt"
	"io"
	"reflect"
)

// WriteJSON writes the document as docs/schema.json says. Lists are written
// even where they are empty, so that a reader need not tell null from [].
func WriteJSON(w io.Writer, d *Document) error {
	full := *d
	fillLists(reflect.ValueOf(&full).Elem())
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(&full)
}

// ReadJSON reads a document that WriteJSON wrote. Fields that it does not know
// are passed over: fields are only added.
func ReadJSON(r io.Reader) (*Document, error) {
	var d Document
	if err := json.NewDecoder(r).Decode(&d); err != nil {
		return nil, fmt.Errorf("reading document: %w", err)
	}
	if d.SchemaVersion != SchemaVersion {
		return nil, fmt.Errorf("reading document: schema version %q, want %q", d.SchemaVersion, SchemaVersion)
	}
	return &d, nil
}

// fillLists replaces every nil slice in v by an empty one. It leaves what v
// points to alone, and copies it instead.
func fillLists(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for _, field := range v.Fields() {
			if field.CanSet() {
				fillLists(field)
			}
		}
	case reflect.Pointer:
		if !v.IsNil() && v.Type().Elem().Kind() == reflect.Struct {
			copied := reflect.New(v.Type().Elem())
			copied.Elem().Set(v.Elem())
			fillLists(copied.Elem())
			v.Set(copied)
		}
	case reflect.Slice:
		copied := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(copied, v)
		v.Set(copied)
		for i := range v.Len() {
			fillLists(v.Index(i))
		}
	}
}
