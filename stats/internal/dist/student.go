package dist

import "math"

// StudentSF is P(T > t) of Student's t with nu > 0 degrees of freedom; nu may be +Inf (the normal) and need not be whole.
func StudentSF(t, nu float64) float64 {
	if t < 0 {
		return 1 - StudentSF(-t, nu)
	}
	return math.Exp(StudentLogSF(t, nu))
}

// StudentLogSF is the natural logarithm of P(T > t).
//
// With x = nu/(nu+t²) and y = 1-x, P(T > t) = I_x(nu/2, 1/2)/2 for t >= 0 (Abramowitz and Stegun 26.7.1): the power series far
// out, the asymptotic expansion for many degrees of freedom, the complement's series near the middle.
func StudentLogSF(t, nu float64) float64 {
	switch {
	case math.IsNaN(t) || math.IsNaN(nu) || nu <= 0:
		return math.NaN()
	case t < 0:
		return math.Log1p(-StudentSF(-t, nu))
	case t < 1e-100: // its square may underflow
		return -math.Ln2
	case math.IsInf(t, 1):
		return math.Inf(-1)
	case math.IsInf(nu, 1):
		return NormalLogSF(t)
	}
	a := nu / 2
	u := t / math.Sqrt(nu)
	odds := u * u // y/x
	switch {
	case u > farOut:
		return -nu*math.Log(u) - math.Log(a) - logBetaHalf(a) - math.Ln2
	case odds >= 0.4, a < largeHalf && odds >= 0.1: // about 40/odds terms
		return logBetaSeries(1/(1+odds), odds/(1+odds), a, 0.5, (a*odds-0.5)/(1+odds)) - math.Ln2
	case a >= largeHalf:
		return logBetaTailHalf(math.Log1p(odds), a) - math.Ln2
	}
	middle := math.Exp(logBetaSeries(odds/(1+odds), 1/(1+odds), 0.5, a, (0.5-a*odds)/(1+odds)))
	return math.Log1p(-middle) - math.Ln2
}

// farOut is where the leading term of the tail is all of it, well before the square overflows.
const farOut = 1e100

// StudentISF is the t with P(T > t) = p.
//
// For p < 1/4 it is Newton's method on log P(T > e^u): that function is concave and decreasing, and the normal quantile is a
// lower bound to start from, so at most one step overshoots. Nearer the middle the tail itself is convex, with the same start.
func StudentISF(p, nu float64) float64 {
	switch {
	case math.IsNaN(p) || math.IsNaN(nu) || p < 0 || p > 1 || nu <= 0:
		return math.NaN()
	case p == 0 || p == 1 || p == 0.5 || math.IsInf(nu, 1):
		return NormalISF(p)
	case p > 0.5:
		return -StudentISF(1-p, nu)
	}
	t := NormalISF(p)
	for range 100 {
		tail := StudentLogSF(t, nu)
		density := StudentLogPDF(t, nu)
		var next float64
		if p < 0.25 {
			next = t * math.Exp((tail-logOf(p))/math.Exp(density+math.Log(t)-tail))
		} else {
			next = t + (math.Exp(tail)-p)/math.Exp(density)
		}
		if math.Abs(next-t) <= 1e-12*math.Abs(t) { // the step after would be its square
			return next
		}
		t = next
	}
	return t
}

// StudentLogPDF is the logarithm of the density.
func StudentLogPDF(t, nu float64) float64 {
	u := t / math.Sqrt(nu)
	logOnePlus := math.Log1p(u * u)
	if u > farOut {
		logOnePlus = 2 * math.Log(u)
	}
	return -logBetaHalf(nu/2) - 0.5*math.Log(nu) - (nu+1)/2*logOnePlus
}
