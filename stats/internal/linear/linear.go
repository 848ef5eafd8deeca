// Package linear is the little linear algebra that regressions on a handful of covariates need: triangular factors of covariance
// matrices, and orthonormal bases of columns of data.
package linear

import "math"

// Dot is the inner product.
func Dot(a, b []float64) float64 {
	total := 0.0
	for i := range a {
		total += a[i] * b[i]
	}
	return total
}

// Quadratic is a'Mb.
func Quadratic(a []float64, m [][]float64, b []float64) float64 {
	total := 0.0
	for i := range a {
		total += a[i] * Dot(m[i], b)
	}
	return total
}

// Matrix gives the entries of a symmetric matrix.
type Matrix func(i, j int) float64

// Collinear is the share of its own variance that a covariate must have to itself, besides those before it, to be of use: the square
// of the precision that moments of doubles leave.
const Collinear = 1e-10

// least is the smallest square that has all its digits: below it, those of products run out where doubles end.
const least = 0x1p-970

// Alone is the share of the variance of covariate j that the kept ones leave unexplained, 0 without variance.
func Alone(m Matrix, kept []int, j int) float64 {
	own := m(j, j)
	if !(own > least) {
		return 0
	}
	with := make([]float64, len(kept))
	for i, k := range kept {
		with[i] = m(k, j)
	}
	half := Cholesky(m, kept).Forward(with)
	return 1 - Dot(half, half)/own
}

// Factor is a lower triangular matrix, row by row.
type Factor [][]float64

// Cholesky factors the kept rows and columns of m, which must be positive definite.
func Cholesky(m Matrix, kept []int) Factor {
	l := make(Factor, len(kept))
	for i := range kept {
		l[i] = make([]float64, i+1)
		for j := range i + 1 {
			rest := m(kept[i], kept[j]) - Dot(l[i][:j], l[j][:j])
			if i == j {
				l[i][i] = math.Sqrt(rest)
				continue
			}
			l[i][j] = rest / l[j][j]
		}
	}
	return l
}

// Forward solves L x = b.
func (l Factor) Forward(b []float64) []float64 {
	x := make([]float64, len(l))
	for i := range l {
		x[i] = (b[i] - Dot(l[i][:i], x[:i])) / l[i][i]
	}
	return x
}

// Backward solves L' x = b.
func (l Factor) Backward(b []float64) []float64 {
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
