package cluster

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"liftgate/stats"
)

// market draws clusters of lognormal size whose units have an intraclass correlation, as sums: nothing depends on single units.
type market struct {
	n1, n0 int
	spread float64 // standard deviation of the log of a size
	icc    float64
	skewed bool // cluster effects are exponential, not normal
}

func (m market) name() string {
	return fmt.Sprintf("%d against %d, size spread %v, icc %v, skewed %v", m.n1, m.n0, m.spread, m.icc, m.skewed)
}

func (m market) draw(rng *rand.Rand, n int) []stats.Moments {
	out := make([]stats.Moments, n)
	for i := range out {
		size := math.Ceil(50 * math.Exp(m.spread*rng.NormFloat64()))
		effect := rng.NormFloat64()
		if m.skewed {
			effect = rng.ExpFloat64() - 1
		}
		mean := 3 + math.Sqrt(m.icc)*effect + math.Sqrt((1-m.icc)/size)*rng.NormFloat64()
		out[i] = stats.Moments{N: int64(size), Means: []float64{mean}, Cross: []float64{(size - 1) * (1 - m.icc)}}
	}
	return out
}

func (m market) seed() uint64 {
	h := fnv.New64a()
	h.Write([]byte(m.name()))
	return h.Sum64()
}

// falsePositives is the share of experiments without effect in which p < 0.05, with the mean number of effective clusters.
func (m market) falsePositives(t *testing.T, experiments int) (all, within float64, effective float64) {
	rng := rand.New(rand.NewPCG(m.seed(), 0))
	inside, hits := 0.0, 0.0
	for range experiments {
		c, err := Compare(m.draw(rng, m.n1), m.draw(rng, m.n0), 1)
		noErrors(t, err)
		effective += c.Together.Effective / float64(experiments)
		hit := c.PDifference(0) < 0.05
		if hit {
			all += 1 / float64(experiments)
		}
		if c.Few() == "" {
			inside++
			if hit {
				hits++
			}
		}
	}
	if inside < float64(experiments)/10 {
		return all, math.NaN(), effective
	}
	return all, hits / inside, effective
}

// TestFalsePositives: where Few is silent, CR2 with Satterthwaite's degrees of freedom keeps its level.
func TestFalsePositives(t *testing.T) {
	if os.Getenv("LIFTGATE_SLOW") == "" {
		t.Skip("slow simulation: set LIFTGATE_SLOW=1")
	}
	for _, m := range []market{
		{5, 5, 0, 0.05, false},
		{10, 10, 0.5, 0.05, false},
		{10, 10, 1, 0.05, false},
		{20, 20, 0, 0.05, false},
		{20, 20, 1, 0.05, false},
		{40, 40, 0.5, 0.05, false},
		{40, 40, 1, 0.05, false},
		{40, 40, 1, 0.3, false},
		{100, 100, 0.5, 0.05, false},
		{100, 100, 1, 0.05, false},
		{100, 100, 1, 0.05, true},
		{100, 100, 1.5, 0.05, false},
		{40, 160, 0.5, 0.05, false},
		{25, 175, 1, 0.05, true},
		{200, 200, 1, 0.3, true},
		{500, 500, 1.5, 0.05, true},
	} {
		all, within, effective := m.falsePositives(t, 10000)
		t.Logf("%-62s effective %6.1f  all %.4f  where it is used %.4f", m.name(), effective, all, within)
		if within > 0.0575 || within < 0.043 {
			t.Errorf("%s: false positives %v", m.name(), within)
		}
	}
}

// TestFalsePositivesAdjusted: ratios and covariates, with 30 clusters a variant.
func TestFalsePositivesAdjusted(t *testing.T) {
	if os.Getenv("LIFTGATE_SLOW") == "" {
		t.Skip("slow simulation: set LIFTGATE_SLOW=1")
	}
	const experiments = 2000
	kinds := []struct {
		components []int
		parts      int
	}{{[]int{0}, 1}, {[]int{0, 2}, 1}, {[]int{0, 1}, 2}, {[]int{0, 1, 2}, 2}}
	hits := make([]float64, len(kinds))
	for i := range uint64(experiments) {
		treated, control := drawClusters(2*i, 30, 0), drawClusters(2*i+1, 30, 0)
		for k, kind := range kinds {
			c, err := Compare(pick(treated, kind.components...), pick(control, kind.components...), kind.parts)
			noErrors(t, err)
			if c.PDifference(0) < 0.05 {
				hits[k] += 1. / experiments
			}
		}
	}
	for k, kind := range kinds {
		t.Logf("%+v: false positives %.4f", kind, hits[k])
		if math.Abs(hits[k]-0.05) > 0.016 { // 99.9 % binomial limits
			t.Errorf("%+v: false positives %v", kind, hits[k])
		}
	}
}
