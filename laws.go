package laudo

import (
	_ "embed"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/kubelaudo/laudo/decode"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/theory"
	"github.com/kubelaudo/laudo/theory/components"
)

// seenLaws is what the recorded incidents show of the laws, by law: in which
// ways each breaks, how that is tested, what cures it. A law states that only
// of a cluster at hand. Made by make generate.
//
//go:embed laws.json
var seenLaws []byte

// seenLaw is what the recorded incidents show of a law. What differs from
// cluster to cluster (names, addresses, times) is left out of its texts.
type seenLaw struct {
	Modes    []seenMode     `json:"modes,omitempty"`
	Tests    []message.Word `json:"tests,omitempty"`
	Remedies []message.Word `json:"remedies,omitempty"`
	Not      []message.Word `json:"not,omitempty"`
}

// seenMode is a way in which a law was seen to break, or might have.
type seenMode struct {
	Name     string       `json:"name"`
	Category string       `json:"category"`
	Summary  message.Word `json:"summary,omitzero"`
}

// LawNames lists the IDs of the laws, in the order in which they are read.
func LawNames() []string {
	var names []string
	for _, c := range components.All {
		for _, law := range c.Laws {
			names = append(names, law.ID)
		}
	}
	return names
}

// The titles of the parts of a law's entry.
var (
	titleRequires  = message.Word{EN: "Requires", PT: "Exige"}.With()
	titleWhy       = message.Word{EN: "Why", PT: "Por quê"}.With()
	titleSource    = message.Word{EN: "Source of the rule", PT: "Fonte da regra"}.With()
	titleComponent = message.Word{EN: "Component", PT: "Componente"}.With()
	titleReads     = message.Word{EN: "Reads", PT: "Lê"}.With()
	titleModes     = message.Word{EN: "How it breaks", PT: "Como quebra"}.With()
	titleTested    = message.Word{EN: "How it is tested", PT: "Como é testada"}.With()
	titleRemedies  = message.Word{EN: "What cures it", PT: "O que a resolve"}.With()
	titleNot       = message.Word{EN: "What not to do", PT: "O que não fazer"}.With()

	lawOf   = message.Word{EN: "a law about %[1]s: %[2]s", PT: "uma lei sobre %[1]s: %[2]s"}
	modeOf  = message.Word{EN: "%[1]s (%[2]s): %[3]s", PT: "%[1]s (%[2]s): %[3]s"}
	modeAs  = message.Word{EN: "%[1]s (%[2]s)", PT: "%[1]s (%[2]s)"}
	pairOf  = message.Word{EN: "%[1]s: %[2]s", PT: "%[1]s: %[2]s"}
	website = regexp.MustCompile(`\b(?:kubernetes\.io|github\.com|etcd\.io|learn\.microsoft\.com|docs\.aws\.amazon\.com|cloud\.google\.com)/[\w./#\-]*\w`)
)

// Law returns the theory of the law with that ID, in any case. It reports false
// where there is none.
func Law(name string) (decode.Entry, bool) {
	key := strings.ToLower(strings.TrimSpace(name))
	for i := range components.All {
		for j := range components.All[i].Laws {
			if law := &components.All[i].Laws[j]; law.ID == key {
				return lawEntry(&components.All[i], law), true
			}
		}
	}
	return decode.Entry{}, false
}

func lawEntry(c *theory.Component, law *theory.Law) decode.Entry {
	requires, rest, _ := strings.Cut(law.Doc, "\n\n")
	why, source, _ := strings.Cut(rest, "Source")
	source = strings.TrimPrefix(strings.TrimPrefix(source, "s"), ":")
	e := decode.Entry{Name: law.ID, Kind: "law", Summary: lawOf.With(c.Name, requires)}
	add := func(name string, title message.Text, items ...message.Text) {
		items = slices.DeleteFunc(items, message.Text.IsZero)
		if len(items) > 0 {
			e.Parts = append(e.Parts, decode.Part{Name: name, Title: title, Items: items})
		}
	}
	one := func(s string) message.Text {
		if s = strings.TrimSpace(s); s == "" {
			return message.Text{}
		}
		return message.Plain(s)
	}
	add("requires", titleRequires, one(requires))
	add("why", titleWhy, one(why))
	add("source", titleSource, one(source))
	add("component", titleComponent, pairOf.With(c.Name, c.For))
	var reads []message.Text
	for _, r := range law.Reads {
		reads = append(reads, message.Plain(r.Verb+" "+r.Resource))
	}
	add("reads", titleReads, reads...)

	seen := lawsSeen()[law.ID]
	var modes []message.Text
	for _, m := range seen.Modes {
		if m.Summary.EN == "" {
			modes = append(modes, modeAs.With(m.Name, m.Category))
			continue
		}
		modes = append(modes, modeOf.With(m.Name, m.Category, m.Summary))
	}
	add("modes", titleModes, modes...)
	add("tested", titleTested, plainWords(seen.Tests)...)
	add("remedies", titleRemedies, plainWords(seen.Remedies)...)
	add("not", titleNot, plainWords(seen.Not)...)
	for _, address := range website.FindAllString(source, -1) {
		if address = "https://" + address; !slices.Contains(e.References, address) {
			e.References = append(e.References, address)
		}
	}
	return e
}

// lawsSeen reads what make generate wrote. It is part of the program, so that
// it can be read is for the tests to hold.
func lawsSeen() map[string]seenLaw {
	var seen map[string]seenLaw
	if err := json.Unmarshal(seenLaws, &seen); err != nil {
		return nil
	}
	return seen
}

func plainWords(words []message.Word) []message.Text {
	var out []message.Text
	for _, w := range words {
		out = append(out, pairWord.With(w))
	}
	return out
}

var pairWord = message.Word{EN: "%[1]s", PT: "%[1]s"}
