package exact

import "math"

// exactness is how much of a p-value may be lost to outcomes that are left out as too improbable.
const exactness = 1e-10

// supremum is the largest probability of the region over the common proportion, and where it is reached. It is at least what it is at
// the proportion given.
func (r *region) supremum(proportion float64) (largest, at float64) {
	b := newBinomials(r.n1, r.n0)
	b.negligible = exactness * r.probability(b, proportion, proportion)
	return maximise(func(p float64) float64 { return r.probability(b, p, p) }, 0, 1, r.n1+r.n0)
}

// maximise finds the maximum over [from, to] within [0, 1] of a probability that depends on p through samples of n units in all.
//
// On the scale of the angle asin(sqrt(p)) a sample of n is a Gaussian blur of width 1/(2 sqrt(n)), so nothing varies much faster: a grid
// of a quarter of that sees every peak, and golden sections climb each that could be the highest.
func maximise(f func(p float64) float64, from, to float64, n int) (largest, at float64) {
	low, high := math.Asin(math.Sqrt(from)), math.Asin(math.Sqrt(to))
	g := func(angle float64) float64 { s := math.Sin(angle); return f(s * s) }
	points := int(math.Ceil((high-low)*8*math.Sqrt(float64(n)))) + 8
	step := (high - low) / float64(points)
	grid := make([]float64, points+1)
	for i := range grid {
		grid[i] = g(low + float64(i)*step)
		if grid[i] > largest {
			largest, at = grid[i], low+float64(i)*step
		}
	}
	for i, v := range grid {
		left, right := grid[max(i-1, 0)], grid[min(i+1, points)]
		if v < left || v < right {
			continue
		}
		// A parabola through the three overshoots the peak's height little; twice that is safe.
		if v+math.Max(v-left, v-right) < largest {
			continue
		}
		if top, where := climb(g, low+float64(max(i-1, 0))*step, low+float64(min(i+1, points))*step); top > largest {
			largest, at = top, where
		}
	}
	s := math.Sin(at)
	return largest, s * s
}

// climb finds the top of one peak by golden sections: its height is flat there, so 25 of them leave an error of 1e-10 of it.
func climb(f func(float64) float64, low, high float64) (top, at float64) {
	const golden = 0.6180339887498949
	l, r := high-golden*(high-low), low+golden*(high-low)
	fl, fr := f(l), f(r)
	for range 25 {
		if fl < fr {
			low, l, fl = l, r, fr
			r = low + golden*(high-low)
			fr = f(r)
		} else {
			high, r, fr = r, l, fl
			l = high - golden*(high-low)
			fl = f(l)
		}
	}
	if fl > fr {
		return fl, l
	}
	return fr, r
}
