package report

// The values of [Document.Verdict].
const (
	VerdictHealthy = "healthy"
	VerdictBroken  = "broken"
	VerdictBlind   = "blind"
)

// The values of [Cause.Certainty], surest first.
const (
	CertaintyConfirmed = "confirmed"
	CertaintyLikely    = "likely"
	CertaintyOpen      = "open"
)

// The values of [Hop.State] and [Stage.State].
const (
	StateHolds        = "holds"
	StateBroken       = "broken"
	StateIntermittent = "intermittent"
	StateUnknown      = "unknown"
)

// vocabulary lists the values of the enumerated fields, by the Go name of the
// field's struct and field. The published schema holds them.
var vocabulary = map[string][]string{
	"Document.Verdict": {VerdictHealthy, VerdictBroken, VerdictBlind},
	"Cause.Certainty":  {CertaintyConfirmed, CertaintyLikely, CertaintyOpen},
	"Hop.State":        {StateHolds, StateBroken, StateIntermittent, StateUnknown},
	"Stage.State":      {StateHolds, StateBroken, StateIntermittent, StateUnknown},
	"Stage.Name":       {"name", "port", "tls", "client", "authz"},
	"RuledOut.Reason":  {"direct", "sibling", "not-in-cone", "predicted-absent", "signature", "wrong-order"},
	"Open.Why": {
		"not-asked", "forbidden", "failed", "timed-out", "hidden", "not-collected",
		"no-standpoint", "masked", "declined", "redundant",
	},
	"Unseen.Why": {
		"forbidden", "unauthorized", "timed-out", "unreachable", "failed", "hidden",
		"not-collected", "declined", "interrupted", "no-standpoint", "masked", "not-asked",
	},
	"Cause.Category":    Categories,
	"RuledOut.Category": Categories,
	"Open.Category":     Categories,
	"Risk.Category":     Categories,
}
