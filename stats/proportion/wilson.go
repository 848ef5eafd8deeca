package proportion

import (
	"errors"
	"math"

	"liftgate/stats"
)

// Wilson is the score interval of one proportion (E. B. Wilson, JASA 22 (1927) 209-212; Brown, Cai and DasGupta 2001, eq. 4): the values
// whose z test, with their own variance, does not reject. It errs on both sides of its level by about a point from 5 successes
// and failures on; a level that must never be missed takes [ClopperPearson].
func Wilson(b stats.Binomial, level float64) (Interval, error) {
	if err := errors.Join(b.Check("sample"), checkLevel(level)); err != nil {
		return Interval{}, err
	}
	return wilson(b, critical(level)), nil
}

func wilson(b stats.Binomial, z float64) Interval {
	x, n := float64(b.Successes), float64(b.N)
	spread := z * math.Sqrt(z*z+4*x*((n-x)/n))
	center := 2*x + z*z
	// The smaller root of (n + z²) p² - (2x + z²) p + x²/n = 0 as a quotient, so that nothing cancels at few successes.
	return Interval{2 * x * (x / n) / (center + spread), math.Min((center+spread)/(2*(n+z*z)), 1)}
}
