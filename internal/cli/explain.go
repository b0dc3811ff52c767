package cli

import (
	"cmp"
	"encoding/json"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kubelaudo/laudo"
	"github.com/kubelaudo/laudo/decode"
	"github.com/kubelaudo/laudo/message"
)

// unrecognised is the exit code for a text of which laudo knows nothing, as of a
// grep that finds nothing.
const unrecognised = 1

func (a *app) explain() *cobra.Command {
	var file, output string
	cmd := &cobra.Command{
		Use:   "explain TEXT|COMPONENT|CATEGORY|LAW",
		Short: a.say(message.Word{EN: "say what an error text means, without a cluster", PT: "diz o que um texto de erro significa, sem cluster"}),
		Long: a.say(message.Word{
			EN: `Say what an error text or lines of a log mean, without a cluster: which connection failed and at which stage, what may be behind it, how to tell by hand, and what the text does not prove. A text alone rarely decides. With no TEXT, what is piped in is read.

With the name of a component (kubelet, konnectivity-agent, ...) or of a category (cert-expired, ...): what it is for, whom it talks to, and what breaks with it. With the name of a law (agent-connection, ...), as reports give it: what it requires, why, and how it breaks.

The exit code is 0 when something was recognised, and 1 when nothing was.`,
			PT: `Diz o que um texto de erro ou linhas de um log significam, sem cluster: que conexão falhou e em que estágio, o que pode estar por trás, como saber à mão, e o que o texto não prova. Um texto sozinho raramente decide. Sem TEXT, lê-se o que vier por um pipe.

Com o nome de um componente (kubelet, konnectivity-agent, ...) ou de uma categoria (cert-expired, ...): para que serve, com quem fala, e o que quebra com ele. Com o nome de uma lei (agent-connection, ...), como os laudos o dão: o que exige, por quê, e como quebra.

O código de saída é 0 quando algo foi reconhecido, e 1 quando nada foi.`,
		}),
		Example: a.example("explain 'error dialing backend: No agent available'", "explain --file kubelet.log", "explain konnectivity-agent", "explain cert-expired", "explain agent-connection"),
	}
	flags := cmd.Flags()
	flags.StringVarP(&file, "file", "f", "", a.say(message.Word{EN: "read the text from a `FILE`; - is standard input", PT: "lê o texto de um `ARQUIVO`; - é a entrada padrão"}))
	flags.StringVarP(&output, "output", "o", "terminal", a.say(message.Word{EN: "`FORM` of the answer: terminal (default) or json", PT: "`FORMA` da resposta: terminal (padrão) ou json"}))
	_ = cmd.RegisterFlagCompletionFunc("output", cobra.FixedCompletions([]string{"terminal", "json"}, cobra.ShellCompDirectiveNoFileComp))
	cmd.ValidArgsFunction = cobra.FixedCompletions(explainable(), cobra.ShellCompDirectiveNoFileComp)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := a.oneOf("output", output, "terminal", "json"); err != nil {
			return err
		}
		text, err := a.toExplain(file, args)
		if err != nil {
			return err
		}
		language := a.lang
		if output == "json" && !cmd.Flags().Changed("lang") {
			language = message.NewPrinter("en")
		}
		answer := explained(text, file == "")
		if answer.empty {
			a.exit = unrecognised
		}
		if near := nearest(text); answer.empty && file == "" && len(near) > 0 {
			a.note(message.Word{EN: "there is no %[1]s; near it is: %[2]s", PT: "não há %[1]s; perto disso há: %[2]s"}, quote(strings.TrimSpace(text)), strings.Join(near, ", "))
		}
		if output == "json" {
			encoder := json.NewEncoder(cmd.OutOrStdout())
			encoder.SetEscapeHTML(false)
			encoder.SetIndent("", "  ")
			return encoder.Encode(answer.document(language))
		}
		_, err = io.WriteString(cmd.OutOrStdout(), answer.terminal(language))
		return err
	}
	return cmd
}

// answer is what explain prints.
type answer struct {
	document func(message.Printer) any
	terminal func(message.Printer) string
	empty    bool // it says nothing
}

