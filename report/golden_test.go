package report

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite what the tests compare with")

// documents returns the saved documents, by name.
func documents(t *testing.T) map[string]*Document {
	t.Helper()
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no documents in testdata: %v", err)
	}
	all := map[string]*Document{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		d, err := ReadJSON(bytes.NewReader(data))
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		all[strings.TrimSuffix(filepath.Base(file), ".json")] = d
	}
	return all
}

// golden compares got with the file, or writes it with -update.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; -update rewrites it):\n%s", file, diff)
	}
}

func TestTerminal(t *testing.T) {
	for name, d := range documents(t) {
		for _, width := range []int{60, 100, 160} {
			var out strings.Builder
			if err := (Terminal{Width: width}).Print(&out, d); err != nil {
				t.Fatal(err)
			}
			golden(t, fmt.Sprintf("testdata/%s.%d.txt", name, width), out.String())
		}
	}
}

func TestTerminalForms(t *testing.T) {
	d := documents(t)["two.pt-BR"]
	for name, terminal := range map[string]Terminal{
		"ascii":   {ASCII: true},
		"colour":  {Colour: true},
		"verbose": {Verbose: true},
	} {
		var out strings.Builder
		if err := terminal.Print(&out, d); err != nil {
			t.Fatal(err)
		}
		golden(t, "testdata/two."+name+".txt", out.String())
		text := out.String()
		for i, r := range text {
			if name == "ascii" && (r >= 0x80 || r < ' ' && r != '\n') {
				t.Errorf("%q at %d is not ASCII", r, i)
			}
			if name == "verbose" && (r == 0x1b || r == 0x202e) {
				t.Errorf("%q at %d came through", r, i)
			}
		}
	}
}

// TestColourIsNotNeeded: without its escapes a coloured report says the same.
func TestColourIsNotNeeded(t *testing.T) {
	escape := regexp.MustCompile("\x1b\\[[0-9;]*m")
	for name, d := range documents(t) {
		var plain, coloured strings.Builder
		if err := (Terminal{}).Print(&plain, d); err != nil {
			t.Fatal(err)
		}
		if err := (Terminal{Colour: true}).Print(&coloured, d); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(plain.String(), escape.ReplaceAllString(coloured.String(), "")); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestLinesFit: no line is longer than the page, but where a word or a command
// is.
func TestLinesFit(t *testing.T) {
	for name, d := range documents(t) {
		for width := minWidth; width <= maxWidth; width++ {
			var out strings.Builder
			if err := (Terminal{Width: width, ASCII: true}).Print(&out, d); err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(out.String()) {
				line = strings.TrimRight(line, "\n")
				text := strings.TrimSpace(line)
				command := strings.Contains(text, "az aks") || strings.Contains(text, "openssl") || strings.HasPrefix(text, "nc ")
				if len(line) > width && !command {
					t.Errorf("%s at %d: %q", name, width, line)
				}
				if strings.HasSuffix(line, " ") {
					t.Errorf("%s at %d: %q ends in a space", name, width, line)
				}
			}
		}
	}
}

func TestJSONRoundTrip(t *testing.T) {
	for name, d := range documents(t) {
		var out bytes.Buffer
		if err := WriteJSON(&out, d); err != nil {
			t.Fatal(err)
		}
		first := out.String()
		back, err := ReadJSON(&out)
		if err != nil {
			t.Fatal(err)
		}
		var again bytes.Buffer
		if err := WriteJSON(&again, back); err != nil {
			t.Fatal(err)
		}
		if first != again.String() {
			t.Errorf("%s changed on its way through JSON", name)
		}
	}
}

func TestExitCode(t *testing.T) {
	risks := []Risk{{}}
	for _, c := range []struct {
		name       string
		document   Document
		failOnRisk bool
		want       int
	}{
		{"healthy", Document{Verdict: VerdictHealthy}, true, 0},
		{"risk", Document{Verdict: VerdictHealthy, Risks: risks}, false, 0},
		{"risk that counts", Document{Verdict: VerdictHealthy, Risks: risks}, true, 1},
		{"broken", Document{Verdict: VerdictBroken}, false, 1},
		{"blind", Document{Verdict: VerdictBlind, Risks: risks}, false, 3},
		{"blind, with a risk that counts", Document{Verdict: VerdictBlind, Risks: risks}, true, 1},
	} {
		if got := ExitCode(&c.document, c.failOnRisk); got != c.want {
			t.Errorf("%s: exit code %d, want %d", c.name, got, c.want)
		}
	}
}

// TestEvidenceResolves: every mark in the saved documents has its evidence.
func TestEvidenceResolves(t *testing.T) {
	for name, d := range documents(t) {
		known := map[string]bool{}
		for _, e := range d.EvidenceItems {
			known[e.ID] = true
		}
		var marks []string
		for _, c := range d.Causes {
			marks = append(marks, c.Evidence...)
		}
		for _, s := range d.Symptoms {
			marks = append(marks, s.Evidence...)
		}
		for _, r := range d.RuledOut {
			marks = append(marks, r.Evidence...)
		}
		for _, mark := range marks {
			if !known[mark] {
				t.Errorf("%s: no evidence %s", name, mark)
			}
		}
	}
}
