package proportion

import (
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
)

// Odds is an odds ratio, odds(treatment)/odds(control), with the standard error of its logarithm and the interval that follows.
type Odds struct {
	OddsRatio, LogStdError float64
	Interval               Interval
	PValue                 float64 // two-sided, of the logarithm against 0
	Warnings               []string
}

// Woolf is the odds ratio with the Wald interval of its logarithm (B. Woolf, Annals of Human Genetics 19 (1955) 251-253). A cell
// without units leaves no interval, and a warning; see [Haldane], and [Score] for an interval that still exists.
func Woolf(treated, control stats.Binomial, level float64) (Odds, error) {
	return odds(treated, control, level, 0)
}

// Haldane is Woolf's with 1/2 added to all four cells (J. B. S. Haldane 1956, F. J. Anscombe 1956).
func Haldane(treated, control stats.Binomial, level float64) (Odds, error) {
	return odds(treated, control, level, 0.5)
}

func odds(treated, control stats.Binomial, level, added float64) (Odds, error) {
	if err := check(treated, control, level); err != nil {
		return Odds{}, err
	}
	x1, f1 := float64(treated.Successes)+added, float64(treated.N-treated.Successes)+added
	x0, f0 := float64(control.Successes)+added, float64(control.N-control.Successes)+added
	o := Odds{OddsRatio: x1 / f1 * (f0 / x0), LogStdError: math.Sqrt(1/x1 + 1/f1 + 1/x0 + 1/f0)}
	if math.IsInf(o.LogStdError, 1) {
		o.OddsRatio = (x1 * f0) / (x0 * f1)
		o.LogStdError, o.PValue, o.Interval = math.NaN(), math.NaN(), Interval{math.NaN(), math.NaN()}
		o.Warnings = []string{"a cell has no units, so the logarithm has no standard error: add 1/2 to each (Haldane), or use the score interval"}
		return o, nil
	}
	log := math.Log(o.OddsRatio)
	half := critical(level) * o.LogStdError
	o.Interval = Interval{math.Exp(log - half), math.Exp(log + half)}
	o.PValue = 2 * dist.NormalSF(math.Abs(log)/o.LogStdError)
	return o, nil
}
