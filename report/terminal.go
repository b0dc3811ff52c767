package report

import (
	"cmp"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kubelaudo/laudo/message"
)

// The widths that a report is laid out for, in columns.
const (
	DefaultWidth = 100 // where there is no terminal to ask
	minWidth     = 60
	maxWidth     = 160 // longer lines are hard to read
)

// Terminal prints documents for people.
type Terminal struct {
	Width  int  // columns; 0: DefaultWidth
	Colour bool // emphasise with colour, which is never the only sign
	ASCII  bool // use ASCII alone
	// Verbose prints long lists whole, and the evidence behind each line.
	Verbose bool
}

// Print prints the document.
func (t Terminal) Print(w io.Writer, d *Document) error {
	p := printer{
		page:    page{width: min(max(cmp.Or(t.Width, DefaultWidth), minWidth), maxWidth), colour: t.Colour, ascii: t.ASCII},
		lang:    message.NewPrinter(d.Language),
		d:       d,
		verbose: t.Verbose,
		number:  map[string]int{},
	}
	p.print()
	_, err := io.WriteString(w, p.out.String())
	return err
}

// printer prints one document.
type printer struct {
	page
	lang    message.Printer
	d       *Document
	verbose bool
	number  map[string]int // of causes, by id; empty where there is only one
	marked  bool           // a mark of evidence was printed
}

func (p *printer) print() {
	if len(p.d.Causes) > 1 {
		for i, c := range p.d.Causes {
			p.number[c.ID] = i + 1
		}
	}
	p.header()
	p.reported()
	p.verdict()
	p.causes()
	p.paths()
	p.symptoms()
	p.ruledOut()
	p.open()
	p.whyNow()
	p.whyNotAvoided()
	p.cures()
	p.risks()
	p.unseen()
	switch {
	case p.verbose:
		p.evidence()
	case p.marked:
		p.blank()
		p.fill(0, 0, span{}, span{p.say(message.Word{EN: "e1, e2, …: the evidence for the line; -v lists it", PT: "e1, e2, …: a evidência da linha; -v a lista"}), dim})
	}
}

// say returns a text in the language of the document.
func (p *printer) say(w message.Word, args ...any) string { return p.lang.Sprint(w.With(args...)) }

// count returns a number with the word that it counts.
func (p *printer) count(n int, one, other message.Word) string {
	return p.lang.Sprint(message.Word{EN: "%[1]s", PT: "%[1]s"}.With(message.Count{N: n, One: one, Other: other}))
}

// marks returns the ids of evidence as they stand at the right margin.
func (p *printer) marks(ids []string) span {
	const most = 3
	p.marked = p.marked || len(ids) > 0
	if len(ids) > most && !p.verbose {
		return span{strings.Join(ids[:most-1], " ") + " +" + strconv.Itoa(len(ids)-most+1), dim}
	}
	return span{strings.Join(ids, " "), dim}
}

// title begins a block.
func (p *printer) title(w message.Word, number string, right span, spans ...span) {
	p.blank()
	head := p.say(w)
	if number != "" {
		head += nbsp + number
	}
	head = strings.ReplaceAll(head, " ", nbsp)
	all := []span{{head, bold}}
	if len(spans) > 0 {
		all = append(all, span{nbsp + " ", normal})
	}
	p.fill(0, p.cells(head)+2, right, append(all, spans...)...)
}

// numbered returns the number of a cause as it is printed: empty where there
// is only one.
func (p *printer) numbered(id string) string {
	if n := p.number[id]; n > 0 {
		return strconv.Itoa(n)
	}
	return ""
}

// fold calls each for the first items of a list of n, and tells how many more
// there are. All of them are shown where one would be hidden only.
func (p *printer) fold(n, most int, each func(i int)) {
	if p.verbose || n <= most+1 {
		most = n
	}
	for i := range most {
		each(i)
	}
	if most < n {
		p.fill(2, 2, span{}, span{p.say(message.Word{EN: "and %[1]s more: -v, or -o json", PT: "e mais %[1]s: -v, ou -o json"}, n-most), dim})
	}
}

