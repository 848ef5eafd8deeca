package arrowfile

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"math"
	"strings"

	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/metadata"

	"liftgate/datasets/untrusted"
)

// skip decodes the next values of a column chunk and forgets them.
func skip(column file.ColumnChunkReader, n int64) (err error) {
	def, rep := make([]int16, n), make([]int16, n)
	var read int64
	switch c := column.(type) {
	case *file.BooleanColumnChunkReader:
		read, _, err = c.ReadBatch(n, make([]bool, n), def, rep)
	case *file.Int32ColumnChunkReader:
		read, _, err = c.ReadBatch(n, make([]int32, n), def, rep)
	case *file.Int64ColumnChunkReader:
		read, _, err = c.ReadBatch(n, make([]int64, n), def, rep)
	case *file.Int96ColumnChunkReader:
		read, _, err = c.ReadBatch(n, make([]parquet.Int96, n), def, rep)
	case *file.Float32ColumnChunkReader:
		read, _, err = c.ReadBatch(n, make([]float32, n), def, rep)
	case *file.Float64ColumnChunkReader:
		read, _, err = c.ReadBatch(n, make([]float64, n), def, rep)
	case *file.ByteArrayColumnChunkReader:
		read, _, err = c.ReadBatch(n, make([]parquet.ByteArray, n), def, rep)
	case *file.FixedLenByteArrayColumnChunkReader:
		read, _, err = c.ReadBatch(n, make([]parquet.FixedLenByteArray, n), def, rep)
	}
	if err == nil && read == 0 {
		err = errors.New("pages are missing: the file is damaged")
	}
	return err
}

// storedSchema is the key under which writers keep the Arrow schema of a Parquet file.
const storedSchema = "ARROW:schema"

// dropSchema forgets the stored Arrow schema where it is not one: the file is whole without it.
func dropSchema(meta *metadata.FileMetaData, bad func(text string) bool) {
	for _, kv := range meta.FileMetaData.KeyValueMetadata {
		if kv.Key == storedSchema && (kv.Value == nil || bad(*kv.Value)) {
			kv.Key = storedSchema + " (unreadable)"
		}
	}
}

// notSchema checks the message of a stored schema before the library reads it.
func notSchema(text string) bool {
	raw, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "="))
	if err != nil || len(raw) < 8 {
		return true
	}
	if binary.LittleEndian.Uint32(raw) == math.MaxUint32 { // the mark that newer writers put before the length
		raw = raw[4:]
	}
	size := int64(binary.LittleEndian.Uint32(raw))
	if size > int64(len(raw)-4) {
		return true
	}
	_, err = untrusted.VerifyMessage(raw[4 : 4+size])
	return err != nil
}
