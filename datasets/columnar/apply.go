package columnar

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
)

// appliers take packets into the partitions, each of which has one owner.
type appliers struct {
	scan   *scan
	free   *sync.Pool
	inputs []chan *turn
	group  sync.WaitGroup
	failed atomic.Bool
	errors []applyError // by applier
}

// turn is a packet on its way through all appliers.
type turn struct {
	packet *packet
	number int
	left   atomic.Int32
}

// applyError is the first error of an applier.
type applyError struct {
	turn int
	row  int32
	err  error
}

// rowError is an error that a row causes in its partition.
type rowError struct {
	row int32
	err error
}

func (e *rowError) Error() string { return e.err.Error() }
func (e *rowError) Unwrap() error { return e.err }

func newAppliers(s *scan, free *sync.Pool) *appliers {
	a := &appliers{scan: s, free: free}
	if s.apply == nil {
		return a
	}
	n := min(s.workers, partitions)
	a.inputs = make([]chan *turn, n)
	a.errors = make([]applyError, n)
	for i := range a.inputs {
		a.inputs[i] = make(chan *turn, 4)
		a.group.Go(func() { a.work(i) })
	}
	return a
}

// drain hands the packets of all jobs to the appliers in order. It stops at the first job that failed.
func (a *appliers) drain(ctx context.Context, jobs []*job) error {
	number := 0
	for _, j := range jobs {
		for open := true; open; {
			var d delivery
			select {
			case d, open = <-j.out:
			case <-ctx.Done():
				return ctx.Err()
			}
			if d.err != nil || a.failed.Load() {
				return d.err
			}
			if d.packet != nil {
				if err := a.spool(d.packet); err != nil {
					return err
				}
				a.hand(d.packet, number)
				number++
			}
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		a.scan.report(j.part)
	}
	return nil
}

func (a *appliers) spool(p *packet) error {
	if a.scan.spool == nil {
		return nil
	}
	return a.scan.spool(p)
}

func (a *appliers) hand(p *packet, number int) {
	if len(a.inputs) == 0 {
		a.recycle(p)
		return
	}
	t := &turn{packet: p, number: number}
	t.left.Store(int32(len(a.inputs)))
	for _, in := range a.inputs {
		in <- t
	}
}

func (a *appliers) recycle(p *packet) {
	p.clear()
	a.free.Put(p)
}

// gathered is how many packets an applier takes into its partitions together, so that what a partition is found by stays in the
// processor's cache for more than a few rows.
const gathered = 16

// work applies every packet to the partitions of one applier.
func (a *appliers) work(me int) {
	turns := make([]*turn, 0, gathered)
	for t := range a.inputs[me] {
		if turns = append(turns, t); len(turns) == gathered {
			a.take(me, turns)
			turns = turns[:0]
		}
	}
	a.take(me, turns)
}

// take applies packets in their order to the partitions of one applier.
func (a *appliers) take(me int, turns []*turn) {
	for i := me; i < partitions; i += len(a.inputs) {
		for _, t := range turns {
			if from, to := t.packet.rows(i); from < to {
				if err := a.scan.apply(i, t.packet, from, to); err != nil {
					a.note(me, t, err)
				}
			}
		}
	}
	for _, t := range turns {
		if t.left.Add(-1) == 0 {
			a.recycle(t.packet)
		}
	}
}

// note keeps the error of the earliest row.
func (a *appliers) note(me int, t *turn, err error) {
	e := applyError{turn: t.number, err: err}
	var r *rowError
	if errors.As(err, &r) {
		e.row, e.err = t.packet.original(r.row), r.err
	}
	if old := a.errors[me]; old.err == nil || e.before(old) {
		a.errors[me] = e
	}
	a.failed.Store(true)
}

func (e applyError) before(o applyError) bool {
	return e.turn < o.turn || e.turn == o.turn && e.row < o.row
}

// finish waits for the appliers and gives the error that comes first: one of theirs, which lies in rows before the one that
// ended the reading, or that one.
func (a *appliers) finish(err error) error {
	if first := a.wait(); first.err != nil {
		return first.err
	}
	return err
}

// wait waits for the appliers and gives the first of their errors; without one it has none.
func (a *appliers) wait() (first applyError) {
	for _, in := range a.inputs {
		close(in)
	}
	a.group.Wait()
	for _, e := range a.errors {
		if e.err != nil && (first.err == nil || e.before(first)) {
			first = e
		}
	}
	return first
}
