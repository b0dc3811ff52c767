package diagnose

// Certainty is how sure a cause is.
type Certainty string

// The certainties, surest first.
const (
	// Confirmed: a direct test says broken, everything it needs holds, and it
	// lies inside what a failing symptom needs.
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
	WrongOrder      Reason = "wrong-order"      // began after what it should have caused
)

// RuledOut is a suspect that cannot be the cause.
type RuledOut struct {
	ID       ID
	Reason   Reason
	By       []ID // the requirements whose observations ruled it out
	Evidence []string
}

// OpenItem is a suspect that could be neither confirmed nor ruled out.
type OpenItem struct {
	ID  ID
	Why Why
	// Redundant: possible, but what is confirmed explains everything without it.
	Redundant bool
	Tests     []Test // what would decide it
}

// Symptom is a failing symptom and what explains it.
type Symptom struct {
	ID          ID
	ExplainedBy []ID // causes, in order; empty: unexplained
	// Needs every one of these cured: curing one alone does not restore it.
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
	Members []ID // in the order of the first failure in time, where known
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
	// that could not be observed for a reason other than Hidden, Masked or NotAsked.
	Unseen []ID
	Proof  []Step // from each failing symptom down to its causes
}

// Next lists, cheapest first, the tests that would separate the hypotheses
// that compete. It is empty when nothing possible would change the diagnosis.
type Next struct {
	On   ID
	Test Test
}
