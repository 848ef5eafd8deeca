package bayes

import (
	"math"

	"liftgate/stats/internal/dist"
)

// Beta is a beta distribution of a rate.
type Beta struct{ A, B float64 }

// Mean is A / (A + B).
func (d Beta) Mean() float64 { return d.A / (d.A + d.B) }

func (d Beta) sd() float64 {
	total := d.A + d.B
	return math.Sqrt(d.A / total * (d.B / total) / (total + 1))
}

// tails are P(X <= p) and P(X > p) for p with 1 - p = q.
func (d Beta) tails(p, q float64) (lower, upper float64) {
	if p > 0.5 {
		upper, lower = dist.LogBeta(q, d.B, d.A)
	} else {
		lower, upper = dist.LogBeta(p, d.A, d.B)
	}
	return math.Exp(lower), math.Exp(upper)
}

// density is that at p = 1 - q, over that at the mean, times p q. Both follow from ratios to the mean, whose logarithms stay small where
// A and B are large; the distance to the mean is formed on the side where p or q is small, and therefore precise.
func (d Beta) density(p, q float64) float64 {
	mean, rest := d.Mean(), d.B/(d.A+d.B)
	above := p - mean
	if p > 0.5 {
		above = rest - q
	}
	return math.Exp(d.A*logRatio(p, mean, above) + d.B*logRatio(q, rest, -above))
}

// logRatio is log(x / to), x - to being off.
func logRatio(x, to, off float64) float64 {
	if math.Abs(off) < 0.5*to {
		return math.Log1p(off / to)
	}
	return math.Log(x / to)
}
