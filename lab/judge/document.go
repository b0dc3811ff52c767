// Package judge lets laudo diagnose what a fault did to a lab, compares the
// answer with what is due, and cures the lab by carrying out the remedy that
// the answer gives. It never undoes a fault by other means.
package judge

import (
	"fmt"
	"slices"

	"github.com/kubelaudo/laudo/lab/faults"
)

// Document is what the judge reads of laudo's JSON.
type Document struct {
	SchemaVersion string  `json:"schemaVersion"`
	Verdict       string  `json:"verdict"`
	Causes        []Cause `json:"causes"`
	Risks         []Cause `json:"risks"` // of the same form, without certainty
	Run           struct {
		Requests int `json:"requests"`
	} `json:"run"`
}

// Cause is something that laudo holds at fault.
type Cause struct {
	ID        string           `json:"id"`
	Certainty faults.Certainty `json:"certainty"`
	Category  string           `json:"category"`
	Subject   faults.Subject   `json:"subject"`
	Members   []faults.Subject `json:"members"` // where it is the same in several places; Subject is the first
	Summary   string           `json:"summary"`
	Remedy    *Remedy          `json:"remedy"`
}

// Remedy is how to cure a cause.
type Remedy struct {
	Steps []Step `json:"steps"`
}

// Step is one step of a remedy: an action of the platform, or else a command.
type Step struct {
	Text    string            `json:"text"`
	Command string            `json:"command"`
	Action  string            `json:"action"`
	Args    map[string]string `json:"args"`
}

// matches tells whether the cause is the one that is due.
func matches(c Cause, due faults.Verdict) bool {
	if !slices.Contains(due.Categories, c.Category) {
		return false
	}
	same := func(want, got string) bool { return want == "" || want == got }
	s := due.Subject
	return slices.ContainsFunc(append([]faults.Subject{c.Subject}, c.Members...), func(of faults.Subject) bool {
		return same(s.Kind, of.Kind) && same(s.Namespace, of.Namespace) && same(s.Name, of.Name) && same(s.Detail, of.Detail)
	})
}

// compare tells what is wrong with the document, and finds the causes that are
// due in it. Nothing is wrong if all that are due are named, each as sure as it
// must be and before any other, and no other is confirmed. Where open suffices,
// the due cause may stand anywhere in the leading group of open causes.
func compare(d *Document, due []faults.Verdict) ([]*Cause, string) {
	if len(d.Causes) == 0 {
		return nil, "no cause named"
	}
	open := slices.ContainsFunc(due, func(v faults.Verdict) bool { return v.Least == faults.Open })
	var found []*Cause
	var other *Cause // the first that is not due
	left := slices.Clone(due)
	wrong := ""
	note := func(text string) {
		if wrong == "" {
			wrong = text
		}
	}
	for i := range d.Causes {
		c := &d.Causes[i]
		k := slices.IndexFunc(left, func(v faults.Verdict) bool { return matches(*c, v) })
		switch {
		case k >= 0:
			if !c.Certainty.AtLeast(left[k].Least) {
				note("only " + string(c.Certainty) + ", " + string(left[k].Least) + " is due: " + describe(*c))
			}
			if other != nil && (!open || other.Certainty != faults.Open) {
				note("ranked after " + describe(*other) + ": " + describe(*c))
			}
			found = append(found, c)
			left = slices.Delete(left, k, k+1)
		case c.Certainty == faults.Confirmed:
			return nil, "wrongly confirmed: " + describe(*c)
		case other == nil:
			other = c
		}
	}
	for _, v := range left {
		note(fmt.Sprintf("the due %v is missing; first is %s", v.Categories, describe(d.Causes[0])))
	}
	return found, wrong
}

func describe(c Cause) string {
	name := c.Subject.Name
	if c.Subject.Namespace != "" {
		name = c.Subject.Namespace + "/" + name
	}
	if c.Subject.Detail != "" {
		name += " " + c.Subject.Detail
	}
	return c.Category + " of " + c.Subject.Kind + " " + name + " (" + string(c.Certainty) + ")"
}
