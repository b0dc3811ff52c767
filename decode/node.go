package decode

// nodeFaults are a node's: resources that run out, the runtime, the network
// plugin, images.
// Sources: pkg/kubelet/eviction, pkg/kubelet/pleg, containerd, CNI plugins,
// linux net/netfilter/nf_conntrack_core.c; 2026-11.
var nodeFaults = []fault{
	{id: "disk-full", stage: "health", has: "no space left on device", weight: 5},
	{id: "disk-pressure", stage: "health", has: "DiskPressure", weight: 4},
	{id: "disk-pressure", stage: "health", has: "disk-pressure", weight: 4},
	{id: "memory-pressure", stage: "health", has: "MemoryPressure", weight: 4},
	{id: "memory-pressure", stage: "health", has: "memory-pressure", weight: 4},
	{id: "out-of-memory", stage: "health", has: "OOM", weight: 5, re: rx(`OOM[ -]?[Kk]ill|OOMKill|MemoryPressure OOM|invoked oom-killer`)},
	{id: "out-of-memory", stage: "health", has: "oom", weight: 5, re: rx(`(?i)oom[ -]?kill`)},
	{id: "memory-leak", stage: "health", has: "leak", weight: 4, re: rx(`(?i)(?:memory|goroutine|connection|socket|descriptor|file)s?\b.{0,40}\bleak|leak\w*.{0,60}(?:memory|goroutine|connection|socket|descriptor|file)`)},
	{id: "memory-leak", stage: "health", has: "Leak", weight: 4},
	{id: "too-many-files", stage: "health", has: "open", weight: 5, re: rx(`(?i)too many open file`)},
	{id: "out-of-memory", stage: "health", has: "ut of memory", weight: 4},
	{id: "out-of-memory", stage: "health", has: "annot allocate memory", weight: 4},
	{id: "too-many-files", stage: "health", has: "too many open files", weight: 5},
	{id: "conntrack-full", stage: "health", has: "conntrack: table full", weight: 5},
	{id: "threads-exhausted", stage: "health", has: "esource temporarily unavailable", weight: 4},
	{id: "evicted", stage: "health", has: "The node was low on resource", weight: 4},
	{id: "pleg", stage: "health", has: "PLEG is not healthy", weight: 4},
	{id: "runtime-down", stage: "process", has: "container runtime is down", hop: kubeletToRuntime, weight: 4},
	{
		id: "runtime-down", stage: "process", has: ".sock", hop: kubeletToRuntime, weight: 4,
		re: rx(`dial unix \S*(?:containerd|crio|docker|dockershim|cri-dockerd)\S*\.sock: connect: (?:no such file or directory|connection refused)`), hides: []string{"refused", "socket-down"},
	},
	{
		id: "csi-down", stage: "process", has: "dial unix", hop: kubeletToCSI, weight: 5,
		re:    rx(`dial unix (?P<socket>\S*(?:csi|CSI|/kubelet/plugins)\S*?): (?:connect: )?(?:no such file or directory|connection refused|permission denied)`),
		hides: []string{"refused", "uds-missing", "uds-refused", "uds-denied", "socket-down", "client-timeout"},
	},
	{
		id: "csi-unregistered", stage: "process", has: "registered CSI drivers", hop: kubeletToCSI, weight: 5,
		re: rx(`driver name (?P<driver>\S+) not found in the list of registered CSI drivers`),
	},
	{id: "csi-unregistered", stage: "process", has: "CSINode", hop: kubeletToCSI, weight: 4, re: rx(`CSINode \S+ does not contain driver (?P<driver>\S+)`)},
	{
		id: "kms-down", stage: "process", has: "dial unix", hop: apiToKMS, weight: 5,
		re:    rx(`dial unix (?P<socket>\S*(?:kms|KMS)\S*?): (?:connect: )?(?:no such file or directory|connection refused|permission denied)`),
		hides: []string{"refused", "socket-down"},
	},
	// Any other program that should listen on its node.
	{
		id: "socket-down", stage: "process", has: "dial unix", weight: 4,
		re:    rx(`dial unix (?P<socket>\S+?): (?:connect: )?(?:no such file or directory|connection refused|permission denied)`),
		hides: []string{"refused"},
	},
	{id: "cni-not-ready", stage: "config", has: "cni plugin not initialized", weight: 4},
	{id: "cni-not-ready", stage: "config", has: "cni config uninitialized", weight: 4},
	{id: "cni-not-ready", stage: "config", has: "NetworkPluginNotReady", weight: 4},
	{id: "cni-not-ready", stage: "config", has: "o networks found in /etc/cni", weight: 4},
	{id: "cni-no-ip", stage: "health", has: "failed to assign an IP address to container", hop: kubeletToCNI, weight: 5},
	{id: "cni-no-ip", stage: "health", has: "no IP addresses available in range set", hop: kubeletToCNI, weight: 5},
	{id: "cni-failed", stage: "health", has: "network for sandbox", hop: kubeletToCNI, weight: 2},
	{id: "image-pull", stage: "health", has: "ErrImagePull", weight: 1},
	{id: "image-pull", stage: "health", has: "ImagePullBackOff", weight: 1},
	{id: "crash-loop", stage: "process", has: "CrashLoopBackOff", weight: 2},
	{id: "crash-loop", stage: "process", has: "ack-off restarting failed", weight: 2},
	{
		id: "probe-failed", stage: "health", has: " probe failed", weight: 2,
		re: rx(`(?P<probe>Liveness|Readiness|Startup) probe failed`),
	},
	{
		id: "object-missing", stage: "config", has: "not found", weight: 4,
		re: rx(`(?:MountVolume|FailedMount|Error: |CreateContainerConfigError|references non-existent|object ")[^\n]*?(?P<kind>secret|configmap|secrets|configmaps) "(?P<name>[^"]+)" not found`),
	},
	{id: "object-missing", stage: "config", has: "not registered", weight: 4, re: rx(`object "(?P<namespace>[^"]*)"/"(?P<name>[^"]+)" not registered`)},
	{
		id: "object-missing", stage: "config", has: "ouldn't find key", weight: 4,
		re: rx(`[Cc]ouldn't find key (?P<key>\S+) in (?P<kind>Secret|ConfigMap) (?P<name>\S+)`),
	},
	{id: "object-missing", stage: "config", has: "references non-existent", weight: 4, re: rx(`references non-existent (?P<kind>secret|config) key`)},
	{id: "taint-not-ready", stage: "health", has: "node.kubernetes.io/not-ready", weight: 4},
	{id: "taint-not-ready", stage: "health", has: "node.kubernetes.io/unreachable", weight: 4},
	{id: "taint-network", stage: "health", has: "node.kubernetes.io/network-unavailable", weight: 4},
	{id: "taint-network", stage: "health", has: "NetworkUnavailable", weight: 3},
	{id: "taint-uninitialized", stage: "config", has: "node.cloudprovider.kubernetes.io/uninitialized", weight: 4},
	{id: "taint-cordoned", stage: "config", has: "node.kubernetes.io/unschedulable", weight: 3},
	{id: "taint-cordoned", stage: "config", has: "were unschedulable", weight: 3},
	{id: "insufficient", stage: "health", has: "Insufficient ", weight: 4, re: rx(`Insufficient (?P<resource>[\w.\-/]+)`)},
	{id: "insufficient", stage: "health", has: "Too many pods", weight: 4},
	{id: "unschedulable", stage: "health", has: "nodes are available:", weight: 2, re: rx(`\d+/\d+ nodes are available: .{0,160}`)},
}

