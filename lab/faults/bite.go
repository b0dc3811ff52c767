package faults

import (
	"context"
	"fmt"
	"time"

	"github.com/kubelaudo/laudo/lab/cluster"
)

// Break injects the fault and waits until every symptom shows.
func (f *Fault) Break(ctx context.Context, l *cluster.Lab) error {
	if !f.In(l.Profile) {
		return &cluster.Error{Message: fmt.Sprintf("%s cannot happen in the profile %s", f.Name, l.Profile), Hint: "list faults: go run . faults"}
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
	// A tunnel that comes back by itself shows the same symptoms meanwhile: they must be there twice, steady apart.
	for round := 0; round < 2; {
		err := f.shown(ctx, l)
		if err == nil {
			round++
		} else {
			round = 0
		}
		rest := 500 * time.Millisecond
		if round == 1 {
			rest = steady
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for %s to bite: %w", f.Name, err)
		case <-time.After(rest):
		}
	}
	return nil
}

// steady is how long symptoms must last: agents that can connect again do so sooner.
const steady = 5 * time.Second

// shown tells whether every symptom shows.
func (f *Fault) shown(ctx context.Context, l *cluster.Lab) error {
	for _, s := range f.Symptoms(l) {
		if err := s.Shown(ctx, l); err != nil {
			return err
		}
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
