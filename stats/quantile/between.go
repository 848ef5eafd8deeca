package quantile

import (
	"math"

	"liftgate/stats"
)

// bracketed is a contrast of levels that are known up to two buckets. The statistic of [stats.Levels] is linear in both levels, so its
// extremes are those at the buckets' ends.
type bracketed struct {
	stats.Contrast // of the middles
	ends           []end
}

// end is both levels at an end of their buckets.
type end struct {
	stats.Contrast
	treated, control float64
}

// between makes a contrast that holds those of all levels in the buckets of two estimates.
func between(levels stats.Levels, treated, control Estimate) (stats.Contrast, error) {
	middle, err := levels.Contrast()
	if err != nil {
		return nil, err
	}
	out := bracketed{Contrast: middle}
	for _, t := range []float64{treated.Least, treated.Most} {
		for _, c := range []float64{control.Least, control.Most} {
			levels.Treated, levels.Control = t, c
			contrast, err := levels.Contrast()
			if err != nil {
				return nil, err
			}
			out.ends = append(out.ends, end{contrast, t, c})
		}
	}
	return out, nil
}

// Difference is the middle's, with an interval that reaches over those of all ends.
func (b bracketed) Difference(level float64) stats.Estimate {
	out := b.Contrast.Difference(level)
	for _, e := range b.ends {
		d := e.Difference(level)
		out.Lower, out.Upper = min(out.Lower, d.Lower), max(out.Upper, d.Upper)
	}
	return out
}

// Lift is the middle's, with a set that holds those of all ends: one that is not bounded where one of theirs is not.
func (b bracketed) Lift(level float64) stats.Lift {
	out := b.Contrast.Lift(level)
	for _, e := range b.ends {
		l := e.Lift(level)
		switch {
		case out.Shape == stats.All || l.Shape == stats.Bounded && out.Shape != stats.Bounded:
		case l.Shape == stats.Bounded:
			out.Lower, out.Upper = min(out.Lower, l.Lower), max(out.Upper, l.Upper)
		default:
			out.Shape, out.Reason, out.Lower, out.Upper = l.Shape, l.Reason, l.Lower, l.Upper
		}
	}
	return out
}

func (b bracketed) PDifference(null float64) float64 {
	return b.largest(func(e *end) (deviation, p float64) { return e.treated - e.control - null, e.PDifference(null) })
}

func (b bracketed) PLift(null float64) float64 {
	return b.largest(func(e *end) (deviation, p float64) { return e.treated - (1+null)*e.control, e.PLift(null) })
}

// largest is the largest p-value of levels in the buckets: 1 where the deviation from the null may be nothing.
func (b bracketed) largest(of func(*end) (deviation, p float64)) float64 {
	low, high, largest := math.Inf(1), math.Inf(-1), 0.0
	for i := range b.ends {
		deviation, p := of(&b.ends[i])
		low, high, largest = min(low, deviation), max(high, deviation), max(largest, p)
	}
	if low <= 0 && high >= 0 {
		return 1
	}
	return largest
}
