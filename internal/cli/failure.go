package cli

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
)

// failure is an error that says what to do about it.
type failure struct {
	app   *app
	text  string
	hints []string
}

func (f *failure) Error() string { return f.text }

// failure returns an error in the user's language.
func (a *app) failure(w message.Word, args ...any) *failure {
	return &failure{app: a, text: a.say(w, args...)}
}

// hint adds a hint.
func (f *failure) hint(w message.Word, args ...any) *failure {
	f.hints = append(f.hints, f.app.say(w, args...))
	return f
}

// complain prints an error and its hints.
func (a *app) complain(err error) {
	fmt.Fprintf(a.env.Err, "laudo: %s\n", printable(err.Error()))
	if f, ok := errors.AsType[*failure](err); ok {
		for _, hint := range f.hints {
			fmt.Fprintf(a.env.Err, "%s %s\n", a.say(message.Word{EN: "hint:", PT: "dica:"}), printable(hint))
		}
	}
}

// note prints a line that is no error.
func (a *app) note(w message.Word, args ...any) {
	fmt.Fprintf(a.env.Err, "laudo: %s\n", printable(a.say(w, args...)))
}

// printable drops what a terminal would obey, and hides credentials: errors
// quote servers, files and flags.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 {
			return -1
		}
		return r
	}, evidence.RedactText(s))
}

func quote(s string) string { return strconv.Quote(s) }

// flagError says in the user's language what is wrong with a flag.
func (a *app) flagError(cmd *cobra.Command, err error) error {
	var (
		unknown *pflag.NotExistError
		missing *pflag.ValueRequiredError
		invalid *pflag.InvalidValueError
		f       *failure
	)
	switch {
	case errors.As(err, &unknown):
		name := "--" + unknown.GetSpecifiedName()
		if unknown.GetSpecifiedShortnames() != "" {
			name = "-" + unknown.GetSpecifiedName()
		}
		f = a.failure(message.Word{EN: "unknown flag %[1]s", PT: "opção desconhecida: %[1]s"}, name)
		if near := nearestFlag(cmd, unknown.GetSpecifiedName()); near != "" {
			return f.hint(message.Word{EN: "did you mean: %[1]s", PT: "você quis dizer: %[1]s"}, near)
		}
	case errors.As(err, &missing):
		f = a.failure(message.Word{EN: "flag --%[1]s needs a value", PT: "a opção --%[1]s precisa de um valor"}, missing.GetFlag().Name)
	case errors.As(err, &invalid):
		f = a.failure(message.Word{EN: "flag --%[1]s cannot be %[2]s", PT: "a opção --%[1]s não pode ser %[2]s"},
			invalid.GetFlag().Name, quote(invalid.GetValue()))
		if invalid.GetFlag().Value.Type() == "duration" {
			return f.hint(message.Word{EN: "a time is a number with a unit, such as %[1]s", PT: "um tempo é um número com unidade, como %[1]s"}, "30s")
		}
	default:
		f = a.failure(message.Word{EN: "%[1]s", PT: "%[1]s"}, err)
	}
	return f.hint(message.Word{EN: "for the flags: %[1]s", PT: "para ver as opções: %[1]s"}, cmd.CommandPath()+" --help")
}

// oneOf rejects a value of a flag that is not among those allowed.
func (a *app) oneOf(flag, value string, allowed ...string) error {
	if slices.Contains(allowed, value) {
		return nil
	}
	return a.failure(message.Word{EN: "flag --%[1]s cannot be %[2]s", PT: "a opção --%[1]s não pode ser %[2]s"}, flag, quote(value)).
		hint(message.Word{EN: "it is one of: %[1]s", PT: "ela é uma destas: %[1]s"}, strings.Join(allowed, ", "))
}

// notEmpty rejects flags that were given without naming a file, as "$BUNDLE"
// does where the variable is not set: not to name one means something else.
func (a *app) notEmpty(cmd *cobra.Command, flags ...string) error {
	for _, name := range flags {
		if f := cmd.Flags().Lookup(name); f.Changed && emptyNamed(f.Value) {
			return a.failure(message.Word{EN: "flag --%[1]s is empty", PT: "a opção --%[1]s está vazia"}, name).
				hint(message.Word{EN: "it needs the name of a file; is a variable of the shell not set?", PT: "ela precisa do nome de um arquivo; falta definir uma variável do shell?"})
		}
	}
	return nil
}

// nearestFlag returns the flag whose name is nearest to the given one; empty
// where none is near.
func nearestFlag(cmd *cobra.Command, name string) string {
	type candidate struct {
		name     string
		distance int
	}
	var near []candidate
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if d := distance(name, f.Name); !f.Hidden && d <= 2 && d < len(name) {
			near = append(near, candidate{f.Name, d})
		}
	})
	if len(near) == 0 {
		return ""
	}
	best := slices.MinFunc(near, func(a, b candidate) int { return cmp.Compare(a.distance, b.distance) })
	return "--" + best.name
}

// distance is the number of letters to add, drop or change to get from a to b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}

// emptyNamed reports whether a flag holds an empty name.
func emptyNamed(v pflag.Value) bool {
	if list, ok := v.(pflag.SliceValue); ok {
		return slices.Contains(list.GetSlice(), "")
	}
	return v.String() == ""
}
