package calibration

import (
	"math"

	"liftgate/stats"
)

// read takes a contrast's p-value against no effect and both intervals. A lift set that is not bounded covers what it does not exclude.
func read(c stats.Contrast, err error) (Reading, error) {
	if err != nil {
		return Reading{}, err
	}
	d, l := c.Difference(Level), c.Lift(Level)
	out := Reading{
		Outside: c.Outside() != "", PValue: c.PDifference(0),
		Difference: [2]float64{d.Lower, d.Upper}, Lift: [2]float64{l.Lower, l.Upper},
	}
	if l.Shape != stats.Bounded {
		out.Lift = [2]float64{math.Inf(-1), math.Inf(1)}
	}
	return out, nil
}

// wald is a normal interval of a difference.
func wald(difference, stdError float64) Reading {
	const z = 1.959963984540054
	return Reading{
		PValue:     math.Erfc(math.Abs(difference) / stdError / math.Sqrt2),
		Difference: [2]float64{difference - z*stdError, difference + z*stdError},
		Lift:       [2]float64{math.NaN(), math.NaN()},
	}
}
