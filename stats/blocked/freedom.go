package blocked

// correction is what makes a variant's variance right on average when cluster means are alike in variance, so that a cluster of share h
// contributes h² to that of its level: this over the expectation of the sum of squares with n/(n-1) in each group, whose deviations are from a
// level that is estimated. It is 1 for clusters of one size.
func (c *comparing) correction(arm int) float64 {
	s := c.sides[arm]
	all := 0.0
	for _, h := range s.share {
		all += h * h
	}
	lost := 0.0
	for _, g := range c.groups {
		n := float64(len(g))
		if n < 2 {
			continue
		}
		shares, squares := make([]float64, len(g)), make([]float64, len(g))
		mean := 0.0
		for u, unit := range g {
			for _, i := range unit {
				if a, at := c.place(i); a == arm {
					shares[u] += s.share[at]
					squares[u] += s.share[at] * s.share[at]
				}
			}
			mean += shares[u] / n
		}
		for u, h := range shares {
			lost += n / (n - 1) * ((h-mean)*2*squares[u] - (h-mean)*(h-mean)*all)
		}
	}
	return all / (all - lost)
}

// freedom is Satterthwaite's (tr G)² / tr(G²) of the variance of the difference, G being the sum over groups of n/(n-1) times the centring
// matrix, under the working model of independent units (as package cluster's): the number of pairs less one, for pairs of one size.
func (c *comparing) freedom() float64 {
	trace, squares := 0.0, 0.0
	for _, g := range c.groups {
		n := float64(len(g))
		if n < 2 {
			continue
		}
		own, ownSquares := 0.0, 0.0
		for _, unit := range g {
			omega := 0.0
			for _, i := range unit {
				arm, at := c.place(i)
				omega += c.sides[arm].share[at]
			}
			own += omega
			ownSquares += omega * omega
		}
		trace += own
		squares += n * n / (n - 1) / (n - 1) * (ownSquares*(1-2/n) + own*own/n/n)
	}
	return trace * trace / squares
}
