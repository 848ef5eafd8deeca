package dist

import "math"

// excessOver is a - (a+b)x, how far x lies below the mean, as if it were computed exactly: with parameters of 1e9 a tail is the
// exponential of a number that rounding at their size would move.
func excessOver(x, a, b float64) float64 {
	ax, bx := a*x, b*x
	first := a - ax
	lost := twoSumError(a, -ax, first)
	second := first - bx
	lost += twoSumError(first, -bx, second)
	return second + (lost - math.FMA(a, x, -ax) - math.FMA(b, x, -bx))
}

// twoSumError is the rounding error of sum = x + y (D. E. Knuth, The Art of Computer Programming 2, 4.2.2, theorem B).
func twoSumError(x, y, sum float64) float64 {
	virtual := sum - x
	return (x - (sum - virtual)) + (y - virtual)
}
