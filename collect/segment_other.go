//go:build !unix

package collect

import (
	"errors"
	"syscall"
)

// limitSegment fails: there is no such option.
func limitSegment(int) func(network, address string, conn syscall.RawConn) error {
	return func(string, string, syscall.RawConn) error { return errors.ErrUnsupported }
}
