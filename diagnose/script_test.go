package diagnose

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "rewrite the scripts with what the engine says")

// TestScripts runs the cases in testdata. A case is a text:
//
//	# What the case shows.
//	logs: symptom; needs tunnel cert       a requirement
//	see logs broken                        an observation; a later one replaces it
//	see cert unknown forbidden
//	diagnose                               the diagnosis follows, indented
//	next                                   the tests to make next follow, indented
//
// The properties of a requirement, separated by semicolons:
//
//	symptom | sum                          what users notice | never itself at fault
//	needs [at start] [any of|2 of|each of] a b
//	mode NAME [shows TEXT...] [breaks ID...]
//	test NAME COST [impossible]
//	stage CONNECTION ORDER | rank N | hint N
//
// and of an observation, after the verdict:
//
//	broken MODE | unknown WHY | intermittent 2/9
//	shows TEXT... | used ID... | tried N | began [HH:MM]..[HH:MM] | evidence E...
//
// Each diagnosis is made of the problem in several orders, and must be the same.
func TestScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			old, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			now := runScript(t, string(old))
			if *update {
				if err := os.WriteFile(file, []byte(now), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if now != string(old) {
				t.Errorf("%s: got\n%s\nwant\n%s", file, now, old)
			}
		})
	}
}

// runScript returns the script with the output of its commands.
func runScript(t *testing.T, text string) string {
	t.Helper()
	var out strings.Builder
	var p Problem
	for n, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		if strings.HasPrefix(line, "    ") {
			continue // output
		}
		out.WriteString(line + "\n")
		command, _, _ := strings.Cut(line, "#")
		switch command = strings.TrimSpace(command); {
		case command == "":
		case command == "diagnose" || command == "next":
			for _, line := range answer(t, p, command) {
				out.WriteString("    " + line + "\n")
			}
		case strings.HasPrefix(command, "see "):
			o := parseObservation(t, n+1, strings.TrimPrefix(command, "see "))
			p.Observations = slices.DeleteFunc(p.Observations, func(old Observation) bool { return old.On == o.On })
			p.Observations = append(p.Observations, o)
		case strings.HasPrefix(command, "slack "):
			p.Slack, _ = time.ParseDuration(strings.TrimPrefix(command, "slack "))
		case strings.HasPrefix(command, "forget "):
			id := ID(strings.TrimPrefix(command, "forget "))
			p.Observations = slices.DeleteFunc(p.Observations, func(old Observation) bool { return old.On == id })
		default:
			p.Requirements = append(p.Requirements, parseRequirement(t, n+1, command))
		}
	}
	return out.String()
}

// answer runs a command on the problem, in several orders of its parts.
func answer(t *testing.T, p Problem, command string) []string {
	t.Helper()
	lines := answerOnce(p, command)
	for seed := range uint64(8) {
		if other := answerOnce(shuffled(p, seed), command); !slices.Equal(lines, other) {
			t.Errorf("%s depends on the order of the problem:\n%s\nor\n%s",
				command, strings.Join(lines, "\n"), strings.Join(other, "\n"))
		}
	}
	return lines
}

func answerOnce(p Problem, command string) []string {
	d, err := Diagnose(p)
	if err != nil {
		return []string{"error: " + err.Error()}
	}
	if command == "diagnose" {
		return render(d)
	}
	next := NextTests(p, d)
	if len(next) == 0 {
		return []string{"nothing to ask"}
	}
	var lines []string
	for _, n := range next {
		lines = append(lines, fmt.Sprintf("ask %s: %s", n.On, renderTests([]Test{n.Test})))
	}
	return lines
}

// shuffled returns the problem with its parts in another order.
func shuffled(p Problem, seed uint64) Problem {
	r := rand.New(rand.NewPCG(seed, 1))
	p.Requirements = mixed(r, p.Requirements)
	p.Observations = mixed(r, p.Observations)
	for i := range p.Requirements {
		q := &p.Requirements[i]
		q.Needs, q.Modes, q.Tests = mixed(r, q.Needs), mixed(r, q.Modes), mixed(r, q.Tests)
		for j := range q.Needs {
			q.Needs[j].On = mixed(r, q.Needs[j].On)
		}
	}
	for i := range p.Observations {
		p.Observations[i].Used = mixed(r, p.Observations[i].Used)
	}
	return p
}

func mixed[T any](r *rand.Rand, list []T) []T {
	list = slices.Clone(list)
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}

func parseRequirement(t *testing.T, n int, line string) Requirement {
	t.Helper()
	id, rest, ok := strings.Cut(line, ":")
	if !ok {
		t.Fatalf("line %d: no requirement: %s", n, line)
	}
	r := Requirement{ID: ID(id), Own: true}
	for part := range strings.SplitSeq(rest, ";") {
		words := strings.Fields(part)
		if len(words) == 0 {
			continue
		}
		switch words[0] {
		case "symptom":
			r.Symptom, r.Own = id, false
		case "sum":
			r.Own = false
		case "needs":
			r.Needs = append(r.Needs, parseNeed(words[1:]))
		case "mode":
			r.Modes = append(r.Modes, parseMode(words[1:]))
		case "test":
			r.Tests = append(r.Tests, Test{Name: words[1], Cost: number(t, n, words[2]), Possible: len(words) == 3})
		case "stage":
			r.Stage = Stage{words[1], number(t, n, words[2])}
		case "rank":
			r.Rank = number(t, n, words[1])
		case "hint":
			r.Hint = number(t, n, words[1])
		default:
			t.Fatalf("line %d: unknown property %q", n, words[0])
		}
	}
	return r
}

