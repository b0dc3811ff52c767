package laudo

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kubelaudo/laudo/decode"
	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
	"github.com/kubelaudo/laudo/theory/components"
)

// document turns the outcome of an investigation into a report: every line of
// it comes out of the diagnosis and the claims it speaks of.
func (run *investigation) document() *report.Document {
	w := &writer{
		run: run, theory: run.theory, diagnosis: run.diagnosis, print: run.options.Language,
		items: map[string]theory.Evidence{}, numbers: map[string]string{},
	}
	w.index()
	doc := &report.Document{
		SchemaVersion: report.SchemaVersion,
		Language:      w.print.Language(),
		Cluster:       w.cluster(),
		Reported:      w.reported(),
		Causes:        w.causes(),
		Symptoms:      w.symptoms(),
		Paths:         w.paths(),
		RuledOut:      w.ruledOut(),
		Open:          w.open(),
		Risks:         w.risks(),
		WhyNow:        w.whyNow(),
		WhyNotAvoided: w.notAvoided(),
		Unseen:        w.unseen(),
	}
	doc.EvidenceItems = w.cited
	doc.Verdict = w.verdict(doc)
	return doc
}

// writer writes a document.
type writer struct {
	run       *investigation
	theory    *theory.Theory
	diagnosis diagnose.Diagnosis
	print     message.Printer

	items    map[string]theory.Evidence // by key
	numbers  map[string]string          // evidence ids by key, in the order of citing
	cited    []report.EvidenceItem
	failing  map[diagnose.ID]bool
	ruled    map[diagnose.ID]diagnose.RuledOut
	causeIDs map[diagnose.ID]bool
}

func (w *writer) index() {
	w.cited = []report.EvidenceItem{}
	for _, c := range w.theory.Claims {
		for _, e := range c.Evidence {
			w.items[e.Key()] = e
		}
	}
	w.failing, w.causeIDs = map[diagnose.ID]bool{}, map[diagnose.ID]bool{}
	for _, s := range w.diagnosis.Symptoms {
		w.failing[s.ID] = true
	}
	for _, c := range w.diagnosis.Causes {
		w.causeIDs[c.ID] = true
	}
	w.ruled = map[diagnose.ID]diagnose.RuledOut{}
	for _, r := range w.diagnosis.RuledOut {
		w.ruled[r.ID] = r
	}
}

// cite numbers evidence, by key, and returns the numbers.
func (w *writer) cite(keys []string) []string {
	out := []string{}
	for _, key := range keys {
		e, ok := w.items[key]
		if !ok {
			continue
		}
		number := w.numbers[key]
		if number == "" {
			number = fmt.Sprintf("e%d", len(w.numbers)+1)
			w.numbers[key] = number
			w.cited = append(w.cited, w.item(number, e))
		}
		if !slices.Contains(out, number) {
			out = append(out, number)
		}
	}
	return out
}

func (w *writer) citeEvidence(list []theory.Evidence) []string {
	keys := make([]string, len(list))
	for i, e := range list {
		keys[i] = e.Key()
		w.items[keys[i]] = e
	}
	return w.cite(keys)
}

func (w *writer) item(number string, e theory.Evidence) report.EvidenceItem {
	answer, _ := w.run.facts.Answer(e.Question)
	item := report.EvidenceItem{
		ID: number, Question: e.Question.String(), From: string(cmp.Or(e.Question.From, evidence.FromHere)),
		At: answer.At.UTC().Truncate(time.Second), Field: e.Field, Value: e.Value,
	}
	if e.Object != (theory.Subject{}) {
		s := subjectOf(e.Object)
		item.Object = &s
	}
	return item
}

func subjectOf(s theory.Subject) report.Subject { return report.Subject(s) }

