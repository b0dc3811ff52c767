package evidence

import (
	"context"
	"time"

	"k8s.io/apimachinery/pkg/runtime"
)

// Why says why a question has no answer.
type Why string

// The reasons for a gap.
const (
	Forbidden    Why = "forbidden"     // HTTP 403: Detail names verb, resource, namespace and name
	Unauthorized Why = "unauthorized"  // HTTP 401
	TimedOut     Why = "timed-out"     // no answer within the time given
	Unreachable  Why = "unreachable"   // no connection to what answers
	Failed       Why = "failed"        // an answer that cannot be used: HTTP 5xx, garbled
	Hidden       Why = "hidden"        // the platform does not show it, by design
	NotCollected Why = "not-collected" // the bundle does not hold it
	Declined     Why = "declined"      // the user asked not to look
	Interrupted  Why = "interrupted"   // the user, or the overall time, ended the run
)

// Gap says why a question could not be answered.
type Gap struct {
	Why Why `json:"why"`
	// Detail is the error, redacted, in the words of whoever refused.
	Detail string `json:"detail,omitempty"`
}

// Answer is what came back for a question.
type Answer struct {
	Question Question  `json:"question"`
	At       time.Time `json:"at"` // when it was asked, UTC
	// Took is how long it took. It never takes part in reasoning, but for
	// answers that stayed out.
	Took time.Duration `json:"took,omitempty"`
	// Gap is set when there is no answer, or (List) not all of it.
	Gap *Gap `json:"gap,omitempty"`
	// Absent reports that what was asked for does not exist: no such object
	// (Get), or a resource that the server does not serve (List).
	Absent bool `json:"absent,omitempty"`
	Count  int  `json:"count,omitempty"` // List: how many objects came
	// Status is the HTTP status (Raw, Log, Errors, Dial); 0 where no response came.
	Status int `json:"status,omitempty"`
	// Text is the body (Raw), or the error message of the server (Log, Errors,
	// Dial), or of the connection (TLS). Redacted.
	Text string `json:"text,omitempty"`
	// Lines are those of a log that tell of an error whose meaning laudo knows,
	// each once, the oldest first (Errors). Redacted. The others are dropped.
	Lines []string `json:"lines,omitempty"`
	// Bytes is how many bytes of log came. Their content is dropped.
	Bytes int `json:"bytes,omitempty"`
	// Shake is how far a connection came (TLS, TCP).
	Shake  *Handshake    `json:"handshake,omitempty"`
	Client *ClientConfig `json:"client,omitempty"` // Client
	// ServerTime is the Date header of the response, if there was one.
	ServerTime time.Time `json:"serverTime,omitzero"`
	// Addresses are those of a name (DNS), sorted. None, without a gap: Text is
	// the error of the resolver.
	Addresses []string `json:"addresses,omitempty"`
	// Files are those that were found (Certificates), by path.
	Files []CertificateFile `json:"files,omitempty"`
	// Programs are those of a host (Programs), by name.
	Programs []Program `json:"programs,omitempty"`
}

// CertificateFile is what is public of a file.
type CertificateFile struct {
	Path string `json:"path"`
	// Certificates are those in the file, in their order, DER. None: the file
	// holds none, or Error says why it was not read.
	Certificates [][]byte `json:"certificates,omitempty"`
	Error        string   `json:"error,omitempty"`
	// Changed is when the file was last written.
	Changed time.Time `json:"changed,omitzero"`
}

// Program is a program of Kubernetes on a host.
type Program struct {
	Name string `json:"name"` // "kube-apiserver", as its file is called
	// Running reports whether it has a process, and Started when that began; zero:
	// not known.
	Running bool      `json:"running,omitempty"`
	Started time.Time `json:"started,omitzero"`
	// Args is its command line without the program itself, redacted.
	Args []string `json:"args,omitempty"`
	// Config is what laws read of the configuration file that its flags name, by
	// the path of the field: "tlsCertFile".
	Config map[string]string `json:"config,omitempty"`
	// Manifest is the file of the static Pod that asks for it; empty: none does.
	Manifest string `json:"manifest,omitempty"`
}