func parseNeed(words []string) Need {
	var n Need
	if words[0] == "at" && words[1] == "start" {
		n.AtStart, words = true, words[2:]
	}
	if len(words) > 1 && words[1] == "of" {
		switch k, err := strconv.Atoi(words[0]); {
		case err == nil:
			n.Op, n.K = KOf, k
		case words[0] == "any":
			n.Op = Any
		default:
			n.Op = Each
		}
		words = words[2:]
	}
	n.On = ids(words)
	return n
}

func parseMode(words []string) Mode {
	m := Mode{Name: words[0]}
	list := ""
	for _, w := range words[1:] {
		switch {
		case w == "shows" || w == "breaks":
			list = w
		case list == "shows":
			m.Shows = append(m.Shows, w)
		default:
			m.Breaks = append(m.Breaks, ID(w))
		}
	}
	return m
}

func parseObservation(t *testing.T, n int, line string) Observation {
	t.Helper()
	words := strings.Fields(line)
	o := Observation{On: ID(words[0]), Verdict: Verdict(words[1])}
	list := ""
	for _, w := range words[2:] {
		switch {
		case w == "shows" || w == "used" || w == "began" || w == "evidence" || w == "tried":
			list = w
		case list == "shows":
			o.Signatures = append(o.Signatures, w)
		case list == "used":
			o.Used = append(o.Used, ID(w))
		case list == "tried":
			o.Tried = number(t, n, w)
		case list == "began":
			from, to, _ := strings.Cut(w, "..")
			o.Began = Interval{clock(t, n, from), clock(t, n, to)}
		case list == "evidence":
			o.Evidence = append(o.Evidence, w)
		case o.Verdict == Unknown:
			o.Why = Why(w)
		case o.Verdict == Intermittent && strings.Contains(w, "/"):
			failed, tried, _ := strings.Cut(w, "/")
			o.Failed, o.Tried = number(t, n, failed), number(t, n, tried)
		default:
			o.Mode = w
		}
	}
	return o
}

func ids(words []string) []ID {
	var list []ID
	for _, w := range words {
		list = append(list, ID(w))
	}
	return list
}

func number(t *testing.T, n int, word string) int {
	t.Helper()
	i, err := strconv.Atoi(word)
	if err != nil {
		t.Fatalf("line %d: %v", n, err)
	}
	return i
}

func clock(t *testing.T, n int, word string) time.Time {
	t.Helper()
	if word == "" {
		return time.Time{}
	}
	at, err := time.Parse("2006-01-02 15:04", "2026-11-08 "+word)
	if err != nil {
		t.Fatalf("line %d: %v", n, err)
	}
	return at
}

// render tells a diagnosis, a line for each statement.
func render(d Diagnosis) []string {
	var lines []string
	say := func(format string, args ...any) {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf(format, args...)))
	}
	for _, c := range d.Causes {
		line := fmt.Sprintf("%s cause: %s", c.Certainty, c.ID)
		if c.Mode != "" {
			line += " is " + c.Mode
		}
		if c.Unfamiliar {
			line += ", in a way that is not known"
		}
		if c.Deadlock {
			line += ", in a deadlock"
		}
		say("%s; explains %s%s", line, list(c.Explains), renderEvidence(c.Evidence))
	}
	for _, s := range d.Symptoms {
		line := fmt.Sprintf("symptom %s: explained by %s", s.ID, list(s.ExplainedBy))
		if len(s.ExplainedBy) == 0 {
			line = fmt.Sprintf("symptom %s: not explained", s.ID)
		}
		if len(s.CureAll) > 0 {
			line += "; cure all of " + list(s.CureAll)
		}
		say("%s", line)
	}
	for _, lock := range d.Deadlocks {
		first := string(lock.First)
		if first == "" {
			first = "not known"
		}
		say("deadlock of %s; first: %s", list(lock.Members), first)
	}
	for _, r := range d.RuledOut {
		say("ruled out: %s, %s; by %s%s", r.ID, r.Reason, list(r.By), renderEvidence(r.Evidence))
	}
	for _, o := range d.Open {
		line := fmt.Sprintf("open: %s, %s", o.ID, o.Why)
		if o.Redundant {
			line += ", redundant"
		}
		if len(o.Tests) > 0 {
			line += "; tests " + renderTests(o.Tests)
		}
		say("%s", line)
	}
	if len(d.Risks) > 0 {
		say("risks: %s", list(d.Risks))
	}
	if len(d.Unseen) > 0 {
		say("unseen: %s", list(d.Unseen))
	}
	for _, s := range d.Proof {
		say("proof: %s because of %s", s.On, list(s.By))
	}
	if len(lines) == 0 {
		say("nothing is broken")
	}
	return lines
}

func list(ids []ID) string {
	if len(ids) == 0 {
		return "nothing"
	}
	var words []string
	for _, id := range ids {
		words = append(words, string(id))
	}
	return strings.Join(words, " ")
}

func renderEvidence(evidence []string) string {
	if len(evidence) == 0 {
		return ""
	}
	return " [" + strings.Join(evidence, " ") + "]"
}

func renderTests(tests []Test) string {
	var words []string
	for _, t := range tests {
		word := fmt.Sprintf("%s(%d)", t.Name, t.Cost)
		if !t.Possible {
			word += " from elsewhere"
		}
		words = append(words, word)
	}
	return strings.Join(words, ", ")
}
