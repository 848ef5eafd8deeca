package score

import "math"

// Ratio is the score statistic at p1/p0 = 1 + lift, lift >= -1.
func (c Counts) Ratio(lift float64) float64 {
	if lift == 0 {
		return c.Difference(0)
	}
	deviation := c.Observed() - lift*(c.X0/c.N0)
	if deviation == 0 {
		return 0
	}
	p0, r := c.restrictedByLift(lift), 1+lift
	return deviation / math.Sqrt(c.variance(r*p0, p0, r, c.N1, c.N0))
}

// restrictedByLift maximises the likelihood over p0 given p1 = r p0, r = 1 + lift: the smaller root of appendix I's quadratic
//
//	N r p² - (r (n1 + x0) + x1 + n0) p + x1 + x0 = 0.
//
// Its discriminant is written as (f0 - f1 - lift (x0 + n1))² + 4 r f0 f1 with failures f: nothing cancels.
func (c Counts) restrictedByLift(lift float64) float64 {
	r, f1, f0 := 1+lift, c.N1-c.X1, c.N0-c.X0
	b := r*(c.N1+c.X0) + c.X1 + c.N0
	spread := math.Hypot(f0-f1-lift*(c.X0+c.N1), 2*math.Sqrt(r*f0*f1))
	return math.Min(2*(c.X1+c.X0)/(b+spread), math.Min(1, 1/r))
}

// RatioLimits are the logarithms of the ratios p1/p0 whose score is z and -z; infinite where a variant had no success.
func (c Counts) RatioLimits(z float64) (lower, upper float64) {
	from, to := -logRange, logRange
	if c.X1 > 0 && c.X0 > 0 {
		from = math.Log(c.X1/c.N1) - math.Log(c.X0/c.N0)
		to = from
	}
	score := func(r float64) float64 { return c.Ratio(math.Expm1(r)) }
	lower, upper = math.Inf(-1), math.Inf(1)
	if c.X1 > 0 {
		lower = invert(score, z, -logRange, to)
	}
	if c.X0 > 0 {
		upper = invert(score, -z, from, logRange)
	}
	return lower, upper
}
