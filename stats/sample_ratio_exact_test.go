package stats_test

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"

	"liftgate/stats"
)

// The exact test is the sum over all splits, one by one.
func TestExactSampleRatioByEnumeration(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(2, 4).Draw(t, "variants")
		counts := rapid.SliceOfN(rapid.Int64Range(0, 7), k, k).Draw(t, "counts")
		counts[0]++
		weights := rapid.SliceOfN(rapid.Float64Range(0.05, 1), k, k).Draw(t, "weights")
		got, err := stats.ExactSampleRatio(counts, weights)
		if err != nil {
			t.Fatal(err)
		}
		want, outcomes := enumerate(counts, weights)
		if math.Abs(got.PValue-want) > 1e-10 || got.Outcomes != float64(outcomes) {
			t.Fatalf("got %v, want %v of %d", got, want, outcomes)
		}
	})
}

func enumerate(counts []int64, weights []float64) (p float64, outcomes int) {
	total, weight := int64(0), 0.0
	for i, n := range counts {
		total += n
		weight += weights[i]
	}
	chance := func(split []int64) float64 {
		log, _ := math.Lgamma(float64(total) + 1)
		for i, n := range split {
			factorial, _ := math.Lgamma(float64(n) + 1)
			log += float64(n)*math.Log(weights[i]/weight) - factorial
		}
		return math.Exp(log)
	}
	observed := chance(counts)
	var visit func(split []int64, left int64)
	visit = func(split []int64, left int64) {
		if len(split) == len(counts)-1 {
			outcomes++
			if c := chance(append(split, left)); c <= observed*(1+1e-9) {
				p += c
			}
			return
		}
		for n := range left + 1 {
			visit(append(split, n), left-n)
		}
	}
	visit(nil, total)
	return p, outcomes
}

func TestExactSampleRatioOfManyUnits(t *testing.T) {
	exact, err1 := stats.ExactSampleRatio([]int64{500_010_000, 499_990_000}, []float64{1, 1})
	normal, err2 := stats.SampleRatio([]int64{500_010_000, 499_990_000}, []float64{1, 1})
	if err := errors.Join(err1, err2); err != nil || math.Abs(exact.PValue/normal.PValue-1) > 1e-3 {
		t.Errorf("exact %v, normal %v: %v", exact, normal, err)
	}
	if _, err := stats.ExactSampleRatio([]int64{1e6, 1e6, 1e6}, []float64{1, 1, 1}); !errors.Is(err, stats.ErrInvalid) {
		t.Errorf("too many splits: %v", err)
	}
}

func TestNormalSampleRatio(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		counts := []int64{rapid.Int64Range(0, 1e6).Draw(t, "a"), rapid.Int64Range(1, 1e6).Draw(t, "b")}
		weights := []float64{rapid.Float64Range(0.01, 1).Draw(t, "v"), rapid.Float64Range(0.01, 1).Draw(t, "w")}
		plain, err1 := stats.NormalSampleRatio(counts, weights, false)
		careful, err2 := stats.NormalSampleRatio(counts, weights, true)
		square, err3 := stats.SampleRatio(counts, weights)
		if err := errors.Join(err1, err2, err3); err != nil {
			t.Fatal(err)
		}
		if math.Abs(plain.Z*plain.Z-square.Statistic) > 1e-8*square.Statistic+1e-12 || careful.PValue < plain.PValue {
			t.Fatalf("%v, with continuity %v, chi-square %v", plain, careful, square)
		}
	})
	if _, err := stats.NormalSampleRatio([]int64{1, 2, 3}, []float64{1, 1, 1}, false); !errors.Is(err, stats.ErrInvalid) {
		t.Errorf("three variants: %v", err)
	}
}
