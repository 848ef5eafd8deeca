package cluster

import "liftgate/stats/internal/linear"

// triangle is the lower Cholesky factor L of the cross-products of the columns that were kept: those that are no combination of the ones
// before.
type triangle struct {
	kept   []int
	factor linear.Factor
}

// extend takes in column j of a symmetric matrix unless it is a combination of those before it, or nothing.
func (t *triangle) extend(s linear.Matrix, j int) bool {
	if linear.Alone(s, t.kept, j) <= linear.Collinear {
		return false
	}
	t.kept = append(append([]int{}, t.kept...), j)
	t.factor = linear.Cholesky(s, t.kept)
	return true
}

// solve gives L⁻¹ b of the kept components of b.
func (t *triangle) solve(b func(i int) float64) []float64 {
	kept := make([]float64, len(t.kept))
	for i, j := range t.kept {
		kept[i] = b(j)
	}
	return t.factor.Forward(kept)
}

// whiten gives L⁻¹ S L'⁻¹ of the kept rows and columns of a symmetric matrix, by rows.
func (t *triangle) whiten(s linear.Matrix) []float64 {
	k := len(t.kept)
	half := square(k)
	for j, column := range t.kept {
		for i, v := range t.solve(func(i int) float64 { return s(i, column) }) {
			half[i][j] = v
		}
	}
	out := make([]float64, k*k)
	for i := range k {
		copy(out[i*k:], t.factor.Forward(half[i]))
	}
	for i := range k {
		for j := range i {
			out[i*k+j] = out[j*k+i]
		}
	}
	return out
}
