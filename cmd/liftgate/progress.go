package main

import (
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
)

// progress draws a bar on stderr. Without a terminal, or when quiet, it draws nothing. It may be told by several goroutines.
type progress struct {
	bar  *progressbar.ProgressBar
	mu   sync.Mutex
	what string
}

func (c *console) progress() *progress {
	if c.quiet || !isTerminal(c.stderr) {
		return &progress{}
	}
	return &progress{bar: progressbar.NewOptions64(-1,
		progressbar.OptionSetWriter(c.stderr),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionSetPredictTime(false),
		progressbar.OptionSetWidth(30),
		progressbar.OptionClearOnFinish(),
	)}
}

// update shows that done of total is behind us; what says of what.
func (p *progress) update(done, total int64, what string) {
	if p.bar == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if what != p.what {
		p.what = what
		p.bar.Describe(what)
	}
	if total > 0 && total != p.bar.GetMax64() {
		p.bar.ChangeMax64(total)
	}
	_ = p.bar.Set64(done) // a bar that cannot be drawn is no reason to fail
}

// say tells the user something, above the bar.
func (p *progress) say(c *console, text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.end()
	c.note("%s", text)
}

// end removes the bar.
func (p *progress) end() {
	if p.bar != nil {
		_ = p.bar.Clear()
	}
}
