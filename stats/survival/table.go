package survival

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"liftgate/stats"
)

// Table counts what happens at each time, times ascending.
type Table []Row

// Row is one time of a table.
type Row struct {
	Time                        float64
	AtRisk                      int64 // those observed up to here: events at a time come before censoring at it
	Events, Competing, Censored int64
}

// What ended an observation.
const (
	Censored  = 0
	Event     = 1
	Competing = 2
)

// NewTable makes the table of times and what ended each: [Censored], [Event], or [Competing] and above for events that rule the
// event out.
func NewTable(times []float64, causes []int) (Table, error) {
	if len(times) != len(causes) {
		return nil, fmt.Errorf("%w: %d times with %d causes", stats.ErrInvalid, len(times), len(causes))
	}
	order := make([]int, len(times))
	for i, t := range times {
		if !(t >= 0) || math.IsInf(t, 0) || causes[i] < 0 {
			return nil, fmt.Errorf("%w: observation %d has time %v and cause %d", stats.ErrInvalid, i, t, causes[i])
		}
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(times[i], times[j]) })
	var t Table
	for _, i := range order {
		if len(t) == 0 || t[len(t)-1].Time != times[i] {
			t = append(t, Row{Time: times[i]})
		}
		r := &t[len(t)-1]
		switch causes[i] {
		case Censored:
			r.Censored++
		case Event:
			r.Events++
		default:
			r.Competing++
		}
	}
	t.countRisk()
	return t, nil
}

func (t Table) countRisk() {
	var n int64
	for i := len(t) - 1; i >= 0; i-- {
		n += t[i].leaving()
		t[i].AtRisk = n
	}
}

func (r Row) leaving() int64 { return r.Events + r.Competing + r.Censored }

// Merge is the table of both groups together.
func (t Table) Merge(o Table) Table {
	var out Table
	for r, s := range t.beside(o) {
		out = append(out, Row{
			Time: max(r.Time, s.Time), Events: r.Events + s.Events, Competing: r.Competing + s.Competing, Censored: r.Censored + s.Censored,
		})
	}
	out.countRisk()
	return out
}

// Rivals is the table in which competing events and events have changed places.
func (t Table) Rivals() Table {
	out := slices.Clone(t)
	for i := range out {
		out[i].Events, out[i].Competing = out[i].Competing, out[i].Events
	}
	return out
}

// beside yields the rows of two tables by time. Where one has none its row counts nothing but who is at risk.
func (t Table) beside(o Table) func(yield func(r, s Row) bool) {
	return func(yield func(r, s Row) bool) {
		for len(t) > 0 || len(o) > 0 {
			var r, s Row
			at := math.Inf(1)
			if len(t) > 0 {
				at, r.AtRisk = t[0].Time, t[0].AtRisk
			}
			if len(o) > 0 {
				at, s.AtRisk = min(at, o[0].Time), o[0].AtRisk
			}
			r.Time, s.Time = at, at
			if len(t) > 0 && t[0].Time == at {
				r, t = t[0], t[1:]
			}
			if len(o) > 0 && o[0].Time == at {
				s, o = o[0], o[1:]
			}
			if !yield(r, s) {
				return
			}
		}
	}
}

// check says whether the table can be one of data.
func (t Table) check(name string) error {
	if len(t) == 0 {
		return fmt.Errorf("%w: the %s has no observations", stats.ErrTooFew, name)
	}
	for i, r := range t {
		after := int64(0)
		if i+1 < len(t) {
			after = t[i+1].AtRisk
		}
		if !(r.Time >= 0) || math.IsInf(r.Time, 0) || i > 0 && r.Time <= t[i-1].Time ||
			min(r.Events, r.Competing, r.Censored) < 0 || r.AtRisk < 1 || r.AtRisk != r.leaving()+after {
			return fmt.Errorf("%w: row %d of the %s's table, at time %v, is none of data", stats.ErrInvalid, i, name, r.Time)
		}
	}
	return nil
}

// atRisk is how many are observed up to a time or longer.
func (t Table) atRisk(time float64) int64 {
	for _, r := range t {
		if r.Time >= time {
			return r.AtRisk
		}
	}
	return 0
}

const (
	treatment = "treatment"
	control   = "control"
)

func checkBoth(treated, untreated Table) error {
	if err := treated.check(treatment); err != nil {
		return err
	}
	return untreated.check(control)
}
