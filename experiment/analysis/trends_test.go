package analysis_test

import (
	"math"
	"slices"
	"testing"

	"liftgate/datasets"
	"liftgate/datasets/expr"
	"liftgate/experiment/analysis"
	"liftgate/experiment/result"
)

// trend is one of a metric's series.
func trend(t testing.TB, r *result.Result, metric, series string) *result.Trend {
	t.Helper()
	i := slices.IndexFunc(r.Trends, func(x result.Trend) bool { return x.Metric == metric && x.Series == series })
	if i < 0 {
		t.Fatalf("%s has no series %s", metric, series)
	}
	return &r.Trends[i]
}

// sameEstimate compares within rounding: moments are merged in another order.
func sameEstimate(t testing.TB, what string, got *result.Interval, want *result.Estimate) {
	t.Helper()
	for i, pair := range [][2]*float64{{got.Estimate, want.Estimate}, {got.Lower, want.Lower}, {got.Upper, want.Upper}} {
		switch {
		case pair[0] == nil || pair[1] == nil:
			t.Fatalf("%s: number %d is missing", what, i)
		case math.Abs(*pair[0]-*pair[1]) > 1e-8*(1+math.Abs(*pair[1])):
			t.Fatalf("%s: number %d is %v, want %v", what, i, *pair[0], *pair[1])
		}
	}
}

// TestTrendsEndAtTheScorecard: when all windows have closed, the last point by day and by age is what was decided on; each day's units are
// those first exposed on it.
func TestTrendsEndAtTheScorecard(t *testing.T) {
	r, err := newShop(t, 1200).tryDecide(analysis.Options{Views: true})
	if err != nil {
		t.Fatal(err)
	}
	for i := range r.Metrics {
		m := &r.Metrics[i]
		cumulative, age, daily := trend(t, r, m.Metric, result.Cumulative), trend(t, r, m.Metric, result.Aging), trend(t, r, m.Metric, result.Daily)
		for _, s := range []*result.Trend{cumulative, age} {
			last := s.Points[len(s.Points)-1]
			if !last.Complete || last.N != m.Variants[1].N || last.ControlN != m.Variants[0].N {
				t.Fatalf("%s, %s ends with %+v", m.Metric, s.Series, last)
			}
			sameEstimate(t, m.Metric+" "+s.Series, last.Difference, m.Comparisons[0].Difference)
		}
		if n := len(age.Points); age.Points[n-1].Age != 7 || n != 7 {
			t.Errorf("%s: %d ages, the last %d", m.Metric, n, age.Points[n-1].Age)
		}
		if len(daily.Points) != len(r.Exposure.Days) {
			t.Fatalf("%s: %d days, exposed on %d", m.Metric, len(daily.Points), len(r.Exposure.Days))
		}
		for j, p := range daily.Points {
			day := r.Exposure.Days[j]
			if p.Day != day.Day || p.ControlN != day.Units[0] || p.N != day.Units[1] || !p.Complete {
				t.Errorf("%s: %+v, exposed %+v", m.Metric, p, day)
			}
		}
		running := slices.DeleteFunc(slices.Clone(cumulative.Points), func(p result.TrendPoint) bool { return p.Complete })
		if last := running[len(running)-1]; last.Day != "2026-10-20" || last.N != m.Variants[1].N {
			t.Errorf("%s: running totals end with %+v", m.Metric, last)
		}
	}
}

// TestOpenWindowsAreDotted: before the end, days of which no unit is complete have no point.
func TestOpenWindowsAreDotted(t *testing.T) {
	asOf := start.Add(10 * datasets.Day)
	r, err := newShop(t, 1200).tryDecide(analysis.Options{Views: true, AsOf: &asOf})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range trend(t, r, "conversion", result.Daily).Points {
		if !p.Complete {
			t.Errorf("%+v", p)
		}
	}
	if n := len(trend(t, r, "conversion", result.Daily).Points); n != 3 {
		t.Errorf("%d days", n)
	}
	for _, p := range trend(t, r, "conversion", result.Aging).Points {
		if p.Complete {
			t.Errorf("%+v", p)
		}
	}
}

