package evidence

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/ipc"

	"liftgate/datasets/untrusted"
)

// partFile is a file of which a record batch each is a part, and another file says where.
type partFile struct {
	table, parts string
	file         io.ReaderAt
	head         []byte // the file's schema
	size         int64  // of the file
	stream       []byte // the schema and a record batch
	doubted      bool   // it has not been compared with its sum as a whole
}

// eachPart reads the parts that have rows.
func (r *reader) eachPart(table, parts string, rows []viewPartRow, do func(i int, record arrow.Record) error) {
	if r.err != nil {
		return
	}
	f, err := os.Open(filepath.Join(r.dir, table+extension))
	if err != nil {
		r.err = fmt.Errorf("evidence: %w", err)
		return
	}
	defer f.Close()
	r.err = guarded(table+extension, func() error {
		info, err := f.Stat()
		if err != nil {
			return err
		}
		p := partFile{table: table, parts: parts, file: f, size: info.Size(), doubted: r.only != nil}
		return p.read(rows, do)
	})
}

func (f *partFile) read(parts []viewPartRow, do func(i int, record arrow.Record) error) (err error) {
	if f.head, err = schemaBytes(f.file); err != nil {
		return err
	}
	for i := range parts {
		if parts[i].Rows == 0 {
			continue
		}
		record, err := f.record(&parts[i])
		if err == nil {
			err = do(i, record)
		}
		if err != nil {
			return fmt.Errorf("%s of %q by %s at age %d: %w", parts[i].Sample, parts[i].Metric, parts[i].By, parts[i].Age, err)
		}
	}
	return nil
}

// record reads the record batch of a part. Where the file as a whole has not been compared with its sum, the part is.
func (f *partFile) record(p *viewPartRow) (arrow.Record, error) {
	if p.Offset < 0 || p.Bytes < 0 || p.Offset > f.size || p.Bytes > f.size-p.Offset {
		return nil, fmt.Errorf("it ends after %d bytes, before the part at %d of %d bytes", f.size, p.Offset, p.Bytes)
	}
	f.stream = slices.Grow(f.stream[:0], len(f.head)+int(p.Bytes))[:len(f.head)+int(p.Bytes)] // nothing of the part before is needed any more
	stream := f.stream
	if _, err := f.file.ReadAt(stream[copy(stream, f.head):], p.Offset); err != nil {
		return nil, err
	}
	if f.doubted && sumOf(stream) != p.SHA256 {
		return nil, fmt.Errorf("it is damaged or changed: the SHA-256 of a part is not the one in %s", f.parts+extension)
	}
	size := int64(len(stream))
	limited := &untrusted.Memory{Limit: untrusted.BufferLimit(size)}
	messages, err := untrusted.OpenMessages(bytes.NewReader(stream), size, limited)
	if err != nil {
		return nil, err
	}
	r, err := ipc.NewReaderFromMessageReader(messages, ipc.WithAllocator(limited), ipc.WithDelayReadSchema(false))
	if err != nil {
		return nil, err
	}
	if err := isOf(f.table, r.Schema()); err != nil {
		return nil, err
	}
	if !r.Next() {
		return nil, fmt.Errorf("no record batch: %w", r.Err())
	}
	if record := r.Record(); record.NumRows() == p.Rows {
		return record, nil
	}
	return nil, fmt.Errorf("%d rows, want %d", r.Record().NumRows(), p.Rows)
}
