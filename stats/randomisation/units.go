package randomisation

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/linear"
	"liftgate/stats/internal/magnitude"
)

// units are the clusters of a comparison, the treated ones first, as sums of the value and of the size that it is divided by, with what
// a regression on covariates within strata needs.
type units struct {
	treated int
	stratum []int
	value   []float64   // sum of values (numerators)
	size    []float64   // number of units, or sum of denominators
	values  [][]float64 // sums of (x - stratum's mean) value, by cluster and covariate
	sizes   [][]float64 // of (x - stratum's mean) times one, or the denominator
	away    [][]float64 // of x - stratum's mean
	factor  linear.Factor
	kept    []int // covariates of the regression
	total   float64
}

func newUnits(treated, control []stats.Moments, parts int, p *plan) (*units, error) {
	all := append(append(make([]stats.Moments, 0, p.n), treated...), control...)
	u := &units{treated: len(treated), stratum: make([]int, p.n)}
	for s := range p.strata {
		for _, i := range p.strata[s].members {
			u.stratum[i] = s
		}
	}
	dim := parts
	for i := range all {
		m := &all[i]
		if m.N == 0 {
			continue
		}
		dim = max(dim, m.Dim())
	}
	for i := range all {
		if err := check(&all[i], parts, dim); err != nil {
			return nil, fmt.Errorf("cluster %d: %w", i+1, err)
		}
		m := &all[i]
		value, size := m.Sum(0), float64(m.N)
		if parts == 2 {
			size = m.Sum(1)
		}
		u.value, u.size = append(u.value, value), append(u.size, size)
		u.total += size
	}
	if math.Abs(u.total) < magnitude.Smallest {
		return nil, fmt.Errorf("%w: no cluster has a denominator, so the ratio does not exist; wait for events or check the denominator", stats.ErrZeroDenominator)
	}
	if dim > parts {
		u.covariates(all, parts, dim-parts, p)
	}
	return u, nil
}

func check(m *stats.Moments, parts, dim int) error {
	if m.N == 0 {
		return nil
	}
	if m.N < 0 || m.Dim() != dim || len(m.Cross) != dim*(dim+1)/2 {
		return fmt.Errorf("%w: %d units with %d components (%d cross-products) for a metric of %d parts; others have %d", stats.ErrInvalid, m.N, m.Dim(), len(m.Cross), parts, dim)
	}
	for _, v := range m.Means {
		if !magnitude.Fits(v * float64(m.N)) {
			return fmt.Errorf("%w: a sum is %v: look for NaN, infinite and huge values in the data", stats.ErrInvalid, v*float64(m.N))
		}
	}
	if err := magnitude.Check(m.Cross, magnitude.LargestSquare); err != nil {
		return fmt.Errorf("%w: a cross-product %w", stats.ErrInvalid, err)
	}
	return nil
}

// covariates prepares the regression on the covariates that vary within strata and are no combination of others.
func (u *units) covariates(all []stats.Moments, parts, k int, p *plan) {
	means := stratumMeans(all, parts, k, p)
	var within stats.Moments // of the covariates around the strata's means
	for i := range all {
		if m := &all[i]; m.N > 0 {
			c := stats.Moments{N: m.N, Means: make([]float64, k)}
			for a := range k {
				c.Means[a] = m.Means[parts+a] - means[u.stratum[i]][a]
				for b := a; b < k; b++ {
					c.Cross = append(c.Cross, cross(m, parts+a, parts+b))
				}
			}
			within.Merge(&c)
		}
	}
	among := func(i, j int) float64 { return cross(&within, i, j) }
	var kept []int
	for j := range k {
		if linear.Alone(among, kept, j) > linear.Collinear {
			kept = append(kept, j)
		}
	}
	u.factor = linear.Cholesky(among, kept)
	u.kept = kept
	for i := range all {
		values, sizes, away := aroundStratum(&all[i], parts, kept, means[u.stratum[i]])
		u.values, u.sizes, u.away = append(u.values, values), append(u.sizes, sizes), append(u.away, away)
	}
}

func stratumMeans(all []stats.Moments, parts, k int, p *plan) [][]float64 {
	means := make([][]float64, len(p.strata))
	for s := range p.strata {
		n := 0.0
		means[s] = make([]float64, k)
		for _, i := range p.strata[s].members {
			n += float64(all[i].N)
			for a := range k {
				if all[i].N > 0 {
					means[s][a] += (all[i].Means[parts+a] - means[s][a]) * float64(all[i].N) / n
				}
			}
		}
	}
	return means
}

func aroundStratum(m *stats.Moments, parts int, kept []int, means []float64) (values, sizes, away []float64) {
	values, sizes, away = make([]float64, len(kept)), make([]float64, len(kept)), make([]float64, len(kept))
	if m.N == 0 {
		return values, sizes, away
	}
	for a, j := range kept {
		away[a] = float64(m.N) * (m.Means[parts+j] - means[j])
		values[a] = cross(m, 0, parts+j) + m.Means[0]*away[a]
		sizes[a] = away[a]
		if parts == 2 {
			sizes[a] = cross(m, 1, parts+j) + m.Means[1]*away[a]
		}
	}
	return values, sizes, away
}

func cross(m *stats.Moments, i, j int) float64 { return m.Cov(i, j) * float64(m.N-1) }

// mix is the sum over each cluster's units of a_g value + b_g size, less its regression on the covariates. Within each stratum it adds up
// to zero when a_g value + b_g size does.
func (u *units) mix(a, b []float64) []float64 {
	out, with := make([]float64, len(u.value)), make([]float64, len(u.kept))
	for i := range out {
		out[i] = a[i]*u.value[i] + b[i]*u.size[i]
		for j := range with {
			with[j] += a[i]*u.values[i][j] + b[i]*u.sizes[i][j]
		}
	}
	if len(u.kept) == 0 {
		return out
	}
	slopes := u.factor.Backward(u.factor.Forward(with))
	for i := range out {
		out[i] -= linear.Dot(slopes, u.away[i])
	}
	return out
}
