package dist

import "math"

// ChiSquareSF is P(X > x) of the chi-square distribution with k > 0 degrees of freedom.
func ChiSquareSF(x, k float64) float64 {
	_, upper := logGamma(k/2, x/2)
	return math.Exp(upper)
}

// ChiSquareLogSF is the natural logarithm of P(X > x).
func ChiSquareLogSF(x, k float64) float64 {
	_, upper := logGamma(k/2, x/2)
	return upper
}

// ChiSquareLogCDF is the natural logarithm of P(X <= x).
func ChiSquareLogCDF(x, k float64) float64 {
	lower, _ := logGamma(k/2, x/2)
	return lower
}

// ChiSquareISF is the x with P(X > x) = p.
func ChiSquareISF(p, k float64) float64 {
	switch {
	case !(p >= 0 && p <= 1 && k > 0):
		return math.NaN()
	case p == 0:
		return math.Inf(1)
	case p == 1:
		return 0
	}
	// The cube root of x/k is about normal (E. B. Wilson and M. M. Hilferty, 1931).
	v := 2 / (9 * k)
	guess := math.Log(k) + 3*math.Log(math.Max(1-v+NormalISF(p)*math.Sqrt(v), 1e-3))
	return math.Exp(solveTails(func(u float64) (lower, upper float64) { return logGamma(k/2, math.Exp(u)/2) }, p, guess, math.Sqrt(2/k)))
}

// PoissonLogCDF is log P(X <= k) of the Poisson distribution, k whole.
func PoissonLogCDF(k, mean float64) float64 {
	atMost, _ := logPoisson(k, mean)
	return atMost
}

// PoissonLogSF is log P(X > k), k whole. The chance of k or more is at k-1.
func PoissonLogSF(k, mean float64) float64 {
	_, above := logPoisson(k, mean)
	return above
}

func logPoisson(k, mean float64) (atMost, above float64) {
	if k < 0 && mean >= 0 {
		return math.Inf(-1), 0
	}
	above, atMost = logGamma(k+1, mean)
	return atMost, above
}

// largestShape bounds the parameters of gamma and beta functions: their fractions would take minutes beyond.
const largestShape = 1e14

// logGamma is the logarithm of the regularised incomplete gamma functions P(a, x) and Q(a, x): the series in x (DLMF 8.11.4)
// below x = a+1, Legendre's continued fraction (DLMF 8.9.2, modified Lentz) above. Both take about sqrt(a) steps at worst.
func logGamma(a, x float64) (lower, upper float64) {
	switch {
	case !(a > 0 && a <= largestShape && x >= 0):
		return math.NaN(), math.NaN()
	case x == 0:
		return math.Inf(-1), 0
	case math.IsInf(x, 1):
		return 0, math.Inf(-1)
	case x < a+1:
		lower = logPoissonTerm(a, x) + math.Log(gammaSeries(a, x))
		return lower, log1mExp(lower)
	}
	upper = logPoissonTerm(a, x) + math.Log(a*gammaFraction(a, x))
	return log1mExp(upper), upper
}

// gammaSeries is 1 + x/(a+1) + x²/((a+1)(a+2)) + …
func gammaSeries(a, x float64) float64 {
	sum, term := 1.0, 1.0
	for n := 1.0; ; n++ {
		term *= x / (a + n)
		sum += term
		if !(term > 1e-17*sum) {
			return sum
		}
	}
}

// gammaFraction is gamma(a, x) / (x^a e^-x).
func gammaFraction(a, x float64) float64 {
	const tiny = 1e-300
	b := x + 1 - a
	c := 1 / tiny
	d := 1 / b
	h := d
	for n := 1.0; ; n++ {
		an := -n * (n - a)
		b += 2
		d = an*d + b
		if d == 0 {
			d = tiny
		}
		c = b + an/c
		if c == 0 {
			c = tiny
		}
		d = 1 / d
		step := d * c
		h *= step
		if !(math.Abs(step-1) >= 3e-16) {
			return h
		}
	}
}

// log1mExp is log(1 - e^v) for v <= 0.
func log1mExp(v float64) float64 {
	if v > -math.Ln2 {
		return math.Log(-math.Expm1(v))
	}
	return math.Log1p(-math.Exp(v))
}

// logPoissonTerm is log(x^a e^-x / gamma(a+1)), by the saddle point of C. Loader, "Fast and Accurate Computation of Binomial
// Probabilities" (2000): the large parts cancel on paper and not in the machine.
func logPoissonTerm(a, x float64) float64 {
	return -stirlingError(a) - deviance(a, x, a-x) - 0.5*math.Log(2*math.Pi*a)
}

// stirlingError is log gamma(a+1) - log(sqrt(2 pi a) (a/e)^a).
func stirlingError(a float64) float64 {
	if a < 16 {
		g, _ := math.Lgamma(a + 1)
		return g - (a+0.5)*math.Log(a) + a - lnSqrt2Pi
	}
	w := 1 / (a * a)
	return (1./12 - w*(1./360-w*(1./1260-w*(1./1680-w*(1./1188-w*691./360360))))) / a
}

// deviance is x (t log t + 1 - t) with t = a/x: Loader's bd0(a, x). It takes a-x besides, which the caller may know better.
func deviance(a, x, excess float64) float64 {
	if math.Abs(excess) >= 0.1*(a+x) {
		return a*math.Log(a/x) - excess
	}
	v := excess / (a + x)
	total := excess * v
	term := 2 * a * v
	for n := 3.0; ; n += 2 {
		term *= v * v
		next := total + term/n
		if next == total {
			return total
		}
		total = next
	}
}
