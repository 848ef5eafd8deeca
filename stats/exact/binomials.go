package exact

import (
	"math"

	"liftgate/stats/internal/dist"
)

// binomials are the probabilities of both variants' counts, where they matter, and the control's sums from below and from above.
type binomials struct {
	first, second sample
	below, above  []float64 // P(low <= X0 < i), P(i <= X0 <= high)
	negligible    float64   // probability that may be left out in all
}

// sample is the binomial distribution on the counts from low to high; what pmf holds beyond is old.
type sample struct {
	pmf             []float64
	low, mode, high int
}

func newBinomials(n1, n0 int) *binomials {
	return &binomials{
		first: sample{pmf: make([]float64, n1+1)}, second: sample{pmf: make([]float64, n0+1)},
		below: make([]float64, n0+2), above: make([]float64, n0+2),
	}
}

func (b *binomials) set(p1, p0 float64) {
	b.first.fill(p1, b.negligible)
	b.second.fill(p0, b.negligible)
	s := b.second
	total := 0.0
	for i := s.low; i <= s.high; i++ {
		b.below[i] = total
		total += s.pmf[i]
	}
	b.below[s.high+1] = total
	total = 0
	b.above[s.high+1] = 0
	for i := s.high; i >= s.low; i-- {
		total += s.pmf[i]
		b.above[i] = total
	}
}

// between is the probability of the control's counts in a span, from the side where its digits are.
func (b *binomials) between(s span) float64 {
	low, high := max(s.low, b.second.low), min(s.high, b.second.high)
	switch {
	case low > high:
		return 0
	case low > b.second.mode:
		return b.above[low] - b.above[high+1]
	}
	return b.below[high+1] - b.below[low]
}

// fill writes the probabilities of the counts from the mode outwards, until all that is left is negligible.
func (s *sample) fill(p, negligible float64) {
	n := len(s.pmf) - 1
	floor := negligible / float64(2*n)
	s.mode = min(int(float64(n+1)*p), n)
	s.pmf[s.mode] = math.Exp(dist.BinomialLogPMF(float64(s.mode), float64(n), p))
	odds := p / (1 - p)
	k := s.mode
	for ; k < n && s.pmf[k] > floor; k++ {
		s.pmf[k+1] = s.pmf[k] * (odds * float64(n-k) / float64(k+1))
	}
	s.high = k
	for k = s.mode; k > 0 && s.pmf[k] > floor; k-- {
		s.pmf[k-1] = s.pmf[k] * (float64(k) / (odds * float64(n-k+1)))
	}
	s.low = k
}
