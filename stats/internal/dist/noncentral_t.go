package dist

import "math"

// NoncentralTCDF is P(T <= t) of Student's t with nu >= 1e-8 degrees of freedom and noncentrality delta.
func NoncentralTCDF(t, nu, delta float64) float64 { return math.Exp(NoncentralTLogCDF(t, nu, delta)) }

// NoncentralTSF is P(T > t).
func NoncentralTSF(t, nu, delta float64) float64 { return NoncentralTCDF(-t, nu, -delta) }

// NoncentralTLogCDF is log P(T <= t): the mean of Phi(t s - delta) over s = chi/sqrt(nu).
//
// On u = log s the integrand is one smooth hump, positive, with tails that die exponentially: the trapezoidal rule converges
// exponentially (L. N. Trefethen and J. A. C. Weideman, SIAM Review 56 (2014) 385-458), relative to its value however small it is.
func NoncentralTLogCDF(t, nu, delta float64) float64 {
	switch {
	case math.IsNaN(t) || math.IsNaN(delta) || !(nu >= 1e-8): // below, the integrand is wider than a double's exponents
		return math.NaN()
	case math.IsInf(t, 1):
		return 0
	case math.IsInf(t, -1):
		return math.Inf(-1)
	case t == 0:
		return NormalLogCDF(-delta)
	case math.IsInf(nu, 1):
		return NormalLogCDF(t - delta)
	}
	if tail := noncentralTail(t, nu, delta); tail < -math.Ln2 {
		return tail
	}
	return log1mExp(noncentralTail(-t, nu, -delta))
}

// noncentralTail is log P(T <= t) without its complement's digits.
func noncentralTail(t, nu, delta float64) float64 {
	a := nu / 2
	log := func(u float64) float64 { return NormalLogCDF(t*math.Exp(u)-delta) - nu*expExcess(u) }
	return math.Min(logIntegral(log, 1/math.Sqrt(nu))+math.Ln2+math.Log(a)-stirlingError(a)-0.5*math.Log(2*math.Pi*a), 0)
}

// expExcess is (e^2u - 1 - 2u)/2.
func expExcess(u float64) float64 {
	if math.Abs(u) > 0.1 {
		return (math.Expm1(2*u) - 2*u) / 2
	}
	total, term := 0.0, 2*u
	for n := 2.0; ; n++ {
		term *= 2 * u / n
		next := total + term/2
		if next == total {
			return total
		}
		total = next
	}
}
