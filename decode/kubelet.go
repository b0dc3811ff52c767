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
	{id: "node-not-posting", stage: "process", has: "ubelet stopped posting node status", weight: 3},
	{id: "node-not-ready", stage: "health", has: "NotReady", weight: 1},
	{id: "node-not-ready", stage: "health", has: "is not ready", weight: 1, re: rx(`[Nn]ode "?(?P<node>[\w.\-]+)"? is not ready`)},
	{
		id: "node-not-found", stage: "config", has: "not found", hop: kubeletToAPI, weight: 2,
		re: rx(`node "(?P<node>[^"]+)" not found|nodes "(?P<node2>[^"]+)" not found`),
	},
	{id: "kubelet-no-address", stage: "config", has: "no preferred addresses found", hop: apiToKubelet, weight: 4},
	{id: "kubelet-no-host-ip", stage: "config", has: "host IP unknown", weight: 4},
}
