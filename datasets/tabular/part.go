package tabular

import (
	"context"
	"errors"
	"fmt"

	"liftgate/datasets"
)

// Part is a piece of a table that can be read on its own: a row group of a Parquet file, or another file whole.
type Part struct {
	Path   string // of its file
	Number int    // of the part in its file, from 0
	Place  string // in its file, as in "row group 3"; empty when the file is one part
	piece  piece
}

// piece is what the format of a file knows of a part.
type piece interface {
	place() string
	bytes() int64
	rows() (n int64, known bool)
	excluded(p *Pruning) bool
	open(ctx context.Context, wants []Want) (Reader, error)
}

// Reader gives the batches of a part in the order of its rows, io.EOF after the last. A batch is valid until the next call. What goes wrong
// is for [Part.Locate] to place.
type Reader interface {
	Next() (*Batch, error)
	Close()
}

// Bytes is about how large the part is in its file.
func (p *Part) Bytes() int64 { return p.piece.bytes() }

// Rows is how many rows the part has, where that is known before it is read.
func (p *Part) Rows() (n int64, known bool) { return p.piece.rows() }

// Excluded reports whether statistics prove that no row of the part matters.
func (p *Part) Excluded(by *Pruning) bool { return p.piece.excluded(by) }

// Open starts to read the wanted columns, which the table must have; see [Table.Check]. Wants of one column may share its memory.
func (p *Part) Open(ctx context.Context, wants []Want) (Reader, error) {
	return p.piece.open(ctx, wants)
}

// Locate makes of what went wrong in a part a *datasets.DataError that names the file and, as far as it is known, the line, record batch or
// row group and the column. It leaves alone what names its place already, and the end of a context.
func (p *Part) Locate(err error) error {
	var known *datasets.DataError
	if errors.As(err, &known) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	out := &datasets.DataError{File: p.Path, Place: p.Place, Err: err}
	var c *columnError
	if errors.As(err, &c) {
		out.Column = c.column
	}
	var l *lineError
	if errors.As(err, &l) {
		out.Place = fmt.Sprintf("line %d", l.line)
	}
	var b *batchError
	if errors.As(err, &b) {
		out.Place = fmt.Sprintf("record batch %d", b.index)
	}
	return out
}

// columnError is an error in one column of a part.
type columnError struct {
	column string
	err    error
}

func (e *columnError) Error() string { return e.err.Error() }
func (e *columnError) Unwrap() error { return e.err }

// lineError is an error in one line of a part.
type lineError struct {
	line int
	err  error
}

func (e *lineError) Error() string { return e.err.Error() }
func (e *lineError) Unwrap() error { return e.err }

// batchError is an error in one record batch of a part.
type batchError struct {
	index int
	err   error
}

func (e *batchError) Error() string { return e.err.Error() }
func (e *batchError) Unwrap() error { return e.err }
