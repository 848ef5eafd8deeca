package columnar_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"testing"

	"liftgate/datasets"
	"liftgate/datasets/columnar"
	"liftgate/datasets/expr"
	"liftgate/datasets/sourcetest"
)

// TestConformanceThroughFiles: a source that may take no memory at all passes the same suite.
func TestConformanceThroughFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("a whole suite")
	}
	var seed atomic.Uint64
	sourcetest.Run(t, func(tb testing.TB, d sourcetest.Data) datasets.Source {
		s := seed.Add(1)
		for _, table := range d.Tables {
			newShape(s, "parquet", table).write(tb, table)
		}
		dir := tb.TempDir()
		tb.Cleanup(func() { empty(tb, dir) })
		return columnar.New(columnar.Options{Workers: int(1 + s%3), Memory: columnar.Memory{Limit: 1, Spill: dir}})
	})
}

// empty makes sure that nothing is left in a folder.
func empty(tb testing.TB, dir string) {
	tb.Helper()
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		tb.Errorf("%v is left behind, error %v", left, err)
	}
}

// spilling is a source that may take so much memory, and tells whether it ever went through files by a number that is not 0.
func spilling(dir string, workers int, limit int64, files *int) *columnar.Source {
	return columnar.New(columnar.Options{Workers: workers, Memory: columnar.Memory{
		Limit: limit, Spill: dir, Warn: func(string) { *files++ }, Explain: func(string) {},
	}})
}

// TestSameBytesThroughFiles: evidence does not depend on what fits into memory.
func TestSameBytesThroughFiles(t *testing.T) {
	units, rows := 3000, 30000
	if testing.Short() {
		units, rows = 300, 3000
	}
	for _, c := range []struct {
		name  string
		data  sourcetest.Data
		query makeQuery
	}{
		{"event log", shop(1, units, rows), withViews(withQuantiles(shopQuery))},
		{"event log, totals", shop(2, units, rows), shopQuery},
		{"unit table", shopUnits(1, rows), withViews(withQuantiles(shopUnitsQuery))},
		{"event log of clusters", inShops(shop(4, units, rows)), withViews(withQuantiles(onRoster(clustered(shopQuery))))},
		{"unit table of clusters", inShops(shopUnits(4, rows)), withViews(onRoster(clustered(shopUnitsQuery)))},
	} {
		t.Run(c.name, func(t *testing.T) {
			for i, table := range c.data.Tables {
				newShape(uint64(i), []string{"parquet", "csv"}[i%2], table).write(t, table)
			}
			q, dir, files := c.query(t, c.data), t.TempDir(), 0
			want := answerOf(t, columnar.New(columnar.Options{Workers: 2}), q)
			for i, limit := range []int64{1, 300 << 10, 2 << 20, 1 << 40} {
				s := spilling(dir, 1+i%3, limit, &files)
				if got := answerOf(t, s, q); got != want {
					t.Errorf("the evidence differs with %d bytes of memory", limit)
				}
			}
			if files == 0 {
				t.Error("everything was in memory")
			}
			empty(t, dir)
		})
	}
}

func answerOf(t *testing.T, s *columnar.Source, q *datasets.Query) string {
	t.Helper()
	ev, err := s.Observe(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(ev)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestUnitsThroughFiles: values of units outlive the files.
func TestUnitsThroughFiles(t *testing.T) {
	d := shop(8, 500, 5000)
	for _, table := range d.Tables {
		newShape(1, "parquet", table).write(t, table)
	}
	q, files := withQuantiles(shopQuery)(t, d), 0
	want, err := columnar.New(columnar.Options{}).Units(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	got, err := spilling(t.TempDir(), 2, 1, &files).Units(context.Background(), q)
	if err != nil || files == 0 {
		t.Fatal(err, files)
	}
	if a, b := fmt.Sprint(want.Variants, want.Blocks), fmt.Sprint(got.Variants, got.Blocks); a != b {
		t.Error("the units differ")
	}
}

// TestFirstErrorThroughFiles: the row that is named is the first one, in whatever partition and table.
func TestFirstErrorThroughFiles(t *testing.T) {
	for seed := range uint64(12) {
		d := shop(seed, 300, 3000)
		exposures, events := d.Tables[0], d.Tables[1]
		if seed%3 == 0 { // units in two clusters
			d = inShops(d)
			exposures, events = d.Tables[0], d.Tables[1]
		}
		value := columnAt(events, "value")
		for i := 100 + int(seed)*50; i < len(events.Rows); i += 97 {
			events.Rows[i][value] = expr.FloatValue(1 / zero)
		}
		if seed%4 == 1 {
			exposures.Rows[200][columnAt(exposures, "variant")] = expr.TextValue("unheard of")
		}
		for i, table := range d.Tables {
			newShape(seed, []string{"csv", "parquet"}[(int(seed)+i)%2], table).write(t, table)
		}
		q := shopQuery(t, d)
		_, want := columnar.New(columnar.Options{Workers: 1}).Observe(context.Background(), q)
		if want == nil {
			t.Fatal("nothing is wrong")
		}
		for _, limit := range []int64{1, 300 << 10} {
			dir, files := t.TempDir(), 0
			_, err := spilling(dir, int(1+seed%3), limit, &files).Observe(context.Background(), q)
			if err == nil || err.Error() != want.Error() {
				t.Errorf("seed %d: error %v, want %v", seed, err, want)
			}
			empty(t, dir)
		}
	}
}

var zero float64

// TestCancelledThroughFiles stops at every call of Progress.
func TestCancelledThroughFiles(t *testing.T) {
	d := shop(4, 300, 3000)
	for _, table := range d.Tables {
		newShape(5, "parquet", table).write(t, table)
	}
	q, dir := withViews(shopQuery)(t, d), t.TempDir()
	before := openFiles(t)
	for at := 1; ; at += 1 + at/3 {
		ctx, cancel := context.WithCancel(context.Background())
		calls := 0
		_, err := columnar.New(columnar.Options{
			Workers: 1 + at%3, Memory: columnar.Memory{Limit: 1, Spill: dir},
			Progress: func(int64, int64, string) {
				if calls++; calls == at {
					cancel()
				}
			},
		}).Observe(ctx, q)
		cancel()
		empty(t, dir)
		if after := openFiles(t); after > before {
			t.Fatalf("%d files are open, %d were before", after, before)
		}
		if calls < at {
			break
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("call %d: error %v, want context.Canceled", at, err)
		}
	}
}

// openFiles counts them, where the system tells.
func openFiles(t *testing.T) int {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0
	}
	return len(list)
}

// TestNoFolderForFiles: a folder that is not there is an error that names it.
func TestNoFolderForFiles(t *testing.T) {
	for _, c := range []struct {
		data  sourcetest.Data
		query makeQuery
	}{{shop(4, 300, 3000), shopQuery}, {shopUnits(4, 3000), shopUnitsQuery}} {
		for _, table := range c.data.Tables {
			newShape(5, "parquet", table).write(t, table)
		}
		dir := t.TempDir() + "/absent"
		_, err := columnar.New(columnar.Options{Memory: columnar.Memory{Limit: 1, Spill: dir}}).Observe(context.Background(), c.query(t, c.data))
		if !errors.Is(err, os.ErrNotExist) {
			t.Errorf("error %v", err)
		}
	}
}
