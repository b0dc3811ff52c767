package faults

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kubelaudo/laudo/lab/cluster"
)

// Break injects the fault and waits until every symptom shows.
func (f *Fault) Break(ctx context.Context, l *cluster.Lab) error {
	if !f.In(l.Profile) {
		return &cluster.Error{Message: fmt.Sprintf("%s cannot happen in the profile %s", f.Name, l.Profile), Hint: "list faults: go run . faults"}
	}
	if f.Variant != "" && !l.Has(f.Variant) {
		return &cluster.Error{Message: fmt.Sprintf("%s needs %s, which this lab does not have", f.Name, f.Variant), Hint: "make the lab with --variants"}
	}
	if l.Fault != "" {
		return &cluster.Error{Message: fmt.Sprintf("the lab has %s already", l.Fault), Hint: "undo it: go run . heal --name " + l.Name + " " + l.Fault}
	}
	if err := l.SetFault(f.Name); err != nil {
		return err
	}
	if err := f.Inject(ctx, l); err != nil {
		return fmt.Errorf("injecting %s: %w", f.Name, err)
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Minute)
	defer cancel()
	last := errors.New("its symptoms did not last")
	// A tunnel that comes back by itself shows the same symptoms meanwhile: they must show twice, steady apart.
	for since := (time.Time{}); ; {
		err := f.shown(ctx, l)
		switch {
		case err != nil:
			since, last = time.Time{}, err
		case since.IsZero():
			since = time.Now()
		case time.Since(since) >= steady:
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for %s to bite: %w", f.Name, last)
		case <-time.After(500 * time.Millisecond):
		}
	}
}

// steady is how long symptoms must last: agents that can connect again do so sooner.
const steady = 5 * time.Second

// shown tells whether every symptom shows.
func (f *Fault) shown(ctx context.Context, l *cluster.Lab) error {
	if err := l.Revive(); err != nil {
		return err
	}
	for _, s := range f.Symptoms(l) {
		if err := s.Shown(ctx, l); err != nil {
			return err
		}
	}
	return nil
}

// Gone waits until not every symptom shows any more: what was cured may take a
// moment to be heard of everywhere.
func (f *Fault) Gone(ctx context.Context, l *cluster.Lab) error {
	for deadline := time.Now().Add(time.Minute); f.shown(ctx, l) == nil; {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%s still shows", f.Name)
		}
		time.Sleep(500 * time.Millisecond)
	}
	return nil
}

// Undo heals the fault and waits until the lab is healthy.
func (f *Fault) Undo(ctx context.Context, l *cluster.Lab) error {
	if err := f.Heal(ctx, l); err != nil {
		return fmt.Errorf("healing %s: %w", f.Name, err)
	}
	if err := l.WaitHealthy(ctx, 3*time.Minute); err != nil {
		return fmt.Errorf("healing %s: %w", f.Name, err)
	}
	return l.SetFault("")
}
