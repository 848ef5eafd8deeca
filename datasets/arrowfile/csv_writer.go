package arrowfile

import (
	"bufio"
	"encoding/csv"
	"fmt"

	"github.com/apache/arrow/go/v17/arrow"
)

// csvEncoder writes a header row and a line a row. Null and the empty text are both an empty cell.
type csvEncoder struct {
	buffer *bufio.Writer
	rows   *csv.Writer
	cells  []string
}

func newCSVEncoder(to *sink, schema *arrow.Schema) (encoder, error) {
	header := make([]string, schema.NumFields())
	for i, f := range schema.Fields() {
		if !printable(f.Type) {
			return nil, fmt.Errorf("column %q: CSV cannot hold %v; write Parquet or Arrow", f.Name, f.Type)
		}
		header[i] = f.Name
	}
	buffer := bufio.NewWriterSize(to, 1<<18)
	e := &csvEncoder{buffer: buffer, rows: csv.NewWriter(buffer), cells: header}
	return e, e.rows.Write(header)
}

func (e *csvEncoder) write(record arrow.Record) error {
	columns := make([]func(int) (string, error), record.NumCols())
	for i := range columns {
		columns[i] = printer(record.Column(i))
	}
	for row := range int(record.NumRows()) {
		for i, text := range columns {
			cell, err := text(row)
			if err != nil {
				return fmt.Errorf("column %q: %w", record.ColumnName(i), err)
			}
			e.cells[i] = cell
		}
		if err := e.rows.Write(e.cells); err != nil {
			return err
		}
	}
	return nil
}

func (e *csvEncoder) close() error {
	e.rows.Flush()
	if err := e.rows.Error(); err != nil {
		return err
	}
	return e.buffer.Flush()
}