func (w *writer) cluster() report.Cluster {
	c := report.Cluster{Nodes: -1, At: w.run.facts.Now.UTC().Truncate(time.Second), Provider: components.Platform(w.run.facts)}
	if a, ok := w.run.facts.Answer(evidence.Question{Kind: evidence.Client}); ok && a.Client != nil {
		c.Name, c.Server = cmp.Or(a.Client.Cluster, a.Client.Context), a.Client.Server
	}
	if a, ok := w.run.facts.Answer(evidence.Question{Kind: evidence.Raw, Path: "/version"}); ok && a.Status == 200 {
		var version struct{ GitVersion string }
		if json.Unmarshal([]byte(a.Text), &version) == nil {
			c.Version = version.GitVersion
		}
	}
	if a, ok := w.run.facts.Answer(evidence.Question{Kind: evidence.List, Resource: evidence.Nodes.Name}); ok && a.Gap == nil {
		c.Nodes = a.Count
	}
	return c
}

// modeOf is the mode in which a claim is, or may be, broken: the one observed,
// else the first whose signature was seen, else the first.
func (w *writer) modeOf(c *theory.Claim, observed string) theory.Mode {
	for _, m := range c.Modes {
		if m.Name == observed && observed != "" {
			return m
		}
	}
	for _, s := range w.diagnosis.Symptoms {
		for _, sign := range w.theory.Claim(s.ID).Signatures {
			for _, m := range c.Modes {
				if slices.Contains(m.Shows, sign) {
					return m
				}
			}
		}
	}
	if len(c.Modes) > 0 {
		return c.Modes[0]
	}
	return theory.Mode{Category: report.CategoryOther}
}

var (
	unfamiliar  = message.Word{EN: "%[1]s is broken in a way that laudo does not know: %[2]s", PT: "%[1]s está quebrado de um modo que o laudo não conhece: %[2]s"}
	brokenThere = message.Word{EN: "%[1]s: %[2]s", PT: "%[1]s: %[2]s"}
)

func (w *writer) summaryOf(c *theory.Claim, m theory.Mode, odd bool) string {
	switch {
	case odd && m.Summary.IsZero():
		return w.print.Sprint(unfamiliar.With(c.Subject.String(), cmpText(c.Seen, c.Suspect)))
	case !m.Summary.IsZero():
		return w.print.Sprint(m.Summary)
	}
	return w.print.Sprint(brokenThere.With(c.Subject.String(), c.Suspect))
}

func cmpText(a, b message.Text) message.Text {
	if a.IsZero() {
		return b
	}
	return a
}

func (w *writer) causes() []report.Cause {
	out := []report.Cause{}
	for _, found := range w.diagnosis.Causes {
		c := w.theory.Claim(found.ID)
		m := w.modeOf(c, found.Mode)
		cause := report.Cause{
			ID: string(c.ID), Certainty: string(found.Certainty), Category: m.Category, Subject: subjectOf(c.Subject),
			Component: w.theory.ComponentOf(c.ID).Name, Summary: w.summaryOf(c, m, found.Unfamiliar),
			Details: w.details(c), Since: sinceOf(c.Began), Explains: w.groupIDs(found.Explains),
			Evidence: w.cite(found.Evidence), Remedy: w.remedy(m.Remedy),
		}
		if found.Unfamiliar {
			// That it is broken there is certain; what is wrong is not.
			cause.Certainty = report.CertaintyOpen
		}
		if cause.Certainty == report.CertaintyOpen {
			cause.DecidedBy = w.decidedBy(c)
		}
		if found.Certainty == diagnose.Open {
			// Nothing is decided: it is named as a suspicion, not told as a fact.
			cause.Summary = w.print.Sprint(c.Suspect)
		}
		out = append(out, cause)
	}
	return out
}

func (w *writer) details(c *theory.Claim) []report.Field {
	out := []report.Field{}
	for _, d := range c.Details {
		out = append(out, report.Field{Name: d.Name, Label: w.print.Sprint(d.Label.With()), Value: w.print.Sprint(d.Value)})
	}
	return out
}

// sinceOf is when something began, as far as one moment can say it.
func sinceOf(i diagnose.Interval) *time.Time {
	at := i.After
	if at.IsZero() {
		at = i.Before
	}
	return moment(at)
}

func moment(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	at = at.UTC().Truncate(time.Second)
	return &at
}

const proofCommand = "laudo diagnose"

