package cluster

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// whitened is a cluster in coordinates in which the regressors' cross-products over all clusters are the identity: X'X = I. Then the
// hat matrix of its rows is X_g X_g', whose eigenvalues are those of the small matrix X_g'X_g.
type whitened struct {
	gram  []float64 // X_g'X_g, k x k by rows
	score []float64 // X_g'e_g, e_g being the residuals
}

// corrected is what the CR2 correction makes of a cluster, for one coefficient: q = (I - H_gg)^(-1/2) X_g c.
type corrected struct {
	score float64   // q'e_g
	norm  float64   // q'q
	with  []float64 // X_g'q
}

// determined is how near to 1 an eigenvalue of H_gg must be for the cluster to fit itself in that direction: it then says nothing
// there, and the inverse is the generalised one.
const determined = 1e-9

// eigen is a workspace for clusters of one dimension.
type eigen struct {
	k       int
	values  []float64
	vectors *mat.Dense
	solver  mat.EigenSym
}

func newEigen(k int) *eigen {
	return &eigen{k: k, values: make([]float64, k), vectors: mat.NewDense(k, k, nil)}
}

// of decomposes a symmetric matrix.
func (w *eigen) of(a []float64) bool {
	switch w.k {
	case 1:
		w.values[0] = a[0]
		w.vectors.Set(0, 0, 1)
		return true
	case 2:
		w.pair(a[0], a[1], a[3])
		return true
	}
	if !w.solver.Factorize(mat.NewSymDense(w.k, a), true) {
		return false
	}
	w.solver.Values(w.values)
	w.solver.VectorsTo(w.vectors)
	return true
}

// pair is the closed form of [[a, b], [b, d]]: one Jacobi rotation.
func (w *eigen) pair(a, b, d float64) {
	c, s := 1.0, 0.0
	if b != 0 {
		tau := (d - a) / (2 * b)
		t := 1 / (math.Abs(tau) + math.Hypot(1, tau))
		if tau < 0 {
			t = -t
		}
		c = 1 / math.Hypot(1, t)
		s = t * c
		a, d = a-t*b, d+t*b
	}
	w.values[0], w.values[1] = a, d
	w.vectors.Set(0, 0, c)
	w.vectors.Set(1, 0, -s)
	w.vectors.Set(0, 1, s)
	w.vectors.Set(1, 1, c)
}

// correct applies (I - H_gg)^(-1/2).
func (w *eigen) correct(g whitened, c []float64) (corrected, bool) {
	out := corrected{with: make([]float64, w.k)}
	if !w.of(g.gram) {
		return out, false
	}
	for j, value := range w.values {
		rest := 1 - value
		if rest <= determined {
			continue
		}
		root := 1 / math.Sqrt(rest)
		along, score := 0.0, 0.0
		for i := range c {
			v := w.vectors.At(i, j)
			along += v * c[i]
			score += v * g.score[i]
		}
		out.score += along * root * score
		out.norm += along * along * root * root * value
		for i := range c {
			out.with[i] += w.vectors.At(i, j) * along * root * value
		}
	}
	return out, true
}

// times scales q.
func (c corrected) times(f float64) corrected {
	out := corrected{score: f * c.score, norm: f * f * c.norm, with: make([]float64, len(c.with))}
	for i, v := range c.with {
		out.with[i] = f * v
	}
	return out
}
