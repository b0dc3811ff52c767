package decode

import (
	"slices"
	"strings"
	"testing"
)

// The tables refer to each other by id.
func TestTables(t *testing.T) {
	known := make(map[string]bool)
	for _, f := range faults {
		known[f.id] = true
		if f.has == "" || f.stage == "" {
			t.Errorf("fault %s: has and stage are wanted", f.id)
		}
	}
	for _, f := range faults {
		for _, id := range f.hides {
			if !known[id] {
				t.Errorf("fault %s hides %s, which is unknown", f.id, id)
			}
		}
	}
	for _, h := range slices.Concat(hints, wordHints) {
		known[h.id] = true
		for _, s := range h.any {
			if s != strings.ToLower(s) {
				t.Errorf("hint %s: %q is not in lower case", h.id, s)
			}
		}
	}
	known["close-call"], known["long-past"] = true, true // made by closeCalls
	named := make(map[string]bool)
	for _, m := range modes {
		if named[m.id] {
			t.Errorf("mode %s occurs twice", m.id)
		}
		named[m.id] = true
		if m.summary.EN == "" || m.summary.PT == "" || len(m.tests) == 0 {
			t.Errorf("mode %s: words in both languages and a test are wanted", m.id)
		}
		for _, x := range m.tests {
			if x.text.EN == "" || x.text.PT == "" || x.command == "" {
				t.Errorf("mode %s: a test lacks words or a command", m.id)
			}
		}
	}
	used := make(map[string]bool)
	for _, c := range clues {
		if !known[c.on] {
			t.Errorf("clue on %s, which is unknown", c.on)
		}
		used[c.on] = true
		if c.says.EN == "" || c.says.PT == "" {
			t.Errorf("clue on %s: words in both languages are wanted", c.on)
		}
		for id := range strings.FieldsSeq(c.also) {
			if id = strings.TrimPrefix(id, "!"); !known[id] {
				t.Errorf("clue on %s also wants %s, which is unknown", c.on, id)
			}
		}
		for _, p := range c.points {
			if !named[p.mode] {
				t.Errorf("clue on %s gives points to %s, which is unknown", c.on, p.mode)
			}
		}
	}
	for _, f := range faults {
		if !used[f.id] && f.weight > 1 {
			t.Errorf("fault %s has no clue", f.id)
		}
	}
	for _, row := range limits {
		for id := range strings.FieldsSeq(row.on) {
			if !known[id] {
				t.Errorf("limit on %s, which is unknown", id)
			}
		}
	}
	for id := range noise {
		if !known[id] {
			t.Errorf("noise %s is unknown", id)
		}
	}
}
