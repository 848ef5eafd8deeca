package planning

import (
	"fmt"
	"math"
	"strings"
)

// The drawing's size, in its own units, and the room for axes and labels.
const (
	chartWidth  = 860.0
	chartHeight = 400.0
	chartLeft   = 50.0
	chartRight  = 116.0
	chartTop    = 32.0
	chartBottom = 46.0
)

// chart draws the power of every metric with a size, as units come in.
type chart struct {
	Width, Height            float64
	Left, Right, Top, Bottom float64 // of the plot
	Desc                     string
	Unit                     string // of the horizontal axis: days or shoppers
	Curves                   []curve
	Across, Up               []tick
	Needed                   []tick // powers that tests need
	Schedule                 *tick
}

// curve is one metric's line. Series picks its colour, and repeats after five; then the dashes differ.
type curve struct {
	Metric, Points, Dash string
	Series               int
	Needs                string
	Ready                *dot
}

// dot marks where the curve reaches the power that it needs.
type dot struct{ X, Y float64 }

// tick is a position with a label.
type tick struct {
	At    float64
	Label string
}

const series = 5

var dashes = []string{"", "7 4", "2 4"}

// chart is nil when there is nothing to draw.
func (p *Plan) chart() *chart {
	last := 0.0
	for _, r := range p.Metrics {
		for _, at := range r.curve {
			last = math.Max(last, at.units)
		}
	}
	if last == 0 {
		return nil
	}
	c := &chart{
		Width: chartWidth, Height: chartHeight,
		Left: chartLeft, Right: chartWidth - chartRight, Top: chartTop, Bottom: chartHeight - chartBottom, Unit: p.units(),
	}
	perUnit := 1.0
	if p.UnitsPerDay != nil {
		c.Unit, perUnit = "days of enrolment", 1 / *p.UnitsPerDay
	}
	x := func(units float64) float64 { return round(c.Left + units/last*(c.Right-c.Left)) }
	y := func(power float64) float64 { return round(c.Bottom - power*(c.Bottom-c.Top)) }
	for _, v := range []float64{0, 0.2, 0.4, 0.6, 0.8, 1} {
		c.Up = append(c.Up, tick{y(v), percent(v)})
	}
	step := niceStep(last * perUnit / 6)
	for v := 0.0; v <= last*perUnit; v += step {
		c.Across = append(c.Across, tick{x(v / perUnit), count(v)})
	}
	if p.Schedule != nil && p.UnitsPerDay != nil {
		c.Schedule = &tick{x(*p.Schedule * *p.UnitsPerDay), "schedule"}
	}
	c.draw(p, x, y)
	return c
}

func (c *chart) draw(p *Plan, x, y func(float64) float64) {
	var told []string
	for i := range p.Metrics {
		r := &p.Metrics[i]
		if len(r.curve) < 2 {
			continue
		}
		n := len(c.Curves)
		line := curve{Metric: r.Metric, Series: n % series, Dash: dashes[n/series%len(dashes)]}
		points := make([]string, len(r.curve))
		for j, at := range r.curve {
			points[j] = fmt.Sprintf("%g,%g", x(at.units), y(at.power))
		}
		line.Points = strings.Join(points, " ")
		line.Needs = p.amount(sum(r.Units), r.Days)
		if at := x(sum(r.Units)); at <= c.Right {
			line.Ready = &dot{at, y(r.Power)}
		}
		c.Curves = append(c.Curves, line)
		told = append(told, r.Metric+" reaches "+percent(r.Power)+" after "+line.Needs)
		if label := percent(r.Power); len(c.Needed) == 0 || c.Needed[len(c.Needed)-1].Label != label {
			c.Needed = append(c.Needed, tick{y(r.Power), label})
		}
	}
	c.Desc = strings.Join(told, "; ") + "."
}

// niceStep is 1, 2 or 5 times a power of ten, at least x and at least 1.
func niceStep(x float64) float64 {
	base := math.Pow(10, math.Floor(math.Log10(math.Max(x, 1))))
	for _, m := range []float64{1, 2, 5} {
		if m*base >= x {
			return m * base
		}
	}
	return 10 * base
}

// round keeps a coordinate to a tenth: the same bytes on every machine.
func round(v float64) float64 { return math.Round(v*10) / 10 }
