// Package cli is laudo's command line: one file for each command.
//
// It reads flags, opens the cluster or the bundle, has the diagnosis made, and
// prints it. It decides nothing about clusters. It is the only importer of
// cobra and of cli-runtime, and everything that it takes from the outside
// arrives in an [Env].
package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/klog/v2"

	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
)

// Env is the world that a command line runs in.
type Env struct {
	Program string // how the program was called
	In      io.Reader
	Out     io.Writer
	Err     io.Writer
	Getenv  func(name string) string
	Now     func() time.Time
}

// System returns the world of this process.
func System() Env {
	return Env{Program: os.Args[0], In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Getenv: os.Getenv, Now: time.Now}
}

// Main runs one command line, and returns the exit code.
func Main(env Env, args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// The first signal asks to end, the second one ends: from the first on,
	// signals do again what they do by default.
	context.AfterFunc(ctx, stop)
	return run(ctx, env, args)
}

// app is one run of the command line.
type app struct {
	env     Env
	lang    message.Printer
	program string // as the user types it: "laudo" or "kubectl laudo"
	exit    int    // the exit code of a command that did not fail
}

func run(ctx context.Context, env Env, args []string) int {
	// What libraries log on their own is no part of the output.
	klog.LogToStderr(false)
	klog.SetOutput(io.Discard)

	a := &app{env: env, program: "laudo"}
	switch name := strings.TrimSuffix(filepath.Base(env.Program), ".exe"); name {
	case "kubectl-laudo":
		a.program = "kubectl laudo"
	case "kubectl_complete-laudo":
		a.program = "kubectl laudo"
		args = append([]string{cobra.ShellCompRequestCmd}, args...)
	}
	a.lang = message.NewPrinter(languages(env, args)...)

	root := a.root()
	root.SetArgs(args)
	root.SetIn(env.In)
	root.SetOut(env.Out)
	root.SetErr(env.Err)
	err := root.ExecuteContext(ctx)
	switch {
	case ctx.Err() != nil:
		a.complain(errors.New(a.say(message.Word{EN: "interrupted", PT: "interrompido"})))
		return report.ExitInterrupted
	case err != nil:
		a.complain(err)
		return report.ExitMisuse
	}
	return a.exit
}

// say returns a text in the user's language.
func (a *app) say(w message.Word, args ...any) string { return a.lang.Sprint(w.With(args...)) }

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:         "laudo",
		Annotations: map[string]string{cobra.CommandDisplayNameAnnotation: a.program},
		Short:       a.say(message.Word{EN: "tell why a Kubernetes cluster is broken, with proof", PT: "diz por que um cluster Kubernetes está quebrado, com prova"}),
		Long: a.say(message.Word{
			EN: "laudo tells why a Kubernetes cluster is broken, with proof: the cause, what it explains, what was ruled out and why, and how to cure it. It reads, and changes nothing.",
			PT: "O laudo diz por que um cluster Kubernetes está quebrado, com prova: a causa, o que ela explica, o que foi descartado e por quê, e como curar. Ele lê, e não muda nada.",
		}),
		Example: a.example("diagnose", "diagnose --from bundle.tar.gz", "diagnose --symptom 'error: You must be logged in to the server'", "collect --bundle bundle.tar.gz"),
		Args:    a.knownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cmd.Help()
		},
		SuggestionsMinimumDistance: 2,

		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			if lang, _ := cmd.Flags().GetString("lang"); lang != "" && lang != "pt" {
				return a.oneOf("lang", lang, "en", "pt-BR")
			}
			return nil
		},
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.CompletionOptions.DisableDefaultCmd = true
	root.Version = laudoVersion()
	root.SetFlagErrorFunc(a.flagError)
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) { a.help(cmd) })
	root.AddCommand(a.diagnose(), a.collect(), a.node(), a.explain(), a.rights(), a.version(), a.completion())
	root.AddCommand(a.topics()...)
	root.SetHelpCommand(a.helpCommand(root))
	help := root.PersistentFlags()
	help.BoolP("help", "h", false, a.say(message.Word{EN: "show this help", PT: "mostra esta ajuda"}))
	help.String("lang", "", a.say(message.Word{
		EN: "`LANGUAGE`: en or pt-BR (default: the locale's; English for -o json)",
		PT: "`IDIOMA`: en ou pt-BR (padrão: o da localidade; inglês com -o json)",
	}))
	_ = root.RegisterFlagCompletionFunc("lang", cobra.FixedCompletions([]string{"en", "pt-BR"}, cobra.ShellCompDirectiveNoFileComp))
	return root
}

// example returns command lines as examples, the way the user would type them.
func (a *app) example(lines ...string) string {
	var b strings.Builder
	for _, line := range lines {
		b.WriteString("  " + a.program + " " + line + "\n")
	}
	return strings.TrimRight(b.String(), "\n")
}

// knownCommand rejects what is no command, and says which one may be meant.
func (a *app) knownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	f := a.failure(message.Word{EN: "unknown command %[1]s", PT: "comando desconhecido: %[1]s"}, quote(args[0]))
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		return f.hint(message.Word{EN: "did you mean: %[1]s", PT: "você quis dizer: %[1]s"}, a.program+" "+near[0])
	}
	return f.hint(message.Word{EN: "for the commands: %[1]s", PT: "para ver os comandos: %[1]s"}, a.program+" --help")
}

// noArguments rejects arguments.
func (a *app) noArguments(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	f := a.failure(message.Word{EN: "%[1]s takes no arguments, and got %[2]s", PT: "%[1]s não recebe argumentos, e recebeu %[2]s"}, cmd.CommandPath(), quote(args[0]))
	return f.hint(message.Word{EN: "for the flags: %[1]s", PT: "para ver as opções: %[1]s"}, cmd.CommandPath()+" --help")
}
