// Package message renders every text that a person reads, in English and in
// Brazilian Portuguese.
//
// A text is written where it is meant: a [Word] holds it in both languages,
// next to the law or the screen that says it. With arguments it becomes a
// [Text], which travels through diagnosis and report without a language, and
// only a [Printer] makes a string of it.
package message

import (
	"fmt"
	"strconv"
	"time"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// The languages that every text is written in. The first is the fallback.
var languages = []language.Tag{language.English, language.BrazilianPortuguese}

// Word is a text in both languages. Arguments are named by position, %[1]s,
// and are strings by the time they get there: numbers in texts are ports, sizes
// and counts, and are never grouped.
type Word struct{ EN, PT string }

// With returns the text with its arguments: a string, an int, a [Text], a
// [Count], a [Ago], or a time.Time (printed to the minute, in UTC).
func (w Word) With(args ...any) Text { return Text{w, args} }

// Text is a word with its arguments, in no language yet. The zero Text is
// empty.
type Text struct {
	Word Word
	Args []any
}

// IsZero reports whether there is no text.
func (t Text) IsZero() bool { return t.Word == Word{} }

// Plain is a text that is the same in every language: a name, a command, an
// error in the words of the program that printed it.
func Plain(s string) Text { return Text{Word{"%[1]s", "%[1]s"}, []any{s}} }

// Count is a number with the word it counts.
type Count struct {
	N          int
	One, Other Word // with the number as %[1]s
}

// Ago is a span of time as people say it: "14 days", "3 h", "40 min".
type Ago time.Duration

// Printer renders texts in one language.
type Printer struct{ tag language.Tag }

// NewPrinter returns the printer for the best match of the wanted languages,
// each as in a locale ("pt_BR.UTF-8", "pt", "en-US"), most wanted first. With
// none that match it prints English.
func NewPrinter(wanted ...string) Printer {
	var tags []language.Tag
	for _, w := range wanted {
		for i, r := range w {
			if r == '.' || r == '@' {
				w = w[:i]
				break
			}
		}
		if tag, err := language.Parse(w); err == nil {
			tags = append(tags, tag)
		}
	}
	_, i, confidence := language.NewMatcher(languages).Match(tags...)
	if confidence == language.No {
		i = 0
	}
	return Printer{languages[i]}
}

// Language returns the language as a BCP 47 tag: "en" or "pt-BR".
func (p Printer) Language() string { return p.tag.String() }

// Sprint renders t.
func (p Printer) Sprint(t Text) string {
	if t.IsZero() {
		return ""
	}
	args := make([]any, len(t.Args))
	for i, arg := range t.Args {
		args[i] = p.arg(arg)
	}
	if len(args) == 0 {
		return p.pick(t.Word)
	}
	return fmt.Sprintf(p.pick(t.Word), args...)
}

func (p Printer) pick(w Word) string {
	if p.tag == language.BrazilianPortuguese {
		return w.PT
	}
	return w.EN
}

func (p Printer) arg(arg any) string {
	switch v := arg.(type) {
	case string:
		return v
	case int:
		return strconv.Itoa(v)
	case Text:
		return p.Sprint(v)
	case Word:
		return p.pick(v)
	case Count:
		word := v.Other
		// Unicode's rule for Portuguese has zero in the singular, and nobody in
		// Brazil writes it so.
		if v.N != 0 && plural.Cardinal.MatchPlural(p.tag, max(v.N, 0), 0, 0, 0, 0) == plural.One {
			word = v.One
		}
		return fmt.Sprintf(p.pick(word), strconv.Itoa(v.N))
	case Ago:
		return p.ago(time.Duration(v))
	case time.Time:
		return v.UTC().Format("2006-01-02 15:04 MST")
	case fmt.Stringer:
		return v.String()
	}
	return fmt.Sprint(arg)
}

func (p Printer) ago(d time.Duration) string {
	if d < 0 {
		d = -d
	}
	switch days := int(d / (24 * time.Hour)); {
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d/time.Second))
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min", int(d/time.Minute))
	case days < 2:
		return fmt.Sprintf("%d h", int(d/time.Hour))
	case days < 730:
		return p.arg(Count{days, Word{"%[1]s day", "%[1]s dia"}, Word{"%[1]s days", "%[1]s dias"}})
	default:
		return p.arg(Count{days / 365, Word{"%[1]s year", "%[1]s ano"}, Word{"%[1]s years", "%[1]s anos"}})
	}
}
