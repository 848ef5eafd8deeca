package quantile

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"liftgate/stats"
	"liftgate/stats/internal/degrees"
	"liftgate/stats/internal/dist"
)

// Compare compares a quantile of rows between two variants whose rows come in units: the difference by Wald with each variant's
// standard error from its outer interval ([Summary.Estimate]), the lift by Fieller's theorem with the same ones. Degrees of
// freedom are Satterthwaite's.
//
// Valid, and conservative, from 40 effective units and 10 effective rows (rows over the design effect) beyond the quantile in
// each variant on. Where few different values lie in an outer interval its standard error is widened by [Estimate.Rounding].
// Quantiles of sketches are known up to their buckets: an interval then holds those of all levels in the buckets, and a p-value is the largest
// of theirs. [Summary.Estimate] lists the errors; where no variant's order statistics differ it is [stats.ErrNoVariance].
func Compare(treated, control Summary) (stats.Contrast, error) {
	if treated.Q != control.Q {
		return nil, fmt.Errorf("%w: the %v quantile against the %v quantile", stats.ErrInvalid, treated.Q, control.Q)
	}
	t, err1 := treated.Estimate()
	c, err0 := control.Estimate()
	if err := errors.Join(named("treatment", err1), named("control", err0)); err != nil {
		return nil, err
	}
	v1, v0 := t.variance(), c.variance()
	df := math.Inf(1)
	if v1+v0 > 0 {
		df = degrees.Satterthwaite([]float64{v1, v0}, []float64{t.DF, c.DF})
	}
	levels := stats.Levels{
		Method: "order-statistics", Treated: t.Value, Control: c.Value, VarTreated: v1, VarControl: v0,
		DF:       df,
		Outside:  both(t.Outside, c.Outside),
		Warnings: slices.Concat(prefixed("treatment", t.Warnings), prefixed("control", c.Warnings)),
	}
	if treated.Sketched == nil && control.Sketched == nil {
		return levels.Contrast()
	}
	return between(levels, t, c)
}

func (e *Estimate) variance() float64 {
	se := e.StdError + e.Rounding
	return se * se
}

// Wald is the difference of two quantiles with the interval of Deng, Knoblich and Lu (2018): normal, and without [Estimate.Rounding].
// [Compare] is what to decide by.
func Wald(treated, control Estimate, level float64) stats.Estimate {
	d, se := treated.Value-control.Value, math.Hypot(treated.StdError, control.StdError)
	half := dist.NormalISF((1-level)/2) * se
	return stats.Estimate{Estimate: d, StdError: se, Lower: d - half, Upper: d + half}
}

func named(variant string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", variant, err)
}

func prefixed(variant string, warnings []string) []string {
	out := slices.Clone(warnings)
	for i := range out {
		out[i] = variant + ": " + out[i]
	}
	return out
}

func both(treated, control string) string {
	var out []string
	if treated != "" {
		out = append(out, "treatment: "+treated)
	}
	if control != "" {
		out = append(out, "control: "+control)
	}
	return strings.Join(out, "; ")
}