// column returns the width of a column that holds the keys. Keys too wide for
// a column do not count: row gives each a line of its own.
func (p *printer) column(keys []string) int {
	limit := p.width * 2 / 5
	if p.width < 80 {
		limit = p.width / 4
	}
	widest := 0
	for _, key := range keys {
		if n := p.cells(clean(key)); n <= limit {
			widest = max(widest, n)
		}
	}
	return widest
}

func (p *printer) header() {
	c := p.d.Cluster
	parts := []string{cmp.Or(c.Name, c.Server, p.say(message.Word{EN: "cluster", PT: "cluster"}))}
	if c.Version != "" {
		parts = append(parts, "Kubernetes"+nbsp+c.Version)
	}
	if c.Provider != "" {
		parts = append(parts, providerName(c.Provider))
	}
	if c.Nodes >= 0 && c.Version != "" {
		nodes := p.count(c.Nodes, message.Word{EN: "%[1]s node", PT: "%[1]s nó"}, message.Word{EN: "%[1]s nodes", PT: "%[1]s nós"})
		parts = append(parts, strings.ReplaceAll(nodes, " ", nbsp))
	}
	if p.d.Run != nil && p.d.Run.Source != "live" {
		at := p.say(message.Word{EN: "as of %[1]s", PT: "em %[1]s"}, c.At)
		parts = append(parts, strings.ReplaceAll(at, " ", nbsp))
	}
	spans := []span{{parts[0], bold}}
	for _, part := range parts[1:] {
		spans = append(spans, span{nbsp + "· ", dim}, span{part, normal})
	}
	if p.plainlyHealthy() {
		spans = append(spans, span{nbsp + "· ", dim}, span{p.glyph(StateHolds) + nbsp, green},
			span{nobreak(p.say(message.Word{EN: "nothing is broken", PT: "nada está quebrado"})), green})
	}
	var right span
	if run := p.d.Run; run != nil && run.Source == "live" {
		requests := p.count(run.Requests, message.Word{EN: "%[1]s request", PT: "%[1]s requisição"}, message.Word{EN: "%[1]s requests", PT: "%[1]s requisições"})
		right = span{p.took(run.Seconds) + " · " + requests, dim}
	}
	p.fill(0, 2, right, spans...)
}

func (p *printer) plainlyHealthy() bool { return p.d.Verdict == VerdictHealthy }

// took returns a span of time: "640 ms", "2.8 s".
func (p *printer) took(seconds float64) string {
	if seconds < 1 {
		return strconv.Itoa(int(seconds*1000)) + " ms"
	}
	point := p.say(message.Word{EN: ".", PT: ","})
	return strings.Replace(strconv.FormatFloat(seconds, 'f', 1, 64), ".", point, 1) + " s"
}

// providerName returns the name of a provider as its users write it.
func providerName(id string) string {
	switch id {
	case "aks", "eks", "gke", "oke", "doks":
		return strings.ToUpper(id)
	}
	return id
}

// reported says what was found of the symptom that the user named.
func (p *printer) reported() {
	if r := p.d.Reported; r != nil {
		p.fill(2, 4, span{}, span{"» ", dim}, span{r.Symptom + " · " + r.Text, normal})
	}
}

