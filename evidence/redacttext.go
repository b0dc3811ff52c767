package evidence

import (
	"encoding/base64"
	"regexp"
	"strings"
)

// Redacted stands where something was taken out.
const Redacted = "REDACTED"

// RedactText returns s without what looks like a credential: private keys,
// tokens, passwords beside their names (flags, properties, JSON, YAML), user
// information in URLs, keys of clouds. What it returns is not changed by
// redacting it again.
//
// It works on text whose form is not known, so it errs on the side of taking
// out too much, except for what laws read: paths, numbers that are no
// passwords, and the errors of Go, gRPC and Kubernetes stay as they are.
func RedactText(s string) string {
	if !mayHoldCredential(s) {
		return s
	}
	for range 4 { // one rule can uncover work for another; twice is usual
		next := redactPairs(redactShapes(s))
		if next == s {
			break
		}
		s = next
	}
	return s
}

// mayHoldCredential is a quick test that nearly all names, labels, paths and
// images fail: whether s holds a mark of some form of credential, or the name of
// a secret and what parts it from a value. Every text of a cluster passes here.
func mayHoldCredential(s string) bool {
	parted := false
	for i := range len(s) {
		switch telling[s[i]] {
		case nothing:
		case parting:
			parted = true
		case at:
			return true
		case dot:
			if isBootstrapToken(s, i) {
				return true
			}
		case dash:
			if isShortOption(s, i) {
				return true
			}
		case mark:
			if hasMark(s[i:]) {
				return true
			}
		}
	}
	return parted && namesAny(s)
}

// namesAny reports whether s holds a word that names of secrets hold.
func namesAny(s string) bool {
	for i := range len(s) {
		if triggers(s[i:]) {
			return true
		}
	}
	return false
}

// What a byte tells.
const (
	nothing = iota
	parting // it can part a name from a value
	at      // it ends user information in URLs
	dot     // it is in tokens
	dash    // it begins options
	mark    // hasMark knows more
)

var telling = [256]uint8{
	'=': parting, ':': parting, ' ': parting, '\t': parting, '\n': parting, '>': parting,
	'@': at, '.': dot, '-': dash,
	'P': mark, 'L': mark, 'e': mark, 'A': mark, 'g': mark, 'x': mark, 'n': mark, 'h': mark, 'k': mark, 'b': mark,
}

func marked(s string) bool {
	for i := range len(s) {
		if hasMark(s[i:]) {
			return true
		}
	}
	return false
}

// hasMark reports whether s begins with what some form of credential holds.
func hasMark(s string) bool {
	if len(s) < 4 {
		return false
	}
	switch s[0] {
	case 'P':
		return s[1] == 'R' && strings.HasPrefix(s, "PRIVATE KEY")
	case 'L':
		return s[1] == 'S' && strings.HasPrefix(s, "LS0tLS1CRUdJTi")
	case 'e':
		return s[1] == 'y' && s[2] == 'J'
	case 'A':
		return s[1] == 'I' && s[2] == 'z' || s[3] == 'A' && (s[2] == 'I' || s[2] == 'C')
	case 'g':
		return s[1] == 'h' && s[3] == '_' || s[1] == 'i' && strings.HasPrefix(s, "github_pat_") || s[1] == 'l' && strings.HasPrefix(s, "glpat-")
	case 'x':
		return s[1] == 'o' && s[2] == 'x'
	case 'k':
		return s[1] == '_' && (s[2] == 'l' || s[2] == 't')
	case 'n':
		return s[1] == 'p' && s[2] == 'm' && s[3] == '_'
	case 'b':
		return s[1] == 'o' && s[2] == 't' && '0' <= s[3] && s[3] <= '9'
	case 'h':
		return s[1] == 'v' && s[3] == '.' || s[1] == 'o' && strings.HasPrefix(s, "hooks.slack")
	}
	return false
}

var (
	privateKey = regexp.MustCompile(`-----BEGIN [A-Z0-9 ]*PRIVATE KEY[^-]*-----(?s:.*?)(?:-----END [A-Z0-9 ]*PRIVATE KEY[^-]*-----|\z)`)
	encodedPEM = regexp.MustCompile(`LS0tLS1CRUdJTi[A-Za-z0-9+/=_-]*`)
	jwt        = regexp.MustCompile(`eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]*)?`) // whole, or cut off
	cloudKey   = regexp.MustCompile(`\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b|\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_[A-Za-z0-9_]{20,}|\bglpat-[A-Za-z0-9_-]{16,}|\bxox[abeprs]-[A-Za-z0-9-]{10,}|\bAIza[A-Za-z0-9_-]{30,}|\b[sr]k_(?:live|test)_[A-Za-z0-9]{10,}|\bnpm_[A-Za-z0-9]{30,}|\bhv[sbr]\.[A-Za-z0-9_-]{20,}|\bbot[0-9]{8,}:[A-Za-z0-9_-]{30,}`)
	userInfo   = regexp.MustCompile(`([A-Za-z][A-Za-z0-9+.-]*://)([^/\s"'<>?#\\]*)@`)
	dataSource = regexp.MustCompile(`[A-Za-z0-9_.-]+:[^\s@/"']+@(tcp|unix)\(`)
	authScheme = regexp.MustCompile(`(?i)\b(bearer|basic|token|negotiate)([ \t]+)([A-Za-z0-9+/=._~-]{8,})`)
)

