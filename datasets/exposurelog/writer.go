package exposurelog

import (
	"time"

	"github.com/apache/arrow/go/v17/arrow"

	"liftgate/datasets"
)

const maxPause = 5 * time.Second

// writer is what only the goroutine that writes uses.
type writer struct {
	spare    *batch
	encoder  *encoder
	segments segments
	lost     error // why Close gave records up
}

// run writes batch by batch until the log is closed and nothing waits.
func (l *Log) run() {
	defer close(l.done)
	for more := true; more; {
		more = l.gather()
		l.writeNext()
	}
}

// gather waits until there are records, and then for more of them. It tells whether to go on.
func (l *Log) gather() bool {
	select {
	case <-l.dirty:
	case <-l.closing:
		return false
	}
	return l.pause(l.options.Sync, l.urgent)
}

// pause ends early when told so, and gives false when the log is closing.
func (l *Log) pause(d time.Duration, early <-chan struct{}) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-early:
	case <-l.closing:
		return false
	}
	return true
}

func (l *Log) writeNext() {
	b, ok := l.take()
	if !ok {
		return
	}
	latest := b.latest
	r := b.record()
	defer r.Release()
	l.writer.spare = b
	if l.writer.lost == nil { // else something unfinished is where this one would go
		l.writer.lost = l.persist(r, latest)
	}
	l.settle(r.NumRows(), l.writer.lost)
}

// persist writes until it succeeds, or fails although the log was about to close before it tried.
func (l *Log) persist(r arrow.Record, latest datasets.Instant) error {
	for pause := l.options.Sync; ; pause = min(2*pause, maxPause) {
		closing := l.isClosing()
		err := l.writer.write(r, latest)
		if err == nil || closing {
			return err
		}
		l.trouble(err)
		l.pause(pause, nil)
	}
}

func (l *Log) isClosing() bool {
	select {
	case <-l.closing:
		return true
	default:
		return false
	}
}

// take gives the records that wait, and room for others.
func (l *Log) take() (b *batch, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.pending.rows == 0 {
		return nil, false
	}
	b, l.pending = l.pending, l.writer.spare
	l.tell()
	return b, true
}

func (w *writer) write(r arrow.Record, latest datasets.Instant) error {
	message, err := w.encoder.encode(r)
	if err != nil {
		return err
	}
	return w.segments.append(message, latest)
}

func (l *Log) trouble(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stats.Err = err
	l.stats.Failures++
	l.tell()
}

// settle counts records that are durable, or lost.
func (l *Log) settle(rows int64, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stats.Err = err
	if err == nil {
		l.stats.Synced += rows
	} else {
		l.stats.Lost += rows
	}
	l.tell()
}
