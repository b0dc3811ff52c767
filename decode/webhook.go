package decode

// webhookFaults are the texts of calling admission and conversion webhooks.
// Sources: apiserver admission/plugin/webhook/{mutating,validating}/dispatcher.go,
// util/webhook/error.go, apiextensions conversion/webhook_converter.go (v1.37).
var webhookFaults = []fault{
	// The API server's own rules (k8s.io/apiserver admission/plugin/policy/validating).
	{
		id: "policy-denied", stage: "authz", has: "ValidatingAdmissionPolicy", weight: 5,
		re: rx(`ValidatingAdmissionPolicy '(?P<name>[^']*)'(?: with binding '(?P<binding>[^']*)')? denied request`), hides: []string{"http-403"},
	},
	{
		id: "webhook-failed", stage: "health", has: "calling webhook", weight: 1,
		re: rx(`(?i)failed calling webhook "?(?P<webhook>[^":,\s]+)"?`),
	},
	{id: "webhook-failed", stage: "health", has: "ailed to call webhook", weight: 1},
	{
		id: "conversion-failed", stage: "health", has: "conversion webhook for", weight: 1,
		re: rx(`conversion webhook for (?P<kind>[^:]+?)(?:,| failed|:)`),
	},
	{
		id: "webhook-denied", stage: "authz", has: "denied the request", weight: 3,
		re: rx(`admission webhook "(?P<webhook>[^"]+)" denied the request(?:: (?P<why>.{0,200}))?`),
	},
	{
		id: "no-endpoints", stage: "process", has: "no endpoints available for service", hop: apiToService, weight: 4,
		re: rx(`no endpoints available for service "?(?P<name>[^"\s]+)"?`),
	},
	{
		id: "service-not-found", stage: "config", has: "ervice ", weight: 4,
		re: rx(`[Ss]ervice "?(?P<name>[^"\s]+)"? not found|services "(?P<name2>[^"]+)" not found`),
	},
	{
		id: "webhook-bad-answer", stage: "health", has: "is currently unable to handle the request", weight: 3,
		re: rx(`webhook "?[^"]+"?: (?:failed to call webhook: )?(?P<why>the server is currently unable to handle the request)`), hides: []string{"service-unavailable"},
	},
	{id: "webhook-bad-answer", stage: "health", has: "webhook response was absent", weight: 3},
	{id: "webhook-bad-answer", stage: "health", has: "expected webhook response of", weight: 3},
	{id: "webhook-bad-answer", stage: "health", has: "expected response.uid=", weight: 3},
	{id: "webhook-bad-answer", stage: "health", has: "unable to decode webhook response", weight: 3},
	{id: "webhook-bad-answer", stage: "health", has: "does not accept known AdmissionReview versions", weight: 3},
	{
		id: "webhook-bad-answer", stage: "health", has: "webhook", weight: 3,
		re: rx(`failed to call webhook: (?P<why>the server (?:could not find the requested resource|responded with[^"]*|rejected[^"]*)|expected webhook response of .*|an error on the server.*)`),
	},
}
