package collect

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubelaudo/laudo/evidence"
)

// How long each stage of a handshake may take.
const (
	nameTime  = 3 * time.Second
	portTime  = 3 * time.Second
	shakeTime = 3 * time.Second
	// alertTime is how long to wait, once the handshake is done, for the server
	// to object to the client certificate: in TLS 1.3 it does so only then.
	alertTime = 300 * time.Millisecond
	// smallTime is how long a handshake in small segments may take, and againTime
	// one more in segments of full size: longer than TCP waits before it sends
	// what was lost anew.
	smallTime = time.Second
	againTime = 1500 * time.Millisecond
	// smallSegment passes wherever IPv4 does (RFC 9293, 3.7.1).
	smallSegment = 536
)

// The stages, as in evidence.Handshake.
const (
	stageName   = "name"
	stagePort   = "port"
	stageTLS    = "tls"
	stageClient = "client"
)

// tls answers a TLS: how far a handshake comes, and what the server shows.
// Nothing is verified here: that is for laws to do.
func (l *Live) tls(ctx context.Context, q evidence.Question, a *evidence.Answer) {
	var pair *tls.Certificate
	if q.Present != "" {
		if !l.options.PresentClientCerts {
			a.Gap = &evidence.Gap{Why: evidence.Declined, Detail: "no client certificate out of a Secret is presented"}
			return
		}
		if l.options.NoSecrets {
			a.Gap = &evidence.Gap{Why: evidence.Declined, Detail: "Secrets are not read"}
			return
		}
		var err error
		if pair, err = l.keyPair(ctx, q.Present, a); err != nil {
			a.Gap = gap(ctx, err)
			return
		}
	}
	shakeHands(ctx, q, pair, a)
}

// keyPair reads a client certificate and its key out of a Secret. The key never
// leaves memory, and is dropped after the handshake.
func (l *Live) keyPair(ctx context.Context, present string, a *evidence.Answer) (*tls.Certificate, error) {
	fields := strings.Fields(present)
	if len(fields) != 3 {
		return nil, garbled("no key pair: %q", present)
	}
	namespace, name, _ := strings.Cut(fields[0], "/")
	o, err := l.object(ctx, evidence.Question{Kind: evidence.Get, Resource: evidence.Secrets.Name, Namespace: namespace, Name: name}, a)
	if err != nil {
		return nil, err
	}
	secret, ok := o.(*corev1.Secret)
	if !ok {
		return nil, garbled("no Secret: %s", fields[0])
	}
	pair, err := tls.X509KeyPair(secret.Data[fields[1]], secret.Data[fields[2]])
	if err != nil {
		return nil, garbled("reading the key pair of Secret %s: %w", fields[0], err)
	}
	return &pair, nil
}

// handshake is one TLS handshake, and what was seen of it.
type handshake struct {
	question evidence.Question
	pair     *tls.Certificate // to present; nil: none
	segment  int              // the largest TCP segment either way; 0: as the path has it
	seen     evidence.Handshake
}

