package report

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"liftgate/experiment/result"
)

// closer is one metric's comparison of one treatment by segment and over time.
type closer struct {
	ID       string
	Metric   metricRows
	Variant  string // empty with one treatment
	Effect   effect // on everybody
	Whole    segmentRow
	Groups   []segmentGroup
	Untested []string // reasons, with the segments that they hold for
	Charts   []trendChart
	Marks    []mark // alarms, each kind once
	Alarms   []string
	Open     bool // what a reader should see without asking
}

// segmentGroup is the values of one attribute.
type segmentGroup struct {
	Attribute string
	Test      string // of equal effects; empty when there was none
	Rows      []segmentRow
}

// segmentRow is the effect in one segment.
type segmentRow struct {
	Name   string
	Units  string
	Effect effect
	Plot   *strip // nil when there is nothing to draw
	Marks  []mark
	tone   tone
}

var (
	harmedMark   = mark{"✗", "harmed", bad}
	differsMark  = mark{"!", "differs", open}
	untestedMark = mark{"–", "not tested", neutral}
)

// newClosers looks closer at each metric that has segments or trends, in the order of the scorecard.
func newClosers(r *result.Result, s *scorecard) []closer {
	if len(r.Segments) == 0 && len(r.Trends) == 0 {
		return nil
	}
	var out []closer
	for _, t := range s.Tiers {
		for _, m := range t.Metrics {
			for _, row := range m.Rows {
				c := closer{ID: "closer-" + strconv.Itoa(len(out)+1), Metric: m}
				_, c.Effect = judged(row)
				if !s.Single {
					c.Variant = row.Variant
				}
				c.segments(r, row)
				c.Charts = newTrendCharts(c.ID, r, row, m.scale)
				if len(c.Groups) > 0 || len(c.Charts) > 0 {
					out = append(out, c)
				}
			}
		}
	}
	unfold(out)
	return out
}

// unfold opens what raised an alarm; the first metric where nothing did.
func unfold(list []closer) {
	any := false
	for i := range list {
		list[i].Open = len(list[i].Alarms) > 0
		any = any || list[i].Open
	}
	if !any && len(list) > 0 {
		list[0].Open = true
	}
}

// segments fills in the segments of a scorecard's row.
func (c *closer) segments(r *result.Result, whole row) {
	var found []*result.SegmentEffect
	for i := range r.Segments {
		if s := &r.Segments[i]; s.Metric == whole.line.metric.Metric && s.Variant == whole.Variant {
			found = append(found, s)
		}
	}
	if len(found) == 0 {
		return
	}
	limit := segmentReach(whole, found)
	c.Whole = segmentRow{Name: "everybody", Units: count(raw(whole.line.control).N + raw(whole.line.treatment).N), Effect: c.Effect, tone: neutral}
	c.Whole.Plot = wholeStrip(whole, limit)
	for _, s := range found {
		if n := len(c.Groups); n == 0 || c.Groups[n-1].Attribute != s.Attribute {
			c.Groups = append(c.Groups, segmentGroup{Attribute: s.Attribute, Test: homogeneity(r, s)})
		}
		g := &c.Groups[len(c.Groups)-1]
		g.Rows = append(g.Rows, c.row(whole, s, limit))
	}
	c.Untested = untested(found)
}

// untested lists why segments were not tested, each reason once.
func untested(found []*result.SegmentEffect) []string {
	var reasons []string
	names := map[string][]string{}
	for _, s := range found {
		if s.Untested == "" {
			continue
		}
		if names[s.Untested] == nil {
			reasons = append(reasons, s.Untested)
		}
		names[s.Untested] = append(names[s.Untested], s.Attribute+" "+s.Segment)
	}
	for i, reason := range reasons {
		reasons[i] = strings.Join(names[reason], ", ") + ": " + reason
	}
	return reasons
}

// sameScale is a segment's effect on the scale that the whole is drawn on; nil where it has none.
func sameScale(whole row, s *result.SegmentEffect) (*result.Estimate, effect) {
	switch {
	case drawnAsLift(whole) && s.Lift != nil:
		return &result.Estimate{Estimate: s.Lift.Estimate, Lower: s.Lift.Lower, Upper: s.Lift.Upper}, liftEffect(s.Lift)
	case !drawnAsLift(whole) && s.Difference != nil:
		return s.Difference, differenceEffect(s.Difference, scaleOf(whole.line.metric))
	}
	return nil, effect{Estimate: absent}
}

