package bulk

import (
	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/bitutil"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"liftgate/datasets/arrowfile"
	"liftgate/datasets/bucket"
	"liftgate/experiment/assignment"
)

// outcomes collects the new columns of a batch.
type outcomes struct {
	*tally
	variants, reasons []int16
	points            []uint64
	reached           []byte // bits: the rows that have a point
	missing           int    // rows without one
}

func newOutcomes(t *tally, rows int) *outcomes {
	return &outcomes{
		tally: t, variants: make([]int16, rows), reasons: make([]int16, rows), points: make([]uint64, rows),
		reached: make([]byte, bitutil.BytesForBits(int64(rows))),
	}
}

func (o *outcomes) set(row int, out assignment.Outcome, hashed bool) {
	variant, reason := o.code(out)
	o.add(variant, reason)
	o.variants[row], o.reasons[row] = int16(variant), int16(reason)
	if hashed && out.Reason == bucket.Assigned {
		o.points[row] = out.Point
		bitutil.SetBit(o.reached, row)
	} else {
		o.missing++
	}
}

// dictionary are the texts of a coded column. The caller releases it.
func dictionary[T ~string](texts []T) arrow.Array {
	b := array.NewStringBuilder(memory.DefaultAllocator)
	defer b.Release()
	for _, t := range texts {
		b.Append(string(t))
	}
	return b.NewArray()
}

// arrays gives variant, reason and point. The caller releases them.
func (o *outcomes) arrays(variants, reasons arrow.Array) []arrow.Array {
	var valid []byte
	if o.missing > 0 {
		valid = o.reached
	}
	return []arrow.Array{
		coded(o.variants, variants), coded(o.reasons, reasons),
		made(arrow.PrimitiveTypes.Uint64, len(o.points), o.missing, valid, arrow.Uint64Traits.CastToBytes(o.points)),
	}
}

func coded(codes []int16, texts arrow.Array) arrow.Array {
	indices := made(arrow.PrimitiveTypes.Int16, len(codes), 0, nil, arrow.Int16Traits.CastToBytes(codes))
	defer indices.Release()
	return array.NewDictionaryArray(arrowfile.CodedType(), indices, texts)
}

// made puts an array together from Go memory.
func made(t arrow.DataType, n, nulls int, valid, values []byte) arrow.Array {
	buffers := []*memory.Buffer{nil, memory.NewBufferBytes(values)}
	if valid != nil {
		buffers[0] = memory.NewBufferBytes(valid)
	}
	data := array.NewData(t, n, buffers, nil, nulls, 0)
	defer data.Release()
	return array.MakeFromData(data)
}

// newFields are the columns of a hash's outcome.
var newFields = []arrow.Field{
	{Name: VariantColumn, Type: arrow.BinaryTypes.String},
	{Name: ReasonColumn, Type: arrow.BinaryTypes.String},
	{Name: PointColumn, Type: arrow.PrimitiveTypes.Uint64, Nullable: true},
}
