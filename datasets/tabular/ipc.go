package tabular

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
	stream, err := f.start()
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
	src      *os.File
	messages *untrusted.Messages
	reader   *ipc.Reader // owns the messages
}

func (s *ipcStream) close() {
	if s.reader != nil {
		s.reader.Release()
	} else if s.messages != nil {
		s.messages.Release()
	}
	_ = s.src.Close()
}

func (f *ipcFile) start() (*ipcStream, error) {
	src, size, err := untrusted.Open(f.path)
	if err != nil {
		return nil, err
	}
	f.size = size
	s := &ipcStream{src: src}
	if err := untrusted.Guard(func() error { return s.open(size) }); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *ipcStream) open(size int64) (err error) {
	memory := &untrusted.Memory{Limit: untrusted.BufferLimit(size)}
	if s.messages, err = untrusted.OpenMessages(s.src, size, memory); err != nil {
		return err
	}
	s.reader, err = ipc.NewReaderFromMessageReader(s.messages, ipc.WithAllocator(memory), ipc.WithDelayReadSchema(false))
	return err
}

func (f *ipcFile) fields() []field { return f.list }

func (f *ipcFile) pieces() []piece { return []piece{f} }

func (f *ipcFile) latest(string) (at datasets.Instant, found, known bool) { return 0, false, false }

func (f *ipcFile) close() error { return nil }

func (f *ipcFile) place() string { return "" }

func (f *ipcFile) bytes() int64 { return f.size }

func (f *ipcFile) rows() (n int64, known bool) { return 0, false }

func (f *ipcFile) excluded(*Pruning) bool { return false }

func (f *ipcFile) open(ctx context.Context, wants []Want) (Reader, error) {
	stream, err := f.start()
	if err != nil {
		return nil, err
	}
	r := &ipcReader{ctx: ctx, zone: f.zone, wants: wants, stream: stream}
	for _, w := range wants {
		at := r.stream.reader.Schema().FieldIndices(w.Name)
		if len(at) == 0 {
			r.stream.close()
			return nil, &columnError{w.Name, errors.New("the column is gone: the file has changed while it was read")}
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
	wants  []Want
	at     []int // column of each want
	stream *ipcStream
	record arrow.Record // nil, or owned by the stream
	index  int          // of the record batch after this one
	row    int          // of the record, where the next batch starts
	batch  *Batch
	dicts  []arrowDictionary
}

func (r *ipcReader) Next() (*Batch, error) {
	if err := r.ctx.Err(); err != nil {
		return nil, err
	}
	r.row += r.batch.Rows
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

func (r *ipcReader) load(want int) (c *Column, err error) {
	err = untrusted.Guard(func() (err error) {
		cells := r.record.Column(r.at[want])
		c, err = readArrow(cells, r.row, r.row+r.batch.Rows, r.zone, &r.dicts[want])
		return err
	})
	if err != nil {
		return nil, &columnError{r.wants[want].Name, &batchError{r.index - 1, err}}
	}
	return c, nil
}

func (r *ipcReader) Close() { r.stream.close() }
