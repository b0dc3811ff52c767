// Package decode reads error texts: what kubectl, the API server, the kubelet,
// the tunnels, webhooks, aggregated APIs and etcd print when a request fails.
//
// [Findings] says of a text which connection failed and at which stage of it.
// [Explain] weighs what could be behind it, and [Theory] tells what a component
// or a category of fault is. None of them looks at a cluster: they know only
// the text, and say what it does not prove.
//
// An error text is a chain. Each program adds a frame ("failed calling webhook
// ...", "error dialing backend") around what it was told, and the innermost
// part is the fault. Frames name the hop, faults name the stage. So there are
// two tables, and a fault is written once, whoever prints it.
//
// The tables are all the state there is. Nothing here does I/O, but for [Read],
// which reads what it is given.
package decode

//go:generate go test -run "TestAccuracy|TestSchema" . -update

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits on what is read, so that a whole log can be pasted.
const (
	maxText     = 3 << 19 // bytes of the text; the rest is dropped
	maxLine     = 4 << 10 // bytes of a line; a longer one is cut
	maxLines    = 5000    // lines that differ; of more, those that may speak of a fault
	maxFindings = 200
)

// Finding is what an error text says of one hop of a request.
type Finding struct {
	// ID names the fault, such as "dial-timeout". It is stable.
	ID string `json:"id"`
	// Hop is the connection, "from>to", as far as the text tells. Empty: it
	// does not.
	Hop string `json:"hop,omitempty"`
	// Stage is what failed of it: name, port, tls, client, authz, or an end's
	// property: process, health, version, config, clock.
	Stage string `json:"stage"`
	// Address is the destination named in the text, host:port. Empty: none.
	Address string `json:"address,omitempty"`
	// Params holds what else the text names: notAfter, now, user, webhook...
	Params map[string]string `json:"params,omitempty"`
	// Text is the part of the text that says so.
	Text string `json:"text"`

	line, at int
	weight   int
}

// fault is a row of the table of faults: the innermost part of an error.
type fault struct {
	id    string
	stage string
	// has must occur in the line, before the pattern is tried: it keeps long
	// logs cheap.
	has string
	// re may name groups: "addr" becomes Address, others Params. Nil: has
	// alone decides.
	re *regexp.Regexp
	// hop is set where the text itself says which connection it was. Empty:
	// the frames say.
	hop string
	// weight orders findings: higher is more specific. What only says that
	// something failed has 1; what says why has 3. Zero counts as 2.
	weight int
	// hides lists faults that are not reported for a line that has this one,
	// since they are parts of its text or follow from it.
	hides []string
}

// frame is a row of the table of frames: what a program says around a fault,
// and which connection it thereby names.
type frame struct {
	hop string
	has string
	re  *regexp.Regexp // named groups as in fault
	// rank decides between the frames of one line: the highest wins.
	rank int
}

// faults lists all faults. Order within an area does not matter.
var faults = slices.Concat(
	tlsFaults, networkFaults, konnectivityFaults, remotedialerFaults, authFaults,
	apiserverFaults, webhookFaults, apiserviceFaults, kubeletFaults,
	metricsFaults, etcdFaults, dnsFaults, nodeFaults, clusterFaults,
)

// rx compiles a pattern of a table.
func rx(pattern string) *regexp.Regexp { return regexp.MustCompile(pattern) }

// Findings returns what text says, the most specific first. Each line is read
// by itself; what is said again of the same hop and address counts once.
func Findings(text string) []Finding { return findings(lines(text)) }

// findings returns what lines say, see [Findings].
func findings(lines []string) []Finding {
	type key struct{ id, hop, address, name string }
	seen := make(map[key]bool)
	var found []Finding
	for i, line := range lines {
		for _, f := range read(i, line) {
			k := key{f.ID, f.Hop, f.Address, f.Params["webhook"] + f.Params["user"] + f.Params["name"]}
			if !seen[k] && len(found) < maxFindings {
				seen[k] = true
				found = append(found, f)
			}
		}
	}
	adopt(found)
	slices.SortStableFunc(found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.line, b.line), cmp.Compare(b.at, a.at))
	})
	return found
}

