package decode

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/kubelaudo/laudo/message"
)

// Certainty is how sure a hypothesis is. A text alone rarely decides, so most
// are Open.
type Certainty string

// The certainties.
const (
	// Confirmed: the text itself is the direct test.
	Confirmed Certainty = "confirmed"
	// Likely: the text leaves no rival standing, and does not prove it.
	Likely Certainty = "likely"
	// Open: one of several that the text allows.
	Open Certainty = "open"
)

// Explanation is what can be made of a text. It is in no language yet.
type Explanation struct {
	Hypotheses []Hypothesis // the best first; at most one of a category, but for "other"
	Findings   []Finding    // the most specific first
	Hints      []Hint       // what else the text tells of the cluster
	NotProven  []message.Text
	// Noise reports whether all there is to see is known to be harmless at a
	// low rate, when things work.
	Noise bool
}

// Hypothesis is something that could be behind the text.
type Hypothesis struct {
	ID string // which variety of the category
	// Category is of the causes that a text can tell; "other" is none of them.
	Category  string
	Certainty Certainty
	Score     int // the sum of the points of Why
	Summary   message.Text
	Why       []Reason
	Tests     []Test
}

// Reason is what speaks for a hypothesis (or against, with negative points).
type Reason struct {
	Points int
	Text   message.Text
}

// Test is how to find out by hand.
type Test struct {
	Text    message.Text
	Command string
}

// Hint is something that the text tells of the cluster beside its faults: the
// provider, a program, what the user did.
type Hint struct {
	ID   string
	Text string
}

// mode is a row of the table of hypotheses: a variety of a category, in words.
// Words and commands may hold placeholders, see [fill].
type mode struct {
	id       string
	category string
	summary  message.Word
	tests    []test
}

type test struct {
	text    message.Word
	command string
}

// clue is a row of the table of clues: what a finding or a hint says for which
// hypotheses.
type clue struct {
	on  string // id of a finding or of a hint
	hop string // the finding's hop: whole, ">to", "from>", or empty for any
	// also names findings and hints that must be there too, "!" before those
	// that must not, separated by spaces.
	also string
	// says is the reason in words.
	says message.Word
	// points go to hypotheses by id.
	points []point
	// sure marks a clue whose text leaves no rival for its first hypothesis
	// unless something else in the text speaks for one.
	sure bool
	// more lets the clues below it speak of the same finding too. Otherwise
	// only the first that applies does.
	more bool
}

type point struct {
	mode   string
	points int
}

func w(en, pt string) message.Word { return message.Word{EN: en, PT: pt} }

var modes = slices.Concat(
	tlsModes, networkModes, konnectivityModes, authModes, apiserverModes,
	webhookModes, apiserviceModes, kubeletModes, metricsModes, dnsModes, nodeModes,
)

var clues = slices.Concat(
	tlsClues, networkClues, konnectivityClues, authClues, apiserverClues, webhookClues,
	apiserviceClues, kubeletClues, metricsClues, etcdClues, dnsClues, nodeClues, hintClues, wordClues,
)

// Scores below this share of the best are not worth a reader's time.
const worth = 0.12

// Explain weighs what could be behind text: an error, or lines of logs.
func Explain(text string) Explanation {
	lines := lines(text)
	e := Explanation{Findings: findings(lines)}
	e.Hints = append(hintsOf(lines, hints), closeCalls(e.Findings)...)
	if len(e.Findings) == 0 || e.Findings[0].weight < 3 {
		e.Hints = append(e.Hints, hintsOf(lines, wordHints)...)
	}
	scores := weigh(e.Findings, e.Hints)
	causesFirst(scores)
	for _, s := range scores {
		if float64(s.sum) < worth*float64(scores[0].sum) || s.sum <= 0 {
			break
		}
		e.add(s)
	}
	e.decide(scores)
	e.Noise = len(e.Findings) > 0
	for _, f := range e.Findings {
		e.Noise = e.Noise && noise[f.ID]
	}
	e.NotProven = notProven(e.Findings)
	return e
}

// closeCalls returns a hint where a certificate ended less than a day before
// the check, since a clock or a time zone can be wrong by that much, and where
// it ended years before.
func closeCalls(findings []Finding) []Hint {
	for _, f := range findings {
		now, err1 := time.Parse(time.RFC3339, f.Params["now"])
		end, err2 := time.Parse(time.RFC3339, f.Params["notAfter"])
		switch {
		case err1 != nil || err2 != nil:
		case now.Sub(end) < 24*time.Hour:
			return []Hint{{"close-call", f.Text}}
		case now.Sub(end) > 3*365*24*time.Hour:
			return []Hint{{"long-past", f.Text}}
		}
	}
	return nil
}

// score is what speaks for one mode.
type score struct {
	mode    *mode
	order   int
	sum     int
	reasons []Reason
	offers  []offer
	sure    bool
}

// offer is what fills the placeholders of a mode, from a finding that gave it
// points.
type offer struct {
	points int
	params map[string]string
}

