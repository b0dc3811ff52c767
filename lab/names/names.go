// Package names draws everything about a lab that a diagnosis must not know by
// heart: names, namespaces, labels, mount paths, ports, certificate subjects.
// The same seed and profile give the same draw. It decides no behaviour.
package names

import (
	"fmt"
	"math/rand/v2"
)

// Names is what a seed decided.
type Names struct {
	Cluster    string   `json:"cluster"`    // name of the cluster in kubeconfigs
	Nodes      []string `json:"nodes"`      // node names, in order of their addresses
	Ports      Ports    `json:"ports"`      // ports on the control plane's address
	Agent      Agent    `json:"agent"`      // konnectivity-agent
	Metrics    Object   `json:"metrics"`    // metrics-server's Deployment and Service
	DNS        Object   `json:"dns"`        // CoreDNS's Deployment
	Workload   Workload `json:"workload"`   // Pods that log
	Subjects   Subjects `json:"subjects"`   // common names of the certificate authorities
	Authority  Layout   `json:"authority"`  // how the tunnel's authorities relate
	ServerCert string   `json:"serverCert"` // base name of the agent-side certificate's files
}

// Ports are drawn from those seen in real clusters.
type Ports struct {
	API         int `json:"api"`         // kube-apiserver
	Agent       int `json:"agent"`       // konnectivity-server, for agents
	Frontend    int `json:"frontend"`    // konnectivity-server, for the API server (http-connect)
	Admin       int `json:"admin"`       // konnectivity-server, admin
	Health      int `json:"health"`      // konnectivity-server, health
	AgentHealth int `json:"agentHealth"` // konnectivity-agent, health
	AgentAdmin  int `json:"agentAdmin"`  // konnectivity-agent, admin
}

// Agent is how konnectivity-agent is deployed.
type Agent struct {
	Object
	Container      string `json:"container"`
	ServiceAccount string `json:"serviceAccount"`
	Secret         string `json:"secret"`     // client certificate and key; empty with tokens
	CertKey        string `json:"certKey"`    // the Secret's key that holds the certificate
	KeyKey         string `json:"keyKey"`     // the Secret's key that holds the private key
	MountPath      string `json:"mountPath"`  // where the Secret is mounted
	BundleKind     string `json:"bundleKind"` // Secret or ConfigMap: where the CA bundle lives
	Bundle         string `json:"bundle"`     // its name
	BundleKey      string `json:"bundleKey"`  // the key in it
	BundlePath     string `json:"bundlePath"` // where it is mounted; MountPath if it is the same Secret
	TokenPath      string `json:"tokenPath"`  // directory of the projected token
	TokenFile      string `json:"tokenFile"`  // file in it
	Readiness      bool   `json:"readiness"`  // whether the Pods have a readiness probe
	EqualsSign     bool   `json:"equalsSign"` // whether flags are written --flag=value rather than as two arguments
	Command        bool   `json:"command"`    // whether flags follow the program in command rather than stand in args
}

// Object names something deployed and the label that selects its Pods.
type Object struct {
	Namespace  string `json:"namespace"`
	Name       string `json:"name"`
	LabelKey   string `json:"labelKey"`
	LabelValue string `json:"labelValue"`
}

// Selector is the label selector of the object's Pods as kubectl takes it.
func (o Object) Selector() string { return o.LabelKey + "=" + o.LabelValue }

// Workload names the Pods that log: a DaemonSet and a Deployment with a Service.
type Workload struct {
	Namespace  string `json:"namespace"`
	DaemonSet  string `json:"daemonSet"`
	Deployment string `json:"deployment"`
}

// Subjects are common names.
type Subjects struct {
	ClusterCA     string `json:"clusterCA"`
	FrontProxyCA  string `json:"frontProxyCA"`
	EtcdCA        string `json:"etcdCA"`
	AgentServerCA string `json:"agentServerCA"` // signs what agents verify
	AgentClientCA string `json:"agentClientCA"` // signs what agents present
	AgentClient   string `json:"agentClient"`   // what agents present
	AgentServer   string `json:"agentServer"`   // what agents verify
}

// Layout says how the authority of the tunnel's server certificate and that of
// the agents' client certificates relate.
type Layout string

// The layouts seen in the field.
const (
	OneCA       Layout = "one"     // one authority of the tunnel's own
	TwoCAs      Layout = "two"     // two authorities with different names
	TwinCAs     Layout = "twins"   // two authorities with one name
	ClusterOnly Layout = "cluster" // the cluster's own authority for both
)

// Profiles of a lab.
const (
	DeploymentMTLS = "deployment-mtls"
	DaemonSetToken = "daemonset-token"
	HTTPConnect    = "http-connect"
	Simulated      = "simulated"
)

// Profiles lists the profiles that up accepts.
func Profiles() []string {
	return []string{DeploymentMTLS, DaemonSetToken, HTTPConnect, Simulated}
}

