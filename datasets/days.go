package datasets

import "time"

// DayEnds are the ends, exclusive, of the calendar days from that of first to that in which asOf lies or at whose end; the last is asOf
// itself. It is nil unless first is before asOf. A nil location is UTC.
func DayEnds(first, asOf Instant, loc *time.Location) []Instant {
	if first >= asOf {
		return nil
	}
	if loc == nil {
		loc = time.UTC
	}
	year, month, day := first.Time().In(loc).Date()
	var ends []Instant
	for next := 1; ; next++ {
		end := startOfDay(year, month, day+next, loc)
		switch {
		case end >= asOf:
			return append(ends, asOf)
		case end > first && (len(ends) == 0 || end > ends[len(ends)-1]): // a zone may skip a whole day
			ends = append(ends, end)
		}
	}
}

// startOfDay is the first instant of a calendar day, which time.Date does not promise: midnight may not be there, or come twice.
func startOfDay(year int, month time.Month, day int, loc *time.Location) Instant {
	noon := time.Date(year, month, day, 12, 0, 0, 0, loc)
	midnight := InstantOf(noon.Add(-12 * time.Hour))
	since, _ := noon.ZoneBounds()
	if since.IsZero() {
		return midnight
	}
	change := InstantOf(since)
	_, after := noon.Zone()
	_, before := since.Add(-time.Second).Zone()
	if earlier := midnight.Add(Span(after-before) * Hour / 3600); earlier < change {
		return earlier
	}
	return max(midnight, change)
}
