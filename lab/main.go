// Command lab runs real Kubernetes clusters on this machine, breaks them in
// known ways and judges what laudo says about them.
package main

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/kubelaudo/laudo/lab/build"
	"github.com/kubelaudo/laudo/lab/cluster"
	"github.com/kubelaudo/laudo/lab/faults"
	"github.com/kubelaudo/laudo/lab/names"
)

//go:embed go.mod go.sum programs
var inputs embed.FS

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// command is one subcommand.
type command struct {
	name, args, doc string
	run             func(context.Context, *app, []string) error
}

// app is what every command gets.
type app struct {
	out, log io.Writer
	flags    *flag.FlagSet
	name     string // which lab
	root     string // where labs are
}

func commands() []command {
	return []command{
		{"up", "[flags]", "make a lab and wait until it is healthy", up},
		{"down", "[flags]", "end a lab and leave nothing of it", down},
		{"status", "[-o json] [flags]", "describe a lab: files, namespaces, processes, names", status},
		{"faults", "[-o name] [--profile PROFILE] [--only]", "list the catalogue of faults", catalogue},
		{"fault", "[flags] FAULT", "break a lab, and wait until kubectl shows it", inject},
		{"heal", "[flags] [FAULT]", "undo a fault, and wait until the lab is healthy", heal},
		{"judge", "[flags] [FAULT...]", "let laudo diagnose faults, cure them as it says, and compare with what is due", judgeFaults},
		{"import-laudo", "[flags] PROGRAM", "put an image of laudo on all nodes, for --node-probe, and print its name", importLaudo},
		{"exec", "[--standpoint api|agent-port] -- COMMAND...", "run a command with the lab's KUBECONFIG", execute},
	}
}

func run(ctx context.Context, args []string, out, log io.Writer) int {
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		usage(out)
		if len(args) == 0 {
			return 2
		}
		return 0
	}
	all := commands()
	i := slices.IndexFunc(all, func(c command) bool { return c.name == args[0] })
	if i < 0 {
		fmt.Fprintf(log, "lab: there is no command %q\n\n", args[0])
		usage(log)
		return 2
	}
	c := all[i]
	a := &app{out: out, log: log, flags: flag.NewFlagSet(c.name, flag.ContinueOnError)}
	a.flags.SetOutput(log)
	a.flags.Usage = func() {
		fmt.Fprintf(log, "usage: go run . %s %s\n\n%s.\n\n", c.name, c.args, c.doc)
		a.flags.PrintDefaults()
	}
	a.flags.StringVar(&a.name, "name", "lab", "name of the lab")
	a.flags.StringVar(&a.root, "state", "", "directory of all labs' state (default: in the user's cache directory)")
	err := c.run(ctx, a, args[1:])
	var code exitCode
	var usageErr usageError
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case errors.As(err, &code):
		return int(code)
	case ctx.Err() != nil:
		fmt.Fprintln(log, "lab: interrupted")
		return 130
	case errors.As(err, &usageErr):
		fmt.Fprintf(log, "lab: %v\n", err)
		fmt.Fprintf(log, "hint: go run . %s --help\n", c.name)
		return 2
	}
	fmt.Fprintf(log, "lab: %v\n", err)
	var advice *cluster.Error
	if errors.As(err, &advice) && advice.Hint != "" {
		fmt.Fprintf(log, "hint: %s\n", advice.Hint)
	}
	return 1
}

func usage(w io.Writer) {
	fmt.Fprint(w, "Real Kubernetes clusters on this machine, to break and to diagnose.\n\nusage: go run . COMMAND [flags]\n\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-8s %s\n", c.name, c.doc)
	}
	fmt.Fprint(w, "\nHelp on one: go run . COMMAND --help\n")
}

// exitCode ends the program without a word.
type exitCode int

func (e exitCode) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// usageError is a mistake in flags or arguments.
type usageError struct{ error }

// parse reads the flags, with the default directory filled in.
func (a *app) parse(args []string, arguments bool) error {
	if err := a.flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return exitCode(2) // flag has said it
	}
	if !arguments && a.flags.NArg() > 0 {
		return usageError{fmt.Errorf("%s takes no argument %q", a.flags.Name(), a.flags.Arg(0))}
	}
	if a.root == "" {
		root, err := cluster.Root()
		if err != nil {
			return err
		}
		a.root = root
	}
	return nil
}

