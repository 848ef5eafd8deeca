package calibration

import (
	"fmt"
	"math"
	"math/rand/v2"

	"liftgate/stats"
	"liftgate/stats/anytime"
)

// split are the units of two variants after each of several days.
type split [][]float64

func sampleRatioStudies() []Runner {
	weights := []float64{0.5, 0.5}
	var out []Runner
	for _, daily := range []int64{2, 10, 5_000} {
		const days = 14
		out = append(out, Study[split]{
			Family: "Sample ratio", Experiments: closed, Difference: math.NaN(), Lift: math.NaN(),
			Regime: fmt.Sprintf("50 to 50, %d units a day for %d days", daily, days),
			Draw: func(r *rand.Rand, _ bool) split {
				path := make(split, days)
				treated := 0.0
				for day := range path {
					treated += float64(drawBinomial(r, daily, 0.5).Successes)
					path[day] = []float64{float64(daily*int64(day+1)) - treated, treated}
				}
				return path
			},
			Methods: []Method[split]{
				{"chi-square, once at the end", Nominal, func(d split) (Reading, error) {
					last := d[len(d)-1]
					test, err := stats.SampleRatio(whole(last), weights)
					return Reading{Outside: last[0]+last[1] < 100, PValue: test.PValue}, err
				}},
				{"exact, once at the end", Conservative, func(d split) (Reading, error) {
					test, err := stats.ExactSampleRatio(whole(d[len(d)-1]), weights)
					return Reading{PValue: test.PValue}, err
				}},
				{"sequential, every day", Conservative, func(d split) (Reading, error) {
					out := Reading{PValue: 1}
					for _, counts := range d {
						e, err := anytime.SampleRatio{Weights: weights}.Counts(counts)
						if err != nil {
							return out, err
						}
						out.PValue = min(out.PValue, e.PValue)
					}
					return out, nil
				}},
				{"chi-square, every day", Shown, func(d split) (Reading, error) {
					out := Reading{PValue: 1}
					for _, counts := range d {
						test, err := stats.SampleRatio(whole(counts), weights)
						if err != nil {
							return out, err
						}
						out.PValue = min(out.PValue, test.PValue)
					}
					return out, nil
				}},
			},
		})
	}
	return out
}

func whole(counts []float64) []int64 { return []int64{int64(counts[0]), int64(counts[1])} }
