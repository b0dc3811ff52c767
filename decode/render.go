package decode

import (
	"encoding/json"
	"strings"

	"github.com/kubelaudo/laudo/message"
)

// SchemaVersion is the version of the JSON of [Document]. Fields are only added
// within a version.
const SchemaVersion = "1"

// Document is an explanation in one language, for programs.
type Document struct {
	SchemaVersion string            `json:"schemaVersion"`
	Language      string            `json:"language"`
	Hypotheses    []HypothesisEntry `json:"hypotheses"` // the best first
	Findings      []Finding         `json:"findings"`   // the most specific first
	NotProven     []string          `json:"notProven"`
	// Noise reports whether all there is to see is known to be harmless.
	Noise bool `json:"noise"`
}

// HypothesisEntry is a [Hypothesis] in one language.
type HypothesisEntry struct {
	ID        string        `json:"id"` // the variety of the category
	Category  string        `json:"category"`
	Certainty Certainty     `json:"certainty"`
	Score     int           `json:"score"`
	Summary   string        `json:"summary"`
	Why       []ReasonEntry `json:"why"`
	Tests     []TestEntry   `json:"tests"`
}

// ReasonEntry is a [Reason] in one language.
type ReasonEntry struct {
	Text   string `json:"text"`
	Points int    `json:"points"`
}

// TestEntry is a [Test] in one language.
type TestEntry struct {
	Text    string `json:"text"`
	Command string `json:"command"`
}

// Document returns the explanation in the language of p.
func (e Explanation) Document(p message.Printer) Document {
	d := Document{
		SchemaVersion: SchemaVersion, Language: p.Language(), Noise: e.Noise,
		Hypotheses: []HypothesisEntry{}, Findings: append([]Finding{}, e.Findings...), NotProven: []string{},
	}
	for _, h := range e.Hypotheses {
		entry := HypothesisEntry{
			ID: h.ID, Category: h.Category, Certainty: h.Certainty, Score: h.Score,
			Summary: p.Sprint(h.Summary), Why: []ReasonEntry{}, Tests: []TestEntry{},
		}
		for _, r := range h.Why {
			entry.Why = append(entry.Why, ReasonEntry{p.Sprint(r.Text), r.Points})
		}
		for _, t := range h.Tests {
			entry.Tests = append(entry.Tests, TestEntry{p.Sprint(t.Text), t.Command})
		}
		d.Hypotheses = append(d.Hypotheses, entry)
	}
	for _, t := range e.NotProven {
		d.NotProven = append(d.NotProven, p.Sprint(t))
	}
	return d
}

// MarshalJSON returns the explanation's [Document] in English.
func (e Explanation) MarshalJSON() ([]byte, error) {
	return json.Marshal(e.Document(message.NewPrinter()))
}

// What the terminal says around an explanation.
var (
	sayRead      = w("WHAT IT SAYS", "O QUE DIZ")
	sayNothing   = w("no fault that laudo knows is in this text", "nenhuma falha que o laudo conheça está neste texto")
	sayNoise     = w("healthy clusters print this too, at a low rate; it matters only if something fails as well", "clusters saudáveis também imprimem isto, às vezes; só importa se algo também falha")
	sayBehind    = w("WHAT MAY BE BEHIND IT", "O QUE PODE ESTAR POR TRÁS")
	sayNotProven = w("THIS TEXT DOES NOT PROVE", "ESTE TEXTO NÃO PROVA")
	saySee       = w("REFERENCES", "REFERÊNCIAS")
	sayCertainty = map[Certainty]message.Word{
		Confirmed: w("confirmed", "confirmada"),
		Likely:    w("likely", "provável"),
		Open:      w("open", "em aberto"),
	}
)

// width is what texts are laid out for, in columns.
const width = 100

