package stats

import (
	"errors"
	"fmt"
	"math"

	"liftgate/stats/internal/magnitude"
)

// Reasons why a procedure has no answer. The errors that procedures return wrap one of them and say which variant it is about
// and what to do. A hypothesis without an answer is not proven; it is never passed.
var (
	// ErrTooFew means that there are fewer units or categories than the procedure needs.
	ErrTooFew = errors.New("too few units")
	// ErrNoVariance means that no unit differs from another, so that nothing can be said about chance.
	ErrNoVariance = errors.New("no variance")
	// ErrZeroDenominator means that a ratio metric's denominator is zero in a variant.
	ErrZeroDenominator = errors.New("zero denominator")
	// ErrInvalid means input that no data can produce: negative counts, more successes than units, NaN, wrong dimension.
	ErrInvalid = errors.New("invalid input")
)

// The names of the two variants in errors and warnings.
const (
	treatmentName = "treatment"
	controlName   = "control"
)

// checkMoments says whether m can be used: at least dim components, two units, finite numbers, no negative sum of squares.
func checkMoments(name string, m *Moments, dim int) error {
	if m.N < 2 {
		return fmt.Errorf("%w: the %s has %d, a variance needs 2: wait for more", ErrTooFew, name, m.N)
	}
	if m.Dim() != dim || len(m.Cross) != dim*(dim+1)/2 {
		return fmt.Errorf("%w: the %s has moments of dimension %d (%d cross-products), not %d", ErrInvalid, name, m.Dim(), len(m.Cross), dim)
	}
	if err := magnitude.Check(m.Means, magnitude.Largest); err != nil {
		return fmt.Errorf("%w: a mean of the %s %w", ErrInvalid, name, err)
	}
	if err := magnitude.Check(m.Cross, magnitude.LargestSquare); err != nil {
		return fmt.Errorf("%w: a cross-product of the %s %w", ErrInvalid, name, err)
	}
	return checkCovariance(name, m)
}

// checkCovariance says whether the cross-products can be those of data: squares are not negative, and no covariance is larger
// than its variances allow. Rounding may break either by what a spread of 1e-7 of the mean would do.
func checkCovariance(name string, m *Moments) error {
	const rounding = 1e-7
	spread := make([]float64, m.Dim())
	for i, mean := range m.Means {
		slack := rounding * math.Abs(mean)
		if m.Cov(i, i) < -slack*slack {
			return fmt.Errorf("%w: component %d of the %s has a negative sum of squares", ErrInvalid, i, name)
		}
		spread[i] = (1+rounding)*math.Sqrt(max(m.Cov(i, i), 0)) + slack
		for j := range i {
			if math.Abs(m.Cov(i, j)) > spread[i]*spread[j] {
				return fmt.Errorf("%w: components %d and %d of the %s have a cross-product larger than their squares allow", ErrInvalid, j, i, name)
			}
		}
	}
	return nil
}
