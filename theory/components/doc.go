// Package components holds the parts of a cluster that laudo has a theory of,
// one file each, and the list of them all.
package components

import (
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/theory"
)

// All are the components, in the order in which they are read.
var All = []theory.Component{
	endpoint,
	apiserver,
	etcd,
	authentication,
	authorization,
	kubelet,
	konnectivity,
	remotedialer,
	metrics,
	aggregation,
	webhooks,
	conversions,
	clusterDNS,
	controllers,
	signer,
	nodePressure,
	autoscaling,
	namespaces,
	workloads,
	host,
	reported,
}

// Host are the components that a machine can be judged by alone.
var Host = []theory.Component{hostAlone}

// MostSuspect are the names of the components in the order in which people
// suspect them; the way to the API server, which works for whoever has got this
// far, comes last.
var MostSuspect = []string{
	konnectivity.Name, remotedialer.Name, kubelet.Name, nodePressure.Name, workloads.Name, webhooks.Name, conversions.Name, controllers.Name, clusterDNS.Name, signer.Name, aggregation.Name, metrics.Name, autoscaling.Name, namespaces.Name, apiserver.Name, etcd.Name, authentication.Name, authorization.Name, host.Name, reported.Name, endpoint.Name,
}

// Enumerated are the resources whose objects carry symptoms: without a list of
// them laudo cannot say that nothing is broken.
var Enumerated = []string{
	evidence.Nodes.Name, evidence.Pods.Name, evidence.APIServices.Name,
	evidence.Deployments.Name, evidence.DaemonSets.Name, evidence.StatefulSets.Name,
}

// AlsoEnumerated are further resources whose objects carry symptoms: without
// the right to list them laudo cannot say that nothing is broken. Bundles of
// before they were read are not held to that.
var AlsoEnumerated = []string{
	evidence.CustomResourceDefinitions.Name, evidence.HorizontalPodAutoscalers.Name, evidence.Namespaces.Name,
}
