package adjust

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"liftgate/stats"
	"liftgate/stats/internal/linear"
)

// noise is the standard deviation, relative to the mean, below which a covariate counts as constant.
const noise = 1e-13

// usable gives the covariates that can be regressed on in every one of the samples, whose components 1 and on they are.
func usable(samples ...stats.Moments) (kept []int) {
	for j := range samples[0].Dim() - 1 {
		if usableIn(samples, kept, j) {
			kept = append(kept, j)
		}
	}
	return kept
}

func usableIn(samples []stats.Moments, kept []int, j int) bool {
	for _, m := range samples {
		spread := math.Sqrt(math.Max(m.Cov(1+j, 1+j), 0))
		if spread <= noise*math.Abs(m.Means[1+j]) || linear.Alone(among(m), kept, j) <= linear.Collinear {
			return false
		}
	}
	return true
}

// without are the places below n that are not kept.
func without(kept []int, n int) (dropped []int) {
	for j := range n {
		if !slices.Contains(kept, j) {
			dropped = append(dropped, j)
		}
	}
	return dropped
}

// among is the covariances of the covariates.
func among(m stats.Moments) linear.Matrix {
	return func(i, j int) float64 { return m.Cov(1+i, 1+j) }
}

func droppedWarnings(dropped []int) []string {
	if len(dropped) == 0 {
		return nil
	}
	numbers := make([]string, len(dropped))
	for i, j := range dropped {
		numbers[i] = strconv.Itoa(j + 1)
	}
	return []string{fmt.Sprintf("covariate %s dropped: constant, or a combination of the others", strings.Join(numbers, ", "))}
}

// check says whether two variants' moments are of a value and the same number of covariates, of units enough.
func check(treated, control stats.Moments) error {
	for _, m := range []stats.Moments{treated, control} {
		switch {
		case m.N < 2:
			return fmt.Errorf("%w: a variant has %d, a variance needs 2: wait for more", stats.ErrTooFew, m.N)
		case m.Dim() < 1 || m.Dim() != treated.Dim() || len(m.Cross) != m.Dim()*(m.Dim()+1)/2:
			return fmt.Errorf("%w: moments of dimension %d and %d", stats.ErrInvalid, treated.Dim(), control.Dim())
		}
		for _, v := range append(append([]float64(nil), m.Means...), m.Cross...) {
			if !(math.Abs(v) <= 1e150) {
				return fmt.Errorf("%w: a moment is %v: look for NaN, infinite and huge values in the data", stats.ErrInvalid, v)
			}
		}
	}
	return nil
}
