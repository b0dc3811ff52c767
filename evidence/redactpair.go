package evidence

import "strings"

// redactPairs takes out the values that stand beside the name of a secret:
// "--token=x", "--token x", "password: x", "\"secret\": \"x\"", "<token>x</token>".
func redactPairs(s string) string {
	var b strings.Builder
	done := 0
	for i := 0; i < len(s); {
		if !triggers(s[i:]) {
			i++
			continue
		}
		name := span{i, i}
		for name.start > done && isNameByte(s[name.start-1]) {
			name.start--
		}
		for name.end < len(s) && isNameByte(s[name.end]) {
			name.end++
		}
		i = name.end
		value, with, ok := pair{s, name}.value()
		if !ok || value.start < done {
			continue
		}
		b.WriteString(s[done:value.start])
		b.WriteString(with)
		done, i = value.end, max(value.end, i)
	}
	if done == 0 {
		return s
	}
	b.WriteString(s[done:])
	return b.String()
}

// triggers reports whether s begins with a word that names of secrets hold.
func triggers(s string) bool {
	switch s[0] | 0x20 {
	case 'a':
		return hasPrefixFold(s, "auth")
	case 'b':
		return hasPrefixFold(s, "bearer") || hasPrefixFold(s, "basic")
	case 'c':
		return hasPrefixFold(s, "cookie") || hasPrefixFold(s, "credential") || hasPrefixFold(s, "connection")
	case 'j':
		return hasPrefixFold(s, "jwt")
	case 'k':
		return hasPrefixFold(s, "key")
	case 'n':
		return hasPrefixFold(s, "negotiate")
	case 'p':
		return hasPrefixFold(s, "pass") || hasPrefixFold(s, "pw")
	case 's':
		return hasPrefixFold(s, "secret") || hasPrefixFold(s, "senha") || hasPrefixFold(s, "sig") || hasPrefixFold(s, "shared")
	case 't':
		return hasPrefixFold(s, "token")
	case 'w':
		return hasPrefixFold(s, "webhook")
	}
	return false
}

func isNameByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-' || c == '.' || c == '/'
}

// span is text[start:end].
type span struct{ start, end int }

// pair is a name in a text, that may have a value.
type pair struct {
	text string
	name span
}

// before says what stands in front of a name.
type before struct {
	quote   string // the quote that opens right before the name, with its backslashes
	line    bool   // the name is the first of its line
	escaped bool   // and that line begins behind a \n in two characters
	flow    bool   // a name in {a: b, c: d}
	column  int    // of the name in its line
}

// value returns where the value lies that must go, and what stands in for it.
func (p pair) value() (span, string, bool) {
	name := p.text[p.name.start:p.name.end]
	flag := strings.HasPrefix(name, "-")
	if !namesSecret(name) && !(flag && flagNamesSecret(name)) && !p.isSecretKey() {
		return span{}, "", false
	}
	left := p.before()
	at := p.name.end
	quoted := false
	if q := quoteAt(p.text, at); q != "" && q == left.quote {
		quoted = true
		at += len(q)
	}
	spaced := skipBlanks(p.text, at)
	if spaced == len(p.text) {
		return span{}, "", false
	}
	switch c := p.text[spaced]; {
	case c == ':' || c == '=':
		return p.assigned(left, spaced, spaced > at, quoted, flag)
	case c == '>' && p.name.start > 0 && p.text[p.name.start-1] == '<':
		end := strings.IndexByte(p.text[spaced:], '<')
		if end < 0 {
			end = len(p.text) - spaced
		}
		return p.replace(span{spaced + 1, spaced + max(end, 1)})
	case flag && spaced > at && c != '-':
		if word, _, _ := strings.Cut(p.text[spaced:], " "); speaksOfFlag(word) {
			return span{}, "", false
		}
		return p.word(spaced)
	case !flag && !quoted && spaced > at:
		return p.named(spaced)
	}
	return span{}, "", false
}