// verdict says what no cause says.
func (p *printer) verdict() {
	switch {
	case p.d.Verdict == VerdictBlind:
		needed := 0
		for _, u := range p.d.Unseen {
			if u.Needed {
				needed++
			}
		}
		p.title(message.Word{EN: "BLIND", PT: "ÀS CEGAS"}, "", span{}, span{p.say(message.Word{
			EN: "nothing was found broken, but the answers to %[1]s are missing",
			PT: "nada quebrado foi encontrado, mas faltam as respostas a %[1]s",
		}, message.Count{
			N:     needed,
			One:   message.Word{EN: "%[1]s question that matters", PT: "%[1]s pergunta que importa"},
			Other: message.Word{EN: "%[1]s questions that matter", PT: "%[1]s perguntas que importam"},
		}), yellow})
	case p.d.Verdict == VerdictBroken && len(p.d.Causes) == 0:
		p.title(message.Word{EN: "CAUSE", PT: "CAUSA"}, "", span{}, span{p.say(message.Word{EN: "not found", PT: "não encontrada"}), yellow})
		p.fill(2, 2, span{}, span{p.say(message.Word{
			EN: "Something fails, and nothing that laudo can test explains it.",
			PT: "Algo falha, e nada do que o laudo sabe testar o explica.",
		}), normal})
		p.fill(2, 2, span{}, span{p.say(message.Word{
			EN: "To let others look at the same evidence: laudo collect --bundle FILE",
			PT: "Para que outros vejam a mesma evidência: laudo collect --bundle ARQUIVO",
		}), normal})
	}
}

// shownCauses is how many causes, and cures, are printed whole: a cluster in
// which a hundred workloads fail, each for a reason of its own, is no page.
const shownCauses = 5

// causes prints a block for each cause that is decided, and one for each group
// of causes among which nothing is decided.
func (p *printer) causes() {
	var blocks []func()
	defer func() { p.fold(len(blocks), shownCauses, func(i int) { blocks[i]() }) }()
	for i := 0; i < len(p.d.Causes); {
		c := p.d.Causes[i]
		if c.Certainty != CertaintyOpen {
			blocks = append(blocks, func() { p.cause(c) })
			i++
			continue
		}
		end := i + 1
		for end < len(p.d.Causes) && p.d.Causes[end].Certainty == CertaintyOpen && slices.Equal(p.d.Causes[end].Explains, c.Explains) {
			end++
		}
		group := p.d.Causes[i:end]
		blocks = append(blocks, func() { p.openCauses(group) })
		i = end
	}
}

var wordCause = message.Word{EN: "CAUSE", PT: "CAUSA"}

func (p *printer) cause(c Cause) {
	certainty := span{p.say(message.Word{EN: "confirmed", PT: "confirmada"}), red}
	if c.Certainty == CertaintyLikely {
		certainty = span{p.say(message.Word{EN: "likely", PT: "provável"}), yellow}
	}
	spans := []span{certainty}
	if c.Since != nil {
		spans = append(spans, span{nbsp + "· " + p.say(message.Word{EN: "since %[1]s", PT: "desde %[1]s"}, *c.Since), normal})
	}
	p.title(wordCause, p.numbered(c.ID), p.explains(c), spans...)
	p.fill(2, 2, p.marks(c.Evidence), span{c.Summary, bold})
	details := c.Details
	if len(c.Members) > 1 {
		details = append(slices.Clone(details), Field{
			Label: p.say(message.Word{EN: "also", PT: "também"}), Value: p.names(c.Members[1:]),
		})
	}
	p.fields(4, details)
}

func (p *printer) explains(c Cause) span {
	if len(p.d.Symptoms) == 0 {
		return span{}
	}
	return span{p.say(message.Word{EN: "explains %[1]s of %[2]s", PT: "explica %[1]s de %[2]s"}, len(c.Explains), message.Count{
		N:     len(p.d.Symptoms),
		One:   message.Word{EN: "%[1]s symptom", PT: "%[1]s sintoma"},
		Other: message.Word{EN: "%[1]s symptoms", PT: "%[1]s sintomas"},
	}), dim}
}

func (p *printer) fields(indent int, fields []Field) {
	keys := make([]string, len(fields))
	for i, f := range fields {
		keys[i] = f.Label
	}
	keyWidth := p.column(keys)
	for _, f := range fields {
		p.row(indent, span{}, span{f.Label, dim}, keyWidth, span{}, span{f.Value, normal})
	}
}

