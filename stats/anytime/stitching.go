package anytime

import (
	"fmt"
	"math"

	"liftgate/stats"
)

// Stitching is a closed-form boundary that grows as sqrt(V log log V), from bounds over epochs that lengthen geometrically, for sub-gamma
// sums with scale C (Howard et al. 2021, theorem 1 and eq. 10). Unlike mixtures it is not tuned to one time.
type Stitching struct {
	Start float64 // the time from which it is meant; before it is flat
	C     float64 // the scale; 0 for sub-Gaussian sums, and it may be negative
	S     float64 // of the error over epochs, above 1; 0 means 1.4
	Eta   float64 // by which epochs lengthen, above 1; 0 means 2
}

// Boundary is one-sided: the chance that the sum ever lies above it is alpha at most.
func (b Stitching) Boundary(v, alpha float64) (float64, error) {
	if b.S == 0 {
		b.S = 1.4
	}
	if b.Eta == 0 {
		b.Eta = 2
	}
	if err := (NormalMixture{Rho: b.Start}).check(v, alpha); err != nil {
		return 0, err
	}
	if !(b.S > 1 && b.Eta > 1) || math.IsNaN(b.C) || math.IsInf(b.S+b.Eta+b.C, 0) {
		return 0, fmt.Errorf("%w: stitching with s %v, eta %v and scale %v", stats.ErrInvalid, b.S, b.Eta, b.C)
	}
	k1 := (math.Pow(b.Eta, 0.25) + math.Pow(b.Eta, -0.25)) / math.Sqrt2
	k2 := (math.Sqrt(b.Eta) + 1) / 2
	v = math.Max(v, b.Start)
	l := b.S*math.Log(math.Log(b.Eta*v/b.Start)) + math.Log(zeta(b.S)/(alpha*math.Pow(math.Log(b.Eta), b.S)))
	linear := k2 * b.C * l
	return math.Sqrt(k1*k1*v*l+linear*linear) + linear, nil
}

// zeta is Riemann's zeta function for s > 1, by Euler and Maclaurin (DLMF 25.2.9).
func zeta(s float64) float64 {
	const n = 20.0
	total := 0.0
	for k := 1.0; k < n; k++ {
		total += math.Pow(k, -s)
	}
	last := math.Pow(n, -s)
	total += last*n/(s-1) + last/2
	term := last * s / n
	for i, c := range []float64{1. / 12, -1. / 720, 1. / 30240, -1. / 1209600} {
		total += c * term
		j := float64(2*i + 1)
		term *= (s + j) * (s + j + 1) / (n * n)
	}
	return total
}