func (a *app) open() (*cluster.Lab, error) { return cluster.Open(a.root, a.name, a.log) }

// upFlags are the flags that say what lab to make.
type upFlags struct {
	profile string
	seed    uint64
	nodes   int
	install bool
	keep    bool

	variants bool
}

func (f *upFlags) register(flags *flag.FlagSet) {
	flags.StringVar(&f.profile, "profile", names.DeploymentMTLS, "one of "+strings.Join(names.Profiles(), ", "))
	flags.Uint64Var(&f.seed, "seed", 0, "decides names, ports and authorities (default: random)")
	flags.IntVar(&f.nodes, "nodes", 0, "how many nodes (default: 2, or 1000 simulated ones)")
	flags.BoolVar(&f.variants, "variants", false, "also build the programs that only some faults need, which takes minutes the first time")
	flags.BoolVar(&f.keep, "keep", false, "leave a lab that does not become healthy as it is, to look at")
	flags.BoolVar(&f.install, "install", os.Getenv("CI") == "true", "install the packages that are missing with apt-get")
}

func up(ctx context.Context, a *app, args []string) error {
	var f upFlags
	f.register(a.flags)
	if err := a.parse(args, false); err != nil {
		return err
	}
	l, err := f.up(ctx, a)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "export KUBECONFIG=%s\n", l.Kubeconfig(cluster.API))
	return nil
}

// up makes the lab.
func (f *upFlags) up(ctx context.Context, a *app) (*cluster.Lab, error) {
	if !slices.Contains(names.Profiles(), f.profile) {
		return nil, usageError{fmt.Errorf("there is no profile %q; there are %s", f.profile, strings.Join(names.Profiles(), ", "))}
	}
	usual, most := 2, names.MaxNodes
	if f.profile == names.Simulated {
		usual, most = 1000, names.MaxSimulated
	}
	if f.nodes == 0 {
		f.nodes = usual
	}
	if f.nodes < 1 || f.nodes > most {
		return nil, usageError{fmt.Errorf("a lab of this profile has 1 to %d nodes, not %d", most, f.nodes)}
	}
	if f.seed == 0 {
		f.seed = rand.Uint64N(1 << 32)
	}
	if f.profile != names.Simulated {
		if err := ready(ctx, f.install, a.log); err != nil {
			return nil, err
		}
	}
	builder := &build.Builder{Simulated: f.profile == names.Simulated, Variants: f.variants, Inputs: inputs, Log: a.log}
	product, err := builder.Build(ctx)
	if err != nil {
		return nil, err
	}
	start := time.Now()
	fmt.Fprintf(a.log, "lab %s: profile %s, seed %d\n", a.name, f.profile, f.seed)
	l, err := cluster.Up(ctx, cluster.Options{Root: a.root, Name: a.name, Profile: f.profile, Seed: f.seed, Nodes: f.nodes, Keep: f.keep, Log: a.log}, product)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(a.log, "lab %s is up and healthy after %s\n", a.name, time.Since(start).Round(100*time.Millisecond))
	return l, nil
}

// ready makes sure that this machine can run a lab.
func ready(ctx context.Context, install bool, log io.Writer) error {
	if os.Geteuid() != 0 {
		return &cluster.Error{Message: "a lab makes namespaces and control groups, which takes root", Hint: "run it as root, on Linux; or, without real nodes: up --profile simulated"}
	}
	missing := build.Missing()
	if len(missing) == 0 {
		return nil
	}
	if !install {
		return &cluster.Error{
			Message: "packages are missing: " + strings.Join(missing, " "),
			Hint:    "apt-get install --no-remove " + strings.Join(missing, " ") + ", or let the lab do it with --install",
		}
	}
	return build.Install(ctx, missing, log)
}

func down(ctx context.Context, a *app, args []string) error {
	every := a.flags.Bool("all", false, "end all labs")
	if err := a.parse(args, false); err != nil {
		return err
	}
	labs := []string{a.name}
	if *every {
		var err error
		if labs, err = cluster.List(a.root); err != nil {
			return err
		}
	}
	for _, name := range labs {
		if err := cluster.Down(ctx, a.root, name, a.log); err != nil {
			return err
		}
	}
	return nil
}

