package tabular

import (
	"errors"
	"math"
	"time"
)

// clock says how a time is stored: a count of units since 1970, in UTC or in the local time of a place.
type clock struct {
	unit  time.Duration
	local bool
}

var errTimeRange = errors.New("a time lies beyond the range of microseconds in 64 bits")

// convert turns counts into microseconds since 1970 in UTC, rounding down, in place.
func (c clock) convert(counts []int64, zone *time.Location) error {
	switch {
	case c.unit > time.Microsecond:
		factor := int64(c.unit / time.Microsecond)
		for i, v := range counts {
			if v > math.MaxInt64/factor || v < math.MinInt64/factor {
				return errTimeRange
			}
			counts[i] = v * factor
		}
	case c.unit < time.Microsecond:
		for i, v := range counts {
			counts[i] = microseconds(v)
		}
	}
	if c.local && !isUTC(zone) {
		for i, v := range counts {
			counts[i] = fromLocal(v, zone)
		}
	}
	return nil
}

func isUTC(zone *time.Location) bool {
	return zone == nil || zone == time.UTC || zone.String() == "UTC"
}

// fromLocal takes a wall clock, given as if it were UTC, to the instant that it shows in the zone.
func fromLocal(us int64, zone *time.Location) int64 {
	w := time.UnixMicro(us).UTC()
	return time.Date(w.Year(), w.Month(), w.Day(), w.Hour(), w.Minute(), w.Second(), w.Nanosecond(), zone).UnixMicro()
}

// microseconds rounds nanoseconds down.
func microseconds(ns int64) int64 {
	us := ns / 1000
	if ns%1000 < 0 {
		us--
	}
	return us
}
