package evidence

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// Format names the format in the metadata of every file.
const Format = "liftgate.evidence/v1"

const extension = ".arrow"

// writeTable writes one file of rows.
func writeTable[T any](dir, table string, rows []T) (err error) {
	row := reflect.TypeFor[T]()
	b := array.NewRecordBuilder(memory.DefaultAllocator, schemaOf(table, row))
	defer b.Release()
	for i := range rows {
		v := reflect.ValueOf(&rows[i]).Elem()
		for c := range row.NumField() {
			appendValue(b.Field(c), v.Field(c))
		}
	}
	record := b.NewRecord()
	defer record.Release()

	f, err := os.Create(filepath.Join(dir, table+extension))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return writeRecord(f, record)
}

func writeRecord(f *os.File, record arrow.Record) error {
	w, err := ipc.NewFileWriter(f, ipc.WithSchema(record.Schema()))
	if err != nil {
		return err
	}
	return errors.Join(w.Write(record), w.Close())
}

// readTable reads one file of rows. Columns that the row type does not know are left aside.
func readTable[T any](dir, table string) (rows []T, err error) {
	name := table + extension
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	defer func() {
		// Arrow's reader panics on some files that are not as they should be.
		if p := recover(); p != nil {
			rows, err = nil, fmt.Errorf("evidence: %s is damaged: %v", name, p)
		}
	}()
	r, err := ipc.NewFileReader(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("evidence: %s is no Arrow file: %w", name, err)
	}
	defer r.Close()
	columns, err := columnsOf(r.Schema(), table, reflect.TypeFor[T]())
	if err != nil {
		return nil, fmt.Errorf("evidence: %s: %w", name, err)
	}
	for i := range r.NumRecords() {
		record, err := r.Record(i)
		if err != nil {
			return nil, fmt.Errorf("evidence: %s: %w", name, err)
		}
		if rows, err = appendRows(rows, record, columns); err != nil {
			return nil, fmt.Errorf("evidence: %s: %w", name, err)
		}
	}
	return rows, nil
}

// columnsOf finds the columns of a row type in the schema of a file; -1 for one that it has not and that version 1 did not have at first.
func columnsOf(got *arrow.Schema, table string, row reflect.Type) ([]int, error) {
	want := schemaOf(table, row)
	for _, key := range []string{"format", "table"} {
		g, _ := got.Metadata().GetValue(key)
		w, _ := want.Metadata().GetValue(key)
		if g != w {
			return nil, fmt.Errorf("its %s is %q, want %q", key, g, w)
		}
	}
	columns := make([]int, want.NumFields())
	for i, f := range want.Fields() {
		at := got.FieldIndices(f.Name)
		if _, later := row.Field(i).Tag.Lookup("later"); later && len(at) == 0 {
			columns[i] = -1
			continue
		}
		if len(at) != 1 {
			return nil, fmt.Errorf("it has %d columns %q, want one", len(at), f.Name)
		}
		if t := got.Field(at[0]).Type; !arrow.TypeEqual(t, f.Type) {
			return nil, fmt.Errorf("column %q is %s, want %s", f.Name, t, f.Type)
		}
		columns[i] = at[0]
	}
	return columns, nil
}

func appendRows[T any](rows []T, record arrow.Record, columns []int) ([]T, error) {
	for i := range int(record.NumRows()) {
		var row T
		v := reflect.ValueOf(&row).Elem()
		for field, column := range columns {
			if column < 0 {
				continue
			}
			if err := readValue(record.Column(column), i, v.Field(field)); err != nil {
				return nil, fmt.Errorf("column %q: %w", record.ColumnName(column), err)
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}
