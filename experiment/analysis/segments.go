package analysis

import (
	"fmt"
	"math"
	"strings"

	"liftgate/experiment"
	"liftgate/experiment/result"
	"liftgate/stats"
	"liftgate/stats/blocked"
	"liftgate/stats/cluster"
	"liftgate/stats/synthesis"
)

// segmentScan compares treatments with the control within every value of every segment, and keeps what is to be adjusted for their number.
type segmentScan struct {
	*inference
	quick   *inference // leaves out randomisation
	metrics []result.Metric
	rows    []result.SegmentEffect
	tests   []result.Heterogeneity
	differs []alarm
	harms   []alarm
}

// alarm is one hypothesis of a scan, and the rows that it is about: two where an attribute has two values, as one differs from the other
// exactly when that differs from it.
type alarm struct {
	p    float64
	rows []int
}

// scanSegments is nil without evidence of segments.
func (n *inference) scanSegments(metrics []result.Metric) *segmentScan {
	views := n.evidence.Views
	if views == nil || len(views.Segments) == 0 {
		return nil
	}
	s := &segmentScan{inference: n, metrics: metrics, quick: n.on(n.evidence, metrics, 0, true)}
	for attribute := range views.Segments {
		for i := range metrics {
			if n.hasParts(&metrics[i]) {
				s.scan(attribute, &n.Definition.Metrics[i], &metrics[i])
			}
		}
	}
	s.adjust()
	return s
}

// hasParts reports whether a metric has numbers that can be looked at in parts.
func (n *inference) hasParts(row *result.Metric) bool {
	return row.Status == result.OK || row.Status == result.Immature
}

// scan compares within the values of one attribute on one metric.
func (s *segmentScan) scan(attribute int, m *experiment.Metric, row *result.Metric) {
	samples := s.segmentSamples(m, attribute)
	segment := &s.evidence.Views.Segments[attribute]
	for i, t := range s.treatments() {
		h := hypothesis{m, s.alpha[m.Role]}
		onLift := h.onLiftIn(&row.Comparisons[i])
		first := len(s.rows)
		var groups []synthesis.Group
		var members []int
		for v := range segment.Values {
			effect, c := s.within(h, row, samples[v], t)
			effect.Attribute, effect.Segment = segment.Name, segment.Values[v]
			s.rows = append(s.rows, effect)
			if c == nil || effect.Untested != "" {
				continue
			}
			if g, why := samples[v].group(c, t, s.control(), onLift); why == "" {
				groups, members = append(groups, g), append(members, first+v)
			} else {
				s.uncompared(why, first+v)
			}
			if p, ok := h.harm(c); ok {
				s.rows[first+v].HarmPValue = number(p)
				s.harms = append(s.harms, alarm{p, []int{first + v}})
			}
		}
		test := result.Heterogeneity{Attribute: segment.Name, Metric: m.Name, Variant: s.Query.Variants[t], Scale: result.OnDifference}
		if onLift {
			test.Scale = result.OnLift
		}
		s.contrastGroups(test, groups, members)
	}
}

// within compares a treatment with the control in one segment. The contrast is nil where there is none.
func (s *segmentScan) within(h hypothesis, row *result.Metric, units segmentUnits, t int) (result.SegmentEffect, stats.Contrast) {
	out := result.SegmentEffect{Metric: h.metric.Name, Variant: s.Query.Variants[t], Control: s.Definition.Control, Level: 1 - h.alpha}
	if units.units(t) < smallestSegment || units.units(s.control()) < smallestSegment {
		out.Untested = fmt.Sprintf("fewer than %d %ss in a variant", smallestSegment, s.analysisUnit())
		return out, nil
	}
	out.N, out.Value = units.raw(t)
	out.ControlN, out.ControlValue = units.raw(s.control())
	c, err := s.chooseWithin(h, units, t)
	if err != nil {
		out.Untested = failure(out.Variant, err)
		return out, nil
	}
	out.Method = c.Method()
	out.Difference, out.Lift = h.shown(c.Difference(out.Level), c.Lift(out.Level))
	switch {
	case row.Status != result.OK:
		out.Untested = row.Reason
	case c.outside != "":
		out.Untested = c.outside
	case h.onLift() && (&result.Comparison{Difference: out.Difference, Lift: out.Lift}).BelowZero():
		out.Untested = "the control's level is negative, where a relative margin has no harmful side"
	}
	return out, c.Contrast
}

// chooseWithin is choose in a segment. What would take redraws of the assignment is outside, as comparisons are many; a quantile asks for the
// segment's own clusters; and a share must not be skewed for its number, because alarms look at far tails.
func (s *segmentScan) chooseWithin(h hypothesis, units segmentUnits, t int) (choice, error) {
	control := s.control()
	c, err := s.quick.choose(h, units.sample, t)
	switch {
	case err != nil:
	case c.outside != "" && units.clusters != nil:
		few, _, _ := strings.Cut(c.outside, ": CR2's interval") // the advice is for the whole
		c.outside = s.few("the "+s.unit(), few)
	case c.outside != "":
	case units.kind == experiment.Quantile:
		if few := units.few(t, control); few != "" {
			c.outside = s.few("the "+s.unit(), few)
		}
	case units.clusters == nil:
		c.outside = stats.OutsideSkewness(units.parts(), units.variants[t], units.variants[control], units.skew(t), units.skew(control))
	}
	return c, err
}

