package proportion

import (
	"errors"
	"fmt"
	"math"

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

// variance of the share. Its failures are counted: 1 - share has few digits left where they are rare.
func variance(b stats.Binomial) float64 {
	n := float64(b.N)
	return share(b) * (float64(b.N-b.Successes) / n) / n
}

// difference of the shares by cross-multiplication, whose rounding errors are put back: shares of large counts cancel.
func difference(treated, control stats.Binomial) float64 {
	x1, n1, x0, n0 := float64(treated.Successes), float64(treated.N), float64(control.Successes), float64(control.N)
	a, b := x1*n0, x0*n1
	return (a - b + (math.FMA(x1, n0, -a) - math.FMA(x0, n1, -b))) / (n1 * n0)
}
