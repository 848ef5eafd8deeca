package proportion

import (
	"errors"
	"fmt"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
)

// Interval has a lower and an upper limit.
type Interval struct{ Lower, Upper float64 }

// Limits are an estimate with its interval.
type Limits struct{ Estimate, Lower, Upper float64 }

func checkLevel(level float64) error {
	if !(level > 0 && level < 1) {
		return fmt.Errorf("%w: a level of %v, it must lie between 0 and 1", stats.ErrInvalid, level)
	}
	return nil
}

// check is what all comparisons of two variants ask of their input.
func check(treated, control stats.Binomial, level float64) error {
	return errors.Join(treated.Check("treatment"), control.Check("control"), checkLevel(level))
}

// critical is the two-sided normal quantile at a level.
func critical(level float64) float64 { return dist.NormalISF((1 - level) / 2) }

func around(center, half float64) Interval { return Interval{center - half, center + half} }

func share(b stats.Binomial) float64 { return float64(b.Successes) / float64(b.N) }
