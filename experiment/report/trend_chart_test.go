package report

import (
	"math"
	"testing"

	"liftgate/experiment/result"
)

// TestTrendAxis: effects of any size have a few labels within the drawing, or no chart where the axis would be longer than numbers are.
func TestTrendAxis(t *testing.T) {
	const most = math.MaxFloat64
	whole := row{line: line{metric: &result.Metric{}, comparison: &result.Comparison{}}}
	for _, test := range []struct {
		low, high float64
		drawn     bool
	}{
		{-0.02, 0.03, true},
		{0, 0, true},
		{-math.SmallestNonzeroFloat64, math.SmallestNonzeroFloat64, true},
		{-1e-320, 1e-300, true},
		{-1e16, 1, true},
		{-1e305, 1e305, true},
		{-1e307, 1e307, false}, // as a percentage
		{-most, most, false},
		{0, most, false},
	} {
		points := []result.TrendPoint{{Age: 0}, {Age: 1}}
		for i, p := range []*float64{&test.low, &test.high} {
			points[i].Difference = &result.Interval{Estimate: p, Lower: &test.low, Upper: &test.high}
		}
		c := newTrendChart("c", &result.Trend{Series: result.Aging, Points: points}, whole, scale{percent: true})
		if (c != nil) != test.drawn {
			t.Errorf("%g to %g: drawn is %v", test.low, test.high, c != nil)
		}
		if c == nil {
			continue
		}
		if n := len(c.Ticks); n < 2 || n > 12 {
			t.Errorf("%g to %g: %d labels", test.low, test.high, n)
		}
		for _, at := range c.Ticks {
			if !(at.Y >= trendTop && at.Y <= trendBottom) {
				t.Errorf("%g to %g: label %s at %v", test.low, test.high, at.Text, at.Y)
			}
		}
	}
}
