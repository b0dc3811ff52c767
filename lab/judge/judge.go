package judge

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/kubelaudo/laudo/lab/cluster"
	"github.com/kubelaudo/laudo/lab/faults"
)

// Judge judges laudo on a lab.
type Judge struct {
	Laudo string   // path of the program
	Args  []string // further arguments to its diagnose
	Log   io.Writer
	// Record is a directory to keep a bundle of each fault in, with what is due
	// of it; empty: none is kept.
	Record string
	// ProbeImage is laudo's image on the lab's nodes; with it laudo is judged as
	// one that may ask from nodes, too. Empty: it is not.
	ProbeImage string
	// Renew makes a fresh lab in the place of one that a remedy did not cure.
	Renew func(context.Context, *cluster.Lab) (*cluster.Lab, error)
}

// Result is how laudo did on one fault.
type Result struct {
	Fault   string    `json:"fault"`
	Profile string    `json:"profile"`
	Seed    uint64    `json:"seed"`
	Bites   float64   `json:"bitesSeconds"` // from injection until kubectl shows it
	Looks   []Look    `json:"looks"`        // one a standpoint
	Steps   []string  `json:"steps"`        // of the remedy, as carried out
	Cured   float64   `json:"curedSeconds"` // from the first step until the lab is healthy; 0: it is not
	After   []Look    `json:"after"`        // diagnoses after the cure
	Wrong   string    `json:"wrong"`        // the first thing that is wrong; empty: all is well
	At      time.Time `json:"at"`
}

// Look is one diagnosis.
type Look struct {
	Standpoint cluster.Standpoint `json:"standpoint"`
	Exit       int                `json:"exit"`
	Seconds    float64            `json:"seconds"`
	Named      string             `json:"named"` // the first cause
	Requests   int                `json:"requests"`
	Open       int                `json:"open"`  // how many causes are named without certainty
	Rank       int                `json:"rank"`  // of the last of the due causes, 1 where no other stands before it; 0: missing
	Wrong      string             `json:"wrong"` // empty: as due

	document *Document
	due      []*Cause
}

// Healthy judges laudo on the lab as it is, which must be healthy.
func (j *Judge) Healthy(ctx context.Context, l *cluster.Lab) Result {
	r := Result{Fault: "(healthy)", Profile: l.Profile, Seed: l.Seed, At: time.Now().UTC()}
	if err := l.WaitHealthy(ctx, time.Minute); err != nil {
		r.Wrong = err.Error()
		return r
	}
	for _, s := range j.standpoints() {
		look := j.lookHealthy(ctx, l, s)
		r.Looks = append(r.Looks, look)
		r.note(look.Wrong)
	}
	return r
}

// Fault judges laudo on one fault and gives back the lab, a fresh one if the
// remedy did not cure it.
func (j *Judge) Fault(ctx context.Context, l *cluster.Lab, f *faults.Fault) (Result, *cluster.Lab, error) {
	r := Result{Fault: f.Name, Profile: l.Profile, Seed: l.Seed, At: time.Now().UTC()}
	err := j.fault(ctx, l, f, &r)
	if err == nil {
		return r, l, nil
	}
	if ctx.Err() != nil {
		return r, l, context.Cause(ctx)
	}
	r.note(err.Error())
	j.say("  %v\n  making a fresh lab", err)
	fresh, err := j.Renew(ctx, l)
	return r, fresh, err
}

