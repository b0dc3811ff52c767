package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/kubelaudo/laudo/lab/cluster"
	"github.com/kubelaudo/laudo/lab/faults"
	"github.com/kubelaudo/laudo/lab/judge"
)

// words is a flag that may be given more than once.
type words []string

func (w *words) String() string { return strings.Join(*w, " ") }

func (w *words) Set(s string) error {
	*w = append(*w, s)
	return nil
}

// judgeFlags are the flags of judge.
type judgeFlags struct {
	up    upFlags
	laudo string
	args  words
	out   words
	fresh bool
	probe bool
	pairs bool
	keep  string
}

func (f *judgeFlags) register(flags *flag.FlagSet) {
	f.up.register(flags)
	flags.StringVar(&f.laudo, "laudo", "laudo", "the program to judge")
	flags.Var(&f.args, "laudo-arg", "a further argument to its diagnose; may be repeated")
	flags.Var(&f.out, "out", "file to write the results to, JSON or Markdown (.md); may be repeated")
	flags.StringVar(&f.keep, "record", "", "directory to keep a bundle of each fault in, with what is due of it")
	flags.BoolVar(&f.pairs, "pairs", false, "judge pairs of faults, not faults alone")
	flags.BoolVar(&f.probe, "node-probe", false, "judge it from one more standpoint: with --node-probe (the program must be static)")
	flags.BoolVar(&f.fresh, "fresh", false, "make the lab for this and end it afterwards (default: use the lab if it is up)")
}

// judgeFaults judges laudo on the faults that are named, or all that the profile allows.
func judgeFaults(ctx context.Context, a *app, args []string) error {
	var f judgeFlags
	f.register(a.flags)
	if err := a.parse(args, true); err != nil {
		return err
	}
	laudo, err := exec.LookPath(f.laudo)
	if err != nil {
		return &cluster.Error{Message: fmt.Sprintf("finding laudo: %v", err), Hint: "build it and give its path with --laudo"}
	}
	if laudo, err = filepath.Abs(laudo); err != nil {
		return fmt.Errorf("finding laudo: %v", err)
	}
	if f.keep != "" {
		if f.keep, err = filepath.Abs(f.keep); err != nil {
			return fmt.Errorf("finding the directory to record to: %v", err)
		}
	}
	l, end, err := f.lab(ctx, a)
	if err != nil {
		return err
	}
	defer end()
	catalogue, err := chosen(a.flags.Args(), l.Profile, f.pairs)
	if err != nil {
		return err
	}
	catalogue = slices.DeleteFunc(catalogue, func(f *faults.Fault) bool {
		without := f.Variant != "" && !l.Has(f.Variant)
		if without {
			fmt.Fprintf(a.log, "%s is left out: it needs %s, which is built with --variants\n", f.Name, f.Variant)
		}
		return without
	})
	j := &judge.Judge{Laudo: laudo, Args: f.args, Log: a.log, Record: f.keep, Renew: func(ctx context.Context, old *cluster.Lab) (*cluster.Lab, error) {
		if err := cluster.Down(ctx, a.root, a.name, a.log); err != nil {
			return nil, err
		}
		f.up.profile, f.up.seed, f.up.nodes = old.Profile, old.Seed+1, len(old.Nodes)
		return f.up.up(ctx, a)
	}}
	if f.probe {
		if j.ProbeImage, err = l.ImportLaudo(ctx, laudo); err != nil {
			return err
		}
		renew := j.Renew
		j.Renew = func(ctx context.Context, old *cluster.Lab) (*cluster.Lab, error) {
			fresh, err := renew(ctx, old)
			if err == nil {
				_, err = fresh.ImportLaudo(ctx, laudo)
			}
			return fresh, err
		}
	}
	results := []judge.Result{j.Healthy(ctx, l)}
	for _, fault := range catalogue {
		var r judge.Result
		if r, l, err = j.Fault(ctx, l, fault); err != nil {
			return err
		}
		results = append(results, r)
		// After each, for a long run may be cut short.
		for _, path := range f.out {
			if err := judge.Save(path, results); err != nil {
				return err
			}
		}
	}
	judge.Table(a.out, results)
	if n := judge.Wrong(results); n > 0 {
		return fmt.Errorf("%d of %d are not as due", n, len(results))
	}
	return nil
}

// lab opens the lab that is up, or makes one and ends it with the function it returns.
func (f *judgeFlags) lab(ctx context.Context, a *app) (*cluster.Lab, func(), error) {
	nothing := func() {}
	l, err := a.open()
	if err == nil && f.fresh {
		return nil, nothing, &cluster.Error{Message: fmt.Sprintf("there is a lab %q already", a.name), Hint: "choose another --name, or leave --fresh out"}
	}
	var missing *cluster.Error
	if err == nil || !errors.As(err, &missing) {
		return l, nothing, err
	}
	if l, err = f.up.up(ctx, a); err != nil {
		return nil, nothing, err
	}
	return l, func() {
		if err := cluster.Down(context.WithoutCancel(ctx), a.root, a.name, a.log); err != nil {
			fmt.Fprintf(a.log, "lab: %v\n", err)
		}
	}, nil
}

// chosen are the faults with these names, or all, or all pairs, that can happen in the profile.
func chosen(names []string, profile string, pairs bool) ([]*faults.Fault, error) {
	if len(names) == 0 {
		of := faults.All()
		if pairs {
			of = faults.Pairs()
		}
		return slices.DeleteFunc(of, func(f *faults.Fault) bool { return !f.In(profile) }), nil
	}
	var all []*faults.Fault
	for _, name := range names {
		f, err := faults.Named(name)
		if err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, nil
}
