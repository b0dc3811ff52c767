package cli

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// progress tells on standard error how far a run has come. On a terminal it is
// one line, from the third second on, that vanishes at the end. Elsewhere it
// is silent, unless the user wants more said: then each stage is a line.
type progress struct {
	w     io.Writer
	lines bool // a line for each stage
	start time.Time
	now   func() time.Time

	mu    sync.Mutex
	stage string
	drawn time.Time
}

const (
	progressAfter = 2 * time.Second
	progressEvery = 100 * time.Millisecond
)

// progress returns nil where nothing is to be told.
func (a *app) progress(verbose bool) *progress {
	onTerminal := isTerminal(a.env.Err)
	if !onTerminal && !verbose {
		return nil
	}
	return &progress{w: a.env.Err, lines: !onTerminal, start: a.env.Now(), now: a.env.Now}
}

// report takes in how far the run has come. It may be called on nil.
func (p *progress) report(stage string, done, total int) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if p.lines {
		if stage != p.stage {
			p.stage = stage
			fmt.Fprintf(p.w, "laudo: %s\n", printable(stage))
		}
		return
	}
	if now.Sub(p.start) < progressAfter || now.Sub(p.drawn) < progressEvery {
		return
	}
	p.drawn = now
	line := stage
	if total > 0 {
		line = fmt.Sprintf("%s %d/%d", stage, done, total)
	}
	fmt.Fprintf(p.w, "\r\x1b[Klaudo: %s", printable(line))
}

// end wipes the line away.
func (p *progress) end() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.drawn.IsZero() {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
