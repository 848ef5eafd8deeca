package dist

import "math"

// BinomialLogCDF is log P(X <= k) of n trials with success probability p; k and n are whole.
func BinomialLogCDF(k, n, p float64) float64 {
	atMost, _ := logBinomial(k, n, p)
	return atMost
}

// BinomialLogSF is log P(X > k). The chance of k or more is at k-1.
func BinomialLogSF(k, n, p float64) float64 {
	_, above := logBinomial(k, n, p)
	return above
}

func logBinomial(k, n, p float64) (atMost, above float64) {
	switch {
	case !(n >= 0 && p >= 0 && p <= 1) || math.IsNaN(k):
		return math.NaN(), math.NaN()
	case k < 0:
		return math.Inf(-1), 0
	case k >= n:
		return 0, math.Inf(-1)
	}
	above, atMost = LogBeta(p, k+1, n-k)
	return atMost, above
}

// BinomialLogPMF is log P(X = k), by Loader's saddle point.
func BinomialLogPMF(k, n, p float64) float64 {
	switch {
	case !(n >= 0 && p >= 0 && p <= 1) || math.IsNaN(k):
		return math.NaN()
	case k < 0 || k > n:
		return math.Inf(-1)
	}
	q := 1 - p
	excess := excessOver(p, k, n-k)
	return factorialExcess(n) - factorialExcess(k) - factorialExcess(n-k) - Deviance(k, n*p, excess) - Deviance(n-k, n*q, -excess)
}

// factorialExcess is log a! - (a log a - a).
func factorialExcess(a float64) float64 {
	if a == 0 {
		return 0
	}
	return stirlingError(a) + 0.5*math.Log(2*math.Pi*a)
}

// Deviance is count log(count/expected) - (count - expected), with excess = count - expected given: half the contribution of a cell to the
// likelihood ratio. Either number may be zero.
func Deviance(count, expected, excess float64) float64 {
	switch {
	case count == 0:
		return expected
	case expected == 0:
		return math.Inf(1)
	}
	return deviance(count, expected, excess)
}
