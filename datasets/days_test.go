package datasets

import (
	"testing"
	"time"
	_ "time/tzdata" // as experiments have it

	"pgregory.net/rapid"
)

func TestDayEnds(t *testing.T) {
	parse := func(s string) Instant {
		at, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return InstantOf(at)
	}
	for _, c := range []struct {
		zone, first, asOf string
		want              []string
	}{
		{"UTC", "2026-10-01T00:00:00Z", "2026-10-03T00:00:00Z", []string{"2026-10-02T00:00:00Z", "2026-10-03T00:00:00Z"}},
		{"UTC", "2026-10-01T23:59:59Z", "2026-10-02T08:00:00Z", []string{"2026-10-02T00:00:00Z", "2026-10-02T08:00:00Z"}},
		{"UTC", "2026-10-01T00:00:00Z", "2026-10-01T08:00:00Z", []string{"2026-10-01T08:00:00Z"}},
		{"UTC", "2026-10-01T00:00:00Z", "2026-10-01T00:00:00Z", nil},
		{"Europe/Berlin", "2026-10-24T21:59:59Z", "2026-10-26T00:00:00Z", []string{"2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", "2026-10-26T00:00:00Z"}},
		{"America/New_York", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z", []string{"2026-11-02T05:00:00Z"}},
		// No midnight on 4 November 2018, two on 18 February 2018 before midnight, two of 30 October 2020 in Amman.
		{"America/Sao_Paulo", "2018-11-03T12:00:00Z", "2018-11-05T12:00:00Z", []string{"2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z", "2018-11-05T12:00:00Z"}},
		{"America/Sao_Paulo", "2018-02-17T12:00:00Z", "2018-02-18T12:00:00Z", []string{"2018-02-18T03:00:00Z", "2018-02-18T12:00:00Z"}},
		{"Asia/Amman", "2020-10-29T12:00:00Z", "2020-10-30T12:00:00Z", []string{"2020-10-29T21:00:00Z", "2020-10-30T12:00:00Z"}},
		// 30 December 2011 never was.
		{"Pacific/Apia", "2011-12-29T12:00:00Z", "2011-12-31T12:00:00Z", []string{"2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z", "2011-12-31T12:00:00Z"}},
	} {
		loc, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		got := DayEnds(parse(c.first), parse(c.asOf), loc)
		if len(got) != len(c.want) {
			t.Errorf("%s from %s to %s: %v, want %v", c.zone, c.first, c.asOf, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != parse(c.want[i]) {
				t.Errorf("%s from %s to %s: %v, want %v", c.zone, c.first, c.asOf, got, c.want)
			}
		}
	}
	if got := DayEnds(0, Instant(Day), nil); len(got) != 1 {
		t.Errorf("without a location: %v", got)
	}
}

// Days are dates: an instant and the one before it lie in two days exactly where their dates differ.
func TestDayEndsAreWhereDatesChange(t *testing.T) {
	zones := []string{"UTC", "Europe/Berlin", "America/Sao_Paulo", "Asia/Amman", "America/Havana", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Cairo", "America/Asuncion"}
	rapid.Check(t, func(rt *rapid.T) {
		loc, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(rt, "zone"))
		if err != nil {
			rt.Fatal(err)
		}
		first := InstantOf(time.Date(rapid.IntRange(1975, 2035).Draw(rt, "year"), 1, 1, 0, 0, 0, 0, time.UTC)).Add(Span(rapid.Int64Range(0, int64(360*Day)).Draw(rt, "first")))
		asOf := first.Add(Span(rapid.Int64Range(1, int64(40*Day)).Draw(rt, "length")))
		ends := DayEnds(first, asOf, loc)
		if ends[len(ends)-1] != asOf {
			rt.Fatalf("the last of %v is not %v", ends, asOf)
		}
		for i, end := range ends[:len(ends)-1] {
			before, after := end.Add(-1).Time().In(loc), end.Time().In(loc)
			if before.YearDay() == after.YearDay() || i == 0 && before.YearDay() != first.Time().In(loc).YearDay() {
				rt.Fatalf("%s: from %v to %v: a day ends at %v", loc, first, asOf, after)
			}
			if next := ends[i+1].Add(-1).Time().In(loc); next.YearDay() != after.YearDay() {
				rt.Fatalf("%s: a day from %v to %v", loc, after, next)
			}
		}
	})
}
