package pagetest

import (
	"fmt"

	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/pierrec/lz4/v4"
)

// lz4Raw is the codec of parquet.thrift that the Arrow library has no name for.
const lz4Raw = compress.Compression(7)

var codecs = []compress.Compression{
	compress.Codecs.Uncompressed, compress.Codecs.Snappy, compress.Codecs.Gzip, compress.Codecs.Brotli, compress.Codecs.Zstd, lz4Raw,
}

func compressed(codec compress.Compression, data []byte) ([]byte, error) {
	if codec == compress.Codecs.Uncompressed {
		return data, nil
	}
	if codec == lz4Raw {
		return lz4Block(data)
	}
	lib, err := compress.GetCodec(codec)
	if err != nil {
		return nil, err
	}
	return lib.Encode(make([]byte, lib.CompressBound(int64(len(data)))), data), nil
}

func lz4Block(data []byte) ([]byte, error) {
	out := make([]byte, lz4.CompressBlockBound(len(data)))
	n, err := lz4.CompressBlock(data, out, nil)
	if err != nil {
		return nil, fmt.Errorf("lz4: %w", err)
	}
	if n == 0 { // it does not shrink: one run of literals
		return literals(data), nil
	}
	return out[:n], nil
}

// literals is a block of LZ4 that repeats nothing.
func literals(data []byte) []byte {
	n := len(data)
	if n < 15 {
		return append([]byte{byte(n) << 4}, data...)
	}
	out := []byte{0xf0}
	for n -= 15; n >= 255; n -= 255 {
		out = append(out, 255)
	}
	return append(append(out, byte(n)), data...)
}
