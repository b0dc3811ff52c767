// Package report makes of a diagnosis what people and programs read.
//
// A [Document] is the whole report, every text already in the reader's
// language; its JSON is published in docs/schema.json, and fields are only
// added. The terminal prints a Document and nothing else, so whatever a person
// sees a program can have. This package renders; it decides nothing.
package report

import "time"

// SchemaVersion is the version of the document's JSON. Fields are only added
// within a version.
const SchemaVersion = "1"

// Document is a report.
type Document struct {
	SchemaVersion string `json:"schemaVersion"`
	// Language is the language of the texts, as a BCP 47 tag; empty: English.
	Language string  `json:"language,omitempty"`
	Cluster  Cluster `json:"cluster"`
	// Verdict sums up: "healthy", "broken", or "blind" (nothing found broken,
	// and something that a judged path needed could not be seen).
	Verdict string `json:"verdict"`
	// Reported says what was found of the symptom that the user named; null: the
	// user named none.
	Reported      *Reported      `json:"reported,omitempty"`
	Causes        []Cause        `json:"causes"`
	Symptoms      []Symptom      `json:"symptoms"`
	Paths         []Path         `json:"paths"`
	RuledOut      []RuledOut     `json:"ruledOut"`
	Open          []Open         `json:"open"`
	Risks         []Risk         `json:"risks"`
	WhyNow        []Event        `json:"whyNow"`
	WhyNotAvoided []Statement    `json:"whyNotAvoided"`
	Unseen        []Unseen       `json:"unseen"`
	EvidenceItems []EvidenceItem `json:"evidenceItems"`
	// Run holds what differs between two runs on the same evidence.
	Run *Run `json:"run,omitempty"`
}

// Run tells how the evidence was had. It stands apart from what is compared.
type Run struct {
	LaudoVersion string  `json:"laudoVersion"`
	Seconds      float64 `json:"seconds"`
	Requests     int     `json:"requests"`
	Source       string  `json:"source"` // "live" or the name of the bundle
}

// Reported is the symptom that the user named, and whether it was seen.
type Reported struct {
	Symptom string `json:"symptom"` // as the user gave it
	Seen    bool   `json:"seen"`    // it happens now, and is among the symptoms
	Text    string `json:"text"`
}

// Cluster is what was diagnosed.
type Cluster struct {
	Name     string    `json:"name"`     // the kubeconfig context's cluster
	Server   string    `json:"server"`   // URL of the API endpoint
	Version  string    `json:"version"`  // gitVersion of the API server; empty: not known
	Provider string    `json:"provider"` // "aks", "eks", "gke", "k3s", ... ; empty: not known
	Nodes    int       `json:"nodes"`    // -1: not known
	At       time.Time `json:"at"`       // the moment that the report speaks of
}

// Subject is what a statement is about. Kind is a Kubernetes kind, or
// "Endpoint" (Name is host:port), "Kubeconfig" (Name is the context), "Path".
type Subject struct {
	Kind      string `json:"kind"`
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name"`
	Detail    string `json:"detail,omitempty"` // a part of it: a key, a flag, a container
}

// Cause is something at fault.
type Cause struct {
	ID        string  `json:"id"`
	Certainty string  `json:"certainty"` // "confirmed", "likely" or "open"
	Category  string  `json:"category"`
	Subject   Subject `json:"subject"`
	// Members are the subjects, where it is the same in several places; Subject,
	// and what is said of it, is the first.
	Members   []Subject  `json:"members,omitempty"`
	Component string     `json:"component"`
	Summary   string     `json:"summary"`
	Details   []Field    `json:"details"`
	Since     *time.Time `json:"since"`    // null: not known
	Explains  []string   `json:"explains"` // ids of symptoms
	Evidence  []string   `json:"evidence"`
	// DecidedBy says what would decide a cause that is open.
	DecidedBy []DecidedBy `json:"decidedBy,omitempty"`
	Remedy    *Remedy     `json:"remedy"`
}

// Field is a named value, such as the validity of a certificate.
type Field struct {
	Name  string `json:"name"`  // stable, not translated
	Label string `json:"label"` // as people read it
	Value string `json:"value"`
}

// Remedy is how to cure a cause.
type Remedy struct {
	Summary string `json:"summary,omitempty"`
	// Before says what must be true first.
	Before []string `json:"before"`
	Steps  []Step   `json:"steps"`
	Not    []string `json:"not"`   // what not to do, because it does not help or does harm
	Proof  string   `json:"proof"` // the command that proves the cure
	Undo   string   `json:"undo,omitempty"`
}

// Step is one step of a remedy.
type Step struct {
	// Text says what the step does.
	Text string `json:"text"`
	// Command is what to type; empty where it is not a command of ours to know.
	Command    string `json:"command"`
	Interrupts string `json:"interrupts,omitempty"` // what the step interrupts, and for how long
	// Action and Args name the step for programs, whatever tool carries it out
	// on this platform. Action is empty where Command alone is the step.
	Action string            `json:"action,omitempty"`
	Args   map[string]string `json:"args,omitempty"`
}

