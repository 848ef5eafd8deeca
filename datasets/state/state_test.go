package state_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"liftgate/datasets/state"
)

// data are files of a table, and a state of them.
type data struct {
	*testing.T
	dir, state string
	hashed     int // files that were hashed
}

func newData(t *testing.T) *data {
	root := t.TempDir()
	d := &data{T: t, dir: filepath.Join(root, "data"), state: filepath.Join(root, "state")}
	if err := os.Mkdir(d.dir, 0o777); err != nil {
		t.Fatal(err)
	}
	return d
}

// file writes a file that was modified some time ago.
func (d *data) file(name, content string) string {
	d.Helper()
	path := filepath.Join(d.dir, name)
	if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
		d.Fatal(err)
	}
	d.age(path, time.Hour)
	return path
}

func (d *data) age(path string, by time.Duration) {
	d.Helper()
	at := time.Now().Add(-by)
	if err := os.Chtimes(path, at, at); err != nil {
		d.Fatal(err)
	}
}

func (d *data) options(increment bool) state.Options {
	return state.Options{
		Definition: []byte("definition"), Engine: "engine", Increment: increment,
		Hash: func(_ context.Context, path string) (int64, string, error) {
			d.hashed++
			raw, err := os.ReadFile(path)
			sum := sha256.Sum256(raw)
			return int64(len(raw)), hex.EncodeToString(sum[:]), err
		},
	}
}

// read reads all files through the state, one block a line, and tells which lines came from where.
func (d *data) read(f *state.Folder) (kept, fresh []string, err error) {
	files, err := filepath.Glob(filepath.Join(d.dir, "*"))
	if err != nil {
		return nil, nil, err
	}
	t, err := f.Table(d.Context(), "events", d.dir, "fingerprint", files)
	if err != nil {
		return nil, nil, err
	}
	for _, path := range files {
		k, known := t.Kept(path, 0)
		if known {
			for i := range k.Len() {
				line, err := k.Read(i, nil)
				if err != nil {
					return nil, nil, err
				}
				kept = append(kept, string(line))
			}
			continue
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return nil, nil, err
		}
		p := t.Add(path, 0)
		for line := range bytes.Lines(raw) {
			fresh = append(fresh, string(line))
			if err := p.Append(line); err != nil {
				return nil, nil, err
			}
		}
		p.Done()
	}
	return kept, fresh, nil
}

// analyze makes an analysis; it commits when told to.
func (d *data) analyze(o state.Options, commit bool) (kept, fresh []string, err error) {
	d.Helper()
	f, err := state.Open(d.state, o)
	if err != nil {
		return nil, nil, err
	}
	defer func() {
		if err := f.Close(); err != nil {
			d.Error(err)
		}
	}()
	if kept, fresh, err = d.read(f); err != nil || !commit {
		return kept, fresh, err
	}
	if err := f.Seal(d.Context()); err != nil {
		return nil, nil, err
	}
	return kept, fresh, f.Commit()
}

// reads expects an analysis that succeeds, with so many kept and fresh lines.
func (d *data) reads(increment bool, kept, fresh int) {
	d.Helper()
	k, f, err := d.analyze(d.options(increment), true)
	if err != nil {
		d.Fatal(err)
	}
	if len(k) != kept || len(f) != fresh {
		d.Fatalf("kept %q, fresh %q; want %d and %d", k, f, kept, fresh)
	}
}

// fails expects an increment that fails and changes nothing.
func (d *data) fails(o state.Options, why string) {
	d.Helper()
	before := d.listing()
	if _, _, err := d.analyze(o, true); err == nil || !strings.Contains(err.Error(), why) {
		d.Fatalf("error %v, want %q", err, why)
	}
	if after := d.listing(); !slices.Equal(before, after) {
		d.Fatalf("files are\n%q, before they were\n%q", after, before)
	}
}

func (d *data) listing() (out []string) {
	d.Helper()
	err := filepath.WalkDir(d.state, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		out = append(out, fmt.Sprintf("%s %q", path, raw))
		return err
	})
	if err != nil && !os.IsNotExist(err) {
		d.Fatal(err)
	}
	return out
}

func TestIncrementsReadWhatIsNew(t *testing.T) {
	d := newData(t)
	d.file("b", "1\n2\n")
	d.reads(false, 0, 2)
	d.file("a", "3\n")
	d.file("c", "")
	d.reads(true, 2, 1)
	d.reads(true, 3, 0)
	d.file("d", "4\n5\n")
	d.reads(true, 3, 2)
	if d.hashed != 4 {
		t.Errorf("%d files were hashed, each of 4 once", d.hashed)
	}
	d.reads(false, 0, 5)
	names, err := filepath.Glob(filepath.Join(d.state, "*"))
	if err != nil || len(names) != 3 {
		t.Errorf("%q, want index, lock and one file of rows (%v)", names, err)
	}
	info, err := os.Stat(d.state)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("mode %v (%v)", info.Mode(), err)
	}
	for _, name := range names {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v (%v)", name, info.Mode(), err)
		}
	}
}

func TestFilesAreKnownByContent(t *testing.T) {
	d := newData(t)
	path := d.file("a", "1\n")
	d.reads(false, 0, 1)
	d.file("a", "1\n")
	d.age(path, 2*time.Hour)
	d.reads(true, 1, 0)
	d.file("a", "2\n")
	d.age(path, 3*time.Hour)
	d.fails(d.options(true), "a has changed since it was read into")
	d.file("a", "1\n2\n")
	d.fails(d.options(true), "a has changed")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	d.file("b", "1\n")
	d.fails(d.options(true), "a is gone since it was read into")
}

