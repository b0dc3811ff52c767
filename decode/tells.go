package decode

import (
	"slices"
	"strings"
)

// Tells reports whether a line of a log says that something went wrong, and
// what: an error whose meaning is known. Lines that only name things, that say
// little by themselves, and that their program labels as news are not.
func Tells(line string) bool {
	if news.MatchString(line) && !strings.Contains(line, "TLS handshake error from") { // Go's server knows no levels
		return false
	}
	wrong := failing.MatchString(line)
	return slices.ContainsFunc(Findings(line), func(f Finding) bool { return f.weight >= 2 && (wrong || !names[f.ID]) })
}

// news matches what loggers (klog, zap, logrus, slog) put on lines that are no
// warning.
var news = rx(`^(?:\S+ std(?:out|err) [FP] )?[ID]\d{4} |"level":"(?:info|debug|trace)"|\blevel=(?:info|debug|trace)\b|^\S+\s+(?:INFO|DEBUG)\s`)

// failing matches what they put on errors.
var failing = rx(`^(?:\S+ std(?:out|err) [FP] )?[EF]\d{4} |"level":"(?:error|fatal|panic)"|\blevel=(?:error|fatal|panic)\b|^\S+\s+(?:ERROR|FATAL)\s`)

// names are findings that a flag's, a file's or an object's name can make.
var names = map[string]bool{
	"front-proxy-config": true, "agent-flags": true, "egress-config": true, "server-count": true, "exec-plugin": true,
	"mtu": true, "proxy-env": true, "tunnel-ssh": true, "memory-leak": true, "etcd-compacted": true,
}
