package tabular

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"liftgate/datasets"
)

// field is a column that a file has.
type field struct {
	name string
	kind Kind
	why  string // of an unsupported one
	days bool   // an instant without a time of day
}

// file is an open file of a table.
type file interface {
	fields() []field
	// pieces are what workers read side by side, in the order of their rows.
	pieces() []piece
	// latest is the latest time in a column, from statistics; known tells whether they can be trusted.
	latest(column string) (at datasets.Instant, any, known bool)
	close() error
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
