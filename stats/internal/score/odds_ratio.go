package score

import "math"

// OddsRatio is the score statistic at the odds ratio e^log: the treatment's successes against what they are expected to be given all
// successes (Miettinen and Nurminen 1985, eq. 9 and 13).
func (c Counts) OddsRatio(log float64) float64 {
	if log > 0 { // the same seen from the control, where the odds ratio is below 1
		return -Counts{X1: c.X0, N1: c.N0, X0: c.X1, N0: c.N1, Uncorrected: c.Uncorrected}.OddsRatio(-log)
	}
	x, failures := c.X1+c.X0, c.N1-c.X1+c.N0-c.X0
	p1, p0 := restrictedByOdds(c.N1, c.N0, x, log)
	q0, q1 := restrictedByOdds(c.N0, c.N1, failures, log)
	deviation := c.deviation(p1, q1, p0, q0)
	if deviation == 0 {
		return 0
	}
	return deviation * math.Sqrt((1/(c.N1*p1*q1)+1/(c.N0*p0*q0))/c.factor())
}

// deviation is X1 - N1 p1, taken in the cell that expects the fewest, where it is most precise: all four deviate by as much.
func (c Counts) deviation(p1, q1, p0, q0 float64) float64 {
	fewest, out := c.N1*p1, c.X1-c.N1*p1
	for _, cell := range [...]struct{ expected, deviation float64 }{
		{c.N1 * q1, c.N1*q1 - (c.N1 - c.X1)}, {c.N0 * p0, c.N0*p0 - c.X0}, {c.N0 * q0, c.N0 - c.X0 - c.N0*q0},
	} {
		if cell.expected < fewest {
			fewest, out = cell.expected, cell.deviation
		}
	}
	return out
}

// restrictedByOdds maximises the likelihood given the odds ratio r = e^log <= 1: p1 = r p0/(1 - (1-r) p0) with n1 p1 + n0 p0 = x. Both are
// roots of quadratics, with one discriminant, a sum of squares; written so that neither cancels.
func restrictedByOdds(n1, n0, x, log float64) (p1, p0 float64) {
	r, less := math.Exp(log), -math.Expm1(log)
	weight := r*n1 + n0
	b := weight - less*x
	spread := math.Hypot(b, 2*math.Sqrt(less*x*r*n1))
	p0 = 2 * x / (weight + less*x + spread)
	if b >= 0 {
		return 2 * r * x / (b + spread), p0
	}
	return (spread - b) / (2 * n1 * less), p0
}

// OddsRatioLimits are the logarithms of the odds ratios whose score is z and -z; infinite where a cell without units leaves the
// side open.
func (c Counts) OddsRatioLimits(z float64) (lower, upper float64) {
	f1, f0 := c.N1-c.X1, c.N0-c.X0
	open, closed := c.X1 == 0 || f0 == 0, c.X0 == 0 || f1 == 0 // the estimate is 0, or infinite
	from, to := -logRange, logRange
	if !open && !closed {
		from = math.Log(c.X1/f1) - math.Log(c.X0/f0)
		to = from
	}
	lower, upper = math.Inf(-1), math.Inf(1)
	if !open {
		lower = invert(c.OddsRatio, z, -logRange, to)
	}
	if !closed {
		upper = invert(c.OddsRatio, -z, from, logRange)
	}
	return lower, upper
}
