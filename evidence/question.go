package evidence

import (
	"strconv"
	"strings"
)

// Kind is the kind of a question.
type Kind string

// The kinds of questions.
const (
	List   Kind = "list"   // the objects of Resource, in Namespace or in all
	Get    Kind = "get"    // one object of Resource, by Namespace and Name
	Raw    Kind = "raw"    // GET of Path at the API server
	Log    Kind = "log"    // whether one byte of the log of container Container of Pod Namespace/Name arrives
	Errors Kind = "errors" // the lines of that log that tell of an error whose meaning laudo knows
	TLS    Kind = "tls"    // a TLS handshake with Address, as ServerName
	Client Kind = "client" // how the client is configured to reach the API server
	Dial   Kind = "dial"   // GET of Path that makes the API server open a connection anew to what serves it; that connection is closed at once

	TCP          Kind = "tcp"          // a TCP connection to Address
	HTTP         Kind = "http"         // GET of Path at Address over TLS, without a credential and without verifying the server
	DNS          Kind = "dns"          // the addresses of the host named by Address, which has no port
	Certificates Kind = "certificates" // the certificates in the file Path, or in the files right below the directory Path
	Programs     Kind = "programs"     // the Kubernetes programs of a host: those that run, and those that static Pods ask for
)

// Standpoint is where a question is asked from. A result proves only the path
// from its standpoint.
type Standpoint string

// FromHere is the machine that laudo runs on. The zero value means the same.
const FromHere Standpoint = "here"

const (
	nodeStandpoint = "node/"
	podsStandpoint = "pods/"
)

// FromNode is a node of the cluster, on its own network, under the name of its
// Node object, or, where laudo was run on it, its host name.
func FromNode(name string) Standpoint { return Standpoint(nodeStandpoint + name) }

// FromPodsOn is a Pod of a node, on the Pod network: where connections of Pods
// that have an address of their own come from.
func FromPodsOn(node string) Standpoint { return Standpoint(podsStandpoint + node) }

// Node returns the name of the node of a standpoint; empty: it is on none.
func (s Standpoint) Node() string {
	for _, prefix := range []string{nodeStandpoint, podsStandpoint} {
		if name, ok := strings.CutPrefix(string(s), prefix); ok {
			return name
		}
	}
	return ""
}

// OnPodNetwork reports whether it is on the Pod network of its node, and not on
// that of the node itself.
func (s Standpoint) OnPodNetwork() bool { return strings.HasPrefix(string(s), podsStandpoint) }

// Question is something that can be asked of a cluster. It is comparable: two
// equal questions have one answer.
type Question struct {
	Kind      Kind   `json:"kind"`
	Resource  string `json:"resource,omitempty"` // "v1/pods", "apps/v1/deployments"
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name,omitempty"`
	Container string `json:"container,omitempty"`
	// Previous asks for the instance of the container before this one (Errors).
	Previous bool   `json:"previous,omitempty"`
	Path     string `json:"path,omitempty"`
	Address  string `json:"address,omitempty"` // host:port
	// ServerName is sent as SNI. Empty: the host of Address.
	ServerName string `json:"serverName,omitempty"`
	ALPN       string `json:"alpn,omitempty"` // comma-separated, in order of preference
	// Present names the Secret whose key pair is presented as client
	// certificate: "namespace/name certificate-key private-key-key". The key is
	// used in memory, for this one handshake. Empty: none is presented.
	Present string     `json:"present,omitempty"`
	From    Standpoint `json:"from,omitempty"`
	// Metadata asks for names, labels and annotations only (List): the objects
	// that answer are PartialObjectMetadata.
	Metadata bool `json:"metadata,omitempty"`
	// Nth tells repeated askings apart: 0 is the first.
	Nth int `json:"nth,omitempty"`
}

// String returns the question as a line that reads like a command. It is
// unique: it serves as key in bundles, and it orders questions.
func (q Question) String() string {
	var b strings.Builder
	b.WriteString(string(q.Kind))
	for _, part := range []struct{ name, value string }{
		{"", q.Resource},
		{"-n ", q.Namespace},
		{"", q.Name},
		{"-c ", q.Container},
		{"", q.Path},
		{"", q.Address},
		{"sni=", q.ServerName},
		{"alpn=", q.ALPN},
		{"present=", q.Present},
		{"from=", string(q.From)},
	} {
		if part.value != "" {
			b.WriteByte(' ')
			b.WriteString(part.name)
			b.WriteString(part.value)
		}
	}
	if q.Previous {
		b.WriteString(" --previous")
	}
	if q.Metadata {
		b.WriteString(" --metadata")
	}
	if q.Nth > 0 {
		b.WriteString(" #")
		b.WriteString(strconv.Itoa(q.Nth + 1))
	}
	return b.String()
}
