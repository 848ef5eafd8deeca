package stats

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// experiment is a population to draw experiments from: contrasts with their true difference and lift.
type experiment struct {
	draw             func(rng *rand.Rand) (Contrast, error)
	difference, lift float64
}

// TestCalibration draws experiments inside each contrast's region of validity. The share in which the test rejects the truth, zero
// or not, must be 5 %, within 99.9 % binomial bands jointly over the table: that is the false-positive rate and one less the
// coverage at once, since the intervals invert the test. Seeds are a hash of the name.
func TestCalibration(t *testing.T) {
	if testing.Short() {
		t.Skip("simulation")
	}
	draws := int64(1500)
	if os.Getenv("LIFTGATE_SLOW") != "" {
		draws = 20_000
	}
	for name, e := range experiments {
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
			band := 0.001 / float64(2*len(experiments))
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

// TestChiSquareCalibration does the same for the sample ratio, and for days of exposure with small ones to pool.
func TestChiSquareCalibration(t *testing.T) {
	if testing.Short() {
		t.Skip("simulation")
	}
	const draws = 4000
	rng := rand.New(rand.NewPCG(20261001, 0))
	weights, days := []float64{50, 30, 20}, []float64{300, 200, 3, 2, 4, 150}
	var brokenSplits, brokenDays int64
	for range draws {
		table := make([][]int64, len(weights))
		counts := make([]int64, len(weights))
		for i, weight := range weights {
			table[i] = make([]int64, len(days))
			for j, day := range days {
				table[i][j] = int64(distuv.Poisson{Lambda: day * weight / 50, Src: rng}.Rand())
				counts[i] += table[i][j]
			}
		}
		split, err1 := SampleRatio(counts, weights)
		timing, err2 := Homogeneity(table)
		noErrors(t, err1, err2)
		if split.PValue < 0.05 {
			brokenSplits++
		}
		if timing.PValue < 0.05 {
			brokenDays++
		}
	}
	checkShare(t, "sample ratio", brokenSplits, draws, 0.001/2)
	checkShare(t, "homogeneity", brokenDays, draws, 0.001/2)
}

var experiments = map[string]experiment{
	"proportion 60 %, 50 a side":           proportionExperiment(50, 50, 0.6, 0.6),
	"proportion 10 %, 150 and 450":         proportionExperiment(150, 450, 0.1, 0.1),
	"proportion 10 % up a half":            proportionExperiment(400, 200, 0.15, 0.1),
	"proportion 0.1 %, 20,000 a side":      proportionExperiment(20_000, 20_000, 0.001, 0.001),
	"proportion 0.1 % doubled, unequal":    proportionExperiment(10_000, 30_000, 0.002, 0.001),
	"proportion 31 %, a million a side":    proportionExperiment(1_000_000, 1_000_000, 0.3131, 0.31),
	"mean, normal, 12 and 5":               meanExperiment(12, 5, normal(10, 3), normal(10, 1)),
	"mean, normal, up a fifth":             meanExperiment(40, 80, normal(12, 2), normal(10, 5)),
	"mean, 5 % lognormal buyers":           meanExperiment(8_000, 8_000, value(0.05, 1), value(0.05, 1)),
	"mean, more lognormal buyers, unequal": meanExperiment(8_000, 16_000, value(0.06, 1), value(0.05, 1)),
	"ratio, 1 to 50 events a unit":         ratioExperiment(400, 400, 0.1, 0.1),
	"ratio, 1 to 50 events, up, unequal":   ratioExperiment(300, 900, 0.12, 0.1),
	"adjusted, 1 covariate":                adjustedExperiment(100, 100, []float64{1}, []float64{1}, 0),
	"adjusted, 1 covariate, other slopes":  adjustedExperiment(150, 150, []float64{3}, []float64{-1}, 1),
	"adjusted, 3 covariates, unequal":      adjustedExperiment(60, 240, []float64{1, 0, 2}, []float64{1, 1, 0}, 2),
	"adjusted, 2 covariates, 40 a side":    adjustedExperiment(40, 40, []float64{1, 1}, []float64{1, 1}, 0),
	"adjusted proportion":                  adjustedProportion(400, 300),
	"adjusted ratio":                       adjustedRatio(400, 300),
}

func proportionExperiment(n1, n0 int64, p1, p0 float64) experiment {
	return experiment{difference: p1 - p0, lift: p1/p0 - 1, draw: func(rng *rand.Rand) (Contrast, error) {
		draw := func(n int64, p float64) Binomial {
			return Binomial{N: n, Successes: int64(distuv.Binomial{N: float64(n), P: p, Src: rng}.Rand())}
		}
		return CompareProportions(draw(n1, p1), draw(n0, p0))
	}}
}

// population is the distribution of one value a unit.
type population struct {
	mean float64
	draw func(rng *rand.Rand) float64
}

func normal(mean, sd float64) population {
	return population{mean, func(rng *rand.Rand) float64 { return mean + sd*rng.NormFloat64() }}
}

// value is money: a share of units buys, for a lognormal amount.
func value(share, sigma float64) population {
	return population{share * math.Exp(sigma*sigma/2), func(rng *rand.Rand) float64 {
		if rng.Float64() >= share {
			return 0
		}
		return math.Exp(sigma * rng.NormFloat64())
	}}
}

func meanExperiment(n1, n0 int, p1, p0 population) experiment {
	return experiment{difference: p1.mean - p0.mean, lift: p1.mean/p0.mean - 1, draw: func(rng *rand.Rand) (Contrast, error) {
		draw := func(n int, p population) (m Moments) {
			for range n {
				m.Add(p.draw(rng))
			}
			return m
		}
		return CompareMeans(draw(n1, p1), draw(n0, p0))
	}}
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

func ratioExperiment(n1, n0 int, r1, r0 float64) experiment {
	return experiment{difference: r1 - r0, lift: r1/r0 - 1, draw: func(rng *rand.Rand) (Contrast, error) {
		draw := func(n int, rate float64) (m Moments) {
			for range n {
				m.Add(attempts(rng, rate, rng.Float64()))
			}
			return m
		}
		return CompareRatios(draw(n1, r1), draw(n0, r0))
	}}
}

// adjustedExperiment has linear effects of the covariates, which have mean 1 and are skewed.
func adjustedExperiment(n1, n0 int, slopes1, slopes0 []float64, effect float64) experiment {
	const base = 10
	mean := func(slopes []float64) float64 { return base + sum(slopes) }
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
