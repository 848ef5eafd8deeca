package columnar_test

import (
	"context"
	"errors"
	"flag"
	"runtime/debug"
	"testing"
	"time"

	"go.uber.org/goleak"

	"liftgate/datasets/columnar"
)

// TestMain draws fewer random cases than rapid's default, because each is written to files, unless told otherwise. Garbage of so many small
// analyses is collected seldom: that took a third of the time.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	flag.Parse()
	told := false
	flag.Visit(func(f *flag.Flag) { told = told || f.Name == "rapid.checks" })
	if checks := "20"; !told {
		if testing.Short() {
			checks = "5"
		}
		if err := flag.Set("rapid.checks", checks); err != nil {
			panic(err)
		}
	}
	goleak.VerifyTestMain(m)
}

func TestCancelledHalfWay(t *testing.T) {
	d := shop(4, 1000, 10000)
	for _, format := range []string{"parquet", "file", "csv"} {
		for _, table := range d.Tables {
			newShape(5, format, table).write(t, table)
		}
		ctx, cancel := context.WithCancel(context.Background())
		s := columnar.New(columnar.Options{Workers: 3, Progress: func(int64, int64, string) { cancel() }})
		start := time.Now()
		ev, err := s.Observe(ctx, shopQuery(t, d))
		if !errors.Is(err, context.Canceled) || ev != nil {
			t.Errorf("%s: %v, want context.Canceled", format, err)
		}
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%s: took %v to stop", format, took)
		}
		cancel()
	}
}

func TestProgressReachesTheEnd(t *testing.T) {
	d := shop(6, 100, 1000)
	for _, table := range d.Tables {
		newShape(7, "parquet", table).write(t, table)
	}
	last := map[string][2]int64{}
	s := columnar.New(columnar.Options{Workers: 3, Progress: func(done, total int64, what string) {
		if done < last[what][0] && done != 0 && last[what][0] != last[what][1] {
			t.Errorf("%s: %d after %d", what, done, last[what][0])
		}
		last[what] = [2]int64{done, total}
	}})
	if _, err := s.Observe(context.Background(), shopQuery(t, d)); err != nil {
		t.Fatal(err)
	}
	for _, what := range []string{"exposures", "events"} {
		if p := last[what]; p[0] == 0 || p[0] != p[1] {
			t.Errorf("%s: ended at %d of %d", what, p[0], p[1])
		}
	}
}
