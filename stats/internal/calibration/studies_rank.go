package calibration

import (
	"fmt"
	"math"
	"math/rand/v2"

	"liftgate/stats"
	"liftgate/stats/bootstrap"
	"liftgate/stats/rank"
)

type values struct {
	treated, control []float64
	seed             uint64
}

// drawValues draws lognormal values; the effect multiplies them, or adds to them.
func drawValues(r *rand.Rand, n int, factor, shift float64) values {
	d := values{seed: r.Uint64()}
	for range n {
		d.treated = append(d.treated, factor*math.Exp(r.NormFloat64())+shift)
		d.control = append(d.control, math.Exp(r.NormFloat64()))
	}
	return d
}

func rankStudies() []Runner {
	var out []Runner
	for _, n := range []int{8, 15, 50} {
		kind, experiments := Conservative, closed
		if n >= 50 {
			kind, experiments = Nominal, resampled // exact distributions take time
		}
		out = append(out, Study[values]{
			Family: "Ranks", Experiments: experiments, Difference: lift, Lift: math.NaN(),
			Regime: fmt.Sprintf("lognormal sigma 1, a shift, %d values a side", n),
			Draw: func(r *rand.Rand, effect bool) values {
				if effect {
					return drawValues(r, n, 1, lift)
				}
				return drawValues(r, n, 1, 0)
			},
			Methods: []Method[values]{
				{"Mann-Whitney, Hodges-Lehmann", kind, readRanks},
				{"Welch", Shown, func(d values) (Reading, error) {
					return read(stats.CompareMeans(momentsOf(d.treated), momentsOf(d.control)))
				}},
			},
		})
	}
	return out
}

func readRanks(d values) (Reading, error) {
	test, err := rank.CompareOrder(d.treated, d.control)
	if err != nil {
		return Reading{}, err
	}
	shift, err := rank.Shift(d.treated, d.control, Level)
	return Reading{
		PValue: test.PValue, Difference: [2]float64{shift.Lower, shift.Upper}, Lift: [2]float64{math.NaN(), math.NaN()},
	}, err
}

func momentsOf(list []float64) stats.Moments {
	var m stats.Moments
	for _, x := range list {
		m.Add(x)
	}
	return m
}

func bootstrapStudies() []Runner {
	mean := math.Exp(0.5)
	var out []Runner
	for _, n := range []int{50, 500} {
		out = append(out, Study[values]{
			Family: "Bootstrap", Experiments: resampled, Difference: lift * mean, Lift: lift,
			Regime: fmt.Sprintf("means of lognormal sigma 1, %d units a side, %d draws", n, draws),
			Draw: func(r *rand.Rand, effect bool) values {
				if effect {
					return drawValues(r, n, 1+lift, 0)
				}
				return drawValues(r, n, 1, 0)
			},
			Methods: []Method[values]{
				{"BCa", Nominal, func(d values) (Reading, error) { return resample(d, false) }},
				{"percentile", Shown, func(d values) (Reading, error) { return resample(d, true) }},
			},
		})
	}
	return out
}

// resample has no p-value: it rejects what its interval excludes. Few units leave the variance of a skewed mean to single draws.
func resample(d values, percentile bool) (Reading, error) {
	c, err := bootstrap.Compare(bootstrap.Mean(d.treated), bootstrap.Mean(d.control), bootstrap.Options{Draws: draws, Seed: d.seed})
	if err != nil {
		return Reading{}, err
	}
	limits := func(i bootstrap.Interval) [2]float64 {
		if percentile {
			return [2]float64{i.PercentileLower, i.PercentileUpper}
		}
		return [2]float64{i.Lower, i.Upper}
	}
	difference := limits(c.Difference)
	out := excluding(difference[0], difference[1])
	out.Outside, out.Lift = len(d.treated) < 200, limits(c.Lift)
	return out, nil
}
