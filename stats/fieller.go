package stats

import "math"

// Lift is m1/m0 - 1 with the set of all lifts that the test does not reject: E. C. Fieller, "Some problems in interval
// estimation", J. R. Statist. Soc. B 16 (1954) 175-185. In r = 1 + lift the set is A r² - 2 B r + C <= 0, with
//
//	A = m0² - c² v00,  B = m1 m0 - c² v10,  C = m1² - c² v11.
//
// It is an interval when the control differs from zero at the level (A > 0); else the outside of an interval, or everything.
func (p *pair) Lift(level float64) Lift {
	p = p.scaled()
	c := p.critical(level)
	a, shape := p.fieller(c)
	lift := Lift{Estimate: (p.m1 - p.m0) / p.m0, Lower: math.NaN(), Upper: math.NaN(), Shape: shape}
	if p.m0 == 0 {
		lift.Estimate = math.NaN()
	}
	switch shape {
	case Bounded:
		lift.Lower, lift.Upper = p.bounds(c, a)
	case Exclusive:
		lift.Reason = "the control's level is not clearly different from zero, so lifts of any size, up and down, fit the data; read the difference"
	case All:
		lift.Reason = "the control's level is not clearly different from zero, so every lift fits the data; read the difference"
	}
	return lift
}

// scaled is the same pair in a unit in which no product of its parts overflows.
func (p *pair) scaled() *pair {
	unit := max(math.Abs(p.m1), math.Abs(p.m0), math.Sqrt(p.v11), math.Sqrt(p.v00))
	s := *p
	s.m1, s.m0 = p.m1/unit, p.m0/unit
	s.v11, s.v00, s.v10 = p.v11/unit/unit, p.v00/unit/unit, p.v10/unit/unit
	return &s
}

// PLift is the p-value of T(1 + null).
func (p *pair) PLift(null float64) float64 {
	// m1 - r m0 with r = 1 + null, without rounding r.
	return p.twoSided(p.m1-p.m0-null*p.m0, p.variance(1+null))
}

// fieller gives A and the shape of the set.
func (p *pair) fieller(c float64) (a float64, shape Shape) {
	s0 := c * math.Sqrt(p.v00)
	a = (math.Abs(p.m0) - s0) * (math.Abs(p.m0) + s0)
	switch {
	case a > 0:
		return a, Bounded
	case p.discriminant(c) > 0:
		return a, Exclusive
	}
	return a, All
}

// discriminant is (B² - A C) / c², in the form that has no large parts to cancel.
func (p *pair) discriminant(c float64) float64 {
	return p.m1*p.m1*p.v00 - 2*p.m1*p.m0*p.v10 + p.m0*p.m0*p.v11 - c*c*(p.v11*p.v00-p.v10*p.v10)
}

// bounds are the roots less one: ((B - A) ± c sqrt(discriminant)) / A.
func (p *pair) bounds(c, a float64) (lower, upper float64) {
	middle := p.m0*(p.m1-p.m0) - c*c*(p.v10-p.v00)
	half := c * math.Sqrt(math.Max(p.discriminant(c), 0))
	return (middle - half) / a, (middle + half) / a
}