// Handshake is how far a connection came: with TLS, or (TCP) without.
type Handshake struct {
	// Stage is the stage that failed: "name", "port", "tls", "client"; empty
	// when the handshake completed and the peer went on talking, or stayed silent.
	Stage string `json:"stage,omitempty"`
	// Error is the error text at that stage.
	Error string `json:"error,omitempty"`
	// Peer is what the server presented, leaf first, DER.
	Peer [][]byte `json:"peer,omitempty"`
	// AcceptableCAs are the subjects (raw DER) of the CAs that the server asked
	// a client certificate of. Nil: it asked for none, or it was not reached.
	AcceptableCAs [][]byte `json:"acceptableCAs,omitempty"`
	// ClientCertAsked reports whether the server asked for a client certificate.
	ClientCertAsked bool   `json:"clientCertAsked,omitempty"`
	Protocol        string `json:"protocol,omitempty"` // negotiated ALPN
	Version         string `json:"version,omitempty"`  // "TLS 1.3"
	RemoteIP        string `json:"remoteIP,omitempty"`
	// Presented reports whether a client certificate was sent.
	Presented bool `json:"presented,omitempty"`
	// Spoke reports, of a peer that was silent in the handshake until time was up,
	// whether it answered a small request without TLS, or hung up on it: it lives,
	// and small packets pass both ways.
	Spoke bool `json:"spoke,omitempty"`
	// MSS is, of such a peer, the size of the TCP segments in which a handshake
	// completed, while it hung again in those of full size; 0: it did not, or it
	// was not tried. Peer, ClientCertAsked and AcceptableCAs are then of that one.
	MSS int `json:"mss,omitempty"`
}

// ClientConfig is how the client reaches the API server: what kubectl's
// configuration rules chose, without any credential.
type ClientConfig struct {
	Context   string `json:"context,omitempty"`
	Cluster   string `json:"cluster,omitempty"`
	User      string `json:"user,omitempty"`
	Server    string `json:"server"`          // URL
	SNI       string `json:"sni,omitempty"`   // tls-server-name
	Proxy     string `json:"proxy,omitempty"` // proxy URL, without credentials
	InCluster bool   `json:"inCluster,omitempty"`
	Insecure  bool   `json:"insecure,omitempty"` // insecure-skip-tls-verify
	// CA is the certificate authority as PEM; empty: the system's roots.
	CA string `json:"ca,omitempty"`
	// CASource and CertSource say where a certificate came from: a file name,
	// or "data" for one embedded in the kubeconfig.
	CASource   string `json:"caSource,omitempty"`
	Cert       string `json:"cert,omitempty"` // client certificate, PEM, without its key
	CertSource string `json:"certSource,omitempty"`
	// Auth is the method: "certificate", "token", "token-file", "exec", "basic",
	// "auth-provider", "none".
	Auth        string `json:"auth,omitempty"`
	ExecCommand string `json:"execCommand,omitempty"`
	// TokenExpires, TokenIssued, TokenIssuer, TokenSubject and TokenAudiences are
	// the claims of a JWT; the token itself is not kept.
	TokenExpires   time.Time `json:"tokenExpires,omitzero"`
	TokenIssued    time.Time `json:"tokenIssued,omitzero"`
	TokenIssuer    string    `json:"tokenIssuer,omitempty"`
	TokenSubject   string    `json:"tokenSubject,omitempty"`
	TokenAudiences []string  `json:"tokenAudiences,omitempty"`
	// Files lists the kubeconfig files, in the order of precedence.
	Files []string `json:"files,omitempty"`
}

// Source answers questions.
//
// Ask answers q. The objects that answer a List or Get are handed to each, one
// at a time, whole and redacted; each may keep them. A source may be asked
// from several goroutines; each is then called from several, too, but never
// concurrently for one question.
//
// Now is the moment that the evidence speaks of: the present for a live
// source, and the recorded moment for a bundle.
type Source interface {
	Ask(ctx context.Context, q Question, each func(runtime.Object)) Answer
	Now() time.Time
}
