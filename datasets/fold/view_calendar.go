package fold

import (
	"slices"

	"liftgate/datasets"
)

// Calendar is the days of views by their ends, exclusive. Without any, as in a unit table, everything happens on day 0.
type Calendar struct{ ends []int64 }

// NewCalendar makes the days of a query's views, from the first exposure to as of; a unit table has none.
func NewCalendar(q *datasets.Query, asOf, first *datasets.Instant) *Calendar {
	c := &Calendar{}
	if q.Views == nil || asOf == nil || first == nil {
		return c
	}
	for _, end := range datasets.DayEnds(*first, *asOf, q.Location) {
		c.ends = append(c.ends, int64(end))
	}
	return c
}

func (c *Calendar) days() (ends []datasets.Instant) {
	for _, end := range c.ends {
		ends = append(ends, datasets.Instant(end))
	}
	return ends
}

// DayOf is the first day that ends after an instant, the last one at most.
func (c *Calendar) DayOf(at int64) int {
	if len(c.ends) == 0 {
		return 0
	}
	last := len(c.ends) - 1
	day := min(max(0, int((at-c.ends[0])/int64(datasets.Day))+1), last) // days of 23 or 25 hours make up for each other
	for day > 0 && c.ends[day-1] > at {
		day--
	}
	for day < last && c.ends[day] <= at {
		day++
	}
	return day
}

// closed is the first day by whose end a window that closes at an instant had closed; -1 when as of came first.
func (c *Calendar) closed(at int64) int {
	if len(c.ends) == 0 {
		return 0
	}
	if day := c.DayOf(at - 1); at <= c.ends[day] {
		return day
	}
	return -1
}

// cohorts are stretches of exposure whose units are exposed on one day and become complete, at every age, on one day. Each is told by its
// first instant.
type cohorts struct{ from []int64 }

// newCohorts cuts the time from the first to the last exposure at the instants from which on a window of one of the given lengths closes
// a day later.
func newCohorts(first, last int64, days *Calendar, windows []int64) cohorts {
	cuts := []int64{first}
	add := func(at int64) {
		if at > first && at <= last {
			cuts = append(cuts, at)
		}
	}
	for _, end := range days.ends {
		add(end)
		for _, w := range windows {
			add(end - w + 1)
		}
	}
	slices.Sort(cuts)
	return cohorts{slices.Compact(cuts)}
}

// of is the cohort of a first exposure.
func (c cohorts) of(first int64) int32 {
	from, to := 0, len(c.from)
	for to-from > 1 {
		if middle := int(uint(from+to) / 2); c.from[middle] <= first {
			from = middle
		} else {
			to = middle
		}
	}
	return int32(from)
}

// schedule is on which days the units of a block do what, by cohort. Cohorts that agree share a class.
type schedule struct {
	ages    int       // that are kept and that somebody may have reached: 1 to ages
	class   []int32   // by cohort
	exposed []int     // day, by class
	closed  [][]int32 // day by class and age, 0 for the whole windows; -1: not yet
}

func newSchedule(c cohorts, days *Calendar, window int64) *schedule {
	s := &schedule{}
	if n := len(days.ends); n > 0 {
		longest := min(window-1, days.ends[n-1]-c.from[0])
		s.ages = max(0, int(longest/int64(datasets.Day)))
	}
	for _, first := range c.from {
		exposed, closed := days.DayOf(first), make([]int32, s.ages+1)
		for age := range closed {
			length := window
			if age > 0 {
				length = int64(age) * int64(datasets.Day)
			}
			closed[age] = int32(days.closed(max(first+1, first+length)))
		}
		last := len(s.closed) - 1
		if last < 0 || s.exposed[last] != exposed || !slices.Equal(s.closed[last], closed) {
			s.exposed, s.closed = append(s.exposed, exposed), append(s.closed, closed)
			last++
		}
		s.class = append(s.class, int32(last))
	}
	return s
}

// lengths are those of a block's window, cut off at every age.
func lengths(window int64, longest int64) []int64 {
	out := []int64{window}
	for at := int64(datasets.Day); at < window && at <= longest; at += int64(datasets.Day) {
		out = append(out, at)
	}
	return out
}
