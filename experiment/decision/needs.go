package decision

import (
	"fmt"
	"math"

	"liftgate/experiment/result"
)

// moreUnits says how many units would settle a hypothesis if the effect is as estimated: the standard error must be
// (distance to the null) / (z_{1-alpha/2} + z_{power}), and it falls with the square root of the units.
func moreUnits(r *result.Result, m *result.Metric, c *result.Comparison) string {
	distance, width, ok := toNull(m, c)
	switch {
	case !ok && c.Clusters != nil:
		return fmt.Sprintf("More %ss, in a new experiment: with these the interval has no end.", r.Unit)
	case !ok:
		return "A new experiment, planned with the variance seen here."
	case distance <= 0:
		return "The estimate itself lies on the wrong side: more data alone are unlikely to help."
	}
	z := quantile(1 - c.Alpha/2)
	se := width / (2 * z)
	factor := math.Pow((z+quantile(r.Rules.Power))*se/distance, 2)
	units, counted, where := smallestVariant(m), "units", "a variant"
	if c.Clusters != nil { // what is randomised is what more is needed of
		units, counted, where = c.Clusters.Number, r.Unit+"s", "in all"
	}
	// The factor is above one wherever the interval contains the null; below about 1% the distance is noise.
	if factor > 1e4 || units == 0 {
		return "The estimate is too close to the bound: plan a new experiment around the smallest effect that matters."
	}
	factor = max(factor, 1)
	return fmt.Sprintf("About %.1f times the %s (%s %s) for %.0f%% power if the effect is as estimated: a new experiment, or an extension declared in advance.",
		factor, counted, thousands(factor*float64(units)), where, 100*r.Rules.Power)
}

// toNull is the distance of the estimate from what it must clear, positive on the good side, and the width of its interval.
func toNull(m *result.Metric, c *result.Comparison) (distance, width float64, ok bool) {
	var estimate, lower, upper *float64
	if c.Margin != nil && c.Margin.Scale == result.OnLift {
		if c.Lift != nil {
			estimate, lower, upper = c.Lift.Estimate, c.Lift.Lower, c.Lift.Upper
		}
	} else if c.Difference != nil {
		estimate, lower, upper = c.Difference.Estimate, c.Difference.Lower, c.Difference.Upper
	}
	if estimate == nil || lower == nil || upper == nil || c.Alpha <= 0 || c.Alpha >= 1 {
		return 0, 0, false
	}
	good := *estimate
	if m.Better == lowerIsBetter {
		good = -good
	}
	if c.Margin != nil {
		good += c.Margin.Value
	}
	return good, *upper - *lower, true
}

func smallestVariant(m *result.Metric) int64 {
	var n int64
	for i, v := range m.Variants {
		if i == 0 || v.N < n {
			n = v.N
		}
	}
	return n
}

// quantile of the standard normal distribution.
func quantile(p float64) float64 { return math.Sqrt2 * math.Erfinv(2*p-1) }

// thousands prints a count with two significant digits and separators.
func thousands(x float64) string {
	unit := math.Pow(10, max(0, math.Floor(math.Log10(x))-1))
	return result.Grouped(fmt.Sprintf("%.0f", math.Ceil(x/unit)*unit))
}
