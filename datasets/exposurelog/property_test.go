package exposurelog

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"liftgate/datasets"
	"pgregory.net/rapid"
)

// model is what a log has promised.
type model struct {
	o       Options
	log     *Log
	root    string
	folders int
	added   []string // in order
	durable int      // of added, at least
}

// Units of the property test are named after all that identifies a record.
func drawn(t *rapid.T) *Exposure {
	const day0 = 1_790_553_600_000_000
	day := rapid.IntRange(0, 1).Draw(t, "day")
	e := &Exposure{
		Unit:    fmt.Sprintf("u%d", rapid.IntRange(0, 12).Draw(t, "unit")),
		Variant: rapid.SampledFrom([]string{"control", "treatment"}).Draw(t, "variant"),
		At:      day0 + datasets.Instant(day)*datasets.Instant(datasets.Day) + datasets.Instant(rapid.IntRange(0, 1000).Draw(t, "time")),
	}
	e.Unit = fmt.Sprintf("%s on day %d in %s", e.Unit, day, e.Variant)
	return e
}

func (m *model) add(t *rapid.T) {
	e := drawn(t)
	want := !slices.Contains(m.added, e.Unit)
	got, err := m.log.Add(t.Context(), e)
	must(t, err)
	if got != want {
		t.Fatalf("Add(%q) = %v", e.Unit, got)
	}
	if got {
		m.added = append(m.added, e.Unit)
	}
}

func (m *model) flush(t *rapid.T) {
	must(t, m.log.Flush(t.Context()))
	m.durable = len(m.added)
}

func (m *model) reopen(t *rapid.T) {
	must(t, m.log.Close())
	m.durable = len(m.added)
	m.log = mustOpen(t, m.o, &disk{})
}

// kill goes on with what is in the files, as if the process had ended now.
func (m *model) kill(t *rapid.T) {
	left := m.copy(t)
	must(t, m.log.Close())
	m.o.Dir = left
	m.expect(t)
	m.log = mustOpen(t, m.o, &disk{})
	m.added = unitsIn(t, m.o.Dir, m.o.Columns)
	m.durable = len(m.added)
}

func (m *model) copy(t *rapid.T) (dir string) {
	m.folders++
	dir = filepath.Join(m.root, fmt.Sprint(m.folders))
	must(t, os.Mkdir(dir, 0o700))
	files, err := filepath.Glob(filepath.Join(m.o.Dir, "*.arrow")) // not list, which removes what the log is about to rename
	must(t, err)
	for _, path := range files {
		content, err := os.ReadFile(path)
		must(t, err)
		must(t, os.WriteFile(filepath.Join(dir, filepath.Base(path)), content, 0o600))
	}
	return dir
}

// expect wants the first of the records that were added, and all that are durable.
func (m *model) expect(t *rapid.T) {
	found := unitsIn(t, m.o.Dir, m.o.Columns)
	if len(found) < m.durable || len(found) > len(m.added) || !slices.Equal(found, m.added[:len(found)]) {
		t.Fatalf("found %q\nof %q\nwhere %d are durable", found, m.added, m.durable)
	}
}

func TestAnyHistory(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		root, err := os.MkdirTemp(t.TempDir(), "")
		must(t, err)
		m := &model{root: root}
		m.o = testOptions(filepath.Join(root, "0"))
		m.o.Sync = rapid.SampledFrom([]time.Duration{time.Microsecond, time.Millisecond, time.Hour}).Draw(r, "sync")
		m.o.FileSize = rapid.SampledFrom([]int64{1, 2 << 10, 1 << 20}).Draw(r, "file size")
		m.o.Buffer = rapid.SampledFrom([]int{1, 300, 1 << 20}).Draw(r, "buffer")
		m.log = mustOpen(r, m.o, &disk{})
		steps := rapid.SliceOfN(rapid.IntRange(0, 19), 1, 60).Draw(r, "steps")
		for _, s := range steps {
			switch s {
			case 0:
				m.reopen(r)
			case 1:
				m.kill(r)
			case 2, 3:
				m.flush(r)
			default:
				m.add(r)
			}
		}
		must(r, m.log.Close())
		m.durable = len(m.added)
		m.expect(r)
		must(t, os.RemoveAll(root))
	})
}
