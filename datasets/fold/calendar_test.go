package fold_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"liftgate/datasets"
	"liftgate/datasets/fold"
)

// TestDayOf: a day is the first that ends after an instant, the last one at most, also where days have 23 or 25 hours.
func TestDayOf(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip(err)
	}
	r := rand.New(rand.NewPCG(1, 1))
	for _, month := range []time.Month{time.March, time.July, time.October} {
		first := datasets.Instant(time.Date(2026, month, 20, 15, 30, 0, 0, berlin).UnixMicro())
		asOf := first.Add(14 * datasets.Day)
		q := &datasets.Query{Location: berlin, Views: &datasets.Views{}}
		days, ends := fold.NewCalendar(q, &asOf, &first), datasets.DayEnds(first, asOf, berlin)
		for range 10_000 {
			at := first + datasets.Instant(r.Int64N(int64(15*datasets.Day)))
			if r.IntN(4) == 0 {
				at = ends[r.IntN(len(ends))] - datasets.Instant(r.IntN(2))
			}
			want := slices.IndexFunc(ends, func(end datasets.Instant) bool { return end > at })
			if want < 0 {
				want = len(ends) - 1
			}
			if got := days.DayOf(int64(at)); got != want {
				t.Fatalf("%v is on day %d, want %d", at, got, want)
			}
		}
	}
}

// TestNoCalendar: without views, or without anybody who was exposed, everything happens on day 0.
func TestNoCalendar(t *testing.T) {
	first, asOf := datasets.Instant(0), datasets.Instant(1<<60)
	for _, days := range []*fold.Calendar{
		fold.NewCalendar(&datasets.Query{}, &asOf, &first),
		fold.NewCalendar(&datasets.Query{Views: &datasets.Views{}}, &asOf, nil),
		fold.NewCalendar(&datasets.Query{Views: &datasets.Views{}}, nil, nil),
	} {
		if day := days.DayOf(1 << 50); day != 0 {
			t.Errorf("day %d", day)
		}
	}
}
