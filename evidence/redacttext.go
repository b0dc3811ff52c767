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
// images fail.
func mayHoldCredential(s string) bool {
	for i := range len(s) {
		switch s[i] {
		case '=', '@', ' ', '\n', '"', '\'':
			return len(s) >= 5
		case ':':
			return true
		}
	}
	return len(s) >= 16
}

var (
	privateKey    = regexp.MustCompile(`-----BEGIN [A-Z0-9 ]*PRIVATE KEY[^-]*-----(?s:.*?)(?:-----END [A-Z0-9 ]*PRIVATE KEY[^-]*-----|\z)`)
	encodedPEM    = regexp.MustCompile(`LS0tLS1CRUdJTi[A-Za-z0-9+/=_-]*`)
	jwt           = regexp.MustCompile(`eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*`)
	cloudKey      = regexp.MustCompile(`\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b|\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_[A-Za-z0-9_]{20,}|\bglpat-[A-Za-z0-9_-]{16,}|\bxox[abeprs]-[A-Za-z0-9-]{10,}|\bAIza[A-Za-z0-9_-]{30,}|\b[sr]k_(?:live|test)_[A-Za-z0-9]{10,}|\bnpm_[A-Za-z0-9]{30,}|\bhv[sbr]\.[A-Za-z0-9_-]{20,}`)
	cloudPrefixes = []string{"AKIA", "ASIA", "ABIA", "ACCA", "gh", "glpat-", "xox", "AIza", "k_live_", "k_test_", "npm_", "hv"}
	userInfo      = regexp.MustCompile(`([A-Za-z][A-Za-z0-9+.-]*://)([^/\s"'<>?#\\]*)@`)
	dataSource    = regexp.MustCompile(`[A-Za-z0-9_.-]+:[^\s@/"']+@(tcp|unix)\(`)
	authScheme    = regexp.MustCompile(`(?i)\b(bearer|basic|token|negotiate)([ \t]+)([A-Za-z0-9+/=._~-]{8,})`)
	bootstrap     = regexp.MustCompile(`(^|[^A-Za-z0-9._/-])[a-z0-9]{6}\.[a-z0-9]{16}($|[^A-Za-z0-9._/-])`)
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
	for _, prefix := range cloudPrefixes {
		if strings.Contains(s, prefix) {
			s = cloudKey.ReplaceAllString(s, Redacted)
			break
		}
	}
	if strings.Contains(s, "@") {
		s = redactUserInfo(s)
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

func redactBootstrapTokens(s string) string {
	return bootstrap.ReplaceAllStringFunc(s, func(match string) string {
		m := bootstrap.FindStringSubmatch(match)
		token := match[len(m[1]) : len(match)-len(m[2])]
		if digits(token[7:]) < 3 {
			return match // more likely the name of a host
		}
		return m[1] + Redacted + m[2]
	})
}

func digits(s string) int {
	n := 0
	for i := range len(s) {
		if '0' <= s[i] && s[i] <= '9' {
			n++
		}
	}
	return n
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
