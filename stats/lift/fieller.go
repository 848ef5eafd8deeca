package lift

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
	"liftgate/stats/internal/fieller"
)

// Set is Fieller's confidence set of a lift.
type Set struct {
	Lift     float64
	Shape    stats.Shape
	Lower    float64 // of the interval; of the gap, which is no part of the set, when the shape is exclusive; NaN for the whole line
	Upper    float64
	G        float64 // critical² V00 / control²: the set is bounded when it is below 1
	Critical float64
	DF       float64
	PValue   float64 // two-sided, against no lift: that of no difference
	Meaning  string  // in words
}

// Fieller is the set of all lifts l that the data do not reject: those with
//
//	(treatment - (1+l) control)² <= c² (V11 - 2 (1+l) V10 + (1+l)² V00),
//
// c being the two-sided quantile of Student's t with the levels' degrees of freedom: E. C. Fieller (1954). It is exact for normal levels,
// however near zero the control is; that the set is then not an interval is a finding and not a failure. Errors as [Delta].
func Fieller(l stats.Levels, level float64) (Set, error) {
	if err := check(l, level); err != nil {
		return Set{}, err
	}
	c := dist.StudentISF((1-level)/2, l.DF)
	pair := fieller.Pair{M1: l.Treated, M0: l.Control, V11: l.VarTreated, V00: l.VarControl, V10: l.Cov}
	shape, lower, upper := pair.Lifts(c)
	s := Set{
		Lift: (l.Treated - l.Control) / l.Control, Lower: lower, Upper: upper,
		G: pair.G(c), Critical: c, DF: l.DF,
		PValue: twoSided(l.Treated-l.Control, math.Sqrt(pair.Variance(1)), l.DF),
	}
	s.Shape, s.Meaning = inWords(shape, level, lower, upper)
	return s, nil
}

func inWords(shape fieller.Shape, level, lower, upper float64) (stats.Shape, string) {
	switch shape {
	case fieller.Bounded:
		return stats.Bounded, fmt.Sprintf("with %.4g %% confidence the lift lies between %+.3g %% and %+.3g %%", 100*level, 100*lower, 100*upper)
	case fieller.Exclusive:
		return stats.Exclusive, fmt.Sprintf("with %.4g %% confidence the lift is at most %+.3g %% or at least %+.3g %%: the control may be zero or of either sign, so lifts of any size fit the data", 100*level, 100*lower, 100*upper)
	}
	return stats.All, "every lift fits the data, because control and treatment may both be zero; read the difference"
}
