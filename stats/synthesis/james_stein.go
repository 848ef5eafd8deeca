package synthesis

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/magnitude"
)

// Shrunk is estimates drawn together by one factor, in [0, 1].
type Shrunk struct {
	Target    float64 // towards which
	Factor    float64 // the share of each estimate's distance to the target that is left
	Estimates []float64
}

// JamesSteinZero draws k independent estimates of one known standard error towards zero,
//
//	(1 - (k-2) se² / sum x²)₊ x:
//
// James and Stein (1961), positive part by Baranchik (1964). Their total squared error is below that of the estimates themselves from k =
// 3 on; below that they stay as they are. No estimates give [stats.ErrTooFew], numbers that are not finite and a standard error that is
// not positive [stats.ErrInvalid].
func JamesSteinZero(estimates []float64, stdError float64) (Shrunk, error) {
	return shrink(estimates, stdError, 0, 2)
}

// JamesSteinMean draws them towards their mean,
//
//	mean + (1 - (k-3) se² / sum (x - mean)²)₊ (x - mean):
//
// Efron and Morris (1975), section 2, for k of 4 and more. Errors as [JamesSteinZero].
func JamesSteinMean(estimates []float64, stdError float64) (Shrunk, error) {
	mean := 0.0
	for _, x := range estimates {
		mean += x / float64(len(estimates))
	}
	return shrink(estimates, stdError, mean, 3)
}

func shrink(estimates []float64, stdError, target float64, spent int) (Shrunk, error) {
	if len(estimates) == 0 {
		return Shrunk{}, fmt.Errorf("%w: no estimates", stats.ErrTooFew)
	}
	if !(stdError > 0 && stdError <= magnitude.Largest) {
		return Shrunk{}, fmt.Errorf("%w: a standard error of %v", stats.ErrInvalid, stdError)
	}
	squares := 0.0
	for i, x := range estimates {
		if !magnitude.Fits(x) {
			return Shrunk{}, fmt.Errorf("%w: estimate %d is %v", stats.ErrInvalid, i+1, x)
		}
		squares += (x - target) / stdError * ((x - target) / stdError)
	}
	s := Shrunk{Target: target, Factor: 1}
	if free := float64(len(estimates) - spent); free > 0 {
		s.Factor = math.Max(0, 1-free/squares)
	}
	for _, x := range estimates {
		s.Estimates = append(s.Estimates, target+s.Factor*(x-target))
	}
	return s, nil
}
