package arrowfile

import (
	"fmt"
	"io"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// ipcEncoder writes an Arrow IPC file or stream.
type ipcEncoder struct {
	writer interface {
		io.Closer
		Write(arrow.Record) error
	}
	schema *arrow.Schema
	stream bool
}

func newIPCEncoder(to *sink, schema *arrow.Schema, stream bool) (encoder, error) {
	e := &ipcEncoder{schema: schema, stream: stream}
	if stream {
		e.writer = ipc.NewWriter(to, ipc.WithSchema(schema))
		return e, nil
	}
	writer, err := ipc.NewFileWriter(to, ipc.WithSchema(schema))
	e.writer = writer
	return e, err
}

func (e *ipcEncoder) write(record arrow.Record) error {
	columns := make([]arrow.Array, record.NumCols())
	defer releaseAll(columns)
	for i, f := range e.schema.Fields() {
		columns[i] = plain(record.Column(i), f.Type)
	}
	whole := array.NewRecord(e.schema, columns, record.NumRows())
	defer whole.Release()
	err := e.writer.Write(whole)
	if err != nil && !e.stream {
		return fmt.Errorf("%w (a dictionary that changes from batch to batch goes into an Arrow stream, .arrows, or into Parquet)", err)
	}
	return err
}

func (e *ipcEncoder) close() error { return e.writer.Close() }

// plain gives texts that come as a dictionary as what they stand for, when the column wants texts. The caller releases it.
func plain(a arrow.Array, want arrow.DataType) arrow.Array {
	coded, ok := a.(*array.Dictionary)
	if !ok || want.ID() != arrow.STRING {
		a.Retain()
		return a
	}
	texts := coded.Dictionary().(*array.String)
	b := array.NewStringBuilder(memory.DefaultAllocator)
	defer b.Release()
	b.Reserve(coded.Len())
	for i := range coded.Len() {
		if coded.IsNull(i) {
			b.AppendNull()
			continue
		}
		b.Append(texts.Value(coded.GetValueIndex(i)))
	}
	return b.NewArray()
}
