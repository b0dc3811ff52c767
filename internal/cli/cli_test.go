package cli

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/theory/components"
)

func env(variables map[string]string) Env {
	return Env{
		Program: "laudo", In: strings.NewReader(""), Out: &bytes.Buffer{}, Err: &bytes.Buffer{},
		Getenv: func(name string) string { return variables[name] }, Now: time.Now,
	}
}

func TestSymptomKinds(t *testing.T) {
	if diff := cmp.Diff(slices.Sorted(maps.Keys(components.SymptomKinds)), symptomKinds); diff != "" {
		t.Errorf("the theory's kinds and the command line's differ (-theory +cli):\n%s", diff)
	}
}

func TestLanguage(t *testing.T) {
	for _, c := range []struct {
		variables map[string]string
		args      string
		want      string
	}{
		{nil, "diagnose", "en"},
		{map[string]string{"LANG": "pt_BR.UTF-8"}, "diagnose", "pt-BR"},
		{map[string]string{"LANG": "pt_PT.UTF-8"}, "diagnose", "pt-BR"},
		{map[string]string{"LANG": "de_DE.UTF-8"}, "diagnose", "en"},
		{map[string]string{"LANG": "pt_BR", "LC_MESSAGES": "en_GB"}, "diagnose", "en"},
		{map[string]string{"LC_ALL": "pt_BR", "LC_MESSAGES": "en_GB"}, "diagnose", "pt-BR"},
		{map[string]string{"LC_ALL": "C"}, "diagnose", "en"},
		{map[string]string{"LANG": "pt_BR"}, "diagnose --lang en", "en"},
		{nil, "diagnose --lang=pt-BR", "pt-BR"},
		{nil, "diagnose -- --lang=pt-BR", "en"},
		{nil, "diagnose --lang", "en"},
	} {
		got := message.NewPrinter(languages(env(c.variables), strings.Fields(c.args))...).Language()
		if got != c.want {
			t.Errorf("%v, laudo %s: %s, want %s", c.variables, c.args, got, c.want)
		}
	}
}

func TestTerminal(t *testing.T) {
	for _, c := range []struct {
		variables map[string]string
		width     int
		ascii     bool
	}{
		{nil, 0, false},
		{map[string]string{"COLUMNS": "72"}, 72, false},
		{map[string]string{"COLUMNS": "wide"}, 0, false},
		{map[string]string{"LANG": "C"}, 0, true},
		{map[string]string{"LC_ALL": "POSIX", "LANG": "en_US.UTF-8"}, 0, true},
		{map[string]string{"LC_CTYPE": "en_US.utf8", "LANG": "C"}, 0, false},
	} {
		got := terminal(env(c.variables))
		if got.Width != c.width || got.ASCII != c.ascii || got.Colour {
			t.Errorf("%v: %+v", c.variables, got)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"from", "from", 0}, {"form", "from", 2}, {"symptm", "symptom", 1}, {"", "abc", 3}} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("from %q to %q: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestProgress(t *testing.T) {
	var out bytes.Buffer
	now := time.Unix(0, 0)
	p := &progress{w: &out, start: now, now: func() time.Time { return now }}
	p.report("list v1/pods", 1, 9) // too early
	p.end()
	if out.Len() > 0 {
		t.Errorf("told of a short run: %q", &out)
	}
	now = now.Add(3 * time.Second)
	p.report("raw \x1b[31m/metrics", 2, 9)
	p.report("too soon after the last", 3, 9)
	p.end()
	if want := "\r\x1b[Klaudo: raw [31m/metrics 2/9\r\x1b[K"; out.String() != want {
		t.Errorf("got %q, want %q", &out, want)
	}

	out.Reset()
	p = &progress{w: &out, lines: true, now: func() time.Time { return now }}
	p.report("list v1/pods", 1, 2)
	p.report("list v1/pods", 2, 2)
	p.report("raw /metrics", 1, 1)
	p.end()
	if want := "laudo: list v1/pods\nlaudo: raw /metrics\n"; out.String() != want {
		t.Errorf("got %q, want %q", &out, want)
	}
	(*progress)(nil).report("nobody listens", 1, 1)
	(*progress)(nil).end()
}

// TestUsages: each of kubectl's flags is described in both languages.
func TestUsages(t *testing.T) {
	for _, lang := range []string{"en", "pt-BR"} {
		a := &app{env: env(nil), lang: message.NewPrinter(lang), program: "laudo"}
		flags := a.cluster(&cobra.Command{})
		for name, word := range usages {
			if flag := flags.own.Lookup(name); flag == nil {
				t.Errorf("there is no flag --%s", name)
			} else if flag.Usage != a.say(word) {
				t.Errorf("--%s is described as %q", name, flag.Usage)
			}
		}
		flags.own.VisitAll(func(f *pflag.Flag) {
			if _, ok := usages[f.Name]; !ok {
				t.Errorf("--%s is not described", f.Name)
			}
		})
	}
}

// TestExcerpt reads a text of any length from both ends.
func TestExcerpt(t *testing.T) {
	const mostExplained = 1 << 19 // decode reads as much of the beginning, and of the end
	fault := "Error from server: error dialing backend: No agent available\n"
	for _, size := range []int{0, 10, mostExplained - 1, mostExplained, mostExplained + 1, 2 * mostExplained, 3*mostExplained + 7, 10 << 20} {
		filler := strings.Repeat("I1122 12:00:00.000000       1 main.go:1] all is well\n", size/53+1)[:size]
		var out, errs bytes.Buffer
		exit := Main(Env{Program: "laudo", In: strings.NewReader(filler + "\n" + fault), Out: &out, Err: &errs, Getenv: func(string) string { return "" }}, []string{"explain", "--file", "-"})
		if exit != 0 || !strings.Contains(out.String(), "konnectivity-agent-down") {
			t.Errorf("%d bytes before the fault: exit %d\n%s", size, exit, out.String())
		}
		if long := size+1+len(fault) > 2*mostExplained; long != strings.Contains(errs.String(), "the text is long") {
			t.Errorf("%d bytes: said %q", size, errs.String())
		}
	}
}
