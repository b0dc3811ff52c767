package cli

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
)

// clusterGroup marks the flags that are kubectl's.
const clusterGroup = "laudo_cluster"

// help prints the help of a command.
func (a *app) help(cmd *cobra.Command) {
	out := cmd.OutOrStdout()
	width := min(cmp.Or(terminal(a.env).Width, report.DefaultWidth), report.DefaultWidth)
	wrap(out, cmp.Or(cmd.Long, cmd.Short), width, 0)
	if cmd.IsAdditionalHelpTopicCommand() {
		return
	}
	fmt.Fprintf(out, "\n%s\n  %s\n", a.say(message.Word{EN: "Usage:", PT: "Uso:"}), a.usageLine(cmd))
	if cmd.HasExample() {
		fmt.Fprintf(out, "\n%s\n%s\n", a.say(message.Word{EN: "Examples:", PT: "Exemplos:"}), cmd.Example)
	}
	var commands, topics []*cobra.Command
	for _, sub := range cmd.Commands() {
		switch {
		case sub.Hidden:
		case sub.IsAdditionalHelpTopicCommand():
			topics = append(topics, sub)
		default:
			commands = append(commands, sub)
		}
	}
	a.list(out, message.Word{EN: "Commands:", PT: "Comandos:"}, commands, width)
	a.list(out, message.Word{EN: "More help:", PT: "Mais ajuda:"}, topics, width)
	a.flags(out, cmd, width)
}

func (a *app) usageLine(cmd *cobra.Command) string {
	line := cmd.CommandPath()
	if cmd.HasAvailableSubCommands() {
		return line + " " + a.say(message.Word{EN: "COMMAND", PT: "COMANDO"})
	}
	if _, arguments, ok := strings.Cut(cmd.Use, " "); ok {
		line += " " + arguments
	}
	return line + " " + a.say(message.Word{EN: "[flags]", PT: "[opções]"})
}

func (a *app) list(out io.Writer, title message.Word, commands []*cobra.Command, width int) {
	if len(commands) == 0 {
		return
	}
	var rows [][2]string
	for _, c := range commands {
		rows = append(rows, [2]string{c.Name(), c.Short})
	}
	fmt.Fprintf(out, "\n%s\n", a.say(title))
	table(out, rows, width)
}

// flags prints the flags of a command, kubectl's apart.
func (a *app) flags(out io.Writer, cmd *cobra.Command, width int) {
	var own, cluster [][2]string
	cmd.InitDefaultHelpFlag()
	add := func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		row := [2]string{flagForm(f), f.Usage}
		if _, ok := f.Annotations[clusterGroup]; ok {
			cluster = append(cluster, row)
			return
		}
		own = append(own, row)
	}
	cmd.LocalNonPersistentFlags().VisitAll(add)
	cmd.Root().PersistentFlags().VisitAll(add)
	fmt.Fprintf(out, "\n%s\n", a.say(message.Word{EN: "Flags:", PT: "Opções:"}))
	table(out, own, width)
	if len(cluster) > 0 {
		fmt.Fprintf(out, "\n%s\n", a.say(message.Word{EN: "Flags for the cluster, as kubectl's:", PT: "Opções do cluster, como as do kubectl:"}))
		table(out, cluster, width)
	}
}

// flagForm returns a flag as it is typed. A word in back quotes at the start of
// its usage names the value; pflag takes it out.
func flagForm(f *pflag.Flag) string {
	form := "    --" + f.Name
	if f.Shorthand != "" {
		form = "-" + f.Shorthand + ", --" + f.Name
	}
	name, usage := pflag.UnquoteUsage(f)
	f.Usage = usage
	if name != "" {
		form += " " + strings.ToUpper(strings.TrimSuffix(name, "Array"))
	}
	return form
}

// table prints rows of two columns.
func table(out io.Writer, rows [][2]string, width int) {
	column := 0
	for _, row := range rows {
		column = max(column, utf8.RuneCountInString(row[0]))
	}
	for _, row := range rows {
		fmt.Fprintf(out, "  %s%s  ", row[0], strings.Repeat(" ", column-utf8.RuneCountInString(row[0])))
		wrap(out, row[1], width, column+4)
	}
}

// wrap prints text in lines of at most width columns, those after the first
// indented. Lines of the text that are themselves indented stay as they are.
func wrap(out io.Writer, text string, width, indent int) {
	for i, paragraph := range strings.Split(text, "\n") {
		if i > 0 && paragraph != "" {
			io.WriteString(out, strings.Repeat(" ", indent))
		}
		if strings.HasPrefix(paragraph, " ") {
			io.WriteString(out, paragraph+"\n")
			continue
		}
		used := indent
		for j, word := range strings.Fields(paragraph) {
			n := utf8.RuneCountInString(word)
			switch {
			case j == 0:
			case used+1+n > width:
				io.WriteString(out, "\n"+strings.Repeat(" ", indent))
				used = indent
			default:
				io.WriteString(out, " ")
				used++
			}
			io.WriteString(out, word)
			used += n
		}
		io.WriteString(out, "\n")
	}
}

// helpCommand is "laudo help COMMAND".
func (a *app) helpCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help",
		Short: a.say(message.Word{EN: "show the help of a command or a topic", PT: "mostra a ajuda de um comando ou tópico"}),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var names []string
			for _, c := range root.Commands() {
				names = append(names, c.Name())
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			cmd, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return a.failure(message.Word{EN: "no help on %[1]s", PT: "não há ajuda sobre %[1]s"}, quote(strings.Join(args, " "))).
					hint(message.Word{EN: "for the commands: %[1]s", PT: "para ver os comandos: %[1]s"}, a.program+" --help")
			}
			a.help(cmd)
			return nil
		},
	}
}