// Terminal renders the explanation for people, as plain text.
func (e Explanation) Terminal(p message.Printer) string {
	var b strings.Builder
	say := func(word message.Word) string { return p.Sprint(word.With()) }

	b.WriteString(say(sayRead) + "\n")
	if len(e.Findings) == 0 {
		paragraph(&b, 2, say(sayNothing))
	}
	for i, f := range e.Findings {
		if i == 8 {
			break
		}
		line := strings.ReplaceAll(f.Hop, ">", " > ")
		if f.Address != "" {
			line += "  " + f.Address
		}
		paragraph(&b, 2, strings.TrimSpace(f.Stage+"  "+f.ID+"  "+line))
		paragraph(&b, 6, `"`+f.Text+`"`)
	}
	if e.Noise {
		paragraph(&b, 2, say(sayNoise))
	}
	if len(e.Hypotheses) > 0 {
		b.WriteString("\n" + say(sayBehind) + "\n")
	}
	for i, h := range e.Hypotheses {
		if i == 5 {
			break
		}
		b.WriteString("  " + string(rune('1'+i)) + "  " + h.Category + "  " + say(sayCertainty[h.Certainty]) + "\n")
		paragraph(&b, 5, p.Sprint(h.Summary))
		for _, r := range h.Why {
			paragraph(&b, 7, "- "+p.Sprint(r.Text))
		}
		for _, t := range h.Tests {
			paragraph(&b, 7, "? "+p.Sprint(t.Text))
			b.WriteString("         " + t.Command + "\n")
		}
	}
	if len(e.NotProven) > 0 {
		b.WriteString("\n" + say(sayNotProven) + "\n")
	}
	for _, t := range e.NotProven {
		paragraph(&b, 2, "- "+p.Sprint(t))
	}
	return b.String()
}

// EntryDocument is an [Entry] in one language.
type EntryDocument struct {
	SchemaVersion string         `json:"schemaVersion"`
	Language      string         `json:"language"`
	Name          string         `json:"name"`
	Kind          string         `json:"kind"`
	Summary       string         `json:"summary"`
	Parts         []PartDocument `json:"parts"`
	References    []string       `json:"references"`
}

// PartDocument is a [Part] in one language.
type PartDocument struct {
	Name  string   `json:"name"`
	Title string   `json:"title"`
	Items []string `json:"items"`
}

// Document returns the entry in the language of p.
func (e Entry) Document(p message.Printer) EntryDocument {
	d := EntryDocument{
		SchemaVersion: SchemaVersion, Language: p.Language(), Name: e.Name, Kind: e.Kind,
		Summary: p.Sprint(e.Summary), Parts: []PartDocument{}, References: append([]string{}, e.References...),
	}
	for _, part := range e.Parts {
		doc := PartDocument{Name: part.Name, Title: p.Sprint(part.Title)}
		for _, item := range part.Items {
			doc.Items = append(doc.Items, p.Sprint(item))
		}
		d.Parts = append(d.Parts, doc)
	}
	return d
}

// Terminal renders the entry for people, as plain text.
func (e Entry) Terminal(p message.Printer) string {
	var b strings.Builder
	b.WriteString(e.Name + "\n")
	paragraph(&b, 2, p.Sprint(e.Summary))
	for _, part := range e.Parts {
		b.WriteString("\n" + strings.ToUpper(p.Sprint(part.Title)) + "\n")
		for _, item := range part.Items {
			if part.Name == "look" || part.Name == "tests" {
				// Commands are to be copied: they are not broken.
				b.WriteString("  " + p.Sprint(item) + "\n")
				continue
			}
			paragraph(&b, 2, "- "+p.Sprint(item))
		}
	}
	if len(e.References) > 0 {
		b.WriteString("\n" + p.Sprint(saySee.With()) + "\n")
		for _, r := range e.References {
			b.WriteString("  " + r + "\n")
		}
	}
	return b.String()
}

// paragraph writes text indented, broken at spaces; what follows a leading
// mark ("- ", "? ") hangs behind it.
func paragraph(b *strings.Builder, indent int, text string) {
	hang := indent
	if strings.HasPrefix(text, "- ") || strings.HasPrefix(text, "? ") {
		hang += 2
	}
	b.WriteString(strings.Repeat(" ", indent))
	used := indent
	for i, word := range strings.Fields(text) {
		n := len([]rune(word))
		switch {
		case i == 0:
		case used+1+n > width:
			b.WriteString("\n" + strings.Repeat(" ", hang))
			used = hang
		default:
			b.WriteByte(' ')
			used++
		}
		b.WriteString(word)
		used += n
	}
	b.WriteByte('\n')
}
