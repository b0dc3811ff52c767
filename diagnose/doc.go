// Package diagnose reasons from requirements and observations to causes.
//
// It knows nothing of Kubernetes. It is given a [Problem]: requirements
// (things that must hold, each of one subject), what each needs in turn, and
// observations of some of them. It returns a [Diagnosis]: which requirements
// are at fault, how certain that is, what was ruled out and why, what stays
// open and what would decide it, and what will hurt later.
//
// The method is consistency-based diagnosis on a Horn dependency model with
// explicit fault modes (Reiter 1987; de Kleer and Williams 1987): a failed
// symptom yields conflicts (the requirements it rests on, less those that are
// exonerated), and the explanations are the minimal sets of faults that hit
// them all.
//
// The package is pure: no I/O, no clock, no randomness. The same problem gives
// the same diagnosis, whatever the order of its parts.
package diagnose
