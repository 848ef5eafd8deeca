package sequential

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/root"
)

// RepeatedPValue is the smallest level at which the design would have crossed a bound at one of the looks so far: a p-value that may be
// read at every look, whether the stopping rule is obeyed or not (Jennison and Turnbull 2000, section 9.5). It is two-sided
// when the design is, and 1 when no level below 1 (one-sided: below 1/2) would do.
func (d Design) RepeatedPValue(fractions, z []float64) (float64, error) {
	if len(z) != len(fractions) {
		return 0, fmt.Errorf("%w: %d looks with %d statistics", stats.ErrInvalid, len(fractions), len(z))
	}
	if _, err := d.Bounds(fractions); err != nil {
		return 0, err
	}
	for k, v := range z {
		if math.IsNaN(v) {
			return 0, fmt.Errorf("%w: look %d has no statistic", stats.ErrInvalid, k+1)
		}
	}
	highest := 1.0
	if d.Sides == 1 {
		highest = 0.5
	}
	over := func(logAlpha float64) float64 {
		d.Alpha = math.Exp(logAlpha)
		b, _ := d.Bounds(fractions) // only the level differs from the design checked above
		most := math.Inf(-1)
		for k := range z {
			v := z[k]
			if d.Sides != 1 {
				v = math.Abs(v)
			}
			most = math.Max(most, v-b.Upper[k])
		}
		return most
	}
	least, most := -650.0, math.Log(highest)-1e-9
	switch {
	case over(most) < 0:
		return 1, nil
	case over(least) >= 0:
		return 0, nil
	}
	return math.Exp(root.Bracketed(over, least, most)), nil
}