// Draw gives what the seed decides for a lab of that profile and node count.
func Draw(seed uint64, profile string, nodes int) Names {
	d := drawer{rand.New(rand.NewPCG(seed, 0x6c6162))}
	n := Names{Cluster: d.of("prod", "shop", "payments", "edge", "core") + "-" + d.of("eu", "us", "br", "a", "b")}
	n.Nodes = d.nodes(nodes)
	n.Ports = d.ports()
	n.Agent = d.agent(profile)
	n.Metrics = d.object([]string{"metrics-server", "metrics-server", "resource-metrics"}, "kube-system", "monitoring")
	n.DNS = d.object([]string{"coredns", "kube-dns", "cluster-dns"}, "kube-system")
	n.Workload = Workload{
		Namespace:  d.of("shop", "payments", "web", "billing"),
		DaemonSet:  d.of("ledger", "collector", "sampler", "watcher"),
		Deployment: d.of("front", "checkout", "catalog", "orders"),
	}
	n.Authority = Layout(d.of(string(OneCA), string(TwoCAs), string(TwinCAs), string(ClusterOnly)))
	n.Subjects = d.subjects(n.Authority)
	n.ServerCert = d.of("server", "agent-listener", "tunnel", "konnectivity")
	return n
}

// drawer makes choices; the order in which it is asked is part of the result.
type drawer struct{ *rand.Rand }

func (d drawer) of(choices ...string) string { return choices[d.IntN(len(choices))] }

func (d drawer) port(choices ...int) int { return choices[d.IntN(len(choices))] }

func (d drawer) chance(percent int) bool { return d.IntN(100) < percent }

func (d drawer) nodes(count int) []string {
	const letters = "bcdfghjklmnpqrstvwxz0123456789"
	tail := make([]byte, 5)
	for i := range tail {
		tail[i] = letters[d.IntN(len(letters))]
	}
	form := d.of("worker-%[2]d", "pool-%[1]s-%[2]d", "np1-%[1]s-vmss00000%[2]x", "node-%[2]d.%[1]s.internal")
	all := make([]string, count)
	for i := range all {
		all[i] = fmt.Sprintf(form, tail, i+1)
		if form == "worker-%[2]d" {
			all[i] = fmt.Sprintf("worker-%d", i+1)
		}
	}
	return all
}

func (d drawer) ports() Ports {
	p := Ports{
		API:   d.port(6443, 6443, 8443, 7443),
		Agent: d.port(8091, 8132, 8135, 9132, 10443),
	}
	base := d.port(8101, 8201, 9101)
	p.Frontend, p.Health, p.Admin = base, base+1, base+2
	p.AgentHealth = d.port(8093, 8134, 8082)
	p.AgentAdmin = p.AgentHealth + 1
	return p
}

func (d drawer) object(choices []string, namespaces ...string) Object {
	o := Object{Namespace: d.of(namespaces...), Name: d.of(choices...)}
	o.LabelKey, o.LabelValue = d.of("k8s-app", "app", "app.kubernetes.io/name", "component"), o.Name
	return o
}

func (d drawer) agent(profile string) Agent {
	a := Agent{Object: d.object(
		[]string{"konnectivity-agent", "konnectivity-agent", "tunnel-agent", "node-link"},
		"kube-system", "kube-system", "konnectivity", "tunnel-system")}
	a.Container = d.of(a.Name, "agent", "proxy-agent")
	a.ServiceAccount = d.of(a.Name, "tunnel")
	a.Readiness = d.chance(30)
	a.EqualsSign = d.chance(75)
	a.Command = d.chance(30)
	a.BundleKey = d.of("ca.crt", "ca.pem", "server-ca.crt")
	certs := d.of("/certs", "/etc/konnectivity/tls", "/var/run/tunnel")
	secret := d.of("konnectivity-certs", a.Name+"-tls", "tunnel-client")
	pair := [][2]string{{"client.crt", "client.key"}, {"tls.crt", "tls.key"}, {"agent.pem", "agent-key.pem"}}[d.IntN(3)]
	ownBundle := d.chance(50)
	kind := d.of("ConfigMap", "Secret")
	bundle := d.of("konnectivity-ca", a.Name+"-roots", "tunnel-trust")
	bundlePath := d.of("/ca", "/etc/konnectivity/ca", "/var/run/tunnel-trust")
	a.TokenPath = d.of("/var/run/secrets/tokens", "/var/run/tunnel-token")
	a.TokenFile = d.of("konnectivity-agent-token", "token")

	if profile == DaemonSetToken {
		a.BundleKind, a.Bundle, a.BundlePath = kind, bundle, bundlePath
		return a
	}
	a.Secret, a.CertKey, a.KeyKey, a.MountPath = secret, pair[0], pair[1], certs
	a.BundleKind, a.Bundle, a.BundlePath = "Secret", secret, certs
	if ownBundle {
		a.BundleKind, a.Bundle, a.BundlePath = kind, bundle, bundlePath
	}
	return a
}

func (d drawer) subjects(layout Layout) Subjects {
	s := Subjects{
		ClusterCA:    d.of("kubernetes", "kubernetes-ca", "cluster-ca"),
		FrontProxyCA: d.of("front-proxy-ca", "aggregator-ca"),
		EtcdCA:       "etcd-ca",
		AgentClient:  d.of("konnectivity-agent", "system:konnectivity-agent", "tunnel-client"),
		AgentServer:  d.of("konnectivity-server", "tunnel", "kube-apiserver"),
	}
	one := d.of("konnectivity-ca", "tunnel-ca", "ca")
	other := d.of("konnectivity-client-ca", "agents-ca")
	switch layout {
	case OneCA, TwinCAs:
		s.AgentServerCA, s.AgentClientCA = one, one
	case TwoCAs:
		s.AgentServerCA, s.AgentClientCA = one, other
	case ClusterOnly:
		s.AgentServerCA, s.AgentClientCA = s.ClusterCA, s.ClusterCA
	}
	return s
}