// Symptom is a failed request, as users notice it.
type Symptom struct {
	ID          string     `json:"id"`
	Kind        string     `json:"kind"` // "logs", "metrics", "apiservice", "api", ...
	Subject     Subject    `json:"subject"`
	Text        string     `json:"text"`
	Since       *time.Time `json:"since"`
	ExplainedBy []string   `json:"explainedBy"` // ids of causes; empty: unexplained
	// CureAll lists causes that must all be cured before the symptom goes.
	CureAll []string `json:"cureAll,omitempty"`
	// Failing and Judged count the requests of this kind that fail in this way,
	// and those that were judged at all.
	Failing int `json:"failing"`
	Judged  int `json:"judged"`
	// Members are the subjects, where there are several; Subject is the first.
	Members  []Subject `json:"members,omitempty"`
	Evidence []string  `json:"evidence"`
	// Subsets say what those that fail have in common and those that work have
	// not; several where they separate equally well.
	Subsets []Subset `json:"subsets,omitempty"`
}

// Subset is an attribute that tells what fails from what works. It is a count,
// and proves nothing.
type Subset struct {
	Attribute   string `json:"attribute"` // stable, not translated: "label KEY", "subnet", "kubelet version", ...
	Value       string `json:"value"`
	Failing     int    `json:"failing"`
	FailingWith int    `json:"failingWith"` // how many of those have it
	Working     int    `json:"working"`
	WorkingWith int    `json:"workingWith"`
	// CounterExamples fail without it, or work with it.
	CounterExamples []Subject `json:"counterExamples"`
	Text            string    `json:"text"`
}

// Path is the way of a kind of request through the cluster.
type Path struct {
	Title   string   `json:"title"`
	Symptom string   `json:"symptom"` // id of a symptom
	Hops    []Hop    `json:"hops"`
	Parts   []string `json:"parts"` // the components, one more than hops
}

// Hop is one connection of a path. State is "holds", "broken", "intermittent"
// or "unknown".
type Hop struct {
	State  string  `json:"state"`
	Stages []Stage `json:"stages"`
}

// Stage is one stage of a connection.
type Stage struct {
	Name  string `json:"name"` // "name", "port", "tls", "client", "authz"
	State string `json:"state"`
	Note  string `json:"note,omitempty"`
}

// RuledOut is a suspect that cannot be the cause.
type RuledOut struct {
	ID       string  `json:"id"`
	Category string  `json:"category"`
	Subject  Subject `json:"subject"`
	// Members are the subjects, where several were ruled out together; Subject
	// is the first.
	Members  []Subject `json:"members,omitempty"`
	Summary  string    `json:"summary"` // what was suspected
	Reason   string    `json:"reason"`  // direct, sibling, not-in-cone, predicted-absent, signature, wrong-order
	Because  string    `json:"because"` // the reason in words
	Evidence []string  `json:"evidence"`
}

// Open is a suspect that could be neither confirmed nor ruled out.
type Open struct {
	ID        string      `json:"id"`
	Category  string      `json:"category"`
	Subject   Subject     `json:"subject"`
	Summary   string      `json:"summary"`
	Why       string      `json:"why"` // forbidden, no-standpoint, masked, redundant, ...
	Because   string      `json:"because"`
	DecidedBy []DecidedBy `json:"decidedBy"`
}

// DecidedBy is a test that would decide an open suspect.
type DecidedBy struct {
	Text    string `json:"text"`
	Command string `json:"command,omitempty"`
}

// Risk is something proven broken that explains no symptom yet.
type Risk struct {
	ID       string     `json:"id"`
	Category string     `json:"category"`
	Subject  Subject    `json:"subject"`
	Summary  string     `json:"summary"`
	When     *time.Time `json:"when"` // when it will hurt; null: not known
	Details  []Field    `json:"details"`
	Evidence []string   `json:"evidence"`
	Remedy   *Remedy    `json:"remedy"`
}

// Event is one line of why it happened now.
type Event struct {
	At       *time.Time `json:"at"`
	Text     string     `json:"text"`
	Evidence []string   `json:"evidence"`
}

// Statement is a sentence with what it rests on.
type Statement struct {
	Text     string   `json:"text"`
	Evidence []string `json:"evidence"`
}

// Unseen is something that could not be looked at.
type Unseen struct {
	Question string `json:"question"`
	Why      string `json:"why"`
	Text     string `json:"text"`
	// Needed reports whether a judged path needed it.
	Needed bool `json:"needed"`
}

// EvidenceItem is something that the reader can go and see.
type EvidenceItem struct {
	ID       string    `json:"id"`
	Question string    `json:"question"` // what was asked, as [evidence.Question] prints it
	From     string    `json:"from"`     // the standpoint
	At       time.Time `json:"at"`
	Object   *Subject  `json:"object,omitempty"`
	Field    string    `json:"field,omitempty"`
	Value    string    `json:"value,omitempty"`
}
