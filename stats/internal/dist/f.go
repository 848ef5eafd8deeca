package dist

import "math"

// FLogCDF is the natural logarithm of P(X <= x) of Snedecor's F with d1 > 0 and d2 > 0 degrees of freedom, the numerator's first.
func FLogCDF(x, d1, d2 float64) float64 {
	lower, _ := logF(x, d1, d2)
	return lower
}

// FLogSF is the natural logarithm of P(X > x).
func FLogSF(x, d1, d2 float64) float64 {
	_, upper := logF(x, d1, d2)
	return upper
}

// logF is the logarithm of both tails: with y = d1 x / (d1 x + d2), P(X <= x) = I_y(d1/2, d2/2).
func logF(x, d1, d2 float64) (lower, upper float64) {
	switch {
	case !(x >= 0 && d1 > 0 && d2 > 0):
		return math.NaN(), math.NaN()
	case math.IsInf(d2, 1):
		return logGamma(d1/2, d1*x/2)
	case math.IsInf(x, 1):
		return 0, math.Inf(-1)
	}
	share := 1 / (1 + d2/d1/x)
	rest := 1 / (1 + d1/d2*x)
	return logBetaPair(share, rest, d1/2, d2/2, d1/2*(1-x)*rest)
}
