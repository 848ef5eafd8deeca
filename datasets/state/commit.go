package state

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"

	"liftgate/datasets/durable"
)

// Seal writes down, beside what is kept, all that the analysis has read: everything that can go wrong does so here. It fails when a file
// was changed while it was read.
func (f *Folder) Seal(ctx context.Context) error {
	next := &index{Engine: f.options.Engine, Definition: hashOf(f.options.Definition), Rows: []rowsFile{}, Tables: []*tableIndex{}}
	if f.options.Increment {
		next.Rows = append(next.Rows, f.old.Rows...)
	}
	added := len(next.Rows)
	rows, err := f.blocks.flush()
	if err != nil {
		return err
	}
	next.Rows = append(next.Rows, rows...)
	for _, t := range f.tables {
		x, err := t.index(ctx, added)
		if err != nil {
			return err
		}
		next.Tables = append(next.Tables, x)
	}
	raw, err := next.encode()
	if err != nil {
		return err
	}
	return writeFlushed(filepath.Join(f.dir, partialName), raw)
}

// index lists the files of a table; added is the number of the file of rows that this analysis adds.
func (t *Table) index(ctx context.Context, added int) (*tableIndex, error) {
	out := &tableIndex{Name: t.name, Fingerprint: t.print, Files: []*fileIndex{}}
	for _, x := range t.files {
		size, sum, err := t.folder.hash(ctx, x.old, x.path, x.seen)
		if err == nil {
			err = same(x.path, x.seen)
		}
		if err != nil {
			return nil, err
		}
		f := &fileIndex{
			Path: x.name, Size: size, Modified: x.seen.modified, Settled: t.folder.started-x.seen.modified > settling,
			SHA256: sum, Latest: x.late, Parts: []partIndex{},
		}
		if x.old != nil {
			f.Parts = append(f.Parts, x.old.Parts...)
		}
		for _, p := range x.parts {
			f.Parts = append(f.Parts, partIndex{Number: p.number, Rows: added, Blocks: p.blocks})
		}
		slices.SortFunc(f.Parts, func(a, b partIndex) int { return cmp.Compare(a.Number, b.Number) })
		out.Files = append(out.Files, f)
	}
	return out, nil
}

func writeFlushed(name string, content []byte) (err error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.Write(content); err != nil {
		return err
	}
	return f.Sync()
}

// Commit puts what Seal wrote into the place of what was kept. It is the last thing to do before Close.
func (f *Folder) Commit() error {
	if err := os.Rename(filepath.Join(f.dir, partialName), filepath.Join(f.dir, indexName)); err != nil {
		return err
	}
	f.committed = true
	if err := durable.Flush(f.dir); err != nil || f.options.Increment {
		return err
	}
	return f.remove(func(name string) bool { return rowsNumber(name) > 0 && name != f.blocks.made })
}
