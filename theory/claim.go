package theory

import (
	"time"

	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
)

// Subject is what a claim is about. Kind is a Kubernetes kind, or "Endpoint"
// (Name is host:port), "Kubeconfig" (Name is the context).
type Subject struct {
	Kind, Namespace, Name string
	Detail                string // a part of it: a key, a flag, a container
}

// String names the subject as kubectl does: "Secret ns/name key".
func (s Subject) String() string {
	out := s.Kind + " "
	if s.Namespace != "" {
		out += s.Namespace + "/"
	}
	out += s.Name
	if s.Detail != "" {
		out += " " + s.Detail
	}
	return out
}

// Claim is a requirement of one subject with what was seen of it and the words
// to explain it.
type Claim struct {
	ID      diagnose.ID
	Subject Subject
	// Suspect names the claim's failure as a suspicion: "agents not running".
	Suspect message.Text
	// Held says how the claim was seen to hold: "2 of 2 Pods Running and Ready".
	Held message.Text
	// HeldAll says it of several claims of one law, with their number: "%[1]s of
	// %[1]s kubelets renew their lease". Zero: Held of the first is printed.
	HeldAll message.Word
	Needs   []diagnose.Need
	Modes   []Mode
	// Connection and Stage place the claim in a connection.
	Connection string
	Stage      Stage
	// Symptom is set for what users notice: "logs", "metrics", "api", ...
	Symptom string
	// Sum marks a claim that only combines others, and is never itself at fault.
	Sum  bool
	Rank int // order among equal suspects; lower first
	Hint int // hints against it, which order suspects and prove nothing

	Verdict    diagnose.Verdict // zero: not observed
	Why        diagnose.Why     // for Unknown
	WhyDetail  string           // the refusal, in the words of whoever refused
	Mode       string           // for Broken
	Signatures []string
	Tried      int
	Failed     int
	Began      diagnose.Interval
	Used       []diagnose.ID
	Evidence   []Evidence
	Seen       message.Text // a symptom's text as seen

	Tests   []Test
	Details []Detail
	Events  []Event
	// Changed is when somebody last changed the subject. Zero: not known.
	Changed time.Time
	// NotAvoided says why what should have prevented the failure did not.
	NotAvoided []Statement
	Path       *Path
}

// Stage is a stage of a connection.
type Stage int

// The stages that opening a connection passes, in order.
const (
	NoStage Stage = iota
	StageName
	StagePort
	StageTLS
	StageClient
	StageAuthz
)

// String returns the stage as reports name it.
func (s Stage) String() string {
	return [...]string{"", "name", "port", "tls", "client", "authz"}[s]
}

// Mode is a named way in which a claim breaks.
type Mode struct {
	Name     string
	Category string // a category of package report
	Shows    []string
	Breaks   []diagnose.ID
	Summary  message.Text // what is wrong, as a sentence
	Remedy   *Remedy
}

// Remedy is how to cure.
type Remedy struct {
	Summary message.Text
	Before  []message.Text
	Steps   []Step
	Not     []message.Text
	Undo    string
}

// Step is one step of a remedy.
type Step struct {
	Text       message.Text
	Command    string
	Interrupts message.Text
	Action     string
	Args       map[string]string
}

// Test is a direct test of a claim: questions that laudo can ask, or a command
// for somebody who stands elsewhere.
type Test struct {
	Ask     []evidence.Question
	Cost    int
	Text    message.Text
	Command string
}

// Detail is a named value that explains a cause, such as a validity.
type Detail struct {
	Name  string // stable
	Label message.Word
	Value message.Text
}

// Event is something dated that bears on why it happened now.
type Event struct {
	At       time.Time
	Text     message.Text
	Evidence []Evidence
}

// Statement is a sentence with its evidence.
type Statement struct {
	Text     message.Text
	Evidence []Evidence
}

// Path is the way of a symptom's request, for people.
type Path struct {
	Title message.Text
	Parts []string // the components, one more than hops
	Hops  []Hop
}

// Hop is a connection of a path, told by the stages of Connection, or by the
// claims On where the connection has no stages of its own.
type Hop struct {
	Connection string
	On         []diagnose.ID
}

// Evidence is something the reader can go and see: a field of an object in the
// answer to a question, or the answer itself.
type Evidence struct {
	Question evidence.Question
	Object   Subject // zero: the answer itself
	Field    string
	Value    string
}

// Key identifies the evidence.
func (e Evidence) Key() string {
	return e.Question.String() + "|" + e.Object.String() + "|" + e.Field + "|" + e.Value
}
