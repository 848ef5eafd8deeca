package columnar

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"liftgate/datasets"
	"liftgate/datasets/expr"
)

// use is how a column is read. Typed formats ignore it; in CSV it settles the type.
type use uint8

const (
	asAny   use = iota // only whether it is null
	asKey              // a text or an integer
	asLabel            // anything that can be printed
	asText
	asNumber
	asInstant
	asBoolean
)

func useOf(t expr.Type) use {
	return [...]use{expr.Untyped: asAny, expr.Bool: asBoolean, expr.Number: asNumber, expr.Text: asText, expr.Time: asInstant}[t]
}

// accepts reports whether a column of kind k can be read so.
func (u use) accepts(k kind) bool {
	switch u {
	case asKey:
		return k == untyped || k == text || k == integer
	case asText:
		return k == untyped || k == text
	case asNumber:
		return k == untyped || k == integer || k == number
	case asInstant:
		return k == untyped || k == instant
	case asBoolean:
		return k == untyped || k == boolean
	default:
		return k != unsupported
	}
}

func (u use) String() string {
	return [...]string{"any value", "a text or an integer", "a printable value", "a text", "a number", "a time", "a boolean"}[u]
}

// want is a column that a query needs of a table.
type want struct {
	name string
	as   use
}

// field is a column that a file has.
type field struct {
	name string
	kind kind
	why  string // of an unsupported one
	days bool   // an instant without a time of day
}

// file is an open file of a table.
type file interface {
	fields() []field
	// parts are what workers read side by side, in the order of their rows.
	parts() []part
	// latest is the latest time in a column, from statistics; known tells whether they can be trusted.
	latest(column string) (at datasets.Instant, any, known bool)
	close() error
}

// part is a piece of a file that can be read on its own.
type part interface {
	place() string // as in "row group 3"; empty when the file has only one
	bytes() int64
	// excluded reports whether statistics prove that no row has a time in [from, to) and satisfies one of the conditions.
	excluded(filter *pruning) bool
	open(ctx context.Context, wants []want) (reader, error)
}

// reader gives the batches of a part in order, io.EOF after the last. A batch is valid until the next call.
type reader interface {
	next() (*batch, error)
	close()
}

// source is a file of a table together with its name.
type source struct {
	path string
	file file
}

// openFile opens a file by the format that its name states.
func openFile(path string, zone *time.Location) (file, error) {
	switch ext := strings.ToLower(filepath.Ext(path)); ext {
	case ".parquet":
		return openParquet(path, zone)
	case ".arrow", ".arrows", ".feather", ".ipc":
		return openIPC(path, zone)
	case ".csv":
		return openCSV(path, zone)
	default:
		return nil, &datasets.DataError{File: path, Err: fmt.Errorf("unknown file type %q: .parquet, .arrow and .csv are known", ext)}
	}
}
