package cluster

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"liftgate/stats"
)

// weighted takes in a cluster with weights. The rows' part of (I-H)(I-H)' is I + Z C Z' with Z = [X, WX] and, in whitened coordinates,
//
//	C = [[Q, -I], [-I, 0]],  Q = X'W²X over all clusters,
//
// so everything happens in the space of Z's columns, of which Z'Z is known.
func (t *tally) weighted(s *Sums) error {
	k := t.r.Rank
	once := t.r.whitened(s.weighted())
	score := t.r.residual(s.weightedY(), once)
	if !t.solver.of(once) {
		return fmt.Errorf("%w: %w", stats.ErrInvalid, errDecomposition)
	}
	if t.model.c == nil {
		t.model.c = t.r.weightedMiddle()
	}
	// Columns of Z: X times the mean weight, and WX, so that both are of one size.
	w := t.r.weight
	none, twice := t.r.whitened(s.XX), t.r.whitened(s.weightedTwice())
	gram := mat.NewSymDense(2*k, nil)
	for i := range k {
		for j := range k {
			gram.SetSym(i, j, none[i*k+j]*w*w)
			gram.SetSym(k+i, k+j, twice[i*k+j])
			gram.SetSym(i, k+j, once[i*k+j]*w)
		}
	}
	ze := append(t.r.residual(s.XY, none), score...)
	for i := range k {
		ze[i] *= w
	}
	out, err := correctWeighted(gram, t.model.c, append(make([]float64, k), t.c...), ze)
	if err != nil {
		return err
	}
	t.add(score, out)
	return nil
}

// weightedMiddle is C for Z = [w X, WX].
func (r *Regression) weightedMiddle() [][]float64 {
	k := r.Rank
	total := r.whitened(r.total.XWWX)
	c := square(2 * k)
	for i := range k {
		c[i][k+i], c[k+i][i] = -1/r.weight, -1/r.weight
		for j := range k {
			c[i][j] = total[i*k+j] / (r.weight * r.weight)
		}
	}
	return c
}

// correctWeighted gives q = (I + Z C Z')^(-1/2) Z v, generalised, of a cluster with Z'Z and Z'e.
func correctWeighted(gram *mat.SymDense, c [][]float64, v, ze []float64) (corrected, error) {
	n := len(v)
	var outer, inner mat.EigenSym
	var e, u mat.Dense
	if !outer.Factorize(gram, true) {
		return corrected{}, fmt.Errorf("%w: %w", stats.ErrInvalid, errDecomposition)
	}
	outer.VectorsTo(&e)
	r, unit := basis(outer.Values(nil), &e, ze)
	middle := mat.NewDense(n, n, nil)
	for i := range n {
		middle.SetRow(i, c[i])
	}
	var rc, rcr mat.Dense
	rc.Mul(r, middle)
	rcr.Mul(&rc, r.T())
	if !inner.Factorize(symmetric(&rcr), true) {
		return corrected{}, fmt.Errorf("%w: %w", stats.ErrInvalid, errDecomposition)
	}
	inner.VectorsTo(&u)
	var rv, along, score, q, with mat.VecDense
	rv.MulVec(r, mat.NewVecDense(n, v))
	along.MulVec(u.T(), &rv)
	score.MulVec(u.T(), unit)
	out := corrected{}
	for i, d := range inner.Values(nil) {
		a := 0.0
		if 1+d > determined {
			a = along.AtVec(i) / math.Sqrt(1+d)
		}
		along.SetVec(i, a)
		out.score += a * score.AtVec(i)
		out.norm += a * a
	}
	q.MulVec(&u, &along)
	with.MulVec(r.T(), &q)
	out.with = with.RawVector().Data
	return out, nil
}

// basis gives R = Lambda^(1/2) E' over the directions that the cluster has, so that Z = B R with B'B = I, and B'e.
func basis(lambda []float64, e *mat.Dense, ze []float64) (r *mat.Dense, unit *mat.VecDense) {
	n := len(lambda)
	r, unit = mat.NewDense(n, n, nil), mat.NewVecDense(n, nil)
	for i, value := range lambda {
		if value <= 1e-11*lambda[n-1] {
			continue
		}
		root, along := math.Sqrt(value), 0.0
		for j := range n {
			r.Set(i, j, root*e.At(j, i))
			along += e.At(j, i) * ze[j]
		}
		unit.SetVec(i, along/root)
	}
	return r, unit
}

func symmetric(m *mat.Dense) *mat.SymDense {
	n, _ := m.Dims()
	out := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			out.SetSym(i, j, (m.At(i, j)+m.At(j, i))/2)
		}
	}
	return out
}
