package calibration

import (
	"fmt"
	"math"

	"liftgate/stats"
)

// attempts is a unit's (authorised, attempted): 1 to 50 attempts, few units with many, and a share authorised that differs between
// units; the effect raises the share.
func attempts(share float64) population {
	var p population
	sizes := []float64{1, 2, 3, 5, 8, 13, 21, 34, 50}
	total := 0.0
	for _, d := range sizes {
		total += math.Pow(d, -1.5)
	}
	for _, d := range sizes {
		for _, of := range []float64{share - 0.08, share, share + 0.08} {
			for y := 0.0; y <= d; y++ {
				p.cells = append(p.cells, []float64{y, d})
				p.shares = append(p.shares, math.Pow(d, -1.5)/total/3*chance(y, d, of))
			}
		}
	}
	return p
}

// chance is the binomial probability.
func chance(k, n, p float64) float64 {
	a, _ := math.Lgamma(n + 1)
	b, _ := math.Lgamma(k + 1)
	c, _ := math.Lgamma(n - k + 1)
	return math.Exp(a - b - c + k*math.Log(p) + (n-k)*math.Log1p(-p))
}

func ratioStudies() []Runner {
	const share, raised = 0.8, 0.84
	var out []Runner
	for _, n := range []int64{50, 200, 1_000, 20_000} {
		out = append(out, Study[samples]{
			Family: "Ratios of sums", Experiments: closed,
			Regime: fmt.Sprintf("1 to 50 events a unit, %d units a side", n),
			Lift:   raised/share - 1, Difference: raised - share,
			Draw: drawMeans(attempts(raised), attempts(share), n, n),
			Methods: []Method[samples]{
				{"delta method, t", Nominal, func(d samples) (Reading, error) {
					return d.read(2)(stats.CompareRatios(d.treated, d.control))
				}},
				{"events as if independent", Shown, naiveRatio},
			},
		})
	}
	return out
}

// naiveRatio takes every event for a unit.
func naiveRatio(d samples) (Reading, error) {
	share := func(m stats.Moments) (p, variance float64) {
		p = m.Means[0] / m.Means[1]
		return p, p * (1 - p) / m.Sum(1)
	}
	p1, v1 := share(d.treated)
	p0, v0 := share(d.control)
	return wald(p1-p0, math.Sqrt(v1+v0)), nil
}
