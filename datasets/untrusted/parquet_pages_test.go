package untrusted

import (
	"bytes"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/metadata"
)

func openPages(t testing.TB, content []byte, window int) *Pages {
	t.Helper()
	p, err := OpenPages(bytes.NewReader(content), int64(len(content)), chunk(t, content), window)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestPages: a dictionary and its codes, whatever is read of the file at a time, and whether bodies are asked for.
func TestPages(t *testing.T) {
	content := small(t, compress.Codecs.Uncompressed)
	for _, window := range []int{0, 1, 40, 1 << 20} {
		for _, bodies := range []bool{true, false} {
			p := openPages(t, content, window)
			dict, err := p.Next()
			if err != nil || !dict.Dictionary || dict.Values != 1 || dict.Compressed != 24 {
				t.Fatalf("window %d: got %+v, %v", window, dict, err)
			}
			if bodies {
				raw, err := p.Body()
				if want := "\x14\x00\x00\x00" + strings.Repeat("x", 20); string(raw) != want || err != nil {
					t.Errorf("window %d: got %q, %v", window, raw, err)
				}
			}
			data, err := p.Next()
			if err != nil || data.Dictionary || data.V2 || data.Values != 1000 {
				t.Fatalf("window %d: got %+v, %v", window, data, err)
			}
			if _, err := p.Next(); err == nil {
				t.Errorf("window %d: a page beyond the last one", window)
			}
		}
	}
}

// thriftPage encodes a page header's fields that are integers, in order, and one struct of them.
func thriftPage(fields []int64, kind byte, inner []int64) []byte {
	var out []byte
	number := func(v int64) {
		for z := uint64(v<<1) ^ uint64(v>>63); ; z >>= 7 {
			if z < 0x80 {
				out = append(out, byte(z))
				return
			}
			out = append(out, byte(z)|0x80)
		}
	}
	for _, v := range fields {
		out = append(out, 1<<4|thriftI32)
		number(v)
	}
	out = append(out, (kind-byte(len(fields)))<<4|thriftStruct)
	for _, v := range inner {
		out = append(out, 1<<4|thriftI32)
		number(v)
	}
	return append(out, thriftStop, thriftStop)
}

// TestHostileHeaders: sizes that cannot be are refused before anybody allocates them.
func TestHostileHeaders(t *testing.T) {
	const v1, v2 = 5, 8
	tests := map[string]struct {
		header []byte
		ok     bool
	}{
		"sound":                         {thriftPage([]int64{0, 8, 8}, v1, []int64{1, 0, 3, 3}), true},
		"sound, V2":                     {thriftPage([]int64{3, 8, 8}, v2, []int64{1, 0, 1, 0, 3, 5}), true},
		"checksum":                      {thriftPage([]int64{0, 8, 8, 7}, v1, []int64{1, 0, 3, 3}), true},
		"longer than the chunk":         {thriftPage([]int64{0, 8, 1 << 40}, v1, []int64{1, 0}), false},
		"negative":                      {thriftPage([]int64{0, 8, -1}, v1, []int64{1, 0}), false},
		"negative when uncompressed":    {thriftPage([]int64{0, math.MinInt64, 8}, v1, []int64{1, 0}), false},
		"negative number of values":     {thriftPage([]int64{0, 8, 8}, v1, []int64{-1, 0}), false},
		"more values than the chunk":    {thriftPage([]int64{0, 8, 8}, v1, []int64{1 << 40, 0}), false},
		"levels longer than the page":   {thriftPage([]int64{3, 8, 8}, v2, []int64{1, 0, 1, 0, 5, 4}), false},
		"levels that overflow together": {thriftPage([]int64{3, 8, 8}, v2, []int64{1, 0, 1, 0, math.MaxInt64, math.MaxInt64}), false},
		"negative levels":               {thriftPage([]int64{3, 8, 8}, v2, []int64{1, 0, 1, 0, 9, -1}), false},
		"cut":                           {thriftPage([]int64{0, 8, 8}, v1, []int64{1, 0})[:6], false},
		"a type that is none":           {[]byte{0x1f}, false},
		"structs without end":           {bytes.Repeat([]byte{0x1c}, 100), false},
		"a binary beyond the end":       {[]byte{0x98, 0xff, 0xff, 0xff, 0xff, 0x0f}, false},
	}
	for name, test := range tests {
		p := &Pages{src: bytes.NewReader(append(test.header, 0, 0, 0, 0, 0, 0, 0, 0)), left: 5, windowSize: 1 << 10}
		if p.end = int64(len(test.header)); test.ok {
			p.end += 8
		}
		if h, err := p.Next(); (err == nil) != test.ok {
			t.Errorf("%s: got %+v, %v", name, h, err)
		}
		if _, err := p.Body(); test.ok && (err != nil) != p.current.hasCRC {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// TestOpenPages: a chunk's place is checked against the file's size.
func TestOpenPages(t *testing.T) {
	content := small(t, compress.Codecs.Snappy)
	c := chunk(t, content)
	for _, size := range []int64{0, 4, c.TotalCompressedSize()} {
		if _, err := OpenPages(bytes.NewReader(content), size, c, 1); err == nil {
			t.Errorf("a file of %d bytes holds a chunk of %d", size, c.TotalCompressedSize())
		}
	}
}

// FuzzParquet: no bytes lead to a panic, an endless loop or a page that lies elsewhere.
func FuzzParquet(f *testing.F) {
	f.Add(small(f, compress.Codecs.Snappy))
	f.Add(small(f, compress.Codecs.Zstd))
	f.Add([]byte("PAR1\x00\x00\x00\x00PAR1"))
	f.Fuzz(func(t *testing.T, content []byte) {
		err := Guard(func() error { return walk(content) })
		if err != nil && errors.Is(err, errBeyond) {
			t.Error(err)
		}
	})
}

var errBeyond = errors.New("a page is larger than the file")

func walk(content []byte) error {
	src, size := bytes.NewReader(content), int64(len(content))
	footer, err := ParquetFooter(src, size)
	if err != nil {
		return err
	}
	meta, err := metadata.NewFileMetaData(footer, nil)
	if err != nil {
		return err
	}
	for i := range meta.RowGroups {
		group := meta.RowGroup(i)
		for j := range group.NumColumns() {
			c, err := group.ColumnChunk(j)
			if err != nil {
				return err
			}
			if err := CheckPages(src, size, c); err != nil {
				return err
			}
			p, err := OpenPages(src, size, c, 1<<12)
			for err == nil {
				if _, err = p.Next(); err != nil {
					break
				}
				var raw []byte
				if raw, err = p.Body(); len(raw) > len(content) {
					return errBeyond
				}
			}
		}
	}
	return nil
}
