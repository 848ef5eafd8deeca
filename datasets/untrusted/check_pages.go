package untrusted

import (
	"encoding/binary"
	"errors"
	"io"
	"math"

	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/metadata"
)

// CheckPages goes through the pages of a column chunk before a library reads them that believes their headers: the pages lie in the
// file, hold as many values as the chunk says, and do not claim to expand beyond what an intact one would. It reads headers only.
func CheckPages(src io.ReaderAt, fileSize int64, chunk *metadata.ColumnChunkMetaData) error {
	const window = 1 << 9 // of a header
	p, err := OpenPages(src, fileSize, chunk, window)
	if err != nil {
		return err
	}
	for p.left > 0 {
		h, err := p.Next()
		if err != nil {
			return err
		}
		if h.Uncompressed > int64(BufferLimit(h.Compressed)) || h.Dictionary && h.Values > 8*h.Uncompressed+8 {
			return errPageHeader
		}
		if err := p.checkExpansion(h, chunk.Compression()); err != nil {
			return err
		}
	}
	return nil
}

// checkExpansion compares the size that compressed data state with the header's, where they state one.
func (p *Pages) checkExpansion(h *PageHeader, codec compress.Compression) error {
	packed, plain := h.Compressed-h.levels(), h.Uncompressed-h.levels()
	if h.PlainValues || codec == compress.Codecs.Uncompressed {
		if packed != plain {
			return errExpansion
		}
		return nil
	}
	const frameHead = 18 // of Zstandard; Snappy's is shorter
	head, err := p.bytes(p.body+h.levels(), min(packed, frameHead))
	if err != nil {
		return err
	}
	if size, ok := statedSize(codec, head); ok && size != uint64(plain) {
		return errExpansion
	}
	return nil
}

// statedSize is how large compressed data say that they become, where their format does.
func statedSize(codec compress.Compression, head []byte) (size uint64, ok bool) {
	if len(head) == 0 {
		return 0, false
	}
	switch codec {
	case compress.Codecs.Snappy:
		size, n := binary.Uvarint(head)
		if n <= 0 {
			return math.MaxUint64, true
		}
		return size, true
	case compress.Codecs.Zstd:
		return zstdContentSize(head)
	}
	return 0, false
}

var errExpansion = errors.New("a page does not have the size that its header states")

// zstdContentSize reads Frame_Content_Size (RFC 8878, section 3.1.1.1), when the frame has one.
func zstdContentSize(head []byte) (size uint64, ok bool) {
	if len(head) < 5 || binary.LittleEndian.Uint32(head) != 0xFD2FB528 {
		return 0, false
	}
	descriptor := head[4]
	single := descriptor>>5&1 == 1
	at := 5 + [...]int{0, 1, 2, 4}[descriptor&3]
	if !single {
		at++
	}
	width := [...]int{0, 2, 4, 8}[descriptor>>6]
	if width == 0 && single {
		width = 1
	}
	if width == 0 || at+width > len(head) {
		return 0, false
	}
	var padded [8]byte
	copy(padded[:], head[at:at+width])
	size = binary.LittleEndian.Uint64(padded[:])
	if width == 2 {
		size += 256
	}
	return size, true
}
