package decode

// networkFaults are the texts of Go's net and net/http about opening a
// connection. "getsockopt:" was "connect:" before Go 1.11. On Linux, i/o
// timeout means that nothing came back, refused that the host answered with a
// reset, no route to host that an ICMP unreachable came back (a rejecting
// firewall) or that ARP found nobody.
// Sources: go/src/net/net.go, net/http/transport.go (1.26), 2026-11.
var networkFaults = []fault{
	{
		id: "dial-timeout", stage: "port", has: "timeout", weight: 4,
		re:    rx(`dial (?:tcp|udp)[46]? (?P<addr>[^\s:]+:\d+|\[[^\]]+\]:\d+|[^\s]+?): i/o timeout`),
		hides: []string{"io-timeout"},
	},
	{
		id: "dial-timeout", stage: "port", has: "onnection timed out", weight: 4,
		re: rx(`(?i)(?:dial tcp (?P<addr>[^\s]+?): )?(?:(?:getsockopt|connect): )?connection timed out`),
	},
	{
		id: "dial-refused", stage: "port", has: "connection refused", weight: 4,
		re:    rx(`dial tcp[46]? (?P<addr>[^\s]+?): (?:(?:getsockopt|connect|connectex): )?connection refused`),
		hides: []string{"refused"},
	},
	{
		id: "refused", stage: "port", has: "refused", weight: 3,
		re: rx(`(?i)connection refused|was refused - did you specify the right host or port|connection to the server \S+ was refused|No connection could be made because the target machine actively refused it`),
	},
	{
		id: "dial-no-route", stage: "port", has: "o route to host", weight: 4,
		re: rx(`(?i)(?:dial tcp[46]? (?P<addr>[^\s]+?): )?(?:(?:getsockopt|connect): )?no route to host`),
	},
	{
		id: "dial-unreachable", stage: "port", has: "is unreachable", weight: 4,
		re: rx(`(?:dial (?:tcp|udp)[46]? (?P<addr>[^\s]+?): )?(?:(?:getsockopt|connect): )?(?:network|host) is unreachable`),
	},
	{
		id: "dial-no-local-port", stage: "health", has: "cannot assign requested address", weight: 4,
		re: rx(`dial tcp (?P<addr>[^\s]+?): (?:connect: )?cannot assign requested address`),
	},
	// Windows words it differently.
	{
		id: "dial-timeout", stage: "port", has: "did not properly respond", weight: 4,
		re: rx(`dial tcp (?P<addr>[^\s]+?): connectex: A connection attempt failed because the connected party did not properly respond`),
	},
	{id: "connection-reset", stage: "port", has: "forcibly closed by the remote host", weight: 3},
	{id: "io-timeout", stage: "port", has: "i/o timeout", weight: 3},
	{id: "connection-reset", stage: "port", has: "connection reset by peer", weight: 3},
	{id: "broken-pipe", stage: "port", has: "broken pipe", weight: 2},
	{id: "closed-connection", stage: "port", has: "use of closed network connection", weight: 1},
	{id: "stream-lost", stage: "port", has: "lost connection to pod", weight: 1},
	{id: "eof", stage: "port", has: "EOF", weight: 2, re: rx(`(?:: |"|\b)(?:unexpected )?EOF\b`)},
	{
		id: "client-timeout", stage: "port", has: "deadline exceeded", weight: 3,
		re: rx(`(?i)context deadline exceeded(?: \(Client\.Timeout exceeded while awaiting headers\))?`),
	},
	{id: "client-timeout", stage: "port", has: "Client.Timeout", weight: 3},
	{id: "connect-canceled", stage: "port", has: "request canceled while waiting for connection", weight: 3},
	{
		id: "proxy-connect", stage: "port", has: "proxyconnect tcp", weight: 4,
		// The address that was dialled is the proxy's.
		re:    rx(`proxyconnect tcp: (?P<why>(?:dial tcp[46]? (?P<proxy>[^\s]+?): )?.*)$`),
		hides: []string{"eof", "dial-refused", "refused", "dial-timeout", "io-timeout", "dial-no-route", "dial-unreachable"},
	},
	{id: "html-answer", stage: "port", has: "<", weight: 4, re: rx(`(?i)<(?:html|!doctype html|head><title|h[1-6]>|title>)`)},
	// What the API server says where the headers that ask for a stream did not arrive.
	{id: "upgrade-stripped", stage: "port", has: "pgrade request required", weight: 4},
	{id: "websocket-cut", stage: "port", has: "websocket: bad handshake", weight: 2},
	{id: "websocket-cut", stage: "port", has: "websocket: close 1006", weight: 2, hides: []string{"eof"}},
	// What clients with SPDY say when the answer to their request is not a stream.
	{id: "upgrade-refused", stage: "port", has: "unexpected response status code", weight: 3, re: rx(`unexpected response status code (?:400|404|405|426|50\d)`)},
	{id: "router-route", stage: "health", has: "route is not available at canonical host", weight: 3},
	{id: "router-route", stage: "health", has: "failed to GET route", weight: 2, hides: []string{"eof"}},
	{id: "upgrade-404", stage: "port", has: "404 page not found", weight: 3, re: rx(`unable to upgrade connection: .*404 page not found`)},
	{id: "bgp-down", stage: "port", has: "BGP not established", weight: 4},
	{id: "bgp-down", stage: "port", has: "BIRD is not ready", weight: 4},
	{id: "http2-lost", stage: "port", has: "http2: client connection lost", weight: 3},
	{id: "mtu", stage: "port", has: "MTU", weight: 3, re: rx(`\bMTU\b`)},
	{id: "mtu", stage: "port", has: "mtu", weight: 3, re: rx(`\bmtu\b`)},
	{id: "mtu", stage: "port", has: "message too long", weight: 3},
	{id: "mtu", stage: "port", has: "ragmentation needed", weight: 3},
}
