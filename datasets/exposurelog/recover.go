package exposurelog

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/ipc"

	"liftgate/datasets"
	"liftgate/datasets/untrusted"
)

func sortByNumber(files []named) {
	slices.SortFunc(files, func(a, b named) int { return cmp.Compare(a.number, b.number) })
}

// contents is what a file of the log holds.
type contents struct {
	ours   bool  // it has the columns of today
	end    int64 // of the last whole message
	sealed bool  // an end of stream follows
	size   int64
}

// read goes through the record batches of a file, whose messages may be cut short at the end. It looks no further into a file that does not
// start with head, byte for byte, since the Arrow library believes every length in a damaged schema.
func read(path string, head []byte, visit func(arrow.Record)) (c contents, err error) {
	f, err := os.Open(path)
	if err != nil {
		return c, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return c, err
	}
	m := &messages{src: f, size: info.Size()}
	start, err := m.read(0, int64(len(head)))
	if errors.Is(err, io.EOF) || err == nil && !bytes.Equal(start, head) {
		return c, nil
	}
	if err == nil {
		err = untrusted.Guard(func() error { return visitBatches(m, visit) })
	}
	if err != nil {
		return c, fmt.Errorf("%s: %w: move the file elsewhere", path, err)
	}
	return contents{true, m.end, m.sealed, m.size}, nil
}

func visitBatches(m *messages, visit func(arrow.Record)) error {
	const slack = 1 << 10 // the buffers of a batch are not compressed
	r, err := ipc.NewReaderFromMessageReader(m, ipc.WithAllocator(&untrusted.Memory{Limit: int(m.size) + slack}))
	if err != nil {
		return err
	}
	defer r.Release()
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = consistent(record)
		}
		if err != nil {
			return fmt.Errorf("the record batch that ends at byte %d: %w", m.end, err)
		}
		visit(record)
	}
}

func consistent(r arrow.Record) error {
	for _, c := range r.Columns() {
		if int64(c.Len()) != r.NumRows() {
			return errors.New("its columns differ in length")
		}
	}
	return nil
}

// mend removes what follows the last whole message, or the end of the stream, and tells how many bytes these were.
func (c *contents) mend(path string) (cut int64, err error) {
	end := c.end
	if c.sealed {
		end += prefixSize
	}
	if cut = c.size - end; cut == 0 {
		return 0, nil
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return 0, err
	}
	return cut, errors.Join(f.Truncate(end), f.Sync(), f.Close())
}

// replay remembers what a record batch says was logged.
func (d *daily) replay(r arrow.Record, clustered bool) {
	units, variants := r.Column(unitColumn).(*array.String), r.Column(variantColumn).(*array.String)
	times := r.Column(timeColumn).(*array.Timestamp)
	for i := range int(r.NumRows()) {
		e := Exposure{Unit: units.Value(i), Variant: variants.Value(i), At: datasets.Instant(times.Value(i))}
		if clustered {
			e.Cluster = r.Column(firstFurtherColumn).(*array.String).Value(i)
		}
		day, key := dayOf(e.At), e.key()
		if !d.has(day, key) {
			d.add(day, key)
		}
	}
}
