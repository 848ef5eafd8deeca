package calibration

import (
	"fmt"
	"math"
	"math/rand/v2"

	"liftgate/stats"
)

type samples struct {
	treated, control stats.Moments
	skewness         [2]float64 // treated, control
}

// read also judges the skewness, which the contrast does not see.
func (d samples) read(parts int) func(c stats.Contrast, err error) (Reading, error) {
	return func(c stats.Contrast, err error) (Reading, error) {
		out, err := read(c, err)
		if stats.OutsideSkewness(parts, d.treated, d.control, d.skewness[0], d.skewness[1]) != "" {
			out.Outside = true
		}
		return out, err
	}
}

func meanStudies() []Runner {
	var out []Runner
	for _, regime := range []struct {
		buyers, sigma    float64
		cap              float64 // share of buyers' values below it; 1: none
		treated, control int64
	}{
		{1, 0.25, 1, 50, 50},
		{1, 0.25, 1, 1_000, 1_000},
		{1, 1, 1, 50, 50},
		{1, 1, 1, 1_000, 1_000},
		{1, 1, 1, 10_000, 10_000},
		{1, 1, 1, 100, 900},
		{0.1, 1, 1, 50, 50},
		{0.1, 1, 1, 1_000, 1_000},
		{0.1, 1, 1, 20_000, 20_000},
		{0.1, 1, 1, 1_000_000, 1_000_000},
		{0.1, 1, 1, 10_000, 90_000},
		{0.01, 1.5, 1, 1_000, 1_000},
		{0.01, 1.5, 1, 100_000, 100_000},
		{0.01, 1.5, 0.999, 100_000, 100_000},
		{0.01, 1.5, 1, 1_000_000, 1_000_000},
		{0.01, 1.5, 0.999, 1_000_000, 1_000_000},
	} {
		control := money(regime.buyers, regime.sigma, regime.cap)
		treated := control.scaled(0, 1+lift)
		out = append(out, Study[samples]{
			Family: "Means of a skewed value", Experiments: closed,
			Regime: fmt.Sprintf("%g %% buyers, lognormal sigma %g%s, %d and %d units", 100*regime.buyers, regime.sigma, capped(regime.cap), regime.treated, regime.control),
			Lift:   lift, Difference: lift * control.mean(0),
			Draw: drawMeans(treated, control, regime.treated, regime.control),
			Methods: []Method[samples]{
				{"Welch, Fieller", Nominal, func(d samples) (Reading, error) {
					return d.read(1)(stats.CompareMeans(d.treated, d.control))
				}},
				{"z, plain delta", Shown, deltaMeans},
			},
		})
	}
	return out
}

func capped(share float64) string {
	if share == 1 {
		return ""
	}
	return fmt.Sprintf(" capped at %g %%", 100*share)
}

func drawMeans(treated, control population, n1, n0 int64) func(r *rand.Rand, effect bool) samples {
	return func(r *rand.Rand, effect bool) samples {
		var d samples
		source := control
		if effect {
			source = treated
		}
		d.treated, d.skewness[0] = source.sample(r, n1)
		d.control, d.skewness[1] = control.sample(r, n0)
		return d
	}
}

// deltaMeans takes both variances as known and the lift as normal.
func deltaMeans(d samples) (Reading, error) {
	m1, m0 := d.treated.Means[0], d.control.Means[0]
	v1, v0 := d.treated.Cov(0, 0)/float64(d.treated.N), d.control.Cov(0, 0)/float64(d.control.N)
	if v1+v0 == 0 || m0 == 0 {
		return Reading{}, stats.ErrNoVariance
	}
	out := wald(m1-m0, math.Sqrt(v1+v0))
	r := m1 / m0
	out.Lift = wald(r-1, math.Sqrt(v1+r*r*v0)/math.Abs(m0)).Difference
	return out, nil
}