func (w *writer) remedy(r *theory.Remedy) *report.Remedy {
	if r == nil {
		return nil
	}
	out := &report.Remedy{
		Summary: w.print.Sprint(r.Summary), Before: w.texts(r.Before), Not: w.texts(r.Not),
		Steps: []report.Step{}, Proof: proofCommand, Undo: r.Undo,
	}
	for _, s := range r.Steps {
		out.Steps = append(out.Steps, report.Step{
			Text: w.print.Sprint(s.Text), Command: s.Command, Interrupts: w.print.Sprint(s.Interrupts), Action: s.Action, Args: s.Args,
		})
	}
	return out
}

func (w *writer) texts(list []message.Text) []string {
	out := []string{}
	for _, t := range list {
		out = append(out, w.print.Sprint(t))
	}
	return out
}

// symptomGroup is failing symptoms of one kind that one set of causes explains
// in one way.
type symptomGroup struct {
	members []diagnose.Symptom
	judged  int // how many of the kind were judged at all
}

func (w *writer) groups() []symptomGroup {
	judged := map[string]int{}
	for _, c := range w.theory.Claims {
		if c.Symptom != "" && c.Verdict != "" && c.Verdict != diagnose.Unknown {
			judged[c.Symptom]++
		}
	}
	byKey := map[string]int{}
	var out []symptomGroup
	for _, s := range w.diagnosis.Symptoms {
		c := w.theory.Claim(s.ID)
		kind := c.Symptom + "|" + c.Subject.Kind + "|" + string(c.Verdict) + "|" + strings.Join(c.Signatures, ",")
		key := kind + "|" + fmt.Sprint(s.ExplainedBy)
		i, ok := byKey[key]
		if !ok {
			i = len(out)
			byKey[key] = i
			out = append(out, symptomGroup{judged: judged[c.Symptom]})
		}
		out[i].members = append(out[i].members, s)
	}
	slices.SortStableFunc(out, func(a, b symptomGroup) int {
		return cmp.Compare(symptomOrder(w.theory.Claim(a.members[0].ID).Symptom), symptomOrder(w.theory.Claim(b.members[0].ID).Symptom))
	})
	return out
}

// symptomOrder puts what people notice first before what they look for.
func symptomOrder(kind string) int {
	return slices.Index([]string{"workload", "tunnel", "apiservice", "metrics", "logs", "node", "readyz", "api"}, kind) * -1
}

// groupIDs are the ids of the groups that the symptoms belong to.
func (w *writer) groupIDs(symptoms []diagnose.ID) []string {
	out := []string{}
	for _, g := range w.groups() {
		for _, s := range g.members {
			if slices.Contains(symptoms, s.ID) {
				out = append(out, string(g.members[0].ID))
				break
			}
		}
	}
	return out
}

func (w *writer) symptoms() []report.Symptom {
	out := []report.Symptom{}
	for _, g := range w.groups() {
		first := g.members[0]
		c := w.theory.Claim(first.ID)
		s := report.Symptom{
			ID: string(first.ID), Kind: c.Symptom, Subject: subjectOf(c.Subject), Text: w.print.Sprint(cmpText(c.Seen, c.Suspect)),
			Since: sinceOf(c.Began), ExplainedBy: idStrings(first.ExplainedBy), CureAll: idStrings(first.CureAll),
			Failing: len(g.members), Judged: g.judged, Members: []report.Subject{},
		}
		var keys []string
		for i, member := range g.members {
			m := w.theory.Claim(member.ID)
			if len(g.members) > 1 {
				s.Members = append(s.Members, subjectOf(m.Subject))
			}
			if at := sinceOf(m.Began); at != nil && (s.Since == nil || at.Before(*s.Since)) {
				s.Since = at
			}
			for _, e := range m.Evidence {
				if i < citedMembers {
					keys = append(keys, e.Key())
				}
			}
		}
		s.Evidence = w.cite(keys)
		out = append(out, s)
	}
	return out
}

// citedMembers is how many members of a group are cited.
const citedMembers = 3

func idStrings(ids []diagnose.ID) []string {
	out := []string{}
	for _, id := range ids {
		out = append(out, string(id))
	}
	return out
}

