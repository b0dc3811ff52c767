package decode

// konnectivityFaults are the texts of the Konnectivity tunnel: the client in
// kube-apiserver (konnectivity-client and apiserver's egressselector), the
// server and the agent. The TLS session to the destination runs inside the
// tunnel, so a tunnel's text never speaks of the destination's certificate.
// Sources: apiserver-network-proxy v0.36.0 pkg/server/server.go, tunnel.go,
// pkg/agent/client.go, clientset.go; apiserver egressselector/egress_selector.go;
// lines provoked on loopback 2026-11-22.
var konnectivityFaults = []fault{
	{
		id: "no-agent", stage: "process", has: "o agent available", hop: serverToAgent, weight: 5,
		re: rx(`[Nn]o agent available`),
	},
	{id: "no-agent", stage: "process", has: "no tunnels available", hop: serverToAgent, weight: 5},
	{id: "no-agent", stage: "process", has: "no connection to any proxy agent", hop: serverToAgent, weight: 5},
	{
		id: "proxy-500", stage: "process", has: "code 500", hop: serverToAgent, weight: 4,
		re: rx(`proxy error from (?P<proxy>\S*) while dialing (?P<addr>[^\s,]+), code 500`),
	},
	{
		id: "proxy-502", stage: "port", has: "code 502", weight: 3,
		re: rx(`proxy error from (?P<proxy>\S*) while dialing (?P<addr>[^\s,]+), code 502`),
	},
	{
		id: "proxy-503", stage: "port", has: "code 503", weight: 3,
		re: rx(`proxy error from (?P<proxy>\S*) while dialing (?P<addr>[^\s,]+), code 503`),
	},
	{
		id: "proxy-504", stage: "port", has: "code 504", weight: 4,
		re: rx(`proxy error from (?P<proxy>\S*) while dialing (?P<addr>[^\s,]+), code 504`),
	},
	{
		id: "proxy-refused", stage: "authz", has: "proxy error from", weight: 3,
		re: rx(`proxy error from (?P<proxy>\S*) while dialing (?P<addr>[^\s,]+), code (?P<code>40\d)`), hides: []string{"http-403", "http-401"},
	},
	{
		id: "proxy-reading", stage: "port", has: "reading HTTP response from CONNECT", hop: apiToServer, weight: 3,
		re: rx(`reading HTTP response from CONNECT to (?P<addr>\S+) via (?:UDS )?proxy (?P<proxy>\S+) failed`),
	},
	{
		id: "proxy-address", stage: "port", has: "dialing proxy", hop: apiToServer, weight: 3,
		re: rx(`dialing proxy "?(?P<proxy>[^"\s]+)"? failed`),
	},
	{id: "dial-backstop", stage: "health", has: "dial timeout, backstop", hop: serverToAgent, weight: 5},
	{id: "dial-context", stage: "port", has: "dial timeout, context", hop: serverToAgent, weight: 4},
	{
		id: "dial-unknown-timeout", stage: "port", has: "dial timeout", hop: serverToAgent, weight: 3,
		re: rx(`dial timeout(?:$|[^,])`),
	},
	{id: "dial-context", stage: "port", has: "Dial cancelled (DIAL_CLS) by frontend", hop: serverToAgent, weight: 2},
	{id: "dial-context", stage: "port", has: "waiting for DialResp", hop: serverToAgent, weight: 3},
	{id: "dial-context", stage: "port", has: "ialResp not recognized; dropped", hop: serverToAgent, weight: 2},
	{id: "dial-context", stage: "port", has: "DIAL_RSP not recognized; dropped", hop: serverToAgent, weight: 2},
	{id: "backend-dial-timeout", stage: "health", has: "timed out waiting for backend dial", hop: serverToAgent, weight: 4},
	{id: "backend-dial-timeout", stage: "health", has: "backend dial timed out", hop: serverToAgent, weight: 4},
	{id: "backend-gone", stage: "process", has: "DIAL_REQ to Backend failed", hop: serverToAgent, weight: 3, hides: []string{"eof"}},
	{id: "backend-gone", stage: "process", has: "backend context closed before connection", hop: serverToAgent, weight: 3},
	{id: "backend-gone", stage: "process", has: "Failed to tunnel dial request", hop: serverToAgent, weight: 2},
	{id: "dial-closed", stage: "port", has: "tunnel is closing", hop: serverToAgent, weight: 3},
	{id: "dial-closed", stage: "port", has: "tunnel closed", hop: serverToAgent, weight: 3},
	{id: "dial-closed", stage: "port", has: "tunnel is closed", hop: serverToAgent, weight: 3},
	{id: "dial-closed", stage: "port", has: "dial closed", hop: serverToAgent, weight: 3},

	{
		id: "uds-missing", stage: "process", has: "no such file or directory", hop: apiToServer, weight: 5,
		re: rx(`dial unix (?P<socket>\S*(?:konnectivity|tunnel|proxysocket|proxy-server|egress)\S*?): connect: no such file or directory`), hides: []string{"socket-down"},
	},
	{
		id: "uds-refused", stage: "process", has: "connection refused", hop: apiToServer, weight: 5,
		re: rx(`dial unix (?P<socket>\S*(?:konnectivity|tunnel|proxysocket|proxy-server|egress)\S*?): connect: connection refused`), hides: []string{"refused", "socket-down"},
	},
	{
		id: "uds-denied", stage: "authz", has: "permission denied", hop: apiToServer, weight: 5,
		re: rx(`dial unix (?P<socket>\S*(?:konnectivity|tunnel|proxysocket|proxy-server|egress)\S*?): connect: permission denied`), hides: []string{"socket-down"},
	},
	{id: "uds-unavailable", stage: "process", has: "create connection to uds name", hop: apiToServer, weight: 4},
	{
		id: "uds-reset", stage: "health", has: "unix @->", hop: apiToServer, weight: 4,
		re:    rx(`(?:read|write) unix @->(?P<socket>\S*(?:konnectivity|tunnel|proxysocket|proxy-server|egress|uds)\S*?): (?:(?:read|write): )?(?:connection reset by peer|broken pipe|EOF|i/o timeout)`),
		hides: []string{"connection-reset", "broken-pipe", "eof", "io-timeout", "socket-cut", "closed-connection"},
	},
	{id: "tunnel-noise", stage: "port", has: "Removing client used for server connection", hop: agentToServer, weight: 1},
	{id: "tunnel-noise", stage: "port", has: "etire backend connection", hop: serverToAgent, weight: 1},

	// The agent's connection to the server.
	{id: "agent-cannot-connect", stage: "port", has: "cannot connect once", hop: agentToServer, weight: 2},
	{id: "agent-cannot-connect", stage: "port", has: "cannot sync once", hop: agentToServer, weight: 2},
	{id: "agent-cannot-connect", stage: "port", has: "no servers connected", hop: agentToServer, weight: 3},
	{
		id: "tunnel-options", stage: "config", has: "error checking ", weight: 4,
		re: rx(`error checking (?:agent|cluster|server) (?:CA )?(?:cert|key) (?P<file>[^\s,]+), got|error checking (?:service account token path|KubeconfigPath)`),
	},
	{
		id: "tunnel-options", stage: "config", has: "cannot have ", weight: 4,
		re: rx(`cannot have (?:agent|cluster|server) (?:cert|key) empty`),
	},
	{
		id: "tunnel-options", stage: "config", has: "server ", weight: 4,
		re: rx(`server (?:ca cert|cert|key|port) (?:should|must) (?:not )?be set`),
	},
	{id: "tunnel-options", stage: "config", has: "valid address for konnectivity", weight: 4},
	{id: "tunnel-options", stage: "config", has: "mode must be set to either 'grpc' or 'http-connect'", weight: 4},
	{id: "tunnel-options", stage: "config", has: "when agent authentication is enabled", weight: 4},
	{id: "tunnel-options", stage: "config", has: "ailed to validate agent options", weight: 4},
	{id: "tunnel-options", stage: "config", has: "ailed to validate server options", weight: 4},
	{id: "tunnel-options", stage: "config", has: "unknown proxy strategy", weight: 4},
	{id: "tunnel-options", stage: "config", has: "roxy strategies", weight: 3, re: rx(`(?:invalid proxy strategies|[Pp]roxy ?[Ss]trategies cannot be empty)`)},
	{id: "tunnel-listen", stage: "process", has: "ailed to listen(unix)", weight: 4},
	{id: "tunnel-listen", stage: "process", has: "ailed to get uds listener", weight: 4},
	{id: "tunnel-listen", stage: "process", has: "ailed to run the frontend server", weight: 4},
	{id: "tunnel-listen", stage: "process", has: "ailed to run the agent server", weight: 4},
	{id: "agent-token-refused", stage: "client", has: "expected one server ID in the context, got []", hop: agentToServer, weight: 4},
	{id: "agent-token-unprintable", stage: "client", has: "non-printable ASCII characters", hop: agentToServer, weight: 4},
	{id: "agent-token-unreadable", stage: "client", has: "ailed to read token", hop: agentToServer, weight: 4},
	{id: "agent-token-absent", stage: "client", has: "Authentication context was not found in metadata", hop: agentToServer, weight: 4},
	{id: "agent-token-invalid", stage: "client", has: "ailed to validate authentication token", hop: agentToServer, weight: 3},
	{id: "agent-token-invalid", stage: "client", has: "received token does not have", hop: agentToServer, weight: 4},
	{id: "agent-token-invalid", stage: "client", has: "tokens are received", hop: agentToServer, weight: 4},
	{
		id: "agent-token-audience", stage: "client", has: "is invalid for the target audiences", weight: 5,
		re: rx(`token audiences \[?(?P<audiences>[^\]]*?)\]? is invalid for the target audiences \[?(?P<wanted>[^\]]*)\]?`),
	},
	{
		id: "agent-token-namespace", stage: "authz", has: "incoming request from", hop: agentToServer, weight: 5,
		re: rx(`incoming request from "(?P<got>[^"]*)" (?:namespace|service account)\. Expected "(?P<wanted>[^"]*)"`),
	},
	{id: "agent-token-not-valid", stage: "client", has: "service account jwt not valid", hop: agentToServer, weight: 5},
	{
		id: "tokenreview-forbidden", stage: "authz", has: "tokenreviews.authentication.k8s.io is forbidden", weight: 5,
		hides: []string{"http-403", "agent-token-invalid"},
	},
	{id: "agent-read-stream", stage: "port", has: "could not read stream", hop: agentToServer, weight: 2, hides: []string{"eof", "connection-reset", "broken-pipe"}},
	{id: "tunnel-noise", stage: "port", has: "connection read failure", hop: agentToServer, weight: 1},
	{id: "tunnel-noise", stage: "port", has: "conn write failure", hop: agentToServer, weight: 1},
	{id: "tunnel-noise", stage: "port", has: "close response failure", hop: agentToServer, weight: 1},
	{id: "tunnel-dial-failed", stage: "port", has: "DIAL_RSP contains failure", hop: agentToKubelet, weight: 2},
	{id: "tunnel-full", stage: "health", has: "eceive channel from agent is full", hop: serverToAgent, weight: 3},
	{id: "too-many-pings", stage: "config", has: "too_many_pings", hop: agentToServer, weight: 4},

	{id: "tunnel-goaway", stage: "process", has: "graceful_stop", hop: agentToServer, weight: 3},
	{id: "agent-refused", stage: "client", has: "code = Unauthenticated", weight: 4},
	{id: "agent-refused", stage: "client", has: "code = PermissionDenied", weight: 4},

	// Counting servers and finding leases.
	{
		id: "server-count", stage: "config", has: "server count", weight: 3,
		re: rx(`(?i)change detected in proxy server count|assuming server count of`), hop: agentToServer,
	},
	{id: "server-count", stage: "config", has: "server-count", hop: agentToServer, weight: 3},
	{id: "server-count", stage: "config", has: "erverCount", hop: agentToServer, weight: 2},
	{id: "server-leases", stage: "authz", has: "server leases", hop: agentToServer, weight: 3},
	{
		id: "server-leases", stage: "authz", has: "lease", hop: agentToServer, weight: 3,
		re: rx(`Could not (?:list|watch) leases`),
	},
	{id: "agent-flags", stage: "config", has: "--proxy-server-", hop: agentToServer, weight: 2},
	{id: "agent-flags", stage: "config", has: "agent-identifiers", hop: agentToServer, weight: 2},
	{id: "egress-config", stage: "config", has: "egress-selector", weight: 2},
	{id: "egress-config", stage: "config", has: "egress selector", weight: 3, re: rx(`(?:unable to read|failed to (?:read|validate|setup)) egress selector`)},
	{id: "egress-config", stage: "config", has: "for egressSelection", weight: 3},
	{id: "egress-config", stage: "config", has: "egressselector", weight: 2},
	{id: "egress-config", stage: "config", has: "EgressSelector", weight: 2},
	// AKS before Konnectivity: an SSH client on a node, later OpenVPN.
	{id: "tunnel-ssh", stage: "process", has: "unnelend", hop: "tunnelfront>tunnelend", weight: 4, re: rx(`[Tt]unnelend is not connected|connect to tunnelend`)},
	{id: "tunnel-ssh", stage: "process", has: "unnelfront", hop: "tunnelfront>tunnelend", weight: 3, re: rx(`(?:^|[^\w/])[Tt]unnelfront`)}, // not as the Pod in a URL
	{
		id: "vpn-silent", stage: "port", has: "TLS key negotiation failed to occur", weight: 4, hides: []string{"vpn-tls"},
	},
	{
		id: "vpn-tls", stage: "tls", has: "TLS Error: TLS", weight: 4,
		re: rx(`TLS Error: TLS (?:handshake failed|key negotiation failed)`),
	},
}

