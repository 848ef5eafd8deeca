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
func writeTable[T any](dir, table string, rows []T) error {
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

	return createFile(dir, table, func(f *os.File) error { return writeRecord(f, record) })
}

// createFile makes the file of a table and has it written.
func createFile(dir, table string, content func(*os.File) error) (err error) {
	f, err := os.Create(filepath.Join(dir, table+extension))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return content(f)
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
	var columns []int
	err = eachRecord(dir, table, func(schema *arrow.Schema) (err error) {
		columns, err = columnsOf(schema, table, reflect.TypeFor[T]())
		return err
	}, func(record arrow.Record) (err error) {
		rows, err = appendRows(rows, record, columns)
		return err
	})
	if err != nil {
		return nil, err
	}
	return rows, nil
}

// eachRecord gives the schema of a file, then its record batches.
func eachRecord(dir, table string, schema func(*arrow.Schema) error, batch func(arrow.Record) error) error {
	name := table + extension
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return fmt.Errorf("evidence: %w", err)
	}
	return guarded(name, func() error {
		r, err := ipc.NewFileReader(bytes.NewReader(data))
		if err != nil {
			return fmt.Errorf("it is no Arrow file: %w", err)
		}
		defer r.Close()
		if err := schema(r.Schema()); err != nil {
			return err
		}
		for i := range r.NumRecords() {
			record, err := r.Record(i)
			if err != nil {
				return err
			}
			if err := batch(record); err != nil {
				return err
			}
		}
		return nil
	})
}

// guarded names the file in an error, and makes one of a panic: Arrow's reader panics on some files that are not as they should be.
func guarded(name string, do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("evidence: %s is damaged: %v", name, p)
		}
	}()
	if err := do(); err != nil {
		return fmt.Errorf("evidence: %s: %w", name, err)
	}
	return nil
}

// isOf checks that a file is what its name says.
func isOf(table string, got *arrow.Schema) error {
	for key, want := range map[string]string{"format": Format, "table": table} {
		if g, _ := got.Metadata().GetValue(key); g != want {
			return fmt.Errorf("its %s is %q, want %q", key, g, want)
		}
	}
	return nil
}

// columnsOf finds the columns of a row type in the schema of a file; -1 for one that it has not and that version 1 did not have at first.
func columnsOf(got *arrow.Schema, table string, row reflect.Type) ([]int, error) {
	want := schemaOf(table, row)
	if err := isOf(table, got); err != nil {
		return nil, err
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
