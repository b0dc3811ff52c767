package cli

import (
	"io"
	"os"
	"path/filepath"

	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
)

// source is the evidence that a command works on, and the bundle that it is
// recorded in, if any.
type source struct {
	evidence.Source
	name   string // for the report: "live", or the bundle's name
	finish func() error
	file   *partial
}

// keep completes the bundle and gives it its name.
func (s *source) keep() error {
	if s.finish != nil {
		if err := s.finish(); err != nil {
			return err
		}
	}
	if s.file != nil {
		return s.file.keep()
	}
	return nil
}

// discard removes a bundle that was not kept: half a bundle looks like a whole
// one to whoever finds it.
func (s *source) discard() {
	if s.file != nil {
		s.file.discard()
	}
}

// partial is a file in the making. It gets its name when it is whole.
type partial struct {
	*os.File
	name string
	kept bool
}

func createPartial(name string) (*partial, error) {
	file, err := os.CreateTemp(filepath.Dir(name), ".laudo-*.partial")
	if err != nil {
		return nil, err
	}
	return &partial{File: file, name: name}, nil
}

func (p *partial) keep() error {
	if err := p.Close(); err != nil {
		return err
	}
	if err := os.Rename(p.Name(), p.name); err != nil {
		return err
	}
	p.kept = true
	return nil
}

func (p *partial) discard() {
	if p.kept {
		return
	}
	p.Close()
	os.Remove(p.Name())
}

// open opens a bundle, or the cluster, recorded in a bundle if one is named.
func (a *app) open(from, record string, cluster *clusterFlags, look lookFlags) (*source, error) {
	if from != "" {
		s, err := openBundle(from)
		if err != nil {
			return nil, a.failure(message.Word{EN: "reading bundle %[1]s: %[2]s", PT: "lendo o bundle %[1]s: %[2]s"}, from, err).
				hint(message.Word{EN: "a bundle is made by: %[1]s", PT: "um bundle é feito por: %[1]s"}, a.program+" collect --bundle FILE")
		}
		return &source{Source: s, name: filepath.Base(from)}, nil
	}
	live, err := openCluster(cluster, look)
	if err != nil {
		return nil, a.badConfig(err)
	}
	s := &source{Source: live, name: "live"}
	if record == "" {
		return s, nil
	}
	var w io.Writer = a.env.Out
	if record != "-" {
		if s.file, err = createPartial(record); err != nil {
			return nil, a.failure(message.Word{EN: "writing bundle: %[1]s", PT: "gravando o bundle: %[1]s"}, err)
		}
		w = s.file
	}
	s.Source, s.finish, err = newRecorder(live, w)
	if err != nil {
		s.discard()
		return nil, err
	}
	return s, nil
}

// badConfig says what to do about a configuration that names no cluster.
func (a *app) badConfig(err error) error {
	return a.failure(message.Word{EN: "no way to a cluster: %[1]s", PT: "nenhum caminho até um cluster: %[1]s"}, err).
		hint(message.Word{EN: "to see what kubectl would use: %[1]s", PT: "para ver o que o kubectl usaria: %[1]s"}, "kubectl config view --minify").
		hint(message.Word{EN: "to choose another: --kubeconfig FILE, --context NAME", PT: "para escolher outro: --kubeconfig ARQUIVO, --context NOME"})
}