// adopt gives the hop that the text names to findings of lines that name none,
// where it names one only.
func adopt(found []Finding) {
	hop := ""
	for _, f := range found {
		if f.Hop != "" && hop != "" && f.Hop != hop {
			return
		}
		hop = cmp.Or(hop, f.Hop)
	}
	for i := range found {
		found[i].Hop = cmp.Or(found[i].Hop, hop)
	}
}

// lines splits text into lines that differ, with the quoting that loggers add
// taken off.
func lines(text string) []string {
	if len(text) > maxText {
		text = text[:maxText]
	}
	text = strings.ToValidUTF8(text, "?")
	text = strings.Map(visible, escape.ReplaceAllString(text, ""))
	text = margin.ReplaceAllString(ends.Replace(text), "")
	seen := make(map[string]bool)
	var out []string
	for _, line := range unwrap(strings.Split(text, "\n")) {
		line = strings.TrimSpace(unquoted(line))
		if len(line) > maxLine {
			line = strings.ToValidUTF8(line[:maxLine], "")
		}
		// Of a long log, lines that differ in figures only say the same.
		key := line
		if len(out) > manyLines {
			key = strings.Map(noDigit, line)
		}
		if line == "" || seen[key] {
			continue
		}
		seen[key] = true
		out = append(out, line)
	}
	if len(out) > maxLines {
		out = slices.DeleteFunc(out, func(line string) bool { return !speaks(line) })
	}
	if len(out) > maxLines {
		out = slices.Concat(out[:maxLines/2], out[len(out)-maxLines/2:])
	}
	return out
}

// ends makes one end of line of all.
var ends = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// unquoted returns a line with the quoting that loggers and web pages add taken
// off: only once it is whole, for it makes the line shorter.
func unquoted(line string) string {
	line = quoted.ReplaceAllString(unquote.Replace(line), `"`)
	return placeholder.ReplaceAllStringFunc(line, func(s string) string {
		return strings.ReplaceAll(s, " ", "-")
	})
}

// manyLines is how many different lines are read as they are.
const manyLines = 500

func noDigit(r rune) rune {
	if r >= '0' && r <= '9' {
		return '0'
	}
	return r
}

// unwrap returns lines with those put together that a terminal or a mail broke,
// as far as that changes what is read: where a fault spans the break.
func unwrap(lines []string) []string {
	if len(lines) > maxUnwrapped {
		return lines
	}
	var out []string
	for i := 0; i < len(lines); i++ {
		joined, n := "", 1
		for _, w := range []wrapping{{"", hardWrapped}, {" ", softWrapped}} {
			if joined, n = w.join(lines[i:]); n > 1 {
				break
			}
		}
		if n > 1 {
			out = append(out, joined)
			i += n - 1
			continue
		}
		out = append(out, lines[i])
	}
	return out
}

const (
	maxUnwrapped = 200 // lines: more is a log that nobody wrapped
	maxRun       = 12  // lines that one line was broken into
	minWidth     = 60  // columns
	maxWidth     = 240
)

// wrapping is a way of breaking lines: what stood at the break, and whether a
// line and the next can be parts of one at this width.
type wrapping struct {
	at  string
	can func(line, next string, width int) bool
}

func hardWrapped(line, _ string, width int) bool { return utf8.RuneCountInString(line) == width }

func softWrapped(line, next string, width int) bool {
	word, _, _ := strings.Cut(next, " ")
	columns := utf8.RuneCountInString(line)
	return columns <= width && columns+1+utf8.RuneCountInString(word) > width
}

// join puts the first lines together, and returns how many. One: they were not
// broken in this way, or to join them says nothing more.
func (w wrapping) join(lines []string) (string, int) {
	run := []string{lines[0]}
	for _, next := range lines[1:min(len(lines), maxRun)] {
		if len(next) > maxWidth || strings.TrimSpace(next) == "" || next == run[len(run)-1] ||
			begins.MatchString(next) && !unended.MatchString(run[len(run)-1]) {
			break
		}
		run = append(run, next)
	}
	for n := len(run); n > 1; n-- {
		if !w.fits(run[:n]) {
			continue
		}
		text, breaks := unquoted(run[0]), []int(nil)
		for _, next := range run[1:n] {
			breaks = append(breaks, len(text))
			text += w.at + unquoted(next)
		}
		if !spanned(text, breaks) {
			return "", 1
		}
		return strings.Join(run[:n], w.at), n
	}
	return "", 1
}

