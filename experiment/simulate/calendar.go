package simulate

import (
	"slices"
	"time"

	"liftgate/datasets"
	"liftgate/experiment"
)

// History and the length of an enrolment that the definition leaves open.
const (
	history      = 28 * datasets.Day
	defaultDays  = 28
	outcomesLast = 120 * datasets.Day // the latest late outcome after its order
)

// defaultStart is where a schedule without a start begins; it is a constant because data must not depend on the day they are
// made.
var defaultStart = datasets.InstantOf(time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC))

// calendar is when things can happen. Shoppers visit in [begin, quiet); they are exposed in [open, closed).
type calendar struct {
	begin, open, closed, quiet datasets.Instant
	hours                      []float64 // cumulative intensity of visits by hour since begin
}

// newCalendar leaves room for every window of the definition before and after enrolment.
func newCalendar(d *experiment.Definition) *calendar {
	c := &calendar{open: defaultStart}
	switch start, end := d.Schedule.Start, d.Schedule.End; {
	case start != nil:
		c.open = *start
	case end != nil:
		c.open = end.Add(-defaultDays * datasets.Day)
	}
	c.closed = c.open.Add(defaultDays * datasets.Day)
	if d.Schedule.End != nil {
		c.closed = *d.Schedule.End
	}
	before, after := windowReach(d)
	c.begin = c.open.Add(-max(history, before))
	c.quiet = c.closed.Add(max(14*datasets.Day, min(after, outcomesLast)) + datasets.Day)
	c.hours = visitIntensity(c.begin, c.quiet)
	return c
}

// windowReach is how far the windows of d reach before and after exposure.
func windowReach(d *experiment.Definition) (before, after datasets.Span) {
	for i := range d.Metrics {
		for _, v := range valuesOf(&d.Metrics[i]) {
			before = max(before, -v.Window[0])
			after = max(after, v.Window[1])
		}
	}
	return before, after
}

// valuesOf lists the values of a metric's parts and covariates.
func valuesOf(m *experiment.Metric) []*experiment.Value {
	values := m.Values()
	for i := range m.Covariates {
		for j := range m.Covariates[i].Values {
			values = append(values, &m.Covariates[i].Values[j])
		}
	}
	return values
}

// hourly is how busy the hours of a day are, in UTC.
var hourly = [24]float64{4, 3, 2, 2, 2, 2, 3, 4, 5, 6, 6, 6, 7, 7, 7, 7, 8, 8, 9, 9, 9, 8, 7, 5}

func visitIntensity(from, to datasets.Instant) []float64 {
	weights := make([]float64, int((to.Sub(from)+datasets.Hour-1)/datasets.Hour))
	for i := range weights {
		t := from.Add(datasets.Span(i) * datasets.Hour).Time()
		weights[i] = hourly[t.Hour()]
		if t.Weekday() == time.Saturday || t.Weekday() == time.Sunday {
			weights[i] *= 1.25
		}
	}
	return cumulate(weights)
}

// days is the length of the time in which shoppers visit.
func (c *calendar) days() float64 { return float64(c.quiet.Sub(c.begin)) / float64(datasets.Day) }

// visits appends the times of a shopper's visits, ascending. Visits are at least an hour apart, so that they do not mix.
func (c *calendar) visits(s *shopper, out []datasets.Instant) []datasets.Instant {
	n := s.fate.poisson(shopperVisits, s.rate*c.days())
	for i := range n {
		out = append(out, c.visitTime(s.fate.uniform(shopperVisitTime+draw(i))))
	}
	slices.Sort(out)
	kept := out[:0]
	for _, t := range out {
		if len(kept) == 0 || t.Sub(kept[len(kept)-1]) >= datasets.Hour {
			kept = append(kept, t)
		}
	}
	return kept
}

// visitTime spreads u over the hours by their intensity, and evenly within the hour.
func (c *calendar) visitTime(u float64) datasets.Instant {
	hour := pick(c.hours, u)
	total, before := c.hours[len(c.hours)-1], 0.0
	if hour > 0 {
		before = c.hours[hour-1]
	}
	within := (u*total - before) / (c.hours[hour] - before)
	t := c.begin.Add(datasets.Span(hour)*datasets.Hour + datasets.Span(within*float64(datasets.Hour)))
	return min(t, c.quiet-1)
}
