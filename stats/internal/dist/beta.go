package dist

import "math"

// LogBeta is the logarithm of the regularised incomplete beta function I_x(a, b), and of its complement, for 0 <= x <= 1 and a, b
// > 0. Of the two the smaller keeps full precision. It takes about sqrt(a+b) steps at worst.
func LogBeta(x, a, b float64) (lower, upper float64) {
	switch {
	case !(x >= 0 && x <= 1 && a > 0 && b > 0):
		return math.NaN(), math.NaN()
	case x == 0:
		return math.Inf(-1), 0
	case x == 1:
		return 0, math.Inf(-1)
	}
	excess := math.FMA(-(a + b), x, a) // a - (a+b)x, with one rounding: how far x lies below the mean
	below := excess >= 0
	switch {
	case min(a, b) > 1 && below:
		lower = logBetaFraction(x, a, b, excess)
	case min(a, b) > 1:
		upper = logBetaFraction(1-x, b, a, -excess)
	case x <= (a+1)/(a+b+2):
		lower, below = logBetaSeries(x, 1-x, a, b), true
	default:
		upper, below = logBetaSeries(1-x, x, b, a), false
	}
	if below {
		return lower, log1mExp(lower)
	}
	return log1mExp(upper), upper
}

// logBetaFraction is log I_x(a, b) for a, b > 1 and excess = a - (a+b)x >= 0: the continued fraction BFRAC of A. R. DiDonato and A.
// H. Morris, "Algorithm 708", ACM TOMS 18 (1992) 360-373, which takes the excess rather than forming it by cancellation.
func logBetaFraction(x, a, b, excess float64) float64 {
	front := logBinomialTerm(x, a, b, excess) + math.Log(a*b/(a+b))
	c, c0, c1, y1 := 1+excess, b/a, 1+1/a, 2-x
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
		if math.Abs(r-before) <= 1e-16*r {
			return front + math.Log(r)
		}
		an, bn, an1, bn1 = an/bn1, bn/bn1, r, 1
	}
}

// logBinomialTerm is log(gamma(a+b+1)/(gamma(a+1) gamma(b+1)) x^a (1-x)^b) with excess = a - (a+b)x, by Loader's saddle point as in
// logPoissonTerm.
func logBinomialTerm(x, a, b, excess float64) float64 {
	n := a + b
	return stirlingError(n) - stirlingError(a) - stirlingError(b) -
		deviance(a, n*x, excess) - deviance(b, b+excess, -excess) + 0.5*math.Log(n/(2*math.Pi*a*b))
}

// logBetaSeries is log I_x(a, b), y = 1-x, by its series in x (DLMF 8.17.8 after 8.17.7): all terms are positive.
func logBetaSeries(x, y, a, b float64) float64 {
	total, term := 1.0, 1.0
	for n := 0.0; term > 1e-17*total; n++ {
		term *= (a + b + n) / (a + 1 + n) * x
		total += term
	}
	return a*math.Log(x) + b*math.Log(y) - math.Log(a) - logBeta(a, b) + math.Log(total)
}

// logBeta is log B(a, b) for a or b that is small or 1/2.
func logBeta(a, b float64) float64 {
	switch {
	case b == 0.5:
		return logBetaHalf(a)
	case a == 0.5:
		return logBetaHalf(b)
	}
	ga, _ := math.Lgamma(a)
	gb, _ := math.Lgamma(b)
	gab, _ := math.Lgamma(a + b)
	return ga + gb - gab
}
