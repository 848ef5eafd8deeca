package calibration

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sync"

	"liftgate/stats/exact"
)

func exactStudies() []Runner {
	var out []Runner
	for _, regime := range []struct {
		p                float64
		treated, control int64
	}{{0.05, 40, 40}, {0.1, 20, 20}, {0.3, 15, 15}, {0.3, 10, 30}, {0.5, 12, 12}} {
		out = append(out, Study[binomials]{
			Family: "Exact tests of proportions", Experiments: closed,
			Regime:     fmt.Sprintf("%g %%, %d and %d units", 100*regime.p, regime.treated, regime.control),
			Difference: math.NaN(), Lift: math.NaN(),
			Draw: func(r *rand.Rand, _ bool) binomials {
				return binomials{drawBinomial(r, regime.treated, regime.p), drawBinomial(r, regime.control, regime.p)}
			},
			Methods: []Method[binomials]{
				{"Fisher", Conservative, once(func(d binomials) (float64, error) {
					test, err := exact.Fisher(d.treated, d.control, Level)
					return test.PValue, err
				})},
				{"Boschloo, doubled", Conservative, once(func(d binomials) (float64, error) {
					test, err := exact.Boschloo(d.treated, d.control)
					return test.PDoubled, err
				})},
				{"Boschloo, by Fisher", Conservative, once(func(d binomials) (float64, error) {
					test, err := exact.Boschloo(d.treated, d.control)
					return test.PFisherOrdered, err
				})},
				{"Barnard", Conservative, once(func(d binomials) (float64, error) {
					test, err := exact.Barnard(d.treated, d.control)
					return test.PValue, err
				})},
			},
		})
	}
	return out
}

// once computes the p-value of each table only once: few tables are possible.
func once(p func(binomials) (float64, error)) func(binomials) (Reading, error) {
	type answer struct {
		p   float64
		err error
	}
	var known sync.Map
	return func(d binomials) (Reading, error) {
		found, ok := known.Load(d)
		if !ok {
			value, err := p(d)
			found = answer{value, err}
			known.Store(d, found)
		}
		a := found.(answer)
		return Reading{PValue: a.p}, a.err
	}
}
