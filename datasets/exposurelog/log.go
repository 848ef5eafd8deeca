package exposurelog

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
)

// ErrClosed is what Add and Flush give after Close.
var ErrClosed = errors.New("exposurelog: the log is closed")

// Log is an open log. Its methods may be called concurrently.
type Log struct {
	options Options
	lock    *os.File
	writer  *writer

	mu      sync.Mutex
	pending *batch
	daily   daily
	stats   Stats
	changed chan struct{} // closed, and made anew, when there is room, progress or trouble
	closed  bool

	dirty   chan struct{} // has an element when records started to wait
	urgent  chan struct{} // has one when they should wait no longer
	closing chan struct{}
	done    chan struct{}
}

// Open opens the log of a folder, which it locks, mends what a crash left unfinished in the last file and finds out what was
// logged on the last two days.
func Open(o Options) (*Log, error) { return open(o, openFile) }

func open(o Options, opener func(string) (file, error)) (*Log, error) {
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	lock, err := enter(o.Dir)
	if err != nil {
		return nil, fmt.Errorf("exposurelog: %w", err)
	}
	l := &Log{
		options: o, lock: lock,
		daily:   daily{limit: o.Remember, shared: o.Memory},
		changed: make(chan struct{}),
		dirty:   make(chan struct{}, 1), urgent: make(chan struct{}, 1),
		closing: make(chan struct{}), done: make(chan struct{}),
	}
	if err := l.start(opener); err != nil {
		l.forget()
		return nil, fmt.Errorf("exposurelog: %w", errors.Join(err, lock.Close()))
	}
	go l.run()
	return l, nil
}

// Add takes a record, unless its day has it already: then added is false. The record's strings are copied. It waits while the log is
// full; when ctx ends first, the record is not logged. Nor is one that would spoil the log, which is an error.
//
// A record that was added becomes durable within Options.Sync, and the time of the write, or later while there is an error; see Flush.
func (l *Log) Add(ctx context.Context, e *Exposure) (added bool, err error) {
	texts, err := e.check(&l.options.Columns)
	if err != nil {
		return false, err
	}
	day, key := dayOf(e.At), e.key()
	l.mu.Lock()
	defer l.mu.Unlock()
	cost := l.pending.cost(texts)
	for {
		switch {
		case l.closed:
			return false, ErrClosed
		case l.daily.has(day, key):
			l.stats.Repeated++
			return false, nil
		case l.pending.rows == 0 || l.pending.bytes+cost <= l.options.Buffer:
			l.add(e, cost)
			if !l.daily.add(day, key) {
				l.stats.Unchecked++
			}
			return true, nil
		}
		l.stats.Waiting++
		err := l.wait(ctx)
		l.stats.Waiting--
		if err != nil {
			return false, l.refusal("the log is full, the exposure is not logged", err)
		}
	}
}

func (l *Log) add(e *Exposure, cost int) {
	if l.pending.rows == 0 {
		signal(l.dirty)
	}
	l.pending.add(e, cost)
	l.stats.Added++
	if l.pending.bytes >= l.options.Buffer/2 {
		signal(l.urgent)
	}
}

// wait lets go of the mutex until something has changed.
func (l *Log) wait(ctx context.Context) error {
	changed := l.changed
	l.mu.Unlock()
	defer l.mu.Lock()
	select {
	case <-changed:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (l *Log) refusal(what string, err error) error {
	if l.stats.Err != nil {
		err = fmt.Errorf("%w: %w", l.stats.Err, err)
	}
	return fmt.Errorf("exposurelog: %s: %w", what, err)
}

// tell wakes who waits.
func (l *Log) tell() {
	close(l.changed)
	l.changed = make(chan struct{})
}

func signal(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// forget gives back what it took of Options.Memory.
func (l *Log) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range l.daily.days {
		l.daily.forget(i)
	}
}

// Flush waits until everything that was added before it is durable, without the delay of Options.Sync.
func (l *Log) Flush(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for upTo := l.stats.Added; l.stats.Synced < upTo; {
		if l.stats.Lost > 0 {
			return fmt.Errorf("exposurelog: %d exposures are lost: %w", l.stats.Lost, ErrClosed)
		}
		signal(l.urgent)
		if err := l.wait(ctx); err != nil {
			return l.refusal(fmt.Sprintf("%d exposures are not durable yet", upTo-l.stats.Synced), err)
		}
	}
	return nil
}

// Close writes what was added and closes the log. It does not wait for a disk to recover: where Stats.Err says that there is trouble, call
// Flush before it with as much time as there is. An error tells how many records are lost.
func (l *Log) Close() error {
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		<-l.done
		return ErrClosed
	}
	l.closed = true
	close(l.closing)
	l.tell()
	l.mu.Unlock()
	<-l.done
	l.forget()

	err := errors.Join(l.writer.segments.close(), l.lock.Close())
	if lost := l.Stats().Lost; lost > 0 {
		err = errors.Join(fmt.Errorf("exposurelog: %d exposures are lost: %w", lost, l.writer.lost), err)
	}
	return err
}
