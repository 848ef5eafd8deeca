// Package fieller finds confidence sets for the ratio of two estimates.
//
// E. C. Fieller, "Some problems in interval estimation", J. R. Statist. Soc. B 16 (1954) 175-185.
package fieller

import "math"

// Pair is two estimates, M1 over M0, with the covariance matrix of their errors.
type Pair struct{ M1, M0, V11, V00, V10 float64 }

// Shape of a confidence set for a ratio.
type Shape int

// The shapes. The set is never empty: it holds M1 / M0.
const (
	Bounded   Shape = iota // [lower, upper]
	Exclusive              // everything but the open interval (lower, upper)
	All                    // the whole line
)

// Variance is that of M1 - r M0.
func (p Pair) Variance(r float64) float64 {
	return math.Max(p.V11-2*r*p.V10+r*r*p.V00, 0)
}

// G is c² V00 / M0²: the set is bounded exactly when it is below 1.
func (p Pair) G(c float64) float64 {
	g := c * math.Sqrt(p.V00) / p.M0
	return g * g
}

// Lifts is the set of all r - 1 with (M1 - r M0)² <= c² Variance(r). In r it is A r² - 2 B r + C <= 0, with
//
//	A = M0² - c² V00,  B = M1 M0 - c² V10,  C = M1² - c² V11.
//
// Limits of [All] are NaN. Where A is exactly zero the set is half a line; All is given, which holds it.
func (p Pair) Lifts(c float64) (shape Shape, lower, upper float64) {
	p = p.scaled()
	middle := p.M0*(p.M1-p.M0) - c*c*(p.V10-p.V00) // B - A: a lift near zero keeps its digits
	return p.set(c, middle, beyond(p.M1-p.M0, c*math.Sqrt(p.Variance(1))))
}

// Ratios is the set of the r themselves.
func (p Pair) Ratios(c float64) (shape Shape, lower, upper float64) {
	p = p.scaled()
	return p.set(c, p.M1*p.M0-c*c*p.V10, beyond(p.M1, c*math.Sqrt(p.V11)))
}

// set has limits (middle ± c sqrt(discriminant)) / A, whose product is last / A.
func (p Pair) set(c, middle, last float64) (shape Shape, lower, upper float64) {
	a, discriminant := beyond(p.M0, c*math.Sqrt(p.V00)), p.discriminant(c)
	lower, upper = roots(a, middle, c*math.Sqrt(math.Max(discriminant, 0)), last)
	switch {
	case a > 0:
		return Bounded, lower, upper
	case a < 0 && discriminant > 0:
		return Exclusive, lower, upper
	}
	return All, math.NaN(), math.NaN()
}

// roots are (middle ± half) / a. The one that would be lost where middle and half cancel comes from the product of both, last / a.
func roots(a, middle, half, last float64) (lower, upper float64) {
	if half == 0 {
		return middle / a, middle / a
	}
	sum := middle + math.Copysign(half, middle)
	one, other := sum/a, last/sum
	return math.Min(one, other), math.Max(one, other)
}

// beyond is m² - s², in the form that has no large parts to cancel; s is not negative.
func beyond(m, s float64) float64 { return (math.Abs(m) - s) * (math.Abs(m) + s) }

// scaled is the same pair in a unit in which no product of its parts overflows.
func (p Pair) scaled() Pair {
	unit := max(math.Abs(p.M1), math.Abs(p.M0), math.Sqrt(p.V11), math.Sqrt(p.V00))
	return Pair{
		M1: p.M1 / unit, M0: p.M0 / unit,
		V11: p.V11 / unit / unit, V00: p.V00 / unit / unit, V10: p.V10 / unit / unit,
	}
}

// discriminant is (B² - A C) / c², in the form that has no large parts to cancel.
func (p Pair) discriminant(c float64) float64 {
	return p.M1*p.M1*p.V00 - 2*p.M1*p.M0*p.V10 + p.M0*p.M0*p.V11 - c*c*(p.V11*p.V00-p.V10*p.V10)
}
