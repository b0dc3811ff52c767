package decode

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/kubelaudo/laudo/message"
)

var printers = []message.Printer{message.NewPrinter("en"), message.NewPrinter("pt-BR")}

func TestTerminal(t *testing.T) {
	for _, tt := range findingTests {
		for _, p := range printers {
			out := Explain(tt.text).Terminal(p)
			for _, bad := range []string{"%!", "‹", "›", "\x1b"} {
				if strings.Contains(out, bad) {
					t.Errorf("%s: %q in the terminal's text:\n%s", p.Language(), bad, out)
				}
			}
		}
	}
}

func TestJSON(t *testing.T) {
	data, err := json.Marshal(Explain("Error from server: error dialing backend: No agent available"))
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Hypotheses []struct {
			Category, Certainty, Summary string
			Tests                        []struct{ Text, Command string }
		}
		Findings  []struct{ ID, Hop, Stage string }
		NotProven []string
	}
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Hypotheses) == 0 || got.Hypotheses[0].Category != "konnectivity-agent-down" || len(got.Hypotheses[0].Tests) == 0 {
		t.Errorf("hypotheses: %+v", got.Hypotheses)
	}
	if len(got.Findings) != 1 || got.Findings[0].ID != "no-agent" || len(got.NotProven) == 0 {
		t.Errorf("findings: %+v, not proven: %q", got.Findings, got.NotProven)
	}
}

func TestEmptyJSON(t *testing.T) {
	data, err := json.Marshal(Explain(""))
	if err != nil || strings.Contains(string(data), "null") {
		t.Errorf("%s, %v", data, err)
	}
}

func TestTheory(t *testing.T) {
	for _, name := range append(Names(), "CoreDNS", "controller-manager", "apiservice", "CSR", "CNI", "signer", "scheduler") {
		e, ok := Theory(name)
		if !ok {
			t.Errorf("Theory(%q) is unknown", name)
			continue
		}
		for _, p := range printers {
			out := e.Terminal(p)
			for _, bad := range []string{"%!", "‹", "›"} {
				if strings.Contains(out, bad) {
					t.Errorf("Theory(%q), %s: %q in\n%s", name, p.Language(), bad, out)
				}
			}
		}
		if e.Kind == "component" && len(e.Parts) < 3 && e.Name != "hpa" {
			t.Errorf("Theory(%q) has only %d parts", name, len(e.Parts))
		}
	}
	if _, ok := Theory("nonsense"); ok {
		t.Error("nonsense is known")
	}
}

// Every category that a hypothesis can have is explained.
func TestCategories(t *testing.T) {
	known := make(map[string]bool)
	for _, c := range categories {
		known[c.name] = true
	}
	for _, m := range modes {
		if !known[m.category] {
			t.Errorf("category %s has no entry", m.category)
		}
	}
}

// Two languages of one text differ, and hold the same placeholders.
func TestWords(t *testing.T) {
	check := func(where string, word message.Word) {
		if word.EN == "" || word.PT == "" {
			t.Errorf("%s: %q, %q: one language is missing", where, word.EN, word.PT)
		}
		if a, b := holes(word.EN), holes(word.PT); a != b {
			t.Errorf("%s: placeholders differ: %s and %s", where, a, b)
		}
	}
	for _, m := range modes {
		check(m.id, m.summary)
		for _, x := range m.tests {
			check(m.id, x.text)
		}
	}
	for _, c := range clues {
		check(c.on, c.says)
	}
	for _, l := range limits {
		check(l.on, l.text)
	}
	for _, c := range components {
		check(c.name, c.purpose)
		for _, x := range c.talks {
			check(c.name, x.why)
		}
		for _, x := range append(c.credentials, c.breaks...) {
			check(c.name, x)
		}
	}
	for _, c := range categories {
		check(c.name, c.meaning)
	}
}

// holes returns the names of a word's placeholders, each once, in order of the
// alphabet.
func holes(s string) string {
	seen := make(map[string]bool)
	for {
		_, rest, ok := strings.Cut(s, "‹")
		if !ok {
			break
		}
		hole, after, _ := strings.Cut(rest, "›")
		name, _, _ := strings.Cut(hole, "|")
		seen[name] = true
		s = after
	}
	return joinSorted(seen)
}

func joinSorted(set map[string]bool) string {
	return strings.Join(slices.Sorted(maps.Keys(set)), " ")
}

// TestPlaceholders: what fills them fits the sentence, and is the right one.
func TestPlaceholders(t *testing.T) {
	e := Explain(`Get "https://10.240.0.5:10250/containerLogs/default/web-1/web": No agent available`)
	for _, h := range e.Hypotheses {
		if text := message.NewPrinter("en").Sprint(h.Summary); strings.Contains(text, "10.240.0.5") {
			t.Errorf("%s takes the kubelet for what agents dial: %s", h.ID, text)
		}
	}
	for _, h := range Explain("error: unable to upgrade connection: Unauthorized").Hypotheses {
		if text := message.NewPrinter("pt").Sprint(h.Summary); strings.Contains(text, " de o ") {
			t.Errorf("%s: %s", h.ID, text)
		}
	}
}
