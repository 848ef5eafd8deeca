package arrowfile

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"liftgate/datasets"
	"liftgate/datasets/untrusted"
)

// MaxRows is how many rows a batch may have.
const MaxRows = 1 << 16

// batchBytes is how many bytes of cells a batch should not exceed.
const batchBytes = 32 << 20

// Reader gives the rows of a file in their order. It is not safe for concurrent use.
type Reader interface {
	// Schema describes the columns that Read gives.
	Schema() *arrow.Schema
	// Read gives the next rows, io.EOF after the last. The caller releases the batch. An error about the file's content is a
	// *datasets.DataError.
	Read(ctx context.Context) (*Batch, error)
	// Progress tells how much of the file is read, in bytes.
	Progress() (done, total int64)
	// Close frees the file.
	Close() error
}

// Batch is some successive rows of a file.
type Batch struct {
	arrow.Record
	place string
	lines []int // of each row; nil where the format has none
}

// Place tells where a row of the batch stands in its file: "row group 3", "record batch 7", "line 41".
func (b *Batch) Place(row int) string {
	if b.lines != nil {
		return fmt.Sprintf("line %d", b.lines[row])
	}
	return b.place
}

// ReadOptions say what to read.
type ReadOptions struct {
	// Columns are those to read, in the file's order whatever theirs is; names that the file lacks are passed over. Nil: all.
	Columns []string
	// Allocator gives the memory of batches; nil: the garbage collector's.
	Allocator memory.Allocator
}

func (o *ReadOptions) memory(in input) *untrusted.Memory {
	return &untrusted.Memory{Limit: untrusted.BufferLimit(in.size), Base: o.Allocator}
}

func (o *ReadOptions) wants(name string) bool {
	if o.Columns == nil {
		return true
	}
	for _, c := range o.Columns {
		if c == name {
			return true
		}
	}
	return false
}

// format is a kind of file.
type format uint8

const (
	unknownFormat format = iota
	parquetFormat
	ipcFileFormat
	ipcStreamFormat
	csvFormat
)

// formatOf goes by the name's extension. Files of both Arrow formats are read whatever theirs is.
func formatOf(path string) format {
	return map[string]format{
		".parquet": parquetFormat, ".arrow": ipcFileFormat, ".feather": ipcFileFormat, ".ipc": ipcFileFormat,
		".arrows": ipcStreamFormat, ".csv": csvFormat,
	}[strings.ToLower(filepath.Ext(path))]
}

func unknownType(path string) error {
	return fmt.Errorf("%s: unknown file type %q: .parquet, .arrow, .arrows and .csv are known", path, filepath.Ext(path))
}

// Typed tells whether a file of this name has typed columns, as every format but CSV does.
func Typed(path string) bool { return formatOf(path) != csvFormat }

// Known is an error unless the name's extension tells the format of a file.
func Known(path string) error {
	if strings.Contains(path, "://") {
		return fmt.Errorf("%s: object-store URLs are not supported yet", path)
	}
	if formatOf(path) == unknownFormat {
		return unknownType(path)
	}
	return nil
}

// Open opens a file by its name's extension.
func Open(path string, o ReadOptions) (Reader, error) {
	if err := Known(path); err != nil {
		return nil, err
	}
	src, size, err := untrusted.Open(path)
	if err != nil {
		return nil, err
	}
	in := input{path: path, src: src, size: size}
	var r Reader
	switch formatOf(path) {
	case parquetFormat:
		r, err = openParquet(in, o)
	case csvFormat:
		r, err = openCSV(in, o)
	default:
		r, err = openIPC(in, o)
	}
	if err != nil {
		return nil, errors.Join(err, src.Close())
	}
	return r, nil
}

// input is an open file.
type input struct {
	path string
	src  *os.File
	size int64
}

// fail says that the content of the file forbids an answer.
func (in *input) fail(place, column string, err error) error {
	return &datasets.DataError{File: in.path, Place: place, Column: column, Err: err}
}

// unique refuses a schema in which a name means two columns.
func unique(schema *arrow.Schema) error {
	seen := map[string]bool{}
	for _, f := range schema.Fields() {
		if seen[f.Name] {
			return fmt.Errorf("two columns are called %q", f.Name)
		}
		seen[f.Name] = true
	}
	return nil
}

// rowsPerBatch bounds a batch by rows and, given what rows take on average, by bytes.
func rowsPerBatch(bytes, rows int64) int64 {
	if rows <= 0 {
		return MaxRows
	}
	each := max(bytes/rows, 1)
	return min(max(batchBytes/each, 1), MaxRows)
}
