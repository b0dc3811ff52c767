// Package laudo says why a Kubernetes cluster is broken, with proof.
//
// It asks a source of evidence, live or recorded, what the theory of a working
// cluster needs to know, reasons about the answers, and returns a report.
package laudo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
	"github.com/kubelaudo/laudo/theory/components"
)

// Options say how to look.
type Options struct {
	// Symptom is what the user sees: a kind of symptom, or an error text. Empty:
	// laudo looks for symptoms itself.
	Symptom  string
	Language message.Printer
	// NoProbes keeps laudo from asking questions that make the cluster act: log
	// requests and handshakes.
	NoProbes bool
	// TryClientCerts lets handshakes present a client certificate found in a
	// workload's Secret. The source must allow it too.
	TryClientCerts bool
	// NodeProbe lets laudo ask from nodes, where that decides something. The
	// source must be able to.
	NodeProbe bool
	// ProbeNodes are the nodes that may be asked from; empty: any.
	ProbeNodes []string
	// ProbeFiles lets laudo look at programs and certificates on these nodes' disks.
	ProbeFiles bool
	// Host lets laudo look at one machine only, without an API server.
	Host bool
	// Progress is told how far the asking is. Nil: nobody.
	Progress func(stage string, done, total int)
}

// rounds bounds how often the theory is read again because answers brought new
// questions. Each round goes one reference deeper (Pod to Secret to
// certificate), so a dozen is far beyond what any path needs.
const rounds = 16

// Diagnose asks the source and reports. It fails only when ctx is canceled, or
// when the theory is at odds with itself.
func Diagnose(ctx context.Context, source evidence.Source, o Options) (*report.Document, error) {
	run, err := investigate(ctx, source, o)
	if err != nil {
		return nil, err
	}
	return run.document(), nil
}

// Collect asks the source what Diagnose would ask, and the extra questions,
// for a source that records what it passes on.
func Collect(ctx context.Context, source evidence.Source, o Options, extras []evidence.Question) error {
	run, err := investigate(ctx, source, o)
	if err != nil {
		return err
	}
	run.ask(ctx, extras)
	return ctx.Err()
}

// investigation is one run of asking and reasoning.
type investigation struct {
	source    evidence.Source
	options   Options
	facts     *evidence.Facts
	theory    *theory.Theory
	diagnosis diagnose.Diagnosis
}

func investigate(ctx context.Context, source evidence.Source, o Options) (*investigation, error) {
	run := &investigation{source: source, options: o, facts: evidence.NewFacts(source.Now())}
	if o.Host {
		return run, run.settle(ctx, components.Host)
	}
	// Without an API server that answers there is only the way to it to judge.
	if err := run.settle(ctx, components.All[:1]); err != nil {
		return nil, err
	}
	if answers := run.theory.Claim(components.APIAnswers); answers == nil || answers.Verdict == diagnose.Broken {
		// What was seen on its machine may say why.
		return run, run.settle(ctx, append(slices.Clone(components.All[:1]), components.Host...))
	}
	if err := run.settle(ctx, components.All); err != nil {
		return nil, err
	}
	return run, nil
}

// settle reads the theory, asks what it wants to know and what would decide
// between hypotheses, and reads it again, until nothing more is to be asked.
func (run *investigation) settle(ctx context.Context, parts []theory.Component) error {
	options := theory.Options{
		NoProbes: run.options.NoProbes, PresentClientCerts: run.options.TryClientCerts, Reported: run.options.Symptom,
		NodeProbe: run.options.NodeProbe, ProbeNodes: run.options.ProbeNodes, ProbeFiles: run.options.ProbeFiles,
	}
	if s, ok := run.source.(interface{ Standpoints() []evidence.Standpoint }); ok {
		options.Standpoints = s.Standpoints()
	}
	for range rounds {
		run.theory = theory.Apply(run.facts, parts, options)
		if run.ask(ctx, run.theory.Wanted) {
			continue
		}
		var err error
		problem := run.theory.Problem()
		if run.diagnosis, err = diagnose.Diagnose(problem); err != nil {
			return fmt.Errorf("reasoning: %w", err)
		}
		if !run.ask(ctx, run.theory.Questions(diagnose.NextTests(problem, run.diagnosis))) {
			break
		}
	}
	if errors.Is(context.Cause(ctx), context.Canceled) {
		return context.Canceled
	}
	return nil
}

// ask asks those questions that were not asked yet, all at once (the source
// bounds how many are under way), and reports whether there were any.
func (run *investigation) ask(ctx context.Context, questions []evidence.Question) bool {
	var open []evidence.Question
	once := map[evidence.Question]bool{} // several tests may want one question
	for _, q := range questions {
		if _, asked := run.facts.Answer(q); !asked && !once[q] {
			once[q] = true
			open = append(open, q)
		}
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	done := 0
	for _, q := range open {
		wg.Go(func() {
			run.facts.Add(run.source.Ask(ctx, q, run.facts.Collector(q)))
			if run.options.Progress == nil {
				return
			}
			mu.Lock()
			defer mu.Unlock()
			done++
			run.options.Progress(q.String(), done, len(open))
		})
	}
	wg.Wait()
	return len(open) > 0
}
