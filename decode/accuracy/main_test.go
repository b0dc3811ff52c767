package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// The aims that explain is held to.
func TestAims(t *testing.T) {
	root, err := repository()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		file         string
		all          bool // each line counts
		first, third int  // at least, in percent
	}{
		{"corpus.jsonl", false, 85, 97},
		{"heldout.jsonl", true, 95, 100},
	} {
		incidents, err := load(filepath.Join(root, "decode", "testdata", tt.file))
		if err != nil {
			t.Fatal(err)
		}
		for i := range incidents {
			incidents[i].Confirmed = incidents[i].Confirmed || tt.all
		}
		s := score(incidents)
		if 100*s.first < tt.first*s.scored || 100*s.third < tt.third*s.scored {
			t.Errorf("%s: rank 1 %d, rank 3 %d of %d", tt.file, s.first, s.third, s.scored)
			for _, o := range s.missed {
				t.Logf("%s: %s is %d, first %s", o.ID, o.Category, o.rank, o.first)
			}
		}
		for _, o := range s.outcomes {
			if o.wrong {
				t.Errorf("%s: %s of %s, and it is %s", o.ID, o.certain, o.first, o.Category)
			}
		}
	}
}

// docs/accuracy.md holds what this command would write.
func TestFresh(t *testing.T) {
	root, err := repository()
	if err != nil {
		t.Fatal(err)
	}
	section, err := report(root)
	if err != nil {
		t.Fatal(err)
	}
	document, err := os.ReadFile(filepath.Join(root, "docs", "accuracy.md"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(replace(document, section), document) {
		t.Error("docs/accuracy.md is stale: go generate ./decode")
	}
}
