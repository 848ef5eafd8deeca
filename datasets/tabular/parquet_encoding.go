package tabular

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/apache/arrow/go/v17/parquet"

	"liftgate/datasets/internal/reuse"
)

// byteStreamSplit is BYTE_STREAM_SPLIT of parquet.thrift, which the Arrow library has no name for.
const byteStreamSplit = parquet.Encoding(9)

var errShort = errors.New("a page ends before its last value: the file is damaged")

// physical holds decoded values of one physical type: ints of BOOLEAN, INT32 and INT64; floats of FLOAT and DOUBLE; texts, which
// share the memory of the page, of the others.
type physical struct {
	ints   []int64
	floats []float64
	texts  []string
	last   string // of a page with DELTA_BYTE_ARRAY, which the next may go on from
}

// decode reads n values, in an encoding that checkEncoding lets pass. It may reuse the memory of old ones.
func (l *leaf) decode(encoding parquet.Encoding, data []byte, n int, old physical) (physical, error) {
	switch encoding {
	case parquet.Encodings.Plain:
		return l.plain(data, n, old)
	case parquet.Encodings.RLE:
		return rleBooleans(data, n)
	case parquet.Encodings.DeltaBinaryPacked:
		ints, _, err := readDelta(data, n, l.physical == parquet.Types.Int32)
		return physical{ints: ints}, err
	case parquet.Encodings.DeltaLengthByteArray:
		texts, err := readDeltaLength(data, n)
		return physical{texts: texts}, err
	case parquet.Encodings.DeltaByteArray:
		texts, err := readDeltaPrefix(data, n, old.last)
		if len(texts) > 0 {
			old.last = strings.Clone(texts[len(texts)-1])
		}
		return physical{texts: texts, last: old.last}, err
	default:
		return l.streamSplit(data, n)
	}
}

// checkEncoding refuses an encoding that is not one of values of the column's type. Those of others may decode, to other values.
func (l *leaf) checkEncoding(encoding parquet.Encoding) error {
	var fits bool
	p := l.physical
	switch encoding {
	case parquet.Encodings.Plain, parquet.Encodings.PlainDict, parquet.Encodings.RLEDict:
		fits = true
	case parquet.Encodings.RLE:
		fits = p == parquet.Types.Boolean
	case parquet.Encodings.DeltaBinaryPacked:
		fits = p == parquet.Types.Int32 || p == parquet.Types.Int64
	case parquet.Encodings.DeltaLengthByteArray:
		fits = p == parquet.Types.ByteArray
	case parquet.Encodings.DeltaByteArray:
		fits = p == parquet.Types.ByteArray || p == parquet.Types.FixedLenByteArray
	case byteStreamSplit:
		fits = l.width() > 0
	default:
		return fmt.Errorf("encoding %v is not supported", encoding)
	}
	if !fits {
		return fmt.Errorf("encoding %v is not one of %v", encoding, p)
	}
	return nil
}

// width is the size of a value in bytes, 0 when it varies.
func (l *leaf) width() int {
	switch l.physical {
	case parquet.Types.Int32, parquet.Types.Float:
		return 4
	case parquet.Types.Int64, parquet.Types.Double:
		return 8
	case parquet.Types.Int96:
		return 12
	case parquet.Types.FixedLenByteArray:
		return l.length
	default:
		return 0
	}
}

func (l *leaf) plain(data []byte, n int, old physical) (out physical, err error) {
	if l.physical == parquet.Types.ByteArray {
		out.texts, err = plainTexts(data, n, old.texts)
		return out, err
	}
	if l.physical == parquet.Types.Boolean {
		return plainBooleans(data, n)
	}
	w := l.width()
	if w <= 0 || n > len(data)/w {
		return out, errShort
	}
	word := binary.LittleEndian
	switch l.physical {
	case parquet.Types.Int32:
		out.ints = reuse.Slice(old.ints, n)
		for i := range out.ints {
			out.ints[i] = int64(int32(word.Uint32(data[4*i:])))
		}
	case parquet.Types.Int64:
		out.ints = reuse.Slice(old.ints, n)
		for i := range out.ints {
			out.ints[i] = int64(word.Uint64(data[8*i:]))
		}
	case parquet.Types.Float:
		out.floats = reuse.Slice(old.floats, n)
		for i := range out.floats {
			out.floats[i] = float64(math.Float32frombits(word.Uint32(data[4*i:])))
		}
	case parquet.Types.Double:
		out.floats = reuse.Slice(old.floats, n)
		for i := range out.floats {
			out.floats[i] = math.Float64frombits(word.Uint64(data[8*i:]))
		}
	default:
		out.texts = reuse.Slice(old.texts, n)
		for i := range out.texts {
			out.texts[i] = reuse.Text(data[i*w : (i+1)*w])
		}
	}
	return out, nil
}

func plainTexts(data []byte, n int, old []string) ([]string, error) {
	if n > len(data)/4 {
		return nil, errShort
	}
	texts := reuse.Slice(old, n)
	for i := range texts {
		if len(data) < 4 {
			return nil, errShort
		}
		size := uint64(binary.LittleEndian.Uint32(data)) + 4
		if size > uint64(len(data)) {
			return nil, errShort
		}
		texts[i] = reuse.Text(data[4:size])
		data = data[size:]
	}
	return texts, nil
}

// textHead is the size of the length before each text.
const textHead = 4

// offsetsOf finds the texts of a page; see Column.Data. It may reuse the memory of old ones.
func offsetsOf(data []byte, n int, old []uint32) ([]uint32, error) {
	if n > len(data)/textHead {
		return nil, errShort
	}
	out := reuse.Slice(old, n+1)
	at, size := uint64(0), uint64(0)
	for i := range n {
		if uint64(len(data)) < at+textHead {
			return nil, errShort
		}
		out[i] = uint32(at + textHead)
		// Most texts are as long as the one before: guessing so, the processor need not wait for the length to find the next.
		if next := uint64(binary.LittleEndian.Uint32(data[at:])); next != size {
			size = next
		}
		at += size + textHead
	}
	if at > uint64(len(data)) {
		return nil, errShort
	}
	out[n] = uint32(at + textHead)
	return out, nil
}

func plainBooleans(data []byte, n int) (physical, error) {
	if n > 8*len(data) {
		return physical{}, errShort
	}
	ints := make([]int64, n)
	for i := range ints {
		ints[i] = int64(data[i/8]>>(i%8)) & 1
	}
	return physical{ints: ints}, nil
}

func rleBooleans(data []byte, n int) (physical, error) {
	if len(data) < 4 {
		return physical{}, errShort
	}
	levels := make([]uint32, n)
	if err := readHybrid(data[4:], 1, levels); err != nil {
		return physical{}, err
	}
	ints := make([]int64, n)
	for i, v := range levels {
		ints[i] = int64(v)
	}
	return physical{ints: ints}, nil
}

// streamSplit puts the bytes of each value back together and reads them as plain values.
func (l *leaf) streamSplit(data []byte, n int) (physical, error) {
	w := l.width()
	if w <= 0 || n > len(data)/w {
		return physical{}, errShort
	}
	joined := make([]byte, n*w)
	for i := range joined {
		joined[i] = data[i%w*n+i/w]
	}
	return l.plain(joined, n, physical{})
}
