package anytime

import (
	"math"
	"math/rand/v2"
	"os"
	"testing"
)

// TestErrorOverAllLooks: over 28 looks at a difference of proportions or of skewed means without effect, a fixed 5 % test errs several
// times too often, the sequence never more than its alpha.
func TestErrorOverAllLooks(t *testing.T) {
	runs := 300
	if os.Getenv("LIFTGATE_SLOW") != "" {
		runs = 5000
	}
	for name, draw := range map[string]func(r *rand.Rand) float64{
		"conversion of 3 %": func(r *rand.Rand) float64 {
			if r.Float64() < 0.03 {
				return 1
			}
			return 0
		},
		"values with many zeros": func(r *rand.Rand) float64 {
			if r.Float64() < 0.8 {
				return 0
			}
			return math.Exp(r.NormFloat64())
		},
	} {
		const daily, looks, alpha = 300, 28, 0.05
		r := rand.New(rand.NewPCG(3, 1))
		always, fixed := 0, 0
		for range runs {
			path := simulate(t, r, draw, daily, looks)
			if path.Running[looks-1] < alpha {
				always++
			}
			for _, z := range path.Z {
				if math.Abs(z) > 1.96 {
					fixed++
					break
				}
			}
		}
		// The upper end of 99.9 % of a binomial's mass.
		if most := alpha*float64(runs) + 3.1*math.Sqrt(alpha*(1-alpha)*float64(runs)); float64(always) > most {
			t.Errorf("%s: %d of %d sequences err", name, always, runs)
		}
		if float64(fixed) < 0.15*float64(runs) {
			t.Errorf("%s: only %d of %d fixed tests err: the simulation shows nothing", name, fixed, runs)
		}
		t.Logf("%s: %d always-valid, %d fixed of %d", name, always, fixed, runs)
	}
}

// simulate is a path of looks at two variants with as many new units each.
func simulate(t *testing.T, r *rand.Rand, draw func(*rand.Rand) float64, daily, looks int) Path {
	t.Helper()
	var n float64
	var sum, squares [2]float64
	snapshots := make([]Snapshot, looks)
	for k := range snapshots {
		for range daily {
			for v := range 2 {
				x := draw(r)
				sum[v] += x
				squares[v] += x * x
			}
		}
		n += float64(daily)
		mean := func(v int) float64 { return sum[v] / n }
		variance := func(v int) float64 { return (squares[v] - n*mean(v)*mean(v)) / (n - 1) }
		snapshots[k] = Snapshot{n, mean(0), variance(0), n, mean(1), variance(1)}
	}
	path, err := Differences(snapshots, Tuning{Target: float64(looks*daily) * 2}, 0.05)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// TestSampleRatioOverAllLooks: the chance that the test of the ratio ever alarms, with a look after each unit.
func TestSampleRatioOverAllLooks(t *testing.T) {
	runs := 400
	if os.Getenv("LIFTGATE_SLOW") != "" {
		runs = 5000
	}
	const units, alpha = 1000, 0.05
	r := rand.New(rand.NewPCG(5, 8))
	weights, prior := []float64{0.5, 0.5}, []float64{20, 20}
	alarms := 0
	for range runs {
		counts := []float64{0, 0}
		for range units {
			counts[r.IntN(2)]++
			if dirichletLogE(counts, weights, prior) > -math.Log(alpha) {
				alarms++
				break
			}
		}
	}
	if most := alpha*float64(runs) + 3.1*math.Sqrt(alpha*(1-alpha)*float64(runs)); float64(alarms) > most {
		t.Errorf("%d of %d alarm", alarms, runs)
	}
	t.Logf("%d of %d alarm", alarms, runs)
}
