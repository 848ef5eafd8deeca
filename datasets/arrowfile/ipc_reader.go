package arrowfile

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/ipc"

	"liftgate/datasets/untrusted"
)

// ipcReader reads an Arrow IPC file or stream.
type ipcReader struct {
	in       input
	messages *untrusted.Messages
	stream   *ipc.Reader
	schema   *arrow.Schema
	at       []int        // of the file's columns
	record   arrow.Record // nil, or retained: what the next batches are slices of
	row      int64        // of the record, where the next batch starts
	size     int64        // rows of a batch
	index    int          // of the record batch after this one
}

func openIPC(in input, o ReadOptions) (Reader, error) {
	r := &ipcReader{in: in}
	err := untrusted.Guard(func() (err error) {
		mem := o.memory(in)
		if r.messages, err = untrusted.OpenMessages(in.src, in.size, mem); err != nil {
			return err
		}
		r.stream, err = ipc.NewReaderFromMessageReader(r.messages, ipc.WithAllocator(mem), ipc.WithDelayReadSchema(false))
		return err
	})
	if err != nil {
		return nil, in.fail("", "", err)
	}
	all := r.stream.Schema()
	var fields []arrow.Field
	for i, f := range all.Fields() {
		if o.wants(f.Name) {
			fields = append(fields, f)
			r.at = append(r.at, i)
		}
	}
	metadata := all.Metadata()
	r.schema = arrow.NewSchema(fields, &metadata)
	if err := unique(r.schema); err != nil {
		r.stream.Release()
		return nil, in.fail("", "", err)
	}
	return r, nil
}

func (r *ipcReader) Schema() *arrow.Schema { return r.schema }

func (r *ipcReader) Progress() (done, total int64) { return r.messages.Offset(), r.in.size }

func (r *ipcReader) Close() error {
	r.drop()
	r.stream.Release()
	return r.in.src.Close()
}

func (r *ipcReader) drop() {
	if r.record != nil {
		r.record.Release()
		r.record = nil
	}
}

func (r *ipcReader) Read(ctx context.Context) (*Batch, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for r.record == nil || r.row >= r.record.NumRows() {
		err := untrusted.Guard(r.next)
		if errors.Is(err, io.EOF) {
			return nil, io.EOF
		}
		if err != nil {
			return nil, r.in.fail(fmt.Sprintf("record batch %d", r.index), "", err)
		}
	}
	end := min(r.row+r.size, r.record.NumRows())
	b := &Batch{Record: r.record.NewSlice(r.row, end), place: fmt.Sprintf("record batch %d", r.index-1)}
	r.row = end
	return b, nil
}

// next reads a record batch and looks at every offset and code in it, because the Arrow library does not.
func (r *ipcReader) next() error {
	r.drop()
	record, err := r.stream.Read()
	if err != nil {
		return err
	}
	columns := make([]arrow.Array, len(r.at))
	for i, at := range r.at {
		columns[i] = record.Column(at)
		if int64(columns[i].Len()) != record.NumRows() {
			return errors.New("the columns of a record batch differ in length")
		}
		if err := validate(columns[i].Data()); err != nil {
			return fmt.Errorf("column %q: %w", r.schema.Field(i).Name, err)
		}
	}
	r.record, r.row = array.NewRecord(r.schema, columns, record.NumRows()), 0
	r.size = rowsPerBatch(sizeOf(columns), record.NumRows())
	r.index++
	return nil
}

// sizeOf is what columns take, in bytes.
func sizeOf(columns []arrow.Array) (n int64) {
	for _, c := range columns {
		n += int64(c.Data().SizeInBytes())
	}
	return n
}