// row shows one segment and notes its alarms.
func (c *closer) row(whole row, s *result.SegmentEffect, limit float64) segmentRow {
	out := segmentRow{Name: s.Segment, Units: absent, tone: neutral}
	if s.N != nil && s.ControlN != nil {
		out.Units = count(*s.N + *s.ControlN)
	}
	c.judge(&out, s)
	e, shown := sameScale(whole, s)
	out.Effect = shown
	if e != nil {
		out.Plot = newStrip(e, out.tone, limit, c.Whole.Plot)
	}
	return out
}

// judge says what a segment's effect means.
func (c *closer) judge(out *segmentRow, s *result.SegmentEffect) {
	add := func(m mark, says string) {
		out.Marks = append(out.Marks, m)
		c.Alarms = append(c.Alarms, says)
		if !slices.Contains(c.Marks, m) {
			c.Marks = append(c.Marks, m)
		}
	}
	if s.Differs {
		out.tone = open
		add(differsMark, s.Attribute+" "+s.Segment+" differs from the rest (adjusted p "+probability(s.DiffersAdjustedP)+")")
	}
	if s.Harmed {
		out.tone = bad
		add(harmedMark, s.Attribute+" "+s.Segment+" is harmed (adjusted p "+probability(s.HarmAdjustedP)+")")
	}
	if s.Untested != "" {
		out.Marks = append(out.Marks, untestedMark)
	}
}

// homogeneity says whether an attribute's values have one effect.
func homogeneity(r *result.Result, s *result.SegmentEffect) string {
	for _, h := range r.Heterogeneity {
		if h.Attribute == s.Attribute && h.Metric == s.Metric && h.Variant == s.Variant && h.PValue != nil {
			return "one effect for all? p " + probability(h.PValue) + ", adjusted " + probability(h.AdjustedP)
		}
	}
	return ""
}

// segmentReach is the largest distance from zero that a metric's segments are drawn to, by those that were tested: small segments' intervals
// may end beyond it.
func segmentReach(whole row, found []*result.SegmentEffect) float64 {
	tested := func(s *result.SegmentEffect) bool { return s.Untested == "" }
	if !slices.ContainsFunc(found, tested) {
		tested = func(*result.SegmentEffect) bool { return true }
	}
	limit := 0.0
	if e, _ := judged(whole); e != nil {
		limit = farthest(e, whole.line.comparison.Margin)
	}
	for _, s := range found {
		e, _ := sameScale(whole, s)
		if tested(s) && e != nil && e.Estimate != nil && e.Lower != nil && e.Upper != nil {
			limit = math.Max(limit, math.Abs(*e.Estimate)+(*e.Upper-*e.Lower)/3)
		}
	}
	if !(limit > 0) || math.IsInf(limit, 0) {
		return 1
	}
	return limit
}

// strip is a forest's row without labels.
type strip struct {
	*forest
	CutLeft, CutRight bool     // the interval goes on beyond the drawing
	Whole             *float64 // x of the effect on everybody; nil in its own row
}

// wholeStrip draws everybody; nil when there is nothing to draw.
func wholeStrip(whole row, limit float64) *strip {
	whole.Mark = mark{Tone: neutral}
	f := newForest(0, whole, limit)
	if f == nil {
		return nil
	}
	return &strip{forest: f}
}

func newStrip(e *result.Estimate, t tone, limit float64, whole *strip) *strip {
	s := &strip{forest: &forest{Tone: t}}
	if whole != nil {
		s.Whole, s.Margin = whole.Estimate, whole.Margin
	}
	s.place(e, limit)
	if !s.Unbounded {
		edge := limit * forestMiddle / forestRoom
		s.CutLeft, s.CutRight = *e.Lower < -edge, *e.Upper > edge
		s.Lower, s.Upper = min(s.Lower, forestWidth), min(s.Upper, forestWidth)
	}
	return s
}
