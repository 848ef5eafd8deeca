package cluster

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/linear"
)

// Regression is a least-squares fit on rows in clusters, from the clusters' cross-products.
type Regression struct {
	Coefficients []float64 // NaN where a regressor was dropped
	Dropped      []int     // regressors, from 0, that are a combination of those before them
	Clusters     int
	Rows         int64
	Rank         int

	clusters []*Sums
	total    Sums
	weight   float64 // mean weight: weights count relative to it
	l        triangle
	gamma    []float64 // coefficients in whitened coordinates
}

// Regress fits y = X b by ordinary least squares, or with weights by weighted least squares. An intercept is a regressor like others.
// Clusters without rows are left out. Errors: stats.ErrTooFew below two clusters or without more rows than regressors, stats.ErrInvalid.
func Regress(clusters []Sums) (*Regression, error) {
	r := &Regression{weight: 1}
	for i := range clusters {
		s := &clusters[i]
		if s.N == 0 {
			continue
		}
		k := len(s.X)
		if r.total.N > 0 {
			k = len(r.total.X)
		}
		if err := s.check(k); err != nil {
			return nil, fmt.Errorf("cluster %d: %w", i+1, err)
		}
		r.total.Merge(s)
		r.clusters = append(r.clusters, s)
	}
	r.Clusters, r.Rows = len(r.clusters), r.total.N
	if r.Clusters < 2 {
		return nil, fmt.Errorf("%w: %d clusters with rows, a variance needs 2: wait for more", stats.ErrTooFew, r.Clusters)
	}
	return r, r.fit()
}

func (r *Regression) fit() error {
	k := len(r.total.X)
	at := reader(r.total.weighted(), k)
	for j := range k {
		if !r.l.extend(at, j) {
			r.Dropped = append(r.Dropped, j)
		}
	}
	r.Rank = len(r.l.kept)
	if r.Rank == 0 || r.Rows <= int64(r.Rank) {
		return fmt.Errorf("%w: %d rows for %d regressors", stats.ErrTooFew, r.Rows, r.Rank)
	}
	if r.total.XWX != nil {
		r.weight = math.Sqrt(trace(r.total.XWWX, k) / trace(r.total.XX, k))
	}
	r.gamma = r.l.solve(func(j int) float64 { return r.total.weightedY()[j] })
	r.Coefficients = make([]float64, k)
	for i := range r.Coefficients {
		r.Coefficients[i] = math.NaN()
	}
	for i, b := range r.l.factor.Backward(r.gamma) {
		r.Coefficients[r.l.kept[i]] = b
	}
	return nil
}

func reader(m []float64, k int) func(i, j int) float64 {
	return func(i, j int) float64 { return m[i*k+j] }
}

func trace(m []float64, k int) float64 {
	total := 0.0
	for i := range k {
		total += m[i*k+i]
	}
	return total
}

// place is where regressor j stands among those kept.
func (r *Regression) place(j int) (int, error) {
	for i, have := range r.l.kept {
		if have == j {
			return i, nil
		}
	}
	return 0, fmt.Errorf("%w: regressor %d is not one of the %d, or a combination of those before it", stats.ErrInvalid, j, len(r.total.X))
}

// coordinates of a coefficient: b_j = c'gamma with X'WX = I.
func (r *Regression) coordinates(j int) ([]float64, error) {
	at, err := r.place(j)
	if err != nil {
		return nil, err
	}
	return r.l.solve(func(i int) float64 {
		if i == r.l.kept[at] {
			return 1
		}
		return 0
	}), nil
}

// whitened gives X'X of a cluster in coordinates in which the total X'WX is the identity.
func (r *Regression) whitened(m []float64) []float64 {
	return r.l.whiten(reader(m, len(r.total.X)))
}

// residual is L⁻¹ (X'y - X'X b) of a cluster, either with weights or without.
func (r *Regression) residual(xy, white []float64) []float64 {
	out := r.l.solve(func(j int) float64 { return xy[j] })
	k := r.Rank
	for i := range out {
		out[i] -= linear.Dot(white[i*k:(i+1)*k], r.gamma)
	}
	return out
}
