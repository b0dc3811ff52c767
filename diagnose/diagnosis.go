package diagnose

// Certainty is how sure a cause is.
type Certainty string

// The certainties, surest first.
const (
	// Confirmed: a direct test says broken, nothing that it needs can account
	// for that, and it lies inside what a failing symptom needs.
	Confirmed Certainty = "confirmed"
	// Likely: every rival is ruled out, and no direct test is possible from here.
	Likely Certainty = "likely"
	// Open: one of the leading group; nothing is decided among them.
	Open Certainty = "open"
)

// Cause is a requirement held to be at fault.
type Cause struct {
	ID        ID
	Certainty Certainty
	Mode      string   // as observed; empty where it is inferred
	Explains  []ID     // the failing symptoms whose needs it lies in
	Evidence  []string // of the direct observation, if any
	// Unfamiliar: broken, with all its needs holding, in a way that no known
	// mode describes. The theory ends here.
	Unfamiliar bool
	// Deadlock: not a fault of its own, but the first of a cycle whose members
	// wait for each other; see [Diagnosis.Deadlocks].
	Deadlock bool
}

// Reason is why a suspect was ruled out. The six are the only ones.
type Reason string

// The reasons for ruling out.
const (
	ByDirectTest    Reason = "direct"           // tested, and holds
	BySibling       Reason = "sibling"          // something that uses it works
	NotInCone       Reason = "not-in-cone"      // explains no symptom
	PredictedAbsent Reason = "predicted-absent" // would also break something that works
	BySignature     Reason = "signature"        // would leave another text
	WrongOrder      Reason = "wrong-order"      // began after what it should have caused: a risk, if it is proven broken
)

// RuledOut is a suspect that cannot be the cause.
type RuledOut struct {
	ID       ID
	Reason   Reason
	By       []ID // the requirements whose observations ruled it out; of siblings, four
	Evidence []string
}

// OpenItem is a suspect that could be neither confirmed nor ruled out.
type OpenItem struct {
	ID  ID
	Why Why
	// Redundant: possible, but what is proven broken explains everything without it.
	Redundant bool
	Tests     []Test // what would decide it
}

// Symptom is a failing symptom and what explains it.
type Symptom struct {
	ID ID
	// ExplainedBy lists the confirmed and likely causes of it, in order, if
	// together they make it fail as it was seen to. Empty: not explained.
	ExplainedBy []ID
	// CureAll lists what is proven broken and each enough to keep it from
	// working, where there is more than one: curing one alone does not restore
	// it. Besides causes it may name risks that began later (see WrongOrder).
	CureAll []ID
}

// Step is one edge of the proof: On is broken or suspect because of By.
type Step struct {
	On ID
	By []ID
}

// Deadlock is a cycle of requirements that wait for each other, with nothing
// outside of it to blame.
type Deadlock struct {
	Members []ID // those seen to fail first, in the order of failing where known
	First   ID   // the first to fail; empty: not known
}

// Diagnosis is what follows from a problem.
type Diagnosis struct {
	Causes    []Cause
	Symptoms  []Symptom // failing ones only
	RuledOut  []RuledOut
	Open      []OpenItem
	Risks     []ID // proven broken, and explaining no symptom
	Deadlocks []Deadlock
	// Unseen lists requirements in the cone of judged symptoms, failing or not,
	// that could not be observed for a reason other than Hidden, Masked or NotAsked,
	// and are not proven to hold by something that uses them. A symptom that
	// could not be observed itself counts as judged.
	Unseen []ID
	Proof  []Step // from each failing symptom down to its causes
}

// Next is a test to make next; see [NextTests].
type Next struct {
	On   ID
	Test Test
}
