package analysis_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"liftgate/datasets"
	"liftgate/datasets/expr"
	"liftgate/experiment/analysis"
	"liftgate/experiment/result"
)

// TestDailyIsByExposure: a point of the series daily counts the units first exposed on its day that are complete, and says whether those
// are all, where completion days would tell otherwise.
func TestDailyIsByExposure(t *testing.T) {
	const noon = 12 * datasets.Hour
	for i, c := range []struct {
		name, zone, start, window string
		length                    datasets.Span
		dates                     bool
		asOf                      datasets.Span // after the start
	}{
		{name: "exposures at midnight", window: "7d", length: 7 * datasets.Day, dates: true, asOf: 21 * datasets.Day},
		{name: "exposures at midnight, open", window: "7d", length: 7 * datasets.Day, dates: true, asOf: 10 * datasets.Day},
		{name: "windows of 36 hours", window: "36h", length: 36 * datasets.Hour, asOf: 21 * datasets.Day},
		{name: "windows of 36 hours, open", window: "36h", length: 36 * datasets.Hour, asOf: 10 * datasets.Day},
		{name: "midnight and 36 hours", window: "36h", length: 36 * datasets.Hour, dates: true, asOf: 9*datasets.Day + noon},
		{name: "a day of 25 hours", zone: "Europe/Berlin", start: "2026-10-18", window: "7d", length: 7 * datasets.Day, asOf: 17*datasets.Day + noon},
		{name: "a day of 23 hours", zone: "Europe/Berlin", start: "2027-03-20", window: "36h", length: 36 * datasets.Hour, asOf: 11*datasets.Day + noon},
	} {
		t.Run(c.name, func(t *testing.T) {
			if testing.Short() && i%5 != 0 {
				t.Skip("one at midnight and one across a clock change are enough in a hurry")
			}
			s, zone, first := newShop(t, 1200), time.UTC, start
			if c.zone != "" {
				zone, first = movedTo(t, s, c.zone, c.start)
			}
			s.yaml = strings.ReplaceAll(s.yaml, "[0d, 7d]", "[0d, "+c.window+"]")
			if c.dates {
				for _, row := range s.Tables[shopExposures].Rows {
					row[2] = when(timeOf(row[2]) - (timeOf(row[2])-first)%datasets.Instant(datasets.Day))
				}
			}
			asOf := first.Add(c.asOf)
			r, err := s.tryDecide(analysis.Options{Views: true, AsOf: &asOf})
			if err != nil {
				t.Fatal(err)
			}
			sameDays(t, trend(t, r, "conversion", result.Daily), daysOf(s, asOf, c.length, zone))
		})
	}
}

func timeOf(v expr.Value) datasets.Instant { return datasets.Instant(v.Int) }

// movedTo takes a shop to a day in another zone, times and all.
func movedTo(t *testing.T, s *shop, zone, day string) (*time.Location, datasets.Instant) {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	from, err := time.ParseInLocation(time.DateOnly, day, loc)
	if err != nil {
		t.Fatal(err)
	}
	first := datasets.InstantOf(from)
	s.replace(t, "{start: 2026-10-01, end: 2026-10-15}", "{start: "+day+", end: "+from.AddDate(0, 0, 15).Format(time.DateOnly)+", timezone: "+zone+"}")
	s.yaml = strings.ReplaceAll(s.yaml, "complete_through: 2026-10-22", "complete_through: "+from.AddDate(0, 0, 30).Format(time.DateOnly))
	for table, column := range []int{2, 1, 1} {
		for _, row := range s.Tables[table].Rows {
			row[column] = when(timeOf(row[column]) - start + first)
		}
	}
	return loc, first
}

// exposedDay is how many units were exposed on a day, and how many of them are complete, by variant.
type exposedDay struct {
	exposed  int64
	complete [2]int64
}

func daysOf(s *shop, asOf datasets.Instant, window datasets.Span, zone *time.Location) map[string]*exposedDay {
	days := map[string]*exposedDay{}
	for _, row := range s.Tables[shopExposures].Rows {
		at := timeOf(row[2])
		if at >= asOf {
			continue
		}
		name := at.Time().In(zone).Format(time.DateOnly)
		if days[name] == nil {
			days[name] = &exposedDay{}
		}
		days[name].exposed++
		if at.Add(window) <= asOf {
			days[name].complete[slices.Index([]bool{false, true}, treated(row))]++
		}
	}
	return days
}

func sameDays(t *testing.T, got *result.Trend, want map[string]*exposedDay) {
	t.Helper()
	for _, p := range got.Points {
		day := want[p.Day]
		if day == nil {
			t.Errorf("nobody was exposed on %s", p.Day)
			continue
		}
		n := day.complete
		if p.ControlN != n[0] || p.N != n[1] || p.Complete != (n[0]+n[1] == day.exposed) {
			t.Errorf("%+v, want %+v", p, *day)
		}
		delete(want, p.Day)
	}
	for name, day := range want {
		if min(day.complete[0], day.complete[1]) >= 5 {
			t.Errorf("no point of %s: %+v", name, *day)
		}
	}
}
