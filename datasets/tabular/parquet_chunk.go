package tabular

import (
	"errors"
	"io"
	"time"

	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/metadata"

	"liftgate/datasets/internal/reuse"
	"liftgate/datasets/untrusted"
)

// maxBatch is how many rows a batch may have, whatever the pages of a file hold.
const maxBatch = 1 << 16

// pageWindow is how many bytes of a column are read at once.
const pageWindow = 1 << 18

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
	expands int64 // how many times, at most; 0: as much as any buffer may

	dict    *Column // of the chunk's dictionary page
	page    *page
	rows    int       // of the page
	at      int       // row of the page where the batch starts
	long    *longPage // nil while the page is decoded at once
	decoded *Column
	column  Column // of the batch

	*chunkMemory
}

// chunkMemory is what the page before leaves for the next one, and a chunk for another.
type chunkMemory struct {
	window   []byte
	buffer   []byte
	dictData []byte   // the dictionary page
	entries  physical // of the dictionary
	offsets  []uint32
	values   physical
	levels   []uint32
	codes    []uint32
	gathered Column
	spread   spreading
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
	memory, ok := f.free[l.index].Get().(*chunkMemory)
	if !ok {
		memory = &chunkMemory{}
	}
	p, err := untrusted.OpenPages(f.src, f.size, meta, pageWindow)
	if err != nil {
		return nil, err
	}
	p.Reuse(memory.window)
	codec, err := codecOf(meta.Compression())
	if err != nil {
		return nil, err
	}
	// Some writers forget headers in the total, so allow for a few.
	maxSize := meta.TotalUncompressedSize() + 1<<16
	return &chunk{
		name: name, leaf: l, zone: f.zone, pages: p, codec: codec, maxSize: maxSize, expands: expansion(meta.Compression()), chunkMemory: memory,
	}, nil
}

// nextPage gives the next dictionary or data page.
func (c *chunk) nextPage() (*page, error) {
	h, err := c.pages.Next()
	if err != nil {
		return nil, err
	}
	most := min(c.maxSize, int64(untrusted.BufferLimit(h.Compressed)))
	if c.expands > 0 {
		most = min(c.maxSize, c.expands*h.Compressed+64) // and a little for frames
	}
	if h.Uncompressed > most {
		return nil, errors.New("a page says that it is larger than it can be: its header is damaged")
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
		if c.long != nil && c.long.left > 0 {
			if err := c.nextPiece(maxBatch); err != nil {
				return 0, err
			}
			continue
		}
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
		c.page, c.rows, c.at, c.decoded, c.long = p, int(p.Values), 0, nil, nil
		if c.rows > wholePage {
			if err := c.openLong(); err != nil {
				return 0, err
			}
		}
	}
	return c.rows - c.at, nil
}

func (c *chunk) readDictionary(p *page) error {
	if c.dict != nil {
		return errors.New("a column has two dictionaries")
	}
	data := reuse.Slice(c.dictData, int(p.Uncompressed))
	c.dictData = data
	if err := c.codec(data, p.data); err != nil {
		return err
	}
	if p.Values > 8*int64(len(data)) {
		return errShort
	}
	values, err := c.leaf.plain(data, int(p.Values), c.entries)
	if err != nil {
		return err
	}
	c.entries = values
	dict, err := c.leaf.convert(values, c.zone)
	if err != nil {
		return err
	}
	if dict.Kind == Text {
		dict.Dict = &Dictionary{Texts: dict.Texts}
	}
	c.dict = &dict
	return nil
}

func (c *chunk) decompress(raw []byte, size int64) ([]byte, error) {
	c.buffer = reuse.Slice(c.buffer, int(size))
	return c.buffer, c.codec(c.buffer, raw)
}

// rowsAt gives the next n rows.
func (c *chunk) rowsAt(n int) (*Column, error) {
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

// Next gives a batch that lies within one page of every chunk.
func (r *rowGroupReader) Next() (*Batch, error) {
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

func (r *rowGroupReader) load(want int) (col *Column, err error) {
	c := r.chunks[r.of[want]]
	err = untrusted.Guard(func() (err error) {
		col, err = c.rowsAt(r.batch.Rows)
		return err
	})
	if err != nil {
		return nil, &columnError{c.name, err}
	}
	return col, nil
}

func (r *rowGroupReader) Close() {
	for _, c := range r.chunks {
		c.window = c.pages.Memory()
		r.group.file.free[c.leaf.index].Put(c.chunkMemory)
	}
	r.chunks = nil
}
