package tabular

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/apache/arrow/go/v17/parquet/metadata"

	"liftgate/datasets"
	"liftgate/datasets/untrusted"
)

// parquetFile is an open Parquet file.
type parquetFile struct {
	src    *os.File
	size   int64
	zone   *time.Location
	meta   *metadata.FileMetaData
	leaves map[string]*leaf
	list   []field
	free   []sync.Pool // of *chunkMemory, by column: what fits one chunk fits the next
}

func openParquet(path string, zone *time.Location) (file, error) {
	src, size, err := untrusted.Open(path)
	if err != nil {
		return nil, err
	}
	f := &parquetFile{src: src, size: size, zone: zone, leaves: map[string]*leaf{}}
	if err := untrusted.Guard(f.readFooter); err != nil {
		_ = src.Close()
		return nil, &datasets.DataError{File: path, Err: err}
	}
	return f, nil
}

func (f *parquetFile) readFooter() error {
	footer, err := untrusted.ParquetFooter(f.src, f.size)
	if err != nil {
		return err
	}
	meta, err := metadata.NewFileMetaData(footer, nil)
	if err != nil {
		return fmt.Errorf("the footer cannot be read: %w", err)
	}
	f.meta = meta
	f.readSchema()
	return f.checkRowGroups()
}

func (f *parquetFile) readSchema() {
	f.free = make([]sync.Pool, f.meta.Schema.NumColumns())
	for i := range f.meta.Schema.NumColumns() {
		c := f.meta.Schema.Column(i)
		name := c.ColumnPath()[0]
		l := leafOf(i, c)
		if f.leaves[name] != nil {
			continue
		}
		f.leaves[name] = &l
		f.list = append(f.list, field{name: name, kind: l.kind, why: l.why, days: l.clock.unit == 24*time.Hour})
	}
}

// checkRowGroups also refuses more rows than can mean anything: equal cells take no bytes, but a row takes time.
func (f *parquetFile) checkRowGroups() error {
	const few, inByte = 1 << 26, 1 << 12
	left := few + inByte*f.size
	for i := range f.meta.RowGroups {
		g := f.meta.RowGroup(i)
		if g.NumColumns() != f.meta.Schema.NumColumns() || g.NumRows() < 0 {
			return fmt.Errorf("row group %d contradicts the schema", i)
		}
		if left -= min(g.NumRows(), left+1); left < 0 {
			return fmt.Errorf("%d bytes cannot hold as many rows as the footer states", f.size)
		}
	}
	return nil
}

func (f *parquetFile) fields() []field { return f.list }

func (f *parquetFile) close() error { return f.src.Close() }

func (f *parquetFile) pieces() []piece {
	groups := make([]piece, len(f.meta.RowGroups))
	for i := range groups {
		groups[i] = &rowGroup{f, i}
	}
	return groups
}

// rowGroup is one row group of a Parquet file.
type rowGroup struct {
	file  *parquetFile
	index int
}

func (g *rowGroup) place() string { return fmt.Sprintf("row group %d", g.index) }

func (g *rowGroup) bytes() int64 {
	if n := len(g.file.meta.RowGroups); n > 0 {
		return g.file.size / int64(n)
	}
	return 0
}

func (g *rowGroup) rows() (n int64, known bool) { return g.file.meta.RowGroup(g.index).NumRows(), true }

func (g *rowGroup) open(ctx context.Context, wants []Want) (Reader, error) {
	r := &rowGroupReader{ctx: ctx, group: g, of: make([]int, len(wants))}
	err := untrusted.Guard(func() error { return r.openChunks(wants) })
	return r, err
}

// rowGroupReader reads the chunks of a row group side by side. A batch ends wherever a page of one of them does.
type rowGroupReader struct {
	ctx    context.Context
	group  *rowGroup
	chunks []*chunk
	of     []int // the chunk of each want
	left   int64
	last   int // rows of the batch before
	batch  *Batch
}

func (r *rowGroupReader) openChunks(wants []Want) error {
	f := r.group.file
	meta := f.meta.RowGroup(r.group.index)
	position := map[string]int{}
	for i, w := range wants {
		at, known := position[w.Name]
		if !known {
			c, err := openChunk(f, meta, w.Name)
			if err != nil {
				return &columnError{w.Name, err}
			}
			at = len(r.chunks)
			position[w.Name] = at
			r.chunks = append(r.chunks, c)
		}
		r.of[i] = at
	}
	r.left = meta.NumRows()
	r.batch = newBatch(r, len(wants))
	return nil
}
