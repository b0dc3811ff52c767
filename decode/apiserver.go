package decode

// apiserverFaults are the API server's own: overload, discovery, health.
// Sources: apiserver endpoints/filters, server/healthz; client-go discovery;
// apimachinery api/errors (v1.37), 2026-11.
var apiserverFaults = []fault{
	{
		id: "service-unavailable", stage: "health", has: "the server is currently unable to handle the request", weight: 2,
		re: rx(`(?:(?P<group>[a-z0-9.\-]+\.[a-z0-9.\-]+/v\w+): )?the server is currently unable to handle the request(?: \((?:get|post|list) (?P<resource>[\w.\-]+)\))?`),
	},
	{id: "service-unavailable", stage: "health", has: "ServiceUnavailable", weight: 1},
	{
		id: "discovery-partial", stage: "health", has: "retrieve the complete list of server APIs", weight: 2,
		re: rx(`unable to retrieve the complete list of server APIs: (?P<group>[^:\s]+)`),
	},
	{id: "discovery-partial", stage: "health", has: "NamespaceDeletionDiscoveryFailure", weight: 2},
	{id: "discovery-partial", stage: "health", has: "iscovery failed for some groups", weight: 2},
	{id: "discovery-partial", stage: "health", has: "GroupVersion discovery", weight: 3, re: rx(`stale GroupVersion discovery: (?P<group>[^:\s,]+)`)},
	{
		id: "no-kind", stage: "version", has: "no matches for kind", weight: 4,
		re: rx(`no matches for kind "(?P<kind>[^"]+)" in version "(?P<version>[^"]+)"`),
	},
	// What an older server says to a newer client.
	{id: "unknown-to-server", stage: "version", has: "field label not supported", weight: 4},
	{id: "unknown-to-server", stage: "version", has: "is registered for version", weight: 4, re: rx(`no kind "(?P<kind>[^"]+)" is registered for version "(?P<version>[^"]+)"`)},
	{id: "unknown-to-server", stage: "version", has: "unknown field", weight: 3},
	{id: "no-resource", stage: "version", has: "could not find the requested resource", weight: 3},
	{id: "no-resource", stage: "version", has: "the server doesn't have a resource type", weight: 3},
	{
		id: "deprecated-api", stage: "version", has: "deprecated", weight: 4,
		re: rx(`(?P<kind>[\w./\-]+) is deprecated (?:in|by) .*?(?:unavailable in|not supported by|no longer (?:served|available) in)`),
	},
	{
		id: "deprecated-api", stage: "version", has: "is no longer", weight: 4,
		re: rx(`(?:API|apiVersion|version|[\w.\-]+/v\d\w*)\b.{0,60}is no longer (?:served|supported|available)`),
	},
	{
		id: "end-of-support", stage: "version", has: "support", weight: 4,
		re: rx(`(?i)end of (?:standard |extended |life )?support|out of support|no longer supported by|(?:version|cluster) \S+ is not supported|end[- ]of[- ]life`),
	},
	{id: "too-many-requests", stage: "health", has: "Too Many Requests", weight: 3},
	{id: "too-many-requests", stage: "health", has: "the server has received too many requests", weight: 3},
	{id: "client-throttled", stage: "health", has: "client-side throttling", weight: 1},
	{
		id: "request-timeout", stage: "health", has: "did not complete within", weight: 3,
		re: rx(`request did not complete within (?:the )?(?:requested timeout|allotted timeout)(?: (?P<after>\w+))?`),
	},
	{id: "request-timeout", stage: "health", has: "net/http: abort Handler", weight: 1},
	{id: "gateway-timeout", stage: "health", has: "504 Gateway Time", weight: 2},
	{
		id: "unhealthy-check", stage: "health", has: " failed: reason withheld", weight: 2,
		re: rx(`\[-\](?P<check>\S+) failed`),
	},
	{id: "loopback-expired", stage: "tls", has: "loopback serving certificate is expired", weight: 5},
	{id: "not-a-status", stage: "health", has: "received an error that is not an metav1.Status", weight: 1},
}
