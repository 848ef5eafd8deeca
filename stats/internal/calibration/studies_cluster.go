package calibration

import (
	"fmt"
	"math"
	"math/rand/v2"

	"liftgate/stats"
	"liftgate/stats/cluster"
	"liftgate/stats/randomisation"
)

// merchants are the clusters of an experiment in which merchants were randomised.
type merchants struct {
	treated, control []stats.Moments
	seed             uint64
}

func clusterStudies() []Runner {
	var out []Runner
	for _, regime := range []struct {
		clusters int
		spread   float64 // sigma of the lognormal sizes
	}{{20, 0.5}, {20, 1.2}, {40, 0.5}, {60, 0.5}, {100, 0.5}, {100, 1.2}, {200, 0.5}, {200, 1.2}, {1000, 0.5}, {5000, 1.2}} {
		study := Study[merchants]{
			Family: "Merchants randomised", Experiments: closed, Lift: lift, Difference: lift * merchantMean,
			Regime: fmt.Sprintf("%d merchants, sizes lognormal sigma %g, ICC 0.05", regime.clusters, regime.spread),
			Draw: func(r *rand.Rand, effect bool) merchants {
				return drawMerchants(r, regime.clusters, regime.spread, effect)
			},
			Methods: []Method[merchants]{
				{"CR2, Satterthwaite", Nominal, func(d merchants) (Reading, error) {
					return read(cluster.Compare(d.treated, d.control, 1))
				}},
				{"CR1, normal", Shown, sandwich},
				{"shoppers as if randomised", Shown, func(d merchants) (Reading, error) {
					return read(stats.CompareMeans(merged(d.treated), merged(d.control)))
				}},
			},
		}
		if regime.clusters > 1000 {
			study.Experiments = resampled
		}
		out = append(out, study)
		if regime.clusters > 60 {
			continue
		}
		study.Experiments = resampled
		study.Regime += ", resampled"
		study.Methods = []Method[merchants]{
			{"randomisation inference", Conservative, func(d merchants) (Reading, error) {
				return read(randomisation.Compare(d.treated, d.control, 1, randomisation.Design{}, randomisation.Options{Draws: draws, Seed: d.seed}))
			}},
			{"wild cluster bootstrap", Shown, wildBootstrap},
		}
		out = append(out, study)
	}
	return out
}

// draws is the number of resamples of one experiment.
const draws = 499

const merchantMean = 10.0

// drawMerchants draws shoppers with mean 10, variance 100 and intra-cluster correlation 0.05; half of the merchants are treated. The
// effect is a constant.
func drawMerchants(r *rand.Rand, clusters int, spread float64, effect bool) merchants {
	const between, within = 5.0, 95.0
	d := merchants{seed: r.Uint64()}
	for g := range clusters {
		n := int64(math.Ceil(100 * math.Exp(spread*r.NormFloat64())))
		mean := merchantMean + math.Sqrt(between)*r.NormFloat64() + math.Sqrt(within/float64(n))*r.NormFloat64()
		m := stats.Moments{N: n, Means: []float64{mean}, Cross: []float64{0}}
		if n > 1 {
			m.Cross[0] = within * chiSquare(r, float64(n-1))
		}
		if g%2 == 0 {
			d.control = append(d.control, m)
			continue
		}
		if effect {
			m.Means[0] += lift * merchantMean
		}
		d.treated = append(d.treated, m)
	}
	return d
}

func merged(clusters []stats.Moments) stats.Moments {
	var all stats.Moments
	for i := range clusters {
		all.Merge(&clusters[i])
	}
	return all
}

// sandwich is the usual cluster-robust test with normal quantiles.
func sandwich(d merchants) (Reading, error) {
	side := func(clusters []stats.Moments) (level, variance float64) {
		all := merged(clusters)
		n := float64(all.N)
		for _, m := range clusters {
			e := (m.Means[0] - all.Means[0]) * float64(m.N) / n
			variance += e * e
		}
		g := float64(len(clusters))
		return all.Means[0], variance * g / (g - 1)
	}
	m1, v1 := side(d.treated)
	m0, v0 := side(d.control)
	return wald(m1-m0, math.Sqrt(v1+v0)), nil
}

// wildBootstrap has a p-value only.
func wildBootstrap(d merchants) (Reading, error) {
	no := [2]float64{math.NaN(), math.NaN()}
	out := Reading{Difference: no, Lift: no}
	var all []cluster.Sums
	for t, side := range [][]stats.Moments{d.control, d.treated} {
		for _, m := range side {
			n, treated := float64(m.N), float64(t)
			all = append(all, cluster.Sums{
				N: m.N, Y: m.Sum(0), YY: m.Cross[0] + m.Means[0]*m.Sum(0), X: []float64{n, n * treated},
				XX: []float64{n, n * treated, n * treated, n * treated}, XY: []float64{m.Sum(0), m.Sum(0) * treated},
			})
		}
	}
	regression, err := cluster.Regress(all)
	if err != nil {
		return out, err
	}
	test, err := regression.Wild(1, 0, cluster.WildOptions{Draws: draws, Seed: d.seed})
	out.PValue = test.PValue
	return out, err
}