// fits reports whether the lines are what breaking one line gives.
func (w wrapping) fits(lines []string) bool {
	width := 0
	for _, line := range lines {
		width = max(width, utf8.RuneCountInString(line))
	}
	if width < minWidth || width > maxWidth {
		return false
	}
	for i := range lines[1:] {
		if !w.can(lines[i], lines[i+1], width) {
			return false
		}
	}
	return true
}

// begins matches how an entry of a log, an item or a message begins.
var begins = rx(`^\s*(?:[IWEF]\d{4} |\d{4}[-/]\d\d|[A-Z][a-z]{2} +\d+ \d\d:|[{\[*#$>|]|- |level=|time=|ts=|"?Error|[Ee]rror:|[Ww]arning|FATAL|fatal|Unable to|The connection|Failed|failed to)`)

// unended matches a line that goes on with a time.
var unended = rx(`(?:current time|is after|is before)\s*$`)

// spanned reports whether to read the parts of text together says more: a fault
// lies over a break, or what the fault befell stands before it.
func spanned(text string, breaks []int) bool {
	for _, f := range faultsOf(0, text) {
		part := 0
		for _, at := range breaks {
			if f.at < at && at < f.at+len(f.Text) {
				return true
			}
			if at <= f.at {
				part = at
			}
		}
		if f.Hop != "" || part == 0 {
			continue
		}
		if alone, _, _ := framed(text[part:]); alone != "" {
			continue
		}
		if hop, _, _ := framed(text); hop != "" {
			return true
		}
	}
	return false
}

// margin matches what mails put before lines that they quote, and programs
// around a box.
var margin = rx(`(?m)^(?:[ \t]*(?:> ?|[│┃] ?))+|[ \t]*[│┃][ \t\r]*$`)

// escape matches what colours a terminal's output.
var escape = rx(`\x1b\[[0-9;?]*[A-Za-z]`)

// quoted matches a quote in a quoted text, however deep.
var quoted = rx(`\\+"`)

// placeholder matches what people put in an address's place: <node ip>.
var placeholder = rx(`<[A-Za-z][\w.\-]*(?: [\w.\-]+){1,5}>`)

// visible drops the characters that a terminal would obey.
func visible(r rune) rune {
	if r < ' ' && r != '\n' && r != '\t' && r != '\r' || r >= 0x7f && r < 0xa0 {
		return -1
	}
	return r
}

// complete returns line with its last words ended, where it was cut short near
// the end of what a fault says: a terminal's edge and a ticket's field do that.
// Where more than one phrase fits, or too little of one is there, and where the
// line was cut here, it is left as it is.
func complete(line string) string {
	if len(line) < minCut || len(line) > maxLine-utf8.UTFMax {
		return line
	}
	end, rest := line[len(line)-minCut:], ""
	for _, phrase := range long {
		// Where the line's end lies in the phrase, the rest before it must too.
		at := strings.Index(phrase, end)
		n := at + minCut
		if at < 0 || n == len(phrase) || 3*n < 2*len(phrase) || !strings.HasSuffix(line, phrase[:n]) || strings.Contains(line, phrase) {
			continue
		}
		if rest != "" && rest != phrase[n:] {
			return line
		}
		rest = phrase[n:]
	}
	return line + rest
}

// long lists the phrases of faults that are long enough to be told by a part.
var long = slices.DeleteFunc(phrases(), func(s string) bool { return len(s) < 2*minCut })

func phrases() []string {
	var all []string
	for i := range faults {
		if !slices.Contains(all, faults[i].has) {
			all = append(all, faults[i].has)
		}
	}
	return all
}

// minCut is how many bytes of a phrase must be there to be completed, and two
// thirds of it.
const minCut = 12

// Escapes of JSON and klog, HTML entities of pasted pages, typographic quotes,
// and what people write who copy by hand.
var unquote = strings.NewReplacer(
	`\u003c`, "<", `\u003e`, ">", `\u0026`, "&", `&quot;`, `"`, `&#34;`, `"`, `&gt;`, `>`, `&lt;`, `<`, `&amp;`, `&`,
	"i/o time out", "i/o timeout", "i/o time-out", "i/o timeout", "dail tcp", "dial tcp", "dail udp", "dial udp",
	"\u201c", `"`, "\u201d", `"`, "\u2018", "'", "\u2019", "'", "\u00a0", " ",
)

