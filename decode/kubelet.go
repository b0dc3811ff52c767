package decode

// kubeletFaults are the kubelet's own: its certificates and requests for them,
// and its standing with the API server.
// Sources: pkg/kubelet, pkg/kubelet/certificate, client-go util/certificate
// (v1.37), kubeadm, 2026-11.
var kubeletFaults = []fault{
	{
		id: "csr-pending", stage: "tls", has: "Pending", weight: 4,
		re: rx(`(?:csr-\w+|\S+)\s+\S+\s+(?:(?P<signer>kubernetes\.io/[\w\-]+)\s+)?(?P<user>system:\S+|kubelet-bootstrap|\S+node-bootstrapper)\s+(?:\S+\s+)?Pending`),
	},
	{
		id: "csr-not-issued", stage: "tls", has: "Approved", weight: 4,
		re: rx(`(?P<signer>kubernetes\.io/[\w\-]+)\s+(?P<user>\S+)\s+(?:\S+\s+)?Approved\s*$`),
	},
	{
		id: "csr-denied", stage: "tls", has: "Denied", weight: 4,
		re: rx(`(?P<signer>kubernetes\.io/[\w\-]+)\s+(?P<user>\S+)\s+(?:\S+\s+)?Denied`),
	},
	{id: "csr-unsigned", stage: "tls", has: "ertificate request was not signed", weight: 4},
	{id: "csr-unsigned", stage: "tls", has: "annot create certificate signing request", weight: 4},
	{
		id: "kubelet-client-expired", stage: "client", has: "existing bootstrap client certificate", hop: kubeletToAPI, weight: 5,
		re: rx(`part of the existing bootstrap client certificate(?: in (?P<file>\S+))? is expired(?:: (?P<notAfter>.*))?`),
	},
	{id: "kubelet-client-expired", stage: "client", has: "currently active client certificate has expired", hop: kubeletToAPI, weight: 5},
	{id: "kubelet-no-client-cert", stage: "client", has: "No valid client certificate is found", hop: kubeletToAPI, weight: 4},
	{
		id: "kubelet-bootstrap-missing", stage: "client", has: "bootstrap-kubelet", hop: kubeletToAPI, weight: 4,
		re: rx(`unable to load bootstrap kubeconfig|bootstrap-kubelet(?:\.conf|-kubeconfig)`),
	},
	{id: "kubelet-bootstrap-missing", stage: "client", has: "unable to load bootstrap kubeconfig", hop: kubeletToAPI, weight: 4},
	// The read-only port, off by default since 1.10 or so.
	{
		id: "kubelet-unhealthy", stage: "process", has: ":10255/healthz", hop: "kubeadm>kubelet", weight: 4,
		re: rx(`(?:localhost|127\.0\.0\.1|\[::1\]):10255\b.*(?:refused|deadline|timeout|status [45])`), hides: []string{"dial-refused", "refused", "client-timeout", "read-only-port"},
	},
	{
		id: "read-only-port", stage: "config", has: ":10255", weight: 5,
		re: rx(`(?P<addr>[\w.\-]+:10255)\b.*refused`), hides: []string{"dial-refused", "refused"},
	},
	{
		id: "kubelet-unhealthy", stage: "process", has: "10248", hop: "kubeadm>kubelet", weight: 4,
		re: rx(`(?:localhost|127\.0\.0\.1|\[::1\]):10248\b.*(?:refused|deadline|timeout|status [45])`), hides: []string{"dial-refused", "refused", "client-timeout"},
	},
	{id: "kubelet-unhealthy", stage: "process", has: "kubelet isn't running or healthy", hop: "kubeadm>kubelet", weight: 4},
	{id: "kubelet-unhealthy", stage: "process", has: "kubelet is not healthy after", hop: "kubeadm>kubelet", weight: 4},
	{id: "kubelet-start", stage: "process", has: "swap", hop: "node>kubelet", weight: 4, re: rx(`[Rr]unning with swap on is not supported`)},
	{id: "kubelet-start", stage: "process", has: "cgroup driver", hop: "node>kubelet", weight: 4, re: rx(`cgroup driver: "?\w+"? is different from`)},
	{
		id: "kubelet-start", stage: "process", has: "failed to run Kubelet", hop: "node>kubelet", weight: 2,
		re: rx(`failed to run Kubelet: (?P<why>[^"]{1,160})`),
	},
	{id: "kubelet-start", stage: "process", has: "ailed to start ContainerManager", hop: "node>kubelet", weight: 4},
	{id: "kubelet-start", stage: "process", has: "unable to load client CA file", hop: "node>kubelet", weight: 4},
	{id: "csr-denied", stage: "tls", has: "ertificate signing request", weight: 4, re: rx(`[Cc]ertificate signing request \S+ (?:is|was) denied`)},
	{id: "csr-not-issued", stage: "tls", has: "ertificate signing request", weight: 4, re: rx(`[Cc]ertificate signing request \S+ was not (?:issued|signed|approved)`)},
	{id: "kubelet-start", stage: "process", has: "ailed to start cAdvisor", hop: "node>kubelet", weight: 4},
	{id: "kubelet-start", stage: "process", has: "ailed to initialize internal modules", hop: "node>kubelet", weight: 4},
	{id: "kubelet-start", stage: "process", has: "ailed to validate kubelet flags", hop: "node>kubelet", weight: 4},
	{id: "kubelet-no-debug", stage: "config", has: "ebug endpoints are disabled", hop: apiToKubelet, weight: 4},
	{id: "node-not-ready", stage: "health", has: "Node not becoming ready in time after startup", weight: 3},
	{id: "csr-denied", stage: "tls", has: "certificate signing request is denied", weight: 4},
	{id: "signer-expired", stage: "tls", has: "refusing to sign a certificate that expired in the past", weight: 5},
	{id: "csr-unsigned", stage: "tls", has: "certificate signing request failed", weight: 4},
	{
		id: "kubelet-no-config", stage: "config", has: "ubelet", hop: "node>kubelet", weight: 5,
		re: rx(`[Ff]ailed to (?:load|read) [Kk]ubelet config file.{0,200}?open (?P<file>\S+): no such file or directory`), hides: []string{"kubelet-start"},
	},
	{id: "kubelet-start", stage: "process", has: "failed to load kubelet config file", hop: "node>kubelet", weight: 4},
	{id: "kubelet-start", stage: "process", has: "failed to load Kubelet config file", hop: "node>kubelet", weight: 4},
	{id: "kubelet-flag", stage: "version", has: "failed to parse kubelet flag", hop: "node>kubelet", weight: 4},
	{id: "kubelet-flag", stage: "version", has: "unknown flag: --", hop: "node>kubelet", weight: 4},
	{id: "kubelet-flag", stage: "version", has: "flag provided but not defined", hop: "node>kubelet", weight: 4},
	{id: "node-not-posting", stage: "process", has: "ubelet stopped posting node status", weight: 3},
	{id: "node-not-ready", stage: "health", has: "NotReady", weight: 1},
	{id: "node-not-ready", stage: "health", has: "is not ready", weight: 1, re: rx(`[Nn]ode "?(?P<node>[\w.\-]+)"? is not ready`)},
	{
		id: "node-not-found", stage: "config", has: "not found", hop: kubeletToAPI, weight: 2,
		re: rx(`node "(?P<node>[^"]+)" not found|nodes "(?P<node2>[^"]+)" not found`),
	},
	{id: "kubelet-other", stage: "config", has: "pod does not exist", hop: apiToKubelet, weight: 4},
	{
		id: "kubelet-other", stage: "config", has: "could not find the requested resource (", hop: apiToKubelet, weight: 4,
		re: rx(`could not find the requested resource \( ?pods/(?:log|exec|attach|portforward)`), hides: []string{"no-resource"},
	},
	{id: "kubelet-no-address", stage: "config", has: "no preferred addresses found", hop: apiToKubelet, weight: 4},
	{id: "kubelet-no-host-ip", stage: "config", has: "host IP unknown", weight: 4},
}