// fault gives an error if the lab is not to be used any more.
func (j *Judge) fault(ctx context.Context, l *cluster.Lab, f *faults.Fault, r *Result) error {
	if err := l.WaitHealthy(ctx, time.Minute); err != nil {
		return fmt.Errorf("before the fault: %w", err)
	}
	start := time.Now()
	if err := f.Break(ctx, l); err != nil {
		return err
	}
	r.Bites = time.Since(start).Seconds()
	j.say("%s bites after %.1f s", f.Name, r.Bites)
	due := f.Due(l)
	var causes []*Cause
	for _, s := range j.standpoints() {
		record := ""
		if j.Record != "" && (s == cluster.API || !reflect.DeepEqual(dueFrom(due, s), due[cluster.API])) {
			record = filepath.Join(j.Record, f.Name+"-"+l.Profile+"."+string(s))
		}
		look := j.look(ctx, l, s, record)
		if f.Harmless && look.Wrong == "" {
			look.Wrong = harmless(look, dueFrom(due, s))
		}
		if !f.Harmless && look.Wrong == "" {
			look.due, look.Wrong = compare(look.document, dueFrom(due, s))
			look.Rank = rank(look.document, look.due, len(dueFrom(due, s)))
			if look.Exit != 1 && look.Wrong == "" {
				look.Wrong = fmt.Sprintf("exit code %d, 1 is due", look.Exit)
			}
		}
		if record != "" {
			if err := keep(record, due[s], f.Also, look.Wrong); err != nil {
				return err
			}
		}
		if surer(look.due, causes) {
			causes = look.due
		}
		r.Looks = append(r.Looks, look)
		r.note(look.Wrong)
		j.say("  %-10s %5.1f s, exit %d: %s  %s", s, look.Seconds, look.Exit, look.Named, verdict(look.Wrong))
	}
	if f.Harmless && len(causes) == 0 {
		causes = j.asCauses(r.Looks)
	}
	if f.Harmless && len(causes) == 0 {
		return f.Undo(ctx, l)
	}
	return j.cure(ctx, l, f, causes, r)
}

// harmless tells what is wrong with a look at something that breaks nothing: no
// cause may be named, and the risks of the due categories must, and no other of
// these.
func harmless(look Look, due []faults.Verdict) string {
	d := look.document
	if len(d.Causes) > 0 {
		return "nothing is broken, but named: " + describe(d.Causes[0])
	}
	if look.Exit != 0 {
		return fmt.Sprintf("nothing is broken, but exit code %d", look.Exit)
	}
	for _, v := range due {
		if !slices.ContainsFunc(d.Risks, func(c Cause) bool { return matches(c, v) }) {
			return fmt.Sprintf("the due risk %v is not told", v.Categories)
		}
	}
	if len(due) == 0 && len(d.Risks) > 0 {
		return "no risk is due, but told: " + describe(d.Risks[0])
	}
	return ""
}

