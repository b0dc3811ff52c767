package laudo

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kubelaudo/laudo/decode"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
)

// TestLawsSeen holds laws.json to the recorded incidents. A way to break that
// an incident added is none of its business until make generate is run: only
// what it says must be so.
func TestLawsSeen(t *testing.T) {
	laws := seen(t)
	if rewrite := flag.Lookup("update"); rewrite != nil && rewrite.Value.String() == "true" {
		var out bytes.Buffer
		encoder := json.NewEncoder(&out)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", " ")
		if err := encoder.Encode(laws); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("laws.json", out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	known := LawNames()
	written := lawsSeen()
	if len(written) == 0 {
		t.Fatal("laws.json says nothing: make generate")
	}
	for id, law := range written {
		if !slices.Contains(known, id) {
			t.Errorf("laws.json tells of law %s, which there is not: make generate", id)
		}
		for _, m := range law.Modes {
			if !slices.ContainsFunc(laws[id].Modes, func(o seenMode) bool { return o.Name == m.Name && o.Category == m.Category }) {
				t.Errorf("laws.json has law %s break as %s (%s), and no incident does: make generate", id, m.Name, m.Category)
			}
		}
	}
}

// TestLaws wants each law to say what it requires and whence it has that, in
// both languages.
func TestLaws(t *testing.T) {
	for _, name := range LawNames() {
		e, ok := Law(strings.ToUpper(name))
		if !ok {
			t.Errorf("law %s is not found", name)
			continue
		}
		for _, language := range []string{"en", "pt-BR"} {
			out := e.Terminal(message.NewPrinter(language))
			if strings.Contains(out, "%!") || strings.Contains(out, "{") {
				t.Errorf("%s, %s:\n%s", name, language, out)
			}
		}
		for _, part := range []string{"requires", "component"} {
			if !slices.ContainsFunc(e.Parts, func(p decode.Part) bool { return p.Name == part }) {
				t.Errorf("law %s lacks %s", name, part)
			}
		}
	}
	if _, ok := Law("no-such-law"); ok {
		t.Error("no-such-law is found")
	}
}

// seen applies the theory to the recorded incidents, and returns what the
// claims say of their laws.
func seen(t *testing.T) map[string]seenLaw {
	t.Helper()
	files, err := filepath.Glob("testdata/*/*/bundle.tar.gz")
	if err != nil || len(files) == 0 {
		t.Fatalf("no recorded incidents: %v", err)
	}
	laws := map[string]seenLaw{}
	for _, file := range files {
		bundle, err := evidence.OpenBundle(file)
		if err != nil {
			t.Fatal(err)
		}
		run, err := investigate(context.Background(), bundle, Options{TryClientCerts: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range run.theory.Claims {
			law := run.theory.Law(c.ID)
			if law == nil {
				continue
			}
			s := laws[law.ID]
			for _, m := range c.Modes {
				s.Modes = addMode(s.Modes, seenMode{Name: m.Name, Category: m.Category, Summary: pattern(m.Summary)})
				if m.Remedy == nil {
					continue
				}
				for _, step := range m.Remedy.Steps {
					s.Remedies = addWord(s.Remedies, pattern(step.Text))
				}
				for _, not := range m.Remedy.Not {
					s.Not = addWord(s.Not, pattern(not))
				}
			}
			for _, test := range c.Tests {
				s.Tests = addWord(s.Tests, pattern(test.Text))
			}
			if len(s.Modes)+len(s.Tests) > 0 {
				laws[law.ID] = s
			}
		}
	}
	return laws
}

func addMode(modes []seenMode, m seenMode) []seenMode {
	for i := range modes {
		if o := &modes[i]; o.Name == m.Name && o.Category == m.Category {
			if o.Summary.EN == "" {
				o.Summary = m.Summary
			}
			return modes
		}
	}
	return append(modes, m)
}

func addWord(words []message.Word, w message.Word) []message.Word {
	if w.EN == "" || slices.Contains(words, w) {
		return words
	}
	return append(words, w)
}

// pattern returns a text without what is of one cluster: names, addresses,
// numbers and times. It is empty where nothing else is left.
func pattern(text message.Text) message.Word {
	w := message.Word{EN: inPattern(text, "en"), PT: inPattern(text, "pt-BR")}
	if strings.Trim(w.EN, "… ().,:;") == "" {
		return message.Word{}
	}
	return w
}

func inPattern(text message.Text, language string) string {
	if text.IsZero() {
		return ""
	}
	args := make([]any, len(text.Args))
	for i, arg := range text.Args {
		switch v := arg.(type) {
		case message.Text:
			args[i] = inPattern(v, language)
		case message.Word:
			args[i] = pick(v, language)
		default:
			args[i] = "…"
		}
	}
	if len(args) == 0 {
		return pick(text.Word, language)
	}
	return fmt.Sprintf(pick(text.Word, language), args...)
}

func pick(w message.Word, language string) string {
	if language == "en" {
		return w.EN
	}
	return w.PT
}
