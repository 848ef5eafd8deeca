package tabular

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"pgregory.net/rapid"

	"liftgate/datasets/expr"
	"liftgate/datasets/untrusted"
)

// leaves are columns of every type that is read.
var leaves = []leaf{
	{physical: parquet.Types.Boolean, kind: Boolean},
	{physical: parquet.Types.Int32, kind: Integer},
	{physical: parquet.Types.Int64, kind: Integer},
	{physical: parquet.Types.Int32, kind: Integer, unsigned: 8},
	{physical: parquet.Types.Int64, kind: Integer, unsigned: 64},
	{physical: parquet.Types.Int32, kind: Number, decimal: true, scale: 2},
	{physical: parquet.Types.Int64, kind: Number, decimal: true},
	{physical: parquet.Types.Float, kind: Number},
	{physical: parquet.Types.Double, kind: Number},
	{physical: parquet.Types.ByteArray, kind: Text},
	{physical: parquet.Types.ByteArray, kind: Number, decimal: true, scale: 3},
	{physical: parquet.Types.FixedLenByteArray, length: 16, kind: Number, decimal: true, scale: 20},
	{physical: parquet.Types.FixedLenByteArray, length: 2, kind: Number, half: true},
	{physical: parquet.Types.FixedLenByteArray, length: 16, kind: Text, uuid: true},
	{physical: parquet.Types.Int96, kind: Instant, clock: clock{unit: time.Nanosecond}},
	{physical: parquet.Types.Int64, kind: Instant, clock: clock{unit: time.Millisecond}},
	{physical: parquet.Types.Int64, kind: Instant, clock: clock{unit: time.Microsecond, local: true}},
	{physical: parquet.Types.Int32, kind: Instant, clock: clock{unit: 24 * time.Hour, local: true}},
}

// drawnPage is a page as a fuzzer makes it up.
type drawnPage struct {
	leaf, encoding, flags byte
	rows                  uint16
	levels                uint16 // bytes of levels of version 2
	dictRows              uint16
	dict, data            []byte
}

func (d drawnPage) chunk() (*chunk, error) {
	l := leaves[int(d.leaf)%len(leaves)]
	l.optional = d.flags&1 != 0
	c := &chunk{leaf: &l, zone: time.UTC, codec: store, maxSize: math.MaxInt64, chunkMemory: &chunkMemory{}}
	c.values.last = "the value before"
	p := &page{untrusted.PageHeader{
		V2: d.flags&2 != 0, Compressed: int64(len(d.data)), Uncompressed: int64(len(d.data)), Values: int64(d.rows),
		Encoding: parquet.Encoding(d.encoding % 10), PlainValues: d.flags&4 != 0,
	}, d.data}
	if p.V2 {
		p.DefinitionBytes = int64(min(int(d.levels), len(d.data)))
	} else if p.LevelEncoding = parquet.Encodings.RLE; d.flags&8 != 0 {
		p.LevelEncoding = parquet.Encodings.BitPacked
	}
	c.page, c.rows = p, int(d.rows)
	if d.flags&16 == 0 {
		return c, nil
	}
	return c, c.readDictionary(&page{untrusted.PageHeader{
		Dictionary: true, Compressed: int64(len(d.dict)), Uncompressed: int64(len(d.dict)), Values: int64(d.dictRows),
	}, d.dict})
}

// whole decodes all of the page.
func (d drawnPage) whole() ([]expr.Value, error) {
	c, err := d.chunk()
	if err != nil {
		return nil, err
	}
	cells, err := c.decodePage()
	if err != nil {
		return nil, err
	}
	return valuesOf(&cells, c.rows), nil
}

// pieces decodes it as a long page.
func (d drawnPage) pieces(most int) (out []expr.Value, err error) {
	c, err := d.chunk()
	if err != nil {
		return nil, err
	}
	if err := c.openLong(); err != nil {
		return nil, err
	}
	for c.long.left > 0 {
		if err := c.nextPiece(most); err != nil {
			return nil, err
		}
		out = append(out, valuesOf(c.decoded, c.rows)...)
	}
	return out, nil
}

func valuesOf(c *Column, rows int) []expr.Value {
	out := make([]expr.Value, rows)
	for i := range out {
		out[i] = c.Value(i)
	}
	return out
}

// check decodes the page in both ways, which agree, and looks at what that takes.
func (d drawnPage) check(t *testing.T) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	want, wantErr := d.whole()
	runtime.ReadMemStats(&after)
	const cell = 200 // of a text of 16 bytes as a value, its header, its code, its level, ...
	if used, most := after.TotalAlloc-before.TotalAlloc, uint64(1<<20+cell*(int(d.rows)+len(d.data)+len(d.dict))); used > most {
		t.Errorf("allocated %d bytes for %d in %d rows", used, len(d.data), d.rows)
	}
	got, err := d.pieces(1 + int(d.levels)%100)
	if (err == nil) != (wantErr == nil) {
		t.Fatalf("at once: %v; in pieces: %v", wantErr, err)
	}
	if err == nil && !sameValues(want, got) {
		t.Fatalf("at once: %v\nin pieces: %v", want, got)
	}
}

func sameValues(a, b []expr.Value) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if x, y := a[i], b[i]; x != y && !(math.IsNaN(x.Float) && math.IsNaN(y.Float) && x.Type == y.Type) {
			return false
		}
	}
	return true
}

