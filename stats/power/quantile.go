package power

import "liftgate/stats/quantile"

// QuantileOf is the metric of a quantile that was measured before, with the standard error that its units gave it.
func QuantileOf(e quantile.Estimate) Metric {
	return Metric{Level: e.Value, Variance: e.StdError * e.StdError * float64(e.Units)}
}
