package stats

import (
	"math"

	"liftgate/stats/internal/dist"
)

// BinomialCDF is P(X <= k) of a binomial variable: n trials with success probability p. It is NaN for n < 0 or p outside [0, 1].
func BinomialCDF(k, n int64, p float64) float64 {
	_, atMost := binomialTails(k, n, p)
	return atMost
}

// BinomialSF is P(X > k). The chance of k or more is BinomialSF(k-1, n, p).
func BinomialSF(k, n int64, p float64) float64 {
	above, _ := binomialTails(k, n, p)
	return above
}

func binomialTails(k, n int64, p float64) (above, atMost float64) {
	switch {
	case n < 0 || !(p >= 0 && p <= 1):
		return math.NaN(), math.NaN()
	case k < 0:
		return 1, 0
	case k >= n:
		return 0, 1
	}
	logAbove, logAtMost := dist.LogBeta(p, float64(k+1), float64(n-k))
	return math.Exp(logAbove), math.Exp(logAtMost)
}
