package tabular

import (
	"liftgate/datasets/expr"
	"liftgate/datasets/internal/reuse"
)

// Column is one column of a batch, slice by slice: of those that its kind does not need, and of those that it holds nothing in, it has none.
type Column struct {
	Kind  Kind
	Valid []bool // nil: no cell is null

	// A cell of a text column lies in Texts, or has a code, a position in Dict, or lies in Data, which is a page as it was read: that of row i
	// from Offsets[i] on, up to four bytes, the size of the next text, before Offsets[i+1]. It may be anything but UTF-8; see ErrNotUTF8.
	Texts   []string
	Codes   []uint32
	Dict    *Dictionary
	Data    []byte
	Offsets []uint32

	Ints   []int64 // integers, instants in microseconds, booleans as 0 and 1
	Floats []float64
	Exact  []bool // of a number: the cell is in Ints; nil: none is
}

// Dictionary is the list of distinct texts that codes refer to. Its address is its identity. The texts hold until the reader is closed.
type Dictionary struct {
	Texts []string
}

// slice is the column from row a up to row b.
func (c *Column) slice(a, b int) Column {
	out := Column{
		Kind: c.Kind, Dict: c.Dict,
		Valid: cut(c.Valid, a, b), Codes: cut(c.Codes, a, b), Texts: cut(c.Texts, a, b),
		Ints: cut(c.Ints, a, b), Floats: cut(c.Floats, a, b), Exact: cut(c.Exact, a, b), Data: c.Data,
	}
	if c.Offsets != nil {
		out.Offsets = c.Offsets[a : b+1]
	}
	return out
}

func cut[T any](s []T, a, b int) []T {
	if s == nil {
		return nil
	}
	return s[a:b:b]
}

// Null reports whether a cell is.
func (c *Column) Null(i int) bool {
	return c.Kind == Untyped || c.Valid != nil && !c.Valid[i]
}

// Text is a cell of a text column that is not null.
func (c *Column) Text(i int) string {
	if c.Codes != nil {
		return c.Dict.Texts[c.Codes[i]]
	}
	if c.Offsets != nil {
		return reuse.Text(c.Bytes(i))
	}
	return c.Texts[i]
}

// Bytes is a cell of a text column with Offsets.
func (c *Column) Bytes(i int) []byte { return c.Data[c.Offsets[i] : c.Offsets[i+1]-textHead] }

// Float is a cell of an integer or number column that is not null.
func (c *Column) Float(i int) float64 {
	if c.Kind == Integer || c.Exact != nil && c.Exact[i] {
		return float64(c.Ints[i])
	}
	return c.Floats[i]
}

// Value is a cell as expressions see it.
func (c *Column) Value(i int) expr.Value {
	switch {
	case c.Null(i):
		return expr.Value{}
	case c.Kind == Text:
		return expr.TextValue(c.Text(i))
	case c.Kind == Integer, c.Kind == Number && c.Exact != nil && c.Exact[i]:
		return expr.IntValue(c.Ints[i])
	case c.Kind == Number:
		return expr.FloatValue(c.Floats[i])
	case c.Kind == Instant:
		return expr.TimeValue(c.Ints[i])
	default:
		return expr.BoolValue(c.Ints[i] != 0)
	}
}