// onLiftIn reports whether the effects of segments are compared as lifts: on the scale of the margin; without one on that of the lift, unless
// the metric has none that is bounded. Segments differ in their levels, and what is one effect on both of 3 % and 6 % is rather a factor
// than a number of points.
func (h hypothesis) onLiftIn(whole *result.Comparison) bool {
	if m := h.metric.Margin; m != nil && h.test() == result.NonInferiority {
		return m.Relative
	}
	return whole.Lift != nil && whole.Lift.Shape == string(stats.Bounded) && !whole.BelowZero()
}

// knownLevel is how well both levels must be known, as a relative standard error, for the logarithm of their ratio to be about normal: the
// error of a first-order expansion is of its square.
const knownLevel = 0.1

// group is a segment's effect among others, or why the scale does not fit it.
func (s *sample) group(c stats.Contrast, treatment, control int, onLift bool) (g synthesis.Group, why string) {
	size := s.units(treatment) + s.units(control)
	l, ok := s.levels(c, treatment, control)
	if !onLift {
		d := c.Difference(0.95)
		return known(synthesis.Group{Effect: d.Estimate, StdError: d.StdError, DF: l.DF, Size: float64(size)})
	}
	m1, m0 := l.Treated, l.Control
	if !ok || !(m1 > 0 && m0 > 0) {
		return g, "effects are compared as lifts, and a level is not above zero"
	}
	if relative := max(math.Sqrt(l.VarTreated)/m1, math.Sqrt(l.VarControl)/m0); !(relative <= knownLevel) {
		return g, fmt.Sprintf("effects are compared as lifts, which takes levels with standard errors of at most %.0f %%, not %.3g %%", 100*knownLevel, 100*relative)
	}
	variance := l.VarTreated/(m1*m1) + l.VarControl/(m0*m0) - 2*l.Cov/(m1*m0)
	return known(synthesis.Group{Effect: math.Log(m1 / m0), StdError: math.Sqrt(variance), DF: l.DF, Size: float64(size)})
}

func known(g synthesis.Group) (synthesis.Group, string) {
	if g.StdError > 0 {
		return g, ""
	}
	return g, "its effect has no standard error"
}

// levels are those behind a contrast; a proportion's are its shares.
func (s *sample) levels(c stats.Contrast, treatment, control int) (stats.Levels, bool) {
	switch x := c.(type) {
	case *cluster.Comparison:
		c = x.Contrast
	case *blocked.Comparison:
		c = x.Contrast
	}
	if l, ok := stats.LevelsOf(c); ok {
		return l, true
	}
	if s.kind != experiment.Proportion {
		return stats.Levels{DF: math.Inf(1)}, false
	}
	m1, v1 := rawMean(s.kind, &s.variants[treatment])
	m0, v0 := rawMean(s.kind, &s.variants[control])
	return stats.Levels{
		Treated: m1, Control: m0, VarTreated: v1 / float64(s.variants[treatment].N), VarControl: v0 / float64(s.variants[control].N), DF: math.Inf(1),
	}, true
}

// harm is the one-sided p-value of "harm is at most the margin", without a margin "there is none"; not ok for metrics that do not decide.
func (h hypothesis) harm(c stats.Contrast) (p float64, ok bool) {
	if !h.metric.Role.Deciding() {
		return 0, false
	}
	sign, null := 1.0, 0.0 // harm is above the null
	if h.metric.Better != experiment.Lower {
		sign = -1
	}
	estimate, two := c.Difference(1-h.alpha).Estimate, c.PDifference
	if m := h.metric.Margin; m != nil && h.test() == result.NonInferiority {
		null = sign * m.Value
		if m.Relative {
			estimate, two = c.Lift(1-h.alpha).Estimate, c.PLift
		}
	}
	if p = two(null) / 2; sign*(estimate-null) < 0 {
		p = 1 - p
	}
	return p, p >= 0 && p <= 1
}

// units are a variant's analysis units.
func (s *sample) units(variant int) int64 {
	if s.kind == experiment.Quantile {
		return s.quantiles[variant].Shares.N
	}
	return s.variants[variant].N
}

// raw is a variant's number of units and its level.
func (s *sample) raw(variant int) (n *int64, value *float64) {
	units := s.units(variant)
	switch {
	case s.kind == experiment.Quantile:
		if q, err := s.quantiles[variant].Estimate(); err == nil {
			value = number(q.Value)
		}
	case s.kind != experiment.DifferenceRatio && units > 0:
		level, _ := rawMean(s.kind, &s.variants[variant])
		value = number(level)
	}
	return &units, value
}
