package decode

import "strings"

// The hops that frames name. The ends are components, as [Theory] knows them.
const (
	clientToAPI        = "kubectl>kube-apiserver"
	podToAPI           = "pod>kube-apiserver"
	kubeletToAPI       = "kubelet>kube-apiserver"
	controllerToAPI    = "controller-manager>kube-apiserver"
	apiToKubelet       = "kube-apiserver>kubelet"
	apiToServer        = "kube-apiserver>konnectivity-server"
	serverToAgent      = "konnectivity-server>konnectivity-agent"
	agentToServer      = "konnectivity-agent>konnectivity-server"
	agentToKubelet     = "konnectivity-agent>kubelet"
	agentToService     = "konnectivity-agent>service"
	serverToAPI        = "konnectivity-server>kube-apiserver"
	apiToWebhook       = "kube-apiserver>webhook"
	apiToAPIService    = "kube-apiserver>apiservice"
	apiToService       = "kube-apiserver>service"
	apiToEtcd          = "kube-apiserver>etcd"
	etcdToEtcd         = "etcd>etcd"
	metricsToKubelet   = "metrics-server>kubelet"
	podToDNS           = "pod>dns"
	kubeletToRegistry  = "kubelet>registry"
	kubeletToCNI       = "kubelet>cni"
	kubeletToRuntime   = "kubelet>container-runtime"
	kubeletToCSI       = "kubelet>csi-driver"
	cniToAPI           = "cni>kube-apiserver"
	apiToKMS           = "kube-apiserver>kms"
	remotedialerAgent  = "remotedialer-agent>remotedialer-server"
	remotedialerServer = "remotedialer-server>remotedialer-agent"
	apiToOIDC          = "kube-apiserver>oidc"
)

