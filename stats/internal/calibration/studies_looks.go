package calibration

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"

	"liftgate/stats"
	"liftgate/stats/anytime"
	"liftgate/stats/sequential"
)

// lookStudies look at a running experiment on every day. A method errs when it does so on any day: a false positive is a rejection at some look,
// and the intervals of all looks together must cover.
func lookStudies() []Runner {
	var out []Runner
	for _, looks := range []int{5, 14, 28} {
		const daily, p = 500, 0.1
		out = append(out, Study[[]binomials]{
			Family: "Looking every day", Experiments: closed, Difference: lift * p, Lift: lift,
			Regime: fmt.Sprintf("%d looks, 10 %% of %d units a day and side", looks, daily),
			Draw: func(r *rand.Rand, effect bool) []binomials {
				p1 := p
				if effect {
					p1 *= 1 + lift
				}
				path := make([]binomials, looks)
				var so binomials
				for day := range path {
					so.treated = added(so.treated, drawBinomial(r, daily, p1))
					so.control = added(so.control, drawBinomial(r, daily, p))
					path[day] = so
				}
				return path
			},
			Methods: []Method[[]binomials]{
				{"always-valid score test", Conservative, func(path []binomials) (Reading, error) {
					return anyLook(path, func(c stats.Contrast, units float64) (stats.Contrast, error) {
						return anytime.Contrast(c, units, anytime.Tuning{Target: float64(looks * daily)})
					})
				}},
				{"O'Brien-Fleming spending", Nominal, spending(looks, sequential.OBrienFleming)},
				{"Pocock spending", Nominal, spending(looks, sequential.Pocock)},
				{"a fixed test at every look", Shown, func(path []binomials) (Reading, error) {
					return anyLook(path, func(c stats.Contrast, _ float64) (stats.Contrast, error) { return c, nil })
				}},
			},
		})
	}
	return out
}

func added(a, b stats.Binomial) stats.Binomial {
	return stats.Binomial{Successes: a.Successes + b.Successes, N: a.N + b.N}
}

// anyLook takes the smallest p-value and the intersection of the intervals.
func anyLook(path []binomials, valid func(c stats.Contrast, units float64) (stats.Contrast, error)) (Reading, error) {
	infinite := [2]float64{math.Inf(-1), math.Inf(1)}
	out := Reading{PValue: 1, Difference: infinite, Lift: infinite}
	for _, d := range path {
		c, err := stats.CompareProportions(d.treated, d.control)
		if err != nil {
			return Reading{}, err
		}
		look, err := read(valid(c, float64(d.treated.N+d.control.N)))
		if err != nil {
			return Reading{}, err
		}
		out.PValue = min(out.PValue, look.PValue)
		out.Difference = within(out.Difference, look.Difference)
		out.Lift = within(out.Lift, look.Lift)
		out.Outside = out.Outside || look.Outside
	}
	return out, nil
}

func within(a, b [2]float64) [2]float64 { return [2]float64{max(a[0], b[0]), min(a[1], b[1])} }

// spending rejects when z crosses a bound at some look.
func spending(looks int, function sequential.Spending) func([]binomials) (Reading, error) {
	fractions := make([]float64, looks)
	for k := range fractions {
		fractions[k] = float64(k+1) / float64(looks)
	}
	bounds, err := sequential.Design{Alpha: 1 - Level, Spending: function}.Bounds(fractions)
	return func(path []binomials) (Reading, error) {
		if err != nil {
			return Reading{}, err
		}
		no := [2]float64{math.NaN(), math.NaN()}
		out := Reading{PValue: 1, Difference: no, Lift: no}
		for k, d := range path {
			c, err := stats.CompareProportions(d.treated, d.control)
			if err != nil {
				return Reading{}, err
			}
			if z := distuv.UnitNormal.Quantile(1 - c.PDifference(0)/2); z >= bounds.Upper[k] {
				out.PValue = 0
			}
		}
		return out, nil
	}
}
