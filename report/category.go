package report

// The categories of causes, suspects and risks. They are never renamed; new
// ones are added where these are too coarse.
const (
	CategoryCertExpired               = "cert-expired"
	CategoryCertNotYetValid           = "cert-not-yet-valid"
	CategoryCertCAMismatch            = "cert-ca-mismatch"
	CategoryCertSAN                   = "cert-san"
	CategoryCertNotReloaded           = "cert-not-reloaded" // renewed on disk or in the Secret, not in the process
	CategoryCertKeyMismatch           = "cert-key-mismatch" // the private key belongs to another certificate
	CategoryCertUsage                 = "cert-usage"        // key usages forbid what it is used for
	CategoryCertNotIssued             = "cert-not-issued"   // asked for, and pending, denied or never signed
	CategoryTokenAuth                 = "token-auth"
	CategoryRBAC                      = "rbac"
	CategoryNetworkBlocked            = "network-blocked"
	CategoryMTU                       = "mtu"
	CategoryDNS                       = "dns"
	CategoryClockSkew                 = "clock-skew"
	CategoryKonnectivityAgentDown     = "konnectivity-agent-down"
	CategoryKonnectivityServerDown    = "konnectivity-server-down"
	CategoryKonnectivityConfig        = "konnectivity-config"
	CategoryKonnectivityCountMismatch = "konnectivity-count-mismatch"
	CategoryAPIDown                   = "api-down"
	CategoryKubeletDown               = "kubelet-down"
	CategoryWorkloadDown              = "workload-down"
	CategoryAPIService                = "apiservice"
	CategoryWebhook                   = "webhook"
	CategoryMetricsServerConfig       = "metrics-server-config"
	CategoryConfig                    = "config"
	CategoryResourceExhaustion        = "resource-exhaustion"
	CategoryUnsupportedVersion        = "unsupported-version"
	CategoryVersionSkew               = "version-skew"
	CategoryBugUpstream               = "bug-upstream"
	CategoryOther                     = "other"
)

// Categories lists all categories.
var Categories = []string{
	CategoryCertExpired,
	CategoryCertNotYetValid,
	CategoryCertCAMismatch,
	CategoryCertSAN,
	CategoryCertNotReloaded,
	CategoryCertKeyMismatch,
	CategoryCertUsage,
	CategoryCertNotIssued,
	CategoryTokenAuth,
	CategoryRBAC,
	CategoryNetworkBlocked,
	CategoryMTU,
	CategoryDNS,
	CategoryClockSkew,
	CategoryKonnectivityAgentDown,
	CategoryKonnectivityServerDown,
	CategoryKonnectivityConfig,
	CategoryKonnectivityCountMismatch,
	CategoryAPIDown,
	CategoryKubeletDown,
	CategoryWorkloadDown,
	CategoryAPIService,
	CategoryWebhook,
	CategoryMetricsServerConfig,
	CategoryConfig,
	CategoryResourceExhaustion,
	CategoryUnsupportedVersion,
	CategoryVersionSkew,
	CategoryBugUpstream,
	CategoryOther,
}
