package score

import "math"

// Difference is the score statistic at the difference d, -1 <= d <= 1.
func (c Counts) Difference(d float64) float64 {
	deviation := c.Observed() - d
	if deviation == 0 {
		return 0
	}
	return deviation / math.Sqrt(c.DifferenceVariance(d))
}

// DifferenceVariance is the restricted variance of p1 - p0 given that it is d.
func (c Counts) DifferenceVariance(d float64) float64 {
	low := c.side(d)
	p0 := low.smaller(math.Abs(d))
	return c.variance(p0+math.Abs(d), p0, 1, low.n1, low.n0)
}

// variance is that of p1 - r p0 at the restricted estimates.
func (c Counts) variance(p1, p0, r, n1, n0 float64) float64 {
	return math.Max(p1*(1-p1)/n1+r*r*p0*(1-p0)/n0, 0) * c.factor()
}

// DifferenceLimits are the differences whose score is z and -z.
func (c Counts) DifferenceLimits(z float64) (lower, upper float64) {
	return invert(c.Difference, z, -1, c.Observed()), invert(c.Difference, -z, c.Observed(), 1)
}

// Restricted are the proportions of largest likelihood whose difference is d.
func (c Counts) Restricted(d float64) (p1, p0 float64) {
	low := c.side(d)
	p0 = low.smaller(math.Abs(d))
	p1 = p0 + math.Abs(d)
	if low.failures {
		p1, p0 = 1-p0, 1-p1
	}
	if d < 0 {
		p1, p0 = p0, p1
	}
	return p1, p0
}
