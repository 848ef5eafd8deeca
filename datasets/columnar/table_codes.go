package columnar

import (
	"fmt"
	"math"
	"slices"

	"liftgate/datasets/fold"
	"liftgate/datasets/internal/reuse"
	"liftgate/datasets/tabular"
)

// Numbers of a Parquet file are as a rule codes into a dictionary. A reader of unit tables takes them as they are: it has no use for the
// code of zero, which most of them are.

// numberTable is a dictionary of numbers.
type numberTable struct {
	dict    *tabular.Column
	numbers []float64
	zero    uint32 // the code of zero; noCode without one
	zeros   int    // how many codes zero has
}

const noCode = math.MaxUint32

// of makes sure that the table is that of a dictionary.
func (t *numberTable) of(dict *tabular.Column) {
	if t.dict == dict {
		return
	}
	t.dict, t.zero, t.zeros = dict, noCode, 0
	t.numbers = reuse.Slice(t.numbers, max(len(dict.Ints), len(dict.Floats)))
	for code := range t.numbers {
		x := dict.Float(code)
		t.numbers[code] = x
		if x == 0 {
			t.zero = uint32(code)
			t.zeros++
		}
	}
}

// findCoded finds the columns that nothing else of the query reads, so that codes are fine.
func (r *tableReader) findCoded(wants []tabular.Want) {
	r.coded, r.tables = make([]bool, len(r.values)), make([]numberTable, len(r.values))
	shared := append([]int{-1, r.columns.unit, r.columns.variant}, r.columns.attributes...)
	for i := range r.values {
		if rows := r.values[i].rows; rows != nil {
			shared = append(shared, rows.wants...)
		}
	}
	if c := r.conditions; c != nil {
		shared = append(shared, c.rows.wants...)
		for _, g := range c.groups {
			shared = append(shared, g.want)
		}
	}
	for i := range r.values {
		at := r.values[i].want
		r.coded[i] = !slices.Contains(shared, at) && alone(wants, at)
	}
	at := r.columns.cluster
	r.ofClusters = r.query.Clustered && !slices.Contains(shared, at) && alone(wants, at)
}

// codedClusters reports whether codes of clusters are fine.
func (r *tableReader) codedClusters() bool { return r.ofClusters && r.verify == nil }

// alone reports whether no other want names the same column.
func alone(wants []tabular.Want, at int) bool {
	for i, w := range wants {
		if i != at && w.Name == wants[at].Name {
			return false
		}
	}
	return true
}

// findCodes finds the numbers of a column that are not zero.
func (r *tableReader) findCodes(codes []uint32, t *numberTable, f *nonzeros) error {
	codes = r.codesAtHand(codes)
	f.rows = unlike(codes, t.zero, f.rows)
	f.numbers = reuse.Slice(f.numbers, len(f.rows))
	for i, row := range f.rows {
		code := codes[row]
		if int(code) >= len(t.numbers) {
			return beyond(code, len(t.numbers))
		}
		x := t.numbers[code]
		if !fold.Finite(x) {
			return errIrregular
		}
		f.numbers[i] = x
	}
	if t.zeros > 1 {
		f.dropZeros()
	}
	return nil
}

func beyond(code uint32, size int) error {
	return fmt.Errorf("code %d points beyond a dictionary of %d", code, size)
}

// unlike lists the rows whose code is another one, without a branch: zeros and numbers come in no order, so it would often be guessed
// wrong.
//
//go:noinline // among the variables of its caller its own do not stay in registers
func unlike(codes []uint32, zero uint32, memory []int32) []int32 {
	rows, n := reuse.Slice(memory, len(codes)), 0
	for i, code := range codes {
		rows[n] = int32(i)
		d := code ^ zero
		n += int((d | -d) >> 31)
	}
	return rows[:n]
}

// codesAtHand are those of the rows that count.
func (r *tableReader) codesAtHand(codes []uint32) []uint32 {
	if r.places.rows == nil {
		return codes[r.from : r.from+len(r.groups)]
	}
	r.few = reuse.Slice(r.few, len(r.groups))
	for i, row := range r.places.rows {
		r.few[i] = codes[r.from+int(row)]
	}
	return r.few
}
