package columnar

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/metadata"
)

// Page types of parquet.thrift.
const (
	dataPageV1     = 0
	dictionaryPage = 2
	dataPageV2     = 3
)

// pageHeader is what is used of PageHeader in parquet.thrift.
type pageHeader struct {
	typ          int64
	uncompressed int64
	compressed   int64
	crc          uint32
	hasCRC       bool
	values       int64
	encoding     parquet.Encoding
	defEncoding  parquet.Encoding // of a V1 page
	defBytes     int64            // of a V2 page
	repBytes     int64
	plainLevels  bool // a V2 page whose values are not compressed
}

func readPageHeader(data []byte) (h pageHeader, size int, err error) {
	c := &compact{data: data}
	c.fields(0, func(id int16, typ byte) bool {
		switch {
		case typ == thriftI32 && id == 1:
			h.typ = c.varint()
		case typ == thriftI32 && id == 2:
			h.uncompressed = c.varint()
		case typ == thriftI32 && id == 3:
			h.compressed = c.varint()
		case typ == thriftI32 && id == 4:
			h.crc, h.hasCRC = uint32(c.varint()), true
		case typ == thriftStruct && (id == 5 || id == 7):
			h.readV1(c)
		case typ == thriftStruct && id == 8:
			h.readV2(c)
		default:
			return false
		}
		return true
	})
	return h, c.pos, c.err
}

// readV1 reads DataPageHeader or DictionaryPageHeader, which start alike.
func (h *pageHeader) readV1(c *compact) {
	c.fields(1, func(id int16, typ byte) bool {
		switch {
		case typ == thriftI32 && id == 1:
			h.values = c.varint()
		case typ == thriftI32 && id == 2:
			h.encoding = parquet.Encoding(c.varint())
		case typ == thriftI32 && id == 3:
			h.defEncoding = parquet.Encoding(c.varint())
		default:
			return false
		}
		return true
	})
}

func (h *pageHeader) readV2(c *compact) {
	c.fields(1, func(id int16, typ byte) bool {
		switch {
		case typ == thriftI32 && id == 1:
			h.values = c.varint()
		case typ == thriftI32 && id == 4:
			h.encoding = parquet.Encoding(c.varint())
		case typ == thriftI32 && id == 5:
			h.defBytes = c.varint()
		case typ == thriftI32 && id == 6:
			h.repBytes = c.varint()
		case (typ == thriftTrue || typ == thriftFalse) && id == 7:
			h.plainLevels = typ == thriftFalse
		default:
			return false
		}
		return true
	})
}

// page is a page as it lies in the file.
type page struct {
	pageHeader
	data []byte
}

// pages reads the pages of a column chunk one after another.
type pages struct {
	src       io.ReaderAt
	pos, end  int64
	codec     codec
	maxSize   int64 // of a page, uncompressed
	rowsLeft  int64
	window    []byte // bytes of the file from windowPos
	windowPos int64
}

const (
	windowSize = 1 << 20
	headerSize = 1 << 14
	maxHeader  = 1 << 22
)

// openPages checks the place of a chunk against the size of its file.
func openPages(src io.ReaderAt, fileSize int64, chunk *metadata.ColumnChunkMetaData) (*pages, error) {
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
	codec, err := codecOf(chunk.Compression())
	if err != nil {
		return nil, err
	}
	// Some writers forget headers in the total, so allow for a few.
	maxSize := chunk.TotalUncompressedSize() + 1<<16
	return &pages{src: src, pos: start, end: start + size, codec: codec, maxSize: maxSize, rowsLeft: chunk.NumValues()}, nil
}

// next gives the next dictionary or data page.
func (p *pages) next() (*page, error) {
	for {
		h, err := p.header()
		if err != nil {
			return nil, err
		}
		if h.compressed < 0 || h.compressed > p.end-p.pos || h.uncompressed < 0 || h.uncompressed > p.maxSize || h.values < 0 {
			return nil, errors.New("a page header is damaged")
		}
		raw, err := p.bytes(p.pos, h.compressed)
		if err != nil {
			return nil, err
		}
		p.pos += h.compressed
		if h.hasCRC && crc32.ChecksumIEEE(raw) != h.crc {
			return nil, errors.New("a page's checksum does not match: the file is damaged")
		}
		switch h.typ {
		case dataPageV1, dataPageV2:
			if h.values > p.rowsLeft {
				return nil, errors.New("a page holds more rows than its row group")
			}
			p.rowsLeft -= h.values
			return &page{h, raw}, nil
		case dictionaryPage:
			return &page{h, raw}, nil
		}
	}
}

func (p *pages) header() (pageHeader, error) {
	for size := int64(headerSize); ; size *= 4 {
		size = min(size, p.end-p.pos)
		if size == 0 {
			return pageHeader{}, errors.New("pages are missing: the file is damaged")
		}
		raw, err := p.bytes(p.pos, size)
		if err != nil {
			return pageHeader{}, err
		}
		h, n, err := readPageHeader(raw)
		if err == nil {
			p.pos += int64(n)
			return h, nil
		}
		if size == p.end-p.pos || size > maxHeader {
			return pageHeader{}, fmt.Errorf("a page header cannot be read: %w", err)
		}
	}
}

// bytes gives n bytes of the file, which stay valid until the next call.
func (p *pages) bytes(pos, n int64) ([]byte, error) {
	if pos < p.windowPos || pos+n > p.windowPos+int64(len(p.window)) {
		size := max(n, min(windowSize, p.end-pos))
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
