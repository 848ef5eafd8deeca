package exact

import "math"

// scale is what the p-values of the hypotheses on both sides of an estimate are.
type scale struct {
	estimate     float64
	below, above profile
}

// profile is a one-sided p-value by hypothesis, from the estimate, where it is not looked up, outwards.
type profile struct {
	at, p  []float64
	pValue func(at float64) float64
}

// beyond is the largest p-value of the hypotheses from one on outwards; 0 where that lies inside of the estimate.
func (f profile) beyond(from float64) float64 {
	largest, side := 0.0, f.at[len(f.at)-1]-f.at[0]
	for i, at := range f.at {
		if i > 0 && (at-from)*side >= 0 && (from-f.at[0])*side >= 0 {
			largest = math.Max(largest, f.p[i])
		}
	}
	return largest
}

// limit is the outermost hypothesis whose p-value exceeds the tail.
func (f profile) limit(tail float64) float64 {
	last := len(f.at) - 1
	if last == 0 || f.p[last] > tail {
		return f.at[last]
	}
	i := last - 1
	for i > 0 && f.p[i] <= tail {
		i--
	}
	return outwards(func(at float64) float64 { return f.pValue(at) - tail }, f.at[i], f.at[i+1])
}

// limits include no difference, which is 0, where the p-value of the side says so.
func (s scale) limits(tail, less, greater float64) Limits {
	out := Limits{s.estimate, s.below.limit(tail), s.above.limit(tail)}
	if greater > tail {
		out.Lower = math.Min(out.Lower, 0)
	}
	if less > tail {
		out.Upper = math.Max(out.Upper, 0)
	}
	return out
}

func (o order) differences() scale {
	d := o.observed.Observed()
	return scale{d, o.profile(byDifference, 1, d, d, -1), o.profile(byDifference, -1, d, d, 1)}
}

// ratios are by their logarithm, but for the estimate. One of 0 or infinity is as good as a logarithm far out, and the search is centred
// where half a success more would put it.
func (o order) ratios() scale {
	const far = 30
	c := o.observed
	s := scale{estimate: c.X1 / c.N1 / (c.X0 / c.N0)}
	center := math.Log((c.X1 + 0.5) / (c.N1 + 1) / ((c.X0 + 0.5) / (c.N0 + 1)))
	lower, upper := math.Log(s.estimate), math.Log(s.estimate)
	if c.X1 == 0 || c.X0 == 0 {
		lower, upper = far, -far
	} else {
		center = lower
	}
	s.below, s.above = profile{at: []float64{math.Inf(-1)}}, profile{at: []float64{math.Inf(1)}}
	if c.X1 > 0 {
		s.below = o.profile(byRatio, 1, lower, center, -far)
	}
	if c.X0 > 0 {
		s.above = o.profile(byRatio, -1, upper, center, far)
	}
	return s
}

// profile looks p-values up from the center outwards, at distances that grow quadratically, and at no difference.
func (o order) profile(by func(float64) hypothesis, direction, estimate, center, out float64) profile {
	f := profile{at: []float64{estimate}, p: []float64{1}, pValue: func(at float64) float64 { return o.pValue(by(at), direction) }}
	if estimate == out {
		return f
	}
	const budget, fewest, most = 150_000, 64, 128
	n := min(max(budget/((o.base.n1+1)*(o.base.n0+1)), fewest), most)
	previous := estimate
	for i := range n + 1 {
		at := center + (out-center)*math.Pow(float64(i)/float64(n), 2)
		if previous*at < 0 {
			f.add(0)
		}
		if at != estimate {
			f.add(at)
		}
		previous = at
	}
	return f
}

func (f *profile) add(at float64) {
	f.at, f.p = append(f.at, at), append(f.p, f.pValue(at))
}

// outwards halves the way from a place where f is positive to one where it is not, and gives the place next to the crossing where it is
// not: on the outer side of a jump.
func outwards(f func(float64) float64, in, out float64) float64 {
	for math.Abs(out-in) > 1e-8 {
		if middle := (in + out) / 2; f(middle) > 0 {
			in = middle
		} else {
			out = middle
		}
	}
	return out
}
