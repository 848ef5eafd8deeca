package stats

import (
	"fmt"
	"math"

	"liftgate/stats/internal/linear"
)

// regression is a variant's least-squares fit of the value on the kept covariates, from moments.
type regression struct {
	*variant
	kept     []int
	slopes   []float64
	residual float64 // variance, divisor df
	df       float64 // n - 1 - len(kept)
	factor   linear.Factor
}

// regress fits a variant.
func regress(a *variant, kept []int) (*regression, error) {
	r := &regression{variant: a, kept: kept, df: a.n - 1 - float64(len(kept))}
	if r.df < 1 {
		return nil, fmt.Errorf("%w: the %s has %.0f for a regression on %d covariates: wait for more, or use fewer covariates", ErrTooFew, a.name, a.n, len(kept))
	}
	r.factor = linear.Cholesky(a.among, kept)
	with := make([]float64, len(kept))
	for i, j := range kept {
		with[i] = a.with[j]
	}
	half := r.factor.Forward(with)
	r.slopes = r.factor.Backward(half)
	r.residual = math.Max(a.variance-linear.Dot(half, half), 0) * ((a.n - 1) / r.df)
	return r, nil
}

// leverage is d'(X'X)⁻¹d for d = scale * shift.
func (r *regression) leverage(shift []float64, scale float64) float64 {
	half := r.factor.Forward(shift)
	return linear.Dot(half, half) * scale * scale / (r.n - 1)
}

// usable gives the covariates that both variants can be regressed on, and the others. Both keep the same ones, since slopes on
// different covariates cannot share a covariate mean.
func usable(a1, a0 *variant, covariates int) (kept, dropped []int) {
	for j := range covariates {
		if independent(a1, kept, j) && independent(a0, kept, j) {
			kept = append(kept, j)
			continue
		}
		dropped = append(dropped, j)
	}
	return kept, dropped
}

func independent(a *variant, kept []int, j int) bool {
	if math.Sqrt(math.Max(a.among(j, j), 0)) <= noise*math.Abs(a.means[j]) {
		return false
	}
	return linear.Alone(a.among, kept, j) > linear.Collinear
}
