package columnar

import (
	"encoding/binary"
	"errors"
	"slices"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"liftgate/datasets"
	"liftgate/datasets/tabular"
)

// textColumn lays texts out in one of the ways that a column may hold them.
func textColumn(form string, texts []string) *tabular.Column {
	c := &tabular.Column{Kind: tabular.Text}
	switch form {
	case "page":
		for _, s := range texts {
			c.Offsets = append(c.Offsets, uint32(len(c.Data)+4))
			c.Data = append(binary.LittleEndian.AppendUint32(c.Data, uint32(len(s))), s...)
		}
		c.Offsets = append(c.Offsets, uint32(len(c.Data)+4))
	case "dictionary":
		c.Dict, c.Codes = &tabular.Dictionary{}, make([]uint32, len(texts))
		for i, s := range texts {
			at := slices.Index(c.Dict.Texts, s)
			if at < 0 {
				at = len(c.Dict.Texts)
				c.Dict.Texts = append(c.Dict.Texts, s)
			}
			c.Codes[i] = uint32(at)
		}
	default:
		c.Texts = texts
	}
	return c
}

// exposureCells are the cells of some rows of exposures.
type exposureCells struct {
	units, variants, times *tabular.Column
}

func drawExposures(t *rapid.T) exposureCells {
	n := rapid.IntRange(1, 40).Draw(t, "rows")
	forms := rapid.SampledFrom([]string{"plain", "page", "dictionary"})
	texts := func(name string, from ...string) *tabular.Column {
		return textColumn(forms.Draw(t, name+" in"), rapid.SliceOfN(rapid.SampledFrom(from), n, n).Draw(t, name))
	}
	x := exposureCells{
		units:    texts("unit", "a", "b", "a shopper with a long key", "12345678", "7", "ä"),
		variants: texts("variant", "control", "treatment"),
		times:    &tabular.Column{Kind: tabular.Instant, Ints: rapid.SliceOfN(rapid.Int64Range(0, 20), n, n).Draw(t, "times")},
	}
	if rapid.Bool().Draw(t, "any text") {
		x.units, x.variants = texts("unit", "a", "b", "c", "d", "", "\xff"), texts("variant", "control", "treatment", "bot", "bot", "other", "\xff")
	}
	if rapid.IntRange(0, 3).Draw(t, "integers") == 0 {
		x.units = &tabular.Column{Kind: tabular.Integer, Ints: rapid.SliceOfN(rapid.Int64Range(-2, 9), n, n).Draw(t, "units")}
	}
	for _, c := range []*tabular.Column{x.units, x.variants, x.times} {
		drawNulls(t, c, n)
	}
	return x
}

// drawNulls makes some cells of some columns null; there the others hold nothing that means anything.
func drawNulls(t *rapid.T, c *tabular.Column, n int) {
	if rapid.IntRange(0, 3).Draw(t, "nulls") > 0 {
		return
	}
	c.Valid = make([]bool, n)
	for i := range c.Valid {
		c.Valid[i] = rapid.IntRange(0, 4).Draw(t, "null") > 0
		if !c.Valid[i] && c.Codes != nil {
			c.Codes[i] = 1 << 31
		}
	}
}

// odd reports whether rows may hold an error.
func (x exposureCells) odd(from, to int) bool {
	for row := from; row < to; row++ {
		if x.times.Null(row) || x.variants.Null(row) || !slices.Contains([]string{"control", "treatment", "bot"}, x.variants.Text(row)) ||
			x.units.Kind == tabular.Text && !x.units.Null(row) && !utf8.ValidString(x.units.Text(row)) {
			return true
		}
	}
	return false
}

// TestTakeColumns takes exposures column after column as row by row, and gives up, with nothing done, just where a row may be at fault.
func TestTakeColumns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		asOf, start, end := datasets.Instant(15), datasets.Instant(4), datasets.Instant(12)
		q := &datasets.Query{Exposures: &datasets.Table{}, Variants: []string{"control", "treatment"}, IgnoreVariants: []string{"bot"}}
		if rapid.Bool().Draw(t, "schedule") {
			q.Start, q.End = &start, &end
		}
		e, w := newEnrolment(q, &asOf), &tabular.Wanted{}
		columns := wantEnrolment(q.Exposures, true, w)
		byColumn, byRow := e.newFilter(columns, w), e.newFilter(columns, w)
		got, want := byColumn.newPacket(), byRow.newPacket()
		b := &tabular.Batch{}
		for range 3 {
			x := drawExposures(t)
			cols := [4]*tabular.Column{x.units, x.variants, x.times}
			for from, n := 0, len(x.times.Ints); from < n; {
				to := rapid.IntRange(from+1, n).Draw(t, "piece")
				if took := byColumn.takeColumns(cols, from, to, got); took == x.odd(from, to) {
					t.Fatalf("took rows %d to %d: %t", from, to, took)
				} else if !took {
					requireSame(t, got, want, byColumn, byRow)
					if byColumn.takeRows(b, cols, from, to, got) != nil {
						return
					}
				}
				if err := byRow.takeRows(b, cols, from, to, want); err != nil {
					t.Fatal(err)
				}
				if !slices.Equal(byColumn.rows, byRow.rows) {
					t.Fatalf("took rows %v, want %v", byColumn.rows, byRow.rows)
				}
				requireSame(t, got, want, byColumn, byRow)
				from = to
			}
		}
	})
}

func requireSame(t *rapid.T, got, want *packet, byColumn, byRow *enrolFilter) {
	if !slices.Equal(got.keys, want.keys) || !slices.Equal(got.times, want.times) || !slices.Equal(got.variant, want.variant) {
		t.Fatalf("got keys %v, times %v, variants %v; want %v, %v, %v", got.keys, got.times, got.variant, want.keys, want.times, want.variant)
	}
	if byColumn.dropped != byRow.dropped {
		t.Fatalf("dropped %+v, want %+v", byColumn.dropped, byRow.dropped)
	}
}

// TestCodesOf codes cells of many rows as it codes them one by one, behind those that are there.
func TestCodesOf(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		byColumn, byRow := newLabels(), newLabels()
		many := labeller{code: func(s string) (uint32, error) { return byColumn.code(s), nil }}
		each := labeller{code: func(s string) (uint32, error) { return byRow.code(s), nil }}
		var got, want []uint32
		for range 3 {
			texts := rapid.SliceOfN(rapid.SampledFrom([]string{"", "a", "b", "c", "ä", "\xff"}), 1, 20).Draw(t, "texts")
			c := textColumn(rapid.SampledFrom([]string{"plain", "page", "dictionary"}).Draw(t, "in"), texts)
			drawNulls(t, c, len(texts))
			rows := rapid.SliceOf(rapid.Int32Range(0, int32(len(texts)-1))).Draw(t, "rows")
			var err, wantErr error
			got, err = codesOf(&many, c, rows, got)
			for _, row := range rows {
				var code uint32
				if code, wantErr = each.at(c, int(row)); wantErr != nil {
					break
				}
				want = append(want, code)
			}
			if !slices.Equal(got, want) || !errors.Is(err, wantErr) || !slices.Equal(byColumn.texts, byRow.texts) {
				t.Fatalf("got %v of %q, %v; want %v of %q, %v", got, byColumn.texts, err, want, byRow.texts, wantErr)
			}
		}
	})
}