// state is how a claim is, by observation or by what was reasoned.
func (w *writer) state(id diagnose.ID) string {
	c := w.theory.Claim(id)
	if c == nil {
		return report.StateUnknown
	}
	switch c.Verdict {
	case diagnose.Holds:
		return report.StateHolds
	case diagnose.Broken:
		return report.StateBroken
	case diagnose.Intermittent:
		return report.StateIntermittent
	}
	if r, ok := w.ruled[id]; ok && (r.Reason == diagnose.BySibling || r.Reason == diagnose.ByDirectTest) {
		return report.StateHolds
	}
	return report.StateUnknown
}

// paths are the ways of the failing symptoms, one of each kind, the broken
// ones first.
func (w *writer) paths() []report.Path {
	out := []report.Path{}
	var kinds []string
	for _, g := range w.groups() {
		c := w.theory.Claim(g.members[0].ID)
		if c.Path == nil || slices.Contains(kinds, c.Symptom) {
			continue
		}
		kinds = append(kinds, c.Symptom)
		path := report.Path{Title: w.print.Sprint(c.Path.Title), Symptom: string(c.ID), Parts: c.Path.Parts, Hops: []report.Hop{}}
		for _, hop := range c.Path.Hops {
			path.Hops = append(path.Hops, w.hop(hop))
		}
		out = append(out, path)
	}
	return out
}

func (w *writer) hop(h theory.Hop) report.Hop {
	out := report.Hop{Stages: []report.Stage{}}
	byStage := map[theory.Stage][]*theory.Claim{}
	for _, c := range w.theory.Claims {
		if h.Connection != "" && c.Connection == h.Connection && c.Stage != theory.NoStage {
			byStage[c.Stage] = append(byStage[c.Stage], c)
		}
	}
	var states []string
	for stage := theory.StageName; stage <= theory.StageAuthz; stage++ {
		claims := byStage[stage]
		if len(claims) == 0 {
			continue
		}
		var each []string
		note := ""
		for _, c := range claims {
			state := w.state(c.ID)
			each = append(each, state)
			if state == report.StateBroken && note == "" {
				note = c.Mode
			}
		}
		state := worst(each)
		states = append(states, state)
		out.Stages = append(out.Stages, report.Stage{Name: stage.String(), State: state, Note: note})
	}
	for _, id := range h.On {
		states = append(states, w.state(id))
	}
	out.State = worst(states)
	return out
}

// worst is the state of something that all the states are of.
func worst(states []string) string {
	if len(states) == 0 {
		return report.StateUnknown
	}
	for _, s := range []string{report.StateBroken, report.StateIntermittent, report.StateUnknown} {
		if slices.Contains(states, s) {
			return s
		}
	}
	return report.StateHolds
}

var (
	becauseSibling   = message.Word{EN: "what uses it works", PT: "o que depende dele funciona"}
	becauseSignature = message.Word{EN: "it would leave another error text than the one seen", PT: "deixaria outro texto de erro que não o visto"}
	becauseAbsent    = message.Word{EN: "it would also break something that works", PT: "quebraria também algo que funciona"}
	becauseOrder     = message.Word{EN: "it began after what it should have caused", PT: "começou depois do que deveria ter causado"}
	becauseCone      = message.Word{EN: "no symptom follows from it", PT: "nenhum sintoma decorre dele"}
	becauseDirect    = message.Word{EN: "tested, and holds", PT: "testado, e em ordem"}
)

func (w *writer) ruledOut() []report.RuledOut {
	type key struct {
		law    string
		reason diagnose.Reason
	}
	index := map[key]int{}
	out := []report.RuledOut{}
	counts := []int{}
	for _, r := range w.suspectsFirst() {
		c := w.theory.Claim(r.ID)
		if c.Suspect.IsZero() {
			continue
		}
		law, _, _ := strings.Cut(string(c.ID), ":")
		k := key{law + "|" + c.Subject.Kind + "|" + w.print.Sprint(c.Suspect), r.Reason}
		if i, ok := index[k]; ok {
			counts[i]++
			out[i].Members = append(out[i].Members, subjectOf(c.Subject))
			if counts[i] <= citedMembers {
				for _, e := range w.cite(r.Evidence) {
					if !slices.Contains(out[i].Evidence, e) {
						out[i].Evidence = append(out[i].Evidence, e)
					}
				}
			}
			if r.Reason == diagnose.ByDirectTest && c.HeldAll != (message.Word{}) {
				out[i].Because = w.print.Sprint(c.HeldAll.With(counts[i]))
			}
			continue
		}
		index[k] = len(out)
		counts = append(counts, 1)
		out = append(out, report.RuledOut{
			ID: string(r.ID), Category: w.modeOf(c, "").Category, Subject: subjectOf(c.Subject),
			Members: []report.Subject{subjectOf(c.Subject)},
			Summary: w.print.Sprint(c.Suspect), Reason: string(r.Reason), Because: w.because(r, c), Evidence: w.cite(r.Evidence),
		})
	}
	for i := range out {
		if len(out[i].Members) == 1 {
			out[i].Members = nil
		}
	}
	return out
}

