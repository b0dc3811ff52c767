package collect

import (
	"encoding/json"
	"io"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// readJSONList reads a list, item by item as it arrives. The kind and version
// that each gets are those of the list; empty if they come behind the items.
func readJSONList(body io.Reader, onContinue func(string), each func(kind, version string, raw []byte) error) error {
	held := &heldReader{r: bounded(body, "a page of the list", maxPage)}
	d := json.NewDecoder(held)
	held.used = d.InputOffset
	if err := expect(d, '{'); err != nil {
		return err
	}
	var kind, version string
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return broken(err)
		}
		switch key {
		case "kind":
			err = d.Decode(&kind)
		case "apiVersion":
			err = d.Decode(&version)
		case "metadata":
			var meta metav1.ListMeta
			if err = d.Decode(&meta); err == nil {
				onContinue(meta.Continue)
			}
		case "items":
			if err := readItemsJSON(d, func(raw []byte) error { return each(kind, version, raw) }); err != nil {
				return err
			}
		default:
			var skipped json.RawMessage
			err = d.Decode(&skipped)
		}
		if err != nil {
			return broken(err)
		}
	}
	return expect(d, '}')
}

func readItemsJSON(d *json.Decoder, each func([]byte) error) error {
	token, err := d.Token()
	if err != nil {
		return broken(err)
	}
	if token == nil { // null
		return nil
	}
	if token != json.Delim('[') {
		return garbled("the items of the list are no list")
	}
	for d.More() {
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return broken(err)
		}
		if err := each(raw); err != nil {
			return err
		}
	}
	return expect(d, ']')
}

func expect(d *json.Decoder, delim json.Delim) error {
	token, err := d.Token()
	if err != nil {
		return broken(err)
	}
	if token != delim {
		return garbled("not a list: %v where %v is due", token, delim)
	}
	return nil
}