// A file that was written just before it was read can be changed without its time showing it.
func TestYoungFilesAreHashedAgain(t *testing.T) {
	d := newData(t)
	path := d.file("a", "1\n")
	d.age(path, 0)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	d.reads(false, 0, 1)
	d.file("a", "2\n")
	if err := os.Chtimes(path, info.ModTime(), info.ModTime()); err != nil {
		t.Fatal(err)
	}
	d.fails(d.options(true), "a has changed")
}

func TestWhatAnIncrementNeeds(t *testing.T) {
	d := newData(t)
	d.file("a", "1\n")
	d.fails(d.options(true), "holds no state to go on from; run once without --increment")
	if _, err := os.Stat(d.state); err == nil {
		t.Error("an increment without a state has left a folder")
	}
	d.reads(false, 0, 1)
	o := d.options(true)
	o.Definition = []byte("another")
	d.fails(o, "is of another definition")
	o = d.options(true)
	o.Engine = "another"
	d.fails(o, "was made by engine, and this is another")
	f, err := state.Open(d.state, d.options(true))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Table(t.Context(), "events", d.dir, "another", nil); err == nil || !strings.Contains(err.Error(), "other columns") {
		t.Errorf("error %v", err)
	}
	if _, err := state.Open(d.state, d.options(false)); err == nil || !strings.Contains(err.Error(), "another analysis uses it") {
		t.Errorf("error %v", err)
	}
}

func TestOnlyAStateIsReplaced(t *testing.T) {
	d := newData(t)
	path := d.file("a", "1\n")
	d.state = d.dir
	d.fails(d.options(false), "is not a state: it holds a; choose another folder")
	d.state = path
	d.fails(d.options(false), "is not a state: it is a file")
}

// TestFailedAnalysesChangeNothing ends analyses before they commit, at any point.
func TestFailedAnalysesChangeNothing(t *testing.T) {
	d := newData(t)
	d.file("a", "1\n")
	for _, increment := range []bool{false, true} {
		before := d.listing()
		if _, _, err := d.analyze(d.options(increment), false); err != nil {
			t.Fatal(err)
		}
		if after := d.listing(); !slices.Equal(before, after) {
			t.Fatalf("files are\n%q, before they were\n%q", after, before)
		}
		d.reads(increment, len(before)/3, 1)
		d.file("b", "2\n")
	}
	before := d.listing()
	f, err := state.Open(d.state, d.options(true))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := d.read(f); err != nil {
		t.Fatal(err)
	}
	path := d.file("b", "3\n")
	d.age(path, 0)
	if err := f.Seal(t.Context()); err == nil || !strings.Contains(err.Error(), "changed while it was analysed") {
		t.Errorf("error %v", err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if after := d.listing(); !slices.Equal(before, after) {
		t.Fatalf("files are\n%q, before they were\n%q", after, before)
	}
}

// TestCrashes: what a process that was killed leaves is no state, and does not stand in the way of the next.
func TestCrashes(t *testing.T) {
	d := newData(t)
	d.file("a", "1\n")
	litter := func() {
		for _, name := range []string{"rows-1.bin", "rows-7.bin", "state.json.partial", "lock"} {
			if _, err := os.Stat(filepath.Join(d.state, name)); err == nil {
				continue
			}
			if err := os.WriteFile(filepath.Join(d.state, name), []byte("half"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := os.Mkdir(d.state, 0o700); err != nil {
		t.Fatal(err)
	}
	litter()
	d.reads(false, 0, 1)
	litter()
	d.file("b", "2\n")
	d.reads(true, 1, 1)
	litter()
	d.reads(true, 2, 0)
	litter()
	d.reads(false, 0, 2)
}

// TestDamage changes every byte of a state. An increment then fails and says so, or reads what was written.
func TestDamage(t *testing.T) {
	if testing.Short() {
		t.Skip("opens the state a thousand times")
	}
	d := newData(t)
	d.file("a", "first\nsecond\n")
	d.reads(false, 0, 2)
	for _, name := range []string{"state.json", "rows-1.bin"} {
		path := filepath.Join(d.state, name)
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		contents := [][]byte{nil, whole[:len(whole)-1], append(slices.Clone(whole), '0')}
		for i := range whole {
			flipped := slices.Clone(whole)
			flipped[i] ^= 1 << (i % 8)
			contents = append(contents, flipped)
		}
		for _, content := range contents {
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			kept, fresh, err := d.analyze(d.options(true), false)
			if err == nil && (len(fresh) > 0 || !slices.Equal(kept, []string{"first\n", "second\n"})) {
				t.Fatalf("%s is %q: kept %q, fresh %q", name, content, kept, fresh)
			}
			if err != nil && !strings.Contains(err.Error(), d.state) {
				t.Fatalf("%s is %q: the error does not name the state: %v", name, content, err)
			}
		}
		if err := os.WriteFile(path, []byte("nothing"), 0o600); err != nil {
			t.Fatal(err)
		}
		d.fails(d.options(true), "run once without --increment")
		d.reads(false, 0, 2)
		d.reads(true, 2, 0)
		if name == "state.json" { // the rows have another name by now
			if err := os.RemoveAll(d.state); err != nil {
				t.Fatal(err)
			}
			d.reads(false, 0, 2)
		}
	}
}
