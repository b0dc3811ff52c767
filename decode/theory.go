package decode

import (
	"slices"
	"strings"

	"github.com/kubelaudo/laudo/message"
)

// Entry is the theory of one thing: a component, a category of fault, or a law.
type Entry struct {
	Name    string // as it is written everywhere else
	Kind    string // "component", "category" or "law"
	Summary message.Text
	Parts   []Part
	// References are addresses where its makers describe it.
	References []string
}

// Part is a titled list of an entry.
type Part struct {
	// Name is stable: talks, credentials, breaks, look, varieties, texts, tests;
	// of a law: requires, why, source, component, reads, modes, tested, remedies,
	// not.
	Name  string
	Title message.Text
	Items []message.Text
}

// Component is a row of the theory of components.
type component struct {
	name    string
	aliases string // in lower case, separated by spaces
	purpose message.Word
	// talks says who connects to whom: "kubelet > kube-apiserver :6443", and why.
	talks       []talk
	credentials []message.Word
	breaks      []message.Word // what breaks when it breaks
	look        []string       // commands to see it
	references  []string
}

type talk struct {
	path string // from > to, port
	why  message.Word
}

// The titles of an entry's parts.
var (
	titleTalks       = w("Talks to", "Fala com").With()
	titleCredentials = w("Credentials", "Credenciais").With()
	titleBreaks      = w("When it breaks", "Quando quebra").With()
	titleLook        = w("How to look", "Como olhar").With()
	titleVarieties   = w("Varieties", "Variedades").With()
	titleTexts       = w("What programs print", "O que os programas imprimem").With()
	titleTests       = w("Tests", "Testes").With()
)

// Theory returns the entry of a component or a category, by its exact name or
// a common other one, in any case. It reports false for what it does not know.
func Theory(name string) (Entry, bool) {
	key := strings.ToLower(strings.TrimSpace(name))
	var e Entry
	for _, c := range components {
		if key == c.name || slices.Contains(strings.Fields(c.aliases), key) {
			e = c.entry()
			break
		}
	}
	for _, c := range categories {
		if key != c.name {
			continue
		}
		// A webhook is both: what it is, and how it breaks.
		of := c.entry()
		if e.Name == "" {
			return of, true
		}
		e.add(of.Parts...)
		for _, r := range of.References {
			if !slices.Contains(e.References, r) {
				e.References = append(slices.Clone(e.References), r)
			}
		}
	}
	return e, e.Name != ""
}

// Names lists the names that [Theory] knows: components, then categories.
func Names() []string {
	var names []string
	for _, c := range components {
		names = append(names, c.name)
	}
	for _, c := range categories {
		if !slices.Contains(names, c.name) {
			names = append(names, c.name)
		}
	}
	return names
}

func (c component) entry() Entry {
	e := Entry{Name: c.name, Kind: "component", Summary: c.purpose.With(), References: c.references}
	talks := Part{Name: "talks", Title: titleTalks}
	for _, t := range c.talks {
		talks.Items = append(talks.Items, w("%[1]s: %[2]s", "%[1]s: %[2]s").With(t.path, t.why))
	}
	credentials := Part{Name: "credentials", Title: titleCredentials, Items: texts(c.credentials)}
	breaks := Part{Name: "breaks", Title: titleBreaks, Items: texts(c.breaks)}
	look := Part{Name: "look", Title: titleLook, Items: plain(c.look)}
	e.add(talks, credentials, breaks, look)
	return e
}

// add adds parts that are not empty.
func (e *Entry) add(parts ...Part) {
	for _, p := range parts {
		if len(p.Items) > 0 {
			e.Parts = append(e.Parts, p)
		}
	}
}

func texts(words []message.Word) []message.Text {
	var out []message.Text
	for _, word := range words {
		out = append(out, word.With())
	}
	return out
}

func plain(lines []string) []message.Text {
	var out []message.Text
	for _, s := range lines {
		out = append(out, message.Plain(s))
	}
	return out
}

// category is a row of the theory of categories. Its varieties and tests are
// those of the hypotheses that have it.
type category struct {
	name       string
	meaning    message.Word
	texts      []string // what programs print, in their words
	references []string
}

func (c category) entry() Entry {
	e := Entry{Name: c.name, Kind: "category", Summary: c.meaning.With(), References: c.references}
	varieties := Part{Name: "varieties", Title: titleVarieties}
	tests := Part{Name: "tests", Title: titleTests}
	seen := make(map[string]bool)
	for _, m := range modes {
		if m.category != c.name {
			continue
		}
		varieties.Items = append(varieties.Items, fill(m.summary, nil))
		for _, t := range m.tests {
			if command := fillString(t.command, nil); !seen[command] {
				seen[command] = true
				tests.Items = append(tests.Items, w("%[1]s: %[2]s", "%[1]s: %[2]s").With(fill(t.text, nil), command))
			}
		}
	}
	e.add(varieties, Part{Name: "texts", Title: titleTexts, Items: plain(c.texts)}, tests)
	return e
}
