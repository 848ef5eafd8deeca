package untrusted

import "github.com/apache/arrow/go/v17/parquet"

// PageHeader is what a page of a Parquet file says of itself (PageHeader in parquet.thrift). Sizes are in bytes.
type PageHeader struct {
	Dictionary   bool  // a dictionary and not data
	V2           bool  // data whose levels lie before the values, uncompressed
	Compressed   int64 // size in the file, of all of the page
	Uncompressed int64
	Values       int64 // nulls among them
	Encoding     parquet.Encoding

	LevelEncoding   parquet.Encoding // of the definition levels of data that are not V2
	DefinitionBytes int64            // of V2
	RepetitionBytes int64
	PlainValues     bool // the values of V2 are not compressed, whatever the column's codec

	crc              uint32
	hasCRC, unlisted bool // unlisted: neither data nor a dictionary
}

// Page types of parquet.thrift.
const (
	dataPage       = 0
	dictionaryPage = 2
	dataPageV2     = 3
)

// read reads the header that data start with and gives its size.
func (h *PageHeader) read(data []byte) (size int, err error) {
	*h = PageHeader{}
	c := &compact{data: data}
	c.fields(0, func(id int16, typ byte) bool {
		switch {
		case typ == thriftI32 && id == 1:
			h.setType(c.varint())
		case typ == thriftI32 && id == 2:
			h.Uncompressed = c.varint()
		case typ == thriftI32 && id == 3:
			h.Compressed = c.varint()
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
	return c.pos, c.err
}

func (h *PageHeader) setType(t int64) {
	h.Dictionary, h.V2 = t == dictionaryPage, t == dataPageV2
	h.unlisted = t != dataPage && t != dictionaryPage && t != dataPageV2
}

// readV1 reads DataPageHeader or DictionaryPageHeader, which start alike.
func (h *PageHeader) readV1(c *compact) {
	c.fields(1, func(id int16, typ byte) bool {
		switch {
		case typ == thriftI32 && id == 1:
			h.Values = c.varint()
		case typ == thriftI32 && id == 2:
			h.Encoding = parquet.Encoding(c.varint())
		case typ == thriftI32 && id == 3:
			h.LevelEncoding = parquet.Encoding(c.varint())
		default:
			return false
		}
		return true
	})
}

func (h *PageHeader) readV2(c *compact) {
	c.fields(1, func(id int16, typ byte) bool {
		switch {
		case typ == thriftI32 && id == 1:
			h.Values = c.varint()
		case typ == thriftI32 && id == 4:
			h.Encoding = parquet.Encoding(c.varint())
		case typ == thriftI32 && id == 5:
			h.DefinitionBytes = c.varint()
		case typ == thriftI32 && id == 6:
			h.RepetitionBytes = c.varint()
		case (typ == thriftTrue || typ == thriftFalse) && id == 7:
			h.PlainValues = typ == thriftFalse
		default:
			return false
		}
		return true
	})
}

// levels is how many bytes lie before the compressed part of the page.
func (h *PageHeader) levels() int64 { return h.DefinitionBytes + h.RepetitionBytes }

// sound reports whether the sizes are possible in a page of at most room bytes.
func (h *PageHeader) sound(room int64) bool {
	whole := min(h.Compressed, h.Uncompressed)
	return whole >= 0 && h.Compressed <= room && h.Values >= 0 &&
		h.DefinitionBytes >= 0 && h.DefinitionBytes <= whole && h.RepetitionBytes >= 0 && h.RepetitionBytes <= whole-h.DefinitionBytes
}