// openCauses prints causes of which one is the cause, and nothing decides which.
func (p *printer) openCauses(causes []Cause) {
	what := message.Word{EN: "open: possible, and not proven", PT: "em aberto: possível, e não provada"}
	if len(causes) > 1 {
		what = message.Word{EN: "open: one of these, the most suspect first", PT: "em aberto: uma destas, a mais suspeita primeiro"}
	}
	number := ""
	if len(causes) == 1 {
		number = p.numbered(causes[0].ID)
	}
	p.title(wordCause, number, p.explains(causes[0]), span{p.say(what), yellow})
	p.fold(len(causes), 7, func(i int) {
		c := causes[i]
		mark := span{"", bold}
		indent := 2
		if len(causes) > 1 {
			mark.text = p.numbered(c.ID)
			indent += len(mark.text) + 1
		}
		p.row(2, mark, span{c.Summary, bold}, 0, p.marks(c.Evidence))
		if p.verbose || len(causes) == 1 {
			p.fields(indent+2, c.Details)
		}
		if j := slices.IndexFunc(p.d.Open, func(o Open) bool { return o.ID == c.ID }); j >= 0 {
			p.undecided(indent+2, p.d.Open[j].Because, p.d.Open[j].DecidedBy)
		} else {
			p.undecided(indent+2, "", c.DecidedBy)
		}
	})
}

func (p *printer) symptoms() {
	if len(p.d.Symptoms) == 0 {
		return
	}
	p.title(message.Word{EN: "SYMPTOMS", PT: "SINTOMAS"}, "", span{})
	keys := make([]string, len(p.d.Symptoms))
	for i, s := range p.d.Symptoms {
		keys[i] = s.Kind
	}
	keyWidth := p.column(keys)
	p.fold(len(p.d.Symptoms), 10, func(i int) {
		s := p.d.Symptoms[i]
		var text []span
		if s.Judged > 1 {
			text = append(text, span{p.say(message.Word{EN: "%[1]s\u00a0of\u00a0%[2]s", PT: "%[1]s\u00a0de\u00a0%[2]s"}, s.Failing, s.Judged), bold}, span{" · ", dim})
		}
		text = append(text, span{s.Text, normal})
		if names := p.names(s.Members); names != "" && s.Failing < s.Judged {
			text = append(text, span{" (" + names + ")", normal})
		}
		if s.Since != nil && len(p.d.WhyNow) == 0 {
			text = append(text, span{" · " + p.say(message.Word{EN: "since %[1]s", PT: "desde %[1]s"}, *s.Since), normal})
		}
		text = append(text, p.explanation(s)...)
		p.row(2, span{p.glyph(StateBroken), red}, span{s.Kind, normal}, keyWidth, p.marks(s.Evidence), text...)
		for _, subset := range s.Subsets {
			p.row(2, span{nbsp, normal}, span{nbsp, normal}, keyWidth, span{}, span{subset.Text, normal})
		}
	})
}

