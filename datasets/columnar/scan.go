package columnar

import (
	"context"
	"errors"
	"io"
	"sync"
	"sync/atomic"

	"liftgate/datasets/tabular"
)

// filter turns batches into packets; each worker has one of its own.
type filter interface {
	// take adds the surviving rows a..b of a batch to the packet.
	take(b *tabular.Batch, from, to int, out *packet) error
	// newPacket makes an empty packet.
	newPacket() *packet
}

// scan is one pass over a table.
type scan struct {
	workers int
	wants   []tabular.Want
	pruning *tabular.Pruning // nil: every part is read
	filter  func() filter
	apply   application // nil: packets are thrown away
	keep    *keeper     // in a state; nil: nothing is kept
	// spool takes packets before they are applied, in the order of the rows; nil: nobody does.
	spool func(*packet) error
	// progress is told the bytes that were read; nil: nobody.
	progress func(bytes int64)
}

// application takes a packet's rows from..to into the partition that they are of. It is called for the packets in the order of the rows,
// and for one partition by one goroutine at a time.
type application func(partition int, p *packet, from, to int32) error

// lookAhead is how many packets may wait for their turn, over all workers.
const lookAhead = 40

// job is a part to be read and the packets that come from it.
type job struct {
	origin *origin
	part   *tabular.Part
	number int // of the part in its file
	out    chan delivery
}

// delivery is a packet, or the error that ended the part.
type delivery struct {
	packet *packet
	err    error
}

// run reads the parts of a table side by side and applies what survives in the order of files and rows. It reports the error
// that comes first in that order.
func (s *scan) run(ctx context.Context, t *tabular.Table) error {
	ctx, cancel := context.WithCancel(ctx)
	jobs := s.jobs(t)
	var next atomic.Int64
	var readers sync.WaitGroup
	free := &sync.Pool{}
	for range min(s.workers, max(1, len(jobs))) {
		readers.Go(func() {
			w := &worker{scan: s, ctx: ctx, filter: s.filter(), free: free}
			if s.keep != nil {
				w.recorder = s.keep.recorder(w.filter)
				w.filter = w.recorder
			}
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

func (s *scan) jobs(t *tabular.Table) []*job {
	ahead := max(2, lookAhead/s.workers)
	var jobs []*job
	for _, p := range t.Parts() {
		if s.pruning != nil && p.Excluded(s.pruning) {
			s.report(p)
			continue
		}
		jobs = append(jobs, &job{&origin{p.Path, p.Place}, p, p.Number, make(chan delivery, ahead)})
	}
	return jobs
}

func (s *scan) report(p *tabular.Part) {
	if s.progress != nil {
		s.progress(p.Bytes())
	}
}

// worker reads parts.
type worker struct {
	scan     *scan
	ctx      context.Context
	filter   filter
	recorder *recorder // the filter, when parts are kept in a state; else nil
	free     *sync.Pool
	packet   *packet // that is being filled
}

// read delivers the packets of a part.
func (w *worker) read(j *job) {
	defer close(j.out)
	w.packet.clear()
	err := w.readPart(j)
	if err != nil {
		select {
		case j.out <- delivery{err: j.part.Locate(err)}:
		case <-w.ctx.Done():
		}
	}
}

// readPart reads a part from its file, unless it is kept.
func (w *worker) readPart(j *job) error {
	if w.recorder == nil {
		return w.readFile(j)
	}
	if k, known := w.recorder.table.Kept(j.origin.path, j.number); known {
		return w.recorder.replay(k, j.origin, w.fresh, func(p *packet) error { return w.give(j, p) })
	}
	w.recorder.begin(j)
	err := w.readFile(j)
	if err == nil {
		err = w.recorder.end(j.origin)
	}
	return err
}

func (w *worker) readFile(j *job) error {
	err := w.readBatches(j)
	if err == nil && len(w.packet.keys) > 0 {
		err = w.send(j)
	}
	return err
}

func (w *worker) readBatches(j *job) error {
	r, err := j.part.Open(w.ctx, w.scan.wants)
	if err != nil {
		return err
	}
	defer r.Close()
	for {
		b, err := r.Next()
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
func (w *worker) readBatch(j *job, b *tabular.Batch) error {
	for from := 0; from < b.Rows; from += pieceRows {
		to := min(b.Rows, from+pieceRows)
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
	if w.recorder != nil {
		if err := w.recorder.keep(p); err != nil {
			return err
		}
	}
	return w.give(j, p)
}

// give delivers a packet, unless it is empty.
func (w *worker) give(j *job, p *packet) error {
	if len(p.keys) == 0 {
		p.clear()
		w.free.Put(p)
		return nil
	}
	select {
	case j.out <- delivery{packet: p}:
		return nil
	case <-w.ctx.Done():
		return w.ctx.Err()
	}
}
