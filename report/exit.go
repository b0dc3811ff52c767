package report

// The exit codes of the command line. They follow from the document alone, and
// are the same whatever the output.
const (
	ExitHealthy     = 0   // nothing broken
	ExitBroken      = 1   // something is broken
	ExitMisuse      = 2   // bad flags, bad kubeconfig, nothing readable in the bundle
	ExitBlind       = 3   // nothing found broken, and something that mattered could not be seen
	ExitInterrupted = 130 // the user ended it
)

// ExitCode returns the exit code that a document stands for. With failOnRisk a
// risk counts as broken.
func ExitCode(d *Document, failOnRisk bool) int {
	switch {
	case d.Verdict == VerdictBroken, failOnRisk && len(d.Risks) > 0:
		return ExitBroken
	case d.Verdict == VerdictHealthy:
		return ExitHealthy
	}
	return ExitBlind
}
