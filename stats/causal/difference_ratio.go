package causal

import (
	"cmp"
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/degrees"
	"liftgate/stats/internal/dist"
	"liftgate/stats/internal/fieller"
)

// DifferenceRatio is the ratio of the treatment's effects on two outcomes of the same units, such as extra orders per extra Amazon Pay
// order: 1 when all of these are incremental, 0 when they only replace others. It is a [stats.Contrast] whose difference is the ratio; it
// has no lift.
type DifferenceRatio struct {
	Ratio float64 // Numerator / Denominator
	// StdError is the delta method's: an order of magnitude, not for intervals.
	StdError    float64
	Numerator   stats.Estimate // effect on the first outcome, at 95 %
	Denominator stats.Estimate // effect on the second
	DF          float64        // Satterthwaite's, of the variance of numerator - Ratio * denominator

	pair    fieller.Pair
	outside string
}

// CompareDifferences gives the ratio of the differences of two means, from moments of (first outcome, second outcome) a unit. With
// D1 and D2 the differences, treatment less control, and V their covariance matrix, the covariances of both variants' means added,
//
//	T(r) = (D1 - r D2) / sqrt(V11 - 2 r V12 + r² V22)
//
// tests a ratio of r against Student's t: E. C. Fieller (1954). The degrees of freedom are those at the estimate, for all r alike.
//
// Valid as [stats.CompareMeans] is, for both outcomes. The set of ratios is bounded where the effect on the second outcome is clear.
// Errors: as [stats.CompareMeans] for the first and the second outcome; [stats.ErrZeroDenominator] when the second has no effect at all.
func CompareDifferences(treated, control stats.Moments) (*DifferenceRatio, error) {
	first, err := outcome(treated, control, 0)
	if err != nil {
		return nil, fmt.Errorf("first outcome: %w", err)
	}
	second, err := outcome(treated, control, 1)
	if err != nil {
		return nil, fmt.Errorf("second outcome: %w", err)
	}
	n1, n0 := float64(treated.N), float64(control.N)
	r := &DifferenceRatio{Numerator: first.Difference(0.95), Denominator: second.Difference(0.95), outside: cmp.Or(first.Outside(), second.Outside())}
	if r.Denominator.Estimate == 0 {
		return nil, fmt.Errorf("%w: the second outcome is the same in both variants, so no ratio exists", stats.ErrZeroDenominator)
	}
	r.Ratio = r.Numerator.Estimate / r.Denominator.Estimate
	r.pair = fieller.Pair{
		M1: r.Numerator.Estimate, M0: r.Denominator.Estimate,
		V11: treated.Cov(0, 0)/n1 + control.Cov(0, 0)/n0,
		V00: treated.Cov(1, 1)/n1 + control.Cov(1, 1)/n0,
		V10: treated.Cov(0, 1)/n1 + control.Cov(0, 1)/n0,
	}
	variance := func(m stats.Moments) float64 {
		return math.Max(m.Cov(0, 0)-2*r.Ratio*m.Cov(0, 1)+r.Ratio*r.Ratio*m.Cov(1, 1), 0) / float64(m.N)
	}
	r.DF = degrees.Satterthwaite([]float64{variance(treated), variance(control)}, []float64{n1 - 1, n0 - 1})
	if !(r.DF > 0) {
		return nil, fmt.Errorf("%w: both outcomes are in one fixed proportion in every unit", stats.ErrNoVariance)
	}
	r.StdError = math.Sqrt(r.pair.Variance(r.Ratio)) / math.Abs(r.pair.M0)
	return r, nil
}

// outcome compares one of the two outcomes.
func outcome(treated, control stats.Moments, i int) (stats.Contrast, error) {
	if treated.Dim() != 2 || control.Dim() != 2 || len(treated.Cross) != 3 || len(control.Cross) != 3 {
		return nil, fmt.Errorf("%w: moments of dimension %d and %d, not of two outcomes", stats.ErrInvalid, treated.Dim(), control.Dim())
	}
	one := func(m stats.Moments) stats.Moments {
		return stats.Moments{N: m.N, Means: m.Means[i : i+1], Cross: m.Cross[2*i : 2*i+1]}
	}
	return stats.CompareMeans(one(treated), one(control))
}

// Set is the set of ratios that the test does not reject at the level.
func (r *DifferenceRatio) Set(level float64) Set {
	return setOf(r.pair, dist.StudentISF((1-level)/2, r.DF))
}

// PValue is the two-sided p-value against a ratio of null.
func (r *DifferenceRatio) PValue(null float64) float64 {
	deviation := r.pair.M1 - null*r.pair.M0
	if deviation == 0 {
		return 1
	}
	return 2 * dist.StudentSF(math.Abs(deviation)/math.Sqrt(r.pair.Variance(null)), r.DF)
}

// Method is difference-ratio.
func (r *DifferenceRatio) Method() string { return "difference-ratio" }

// Difference is the ratio with its interval; its limits are infinite when the set is not an interval.
func (r *DifferenceRatio) Difference(level float64) stats.Estimate {
	e := stats.Estimate{Estimate: r.Ratio, StdError: r.StdError, Lower: math.Inf(-1), Upper: math.Inf(1)}
	if s := r.Set(level); s.Shape == stats.Bounded {
		e.Lower, e.Upper = s.Lower, s.Upper
	}
	return e
}

// PDifference is PValue.
func (r *DifferenceRatio) PDifference(null float64) float64 { return r.PValue(null) }

// Lift says that there is none.
func (r *DifferenceRatio) Lift(float64) stats.Lift {
	return stats.Lift{
		Estimate: math.NaN(), Lower: math.NaN(), Upper: math.NaN(), Shape: stats.All,
		Reason: "a ratio of two effects has no level in the control, so it has no lift",
	}
}

// PLift is 1: nothing speaks against any lift.
func (r *DifferenceRatio) PLift(float64) float64 { return 1 }

// Outside is that of either mean.
func (r *DifferenceRatio) Outside() string { return r.outside }

// Warnings say when the ratio is not bounded.
func (r *DifferenceRatio) Warnings() []string {
	if s := r.Set(0.95); s.Shape != stats.Bounded {
		return []string{"the effect on the second outcome is not clearly different from zero, so the ratio is not bounded: " + s.Meaning}
	}
	return nil
}
