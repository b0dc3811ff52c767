package report

import (
	"strconv"

	"github.com/kubelaudo/laudo/message"
)

// cures prints a block for each cause that has a remedy.
func (p *printer) cures() {
	undecided := 0
	for _, c := range p.d.Causes {
		if c.Certainty == CertaintyOpen {
			undecided++
		}
	}
	for i, c := range p.d.Causes {
		if i >= shownCauses && !p.verbose && c.Certainty != CertaintyOpen {
			break
		}
		if c.Remedy == nil || c.Certainty == CertaintyOpen && undecided > 1 && !p.verbose {
			continue
		}
		var spans []span
		if c.Certainty == CertaintyOpen {
			spans = append(spans, span{p.say(message.Word{EN: "only if this is the cause", PT: "só se esta for a causa"}), yellow})
		}
		if c.Remedy.Summary != "" {
			if len(spans) > 0 {
				spans = append(spans, span{nbsp + "· ", dim})
			}
			spans = append(spans, span{c.Remedy.Summary, normal})
		}
		p.title(message.Word{EN: "CURE", PT: "CURA"}, p.numbered(c.ID), span{}, spans...)
		p.remedy(2, c.Remedy)
	}
	if undecided > 1 && !p.verbose {
		p.title(message.Word{EN: "CURE", PT: "CURA"}, "", span{}, span{p.say(message.Word{
			EN: "decide first which of the open causes it is; -v shows the cure of each",
			PT: "decida primeiro qual das causas em aberto é; -v mostra a cura de cada uma",
		}), normal})
	}
}

// remedy prints what to check first, the steps, the proof, and what not to do.
func (p *printer) remedy(indent int, r *Remedy) {
	label := func(w message.Word, text string) {
		if text == "" {
			return
		}
		name := p.say(w)
		p.fill(indent, indent+p.cells(name)+2, span{}, span{name + nbsp, dim}, span{" " + text, normal})
	}
	for _, before := range r.Before {
		label(message.Word{EN: "before", PT: "antes"}, before)
	}
	steps := r.Steps
	// Hundreds of nodes have a step each.
	p.fold(len(steps), 8, func(i int) { p.step(indent, strconv.Itoa(i+1), steps[i]) })
	if r.Proof != "" {
		proof := p.say(message.Word{EN: "proves it", PT: "prova a cura"})
		p.fill(indent, indent+3, span{proof, dim}, span{strconv.Itoa(len(steps)+1) + nbsp, bold}, span{" " + nobreak(r.Proof), bold})
	}
	for _, not := range r.Not {
		name := p.say(message.Word{EN: "not", PT: "não"})
		p.fill(indent, indent+p.cells(name)+2, span{}, span{name + nbsp, red}, span{" " + not, normal})
	}
	if r.Undo != "" {
		p.raw(indent, span{p.say(message.Word{EN: "undo", PT: "desfazer"}) + "  " + r.Undo, normal})
	}
}

func (p *printer) step(indent int, number string, s Step) {
	hang := indent + len(number) + 2
	if s.Text != "" {
		p.fill(indent, hang, span{}, span{number + nbsp, bold}, span{" " + s.Text, normal})
		p.command(hang+2, s.Command)
	} else {
		first := true
		for line := range lines(s.Command) {
			if first {
				p.raw(indent, span{number + "  " + line, bold})
			} else {
				p.raw(hang, span{line, bold})
			}
			first = false
		}
	}
	if s.Interrupts != "" {
		p.fill(hang+2, hang+2, span{}, span{p.say(message.Word{EN: "interrupts:", PT: "interrompe:"}) + " ", yellow}, span{s.Interrupts, normal})
	}
}
