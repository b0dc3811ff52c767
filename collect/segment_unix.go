//go:build unix

package collect

import "syscall"

// limitSegment sets a socket's maximum segment size before it connects: it is
// announced to the peer, so that neither side sends larger ones.
func limitSegment(size int) func(network, address string, conn syscall.RawConn) error {
	return func(_, _ string, conn syscall.RawConn) error {
		var err error
		if e := conn.Control(func(fd uintptr) {
			err = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_MAXSEG, size)
		}); e != nil {
			return e
		}
		return err
	}
}
