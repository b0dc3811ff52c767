package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/kubelaudo/laudo"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
)

// diagnoseFlags are the flags of diagnose.
type diagnoseFlags struct {
	cluster    *clusterFlags
	look       lookFlags
	probe      *probeFlags
	from       []string
	record     string
	output     string
	symptom    string
	failOnRisk bool
}

// lookFlags say how far looking may go; diagnose and collect share them.
type lookFlags struct {
	timeout        time.Duration
	noSecrets      bool
	noProbes       bool
	tryClientCerts bool
	verbose        bool
}

func (a *app) look(cmd *cobra.Command, timeout time.Duration) *lookFlags {
	var f lookFlags
	flags := cmd.Flags()
	flags.DurationVar(&f.timeout, "timeout", timeout, a.say(message.Word{
		EN: "`TIME` for everything together (default %[1]s); what is not answered by then is reported as not seen",
		PT: "`TEMPO` para tudo junto (padrão %[1]s); o que não for respondido até lá é dado como não visto",
	}, timeout.String()))
	flags.BoolVar(&f.noSecrets, "no-secrets", false, a.say(message.Word{
		EN: "read no Secret, not even for its certificates",
		PT: "não lê nenhum Secret, nem pelos certificados",
	}))
	flags.BoolVar(&f.noProbes, "no-probes", false, a.say(message.Word{
		EN: "only read the API: fetch no byte of a log, try no handshake",
		PT: "só lê a API: não busca nenhum byte de log, não tenta nenhum handshake",
	}))
	flags.BoolVar(&f.tryClientCerts, "try-client-certs", false, a.say(message.Word{
		EN: "in handshakes present the client certificate found in a workload's Secret, from memory, to see whether the server accepts it",
		PT: "nos handshakes apresenta o certificado de cliente achado no Secret de um workload, da memória, para ver se o servidor o aceita",
	}))
	flags.BoolVarP(&f.verbose, "verbose", "v", false, a.say(message.Word{
		EN: "say more: long lists whole, the evidence, and progress where there is no terminal",
		PT: "diz mais: listas longas inteiras, a evidência, e o progresso onde não há terminal",
	}))
	return &f
}

func (a *app) diagnose() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "diagnose",
		Short: a.say(message.Word{EN: "find out why a cluster is broken", PT: "descobre por que um cluster está quebrado"}),
		Long: a.say(message.Word{
			EN: "Find out why a cluster is broken: look for what fails, follow each failing request through the components on its way, and report the cause with its proof, what was ruled out, what stays open, and the cure.",
			PT: "Descobre por que um cluster está quebrado: procura o que falha, segue cada requisição que falha pelos componentes do seu caminho, e relata a causa com sua prova, o que foi descartado, o que fica em aberto, e a cura.",
		}),
		Example: a.example("diagnose", "diagnose --context prod --record incident.tar.gz", "diagnose --from incident.tar.gz -o json", "diagnose --symptom logs"),
		Args:    a.noArguments,
	}
	f := &diagnoseFlags{}
	flags := cmd.Flags()
	flags.StringArrayVar(&f.from, "from", nil, a.say(message.Word{
		EN: "diagnose a recorded `BUNDLE` instead of a cluster; repeated: several of one cluster, recorded from different places",
		PT: "diagnostica um `BUNDLE` gravado em vez de um cluster; repetida: vários do mesmo cluster, gravados de lugares diferentes",
	}))
	flags.StringVar(&f.record, "record", "", a.say(message.Word{EN: "keep what was seen in a `BUNDLE`", PT: "guarda o que foi visto em um `BUNDLE`"}))
	flags.StringVarP(&f.output, "output", "o", "terminal", a.say(message.Word{EN: "`FORM` of the report: terminal (default) or json", PT: "`FORMA` do laudo: terminal (padrão) ou json"}))
	flags.StringVar(&f.symptom, "symptom", "", a.say(message.Word{EN: "`WHAT` fails: a kind of request, or the error text in quotes (default: look for it)", PT: "`O-QUE` falha: um tipo de requisição, ou o texto do erro entre aspas (padrão: procurar)"}))
	flags.BoolVar(&f.failOnRisk, "fail-on-risk", false, a.say(message.Word{EN: "exit with 1 on a risk too", PT: "sai com 1 também em caso de risco"}))
	look := a.look(cmd, 30*time.Second)
	f.probe = a.nodeProbe(cmd)
	f.cluster = a.cluster(cmd)
	bundles := func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return []string{"tar.gz", "tgz", "gz"}, cobra.ShellCompDirectiveFilterFileExt
	}
	_ = cmd.RegisterFlagCompletionFunc("from", bundles)
	_ = cmd.RegisterFlagCompletionFunc("record", bundles)
	_ = cmd.RegisterFlagCompletionFunc("output", cobra.FixedCompletions([]string{"terminal", "json"}, cobra.ShellCompDirectiveNoFileComp))
	_ = cmd.RegisterFlagCompletionFunc("symptom", cobra.FixedCompletions(symptomKinds, cobra.ShellCompDirectiveNoFileComp))
	cmd.ValidArgsFunction = cobra.NoFileCompletions
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		f.look = *look
		return a.runDiagnose(cmd.Context(), cmd, f)
	}
	return cmd
}

