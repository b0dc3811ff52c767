// Package diagnose reasons from requirements and observations to causes.
//
// It knows nothing of Kubernetes. It is given a [Problem]: requirements
// (things that must hold, each of one subject), what each needs in turn, and
// observations of some of them. It returns a [Diagnosis]: which requirements
// are at fault, how certain that is, what was ruled out and why, what stays
// open and what would decide it, and what will hurt later. [NextTests] tells
// what to look at next.
//
// # Method
//
// It is consistency-based diagnosis on a Horn dependency model with explicit
// fault modes (Reiter 1987; de Kleer and Williams 1987).
//
// What was seen to hold exonerates what it must have used, as it used it. From
// that follows how bad each requirement can be at worst. What remains below
// something that fails is its cone: whatever may account for it. A requirement
// that was seen to fail, and whose needs cannot account for that, is at fault
// itself; one whose needs are known to is a consequence. Anything else is a
// goal. Each goal yields conflicts (suspects of which at least one is at fault:
// one conflict for each alternative that must have failed), and the
// explanations that lead are the minimal sets of suspects that hit all
// conflicts, of the least size or one more.
//
// Requirements do one of three things: they work, they fail some of the
// requests, or they fail throughout. Each kind of need has its own arithmetic
// of these.
//
// In a cycle nothing works without support from outside or an observation, and
// nothing fails without a reason; a cycle that fails with no reason in sight
// is a [Deadlock].
//
// # Limits
//
// Time and memory are linear in the size of the problem, but for the search for
// explanations, which is bounded. Beyond its bounds, every suspect leads.
//
// The package is pure: no I/O, no clock, no randomness. The same problem gives
// the same diagnosis, whatever the order of its parts.
package diagnose
