package collect

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/kubelaudo/laudo/evidence"
)

// families are the beginnings of the names of metrics that are kept; all others
// are dropped while they stream by, for an API server has many megabytes.
//
// One line, one reason:
func families() []string {
	return []string{
		"apiserver_egress_dialer_",                 // dials into the cluster network, by stage and outcome
		"konnectivity_network_proxy_",              // the tunnel's client in the API server; server and agent
		"aggregator_unavailable_apiservice",        // aggregated APIs that are down, with the reason
		"aggregator_discovery_",                    // and how their discovery went
		"apiserver_admission_webhook_",             // webhooks: rejections, fail-open, duration
		"apiserver_webhooks_x509_",                 // serving certificates of webhooks without SAN, or SHA-1
		"apiserver_kube_aggregator_x509_",          // the same of aggregated APIs
		"apiserver_client_certificate_expiration_", // how long the clients' certificates have to live
		"apiserver_flowcontrol_rejected_requests_", // requests turned away
		"apiserver_tls_handshake_errors_total",     // clients that gave up, or were refused
		"apiserver_audit_requests_rejected_",       // requests failed by a full audit back end
		"apiserver_authentication_config_",         // whether a changed configuration was loaded
		"apiserver_encryption_config_",             // the same for encryption at rest
		"apiserver_envelope_encryption_",           // and for the key service
		"apiserver_storage_size_bytes",             // how full etcd is
		"apiserver_storage_db_total_size_in_bytes", // its older name
		"apiserver_storage_objects",                // how many objects of each kind
		"apiserver_current_inflight_requests",      // load
		"authentication_attempts",                  // logins that failed
		"authentication_token_cache_",              // and token reviews
		"authentication_duration_seconds_count",    //
		"serviceaccount_stale_tokens_total",        // clients that do not reload tokens
		"serviceaccount_legacy_tokens_total",       //
		"serviceaccount_valid_tokens_total",        //
		"etcd_request_errors_total",                // the way to etcd
		"etcd_requests_total",                      //
		"etcd_request_duration_seconds_count",      //
		"etcd_request_duration_seconds_sum",        //
		"etcd_server_",                             // etcd's own, where it is asked
		"etcd_mvcc_db_",                            //
		"rest_client_exec_plugin_",                 // certificates of credential plugins
		"rest_client_requests_total",               // what a component's requests came to
		"kubelet_certificate_manager_",             // rotation of the kubelet's certificates
		"kubelet_server_expiration_renew_errors",   //
		"kubelet_runtime_operations_errors_total",  // the way to the container runtime
		"process_start_time_seconds",               // which instance answers, since when: counters compare within it only
		"process_open_fds", "process_max_fds",      // file descriptors
		"kubernetes_build_info",      // its version
		"kubernetes_healthcheck",     // health checks by name
		"kubernetes_feature_enabled", // feature gates
	}
}

// maxMetrics bounds what is kept of the metrics, in bytes.
const maxMetrics = 4 << 20

// errTooMuch says that not all of the families fit.
var errTooMuch = errors.New("more metrics than are kept")

// readMetrics returns the lines of the families, and none of the rest.
func readMetrics(body io.Reader) (string, error) {
	r := bufio.NewReaderSize(body, 64<<10)
	keep := families()
	var b strings.Builder
	for {
		line, err := r.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) { // no metric is that long
			for errors.Is(err, bufio.ErrBufferFull) {
				_, err = r.ReadSlice('\n')
			}
			line = nil
		}
		if kept(line, keep) {
			if b.Len()+len(line) > maxMetrics {
				return b.String(), errTooMuch
			}
			b.WriteString(evidence.RedactText(string(line)))
		}
		if errors.Is(err, io.EOF) {
			return b.String(), nil
		}
		if err != nil {
			return b.String(), err
		}
	}
}

func kept(line []byte, families []string) bool {
	name := line
	if rest, ok := bytes.CutPrefix(line, []byte("# TYPE ")); ok {
		name = rest
	} else if len(line) == 0 || line[0] == '#' {
		return false
	}
	if bytes.Contains(name, []byte("_bucket{")) && !bytes.HasPrefix(name, []byte("apiserver_client_certificate_expiration_")) {
		return false // of other histograms, sums and counts suffice
	}
	for _, family := range families {
		if len(name) >= len(family) && string(name[:len(family)]) == family {
			return true
		}
	}
	return false
}
