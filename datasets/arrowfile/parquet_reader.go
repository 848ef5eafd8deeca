package arrowfile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/metadata"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
	"github.com/apache/arrow/go/v17/parquet/schema"

	"liftgate/datasets/untrusted"
)

// streamBuffer is how many bytes of a column chunk are read from the file at once.
const streamBuffer = 1 << 18

// fieldID is the key under which the library keeps the number of a Parquet field.
const fieldID = "PARQUET:field_id"

// parquetReader reads a Parquet file, row group by row group.
type parquetReader struct {
	in     input
	memory *untrusted.Memory
	file   *file.Reader
	arrow  *pqarrow.FileReader
	schema *arrow.Schema
	at     []int // of the file's top-level fields

	columns []*pqarrow.ColumnReader // of the row group that is read
	index   int                     // of the row group after it
	left    int64                   // rows of it
	size    int64                   // rows of a batch
	done    int64                   // bytes of the row groups that were read
}

func openParquet(in input, o ReadOptions) (Reader, error) {
	r := &parquetReader{in: in, memory: o.memory(in)}
	if err := untrusted.Guard(func() error { return r.start(o) }); err != nil {
		return nil, in.fail("", "", err)
	}
	return r, nil
}

func (r *parquetReader) start(o ReadOptions) error {
	footer, err := untrusted.ParquetFooter(r.in.src, r.in.size)
	if err != nil {
		return err
	}
	meta, err := metadata.NewFileMetaData(footer, nil)
	if err != nil {
		return fmt.Errorf("the footer cannot be read: %w", err)
	}
	for i := range meta.RowGroups {
		g := meta.RowGroup(i)
		if g.NumColumns() != meta.Schema.NumColumns() || g.NumRows() < 0 {
			return fmt.Errorf("row group %d contradicts the schema", i)
		}
	}
	properties := parquet.NewReaderProperties(r.memory)
	properties.BufferedStreamEnabled, properties.BufferSize = true, streamBuffer
	r.file, err = file.NewParquetReader(unclosed{r.in.src}, file.WithMetadata(meta), file.WithReadProps(properties))
	if err != nil {
		return err
	}
	if err := r.readSchema(meta); err != nil {
		return err
	}
	return r.choose(o)
}

// readSchema goes without the stored schema where that is damaged, or knows types that the library cannot read as such.
func (r *parquetReader) readSchema(meta *metadata.FileMetaData) (err error) {
	properties := pqarrow.ArrowReadProperties{BatchSize: MaxRows}
	dropSchema(meta, notSchema)
	if r.arrow, err = pqarrow.NewFileReader(r.file, properties, r.memory); err == nil {
		return nil
	}
	dropSchema(meta, func(string) bool { return true })
	r.arrow, err = pqarrow.NewFileReader(r.file, properties, r.memory)
	return err
}

// byteStreamSplit is an encoding in which the library finds no rows.
const byteStreamSplit = parquet.Encoding(9)

// unclosed keeps the library from closing a file that is not its own.
type unclosed struct{ parquet.ReaderAtSeeker }

// isJSON tells a column of texts that the library reads as bytes.
func (r *parquetReader) isJSON(f *pqarrow.SchemaField) bool {
	return f.IsLeaf() && f.Field.Type.ID() == arrow.BINARY &&
		r.file.MetaData().Schema.Column(f.ColIndex).LogicalType().Equals(schema.JSONLogicalType{})
}

// choose settles which columns are read.
func (r *parquetReader) choose(o ReadOptions) error {
	var fields []arrow.Field
	for i := range r.arrow.Manifest.Fields {
		f := r.arrow.Manifest.Fields[i].Field
		// A dictionary is an encoding in Parquet; reading it as one fails where a chunk falls back to values.
		if d, ok := f.Type.(*arrow.DictionaryType); ok {
			f.Type = d.ValueType
		}
		if id, ok := f.Metadata.GetValue(fieldID); ok && id == "-1" { // the library's way to say that there is none
			kept := f.Metadata.ToMap()
			delete(kept, fieldID)
			f.Metadata = arrow.MetadataFrom(kept)
		}
		if r.isJSON(&r.arrow.Manifest.Fields[i]) {
			f.Type = arrow.BinaryTypes.String
		}
		if o.wants(f.Name) {
			fields = append(fields, *f)
			r.at = append(r.at, i)
		}
	}
	r.schema = arrow.NewSchema(fields, nil)
	return unique(r.schema)
}

func (r *parquetReader) Schema() *arrow.Schema { return r.schema }

func (r *parquetReader) Progress() (done, total int64) { return r.done, r.in.size }

func (r *parquetReader) Close() error {
	r.release()
	return r.in.src.Close()
}

func (r *parquetReader) release() {
	for _, c := range r.columns {
		c.Release()
	}
	r.columns = nil
}

func (r *parquetReader) place() string { return fmt.Sprintf("row group %d", r.index-1) }

