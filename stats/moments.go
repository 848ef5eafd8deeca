package stats

import "fmt"

// Moments are the count, means and centred cross-products of a vector measured on independent units. They are mergeable, and
// they are all that the procedures of this package see of the data.
//
// The zero value is ready to use; the first Add or Merge fixes the dimension.
//
// Updating: B. P. Welford, Technometrics 4 (1962) 419-420. Merging: T. F. Chan, G. H. Golub, R. J. LeVeque, "Updating formulae
// and a pairwise algorithm for computing sample variances" (1979), eq. 2.1.
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
	total := float64(m.N + o.N)
	weight := float64(m.N) * float64(o.N) / total
	k := 0
	for i := range o.Means {
		di := o.Means[i] - m.Means[i]
		for j := i; j < len(o.Means); j++ {
			m.Cross[k] += o.Cross[k] + di*(o.Means[j]-m.Means[j])*weight
			k++
		}
	}
	for i := range o.Means {
		m.Means[i] += (o.Means[i] - m.Means[i]) * (float64(o.N) / total)
	}
	m.N += o.N
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
