package report

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"liftgate/experiment/result"
)

// writeArrow writes an Arrow IPC file with one row a comparison. The schema's metadata carry the experiment's decision.
func writeArrow(w io.Writer, r *result.Result) error {
	if err := writeArrowFile(w, r, memory.NewGoAllocator()); err != nil {
		return fmt.Errorf("result of %s as Arrow: %w", r.Experiment, err)
	}
	return nil
}

func writeArrowFile(w io.Writer, r *result.Result, mem memory.Allocator) error {
	record, err := arrowRecord(r, mem)
	if err != nil {
		return err
	}
	defer record.Release()
	file, err := ipc.NewFileWriter(&position{w: w}, ipc.WithSchema(record.Schema()), ipc.WithAllocator(mem))
	if err != nil {
		return err
	}
	if err := file.Write(record); err != nil {
		return err
	}
	return file.Close()
}

func arrowRecord(r *result.Result, mem memory.Allocator) (arrow.Record, error) {
	b := array.NewRecordBuilder(mem, arrowSchema(r))
	defer b.Release()
	for _, l := range lines(r) {
		for i, f := range fields {
			if err := appendArrow(b.Field(i), f.value(l)); err != nil {
				return nil, fmt.Errorf("%s of %s: %w", f.name, l.metric.Metric, err)
			}
		}
	}
	return b.NewRecord(), nil
}

func arrowSchema(r *result.Result) *arrow.Schema {
	types := map[kind]arrow.DataType{
		word:    arrow.BinaryTypes.String,
		instant: arrow.FixedWidthTypes.Timestamp_us,
		whole:   arrow.PrimitiveTypes.Int64,
		number:  arrow.PrimitiveTypes.Float64,
		truth:   arrow.FixedWidthTypes.Boolean,
		list:    arrow.ListOf(arrow.BinaryTypes.String),
	}
	columns := make([]arrow.Field, len(fields))
	for i, f := range fields {
		columns[i] = arrow.Field{Name: f.name, Type: types[f.kind], Nullable: true}
	}
	metadata := arrow.NewMetadata(
		[]string{"schema", "experiment", "decision", "decision_variant", "headline", "definition_sha256", "data_fingerprint", "engine", "cut"},
		[]string{r.Schema, r.Experiment, r.Decision.Status, r.Decision.Variant, r.Decision.Headline, r.DefinitionSHA256, r.DataFingerprint, r.Engine, r.Cut.String()},
	)
	return arrow.NewSchema(columns, &metadata)
}

func appendArrow(b array.Builder, value any) error {
	switch b := b.(type) {
	case *array.StringBuilder:
		b.Append(value.(string))
	case *array.Int64Builder:
		appendOptional(b, value.(*int64))
	case *array.Float64Builder:
		appendOptional(b, value.(*float64))
	case *array.BooleanBuilder:
		appendOptional(b, value.(*bool))
	case *array.ListBuilder:
		b.Append(true)
		for _, s := range value.([]string) {
			b.ValueBuilder().(*array.StringBuilder).Append(s)
		}
	case *array.TimestampBuilder:
		return appendInstant(b, value.(*string))
	}
	return nil
}

func appendOptional[T any](b interface {
	Append(T)
	AppendNull()
}, value *T,
) {
	if value == nil {
		b.AppendNull()
		return
	}
	b.Append(*value)
}

func appendInstant(b *array.TimestampBuilder, value *string) error {
	if value == nil {
		b.AppendNull()
		return nil
	}
	t, err := time.Parse(time.RFC3339Nano, *value)
	if err != nil {
		return err
	}
	b.Append(arrow.Timestamp(t.UnixMicro()))
	return nil
}

// position lets the IPC file writer, which asks only where it is, write to any writer.
type position struct {
	w  io.Writer
	at int64
}

func (p *position) Write(b []byte) (int, error) {
	n, err := p.w.Write(b)
	p.at += int64(n)
	return n, err
}

func (p *position) Seek(offset int64, whence int) (int64, error) {
	if offset != 0 || whence != io.SeekCurrent {
		return 0, errors.New("an Arrow file is written from start to end")
	}
	return p.at, nil
}
