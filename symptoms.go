package laudo

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/kubelaudo/laudo/decode"
	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
	"github.com/kubelaudo/laudo/theory/components"
)

// symptomGroup is failing symptoms of one kind that one set of causes explains
// in one way.
type symptomGroup struct {
	members []diagnose.Symptom
	judged  int // how many subjects of the kind were judged at all
}

func (w *writer) groups() []symptomGroup {
	type kind struct{ symptom, subject string }
	judged := map[kind]map[theory.Subject]bool{}
	for _, c := range w.theory.Claims {
		if c.Symptom != "" && c.Verdict != "" && c.Verdict != diagnose.Unknown {
			k := kind{c.Symptom, c.Subject.Kind}
			if judged[k] == nil {
				judged[k] = map[theory.Subject]bool{}
			}
			judged[k][c.Subject] = true
		}
	}
	byKey := map[string]int{}
	var out []symptomGroup
	for _, s := range w.diagnosis.Symptoms {
		c := w.theory.Claim(s.ID)
		like := c.Symptom + "|" + c.Subject.Kind + "|" + string(c.Verdict) + "|" + strings.Join(c.Signatures, ",")
		key := like + "|" + fmt.Sprint(w.leaders(s.ExplainedBy))
		i, ok := byKey[key]
		if !ok {
			i = len(out)
			byKey[key] = i
			out = append(out, symptomGroup{judged: len(judged[kind{c.Symptom, c.Subject.Kind}])})
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
	return slices.Index([]string{"workload", "webhook", "conversion", "tunnel", "apiservice", "metrics", "logs", "node", "readyz", "api"}, kind) * -1
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
			Since: sinceOf(c.Began), ExplainedBy: w.leaders(first.ExplainedBy), CureAll: w.leaders(first.CureAll),
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
		s.Evidence, s.Subsets = w.cite(keys), w.subsets(g)
		out = append(out, s)
	}
	return out
}

// citedMembers is how many members of a group are cited.
const citedMembers = 3

// leaders are the ids of the causes under which these are told.
func (w *writer) leaders(ids []diagnose.ID) []string {
	out := []string{}
	for _, id := range ids {
		leader, ok := w.leader[id]
		if !ok {
			leader = id
		}
		if !slices.Contains(out, string(leader)) {
			out = append(out, string(leader))
		}
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
