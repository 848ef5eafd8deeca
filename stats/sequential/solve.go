package sequential

import (
	"math"

	"liftgate/stats/internal/root"
)

// solve is the b with logTail(b) = logP, for a decreasing log tail and |b| <= reach. Tails are close to Gaussian, so on the scale of the
// square root of the logarithm the search is nearly linear.
func solve(logP float64, logTail func(float64) float64, reach float64) float64 {
	if math.IsInf(logP, -1) {
		return math.Inf(1)
	}
	if logTail(-reach) <= logP {
		return math.Inf(-1)
	}
	return root.Bracketed(func(b float64) float64 { return logTail(b) - logP }, -reach, reach)
}
