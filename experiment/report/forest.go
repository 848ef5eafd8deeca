package report

import (
	"fmt"
	"math"

	"liftgate/experiment/result"
)

// The drawing's size, in its own units. Zero is in the middle of every plot, so that one line runs down a table.
const (
	forestWidth  = 200.0
	forestMiddle = forestWidth / 2
	forestRoom   = forestMiddle - 12 // from zero to the farthest thing that is drawn
	labelRoom    = 34.0              // what a label needs to stand beside another
)

// forest is an interval drawn on the scale that its hypothesis is judged on, with zero and the margin.
type forest struct {
	ID          string
	Title, Desc string
	Tone        tone
	Estimate    *float64 // x; nil when there is none
	Lower       float64  // x of the interval's ends
	Upper       float64
	Unbounded   bool // no interval: a line with arrows at both ends
	Margin      *edge
	ZeroLabel   label
}

// edge is the margin and the harmful zone behind it.
type edge struct {
	X, ZoneX, ZoneWidth float64
	Label               label
}

// label is a short text on the axis.
type label struct {
	X      float64
	Anchor string // start, middle, end
	Text   string
}

// reach is the largest distance from zero that a metric's plots must show. Its treatments share it, so that they compare.
func reach(rows []row) float64 {
	limit := 0.0
	for _, r := range rows {
		if e, _ := judged(r); e != nil {
			limit = math.Max(limit, farthest(e, r.line.comparison.Margin))
		}
	}
	if limit == 0 || math.IsNaN(limit) || math.IsInf(limit, 0) {
		return 1
	}
	return limit
}

// newForest draws a row on the scale that it is judged on; nil when there is nothing to draw.
func newForest(id int, r row, limit float64) *forest {
	c := r.line.comparison
	e, shown := judged(r)
	if e == nil {
		return nil
	}
	f := &forest{
		ID: fmt.Sprintf("plot-%d", id), Tone: r.Mark.Tone, Title: r.line.metric.Metric + ", " + r.Variant + ": " + r.Mark.Word,
		Desc: "Shown: " + shown.Name + " " + shown.String() + ".", ZeroLabel: label{forestMiddle, "middle", "0"},
	}
	x := f.place(e, limit)
	if c.Margin != nil {
		f.margin(x, marginText(r.line.metric, c.Margin), c.Margin.Value, r.line.metric.Better == "lower")
	}
	return f
}

// place puts an estimate and its interval on an axis that shows so much on either side of zero, and says where other values lie.
func (f *forest) place(e *result.Estimate, limit float64) (x func(v float64) float64) {
	x = func(v float64) float64 { return round(forestMiddle + v/limit*forestRoom) }
	if e.Estimate != nil && math.Abs(*e.Estimate) <= limit {
		at := x(*e.Estimate)
		f.Estimate = &at
	}
	if e.Lower != nil && e.Upper != nil {
		f.Lower, f.Upper = x(*e.Lower), x(*e.Upper)
	} else {
		f.Unbounded = true
	}
	return x
}

// judged is a row's estimate on the scale that it is judged on, as numbers and as it is shown: that of its margin, else the lift,
// or the difference where the lift is unbounded. nil without an effect.
func judged(r row) (*result.Estimate, effect) {
	c := r.line.comparison
	if len(r.Effects) == 0 {
		return nil, effect{}
	}
	last := r.Effects[len(r.Effects)-1]
	onDifference := c.Margin != nil && c.Margin.Scale == result.OnDifference
	onLift := c.Margin != nil && c.Margin.Scale == result.OnLift
	if onDifference || (!onLift && (c.Lift == nil || unboundedLift(c.Lift))) {
		return c.Difference, last
	}
	if c.Lift == nil {
		return nil, last
	}
	return &result.Estimate{Estimate: c.Lift.Estimate, Lower: c.Lift.Lower, Upper: c.Lift.Upper}, r.Effects[0]
}

// farthest is the largest distance from zero among what is drawn. An estimate without interval counts only when all else is zero.
func farthest(e *result.Estimate, m *result.Margin) float64 {
	limit := orZero(m).Value
	if e.Lower != nil && e.Upper != nil {
		limit = max(limit, math.Abs(*e.Lower), math.Abs(*e.Upper), math.Abs(orZero(e.Estimate)))
	}
	if limit == 0 {
		return math.Abs(orZero(e.Estimate))
	}
	return limit
}

// margin marks the margin and hatches what lies beyond it; its label and that of zero keep out of each other's way.
func (f *forest) margin(x func(float64) float64, text string, value float64, above bool) {
	f.Desc += " Margin " + text + "; the hatched zone beyond it is harmful."
	m := &edge{X: x(-value), ZoneX: 0, ZoneWidth: x(-value), Label: label{x(-value), "middle", text}}
	outward, inward := "end", "start"
	if above {
		at := x(value)
		m = &edge{X: at, ZoneX: at, ZoneWidth: round(forestWidth - at), Label: label{at, "middle", text}}
		outward, inward = inward, outward
	}
	switch distance := math.Abs(m.X - forestMiddle); {
	case distance < labelRoom:
		m.Label.Anchor, f.ZeroLabel.Anchor = outward, inward
	case distance > forestMiddle-labelRoom && above:
		m.Label = label{forestWidth, "end", text}
	case distance > forestMiddle-labelRoom:
		m.Label = label{0, "start", text}
	}
	f.Margin = m
}

// round keeps a coordinate to a tenth: the same bytes on every machine.
func round(x float64) float64 {
	if math.IsNaN(x) {
		return forestMiddle
	}
	return math.Round(math.Max(0, math.Min(x, 4*forestWidth))*10) / 10
}
