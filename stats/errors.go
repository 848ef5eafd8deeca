package stats

import (
	"errors"
	"fmt"
	"math"
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

// arms are the names of the two sides in errors and warnings, in the order of the arguments.
const (
	treatedArm = "treatment"
	controlArm = "control"
)

// checkMoments says whether m can be used: at least dim components, two units, finite numbers, no negative sum of squares.
func checkMoments(arm string, m *Moments, dim int) error {
	if m.N < 2 {
		return fmt.Errorf("%w: the %s has %d, a variance needs 2: wait for more", ErrTooFew, arm, m.N)
	}
	if m.Dim() != dim || len(m.Cross) != dim*(dim+1)/2 {
		return fmt.Errorf("%w: the %s has moments of dimension %d (%d cross-products), not %d", ErrInvalid, arm, m.Dim(), len(m.Cross), dim)
	}
	for _, v := range m.Means {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("%w: a mean of the %s is %v: look for NaN or infinite values in the data", ErrInvalid, arm, v)
		}
	}
	for _, v := range m.Cross {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("%w: a cross-product of the %s is %v: look for values beyond 1e150 in the data", ErrInvalid, arm, v)
		}
	}
	for i := range dim {
		if m.Cov(i, i) < 0 {
			return fmt.Errorf("%w: component %d of the %s has a negative sum of squares", ErrInvalid, i, arm)
		}
	}
	return nil
}
