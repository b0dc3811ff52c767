package decode

// apiserviceFaults are the conditions of an aggregated API and what the
// aggregator says of it. Newer API servers speak of endpointslices.
// Sources: kube-aggregator pkg/controllers/status/remote/remote_available_controller.go
// (v1.37, and before 1.31), apiserver dynamiccertificates and requestheader, 2026-11.
var apiserviceFaults = []fault{
	{id: "apiservice-failed-check", stage: "health", has: "FailedDiscoveryCheck", hop: apiToAPIService, weight: 1},
	{id: "apiservice-failed-check", stage: "health", has: "failing or missing response from", hop: apiToAPIService, weight: 1},
	{id: "apiservice-no-endpoints", stage: "process", has: "MissingEndpoints", hop: apiToAPIService, weight: 4},
	{id: "apiservice-no-endpoints", stage: "process", has: "missing endpoints", hop: apiToAPIService, weight: 3},
	{
		id: "apiservice-no-endpoints", stage: "process", has: "have no addresses", hop: apiToAPIService, weight: 4,
		re: rx(`(?:endpoints|endpointslices) for service/(?P<service>\S+) in "(?P<namespace>[^"]+)" have no addresses`),
	},
	{
		id: "apiservice-no-endpoints", stage: "process", has: "cannot find", hop: apiToAPIService, weight: 4,
		re: rx(`cannot find (?:service endpoints|endpointslices) for service/(?P<service>\S+) in "(?P<namespace>[^"]+)"`),
	},
	{
		id: "apiservice-no-service", stage: "config", has: "is not present", hop: apiToAPIService, weight: 4,
		re: rx(`service/(?P<service>\S+) in "(?P<namespace>[^"]+)" is not present`),
	},
	{id: "apiservice-no-service", stage: "config", has: "ServiceNotFound", hop: apiToAPIService, weight: 4},
	{
		id: "apiservice-wrong-port", stage: "config", has: "is not listening on port", hop: apiToAPIService, weight: 4,
		re: rx(`service/(?P<service>\S+) in "(?P<namespace>[^"]+)" is not listening on port (?P<port>\d+)`),
	},
	{id: "apiservice-wrong-port", stage: "config", has: "ServicePortError", hop: apiToAPIService, weight: 4},
	{
		id: "apiservice-401", stage: "client", has: "bad status from", hop: apiToAPIService, weight: 5,
		re: rx(`bad status from .*: 401\b`), hides: []string{"http-401"},
	},
	{
		id: "apiservice-403", stage: "authz", has: "bad status from", hop: apiToAPIService, weight: 5,
		re: rx(`bad status from .*: 403\b`), hides: []string{"http-403"},
	},
	{
		id: "apiservice-bad-status", stage: "health", has: "bad status from", hop: apiToAPIService, weight: 3,
		re: rx(`bad status from .*: (?P<code>404|5\d\d)\b`),
	},
	{id: "apiservice-timeout", stage: "port", has: "timed out waiting for https", hop: apiToAPIService, weight: 3},
	{id: "address-refused", stage: "port", has: "not allowed", weight: 4, re: rx(`(?i):? address (?:is )?not allowed`)},
	{
		id: "auth-reader", stage: "authz", has: "Usually fixed by", weight: 5,
		re: rx(`Unable to get configmap/(?P<name>\S+) in (?P<namespace>[^\s.]+)\.\s+Usually fixed by`), hides: []string{"http-403", "front-proxy-config"},
	},
	{id: "auth-reader", stage: "authz", has: "extension-apiserver-authentication", weight: 5, re: rx(`configmaps "extension-apiserver-authentication" is forbidden`), hides: []string{"http-403", "front-proxy-config"}},
	{id: "front-proxy-config", stage: "config", has: "missing content for CA bundle", weight: 4, re: rx(`missing content for CA bundle "?[^"]*requestheader`)},
	{id: "front-proxy-config", stage: "config", has: "to identify the proxy to the API server", weight: 4},
	{
		id: "apiservice-bad-status", stage: "health", has: "returned non-success response code", hop: apiToAPIService, weight: 3,
		re: rx(`service (?P<service>\S+) returned non-success response code: (?P<code>\d+)`),
	},
	{id: "front-proxy-config", stage: "config", has: "requestheader-client-ca-file", weight: 4},
	{id: "front-proxy-config", stage: "config", has: "requestheader-allowed-names", weight: 4},
	{id: "front-proxy-config", stage: "config", has: "extension-apiserver-authentication", weight: 3},
	{id: "front-proxy-config", stage: "config", has: "front-proxy", weight: 2},
	{id: "front-proxy-config", stage: "config", has: "enable-aggregator-routing", weight: 3},
	{
		id: "front-proxy-name", stage: "authz", has: "subject with cn=", hop: apiToAPIService, weight: 4,
		re: rx(`(?:x509: )?subject with cn=(?P<cn>\S+) is not in the allowed list`),
	},
}
