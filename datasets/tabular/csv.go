package tabular

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
	"unicode/utf8"

	"liftgate/datasets"
	"liftgate/datasets/untrusted"
)

const csvRows = 8192

// csvFile is a CSV file with a header row.
type csvFile struct {
	path   string
	size   int64
	zone   *time.Location
	header []string
}

func openCSV(path string, zone *time.Location) (file, error) {
	f, size, err := untrusted.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	_, header, err := startCSV(f)
	if err != nil {
		return nil, &datasets.DataError{File: path, Place: "line 1", Err: err}
	}
	return &csvFile{path: path, size: size, zone: zone, header: header}, nil
}

// startCSV reads the header row.
func startCSV(f io.Reader) (*csv.Reader, []string, error) {
	in := bufio.NewReaderSize(f, 1<<18)
	if mark, err := in.Peek(3); err == nil && bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		if _, err := in.Discard(3); err != nil {
			return nil, nil, err
		}
	}
	r := csv.NewReader(in)
	header, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, nil, errors.New("the file is empty: it needs a header row")
	}
	if err != nil {
		return nil, nil, err
	}
	seen := map[string]bool{}
	for _, name := range header {
		if !utf8.ValidString(name) {
			return nil, nil, ErrNotUTF8
		}
		if seen[name] {
			return nil, nil, fmt.Errorf("two columns are called %q", name)
		}
		seen[name] = true
	}
	r.ReuseRecord = true
	return r, header, nil
}

func (f *csvFile) fields() []field {
	fields := make([]field, len(f.header))
	for i, name := range f.header {
		fields[i] = field{name: name}
	}
	return fields
}

func (f *csvFile) pieces() []piece { return []piece{f} }

func (f *csvFile) latest(string) (at datasets.Instant, found, known bool) { return 0, false, false }

func (f *csvFile) close() error { return nil }

func (f *csvFile) place() string { return "" }

func (f *csvFile) bytes() int64 { return f.size }

func (f *csvFile) rows() (n int64, known bool) { return 0, false }

func (f *csvFile) excluded(*Pruning) bool { return false }

func (f *csvFile) open(ctx context.Context, wants []Want) (Reader, error) {
	src, err := os.Open(f.path)
	if err != nil {
		return nil, err
	}
	rows, header, err := startCSV(src)
	if err != nil {
		_ = src.Close()
		return nil, err
	}
	r := &csvReader{ctx: ctx, src: src, rows: rows, zone: f.zone, wants: wants}
	for _, w := range wants {
		at := -1
		for i, name := range header {
			if name == w.Name {
				at = i
			}
		}
		if at < 0 {
			_ = src.Close()
			return nil, &columnError{w.Name, errors.New("the column is gone: the file has changed while it was read")}
		}
		r.at = append(r.at, at)
	}
	r.batch = newBatch(r, len(wants))
	r.cells = make([][]string, len(wants))
	return r, nil
}

// csvReader reads the wanted cells of a CSV file.
type csvReader struct {
	ctx   context.Context
	src   io.Closer
	rows  *csv.Reader
	zone  *time.Location
	wants []Want
	at    []int // column of each want
	cells [][]string
	batch *Batch
}

func (r *csvReader) Next() (*Batch, error) {
	if err := r.ctx.Err(); err != nil {
		return nil, err
	}
	for i := range r.cells {
		r.cells[i] = make([]string, 0, csvRows)
	}
	r.batch.Lines = make([]int, 0, csvRows)
	for len(r.batch.Lines) < csvRows {
		row, err := r.rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, csvError(err)
		}
		for i, at := range r.at {
			r.cells[i] = append(r.cells[i], row[at])
		}
		line, _ := r.rows.FieldPos(0)
		r.batch.Lines = append(r.batch.Lines, line)
	}
	if len(r.batch.Lines) == 0 {
		return nil, io.EOF
	}
	r.batch.reset(len(r.batch.Lines))
	return r.batch, r.parseAll()
}

// csvError names the line of a mistake in the form of the file.
func csvError(err error) error {
	var parse *csv.ParseError
	if !errors.As(err, &parse) {
		return err
	}
	if errors.Is(err, csv.ErrFieldCount) {
		return &lineError{parse.StartLine, errors.New("the row has another number of fields than the header")}
	}
	return &lineError{parse.Line, parse.Err}
}

// parseAll reads every cell of the batch, so that a mistake shows wherever the row goes.
func (r *csvReader) parseAll() error {
	for i, w := range r.wants {
		c, bad, err := parseCells(r.cells[i], w.As, r.zone)
		if err != nil {
			return &columnError{w.Name, &lineError{r.batch.Lines[bad], err}}
		}
		r.batch.columns[i] = c
	}
	return nil
}

func (r *csvReader) load(int) (*Column, error) { return nil, errors.New("the column was not read") }

func (r *csvReader) Close() { _ = r.src.Close() }
