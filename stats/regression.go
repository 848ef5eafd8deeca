package stats

import (
	"fmt"
	"math"
	"strconv"
)

// regression is a variant's least-squares fit of the value on the kept covariates, from moments.
type regression struct {
	*variant
	kept     []int
	slopes   []float64
	residual float64 // variance, divisor df
	df       float64 // n - 1 - len(kept)
	factor   [][]float64
}

// regress fits a variant.
func regress(a *variant, kept []int) (*regression, error) {
	r := &regression{variant: a, kept: kept, df: a.n - 1 - float64(len(kept))}
	if r.df < 1 {
		return nil, fmt.Errorf("%w: the %s has %.0f for a regression on %d covariates: wait for more, or use fewer covariates", ErrTooFew, a.name, a.n, len(kept))
	}
	r.factor = cholesky(a, kept)
	with := make([]float64, len(kept))
	for i, j := range kept {
		with[i] = a.with[j]
	}
	half := forward(r.factor, with)
	r.slopes = backward(r.factor, half)
	r.residual = math.Max(a.variance-dot(half, half), 0) * ((a.n - 1) / r.df)
	return r, nil
}

// leverage is d'(X'X)⁻¹d for d = scale * shift.
func (r *regression) leverage(shift []float64, scale float64) float64 {
	half := forward(r.factor, shift)
	return dot(half, half) * scale * scale / (r.n - 1)
}

// collinear is the share of a covariate's variance that the covariates before it must leave unexplained for it to be kept: its
// square root is the precision that moments of doubles leave.
const collinear = 1e-10

// usable gives the covariates that both variants can be regressed on, and the names (numbers from 1) of the others. Both keep
// the same ones, since slopes on different covariates cannot share a covariate mean.
func usable(a1, a0 *variant, covariates int) (kept []int, dropped []string) {
	for j := range covariates {
		if independent(a1, kept, j) && independent(a0, kept, j) {
			kept = append(kept, j)
			continue
		}
		dropped = append(dropped, strconv.Itoa(j+1))
	}
	return kept, dropped
}

func independent(a *variant, kept []int, j int) bool {
	own := a.among(j, j)
	if own <= 0 || math.Sqrt(own) <= noise*math.Abs(a.means[j]) {
		return false
	}
	with := make([]float64, len(kept))
	for i, k := range kept {
		with[i] = a.among(k, j)
	}
	half := forward(cholesky(a, kept), with)
	return own-dot(half, half) > collinear*own
}

// cholesky is the lower triangular factor of the covariance of the kept covariates, which [usable] found to be positive definite.
func cholesky(a *variant, kept []int) [][]float64 {
	l := make([][]float64, len(kept))
	for i := range kept {
		l[i] = make([]float64, i+1)
		for j := range i + 1 {
			rest := a.among(kept[i], kept[j]) - dot(l[i][:j], l[j][:j])
			if i == j {
				l[i][i] = math.Sqrt(rest)
				continue
			}
			l[i][j] = rest / l[j][j]
		}
	}
	return l
}

// forward solves L x = b.
func forward(l [][]float64, b []float64) []float64 {
	x := make([]float64, len(l))
	for i := range l {
		x[i] = (b[i] - dot(l[i][:i], x[:i])) / l[i][i]
	}
	return x
}

// backward solves L' x = b.
func backward(l [][]float64, b []float64) []float64 {
	x := make([]float64, len(l))
	for i := len(l) - 1; i >= 0; i-- {
		rest := b[i]
		for j := i + 1; j < len(l); j++ {
			rest -= l[j][i] * x[j]
		}
		x[i] = rest / l[i][i]
	}
	return x
}
