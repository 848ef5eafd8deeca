package score

import (
	"fmt"
	"math"
	"testing"

	"liftgate/stats/internal/dist"
)

// TestSize adds up the outcomes in which the two-sided 95 % test rejects the truth, of a difference and of a ratio: from 8 expected
// successes and failures a variant on it is 5 %, give or take what 10,000 experiments could tell with 99.9 % confidence (0.72 %).
func TestSize(t *testing.T) {
	const events = 8
	for _, enough := range []float64{1, 1.5, 3} {
		for _, allocation := range []float64{1, 2, 9} {
			for _, rise := range []float64{0.33, 1, 1.5, 3} {
				for _, rate := range []float64{0.0001, 0.003, 0.1, 0.3} {
					n0 := math.Ceil(enough * events / rate / math.Min(1, rise*allocation))
					n1 := math.Ceil(n0 * allocation)
					c := experiment{n1, n0, rate * rise, rate}
					t.Run(fmt.Sprint(c), func(t *testing.T) {
						difference := c.size(func(c Counts) float64 { return c.Difference(rate*rise - rate) })
						ratio := c.size(func(c Counts) float64 { return c.Ratio(rise - 1) })
						for _, size := range []float64{difference, ratio} {
							if math.Abs(size-0.05) > 0.0072 {
								t.Errorf("rejects the truth in %.2f %%", 100*size)
							}
						}
					})
				}
			}
		}
	}
}

type experiment struct{ n1, n0, p1, p0 float64 }

// size is the probability of a score beyond the 95 % quantiles.
func (e experiment) size(score func(Counts) float64) float64 {
	low1, pmf1 := outcomes(e.n1, e.p1)
	low0, pmf0 := outcomes(e.n0, e.p0)
	total := 0.0
	for i, a := range pmf1 {
		for j, b := range pmf0 {
			if a*b > 1e-9 && math.Abs(score(Counts{X1: low1 + float64(i), N1: e.n1, X0: low0 + float64(j), N0: e.n0})) > 1.959963984540054 {
				total += a * b
			}
		}
	}
	return total
}

// outcomes are the probable counts.
func outcomes(n, p float64) (low float64, pmf []float64) {
	sd := math.Sqrt(n * p * (1 - p))
	low = math.Max(0, math.Floor(n*p-5*sd-3))
	for k := low; k <= math.Min(n, n*p+5*sd+5); k++ {
		pmf = append(pmf, math.Exp(dist.BinomialLogPMF(k, n, p)))
	}
	return low, pmf
}