// frames lists what programs say around a fault. Sources: k8s.io/kubernetes
// and its staging repositories at v1.37 (kubectl cmd/util, client-go rest and
// tools/cache, apimachinery proxy/upgradeaware.go, apiserver util/webhook,
// kube-aggregator remote_available_controller.go, pkg/kubelet), metrics-server
// v0.9, apiserver-network-proxy v0.36; read 2026-11.
var frames = []frame{
	// The request's own URL. It gives the address, and by port or path the hop.
	{apiToKubelet, "/containerLogs/", rx(`https?://(?P<addr>[^/"\s]+)/containerLogs/(?P<namespace>[^/\s"]+)/(?P<pod>[^/\s"]+)/(?P<container>[^/?\s":]+)`), 60},
	{apiToKubelet, ":10250/", rx(`https?://(?P<addr>[^/"\s]+:10250)/(?:exec|attach|run|cri|portForward|pods|logs|healthz|configz)\b`), 60},
	{metricsToKubelet, "/metrics/resource", rx(`https?://(?P<addr>[^/"\s]+)/metrics/resource`), 60},
	{metricsToKubelet, "/stats/summary", rx(`https?://(?P<addr>[^/"\s]+)/stats/summary`), 60},
	{apiToAPIService, "/apis/metrics.k8s.io", rx(`https?://(?P<addr>[^/"\s]+)/apis/metrics\.k8s\.io`), 30},
	// Webhooks are asked by POST.
	{apiToWebhook, ".svc", rx(`Post "?https?://(?P<service>[^./"\s]+)\.(?P<namespace>[^./"\s]+)\.svc(?:\.[^:/"\s]+)?(?::(?P<port>\d+))?/`), 40},
	{"", "://", rx(`https?://(?P<addr>[^/"\s?]+:\d+)`), 0},

	{clientToAPI, "/api/v1/namespaces/", rx(`https?://(?P<addr>[^/"\s]+)/api/v1/namespaces/[^/\s]+/pods/[^/\s]+/(?:exec|attach|portforward|log)\b`), 45},

	{clientToAPI, "/api/v1/", rx(`https?://[^/"\s]+/api/v1/(?:nodes|namespaces|pods|services|events|configmaps|secrets)\b`), 8},

	// kube-apiserver calls.
	{apiToWebhook, "calling webhook", rx(`(?i)failed calling webhook "?(?P<webhook>[^":,\s]+)"?`), 80},
	{apiToWebhook, "admission webhook", rx(`admission webhook "?(?P<webhook>[^":,\s]+)"? denied`), 80},
	{apiToWebhook, "conversion webhook", rx(`conversion webhook for (?P<kind>[^:]+?)(?:,| failed|:)`), 80},
	{apiToAPIService, "failing or missing response from", rx(`failing or missing response from "?https?://(?P<addr>[^/"\s:]+(?::\d+)?)(?:/apis/(?P<group>[^/"\s]+)/(?P<version>[^/":\s]+))?`), 80},
	{apiToAPIService, "no response from https", rx(`no response from https?://(?P<addr>[^/"\s:]+(?::\d+)?)`), 80},
	{apiToAPIService, "FailedDiscoveryCheck", nil, 70},
	{apiToAPIService, "MissingEndpoints", nil, 70},
	{apiToAPIService, "loading OpenAPI spec for", rx(`loading OpenAPI spec for "(?P<apiservice>[^"]+)"`), 70},
	{apiToAPIService, "bad status from", nil, 70},
	{apiToService, "error trying to reach service", nil, 70},
	// Whose answer it is, kubectl says in brackets at its end.
	{apiToKubelet, "( pods/log", nil, 62},
	{apiToKubelet, "( pods/exec", nil, 62},
	{apiToKubelet, "( pods/portforward", nil, 62},
	{apiToKubelet, "( pods/attach", nil, 62},
	{apiToKubelet, "error dialing backend", nil, 50},
	{apiToKubelet, "unable to upgrade connection", nil, 50},
	{apiToKubelet, "error upgrading connection", nil, 50},
	{apiToEtcd, "etcd-servers", nil, 40},
	{apiToEtcd, "grpc: addrConn.createTransport failed to connect", rx(`(?:"Addr":\s*"|\{)(?P<addr>[^"\s{}]+:2379)`), 70},
	{apiToEtcd, ":2379", rx(`(?P<addr>[\w.\-\[\]:]+:2379)`), 40},
	{etcdToEtcd, ":2380", rx(`(?P<addr>[\w.\-\[\]:]+:2380)`), 40},
	{etcdToEtcd, "rafthttp", nil, 60},
	{apiToOIDC, "oidc authenticator", nil, 60},

	// Clients of the API server.
	{clientToAPI, "Unable to connect to the server", nil, 50},
	{clientToAPI, "The connection to the server", rx(`The connection to the server (?P<addr>[^\s]+) was refused`), 50},
	{clientToAPI, "couldn't get current server API group list", nil, 55},
	{clientToAPI, "You must be logged in to the server", nil, 40},
	{kubeletToAPI, "Unable to register node with API server", nil, 70},
	{kubeletToAPI, "Error updating node status", nil, 70},
	{kubeletToAPI, "Unable to update node status", nil, 70},
	{kubeletToAPI, "ensure lease exists", nil, 70},
	{kubeletToAPI, "node-leases", nil, 60},
	{kubeletToAPI, "node lease", nil, 60},
	{kubeletToAPI, "kube-node-lease", nil, 50},
	{kubeletToAPI, "failed to run Kubelet", nil, 70},
	{kubeletToAPI, "error getting node", nil, 60},
	{kubeletToAPI, "/var/lib/kubelet/pki", nil, 40},
	{kubeletToAPI, "certificate signing request", nil, 30},
	{kubeletToAPI, "tunnel endpoints", nil, 70},
	{kubeletToAPI, "Unable to register node", nil, 70},
	{kubeletToAPI, "CSINode publishing", nil, 60},
	{podToAPI, "Unable to write event", nil, 30},
	{controllerToAPI, "rror retrieving resource lock", nil, 60},
	{controllerToAPI, "rror retrieving lease lock", nil, 60},
	{controllerToAPI, "ailed to update lock", nil, 60},
	{podToAPI, "10.96.0.1:443", nil, 20},
	{podToAPI, "https://kubernetes.default", nil, 20},
	{podToAPI, "Failed to list *", nil, 10},
	{podToAPI, "Failed to watch *", nil, 10},
	{podToAPI, "failed to list *", nil, 10},
	{podToAPI, "failed to watch *", nil, 10},

	// Tunnels.
	{agentToServer, "cannot connect once", nil, 90},
	{agentToServer, "cannot sync once", nil, 90},
	{agentToServer, "Client authentication failed", nil, 50},
	{agentToServer, "error reading server preface", nil, 20},
	{serverToAgent, "DIAL_REQ to Backend failed", nil, 60},
	{agentToKubelet, "DIAL_RSP contains failure", nil, 60},
	{agentToServer, "konnectivity-server", nil, 5},
	{apiToServer, "tunnel-uds", nil, 65},
	{apiToServer, "konnectivity-server.socket", nil, 65},
	{apiToServer, "konnectivity-server.sock", nil, 65},
	{apiToServer, "konnectivity-uds", nil, 65},
	{serverToAPI, "/tokenreviews", nil, 70},
	{remotedialerAgent, "/v1-k3s/connect", nil, 85},
	{remotedialerAgent, "/v1-rke2/connect", nil, 85},
	{remotedialerAgent, "Failed to connect to proxy", nil, 80},
	{remotedialerAgent, "Remotedialer proxy error", nil, 80},

	// The kubelet's own.
	{metricsToKubelet, "Failed to scrape node", rx(`Failed to scrape node.*?(?: node="(?P<node>[^"]+)"|$)`), 90},
	{metricsToKubelet, "unable to fully scrape metrics from source kubelet", rx(`source kubelet_summary:(?P<node>[^:\s]+)`), 90},
	{metricsToKubelet, "unable to fetch metrics from", rx(`unable to fetch metrics from (?:Kubelet|node) (?P<node>[^\s:]+)`), 90},
	{apiToAPIService, "metrics API: ", rx(`unable to fetch metrics from (?:resource|custom|external) metrics API: `), 75},
	{kubeletToRegistry, "/v2/", rx(`https?://(?P<addr>[^/"\s]+)/v2/`), 50},
	{kubeletToRegistry, "ailed to pull", nil, 70},
	{kubeletToRegistry, "ErrImagePull", nil, 70},
	{kubeletToRegistry, "ImagePullBackOff", nil, 70},
	{kubeletToRegistry, "pull access denied", nil, 70},
	{kubeletToCNI, "network for sandbox", nil, 70},
	// The plugin's own request to the API, as the kubelet repeats it.
	{cniToAPI, "error getting ClusterInformation", nil, 75},
	{cniToAPI, "connection is unauthorized", nil, 75},
	{cniToAPI, "network for sandbox", rx(`(?:Get|Post|Put|Patch) "?https?://(?P<addr>[^/"\s]+)/(?:api|apis)/`), 75},
	{cniToAPI, "networkPlugin cni failed", rx(`(?:Get|Post|Put|Patch) "?https?://(?P<addr>[^/"\s]+)/(?:api|apis)/`), 75},
	{kubeletToCNI, "networkPlugin cni failed", nil, 70},
	{kubeletToCNI, "plugin type=", nil, 60},
	{kubeletToRuntime, "containerd.sock", nil, 60},
	{kubeletToRuntime, "crio.sock", nil, 60},
	{kubeletToRuntime, "docker.sock", nil, 60},
	{kubeletToRuntime, "dockershim.sock", nil, 60},
}

// ports tells the hop from a destination's port, where no frame does.
var ports = []struct{ port, hop string }{
	{":10250", apiToKubelet},
	{":6443", clientToAPI},
	{":2379", apiToEtcd},
	{":2380", etcdToEtcd},
	{":8132", agentToServer},
	{":8091", agentToServer},
	{":9345", remotedialerAgent},
	{":53", podToDNS},
}

func byPort(address string) string {
	for _, p := range ports {
		if strings.HasSuffix(address, p.port) {
			return p.hop
		}
	}
	return ""
}
