package dist

import "math"

// logIntegral is the logarithm of the integral over the line of the exponential of f, which has one hump, found from width on.
func logIntegral(f func(float64) float64, width float64) float64 {
	peak := summit(f, width)
	top := f(peak)
	const depth = 42 // e^-42 is less than a double's rounding
	low := foot(f, peak, -width, top-depth)
	high := foot(f, peak, width, top-depth)
	before := math.Inf(1)
	for n := 32; ; n *= 2 {
		h := (high - low) / float64(n)
		sum := 0.0
		for i := range n + 1 {
			sum += math.Exp(f(low+float64(i)*h) - top)
		}
		sum *= h
		if math.Abs(sum-before) <= 1e-13*sum || n >= 1<<16 {
			return top + math.Log(sum)
		}
		before = sum
	}
}

// summit finds the maximum of a function with one hump: steps that double until it is passed, then golden sections.
func summit(f func(float64) float64, step float64) float64 {
	x, fx := 0.0, f(0)
	if f(step) < fx {
		step = -step
	}
	before := x - step
	next := x + step
	for fn := f(next); fn > fx; fn = f(next) {
		before, x, fx = x, next, fn
		step *= 2
		next = x + step
	}
	low, high := math.Min(before, next), math.Max(before, next)
	const golden = 0.6180339887498949
	for range 40 { // the place matters little: only the feet hang on it
		l, r := high-golden*(high-low), low+golden*(high-low)
		if f(l) < f(r) {
			low = l
		} else {
			high = r
		}
	}
	return (low + high) / 2
}

// foot is where f has come down to a level, going from the peak in steps that double, then halving.
func foot(f func(float64) float64, peak, step, level float64) float64 {
	near, far := peak, peak+step
	for f(far) > level {
		near, far = far, far+2*(far-near)
	}
	for range 6 {
		if middle := (near + far) / 2; f(middle) > level {
			near = middle
		} else {
			far = middle
		}
	}
	return far
}
