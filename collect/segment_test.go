//go:build linux

package collect

import (
	"crypto/tls"
	"net"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/kubelaudo/laudo/evidence"
)

// serveSmall serves TLS on connections whose segments are small, and takes the
// others without a word, as it looks where large packets are lost. After the
// number of others it answers them, too.
func serveSmall(t *testing.T, others int32) string {
	t.Helper()
	certificate := newAuthority(t, "ca").issue(t, "server", time.Hour)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	var large atomic.Int32
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { conn.Close() })
			raw, err := conn.(*net.TCPConn).SyscallConn()
			if err != nil {
				continue
			}
			segment := 0
			if err := raw.Control(func(fd uintptr) {
				segment, _ = syscall.GetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_MAXSEG)
			}); err != nil {
				continue
			}
			if segment > smallSegment && large.Add(1) <= others {
				continue
			}
			go func() { _ = tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{certificate}}).Handshake() }()
		}
	}()
	return listener.Addr().String()
}

// Of three connections of full size the first is the handshake, and the second a
// request without TLS.
func TestTLSInSmallSegments(t *testing.T) {
	for name, test := range map[string]struct {
		others int32
		mss    int
	}{
		"large ones are lost":      {others: 100, mss: smallSegment},
		"it was slow for a moment": {others: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := ask(t, newServerless(t), evidence.Question{Kind: evidence.TLS, Address: serveSmall(t, test.others)})
			if got.Shake == nil || got.Shake.Stage != "tls" || got.Shake.MSS != test.mss || (len(got.Shake.Peer) > 0) != (test.mss > 0) {
				t.Errorf("%+v", got.Shake)
			}
		})
	}
}
