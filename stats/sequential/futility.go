package sequential

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
	"liftgate/stats/internal/root"
)

// Futility says when a design gives up because the planned effect has become unlikely.
type Futility struct {
	Beta     float64  // missed power
	Spending Spending // of beta
	// Binding bounds must be obeyed: the level counts on it, which lowers the upper bounds. Others may be overruled.
	Binding bool
}

// WithFutility are the bounds of a one-sided design with futility bounds by beta spending (Pampallona, Tsiatis, Kim 2001; Anderson and
// Clark 2010): under the drift of the planned effect, the probability of stopping at or below Lower, having crossed nothing before, is
// what the spending function allows. The drift is the one at which both bounds meet at the last look.
func (d Design) WithFutility(fractions []float64, f Futility) (Inflation, error) {
	if err := d.checkFutility(fractions, f); err != nil {
		return Inflation{}, err
	}
	fixed := dist.NormalISF(d.Alpha) + dist.NormalISF(f.Beta)
	free, err := d.Bounds(fractions)
	if err != nil {
		return Inflation{}, err
	}
	gap := func(drift float64) float64 {
		bounds, last := d.futile(free, f, drift)
		if len(bounds.Upper) < len(fractions) {
			return 1
		}
		return last - bounds.Upper[len(fractions)-1]
	}
	low, high := 0.8*fixed, 1.2*fixed
	for range 40 {
		if gap(low) <= 0 {
			break
		}
		low /= 1.2
	}
	for range 40 {
		if gap(high) >= 0 {
			break
		}
		high *= 1.2
	}
	drift := root.Bracketed(gap, low, high)
	bounds, last := d.futile(free, f, drift)
	if len(bounds.Upper) < len(fractions) || math.Abs(last-bounds.Upper[len(fractions)-1]) > 1e-6 {
		return Inflation{}, fmt.Errorf("%w: no size brings the futility bounds to meet the upper ones at the last look; spend less of beta early", stats.ErrInvalid)
	}
	bounds.Lower[len(fractions)-1] = bounds.Upper[len(fractions)-1]
	o, err := bounds.Operating(drift)
	factor := drift * drift / (fixed * fixed)
	return Inflation{bounds, drift, factor, factor * o.ExpectedInformation}, err
}

// futile computes the bounds at a drift, and what would be the last futility bound. They end where they meet.
func (d Design) futile(free Bounds, f Futility, drift float64) (Bounds, float64) {
	b := Bounds{Fractions: free.Fractions}
	null, alternative := walk{}, walk{drift: drift}
	spentAlpha, spentBeta := 0.0, 0.0
	last := len(free.Fractions) - 1
	for k, t := range free.Fractions {
		upper := free.Upper[k]
		if f.Binding {
			upper = null.boundAbove(t, math.Log(free.CumAlpha[k]-spentAlpha))
		}
		beta := f.Spending(f.Beta, math.Min(t, 1))
		lower := alternative.boundBelow(t, math.Log(beta-spentBeta))
		b.add(upper, math.Min(lower, upper), free.CumAlpha[k])
		if k == last || lower >= upper {
			b.Fractions = free.Fractions[:k+1]
			return b, lower
		}
		spentAlpha, spentBeta = free.CumAlpha[k], beta
		null.step(t, lower, upper, free.Fractions[k+1])
		alternative.step(t, lower, upper, free.Fractions[k+1])
	}
	return b, math.NaN()
}

func (d Design) checkFutility(fractions []float64, f Futility) error {
	if d.Sides != 1 {
		return fmt.Errorf("%w: futility bounds belong to a one-sided test", stats.ErrInvalid)
	}
	if len(fractions) == 0 || fractions[len(fractions)-1] < 1-1e-9 {
		return fmt.Errorf("%w: futility is planned up to the whole information, a fraction of 1", stats.ErrInvalid)
	}
	if err := checkPower(1-f.Beta, d.Alpha); err != nil {
		return err
	}
	return Design{Alpha: f.Beta, Sides: 1, Spending: f.Spending}.check()
}
