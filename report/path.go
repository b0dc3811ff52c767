package report

import (
	"iter"
	"strings"

	"github.com/kubelaudo/laudo/message"
)

// paths prints the way of each failing kind of request, with the stages of the
// connection that fails beneath it.
func (p *printer) paths() {
	shown := p.d.Paths
	for i, path := range shown {
		if i == 3 && len(shown) > 4 && !p.verbose {
			p.fill(2, 2, span{}, span{p.say(message.Word{EN: "and %[1]s more paths: -v, or -o json", PT: "e mais %[1]s caminhos: -v, ou -o json"}, len(shown)-i), dim})
			return
		}
		p.title(message.Word{EN: "PATH", PT: "CAMINHO"}, "", span{}, span{path.Title, normal})
		p.path(path)
	}
}

// placed is a hop with the column that it is printed at.
type placed struct {
	hop    Hop
	column int
}

func (p *printer) path(path Path) {
	if len(path.Parts) == 0 {
		return
	}
	const indent, hang = 2, 4
	staged := stagedHops(path)
	bar := "──"
	if p.pathLength(path, bar) > p.width {
		bar = "─"
	}
	part := clean(path.Parts[0])
	spans := []span{{part, normal}}
	column := indent + p.cells(part)
	var below []placed
	start := indent
	flush := func() {
		p.out.WriteString(strings.Repeat(" ", start))
		for _, s := range spans {
			p.write(s)
		}
		p.out.WriteByte('\n')
		for _, b := range below {
			p.stages(b)
		}
		spans, below, start = nil, nil, hang
	}
	for i, hop := range path.Hops {
		if i+1 >= len(path.Parts) {
			break
		}
		sign, signStyle := p.sign(hop.State)
		connector := bar + sign + bar
		part := clean(path.Parts[i+1])
		if column+2+p.cells(connector)+p.cells(part) > p.width {
			flush()
			column = hang - 1
		} else {
			spans = append(spans, span{" ", normal})
		}
		column++
		if staged(i) {
			below = append(below, placed{hop, column})
		}
		partStyle := normal
		if hop.State == StateBroken {
			partStyle = bold
		}
		spans = append(spans, span{bar, dim}, span{sign, signStyle}, span{bar + " ", dim}, span{part, partStyle})
		column += p.cells(connector) + 1 + p.cells(part)
	}
	flush()
}

// pathLength returns how many columns a path takes on one line.
func (p *printer) pathLength(path Path, bar string) int {
	n := 2 + p.cells(clean(path.Parts[0]))
	for i, hop := range path.Hops {
		if i+1 < len(path.Parts) {
			n += 2 + 2*p.cells(bar) + p.cells(p.glyph(hop.State)) + p.cells(clean(path.Parts[i+1]))
		}
	}
	return n
}

// stagedHops returns which hops of a path show their stages: those that fail,
// and where none is known to fail, those that nobody knows about.
func stagedHops(path Path) func(i int) bool {
	failing := false
	for _, hop := range path.Hops {
		failing = failing || hop.State == StateBroken || hop.State == StateIntermittent
	}
	return func(i int) bool {
		switch hop := path.Hops[i]; hop.State {
		case StateBroken, StateIntermittent:
			return len(hop.Stages) > 0
		case StateUnknown:
			return !failing && len(hop.Stages) > 0
		}
		return false
	}
}

// stages prints the stages of a connection beneath it.
func (p *printer) stages(b placed) {
	var spans []span
	length := 0
	for i, stage := range b.hop.Stages {
		sign, signStyle := p.sign(stage.State)
		text := p.stageName(stage.Name) + nbsp
		note := ""
		if stage.Note != "" {
			note = nbsp + nobreak(p.stageNote(stage.Note))
		}
		if i > 0 {
			spans = append(spans, span{nbsp + " ", normal})
			length += 2
		}
		noteStyle := signStyle
		if stage.State == StateHolds {
			noteStyle = normal
		}
		spans = append(spans, span{text, normal}, span{sign, signStyle}, span{note, noteStyle})
		length += p.cells(text) + p.cells(sign) + p.cells(note)
	}
	column := max(min(b.column, p.width-length), 4)
	p.fill(column, column, span{}, spans...)
}

// sign returns the sign of a state, and how it looks.
func (p *printer) sign(state string) (string, style) {
	switch state {
	case StateHolds:
		return p.glyph(state), green
	case StateBroken:
		return p.glyph(state), red
	}
	return p.glyph(state), yellow
}

// glyph returns the sign of a state.
func (p *printer) glyph(state string) string {
	switch state {
	case StateHolds:
		return "✓"
	case StateBroken:
		return "✗"
	case StateIntermittent:
		return "~"
	}
	return "?"
}

// noteWords are what a stage's note says, where the reader's language has words
// for it other than its name.
var noteWords = map[string]message.Word{
	"another":        {EN: "another one", PT: "é outro"},
	"blocked":        {EN: "blocked", PT: "bloqueada"},
	"expired":        {EN: "expired", PT: "expirado"},
	"hangs":          {EN: "hangs", PT: "trava"},
	"missing":        {EN: "missing", PT: "ausente"},
	"no-certificate": {EN: "no certificate", PT: "sem certificado"},
	"no-port":        {EN: "no such port", PT: "porta inexistente"},
	"no-route":       {EN: "no route", PT: "sem rota"},
	"none":           {EN: "none", PT: "nenhum"},
	"not-loaded":     {EN: "not loaded", PT: "não carregado"},
	"not-named":      {EN: "other name", PT: "outro nome"},
	"not-tls":        {EN: "not TLS", PT: "não é TLS"},
	"not-yet-valid":  {EN: "not yet valid", PT: "ainda não válido"},
	"other-ca":       {EN: "other CA", PT: "outra CA"},
	"refused":        {EN: "refused", PT: "recusada"},
	"rejected":       {EN: "rejected", PT: "rejeitado"},
	"silent":         {EN: "silent", PT: "sem resposta"},
	"unauthorized":   {EN: "not accepted", PT: "não aceito"},
	"unresolved":     {EN: "not resolved", PT: "não resolvido"},
	"usage":          {EN: "wrong usage", PT: "uso errado"},
}

// stageNote returns a stage's note as people read it.
func (p *printer) stageNote(note string) string {
	if word, ok := noteWords[note]; ok {
		return p.say(word)
	}
	return note
}

// stageName returns the name of a stage of a connection.
func (p *printer) stageName(name string) string {
	switch name {
	case "name":
		return p.say(message.Word{EN: "name", PT: "nome"})
	case "port":
		return p.say(message.Word{EN: "port", PT: "porta"})
	case "client":
		return p.say(message.Word{EN: "client", PT: "cliente"})
	case "authz":
		return p.say(message.Word{EN: "rights", PT: "direitos"})
	}
	return name
}

// nobreak keeps a text on one line.
func nobreak(s string) string { return strings.ReplaceAll(clean(s), " ", nbsp) }

// lines yields the lines of a command.
func lines(s string) iter.Seq[string] {
	return strings.SplitSeq(strings.TrimRight(s, "\n"), "\n")
}