// suspectsFirst orders what was ruled out: what was tested before what follows
// from something else, and the way to the API server, which nobody suspects who
// has got this far, last.
func (w *writer) suspectsFirst() []diagnose.RuledOut {
	reasons := []diagnose.Reason{
		diagnose.ByDirectTest, diagnose.BySibling, diagnose.PredictedAbsent, diagnose.WrongOrder, diagnose.BySignature, diagnose.NotInCone,
	}
	order := func(r diagnose.RuledOut) (int, int) {
		return slices.Index(reasons, r.Reason), slices.Index(components.MostSuspect, w.theory.ComponentOf(r.ID).Name)
	}
	out := slices.Clone(w.diagnosis.RuledOut)
	slices.SortStableFunc(out, func(a, b diagnose.RuledOut) int {
		reasonA, partA := order(a)
		reasonB, partB := order(b)
		last := len(components.MostSuspect) - 1
		return cmp.Or(cmp.Compare(partA/last, partB/last), cmp.Compare(reasonA, reasonB), cmp.Compare(partA, partB))
	})
	return out
}

func (w *writer) because(r diagnose.RuledOut, c *theory.Claim) string {
	switch r.Reason {
	case diagnose.ByDirectTest:
		return w.print.Sprint(cmpText(c.Held, becauseDirect.With()))
	case diagnose.BySibling:
		for _, by := range r.By {
			if held := w.theory.Claim(by).Held; !held.IsZero() {
				return w.print.Sprint(held)
			}
		}
		return w.print.Sprint(becauseSibling.With())
	case diagnose.BySignature:
		return w.print.Sprint(becauseSignature.With())
	case diagnose.PredictedAbsent:
		return w.print.Sprint(becauseAbsent.With())
	case diagnose.WrongOrder:
		return w.print.Sprint(becauseOrder.With())
	}
	return w.print.Sprint(becauseCone.With())
}

// whyWords say why something could not be seen.
var whyWords = map[diagnose.Why]message.Word{
	diagnose.NotAsked:     {EN: "not asked", PT: "não perguntado"},
	diagnose.Forbidden:    {EN: "no right to look", PT: "sem permissão para olhar"},
	diagnose.Failed:       {EN: "looking failed", PT: "não foi possível olhar"},
	diagnose.TimedOut:     {EN: "no answer in time", PT: "sem resposta a tempo"},
	diagnose.Hidden:       {EN: "the platform does not show it", PT: "a plataforma não mostra"},
	diagnose.NotCollected: {EN: "the bundle does not hold it", PT: "o bundle não o contém"},
	diagnose.NoStandpoint: {EN: "cannot be seen from here", PT: "não se vê daqui"},
	diagnose.Masked:       {EN: "hidden behind what already fails", PT: "escondido atrás do que já falha"},
	diagnose.Declined:     {EN: "not looked at, as asked", PT: "não olhado, a pedido"},
}

var redundantWords = message.Word{EN: "possible as well, but what is found explains everything", PT: "também possível, mas o que foi achado explica tudo"}

func (w *writer) open() []report.Open {
	out := []report.Open{}
	for _, item := range w.diagnosis.Open {
		c := w.theory.Claim(item.ID)
		if c.Suspect.IsZero() {
			continue
		}
		m := w.modeOf(c, "")
		o := report.Open{
			ID: string(item.ID), Category: m.Category, Subject: subjectOf(c.Subject),
			Summary: w.print.Sprint(c.Suspect), Why: string(item.Why), DecidedBy: w.decidedBy(c),
		}
		o.Because = w.print.Sprint(whyWords[item.Why].With())
		if c.WhyDetail != "" && item.Why == diagnose.Forbidden {
			o.Because += ": " + c.WhyDetail
		}
		if item.Redundant {
			o.Why, o.Because = "redundant", w.print.Sprint(redundantWords.With())
		}
		out = append(out, o)
	}
	return out
}

