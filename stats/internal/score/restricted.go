package score

import "math"

// counts are two samples in which the first's proportion is d >= 0 above the second's.
type counts struct {
	x1, n1, x0, n0 float64
	failures       bool // counted instead of successes
}

// side turns the comparison so that its difference is |d| and the proportion to be found, the second's, is the one closer to its
// end: with the variants swapped, with failures for successes, or both. There a double is most precise.
func (c Counts) side(d float64) counts {
	s := counts{c.X1, c.N1, c.X0, c.N0, false}
	if d < 0 {
		s = counts{s.x0, s.n0, s.x1, s.n1, false}
	}
	if s.x0/s.n0 > (s.n1-s.x1)/s.n1 {
		s = counts{s.n0 - s.x0, s.n0, s.n1 - s.x1, s.n1, true}
	}
	return s
}

// smaller maximises the likelihood over p0 given p1 = p0 + d: the root in [0, 1-d] of the cubic of Miettinen and Nurminen's
// appendix I,
//
//	N p³ + ((n1 + 2 n0) d - N - x) p² + ((n0 d - N - 2 x0) d + x) p + x0 d (1-d) = 0,  N = n1+n0, x = x1+x0.
//
// (statsmodels up to 0.15 has x0 d where the cubic has n0 d.) The closed form loses up to half the digits, which of a few successes in 100
// million units are all: Newton's method finishes it, and halves the interval that holds the root where it would leave it. Without successes the cubic has a root at zero and the other two are a quadratic's.
func (s counts) smaller(d float64) float64 {
	n, x := s.n1+s.n0, s.x1+s.x0
	if d == 0 {
		return x / n
	}
	l2 := (s.n1+2*s.n0)*d - n - x
	l1 := (s.n0*d-n-2*s.x0)*d + x
	l0 := s.x0 * d * (1 - d)
	if s.x0 == 0 {
		if l1 <= 0 {
			return 0
		}
		return math.Min(2*l1/(math.Sqrt(math.Max(l2*l2-4*n*l1, 0))-l2), 1-d)
	}
	p, low, high := middleRoot(n, l2, l1, l0), 0.0, 1-d
	for range 100 {
		if !(p >= low && p <= high) {
			p = (low + high) / 2
		}
		value := ((n*p+l2)*p+l1)*p + l0
		next := p - value/((3*n*p+2*l2)*p+l1)
		if math.Abs(next-p) <= 2e-16*p {
			return next
		}
		if value > 0 {
			low = p
		} else {
			high = p
		}
		p = next
	}
	return math.Min(math.Max(p, low), high)
}

// middleRoot is the middle one of the three real roots of l3 p³ + l2 p² + l1 p + l0, l3 > 0, in Vieta's trigonometric form.
func middleRoot(l3, l2, l1, l0 float64) float64 {
	third := l2 / (3 * l3)
	q := third*third*third - l1*l2/(6*l3*l3) + l0/(2*l3)
	size := math.Copysign(math.Sqrt(math.Max(third*third-l1/(3*l3), 0)), q)
	if size == 0 {
		return -third
	}
	cosine := math.Min(math.Max(q/(size*size*size), -1), 1)
	return 2*size*math.Cos((math.Pi+math.Acos(cosine))/3) - third
}
