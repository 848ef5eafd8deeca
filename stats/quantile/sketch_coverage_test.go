package quantile

import (
	"math"
	"math/rand/v2"
	"os"
	"testing"
)

// Intervals of sketches cover as often as they say, a little more often than exact ones; with many rows, where an interval is not much wider
// than a bucket, always.
func TestCoverageOfSketches(t *testing.T) {
	if os.Getenv("LIFTGATE_SLOW") == "" {
		t.Skip("slow simulation: set LIFTGATE_SLOW=1")
	}
	const runs, level = 2000, 0.95
	for _, c := range []struct {
		name          string
		units, rows   int
		q, same, step float64 // same is the part of a row's spread that its unit's rows share; values are rounded to steps
	}{
		{"rows of shoppers", 400, 3, 0.5, 0.5, 0},
		{"the tail of rows", 1000, 3, 0.95, 0.5, 0},
		{"one row a shopper", 500, 1, 0.5, 0, 0},
		{"merchants", 60, 20, 0.5, 0.3, 0},
		{"whole milliseconds", 600, 2, 0.9, 0.5, 1},
		{"many rows", 40_000, 2, 0.5, 0.5, 0},
	} {
		rng := rand.New(rand.NewPCG(1, 2))
		runs := min(runs, 20_000_000/(c.units*c.rows))
		var covered, exact int
		for range runs {
			var sketches, summaries [2]Summary
			for v := range sketches {
				sketches[v], summaries[v] = drawSketch(t, rng, c.units, c.rows, c.q, c.same, c.step)
			}
			covered += covers(t, sketches, level)
			exact += covers(t, summaries, level)
		}
		share, exactly := float64(covered)/float64(runs), float64(exact)/float64(runs)
		t.Logf("%s: %.4f covered, %.4f exactly, of %d", c.name, share, exactly, runs)
		if low := level - 3*math.Sqrt(level*(1-level)/float64(runs)); share < low || share < exactly {
			t.Errorf("%s: %.4f covered, %.4f exactly, want %v", c.name, share, exactly, level)
		}
	}
}

// drawSketch draws log-normal rows of a variant, as a sketch and in order.
func drawSketch(t *testing.T, rng *rand.Rand, units, rows int, q, same, step float64) (sketch, exact Summary) {
	t.Helper()
	var values []float64
	var owners []int
	merged := make([]Sketch, 0, units)
	for u := range units {
		own, buckets := rng.NormFloat64()*math.Sqrt(same), []int32(nil)
		for range 1 + rng.IntN(2*rows-1) {
			x := 200 * math.Exp(0.8*(own+rng.NormFloat64()*math.Sqrt(1-same)))
			if step > 0 {
				x = math.Round(x/step) * step
			}
			values, owners, buckets = append(values, x), append(owners, u), append(buckets, BucketOf(x))
		}
		merged = append(merged, SketchOf(buckets, nil))
	}
	for len(merged) > 1 { // pairwise, which is faster
		half := merged[:0]
		for i := 0; i+1 < len(merged); i += 2 {
			merged[i].Merge(&merged[i+1])
			half = append(half, merged[i])
		}
		if len(merged)%2 == 1 {
			half = append(half, merged[len(merged)-1])
		}
		merged = half
	}
	exact, err := Summarise(q, values, owners)
	if err != nil {
		t.Fatal(err)
	}
	return merged[0].Summary(q), exact
}

func covers(t *testing.T, s [2]Summary, level float64) int {
	t.Helper()
	c, err := Compare(s[0], s[1])
	if err != nil {
		t.Fatal(err)
	}
	if d := c.Difference(level); d.Lower <= 0 && d.Upper >= 0 {
		return 1
	}
	return 0
}
