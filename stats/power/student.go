package power

import (
	"math"

	"liftgate/stats/internal/dist"
	"liftgate/stats/internal/root"
)

// degrees of freedom of a variance that both variants share: things randomised, less two.
func (d Design) degrees(m Metric, control float64) float64 {
	return m.Clusters.randomised(control)*(1+d.ratio()) - 2
}

// studentPower is P(T > t_alpha) of the noncentral t distribution; with both tails, P(|T| > t_alpha). Below half a degree
// of freedom there is no test to speak of, so no power.
func (d Design) studentPower(noncentrality, degrees float64, bothTails bool) float64 {
	if !(degrees >= 0.5) {
		return 0
	}
	critical := dist.StudentISF(d.side(), degrees)
	switch { // where nothing but rounding is left
	case noncentrality < -certain:
		return 0
	case noncentrality > certain*math.Max(1, math.Abs(critical)):
		return 1
	}
	power := dist.NoncentralTSF(critical, degrees, noncentrality)
	if d.Sides != 1 && bothTails {
		power += dist.NoncentralTCDF(-critical, degrees, noncentrality)
	}
	return power
}

// certain is how many standard deviations no normal value, and no root of a mean square, ever deviates.
const certain = 40.0

// studentSize is the size at which Student's test has the design's power, from that of the normal approximation, which is too small.
func (d Design) studentSize(m Metric, h Hypothesis, c contrast, normal float64) float64 {
	short := func(n float64) float64 { return d.power(m, h, c, n) - d.Power }
	least := 2 * math.Max(m.Clusters.Size, 1) / (1 + d.ratio())
	high := math.Max(normal, least) + least
	for short(high) < 0 {
		high *= 2
	}
	return root.Bracketed(short, least, high)
}
