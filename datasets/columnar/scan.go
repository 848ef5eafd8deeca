package columnar

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"liftgate/datasets"
)

// filter turns batches into packets; each worker has one of its own.
type filter interface {
	// take adds the surviving rows a..b of a batch to the packet.
	take(b *batch, from, to int, out *packet) error
	// newPacket makes an empty packet.
	newPacket() *packet
}

// scan is one pass over a table.
type scan struct {
	workers int
	wants   []want
	pruning *pruning // nil: every part is read
	filter  func() filter
	// apply takes a packet's rows into a partition. It is called for the packets in the order of the rows, and for one partition
	// by one goroutine at a time. Nil: packets are thrown away.
	apply func(partition int, p *packet, rows []int32) error
	// progress is told the bytes that were read; nil: nobody.
	progress func(bytes int64)
}

// lookAhead is how many packets may wait for their turn, over all workers.
const lookAhead = 16

// job is a part to be read and the packets that come from it.
type job struct {
	origin *origin
	part   part
	out    chan delivery
}

// delivery is a packet, or the error that ended the part.
type delivery struct {
	packet *packet
	err    error
}

// run reads the parts of a table side by side and applies what survives in the order of files and rows. It reports the error
// that comes first in that order.
func (s *scan) run(ctx context.Context, t *table) error {
	ctx, cancel := context.WithCancel(ctx)
	jobs := s.jobs(t)
	var next atomic.Int64
	var readers sync.WaitGroup
	free := &sync.Pool{}
	for range min(s.workers, max(1, len(jobs))) {
		readers.Go(func() {
			w := &worker{scan: s, ctx: ctx, filter: s.filter(), free: free}
			w.packet = w.filter.newPacket()
			for i := next.Add(1) - 1; i < int64(len(jobs)) && ctx.Err() == nil; i = next.Add(1) - 1 {
				w.read(jobs[i])
			}
		})
	}
	defer readers.Wait()
	defer cancel()
	a := newAppliers(s, free)
	err := a.drain(ctx, jobs)
	return a.finish(err)
}

func (s *scan) jobs(t *table) []*job {
	ahead := max(2, lookAhead/s.workers)
	var jobs []*job
	for _, src := range t.sources {
		for _, p := range src.file.parts() {
			if s.pruning != nil && p.excluded(s.pruning) {
				s.report(p)
				continue
			}
			jobs = append(jobs, &job{&origin{src.path, p.place()}, p, make(chan delivery, ahead)})
		}
	}
	return jobs
}

func (s *scan) report(p part) {
	if s.progress != nil {
		s.progress(p.bytes())
	}
}

// worker reads parts.
type worker struct {
	scan   *scan
	ctx    context.Context
	filter filter
	free   *sync.Pool
	packet *packet // that is being filled
}

// read delivers the packets of a part.
func (w *worker) read(j *job) {
	defer close(j.out)
	w.packet.clear()
	err := w.readBatches(j)
	if err == nil && len(w.packet.keys) > 0 {
		err = w.send(j)
	}
	if err != nil {
		select {
		case j.out <- delivery{err: locate(err, j.origin)}:
		case <-w.ctx.Done():
		}
	}
}

func (w *worker) readBatches(j *job) error {
	r, err := j.part.open(w.ctx, w.scan.wants)
	if err != nil {
		return err
	}
	defer r.close()
	for {
		b, err := r.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := w.readBatch(j, b); err != nil {
			return err
		}
	}
}

// readBatch filters a batch piece by piece, so that packets are well filled and yet never too large.
func (w *worker) readBatch(j *job, b *batch) error {
	for from := 0; from < b.rows; from += pieceRows {
		to := min(b.rows, from+pieceRows)
		if len(w.packet.keys)+to-from > packetRows {
			if err := w.send(j); err != nil {
				return err
			}
		}
		w.packet.origin = j.origin
		if err := w.filter.take(b, from, to, w.packet); err != nil {
			return err
		}
	}
	return nil
}

func (w *worker) fresh() *packet {
	if p, ok := w.free.Get().(*packet); ok {
		return p
	}
	return w.filter.newPacket()
}

func (w *worker) send(j *job) error {
	p := w.fresh()
	w.packet.bucket(p)
	w.packet.clear()
	select {
	case j.out <- delivery{packet: p}:
		return nil
	case <-w.ctx.Done():
		return w.ctx.Err()
	}
}

// locate names the place of an error.
func locate(err error, o *origin) error {
	var known *datasets.DataError
	if errors.As(err, &known) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	out := &datasets.DataError{File: o.path, Place: o.place, Err: err}
	var c *columnError
	if errors.As(err, &c) {
		out.Column = c.column
	}
	var l *lineError
	if errors.As(err, &l) {
		out.Place = fmt.Sprintf("line %d", l.line)
	}
	var b *batchError
	if errors.As(err, &b) {
		out.Place = fmt.Sprintf("record batch %d", b.index)
	}
	return out
}