// names returns the names of several subjects, the first few of many.
func (p *printer) names(members []Subject) string {
	const most = 3
	names := make([]string, 0, len(members))
	for i, m := range members {
		if i == most && len(members) > most+1 && !p.verbose {
			return strings.Join(names, ", ") + nbsp + "+" + strconv.Itoa(len(members)-most)
		}
		name := m.Name
		if m.Namespace != "" {
			name = m.Namespace + "/" + name
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

// causesOf returns the numbers of the causes that explain a symptom, those
// that are open included.
func (p *printer) causesOf(s Symptom) []int {
	var numbers []int
	for i, c := range p.d.Causes {
		if slices.Contains(s.ExplainedBy, c.ID) || slices.Contains(c.Explains, s.ID) {
			numbers = append(numbers, i+1)
		}
	}
	return numbers
}

// explanation says which causes a symptom has, where that is not plain: it is
// plain where all causes explain all symptoms.
func (p *printer) explanation(s Symptom) []span {
	list := func(numbers []int) string {
		texts := make([]string, len(numbers))
		for i, n := range numbers {
			texts[i] = strconv.Itoa(n)
		}
		return strings.Join(texts, ","+nbsp)
	}
	causes := p.causesOf(s)
	all := !slices.ContainsFunc(p.d.Symptoms, func(s Symptom) bool { return len(p.causesOf(s)) < len(p.d.Causes) })
	switch {
	case len(p.d.Causes) == 0:
		return nil
	case len(causes) == 0:
		return []span{{" · ", dim}, {p.say(message.Word{EN: "unexplained", PT: "sem explicação"}), yellow}}
	case len(s.CureAll) > 1:
		numbers := make([]int, 0, len(s.CureAll))
		for _, id := range s.CureAll {
			numbers = append(numbers, p.number[id])
		}
		slices.Sort(numbers)
		return []span{{" · ", dim}, {p.say(message.Word{EN: "goes only when all of causes %[1]s are cured", PT: "só some com todas as causas %[1]s curadas"}, list(numbers)), yellow}}
	case all, len(p.d.Causes) == 1:
		return nil
	case len(causes) == 1:
		return []span{{" · ", dim}, {p.say(message.Word{EN: "cause\u00a0%[1]s", PT: "causa\u00a0%[1]s"}, list(causes)), dim}}
	}
	return []span{{" · ", dim}, {p.say(message.Word{EN: "causes\u00a0%[1]s", PT: "causas\u00a0%[1]s"}, list(causes)), dim}}
}

func (p *printer) ruledOut() {
	if len(p.d.RuledOut) == 0 {
		return
	}
	p.title(message.Word{EN: "RULED OUT", PT: "DESCARTADO"}, "", span{})
	keys := make([]string, len(p.d.RuledOut))
	for i, r := range p.d.RuledOut {
		keys[i] = r.Summary
	}
	keyWidth := p.column(keys)
	p.fold(len(p.d.RuledOut), 8, func(i int) {
		r := p.d.RuledOut[i]
		p.row(2, span{}, span{r.Summary, normal}, keyWidth, p.marks(r.Evidence), span{r.Because, normal})
	})
}

func (p *printer) open() {
	// Suspects that are open for one reason, and decided in one way, are told in
	// one breath.
	type group struct {
		because   string
		decidedBy []DecidedBy
		summaries []string
	}
	var groups []group
	decidable, redundant := false, 0
	for _, o := range p.d.Open {
		if slices.ContainsFunc(p.d.Causes, func(c Cause) bool { return c.ID == o.ID }) {
			continue
		}
		if o.Why == "redundant" && !p.verbose {
			redundant++
			continue
		}
		i := slices.IndexFunc(groups, func(g group) bool { return g.because == o.Because && slices.Equal(g.decidedBy, o.DecidedBy) })
		if i < 0 {
			i = len(groups)
			groups = append(groups, group{because: o.Because, decidedBy: o.DecidedBy})
		}
		groups[i].summaries = append(groups[i].summaries, o.Summary)
		decidable = decidable || len(o.DecidedBy) > 0
	}
	others := span{p.count(redundant,
		message.Word{EN: "one more suspect is possible as well, but what is found explains everything: -v", PT: "mais um suspeito é possível também, mas o que foi achado explica tudo: -v"},
		message.Word{EN: "%[1]s more suspects are possible as well, but what is found explains everything: -v", PT: "mais %[1]s suspeitos são possíveis também, mas o que foi achado explica tudo: -v"}), dim}
	switch {
	case len(groups) == 0 && redundant > 0:
		p.title(message.Word{EN: "OPEN", PT: "EM ABERTO"}, "", span{}, others)
		return
	case len(groups) == 0:
		return
	}
	explained := message.Word{EN: "neither proven nor ruled out", PT: "nem provado nem descartado"}
	if decidable {
		explained = message.Word{EN: "neither proven nor ruled out; → would decide it", PT: "nem provado nem descartado; → o decidiria"}
	}
	p.title(message.Word{EN: "OPEN", PT: "EM ABERTO"}, "", span{}, span{p.say(explained), dim})
	because := ""
	p.fold(len(groups), 5, func(i int) {
		g := groups[i]
		p.row(2, span{"?", yellow}, span{strings.Join(g.summaries, nbsp+"· "), normal}, 0, span{})
		if g.because == because && !p.verbose {
			g.because = "" // said right above
		} else {
			because = g.because
		}
		p.undecided(6, g.because, g.decidedBy)
	})
	if redundant > 0 {
		p.fill(2, 2, span{}, others)
	}
}

// undecided says why a suspect is open, and what would decide it.
func (p *printer) undecided(indent int, because string, decidedBy []DecidedBy) {
	if because != "" {
		p.fill(indent, indent, span{}, span{because, dim})
	}
	arrow := span{"→" + nbsp, dim}
	for _, by := range decidedBy {
		text := by.Text
		if by.Command != "" && text != "" {
			text += ":"
		}
		oneLine := indent + p.cells(arrow.text+text+nbsp+by.Command)
		switch {
		case text == "":
			p.raw(indent, span{"→ " + by.Command, bold})
		case by.Command != "" && oneLine <= p.width:
			p.fill(indent, indent, span{}, arrow, span{nobreak(text) + nbsp, normal}, span{nobreak(by.Command), bold})
		default:
			p.fill(indent, indent+p.cells(arrow.text), span{}, arrow, span{text, normal})
			p.command(indent+p.cells(arrow.text)+2, by.Command)
		}
	}
}

// command prints a command so that it can be copied: never wrapped.
func (p *printer) command(indent int, command string) {
	if command == "" {
		return
	}
	for line := range lines(command) {
		p.raw(indent, span{line, bold})
	}
}

func (p *printer) whyNow() {
	if len(p.d.WhyNow) == 0 {
		return
	}
	p.title(message.Word{EN: "WHY NOW", PT: "POR QUE AGORA"}, "", span{})
	const form = "2006-01-02 15:04"
	p.fold(len(p.d.WhyNow), 8, func(i int) {
		e := p.d.WhyNow[i]
		at := strings.Repeat(nbsp, len(form)+4)
		if e.At != nil {
			at = e.At.UTC().Format(form) + nbsp + "UTC"
		}
		p.row(2, span{}, span{at, dim}, len(form)+4, p.marks(e.Evidence), span{e.Text, normal})
	})
}

func (p *printer) whyNotAvoided() {
	if len(p.d.WhyNotAvoided) == 0 {
		return
	}
	p.title(message.Word{EN: "WHY NOT AVOIDED", PT: "POR QUE NÃO FOI EVITADO"}, "", span{})
	p.fold(len(p.d.WhyNotAvoided), 4, func(i int) {
		s := p.d.WhyNotAvoided[i]
		p.fill(2, 2, p.marks(s.Evidence), span{s.Text, normal})
	})
}

func (p *printer) risks() {
	if len(p.d.Risks) == 0 {
		return
	}
	p.title(message.Word{EN: "RISKS", PT: "RISCOS"}, "", span{}, span{p.say(message.Word{EN: "broken already, and no symptom yet", PT: "já quebrado, e ainda sem sintoma"}), dim})
	p.fold(len(p.d.Risks), 5, func(i int) {
		r := p.d.Risks[i]
		p.fill(2, 4, p.marks(r.Evidence), span{"!" + nbsp, yellow}, span{r.Summary, bold})
		if r.When != nil {
			p.fill(6, 6, span{}, span{p.due(*r.When), yellow})
		}
		p.fields(6, r.Details)
		if r.Remedy != nil {
			p.remedy(6, r.Remedy)
		}
	})
}

// due says when a risk will hurt.
func (p *printer) due(when time.Time) string {
	left := when.Sub(p.d.Cluster.At)
	if left <= 0 {
		return p.say(message.Word{EN: "since %[1]s: any restart or reconnect may bring it on", PT: "desde %[1]s: qualquer reinício ou reconexão pode fazê-lo aparecer"}, when)
	}
	return p.say(message.Word{EN: "will fail in %[1]s: %[2]s", PT: "vai falhar em %[1]s: %[2]s"}, message.Ago(left), when)
}

// unseen lists what could not be looked at, what mattered first. Questions that
// failed in one way are told in one breath.
func (p *printer) unseen() {
	// What a bundle of before does not hold is of no use to whoever reads it.
	seen := slices.DeleteFunc(slices.Clone(p.d.Unseen), func(u Unseen) bool {
		return u.Why == "not-collected" && !u.Needed && !p.verbose
	})
	if len(seen) == 0 {
		return
	}
	p.title(message.Word{EN: "NOT SEEN", PT: "NÃO VISTO"}, "", span{})
	type group struct {
		text      string
		needed    bool
		questions []string
	}
	var groups []group
	for _, u := range seen {
		needed := u.Needed && p.d.Verdict == VerdictBlind
		i := slices.IndexFunc(groups, func(g group) bool { return g.text == u.Text && g.needed == needed })
		if i < 0 {
			i = len(groups)
			groups = append(groups, group{text: u.Text, needed: needed})
		}
		groups[i].questions = append(groups[i].questions, u.Question)
	}
	slices.SortStableFunc(groups, func(a, b group) int { return boolRank(a.needed) - boolRank(b.needed) })
	keys := make([]string, len(groups))
	for i, g := range groups {
		const most = 4
		if n := len(g.questions); n > most+1 && !p.verbose {
			g.questions = append(g.questions[:most:most], "+"+strconv.Itoa(n-most))
		}
		keys[i] = strings.Join(g.questions, nbsp+"· ")
	}
	keyWidth := p.column(keys)
	if slices.ContainsFunc(keys, func(key string) bool { return p.cells(key) > keyWidth }) {
		keyWidth = 0 // all in one form
	}
	p.fold(len(groups), 6, func(i int) {
		var mark span
		switch {
		case groups[i].needed:
			mark = span{"?", yellow}
		case groups[0].needed:
			mark = span{nbsp, normal}
		}
		p.row(2, mark, span{keys[i], normal}, keyWidth, span{}, span{groups[i].text, normal})
	})
}

func boolRank(b bool) int {
	if b {
		return 0
	}
	return 1
}

// evidence lists what the marks at the right margin stand for.
func (p *printer) evidence() {
	if len(p.d.EvidenceItems) == 0 {
		return
	}
	p.title(message.Word{EN: "EVIDENCE", PT: "EVIDÊNCIA"}, "", span{})
	keyWidth := 0
	for _, e := range p.d.EvidenceItems {
		keyWidth = max(keyWidth, p.cells(e.ID))
	}
	for _, e := range p.d.EvidenceItems {
		text := []span{{e.Question, normal}}
		if e.Object != nil {
			text = append(text, span{" · " + subject(*e.Object), normal})
		}
		if e.Field != "" {
			text = append(text, span{" · " + e.Field, normal})
		}
		if e.Value != "" {
			text = append(text, span{" = " + e.Value, bold})
		}
		p.row(2, span{}, span{e.ID, dim}, keyWidth, span{e.At.UTC().Format("15:04:05"), dim}, text...)
	}
}

// subject returns a subject as kubectl writes one: Kind namespace/name.
func subject(s Subject) string {
	name := s.Name
	if s.Namespace != "" {
		name = s.Namespace + "/" + name
	}
	text := s.Kind + nbsp + name
	if s.Detail != "" {
		text += " " + s.Detail
	}
	return text
}
