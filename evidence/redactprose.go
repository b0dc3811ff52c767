package evidence

import (
	"slices"
	"strings"
)

// In prose a colon behind "token" can begin a value ("invalid token: x1y2z3") or
// an explanation ("cannot use the token: it has expired"). One word that looks
// like no English, or that nothing follows, is a value.

// secretEnds are the ends of the words that prose calls secrets by.
var secretEnds = []string{
	"password", "senha", "passwd", "passphrase", "pwd", "token", "secret", "credential", "cookie", "bearer", "key",
	"authorization", "jwt",
}

// keyKinds are the words before "key" that make it a secret in prose. A "secret
// key" is not among them: the kubelet calls the keys of a Secret so.
var keyKinds = []string{"api", "access", "private", "signing", "license", "licence", "shared", "account", "encryption", "master"}

// isSecretKey reports whether the name at the place is the "key" of "api key".
func (p pair) isSecretKey() bool {
	if p.name.end-p.name.start != len("key") || !hasPrefixFold(p.text[p.name.start:], "key") {
		return false
	}
	end := p.name.start
	for end > 0 && isBlank(p.text[end-1]) {
		end--
	}
	start := end
	for start > 0 && isNameByte(p.text[start-1]) {
		start--
	}
	return end < p.name.start && slices.Contains(keyKinds, flatten(p.text[start:end]))
}

// prose finds a value behind a name and a colon in the middle of a line.
func (p pair) prose(start int) (span, string, bool) {
	name := p.text[p.name.start:p.name.end]
	flat := strings.TrimSuffix(flatten(name), "s")
	if strings.Contains(name, "/") || !slices.ContainsFunc(secretEnds, func(end string) bool { return strings.HasSuffix(flat, end) }) {
		return span{}, "", false // of an object, such as pod/token-reviewer
	}
	if quote := quoteAt(p.text, start); quote != "" {
		inner := p.text[start+len(quote) : endAt(p.text, start+len(quote), quote)]
		if strings.ContainsAny(inner, " \t\n") && !isPassword(flat) || flat == "secret" && isObjectName(inner) {
			return span{}, "", false
		}
		return p.quoted(start, quote)
	}
	end := start
	for end < len(p.text) && !strings.ContainsRune(" \t\r\n\"`<>()[]{}", rune(p.text[end])) {
		if c := p.text[end]; (c == ',' || c == ';') && (end+1 == len(p.text) || isBlank(p.text[end+1])) {
			break
		}
		if p.text[end] == '\\' && (quoteAt(p.text, end) != "" || strings.HasPrefix(p.text[end:], `\n`)) {
			break
		}
		end++
	}
	after := skipBlanks(p.text, end)
	last := after == len(p.text) || strings.IndexByte("\n,;)]}", p.text[after]) >= 0 ||
		after == end && strings.IndexByte("\"`\\", p.text[after]) >= 0
	word := p.text[start:end]
	if stem := strings.TrimRight(word, "."); stem != word {
		word, last = stem, true
	}
	if stem, ok := strings.CutSuffix(word, ":"); ok { // an error by its package: "x509: …"
		if isPackage(stem) || !isOpaque(stem) {
			return span{}, "", false
		}
		word = stem
	}
	if word == "" || !isOpaque(word) && (!last || isPlain(word)) || strings.Contains(word, "://") {
		return span{}, "", false
	}
	return p.replace(span{start, start + len(word)})
}

// named finds the value of "with password 'x'".
func (p pair) named(at int) (span, string, bool) {
	quote := quoteAt(p.text, at)
	flat := flatten(p.text[p.name.start:p.name.end])
	if quote == "" || !isPassword(flat) || quote == p.before().quote {
		return span{}, "", false
	}
	return p.quoted(at, quote)
}

func isPassword(flat string) bool {
	return slices.ContainsFunc([]string{"password", "senha", "passwd", "passphrase", "pwd"}, func(end string) bool { return strings.HasSuffix(flat, end) })
}

// isObjectName reports whether s is what users call a Secret: "ns/registry-login".
func isObjectName(s string) bool {
	for part := range strings.SplitSeq(s, "/") {
		if !isIdentifier(part) || part != strings.ToLower(part) || !strings.ContainsAny(part, "-") && strings.ContainsAny(part, "0123456789") {
			return false
		}
	}
	return true
}

// isPackage reports whether errors begin with s and a colon, although it has digits.
func isPackage(s string) bool {
	if slices.Contains([]string{"x509", "oauth2", "http2", "asn1", "pkcs1", "pkcs8", "pkcs12", "base64", "ed25519", "sha256", "utf8", "ec2", "s3", "v1"}, strings.ToLower(s)) {
		return true
	}
	return strings.Trim(s, "0123456789.:") == "" // an address, or a status
}

// isOpaque reports whether s is no word of any language.
func isOpaque(s string) bool {
	if s == "" || isPackage(s) && len(s) <= 6 {
		return false
	}
	switch s[0] {
	case '%', '*', '&', '$', '-', '/':
		return false // formats, types, flags, paths
	}
	turns := 0
	for i := range len(s) {
		switch c := s[i]; {
		case '0' <= c && c <= '9', i > 0 && strings.IndexByte("!@#$%^*+~", c) >= 0:
			return true
		case i > 0 && 'A' <= c && c <= 'Z' && 'a' <= s[i-1] && s[i-1] <= 'z':
			turns++
		}
	}
	return turns > 4
}

// isPlain reports whether s is a word that errors end with.
func isPlain(s string) bool {
	flat := flatten(s)
	switch flat {
	case "unauthorized", "unauthenticated", "forbidden", "eof", "timeout", "missing", "empty", "malformed", "unknown", "unsupported",
		"required", "mismatch", "rejected", "refused", "incorrect", "wrong", "bad", "canceled", "cancelled", "unavailable", "revoked",
		"disabled", "unset", "absent", "ok", "no", "yes", "internal", "signature", "audience", "issuer", "x509", "unexpected", "it":
		return true
	}
	for _, part := range []string{"exception", "error", "denied", "expired", "failed", "failure", "invalid", "notfound", "exceeded", "notready", "limit"} {
		if strings.HasSuffix(flat, part) || strings.HasPrefix(flat, part) {
			return true
		}
	}
	return false
}

// speaksOfFlag reports whether the word behind a flag goes on about the flag, as
// in "--password is required".
func speaksOfFlag(word string) bool {
	switch strings.TrimRight(word, ".,;:") {
	case "is", "are", "was", "and", "or", "flag", "flags", "must", "cannot", "requires", "has", "not", "in", "for", "to", "with",
		"without", "option", "argument", "needs", "should", "instead", "does", "may", "can", "but":
		return true
	}
	return false
}