// FuzzPage decodes whatever claims to be a page, not compressed: without a panic, with little memory, at once and in pieces alike.
func FuzzPage(f *testing.F) {
	hybrid := []byte{2, 8, 1, 3, 0x88, 0xc6, 0xfa}
	for l := range leaves {
		for _, encoding := range []byte{0, 2, 3, 5, 6, 7, 8, 9} {
			f.Add(byte(l), encoding, byte(16), uint16(6), uint16(0), uint16(2), make([]byte, 64), append([]byte{2}, hybrid[1:]...))
			f.Add(byte(l), encoding, byte(19), uint16(6), uint16(2), uint16(2), make([]byte, 64), append([]byte{8, 1}, hybrid...))
			f.Add(byte(l), encoding, byte(0), uint16(5), uint16(1), uint16(0), []byte{}, []byte{128, 1, 4, 5, 14, 3, 0, 0, 0, 0})
			f.Add(byte(l), encoding, byte(1), uint16(6), uint16(0), uint16(0), []byte{}, append([]byte{2, 0, 0, 0, 12, 1}, make([]byte, 99)...))
		}
	}
	f.Add(byte(13), byte(2), byte(16), uint16(9), uint16(0), uint16(2), make([]byte, 32), []byte("\x00\xa6\xa6\xa6\xa6\xa6\xa6\xa6\xa6\x00"))
	f.Fuzz(func(t *testing.T, l, encoding, flags byte, rows, levels, dictRows uint16, dict, data []byte) {
		drawnPage{l, encoding, flags, rows, levels, dictRows, dict, data}.check(t)
	})
}

// TestLongPage: a few bytes may stand for millions of rows, which take no memory.
func TestLongPage(t *testing.T) {
	const rows = 3 << 20
	run := binary.AppendUvarint(nil, rows<<1)
	levels := append(binary.LittleEndian.AppendUint32(nil, uint32(len(run)+1)), append(run, 1)...)
	data := slices.Concat(levels, []byte{1}, run, []byte{1})
	l := leaf{physical: parquet.Types.Int64, kind: Integer, optional: true}
	c := &chunk{leaf: &l, zone: time.UTC, codec: store, chunkMemory: &chunkMemory{}, rows: rows}
	c.dict = &Column{Kind: Integer, Ints: []int64{5, 7}}
	c.page = &page{untrusted.PageHeader{
		Compressed: int64(len(data)), Uncompressed: int64(len(data)), Values: rows,
		Encoding: parquet.Encodings.RLEDict, LevelEncoding: parquet.Encodings.RLE,
	}, data}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if err := c.openLong(); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for c.long.left > 0 {
		if err := c.nextPiece(maxBatch); err != nil {
			t.Fatal(err)
		}
		for _, v := range c.decoded.Ints {
			if v != 7 {
				t.Fatalf("got %d", v)
			}
		}
		seen += c.rows
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; seen != rows || used > 4<<20 {
		t.Errorf("%d rows, %d bytes allocated", seen, used)
	}
}

// TestRuns reads a hybrid at once and a piece at a time.
func TestRuns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := rapid.SliceOfN(rapid.ByteRange(0, 40), 0, 60).Draw(t, "data")
		width, n := rapid.IntRange(0, 33).Draw(t, "width"), rapid.IntRange(1, 200).Draw(t, "values")
		want := make([]uint32, n)
		wantErr := readHybrid(data, width, want)
		r := &runs{data: data, width: width}
		var got []uint32
		var err error
		for len(got) < n && err == nil {
			piece := make([]uint32, min(n-len(got), rapid.IntRange(1, 20).Draw(t, "piece")))
			err = r.read(piece)
			got = append(got, piece...)
		}
		if (err == nil) != (wantErr == nil) || err == nil && !reflect.DeepEqual(got, want) {
			t.Fatalf("at once: %v, %v\nin pieces: %v, %v", want, wantErr, got, err)
		}
	})
}

// TestCodecs: what is compressed comes back, and what is damaged does so as an error, in the space that it was given.
func TestCodecs(t *testing.T) {
	for name, c := range namedCodecs {
		codec, err := codecOf(c)
		if err != nil {
			t.Fatal(err)
		}
		r := rand.New(rand.NewPCG(1, 2))
		for range 300 {
			src := make([]byte, r.IntN(60))
			for i := range src {
				src[i] = byte(r.Uint32())
			}
			checkCodec(t, name, codec, src, r.IntN(2000))
		}
	}
}

var namedCodecs = map[string]compress.Compression{
	"none": 0, "snappy": 1, "gzip": 2, "brotli": 4, "zstd": 6, "lz4": 7,
}

func checkCodec(t *testing.T, name string, codec codec, src []byte, size int) {
	t.Helper()
	memory := make([]byte, size+16)
	for i := range memory {
		memory[i] = 0xa5
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err := untrusted.Guard(func() error { return codec(memory[:size], src) })
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 24<<20 {
		t.Errorf("%s: allocated %d bytes for %x (%v)", name, used, src, err)
	}
	for _, b := range memory[size:] {
		if b != 0xa5 {
			t.Fatalf("%s: wrote beyond the end for %x", name, src)
		}
	}
	if err == nil && size > 0 && len(src) == 0 {
		t.Errorf("%s: %d bytes out of nothing", name, size)
	}
}

// FuzzCodec decompresses whatever claims to be compressed.
func FuzzCodec(f *testing.F) {
	f.Add(byte(1), uint16(4), []byte("\x04\x0cabcd"))
	f.Add(byte(6), uint16(4), []byte("\x28\xb5\x2f\xfd\x20\x04\x21\x00\x00abcd"))
	f.Add(byte(7), uint16(4), []byte("\x40abcd"))
	f.Add(byte(2), uint16(0), []byte("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00"))
	f.Add(byte(4), uint16(4), []byte("\x8b\x01\x80abcd\x03"))
	f.Fuzz(func(t *testing.T, c byte, size uint16, src []byte) {
		codec, err := codecOf(compress.Compression(c % 8))
		if err == nil {
			checkCodec(t, fmt.Sprint(c%8), codec, src, int(size))
		}
	})
}
