package calibration

import (
	"fmt"
	"math"
	"math/rand/v2"

	"liftgate/stats"
	"liftgate/stats/adjust"
	"liftgate/stats/cluster"
	"liftgate/stats/internal/dist"
	"liftgate/stats/mean"
)

func adjustedStudies() []Runner {
	var out []Runner
	for _, n := range []int64{50, 500, 20_000} {
		out = append(out, Study[samples]{
			Family: "Covariate adjustment", Experiments: closed,
			Regime: fmt.Sprintf("correlation 0.7, slopes that differ, %d units a side", n),
			Lift:   lift, Difference: lift * 10,
			Draw: func(r *rand.Rand, effect bool) samples { return drawAdjusted(r, n, effect) },
			Methods: []Method[samples]{
				{"regression in each variant", Nominal, func(d samples) (Reading, error) {
					return read(stats.CompareAdjusted(d.treated, d.control, 1))
				}},
				{"CUPED, one slope", Nominal, func(d samples) (Reading, error) {
					return ofResult(adjust.CUPED(d.treated, d.control, adjust.Total, mean.Options{}))
				}},
				{"Welch, unadjusted", Nominal, func(d samples) (Reading, error) {
					return read(stats.CompareMeans(first(d.treated), first(d.control)))
				}},
			},
		})
	}
	return out
}

// drawAdjusted draws normal values with mean 10 and a covariate; the effect grows with the covariate.
func drawAdjusted(r *rand.Rand, n int64, effect bool) samples {
	arm := func(add, slope float64) stats.Moments {
		// Sums of squares and products of normal residuals are chi-square; the covariate is drawn with them (Bartlett 1933).
		nn := float64(n)
		xx := chiSquare(r, nn-1)
		mean := r.NormFloat64() / math.Sqrt(nn)
		noise := 1.4
		ee := chiSquare(r, nn-2)
		ex := r.NormFloat64()
		slopeHat := slope + noise*ex/math.Sqrt(xx)
		yMean := 10 + add + slope*mean + noise*r.NormFloat64()/math.Sqrt(nn)
		return stats.Moments{
			N: n, Means: []float64{yMean, mean},
			Cross: []float64{slopeHat*slopeHat*xx + noise*noise*ee, slopeHat * xx, xx},
		}
	}
	if effect {
		return samples{treated: arm(lift*10, 2), control: arm(0, 1.4)}
	}
	return samples{treated: arm(0, 1.4), control: arm(0, 1.4)}
}

func first(m stats.Moments) stats.Moments {
	return stats.Moments{N: m.N, Means: m.Means[:1], Cross: m.Cross[:1]}
}

// ofResult reads the difference of a result without a lift.
func ofResult(r adjust.Result, err error) (Reading, error) { return ofMean(r.Adjusted, err) }

func ofMean(r mean.Result, err error) (Reading, error) {
	return Reading{
		PValue: r.PValue, Difference: [2]float64{r.Difference.Lower, r.Difference.Upper}, Lift: [2]float64{math.NaN(), math.NaN()},
	}, err
}

func stratifiedStudies() []Runner {
	var out []Runner
	for _, n := range []int64{20, 200} {
		out = append(out, Study[[]adjust.Stratum]{
			Family: "Strata and pairs", Experiments: closed, Difference: lift, Lift: math.NaN(),
			Regime: fmt.Sprintf("four strata of %d to %d units with means 0 to 3", n, 4*n),
			Draw: func(r *rand.Rand, effect bool) []adjust.Stratum {
				var strata []adjust.Stratum
				for h := range int64(4) {
					level, added := float64(h), 0.0
					if effect {
						added = lift
					}
					m := n * (h + 1) / 2
					strata = append(strata, adjust.Stratum{Treated: drawNormal(r, m, level+added), Control: drawNormal(r, m, level)})
				}
				return strata
			},
			Methods: []Method[[]adjust.Stratum]{
				{"post-stratified, t", Nominal, func(d []adjust.Stratum) (Reading, error) {
					s, err := adjust.PostStratify(d, mean.ByWelch, mean.Options{})
					return ofMean(s.Result, err)
				}},
				{"Welch, strata ignored", Shown, func(d []adjust.Stratum) (Reading, error) {
					var treated, control stats.Moments
					for _, s := range d {
						treated.Merge(&s.Treated)
						control.Merge(&s.Control)
					}
					return read(stats.CompareMeans(treated, control))
				}},
			},
		})
	}
	return append(out, pairStudies()...)
}

// drawNormal draws the moments of n normal values with variance 1.
func drawNormal(r *rand.Rand, n int64, level float64) stats.Moments {
	return stats.Moments{
		N: n, Means: []float64{level + r.NormFloat64()/math.Sqrt(float64(n))}, Cross: []float64{chiSquare(r, float64(n-1))},
	}
}

func pairStudies() []Runner {
	var out []Runner
	for _, n := range []int{10, 100} {
		out = append(out, Study[[]cluster.Pair]{
			Family: "Strata and pairs", Experiments: closed, Difference: lift, Lift: math.NaN(),
			Regime: fmt.Sprintf("%d matched pairs, correlation 0.8", n),
			Draw: func(r *rand.Rand, effect bool) []cluster.Pair {
				pairs := make([]cluster.Pair, n)
				for i := range pairs {
					alike := 2 * r.NormFloat64()
					pairs[i] = cluster.Pair{Treated: alike + r.NormFloat64(), Control: alike + r.NormFloat64()}
					if effect {
						pairs[i].Treated += lift
					}
				}
				return pairs
			},
			Methods: []Method[[]cluster.Pair]{
				{"paired, t", Nominal, func(d []cluster.Pair) (Reading, error) {
					c, err := cluster.Pairs(d)
					half := dist.StudentISF((1-Level)/2, c.DF) * c.StdError
					out := excluding(c.Estimate-half, c.Estimate+half)
					out.PValue = c.PValue
					return out, err
				}},
				{"pairs ignored", Shown, func(d []cluster.Pair) (Reading, error) {
					c, err := cluster.Pairs(d)
					return wald(c.Estimate, c.StdErrorUnpaired), err
				}},
			},
		})
	}
	return out
}