// redactShapes takes out what is known by its own form.
func redactShapes(s string) string {
	if strings.Contains(s, "PRIVATE KEY") {
		s = privateKey.ReplaceAllString(s, Redacted)
	}
	if strings.Contains(s, "LS0tLS1CRUdJTi") {
		s = encodedPEM.ReplaceAllStringFunc(s, redactEncodedPEM)
	}
	if strings.Contains(s, "eyJ") {
		s = jwt.ReplaceAllString(s, Redacted)
	}
	if marked(s) {
		s = cloudKey.ReplaceAllString(s, Redacted)
		s = slackHook.ReplaceAllString(s, "${1}"+Redacted)
	}
	if strings.Contains(s, "@") {
		s = redactUserInfo(s)
	}
	if strings.Contains(s, "-") {
		s = redactOptions(s)
	}
	if containsFold(s, "bearer") || containsFold(s, "basic") || containsFold(s, "token") || containsFold(s, "negotiate") {
		s = authScheme.ReplaceAllStringFunc(s, redactAuthScheme)
	}
	if strings.Contains(s, ".") {
		s = redactBootstrapTokens(s)
	}
	return s
}

// redactEncodedPEM keeps a certificate that is encoded once more, as in a
// kubeconfig, and nothing else.
func redactEncodedPEM(encoded string) string {
	raw, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(encoded, "="))
	if err != nil || strings.Contains(string(raw), "PRIVATE KEY") || !strings.Contains(string(raw), "-----BEGIN CERTIFICATE") {
		return Redacted
	}
	return encoded
}

func redactUserInfo(s string) string {
	if strings.Contains(s, "://") {
		var b strings.Builder
		rest := s
		for {
			m := userInfo.FindStringSubmatchIndex(rest)
			if m == nil {
				break
			}
			at := m[1] // after the @
			if strings.HasPrefix(rest[at:], "sha256:") || strings.HasPrefix(rest[at:], "sha512:") {
				b.WriteString(rest[:at]) // the digest of an image
			} else {
				b.WriteString(rest[:m[3]] + Redacted + "@")
			}
			rest = rest[at:]
		}
		if b.Len() > 0 {
			b.WriteString(rest)
			s = b.String()
		}
	}
	if strings.Contains(s, "@tcp(") || strings.Contains(s, "@unix(") {
		s = dataSource.ReplaceAllString(s, Redacted+"@$1(")
	}
	return s
}

func redactAuthScheme(s string) string {
	m := authScheme.FindStringSubmatch(s)
	// "bearer authentication" is English; a token has a digit or is long.
	if value := m[3]; strings.ContainsAny(value, "0123456789") && !looksLikePath(value) || len(value) >= 24 {
		if value == Redacted {
			return s
		}
		return m[1] + m[2] + Redacted
	}
	return s
}

// A bootstrap token is six letters and digits, a dot, and sixteen more.
const (
	bootstrapID     = 6
	bootstrapSecret = 16
)

// isBootstrapToken reports whether the dot at the place is that of a bootstrap
// token. Names of hosts can look like one, but have hardly as many digits.
func isBootstrapToken(s string, dot int) bool {
	start, end := dot-bootstrapID, dot+1+bootstrapSecret
	if start < 0 || end > len(s) || start > 0 && isNameByte(s[start-1]) || end < len(s) && isNameByte(s[end]) {
		return false
	}
	digits := 0
	for i := start; i < end; i++ {
		switch c := s[i]; {
		case '0' <= c && c <= '9':
			if i > dot {
				digits++
			}
		case 'a' <= c && c <= 'z', i == dot:
		default:
			return false
		}
	}
	return digits >= 3
}

func redactBootstrapTokens(s string) string {
	for i := 0; i < len(s); i++ {
		if s[i] == '.' && isBootstrapToken(s, i) {
			s = s[:i-bootstrapID] + Redacted + s[i+1+bootstrapSecret:]
		}
	}
	return s
}

func containsFold(s, lower string) bool {
	for i := 0; i+len(lower) <= len(s); i++ {
		if hasPrefixFold(s[i:], lower) {
			return true
		}
	}
	return false
}

func hasPrefixFold(s, lower string) bool {
	if len(s) < len(lower) {
		return false
	}
	for i := range len(lower) {
		c := s[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}
