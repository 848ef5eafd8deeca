package arrowfile

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// maxLine is how many bytes a row of CSV may take, so that a quotation mark without an end costs no memory.
const maxLine = 64 << 20

var (
	errNotUTF8 = errors.New("the text is not UTF-8")
	errLine    = fmt.Errorf("the row is longer than %d MiB: a quotation mark may lack its end", maxLine>>20)
)

// csvReader reads a CSV file with a header row into columns of texts.
type csvReader struct {
	in     input
	memory memory.Allocator
	source *metered
	rows   *csv.Reader
	schema *arrow.Schema
	at     []int // of the file's columns
}

// metered counts what is read of a file, and lets a row take no more than its budget.
type metered struct {
	src  io.Reader
	read int64
	left int
}

func (m *metered) Read(b []byte) (int, error) {
	if m.left <= 0 {
		return 0, errLine
	}
	n, err := m.src.Read(b)
	m.read, m.left = m.read+int64(n), m.left-n
	return n, err
}

func openCSV(in input, o ReadOptions) (Reader, error) {
	r := &csvReader{in: in, memory: o.memory(in), source: &metered{src: in.src, left: maxLine}}
	header, err := r.start()
	if err != nil {
		return nil, in.fail("line 1", "", err)
	}
	var fields []arrow.Field
	for i, name := range header {
		if !utf8.ValidString(name) {
			return nil, in.fail("line 1", "", errNotUTF8)
		}
		if o.wants(name) {
			fields = append(fields, arrow.Field{Name: name, Type: arrow.BinaryTypes.String, Nullable: true})
			r.at = append(r.at, i)
		}
	}
	r.schema = arrow.NewSchema(fields, nil)
	if err := unique(r.schema); err != nil {
		return nil, in.fail("line 1", "", err)
	}
	return r, nil
}

// start reads the header row, behind a byte-order mark.
func (r *csvReader) start() ([]string, error) {
	buffered := bufio.NewReaderSize(&breaks{src: r.source}, 1<<18)
	if mark, err := buffered.Peek(3); err == nil && bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		if _, err := buffered.Discard(3); err != nil {
			return nil, err
		}
	}
	r.rows = csv.NewReader(buffered)
	header, err := r.rows.Read()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("the file is empty: it needs a header row")
	}
	r.rows.ReuseRecord = true
	return header, err
}

func (r *csvReader) Schema() *arrow.Schema { return r.schema }

func (r *csvReader) Progress() (done, total int64) { return r.source.read, r.in.size }

func (r *csvReader) Close() error { return r.in.src.Close() }

func (r *csvReader) Read(ctx context.Context) (*Batch, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	builder := array.NewRecordBuilder(r.memory, r.schema)
	defer builder.Release()
	columns := make([]*array.StringBuilder, len(r.at))
	for i := range columns {
		columns[i] = builder.Field(i).(*array.StringBuilder)
	}
	var lines []int
	for size := 0; len(lines) < MaxRows && size < batchBytes; {
		r.source.left = maxLine
		row, err := r.rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, r.fail(err)
		}
		line, _ := r.rows.FieldPos(0)
		lines = append(lines, line)
		for i, at := range r.at {
			cell := row[at]
			if !utf8.ValidString(cell) {
				return nil, r.in.fail(fmt.Sprintf("line %d", line), r.schema.Field(i).Name, errNotUTF8)
			}
			size += len(cell)
			if cell == "" {
				columns[i].AppendNull()
			} else {
				columns[i].Append(cell)
			}
		}
	}
	if len(lines) == 0 {
		return nil, io.EOF
	}
	record := builder.NewRecord()
	if len(r.at) == 0 { // a builder without columns counts no rows
		record.Release()
		record = array.NewRecord(r.schema, nil, int64(len(lines)))
	}
	return &Batch{Record: record, lines: lines}, nil
}

// fail names the line of a mistake in the form of the file.
func (r *csvReader) fail(err error) error {
	var parse *csv.ParseError
	switch {
	case errors.As(err, &parse) && errors.Is(err, csv.ErrFieldCount):
		return r.in.fail(fmt.Sprintf("line %d", parse.StartLine), "", errors.New("the row has another number of fields than the header"))
	case errors.As(err, &parse):
		return r.in.fail(fmt.Sprintf("line %d", parse.Line), "", parse.Err)
	case errors.Is(err, errLine):
		return r.in.fail(fmt.Sprintf("byte %d", r.source.read), "", err)
	}
	return fmt.Errorf("%s: %w", r.in.path, err)
}
