// Package judge lets laudo diagnose what a fault did to a lab, compares the
// answer with what is due, and cures the lab by carrying out the remedy that
// the answer gives. It never undoes a fault by other means.
package judge

import (
	"slices"

	"github.com/kubelaudo/laudo/lab/faults"
)

// Document is what the judge reads of laudo's JSON.
type Document struct {
	SchemaVersion string  `json:"schemaVersion"`
	Verdict       string  `json:"verdict"`
	Causes        []Cause `json:"causes"`
}

// Cause is something that laudo holds at fault.
type Cause struct {
	ID        string           `json:"id"`
	Certainty faults.Certainty `json:"certainty"`
	Category  string           `json:"category"`
	Subject   faults.Subject   `json:"subject"`
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
	return same(s.Kind, c.Subject.Kind) && same(s.Namespace, c.Subject.Namespace) && same(s.Name, c.Subject.Name) && same(s.Detail, c.Subject.Detail)
}

// compare tells what is wrong with the document, and finds the cause that is
// due in it. Nothing is wrong if the first cause is the due one and as sure as
// it must be, and no other is confirmed. Where open suffices, the due cause may
// stand anywhere in the leading group of open causes.
func compare(d *Document, due faults.Verdict) (*Cause, string) {
	if len(d.Causes) == 0 {
		return nil, "no cause named"
	}
	found := -1
	for i, c := range d.Causes {
		if matches(c, due) && found < 0 {
			found = i
		} else if c.Certainty == faults.Confirmed {
			return nil, "wrongly confirmed: " + describe(c)
		}
	}
	if found < 0 {
		return nil, "the due cause is missing; first is " + describe(d.Causes[0])
	}
	c := &d.Causes[found]
	if !c.Certainty.AtLeast(due.Least) {
		return c, "only " + string(c.Certainty) + ", " + string(due.Least) + " is due"
	}
	for _, before := range d.Causes[:found] {
		if due.Least != faults.Open || before.Certainty != faults.Open {
			return c, "ranked after " + describe(before)
		}
	}
	return c, ""
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
