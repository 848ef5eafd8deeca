package randomisation

import (
	"fmt"

	"gonum.org/v1/gonum/mat"

	"liftgate/stats"
)

// Distance is that of [Balance], from the moments of two variants' covariates. Errors: stats.ErrInvalid where a covariate is constant or a
// combination of others.
func Distance(treated, control stats.Moments) (float64, error) {
	var all stats.Moments
	all.Merge(&treated)
	all.Merge(&control)
	if treated.N == 0 || control.N == 0 {
		return 0, fmt.Errorf("%w: %d and %d clusters to balance", stats.ErrInvalid, treated.N, control.N)
	}
	k := all.Dim()
	s, d := mat.NewSymDense(k, nil), mat.NewVecDense(k, nil)
	for i := range k {
		d.SetVec(i, treated.Means[i]-control.Means[i])
		for j := i; j < k; j++ {
			s.SetSym(i, j, all.Cov(i, j))
		}
	}
	var factor mat.Cholesky
	if !factor.Factorize(s) {
		return 0, fmt.Errorf("%w: a covariate to balance is constant or a combination of others", stats.ErrInvalid)
	}
	var x mat.VecDense
	if err := factor.SolveVecTo(&x, d); err != nil {
		return 0, fmt.Errorf("%w: the covariates to balance: %w", stats.ErrInvalid, err)
	}
	n1, n0 := float64(treated.N), float64(control.N)
	return n1 * n0 / (n1 + n0) * mat.Dot(d, &x), nil
}
