package collect

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
)

// patient is how many requests may wait in vain for a server that has never
// answered before others are not sent at all. Two, because one can be lost.
const patient = 2

// silence knows whether the API server has answered anything yet: where it never
// does, one question after the other would wait for it to the end of its time.
type silence struct {
	// plugin says that a credential plugin may be what was waited for, while its
	// user logs in: only connections that were not made count then.
	plugin bool

	mu       sync.Mutex
	answered bool
	waited   int   // requests that waited in vain
	last     error // of them
}

// note takes in the error of a request that got no response.
func (s *silence) note(err error) {
	if !errors.Is(err, context.DeadlineExceeded) || s.plugin && !isDial(err) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waited++
	s.last = err
}

// broken takes in that there was a response.
func (s *silence) broken() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answered = true
}

// lasting returns the error of those who waited, once there is no point in
// waiting more.
func (s *silence) lasting() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.answered || s.waited < patient {
		return nil
	}
	return fmt.Errorf("not tried again after: %w", s.last)
}

// isDial reports whether err says that a connection could not be made.
func isDial(err error) bool {
	var network *net.OpError
	return errors.As(err, &network) && network.Op == "dial"
}
