package decode

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

const (
	mostEnd  = 1 << 19 // bytes read of the beginning of a long text, and of its end
	mostKept = 1 << 18 // bytes of what lies between
)

// Read reads a text to explain, however long: its beginning and its end (what
// went wrong first, and last), and of what lies between the lines that speak of
// a fault. It reports whether anything was left out. UTF-16 with a byte order
// mark, as Windows' shells write it, becomes UTF-8.
func Read(r io.Reader) (text string, cut bool, err error) {
	r = transform.NewReader(r, unicode.BOMOverride(transform.Nop))
	head, err := io.ReadAll(io.LimitReader(r, mostEnd))
	if err != nil || len(head) < mostEnd {
		return string(head), false, err
	}
	var (
		tail   []byte
		middle sieve
	)
	for chunk := make([]byte, mostEnd); ; {
		n, err := io.ReadFull(r, chunk)
		tail = append(tail, chunk[:n]...)
		if over := len(tail) - mostEnd; over > 0 {
			middle.add(tail[:over])
			tail = slices.Clone(tail[over:])
			cut = true
		}
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			if cut {
				if !bytes.HasSuffix(head, []byte{'\n'}) {
					head = append(head, "…"...)
				}
				head = slices.Concat(head, []byte{'\n'}, middle.kept, []byte{'\n'})
			}
			return string(append(head, tail...)), cut, nil
		case err != nil:
			return "", false, err
		}
	}
}

// sieve keeps lines that speak of a fault, each but for its figures once.
type sieve struct {
	kept []byte
	part []byte // of a line that goes on in the next piece
	seen map[string]bool
}

func (s *sieve) add(piece []byte) {
	if s.seen == nil {
		s.seen = make(map[string]bool)
	}
	lines := bytes.Split(slices.Concat(s.part, piece), []byte{'\n'})
	for _, line := range lines[:len(lines)-1] {
		line := string(line[:min(len(line), maxLine)])
		if len(s.kept) > mostKept || !speaks(line) {
			continue
		}
		if key := strings.Map(noDigit, line); !s.seen[key] {
			s.seen[key] = true
			s.kept = append(append(s.kept, line...), '\n')
		}
	}
	// A line without end is nobody's log.
	last := lines[len(lines)-1]
	s.part = slices.Clone(last[max(0, len(last)-mostEnd):])
}

// speaks reports whether a line may speak of a fault.
func speaks(line string) bool {
	for _, s := range telling {
		if strings.Contains(line, s) {
			return true
		}
	}
	return false
}

// telling is in what lines that speak of faults say, without the letters that
// may be capitals.
var telling = []string{
	"rror", "ERROR", "FATAL", "FAIL", "ail", "x509", "efused", "imeout", "imed out", "deadline", "nauthorized", "orbidden", "enied",
	"nable to", "annot", "an't", "ot found", "o such", "xpired", "nreachable", "o route", "o space", "oo many", "illed", "OOM", "anic", "EOF",
	"reset", "broken pipe", "mismatch", "not valid", "not ready", "NotReady", "o agent", "nvalid", "nhealthy", "issing", "exceeded", "ackoff",
	"ack-off", "BackOff", "lost", "closed", "retry",
}
