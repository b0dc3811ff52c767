package cli

import (
	"cmp"
	"os"
	"strconv"
	"strings"

	"golang.org/x/term"

	"github.com/kubelaudo/laudo/report"
)

// languages returns the languages that the user wants, most wanted first: what
// --lang says, else what the locale says. It looks before flags are parsed,
// for errors about flags have a language too.
func languages(env Env, args []string) []string {
	var wanted []string
	for i, arg := range args {
		if arg == "--" {
			break
		}
		if value, ok := strings.CutPrefix(arg, "--lang="); ok {
			wanted = append(wanted, value)
		} else if arg == "--lang" && i+1 < len(args) {
			wanted = append(wanted, args[i+1])
		}
	}
	return append(wanted, cmp.Or(env.Getenv("LC_ALL"), env.Getenv("LC_MESSAGES"), env.Getenv("LANG")))
}

// terminal returns how to print for people: what the terminal can show, and
// what the user's settings allow.
func terminal(env Env) report.Terminal {
	t := report.Terminal{ASCII: !utf8Locale(env)}
	if file, ok := env.Out.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		if width, _, err := term.GetSize(int(file.Fd())); err == nil {
			t.Width = width
		}
		t.Colour = env.Getenv("NO_COLOR") == "" && env.Getenv("TERM") != "dumb"
	}
	if width, err := strconv.Atoi(env.Getenv("COLUMNS")); err == nil && t.Width == 0 && width > 0 {
		t.Width = width
	}
	return t
}

// utf8Locale reports whether the locale can show more than ASCII. A locale
// that is not set says nothing; terminals of today can.
func utf8Locale(env Env) bool {
	locale := strings.ToLower(cmp.Or(env.Getenv("LC_ALL"), env.Getenv("LC_CTYPE"), env.Getenv("LANG")))
	return locale == "" || strings.Contains(locale, "utf-8") || strings.Contains(locale, "utf8")
}

// isTerminal reports whether w is a terminal.
func isTerminal(w any) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}
