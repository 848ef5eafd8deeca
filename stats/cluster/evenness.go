package cluster

import "math"

// Evenness says how evenly units lie in the clusters of two variants, from the clusters' sizes alone: the counts, Effective and
// LargestShare of Comparison.Together. What needs values is NaN. Clusters of size zero or less are left out.
func Evenness(treated, control []int64) Diagnostics {
	s1, s0 := positive(treated), positive(control)
	d := Diagnostics{
		Clusters: len(s1) + len(s0), Leverage: math.NaN(), ICC: math.NaN(), DesignEffect: math.NaN(),
	}
	for _, m := range append(append([]float64{}, s1...), s0...) {
		d.Units += int64(m)
	}
	if len(s1) == 0 || len(s0) == 0 {
		d.LargestShare = 1
		return d
	}
	e1, share1 := effective(s1)
	e0, share0 := effective(s0)
	d.Effective, d.LargestShare = 4/(1/e1+1/e0), max(share1, share0)
	return d
}

func positive(sizes []int64) []float64 {
	var out []float64
	for _, m := range sizes {
		if m > 0 {
			out = append(out, float64(m))
		}
	}
	return out
}
