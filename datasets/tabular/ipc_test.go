package tabular

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"liftgate/datasets"
	"liftgate/datasets/untrusted"
)

// stream is an Arrow IPC stream with one row a record batch, and where its messages end: the schema's first.
func stream(t *testing.T, batches int) (content []byte, ends []int) {
	t.Helper()
	schema := arrow.NewSchema([]arrow.Field{{Name: "n", Type: arrow.PrimitiveTypes.Int64}}, nil)
	var out bytes.Buffer
	w := ipc.NewWriter(&out, ipc.WithSchema(schema))
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	for i := range batches {
		b.Field(0).(*array.Int64Builder).Append(int64(i))
		r := b.NewRecord()
		if err := w.Write(r); err != nil {
			t.Fatal(err)
		}
		r.Release()
		if i == 0 {
			_, head := messageAt(out.Bytes(), 0)
			ends = append(ends, head)
		}
		ends = append(ends, out.Len())
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), ends
}

// messageAt tells where the metadata and the body of a message end.
func messageAt(content []byte, at int) (meta, body int) {
	meta = at + 8 + int(binary.LittleEndian.Uint32(content[at+4:]))
	size, _ := untrusted.VerifyMessage(content[at+8 : meta])
	return meta, meta + int(size)
}

// rowsIn reads a file; each is called before each batch.
func rowsIn(path string, each func(rows int)) (rows int, err error) {
	f, err := openIPC(path, time.UTC)
	if err != nil {
		return 0, err
	}
	part := &Part{Path: path, piece: f.pieces()[0]}
	r, err := part.Open(context.Background(), []Want{{"n", asNumber}})
	if err != nil {
		return 0, err
	}
	defer r.Close()
	for {
		each(rows)
		b, err := r.Next()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return rows, part.Locate(err)
		}
		c, err := b.Column(0)
		if err != nil {
			return rows, err
		}
		for i, n := range c.Ints {
			if n != int64(rows+i) {
				return rows, fmt.Errorf("row %d holds %d", rows+i, n)
			}
		}
		rows += b.Rows
	}
}

func saved(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func nothing(int) {}

// A stream is whole up to its last whole message, and cut short anywhere else.
func TestStreamsThatEndAnywhere(t *testing.T) {
	content, ends := stream(t, 3)
	whole, step := 0, 1
	if testing.Short() {
		step = 4 // every message ends at a multiple of 8
	}
	for at := ends[0]; at <= len(content); at += step {
		for whole+1 < len(ends) && ends[whole+1] <= at {
			whole++
		}
		rows, err := rowsIn(saved(t, "log.arrow", content[:at]), nothing)
		noun := "batches"
		if whole == 1 {
			noun = "batch"
		}
		told := fmt.Sprintf("record batch %d: the file is cut short after %d whole record %s; if it is a log that liftgate serve was writing, "+
			"starting that again repairs it", whole, whole, noun)
		var data *datasets.DataError
		switch clean := at == ends[whole] || at == len(content); {
		case rows != whole:
			t.Errorf("%d bytes: %d rows, want %d", at, rows, whole)
		case clean && err != nil:
			t.Errorf("%d bytes: %v", at, err)
		case !clean && (!errors.As(err, &data) || !strings.Contains(err.Error(), told)):
			t.Errorf("%d bytes: error %v, want %s", at, err, told)
		}
	}
}

func TestAStreamWithoutAWholeSchema(t *testing.T) {
	content, ends := stream(t, 1)
	_, err := rowsIn(saved(t, "log.arrow", content[:ends[0]-8]), nothing)
	var data *datasets.DataError
	if !errors.As(err, &data) || !strings.Contains(err.Error(), "cut short after 0 whole record batches; if it is a log") {
		t.Errorf("error %v", err)
	}
}

// A log goes on behind its end of stream, which then turns into the start of the next message.
func TestAStreamThatGrowsWhileItIsRead(t *testing.T) {
	content, ends := stream(t, 4)
	for grow := range 3 {
		for _, missing := range []int{0, 9} {
			open := bytes.Clone(content[:ends[2]+8])
			copy(open[ends[2]:], content[ends[4]:]) // the end of stream
			path := saved(t, "log.arrow", open)
			rows, err := rowsIn(path, func(rows int) {
				if rows == grow {
					overwrite(t, path, content[:len(content)-missing])
				}
			})
			if err != nil || rows != 2 {
				t.Errorf("grown before row %d: %d rows, %v", grow, rows, err)
			}
		}
	}
}

func TestAFileThatShrinksWhileItIsRead(t *testing.T) {
	content, ends := stream(t, 4)
	path := saved(t, "log.arrow", content)
	rows, err := rowsIn(path, func(int) {
		if err := os.Truncate(path, int64(ends[2]+20)); err != nil {
			t.Fatal(err)
		}
	})
	if rows != 2 || err == nil || !strings.Contains(err.Error(), "after 2 whole record batches") {
		t.Errorf("%d rows, %v", rows, err)
	}
}

// overwrite writes a file in its place.
func overwrite(t *testing.T, path string, content []byte) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
