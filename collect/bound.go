package collect

import (
	"fmt"
	"io"
)

// What is read of one answer at most, in bytes, so that a server that goes on
// and on takes no more of the machine than one that does not.
const (
	// maxObject bounds one object: the API server stores 1.5 MiB at most by
	// default, and a body in JSON is somewhat larger.
	maxObject = 8 << 20
	// maxPage bounds a page of a list, of which objects are held one at a time.
	maxPage = 64 << 20
	// maxBody bounds the body that is kept of a path.
	maxBody = 4 << 20
	// maxScrape bounds what goes by of the metrics, of which little is kept.
	maxScrape = 256 << 20
)

// boundedReader fails once more than most bytes are there to be read.
type boundedReader struct {
	r    io.Reader
	what string
	most int64
	read int64
}

func bounded(r io.Reader, what string, most int64) *boundedReader {
	return &boundedReader{r: r, what: what, most: most}
}

func (b *boundedReader) Read(p []byte) (int, error) {
	if b.read > b.most {
		return 0, tooLarge(b.what, b.most)
	}
	if left := b.most - b.read + 1; int64(len(p)) > left { // one more tells that there is more
		p = p[:left]
	}
	n, err := b.r.Read(p)
	b.read += int64(n)
	if b.read > b.most {
		return n - 1, tooLarge(b.what, b.most)
	}
	return n, err
}

// tooLarge is the error of what is not read because of its size.
func tooLarge(what string, most int64) error {
	return garbled("%s is larger than %s, and is not read further", what, mebibytes(most))
}

func mebibytes(n int64) string { return fmt.Sprintf("%d MiB", n>>20) }

// heldReader fails once its user holds more than maxObject bytes of what was
// read and cannot make anything of them: one object that does not end.
type heldReader struct {
	r    io.Reader
	used func() int64 // how many bytes its user is done with
	read int64
}

func (h *heldReader) Read(p []byte) (int, error) {
	left := maxObject - (h.read - h.used())
	if left <= 0 {
		return 0, tooLarge("an object of the list", maxObject)
	}
	if int64(len(p)) > left {
		p = p[:left]
	}
	n, err := h.r.Read(p)
	h.read += int64(n)
	return n, err
}
