package laudo

import (
	"cmp"
	"slices"
	"time"

	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
)

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
		if len(found.Explains) == 0 && !found.Deadlock {
			continue // a risk; see risks
		}
		if w.leader[found.ID] != found.ID {
			continue // told with the first of its kind
		}
		if c.Suspect.IsZero() && len(c.Modes) == 0 {
			continue // needed by something, and stated by no law: there is nothing to say of it
		}
		m := w.modeOf(c, found.Mode)
		cause := report.Cause{
			ID: string(c.ID), Certainty: string(found.Certainty), Category: m.Category, Subject: subjectOf(c.Subject),
			Component: w.theory.ComponentOf(c.ID).Name, Summary: w.summaryOf(c, m, found.Unfamiliar),
			Details: w.details(c), Since: sinceOf(c.Began), Explains: w.groupIDs(w.explained(found.ID)),
			Evidence: w.cite(found.Evidence), Remedy: w.remedy(m.Remedy),
		}
		for i, member := range w.merged(found.ID) {
			cause.Members = append(cause.Members, subjectOf(member.Subject))
			if i > 0 {
				also(cause.Remedy, w.remedy(w.modeOf(member, found.Mode).Remedy))
			}
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
	// What others rest on comes before what fails alone.
	slices.SortStableFunc(out, func(a, b report.Cause) int {
		alone := func(c report.Cause) int {
			if c.Category == report.CategoryWorkloadDown {
				return 1
			}
			return 0
		}
		return cmp.Or(cmp.Compare(alone(a), alone(b)), -cmp.Compare(len(a.Explains), len(b.Explains)))
	})
	return out
}

// explained are the symptoms that a cause explains, or those that are told with it.
func (w *writer) explained(id diagnose.ID) []diagnose.ID {
	var out []diagnose.ID
	for _, found := range w.diagnosis.Causes {
		if w.leader[found.ID] == id {
			out = append(out, found.Explains...)
		}
	}
	return out
}

// also adds to a remedy what another has that it has not.
func also(to, from *report.Remedy) {
	if to == nil || from == nil {
		return
	}
	add := func(to *[]string, from []string) {
		for _, text := range from {
			if !slices.Contains(*to, text) {
				*to = append(*to, text)
			}
		}
	}
	add(&to.Before, from.Before)
	add(&to.Not, from.Not)
	for _, step := range from.Steps {
		if !slices.ContainsFunc(to.Steps, func(s report.Step) bool { return s.Text == step.Text && s.Command == step.Command }) {
			to.Steps = append(to.Steps, step)
		}
	}
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

func (w *writer) risks() []report.Risk {
	out := []report.Risk{}
	ids := slices.Clone(w.diagnosis.Risks)
	for _, found := range w.diagnosis.Causes {
		if len(found.Explains) == 0 && !found.Deadlock {
			ids = append(ids, found.ID)
		}
	}
	for _, id := range ids {
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
