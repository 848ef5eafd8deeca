package report

import (
	"fmt"
	"math"
	"strings"

	"liftgate/experiment/result"
)

// exposure is who was analysed, who was left out, and when they came.
type exposure struct {
	Units    string // what was randomised: shoppers, merchants
	Analysed string // what the metrics count: shoppers
	Finer    bool   // whether those differ
	Total    string // of what was randomised and analysed
	Variants []exposedVariant
	LeftOut  []fact
	Events   []fact
	Chart    *chart // nil with fewer than two days
	Days     []dayRow
}

type exposedVariant struct {
	Variant, Units, Analysed, Expected, Observed, Crossover string
}

type dayRow struct {
	Day   string
	Units []string
}

// chart is units by day of first exposure, a line a variant.
type chart struct {
	Width, Height float64
	Top           label
	First, Last   label
	Series        []series
	Desc          string
}

// series is a variant's line; Index chooses its colour and dashes.
type series struct {
	Variant string
	Index   int
	Points  string
}

const (
	chartWidth  = 480.0
	chartHeight = 150.0
	chartTop    = 18.0
	chartBottom = chartHeight - 20
	chartLeft   = 2.0
)

func newExposure(r *result.Result) exposure {
	e := exposure{Units: plural(r.Unit), Analysed: plural(r.Unit), Chart: newChart(r.Exposure)}
	total := int64(0)
	for _, v := range r.Exposure.Variants {
		total += v.Units
	}
	e.Total = count(total) + " " + e.Units
	if n, ok := analysed(r); ok {
		e.Analysed, e.Finer = "shoppers", true
		e.Total += ", " + count(n) + " " + e.Analysed
	}
	for _, v := range r.Exposure.Variants {
		observed := absent
		if total > 0 {
			x := float64(v.Units) / float64(total)
			observed = percent(&x, 2)
		}
		e.Variants = append(e.Variants, exposedVariant{
			v.Variant, count(v.Units), count(orZero(v.AnalysisUnits)), percent(&v.ExpectedShare, 2), observed, count(v.CrossoverUnits),
		})
	}
	d, n := r.Exposure.Dropped, r.Exposure.Events
	e.LeftOut = counted([]counter{
		{"repeated exposures of a unit (only the first counts)", d.RepeatedExposures},
		{"exposures outside the schedule", d.OutsideSchedule},
		{"exposures to ignored variants", d.IgnoredVariants},
		{"exposures without a unit", d.NullUnit},
		{"units that met two variants at the same time", d.Tied},
		{"forced units", d.Forced},
	})
	e.Events = counted([]counter{
		{"events used", n.Matched},
		{"events of units that are not analysed", n.UnmatchedUnit},
		{"events outside every window", n.OutsideWindow},
		{"events without a time", n.NullTime},
	})
	for _, day := range r.Exposure.Days {
		row := dayRow{Day: day.Day}
		for i := range r.Exposure.Variants {
			row.Units = append(row.Units, count(unitsOf(day, i)))
		}
		e.Days = append(e.Days, row)
	}
	return e
}

type counter struct {
	name string
	n    int64
}

// counted keeps what there was any of.
func counted(all []counter) []fact {
	var out []fact
	for _, c := range all {
		if c.n != 0 {
			out = append(out, fact{c.name, count(c.n)})
		}
	}
	return out
}

// unitsOf is variant i's units of a day; a day may list fewer variants than there are.
func unitsOf(day result.ExposureDay, i int) int64 {
	if i < len(day.Units) {
		return day.Units[i]
	}
	return 0
}

func newChart(e result.Exposure) *chart {
	if len(e.Days) < 2 || len(e.Variants) == 0 {
		return nil
	}
	most := int64(1)
	for _, d := range e.Days {
		for i := range e.Variants {
			most = max(most, unitsOf(d, i))
		}
	}
	first, last := e.Days[0].Day, e.Days[len(e.Days)-1].Day
	c := &chart{
		Width: chartWidth, Height: chartHeight, Top: label{chartLeft, "start", count(most)},
		First: label{chartLeft, "start", first}, Last: label{chartWidth - chartLeft, "end", last},
		Desc: fmt.Sprintf("Units by day of first exposure, %s to %s; at most %s a day and variant.", first, last, count(most)),
	}
	for i, v := range e.Variants {
		c.Series = append(c.Series, series{v.Variant, i % 5, points(e.Days, i, most)})
	}
	return c
}

// points are the coordinates of a variant's line.
func points(days []result.ExposureDay, i int, most int64) string {
	out := make([]string, len(days))
	for j, d := range days {
		x := chartLeft + float64(j)/float64(len(days)-1)*(chartWidth-2*chartLeft)
		y := chartBottom - float64(max(unitsOf(d, i), 0))/float64(most)*(chartBottom-chartTop)
		out[j] = fmt.Sprintf("%.1f,%.1f", x, math.Min(y, chartBottom))
	}
	return strings.Join(out, " ")
}
