package analysis

import (
	"time"

	"liftgate/experiment"
	"liftgate/experiment/result"
)

// trends are the metrics' comparisons by day and age; nil without evidence of days. A point costs one comparison of moments. Order
// statistics are not kept by day, so quantiles have no trends.
func (n *inference) trends(metrics []result.Metric) []result.Trend {
	views := n.evidence.Views
	if views == nil || len(views.Days) < 2 {
		return nil
	}
	var out []result.Trend
	for i := range metrics {
		m := &n.Definition.Metrics[i]
		if !n.hasParts(&metrics[i]) || m.Type == experiment.Quantile {
			continue
		}
		l := n.layers(m)
		if l == nil {
			continue
		}
		for _, t := range n.treatments() {
			for _, s := range []struct {
				name string
				walk func(visit func(instance))
			}{{result.Cumulative, l.cumulative}, {result.Daily, l.daily}, {result.Aging, l.aging}} {
				trend := result.Trend{
					Metric: m.Name, Variant: n.Query.Variants[t], Control: n.Definition.Control, Series: s.name, Level: 1 - n.alpha[m.Role],
				}
				s.walk(func(i instance) { l.point(&trend, i, t) })
				if len(trend.Points) > 1 {
					out = append(out, trend)
				}
			}
		}
	}
	return out
}

// instance is one point in time of a series: who was known then.
type instance struct {
	*layer
	day      int // position among the days; -1 in a series by age
	age      int
	complete bool
}

// point adds a comparison to a trend; none where it cannot be made, as on a day on which nobody bought.
func (l *layers) point(trend *result.Trend, i instance, t int) {
	p := result.TrendPoint{Age: i.age, N: i.units[t], ControlN: i.units[l.control()], Complete: i.complete}
	if p.N < smallestSegment || p.ControlN < smallestSegment {
		return
	}
	c, few, err := l.compare(i.layer, t)
	if err != nil {
		return
	}
	if i.day >= 0 {
		p.Day = l.dateOf(i.day)
	}
	h := hypothesis{l.metric, l.alpha[l.metric.Role]}
	d, lift := h.shown(c.Difference(trend.Level), c.Lift(trend.Level))
	p.Difference = &result.Interval{Estimate: d.Estimate, Lower: d.Lower, Upper: d.Upper}
	if lift != nil {
		p.Lift = &result.Interval{Estimate: lift.Estimate, Lower: lift.Lower, Upper: lift.Upper}
	}
	if few {
		withoutEnds(p.Difference)
		withoutEnds(p.Lift)
	}
	trend.Method, trend.Points = c.Method(), append(trend.Points, p)
}

func withoutEnds(i *result.Interval) {
	if i != nil {
		i.Lower, i.Upper = nil, nil
	}
}

// dateOf is a calendar day, by its place among the days of the evidence.
func (n *inference) dateOf(day int) string {
	end := n.evidence.Views.Days[day]
	return end.Add(-1).Time().In(n.location()).Format(time.DateOnly)
}
