package columnar

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/metadata"

	"liftgate/datasets/untrusted"
)

// maxBatch is how many rows a batch may have, whatever the pages of a file hold.
const maxBatch = 1 << 16

// pageWindow is how many bytes of a column are read at once.
const pageWindow = 1 << 20

// page is a page as it lies in the file.
type page struct {
	untrusted.PageHeader
	data []byte
}

// chunk is a column of a row group while it is read, page by page. A page is only decompressed when a cell of it is asked for.
type chunk struct {
	name    string
	leaf    *leaf
	zone    *time.Location
	pages   *untrusted.Pages
	codec   codec
	maxSize int64 // of a page, uncompressed

	dict    *column // of the chunk's dictionary page
	page    *page
	rows    int // of the page
	at      int // row of the page where the batch starts
	decoded *column
	column  column // of the batch

	buffer []byte // memory of the last page, for the next one
	values physical
	levels []uint32
	codes  []uint32
	spread column
}

func openChunk(f *parquetFile, group *metadata.RowGroupMetaData, name string) (*chunk, error) {
	l := f.leaves[name]
	meta, err := group.ColumnChunk(l.index)
	if err != nil {
		return nil, err
	}
	if meta.NumValues() != group.NumRows() {
		return nil, errors.New("the row group's columns differ in length")
	}
	p, err := untrusted.OpenPages(f.src, f.size, meta, pageWindow)
	if err != nil {
		return nil, err
	}
	codec, err := codecOf(meta.Compression())
	if err != nil {
		return nil, err
	}
	// Some writers forget headers in the total, so allow for a few.
	maxSize := meta.TotalUncompressedSize() + 1<<16
	return &chunk{name: name, leaf: l, zone: f.zone, pages: p, codec: codec, maxSize: maxSize}, nil
}

// nextPage gives the next dictionary or data page.
func (c *chunk) nextPage() (*page, error) {
	h, err := c.pages.Next()
	if err != nil {
		return nil, err
	}
	if h.Uncompressed > c.maxSize {
		return nil, errors.New("a page says that it is larger than its column: its header is damaged")
	}
	raw, err := c.pages.Body()
	if err != nil {
		return nil, err
	}
	return &page{*h, raw}, nil
}

// advance moves on by the rows of the last batch and tells how many rows the current page has left.
func (c *chunk) advance(by int) (int, error) {
	c.at += by
	for c.at >= c.rows {
		if c.page != nil && c.page.Encoding == parquet.Encodings.DeltaByteArray {
			if err := c.decode(); err != nil { // the next page may go on from this one
				return 0, err
			}
		}
		p, err := c.nextPage()
		if err != nil {
			return 0, err
		}
		if p.Dictionary {
			if err := c.readDictionary(p); err != nil {
				return 0, err
			}
			continue
		}
		c.page, c.rows, c.at, c.decoded = p, int(p.Values), 0, nil
	}
	return c.rows - c.at, nil
}

func (c *chunk) readDictionary(p *page) error {
	if c.dict != nil {
		return errors.New("a column has two dictionaries")
	}
	data := make([]byte, p.Uncompressed)
	if err := c.codec(data, p.data); err != nil {
		return err
	}
	if p.Values > 8*int64(len(data)) {
		return errShort
	}
	values, err := c.leaf.plain(data, int(p.Values), physical{})
	if err != nil {
		return err
	}
	dict, err := c.leaf.convert(values, c.zone)
	if err != nil {
		return err
	}
	if dict.kind == text {
		dict.dict = &dictionary{texts: dict.texts}
	}
	c.dict = &dict
	return nil
}

func (c *chunk) decompress(raw []byte, size int64) ([]byte, error) {
	c.buffer = resized(c.buffer, int(size))
	return c.buffer, c.codec(c.buffer, raw)
}

// rowsAt gives the next n rows.
func (c *chunk) rowsAt(n int) (*column, error) {
	if err := c.decode(); err != nil {
		return nil, err
	}
	c.column = c.decoded.slice(c.at, c.at+n)
	return &c.column, nil
}

// decode makes sure that the page is decoded.
func (c *chunk) decode() error {
	if c.decoded != nil {
		return nil
	}
	decoded, err := c.decodePage()
	if err == nil {
		c.decoded = &decoded
	}
	return err
}

func (c *chunk) decodePage() (column, error) {
	levels, data, err := c.split()
	if err != nil {
		return column{}, err
	}
	valid, present, err := c.validity(levels)
	if err != nil {
		return column{}, err
	}
	cells := column{kind: c.leaf.kind}
	if present > 0 { // of a page of nulls, some writers store no values at all
		if cells, err = c.present(data, present); err != nil {
			return column{}, err
		}
	}
	cells.spread(valid, &c.spread)
	return cells, nil
}

// present decodes the n cells of the page that are not null.
func (c *chunk) present(data []byte, n int) (cells column, err error) {
	switch c.page.Encoding {
	case parquet.Encodings.RLEDict, parquet.Encodings.PlainDict:
		return c.lookup(data, n)
	}
	if c.values, err = c.leaf.decode(c.page.Encoding, data, n, c.values); err != nil {
		return column{}, err
	}
	return c.leaf.convert(c.values, c.zone)
}

