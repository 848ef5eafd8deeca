package design

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mathext"

	"liftgate/stats/randomisation"
)

// checkEvery so many draws a context may end them.
const checkEvery = 256

// drawBalanced draws as a stratified design does until the variants are balanced enough (Morgan and Rubin 2012).
func (r *roll) drawBalanced(ctx context.Context, rng *rand.Rand) error {
	z, err := coordinates(r.design.Balance, r.x)
	if err != nil {
		return err
	}
	limit := r.limit()
	best := math.Inf(1)
	for try := 1; try <= r.design.MaxTries; try++ {
		if try%checkEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		r.deal(rng)
		distance := r.distance(z)
		if best = math.Min(best, distance); distance <= limit {
			r.record.Tries, r.record.Limit, r.record.Distance = try, limit, distance
			return nil
		}
	}
	return fmt.Errorf("none of %d assignments drawn is balanced enough: the best has a distance of %.4g, threshold is %.4g, which about one in %.3g passes by the chi-square distribution: raise max_tries or threshold",
		r.design.MaxTries, best, limit, 1/chiSquare(len(r.design.Balance), limit))
}

func (r *roll) limit() float64 {
	if r.design.Threshold > 0 {
		return r.design.Threshold
	}
	return randomisation.DefaultLimit(len(r.design.Balance), len(r.weights)-1)
}

// chiSquare is the distribution function with k degrees of freedom.
func chiSquare(k int, x float64) float64 { return mathext.GammaIncReg(float64(k)/2, x/2) }

// distance is that of the treatment farthest from the control, as in stats/randomisation.Balance.
func (r *roll) distance(z [][]float64) float64 {
	if len(r.weights) == 2 {
		return distanceAll(z, r.variant, r.control)
	}
	groups := groupsOf(z, r.variant, len(r.weights))
	worst := 0.0
	for v := range groups {
		if v != r.control {
			worst = math.Max(worst, groups[v].distance(&groups[r.control]))
		}
	}
	return worst
}

// distanceAll is the distance when two variants share all the merchants: the sum over one of them says all, the covariance being the identity.
func distanceAll(z [][]float64, variant []int, control int) float64 {
	sum := make([]float64, len(z[0]))
	n0 := 0.0
	for i, row := range z {
		if variant[i] != control {
			continue
		}
		n0++
		for k, v := range row {
			sum[k] += v
		}
	}
	squares := 0.0
	for _, v := range sum {
		squares += v * v
	}
	n := float64(len(z))
	return squares * n / (n0 * (n - n0))
}

// group is the sums of a variant's merchants.
type group struct {
	n        float64
	sums     []float64
	products []float64
}

func groupsOf(z [][]float64, variant []int, variants int) []group {
	k := len(z[0])
	out := make([]group, variants)
	for v := range out {
		out[v].sums, out[v].products = make([]float64, k), make([]float64, k*k)
	}
	for i, row := range z {
		g := &out[variant[i]]
		g.n++
		for a, v := range row {
			g.sums[a] += v
			for b, w := range row[:a+1] {
				g.products[a*k+b] += v * w
			}
		}
	}
	return out
}

// distance is n1 n0 / n d' S⁻¹ d, S being the covariance of both groups together; infinite where that is singular.
func (g *group) distance(h *group) float64 {
	k := len(g.sums)
	n := g.n + h.n
	factor := make([]float64, k*k)
	solved := make([]float64, k)
	squares := 0.0
	for a := range k {
		for b := range a + 1 {
			s := (g.products[a*k+b] + h.products[a*k+b] - (g.sums[a]+h.sums[a])*(g.sums[b]+h.sums[b])/n) / (n - 1)
			for c := range b {
				s -= factor[a*k+c] * factor[b*k+c]
			}
			if a > b {
				factor[a*k+b] = s / factor[b*k+b]
			} else if factor[a*k+a] = math.Sqrt(s); !(s > 0) {
				return math.Inf(1)
			}
		}
		solved[a] = g.sums[a]/g.n - h.sums[a]/h.n
		for c := range a {
			solved[a] -= factor[a*k+c] * solved[c]
		}
		solved[a] /= factor[a*k+a]
		squares += solved[a] * solved[a]
	}
	return squares * g.n * h.n / n
}