// params merges the offers: what gave most points knows best.
func (s *score) params() map[string]string {
	slices.SortStableFunc(s.offers, func(a, b offer) int { return cmp.Compare(b.points, a.points) })
	params := make(map[string]string)
	for _, o := range s.offers {
		for k, v := range o.params {
			if params[k] == "" {
				params[k] = v
			}
		}
	}
	return params
}

// weigh returns the modes that have points, the best first.
func weigh(findings []Finding, hints []Hint) []*score {
	present := make(map[string]bool)
	for _, f := range findings {
		present[f.ID] = true
	}
	for _, h := range hints {
		present[h.ID] = true
	}
	table := make(map[string]*score)
	for i := range modes {
		table[modes[i].id] = &score{mode: &modes[i], order: i}
	}
	used := make(map[int]bool)
	give := func(on, hop string, params map[string]string, share int) {
		for i := range clues {
			c := &clues[i]
			if c.on != on || !hopMatches(c.hop, hop) || !holds(c.also, present) {
				continue
			}
			if !used[i] {
				used[i] = true
				for n, p := range c.points {
					s, points := table[p.mode], p.points/share
					s.sum += points
					s.reasons = append(s.reasons, Reason{points, fill(c.says, params)})
					s.sure = s.sure || c.sure && n == 0
					s.offers = append(s.offers, offer{points, params})
				}
			}
			if !c.more {
				return
			}
		}
	}
	for _, f := range findings {
		// Where the text says why, that something fails says little more.
		share := 1
		if top := findings[0].weight; f.weight <= 2 && top >= 4 || f.weight <= 1 && top >= 3 {
			share = 3
		}
		give(f.ID, f.Hop, paramsOf(f), share)
	}
	for _, h := range hints {
		give(h.ID, "", nil, 1)
	}
	scores := slices.DeleteFunc(slices.Collect(maps.Values(table)), func(s *score) bool { return len(s.reasons) == 0 })
	sortScores(scores)
	return scores
}

// add makes a hypothesis of a score, or, where the category is there already,
// lends it the tests.
func (e *Explanation) add(s *score) {
	params := s.params()
	if ports, ok := ownPorts[s.mode.id]; ok && params["port"] != "" && !slices.Contains(strings.Fields(ports), params["port"]) {
		params = maps.Clone(params)
		for _, k := range []string{"addr", "host", "port"} {
			delete(params, k)
		}
	}
	category := s.mode.told()
	var tests []Test
	for _, t := range s.mode.tests {
		tests = append(tests, Test{fill(t.text, params), fillString(t.command, safe(params))})
	}
	for i := range e.Hypotheses {
		// Two that are none of the vocabulary have nothing to do with each other.
		if h := &e.Hypotheses[i]; h.Category == category && (category != other || categoryOf(h.ID) == s.mode.category) {
			for _, t := range tests {
				if len(h.Tests) < 5 && !slices.ContainsFunc(h.Tests, func(o Test) bool { return o.Command == t.Command }) {
					h.Tests = append(h.Tests, t)
				}
			}
			return
		}
	}
	slices.SortStableFunc(s.reasons, func(a, b Reason) int { return cmp.Compare(b.Points, a.Points) })
	e.Hypotheses = append(e.Hypotheses, Hypothesis{
		ID: s.mode.id, Category: category, Certainty: Open, Score: s.sum,
		Summary: fill(s.mode.summary, params), Why: s.reasons, Tests: tests,
	})
}

// decide raises the certainty of the first hypothesis where a clue is sure and
// nothing else in the text comes near.
func (e *Explanation) decide(scores []*score) {
	if len(e.Hypotheses) == 0 || !scores[0].sure {
		return
	}
	if len(e.Hypotheses) > 1 && 3*e.Hypotheses[1].Score > e.Hypotheses[0].Score {
		return
	}
	e.Hypotheses[0].Certainty = Likely
}

// nearest maps categories of reports that a text does not tell apart to those
// that it does. What must be looked at in the cluster to be told is "other".
var nearest = map[string]string{
	"cert-usage":        "cert-ca-mismatch", // no certificate of this issuer is accepted for this purpose
	"cert-key-mismatch": "cert-ca-mismatch",
	"config":            other,
	"workload-down":     other,
	"api-down":          other,
}

const other = "other"

// told returns the category that a mode's hypothesis is given.
func (m *mode) told() string { return cmp.Or(nearest[m.category], m.category) }

// cause is the share of a symptom's points from which on a cause goes first.
const cause = 0.6

// causesFirst puts hypotheses that only say what does not work after those that
// say why, where these come near.
func causesFirst(scores []*score) {
	for _, s := range scores {
		if nearest[s.mode.category] != other {
			continue
		}
		lowest := s.sum
		for _, o := range scores {
			if o.mode.told() != other && o.sum < lowest && float64(o.sum) >= cause*float64(s.sum) {
				lowest = o.sum
			}
		}
		if lowest < s.sum {
			s.reasons = append(s.reasons, Reason{lowest - 1 - s.sum, w("what may have brought it to this stands first", "o que pode ter levado a isso vem primeiro").With()})
			s.sum = lowest - 1
		}
	}
	sortScores(scores)
}

