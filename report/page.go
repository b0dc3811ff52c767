package report

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

// style is how a piece of text looks. Without colour nothing is lost: style
// never carries a meaning of its own.
type style uint8

const (
	normal style = iota
	bold
	dim
	red
	green
	yellow
)

var escapes = [...]string{bold: "\x1b[1m", dim: "\x1b[2m", red: "\x1b[1;31m", green: "\x1b[32m", yellow: "\x1b[33m"}

// span is a piece of text in one style. A line breaks at its spaces and
// newlines; a no-break space is printed as a space and never breaks.
type span struct {
	text  string
	style style
}

// nbsp is a space at which no line breaks, and that is not squeezed.
const nbsp = "\u00a0"

// page lays out text in lines of a given width. Words are never cut: a word
// longer than the line sticks out, so that paths and commands can be copied.
type page struct {
	out    strings.Builder
	width  int
	colour bool
	ascii  bool
}

// blank ends a block with an empty line.
func (p *page) blank() { p.out.WriteByte('\n') }

// raw prints one line as it is, but for characters that a terminal would obey.
func (p *page) raw(indent int, s span) {
	p.out.WriteString(strings.Repeat(" ", indent))
	p.write(span{clean(s.text), s.style})
	p.out.WriteByte('\n')
}

// fill prints a paragraph: the first line begins at column indent and ends in
// right, flush with the margin; the others begin at column hang.
func (p *page) fill(indent, hang int, right span, spans ...span) {
	var (
		room   = p.width - indent
		used   = 0 // cells on this line, from indent on
		first  = true
		margin = 0
	)
	if right.text != "" {
		margin = p.cells(right.text) + 2
	}
	endLine := func() {
		if first && right.text != "" {
			gap := room - used - p.cells(right.text)
			p.out.WriteString(strings.Repeat(" ", max(gap, 2)))
			p.write(right)
		}
		p.out.WriteByte('\n')
		first, used, room = false, 0, p.width-hang
	}
	p.out.WriteString(strings.Repeat(" ", indent))
	for _, word := range split(spans) {
		limit := room
		if first {
			limit -= margin
		}
		length := 0
		for _, s := range word.parts {
			length += p.cells(s.text)
		}
		switch {
		case word.newline, used > 0 && used+1+length > limit:
			endLine()
			p.out.WriteString(strings.Repeat(" ", hang))
		case used > 0:
			p.out.WriteByte(' ')
			used++
		}
		for _, s := range word.parts {
			p.write(s)
		}
		used += length
	}
	endLine()
}

// row prints a row of a table: key in a column of keyWidth cells, then text. A
// key that is too wide pushes its text to the right. Where keyWidth is 0, or
// the page leaves no room for that, the key gets a line of its own, with the
// text indented below it.
func (p *page) row(indent int, mark span, key span, keyWidth int, right span, text ...span) {
	lead := indent
	var all []span
	if mark.text != "" {
		all = append(all, mark, span{nbsp, normal})
		lead += p.cells(mark.text) + 1
	}
	if tooWide := p.cells(clean(key.text)) > keyWidth; keyWidth == 0 || tooWide && p.width < 80 || len(split(text)) == 0 {
		p.fill(indent, lead, right, append(all, key)...)
		if len(split(text)) > 0 {
			p.fill(lead+2, lead+2, span{}, text...)
		}
		return
	}
	pad := strings.Repeat(nbsp, max(keyWidth-p.cells(clean(key.text)), 0)+1)
	key.text = strings.ReplaceAll(key.text, " ", nbsp)
	all = append(all, key, span{pad + " ", normal})
	p.fill(indent, lead+keyWidth+2, right, append(all, text...)...)
}

// write prints s in its style.
func (p *page) write(s span) {
	text := strings.ReplaceAll(s.text, nbsp, " ")
	if p.ascii {
		text = toASCII(text)
	}
	if !p.colour || s.style == normal || text == "" {
		p.out.WriteString(text)
		return
	}
	p.out.WriteString(escapes[s.style] + text + "\x1b[0m")
}

// cells returns how many columns s takes.
func (p *page) cells(s string) int {
	if p.ascii {
		s = toASCII(s)
	}
	n := 0
	for _, r := range s {
		switch kind := width.LookupRune(r).Kind(); {
		case unicode.Is(unicode.Mn, r):
		case kind == width.EastAsianWide, kind == width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}

// word is what stands between two places where a line may break.
type word struct {
	parts   []span
	newline bool // the word begins a new line
}

// split cuts spans into words. Spans that meet without a space make one word.
func split(spans []span) []word {
	var (
		words   []word
		open    bool // the last word may go on
		newline bool
	)
	for _, s := range spans {
		text := clean(s.text)
		for len(text) > 0 {
			i := strings.IndexAny(text, " \n")
			piece := text
			if i >= 0 {
				piece = text[:i]
			}
			if piece != "" {
				if !open {
					words = append(words, word{newline: newline && len(words) > 0})
					newline = false
				}
				last := &words[len(words)-1]
				last.parts = append(last.parts, span{piece, s.style})
				open = true
			}
			if i < 0 {
				break
			}
			open = false
			newline = newline || text[i] == '\n'
			text = text[i+1:]
		}
	}
	return words
}

// clean drops what a terminal would obey instead of print: texts hold names
// and errors out of the cluster, and anybody may have written those.
func clean(s string) string {
	if strings.ContainsRune(s, 0x1b) {
		s = escapeSequence.ReplaceAllString(s, "")
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
}

var escapeSequence = regexp.MustCompile("\x1b(\\[[0-?]*[ -/]*[@-~]|\\][^\a\x1b]*(\a|\x1b\\\\)?)")

var asciiForms = strings.NewReplacer(
	"✓", "ok", "✗", "X", "─", "-", "·", "-", "…", "...", "→", "->", "←", "<-",
	"“", `"`, "”", `"`, "‘", "'", "’", "'", "–", "-", "—", "-", nbsp, " ",
)

// toASCII writes s in ASCII: letters lose their accents, and what has no form
// in ASCII becomes a question mark.
func toASCII(s string) string {
	plain := true
	for i := range len(s) {
		if s[i] >= 0x80 {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r < 0x80:
			return r
		case unicode.Is(unicode.Mn, r):
			return -1
		}
		return '?'
	}, norm.NFD.String(asciiForms.Replace(s)))
}
