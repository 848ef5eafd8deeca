package skewed

import (
	"math"
	"slices"

	"liftgate/stats"
)

// Moments are the count, means and centred cross-products of a vector, as [stats.Moments], and third powers of its parts. They are
// mergeable; the zero value holds no unit.
type Moments struct {
	N     int64
	Means []float64
	Cross []float64 // as stats.Moments.Cross
	// Third are the sums of third powers around the means of the parts, the first one or two components: (x-a)^3 for one part, for two
	// (x-a)^3, (x-a)^2(y-b), (x-a)(y-b)^2 and (y-b)^3.
	Third []float64
}

// Second are the moments without third powers. They share memory with m.
func (m *Moments) Second() stats.Moments {
	return stats.Moments{N: m.N, Means: m.Means, Cross: m.Cross}
}

// triples are, for each of the sums of third powers of so many parts, the components whose product is summed.
func triples(parts int) [][3]int {
	if parts == 2 {
		return [][3]int{{0, 0, 0}, {0, 0, 1}, {0, 1, 1}, {1, 1, 1}}
	}
	return [][3]int{{0, 0, 0}}
}

func (m *Moments) parts() int { return 1 + len(m.Third)/4 }

// Merge takes in all units of o, whose vectors have the same components and parts; it panics when they have not.
func (m *Moments) Merge(o *Moments) {
	if o.N == 0 {
		return
	}
	if m.N == 0 {
		*m = Moments{N: o.N, Means: slices.Clone(o.Means), Cross: slices.Clone(o.Cross), Third: slices.Clone(o.Third)}
		return
	}
	if len(m.Third) != len(o.Third) {
		panic("skewed: moments with different parts")
	}
	n, other := float64(m.N), float64(o.N)
	all := n + other
	for k, t := range triples(m.parts()) {
		third := m.Third[k] + o.Third[k]
		gap := 1.0
		for turn, i := range t {
			j, l := t[(turn+1)%3], t[(turn+2)%3]
			d := o.Means[i] - m.Means[i]
			gap *= d
			third += d * (n/all*o.Cross[o.cross(j, l)] - other/all*m.Cross[m.cross(j, l)])
		}
		m.Third[k] = third + gap*(n/all)*(other/all)*(n-other)
	}
	second := m.Second()
	joined := o.Second()
	second.Merge(&joined)
	m.N, m.Means, m.Cross = second.N, second.Means, second.Cross
}

// cross is the place of a cross-product.
func (m *Moments) cross(i, j int) int {
	if i > j {
		i, j = j, i
	}
	return place(len(m.Means), i, j)
}

// place is where the product of components i <= j stands.
func place(dim, i, j int) int { return i*dim - i*(i-1)/2 + j - i }

const (
	// spreadless is the standard deviation, relative to the size of the numbers, up to which they do not spread.
	spreadless = 1e-12
	// cancelled is what is left of a contribution's variance, relative to the variances that cancel in it, when nothing but rounding is.
	cancelled = 1e-14
)

// Skewness is the third central moment over the 3/2 power of the second (divisors n): of the first component, or with two parts of
// x - R y, R being the ratio of their means. It is 0 without units, with a mean of y of 0, where it is not finite, and without spread:
// where the standard deviation is at most 1e-12 times the size of the numbers, which is the root of the mean square of x, plus that of
// R y, or where x and R y differ by no more than their moments' rounding.
func (m *Moments) Skewness() float64 {
	if m.N == 0 {
		return 0
	}
	size, ratio := m.rootMeanSquare(0), 0.0
	if m.parts() == 2 {
		ratio = m.Means[0] / m.Means[1]
		size += math.Abs(ratio) * m.rootMeanSquare(1)
	}
	variance, third, rounding := m.contribution(ratio, size)
	spread := math.Sqrt(variance)
	s := third / (spread * spread * spread)
	if !(variance > rounding) || !(spread > spreadless) || math.IsInf(s, 0) || math.IsNaN(s) {
		return 0
	}
	return s
}

// contribution gives the second and third central moments of x - ratio*y over the size of such numbers, and how large the second may be
// from rounding alone.
func (m *Moments) contribution(ratio, size float64) (variance, third, rounding float64) {
	n := float64(m.N)
	variance, third = m.Cross[0]/size/size/n, m.Third[0]/size/size/size/n
	if m.parts() == 1 {
		return variance, third, 0
	}
	y := ratio / size
	both, own := -2*y*(m.Cross[1]/size)/n, y*(m.Cross[m.cross(1, 1)]*y)/n
	rounding = cancelled * (variance + math.Abs(both) + own)
	third += y * (-3*m.Third[1]/size/size + y*(3*m.Third[2]/size-y*m.Third[3])) / n
	return variance + both + own, third, rounding
}

func (m *Moments) rootMeanSquare(i int) float64 {
	return math.Hypot(m.Means[i], math.Sqrt(m.Cross[m.cross(i, i)]/float64(m.N)))
}
