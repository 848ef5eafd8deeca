package state

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/zeebo/xxh3"
)

// blocks are the files of rows: those that are kept, which are only read, and the one that this analysis adds.
type blocks struct {
	dir    string
	number int // the largest of the files that were there
	mu     sync.Mutex
	kept   map[string]*os.File // that are open, by name
	added  *os.File            // nil until there is something to add
	made   string              // its name; empty until then
	end    int64               // of added
}

// append writes a block behind those before it.
func (b *blocks) append(data []byte) (Block, error) {
	out := Block{Bytes: int64(len(data)), XXH3: sumOf(data)}
	f, err := b.reserve(&out)
	if err != nil {
		return out, err
	}
	if _, err := f.WriteAt(data, out.At); err != nil {
		return out, err
	}
	return out, nil
}

// reserve finds the place of a block, so that several can be written at once.
func (b *blocks) reserve(block *Block) (f *os.File, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.added == nil {
		name := rowsName(b.number + 1)
		if b.added, err = os.OpenFile(filepath.Join(b.dir, name), os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600); err != nil {
			return nil, err
		}
		b.made = name
	}
	block.At = b.end
	b.end += block.Bytes
	return b.added, nil
}

// read reads a block of a kept file into buf, which may grow.
func (b *blocks) read(name string, block Block, buf []byte) ([]byte, error) {
	f, err := b.open(name)
	if err != nil {
		return buf, err
	}
	if int64(cap(buf)) < block.Bytes {
		buf = make([]byte, block.Bytes)
	}
	buf = buf[:block.Bytes]
	if _, err := f.ReadAt(buf, block.At); err != nil {
		return buf, fmt.Errorf("%s: %w", f.Name(), err)
	}
	if sumOf(buf) != block.XXH3 {
		return buf, damaged(f.Name(), block)
	}
	return buf, nil
}

func damaged(name string, b Block) error {
	return fmt.Errorf("%s is damaged: the %d bytes from %d are not those that were written; run once without --increment, which replaces the state", name, b.Bytes, b.At)
}

func sumOf(data []byte) string { return fmt.Sprintf("%016x", xxh3.Hash(data)) }

func (b *blocks) open(name string) (*os.File, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if f := b.kept[name]; f != nil {
		return f, nil
	}
	f, err := os.Open(filepath.Join(b.dir, name))
	if err != nil {
		return nil, err
	}
	if b.kept == nil {
		b.kept = map[string]*os.File{}
	}
	b.kept[name] = f
	return f, nil
}

// flush makes what was added survive a loss of power, and lists it; nothing when nothing was added.
func (b *blocks) flush() ([]rowsFile, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.added == nil {
		return nil, nil
	}
	return []rowsFile{{Name: b.made, Bytes: b.end}}, b.added.Sync()
}

func (b *blocks) close() (err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, f := range b.kept {
		err = errors.Join(err, f.Close())
	}
	b.kept = nil
	if b.added != nil {
		err = errors.Join(err, b.added.Close())
		b.added = nil
	}
	return err
}
