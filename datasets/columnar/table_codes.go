package columnar

import (
	"fmt"
	"math"
	"slices"

	"github.com/apache/arrow/go/v17/parquet"

	"liftgate/datasets/untrusted"
)

// Numbers of a Parquet file are as a rule codes into a dictionary. A reader of unit tables takes them as they are: it has no use for the
// code of zero, which most of them are.

// numberTable is a dictionary of numbers.
type numberTable struct {
	dict    *column
	numbers []float64
	zero    uint32 // the code of zero; noCode without one
}

const noCode = math.MaxUint32

// of makes sure that the table is that of a dictionary.
func (t *numberTable) of(dict *column) {
	if t.dict == dict {
		return
	}
	t.dict, t.zero = dict, noCode
	t.numbers = resized(t.numbers, max(len(dict.ints), len(dict.floats)))
	for code := range t.numbers {
		x := dict.float(code)
		t.numbers[code] = x
		if x == 0 {
			t.zero = uint32(code)
		}
	}
}

// findCoded finds the values whose columns nothing else of the query reads, so that codes are fine.
func (r *tableReader) findCoded(wants []want) {
	r.coded, r.tables = make([]bool, len(r.values)), make([]numberTable, len(r.values))
	var shared []int
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
		r.coded[i] = at >= 0 && !slices.Contains(shared, at) && alone(wants, at)
	}
}

// alone reports whether no other want names the same column.
func alone(wants []want, at int) bool {
	for i, w := range wants {
		if i != at && w.name == wants[at].name {
			return false
		}
	}
	return true
}

// codes gives the rows of a column of numbers as codes, and the dictionary; nil where it is not stored so.
func (b *batch) codes(want int) (codes []uint32, dict *column, err error) {
	r, ok := b.from.(*rowGroupReader)
	if !ok {
		return nil, nil, nil
	}
	c := r.chunks[r.of[want]]
	err = untrusted.Guard(func() (err error) {
		codes, err = c.codesAt(b.rows)
		return err
	})
	if err != nil {
		return nil, nil, &columnError{c.name, err}
	}
	return codes, c.dict, nil
}

// codesAt gives the next n rows as codes into the dictionary; nil where they are not.
func (c *chunk) codesAt(n int) ([]uint32, error) {
	if c.decoded == nil {
		if err := c.decodeCodes(); err != nil {
			return nil, err
		}
	}
	if c.decoded == nil || c.decoded.codes == nil {
		return nil, nil
	}
	return c.decoded.codes[c.at : c.at+n], nil
}

// decodeCodes decodes a page of codes without nulls, and no other.
func (c *chunk) decodeCodes() error {
	coded := c.page.Encoding == parquet.Encodings.RLEDict || c.page.Encoding == parquet.Encodings.PlainDict
	if !coded || c.dict == nil || c.leaf.kind != integer && c.leaf.kind != number {
		return nil
	}
	levels, data, err := c.split()
	if err != nil {
		return err
	}
	if valid, _, err := c.validity(levels); err != nil || valid != nil {
		return err
	}
	if len(data) == 0 {
		return errShort
	}
	c.codes = resized(c.codes, c.rows)
	if err := readHybrid(data[1:], int(data[0]), c.codes); err != nil {
		return err
	}
	c.decoded = &column{kind: c.leaf.kind, codes: c.codes}
	return nil
}

// packCodes keeps the numbers of a column that are not zero.
func (r *tableReader) packCodes(codes []uint32, t *numberTable, to []sparse) error {
	groups, at := r.groups, r.at[:len(r.groups)]
	numbers, zero := t.numbers, t.zero
	if r.places.rows == nil {
		codes = codes[r.from : r.from+len(groups)]
	} else {
		r.few = gatherCodes(codes[r.from:], r.places.rows, r.few)
		codes = r.few
	}
	for i, code := range codes {
		if code == zero {
			continue
		}
		if int(code) >= len(numbers) {
			return fmt.Errorf("code %d points beyond a dictionary of %d", code, len(numbers))
		}
		x := numbers[code]
		if !finite(x) {
			return errIrregular
		}
		if x != 0 {
			to[groups[i]].put(at[i], x)
		}
	}
	return nil
}

// gatherCodes picks rows.
func gatherCodes(from []uint32, rows []int32, memory []uint32) []uint32 {
	out := resized(memory, len(rows))
	for i, row := range rows {
		out[i] = from[row]
	}
	return out
}
