package design

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"

	"liftgate/experiment/assignment"
)

// negligible is what is left of a standard deviation when only rounding is.
const negligible = 1e-9

// remaining is the mean square of the difference between a treatment's and the control's means under the design, in the coordinates. Given
// how many of each block got each variant (n_tb and n_cb of n_b), which is also what an analysis takes as given,
//
//	sum over blocks S_b (n_tb/n_t² + n_cb/n_c² - w_b²/n_b) + m m',  m = sum w_b xbar_b,  w_b = n_tb/n_t - n_cb/n_c,
//
// S_b being the block's covariance with divisor n_b - 1 (the variance of sampling without replacement, block by block).
type remaining struct{ *mat.SymDense }

func (r *roll) remaining(c *assignment.Comparison, v int, z [][]float64) remaining {
	k := len(z[0])
	spread, mean := mat.NewSymDense(k, nil), mat.NewVecDense(k, nil)
	nt, nc := float64(c.Treated), float64(c.Controls)
	for _, block := range r.blocks() {
		treated, controls := 0.0, 0.0
		centre := mat.NewVecDense(k, nil)
		for _, i := range block {
			switch r.variant[i] {
			case v:
				treated++
			case r.control:
				controls++
			}
			centre.AddScaledVec(centre, 1/float64(len(block)), mat.NewVecDense(k, z[i]))
		}
		n := float64(len(block))
		weight := treated/nt - controls/nc
		mean.AddScaledVec(mean, weight, centre)
		if n == 1 {
			continue
		}
		factor := (treated/(nt*nt) + controls/(nc*nc) - weight*weight/n) / (n - 1)
		for _, i := range block {
			var d mat.VecDense
			d.SubVec(mat.NewVecDense(k, z[i]), centre)
			spread.SymRankOne(spread, factor, &d)
		}
	}
	if r.record.Limit > 0 {
		r.truncate(spread, mean, nt*nc/(nt+nc))
		return remaining{spread}
	}
	spread.SymRankOne(spread, 1, mean)
	return remaining{spread}
}

func (r *roll) blocks() [][]int {
	var out [][]int
	for i, b := range r.block {
		for len(out) <= b {
			out = append(out, nil)
		}
		out[b] = append(out[b], i)
	}
	return out
}

// along is the mean square of a combination of the coordinates.
func (m remaining) along(loadings []float64) float64 {
	v := mat.NewVecDense(len(loadings), loadings)
	return math.Max(mat.Inner(v, m, v), 0)
}

// gain is nil when nothing remains in some direction.
func (m remaining) gain(before float64) *assignment.Gain {
	var eigen mat.EigenSym
	if !eigen.Factorize(m, false) {
		return nil
	}
	values := eigen.Values(nil)
	worst := values[len(values)-1]
	if worst <= negligible*negligible*before*before {
		return nil
	}
	k := float64(len(values))
	return &assignment.Gain{Average: k * before * before / mat.Trace(m), Least: before * before / worst}
}

const (
	enoughAccepted = 10_000
	fewAccepted    = 100
	mostDraws      = 2_000_000
)

// truncate turns the covariance and mean of the difference into its mean square among assignments whose distance, scale |d|², is within the
// limit: of a normal distribution, by drawing from it. Without strata all directions are alike and the factor is
// P(chi²_{k+2} <= a) / P(chi²_k <= a) (Morgan and Rubin 2012, theorem 3.1); a limit that next to nothing passes leaves the uniform
// distribution on a ball, a/(k+2).
func (r *roll) truncate(spread *mat.SymDense, mean *mat.VecDense, scale float64) {
	k := mean.Len()
	limit := r.record.Limit / scale
	var eigen mat.EigenSym
	if len(r.members) == 1 || !eigen.Factorize(spread, true) {
		spread.ScaleSym(chiSquare(k+2, r.record.Limit)/chiSquare(k, r.record.Limit), spread)
		return
	}
	values := eigen.Values(nil)
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	rng := rand.New(rand.NewPCG(uint64(r.design.Seed), 1))
	sum, accepted := mat.NewSymDense(k, nil), 0
	u, d := mat.NewVecDense(k, nil), mat.NewVecDense(k, nil)
	for draws := 0; draws < mostDraws && accepted < enoughAccepted; draws++ {
		for j, v := range values {
			u.SetVec(j, math.Sqrt(math.Max(v, 0))*rng.NormFloat64())
		}
		d.MulVec(&vectors, u)
		d.AddVec(d, mean)
		if mat.Dot(d, d) <= limit {
			accepted++
			sum.SymRankOne(sum, 1, d)
		}
	}
	if accepted < fewAccepted {
		spread.Zero()
		for j := range k {
			spread.SetSym(j, j, limit/float64(k+2))
		}
		return
	}
	spread.ScaleSym(1/float64(accepted), sum)
}
