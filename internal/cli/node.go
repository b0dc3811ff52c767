package cli

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/kubelaudo/laudo"
	"github.com/kubelaudo/laudo/collect"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
)

// nodeFlags are the flags of node.
type nodeFlags struct {
	name      string
	bundle    string
	output    string
	root      string
	questions string
	timeout   time.Duration
}

// terminationLog is where a container leaves its last words.
const terminationLog = "/dev/termination-log"

func (a *app) node() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "node",
		Short: a.say(message.Word{EN: "look at the machine it runs on: a node, or a control plane whose API is down", PT: "olha a máquina em que é executado: um nó, ou um plano de controle cuja API está fora do ar"}),
		Long: a.say(message.Word{
			EN: "Look at the machine that it runs on, without any API server: the programs of Kubernetes that run or should, the certificates that their flags name, whether their ports answer. Only certificates are read of files, never a private key. A bundle of it (--bundle) merges with one of the cluster: diagnose --from both.",
			PT: "Olha a máquina em que é executado, sem nenhum servidor da API: os programas do Kubernetes que estão ou deveriam estar em execução, os certificados que suas opções indicam, se suas portas respondem. De arquivos só se leem certificados, nunca uma chave privada. Um bundle disso (--bundle) se junta a um do cluster: diagnose --from para ambos.",
		}),
		Example:           a.example("node", "node --bundle node-a.tar.gz", "diagnose --from cluster.tar.gz --from node-a.tar.gz"),
		Args:              a.noArguments,
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	f := &nodeFlags{}
	flags := cmd.Flags()
	flags.StringVar(&f.name, "name", "", a.say(message.Word{EN: "`NAME` of its Node object (default: the host name)", PT: "`NOME` do seu objeto Node (padrão: o nome do host)"}))
	flags.StringVar(&f.bundle, "bundle", "", a.say(message.Word{EN: "keep what was seen in a `BUNDLE`", PT: "guarda o que foi visto em um `BUNDLE`"}))
	flags.StringVarP(&f.output, "output", "o", "terminal", a.say(message.Word{EN: "`FORM` of the report: terminal (default) or json", PT: "`FORMA` do laudo: terminal (padrão) ou json"}))
	flags.StringVar(&f.root, "host-root", "", a.say(message.Word{EN: "`DIRECTORY` where the root of the machine is mounted, in a container (default: /)", PT: "`DIRETÓRIO` onde a raiz da máquina está montada, em um contêiner (padrão: /)"}))
	flags.DurationVar(&f.timeout, "timeout", 20*time.Second, a.say(message.Word{EN: "`TIME` for everything together (default %[1]s)", PT: "`TEMPO` para tudo junto (padrão %[1]s)"}, "20s"))
	flags.StringVar(&f.questions, "questions", "", a.say(message.Word{
		EN: "answer the given `QUESTIONS` (JSON) and report in the termination message of the container: what --node-probe runs",
		PT: "responde às `PERGUNTAS` dadas (JSON) e relata na mensagem de término do contêiner: o que --node-probe executa",
	}))
	_ = cmd.RegisterFlagCompletionFunc("output", cobra.FixedCompletions([]string{"terminal", "json"}, cobra.ShellCompDirectiveNoFileComp))
	for _, name := range []string{"name", "questions"} {
		_ = cmd.RegisterFlagCompletionFunc(name, cobra.NoFileCompletions)
	}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if err := a.notEmpty(cmd, "bundle"); err != nil {
			return err
		}
		if f.root != "" {
			root, err := filepath.Abs(f.root)
			if err != nil {
				return err
			}
			f.root = root
		}
		if cmd.Flags().Changed("questions") {
			return a.answerQuestions(cmd.Context(), f)
		}
		return a.runNode(cmd.Context(), cmd, f)
	}
	return cmd
}

// answerQuestions is what runs in a Pod of --node-probe.
func (a *app) answerQuestions(ctx context.Context, f *nodeFlags) error {
	var questions []evidence.Question
	if err := json.Unmarshal([]byte(f.questions), &questions); err != nil {
		return a.failure(message.Word{EN: "flag --%[1]s cannot be %[2]s", PT: "a opção --%[1]s não pode ser %[2]s"}, "questions", quote(f.questions))
	}
	ctx, cancel := context.WithTimeout(ctx, f.timeout)
	defer cancel()
	text := collect.Report(ctx, &collect.Host{Root: f.root, Clock: a.env.Now}, questions)
	if _, err := os.Stat(terminationLog); err == nil {
		return os.WriteFile(terminationLog, []byte(text), 0o666) //nolint:gosec // the file is there, and the kubelet's
	}
	_, err := a.env.Out.Write([]byte(text + "\n"))
	return err
}

func (a *app) runNode(ctx context.Context, cmd *cobra.Command, f *nodeFlags) error {
	if err := a.oneOf("output", f.output, "terminal", "json"); err != nil {
		return err
	}
	switch {
	case f.timeout <= 0:
		return a.failure(message.Word{EN: "flag --timeout must be more than 0", PT: "a opção --timeout deve ser maior que 0"})
	case f.bundle == "-":
		return a.failure(message.Word{EN: "standard output is for the report: --bundle needs a file", PT: "a saída padrão é para o laudo: --bundle precisa de um arquivo"})
	}
	name := f.name
	if name == "" {
		host, err := os.Hostname()
		if err != nil {
			return a.failure(message.Word{EN: "the name of this machine is not known: %[1]s", PT: "o nome desta máquina não é conhecido: %[1]s"}, err).
				hint(message.Word{EN: "give it: --name NAME", PT: "indique-o: --name NOME"})
		}
		name = strings.ToLower(host) // as kubelets do
	}
	start := a.env.Now()
	host := &collect.Host{Standpoint: evidence.FromNode(name), Root: f.root, Clock: a.env.Now}
	s := &source{Source: host, name: string(host.Standpoint)}
	if f.bundle != "" {
		var err error
		if s.file, err = createPartial(f.bundle); err != nil {
			return a.failure(message.Word{EN: "the bundle cannot be written: %[1]s", PT: "o bundle não pode ser gravado: %[1]s"}, err)
		}
		defer s.discard()
		if s.recorder, err = evidence.NewRecorder(s.file, host, evidence.Manifest{LaudoVersion: laudoVersion()}); err != nil {
			return err
		}
		s.Source = s.recorder
	}
	language := a.lang
	if f.output == "json" && !cmd.Flags().Changed("lang") {
		language = message.NewPrinter("en")
	}
	limited, cancel := context.WithTimeout(ctx, f.timeout)
	defer cancel()
	d, err := laudo.Diagnose(limited, hostSource{s.Source, host}, laudo.Options{Language: language, Host: true})
	if err != nil {
		return err
	}
	if err := s.keep(); err != nil {
		return err
	}
	if d.Run == nil {
		d.Run = &report.Run{}
	}
	d.Run.LaudoVersion, d.Run.Seconds, d.Run.Source = laudoVersion(), a.env.Now().Sub(start).Seconds(), s.name
	d.Cluster.Name = name
	a.exit = report.ExitCode(d, false)
	if f.output == "json" {
		return report.WriteJSON(cmd.OutOrStdout(), d)
	}
	return terminal(a.env).Print(cmd.OutOrStdout(), d)
}

// hostSource is a host's answers, recorded or not.
type hostSource struct {
	evidence.Source
	host *collect.Host
}

// Standpoints returns that of the host.
func (h hostSource) Standpoints() []evidence.Standpoint { return h.host.Standpoints() }
