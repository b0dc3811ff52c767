package decode

// authFaults are refusals: 401 when nobody believes who you are, 403 when they
// do and you may not. A kubelet's answer names user, verb and resource nodes.
// Sources: apiserver endpoints/handlers/responsewriters/errors.go,
// pkg/kubelet/server/server.go, apiserver authentication/request/x509,
// pkg/serviceaccount/{jwt,claims}.go, plugin oidc.go (v1.37), 2026-11.
var authFaults = []fault{
	{
		id: "http-401", stage: "client", has: "You must be logged in to the server", weight: 3,
		re: rx(`You must be logged in to the server(?: \(the server has asked for the client to provide credentials \( ?(?P<resource>[\w/]+) (?P<name>\S+?) ?\)\))?`),
	},
	{id: "http-401", stage: "client", has: "the server has asked for the client to provide credentials", weight: 3},
	{id: "http-401", stage: "client", has: "nauthorized", weight: 2, re: rx(`\bUnauthorized\b|\bunauthorized\b`)},
	{id: "http-401", stage: "client", has: "401", weight: 2, re: rx(`(?:status,?(?: code)?:? "?|: )401\b|401 Unauthorized`)},
	{
		id: "anonymous-403", stage: "client", has: "system:anonymous", weight: 5,
		re: rx(`(?:User "(?P<user>system:anonymous)" cannot (?P<verb>\w+)(?: resource)? "?(?P<resource>[\w./\-]+)|user=(?P<user2>system:anonymous))`), hides: []string{"http-403"},
	},
	{
		id: "http-403", stage: "authz", has: "orbidden (user=", weight: 4,
		re: rx(`Forbidden \(user=(?P<user>[^,]*), ?verb=(?P<verb>[^,]*), ?resource=(?P<resource>[^,]*), ?subresource(?:\(s\))?=\[?(?P<subresource>[^\])]*)`),
	},
	{
		id: "http-403", stage: "authz", has: "is forbidden: User", weight: 4,
		re: rx(`is forbidden: User "(?P<user>[^"]*)" cannot (?P<verb>\w+) (?:resource )?"?(?P<resource>[\w./\-]+)"?(?: in API group "(?P<group>[^"]*)")?(?: (?:in the namespace "(?P<namespace>[^"]*)"|at the cluster scope))?`),
	},
	// NodeRestriction (plugin/pkg/admission/noderestriction): which node the
	// credentials are of, and which object it wanted to change.
	{
		id: "node-restriction", stage: "client", has: "is not allowed to modify", hop: kubeletToAPI, weight: 5,
		re: rx(`node "(?P<node>[^"]+)" is not allowed to modify node(?: "(?P<wanted>[^"]+)"|s)?`), hides: []string{"http-403"},
	},
	{
		id: "node-restriction", stage: "client", has: "can only access node lease with the same name as the requesting node", hop: kubeletToAPI, weight: 5,
		hides: []string{"http-403"},
	},
	{
		id: "serviceaccount-missing", stage: "config", has: "erviceaccount", weight: 5,
		re: rx(`(?:error looking up service account (?P<namespace>[^/\s]+)/[^:\s]+: )?[Ss]erviceaccounts? "(?P<name>[^"]+)" not found`),
	},
	{id: "http-403", stage: "authz", has: "403", weight: 3, re: rx(`403 Forbidden|status(?: code)?:? "?403\b|: 403\b`)},
	{
		id: "authz-error", stage: "authz", has: "uthorization error (user=", weight: 5,
		re: rx(`Authorization error \(user=(?P<user>[^,]*), ?verb=(?P<verb>[^,]*), ?resource=(?P<resource>[^,]*), ?subresource(?:\(s\))?=\[?(?P<subresource>[^\])]*)`),
	},
	// What net/http makes of a proxy that refuses CONNECT: its status, and no code.
	{id: "bare-forbidden", stage: "port", has: ": Forbidden", weight: 3, re: rx(`(?:Get|Post) "?https?://[^"\s]+"?: Forbidden(?:\\n)?(?:\s*$|["'\]},])`)},
	{
		id: "proxy-status", stage: "port", has: "ttps://", weight: 4,
		re: rx(`(?:Get|Post|Put|Patch|Delete) "?https://[^"\s]+"?: (?P<why>Service Unavailable|Bad Gateway|Gateway Time-?[oO]ut|Proxy Authentication Required|Bad Request|Not Found|Method Not Allowed|Host Not Found)(?:\\n)?(?:\s*$|["'\]},])`),
	},
	{
		id: "proxy-status", stage: "port", has: "onnect to the server: ", weight: 4,
		re: rx(`Unable to connect to the server: (?P<why>Service Unavailable|Bad Gateway|Gateway Time-?[oO]ut|Proxy Authentication Required|Bad Request|Not Found|Method Not Allowed)(?:\\n)?(?:\s*$|["'\]},])`),
	},
	{id: "bare-forbidden", stage: "port", has: "onnect to the server: Forbidden", weight: 3},
	{id: "proxy-status", stage: "port", has: "Proxy Authentication Required", weight: 4},

	// The server's side of a 401.
	{id: "auth-failed", stage: "client", has: "nable to authenticate the request", weight: 2},
	{id: "token-invalid", stage: "client", has: "invalid bearer token", weight: 2},
	{id: "token-bad-signature", stage: "client", has: "error in cryptographic primitive", weight: 5},
	{
		id: "token-bad-signature", stage: "client", has: "signature", weight: 4,
		re: rx(`(?:token signature is invalid|failed to verify (?:id token )?signature|(?:due to an error: |bearer token, )crypto/rsa: verification error\]*$)`),
	},
	{id: "token-expired", stage: "client", has: "oken has expired", weight: 5},
	{id: "token-expired", stage: "client", has: "token is expired", weight: 5},
	{id: "token-not-valid-yet", stage: "client", has: "token is not valid yet", weight: 5},
	{id: "token-invalidated", stage: "client", has: "token has been invalidated", weight: 5},
	{id: "token-audience", stage: "client", has: "unable to match the audience", weight: 5},
	{id: "token-audience", stage: "client", has: "is invalid for the target audience", weight: 4},
	{id: "oidc", stage: "client", has: "oidc:", weight: 4, re: rx(`oidc: (?P<why>[^\]"]{0,120})`)},
	{
		id: "exec-plugin", stage: "client", has: "getting credentials: ", weight: 4,
		re: rx(`getting credentials: (?P<why>exec: [^"]{0,160}|.{0,160})`),
	},
	{id: "exec-plugin", stage: "client", has: "client.authentication.k8s.io", weight: 3},
	{id: "exec-plugin", stage: "client", has: "exec plugin", weight: 4, re: rx(`exec plugin(?: didn't return| returned only| is configured to use API version|: invalid apiVersion| cannot)`)},
	{id: "client-cert-unreadable", stage: "client", has: "unable to read client-cert", weight: 4},
	{id: "client-cert-unreadable", stage: "client", has: "unable to read client-key", weight: 4},
	{id: "client-cert-unreadable", stage: "client", has: "unable to read certificate-authority", weight: 4},
}
