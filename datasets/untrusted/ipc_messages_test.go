package untrusted

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/arrow/memory"
	flatbuffers "github.com/google/flatbuffers/go"
)

// streamOf is an Arrow IPC stream, or a file, of batches of three rows.
func streamOf(t testing.TB, batches int, isFile bool) []byte {
	t.Helper()
	schema := arrow.NewSchema([]arrow.Field{{Name: "id", Type: arrow.BinaryTypes.String}}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	var out writeSeeker
	var w interface {
		Write(arrow.Record) error
		io.Closer
	} = ipc.NewWriter(&out, ipc.WithSchema(schema))
	if isFile {
		f, err := ipc.NewFileWriter(&out, ipc.WithSchema(schema))
		if err != nil {
			t.Fatal(err)
		}
		w = f
	}
	for range batches {
		b.Field(0).(*array.StringBuilder).AppendValues([]string{"a", "", "b"}, nil)
		r := b.NewRecord()
		if err := w.Write(r); err != nil {
			t.Fatal(err)
		}
		r.Release()
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// writeSeeker only ever tells where it is.
type writeSeeker struct{ bytes.Buffer }

func (w *writeSeeker) Seek(int64, int) (int64, error) { return int64(w.Len()), nil }

// readMessages reads all messages and their record batches, with no more memory than a file of that size is worth.
func readMessages(content []byte, size int) (rows int64, err error) {
	mem := &Memory{Limit: BufferLimit(int64(size))}
	err = Guard(func() error {
		m, err := OpenMessages(bytes.NewReader(content), int64(size), mem)
		if err != nil {
			return err
		}
		r, err := ipc.NewReaderFromMessageReader(m, ipc.WithAllocator(mem))
		if err != nil {
			return err
		}
		defer r.Release()
		for {
			record, err := r.Read()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
			rows += record.NumRows()
		}
	})
	return rows, err
}

func TestMessages(t *testing.T) {
	for _, isFile := range []bool{false, true} {
		content := streamOf(t, 4, isFile)
		if rows, err := readMessages(content, len(content)); rows != 12 || err != nil {
			t.Errorf("file %v: got %d rows, %v", isFile, rows, err)
		}
	}
}

// TestMessagesCut: of a stream that is cut anywhere, the whole batches are read and no end passes that is not one.
func TestMessagesCut(t *testing.T) {
	content := streamOf(t, 3, false)
	whole := map[int]bool{} // ends of messages
	m, err := OpenMessages(bytes.NewReader(content), int64(len(content)), memory.DefaultAllocator)
	for err == nil {
		if _, err = m.Message(); err == nil {
			whole[int(m.Offset())] = true
		}
	}
	m.Release()
	if !errors.Is(err, io.EOF) || len(whole) != 4 {
		t.Fatalf("got %d messages, %v", len(whole), err)
	}
	for size := range content {
		_, err := readMessages(content[:size], size)
		if (err == nil) != whole[size] {
			t.Errorf("cut at %d of %d: got %v", size, len(content), err)
		}
	}
	isFile := streamOf(t, 3, true)
	for size := range isFile {
		if _, err := readMessages(isFile[:size], size); err == nil {
			t.Errorf("a file passed that was cut at %d of %d", size, len(isFile))
		}
	}
}

// TestMessagesGrow: what was appended to a log since it was opened is not seen, even if a message's start is.
func TestMessagesGrow(t *testing.T) {
	content := streamOf(t, 3, false)
	if rows, err := readMessages(content, len(content)-20); rows != 6 || err != nil {
		t.Errorf("got %d rows, %v", rows, err)
	}
	if _, err := readMessages(content[:len(content)-20], len(content)-20); err == nil || !strings.Contains(err.Error(), "after 2 whole record batches") {
		t.Errorf("got %v", err)
	}
}

// TestMessageLengths: a length beyond the end of the file costs no memory.
func TestMessageLengths(t *testing.T) {
	for _, length := range []uint32{1 << 12, 1 << 30, math.MaxInt32, math.MaxUint32 - 1} {
		content := streamOf(t, 1, false)
		binary.LittleEndian.PutUint32(content[4:], length)
		allocated := testing.AllocsPerRun(1, func() {
			if _, err := readMessages(content, len(content)); !errors.Is(err, errCut) {
				t.Errorf("%d: got %v", length, err)
			}
		})
		if allocated > 100 {
			t.Errorf("%d: %v allocations", length, allocated)
		}
	}
}

// TestMessageNumbers: numbers of rows that no batch has, and a table of fields whose length is odd, are refused before the library sees them.
func TestMessageNumbers(t *testing.T) {
	for name, damage := range map[string]func(b *flatbuffers.Builder){
		"negative rows": func(b *flatbuffers.Builder) { recordBatch(b, -1, 0, 8) },
		"too many rows": func(b *flatbuffers.Builder) { recordBatch(b, math.MaxInt32+1, 0, 8) },
		"more nulls":    func(b *flatbuffers.Builder) { recordBatch(b, 3, -1, 8) },
		"odd table":     func(b *flatbuffers.Builder) { recordBatch(b, 3, 0, 7) },
	} {
		b := flatbuffers.NewBuilder(0)
		damage(b)
		if _, err := VerifyMessage(b.FinishedBytes()); !errors.Is(err, errMessage) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	b := flatbuffers.NewBuilder(0)
	recordBatch(b, 3, 0, 8)
	if size, err := VerifyMessage(b.FinishedBytes()); size != 5 || err != nil {
		t.Errorf("an intact message: got %d, %v", size, err)
	}
}

// recordBatch builds a message of a record batch with one column, whose table of fields claims the given size.
func recordBatch(b *flatbuffers.Builder, rows, nulls int64, fieldsSize byte) {
	b.StartVector(nodeSize, 1, 8)
	b.PrependInt64(nulls)
	b.PrependInt64(3)
	nodes := b.EndVector(1)
	b.StartObject(2)
	b.PrependInt64Slot(batchLength, rows, 0)
	b.PrependUOffsetTSlot(batchNodes, nodes, 0)
	batch := b.EndObject()
	b.StartObject(4)
	b.PrependByteSlot(messageHeaderType, headerRecordBatch, 0)
	b.PrependUOffsetTSlot(messageHeader, batch, 0)
	b.PrependInt64Slot(messageBodyLength, 5, 0)
	b.Finish(b.EndObject())
	if content := b.FinishedBytes(); fieldsSize != 8 {
		root := int64(binary.LittleEndian.Uint32(content))
		content[root-int64(int32(binary.LittleEndian.Uint32(content[root:])))] = fieldsSize
	}
}

// FuzzMessages: no bytes lead to a panic, an endless loop or much memory.
func FuzzMessages(f *testing.F) {
	f.Add(streamOf(f, 2, false))
	f.Add(streamOf(f, 2, true))
	f.Add([]byte("ARROW1\x00\x00"))
	f.Fuzz(func(t *testing.T, content []byte) {
		rows, err := readMessages(content, len(content))
		if err == nil && rows < 0 {
			t.Errorf("%d rows", rows)
		}
		if size, err := VerifyMessage(content); err == nil && size < 0 {
			t.Errorf("a body of %d bytes", size)
		}
	})
}
