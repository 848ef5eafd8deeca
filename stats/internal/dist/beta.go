package dist

import "math"

// LogBeta is the logarithm of the regularised incomplete beta function I_x(a, b), and of its complement, for 0 <= x <= 1 and a, b
// > 0. Of the two the smaller keeps full precision. It takes about sqrt(a+b) steps at worst.
func LogBeta(x, a, b float64) (lower, upper float64) {
	return logBetaPair(x, 1-x, a, b, excessOver(x, a, b))
}

// logBetaPair is LogBeta where y = 1-x and excess = a - (a+b)x are known better than they can be had from x.
func logBetaPair(x, y, a, b, excess float64) (lower, upper float64) {
	switch {
	case !(x >= 0 && x <= 1 && a > 0 && b > 0 && a <= largestShape && b <= largestShape):
		return math.NaN(), math.NaN()
	case x == 0:
		return math.Inf(-1), 0
	case y == 0:
		return 0, math.Inf(-1)
	}
	if b < a && b <= 1 || a > 1 && excess < 0 {
		upper, lower = logBetaPair(y, x, b, a, -excess)
		return lower, upper
	}
	switch {
	case a > 1:
		lower = logBetaFraction(x, y, a, b, excess)
	case x <= (a+1)/(a+b+2):
		lower = logBetaSeries(x, y, a, b, excess)
	case b < largeTail || y < 0.1:
		upper = logBetaSeries(y, x, b, a, -excess)
		return log1mExp(upper), upper
	default:
		upper = logBetaFraction(y, x, b, a, -excess)
		return log1mExp(upper), upper
	}
	return lower, log1mExp(lower)
}

// largeTail is where the continued fraction takes fewer steps than the series.
const largeTail = 30

// logBetaFraction is log I_x(a, b) for excess = a - (a+b)x >= 0, y = 1-x, a > 1: the continued fraction BFRAC of A. R. DiDonato and
// A. H. Morris, "Algorithm 708", ACM TOMS 18 (1992) 360-373, which takes the excess rather than forming it by cancellation.
func logBetaFraction(x, y, a, b, excess float64) float64 {
	front := logBinomialTerm(x, y, a, b, excess) + math.Log(a*b/(a+b))
	c, c0, c1, y1 := 1+excess, b/a, 1+1/a, 1+y
	p, s := 1.0, a+1
	an, bn, an1, bn1 := 0.0, 1.0, 1.0, c/c1
	r := c1 / c
	for n := 1.0; ; n++ {
		t, w, e := n/a, n*(b-n)*x, a/s
		alpha := p * (p + c0) * e * e * (w * x)
		e = (1 + t) / (c1 + t + t)
		beta := n + w/s + e*(c+n*y1)
		p = 1 + t
		s += 2
		an, an1 = an1, alpha*an+beta*an1
		bn, bn1 = bn1, alpha*bn+beta*bn1
		before := r
		r = an1 / bn1
		if !(math.Abs(r-before) > 2.3e-16*r) {
			return front + math.Log(r)
		}
		an, bn, an1, bn1 = an/bn1, bn/bn1, r, 1
	}
}

// logBinomialTerm is log(gamma(a+b+1)/(gamma(a+1) gamma(b+1)) x^a (1-x)^b) with excess = a - (a+b)x, by Loader's saddle point as in
// logPoissonTerm.
func logBinomialTerm(x, y, a, b, excess float64) float64 {
	n := a + b
	return stirlingError(n) - stirlingError(a) - stirlingError(b) -
		deviance(a, n*x, excess) - deviance(b, n*y, -excess) + 0.5*math.Log(n/a/(2*math.Pi*b))
}

// logBetaSeries is log I_x(a, b), y = 1-x, by its series in x (DLMF 8.17.8 after 8.17.7): all terms are positive.
func logBetaSeries(x, y, a, b, excess float64) float64 {
	total, term := 1.0, 1.0
	for n := 0.0; term > 1e-17*total; n++ {
		term *= (a + b + n) / (a + 1 + n) * x
		total += term
	}
	return logBinomialTerm(x, y, a, b, excess) + math.Log(b/(a+b)*total)
}
