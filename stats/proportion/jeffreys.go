package proportion

import (
	"errors"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
)

// Jeffreys is the equal-tailed interval of the posterior Beta(x + 1/2, n - x + 1/2), with the limits at no success and no failure moved
// to 0 and 1 (Brown, Cai and DasGupta 2001, section 4.3): without that it never covers proportions next to the ends.
func Jeffreys(b stats.Binomial, level float64) (Interval, error) {
	i, err := JeffreysPlain(b, level)
	if err != nil {
		return i, err
	}
	if b.Successes == 0 {
		i.Lower = 0
	}
	if b.Successes == b.N {
		i.Upper = 1
	}
	return i, nil
}

// JeffreysPlain is the same with the posterior's quantiles as they are: a credible interval.
func JeffreysPlain(b stats.Binomial, level float64) (Interval, error) {
	if err := errors.Join(b.Check("sample"), checkLevel(level)); err != nil {
		return Interval{}, err
	}
	x, f, tail := float64(b.Successes)+0.5, float64(b.N-b.Successes)+0.5, (1-level)/2
	return Interval{dist.BetaQuantile(tail, x, f), dist.BetaISF(tail, x, f)}, nil
}
