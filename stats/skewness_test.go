package stats

import (
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

func TestOutsideSkewness(t *testing.T) {
	moments := func(n int64, variance float64) Moments {
		return Moments{N: n, Means: []float64{5}, Cross: []float64{variance * float64(n-1)}}
	}
	cases := []struct {
		name           string
		treated, other Moments
		skew1, skew0   float64
		want           string
	}{
		{"no skewness", moments(50, 1), moments(50, 1), 0, 0, ""},
		{"equal variants cancel", moments(1000, 4), moments(1000, 4), 6, 6, ""},
		{"too few for their own", moments(300, 4), moments(1000, 4), 6, 6, "the treatment's values are too skewed (6) for 300 units"},
		{"control too", moments(1000, 4), moments(300, 4), 6, 6, "the control's values"},
		{"unequal sizes", moments(100_000, 4), moments(1000, 4), 6, 6, "differ in size or spread"},
		{"opposite tails", moments(1000, 4), moments(1000, 4), 6, -6, "differ in size or spread"},
		{"unknown", moments(1000, 4), moments(1000, 4), math.NaN(), 0, "not known"},
		{"constant control", moments(1000, 4), moments(10, 0), 2, 9, ""},
		{"nothing to compare", Moments{}, Moments{}, 1, 1, ""},
	}
	for _, c := range cases {
		got := OutsideSkewness(1, c.treated, c.other, c.skew1, c.skew0)
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// TestSkewnessAtTheLimit: where the limits just hold, by the population's skewness, two-sided errors are 5 %; where the variants are so
// unequal that the skewness of the difference is three times its limit, they are not.
func TestSkewnessAtTheLimit(t *testing.T) {
	if testing.Short() {
		t.Skip("simulation")
	}
	draws := 2000
	if os.Getenv("LIFTGATE_SLOW") != "" {
		draws = 40_000
	}
	rng := rand.New(rand.NewPCG(20261122, 0))
	draw := func(n int) (m Moments) {
		for range n {
			m.Add(rng.ExpFloat64()) // skewness 2
		}
		return m
	}
	rejected := func(n1, n0 int) (count int64) {
		for range draws {
			c, err := CompareMeans(draw(n1), draw(n0))
			noErrors(t, err)
			if c.PDifference(0) < 0.05 {
				count++
			}
		}
		return count
	}
	checkShare(t, "equal variants, n = 10 g²", rejected(41, 41), int64(draws), 1e-5)
	checkShare(t, "skewness of the difference 0.1", rejected(240, 85), int64(draws), 1e-5)
	if few := rejected(60, 10); few < int64(draws)*6/100 {
		t.Errorf("skewness of the difference 0.4: only %d of %d rejected, so the limit is for nothing", few, draws)
	}
}
