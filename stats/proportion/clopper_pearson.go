package proportion

import (
	"errors"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
)

// ClopperPearson is the exact interval of one proportion (C. J. Clopper and E. S. Pearson, Biometrika 26 (1934) 404-413): each limit
// is the value at which the observed count or a more extreme one has probability (1-level)/2. It covers at least at its level for
// every proportion and n, often more.
func ClopperPearson(b stats.Binomial, level float64) (Interval, error) {
	if err := errors.Join(b.Check("sample"), checkLevel(level)); err != nil {
		return Interval{}, err
	}
	x, f, tail := float64(b.Successes), float64(b.N-b.Successes), (1-level)/2
	i := Interval{0, 1}
	if x > 0 {
		i.Lower = dist.BetaQuantile(tail, x, f+1)
	}
	if f > 0 {
		i.Upper = dist.BetaISF(tail, x+1, f)
	}
	return i, nil
}