// assigned finds the value behind the ':' or '=' at the given place.
func (p pair) assigned(left before, at int, spaced, quoted, flag bool) (span, string, bool) {
	colon := p.text[at] == ':'
	at++
	if at < len(p.text) && p.text[at] == '=' { // ":=", or "==" which compares
		if !colon {
			return span{}, "", false
		}
		at++
	}
	start := skipBlanks(p.text, at)
	spaced = spaced || start > at
	openable := left.line || left.flow || quoted
	valueQuote := quoteAt(p.text, start)
	switch {
	case colon && p.text[p.name.start] == '/': // "open /path/token: no such file"
		return span{}, "", false
	case colon && spaced && !openable && left.quote == "":
		return p.prose(start)
	case !colon && spaced && !openable && valueQuote == "":
		return p.prose(start)
	}
	if start == len(p.text) {
		return span{}, "", false
	}
	switch {
	case valueQuote != "" && valueQuote != left.quote || valueQuote != "" && quoted:
		return p.quoted(start, valueQuote)
	case p.text[start] == '[':
		return p.array(start)
	case p.text[start] == '\n' && colon && left.line:
		return p.list(left, start)
	case (p.text[start] == '|' || p.text[start] == '>') && colon && left.line:
		if end, ok := p.block(left, start); ok {
			return p.replace(span{start, end})
		}
	}
	switch {
	case left.quote != "" && !quoted: // the quote holds name and value
		return p.replace(span{start, endAt(p.text, start, left.quote)})
	case left.line && !quoted && !flag:
		return p.line(left, start)
	case colon:
		return p.replace(span{start, p.endOfFlow(start)})
	}
	return p.word(start)
}

// replace takes the value out, unless it is harmless.
func (p pair) replace(value span) (span, string, bool) {
	value.end = max(value.end, value.start)
	for value.end > value.start && isBlank(p.text[value.end-1]) {
		value.end--
	}
	if harmless(p.text[value.start:value.end]) {
		return span{}, "", false
	}
	return value, Redacted, true
}

// quoted is a value in quotes; they stay.
func (p pair) quoted(start int, quote string) (span, string, bool) {
	inner := start + len(quote)
	return p.replace(span{inner, endAt(p.text, inner, quote)})
}

// word is a value that ends with the word.
func (p pair) word(start int) (span, string, bool) {
	if quote := quoteAt(p.text, start); quote != "" {
		return p.quoted(start, quote)
	}
	end := start
	for end < len(p.text) {
		switch c := p.text[end]; c {
		case ' ', '\t', '\r', '\n', '"', '\'', '`', '<', '>':
			return p.replace(span{start, end})
		case ')', ']', '}':
			if !strings.ContainsAny(p.text[start:end], "([{") {
				return p.replace(span{start, end})
			}
		case '\\':
			if quoteAt(p.text, end) != "" {
				return p.replace(span{start, end})
			}
		case '&', ';', ',':
			if p.pairFollows(end + 1) {
				return p.replace(span{start, end})
			}
		}
		end++
	}
	return p.replace(span{start, end})
}

// pairFollows reports whether another name and value begin at the place, or
// nothing more of the word.
func (p pair) pairFollows(at int) bool {
	end := at
	for end < len(p.text) && isNameByte(p.text[end]) {
		end++
	}
	return end == len(p.text) || isBlank(p.text[end]) || p.text[end] == '\n' ||
		end > at && (p.text[end] == '=' || p.text[end] == ':')
}

// line is a value that goes on to the end of the line.
func (p pair) line(left before, start int) (span, string, bool) {
	end := endAt(p.text, start, "\n")
	if left.escaped {
		end = min(end, endAt(p.text, start, `\n`), endAt(p.text, start, `"`))
	}
	if comment := strings.Index(p.text[start:end], " #"); comment >= 0 && harmless(p.text[start:start+comment]) {
		return span{}, "", false
	}
	return p.replace(span{start, end})
}

// endOfFlow is where an unquoted value of {a: b, c: d} ends.
func (p pair) endOfFlow(start int) int {
	for i := start; i < len(p.text); i++ {
		switch p.text[i] {
		case ',', '}', ']', '\n', '"', '\'':
			return i
		}
	}
	return len(p.text)
}

// array is a value in brackets, of which only the elements go.
func (p pair) array(start int) (span, string, bool) {
	end := endAt(p.text, start+1, "]")
	inner := strings.TrimSpace(p.text[start+1 : end])
	if inner == "" || inner == `"`+Redacted+`"` || strings.Contains(inner, "{") {
		return span{}, "", false
	}
	return span{start + 1, end}, `"` + Redacted + `"`, true
}

