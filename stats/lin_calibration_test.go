package stats

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"os"
	"testing"
)

// adjustedExperiments are regimes that CALIBRATION.md does not have: several covariates, which need units one by one, and adjusted
// proportions and ratios.
var adjustedExperiments = map[string]experiment{
	"one covariate, other slopes":      adjustedExperiment(150, 150, []float64{3}, []float64{-1}, 1),
	"three covariates, unequal":        adjustedExperiment(60, 240, []float64{1, 0, 2}, []float64{1, 1, 0}, 2),
	"two covariates, 40 units a side":  adjustedExperiment(40, 40, []float64{1, 1}, []float64{1, 1}, 0),
	"a proportion whose chance varies": adjustedProportion(400, 300),
	"a ratio, by the unit's frailty":   adjustedRatio(400, 300),
}

// experiment is a population to draw experiments from: contrasts with their true difference and lift.
type experiment struct {
	draw             func(rng *rand.Rand) (Contrast, error)
	difference, lift float64
}

// TestAdjustedCalibration draws experiments inside the region of validity. The share in which the test rejects the truth, zero
// or not, must be 5 %, within 99.9 % binomial bands jointly over the table: that is the false-positive rate and one less the
// coverage at once, since the intervals invert the test. Seeds are a hash of the name.
func TestAdjustedCalibration(t *testing.T) {
	if testing.Short() {
		t.Skip("simulation")
	}
	draws := int64(1500)
	if os.Getenv("LIFTGATE_SLOW") != "" {
		draws = 20_000
	}
	for name, e := range adjustedExperiments {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			hash := fnv.New64a()
			hash.Write([]byte(name))
			rng := rand.New(rand.NewPCG(hash.Sum64(), 0))
			var missedDifference, missedLift int64
			for range draws {
				c, err := e.draw(rng)
				if err != nil {
					t.Fatal(err)
				}
				if c.PDifference(e.difference) < 0.05 {
					missedDifference++
				}
				if c.PLift(e.lift) < 0.05 {
					missedLift++
				}
			}
			band := 0.001 / float64(2*len(adjustedExperiments))
			checkShare(t, "difference", missedDifference, draws, band)
			checkShare(t, "lift", missedLift, draws, band)
		})
	}
}

func checkShare(t *testing.T, what string, missed, draws int64, band float64) {
	t.Helper()
	t.Logf("%s: the truth rejected in %.2f %% of %d", what, 100*float64(missed)/float64(draws), draws)
	if p := 2 * min(BinomialSF(missed-1, draws, 0.05), BinomialCDF(missed, draws, 0.05)); p < band {
		t.Errorf("%s: the truth rejected %d times in %d, not 5 %% (p = %.2g)", what, missed, draws, p)
	}
}

// attempts draws a unit's events (1 to 50, most units few) and how many of them succeed: frail units fail in all of theirs.
func attempts(rng *rand.Rand, rate, frailty float64) (successes, events float64) {
	events = math.Min(1+math.Floor(-6*math.Log(1-rng.Float64())), 50)
	own := rate * 2 * frailty
	for range int(events) {
		if rng.Float64() < own {
			successes++
		}
	}
	return successes, events
}

// adjustedExperiment has linear effects of the covariates, which have mean 1 and are skewed.
func adjustedExperiment(n1, n0 int, slopes1, slopes0 []float64, effect float64) experiment {
	const base = 10
	mean := func(slopes []float64) float64 {
		total := 0.0
		for _, slope := range slopes {
			total += slope
		}
		return base + total
	}
	m1, m0 := mean(slopes1)+effect, mean(slopes0)
	return experiment{difference: m1 - m0, lift: m1/m0 - 1, draw: func(rng *rand.Rand) (Contrast, error) {
		draw := func(n int, slopes []float64, level float64) (m Moments) {
			unit := make([]float64, 1+len(slopes))
			for range n {
				unit[0] = level + rng.NormFloat64()
				for j, slope := range slopes {
					unit[1+j] = rng.ExpFloat64()
					unit[0] += slope * unit[1+j]
				}
				m.Add(unit...)
			}
			return m
		}
		return CompareAdjusted(draw(n1, slopes1, base+effect), draw(n0, slopes0, base), 1)
	}}
}

// adjustedProportion has a 0/1 metric whose chance is the covariate.
func adjustedProportion(n1, n0 int) experiment {
	return experiment{draw: func(rng *rand.Rand) (Contrast, error) {
		draw := func(n int) (m Moments) {
			for range n {
				chance, bought := rng.Float64(), 0.0
				if rng.Float64() < chance {
					bought = 1
				}
				m.Add(bought, chance)
			}
			return m
		}
		return CompareAdjusted(draw(n1), draw(n0), 1)
	}}
}

// adjustedRatio has the unit's frailty as covariate.
func adjustedRatio(n1, n0 int) experiment {
	return experiment{draw: func(rng *rand.Rand) (Contrast, error) {
		draw := func(n int) (m Moments) {
			for range n {
				frailty := rng.Float64()
				successes, events := attempts(rng, 0.2, frailty)
				m.Add(successes, events, frailty)
			}
			return m
		}
		return CompareAdjusted(draw(n1), draw(n0), 2)
	}}
}
