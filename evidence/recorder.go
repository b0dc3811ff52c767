package evidence

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/runtime"
)

// chunkSize is how many bytes of objects are gathered before they are written.
const chunkSize = 1 << 20

// Recorder is a source that writes what it passes on to a bundle, as it comes:
// what was written before an interruption can be read.
type Recorder struct {
	source Source
	now    time.Time

	mu      sync.Mutex
	numbers int // how many questions were asked
	err     error

	sending sync.RWMutex // held while something is sent, and to close
	closed  bool
	queue   chan entry
	done    chan struct{}
}

// entry is a file of the bundle on its way to the writer.
type entry struct {
	name string
	data []byte
}

// NewRecorder returns a recorder of what source answers. The manifest's format
// and version are filled in; its Now, where it is zero, is the source's.
func NewRecorder(w io.Writer, source Source, manifest Manifest) (*Recorder, error) {
	manifest.Format, manifest.FormatVersion = bundleFormat, bundleVersion
	if manifest.Now.IsZero() {
		manifest.Now = source.Now()
	}
	manifest.Now = manifest.Now.UTC()
	manifest.Cluster = RedactText(manifest.Cluster)
	r := &Recorder{
		source: source,
		now:    manifest.Now,
		queue:  make(chan entry, 4),
		done:   make(chan struct{}),
	}
	zipped, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	text, err := json.MarshalIndent(manifest, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("writing the manifest: %w", err)
	}
	archive := tar.NewWriter(zipped)
	if err := writeEntry(archive, zipped, entry{manifestEntry, append(text, '\n')}, r.now); err != nil {
		return nil, fmt.Errorf("writing the manifest: %w", err)
	}
	go r.write(archive, zipped)
	return r, nil
}

// Now returns the moment that the bundle speaks of.
func (r *Recorder) Now() time.Time { return r.now }

// Ask passes the question on, and records what comes back.
func (r *Recorder) Ask(ctx context.Context, q Question, each func(runtime.Object)) Answer {
	r.mu.Lock()
	r.numbers++
	number := r.numbers
	r.mu.Unlock()

	c := chunks{recorder: r, resource: q.Resource, number: number}
	answer := r.source.Ask(ctx, q, func(o runtime.Object) {
		c.add(o)
		if each != nil {
			each(o)
		}
	})
	c.flush()
	text, err := json.MarshalIndent(recorded{answer, c.names}, "", "  ")
	if err != nil {
		r.fail(fmt.Errorf("recording the answer to %s: %w", q, err))
		return answer
	}
	r.put(entry{fmt.Sprintf("%s%05d.json", answersDir, number), append(text, '\n')})
	return answer
}

// Close writes what is left and returns the first error of the recording. It
// does not close the writer that the bundle goes to. What comes back for
// questions that are still being asked is passed on, and not recorded.
func (r *Recorder) Close() error {
	r.sending.Lock()
	if !r.closed {
		r.closed = true
		close(r.queue)
	}
	r.sending.Unlock()
	<-r.done
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

func (r *Recorder) put(e entry) {
	r.sending.RLock()
	defer r.sending.RUnlock()
	if !r.closed {
		r.queue <- e
	}
}

func (r *Recorder) fail(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err == nil {
		r.err = err
	}
}

// write compresses entries while others are still being asked for.
func (r *Recorder) write(archive *tar.Writer, zipped *gzip.Writer) {
	defer close(r.done)
	failed := false
	for e := range r.queue {
		if failed {
			continue
		}
		if err := writeEntry(archive, zipped, e, r.now); err != nil {
			r.fail(fmt.Errorf("writing the bundle: %w", err))
			failed = true
		}
	}
	if failed {
		return
	}
	if err := archive.Close(); err != nil {
		r.fail(fmt.Errorf("writing the bundle: %w", err))
		return
	}
	if err := zipped.Close(); err != nil {
		r.fail(fmt.Errorf("writing the bundle: %w", err))
	}
}

// writeEntry writes an entry through to the end, so that it can be read should
// it be the last.
func writeEntry(archive *tar.Writer, zipped *gzip.Writer, e entry, at time.Time) error {
	err := archive.WriteHeader(&tar.Header{
		Typeflag: tar.TypeReg,
		Name:     e.name,
		Size:     int64(len(e.data)),
		Mode:     0o644,
		ModTime:  at.Truncate(time.Second),
		Format:   tar.FormatPAX,
	})
	if err != nil {
		return err
	}
	if _, err := archive.Write(e.data); err != nil {
		return err
	}
	if err := archive.Flush(); err != nil {
		return err
	}
	return zipped.Flush()
}

// chunks gathers the objects of one answer.
type chunks struct {
	recorder *Recorder
	resource string
	number   int // of the question
	buffer   bytes.Buffer
	names    []string
}

// add appends an object as it is now: each may change it afterwards.
func (c *chunks) add(o runtime.Object) {
	before := c.buffer.Len()
	if err := json.NewEncoder(&c.buffer).Encode(o); err != nil {
		c.buffer.Truncate(before)
		c.recorder.fail(fmt.Errorf("recording an object of %s: %w", c.resource, err))
		return
	}
	if c.buffer.Len() >= chunkSize {
		c.flush()
	}
}

func (c *chunks) flush() {
	if c.buffer.Len() == 0 {
		return
	}
	name := fmt.Sprintf("%s%s/%05d-%05d.jsonl", objectsDir, strings.TrimPrefix(c.resource, "/"), c.number, len(c.names)+1)
	c.names = append(c.names, name)
	c.recorder.put(entry{name, bytes.Clone(c.buffer.Bytes())})
	c.buffer.Reset()
}
