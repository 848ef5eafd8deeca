package report

import (
	"fmt"
	"math"
	"strings"
	"time"

	"liftgate/experiment/result"
)

// The drawing's size, in its own units. Labels of the axis stand left of the plot.
const (
	trendWidth  = 300.0
	trendHeight = 168.0
	trendLeft   = 50.0
	trendInset  = 6.0 // of the first and the last point from the ends of the axis
	trendRight  = trendWidth - 6
	trendTop    = 10.0
	trendBottom = trendHeight - 28
)

// trendChart is an effect over time: a line with its interval, or for separate units, as those of a day, points with theirs.
type trendChart struct {
	ID          string
	Title, Says string
	Desc        string
	Band        []string // outlines of the intervals around the solid lines
	Solid       []string // paths
	Dotted      []string // paths where windows were open
	Points      []trendDot
	Ticks       []tick
	Margin      *zone
	Zero        float64
	First, Last string // of the axis
	Axis        string // what the axis counts
}

// tick is a label of the vertical axis.
type tick struct {
	Y    float64
	Text string
}

// zone is the margin and the harm behind it.
type zone struct{ Y, ZoneY, ZoneHeight float64 }

// trendDot is the effect on units that no other point counts.
type trendDot struct {
	X, Y, Low, High float64
	Whisker, Open   bool
}

var trendTitles = map[string]struct{ Title, Says, Axis string }{
	result.Cumulative: {"As data came in", "all units known by the end of each day", ""},
	result.Daily:      {"By day of first exposure", "each day’s new units by themselves", ""},
	result.Aging:      {"By age", "all that followed within so many days", "days since exposure"},
}

// newTrendCharts are the charts of a scorecard's row.
func newTrendCharts(id string, r *result.Result, whole row, s scale) []trendChart {
	var out []trendChart
	for i := range r.Trends {
		t := &r.Trends[i]
		if t.Metric != whole.line.metric.Metric || t.Variant != whole.Variant || len(t.Points) < 2 {
			continue
		}
		if c := newTrendChart(fmt.Sprintf("%s-%d", id, len(out)+1), t, whole, s); c != nil {
			out = append(out, *c)
		}
	}
	return out
}

// spot is a point of a trend on the scale that is drawn.
type spot struct {
	at       float64 // day or age
	estimate float64
	lower    float64 // NaN without interval
	upper    float64
	complete bool
	n        int64
}

func newTrendChart(id string, t *result.Trend, whole row, s scale) *trendChart {
	onLift := drawnAsLift(whole)
	spots := spotsOf(t, onLift)
	if len(spots) < 2 {
		return nil
	}
	said := trendTitles[t.Series]
	c := &trendChart{ID: id, Title: said.Title, Says: said.Says, Axis: said.Axis}
	margin := whole.line.comparison.Margin
	low, high := trendReach(spots, margin, whole.line.metric.Better == "lower")
	if math.IsInf((high-low)*100, 0) {
		return nil // an axis that numbers cannot span
	}
	y := func(v float64) float64 {
		return tenth(trendTop + (high-min(max(v, low), high))/(high-low)*(trendBottom-trendTop))
	}
	first, last := spots[0].at, spots[0].at
	for _, p := range spots {
		first, last = min(first, p.at), max(last, p.at)
	}
	x := func(at float64) float64 {
		return tenth(trendLeft + trendInset + (at-first)/max(last-first, 1)*(trendRight-trendLeft-2*trendInset))
	}
	c.Zero = y(0)
	c.ticks(low, high, y, onLift, s)
	c.zone(margin, whole, y)
	if t.Series == result.Daily {
		c.dots(spots, x, y)
	} else {
		c.lines(spots, x, y)
	}
	c.ends(t, spots)
	c.Desc = describeTrend(spots, onLift, s)
	return c
}

// drawnAsLift reports whether a row's plot, and so its charts, are of lifts.
func drawnAsLift(whole row) bool {
	_, shown := judged(whole)
	return shown.Name == "lift"
}

// spotsOf are the points that have an estimate on the scale.
func spotsOf(t *result.Trend, onLift bool) []spot {
	var out []spot
	for _, p := range t.Points {
		e := p.Difference
		if onLift {
			e = p.Lift
		}
		if e == nil || e.Estimate == nil {
			continue
		}
		s := spot{at: float64(p.Age), estimate: *e.Estimate, lower: math.NaN(), upper: math.NaN(), complete: p.Complete, n: p.N + p.ControlN}
		if p.Day != "" {
			day, err := time.Parse(time.DateOnly, p.Day)
			if err != nil {
				continue
			}
			s.at = float64(day.Unix() / (24 * 60 * 60))
		}
		if e.Lower != nil && e.Upper != nil {
			s.lower, s.upper = *e.Lower, *e.Upper
		}
		out = append(out, s)
	}
	return out
}

// trendReach is what the vertical axis must show: zero, the margin, and what most points say. The first days' intervals, which are of few units, may
// end beyond it.
func trendReach(spots []spot, margin *result.Margin, above bool) (low, high float64) {
	most := int64(0)
	for _, p := range spots {
		most = max(most, p.n)
	}
	for _, p := range spots {
		if p.n*4 < most {
			continue
		}
		low, high = min(low, p.estimate), max(high, p.estimate)
		if p.lower == p.lower { // not NaN
			low, high = min(low, p.lower), max(high, p.upper)
		}
	}
	if margin != nil && above {
		high = max(high, margin.Value)
	} else if margin != nil {
		low = min(low, -margin.Value)
	}
	room := (high - low) * 0.08
	if !(room > 0) {
		room = 1
	}
	if low < 0 {
		low -= room
	}
	return low, high + room
}

