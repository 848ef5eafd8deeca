package randomisation

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/mathext"

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

// passing is the share of assignments that a design accepts by default.
const passing = 0.01

// DefaultLimit is the Limit that one assignment in a hundred passes, by the chi-square distribution of distances. With several treatments
// each has to pass, so the share of one is larger.
func DefaultLimit(covariates, treatments int) float64 {
	share := math.Pow(passing, 1/float64(treatments))
	return 2 * mathext.GammaIncRegInv(float64(covariates)/2, share)
}

// criterion is a Balance in coordinates in which S is the identity.
type criterion struct {
	x []float64 // centred, k numbers a cluster
	// By four clusters and subset of them, k sums.
	subsets []float64
	k       int
	n1, n0  float64
	limit   float64
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
	c := &criterion{k: m.Dim(), n1: float64(n1), n0: float64(n0), limit: b.Limit}
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
		c.x = append(c.x, v.RawVector().Data...)
	}
	c.tabulate()
	return c, nil
}

// accepts says whether an assignment is balanced.
func (c *criterion) accepts(a assignment) bool {
	return c.of(a) <= c.limit*(1+1e-9)+math.SmallestNonzeroFloat64
}

// of is an assignment's distance. The centred sum over the treated is n1 n0 / n of the difference of means; four clusters are looked up at a
// time in a table of all their subsets.
func (c *criterion) of(a assignment) float64 {
	var few [8]float64
	sum := few[:]
	if c.k > len(few) {
		sum = make([]float64, c.k)
	}
	sum = sum[:c.k]
	for w, word := range a {
		for at := 16 * w; word != 0; at++ {
			row := (16*at + int(word&15)) * c.k
			for j, v := range c.subsets[row : row+c.k] {
				sum[j] += v
			}
			word >>= 4
		}
	}
	squares := 0.0
	for _, v := range sum {
		squares += v * v
	}
	return squares * (c.n1 + c.n0) / (c.n1 * c.n0)
}

// tabulate adds up the subsets of every four clusters.
func (c *criterion) tabulate() {
	n := len(c.x) / c.k
	c.subsets = make([]float64, (n+3)/4*16*c.k)
	for i := range n {
		table, bit := c.subsets[i/4*16*c.k:], 1<<(i%4)
		for subset := range bit {
			for j := range c.k {
				table[(bit+subset)*c.k+j] = table[subset*c.k+j] + c.x[i*c.k+j]
			}
		}
	}
}

// same says whether two criteria accept the same assignments.
func (c *criterion) same(o *criterion) bool {
	if c == nil || o == nil {
		return c == o
	}
	return c.k == o.k && c.n1 == o.n1 && c.n0 == o.n0 && c.limit == o.limit && slices.Equal(c.x, o.x)
}

// Distance is how far apart the two variants are, in the terms of Limit, which need not be set. Errors: stats.ErrInvalid.
func (b *Balance) Distance() (float64, error) {
	any := Balance{Treated: b.Treated, Control: b.Control, Limit: math.Inf(1)}
	p, err := newPlan(len(b.Treated), len(b.Control), Design{Balance: &any})
	if err != nil {
		return 0, err
	}
	return p.balance.of(p.observed()), nil
}
