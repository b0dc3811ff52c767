package laudo_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/report"
)

// due is a cause that was injected when an incident was recorded, as the judge
// of the lab wrote it down.
type due struct {
	Categories []string
	Subject    report.Subject
	Least      string
	Also       []report.Subject // what it may be told of where less is seen
}

func (d due) matches(c report.Cause) bool {
	for _, subject := range d.Also {
		if (due{Categories: d.Categories, Subject: subject}).matches(c) {
			return true
		}
	}
	same := func(want, got string) bool { return want == "" || want == got }
	return slices.Contains(d.Categories, c.Category) &&
		slices.ContainsFunc(append([]report.Subject{c.Subject}, c.Members...), func(s report.Subject) bool {
			return same(d.Subject.Kind, s.Kind) && same(d.Subject.Namespace, s.Namespace) && same(d.Subject.Name, s.Name) && same(d.Subject.Detail, s.Detail)
		})
}

// score is how a diagnosis stands to what was injected.
type score struct {
	rank      int    // of the last due cause, the other due ones not counted; 0: one is missing
	certainty string // the least of the due causes
	open      int    // causes that are named without certainty
	wrong     []string
}

func scoreOf(doc *report.Document, dues []due) score {
	s := score{certainty: report.CertaintyConfirmed}
	left := slices.Clone(dues)
	order := []string{report.CertaintyOpen, report.CertaintyLikely, report.CertaintyConfirmed}
	for i, c := range doc.Causes {
		k := slices.IndexFunc(left, func(d due) bool { return d.matches(c) })
		switch {
		case k >= 0:
			left = slices.Delete(left, k, k+1)
			s.rank = i + 2 - len(dues)
			if slices.Index(order, c.Certainty) < slices.Index(order, s.certainty) {
				s.certainty = c.Certainty
			}
		case c.Certainty == report.CertaintyConfirmed:
			s.wrong = append(s.wrong, c.ID)
		}
		if c.Certainty == report.CertaintyOpen {
			s.open++
		}
	}
	if len(left) > 0 {
		s.rank, s.certainty = 0, ""
	}
	return s
}

// blinded is how many diagnoses are made of each incident with a third of the
// answers hidden.
const blinded = 20

// TestAccuracy holds the diagnoses of the recorded faults to what was injected,
// with all the evidence and without some of it, and docs/accuracy.md to the
// figures. With -update it writes them.
func TestAccuracy(t *testing.T) {
	var mu sync.Mutex
	var rows []string
	var incidentsJudged, first, third, confirmed, atOnce, runs, wrong, named int
	t.Run("all", func(t *testing.T) {
		dirs, err := filepath.Glob(filepath.Join("testdata", "faults", "*"))
		if err != nil || len(dirs) == 0 {
			t.Fatalf("no faults are recorded: %v", err)
		}
		for _, dir := range dirs {
			text, err := os.ReadFile(filepath.Join(dir, "due.json"))
			if err != nil {
				t.Fatal(err)
			}
			var dues []due
			if err := json.Unmarshal(text, &dues); err != nil {
				t.Fatal(err)
			}
			name := filepath.Base(dir)
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				bundle := open(t, dir)
				asked := questions(t, dir)
				whole := scoreOf(diagnosed(t, bundle, options(dir)), dues)
				if len(whole.wrong) > 0 {
					t.Errorf("wrongly confirmed: %v", whole.wrong)
				}
				if whole.rank == 0 {
					t.Errorf("what was injected is not among the causes")
				}
				random := rand.New(rand.NewPCG(3, 4))
				wrongly, still := 0, 0
				replays := blinded
				if testing.Short() {
					replays = 1
				}
				for range replays {
					hidden := map[evidence.Question]evidence.Why{}
					for _, q := range asked {
						if random.IntN(3) == 0 {
							hidden[q] = evidence.Forbidden
						}
					}
					doc := diagnosed(t, blind{bundle, hidden}, options(dir))
					// That a workload does not run is so, whatever the deeper cause that was hidden.
					doc.Causes = slices.DeleteFunc(doc.Causes, func(c report.Cause) bool {
						return c.Category == report.CategoryWorkloadDown && !slices.ContainsFunc(dues, func(d due) bool { return d.matches(c) })
					})
					s := scoreOf(doc, dues)
					if len(s.wrong) > 0 {
						wrongly++
						t.Errorf("hiding %v wrongly confirms %v", hidden, s.wrong)
					}
					if s.rank > 0 {
						still++
					}
				}
				mu.Lock()
				defer mu.Unlock()
				incidentsJudged++
				runs += blinded
				wrong += wrongly
				atOnce += len(whole.wrong)
				named += still
				if whole.rank == 1 {
					first++
				}
				if whole.rank >= 1 && whole.rank <= 3 {
					third++
				}
				if whole.certainty == report.CertaintyConfirmed {
					confirmed++
				}
				rows = append(rows, fmt.Sprintf("| %s | %s | %d | %d | %d | %d of %d | %d |\n",
					name, cmp.Or(whole.certainty, "missing"), whole.rank, whole.open, len(whole.wrong), still, blinded, wrongly))
			})
		}
	})
	if testing.Short() {
		return // the report is of all runs
	}
	slices.Sort(rows)
	var b bytes.Buffer
	fmt.Fprintf(&b, `## laudo diagnose

What was injected into a lab, recorded as a bundle (testdata/faults), and what a replay of it names: with all the evidence,
and %d times with a third of the answers hidden at random. *Rank* is the place of what was injected among the causes, those
beside it in a pair not counted; *open* is how many causes are named without certainty. *Named* and *wrong* of the last two
columns are of the runs with answers hidden; that a workload does not run, told in place of a deeper cause that was hidden, does
not count as wrong. What `+"`make catalogue`"+` saw on live labs is in [catalogue.md](catalogue.md).

| recorded | rank 1 | rank 3 | confirmed | wrongly confirmed | with answers hidden | cause still named | wrongly confirmed |
|---|---|---|---|---|---|---|---|
| %d | %d | %d | %d | %d | %d | %d | %d |

| incident | certainty | rank | open | wrong | named | wrong |
|---|---|---|---|---|---|---|
%s`, blinded, incidentsJudged, first, third, confirmed, atOnce, runs, named, wrong, strings.Join(rows, ""))
	const begin, end = "<!-- diagnose: written by go test . -run TestAccuracy -update -->\n", "<!-- diagnose: end -->\n"
	file := filepath.Join("docs", "accuracy.md")
	document, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := bytes.Cut(document, []byte(begin))
	_, after, closed := bytes.Cut(rest, []byte(end))
	if !ok || !closed {
		before, after = slices.Concat(document, []byte("\n")), nil
	}
	updated := slices.Concat(before, []byte(begin), b.Bytes(), []byte(end), after)
	if *update {
		if err := os.WriteFile(file, updated, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !t.Failed() && !bytes.Equal(document, updated) {
		t.Errorf("%s is not what is so: go test . -run TestAccuracy -update", file)
	}
}
