package stats

import (
	"fmt"
	"math"

	"liftgate/stats/internal/dist"
)

// NormalRatio is the outcome of the normal test of a split in two.
type NormalRatio struct {
	Z      float64
	PValue float64
}

// NormalSampleRatio tests a split between two variants by the normal approximation of the binomial: z = (x - N p) / sqrt(N p (1-p)) of the
// second variant's count, moved half a unit towards zero where continuity is asked for. Without it the p-value is that of [SampleRatio].
// It is here for comparison with other tools: [ExactSampleRatio] costs the same. Weights and errors are those of [SampleRatio].
func NormalSampleRatio(counts []int64, weights []float64, continuity bool) (NormalRatio, error) {
	s, err := newSplit(counts, weights)
	if err != nil {
		return NormalRatio{}, err
	}
	if len(s.shares) != 2 {
		return NormalRatio{}, fmt.Errorf("%w: %d variants with a weight, the normal test takes 2", ErrInvalid, len(s.shares))
	}
	deviation := s.counts[1] - s.total*s.shares[1]
	if continuity {
		deviation = math.Copysign(max(math.Abs(deviation)-0.5, 0), deviation)
	}
	z := deviation / math.Sqrt(s.total*s.shares[0]*s.shares[1])
	return NormalRatio{Z: z, PValue: 2 * dist.NormalSF(math.Abs(z))}, nil
}