// remotedialerFaults are the texts of the websocket tunnel of k3s and RKE2,
// which looks like Konnectivity to kubectl and is not.
// Sources: rancher/remotedialer, k3s pkg/agent/tunnel, pkg/daemons/control/tunnel.go.
var remotedialerFaults = []fault{
	{
		id: "tunnel-no-session", stage: "process", has: "ailed to find", weight: 5, hop: remotedialerServer,
		re: rx(`[Ff]ailed to find [Ss]ession for client (?P<node>\S+)`),
	},
	{
		id: "tunnel-502", stage: "port", has: "Sending HTTP 50", weight: 3, hop: remotedialerServer,
		re: rx(`Sending HTTP (?P<code>50\d)(?: \d+)? response to (?P<peer>\S+?):`),
	},
	{
		id: "tunnel-disconnected", stage: "port", has: "Remotedialer", weight: 3, hop: remotedialerAgent,
		re: rx(`Remotedialer (?:proxy error|connect error|disconnected)`),
	},
	{id: "tunnel-disconnected", stage: "port", has: "Failed to connect to proxy", weight: 3, hop: remotedialerAgent},
	{id: "tunnel-disconnected", stage: "port", has: "remotedialer", weight: 2, hop: remotedialerAgent},
	{id: "join-token", stage: "client", has: "token", weight: 4, re: rx(`failed to validate token|not authorized: token|invalid token CA hash`)},
	{id: "node-password", stage: "client", has: "verify hash for node", weight: 5, re: rx(`verify hash for node '?(?P<node>[\w.\-]+)?`), hides: []string{"join-token"}},
	{id: "ca-checksum", stage: "tls", has: "token CA hash does not match", weight: 4, hides: []string{"join-token"}},
	{
		id: "k3s-balancer", stage: "port", has: "127.0.0.1:6444/", weight: 3, hop: "node>kube-apiserver",
		re:    rx(`127\.0\.0\.1:6444/\S*: (?:EOF|context deadline|read tcp|net/http: (?:TLS|request canceled)|dial tcp \S+ connect: connection refused)`),
		hides: []string{"client-timeout", "connection-reset", "eof", "dial-refused", "refused", "tls-handshake-timeout", "connect-canceled"},
	},
	{id: "node-password", stage: "client", has: "password for node", weight: 5, re: rx(`unable to verify password for node '?(?P<node>[\w.\-]+)?`), hides: []string{"join-token"}},
	{id: "node-password", stage: "client", has: "ode password", weight: 5, re: rx(`[Nn]ode password (?:not set|rejected|validation failed)`), hides: []string{"join-token"}},
}
