package stats

import (
	"fmt"
	"math"
)

// OutsideSkewness says why two variants' values are too skewed for their number to compare means (parts = 1) or ratios (parts = 2) by
// Student's t, as [Contrast].Outside does; it is empty where they are not. Moments hold no third powers, so whoever read the values
// gives their skewness: the third central moment over the 3/2 power of the second, of a unit's value, in a ratio of
// numerator - ratio * denominator.
//
// Two limits must hold. The skewness of the estimated difference,
//
//	(g1 v1^(3/2) / sqrt(n1) - g0 v0^(3/2) / sqrt(n0)) / (v1 + v0)^(3/2)    (v = variances of the means, g = skewness of the values)
//
// is the first term in which the t statistic departs from Student's (P. Hall, The Bootstrap and Edgeworth Expansion (1992), section 2.6);
// it must stay within a tenth, where 5 % errors stay below 5.5 %. It cancels between equal variants, whose tests are safe, and does not
// where one is larger. W. G. Cochran's rule for one sample, n > 25 g² (Sampling Techniques (1977), section 2.15), is the same with a
// fifth, which he chose for errors of 6 %. What cancels must still be well estimated, so each variant also needs n > 10 g².
//
// The rule speaks of two-sided errors. At its limit one tail has 3.5 % and the other 1.7 % for 2.5 %. Samples just outside by their
// population's skewness may look inside, above all when their tail is missing, and then reject too often; in simulations (exponential,
// gamma of shape 0.1, lognormal, 5 % lognormal buyers; sizes up to 1 : 4) a sample was inside and rejected in at most 4 % where the
// limits did not hold.
//
// Moments that no comparison takes are not judged here: the comparison says why.
func OutsideSkewness(parts int, treated, control Moments, skewTreated, skewControl float64) string {
	if parts < 1 || parts > 2 {
		return ""
	}
	a1, err1 := newVariant(treatmentName, &treated, parts, max(treated.Dim()-parts, 0))
	a0, err0 := newVariant(controlName, &control, parts, max(control.Dim()-parts, 0))
	if err1 != nil || err0 != nil || a1.variance+a0.variance == 0 {
		return ""
	}
	if math.IsNaN(skewTreated) || math.IsNaN(skewControl) {
		return "the skewness of the values is not known, so nothing says how many units a mean needs; cap the metric"
	}
	for _, v := range []struct {
		*variant
		skew float64
	}{{a1, skewTreated}, {a0, skewControl}} {
		if needed := ownSkewness * v.skew * v.skew; v.variance > 0 && v.n <= needed {
			return fmt.Sprintf("the %s's values are too skewed (%.3g) for %.0f units, a mean of such values needs more than %.0f; cap the metric or wait for more units", v.name, v.skew, v.n, needed)
		}
	}
	if skew := skewnessOfDifference(a1, a0, skewTreated, skewControl); math.Abs(skew) > differenceSkewness {
		return fmt.Sprintf("the difference is too skewed (%.2g, at most %.1g) for Student's t, because the variants differ in size or spread; cap the metric or wait for more units", skew, differenceSkewness)
	}
	return ""
}

const (
	differenceSkewness = 0.1
	ownSkewness        = 10
)

func skewnessOfDifference(a1, a0 *variant, skew1, skew0 float64) float64 {
	v1, v0 := a1.varianceOfMean(), a0.varianceOfMean()
	s1, s0 := v1/(v1+v0), v0/(v1+v0)
	return skew1*math.Pow(s1, 1.5)/math.Sqrt(a1.n) - skew0*math.Pow(s0, 1.5)/math.Sqrt(a0.n)
}
