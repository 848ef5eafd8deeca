package blocked

import (
	"math"

	"liftgate/stats/internal/linear"
)

// adjustment is a regression of the pieces' differences on their imbalances.
type adjustment struct {
	kept    []int
	slopes  []float64
	factor  linear.Factor // of the imbalances' cross-products
	dropped []int         // from 1
}

// adjust regresses what units contribute to the difference on what they contribute to the imbalance of the covariates, which is the slope that
// leaves the least variance (Fogarty 2018, section 4, for pairs; Li and Ding 2020, section 5). At most as many are kept as leave a degree of
// freedom.
func (c *comparing) adjust(pieces []piece, df float64) adjustment {
	among := func(i, j int) float64 {
		total := 0.0
		for _, p := range pieces {
			total += p.weight * p.imbalance(i) * p.imbalance(j)
		}
		return total
	}
	var a adjustment
	for j := range c.sides[0].means {
		if float64(len(a.kept)+1) <= df-1 && c.varies(among(j, j), j) && linear.Alone(among, a.kept, j) > linear.Collinear {
			a.kept = append(a.kept, j)
		} else {
			a.dropped = append(a.dropped, j+1)
		}
	}
	a.factor = linear.Cholesky(among, a.kept)
	with := make([]float64, len(a.kept))
	for i, j := range a.kept {
		for _, p := range pieces {
			with[i] += p.weight * p.imbalance(j) * p.difference()
		}
	}
	a.slopes = a.factor.Backward(a.factor.Forward(with))
	return a
}

// varies says whether a covariate has more than rounding in it.
func (c *comparing) varies(square float64, j int) bool {
	const noise = 1e-13
	return math.Sqrt(square) > noise*(math.Abs(c.sides[0].means[j])+math.Abs(c.sides[1].means[j]))
}

// towards is how far a variant's means of the kept covariates lie from those of both variants.
func (c *comparing) towards(arm int, a adjustment) []float64 {
	out := make([]float64, len(a.kept))
	for i, j := range a.kept {
		n, o := c.sides[arm].counts[j], c.sides[1-arm].counts[j]
		out[i] = o / (n + o) * (c.sides[arm].means[j] - c.sides[1-arm].means[j])
	}
	return out
}

// uncertain is what not knowing the slopes adds to V: their covariance is that of least squares, s² (X'X)⁻¹, with s² a degree of freedom's
// share of the variance that is left. In pairs of one size all of it is the textbook's standard error of the intercept.
func (c *comparing) uncertain(a adjustment, left, df float64) (v covariance) {
	if len(a.kept) == 0 {
		return v
	}
	t, o := a.factor.Forward(c.towards(0, a)), a.factor.Forward(c.towards(1, a))
	s2 := left / df
	return covariance{s2 * linear.Dot(t, t), s2 * linear.Dot(o, o), s2 * linear.Dot(t, o)}
}