// ticks label the axis at round numbers.
func (c *trendChart) ticks(low, high float64, y func(float64) float64, onLift bool, s scale) {
	factor, unit := 1.0, ""
	switch {
	case onLift:
		factor, unit = 100, "%"
	case s.percent:
		factor, unit = 100, " pp"
	}
	step := roundStep((high - low) * factor / 5)
	decimals := max(0, -int(math.Floor(math.Log10(step)+1e-9)))
	for k := math.Ceil(low * factor / step); k*step <= high*factor; k++ {
		v := k * step
		text := "0"
		if k != 0 {
			text = signed(&v, decimals) + unit
		}
		c.Ticks = append(c.Ticks, tick{y(v / factor), text})
	}
}

// roundStep is the smallest of 1, 2 and 5 times a power of ten that is not below x.
func roundStep(x float64) float64 {
	if !(x > 0) || math.IsInf(x, 0) {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(x)))
	for _, m := range []float64{1, 2, 5} {
		if m*power >= x*(1-1e-9) {
			return m * power
		}
	}
	return 10 * power
}

func (c *trendChart) zone(margin *result.Margin, whole row, y func(float64) float64) {
	if margin == nil || (margin.Scale == result.OnLift) != drawnAsLift(whole) {
		return
	}
	if whole.line.metric.Better == "lower" {
		at := y(margin.Value)
		c.Margin = &zone{at, trendTop, tenth(at - trendTop)}
		return
	}
	at := y(-margin.Value)
	c.Margin = &zone{at, at, tenth(trendBottom - at)}
}

// lines draws what builds up: solid with its interval where complete, dotted where not.
func (c *trendChart) lines(spots []spot, x, y func(float64) float64) {
	for _, complete := range []bool{true, false} {
		var run []spot
		flush := func() {
			if len(run) > 1 {
				path := polyline(run, x, func(p spot) float64 { return y(p.estimate) })
				if complete {
					c.Solid, c.Band = append(c.Solid, path), append(c.Band, bands(run, x, y)...)
				} else {
					c.Dotted = append(c.Dotted, path)
				}
			}
			run = nil
		}
		for _, p := range spots {
			if p.complete == complete {
				run = append(run, p)
			}
		}
		flush()
	}
	last := spots[len(spots)-1]
	for _, p := range spots {
		if p.complete {
			last = p
		}
	}
	c.Points = append(c.Points, trendDot{X: x(last.at), Y: y(last.estimate), Open: !last.complete})
}

func polyline(run []spot, x func(float64) float64, y func(spot) float64) string {
	var b strings.Builder
	for i, p := range run {
		letter := "L"
		if i == 0 {
			letter = "M"
		}
		fmt.Fprintf(&b, "%s%g %g", letter, x(p.at), y(p))
	}
	return b.String()
}

// bands are the outlines of the intervals, along the upper ends and back along the lower ones.
func bands(run []spot, x, y func(float64) float64) []string {
	var out []string
	var part []spot
	flush := func() {
		if len(part) > 1 {
			back := make([]spot, len(part))
			for i, p := range part {
				back[len(part)-1-i] = p
			}
			upper := polyline(part, x, func(p spot) float64 { return y(p.upper) })
			lower := polyline(back, x, func(p spot) float64 { return y(p.lower) })
			out = append(out, upper+"L"+lower[1:]+"Z")
		}
		part = nil
	}
	for _, p := range run {
		if math.IsNaN(p.lower) {
			flush()
			continue
		}
		part = append(part, p)
	}
	flush()
	return out
}

// dots draws units that are counted once.
func (c *trendChart) dots(spots []spot, x, y func(float64) float64) {
	for _, p := range spots {
		d := trendDot{X: x(p.at), Y: y(p.estimate), Open: !p.complete}
		if !math.IsNaN(p.lower) {
			d.Whisker, d.Low, d.High = true, y(p.lower), y(p.upper)
		}
		c.Points = append(c.Points, d)
	}
}

// ends label the horizontal axis.
func (c *trendChart) ends(t *result.Trend, spots []spot) {
	name := func(at float64) string {
		if t.Series == result.Aging {
			return fmt.Sprintf("%.0f", at)
		}
		return time.Unix(int64(at)*24*60*60, 0).UTC().Format("2 Jan")
	}
	c.First, c.Last = name(spots[0].at), name(spots[len(spots)-1].at)
}

// describeTrend says in words what the chart shows.
func describeTrend(spots []spot, onLift bool, s scale) string {
	say := func(p spot) string {
		if onLift {
			return liftEffect(&result.Lift{Estimate: &p.estimate, Lower: known(p.lower), Upper: known(p.upper), Shape: "bounded"}).String()
		}
		return differenceEffect(&result.Estimate{Estimate: &p.estimate, Lower: known(p.lower), Upper: known(p.upper)}, s).String()
	}
	open := 0
	for _, p := range spots {
		if !p.complete {
			open++
		}
	}
	text := fmt.Sprintf("%d points. First %s, last %s.", len(spots), say(spots[0]), say(spots[len(spots)-1]))
	if open > 0 {
		text += fmt.Sprintf(" Taken while windows were still open: %d.", open)
	}
	return text
}

func known(x float64) *float64 {
	if math.IsNaN(x) {
		return nil
	}
	return &x
}

// tenth keeps a coordinate to a tenth: the same bytes on every machine.
func tenth(x float64) float64 { return math.Round(x*10) / 10 }