func (w *writer) decidedBy(c *theory.Claim) []report.DecidedBy {
	out := []report.DecidedBy{}
	for _, t := range c.Tests {
		out = append(out, report.DecidedBy{Text: w.print.Sprint(t.Text), Command: t.Command})
	}
	return out
}

func (w *writer) risks() []report.Risk {
	out := []report.Risk{}
	for _, id := range w.diagnosis.Risks {
		c := w.theory.Claim(id)
		if c.Symptom != "" {
			continue
		}
		m := w.modeOf(c, c.Mode)
		var keys []string
		for _, e := range c.Evidence {
			keys = append(keys, e.Key())
		}
		out = append(out, report.Risk{
			ID: string(id), Category: m.Category, Subject: subjectOf(c.Subject), Summary: w.summaryOf(c, m, false),
			Details: w.details(c), Evidence: w.cite(keys), Remedy: w.remedy(m.Remedy),
		})
	}
	return out
}

// cone is the claims that the failing symptoms rest on.
func (w *writer) cone() map[diagnose.ID]bool {
	seen := map[diagnose.ID]bool{}
	var walk func(id diagnose.ID)
	walk = func(id diagnose.ID) {
		if seen[id] || w.theory.Claim(id) == nil {
			return
		}
		seen[id] = true
		for _, need := range w.theory.Claim(id).Needs {
			for _, on := range need.On {
				walk(on)
			}
		}
	}
	for _, s := range w.diagnosis.Symptoms {
		walk(s.ID)
	}
	return seen
}

var nothingElse = message.Word{
	EN: "nothing else on the way of these requests was changed in the last %[1]s",
	PT: "nada mais no caminho destas requisições foi alterado nos últimos %[1]s",
}

// quiet is how long nothing must have changed before that is worth a line.
const quiet = 24 * time.Hour

func (w *writer) whyNow() []report.Event {
	out := []report.Event{}
	if len(w.diagnosis.Causes) == 0 {
		return out
	}
	var first time.Time
	var events []theory.Event
	take := func(c *theory.Claim) {
		for _, e := range c.Events {
			if !e.At.IsZero() && (first.IsZero() || e.At.Before(first)) {
				first = e.At
			}
			events = append(events, e)
		}
	}
	decided, causing := false, map[string]bool{}
	for _, cause := range w.diagnosis.Causes {
		if cause.Certainty != diagnose.Open {
			decided = true
			causing[w.theory.ComponentOf(cause.ID).Name] = true
			take(w.theory.Claim(cause.ID))
		}
	}
	for _, s := range w.diagnosis.Symptoms {
		take(w.theory.Claim(s.ID))
	}
	var lastChange time.Time
	var changed *theory.Claim
	for _, c := range w.theory.Claims {
		if !w.cone()[c.ID] || w.causeIDs[c.ID] || w.failing[c.ID] {
			continue
		}
		for _, e := range c.Events {
			if decided && e.At.After(first) && causing[w.theory.ComponentOf(c.ID).Name] {
				events = append(events, e)
			}
		}
		if c.Changed.After(lastChange) {
			lastChange, changed = c.Changed, c
		}
	}
	slices.SortStableFunc(events, func(a, b theory.Event) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(w.print.Sprint(a.Text), w.print.Sprint(b.Text)))
	})
	for _, e := range events {
		text := w.print.Sprint(e.Text)
		if slices.ContainsFunc(out, func(o report.Event) bool { return o.Text == text }) {
			continue
		}
		out = append(out, report.Event{At: moment(e.At), Text: text, Evidence: w.citeEvidence(e.Evidence)})
	}
	if since := w.run.facts.Now.Sub(lastChange); decided && changed != nil && since > quiet {
		out = append(out, report.Event{Text: w.print.Sprint(nothingElse.With(message.Ago(since))), Evidence: w.citeEvidence(changed.Evidence)})
	}
	return out
}

