package tabular

import (
	"github.com/apache/arrow/go/v17/parquet"

	"liftgate/datasets/internal/reuse"
	"liftgate/datasets/untrusted"
)

// Codes gives the rows of a column of numbers as codes into a dictionary of numbers, as they lie in a Parquet file; nil where they do not,
// or are null. A batch gives no Column for a want that shares its column with one whose Codes were asked for.
func (b *Batch) Codes(want int) (codes []uint32, dict *Column, err error) {
	r, ok := b.from.(*rowGroupReader)
	if !ok {
		return nil, nil, nil
	}
	c := r.chunks[r.of[want]]
	err = untrusted.Guard(func() (err error) {
		codes, err = c.codesAt(b.Rows)
		return err
	})
	if err != nil {
		return nil, nil, &columnError{c.name, err}
	}
	return codes, c.dict, nil
}

// codesAt gives the next n rows as codes into the dictionary; nil where they are not.
func (c *chunk) codesAt(n int) ([]uint32, error) {
	if c.leaf.kind != Integer && c.leaf.kind != Number { // a page of texts, once decoded, has codes, too
		return nil, nil
	}
	if c.decoded == nil {
		if err := c.decodeCodes(); err != nil {
			return nil, err
		}
	}
	if c.decoded == nil || c.decoded.Codes == nil {
		return nil, nil
	}
	return c.decoded.Codes[c.at : c.at+n], nil
}

// decodeCodes decodes a page of codes without nulls, and no other.
func (c *chunk) decodeCodes() error {
	coded := c.page.Encoding == parquet.Encodings.RLEDict || c.page.Encoding == parquet.Encodings.PlainDict
	if !coded || c.dict == nil {
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
	c.codes = reuse.Slice(c.codes, c.rows)
	if err := readHybrid(data[1:], int(data[0]), c.codes); err != nil {
		return err
	}
	c.decoded = &Column{Kind: c.leaf.kind, Codes: c.codes}
	return nil
}
