package calibration

import (
	"fmt"
	"math"
	"math/rand/v2"

	"liftgate/stats/causal"
)

func causalStudies() []Runner {
	var out []Runner
	for _, regime := range []struct {
		units     int
		compliers float64
	}{{200, 0.5}, {200, 0.05}, {2_000, 0.1}} {
		out = append(out, Study[causal.Rows]{
			Family: "Effect on those who took it up", Experiments: resampled, Difference: 0.3, Lift: math.NaN(),
			Regime: fmt.Sprintf("%d units, %g %% take up what they are offered", regime.units, 100*regime.compliers),
			Draw: func(r *rand.Rand, effect bool) causal.Rows {
				return drawTakeUp(r, regime.units, regime.compliers, effect)
			},
			Methods: []Method[causal.Rows]{
				{"Anderson-Rubin", Nominal, func(d causal.Rows) (Reading, error) {
					e, err := causal.Instrument(d, Level)
					return contained(e.AndersonRubin.Contains, 0.3), err
				}},
				{"two-stage least squares", Shown, func(d causal.Rows) (Reading, error) {
					e, err := causal.Instrument(d, Level)
					return wald(e.Effect.Estimate, e.Effect.StdError), err
				}},
			},
		})
	}
	return append(out, incrementalityStudies()...)
}

// drawTakeUp draws units of whom those who would buy anyway take the offer up more often.
func drawTakeUp(r *rand.Rand, n int, compliers float64, effect bool) causal.Rows {
	d := causal.Rows{}
	for i := range n {
		taste := r.NormFloat64()
		z, took, y := float64(i%2), 0.0, taste+r.NormFloat64()
		if z == 1 && r.Float64() < compliers*(1+math.Tanh(taste)/2) {
			took = 1
		}
		if effect {
			y += 0.3 * took
		}
		d.Y, d.D, d.Z = append(d.Y, y), append(d.D, took), append(d.Z, z)
	}
	return d
}

// contained is the reading of a set that need not be an interval: what it contains is zero, or the truth.
func contained(contains func(float64) bool, truth float64) Reading {
	out := Reading{PValue: 0, Difference: [2]float64{truth + 1, truth + 2}, Lift: [2]float64{math.NaN(), math.NaN()}}
	if contains(0) {
		out.PValue = 1
	}
	if contains(truth) {
		out.Difference = [2]float64{truth - 1, truth + 1}
	}
	return out
}

func incrementalityStudies() []Runner {
	// Cells are (orders, orders by Amazon Pay). A quarter of the extra Amazon Pay orders are extra orders; without an effect none is.
	shop := func(none, other, amazon float64) population {
		return population{cells: [][]float64{{0, 0}, {1, 0}, {1, 1}}, shares: []float64{none, other, amazon}}
	}
	control, moved, extra := shop(0.7, 0.25, 0.05), shop(0.7, 0.21, 0.09), shop(0.69, 0.22, 0.09)
	var out []Runner
	for _, n := range []int64{500, 5_000, 100_000} {
		out = append(out, Study[samples]{
			Family: "Incrementality", Experiments: closed, Difference: 0.25, Lift: math.NaN(),
			Regime: fmt.Sprintf("extra orders for each extra order by Amazon Pay, %d units a side", n),
			Draw: func(r *rand.Rand, effect bool) samples {
				source := moved
				if effect {
					source = extra
				}
				return drawMeans(source, control, n, n)(r, true)
			},
			Methods: []Method[samples]{
				{"ratio of differences, Fieller", Nominal, func(d samples) (Reading, error) {
					c, err := causal.CompareDifferences(d.treated, d.control)
					if err != nil {
						return Reading{}, err
					}
					out := contained(c.Set(Level).Contains, 0.25)
					out.PValue, out.Outside = c.PValue(0), c.Outside() != ""
					return out, nil
				}},
			},
		})
	}
	return out
}