func sortScores(scores []*score) {
	slices.SortFunc(scores, func(a, b *score) int {
		return cmp.Or(cmp.Compare(b.sum, a.sum), cmp.Compare(a.order, b.order))
	})
}

// ports of a mode's own: an address with another port is not what it speaks of.
var ownPorts = map[string]string{
	"kubelet-down": "10250 10255 10248", "port-kubelet": "10250 10255", "control-plane-kubelet": "",
}

// categoryOf returns a mode's category of reports.
func categoryOf(id string) string {
	return modes[slices.IndexFunc(modes, func(m mode) bool { return m.id == id })].category
}

// hopMatches reports whether a finding's hop is what a clue wants.
func hopMatches(want, hop string) bool {
	switch {
	case want == "":
		return true
	case strings.HasPrefix(want, ">"):
		return strings.HasSuffix(hop, want)
	case strings.HasSuffix(want, ">"):
		return strings.HasPrefix(hop, want)
	}
	return hop == want
}

// holds reports whether what a clue also wants is present.
func holds(also string, present map[string]bool) bool {
	for id := range strings.FieldsSeq(also) {
		if no, ok := strings.CutPrefix(id, "!"); ok && present[no] || !ok && !present[id] {
			return false
		}
	}
	return true
}

// paramsOf returns what a finding offers to fill placeholders with.
func paramsOf(f Finding) map[string]string {
	params := maps.Clone(f.Params)
	if params == nil {
		params = make(map[string]string)
	}
	if from, to, ok := strings.Cut(f.Hop, ">"); ok {
		params["from"], params["to"] = from, to
	}
	for k, v := range keeps[f.Hop] {
		if params[k] == "" {
			params[k] = v
		}
	}
	// Behind an agent lies what was asked of it, and not the agent's own peer.
	if f.Address != "" && f.Hop != serverToAgent {
		params["addr"] = f.Address
		params["host"], params["port"] = f.Address, ""
		if i := strings.LastIndexByte(f.Address, ':'); i > 0 {
			params["host"], params["port"] = f.Address[:i], f.Address[i+1:]
		}
	}
	return params
}

// keeps says where kubeadm keeps the client certificate of a hop, and which
// process holds it.
var keeps = map[string]map[string]string{
	apiToKubelet:    {"file": "/etc/kubernetes/pki/apiserver-kubelet-client.crt", "process": "kube-apiserver"},
	apiToAPIService: {"file": "/etc/kubernetes/pki/front-proxy-client.crt", "process": "kube-apiserver"},
	apiToEtcd:       {"file": "/etc/kubernetes/pki/apiserver-etcd-client.crt", "process": "kube-apiserver"},
	etcdToEtcd:      {"file": "/etc/kubernetes/pki/etcd/peer.crt", "process": "etcd"},
	kubeletToAPI:    {"file": "/var/lib/kubelet/pki/kubelet-client-current.pem", "process": "kubelet"},
}

// fill puts params into a word's placeholders: ‹name|what to say without›.
func fill(word message.Word, params map[string]string) message.Text {
	en, pt := tidy.Replace(fillString(word.EN, params)), contract.Replace(tidy.Replace(fillString(word.PT, params)))
	return message.Word{EN: "%[1]s", PT: "%[2]s"}.With(en, pt)
}

// tidy closes the gaps that empty placeholders leave in a sentence.
var tidy = strings.NewReplacer("  ", " ", " ,", ",", " :", ":", " .", ".")

// contract makes of a preposition and the article that fills a placeholder what
// Portuguese makes of them.
var contract = strings.NewReplacer(" de o ", " do ", " de a ", " da ", " em o ", " no ", " em a ", " na ", " por o ", " pelo ", " por a ", " pela ")

// safe returns the params that may stand in a shell's command line: the text
// they were read from is anybody's.
func safe(params map[string]string) map[string]string {
	out := make(map[string]string)
	for k, v := range params {
		if harmless.MatchString(v) {
			out[k] = v
		}
	}
	return out
}

var harmless = rx(`^[A-Za-z0-9_./\[][A-Za-z0-9_.:/@\[\]\-]*$`)

func fillString(s string, params map[string]string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(s, "‹")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		hole, after, _ := strings.Cut(rest, "›")
		name, without, _ := strings.Cut(hole, "|")
		b.WriteString(cmp.Or(params[name], without))
		s = after
	}
}

// notProven lists what the findings do not prove.
func notProven(findings []Finding) []message.Text {
	var out []message.Text
	seen := make(map[string]bool)
	for _, row := range limits {
		for _, f := range findings {
			if !seen[row.text.EN] && slices.Contains(strings.Fields(row.on), f.ID) {
				seen[row.text.EN] = true
				out = append(out, fill(row.text, paramsOf(f)))
			}
		}
	}
	if len(findings) == 0 {
		return nil
	}
	return append(out, standing)
}
