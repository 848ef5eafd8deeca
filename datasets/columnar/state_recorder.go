package columnar

import (
	"liftgate/datasets"
	states "liftgate/datasets/state"
	"liftgate/datasets/tabular"
)

// recorder is the filter of a worker whose parts are kept: the widened filter of the pass decides which rows are kept, and those that
// the query asks for are found among them. Rows that only the widened filter looks at may be such that it fails, which another query is to be told
// of and this one is not: such a part is not kept, and read by the filter of the pass.
type recorder struct {
	*keeper

	filter    narrowing
	wide      widened
	part      *states.Part // nil: this part is not kept
	remainder remainder    // of the rows since the last block
	writer    *blockWriter
	reader    *blockReader
	buffer    []byte
	rows      []int32
}

func (k *keeper) recorder(f filter) *recorder {
	return &recorder{
		keeper: k, filter: f.(narrowing), wide: k.wide(), writer: newBlockWriter(k.shape, k.labels),
		reader: &blockReader{shape: k.shape, bounds: k.bounds, labels: k.labels},
	}
}

func (r *recorder) newPacket() *packet { return r.filter.newPacket() }

// begin starts a part that is not kept yet.
func (r *recorder) begin(j *job) {
	r.part, r.remainder = r.table.Add(j.origin.path, j.number), remainder{}
}

// take adds rows to the packet: those that are to be kept or, where none are, those that the query asks for.
func (r *recorder) take(b *tabular.Batch, from, to int, out *packet) error {
	if r.part == nil {
		return r.filter.take(b, from, to, out)
	}
	n := len(out.keys)
	err := r.wide.take(b, from, to, out)
	counted := r.wide.remainder()
	if err == nil {
		r.remainder.add(counted)
		return nil
	}
	r.part = nil
	out.truncate(n, r.shape.words)
	r.narrow(out, &r.remainder)
	return r.filter.take(b, from, to, out)
}

// keep keeps a packet that was bucketed and leaves in it the rows that the query asks for.
func (r *recorder) keep(p *packet) error {
	if r.assigned != nil {
		r.assigned.foresee(p)
	}
	if r.part == nil {
		return nil
	}
	block, err := r.writer.write(p, &r.remainder)
	if err == nil {
		err = r.part.Append(block)
	}
	if err != nil {
		return &datasets.DataError{Err: err}
	}
	r.narrow(p, &r.remainder)
	r.remainder = remainder{}
	return nil
}

// end tells that the part was read to its end.
func (r *recorder) end(o *origin) error {
	if r.part == nil {
		return nil
	}
	if !r.remainder.empty() { // of rows behind the last that is kept
		if err := r.keep(&packet{origin: o}); err != nil {
			return err
		}
	}
	r.part.Done()
	return nil
}

// narrow leaves the rows that the query asks for, and counts the others.
func (r *recorder) narrow(p *packet, t *remainder) {
	n := len(p.keys)
	r.rows = p.within(r.from, r.to, r.shape.words, r.rows)
	r.filter.count(t, int64(n-len(p.keys)))
}

// replay gives the rows of a part that is kept, packet by packet.
func (r *recorder) replay(k *states.Kept, o *origin, fresh func() *packet, give func(*packet) error) (err error) {
	for i := range k.Len() {
		if r.buffer, err = k.Read(i, r.buffer); err == nil {
			err = r.reader.open(r.buffer)
		}
		if err != nil {
			return damagedState(o, err)
		}
		if r.reader.rows == 0 || r.reader.last < r.from || r.reader.first >= r.to {
			r.filter.count(&r.reader.remainder, int64(r.reader.rows))
			continue
		}
		p := fresh()
		if err := r.reader.read(p); err != nil {
			return damagedState(o, err)
		}
		p.origin = o
		r.narrow(p, &r.reader.remainder)
		if err := give(p); err != nil {
			return err
		}
	}
	return nil
}

func damagedState(o *origin, err error) error {
	return &datasets.DataError{File: o.path, Place: o.place, Err: stateError{err}}
}

// stateError is the fault of the state, not of the file that it keeps.
type stateError struct{ error }

func (e stateError) Error() string { return "what is kept of it cannot be used: " + e.error.Error() }
func (e stateError) Unwrap() error { return e.error }
