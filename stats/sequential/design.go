package sequential

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
)

// Design is a test that may look early. Alpha and Spending must be given.
type Design struct {
	Alpha    float64 // level of the test: of both sides together when it has two
	Sides    int     // 0 and 2: two-sided, with half of alpha on each side; 1: one-sided
	Spending Spending
}

// Bounds are the critical values of a sequence of looks.
type Bounds struct {
	Fractions []float64 // information at each look, as a share of the planned maximum
	Upper     []float64 // reject for the better when Z >= Upper; +Inf where there is nothing to spend
	Lower     []float64 // reject for the worse, or stop for futility, when Z <= Lower; -Inf where nothing stops
	// CumAlpha is the error spent on one side by each look, StageLevel the nominal one-sided level P(Z >= Upper) of each.
	CumAlpha, StageLevel []float64
}

// closest is how near to each other two looks may be, as a share of the later one's information: the number of nodes grows with the
// inverse of its root.
const closest = 1e-4

// Bounds are those at which the error spent by each look is what the spending function allows at its fraction of the planned information.
// Beyond the plan (fractions above 1) all is spent at the first such look, and the correlation between looks follows the
// information there is, so fewer, more, late and uneven looks keep the level (Lan and DeMets 1983; DeMets and Lan 1994).
//
// Fractions must increase. Errors wrap [stats.ErrInvalid] and [stats.ErrTooFew].
func (d Design) Bounds(fractions []float64) (Bounds, error) {
	return d.bounds(fractions, false)
}

// bounds spends all that is left at the last look when that is final, wherever it is.
func (d Design) bounds(fractions []float64, final bool) (Bounds, error) {
	if err := d.check(); err != nil {
		return Bounds{}, err
	}
	if err := checkFractions(fractions); err != nil {
		return Bounds{}, err
	}
	b := Bounds{Fractions: fractions}
	spent := 0.0
	w := walk{}
	for k, t := range fractions {
		target := d.spent(t)
		if final && k == len(fractions)-1 {
			target = d.side()
		}
		target = math.Max(target, spent)
		upper := w.boundAbove(t, math.Log(target-spent))
		spent = target
		b.add(upper, d.opposite(upper), spent)
		if k+1 < len(fractions) {
			w.step(t, b.Lower[k], upper, fractions[k+1])
		}
	}
	return b, nil
}

func (b *Bounds) add(upper, lower, spent float64) {
	b.Upper = append(b.Upper, upper)
	b.Lower = append(b.Lower, lower)
	b.CumAlpha = append(b.CumAlpha, spent)
	b.StageLevel = append(b.StageLevel, dist.NormalSF(upper))
}

// spent is the error that one side may have spent by t.
func (d Design) spent(t float64) float64 {
	return math.Min(d.Spending(d.side(), math.Min(t, 1)), d.side())
}

// opposite is the lower bound that belongs to an upper one.
func (d Design) opposite(upper float64) float64 {
	if d.Sides == 1 {
		return math.Inf(-1)
	}
	return -upper
}

func (d Design) side() float64 {
	if d.Sides == 1 {
		return d.Alpha
	}
	return d.Alpha / 2
}

func (d Design) check() error {
	switch {
	case !(d.Alpha > 0 && d.Alpha < 1) || d.side() > 0.5:
		return fmt.Errorf("%w: a level of %v must lie between 0 and 1, and below 1/2 on a side", stats.ErrInvalid, d.Alpha)
	case d.Sides < 0 || d.Sides > 2:
		return fmt.Errorf("%w: a test has one or two sides, not %d", stats.ErrInvalid, d.Sides)
	case d.Spending == nil:
		return fmt.Errorf("%w: no spending function", stats.ErrInvalid)
	}
	for i := 1; i <= 16; i++ {
		before, at := d.Spending(d.side(), float64(i-1)/16), d.Spending(d.side(), float64(i)/16)
		if !(at >= 0 && at <= d.side()*(1+1e-9)) || i > 1 && at < before {
			return fmt.Errorf("%w: the spending function gives %v at %v/16 of the information, it must rise from 0 to %v", stats.ErrInvalid, at, i, d.side())
		}
	}
	return nil
}

func checkFractions(fractions []float64) error {
	if len(fractions) == 0 {
		return fmt.Errorf("%w: no looks", stats.ErrTooFew)
	}
	before := 0.0
	for k, t := range fractions {
		if !(t > 0) || math.IsInf(t, 0) {
			return fmt.Errorf("%w: look %d has a fraction %v of the information", stats.ErrInvalid, k+1, t)
		}
		if !(t-before >= closest*t) {
			return fmt.Errorf("%w: look %d adds no information to the one before (%v after %v): leave it out", stats.ErrInvalid, k+1, t, before)
		}
		before = t
	}
	return nil
}
