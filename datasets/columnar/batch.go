package columnar

import "liftgate/datasets/expr"

// kind is what a column holds, as far as the files of one table must agree on it.
type kind uint8

const (
	untyped kind = iota // a CSV column, or one that holds nothing but nulls: goes with any kind
	text
	integer
	number
	instant
	boolean
	unsupported
)

func (k kind) String() string {
	return [...]string{"untyped", "text", "integer", "number", "time", "boolean", "unsupported"}[k]
}

// exprType is the type that expressions see.
func (k kind) exprType() expr.Type {
	switch k {
	case text:
		return expr.Text
	case integer, number:
		return expr.Number
	case instant:
		return expr.Time
	case boolean:
		return expr.Bool
	default:
		return expr.Untyped
	}
}

// column is one column of a batch. A text column may hold codes into a dictionary in place of texts.
type column struct {
	kind  kind
	valid []bool // nil: no cell is null
	dict  *dictionary
	codes []uint32 // positions in dict
	texts []string
	// data holds the texts of a page as they lie in it, in place of texts: that of row i from offsets[i] on, up to four bytes, the size
	// of the next text, before offsets[i+1].
	data    []byte
	offsets []uint32
	ints    []int64 // integers, instants in microseconds, booleans as 0 and 1
	floats  []float64
	exact   []bool // of a number: the cell is in ints; nil: none is
}

// dictionary is the list of distinct texts that codes refer to. Its address is its identity.
type dictionary struct {
	texts []string
}

// slice is the column from row a up to row b.
func (c *column) slice(a, b int) column {
	out := column{
		kind: c.kind, dict: c.dict,
		valid: cut(c.valid, a, b), codes: cut(c.codes, a, b), texts: cut(c.texts, a, b),
		ints: cut(c.ints, a, b), floats: cut(c.floats, a, b), exact: cut(c.exact, a, b), data: c.data,
	}
	if c.offsets != nil {
		out.offsets = c.offsets[a : b+1]
	}
	return out
}

func cut[T any](s []T, a, b int) []T {
	if s == nil {
		return nil
	}
	return s[a:b:b]
}

func (c *column) null(i int) bool {
	return c.kind == untyped || c.valid != nil && !c.valid[i]
}

// text is a cell of a text column that is not null.
func (c *column) text(i int) string {
	if c.codes != nil {
		return c.dict.texts[c.codes[i]]
	}
	if c.offsets != nil {
		return view(c.bytes(i))
	}
	return c.texts[i]
}

// bytes is a cell of a text column with offsets.
func (c *column) bytes(i int) []byte { return c.data[c.offsets[i] : c.offsets[i+1]-textHead] }

// float is a cell of an integer or number column that is not null.
func (c *column) float(i int) float64 {
	if c.kind == integer || c.exact != nil && c.exact[i] {
		return float64(c.ints[i])
	}
	return c.floats[i]
}

// value is a cell as expressions see it.
func (c *column) value(i int) expr.Value {
	switch {
	case c.null(i):
		return expr.Value{}
	case c.kind == text:
		return expr.TextValue(c.text(i))
	case c.kind == integer, c.kind == number && c.exact != nil && c.exact[i]:
		return expr.IntValue(c.ints[i])
	case c.kind == number:
		return expr.FloatValue(c.floats[i])
	case c.kind == instant:
		return expr.TimeValue(c.ints[i])
	default:
		return expr.BoolValue(c.ints[i] != 0)
	}
}

// finite: anything else less itself is NaN.
func finite(x float64) bool { return x-x == 0 }

// batch is a run of rows of one part. Columns are decoded when they are first looked at.
type batch struct {
	rows  int
	lines []int // of a CSV file: the line of each row
	from  loader

	columns []*column
}

// loader decodes the columns of the current batch. The position is that of the want that the reader was opened with.
type loader interface {
	load(want int) (*column, error)
}

func newBatch(from loader, wants int) *batch {
	return &batch{from: from, columns: make([]*column, wants)}
}

// reset starts a new run of rows; columns of the last one are no longer valid.
func (b *batch) reset(rows int) {
	b.rows = rows
	clear(b.columns)
}

func (b *batch) column(want int) (*column, error) {
	if c := b.columns[want]; c != nil {
		return c, nil
	}
	c, err := b.from.load(want)
	if err != nil {
		return nil, err
	}
	b.columns[want] = c
	return c, nil
}
