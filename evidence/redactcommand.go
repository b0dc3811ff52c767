package evidence

import (
	"regexp"
	"strings"
)

// optionValue is a value on a command line, in quotes or not.
const optionValue = `("[^"\n]*"|'[^'\n]*'|[^\s"'\\]+)`

var (
	userOption = regexp.MustCompile(`((?:^|[\s"'` + "`" + `(])(?:-u|-U|--user|--proxy-user)(?:=|[ \t]+)["']?)([^\s:"'+\\]+):([^\s"'\\]+)`)
	// Programs that take a password under a name of one letter.
	passwordOption = regexp.MustCompile(`(\b(?:(?:mysql|mariadb)[a-z_-]*\b[^\n|;&]*?[ \t]-p|sshpass[ \t]+(?:-[a-oq-zA-Z][ \t]+)*-p[ \t]*|redis-cli\b[^\n|;&]*?[ \t]-a[ \t]+))` + optionValue)
	slackHook      = regexp.MustCompile(`(hooks\.slack(?:-gov)?\.com/[a-z]+/)[A-Za-z0-9/_+=-]+`)
)

// isShortOption reports whether the dash at the place begins an option under
// which some program takes a password.
func isShortOption(s string, dash int) bool {
	if dash > 0 && strings.IndexByte(" \t\n\"'`(", s[dash-1]) < 0 {
		return false
	}
	rest := s[dash+1:]
	if len(rest) < 2 {
		return false
	}
	switch rest[0] {
	case 'u', 'U', 'p', 'a':
		return true
	case '-':
		return strings.HasPrefix(rest, "-user") || strings.HasPrefix(rest, "-proxy-user")
	}
	return false
}

// redactOptions takes out passwords on command lines whose options do not say
// that they are: "curl -u me:x", "mysql -px", "sshpass -p x", "redis-cli -a x".
func redactOptions(s string) string {
	if strings.Contains(s, "-u") || strings.Contains(s, "-U") || strings.Contains(s, "-proxy-user") {
		s = userOption.ReplaceAllStringFunc(s, func(found string) string {
			m := userOption.FindStringSubmatch(found)
			return m[1] + m[2] + ":" + redactUser(m[2], m[3])
		})
	}
	if strings.Contains(s, "mysql") || strings.Contains(s, "mariadb") || strings.Contains(s, "sshpass") || strings.Contains(s, "redis-cli") {
		s = passwordOption.ReplaceAllStringFunc(s, func(found string) string {
			m := passwordOption.FindStringSubmatch(found)
			quote := ""
			if c := m[2][0]; c == '"' || c == '\'' {
				quote = m[2][:1]
			}
			value := m[2][len(quote) : len(m[2])-len(quote)]
			if harmless(value) {
				return found
			}
			return m[1] + quote + Redacted + quote
		})
	}
	return s
}

// redactUser returns what stands in for the password of user:password; that of
// uid:gid, and of a URL, is none.
func redactUser(user, password string) string {
	if harmless(password) || strings.HasPrefix(password, "//") ||
		strings.Trim(user, "0123456789") == "" && strings.Trim(password, "0123456789") == "" {
		return password
	}
	return Redacted
}

// redactOption redacts args[i+1] where args[i] is such an option, each on its
// own in the list; program is what the list starts.
func redactOption(args []string, i int, program string) {
	if i+1 >= len(args) {
		return
	}
	switch option := args[i]; {
	case option == "-u" || option == "-U" || option == "--user" || option == "--proxy-user":
		if user, password, ok := strings.Cut(args[i+1], ":"); ok && user != "" && !strings.HasPrefix(user, "+") {
			args[i+1] = user + ":" + redactUser(user, password)
		}
	case option == "-a" && program == "redis-cli", option == "-p" && program == "sshpass":
		if !harmless(args[i+1]) {
			args[i+1] = Redacted
		}
	}
}

// redactAttached redacts the argument -pPASSWORD of the programs that know it.
func redactAttached(arg, program string) string {
	password, ok := strings.CutPrefix(arg, "-p")
	if !ok || harmless(password) {
		return arg
	}
	if strings.HasPrefix(program, "mysql") || strings.HasPrefix(program, "mariadb") || program == "sshpass" {
		return "-p" + Redacted
	}
	return arg
}
