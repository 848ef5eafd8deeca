package cluster

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"liftgate/stats"
)

func near(t rapid.TB, what string, got, want, tolerance float64) {
	t.Helper()
	if !(got == want || math.Abs(got-want) <= tolerance*math.Max(math.Abs(want), 1e-300)) {
		t.Errorf("%s: got %.15g, want %.15g", what, got, want)
	}
}

func noErrors(t rapid.TB, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// drawClusters draws n clusters of 1 to 30 units: value, denominator, covariate.
func drawClusters(seed uint64, n int, effect float64) []stats.Moments {
	rng := rand.New(rand.NewPCG(seed, 1))
	out := make([]stats.Moments, n)
	for i := range out {
		a := rng.NormFloat64()
		for range 1 + rng.IntN(30) {
			x := 0.5*a + rng.NormFloat64()
			out[i].Add(10+effect+a+x+rng.NormFloat64(), 1+rng.ExpFloat64(), x)
		}
	}
	return out
}

func pick(clusters []stats.Moments, components ...int) []stats.Moments {
	out := make([]stats.Moments, len(clusters))
	for i := range clusters {
		m := &clusters[i]
		if m.N == 0 {
			continue
		}
		out[i].N = m.N
		for a, c := range components {
			out[i].Means = append(out[i].Means, m.Means[c])
			for _, d := range components[a:] {
				out[i].Cross = append(out[i].Cross, cross(m, c, d))
			}
		}
	}
	return out
}

func singles(seed uint64, n int) ([]stats.Moments, stats.Moments) {
	rng := rand.New(rand.NewPCG(seed, 2))
	var all stats.Moments
	out := make([]stats.Moments, n)
	for i := range out {
		y, d := 3+rng.NormFloat64(), 1+rng.ExpFloat64()
		out[i].Add(y, d)
		all.Add(y, d)
	}
	return out, all
}

// TestSingleUnits: with one unit a cluster it is what package stats does.
func TestSingleUnits(t *testing.T) {
	t1, m1 := singles(1, 40)
	t0, m0 := singles(2, 70)
	got, err := Compare(t1, t0, 2)
	want, err2 := stats.CompareRatios(m1, m0)
	noErrors(t, err, err2)
	near(t, "lower", got.Difference(0.95).Lower, want.Difference(0.95).Lower, 1e-12)
	near(t, "p", got.PLift(0.1), want.PLift(0.1), 1e-10)

	got, err = Compare(pick(t1, 0), pick(t0, 0), 1)
	one := func(m stats.Moments) stats.Moments { return pick([]stats.Moments{m}, 0)[0] }
	want, err2 = stats.CompareMeans(one(m1), one(m0))
	noErrors(t, err, err2)
	near(t, "upper", got.Difference(0.95).Upper, want.Difference(0.95).Upper, 1e-12)
	near(t, "p", got.PDifference(0.1), want.PDifference(0.1), 1e-10)
}
