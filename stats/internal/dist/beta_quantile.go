package dist

import "math"

// BetaISF is the x with P(X > x) = p for the beta distribution with parameters a and b.
func BetaISF(p, a, b float64) float64 {
	x, _ := betaISF(p, a, b)
	return x
}

// BetaQuantile is the x with P(X <= x) = p.
func BetaQuantile(p, a, b float64) float64 {
	_, x := betaISF(p, b, a)
	return x
}

// betaISF gives x and 1-x, found on the scale of log(x/(1-x)), so that both have all their digits.
func betaISF(p, a, b float64) (x, y float64) {
	switch {
	case !(p >= 0 && p <= 1 && a > 0 && b > 0):
		return math.NaN(), math.NaN()
	case p == 0:
		return 1, 0
	case p == 1:
		return 0, 1
	}
	share := func(u float64) (x, y float64) { return 1 / (1 + math.Exp(-u)), 1 / (1 + math.Exp(u)) }
	tails := func(u float64) (lower, upper float64) {
		x, y := share(u)
		return logBetaPair(x, y, a, b, a*y-b*x)
	}
	spread := math.Sqrt(1/a + 1/b)
	return share(solveTails(tails, p, math.Log(a/b)+spread*NormalISF(p), spread))
}
