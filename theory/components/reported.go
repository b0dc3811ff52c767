package components

import (
	"slices"
	"strings"

	"github.com/kubelaudo/laudo/decode"
	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/theory"
)

// reported is what the user says that fails, as an error text.
var reported = theory.Component{
	Name: "reported",
	For: message.Word{
		EN: "what the user sees, in the words of the program that printed it",
		PT: "o que o usuário vê, nas palavras do programa que o imprimiu",
	},
	Laws: []theory.Law{{
		ID: "reported",
		Doc: "what the user reports does not happen\n\n" +
			"The text is decoded to the hop and the stage that failed; it is a symptom like those that laudo finds itself, unless requests of that kind are seen to work.",
		Reads: slices.Concat(nodeReads, logReads, apiServiceReads),
		State: reportedFails,
	}},
}

// ReportedID is the claim that what the user reports does not happen.
const ReportedID = diagnose.ID("reported")

// SymptomKinds maps what users call a symptom to the kind that laudo judges.
var SymptomKinds = map[string]string{
	"logs": "logs", "exec": "logs", "attach": "logs", "port-forward": "logs",
	"top": "metrics", "metrics": "metrics", "hpa": "metrics",
	"apiservice": "apiservice", "tunnel": "tunnel", "konnectivity": "tunnel",
	"api": "api", "node": "node", "workload": "workload", "webhook": "webhook", "readyz": "readyz", "writes": "writes",
}

var reportedSeen = message.Word{EN: "reported: %[1]s", PT: "relatado: %[1]s"}

func reportedFails(v *theory.View) {
	text := v.Options().Reported
	if text == "" || SymptomKinds[strings.ToLower(text)] != "" {
		return
	}
	found := decode.Findings(text)
	if len(found) == 0 {
		return
	}
	f := found[0]
	claim := theory.Claim{
		ID: ReportedID, Subject: subject{Kind: "Path", Name: "reported"}, Symptom: "reported", Sum: true,
		Verdict: diagnose.Broken, Seen: reportedSeen.With(firstLine(text)), Signatures: []string{f.ID},
		Needs: []diagnose.Need{all(apiAnswers)},
	}
	stage, _ := kubeletStage(&f)
	node := nodeAt(v, f.Address)
	switch seen := tunnelSeen(v); {
	case stage != theory.NoStage && node != "":
		if r := logRequests(v)[node]; r == nil || r.tried > 0 && r.failed == 0 {
			return
		}
		claim.Needs = append(claim.Needs, all(logsID(node)))
	case tunnelOf(v).exists && stage == theory.NoStage:
		if seen.tried > 0 && seen.noAgent+seen.hung+seen.server == 0 {
			return
		}
		claim.Needs = append(claim.Needs, all(tunnelID))
	default:
		return
	}
	v.State(claim)
}

// nodeAt returns the name of the node with the given address, host:port.
func nodeAt(v *theory.View, address string) string {
	host, _, _ := strings.Cut(address, ":")
	if host == "" {
		return ""
	}
	for _, item := range theory.List(v, evidence.Nodes).Items {
		for _, a := range item.Object.Status.Addresses {
			if a.Address == host {
				return item.Object.Name
			}
		}
	}
	return ""
}
