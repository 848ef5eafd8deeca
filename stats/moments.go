package stats

import (
	"fmt"
	"math"
)

// Moments are the count, means and centred cross-products of a vector measured on independent units. They are mergeable, and
// they are all that the procedures of this package see of the data.
//
// The zero value is ready to use; the first Add or Merge fixes the dimension.
//
// Updating: B. P. Welford, Technometrics 4 (1962) 419-420. Merging: T. F. Chan, G. H. Golub, R. J. LeVeque, "Updating formulae
// and a pairwise algorithm for computing sample variances" (1979), eq. 2.1, with the difference of the means compensated.
//
// What holds, with u = 2^-53: a merge of means that lie d apart leaves an error of at most u|mean| + 4ud, so two orders of k merges agree
// within 2k of that; sums of squares add up with an error of 8u each. A mean that a double cannot hold costs
// squares 2u|mean| times the distance merged: values around 1e9 with variance 1 keep 8 digits of it. Add rounds
// the mean once a unit: beyond 1e6 units that lie far from zero, fill parts and merge them.
type Moments struct {
	N     int64
	Means []float64
	Cross []float64 // sums of (x_i - mean_i)(x_j - mean_j), i <= j, row by row: (0,0), (0,1), …, (1,1), …
}

// Dim is the length of the vector, 0 before anything was added.
func (m *Moments) Dim() int { return len(m.Means) }

// Add takes in one unit. It panics when x is not as long as the vectors before it.
func (m *Moments) Add(x ...float64) {
	m.grow(len(x))
	m.N++
	if m.N == 1 {
		copy(m.Means, x)
		return
	}
	n := float64(m.N)
	k := 0
	for i := range x {
		di := x[i] - m.Means[i]
		for j := i; j < len(x); j++ {
			m.Cross[k] += di * (x[j] - m.Means[j]) * ((n - 1) / n)
			k++
		}
	}
	for i := range x {
		m.Means[i] += (x[i] - m.Means[i]) / n
	}
}

// Merge takes in all units of o.
func (m *Moments) Merge(o *Moments) {
	if o.N == 0 {
		return
	}
	m.grow(o.Dim())
	if m.N == 0 {
		m.N = o.N
		copy(m.Means, o.Means)
		copy(m.Cross, o.Cross)
		return
	}
	n, other := float64(m.N), float64(o.N)
	total := n + other
	k := 0
	for i := range o.Means {
		di := (o.Means[i] - m.Means[i]) * (n / total) * other
		for j := i; j < len(o.Means); j++ {
			m.Cross[k] += math.FMA(di, o.Means[j]-m.Means[j], o.Cross[k])
			k++
		}
	}
	for i := range o.Means {
		m.Means[i] = between(m.Means[i], o.Means[i], n, other)
	}
	m.N += o.N
}

// between is the mean of n units at a and other units at b, taken from the closer end with the rounding of b-a made good: the result is
// rounded once, wherever the means lie.
func between(a, b, n, other float64) float64 {
	if n < other || n == other && b < a { // the same either way round
		a, b, n, other = b, a, other, n
	}
	gap := b - a
	virtual := gap + a
	lost := (b - virtual) - (a - (virtual - gap))
	return math.FMA(gap, other/(n+other), a) + lost*(other/(n+other))
}

func (m *Moments) grow(dim int) {
	if m.Means == nil {
		m.Means = make([]float64, dim)
		m.Cross = make([]float64, dim*(dim+1)/2)
	}
	if len(m.Means) != dim {
		panic(fmt.Sprintf("stats: moments of dimension %d given a vector of length %d", len(m.Means), dim))
	}
}

// Sum is the total of component i over all units.
func (m *Moments) Sum(i int) float64 {
	if m.N == 0 {
		return 0
	}
	return m.Means[i] * float64(m.N)
}

// Cov is the sample covariance (divisor N-1) of components i and j; it is not defined below two units and then 0.
func (m *Moments) Cov(i, j int) float64 {
	if m.N < 2 {
		return 0
	}
	if i > j {
		i, j = j, i
	}
	d := len(m.Means)
	return m.Cross[i*d-i*(i-1)/2+j-i] / float64(m.N-1)
}
