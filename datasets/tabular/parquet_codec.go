package tabular

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sync"

	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
)

// codec decompresses src into dst, which has exactly the size that the data should have. It may panic on damaged data.
type codec func(dst, src []byte) error

var errSize = errors.New("a page does not have the size that its header states")

func codecOf(c compress.Compression) (codec, error) {
	switch c {
	case compress.Codecs.Uncompressed:
		return store, nil
	case compress.Codecs.Snappy:
		return snappy, nil
	case compress.Codecs.Zstd:
		return zstandard, nil
	case lz4Raw:
		return lz4Block, nil
	}
	lib, err := compress.GetCodec(c)
	if err != nil {
		return nil, fmt.Errorf("compression %v is not supported", c)
	}
	return func(dst, src []byte) error {
		if len(lib.Decode(dst, src)) != len(dst) {
			return errSize
		}
		return nil
	}, nil
}

// expansion is how many times as large data may be as they are compressed, where the format bounds it; 0 where it does not.
func expansion(c compress.Compression) int64 {
	switch c {
	case compress.Codecs.Uncompressed:
		return 1
	case compress.Codecs.Snappy:
		return 22 // a copy of 64 bytes takes 3
	case lz4Raw:
		return 256 // a byte of length stands for 255
	case compress.Codecs.Gzip:
		return 1032 // a copy of 258 bytes takes two bits
	default:
		return 0
	}
}

// lz4Raw is the codec of the Parquet format that the Arrow library has no name for; other writers call it lz4.
const lz4Raw = compress.Compression(7)

func lz4Block(dst, src []byte) error {
	n, err := lz4.UncompressBlock(src, dst)
	if err != nil {
		return err
	}
	if n != len(dst) {
		return errSize
	}
	return nil
}

func store(dst, src []byte) error {
	if len(dst) != len(src) {
		return errSize
	}
	copy(dst, src)
	return nil
}

// snappy checks the length that the data state first, because the library allocates it unseen.
func snappy(dst, src []byte) error {
	size, n := binary.Uvarint(src)
	if n <= 0 || size != uint64(len(dst)) {
		return errSize
	}
	lib, err := compress.GetCodec(compress.Codecs.Snappy)
	if err != nil {
		return err
	}
	lib.Decode(dst, src)
	return nil
}

// zstdDecoder never writes beyond the capacity that it is given; Arrow's own believes any frame header.
var zstdDecoder = sync.OnceValues(func() (*zstd.Decoder, error) {
	return zstd.NewReader(nil, zstd.WithDecodeAllCapLimit(true))
})

func zstandard(dst, src []byte) error {
	d, err := zstdDecoder()
	if err != nil {
		return err
	}
	out, err := d.DecodeAll(src, dst[:0:len(dst)])
	if err != nil {
		return err
	}
	if len(out) != len(dst) {
		return errSize
	}
	return nil
}
