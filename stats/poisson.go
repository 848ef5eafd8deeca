package stats

import (
	"math"

	"liftgate/stats/internal/dist"
)

// PoissonCDF is P(X <= k) of a Poisson variable with the given mean >= 0: the chance of k events or fewer. It is NaN for a
// negative or NaN mean.
func PoissonCDF(k int64, mean float64) float64 {
	switch {
	case math.IsNaN(mean) || mean < 0:
		return math.NaN()
	case k < 0:
		return 0
	}
	return math.Exp(dist.PoissonLogCDF(float64(k), mean))
}