// asCauses are the risks that were told with a remedy.
func (j *Judge) asCauses(looks []Look) []*Cause {
	for _, look := range looks {
		var out []*Cause
		for i := range look.document.Risks {
			if c := &look.document.Risks[i]; c.Remedy != nil {
				out = append(out, c)
			}
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

// rank is the place of the last of the due causes, counted from 1 and without
// the other due ones; 0 if not all are there.
func rank(d *Document, found []*Cause, due int) int {
	if len(found) < due {
		return 0
	}
	place := 0
	for i := range d.Causes {
		if slices.Contains(found, &d.Causes[i]) {
			place = i + 1
		}
	}
	return place - due + 1
}

// surer tells whether the first causes are to be preferred: more of them, or one that is surer.
func surer(a, b []*Cause) bool {
	if len(a) != len(b) {
		return len(a) > len(b)
	}
	for i := range a {
		if !b[i].Certainty.AtLeast(a[i].Certainty) {
			return true
		}
	}
	return false
}

// cure carries out the remedies and looks whether all is well.
func (j *Judge) cure(ctx context.Context, l *cluster.Lab, f *faults.Fault, causes []*Cause, r *Result) error {
	start := time.Now()
	if len(causes) == 0 {
		return errors.New("there is no remedy to carry out")
	}
	for _, cause := range causes {
		if cause.Remedy == nil || len(cause.Remedy.Steps) == 0 {
			return fmt.Errorf("there is no remedy to carry out: %s", describe(*cause))
		}
		for _, s := range cause.Remedy.Steps {
			what := s.Command
			if s.Action != "" {
				what = fmt.Sprintf("%s %v", s.Action, s.Args)
			}
			r.Steps = append(r.Steps, what)
			j.say("  step: %s", what)
			if err := carryOut(ctx, l, s); err != nil {
				return fmt.Errorf("carrying out the remedy: %w", err)
			}
		}
	}
	if err := l.WaitHealthy(ctx, 2*time.Minute); err != nil {
		return fmt.Errorf("after the remedy: %w", err)
	}
	if err := f.Gone(ctx, l); err != nil {
		return fmt.Errorf("after the remedy: %w", err)
	}
	r.Cured = time.Since(start).Seconds()
	j.say("  cured after %.1f s", r.Cured)
	if err := l.SetFault(""); err != nil {
		return err
	}
	for _, s := range j.standpoints() {
		look := j.lookHealthy(ctx, l, s)
		r.After = append(r.After, look)
		if look.Wrong != "" {
			r.note("after the cure, from " + string(s) + ": " + look.Wrong)
		}
		j.say("  %-10s %5.1f s, exit %d after the cure  %s", s, look.Seconds, look.Exit, verdict(look.Wrong))
	}
	if f.After != nil {
		return f.After(ctx, l)
	}
	return nil
}

// lookHealthy lets laudo diagnose a lab that is healthy.
func (j *Judge) lookHealthy(ctx context.Context, l *cluster.Lab, s cluster.Standpoint) Look {
	look := j.look(ctx, l, s, "")
	switch {
	case look.Wrong != "":
	case len(look.document.Causes) > 0:
		look.Wrong = "healthy, but named: " + describe(look.document.Causes[0])
	case look.Exit != 0:
		look.Wrong = fmt.Sprintf("healthy, but exit code %d", look.Exit)
	}
	return look
}

// keep writes what is due beside a recorded bundle. A diagnosis that is wrong is
// not kept: it is the diagnosis that must change.
func keep(dir string, due []faults.Verdict, also []faults.Subject, wrong string) error {
	if wrong != "" {
		return os.RemoveAll(dir)
	}
	type kept struct {
		faults.Verdict
		Also []faults.Subject `json:"also,omitempty"`
	}
	var all []kept
	for _, v := range due {
		all = append(all, kept{v, also})
	}
	text, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "due.json"), append(text, '\n'), 0o644); err != nil {
		return fmt.Errorf("recording: %v", err)
	}
	return nil
}

// look lets laudo diagnose the lab from the standpoint, and keep what it saw in
// the directory record, unless that is empty.
func (j *Judge) look(ctx context.Context, l *cluster.Lab, s cluster.Standpoint, record string) Look {
	look := Look{Standpoint: s, Exit: -1}
	ctx, cancel := context.WithTimeout(ctx, 90*time.Second)
	defer cancel()
	argv := append([]string{j.Laudo, "diagnose", "-o", "json", "--kubeconfig", l.Kubeconfig(s)}, j.Args...)
	if s == cluster.AgentPort {
		// Whoever can reach the port can also try what the server says to the agents' certificate.
		argv = append(argv, "--try-client-certs")
	}
	if record != "" {
		if err := os.MkdirAll(record, 0o755); err != nil {
			look.Wrong = fmt.Sprintf("recording: %v", err)
			return look
		}
		argv = append(argv, "--record", filepath.Join(record, "bundle.tar.gz"))
	}
	if s == cluster.NodeProbe {
		argv = append(argv, "--node-probe", "--yes", "--node-probe-image", j.ProbeImage)
	}
	cmd, err := l.Command(ctx, s, argv...)
	if err != nil {
		look.Wrong = err.Error()
		return look
	}
	var out, log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &log
	start := time.Now()
	err = cmd.Run()
	look.Seconds = time.Since(start).Seconds()
	look.Exit = cmd.ProcessState.ExitCode()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		look.Wrong = fmt.Sprintf("running laudo: %v", err)
		return look
	}
	look.document = &Document{}
	if err := json.Unmarshal(out.Bytes(), look.document); err != nil {
		look.Wrong = fmt.Sprintf("exit code %d, and no document: %v: %s", look.Exit, err, lastLine(log.String()))
		return look
	}
	look.Requests = look.document.Run.Requests
	for _, c := range look.document.Causes {
		if c.Certainty == faults.Open {
			look.Open++
		}
	}
	if len(look.document.Causes) > 0 {
		look.Named = describe(look.document.Causes[0])
	}
	return look
}

// note keeps the first thing that is wrong.
func (r *Result) note(wrong string) {
	if r.Wrong == "" {
		r.Wrong = wrong
	}
}

func (j *Judge) say(format string, args ...any) { fmt.Fprintf(j.Log, format+"\n", args...) }

func verdict(wrong string) string {
	if wrong == "" {
		return "as due"
	}
	return "WRONG: " + wrong
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}

func (j *Judge) standpoints() []cluster.Standpoint {
	if j.ProbeImage == "" {
		return cluster.Standpoints()
	}
	return append(cluster.Standpoints(), cluster.NodeProbe)
}

// dueFrom is what is due from a standpoint: with the node probe no less than
// without.
func dueFrom(due faults.Due, s cluster.Standpoint) []faults.Verdict {
	if v, ok := due[s]; ok || s != cluster.NodeProbe {
		return v
	}
	return due[cluster.API]
}
