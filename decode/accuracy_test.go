package decode

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// go generate writes the section of docs/accuracy.md.
var update = flag.Bool("update", false, "rewrite what the tests compare with")

// TestAccuracy holds Explain to its aims, and docs/accuracy.md to what is so.
func TestAccuracy(t *testing.T) {
	corpus, heldout, fresh := load(t, "corpus.jsonl", false), load(t, "heldout.jsonl", true), load(t, "fresh.jsonl", false)
	for _, tt := range []struct {
		name         string
		incidents    []incident
		first, third int // at least, in percent
	}{
		{"corpus", corpus, 85, 97},
		{"heldout", heldout, 95, 100},
		{"fresh", fresh, 85, 97},
	} {
		s := measure(tt.incidents)
		if 100*s.first < tt.first*s.scored || 100*s.third < tt.third*s.scored {
			t.Errorf("%s: rank 1 %d, rank 3 %d of %d", tt.name, s.first, s.third, s.scored)
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

	for _, i := range heldout {
		e := Explain(strings.Join(i.Evidence, "\n"))
		if i.Mode != "" && (len(e.Hypotheses) == 0 || e.Hypotheses[0].ID != i.Mode) {
			t.Errorf("%s: not %s first: %v", i.ID, i.Mode, categoriesOf(e))
		}
		if i.Category != "" && (len(e.Hypotheses) == 0 || e.Hypotheses[0].Category != i.Category) {
			t.Errorf("%s: not %s first: %v", i.ID, i.Category, categoriesOf(e))
		}
		for _, c := range categoriesOf(e) {
			if slices.Contains(i.Not, c) || slices.Contains(i.Not, "*") {
				t.Errorf("%s: %s is proposed", i.ID, c)
			}
		}
	}

	file := filepath.Join("..", "docs", "accuracy.md")
	old, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	document := replace(old, section(corpus, heldout, fresh))
	switch {
	case bytes.Equal(document, old):
	case *update:
		if err := os.WriteFile(file, document, 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("%s is stale: go generate ./decode", file)
	}
}

// categoriesOf returns the categories of the hypotheses in their order.
func categoriesOf(e Explanation) []string {
	var out []string
	for _, h := range e.Hypotheses {
		out = append(out, h.Category)
	}
	return out
}

// incident is a line of a corpus.
type incident struct {
	ID, URL, Category string
	Confirmed         bool
	Evidence          []string
	Mode              string   // of the first hypothesis; empty: any
	Not               []string // categories that must not be proposed; "*": none may
}

// scored reports whether the category counts: where the thread settled nothing,
// and for what no text can tell, only a wrong certainty does.
func (i incident) scored() bool {
	return i.Confirmed && i.Category != "" && i.Category != "bug-upstream" && i.Category != "other"
}

// load reads a corpus; with all, each of its incidents counts as settled.
func load(t *testing.T, file string, all bool) []incident {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	var out []incident
	for line := range bytes.Lines(data) {
		var i incident
		if err := json.Unmarshal(line, &i); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		i.Confirmed = i.Confirmed || all
		out = append(out, i)
	}
	return out
}

// outcome is what Explain made of an incident.
type outcome struct {
	incident
	rank     int // of the right category; 0: not among the hypotheses
	first    string
	certain  Certainty // of the first
	wrong    bool      // certain of another category
	proposed int
}

// tally is a sum of outcomes.
type tally struct {
	outcomes                             []outcome
	scored, first, third, certain, wrong int
	proposed                             int
	missed                               []outcome
	perCategory                          map[string][3]int // scored, rank 1, rank 3
}

func measure(incidents []incident) tally {
	t := tally{perCategory: make(map[string][3]int)}
	for _, i := range incidents {
		e := Explain(strings.Join(i.Evidence, "\n"))
		o := outcome{incident: i, certain: Open, proposed: len(e.Hypotheses)}
		for n, h := range e.Hypotheses {
			if n == 0 {
				o.first, o.certain = h.Category, h.Certainty
			}
			if h.Category == i.Category {
				o.rank = n + 1
			}
			if h.Certainty != Open {
				t.certain++
				o.wrong = o.wrong || h.Category != i.Category
			}
		}
		t.proposed += o.proposed
		t.outcomes = append(t.outcomes, o)
		if o.wrong {
			t.wrong++
		}
		if !i.scored() {
			continue
		}
		n := t.perCategory[i.Category]
		n[0]++
		t.scored++
		if o.rank == 1 {
			t.first++
			n[1]++
		} else {
			t.missed = append(t.missed, o)
		}
		if o.rank > 0 && o.rank <= 3 {
			t.third++
			n[2]++
		}
		t.perCategory[i.Category] = n
	}
	return t
}

func percent(n, of int) string { return fmt.Sprintf("%.0f %%", 100*float64(n)/float64(max(of, 1))) }

// The marks around the's section of docs/accuracy.md.
const (
	begin = "<!-- explain: written by go generate ./decode -->\n"
	end   = "<!-- explain: end -->\n"
)

// replace returns the document with the section in its place, or at its end.
func replace(document, section []byte) []byte {
	before, rest, ok := bytes.Cut(document, []byte(begin))
	_, after, closed := bytes.Cut(rest, []byte(end))
	if !ok || !closed {
		before, after = document, nil
		if len(before) == 0 {
			before = []byte("# Accuracy\n\n")
		}
	}
	return slices.Concat(before, []byte(begin), section, []byte(end), after)
}

// section returns what docs/accuracy.md is to say of the corpora.
func section(corpus, heldout, fresh []incident) []byte {
	c, h, f := measure(corpus), measure(heldout), measure(fresh)
	var b bytes.Buffer
	fmt.Fprintf(&b, `## laudo explain

What `+"`laudo explain`"+` makes of a pasted text, with no cluster to look at. Three sets: the corpus of %d incidents
(`+"`decode/testdata/corpus.jsonl`"+`: the lines that programs printed, nothing else), %d texts made up from the components'
sources (`+"`decode/testdata/heldout.jsonl`"+`), and %d more incidents, gathered in rounds (`+"`decode/testdata/fresh.jsonl`"+`). A
category counts where the thread settled it, without bug-upstream and other; a wrong certainty (a hypothesis above "open" of
another category) counts everywhere.

| | scored | right at rank 1 | right at rank 3 | wrong certainties | above "open" | hypotheses, mean |
|---|---|---|---|---|---|---|
`, len(corpus), len(heldout), len(fresh))
	row := func(name string, t tally) {
		fmt.Fprintf(&b, "| %s | %d | %d (%s) | %d (%s) | %d of %d | %d | %.1f |\n", name, t.scored, t.first, percent(t.first, t.scored),
			t.third, percent(t.third, t.scored), t.wrong, len(t.outcomes), t.certain, float64(t.proposed)/float64(max(len(t.outcomes), 1)))
	}
	row("corpus", c)
	row("made up", h)
	row("in rounds", f)
	b.WriteString(note)
	b.WriteString("\n| category | scored | rank 1 | rank 3 |\n|---|---|---|---|\n")
	var names []string
	for name := range c.perCategory {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		n := c.perCategory[name]
		fmt.Fprintf(&b, "| %s | %d | %d | %d |\n", name, n[0], n[1], n[2])
	}
	b.WriteString("\nNot first:\n\n| incident | category | rank | first instead |\n|---|---|---|---|\n")
	for _, o := range c.missed {
		rank := "none"
		if o.rank > 0 {
			rank = fmt.Sprint(o.rank)
		}
		fmt.Fprintf(&b, "| [%s](%s) | %s | %s | %s |\n", o.ID, o.URL, o.Category, rank, o.first)
	}
	b.WriteString("\nEach incident:\n\n| incident | category | settled | rank | first | certainty | hypotheses |\n|---|---|---|---|---|---|---|\n")
	for _, o := range c.outcomes {
		settled := "no"
		if o.Confirmed {
			settled = "yes"
		}
		fmt.Fprintf(&b, "| [%s](%s) | %s | %s | %d | %s | %s | %d |\n", o.ID, o.URL, o.Category, settled, o.rank, o.first, o.certain, o.proposed)
	}
	b.WriteByte('\n')
	return b.Bytes()
}

// note says how far the figures can be trusted.
const note = `
The rules come from what components print and why. The corpus was then used to see where they fall short, so its figure is
not one for texts never seen. Figures at first sight, before anything was changed for the texts in question: one half of
the corpus, with the rules just written, 45 % at rank 1 and 66 % at rank 3 (29 scored); a quarter of it, after generalising
from another quarter, 55 % and 91 % (11 scored); three sets of texts quoted in other public threads, 82 % and 97 % (33),
76 % and 88 % (33), 64 % and 93 % (28).

Then the rounds: each incident was labelled from its thread before the rules, as they stood, saw it. Rounds 1 to 3 met the
same rules, and so did 6 and 7; the others those of the round before. A round counts what was labelled before any of it was
seen by the rules, and nothing that the corpora had already.

| round | incidents | scored | rank 1 at first sight | rank 3 at first sight | wrong certainties |
|---|---|---|---|---|---|
| 1 | 27 | 15 | 14 (93 %) | 15 (100 %) | 0 |
| 2 | 16 | 7 | 5 (71 %) | 7 (100 %) | 0 |
| 3 | 31 | 22 | 18 (82 %) | 20 (91 %) | 1 |
| 4 | 26 | 17 | 12 (71 %) | 14 (82 %) | 0 |
| 5 | 21 | 10 | 9 (90 %) | 9 (90 %) | 0 |
| 6 | 17 | 8 | 7 (88 %) | 8 (100 %) | 0 |
| 7 | 24 | 18 | 13 (72 %) | 18 (100 %) | 0 |
| 8 | 30 | 18 | 12 (67 %) | 15 (83 %) | 0 |
| 9 | 38 | 22 | 18 (82 %) | 19 (86 %) | 0 |
| 10 | 23 | 12 | 12 (100 %) | 12 (100 %) | 0 |
| 11 | 25 | 13 | 7 (54 %) | 10 (77 %) | 0 |
| 12 | 28 | 12 | 6 (50 %) | 10 (83 %) | 0 |
| 13 | 22 | 6 | 5 (83 %) | 5 (83 %) | 0 |
| 14 | 16 | 9 | 8 (89 %) | 8 (89 %) | 0 |
| all | 344 | 189 | 146 (77 %) | 170 (90 %) | 1 |

Much of what is missed are texts that do not tell: a sentence cut short, a symptom without its reason.
`