// split takes a page apart into definition levels and values.
func (c *chunk) split() (levels, data []byte, err error) {
	p := c.page
	if p.V2 {
		return c.splitV2()
	}
	data, err = c.decompress(p.data, p.Uncompressed)
	if err != nil || !c.leaf.optional {
		return nil, data, err
	}
	if p.LevelEncoding == parquet.Encodings.BitPacked {
		size := (c.rows + 7) / 8
		if size > len(data) {
			return nil, nil, errShort
		}
		return data[:size], data[size:], nil
	}
	if len(data) < 4 {
		return nil, nil, errShort
	}
	size := int64(binary.LittleEndian.Uint32(data)) + 4
	if size > int64(len(data)) {
		return nil, nil, errShort
	}
	return data[4:size], data[size:], nil
}

func (c *chunk) splitV2() (levels, data []byte, err error) {
	p := c.page
	before := p.RepetitionBytes + p.DefinitionBytes
	levels = p.data[p.RepetitionBytes:before]
	if p.PlainValues {
		if int64(len(p.data)) != p.Uncompressed {
			return nil, nil, errSize
		}
		c.buffer = append(c.buffer[:0], p.data[before:]...)
		return levels, c.buffer, nil
	}
	if p.Uncompressed == before {
		return levels, nil, nil
	}
	data, err = c.decompress(p.data[before:], p.Uncompressed-before)
	return levels, data, err
}

// validity tells which rows of the page have a value, nil for all, and how many do.
func (c *chunk) validity(levels []byte) (valid []bool, present int, err error) {
	if !c.leaf.optional {
		return nil, c.rows, nil
	}
	c.levels = resized(c.levels, c.rows)
	defined := c.levels
	if !c.page.V2 && c.page.LevelEncoding == parquet.Encodings.BitPacked {
		err = readOldLevels(levels, defined)
	} else {
		err = readHybrid(levels, 1, defined)
	}
	if err != nil {
		return nil, 0, err
	}
	c.spread.valid = resized(c.spread.valid, c.rows)
	valid = c.spread.valid
	for i, d := range defined {
		if d > 1 {
			return nil, 0, errLevels
		}
		valid[i] = d == 1
		present += int(d)
	}
	if present == c.rows {
		return nil, present, nil
	}
	return valid, present, nil
}

// lookup decodes codes into the chunk's dictionary.
func (c *chunk) lookup(data []byte, n int) (column, error) {
	if c.dict == nil {
		return column{}, errors.New("a column's dictionary is missing")
	}
	c.codes = resized(c.codes, n)
	codes := c.codes
	if n > 0 {
		if len(data) == 0 {
			return column{}, errShort
		}
		if err := readHybrid(data[1:], int(data[0]), codes); err != nil {
			return column{}, err
		}
	}
	return c.dict.at(codes)
}

// at gives the cells of a dictionary for codes into it.
func (c *column) at(codes []uint32) (column, error) {
	size := uint32(max(len(c.texts), len(c.ints), len(c.floats)))
	for _, code := range codes {
		if code >= size {
			return column{}, fmt.Errorf("code %d points beyond a dictionary of %d", code, size)
		}
	}
	if c.kind == text {
		return column{kind: text, dict: c.dict, codes: codes}, nil
	}
	return column{
		kind: c.kind, ints: gather(c.ints, codes), floats: gather(c.floats, codes), exact: gather(c.exact, codes),
	}, nil
}

func gather[T any](from []T, codes []uint32) []T {
	if from == nil {
		return nil
	}
	out := make([]T, len(codes))
	for i, code := range codes {
		out[i] = from[code]
	}
	return out
}

// spread moves the cells that are present to their rows. It may reuse the memory of an old column.
func (c *column) spread(valid []bool, old *column) {
	if valid == nil {
		return
	}
	c.valid = valid
	c.codes, c.texts = spread(c.codes, valid, &old.codes), spread(c.texts, valid, &old.texts)
	c.ints, c.floats = spread(c.ints, valid, &old.ints), spread(c.floats, valid, &old.floats)
	c.exact = spread(c.exact, valid, &old.exact)
}

func spread[T any](present []T, valid []bool, old *[]T) []T {
	if present == nil {
		return nil
	}
	out := resized(*old, len(valid))
	*old = out
	next := 0
	var zero T
	for i, ok := range valid {
		if ok {
			out[i] = present[next]
			next++
		} else {
			out[i] = zero
		}
	}
	return out
}

// next gives a batch that lies within one page of every chunk.
func (r *rowGroupReader) next() (*batch, error) {
	if err := r.ctx.Err(); err != nil {
		return nil, err
	}
	if r.left == 0 {
		return nil, io.EOF
	}
	rows := min(r.left, maxBatch)
	for _, c := range r.chunks {
		var left int
		err := untrusted.Guard(func() (err error) {
			left, err = c.advance(r.last)
			return err
		})
		if err != nil {
			return nil, &columnError{c.name, err}
		}
		rows = min(rows, int64(left))
	}
	r.last = int(rows)
	r.left -= rows
	r.batch.reset(r.last)
	return r.batch, nil
}

func (r *rowGroupReader) load(want int) (col *column, err error) {
	c := r.chunks[r.of[want]]
	err = untrusted.Guard(func() (err error) {
		col, err = c.rowsAt(r.batch.rows)
		return err
	})
	if err != nil {
		return nil, &columnError{c.name, err}
	}
	return col, nil
}

func (r *rowGroupReader) close() {}
