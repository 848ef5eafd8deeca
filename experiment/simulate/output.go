package simulate

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"

	"liftgate/datasets/expr"
)

// rowGroup rows make a row group. Rows of a part are in the order of time, so a row group covers a short time and readers
// can skip most.
const rowGroup = 65536

const partial = ".partial" // ends the name of a file that is being written

// output is a Parquet file that is being written under a partial name.
type output struct {
	path   string
	file   *os.File
	sink   *sink
	writer *pqarrow.FileWriter
	schema *arrow.Schema
}

func create(path string, t *table) (*output, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	file, err := os.Create(path + partial)
	if err != nil {
		return nil, err
	}
	o := &output{path: path, file: file, sink: &sink{file: file}, schema: t.schema()}
	// The file belongs to output, not to the writer, so that close can report its error.
	err = o.guarded(func() (err error) {
		o.writer, err = pqarrow.NewFileWriter(o.schema, o.sink,
			parquet.NewWriterProperties(t.properties()...), pqarrow.DefaultWriterProps())
		return err
	})
	if err != nil {
		return nil, errors.Join(err, file.Close(), os.Remove(path+partial))
	}
	return o, nil
}

// guarded calls the Parquet writer, which panics when it cannot write, for instance to a full disk. The error is that of the file.
func (o *output) guarded(do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the Parquet writer failed: %v", p)
		}
		if err != nil && o.sink.failed != nil {
			err = o.sink.failed
		}
	}()
	return do()
}

// sink hides Close from a writer that would close what it writes to, and keeps the first error.
type sink struct {
	file   *os.File
	failed error
}

func (s *sink) Write(b []byte) (int, error) {
	n, err := s.file.Write(b)
	if s.failed == nil {
		s.failed = err
	}
	return n, err
}

// properties leave out the statistics of texts: every row group has every word, so they would let readers skip nothing (and
// arrow-go 17 counts the nulls of required dictionary columns wrong).
func (t *table) properties() []parquet.WriterProperty {
	out := []parquet.WriterProperty{parquet.WithCompression(compress.Codecs.Snappy), parquet.WithMaxRowGroupLength(rowGroup)}
	for i, c := range t.columns {
		if c.kind() == expr.Text {
			out = append(out, parquet.WithStatsFor(t.names[i], false))
		}
		if c.code == nil {
			out = append(out, parquet.WithDictionaryFor(t.names[i], false))
		}
	}
	return out
}

func (t *table) schema() *arrow.Schema {
	fields := make([]arrow.Field, len(t.columns))
	for i, c := range t.columns {
		fields[i] = arrow.Field{Name: t.names[i], Type: c.arrowType(), Nullable: !c.required}
	}
	return arrow.NewSchema(fields, nil)
}

// write appends rows as row groups.
func (o *output) write(ctx context.Context, t *table, c *crowd, rows []row) error {
	for len(rows) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		group := rows[:min(rowGroup, len(rows))]
		rows = rows[len(group):]
		if err := o.writeGroup(t, c, group); err != nil {
			return fmt.Errorf("%s: %w", o.path, err)
		}
	}
	return nil
}

func (o *output) writeGroup(t *table, c *crowd, rows []row) error {
	arrays := make([]arrow.Array, len(t.columns))
	for i, column := range t.columns {
		arrays[i] = column.array(c, rows)
		defer arrays[i].Release()
	}
	record := array.NewRecord(o.schema, arrays, int64(len(rows)))
	defer record.Release()
	return o.guarded(func() error { return o.writer.Write(record) })
}

// close completes the file. Closing it again does nothing.
func (o *output) close() error {
	if o.file == nil {
		return nil
	}
	err := o.guarded(o.writer.Close)
	if closed := o.file.Close(); err == nil {
		err = closed
	}
	o.file, o.writer = nil, nil
	if err != nil {
		return fmt.Errorf("%s: %w", o.path, err)
	}
	return nil
}
