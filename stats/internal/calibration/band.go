package calibration

import "liftgate/stats"

// joint is the probability that all rates of the table lie in their bands when all methods keep their promise.
const joint = 0.999

// band is the range in which a rate lies with probability 1 - (1-joint)/numbers when its true value is p.
type band struct{ low, high int64 }

func bandOf(n int64, p float64, numbers int) band {
	tail := (1 - joint) / float64(numbers) / 2
	low := smallest(n, func(k int64) bool { return stats.BinomialCDF(k, n, p) > tail })
	high := smallest(n, func(k int64) bool { return stats.BinomialSF(k, n, p) <= tail })
	return band{low, high}
}

// smallest is the first k in [0, n] for which a monotone condition holds.
func smallest(n int64, holds func(k int64) bool) int64 {
	low, high := int64(0), n
	for low < high {
		middle := (low + high) / 2
		if holds(middle) {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return low
}

// inside is the share of experiments that may lie outside a method's region for the regime to count as inside it.
const inside = 0.01

// Promised says whether a method promises its error rate in the row's regime.
func (r Row) Promised() bool { return r.Kind != Shown && r.Outside <= inside }

// numbers are the rates of a row that must lie in a band.
func (r Row) numbers() int {
	n := 1
	for _, rate := range []Rate{r.Difference, r.Lift} {
		if rate.Of > 0 {
			n++
		}
	}
	return n
}

// Misses lists the rates of a row that leave their band, in a table of so many numbers. Where a method promises to be conservative,
// it may err less often.
func (r Row) Misses(numbers int) []string {
	var out []string
	check := func(name string, rate Rate, p float64) {
		if rate.Of == 0 {
			return
		}
		b := bandOf(rate.Of, p, numbers)
		low, high := rate.Hits < b.low, rate.Hits > b.high
		if r.Kind == Conservative {
			low, high = low && p > 0.5, high && p < 0.5
		}
		if low || high {
			out = append(out, name)
		}
	}
	check("false positives", r.FalsePositives, 1-Level)
	check("difference", r.Difference, Level)
	check("lift", r.Lift, Level)
	return out
}
