package stats

import (
	"math"

	"liftgate/stats/internal/fieller"
)

// Lift is m1/m0 - 1 with the set of all lifts that the test does not reject: E. C. Fieller, "Some problems in interval
// estimation", J. R. Statist. Soc. B 16 (1954) 175-185. It is an interval when the control differs from zero at the level; else the
// outside of an interval, or everything.
func (p *pair) Lift(level float64) Lift {
	lift := Lift{Estimate: (p.m1 - p.m0) / p.m0, Lower: math.NaN(), Upper: math.NaN()}
	if p.m0 == 0 {
		lift.Estimate = math.NaN()
	}
	set := fieller.Pair{M1: p.m1, M0: p.m0, V11: p.v11, V00: p.v00, V10: p.v10}
	switch shape, lower, upper := set.Lifts(p.critical(level)); shape {
	case fieller.Bounded:
		lift.Shape, lift.Lower, lift.Upper = Bounded, lower, upper
	case fieller.Exclusive:
		lift.Shape = Exclusive
		lift.Reason = "the control's level is not clearly different from zero, so lifts of any size, up and down, fit the data; read the difference"
	case fieller.All:
		lift.Shape = All
		lift.Reason = "the control's level is not clearly different from zero, so every lift fits the data; read the difference"
	}
	return lift
}

// PLift is the p-value of T(1 + null).
func (p *pair) PLift(null float64) float64 {
	// m1 - r m0 with r = 1 + null, without rounding r.
	return p.twoSided(p.m1-p.m0-null*p.m0, p.variance(1+null))
}
