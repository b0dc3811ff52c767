package cli

// Stand-ins for what is not there yet.

import (
	"context"
	"errors"

	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
)

type options struct {
	Symptom  string
	Language message.Printer
	NoProbes bool
	Progress func(stage string, done, total int)
}

func diagnose(context.Context, evidence.Source, options) (*report.Document, error) {
	return nil, errors.New("not there yet")
}

func collectAll(context.Context, evidence.Source, options) error {
	return errors.New("not there yet")
}

func rightsYAML() string { return "" }
