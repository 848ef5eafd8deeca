package tabular

import (
	"encoding/binary"

	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/metadata"
	"github.com/apache/arrow/go/v17/parquet/schema"

	"liftgate/datasets"
	"liftgate/datasets/expr"
	"liftgate/datasets/untrusted"
)

// Pruning is what a row must have to matter: a time in [From, To) and one of the conditions.
type Pruning struct {
	Time       string // column
	From, To   datasets.Instant
	Conditions []*expr.Node // nil elements: every row
}

// bounds are the smallest and largest value of a column in a row group.
type bounds struct {
	low, high expr.Value
	nulls     bool // there may be nulls
}

func (g *rowGroup) excluded(p *Pruning) bool {
	if b, ok := g.bounds(p.Time); ok && !b.nulls {
		if datasets.Instant(b.high.Int) < p.From || datasets.Instant(b.low.Int) >= p.To {
			return true
		}
	}
	for _, c := range p.Conditions {
		if g.possible(c) {
			return false
		}
	}
	return len(p.Conditions) > 0
}

// possible reports whether a row of the group may satisfy a condition.
func (g *rowGroup) possible(condition *expr.Node) bool {
	for _, c := range condition.Conjuncts() {
		if g.impossible(c) {
			return false
		}
	}
	return true
}

// impossible reports whether statistics prove that no row satisfies a comparison of a column with literals. A null satisfies
// none.
func (g *rowGroup) impossible(c *expr.Node) bool {
	if !c.Op.Comparison() && c.Op != expr.In || c.Args[0].Op != expr.Column {
		return false
	}
	b, ok := g.bounds(c.Args[0].Name)
	if !ok || b.low.Type != c.Args[0].Type {
		return false
	}
	for _, a := range c.Args[1:] {
		if a.Op != expr.Literal || a.Value.Type != b.low.Type || mayHold(c.Op, b, a.Value) {
			return false
		}
	}
	return true
}

func mayHold(op expr.Op, b bounds, v expr.Value) bool {
	low, high := expr.Compare(b.low, v), expr.Compare(b.high, v)
	switch op {
	case expr.Eq, expr.In:
		return low <= 0 && high >= 0
	case expr.Ne:
		return low != 0 || high != 0
	case expr.Lt:
		return low < 0
	case expr.Le:
		return low <= 0
	case expr.Gt:
		return high > 0
	default:
		return high >= 0
	}
}

// bounds reads the statistics of a column, when they are there and mean what the column means.
func (g *rowGroup) bounds(name string) (b bounds, ok bool) {
	l := g.file.leaves[name]
	if l == nil {
		return bounds{}, false
	}
	err := untrusted.Guard(func() (err error) {
		if s, trusted := g.stated(l); trusted {
			b, ok, err = l.bounds(g.file, s)
		}
		return err
	})
	return b, ok && err == nil
}

// statistics are the smallest and the largest value of a column as they are stated; nil where they are not.
type statistics struct {
	low, high []byte
	nulls     bool // there may be nulls
}

// stated gives what the footer says of a column, unless its writer is known to get that wrong. What the library makes of it is of no use: to it a
// missing count of nulls is none, and a missing bound zero.
func (g *rowGroup) stated(l *leaf) (s statistics, trusted bool) {
	all, column := g.file.meta.RowGroups[g.index].Columns[l.index].MetaData.Statistics, g.file.meta.Schema.Column(l.index)
	if all == nil || column.SortOrder() == schema.SortUNKNOWN {
		return s, false
	}
	s = statistics{all.Min, all.Max, !all.IsSetNullCount() || all.GetNullCount() > 0}
	if column.ColumnOrder() == parquet.ColumnOrders.TypeDefinedOrder {
		s.low, s.high = all.MinValue, all.MaxValue
	}
	encoded := metadata.EncodedStatistics{Min: s.low, Max: s.high, HasMin: s.low != nil, HasMax: s.high != nil}
	return s, g.file.meta.WriterVersion().HasCorrectStatistics(column.PhysicalType(), column.LogicalType(), encoded, column.SortOrder())
}

func (l *leaf) bounds(f *parquetFile, s statistics) (b bounds, ok bool, err error) {
	plain := l.kind == Integer && l.unsigned == 0 || l.kind == Instant && l.physical != parquet.Types.Int96 &&
		(!l.clock.local || isUTC(f.zone))
	if !plain && !(l.kind == Text && !l.uuid) || s.low == nil || s.high == nil {
		return bounds{}, false, nil
	}
	b.nulls = s.nulls
	if l.kind == Text {
		// The maximum may have been cut off, which is only sound for what writers do today: rounding it up.
		b.low, b.high = expr.TextValue(string(s.low)), expr.TextValue(string(s.high))
		return b, true, nil
	}
	ints := []int64{littleEndian(s.low), littleEndian(s.high)}
	if l.kind == Instant {
		if err := l.clock.convert(ints, f.zone); err != nil {
			return bounds{}, false, err
		}
		b.low, b.high = expr.TimeValue(ints[0]), expr.TimeValue(ints[1])
	} else {
		b.low, b.high = expr.IntValue(ints[0]), expr.IntValue(ints[1])
	}
	return b, ints[0] <= ints[1], nil
}

// littleEndian reads an INT32 or INT64.
func littleEndian(b []byte) int64 {
	if len(b) == 4 {
		return int64(int32(binary.LittleEndian.Uint32(b)))
	}
	return int64(binary.LittleEndian.Uint64(b))
}

func (f *parquetFile) latest(column string) (at datasets.Instant, found, known bool) {
	for i := range f.meta.RowGroups {
		g := &rowGroup{f, i}
		rows := f.meta.RowGroup(i).NumRows()
		if rows == 0 {
			continue
		}
		b, ok := g.bounds(column)
		if !ok {
			return 0, false, false
		}
		if t := datasets.Instant(b.high.Int); !found || t > at {
			at, found = t, true
		}
	}
	return at, found, true
}