// TestPartsAreCuts: a segment's row and a day's point are what an analysis of that part says, whatever was randomised.
func TestPartsAreCuts(t *testing.T) {
	if testing.Short() {
		t.Skip("many analyses")
	}
	for name, s := range map[string]*shop{
		"shoppers":  newShop(t, 1200),
		"merchants": inCountries(t, inMerchants(t, newShop(t, 6500), 160)),
		"strata":    designed(t, inCountries(t, inMerchants(t, newShop(t, 6500), 160)), 160, "stratified", nil),
	} {
		t.Run(name, func(t *testing.T) {
			run := s.run(t)
			segmentsAreCuts(t, run)
			day := "2026-10-13"
			for _, p := range trend(t, run.result, "refund_value", result.Cumulative).Points {
				if p.Day == day && p.Complete {
					cut := recut(t, run, result.Cut{Day: &day})
					dayIsCut(t, p, row(t, cut, "refund_value"))
					return
				}
			}
			t.Error("no point of that day")
		})
	}
}

func segmentsAreCuts(t *testing.T, run *taken) {
	t.Helper()
	tested := 0
	for _, effect := range run.result.Segments {
		if effect.Untested != "" {
			continue
		}
		tested++
		m := row(t, recut(t, run, result.Cut{Segments: map[string]string{effect.Attribute: effect.Segment}}), effect.Metric)
		d := effect.Difference
		sameEstimate(t, effect.Metric+" in "+effect.Segment, &result.Interval{Estimate: d.Estimate, Lower: d.Lower, Upper: d.Upper}, m.Comparisons[0].Difference)
		if *effect.N != m.Variants[1].N || *effect.ControlN != m.Variants[0].N || math.Abs(*effect.Value-*m.Variants[1].Value) > 1e-9*math.Abs(*effect.Value) {
			t.Errorf("%s in %s: %d and %d units, %v", effect.Metric, effect.Segment, *effect.N, *effect.ControlN, *effect.Value)
		}
	}
	few := run.definition.Assignment != nil // a design asks for as many degrees of freedom
	if len(run.result.Segments) != 2*len(run.result.Metrics) || !few && (tested < 3 || len(run.result.Heterogeneity) == 0) {
		t.Errorf("%d of %d segments are tested against each other %d times", tested, len(run.result.Segments), len(run.result.Heterogeneity))
	}
}

// dayIsCut compares a point with a metric's row in the cut. Merchants are compared by the delta method, about as wide as CR2.
func dayIsCut(t *testing.T, p result.TrendPoint, m *result.Metric) {
	t.Helper()
	want := m.Comparisons[0].Difference
	if m.Comparisons[0].Clusters == nil {
		sameEstimate(t, p.Day, p.Difference, want)
		return
	}
	got, width := *p.Difference.Upper-*p.Difference.Lower, *want.Upper-*want.Lower
	if m.Comparisons[0].Clusters.Blocks == nil && math.Abs(got/width-1) > 0.05 || math.Abs(*p.Difference.Estimate-*want.Estimate) > 1e-8 || p.N != m.Variants[1].N {
		t.Errorf("%+v, %v wide; want %v, %v wide", p, got, *want.Estimate, width)
	}
}

// inCountries puts every second pair of merchants into Germany.
func inCountries(t testing.TB, s *shop) *shop {
	t.Helper()
	for _, row := range s.Tables[shopExposures].Rows {
		country := "US"
		if number(t, row[4])/2%2 == 0 {
			country = "DE"
		}
		row[3] = expr.TextValue(country)
	}
	return s
}

func recut(t testing.TB, run *taken, c result.Cut) *result.Result {
	t.Helper()
	r, err := run.recut(c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
