package diagnose

import "time"

// ID names a requirement within a problem. It is never shown translated.
type ID string

// Verdict is what an observation says of a requirement.
type Verdict string

// The verdicts. The zero value is not a verdict: a requirement without an
// observation is Unknown because nobody looked.
const (
	Holds        Verdict = "holds"
	Broken       Verdict = "broken"
	Intermittent Verdict = "intermittent" // some of the requests fail: Failed of Tried
	Unknown      Verdict = "unknown"      // could not look; Why says why
)

// Why says why a verdict is Unknown.
type Why string

// The reasons for not knowing.
const (
	NotAsked     Why = "not-asked"     // a test exists and has not been made
	Forbidden    Why = "forbidden"     // no right to look
	Failed       Why = "failed"        // looking failed: unreachable, garbled, interrupted
	TimedOut     Why = "timed-out"     // no answer in time
	Hidden       Why = "hidden"        // the platform does not show it, by design
	NotCollected Why = "not-collected" // the bundle does not hold it
	NoStandpoint Why = "no-standpoint" // cannot be seen from where we stand
	Masked       Why = "masked"        // an earlier stage of the connection fails
	Declined     Why = "declined"      // the user asked not to look
)

// Op says how the alternatives of a need combine.
type Op uint8

// The ways in which a requirement needs others.
const (
	All  Op = iota // every one of them
	Any            // one of them suffices
	KOf            // at least K of them
	Each           // each request takes one of them, at random
)

// Need is something a requirement rests on.
type Need struct {
	Op Op
	K  int // for KOf: how many must hold
	On []ID
	// AtStart marks a need that was exercised when a process or a stream
	// started, not by each request: that the requirement works now proves
	// nothing about the need now, and the need's failure shows only at the next
	// start. Failure is traced through it, exoneration is not.
	AtStart bool
}

// Mode is a named way in which a requirement breaks.
type Mode struct {
	Name string // for example "expired"
	// Shows lists signatures that this mode leaves when it breaks a symptom:
	// if a symptom in whose needs the requirement lies was observed with
	// signatures, and none of them is listed, the mode cannot be what broke it.
	// Empty means that the mode predicts no particular text.
	Shows []string
	// Breaks lists requirements that this mode would break as well. If one of
	// them was observed to hold, the mode is refuted (predicted-absent).
	Breaks []ID
}

// Test is a way to observe a requirement directly that has not been made yet,
// or that cannot be made from here.
type Test struct {
	Name     string // what to ask, opaque to this package
	Cost     int    // 1 is one read; 3 a handshake; 10 something that takes seconds
	Possible bool   // false: exists, but not with our rights or from where we stand
}

// Stage is the place of a requirement in a connection.
type Stage struct {
	Connection string // empty: not a stage of a connection
	Order      int    // stages of one connection pass in this order
}

// Requirement is something that must hold of one subject.
type Requirement struct {
	ID    ID
	Group string // what kind of requirement it is (the law): members are ruled out together
	Needs []Need
	Modes []Mode // the known ways to break; none: breaking is never explained by itself
	Stage Stage
	// Tests are the direct tests not made yet. A requirement with a Possible
	// test that has not been made is never concluded by elimination.
	Tests []Test
	// Symptom is set for what a user notices (a failed request), and empty for
	// everything else. Symptoms are what is to be explained.
	Symptom string
	// Own reports whether the requirement can be at fault by itself. A
	// requirement that merely combines others cannot.
	Own bool
	// Rank orders suspects of equal standing: lower first. It decides order
	// only, never certainty.
	Rank int
	// Hint is the number of independent hints against the requirement (a
	// difference from a healthy cluster, a look-alike name, a date that fits):
	// they order suspects within equal evidence, and prove nothing.
	Hint int
}

// Interval is when something began: after After and not after Before. The zero
// time on either side means that it is not known.
type Interval struct{ After, Before time.Time }

// Observation is a verdict on one requirement, with what it rests on.
type Observation struct {
	On      ID
	Verdict Verdict
	Why     Why    // for Unknown
	Mode    string // for Broken: the mode seen; empty: broken in a way no mode describes
	// Signatures are the texts, classified, that a failing symptom was seen
	// with; see [Mode.Shows].
	Signatures []string
	// Tried is how many requests were made, and Failed how many of them failed.
	// A requirement that is Broken by a single request (Tried is 1) may be
	// intermittent for all anybody knows: then one failed alternative of an Each
	// need is enough to explain it. Zero: it fails throughout.
	Tried, Failed int
	Began         Interval
	// Used names the alternatives that the request really took, where that is
	// known: a success exonerates these and no others of an Each or Any need.
	Used     []ID
	Evidence []string // ids of the evidence it rests on
}

// Problem is all that is known.
type Problem struct {
	Requirements []Requirement
	Observations []Observation // at most one for each requirement; a second is an error
	// Slack is how far clocks may disagree when onsets are compared.
	Slack time.Duration
}