func (h *handshake) run(ctx context.Context) {
	conn := h.open(ctx)
	if conn == nil {
		return
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	secure := tls.Client(conn, h.config())
	conn.SetDeadline(time.Now().Add(shakeTime))
	if err := secure.HandshakeContext(ctx); err != nil {
		h.fail(h.handshakeStage(err), err)
		if len(h.seen.Peer) == 0 && isTimeout(err) {
			h.inSmall(ctx)
		}
		return
	}
	state := secure.ConnectionState()
	h.seen.Protocol = state.NegotiatedProtocol
	h.seen.Version = tls.VersionName(state.Version)
	conn.SetDeadline(time.Now().Add(alertTime))
	h.listen(secure)
}

// inSmall tries, with a peer of which nothing came, what does without large
// packets: a request without TLS, and the same handshake in small segments. One
// that completes, where one in segments of full size hangs before and after it,
// shows that size is what matters, and the certificate too.
func (h *handshake) inSmall(ctx context.Context) {
	h.seen.Spoke = h.speaks(ctx)
	small := handshake{question: h.question, segment: smallSegment}
	if err := small.try(ctx, smallTime); err != nil && small.seen.Stage != stageClient || len(small.seen.Peer) == 0 {
		return
	}
	again := handshake{question: h.question}
	if err := again.try(ctx, againTime); err == nil || !isTimeout(err) || len(again.seen.Peer) > 0 {
		return
	}
	h.seen.MSS = smallSegment
	h.seen.Peer = small.seen.Peer
	h.seen.ClientCertAsked, h.seen.AcceptableCAs = small.seen.ClientCertAsked, small.seen.AcceptableCAs
}

// try makes the handshake, and nothing beyond.
func (h *handshake) try(ctx context.Context, limit time.Duration) error {
	conn := h.open(ctx)
	if conn == nil {
		return errors.New(h.seen.Error)
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	conn.SetDeadline(time.Now().Add(limit))
	err := tls.Client(conn, h.config()).HandshakeContext(ctx)
	if err != nil {
		h.fail(h.handshakeStage(err), err)
	}
	return err
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}

// speaks reports whether a peer that said nothing in the handshake, whose
// answer takes large packets, reacts to a small request without TLS.
func (h *handshake) speaks(ctx context.Context) bool {
	again := handshake{question: h.question}
	conn := again.open(ctx)
	if conn == nil {
		return false
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	conn.SetDeadline(time.Now().Add(alertTime))
	if _, err := io.WriteString(conn, "GET / HTTP/1.0\r\n\r\n"); err != nil {
		return false
	}
	n, err := conn.Read(make([]byte, 1))
	return n > 0 || errors.Is(err, io.EOF)
}

// open opens the TCP connection; nil: it failed, and the stage is noted.
func (h *handshake) open(ctx context.Context) net.Conn {
	host, port, err := net.SplitHostPort(h.question.Address)
	if err != nil {
		h.fail(stageName, err)
		return nil
	}
	addresses, err := resolve(ctx, host)
	if err != nil {
		h.fail(stageName, err)
		return nil
	}
	conn, err := connect(ctx, addresses, port, h.segment)
	if err != nil {
		h.fail(stagePort, err)
		return nil
	}
	if remote, ok := conn.RemoteAddr().(*net.TCPAddr); ok {
		h.seen.RemoteIP = remote.IP.String()
	}
	return conn
}

// resolve returns the addresses of a host.
func resolve(ctx context.Context, host string) ([]string, error) {
	if net.ParseIP(host) != nil {
		return []string{host}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, nameTime)
	defer cancel()
	return net.DefaultResolver.LookupHost(ctx, host)
}

// connect opens a connection to the first address that answers, and shares the
// time between them. A segment other than 0 is the largest that either side may
// send.
func connect(ctx context.Context, addresses []string, port string, segment int) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, portTime)
	defer cancel()
	var first error
	for i, address := range addresses {
		dialer := net.Dialer{}
		if segment != 0 {
			dialer.Control = limitSegment(segment)
		}
		if deadline, ok := ctx.Deadline(); ok {
			dialer.Timeout = time.Until(deadline) / time.Duration(len(addresses)-i)
		}
		conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(address, port))
		if err == nil {
			return conn, nil
		}
		if first == nil {
			first = err
		}
		if ctx.Err() != nil {
			break
		}
	}
	return nil, first
}

// config trusts everybody, and notes what passes.
func (h *handshake) config() *tls.Config {
	host, _, _ := net.SplitHostPort(h.question.Address)
	name := h.question.ServerName
	if name == "" && net.ParseIP(host) == nil {
		name = host
	}
	config := &tls.Config{
		ServerName:         name,
		InsecureSkipVerify: true, // laws verify what was seen
		MinVersion:         tls.VersionTLS10,
		VerifyPeerCertificate: func(raw [][]byte, _ [][]*x509.Certificate) error {
			h.seen.Peer = raw
			return nil
		},
		GetClientCertificate: func(info *tls.CertificateRequestInfo) (*tls.Certificate, error) {
			h.seen.ClientCertAsked = true
			h.seen.AcceptableCAs = info.AcceptableCAs
			if h.pair != nil { // whatever CAs it names: to see how it objects
				h.seen.Presented = true
				return h.pair, nil
			}
			return &tls.Certificate{}, nil
		},
	}
	if h.question.ALPN != "" {
		config.NextProtos = strings.Split(h.question.ALPN, ",")
	}
	return config
}

// handshakeStage tells whether a handshake failed for the client certificate's
// sake: up to TLS 1.2 the server objects within the handshake.
func (h *handshake) handshakeStage(err error) string {
	var alert tls.AlertError
	if h.seen.ClientCertAsked && (errors.As(err, &alert) || isRemote(err)) {
		return stageClient
	}
	return stageTLS
}

// isRemote reports whether the error is an alert of the peer.
func isRemote(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "remote error"
}

// listen waits a moment for the server to object, to talk, or to hang up.
func (h *handshake) listen(conn *tls.Conn) {
	_, err := conn.Read(make([]byte, 1))
	var timeout net.Error
	switch {
	case err == nil: // it talks, as servers of HTTP/2 do
	case errors.As(err, &timeout) && timeout.Timeout(): // it waits for us to talk
	case isRemote(err), h.seen.ClientCertAsked:
		h.fail(stageClient, err)
	case errors.Is(err, io.EOF):
		h.seen.Error = "EOF: the server hung up after the handshake"
	default:
		h.seen.Error = err.Error()
	}
}

func (h *handshake) fail(stage string, err error) {
	h.seen.Stage = stage
	h.seen.Error = err.Error()
	if errors.Is(err, context.DeadlineExceeded) && h.seen.Error == context.DeadlineExceeded.Error() {
		h.seen.Error = fmt.Sprintf("%s: timed out", h.question.Address)
	}
}
