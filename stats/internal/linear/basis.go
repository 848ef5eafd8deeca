package linear

import "math"

// Basis is an orthonormal basis of columns of data, with what makes each column of it: a QR factorisation that grows column by
// column and leaves out those that depend on the ones before. The zero value is empty.
type Basis struct {
	columns [][]float64 // Q
	made    Factor      // R', row by row
}

// Rank is the number of columns kept.
func (b *Basis) Rank() int { return len(b.columns) }

// Add takes in a column and says whether it is of use: whether more than the share [Collinear] of its square lies outside the others.
// Columns with a mean that is large against their spread should be centred first.
func (b *Basis) Add(column []float64) bool {
	rest, with := b.project(column)
	own, left := Dot(column, column), Dot(rest, rest)
	if !(left > math.Max(Collinear*own, least)) {
		return false
	}
	length := math.Sqrt(left)
	for i := range rest {
		rest[i] /= length
	}
	b.columns = append(b.columns, rest)
	b.made = append(b.made, append(with, length))
	return true
}

// Residual is what the columns leave of v.
func (b *Basis) Residual(v []float64) []float64 {
	rest, _ := b.project(v)
	return rest
}

// Coefficients are those of the least-squares fit of v on the kept columns, in their order.
func (b *Basis) Coefficients(v []float64) []float64 {
	_, with := b.project(v)
	return b.made.Backward(with)
}

// Leverage is the diagonal of the projection on the columns.
func (b *Basis) Leverage(n int) []float64 {
	h := make([]float64, n)
	for _, q := range b.columns {
		for i, x := range q {
			h[i] += x * x
		}
	}
	return h
}

// project gives what the columns leave of v, and its coordinates in them. Twice is enough: L. Giraud, J. Langou, M. Rozloznik,
// "The loss of orthogonality in the Gram-Schmidt orthogonalization process", Computers & Mathematics with Applications 50 (2005).
func (b *Basis) project(v []float64) (rest, with []float64) {
	rest = append([]float64(nil), v...)
	with = make([]float64, len(b.columns))
	for range 2 {
		for j, q := range b.columns {
			share := Dot(q, rest)
			with[j] += share
			for i := range rest {
				rest[i] -= share * q[i]
			}
		}
	}
	return rest, with
}
