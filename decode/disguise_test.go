package decode

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// disguises are the forms in which a line reaches whoever pastes it. None of
// them may change what it means.
var disguises = []struct {
	name string
	of   func(line string) string
}{
	{"CRLF", func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") + "\r\n" }},
	{"colours", func(s string) string { return "\x1b[31m" + s + "\x1b[0m" }},
	{"byte order mark", func(s string) string { return "\ufeff" + s }},
	{"klog", func(s string) string {
		return "E1122 12:00:01.123456       1 reflector.go:158] \"Unhandled Error\" err=" + strconv.Quote(s) + " logger=\"UnhandledError\""
	}},
	{"klog JSON", func(s string) string {
		return line(map[string]any{"ts": 1763812801123.4, "caller": "server/server.go:158", "msg": "Unhandled Error", "v": 0, "err": s})
	}},
	{"zap", func(s string) string {
		return line(map[string]any{"level": "error", "ts": "2026-11-22T12:00:01Z", "logger": "controller", "msg": "Reconciler error", "error": s})
	}},
	{"logfmt", func(s string) string {
		return `time="2026-11-22T12:00:01Z" level=error msg=` + strconv.Quote(s) + " component=x"
	}},
	{"journald", func(s string) string { // not kubelet: whose log it is tells who speaks
		return "nov 22 12:00:01 worker-1.example.com crio[1234]: " + s
	}},
	{"docker", func(s string) string {
		return line(map[string]any{"log": s + "\n", "stream": "stderr", "time": "2026-11-22T12:00:01.123456789Z"})
	}},
	{"CRI", func(s string) string { return "2026-11-22T12:00:01.123456789Z stderr F " + s }},
	{"kubectl logs --prefix", func(s string) string { return "[pod/web-6d5f/app] 2026-11-22T12:00:01Z " + s }},
	{"quoted in a mail", func(s string) string { return "> " + strings.ReplaceAll(s, "\n", "\n> ") }},
	{"shell", func(s string) string { return "ana@laptop:~$ kubectl get pods -n web\n" + s + "\nana@laptop:~$" }},
	{"Markdown", func(s string) string { return "```\n" + s + "\n```" }},
	{"HTML", func(s string) string {
		return strings.NewReplacer("&", "&amp;", `"`, "&quot;", "<", "&lt;", ">", "&gt;").Replace(s)
	}},
	{"describe", func(s string) string {
		return "Events:\n  Type     Reason   Age                 From     Message\n  ----     ------   ----                ----     -------\n  Warning  Failed   2m (x7 over 11m)    app      " + s
	}},
	{"events", func(s string) string {
		return "LAST SEEN   TYPE      REASON    OBJECT          MESSAGE\n3m14s       Warning   Failed    pod/web-6d5f    " + s
	}},
	{"YAML condition", func(s string) string {
		return "  - lastTransitionTime: \"2026-11-22T12:00:01Z\"\n    message: '" + s + "'\n    reason: Failed\n    status: \"False\""
	}},
	{"twice quoted", func(s string) string { return fmt.Sprintf("%q", fmt.Sprintf("%q", s)) }},
	{"Portuguese", func(s string) string {
		return "Pessoal, desde ontem aparece isto aqui e ninguém mexeu em nada:\n\n" + s + "\n\nAlguém já viu? Obrigado."
	}},
	{"again and again", func(s string) string { return strings.Repeat(s+"\n", 300) }},
	{"among others", func(s string) string {
		var b strings.Builder
		for i := range 300 {
			fmt.Fprintf(&b, "I1122 12:%02d:%02d.%06d       1 controller.go:%d] \"Synced\" object=\"web/app-%d\" took=\"%dms\"\n", i/60, i%60, i, 100+i, i, i)
		}
		return b.String() + s + "\n" + b.String()
	}},
}

// line returns fields as a line of JSON.
func line(fields map[string]any) string {
	data, err := json.Marshal(fields)
	if err != nil {
		panic(err)
	}
	return string(data)
}

// wraps are ways in which a long line is broken: where the terminal ends, in
// the middle of a word, or at the last space before.
var wraps = []struct {
	name string
	of   func(s string, width int) string
}{
	{"hard", func(s string, width int) string {
		var b strings.Builder
		for i, r := range []rune(s) {
			if i > 0 && i%width == 0 {
				b.WriteByte('\n')
			}
			b.WriteRune(r)
		}
		return b.String()
	}},
	{"soft", func(s string, width int) string {
		var b strings.Builder
		n := 0
		for i, word := range strings.Split(s, " ") {
			switch {
			case i == 0:
			case n+1+len(word) > width:
				b.WriteByte('\n')
				n = 0
			default:
				b.WriteByte(' ')
				n++
			}
			b.WriteString(word)
			n += len(word)
		}
		return b.String()
	}},
	{"quoted", func(s string, width int) string {
		var b strings.Builder
		for i, r := range []rune(s) {
			if i%width == 0 {
				b.WriteString(strings.Repeat("\n", min(i, 1)) + "> ")
			}
			b.WriteRune(r)
		}
		return b.String()
	}},
}

// TestDisguises: however a line reaches us, the first hypothesis is the same,
// and as sure.
func TestDisguises(t *testing.T) {
	type text struct{ id, line string }
	var all []text
	for _, file := range []string{"heldout.jsonl", "corpus.jsonl", "fresh.jsonl"} {
		for _, i := range load(t, file, true) {
			if len(i.Evidence) == 1 && !strings.Contains(i.Evidence[0], "\n") {
				all = append(all, text{i.ID, i.Evidence[0]})
			}
		}
	}
	first := func(s string) (string, Certainty) {
		e := Explain(s)
		if len(e.Hypotheses) == 0 {
			return "nothing", Open
		}
		return e.Hypotheses[0].Category, e.Hypotheses[0].Certainty
	}
	for i, tt := range all {
		if testing.Short() && i%10 != 0 {
			continue
		}
		if len(Findings(tt.line)) == 0 || complete(tt.line) != tt.line {
			continue // words alone weigh differently among other words; so do ends cut short
		}
		category, certainty := first(tt.line)
		for _, d := range disguises {
			if got, sure := first(d.of(tt.line)); got != category || sure != certainty && sure != Open {
				t.Errorf("%s as %s: %s %s, and plain %s %s\n%s", tt.id, d.name, got, sure, category, certainty, tt.line)
			}
		}
	}
	missed, tried := 0, 0
	for n, tt := range all {
		if n%3 != 0 || len(tt.line) < 100 || complete(tt.line) != tt.line || len(Findings(tt.line)) == 0 {
			continue // each third will do: unwrapping is slow
		}
		category, certainty := first(tt.line)
		for _, wrap := range wraps {
			for _, width := range []int{72, 80, 100, 120} {
				tried++
				got, sure := first(wrap.of(tt.line, width))
				if got != category {
					missed++
					t.Logf("%s, %s wrap at %d: %s, and plain %s", tt.id, wrap.name, width, got, category)
				}
				if sure != Open && sure != certainty {
					t.Errorf("%s, %s wrap at %d: %s, and plain %s", tt.id, wrap.name, width, sure, certainty)
				}
			}
		}
	}
	if 200*missed > tried {
		t.Errorf("%d of %d wrapped lines mean something else", missed, tried)
	}
}