// read returns the findings of one line, with what the frames say.
func read(number int, line string) []Finding {
	found := faultsOf(number, complete(line))
	// Nothing is quoted that is not in the line.
	found = slices.DeleteFunc(found, func(f Finding) bool { return f.at >= len(line) })
	for i := range found {
		f := &found[i]
		f.Text = f.Text[:min(len(f.Text), len(line)-f.at)]
		maps.DeleteFunc(f.Params, func(_, v string) bool { return !strings.Contains(line, v) })
	}
	if len(found) == 0 {
		return nil
	}
	hop, address, params := framed(line)
	for i := range found {
		f := &found[i]
		f.Address = strings.TrimRight(cmp.Or(f.Address, address), ".,;:")
		f.Hop = cmp.Or(f.Hop, hop, byPort(f.Address))
		for k, v := range params {
			if f.Params == nil {
				f.Params = make(map[string]string)
			}
			if f.Params[k] == "" {
				f.Params[k] = v
			}
		}
		if len(f.Params) == 0 {
			f.Params = nil
		}
	}
	return found
}

// faultsOf returns the faults of one line.
func faultsOf(number int, line string) []Finding {
	var found []Finding
	hidden := make(map[string]bool)
	for i := range faults {
		f := &faults[i]
		if !strings.Contains(line, f.has) {
			continue
		}
		at := strings.Index(line, f.has)
		end := at + len(f.has)
		var params map[string]string
		if f.re != nil {
			if at, end, params = match(f.re, line); at < 0 {
				continue
			}
		}
		for _, id := range f.hides {
			hidden[id] = true
		}
		weight := f.weight
		if weight == 0 {
			weight = 2
		}
		address := params["addr"]
		delete(params, "addr")
		if n := slices.IndexFunc(found, func(o Finding) bool {
			return o.ID == f.id && o.at < end && at < o.at+len(o.Text)
		}); n >= 0 {
			// Two patterns of one fault met in one place: the longer says it.
			if len(found[n].Text) >= end-at {
				found[n].weight = max(found[n].weight, weight)
				continue
			}
			weight = max(found[n].weight, weight)
			found = slices.Delete(found, n, n+1)
		}
		found = append(found, Finding{
			ID: f.id, Hop: f.hop, Stage: f.stage, Address: address, Params: params,
			Text: line[at:end], line: number, at: at, weight: weight,
		})
	}
	return slices.DeleteFunc(found, func(f Finding) bool { return hidden[f.ID] })
}

// match returns where re matches line and its named groups, -1 if it does not.
func match(re *regexp.Regexp, line string) (at, end int, params map[string]string) {
	m := re.FindStringSubmatchIndex(line)
	if m == nil {
		return -1, -1, nil
	}
	for i, name := range re.SubexpNames() {
		if name == "" || m[2*i] < 0 || m[2*i] == m[2*i+1] {
			continue
		}
		if params == nil {
			params = make(map[string]string)
		}
		// A pattern with alternatives has user and user2: both mean user.
		if name = strings.TrimRight(name, "0123456789"); params[name] == "" {
			params[name] = line[m[2*i]:m[2*i+1]]
		}
	}
	return m[0], m[1], params
}

// framed returns the hop that the frames of a line name, the address of the
// request, and what else they tell.
func framed(line string) (hop, address string, params map[string]string) {
	rank := -1
	for i := range frames {
		f := &frames[i]
		if !strings.Contains(line, f.has) {
			continue
		}
		var p map[string]string
		if f.re != nil {
			var at int
			if at, _, p = match(f.re, line); at < 0 {
				continue
			}
		}
		if f.rank > rank && f.hop != "" {
			hop, rank = f.hop, f.rank
		}
		for k, v := range p {
			if params == nil {
				params = make(map[string]string)
			}
			if params[k] == "" {
				params[k] = v
			}
		}
	}
	address = params["addr"]
	delete(params, "addr")
	return hop, address, params
}
