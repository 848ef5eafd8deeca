package untrusted

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// ParquetFooter gives the metadata of a Parquet file of size bytes, checked to be well-formed Thrift.
func ParquetFooter(src io.ReaderAt, size int64) ([]byte, error) {
	const tail = 8
	var end [tail]byte
	if size < 4+tail {
		return nil, errors.New("the file is too short to be a Parquet file")
	}
	if _, err := src.ReadAt(end[:], size-tail); err != nil {
		return nil, err
	}
	if bytes.Equal(end[4:], []byte("PARE")) {
		return nil, errors.New("encrypted Parquet is not supported")
	}
	length := int64(binary.LittleEndian.Uint32(end[:]))
	if !bytes.Equal(end[4:], []byte("PAR1")) || length > size-4-tail {
		return nil, errors.New("the end of the file is not that of a Parquet file: it is cut short or not one")
	}
	footer := make([]byte, length)
	if _, err := src.ReadAt(footer, size-tail-length); err != nil {
		return nil, err
	}
	check := &compact{data: footer}
	if check.skip(thriftStruct, 0); check.err != nil {
		return nil, fmt.Errorf("the footer cannot be read: %w", check.err)
	}
	return footer, nil
}