// block returns where the YAML block scalar at start ends.
func (p pair) block(left before, start int) (int, bool) {
	head := endAt(p.text, start, "\n")
	if strings.Trim(p.text[start:head], "|>+-0123456789 \t\r") != "" || head == len(p.text) {
		return 0, false
	}
	end := head
	for end < len(p.text) {
		next := endAt(p.text, end+1, "\n")
		line := p.text[end+1 : next]
		if indent := len(line) - len(strings.TrimLeft(line, " \t")); strings.TrimSpace(line) != "" && indent <= left.column {
			break
		}
		end = next
		if end+1 > len(p.text) {
			break
		}
	}
	return end, true
}

// list is a YAML list of scalars on the lines that follow.
func (p pair) list(left before, newline int) (span, string, bool) {
	end := newline
	var items []string
	indent := ""
	for end < len(p.text) {
		next := endAt(p.text, min(end+1, len(p.text)), "\n")
		line := p.text[min(end+1, len(p.text)):next]
		trimmed := strings.TrimLeft(line, " ")
		if !strings.HasPrefix(trimmed, "- ") || len(line)-len(trimmed) < left.column {
			break
		}
		indent = line[:len(line)-len(trimmed)]
		item := strings.TrimSpace(trimmed[2:])
		if colon := strings.Index(item+" ", ": "); colon >= 0 {
			return span{}, "", false // a list of maps: their own names decide
		}
		items = append(items, item)
		end = next
	}
	if len(items) == 0 || len(items) == 1 && harmless(items[0]) {
		return span{}, "", false
	}
	return span{newline, end}, "\n" + indent + "- " + Redacted, true
}

// before looks to the left of the name.
func (p pair) before() before {
	var left before
	at := p.name.start
	for _, quote := range []string{`\\\"`, `\\"`, `\"`, `\'`, `"`, `'`} {
		if strings.HasSuffix(p.text[:at], quote) {
			left.quote = quote
			at -= len(quote)
			break
		}
	}
	lineStart := strings.LastIndexByte(p.text[max(0, at-200):at], '\n') + max(0, at-200) + 1
	if lineStart == max(0, at-200) && lineStart > 0 && p.text[lineStart-1] != '\n' {
		lineStart = at // too far away to be the first of its line
	}
	head := p.text[lineStart:at]
	left.column = p.name.start - lineStart
	rest := strings.TrimLeft(head, " \t-#;")
	rest = strings.TrimPrefix(strings.TrimPrefix(rest, "export "), "set ")
	left.line = strings.TrimSpace(rest) == ""
	if left.line && at == lineStart && at > 0 && p.text[at-1] != '\n' {
		left.line = false
	}
	trimmed := strings.TrimRight(head, " \t")
	if strings.HasSuffix(trimmed, `\`) && left.quote == "" {
		left.line, left.escaped = true, true
		left.column = 0
	}
	if i := strings.LastIndex(head, `\n`); i >= 0 && strings.Trim(head[i+2:], " -#") == "" {
		left.line, left.escaped = true, true
	}
	switch {
	case trimmed == "":
	case strings.ContainsRune("{,([;", rune(trimmed[len(trimmed)-1])):
		left.flow = true
	}
	return left
}

// quoteAt returns the quote at the place, with the backslashes before it.
func quoteAt(s string, at int) string {
	end := at
	for end < len(s) && end < at+4 && s[end] == '\\' {
		end++
	}
	if end < len(s) && (s[end] == '"' || s[end] == '\'') {
		return s[at : end+1]
	}
	return ""
}

// farthest bounds how far an end is looked for, in bytes.
const farthest = 1 << 16

// endAt returns where mark begins in s behind start, skipping one that a
// further backslash takes the meaning from; the end of s if it does not.
func endAt(s string, start int, mark string) int {
	if start > len(s) {
		return len(s)
	}
	limit := min(len(s), start+farthest)
	if mark == "\n" {
		limit = len(s)
	}
	for i := start; i < limit; {
		found := strings.Index(s[i:limit], mark)
		if found < 0 {
			break
		}
		i += found
		if mark != "\n" && mark != "]" && i > start && s[i-1] == '\\' {
			i++
			continue
		}
		return i
	}
	if end := strings.IndexByte(s[start:], '\n'); end >= 0 && mark != "\n" {
		return start + end
	}
	return len(s)
}

func skipBlanks(s string, at int) int {
	for at < len(s) && isBlank(s[at]) {
		at++
	}
	return at
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' }
