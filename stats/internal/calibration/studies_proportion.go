package calibration

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"

	"liftgate/stats"
	"liftgate/stats/proportion"
)

type binomials struct{ treated, control stats.Binomial }

func proportionStudies() []Runner {
	var out []Runner
	for _, regime := range []struct {
		p                float64
		treated, control int64
	}{
		{0.001, 1_000, 1_000},
		{0.001, 5_000, 5_000},
		{0.001, 20_000, 20_000},
		{0.001, 100_000, 100_000},
		{0.001, 1_000_000, 1_000_000},
		{0.01, 200, 200},
		{0.01, 1_000, 1_000},
		{0.01, 10_000, 10_000},
		{0.01, 2_000, 18_000},
		{0.1, 50, 50},
		{0.1, 200, 200},
		{0.1, 1_000, 1_000},
		{0.1, 100_000, 100_000},
		{0.1, 1_000, 9_000},
		{0.3, 50, 50},
		{0.3, 1_000, 1_000},
		{0.6, 50, 50},
		{0.6, 100, 100},
		{0.6, 1_000_000, 1_000_000},
	} {
		out = append(out, Study[binomials]{
			Family: "Proportions", Experiments: closed,
			Regime:     fmt.Sprintf("%g %%, %d and %d units", 100*regime.p, regime.treated, regime.control),
			Difference: lift * regime.p, Lift: lift,
			Draw: func(r *rand.Rand, effect bool) binomials {
				p1 := regime.p
				if effect {
					p1 *= 1 + lift
				}
				return binomials{drawBinomial(r, regime.treated, p1), drawBinomial(r, regime.control, regime.p)}
			},
			Methods: []Method[binomials]{
				{"Miettinen-Nurminen", Nominal, func(d binomials) (Reading, error) {
					return read(stats.CompareProportions(d.treated, d.control))
				}},
				{"Newcombe", Shown, intervalOf(proportion.Newcombe)},
				{"Agresti-Caffo", Shown, intervalOf(proportion.AgrestiCaffo)},
				{"Wald", Shown, waldProportions},
			},
		})
	}
	return out
}

func drawBinomial(r *rand.Rand, n int64, p float64) stats.Binomial {
	return stats.Binomial{Successes: int64(distuv.Binomial{N: float64(n), P: p, Src: r}.Rand()), N: n}
}

// intervalOf rejects what an interval of the difference excludes.
func intervalOf(limits func(treated, control stats.Binomial, level float64) (proportion.Limits, error)) func(binomials) (Reading, error) {
	return func(d binomials) (Reading, error) {
		l, err := limits(d.treated, d.control, Level)
		return excluding(l.Lower, l.Upper), err
	}
}

// excluding is the reading of an interval of a difference without a p-value.
func excluding(lower, upper float64) Reading {
	out := Reading{PValue: 1, Difference: [2]float64{lower, upper}, Lift: [2]float64{math.NaN(), math.NaN()}}
	if lower > 0 || upper < 0 {
		out.PValue = 0
	}
	return out
}

func waldProportions(d binomials) (Reading, error) {
	n1, n0 := float64(d.treated.N), float64(d.control.N)
	p1, p0 := float64(d.treated.Successes)/n1, float64(d.control.Successes)/n0
	se := math.Sqrt(p1*(1-p1)/n1 + p0*(1-p0)/n0)
	if se == 0 {
		return Reading{}, stats.ErrNoVariance
	}
	return wald(p1-p0, se), nil
}
