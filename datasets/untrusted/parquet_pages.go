package untrusted

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/apache/arrow/go/v17/parquet/metadata"
)

var errPageHeader = errors.New("a page header is damaged")

// Pages goes through the data pages and dictionaries of a column chunk of a Parquet file, one after another.
type Pages struct {
	src      io.ReaderAt
	pos, end int64 // of the next page's header, of the chunk
	body     int64 // where the body of the current page starts
	current  PageHeader
	left     int64 // values

	window     []byte // bytes of the file from windowPos
	windowPos  int64
	windowSize int64
}

// OpenPages checks the place of a chunk against the size of its file in bytes. At least window bytes are read of the file at a time, as far
// as the chunk goes: few where only headers are of interest, many where the pages are.
func OpenPages(src io.ReaderAt, fileSize int64, chunk *metadata.ColumnChunkMetaData, window int) (*Pages, error) {
	start := chunk.DataPageOffset()
	if d := chunk.DictionaryPageOffset(); chunk.HasDictionaryPage() && d > 0 && d < start {
		start = d
	}
	size := chunk.TotalCompressedSize()
	if start < 0 || size < 0 || start > fileSize || size > fileSize-start {
		return nil, errors.New("a column lies beyond the end of the file: the file is cut short or damaged")
	}
	if chunk.CryptoMetadata() != nil {
		return nil, errors.New("the column is encrypted")
	}
	return &Pages{src: src, pos: start, end: start + size, left: chunk.NumValues(), windowSize: int64(window)}, nil
}

// Reuse gives memory for what is read of the file, whose content is given up.
func (p *Pages) Reuse(memory []byte) { p.window = memory[:0] }

// Memory is that for what is read of the file, once no page is needed any more.
func (p *Pages) Memory() []byte { return p.window }

// Next gives the header of the next page, valid until the next call. Its sizes are possible ones: the page lies in its chunk, its levels in the page, and all data
// pages so far have no more values than the chunk. How large it is uncompressed is its own word. It is an error that no page is left.
func (p *Pages) Next() (*PageHeader, error) {
	if err := p.advance(); err != nil {
		p.current = PageHeader{} // whose body is empty
		return nil, err
	}
	return &p.current, nil
}

func (p *Pages) advance() error {
	for {
		if err := p.header(); err != nil {
			return err
		}
		h := &p.current
		if !h.sound(p.end - p.pos) {
			return errPageHeader
		}
		p.body = p.pos
		p.pos += h.Compressed
		if h.unlisted {
			continue
		}
		if h.Dictionary {
			return nil
		}
		if h.Values > p.left {
			return errors.New("a page holds more rows than its row group")
		}
		p.left -= h.Values
		return nil
	}
}

// Body gives the current page as it lies in the file, valid until the next call of a method. A checksum is verified where there is one.
func (p *Pages) Body() ([]byte, error) {
	raw, err := p.bytes(p.body, p.current.Compressed)
	if err != nil {
		return nil, err
	}
	if p.current.hasCRC && crc32.ChecksumIEEE(raw) != p.current.crc {
		return nil, errors.New("a page's checksum does not match: the file is damaged")
	}
	return raw, nil
}

// header reads the header at pos into current and moves behind it.
func (p *Pages) header() error {
	const first, most = 1 << 9, 1 << 22
	for size := int64(first); ; size *= 8 {
		size = min(size, p.end-p.pos)
		if size == 0 {
			return errors.New("pages are missing: the file is damaged")
		}
		raw, err := p.bytes(p.pos, size)
		if err != nil {
			return err
		}
		n, err := p.current.read(raw)
		if err == nil {
			p.pos += int64(n)
			return nil
		}
		if size == p.end-p.pos || size > most {
			return fmt.Errorf("a page header cannot be read: %w", err)
		}
	}
}

// bytes gives n bytes of the file, which stay valid until the next call.
func (p *Pages) bytes(pos, n int64) ([]byte, error) {
	if pos < p.windowPos || pos+n > p.windowPos+int64(len(p.window)) {
		size := max(n, min(p.windowSize, p.end-pos))
		if int64(cap(p.window)) < size {
			p.window = make([]byte, size)
		}
		p.window, p.windowPos = p.window[:size], pos
		if _, err := p.src.ReadAt(p.window, pos); err != nil {
			p.window = p.window[:0]
			return nil, fmt.Errorf("the file is cut short: %w", err)
		}
	}
	return p.window[pos-p.windowPos:][:n], nil
}