func (w *writer) notAvoided() []report.Statement {
	out := []report.Statement{}
	for _, cause := range w.diagnosis.Causes {
		if cause.Certainty == diagnose.Open {
			continue
		}
		for _, s := range w.theory.Claim(cause.ID).NotAvoided {
			out = append(out, report.Statement{Text: w.print.Sprint(s.Text), Evidence: w.citeEvidence(s.Evidence)})
		}
	}
	return out
}

// unseen lists what could not be looked at: every question without an answer.
func (w *writer) unseen() []report.Unseen {
	out := []report.Unseen{}
	for _, a := range w.run.facts.Answers() {
		if a.Gap == nil || a.Question.Nth > 0 {
			continue
		}
		why, detail := theory.WhyOf(a.Gap)
		text := w.print.Sprint(whyWords[why].With())
		if detail != "" && a.Gap.Why != evidence.NotCollected {
			text += ": " + detail
		}
		out = append(out, report.Unseen{
			Question: a.Question.String(), Why: string(a.Gap.Why), Text: text, Needed: w.needed(a, why),
		})
	}
	return out
}

// needed reports whether a judged path needed the question: it finds symptoms,
// or a symptom stayed unknown for want of it.
func (w *writer) needed(a evidence.Answer, why diagnose.Why) bool {
	if why == diagnose.Declined || why == diagnose.Hidden {
		return false
	}
	if a.Question.Kind == evidence.List {
		return slices.Contains(components.Enumerated, a.Question.Resource)
	}
	if a.Question.Kind != evidence.Raw && a.Question.Kind != evidence.Log {
		return false
	}
	for _, c := range w.theory.Claims {
		if c.Symptom == "" || c.Verdict != diagnose.Unknown {
			continue
		}
		if slices.ContainsFunc(c.Evidence, func(e theory.Evidence) bool { return e.Question == a.Question }) || a.Question.Kind == evidence.Log && c.Symptom == "logs" {
			return true
		}
	}
	return false
}

func (w *writer) verdict(doc *report.Document) string {
	switch {
	case len(doc.Symptoms) > 0:
		return report.VerdictBroken
	case slices.ContainsFunc(doc.Unseen, func(u report.Unseen) bool { return u.Needed }):
		return report.VerdictBlind
	}
	return report.VerdictHealthy
}

var (
	reportedFound   = message.Word{EN: "what you report happens: see the symptoms", PT: "o que você relata acontece: veja os sintomas"}
	reportedAbsent  = message.Word{EN: "what you report does not happen now: %[1]s requests of that kind were made, and all of them worked", PT: "o que você relata não acontece agora: %[1]s requisições desse tipo foram feitas, e todas funcionaram"}
	reportedUnknown = message.Word{EN: "laudo cannot tell what this is about; paste the whole error text, or ask: laudo explain TEXT", PT: "o laudo não sabe do que se trata; cole o texto inteiro do erro, ou pergunte: laudo explain TEXTO"}
	reportedUnseen  = message.Word{EN: "whether what you report happens could not be seen", PT: "não foi possível ver se o que você relata acontece"}
)

// reported says what was found of the symptom that the user named.
func (w *writer) reported() *report.Reported {
	named := w.run.options.Symptom
	if named == "" {
		return nil
	}
	kind := components.SymptomKinds[strings.ToLower(named)]
	if kind == "" && len(decode.Findings(named)) > 0 {
		kind = "reported"
	}
	out := &report.Reported{Symptom: evidence.RedactText(named)}
	worked := 0
	for _, c := range w.theory.Claims {
		same := c.Symptom == kind || kind == "reported" && (c.Symptom == "logs" || c.Symptom == "tunnel")
		switch {
		case w.failing[c.ID] && same:
			out.Seen = true
		case same && c.Verdict == diagnose.Holds:
			worked++
		}
	}
	switch {
	case out.Seen:
		out.Text = w.print.Sprint(reportedFound.With())
	case kind == "":
		out.Text = w.print.Sprint(reportedUnknown.With())
	case worked > 0:
		out.Text = w.print.Sprint(reportedAbsent.With(worked))
	default:
		out.Text = w.print.Sprint(reportedUnseen.With())
	}
	return out
}
