package datasets

import (
	"context"
	"fmt"

	"liftgate/datasets/expr"
)

// Source is a place where data live. Both methods may be called concurrently.
type Source interface {
	// Schema lists the columns that rows of the table have, in the table's order. It fails with *NoFilesError when the table
	// has no files, and with *DataError when they cannot be read. Files that disagree about a column fail Observe, where it is used.
	Schema(ctx context.Context, t *Table) ([]Column, error)
	// Observe reads the tables of a query and returns the evidence. Every column that the query names exists (callers check
	// against Schema). It fails with *DataError when the content of the data forbids an answer, and with the context's error when
	// that ends first. The same query on the same data gives the same bits.
	Observe(ctx context.Context, q *Query) (*Evidence, error)
}

// Column is a column of a table.
type Column struct {
	Name string
	Type expr.Type // Untyped when the format has no types, as CSV
}

// NoFilesError means that a pattern of a table matches no file.
type NoFilesError struct {
	Table   string
	Pattern string
	Index   int // of the pattern in Table.Files
	Reason  string
}

func (e *NoFilesError) Error() string {
	return fmt.Sprintf("%s: no file for %q: %s", e.Table, e.Pattern, e.Reason)
}

// DataError means that the content of the data forbids an answer. It names the place as closely as it is known.
type DataError struct {
	File   string
	Place  string // "row group 3", "line 17", empty when unknown
	Column string
	Err    error
}

func (e *DataError) Error() string {
	s := e.File
	for _, part := range []string{e.Place, columnPlace(e.Column)} {
		if part != "" && s != "" {
			s += ", "
		}
		s += part
	}
	if s == "" {
		return e.Err.Error()
	}
	return s + ": " + e.Err.Error()
}

func (e *DataError) Unwrap() error { return e.Err }

func columnPlace(c string) string {
	if c == "" {
		return ""
	}
	return fmt.Sprintf("column %q", c)
}
