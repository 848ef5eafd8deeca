package exposurelog

import (
	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"liftgate/datasets"
)

// batch gathers records that are written together.
type batch struct {
	builder    *array.RecordBuilder
	unit       *array.StringBuilder
	variant    *array.StringBuilder
	time       *array.TimestampBuilder
	cluster    *array.StringBuilder // nil: none is logged
	attributes []array.Builder

	rows   int
	bytes  int
	latest datasets.Instant
}

func newBatch(schema *arrow.Schema, cluster bool) *batch {
	b := &batch{builder: array.NewRecordBuilder(memory.DefaultAllocator, schema)}
	b.unit = b.builder.Field(unitColumn).(*array.StringBuilder)
	b.variant = b.builder.Field(variantColumn).(*array.StringBuilder)
	b.time = b.builder.Field(timeColumn).(*array.TimestampBuilder)
	b.attributes = b.builder.Fields()[firstFurtherColumn:]
	if cluster {
		b.cluster = b.attributes[0].(*array.StringBuilder)
		b.attributes = b.attributes[1:]
	}
	return b
}

// cost is what a record of so many bytes of text takes of the buffer, at most.
func (b *batch) cost(texts int) int {
	const offset, instant, attribute = 4, 8, 8
	return texts + instant + offset*3 + attribute*len(b.attributes)
}

func (b *batch) add(e *Exposure, cost int) {
	b.unit.Append(e.Unit)
	b.variant.Append(e.Variant)
	b.time.Append(arrow.Timestamp(e.At))
	if b.cluster != nil {
		b.cluster.Append(e.Cluster)
	}
	for i := range e.Attributes {
		appendTo(b.attributes[i], &e.Attributes[i])
	}
	b.rows++
	b.bytes += cost
	b.latest = max(b.latest, e.At)
}

// record gives the rows and empties the batch.
func (b *batch) record() arrow.Record {
	b.rows, b.bytes, b.latest = 0, 0, 0
	return b.builder.NewRecord()
}
