package adjust

import (
	"fmt"

	"liftgate/stats"
	"liftgate/stats/internal/magnitude"
)

// Rows are units: value, variant (1 the treatment, 0 the control) and covariates, each covariate as long as the values.
type Rows struct {
	Y, T []float64
	X    [][]float64
}

// check gives [stats.ErrInvalid] for columns that are not equally long, variants that are neither 0 nor 1, and values that are not finite.
func (r Rows) check() error {
	for k, column := range append([][]float64{r.Y, r.T}, r.X...) {
		if len(column) != len(r.Y) {
			return fmt.Errorf("%w: %d values, and a column of %d", stats.ErrInvalid, len(r.Y), len(column))
		}
		for i, v := range column {
			if !magnitude.Fits(v) || k == 1 && v != 0 && v != 1 {
				return fmt.Errorf("%w: unit %d has %v (column %d of value, variant, covariates)", stats.ErrInvalid, i, v, k)
			}
		}
	}
	return nil
}

// Moments are the two variants' moments of the value and the covariates.
func (r Rows) Moments() (treated, control stats.Moments, err error) {
	if err := r.check(); err != nil {
		return treated, control, err
	}
	unit := make([]float64, 1+len(r.X))
	for i, y := range r.Y {
		unit[0] = y
		for j, x := range r.X {
			unit[1+j] = x[i]
		}
		if r.T[i] == 1 {
			treated.Add(unit...)
		} else {
			control.Add(unit...)
		}
	}
	return treated, control, check(treated, control)
}
