package proportion

import (
	"math"

	"liftgate/stats"
)

// Newcombe is the hybrid score interval of the difference, treatment minus control (Newcombe 1998, method 10): the variants' Wilson
// limits put together in quadrature. Close to its level from a few events a variant; it inverts no test.
func Newcombe(treated, control stats.Binomial, level float64) (Limits, error) {
	if err := check(treated, control, level); err != nil {
		return Limits{}, err
	}
	z := critical(level)
	p1, p0, d := share(treated), share(control), difference(treated, control)
	w1, w0 := wilson(treated, z), wilson(control, z)
	return Limits{
		Estimate: d,
		Lower:    d - math.Hypot(p1-w1.Lower, w0.Upper-p0),
		Upper:    d + math.Hypot(w1.Upper-p1, p0-w0.Lower),
	}, nil
}
