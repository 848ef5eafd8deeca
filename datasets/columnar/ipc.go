package columnar

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/ipc"

	"liftgate/datasets"
	"liftgate/datasets/untrusted"
)

// ipcFile is an Arrow IPC file or stream; both are read as a stream, see [untrusted.OpenMessages].
type ipcFile struct {
	path   string
	size   int64
	zone   *time.Location
	schema *arrow.Schema
	list   []field
}

func openIPC(path string, zone *time.Location) (file, error) {
	f := &ipcFile{path: path, zone: zone}
	var stream *ipcStream
	err := untrusted.Guard(func() (err error) {
		stream, err = f.start()
		return err
	})
	if err != nil {
		var notFound *os.PathError
		if errors.As(err, &notFound) {
			return nil, err
		}
		return nil, &datasets.DataError{File: path, Err: err}
	}
	defer stream.close()
	f.schema = stream.reader.Schema()
	for _, c := range f.schema.Fields() {
		k, why := arrowKind(c.Type)
		id := c.Type.ID()
		f.list = append(f.list, field{name: c.Name, kind: k, why: why, days: id == arrow.DATE32 || id == arrow.DATE64})
	}
	return f, nil
}

// ipcStream is an opened stream of record batches.
type ipcStream struct {
	src    *os.File
	reader *ipc.Reader
}

func (s *ipcStream) close() {
	if s.reader != nil {
		s.reader.Release()
	}
	_ = s.src.Close()
}

func (f *ipcFile) start() (s *ipcStream, err error) {
	src, size, err := untrusted.Open(f.path)
	if err != nil {
		return nil, err
	}
	f.size = size
	s = &ipcStream{src: src}
	defer func() {
		if p := recover(); p != nil {
			s.close()
			panic(p)
		}
		if err != nil {
			s.close()
		}
	}()
	memory := &untrusted.Memory{Limit: untrusted.BufferLimit(size)}
	messages, err := untrusted.OpenMessages(src, size, memory)
	if err != nil {
		return nil, err
	}
	s.reader, err = ipc.NewReaderFromMessageReader(messages, ipc.WithAllocator(memory), ipc.WithDelayReadSchema(false))
	return s, err
}

func (f *ipcFile) fields() []field { return f.list }

func (f *ipcFile) parts() []part { return []part{f} }

func (f *ipcFile) latest(string) (at datasets.Instant, found, known bool) { return 0, false, false }

func (f *ipcFile) close() error { return nil }

func (f *ipcFile) place() string { return "" }

func (f *ipcFile) bytes() int64 { return f.size }

func (f *ipcFile) excluded(*pruning) bool { return false }

func (f *ipcFile) open(ctx context.Context, wants []want) (reader, error) {
	r := &ipcReader{ctx: ctx, zone: f.zone, wants: wants}
	err := untrusted.Guard(func() (err error) {
		r.stream, err = f.start()
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, w := range wants {
		at := r.stream.reader.Schema().FieldIndices(w.name)
		if len(at) == 0 {
			r.stream.close()
			return nil, &columnError{w.name, errors.New("the column is gone: the file has changed while it was read")}
		}
		r.at = append(r.at, at[0])
	}
	r.batch = newBatch(r, len(wants))
	r.dicts = make([]arrowDictionary, len(wants))
	return r, nil
}

// ipcReader gives slices of record batches.
type ipcReader struct {
	ctx    context.Context
	zone   *time.Location
	wants  []want
	at     []int // column of each want
	stream *ipcStream
	record arrow.Record // nil, or owned by the stream
	index  int          // of the record batch after this one
	row    int          // of the record, where the next batch starts
	batch  *batch
	dicts  []arrowDictionary
}

// batchError is an error in one record batch of a part.
type batchError struct {
	index int
	err   error
}

func (e *batchError) Error() string { return e.err.Error() }
func (e *batchError) Unwrap() error { return e.err }

func (r *ipcReader) next() (*batch, error) {
	if err := r.ctx.Err(); err != nil {
		return nil, err
	}
	r.row += r.batch.rows
	for r.record == nil || r.row >= int(r.record.NumRows()) {
		if err := untrusted.Guard(r.nextRecord); err != nil {
			if errors.Is(err, io.EOF) {
				return nil, io.EOF
			}
			return nil, &batchError{r.index, err}
		}
	}
	r.batch.reset(min(maxBatch, int(r.record.NumRows())-r.row))
	return r.batch, nil
}

func (r *ipcReader) nextRecord() error {
	record, err := r.stream.reader.Read()
	if err != nil {
		return err
	}
	for _, at := range r.at {
		if int64(record.Column(at).Len()) != record.NumRows() {
			return errors.New("the columns of a record batch differ in length")
		}
	}
	r.record, r.row = record, 0
	r.index++
	return nil
}

func (r *ipcReader) load(want int) (c *column, err error) {
	err = untrusted.Guard(func() (err error) {
		cells := r.record.Column(r.at[want])
		c, err = readArrow(cells, r.row, r.row+r.batch.rows, r.zone, &r.dicts[want])
		return err
	})
	if err != nil {
		return nil, &columnError{r.wants[want].name, &batchError{r.index - 1, err}}
	}
	return c, nil
}

func (r *ipcReader) close() { r.stream.close() }
