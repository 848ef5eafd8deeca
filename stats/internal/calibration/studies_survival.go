package calibration

import (
	"fmt"
	"math"
	"math/rand/v2"

	"liftgate/stats"
	"liftgate/stats/survival"
)

type tables struct{ treated, control survival.Table }

// hazards a day of a dispute and of a refund, which rules disputes out, and how many days an order is followed.
const (
	dispute, refund   = 0.0008, 0.0012
	shortest, longest = 20.0, 120.0
	horizon           = 60.0
)

func survivalStudies() []Runner {
	incidence := func(hazard float64) float64 {
		return hazard / (hazard + refund) * -math.Expm1(-(hazard+refund)*horizon)
	}
	const raised = 1.5
	truth := incidence(dispute)
	var out []Runner
	for _, n := range []int{100, 500, 5_000} {
		out = append(out, Study[tables]{
			Family: "Late outcomes", Experiments: resampled,
			Regime:     fmt.Sprintf("disputes by day 60 with competing refunds, orders followed for 20 to 120 days, %d orders a side", n),
			Difference: incidence(raised*dispute) - truth, Lift: incidence(raised*dispute)/truth - 1,
			Draw: func(r *rand.Rand, effect bool) tables {
				hazard := dispute
				if effect {
					hazard *= raised
				}
				return tables{drawOrders(r, n, hazard), drawOrders(r, n, dispute)}
			},
			Methods: []Method[tables]{
				{"Aalen-Johansen", Nominal, func(d tables) (Reading, error) {
					return read(survival.CompareIncidences(d.treated, d.control, horizon))
				}},
				{"log-rank", Nominal, func(d tables) (Reading, error) {
					test, err := survival.LogRank(d.treated, d.control)
					no := [2]float64{math.NaN(), math.NaN()}
					return Reading{Outside: test.Observed+test.Expected < 20, PValue: test.PValue, Difference: no, Lift: no}, err
				}},
				{"share seen so far", Shown, seenSoFar},
			},
		})
	}
	return out
}

func drawOrders(r *rand.Rand, n int, hazard float64) survival.Table {
	times, causes := make([]float64, n), make([]int, n)
	for i := range n {
		end := shortest + (longest-shortest)*r.Float64()
		at := r.ExpFloat64() / (hazard + refund)
		switch {
		case at > end:
			times[i], causes[i] = end, survival.Censored
		case r.Float64() < hazard/(hazard+refund):
			times[i], causes[i] = at, survival.Event
		default:
			times[i], causes[i] = at, survival.Competing
		}
	}
	// Causes are in range and times positive, so there is a table.
	table, _ := survival.NewTable(times, causes)
	return table
}

// seenSoFar takes an order that is still followed for one without a dispute.
func seenSoFar(d tables) (Reading, error) {
	share := func(t survival.Table) stats.Binomial {
		b := stats.Binomial{N: t[0].AtRisk}
		for _, row := range t {
			if row.Time <= horizon {
				b.Successes += row.Events
			}
		}
		return b
	}
	return read(stats.CompareProportions(share(d.treated), share(d.control)))
}
