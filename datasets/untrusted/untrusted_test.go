package untrusted

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/metadata"
	"github.com/apache/arrow/go/v17/parquet/schema"
)

func TestGuard(t *testing.T) {
	want := errors.New("plain")
	if err := Guard(func() error { return want }); !errors.Is(err, want) {
		t.Errorf("got %v", err)
	}
	err := Guard(func() error { panic("no such byte") })
	if err == nil || err.Error() != "the file is damaged: no such byte" {
		t.Errorf("got %v", err)
	}
}

func TestMemoryRefuses(t *testing.T) {
	m := &Memory{Limit: 100}
	if err := Guard(func() error { m.Allocate(101); return nil }); err == nil {
		t.Error("101 bytes of 100 were allocated")
	}
	if err := Guard(func() error { m.Free(m.Reallocate(100, m.Allocate(7))); return nil }); err != nil {
		t.Error(err)
	}
}

// TestZstdContentSize has frame headers put together from RFC 8878, section 3.1.1.1.
func TestZstdContentSize(t *testing.T) {
	magic := "\x28\xb5\x2f\xfd"
	tests := []struct {
		frame string
		size  uint64
		ok    bool
	}{
		{magic + "\x20\x07", 7, true},                                   // single segment, 1 byte
		{magic + "\x60\x01\x00", 257, true},                             // single segment, 2 bytes, off by 256
		{magic + "\x40\x00\x02\x00", 258, true},                         // window descriptor before the size
		{magic + "\x81\x00\x05\x00\x01\x00\x00", 1 << 8, true},          // window descriptor, 1 byte of dictionary, 4 bytes
		{magic + "\xe0\x00\x00\x00\x00\x01\x00\x00\x00", 1 << 32, true}, // 8 bytes
		{magic + "\x00\x58", 0, false},                                  // no size
		{magic + "\xe0\x00\x00", 0, false},                              // cut
		{"\x00\x00\x00\x00\x20\x07", 0, false},                          // another format
	}
	for _, test := range tests {
		if size, ok := zstdContentSize([]byte(test.frame)); size != test.size || ok != test.ok {
			t.Errorf("%x: got %d, %v, want %d, %v", test.frame, size, ok, test.size, test.ok)
		}
	}
}

// small is a Parquet file of one column and row group.
func small(t testing.TB, codec compress.Compression) []byte {
	t.Helper()
	column := schema.NewByteArrayNode("id", parquet.Repetitions.Required, -1)
	root, err := schema.NewGroupNode("schema", parquet.Repetitions.Required, schema.FieldList{column}, -1)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := file.NewParquetWriter(&out, root, file.WithWriterProps(parquet.NewWriterProperties(parquet.WithCompression(codec))))
	ids, err := w.AppendRowGroup().NextColumn()
	if err != nil {
		t.Fatal(err)
	}
	values := slices.Repeat([]parquet.ByteArray{parquet.ByteArray(strings.Repeat("x", 20))}, 1000)
	_, err = ids.(*file.ByteArrayColumnChunkWriter).WriteBatch(values, nil, nil)
	if err := errors.Join(err, ids.Close(), w.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func chunk(t testing.TB, content []byte) *metadata.ColumnChunkMetaData {
	t.Helper()
	footer, err := ParquetFooter(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	meta, err := metadata.NewFileMetaData(footer, nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := meta.RowGroup(0).ColumnChunk(0)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestCheckPages: intact files pass with every codec; a file whose end is gone, or that says it grows to gigabytes, does not.
func TestCheckPages(t *testing.T) {
	codecs := compress.Codecs
	for _, codec := range []compress.Compression{codecs.Uncompressed, codecs.Snappy, codecs.Gzip, codecs.Zstd, codecs.Brotli} {
		content := small(t, codec)
		c := chunk(t, content)
		if err := CheckPages(bytes.NewReader(content), int64(len(content)), c); err != nil {
			t.Errorf("%v: %v", codec, err)
		}
		if err := CheckPages(bytes.NewReader(content), 20, c); err == nil {
			t.Errorf("%v: pages beyond the end of the file passed", codec)
		}
		if codec == codecs.Snappy {
			at := int(c.DictionaryPageOffset())
			bomb := bytes.Clone(content)
			var head PageHeader
			size, err := head.read(bomb[at:])
			if err != nil || head.Values != 1 {
				t.Fatalf("got %+v, %v", head, err)
			}
			copy(bomb[at+size:], []byte{0xff, 0xff, 0xff, 0xff, 0x0f}) // the length that Snappy would allocate
			if err := CheckPages(bytes.NewReader(bomb), int64(len(bomb)), c); !errors.Is(err, errExpansion) {
				t.Errorf("a page that grows to 4 GiB: got %v", err)
			}
		}
	}
}

func TestParquetFooter(t *testing.T) {
	content := small(t, compress.Codecs.Snappy)
	for _, size := range []int{0, 11, len(content) - 1} {
		if _, err := ParquetFooter(bytes.NewReader(content[:size]), int64(size)); err == nil {
			t.Errorf("the first %d bytes passed", size)
		}
	}
}

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "seven")
	if err := os.WriteFile(path, []byte("1234567"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, size, err := Open(path)
	if err != nil || size != 7 {
		t.Fatalf("got %d, %v", size, err)
	}
	_ = f.Close()
	if _, _, err := Open(dir); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("got %v", err)
	}
	if _, _, err := Open(filepath.Join(dir, "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}
