package decode

// dnsFaults are names that do not resolve, as Go's resolver words them: NXDOMAIN
// is "no such host", SERVFAIL or REFUSED is "server misbehaving".
// Sources: go/src/net/dnsclient_unix.go (1.26); CoreDNS v1.15 plugin/errors,
// plugin/loop; 2026-11.
var dnsFaults = []fault{
	{
		id: "dial-no-such-host", stage: "name", has: "no such host", weight: 4,
		re: rx(`(?:lookup (?P<host>[^\s:]+)(?: on (?P<dns>\S+:\d+))?: )?no such host`),
	},
	{
		id: "dns-misbehaving", stage: "name", has: "server misbehaving", weight: 4,
		re: rx(`(?:lookup (?P<host>[^\s:]+)(?: on (?P<dns>\S+:\d+))?: )?server misbehaving`),
	},
	{
		id: "dns-timeout", stage: "name", has: "lookup ", weight: 5,
		re:    rx(`lookup (?P<host>[^\s:]+)(?: on (?P<dns>\S+:\d+))? ?: (?:.*i/o timeout|dial udp .*|read udp .*|.*connection refused)`),
		hides: []string{"dns-silent", "dial-timeout", "io-timeout", "dial-refused", "refused", "dial-no-route", "dial-unreachable"},
	},
	{
		id: "dns-failed", stage: "name", has: "resolution", weight: 3,
		re: rx(`(?i)temporary failure in name resolution|could not resolve host|name resolution fail`),
	},
	{id: "dns-failed", stage: "name", has: "ould not resolve", weight: 3, re: rx(`(?i)could not resolve (?:host|proxy)`)},
	// The C library's, macOS's, Windows's, .NET's, Java's and Node's words for it.
	{id: "dns-failed", stage: "name", has: "ame or service not known", weight: 4},
	{id: "dns-failed", stage: "name", has: "nodename nor servname provided", weight: 4},
	{id: "dns-failed", stage: "name", has: "No such host is known", weight: 4},
	{id: "dns-failed", stage: "name", has: "remote name could not be resolved", weight: 4, re: rx(`remote name could not be resolved(?:: '(?P<host>[^']+)')?`)},
	{id: "dns-failed", stage: "name", has: "UnknownHostException", weight: 4},
	{id: "dns-failed", stage: "name", has: "ENOTFOUND", weight: 4, re: rx(`getaddrinfo ENOTFOUND(?: (?P<host>\S+))?`)},
	{id: "dns-failed", stage: "name", has: "SERVFAIL", weight: 4},
	{id: "dns-failed", stage: "name", has: "plugin/errors", hop: podToDNS, weight: 3},
	{id: "dns-loop", stage: "config", has: "plugin/loop", hop: podToDNS, weight: 5, re: rx(`plugin/loop: (?:Loop .* detected|Seen .*more than twice)`)},
	{
		id: "dns-silent", stage: "name", has: ":53: ", weight: 4, hop: podToDNS,
		re: rx(`(?:read|write) udp \S+->(?P<dns>\S+:53): (?:i/o timeout|(?:read: |write: )?connection refused|(?:read: |write: )?no route to host)`), hides: []string{"io-timeout", "refused", "dial-no-route"},
	},
	{id: "dns-failed", stage: "name", has: "EAI_AGAIN", weight: 4},
	{id: "dns-failed", stage: "name", has: "NXDOMAIN", weight: 3},
}