// clusterFaults are about the cluster as a whole: versions, quotas, clocks.
var clusterFaults = []fault{
	// What a node says while it is made: AKS's script (exit codes 34, 50 to 52), EKS.
	{id: "node-cannot-reach-api", stage: "port", has: "K8SAPIServerConnFail", hop: kubeletToAPI, weight: 4},
	{id: "node-cannot-reach-api", stage: "port", has: "ERR_K8S_API_SERVER_CONN_FAIL", hop: kubeletToAPI, weight: 4},
	{id: "node-cannot-resolve-api", stage: "name", has: "K8SAPIServerDNSLookupFail", hop: kubeletToAPI, weight: 4},
	{id: "node-cannot-resolve-api", stage: "name", has: "ERR_K8S_API_SERVER_DNS_LOOKUP_FAIL", hop: kubeletToAPI, weight: 4},
	{id: "node-no-egress", stage: "port", has: "OutboundConnFail", weight: 4},
	{id: "node-no-egress", stage: "port", has: "ERR_OUTBOUND_CONN_FAIL", weight: 4},
	{id: "kubelet-start", stage: "process", has: "KubeletStartFail", hop: "node>kubelet", weight: 4},
	{id: "node-did-not-join", stage: "port", has: "Instances failed to join the kubernetes cluster", hop: kubeletToAPI, weight: 4},
	{id: "version-skew", stage: "version", has: "must not be newer than kube-apiserver", weight: 4},
	{id: "version-skew", stage: "version", has: "not a supported version skew", weight: 4},
	{id: "version-skew", stage: "version", has: "KubeletVersion]", weight: 4},
	{id: "quota", stage: "config", has: "exceeded quota", weight: 4},
	{id: "pod-security", stage: "authz", has: "violates PodSecurity", weight: 4},
	{id: "clock", stage: "clock", has: "clock", weight: 2, re: rx(`(?i)clock (?:skew|drift|is (?:behind|ahead|wrong))|time (?:skew|drift)`)},
	{id: "bootstrap-token", stage: "client", has: "could not find a JWS signature in the cluster-info ConfigMap", weight: 5},
	{id: "kubeadm-certs-gone", stage: "config", has: "error downloading the secret", weight: 4},
}
