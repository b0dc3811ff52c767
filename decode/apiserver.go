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
	// What a kubelet says of Pods made by an API server that is older than it.
	{id: "unknown-to-server", stage: "version", has: "failed validation, ignoring", weight: 4, re: rx(`from \S+ failed validation, ignoring`)},
	{id: "no-resource", stage: "version", has: "server does not support API version", weight: 4},
	{id: "version-apart", stage: "version", has: "differs from client version", weight: 4},
	{id: "no-resource", stage: "version", has: "could not find the requested resource", weight: 3},
	{id: "method-unknown", stage: "version", has: "server does not allow this method on the requested resource", weight: 3},
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
	// Helm's own lock on a release (helm.sh/helm pkg/action).
	{id: "helm-lock", stage: "config", has: "another operation (install/upgrade/rollback) is in progress", weight: 4},
	{id: "too-many-requests", stage: "health", has: "Too Many Requests", weight: 3},
	{id: "http-503", stage: "health", has: "503 Service", weight: 2, re: rx(`503 Service (?:Temporarily )?Unavailable`)},
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
	{id: "storage-init", stage: "health", has: "storage is (re)initializing", hop: apiToEtcd, weight: 3},
	{id: "panic", stage: "process", has: "caused apiserver to panic", weight: 4},
	{id: "panic", stage: "process", has: "apiserver panic'd", weight: 4},
	{id: "panic", stage: "process", has: "invalid memory address or nil pointer dereference", weight: 4},
	{id: "kms-unhealthy", stage: "health", has: "section of the healthz check for KMS Provider", hop: apiToKMS, weight: 4},
	{id: "encryption", stage: "config", has: "unable to transform key", weight: 4},
	{id: "encryption", stage: "config", has: "unable to transform from storage", weight: 4},
	{id: "encryption", stage: "config", has: "no matching prefix found", weight: 4},
	{id: "leader-lost", stage: "health", has: "leaderelection lost", hop: controllerToAPI, weight: 3},
	{id: "leader-lost", stage: "health", has: "leader election lost", hop: controllerToAPI, weight: 3},
	{id: "kubeadm-pod-same", stage: "process", has: "static Pod hash for component", hop: "kubeadm>kubelet", weight: 3, re: rx(`static Pod hash for component (?P<component>[\w-]+)(?: on Node \S+)? did not change`), hides: []string{"client-timeout"}},
	{id: "kubeadm-pod-same", stage: "process", has: "couldn't upgrade control plane", hop: "kubeadm>kubelet", weight: 2, hides: []string{"client-timeout"}},
	{id: "ca-checksum", stage: "tls", has: "does not match given --ca-checksum", weight: 4},
	{id: "ca-checksum", stage: "tls", has: "/cacerts does not match", weight: 4},
	// A kubectl of before metrics-server asks for Heapster, which is gone.
	{id: "asks-heapster", stage: "version", has: "services http:heapster:", hop: clientToAPI, weight: 4, hides: []string{"no-resource"}},
	{id: "leader-lost", stage: "health", has: "failed to renew lease", hop: controllerToAPI, weight: 3},
	{id: "unknown-reason", stage: "health", has: "rejected our request for an unknown reason", weight: 2},
	{id: "unknown-reason", stage: "health", has: "did not return more information", weight: 2},
	{id: "request-timeout", stage: "health", has: "unable to return a response in the time allotted", weight: 3},
	{id: "server-error", stage: "health", has: "has prevented the request from succeeding", weight: 1},
	{id: "not-ready-yet", stage: "health", has: "not yet ready to handle request", weight: 3},
	{id: "hook-failed", stage: "process", has: "ostStartHook", weight: 3, re: rx(`[Pp]ostStartHook "?(?P<hook>[^"\s]+)"? failed`)},
	{id: "kubeadm-wait", stage: "process", has: "couldn't initialize a Kubernetes cluster", hop: clientToAPI, weight: 3},
	{id: "kubeadm-wait", stage: "process", has: "failed while waiting for the control plane to start", hop: clientToAPI, weight: 3},
	{id: "kubeadm-wait", stage: "process", has: "wait-control-plane", hop: clientToAPI, weight: 3},
	{id: "kubeadm-wait", stage: "process", has: "control plane components", hop: clientToAPI, weight: 3, re: rx(`(?:kube-apiserver|kube-controller-manager|kube-scheduler) check failed|[Uu]nhealthy control plane components|some control plane components`)},
	{
		id: "kubeadm-preflight", stage: "config", has: "[ERROR ", weight: 3,
		re: rx(`\[ERROR (?P<check>Port-\d+|FileAvailable[\w-]*|DirAvailable[\w-]*|NumCPU|Mem|Swap|FileContent[\w-]*|FileExisting[\w-]*|CRI|ImagePull|IsPrivilegedUser|Service-\w+|SystemVerification|Hostname|HTTPProxy|ContainerRuntimeVersion)\]`),
	},
	{id: "node-exists", stage: "config", has: "already exists in the cluster", weight: 4, re: rx(`a Node with name "?(?P<node>[^"\s]+)"? and status`)},
	{id: "kubeconfig-bad", stage: "config", has: "no configuration has been provided", weight: 4},
	{id: "kubeconfig-bad", stage: "config", has: "does not exist", weight: 4, re: rx(`(?:context|cluster|auth info) "[^"]*" does not exist`)},
	{id: "kubeconfig-bad", stage: "config", has: "context was not found for specified context", weight: 4},
	{id: "kubeconfig-bad", stage: "config", has: "rror loading config file", weight: 4},
	{id: "kubeconfig-bad", stage: "config", has: "no server found for cluster", weight: 4},
	{id: "kubeconfig-bad", stage: "config", has: "was not found for context", weight: 4},
	{id: "loopback-expired", stage: "tls", has: "loopback serving certificate is expired", weight: 5},
	{id: "not-a-status", stage: "health", has: "received an error that is not an metav1.Status", weight: 1},
}
