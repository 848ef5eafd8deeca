package sourcetest

import (
	"math/bits"
	"slices"
	"strconv"

	"pgregory.net/rapid"

	"liftgate/datasets"
	"liftgate/datasets/expr"
)

// draw makes random tables and queries that meet the rules where they bite: few units, few distinct times, many ties.
//
// Numbers that enter values are multiples of 1/8 of moderate size, so that sums are exact in any order and counts that depend on
// them can be compared exactly.
type draw struct {
	*rapid.T
	variants  []string
	integers  bool // whether unit keys are integers
	clustered bool
	fault     fault
}

// fault is what may be wrong with the data of a case.
type fault string

const (
	noFault      fault = "none"
	nullVariant  fault = "null variant"
	otherVariant fault = "undeclared variant"
	nullTime     fault = "null exposure time"
	notFinite    fault = "NaN or infinite cell"
	nullCell     fault = "null cell in a unit table"
	listedTwice  fault = "unit listed twice in a unit table"
	nullCluster  fault = "null cluster"
	strayCluster fault = "unit in two clusters, or a cluster of two variants in a unit table"
)

var faults = []fault{nullVariant, otherVariant, nullTime, notFinite, nullCell, listedTwice, nullCluster, strayCluster}

// ignored is the variant that queries may ignore.
const ignored = "holdout"

// below draws an index evenly: rapid's own integers prefer the ends of their range.
func (d draw) below(n int) int {
	i := 0
	for range bits.Len(uint(n)) + 2 {
		i *= 2
		if rapid.Bool().Draw(d.T, "bit") {
			i++
		}
	}
	return i % n
}

func (d draw) oneIn(n int) bool { return d.below(n) == n-1 }

func pick[T any](d draw, from ...T) T { return from[d.below(len(from))] }

// eventLog draws a table of exposures and up to two of events.
func (d draw) eventLog() Data {
	exposures := d.table(datasets.Table{
		Name: "exposures", Unit: "unit", Variant: "variant", Time: "time", Attributes: d.some("country", "age", "score", "new"),
		Cluster: d.clusterColumn(),
	}, []drawnColumn{
		{"unit", d.keyType(), draw.key},
		{"shop", d.keyType(), draw.cluster},
		{"country", expr.Text, orNull(8, draw.country)},
		{"time", expr.Time, draw.exposureTime},
		{"age", expr.Number, orNull(8, draw.smallInteger)},
		{"variant", expr.Text, draw.variant},
		{"score", expr.Number, orNull(8, draw.eighths)},
		{"new", expr.Bool, orNull(4, draw.boolean)},
	}, 24)
	data := Data{Tables: []*Table{exposures}}
	for _, name := range []string{"events", "refunds"}[:pick(d, 1, 1, 2, 0)] {
		spec := datasets.Table{Name: name, Unit: "unit", Time: "time"}
		if d.clustered {
			spec.Cluster = "shop"
		}
		if d.oneIn(4) {
			spec.CompleteThrough = d.instant(24, 60)
		}
		other := d
		other.integers = d.integers && !d.oneIn(4) // the same keys, as text
		data.Tables = append(data.Tables, other.table(spec, other.eventColumns(), 48))
	}
	return data
}

func (d draw) eventColumns() []drawnColumn {
	return []drawnColumn{
		{"event", expr.Text, orNull(16, func(d draw) expr.Value { return expr.TextValue(pick(d, "captured", "refund", "shown")) })},
		{"unit", d.keyType(), draw.key},
		{"shop", d.keyType(), draw.cluster},
		{"time", expr.Time, orNull(32, draw.eventTime)},
		{"value", expr.Number, orNull(8, draw.cell)},
		{"n", expr.Number, orNull(8, draw.smallInteger)},
		{"id", expr.Number, orNull(16, draw.largeInteger)},
		{"wild", expr.Number, orNull(8, draw.wild)},
		{"paid", expr.Bool, orNull(8, draw.boolean)},
		{"order", expr.Text, orNull(8, func(d draw) expr.Value { return expr.TextValue(pick(d, "x", "y", "z", "ü")) })},
		{"due", expr.Time, orNull(8, draw.eventTime)},
	}
}

