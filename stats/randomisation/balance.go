package randomisation

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"liftgate/stats"
)

// Balance is the criterion of a re-randomised design: assignments were drawn until the Mahalanobis distance between the variants' means
// of cluster covariates was at most Limit (K. Morgan, D. Rubin, Annals of Statistics 40 (2012) 1263-1282),
//
//	n1 n0 / n (xbar_1 - xbar_0)' S⁻¹ (xbar_1 - xbar_0),
//
// S being the covariance (divisor n-1) of the covariates over all clusters, whatever their size.
type Balance struct {
	Treated, Control [][]float64 // covariates of each cluster
	Limit            float64
}

// criterion is a Balance in coordinates in which S is the identity.
type criterion struct {
	x        [][]float64 // centred, by cluster
	n1, n0   float64
	distance float64
}

func newCriterion(n1, n0 int, b *Balance) (*criterion, error) {
	if b == nil {
		return nil, nil
	}
	if len(b.Treated) != n1 || len(b.Control) != n0 || n1+n0 < 2 || !(b.Limit > 0) {
		return nil, fmt.Errorf("%w: a balance of %d and %d clusters with limit %v for %d and %d clusters", stats.ErrInvalid, len(b.Treated), len(b.Control), b.Limit, n1, n0)
	}
	rows := append(append([][]float64{}, b.Treated...), b.Control...)
	var m stats.Moments
	for _, row := range rows {
		if len(row) != len(rows[0]) || len(row) == 0 {
			return nil, fmt.Errorf("%w: clusters with %d and %d covariates to balance", stats.ErrInvalid, len(rows[0]), len(row))
		}
		m.Add(row...)
	}
	s := mat.NewSymDense(m.Dim(), nil)
	for i := range m.Dim() {
		for j := i; j < m.Dim(); j++ {
			s.SetSym(i, j, m.Cov(i, j))
		}
	}
	var factor mat.Cholesky
	if !factor.Factorize(s) {
		return nil, fmt.Errorf("%w: a covariate to balance is constant or a combination of others", stats.ErrInvalid)
	}
	c := &criterion{n1: float64(n1), n0: float64(n0), distance: b.Limit}
	var lower mat.TriDense
	factor.LTo(&lower)
	for _, row := range rows {
		v := mat.NewVecDense(len(row), nil)
		for j := range row {
			v.SetVec(j, row[j]-m.Means[j])
		}
		if err := v.SolveVec(&lower, v); err != nil {
			return nil, fmt.Errorf("%w: the covariates to balance: %w", stats.ErrInvalid, err)
		}
		c.x = append(c.x, v.RawVector().Data)
	}
	return c, nil
}

// accepts says whether an assignment is balanced. The centred sum over the treated is n1 n0 / n of the difference of means.
func (c *criterion) accepts(a assignment) bool {
	sum := make([]float64, len(c.x[0]))
	a.each(func(i int) {
		for j, v := range c.x[i] {
			sum[j] += v
		}
	})
	squares := 0.0
	for _, v := range sum {
		squares += v * v
	}
	return squares*(c.n1+c.n0)/(c.n1*c.n0) <= c.distance*(1+1e-9)+math.SmallestNonzeroFloat64
}
