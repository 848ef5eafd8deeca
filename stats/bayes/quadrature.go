package bayes

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/integrate/quad"
)

// integral is that of f(p, 1-p) dp over (low, high), a part of (0, 1), for an f that varies on the scales of the distributions given,
// each at the place where its map puts it.
//
// On the scale x = log((p-low) / (high-p)) powers of p and 1-p become exponentials, so nothing is singular. Gauss-Legendre's rule of 20
// points is applied between each distribution's mean and its even standard deviations, out to 40, and in panels of doubling width beyond.
func integral(f func(p, q float64) float64, low, high float64, scales ...Beta) float64 {
	total := 0.0
	cuts := panels(low, high, scales)
	for i := 1; i < len(cuts); i++ {
		middle, half := (cuts[i]+cuts[i-1])/2, (cuts[i]-cuts[i-1])/2
		for k, node := range nodes {
			x := middle + half*node
			s, r := logistic(x), logistic(-x)
			p, q := low+(high-low)*s, (1-high)+(high-low)*r
			if p > 0 && q > 0 {
				total += half * weights[k] * f(p, q) * (high - low) * s * r
			}
		}
	}
	return total
}

// edge is where p itself is about to underflow; exponentials of rate 0.05 are down to 1e-15 there.
const edge = 690

var nodes, weights = func() (x, w []float64) {
	x, w = make([]float64, 20), make([]float64, 20)
	quad.Legendre{}.FixedLocations(x, w, -1, 1)
	return x, w
}()

func logistic(x float64) float64 {
	if x < 0 {
		e := math.Exp(x)
		return e / (1 + e)
	}
	return 1 / (1 + math.Exp(-x))
}

// panels are the cuts of the x axis.
func panels(low, high float64, scales []Beta) []float64 {
	var cuts []float64
	for _, d := range scales {
		mean, sd := d.Mean(), d.sd()
		for _, k := range []float64{0, 2, 4, 6, 8, 10, 14, 20, 30, 40} {
			for _, p := range []float64{mean - k*sd, mean + k*sd} {
				if p > low && p < high {
					cuts = append(cuts, math.Log(p-low)-math.Log(high-p))
				}
			}
		}
	}
	if len(cuts) == 0 {
		cuts = []float64{0}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	first, last := cuts[0], cuts[len(cuts)-1]
	width := 1.0
	if len(cuts) > 1 {
		width = min(1, cuts[1]-first, last-cuts[len(cuts)-2])
	}
	for w := width; last < edge || first > -edge; w *= 1.5 {
		first, last = math.Max(first-w, -edge), math.Min(last+w, edge)
		cuts = append(cuts, first, last)
	}
	slices.Sort(cuts)
	return slices.Compact(cuts)
}