// unitTable draws a table with one row a unit.
func (d draw) unitTable() Data {
	unit := uniqueKeys()
	if d.clustered {
		unit = draw.key
	}
	table := d.table(datasets.Table{
		Name: "units", Unit: "unit", Variant: "variant", Attributes: d.some("country", "new"), Cluster: d.clusterColumn(),
	}, []drawnColumn{
		{"value", expr.Number, draw.unitCell},
		{"unit", d.keyType(), unit},
		{"shop", d.keyType(), draw.cluster},
		{"variant", expr.Text, draw.variant},
		{"country", expr.Text, orNull(8, draw.country)},
		{"n", expr.Number, draw.smallInteger},
		{"paid", expr.Bool, draw.boolean},
		{"new", expr.Bool, orNull(4, draw.boolean)},
	}, 24)
	return Data{Tables: []*Table{table}}
}

type drawnColumn struct {
	name string
	kind expr.Type
	cell func(draw) expr.Value
}

func (d draw) table(spec datasets.Table, columns []drawnColumn, rows int) *Table {
	t := &Table{Spec: spec}
	for _, c := range columns {
		t.Columns = append(t.Columns, datasets.Column{Name: c.name, Type: c.kind})
	}
	row := rapid.Custom(func(rt *rapid.T) []expr.Value {
		here, cells := d, make([]expr.Value, len(columns))
		here.T = rt
		for i, c := range columns {
			cells[i] = c.cell(here)
		}
		return cells
	})
	t.Rows = rapid.SliceOfN(row, d.below(rows+1), rows).Draw(d.T, spec.Name)
	d.settleClusters(t)
	return t
}

func (d draw) some(names ...string) []string {
	return slices.DeleteFunc(names, func(string) bool { return d.oneIn(2) })
}

func orNull(n int, cell func(draw) expr.Value) func(draw) expr.Value {
	return func(d draw) expr.Value {
		if d.oneIn(n) {
			return expr.Value{}
		}
		return cell(d)
	}
}

func (d draw) keyType() expr.Type {
	if d.integers {
		return expr.Number
	}
	return expr.Text
}

// keys that differ only in a leading zero are different units.
var textKeys = []string{"0", "1", "-2", "3", "4", "5", "6", "7", "007", "seven"}

func (d draw) key() expr.Value {
	if d.oneIn(24) {
		return expr.Value{}
	}
	if d.integers {
		return expr.IntValue(int64(d.below(8)) - 2)
	}
	return expr.TextValue(pick(d, textKeys...))
}

func uniqueKeys() func(draw) expr.Value {
	next := int64(0)
	return func(d draw) expr.Value {
		if next++; d.fault == listedTwice && d.oneIn(8) {
			next--
		}
		switch {
		case d.oneIn(24):
			return expr.Value{}
		case d.integers:
			return expr.IntValue(next)
		default:
			return expr.TextValue(strconv.FormatInt(next, 10))
		}
	}
}

func (d draw) variant() expr.Value {
	switch {
	case d.fault == nullVariant && d.oneIn(16):
		return expr.Value{}
	case d.fault == otherVariant && d.oneIn(16):
		return expr.TextValue("unheard")
	case d.oneIn(16):
		return expr.TextValue(ignored)
	}
	return expr.TextValue(pick(d, d.variants...))
}

// halfDay is the grid that times lie on, or a microsecond beside.
const halfDay = datasets.Day / 2

func (d draw) instant(from, to int) *datasets.Instant {
	beside := pick(d, 0, 0, 0, 0, 0, 0, 1, -1)
	i := Origin.Add(datasets.Span(from+d.below(to-from))*halfDay + datasets.Span(beside))
	return &i
}

func (d draw) exposureTime() expr.Value {
	if d.fault == nullTime && d.oneIn(16) {
		return expr.Value{}
	}
	return expr.TimeValue(int64(*d.instant(-2, 14)))
}

func (d draw) eventTime() expr.Value {
	if d.oneIn(64) {
		return expr.TimeValue(int64(Origin.Add(pick[datasets.Span](d, -30_000, 30_000) * datasets.Day)))
	}
	return expr.TimeValue(int64(*d.instant(-20, 50)))
}

func (d draw) country() expr.Value { return expr.TextValue(pick(d, "US", "DE", "AT")) }

func (d draw) boolean() expr.Value { return expr.BoolValue(d.oneIn(2)) }

func (d draw) smallInteger() expr.Value { return expr.IntValue(pick[int64](d, 0, 1, 2, 4, -8)) }

// largeInteger differs from its neighbours only as an integer.
func (d draw) largeInteger() expr.Value { return expr.IntValue(1<<53 + int64(d.below(4))) }
