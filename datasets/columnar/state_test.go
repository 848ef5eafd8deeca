package columnar_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"liftgate/datasets"
	"liftgate/datasets/columnar"
	"liftgate/datasets/expr"
	"liftgate/datasets/sourcetest"
	"liftgate/datasets/state"
)

// stepwise answers a query in steps: at each, some more of the files are there, and what was read in the steps before is taken from a
// state. At every step the answer, or the error, must be that of a source that reads everything.
type stepwise struct {
	tb testing.TB
	*rand.Rand
	data sourcetest.Data
	mu   sync.Mutex // files come and go
}

func (s *stepwise) Schema(ctx context.Context, t *datasets.Table) ([]datasets.Column, error) {
	return columnar.New(columnar.Options{}).Schema(ctx, t)
}

func (s *stepwise) Observe(ctx context.Context, q *datasets.Query) (ev *datasets.Evidence, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if q.Units != nil {
		return columnar.New(columnar.Options{}).Observe(ctx, q)
	}
	dir := filepath.Join(s.tb.TempDir(), "state")
	steps := 1 + s.IntN(3)
	arrivals := s.arrivals(steps)
	for step := range steps {
		for path, arrives := range arrivals {
			hide(s.tb, path, arrives > step)
		}
		asked := *q
		if step < steps-1 && s.IntN(2) == 0 {
			at := sourcetest.Origin.Add(datasets.Span(s.IntN(20)) * datasets.Day / 2)
			asked.AsOf = &at
		}
		if ev, err = s.step(ctx, dir, &asked); errors.Is(err, errUnequal) {
			return nil, fmt.Errorf("step %d of %d: %w", step, steps, err)
		}
	}
	return ev, err
}

// arrivals says at which step each file is there. At the last all are.
func (s *stepwise) arrivals(steps int) map[string]int {
	out := map[string]int{}
	for _, t := range s.data.Tables {
		paths, err := columnar.New(columnar.Options{}).Files(context.Background(), &t.Spec)
		if err != nil {
			s.tb.Fatal(err)
		}
		for i, path := range paths {
			if out[path] = s.IntN(steps); i == 0 && s.IntN(4) > 0 {
				out[path] = 0
			}
		}
	}
	return out
}

const hidden = ".hidden"

func hide(tb testing.TB, path string, away bool) {
	tb.Helper()
	from, to := path+hidden, path
	if away {
		from, to = to, from
	}
	if err := os.Rename(from, to); err != nil && !errors.Is(err, os.ErrNotExist) {
		tb.Fatal(err)
	}
}

var errUnequal = errors.New("the answer differs from that of a source that reads everything")

func (s *stepwise) step(ctx context.Context, dir string, q *datasets.Query) (*datasets.Evidence, error) {
	want, wantErr := columnar.New(columnar.Options{Workers: 1 + s.IntN(3)}).Observe(ctx, q)
	_, err := os.Stat(filepath.Join(dir, "state.json"))
	o := columnar.Options{Workers: 1 + s.IntN(3)}
	if s.IntN(4) == 0 {
		o.Memory = columnar.Memory{Limit: 1, Spill: s.tb.TempDir()}
	}
	got, gotErr := withState(ctx, dir, err == nil, o, q)
	if fmt.Sprint(gotErr) != fmt.Sprint(wantErr) {
		return nil, fmt.Errorf("%w: error %w, want %w", errUnequal, gotErr, wantErr)
	}
	if reflect.DeepEqual(want, got) { // which knows no NaN, and is fast
		return got, gotErr
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateNaNs()); diff != "" {
		return nil, fmt.Errorf("%w (-want +got):\n%s", errUnequal, diff)
	}
	return got, gotErr
}

// withState answers a query and keeps what it has read.
func withState(ctx context.Context, dir string, increment bool, o columnar.Options, q *datasets.Query) (ev *datasets.Evidence, err error) {
	folder, err := state.Open(dir, state.Options{Definition: []byte("definition"), Engine: "test", Increment: increment, Hash: hashFile})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, folder.Close()) }()
	o.State = folder
	if ev, err = columnar.New(o).Observe(ctx, q); err != nil {
		return nil, err
	}
	if err := folder.Seal(ctx); err != nil {
		return nil, err
	}
	return ev, folder.Commit()
}

func hashFile(_ context.Context, path string) (int64, string, error) {
	raw, err := os.ReadFile(path)
	sum := sha256.Sum256(raw)
	return int64(len(raw)), hex.EncodeToString(sum[:]), err
}

