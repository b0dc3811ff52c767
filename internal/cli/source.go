package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"k8s.io/client-go/rest"

	"github.com/kubelaudo/laudo/collect"
	"github.com/kubelaudo/laudo/decode"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
)

// source is the evidence that a command works on, and the bundle that it is
// recorded in, if any.
type source struct {
	evidence.Source
	name     string             // for the report: "live", or the bundle's name
	live     *collect.Live      // nil: a bundle is replayed
	recorder *evidence.Recorder // nil: nothing is recorded
	file     *partial           // nil: nothing is recorded, or on standard output
}

// keep completes the bundle and gives it its name.
func (s *source) keep() error {
	if s.recorder == nil {
		return nil
	}
	if err := s.recorder.Close(); err != nil {
		return err
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
func (a *app) open(from []string, record string, cluster *clusterFlags, look lookFlags, probe *collect.NodeProbe) (*source, error) {
	if len(from) > 0 {
		return a.openBundles(from)
	}
	live, err := a.openCluster(cluster, look, probe)
	if err != nil {
		return nil, err
	}
	s := &source{Source: live, name: "live", live: live}
	if record == "" {
		return s, nil
	}
	w := a.env.Out
	if record != "-" {
		if s.file, err = createPartial(record); err != nil {
			return nil, a.failure(message.Word{EN: "the bundle cannot be written: %[1]s", PT: "o bundle não pode ser gravado: %[1]s"}, err)
		}
		w = s.file
	}
	s.recorder, err = evidence.NewRecorder(w, live, evidence.Manifest{LaudoVersion: laudoVersion(), Cluster: cluster.clusterName()})
	if err != nil {
		s.discard()
		return nil, err
	}
	s.Source = s.recorder
	return s, nil
}

// Standpoints returns the nodes that something was asked from.
func (s *source) Standpoints() []evidence.Standpoint {
	if from, ok := s.Source.(interface{ Standpoints() []evidence.Standpoint }); ok {
		return from.Standpoints()
	}
	return nil
}

// hostOnly reports whether it is of machines alone, without an API server.
func (s *source) hostOnly() bool {
	of, ok := s.Source.(interface{ HostOnly() bool })
	return ok && of.HostOnly()
}

// openBundles opens one bundle, or several of one cluster as one.
func (a *app) openBundles(files []string) (*source, error) {
	var bundles []*evidence.Bundle
	var names []string
	for _, file := range files {
		bundle, err := a.openBundle(file)
		if err != nil {
			return nil, err
		}
		bundles, names = append(bundles, bundle), append(names, filepath.Base(file))
	}
	if len(bundles) == 1 {
		return &source{Source: bundles[0], name: names[0]}, nil
	}
	name := strings.Join(names, " + ")
	merged, err := evidence.Merge(bundles)
	if err != nil {
		return nil, a.failure(message.Word{EN: "%[1]s: %[2]s", PT: "%[1]s: %[2]s"}, name, err).
			hint(message.Word{EN: "diagnose each by itself: %[1]s", PT: "diagnostique cada um por si: %[1]s"}, a.program+" diagnose --from "+files[0])
	}
	if merged.Both() {
		a.note(message.Word{
			EN: "more than one bundle tells of the API server: what it said is taken of the first; diagnose the others by themselves",
			PT: "mais de um bundle fala do servidor da API: vale o que ele disse no primeiro; diagnostique os outros à parte",
		})
	}
	if apart := merged.Spread(); apart > apartMost {
		a.note(message.Word{
			EN: "the bundles were recorded %[1]s apart: what was true in one may not be in the other; certificates are judged by the moment of the one that asked the API server",
			PT: "os bundles foram gravados com %[1]s de diferença: o que valia em um pode não valer no outro; certificados são julgados pelo momento do que perguntou ao servidor da API",
		}, apart.Round(time.Minute).String())
	}
	for _, line := range merged.Contradictions() {
		a.note(message.Word{EN: "the bundles contradict each other: %[1]s", PT: "os bundles se contradizem: %[1]s"}, line)
	}
	return &source{Source: merged, name: name}, nil
}

// apartMost is how far apart bundles may have been recorded without a word.
const apartMost = 10 * time.Minute

// openBundle opens a recorded bundle; - is standard input.
func (a *app) openBundle(file string) (*evidence.Bundle, error) {
	var (
		bundle *evidence.Bundle
		err    error
	)
	if file == "-" {
		bundle, err = evidence.ReadBundle(a.env.In)
	} else {
		bundle, err = evidence.OpenBundle(file)
	}
	if err != nil {
		return nil, a.badBundle(file, err)
	}
	if len(bundle.Questions()) == 0 {
		return nil, a.emptyBundle(file, bundle.Damage())
	}
	if damage := bundle.Damage(); damage != nil {
		a.complain(a.failure(message.Word{EN: "%[1]s is damaged: %[2]s", PT: "%[1]s está danificado: %[2]s"}, file, damage).
			hint(message.Word{EN: "what could be read of it is diagnosed", PT: "o que pôde ser lido é diagnosticado"}))
	}
	return bundle, nil
}

// emptyBundle says that a bundle holds no answer: nothing can be said of its
// cluster.
func (a *app) emptyBundle(file string, damage error) error {
	f := a.failure(message.Word{EN: "%[1]s holds no evidence", PT: "%[1]s não contém nenhuma evidência"}, file)
	if damage != nil {
		f = a.failure(message.Word{EN: "no evidence can be read of %[1]s: %[2]s", PT: "nenhuma evidência pode ser lida de %[1]s: %[2]s"}, file, damage)
	}
	return f.hint(message.Word{EN: "fetch it again, whole, or make another: %[1]s", PT: "busque-o de novo, inteiro, ou faça outro: %[1]s"}, a.program+" collect --bundle incident.tar.gz")
}

func (a *app) badBundle(file string, err error) error {
	made := message.Word{EN: "a bundle is made by: %[1]s", PT: "um bundle é feito por: %[1]s"}
	how := a.program + " collect --bundle incident.tar.gz"
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return a.failure(message.Word{EN: "there is no file %[1]s", PT: "não existe o arquivo %[1]s"}, file).hint(made, how)
	case errors.Is(err, evidence.ErrNotBundle):
		return a.failure(message.Word{EN: "%[1]s is not a laudo bundle", PT: "%[1]s não é um bundle do laudo"}, file).hint(made, how)
	case errors.Is(err, evidence.ErrVersion):
		return a.failure(message.Word{EN: "%[1]s is of a version that this laudo does not read", PT: "%[1]s é de uma versão que este laudo não lê"}, file).
			hint(message.Word{EN: "a newer laudo may read it; this one is %[1]s", PT: "um laudo mais novo talvez o leia; este é o %[1]s"}, laudoVersion())
	}
	return a.failure(message.Word{EN: "nothing can be read of the bundle: %[1]s", PT: "nada pode ser lido do bundle: %[1]s"}, err)
}

// openCluster finds out how to reach the cluster, and makes no request.
func (a *app) openCluster(cluster *clusterFlags, look lookFlags, probe *collect.NodeProbe) (*collect.Live, error) {
	loader := cluster.ToRawKubeConfigLoader()
	raw, err := loader.RawConfig()
	if err != nil {
		return nil, a.badConfig(err)
	}
	_, inCluster := rest.InClusterConfig()
	if len(raw.Clusters) == 0 && *cluster.APIServer == "" && a.env.Getenv("KUBERNETES_MASTER") == "" && inCluster != nil {
		return nil, a.failure(message.Word{EN: "no cluster: there is no kubeconfig", PT: "nenhum cluster: não há kubeconfig"}).
			hint(message.Word{EN: "name one: --kubeconfig FILE, or the variable KUBECONFIG", PT: "indique um: --kubeconfig ARQUIVO, ou a variável KUBECONFIG"}).
			hint(message.Word{EN: "without a cluster: %[1]s", PT: "sem cluster: %[1]s"}, a.program+" diagnose --from BUNDLE")
	}
	config, err := cluster.ToRESTConfig()
	if err != nil {
		return nil, a.badConfig(err)
	}
	live, err := collect.New(collect.Options{
		Config:             config,
		Kubeconfig:         loader,
		Context:            *cluster.Context,
		Cluster:            *cluster.ClusterName,
		User:               *cluster.AuthInfoName,
		Version:            laudoVersion(),
		NoSecrets:          look.noSecrets,
		PresentClientCerts: look.tryClientCerts,
		NodeProbe:          probe,
		Tells:              decode.Tells,
		Now:                a.env.Now,
	})
	if err != nil {
		return nil, a.badConfig(err)
	}
	return live, nil
}

// clusterName returns the name of the cluster in the kubeconfig; empty: it has
// none.
func (c *clusterFlags) clusterName() string {
	raw, err := c.ToRawKubeConfigLoader().RawConfig()
	if err != nil {
		return ""
	}
	if *c.ClusterName != "" {
		return *c.ClusterName
	}
	if context, ok := raw.Contexts[cmp.Or(*c.Context, raw.CurrentContext)]; ok {
		return context.Cluster
	}
	return ""
}

// badConfig says what to do about a configuration that leads to no cluster.
func (a *app) badConfig(err error) error {
	return a.failure(message.Word{EN: "the kubeconfig leads to no cluster: %[1]s", PT: "o kubeconfig não leva a nenhum cluster: %[1]s"}, fmt.Sprint(err)).
		hint(message.Word{EN: "to see what it holds: %[1]s", PT: "para ver o que ele contém: %[1]s"}, "kubectl config get-contexts").
		hint(message.Word{EN: "to choose another: --kubeconfig FILE, --context NAME", PT: "para escolher outro: --kubeconfig ARQUIVO, --context NOME"})
}
