package cli

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/kubelaudo/laudo"
	"github.com/kubelaudo/laudo/collect"
	"github.com/kubelaudo/laudo/message"
)

func (a *app) collect() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "collect --bundle FILE",
		Short: a.say(message.Word{EN: "record a cluster's evidence in a bundle", PT: "grava a evidência de um cluster em um bundle"}),
		Long: a.say(message.Word{
			EN: "Record in a bundle what diagnose would ask, and what a colleague would want to know next. A bundle is a compressed tar, without any secret value; diagnose --from reads it.",
			PT: "Grava em um bundle o que diagnose perguntaria, e o que um colega quereria saber em seguida. Um bundle é um tar comprimido, sem nenhum valor secreto; diagnose --from o lê.",
		}),
		Example:           a.example("collect --bundle incident.tar.gz", "collect --bundle - | ssh colleague 'cat > incident.tar.gz'"),
		Args:              a.noArguments,
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	var bundle string
	cmd.Flags().StringVar(&bundle, "bundle", "", a.say(message.Word{EN: "`FILE` to write; - writes to standard output", PT: "`ARQUIVO` a gravar; - grava na saída padrão"}))
	look := a.look(cmd, 2*time.Minute)
	cluster := a.cluster(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if err := a.notEmpty(cmd, "bundle"); err != nil {
			return err
		}
		return a.runCollect(cmd.Context(), bundle, cluster, *look)
	}
	return cmd
}

func (a *app) runCollect(ctx context.Context, bundle string, cluster *clusterFlags, look lookFlags) error {
	switch {
	case bundle == "":
		return a.failure(message.Word{EN: "where to? --bundle is missing", PT: "para onde? falta --bundle"}).
			hint(message.Word{EN: "for example: %[1]s", PT: "por exemplo: %[1]s"}, a.program+" collect --bundle incident.tar.gz")
	case bundle == "-" && isTerminal(a.env.Out):
		return a.failure(message.Word{EN: "a bundle is binary, and standard output is a terminal", PT: "um bundle é binário, e a saída padrão é um terminal"}).
			hint(message.Word{EN: "for example: %[1]s", PT: "por exemplo: %[1]s"}, a.program+" collect --bundle - > incident.tar.gz")
	case look.timeout <= 0:
		return a.failure(message.Word{EN: "flag --timeout must be more than 0", PT: "a opção --timeout deve ser maior que 0"})
	}
	source, err := a.open(nil, bundle, cluster, look, nil) //nolint:contextcheck // no bundle is opened
	if err != nil {
		return err
	}
	defer source.discard()
	progress := a.progress(look.verbose)
	defer progress.end()
	limited, cancel := context.WithTimeout(ctx, look.timeout)
	defer cancel()
	counted := &tally{Source: source}
	err = laudo.Collect(limited, counted, laudo.Options{
		Language:       a.lang,
		NoProbes:       look.noProbes,
		TryClientCerts: look.tryClientCerts,
		Progress:       progress.report,
	}, collect.Extras())
	// Time that has run out leaves gaps, which the bundle holds too.
	if err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if err := source.keep(); err != nil {
		return err
	}
	progress.end()
	if bundle == "-" {
		bundle = a.say(message.Word{EN: "bundle", PT: "bundle"})
	}
	a.note(message.Word{
		EN: "%[1]s written: %[2]s answers, and %[3]s questions without one",
		PT: "%[1]s gravado: %[2]s respostas, e %[3]s perguntas sem resposta",
	}, bundle, int(counted.asked.Load()-counted.gaps.Load()), int(counted.gaps.Load()))
	return nil
}
