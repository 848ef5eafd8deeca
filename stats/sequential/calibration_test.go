package sequential

import (
	"math"
	"math/rand/v2"
	"os"
	"testing"
)

// TestLevelBySimulation: 28 looks at a mean of normal values cross a bound in alpha of all experiments, whether looks come as planned,
// late, or end early; and the interval after stopping covers.
func TestLevelBySimulation(t *testing.T) {
	runs := 4000
	if os.Getenv("LIFTGATE_SLOW") != "" {
		runs = 200_000
	}
	late := daily()
	for i := range late {
		late[i] *= 1.3
	}
	for name, fractions := range map[string][]float64{"planned": daily(), "late": late, "few": {0.1, 0.15, 0.7, 1.2}} {
		b, err := Design{Alpha: 0.1, Spending: Pocock}.Bounds(fractions)
		if err != nil {
			t.Fatal(err)
		}
		r := rand.New(rand.NewPCG(4, 7))
		crossed := 0
		for range runs {
			if k, _ := wander(r, b, 0); k >= 0 {
				crossed++
			}
		}
		// 99.9 % of a binomial's mass.
		if off := math.Abs(float64(crossed) - 0.1*float64(runs)); off > 3.3*math.Sqrt(0.09*float64(runs)) {
			t.Errorf("%s: %d of %d cross", name, crossed, runs)
		}
	}
}

// wander follows one experiment to the look that crosses, -1 for none, with the statistic there.
func wander(r *rand.Rand, b Bounds, drift float64) (int, float64) {
	s, at, z := 0.0, 0.0, 0.0
	for k, t := range b.Fractions {
		s += drift*(t-at) + math.Sqrt(t-at)*r.NormFloat64()
		at = t
		z = s / math.Sqrt(t)
		if z >= b.Upper[k] || z <= b.lower(k) {
			return k, z
		}
	}
	return -1, z
}

// TestFinalBySimulation: median-unbiased estimates are too high half of the time, and intervals miss as often as they may, where the naive
// ones do not.
func TestFinalBySimulation(t *testing.T) {
	if os.Getenv("LIFTGATE_SLOW") == "" {
		t.Skip("slow simulation: set LIFTGATE_SLOW=1")
	}
	const runs = 4000
	b, err := Design{Alpha: 0.1, Spending: Pocock}.Bounds([]float64{0.25, 0.5, 0.75, 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, drift := range []float64{0, 1.5, 3} {
		r := rand.New(rand.NewPCG(9, uint64(10*drift)))
		high, missed := 0, 0
		for range runs {
			k, z := wander(r, b, drift)
			if k < 0 {
				k = 3
			}
			f, err := b.until(k+1).Final(0.05, z, b.Fractions[k])
			if err != nil {
				t.Fatal(err)
			}
			if f.Estimate > drift {
				high++
			}
			if f.Lower > drift || f.Upper < drift {
				missed++
			}
		}
		if math.Abs(float64(high)-runs/2) > 3.3*math.Sqrt(runs/4) || math.Abs(float64(missed)-0.1*runs) > 3.3*math.Sqrt(0.09*runs) {
			t.Errorf("drift %v: %d of %d too high, %d missed", drift, high, runs, missed)
		}
	}
}
