package datasets

import "time"

// Instant is a point in time: microseconds since 1970-01-01 in UTC.
type Instant int64

// Span is a length of time in microseconds.
type Span int64

const (
	Hour Span = 3_600_000_000
	Day  Span = 24 * Hour
)

// MaxEnrolment is the longest time between first exposures; more is a mistake in the timestamps.
const MaxEnrolment = 36_525 * Day

// InstantOf rounds t down to a microsecond.
func InstantOf(t time.Time) Instant { return Instant(t.UnixMicro()) }

// Time is the instant as a time in UTC.
func (i Instant) Time() time.Time { return time.UnixMicro(int64(i)).UTC() }

func (i Instant) String() string { return i.Time().Format(time.RFC3339Nano) }

// Add moves the instant by d.
func (i Instant) Add(d Span) Instant { return i + Instant(d) }

// Sub is the span from j to i.
func (i Instant) Sub(j Instant) Span { return Span(i - j) }

// Floor rounds the instant down to a multiple of d since 1970.
func (i Instant) Floor(d Span) Instant {
	rest := Span(i) % d
	if rest < 0 {
		rest += d
	}
	return i.Add(-rest)
}

// Days counts whole 24-hour days, rounding down (also below zero).
func (s Span) Days() int {
	d := s / Day
	if s%Day < 0 {
		d--
	}
	return int(d)
}
