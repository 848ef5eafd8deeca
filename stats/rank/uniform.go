package rank

import (
	"fmt"
	"math"
	"slices"

	"liftgate/stats"
)

// CompareWithUniform is Kolmogorov and Smirnov's one-sample test of whether values are uniform between 0 and 1, as p-values are where their null
// holds. Its p-value is that of the limit at (sqrt(n) + 0.12 + 0.11/sqrt(n)) D (M. A. Stephens, J. R. Statist. Soc. B 32 (1970) 115-122), good
// for 5 values and more; ties make it too small. Errors: stats.ErrTooFew without values, stats.ErrInvalid outside of 0 to 1.
func CompareWithUniform(values []float64) (KolmogorovSmirnov, error) {
	if len(values) == 0 {
		return KolmogorovSmirnov{}, fmt.Errorf("%w: there are no values", stats.ErrTooFew)
	}
	sorted := slices.Sorted(slices.Values(values))
	n := float64(len(sorted))
	k := KolmogorovSmirnov{Method: "asymptotic"}
	for i, x := range sorted {
		if !(x >= 0 && x <= 1) {
			return KolmogorovSmirnov{}, fmt.Errorf("%w: %v does not lie between 0 and 1", stats.ErrInvalid, x)
		}
		k.D = max(k.D, float64(i+1)/n-x, x-float64(i)/n)
	}
	k.Asymptotic = kolmogorovSF((math.Sqrt(n) + 0.12 + 0.11/math.Sqrt(n)) * k.D)
	k.PValue = k.Asymptotic
	return k, nil
}