// TestStateConforms runs the suite of all sources in steps: a third of the cases in one format each, since a state waits for the disk, and with
// LIFTGATE_SLOW all of them in all formats.
func TestStateConforms(t *testing.T) {
	if testing.Short() {
		t.Skip("a case is many analyses")
	}
	formats, every := []string{"parquet", "file", "stream", "csv"}, uint64(3)
	var seed atomic.Uint64
	in := func(choices ...string) sourcetest.Open {
		return func(tb testing.TB, d sourcetest.Data) datasets.Source {
			n := seed.Add(1)
			format := choices[n%uint64(len(choices))]
			for _, table := range d.Tables {
				if format == "csv" && hasEmptyText(table) {
					format = "parquet" // CSV cannot tell an empty text from a null
				}
			}
			for _, table := range d.Tables {
				newShape(n, format, table).write(tb, table)
			}
			if n%every != 0 {
				return columnar.New(columnar.Options{})
			}
			return &stepwise{tb: tb, Rand: rand.New(rand.NewPCG(n, 11)), data: d}
		}
	}
	if os.Getenv("LIFTGATE_SLOW") == "" {
		sourcetest.Run(t, in(formats...))
		return
	}
	every = 1
	for _, format := range formats {
		t.Run(format, func(t *testing.T) {
			sourcetest.Run(t, in(format))
			sourcetest.RunViews(t, in(format))
		})
	}
}

// TestStateByDays adds days one after the other, one of them late, for several shapes of queries and any number of workers.
func TestStateByDays(t *testing.T) {
	for _, c := range []struct {
		name  string
		data  sourcetest.Data
		query func(testing.TB, sourcetest.Data) *datasets.Query
	}{
		{"shoppers", shop(6, 400, 6000), withQuantiles(shopQuery)},
		{"merchants", inShops(shop(7, 400, 6000)), withQuantiles(onRoster(clustered(shopQuery)))},
	} {
		t.Run(c.name, func(t *testing.T) {
			if testing.Short() && c.name != "merchants" {
				t.Skip("one shape is enough in a hurry")
			}
			for _, table := range c.data.Tables {
				byDays(t, table, 5)
			}
			dir := filepath.Join(t.TempDir(), "state")
			s := &stepwise{tb: t, Rand: rand.New(rand.NewPCG(1, 12)), data: c.data}
			last := 5
			if testing.Short() {
				last = 2
			}
			for step := range last {
				for _, table := range c.data.Tables {
					for day := range 5 {
						late := day == 1 && step < 3
						hide(t, filepath.Join(table.Spec.Dir, fmt.Sprintf("day-%d.parquet", day)), day > step || late)
					}
				}
				if _, err := s.step(t.Context(), dir, c.query(t, c.data)); err != nil {
					t.Fatalf("day %d: %v", step, err)
				}
			}
		})
	}
}

// byDays writes the rows of a table into files by their times.
func byDays(t *testing.T, table *sourcetest.Table, days int) {
	t.Helper()
	dir := t.TempDir()
	table.Spec.Dir, table.Spec.Files = dir, []string{"*.parquet"}
	at := slices.IndexFunc(table.Columns, func(c datasets.Column) bool { return c.Name == table.Spec.Time })
	rows := make([][][]expr.Value, days)
	for _, row := range table.Rows {
		day := max(0, min(days-1, int(datasets.Instant(row[at].Int).Sub(sourcetest.Origin)/datasets.Day)))
		rows[day] = append(rows[day], row)
	}
	shape := newShape(uint64(days), "parquet", table)
	for day := range rows {
		name := filepath.Join(dir, fmt.Sprintf("day-%d.parquet", day))
		if err := shape.writeFile(name, shape.schema(table), table, rows[day]); err != nil {
			t.Fatal(err)
		}
	}
}

// TestStateOfUnitTables: there is none.
func TestStateOfUnitTables(t *testing.T) {
	d := shopUnits(1, 20)
	newShape(1, "parquet", d.Tables[0]).write(t, d.Tables[0])
	dir := filepath.Join(t.TempDir(), "state")
	if _, err := withState(t.Context(), dir, false, columnar.Options{}, shopUnitsQuery(t, d)); err == nil || !strings.Contains(err.Error(), "read as a whole") {
		t.Errorf("error %v", err)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("a failed analysis has left a folder")
	}
}

// TestDamagedState: a block that has changed is an error that names the state.
func TestDamagedState(t *testing.T) {
	d := shop(8, 40, 300)
	for _, table := range d.Tables {
		newShape(1, "csv", table).write(t, table)
	}
	dir := filepath.Join(t.TempDir(), "state")
	if _, err := withState(t.Context(), dir, false, columnar.Options{}, shopQuery(t, d)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "rows-1.bin")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	whole[len(whole)/2] ^= 1
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = withState(t.Context(), dir, true, columnar.Options{}, shopQuery(t, d))
	var dataError *datasets.DataError
	if !errors.As(err, &dataError) || !strings.Contains(err.Error(), "rows-1.bin is damaged") {
		t.Errorf("error %v", err)
	}
}
