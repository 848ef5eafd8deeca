package rank

import "math"

// KolmogorovSmirnov is the result of [CompareDistributions].
type KolmogorovSmirnov struct {
	D      float64 // largest distance between the two distribution functions
	PValue float64 // two-sided: exact where that was computed, else asymptotic
	Method string  // exact or asymptotic

	Exact      *float64 // given the ties; nil where it would cost too much
	Asymptotic float64  // by Kolmogorov's limit
}

// CompareDistributions is Kolmogorov and Smirnov's two-sample test: against any difference between two distributions.
//
// The exact p-value counts the orders of the pooled values whose distance is at least D: paths on the lattice of (values of the
// treatment, values of the control) seen so far that leave a band around the diagonal (Hodges 1958). Where values are tied the
// distance exists only behind the last of them (G. Schröer, D. Trenkler, Computational Statistics & Data Analysis 20 (1995)
// 185-202), as in R's ks.test from 4.2 on. The limit is Q(sqrt(mn/(m+n)) D) without correction, which is conservative for few
// values and for ties.
func CompareDistributions(treated, control []float64) (KolmogorovSmirnov, error) {
	x, y, err := both(treated, control)
	if err != nil {
		return KolmogorovSmirnov{}, err
	}
	m, n := int64(len(x)), int64(len(y))
	var i, j, largest int64
	for inX, inY := range ties(x, y) {
		i, j = i+int64(inX), j+int64(inY)
		largest = max(largest, magnitude(i*n-j*m))
	}
	k := KolmogorovSmirnov{D: float64(largest) / (float64(m) * float64(n)), Method: "asymptotic"}
	k.Asymptotic = kolmogorovSF(math.Sqrt(float64(m)*float64(n)/float64(m+n)) * k.D)
	k.PValue = k.Asymptotic
	if float64(m)*float64(n) <= affordable/10 {
		p := exactDistance(x, y, largest)
		k.Exact, k.PValue, k.Method = &p, p, "exact"
	}
	return k, nil
}

// exactDistance is P(D >= d) with d = distance/(mn). It follows the share of paths that have left the band, so small p-values
// keep their digits: a path to (i, j) came from (i-1, j) with chance i/(i+j).
func exactDistance(x, y []float64, distance int64) float64 {
	m, n := int64(len(x)), int64(len(y))
	last := make([]bool, m+n+1) // whether so many values end a run of tied ones
	seen := 0
	for inX, inY := range ties(x, y) {
		seen += inX + inY
		last[seen] = true
	}
	left := make([]float64, n+1) // by j, for the current i
	for i := range m + 1 {
		for j := range n + 1 {
			switch {
			case i+j > 0 && last[i+j] && magnitude(i*n-j*m) >= distance:
				left[j] = 1
			case i+j == 0:
				left[j] = 0
			case i == 0:
				left[j] = left[j-1]
			case j > 0:
				left[j] = (float64(i)*left[j] + float64(j)*left[j-1]) / float64(i+j)
			}
		}
	}
	return left[n]
}

// kolmogorovSF is P(K > t) of Kolmogorov's limit: its two series, each where it converges at once (DLMF 20.7.32 takes one into
// the other).
func kolmogorovSF(t float64) float64 {
	if t <= 0 {
		return 1
	}
	if t < 1 {
		sum := 0.0
		for k := 1.0; k < 12; k += 2 {
			sum += math.Exp(-k * k * math.Pi * math.Pi / (8 * t * t))
		}
		return 1 - math.Sqrt(2*math.Pi)/t*sum
	}
	sum, sign := 0.0, 1.0
	for k := 1.0; k < 12; k++ {
		sum += sign * math.Exp(-2*k*k*t*t)
		sign = -sign
	}
	return 2 * sum
}
