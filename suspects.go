package laudo

import (
	"cmp"
	"slices"
	"strings"

	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
	"github.com/kubelaudo/laudo/theory/components"
)

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

var noPrograms = message.Word{EN: "no program of Kubernetes was found on this machine", PT: "nenhum programa do Kubernetes foi encontrado nesta máquina"}

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

// unseen lists what could not be looked at: every question without an answer.
func (w *writer) unseen() []report.Unseen {
	out := []report.Unseen{}
	for _, tripped := range w.theory.Tripped() {
		out = append(out, report.Unseen{Question: tripped, Why: string(evidence.Failed), Text: w.print.Sprint(whyWords[diagnose.Failed].With()), Needed: true})
	}
	if w.noProgramSeen() {
		out = append(out, report.Unseen{Question: string(evidence.Programs), Why: string(evidence.Failed), Text: w.print.Sprint(noPrograms.With()), Needed: true})
	}
	dialled := slices.ContainsFunc(w.run.facts.Answers(), func(a evidence.Answer) bool {
		return a.Question.Kind == evidence.Dial && a.Gap == nil && strings.HasPrefix(a.Question.Path, "/api/v1/nodes/")
	})
	for _, a := range w.run.facts.Answers() {
		if a.Gap == nil || a.Question.Nth > 0 || a.Question.From.Node() != "" && a.Gap.Why == evidence.NotCollected {
			continue
		}
		if a.Question.Kind == evidence.Dial && (a.Gap.Why == evidence.TimedOut || !dialled) {
			continue // an answer in itself; or beside what is asked anyway, and most have no right to it
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
		return slices.Contains(components.Enumerated, a.Question.Resource) ||
			slices.Contains(components.AlsoEnumerated, a.Question.Resource) && a.Gap.Why != evidence.NotCollected
	}
	if a.Question.Kind == evidence.Dial {
		return true // others were dialled, and this one may be what fails
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
