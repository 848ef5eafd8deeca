package proportion

import (
	"math"

	"liftgate/stats"
)

// AgrestiCaffo is the Wald interval of the difference after a success and a failure are added to each variant (A. Agresti and B.
// Caffo, The American Statistician 54 (2000) 280-288). Estimate is the difference as observed; the interval is centred on the
// shrunk one, and at one or two units a variant may reach beyond -1 and 1. Conservative at few events.
func AgrestiCaffo(treated, control stats.Binomial, level float64) (Limits, error) {
	if err := check(treated, control, level); err != nil {
		return Limits{}, err
	}
	n1, n0 := float64(treated.N)+2, float64(control.N)+2
	p1, p0 := (float64(treated.Successes)+1)/n1, (float64(control.Successes)+1)/n0
	i := around(p1-p0, critical(level)*math.Sqrt(p1*(1-p1)/n1+p0*(1-p0)/n0))
	return Limits{difference(treated, control), i.Lower, i.Upper}, nil
}
