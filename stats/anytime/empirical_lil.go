package anytime

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/root"
)

// EmpiricalLIL is how far the empirical distribution function of n independent values may be from the true one, at any value and any n >=
// start: A sqrt((ln(1 + ln(n/start)) + C) / n), with C such that the chance of ever being farther is alpha at most (Howard
// and Ramdas 2022, theorem 2). A, above 1/sqrt 2, trades early for late width; 0 means 0.85, as they do.
func EmpiricalLIL(n, alpha, start, a float64) (float64, error) {
	if a == 0 {
		a = 0.85
	}
	if err := checkAlpha(alpha); err != nil {
		return 0, err
	}
	if err := positive("the start", start); err != nil {
		return 0, err
	}
	if !(n >= start) || math.IsInf(n, 0) {
		return 0, fmt.Errorf("%w: %v values before the start, %v", stats.ErrTooFew, n, start)
	}
	if !(a > math.Sqrt(0.5)*(1+1e-6)) || math.IsInf(a, 0) {
		return 0, fmt.Errorf("%w: A is %v, it must be above 0.708", stats.ErrInvalid, a)
	}
	// Near its limit A needs ever larger C.
	low, high := 1e-2, 1.0
	over := func(c float64) float64 { return lilError(a, c) - math.Log(alpha) }
	for over(high) > 0 {
		low, high = high, 2*high
	}
	c := root.Bracketed(over, low, high)
	return a * math.Sqrt((math.Log1p(math.Log(n/start))+c)/n), nil
}

// lilError is the least log error over the free parameter eta: 4 exp(-g C) (1 + 1/((g-1) ln eta)), g = (2/eta) (A - sqrt(2 (eta-1) / C))².
func lilError(a, c float64) float64 {
	at := func(logStep float64) float64 {
		eta := 1 + math.Exp(logStep)
		gap := a - math.Sqrt(2*(eta-1)/c)
		g := 2 / eta * gap * gap
		if gap <= 0 || g <= 1 {
			return math.Inf(1)
		}
		return math.Log(4) - g*c + math.Log1p(1/((g-1)*math.Log(eta)))
	}
	low, high := -40.0, math.Log(2*a*a-1)
	for range 200 { // golden section; the function has one minimum and is infinite beyond a point
		const golden = 0.6180339887498949
		x1, x2 := high-golden*(high-low), low+golden*(high-low)
		if at(x1) <= at(x2) {
			high = x2
		} else {
			low = x1
		}
	}
	return at((low + high) / 2)
}
