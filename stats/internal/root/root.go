// Package root finds where a continuous function of one variable crosses zero.
package root

import "math"

// Bracketed returns an x in [a, b] where f changes sign, to about the precision of a double, or
// 1e-20 of the bracket where x is near zero. f(a) and f(b) must not have the same
// sign; when they do, the end with the smaller |f| is returned.
//
// T. R. Chandrupatla, "A new hybrid quadratic/bisection algorithm", Advances in Engineering Software 28 (1997) 145-149: inverse
// quadratic interpolation where it is safe, bisection elsewhere, so never slower than a few times bisection.
func Bracketed(f func(float64) float64, a, b float64) float64 {
	fa, fb := f(a), f(b)
	if fa == 0 || (fa > 0) == (fb > 0) && math.Abs(fa) < math.Abs(fb) {
		return a
	}
	if fb == 0 || (fa > 0) == (fb > 0) {
		return b
	}
	var c, fc float64 // the point before last, set in the first step
	floor := 1e-20 * math.Abs(b-a)
	t := 0.5
	for range 200 {
		x := a + t*(b-a)
		fx := f(x)
		if (fx > 0) == (fa > 0) {
			c, fc = a, fa
		} else {
			c, fc = b, fb
			b, fb = a, fa
		}
		a, fa = x, fx
		best, fbest := a, fa
		if math.Abs(fb) < math.Abs(fa) {
			best, fbest = b, fb
		}
		tolerance := 0.5 * (4e-16*math.Abs(best) + floor) / math.Abs(b-a)
		if tolerance > 0.5 || fbest == 0 {
			return best
		}
		t = min(max(step(a, fa, b, fb, c, fc), tolerance), 1-tolerance)
	}
	return a
}

// step is the next point as a share of the way from a to b.
func step(a, fa, b, fb, c, fc float64) float64 {
	xi, phi := (a-b)/(c-b), (fa-fb)/(fc-fb)
	if phi*phi < xi && (1-phi)*(1-phi) < 1-xi {
		return fa/(fb-fa)*fc/(fb-fc) + (c-a)/(b-a)*fa/(fc-fa)*fb/(fc-fb)
	}
	return 0.5
}