func status(ctx context.Context, a *app, args []string) error {
	output := a.flags.String("o", "", "output: json, or nothing for text")
	if err := a.parse(args, false); err != nil {
		return err
	}
	if *output != "" && *output != "json" {
		return usageError{fmt.Errorf("status has no output %q", *output)}
	}
	l, err := a.open()
	if err != nil {
		return err
	}
	s, err := l.Status(ctx)
	if err != nil {
		return err
	}
	if *output == "" {
		s.Write(a.out)
		return nil
	}
	e := json.NewEncoder(a.out)
	e.SetIndent("", "  ")
	return e.Encode(s)
}

func catalogue(_ context.Context, a *app, args []string) error {
	output := a.flags.String("o", "", "output: name, or nothing for a table")
	profile := a.flags.String("profile", "", "only what can happen in this profile")
	only := a.flags.Bool("only", false, "only what cannot happen in the profile "+names.DeploymentMTLS)
	if err := a.parse(args, false); err != nil {
		return err
	}
	if *output != "" && *output != "name" {
		return usageError{fmt.Errorf("faults has no output %q", *output)}
	}
	for _, f := range append(faults.All(), faults.Pairs()...) {
		if *profile != "" && !f.In(*profile) || *only && f.In(names.DeploymentMTLS) {
			continue
		}
		if *output == "name" {
			fmt.Fprintln(a.out, f.Name)
		} else {
			fmt.Fprintf(a.out, "%-22s %s\n", f.Name, f.Doc)
		}
	}
	return nil
}

func inject(ctx context.Context, a *app, args []string) error {
	if err := a.parse(args, true); err != nil {
		return err
	}
	if a.flags.NArg() != 1 {
		return usageError{errors.New("fault needs the name of one fault")}
	}
	f, err := faults.Named(a.flags.Arg(0))
	if err != nil {
		return err
	}
	l, err := a.open()
	if err != nil {
		return err
	}
	start := time.Now()
	if err := f.Break(ctx, l); err != nil {
		return err
	}
	fmt.Fprintf(a.log, "%s bites after %s\n", f.Name, time.Since(start).Round(100*time.Millisecond))
	return nil
}

func heal(ctx context.Context, a *app, args []string) error {
	if err := a.parse(args, true); err != nil {
		return err
	}
	l, err := a.open()
	if err != nil {
		return err
	}
	name := l.Fault
	if a.flags.NArg() > 0 {
		name = a.flags.Arg(0)
	}
	if name == "" {
		return l.WaitHealthy(ctx, time.Minute)
	}
	f, err := faults.Named(name)
	if err != nil {
		return err
	}
	start := time.Now()
	if err := f.Undo(ctx, l); err != nil {
		return err
	}
	fmt.Fprintf(a.log, "%s is healed after %s\n", f.Name, time.Since(start).Round(100*time.Millisecond))
	return nil
}

func execute(ctx context.Context, a *app, args []string) error {
	at := a.flags.String("standpoint", string(cluster.API), "where to run it: api (this host: only the API server can be reached) or agent-port (the port for konnectivity-agents too)")
	if err := a.parse(args, true); err != nil {
		return err
	}
	if a.flags.NArg() == 0 {
		return usageError{errors.New("exec needs a command")}
	}
	l, err := a.open()
	if err != nil {
		return err
	}
	cmd, err := l.Command(ctx, cluster.Standpoint(*at), a.flags.Args()...)
	if err != nil {
		return err
	}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, a.out, a.log
	err = cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) && ctx.Err() == nil {
		return exitCode(exit.ExitCode())
	}
	return err
}

func importLaudo(ctx context.Context, a *app, args []string) error {
	if err := a.parse(args, true); err != nil {
		return err
	}
	if a.flags.NArg() != 1 {
		return usageError{errors.New("import-laudo needs the path of a static laudo: CGO_ENABLED=0 go build -o laudo ./cmd/laudo")}
	}
	l, err := a.open()
	if err != nil {
		return err
	}
	image, err := l.ImportLaudo(ctx, a.flags.Arg(0))
	if err != nil {
		return err
	}
	fmt.Fprintln(a.out, image)
	return nil
}
