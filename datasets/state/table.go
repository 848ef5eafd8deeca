package state

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// Table is what is kept of the files of one table.
type Table struct {
	folder *Folder
	name   string
	print  string // the fingerprint
	files  []*file
	byPath map[string]*file // as the source names them
}

// file is a file of a table.
type file struct {
	path  string // as the source names it
	name  string // in the index
	seen  seen
	old   *fileIndex // nil: it is new
	mu    sync.Mutex
	late  *Latest
	parts map[int]*Part // that were read in this analysis, by number
}

// settling is how long before it is read a file must have been modified for a later change to show in its time of modification, whatever
// the steps of the file system's clock.
const settling = int64(2 * time.Second)

// Table tells what the source is about to read: the table's name and folder, a fingerprint of all that what it keeps of a row depends on,
// and the files in the order in which it reads them. An increment fails when the fingerprint is another, or a file that is
// kept has changed or is not among them.
func (f *Folder) Table(ctx context.Context, name, dir, fingerprint string, paths []string) (*Table, error) {
	old := f.kept(name)
	if f.options.Increment && (old == nil || old.Fingerprint != fingerprint) {
		return nil, fmt.Errorf("%s holds other columns, or columns of other types, of %s than this analysis needs; run once without --increment, which replaces the state", f.dir, name)
	}
	t := &Table{folder: f, name: name, print: fingerprint, byPath: map[string]*file{}}
	kept := map[string]*fileIndex{}
	for i := 0; old != nil && i < len(old.Files); i++ {
		kept[old.Files[i].Path] = old.Files[i]
	}
	for _, path := range paths {
		x := &file{path: path, name: nameOf(dir, path), parts: map[int]*Part{}}
		if err := t.recognise(ctx, x, kept[x.name]); err != nil {
			return nil, err
		}
		delete(kept, x.name)
		t.files, t.byPath[path] = append(t.files, x), x
	}
	for _, gone := range slices.Sorted(maps.Keys(kept)) {
		return nil, t.differs(gone, "is gone since it was read into")
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tables = append(f.tables, t)
	return t, nil
}

// kept is what an increment goes on from; nil for nothing.
func (f *Folder) kept(table string) *tableIndex {
	if !f.options.Increment {
		return nil
	}
	return f.old.table(table)
}

// nameOf is how the index calls a file.
func nameOf(dir, path string) string {
	if rel, err := filepath.Rel(dir, path); err == nil {
		path = rel
	}
	return filepath.ToSlash(path)
}

// recognise compares a file with what is kept of it.
func (t *Table) recognise(ctx context.Context, x *file, kept *fileIndex) (err error) {
	if x.seen, err = look(x.path); err != nil || kept == nil {
		return err
	}
	unchanged := x.seen.size == kept.Size
	if unchanged {
		_, sum, err := t.folder.hash(ctx, kept, x.path, x.seen)
		if err != nil {
			return err
		}
		unchanged = sum == kept.SHA256
	}
	if !unchanged {
		return t.differs(kept.Path, "has changed since it was read into")
	}
	x.old, x.late = kept, kept.Latest
	return nil
}

func (t *Table) differs(path, how string) error {
	return fmt.Errorf("%s: %s %s %s; put it back as it was, or run once without --increment, which reads everything again", t.name, path, how, t.folder.dir)
}

// Latest is the latest time in a file, when that was found before.
func (t *Table) Latest(path string) (latest Latest, known bool) {
	x := t.byPath[path]
	if x == nil {
		return Latest{}, false
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.late == nil {
		return Latest{}, false
	}
	return *x.late, true
}

// SetLatest tells the latest time in a file.
func (t *Table) SetLatest(path string, l Latest) {
	if x := t.byPath[path]; x != nil {
		x.mu.Lock()
		defer x.mu.Unlock()
		x.late = &l
	}
}

// Kept gives the blocks of a part of a file in the order in which they were added, when the part is kept.
func (t *Table) Kept(path string, number int) (p *Kept, known bool) {
	x := t.byPath[path]
	if x == nil || x.old == nil {
		return nil, false
	}
	i, known := slices.BinarySearchFunc(x.old.Parts, number, func(p partIndex, n int) int { return p.Number - n })
	if !known {
		return nil, false
	}
	return &Kept{t.folder, x.old.Parts[i]}, true
}

// Kept is a part of a file that need not be read again.
type Kept struct {
	folder *Folder
	index  partIndex
}

// Len is the number of blocks.
func (k *Kept) Len() int { return len(k.index.Blocks) }

// Read gives a block. It may reuse the memory of buf.
func (k *Kept) Read(i int, buf []byte) ([]byte, error) {
	rows := k.folder.old.Rows[k.index.Rows]
	return k.folder.blocks.read(rows.Name, k.index.Blocks[i], buf)
}

// Part is a part of a file that is being read and is to be kept. It is used by one goroutine at a time.
type Part struct {
	folder *Folder
	file   *file
	number int
	blocks []Block
}

// Add starts to keep a part of a file. Nothing of it is kept until Done. It gives nil for a part that has been read before, and for one of a
// file that Table was not told of, because it has only just come: such a file is new to the next analysis.
func (t *Table) Add(path string, number int) *Part {
	x := t.byPath[path]
	if x == nil {
		return nil
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.parts[number] != nil {
		return nil
	}
	return &Part{folder: t.folder, file: x, number: number}
}

// Append adds a block.
func (p *Part) Append(block []byte) error {
	b, err := p.folder.blocks.append(block)
	if err != nil {
		return fmt.Errorf("%s cannot be written: %w", p.folder.dir, err)
	}
	p.blocks = append(p.blocks, b)
	return nil
}

// Done tells that the part has been read to its end.
func (p *Part) Done() {
	p.file.mu.Lock()
	defer p.file.mu.Unlock()
	p.file.parts[p.number] = p
}
