package bootstrap

import (
	"fmt"
	"math"

	"liftgate/stats"
)

// Options of a bootstrap. The zero value draws 1999 times with Poisson weights, seed 0, at the level of 0.95, in one goroutine.
type Options struct {
	Draws   int
	Seed    uint64
	Level   float64
	Scheme  Scheme
	Workers int // goroutines; the result does not depend on it
}

func (o Options) complete() (Options, error) {
	if o.Draws == 0 {
		o.Draws = 1999
	}
	if o.Level == 0 {
		o.Level = 0.95
	}
	if o.Scheme == "" {
		o.Scheme = Poisson
	}
	o.Workers = max(o.Workers, 1)
	switch {
	case o.Draws < 2 || o.Draws > 1e7:
		return o, fmt.Errorf("%w: %d draws", stats.ErrInvalid, o.Draws)
	case !(o.Level > 0 && o.Level < 1):
		return o, fmt.Errorf("%w: the level %v does not lie between 0 and 1", stats.ErrInvalid, o.Level)
	case o.Scheme != Poisson && o.Scheme != Multinomial:
		return o, fmt.Errorf("%w: unknown scheme %q", stats.ErrInvalid, o.Scheme)
	}
	return o, nil
}

// Comparison is the result of [Compare].
type Comparison struct {
	Draws              int
	Undefined          int // draws left out because a level did not exist in them
	Control, Treatment stats.Estimate
	Difference         Interval
	Lift               Interval // NaN where the control is zero or below, and in draws where it is
	Warnings           []string
}

// Compare resamples the units of the two variants, independently of each other, and gives the difference and the lift of their
// levels.
//
// Draws in which a level does not exist (no unit with a denominator) are left out and counted. A level that is no number,
// lengths that differ and unknown options give [stats.ErrInvalid], fewer than two units in a variant [stats.ErrTooFew], draws
// that never differ [stats.ErrNoVariance].
func Compare(treated, control Level, o Options) (Comparison, error) {
	o, err := o.complete()
	if err != nil {
		return Comparison{}, err
	}
	t, err := full("treatment", treated)
	if err != nil {
		return Comparison{}, err
	}
	c, err := full("control", control)
	if err != nil {
		return Comparison{}, err
	}
	s := samples{
		treated: sample{at: t, draws: draws(treated, o, treatedStream), without: jackknife(treated, t)},
		control: sample{at: c, draws: draws(control, o, controlStream), without: jackknife(control, c)},
	}
	out := Comparison{Draws: o.Draws, Undefined: s.drop()}
	if len(s.treated.draws) < 2 {
		return Comparison{}, fmt.Errorf("%w: a level exists in %d of %d draws", stats.ErrTooFew, len(s.treated.draws), o.Draws)
	}
	if out.Difference, err = s.interval(o.Level, func(t, c float64) float64 { return t - c }); err != nil {
		return Comparison{}, err
	}
	out.Treatment, out.Control = s.treated.estimate(o.Level), s.control.estimate(o.Level)
	out.Lift = undefined()
	if c > 0 {
		if lift, err := s.interval(o.Level, func(t, c float64) float64 { return t/c - 1 }); err == nil {
			out.Lift = lift
		}
	}
	if few := min(treated.Units(), control.Units()); few < 30 {
		out.Warnings = append(out.Warnings, fmt.Sprintf("only %d units in a variant: resampling them is too optimistic", few))
	}
	if math.IsNaN(out.Difference.Lower) {
		out.Warnings = append(out.Warnings, "all draws lie to one side of the estimate, so that its bias cannot be corrected: use more draws")
	}
	return out, nil
}
