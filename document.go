package laudo

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"

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
	leader   map[diagnose.ID]diagnose.ID // of each cause, the first of those that are one in many places
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
	w.leader = w.together()
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

func (w *writer) verdict(doc *report.Document) string {
	switch {
	case len(doc.Symptoms) > 0:
		return report.VerdictBroken
	case slices.ContainsFunc(doc.Unseen, func(u report.Unseen) bool { return u.Needed }), w.noLogJudged(), w.noProgramSeen():
		return report.VerdictBlind
	}
	return report.VerdictHealthy
}

// noProgramSeen reports whether a machine was looked at by itself, and no program
// of Kubernetes was found on it.
func (w *writer) noProgramSeen() bool {
	if !w.run.options.Host {
		return false
	}
	return !slices.ContainsFunc(w.run.facts.Answers(), func(a evidence.Answer) bool { return len(a.Programs) > 0 })
}

// noLogJudged reports whether logs were asked for and none could be judged,
// neither good nor bad.
func (w *writer) noLogJudged() bool {
	asked := false
	for _, c := range w.theory.Claims {
		if c.Symptom != "logs" {
			continue
		}
		if c.Verdict != diagnose.Unknown {
			return false
		}
		asked = asked || c.Why == diagnose.Failed
	}
	return asked
}
