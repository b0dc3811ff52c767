package evidence

import (
	"strings"
)

// secretParts are what the name of a secret contains, written without
// separators.
var secretParts = []string{
	"password", "senha", "passwd", "passphrase", "pwd", "secret", "token", "credential",
	"authorization", "cookie", "bearer", "apikey", "accesskey", "privatekey",
	"clientkey", "accountkey", "encryptionkey", "signingkey", "sharedkey",
	"masterkey", "keydata", "sharedaccess", "connectionstring", "hmackey",
	"sshkey", "licensekey", "licencekey", "webhookurl",
}

// publicEnds are the ends of names that speak about a secret without being one.
var publicEnds = []string{
	"name", "names", "namespace", "file", "files", "path", "paths", "dir", "directory",
	"ref", "refs", "ttl", "seconds", "minutes", "duration", "expiration", "expiry", "timeout", "interval",
	"audience", "audiences", "issuer", "type", "types", "kind", "enabled", "size", "length", "count",
	"algorithm", "algorithms", "mode", "version", "endpoint", "url", "uri", "host", "port",
	"provider", "mount", "policy", "review", "reviews", "request", "requests",
	"controller", "class", "store", "labels", "selector", "label", "format",
}

// namesSecret reports whether something of this name (a flag, a key, an
// environment variable, a header) holds a secret.
func namesSecret(name string) bool {
	if !namesAny(name) {
		return false
	}
	flat := flatten(name)
	switch flat {
	case "sig", "auth", "pass", "passwds", "pw", "jwt":
		return true
	case "webhookurl":
		return true
	}
	for _, end := range publicEnds {
		if strings.HasSuffix(flat, end) {
			return false
		}
	}
	for _, part := range secretParts {
		if strings.Contains(flat, part) {
			return true
		}
	}
	lower := strings.ToLower(name)
	for _, end := range []string{"_pass", "-pass", ".pass", "_pw", "_auth", "_jwt"} {
		if strings.HasSuffix(lower, end) {
			return true
		}
	}
	return false
}

// flagNamesSecret is namesSecret for flags, where a key is most often one that
// must stay private.
func flagNamesSecret(name string) bool {
	if namesSecret(name) {
		return true
	}
	flat := flatten(name)
	return strings.HasSuffix(flat, "key") || strings.HasSuffix(flat, "keys")
}

func flatten(name string) string {
	var b strings.Builder
	b.Grow(len(name))
	for i := range len(name) {
		c := name[i]
		switch {
		case 'A' <= c && c <= 'Z':
			b.WriteByte(c + 'a' - 'A')
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
			b.WriteByte(c)
		}
	}
	return b.String()
}

// harmless reports whether a value beside a secret's name tells nothing: it is
// empty, a switch, a reference, a path or was redacted before.
func harmless(value string) bool {
	value = strings.TrimSpace(value)
	switch strings.ToLower(value) {
	case "", "true", "false", "null", "nil", "none", "~", "{}", "[]", "<nil>", "<none>", "<unset>":
		return true
	}
	if value == Redacted {
		return true
	}
	if isReference(value) {
		return true
	}
	return looksLikePath(value)
}

// isReference reports whether value is wholly $(NAME), ${NAME}, $NAME or {{ … }}.
func isReference(value string) bool {
	switch {
	case strings.HasPrefix(value, "$(") && strings.IndexByte(value, ')') == len(value)-1,
		strings.HasPrefix(value, "${") && strings.IndexByte(value, '}') == len(value)-1:
		return isIdentifier(value[2 : len(value)-1])
	case strings.HasPrefix(value, "{{") && strings.Index(value, "}}") == len(value)-2:
		return !strings.ContainsAny(value, `"'`)
	case strings.HasPrefix(value, "$"):
		return isIdentifier(value[1:]) && strings.ToUpper(value) == value
	}
	return false
}

func isIdentifier(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !('A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '_' || c == '.' || c == '-') {
			return false
		}
	}
	return s != ""
}

// looksLikePath reports whether value is the name of a file and not a random
// string that happens to hold slashes.
func looksLikePath(value string) bool {
	switch {
	case strings.HasPrefix(value, "/"), strings.HasPrefix(value, "./"), strings.HasPrefix(value, "../"), strings.HasPrefix(value, "~/"):
	default:
		return false
	}
	for segment := range strings.SplitSeq(value, "/") {
		if strings.ContainsAny(segment, "+=:@ ") || looksRandom(segment) {
			return false
		}
	}
	return true
}

// looksRandom reports whether s is long and mixes upper case, lower case and
// digits, as encoded random bytes do.
func looksRandom(s string) bool {
	if len(s) < 16 {
		return false
	}
	var upper, lower, digit bool
	for i := range len(s) {
		switch c := s[i]; {
		case 'A' <= c && c <= 'Z':
			upper = true
		case 'a' <= c && c <= 'z':
			lower = true
		case '0' <= c && c <= '9':
			digit = true
		}
	}
	return upper && lower && digit
}
