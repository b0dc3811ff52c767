package faults

import (
	"context"
	"errors"

	"github.com/kubelaudo/laudo/lab/cluster"
	"github.com/kubelaudo/laudo/lab/names"
)

// Pairs are pairs of faults at once, each of which shows for itself: none hides
// behind the other, so that both causes are due at the first look. What a fault
// needs a working tunnel to install comes first.
func Pairs() []*Fault {
	return []*Fault{
		pair(webhookCertificateExpired(), agentCertExpired(), noAgentAndRefused),
		pair(agentCertExpired(), schedulerStopped()),
		pair(agentCertExpired(), kubeletStopped(), noAgentAndNodeDown),
		pair(agentsScaledToZero(), agentCertExpired(), noAgent),
		pair(agentsScaledToZero(), corednsScaledToZero()),
		pair(webhookBackendGone(), agentsScaledToZero()),
		pair(webhookBackendGone(), agentsCrashLooping()),
		pair(webhookCertificateExpired(), kubeletStopped()),
		pair(kubeletPortBlocked(), schedulerStopped()),
		pair(webhookBackendGone(), kubeletPortBlocked()),
		pair(kubeletRBACMissing(), schedulerStopped()),
		pair(kubeletRBACMissing(), corednsScaledToZero()),
		pair(schedulerStopped(), controllerManagerStopped()),
		pair(webhookCertificateExpired(), corednsScaledToZero()),
	}
}

// pair is two faults at once. It shows what both show, unless the symptoms of
// one are others in the company of the other: then it shows these.
func pair(a, b *Fault, shows ...func(*cluster.Lab) []Symptom) *Fault {
	if len(shows) == 0 {
		shows = []func(*cluster.Lab) []Symptom{a.Symptoms, b.Symptoms}
	}
	f := &Fault{
		Name: a.Name + "+" + b.Name,
		Doc:  a.Doc + "; and " + b.Doc,
		Also: append(append([]Subject{}, a.Also...), b.Also...),
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			if err := a.Inject(ctx, l); err != nil {
				return err
			}
			return b.Inject(ctx, l)
		},
		Heal: func(ctx context.Context, l *cluster.Lab) error {
			return errors.Join(b.Heal(ctx, l), a.Heal(ctx, l))
		},
		After: func(ctx context.Context, l *cluster.Lab) error {
			for _, f := range []*Fault{a, b} {
				if f.After == nil {
					continue
				}
				if err := f.After(ctx, l); err != nil {
					return err
				}
			}
			return nil
		},
		Symptoms: func(l *cluster.Lab) []Symptom {
			var all []Symptom
			for _, show := range shows {
				all = append(all, show(l)...)
			}
			return all
		},
		Due: func(l *cluster.Lab) Due {
			due := Due{}
			first, second := a.Due(l), b.Due(l)
			for _, s := range cluster.Standpoints() {
				due[s] = append(append([]Verdict{}, first[s]...), second[s]...)
			}
			return due
		},
	}
	for _, profile := range names.Profiles() {
		if a.In(profile) && b.In(profile) {
			f.Profiles = append(f.Profiles, profile)
		}
	}
	return f
}

// noAgentAndNodeDown are the symptoms of a tunnel without agents and of a node
// that is not heard of.
func noAgentAndNodeDown(l *cluster.Lab) []Symptom {
	return append(noAgent(l), Symptom{Doc: "the node is not heard of", Args: nodeReady(lastNode(l)), Any: []string{"Unknown"}})
}

// noAgentAndRefused are the symptoms of a tunnel without agents and of a
// webhook that refuses, be it for want of the tunnel.
func noAgentAndRefused(l *cluster.Lab) []Symptom {
	h := hookOf(l, false)
	return append(noAgent(l), h.refused(h.Shop, h.Cart, "failed calling webhook"))
}