// checkDiagnose rejects flags that do not go together.
func (a *app) checkDiagnose(f *diagnoseFlags) error {
	if err := a.oneOf("output", f.output, "terminal", "json"); err != nil {
		return err
	}
	if f.look.timeout <= 0 {
		return a.failure(message.Word{EN: "flag --timeout must be more than 0", PT: "a opção --timeout deve ser maior que 0"})
	}
	if err := a.checkSymptom(f.symptom); err != nil {
		return err
	}
	if f.record == "-" {
		return a.failure(message.Word{EN: "standard output is for the report: --record needs a file", PT: "a saída padrão é para o laudo: --record precisa de um arquivo"}).
			hint(message.Word{EN: "a bundle on standard output: %[1]s", PT: "um bundle na saída padrão: %[1]s"}, a.program+" collect --bundle -")
	}
	if len(f.from) == 0 {
		return nil
	}
	both := f.cluster.given()
	if f.probe.on {
		both = "node-probe"
	}
	if f.record != "" {
		both = "record"
	}
	if both == "" {
		return nil
	}
	return a.failure(message.Word{EN: "--from and --%[1]s do not go together", PT: "--from e --%[1]s não combinam"}, both).
		hint(message.Word{EN: "a bundle is diagnosed as it was recorded, without a cluster", PT: "um bundle é diagnosticado como foi gravado, sem cluster"})
}

func (a *app) runDiagnose(ctx context.Context, cmd *cobra.Command, f *diagnoseFlags) error {
	if err := a.notEmpty(cmd, "from", "record"); err != nil {
		return err
	}
	if err := a.checkDiagnose(f); err != nil {
		return err
	}
	if err := f.probe.check(a, cmd); err != nil {
		return err
	}
	language := a.lang
	if f.output == "json" && !cmd.Flags().Changed("lang") {
		language = message.NewPrinter("en")
	}
	start := a.env.Now()
	progress := a.progress(f.look.verbose)
	defer progress.end()
	clock := &stopwatch{now: a.env.Now}
	source, err := a.open(f.from, f.record, f.cluster, f.look, f.probe.options(a, clock, progress.end)) //nolint:contextcheck // bundles are in memory
	if err != nil {
		return err
	}
	defer source.discard()
	defer a.cleanUp(source) //nolint:contextcheck // whatever ended the run, this takes its own time
	limited, cancel := context.WithTimeout(ctx, f.look.timeout)
	if f.probe.on { // the clock stands still while the user is asked
		cancel()
		limited, cancel = clock.start(ctx, f.look.timeout)
	}
	defer cancel()
	d, err := laudo.Diagnose(limited, source, laudo.Options{
		Symptom:        f.symptom,
		Language:       language,
		NoProbes:       f.look.noProbes,
		TryClientCerts: f.look.tryClientCerts,
		Host:           source.hostOnly(),
		NodeProbe:      f.probe.on,
		ProbeNodes:     f.probe.nodes,
		ProbeFiles:     f.probe.files,
		Progress:       progress.report,
	})
	if err != nil {
		return err
	}
	if err := source.keep(); err != nil {
		return err
	}
	progress.end()
	if d.Run == nil {
		d.Run = &report.Run{}
	}
	d.Run.LaudoVersion = laudoVersion()
	d.Run.Seconds = a.env.Now().Sub(start).Seconds()
	d.Run.Source = source.name
	if source.live != nil {
		d.Run.Requests = source.live.Requests()
	}
	if d.Language == "" {
		d.Language = language.Language()
	}
	a.exit = report.ExitCode(d, f.failOnRisk)
	if f.output == "json" {
		return report.WriteJSON(cmd.OutOrStdout(), d)
	}
	t := terminal(a.env)
	t.Verbose = f.look.verbose
	return t.Print(cmd.OutOrStdout(), d)
}

// cleanUp removes what was made in the cluster to ask from nodes.
func (a *app) cleanUp(s *source) {
	if s.live == nil {
		return
	}
	if err := s.live.Close(); err != nil {
		a.complain(a.failure(message.Word{EN: "not everything that was made could be removed: %[1]s", PT: "nem tudo o que foi criado pôde ser removido: %[1]s"}, err).
			hint(message.Word{EN: "its Pods end by themselves after 60 s; to remove them: %[1]s", PT: "seus Pods terminam sozinhos após 60 s; para removê-los: %[1]s"}, "kubectl delete pods -A -l app.kubernetes.io/name=laudo-node-probe"))
	}
}
