package stats

import (
	"fmt"
	"math"

	"liftgate/stats/internal/dist"
)

// ExactRatio is the outcome of the exact test of a split.
type ExactRatio struct {
	PValue   float64
	Outcomes float64 // possible splits of the units, which the p-value is summed over
}

// ExactSampleRatio tests whether the units are split by the weights by the multinomial distribution itself: the p-value is the chance of
// a split that is no more probable than the one observed, up to a factor of 1 + 1e-9 (as in binom.test of R). It holds at any number
// of units. With two variants it is the exact binomial test and takes no time; with more the work grows as N^(k-2), and
// beyond 200,000 steps it is [ErrInvalid]: [SampleRatio] is accurate there. Weights and errors are those of [SampleRatio].
func ExactSampleRatio(counts []int64, weights []float64) (ExactRatio, error) {
	s, err := newSplit(counts, weights)
	if err != nil {
		return ExactRatio{}, err
	}
	k := float64(len(s.shares))
	if steps := choose(s.total+k-2, k-2); steps > mostSteps {
		return ExactRatio{}, fmt.Errorf("%w: %.0f units over %.0f variants have too many splits to count: use the chi-square test", ErrInvalid, s.total, k)
	}
	const ties = 1e-9
	observed := s.logChance() + ties
	return ExactRatio{PValue: min(s.chanceWithin(s.total, observed), 1), Outcomes: math.Round(choose(s.total+k-1, k-1))}, nil
}

const mostSteps = 200_000

// choose is n over k, for k small.
func choose(n, k float64) float64 {
	out := 1.0
	for i := range int(k) {
		out *= (n - float64(i)) / float64(i+1)
	}
	return out
}

// first is the share of the first variant, and the split over the others.
func (s split) first() (share float64, rest split) {
	left := 0.0
	for _, share := range s.shares {
		left += share
	}
	return s.shares[0] / left, split{counts: s.counts[1:], shares: s.shares[1:]}
}

// logChance is the log probability of the split, variant by variant: each is binomial given the ones before it.
func (s split) logChance() float64 {
	if len(s.shares) == 1 {
		return 0
	}
	left := 0.0
	for _, n := range s.counts {
		left += n
	}
	share, rest := s.first()
	return dist.BinomialLogPMF(s.counts[0], left, share) + rest.logChance()
}

// chanceWithin is the chance that n units are split in a way whose log probability is at most the limit.
func (s split) chanceWithin(n, limit float64) float64 {
	share, rest := s.first()
	if len(s.shares) == 2 {
		return binomialWithin(n, share, limit)
	}
	total := 0.0
	for k := range int64(n) + 1 {
		chance := dist.BinomialLogPMF(float64(k), n, share)
		total += math.Exp(chance) * rest.chanceWithin(n-float64(k), limit-chance)
	}
	return total
}

// binomialWithin is the chance of a count whose log probability is at most the limit: both ends of a distribution with one mode.
func binomialWithin(n, p, limit float64) float64 {
	within := func(k float64) bool { return dist.BinomialLogPMF(k, n, p) <= limit }
	mode := min(math.Floor((n+1)*p), n)
	if within(mode) {
		return 1
	}
	below := boundary(-1, mode, within)  // the last count of the lower end
	above := boundary(n+1, mode, within) // the first of the upper one
	return math.Exp(dist.BinomialLogCDF(below, n, p)) + math.Exp(dist.BinomialLogSF(above-1, n, p))
}

// boundary is the last whole number on the way from outside to inside for which the condition holds; it holds outside and not inside.
func boundary(outside, inside float64, holds func(float64) bool) float64 {
	for math.Abs(inside-outside) > 1 {
		middle := math.Floor((inside + outside) / 2)
		if holds(middle) {
			outside = middle
		} else {
			inside = middle
		}
	}
	return outside
}
