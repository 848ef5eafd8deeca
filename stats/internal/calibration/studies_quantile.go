package calibration

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"

	"liftgate/stats/quantile"
)

// rows are values with the unit of each.
type rows struct {
	values []float64
	units  []int
}

// drawRows draws 1 to 10 lognormal values a unit, which share a third of their log variance.
func drawRows(r *rand.Rand, units int, scale float64) rows {
	var d rows
	for u := range units {
		own := math.Sqrt(1.0/3) * r.NormFloat64()
		for range 1 + r.IntN(10) {
			d.values = append(d.values, scale*math.Exp(own+math.Sqrt(2.0/3)*r.NormFloat64()))
			d.units = append(d.units, u)
		}
	}
	return d
}

type twoRows struct{ treated, control rows }

func quantileStudies() []Runner {
	var out []Runner
	for _, regime := range []struct {
		q     float64
		units int
	}{{0.5, 50}, {0.5, 500}, {0.5, 5_000}, {0.95, 50}, {0.95, 500}, {0.95, 5_000}, {0.99, 500}, {0.99, 5_000}} {
		value := math.Exp(distuv.UnitNormal.Quantile(regime.q))
		out = append(out, Study[twoRows]{
			Family: "Quantiles of clustered rows", Experiments: resampled,
			Regime: fmt.Sprintf("quantile %g, %d units a side with 1 to 10 rows each", regime.q, regime.units),
			Lift:   lift, Difference: lift * value,
			Draw: func(r *rand.Rand, effect bool) twoRows {
				scale := 1.0
				if effect {
					scale += lift
				}
				return twoRows{drawRows(r, regime.units, scale), drawRows(r, regime.units, 1)}
			},
			Methods: []Method[twoRows]{
				{"order statistics, clustered", Conservative, func(d twoRows) (Reading, error) {
					return readQuantiles(regime.q, d, true)
				}},
				{"rows as if independent", Shown, func(d twoRows) (Reading, error) {
					return readQuantiles(regime.q, d, false)
				}},
			},
		})
	}
	return out
}

func readQuantiles(q float64, d twoRows, clustered bool) (Reading, error) {
	summary := func(r rows) (quantile.Summary, error) {
		if !clustered {
			r.units = nil
		}
		return quantile.Summarise(q, r.values, r.units)
	}
	treated, err := summary(d.treated)
	if err != nil {
		return Reading{}, err
	}
	control, err := summary(d.control)
	if err != nil {
		return Reading{}, err
	}
	return read(quantile.Compare(treated, control))
}
