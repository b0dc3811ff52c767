package faults

import (
	"context"

	"github.com/kubelaudo/laudo/lab/cluster"
	"github.com/kubelaudo/laudo/lab/names"
)

func apiServiceCABundleWrong() *Fault {
	return extensionFault("apiservice-ca-bundle-wrong",
		"the caBundle of an APIService is of a CA that did not sign what the API serves", false, otherCA,
		func(e extension) Verdict {
			return Verdict{[]string{"cert-ca-mismatch"}, e.registered("caBundle"), Confirmed}
		}, "certificate signed by unknown authority")
}

func apiServiceServingCertExpired() *Fault {
	return extensionFault("apiservice-serving-cert-expired",
		"the serving certificate of an aggregated API expired nine days ago", false, expired,
		func(e extension) Verdict { return Verdict{[]string{"cert-expired"}, e.secret(), Confirmed} },
		"certificate has expired")
}

func apiServiceBackendGone() *Fault {
	return extensionFault("apiservice-backend-gone",
		"what serves an aggregated API was uninstalled, and its APIService was left", false, uninstalled,
		func(e extension) Verdict { return Verdict{[]string{"apiservice"}, e.service(), Confirmed} },
		"is not present")
}

func apiServiceSelectorWrong() *Fault {
	return extensionFault("apiservice-selector-wrong",
		"the Service of an aggregated API selects other labels than its Pods have", false,
		func(ctx context.Context, l *cluster.Lab, e extension) error {
			return e.patch(ctx, l, "service", e.Name, "--namespace="+e.Namespace, "--type=merge", `--patch={"spec":{"selector":{"app":"`+e.Name+`-v2"}}}`)
		},
		func(e extension) Verdict { return Verdict{[]string{"apiservice", "config"}, e.service(), Confirmed} },
		"MissingEndpoints", "EndpointsNotFound")
}

func apiServiceTargetPortWrong() *Fault {
	return tunnelMute(extensionFault("apiservice-target-port-wrong",
		"the Service of an aggregated API leads to a port that its Pods do not listen on", false,
		func(ctx context.Context, l *cluster.Lab, e extension) error {
			if err := e.patch(ctx, l, "service", e.Name, "--namespace="+e.Namespace, "--type=merge", `--patch={"spec":{"ports":[{"port":443,"targetPort":9999}]}}`); err != nil {
				return err
			}
			// Open connections last as long as the Pod that they lead to.
			_, err := l.Kubectl(ctx, "", "rollout", "restart", "deployment/"+e.Name, "--namespace="+e.Namespace)
			return err
		},
		func(e extension) Verdict { return Verdict{[]string{"apiservice", "config"}, e.service(), Confirmed} },
		"connection refused", "EOF", "FailedDiscoveryCheck"))
}

// tunnelMute changes what is due of connections that are refused where
// konnectivity-server does not say how connections fail: only nodes can tell.
func tunnelMute(f *Fault) *Fault {
	due := f.Due
	f.Due = func(l *cluster.Lab) Due {
		v := due(l)[cluster.API][0]
		if l.Profile == names.HTTPConnect {
			v.Least = Open
		}
		return fromNode(v, sameFrom(v))
	}
	return f
}

func apiServicePortWrong() *Fault {
	return extensionFault("apiservice-port-wrong",
		"an APIService names a port that its Service does not have", false,
		func(ctx context.Context, l *cluster.Lab, e extension) error {
			return e.patch(ctx, l, "apiservice", e.apiService(), "--type=merge", `--patch={"spec":{"service":{"port":8443}}}`)
		},
		func(e extension) Verdict {
			return Verdict{[]string{"apiservice", "config"}, e.registered(""), Confirmed}
		},
		"ServicePortError")
}
