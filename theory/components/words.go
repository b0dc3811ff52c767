package components

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/theory"
)

type (
	nodeItem = evidence.Item[*corev1.Node]
	subject  = theory.Subject
)

// all needs every one of the claims.
func all(ids ...diagnose.ID) diagnose.Need { return diagnose.Need{On: ids} }

// atStart needs claims that only a new connection or a new process exercises.
func atStart(ids ...diagnose.ID) diagnose.Need { return diagnose.Need{On: ids, AtStart: true} }

// claimID names a claim of a law about a subject.
func claimID(law string, s subject) diagnose.ID { return diagnose.ID(law + ":" + s.String()) }

// exactly is an onset that is known to the second.
func exactly(at time.Time) diagnose.Interval { return diagnose.Interval{After: at, Before: at} }

// noLaterThan is an onset of which only the end is known.
func noLaterThan(at time.Time) diagnose.Interval { return diagnose.Interval{Before: at} }

// clusterNow is the moment by the cluster's clock where it is known: the
// machine that laudo runs on may be wrong.
func clusterNow(v *theory.View) time.Time {
	a, ok := v.Answer(versionQuestion)
	if !ok || a.ServerTime.IsZero() || a.At.IsZero() {
		return v.Now()
	}
	offset := a.ServerTime.Sub(a.At.Truncate(time.Second))
	if offset.Abs() < 5*time.Second {
		return v.Now()
	}
	return v.Now().Add(offset)
}

var versionQuestion = evidence.Question{Kind: evidence.Raw, Path: "/version"}

var versionRead = theory.Read{Verb: theory.VerbRaw, Resource: "/version"}

// fill sets why a claim is unknown.
func unknown(c *theory.Claim, why diagnose.Why, detail string) {
	c.Verdict, c.Why, c.WhyDetail = diagnose.Unknown, why, detail
}

var harmless = regexp.MustCompile(`^[\w@%+=:,./-]+$`)

// shellWord is a text as one word of a shell's command, whatever it holds.
func shellWord(s string) string {
	if harmless.MatchString(s) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

func itoa(n int) string { return strconv.Itoa(n) }

func rfc3339(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// firstLine returns the first line of a text, for messages.
// jsonLine prints what always can be as JSON.
func jsonLine(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}
