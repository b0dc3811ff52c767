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

var undated = message.Word{
	EN: "when it began cannot be told: nothing that can be seen from here dates it",
	PT: "não se sabe quando começou: nada do que se vê daqui o data",
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
	cone := w.cone()
	for _, c := range w.theory.Claims {
		if !cone[c.ID] || w.causeIDs[c.ID] || w.failing[c.ID] {
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
	dated := slices.ContainsFunc(w.diagnosis.Causes, func(c diagnose.Cause) bool {
		return c.Certainty != diagnose.Open && sinceOf(w.theory.Claim(c.ID).Began) != nil
	})
	if decided && len(out) == 0 && !dated {
		out = append(out, report.Event{Text: w.print.Sprint(undated.With()), Evidence: []string{}})
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