func (r *parquetReader) Read(ctx context.Context) (b *Batch, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for r.left == 0 {
		if r.index == r.file.NumRowGroups() {
			r.done = r.in.size
			return nil, io.EOF
		}
		r.index++
		if err := untrusted.Guard(r.open); err != nil {
			return nil, r.wrap(err)
		}
	}
	rows := min(r.size, r.left)
	arrays := make([]arrow.Array, 0, len(r.at))
	defer func() { releaseAll(arrays) }()
	for i := range r.at {
		err := untrusted.Guard(func() error {
			a, err := r.column(i, rows)
			if err == nil {
				arrays = append(arrays, a)
			}
			return err
		})
		if err != nil {
			return nil, r.in.fail(r.place(), r.schema.Field(i).Name, err)
		}
	}
	r.left -= rows
	return &Batch{Record: array.NewRecord(r.schema, arrays, rows), place: r.place()}, nil
}

func releaseAll(arrays []arrow.Array) {
	for _, a := range arrays {
		a.Release()
	}
}

// leafError is an error in one column.
type leafError struct {
	column string
	err    error
}

func (e *leafError) Error() string { return e.err.Error() }

func (r *parquetReader) wrap(err error) error {
	var leaf *leafError
	if errors.As(err, &leaf) {
		return r.in.fail(r.place(), leaf.column, leaf.err)
	}
	return r.in.fail(r.place(), "", err)
}

// open prepares the columns of the next row group.
func (r *parquetReader) open() error {
	r.release()
	group := r.file.MetaData().RowGroup(r.index - 1)
	var bytes int64
	for i, at := range r.at {
		field := &r.arrow.Manifest.Fields[at]
		leaves := map[int]bool{}
		leavesOf(field, leaves)
		n, err := r.check(group, leaves, len(field.Children) > 0)
		if err != nil {
			return &leafError{r.schema.Field(i).Name, err}
		}
		bytes += n
		column, err := r.arrow.GetFieldReader(context.Background(), at, leaves, []int{r.index - 1})
		if err != nil {
			return &leafError{r.schema.Field(i).Name, err}
		}
		r.columns = append(r.columns, column)
	}
	r.left = group.NumRows()
	r.size = rowsPerBatch(bytes, r.left)
	r.done = r.in.size / int64(r.file.NumRowGroups()) * int64(r.index-1)
	return nil
}

func leavesOf(f *pqarrow.SchemaField, to map[int]bool) {
	if len(f.Children) == 0 {
		to[f.ColIndex] = true
	}
	for i := range f.Children {
		leavesOf(&f.Children[i], to)
	}
}

// check looks at the chunks of a column before they are read, and tells how many bytes they hold.
func (r *parquetReader) check(group *metadata.RowGroupMetaData, leaves map[int]bool, nested bool) (bytes int64, err error) {
	for leaf := range leaves {
		chunk, err := group.ColumnChunk(leaf)
		if err != nil {
			return 0, err
		}
		if !nested && chunk.NumValues() != group.NumRows() {
			return 0, errors.New("the row group's columns differ in length")
		}
		if slices.Contains(chunk.Encodings(), byteStreamSplit) {
			return 0, errors.New("the encoding BYTE_STREAM_SPLIT is not supported yet: write the column plain or with a dictionary")
		}
		if err := untrusted.CheckPages(r.in.src, r.in.size, chunk); err != nil {
			return 0, err
		}
		if nested {
			if err := r.rehearse(leaf); err != nil {
				return 0, err
			}
		}
		bytes += chunk.TotalUncompressedSize()
	}
	return bytes, nil
}

// rehearse decodes a leaf of a nested column once, because the library reads those in goroutines, whose panics nobody can catch.
func (r *parquetReader) rehearse(leaf int) error {
	column, err := r.file.RowGroup(r.index - 1).Column(leaf)
	if err != nil {
		return err
	}
	for column.HasNext() {
		if err := skip(column, MaxRows); err != nil {
			return err
		}
	}
	return column.Err()
}

// column reads the next rows of a column.
func (r *parquetReader) column(i int, rows int64) (arrow.Array, error) {
	chunked, err := r.columns[i].NextBatch(rows)
	if err != nil {
		return nil, err
	}
	defer chunked.Release()
	if int64(chunked.Len()) != rows {
		return nil, errors.New("the row group's columns differ in length")
	}
	want := r.schema.Field(i).Type
	if chunks := chunked.Chunks(); len(chunks) == 1 {
		return relabelled(chunks[0], want), nil
	}
	whole, err := array.Concatenate(chunked.Chunks(), r.memory)
	if err != nil {
		return nil, err
	}
	defer whole.Release()
	return relabelled(whole, want), nil
}

// relabelled gives bytes as texts where the column is one of texts. The caller releases it.
func relabelled(a arrow.Array, want arrow.DataType) arrow.Array {
	if a.DataType().ID() != arrow.BINARY || want.ID() != arrow.STRING {
		a.Retain()
		return a
	}
	d := a.Data()
	data := array.NewData(want, d.Len(), d.Buffers(), nil, d.NullN(), d.Offset())
	defer data.Release()
	return array.MakeFromData(data)
}
