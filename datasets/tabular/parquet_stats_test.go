package tabular

import (
	"encoding/binary"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/parquet"
)

// TestBounds: a bound that is not stated is none, and nulls that are not counted may be there.
func TestBounds(t *testing.T) {
	five := binary.LittleEndian.AppendUint64(nil, 5)
	whole := leaf{physical: parquet.Types.Int64, kind: Integer}
	text := leaf{physical: parquet.Types.ByteArray, kind: Text}
	f := &parquetFile{zone: time.UTC}
	for _, c := range []struct {
		leaf leaf
		statistics
		ok bool
	}{
		{whole, statistics{five, five, true}, true},
		{whole, statistics{five, nil, false}, false},
		{whole, statistics{nil, five, false}, false},
		{text, statistics{[]byte{}, []byte("b"), false}, true},
		{text, statistics{[]byte("b"), nil, false}, false},
	} {
		b, ok, err := c.leaf.bounds(f, c.statistics)
		if err != nil || ok != c.ok || ok && b.nulls != c.nulls {
			t.Errorf("%v %v: %v, %v, %v", c.leaf.kind, c.statistics, b, ok, err)
		}
	}
}