// explainable lists the names that explain knows, each once.
func explainable() []string {
	names := slices.Concat(decode.Names(), laudo.LawNames())
	slices.Sort(names)
	return slices.Compact(names)
}

// entry returns the theory of a component, a category or a law. Some names are
// of several: then the parts follow each other.
func entry(name string) (decode.Entry, bool) {
	e, known := decode.Theory(name)
	law, ok := laudo.Law(name)
	switch {
	case !known:
		return law, ok
	case ok:
		e.Parts = append(e.Parts, law.Parts...)
		for _, r := range law.References {
			if !slices.Contains(e.References, r) {
				e.References = append(slices.Clone(e.References), r)
			}
		}
	}
	return e, true
}

// nearest returns the names that a single word may have meant, the nearest
// first.
func nearest(text string) []string {
	word := strings.ToLower(strings.TrimSpace(text))
	if strings.ContainsAny(word, " \t\n") || len(word) < 3 || len(word) > 40 {
		return nil
	}
	type candidate struct {
		name     string
		distance int
	}
	var near []candidate
	for _, name := range explainable() {
		d := distance(word, name)
		for part := range strings.SplitSeq(name, "-") {
			if len(part) > 3 {
				d = min(d, distance(word, part)+1)
			}
		}
		switch {
		case d <= max(1, len(word)/3):
		case strings.Contains(name, word) || strings.Contains(word, name):
			d = max(d, len(word)) // after those with a letter wrong
		default:
			continue
		}
		near = append(near, candidate{name, d})
	}
	slices.SortStableFunc(near, func(a, b candidate) int { return cmp.Compare(a.distance, b.distance) })
	var names []string
	for _, c := range near[:min(len(near), 4)] {
		names = append(names, c.name)
	}
	return names
}

// explained returns the theory of what text names, if it may name something,
// else what the text means.
func explained(text string, named bool) answer {
	if named {
		if entry, ok := entry(text); ok {
			return answer{func(p message.Printer) any { return entry.Document(p) }, entry.Terminal, false}
		}
	}
	e := decode.Explain(text)
	return answer{func(p message.Printer) any { return e.Document(p) }, e.Terminal, len(e.Findings) == 0 && len(e.Hypotheses) == 0}
}

// piped says that something other than a terminal is at the standard input.
func piped(in io.Reader) bool {
	f, ok := in.(*os.File)
	if !ok {
		return in != nil
	}
	info, err := f.Stat()
	return err == nil && (info.Mode().IsRegular() || info.Mode()&os.ModeNamedPipe != 0)
}

// toExplain returns the text that the command line gives: its words, a file,
// or what is piped in.
func (a *app) toExplain(file string, args []string) (string, error) {
	if file != "" && len(args) > 0 {
		return "", a.failure(message.Word{EN: "a text and --file do not go together", PT: "um texto e --file não combinam"})
	}
	text := strings.Join(args, " ")
	if file == "" && (text == "-" || text == "" && piped(a.env.In)) {
		file = "-"
	}
	if file != "" {
		var err error
		if text, err = a.read(file); err != nil {
			return "", a.failure(message.Word{EN: "reading %[1]s: %[2]s", PT: "ao ler %[1]s: %[2]s"}, file, err.Error())
		}
	}
	if strings.TrimSpace(text) == "" {
		return "", a.failure(message.Word{EN: "nothing to explain", PT: "nada a explicar"}).
			hint(message.Word{EN: "for example: %[1]s", PT: "por exemplo: %[1]s"}, a.program+" explain 'error dialing backend: No agent available'")
	}
	return text, nil
}

// read reads the text of a file, or of standard input.
func (a *app) read(file string) (string, error) {
	in := a.env.In
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return "", err
		}
		defer f.Close()
		in = f
	}
	text, cut, err := decode.Read(in)
	if cut {
		a.note(message.Word{EN: "the text is long: between its beginning and its end, only lines that speak of a fault were read", PT: "o texto é longo: entre o início e o fim, só foram lidas linhas que falam de uma falha"})
	}
	return text, err
}
