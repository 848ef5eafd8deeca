package analysis_test

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"golang.org/x/sync/errgroup"

	"liftgate/datasets/columnar"
	"liftgate/experiment"
	"liftgate/experiment/analysis"
	"liftgate/experiment/result"
	"liftgate/experiment/simulate"
)

// TestCoverage runs the whole way, from simulated logs to intervals: over many seeds they cover the truth of the scenario, and where
// nothing happens they find nothing, at the level that they claim, within 99.9 % binomial bands joint over metrics and scales.
func TestCoverage(t *testing.T) {
	if os.Getenv("LIFTGATE_SLOW") == "" {
		t.Skip("slow simulation: set LIFTGATE_SLOW=1")
	}
	const seeds, size = 500, 8000
	for _, scenario := range []string{"none", "tradeoff"} {
		t.Run(scenario, func(t *testing.T) {
			source, err := os.ReadFile("testdata/coverage.yaml")
			if err != nil {
				t.Fatal(err)
			}
			d, err := experiment.Parse("coverage.yaml", source)
			if err != nil {
				t.Fatal(err)
			}
			truth, err := simulate.Truth(context.Background(), d, simulate.Options{Scenario: scenario, TruthShoppers: 100 * size})
			if err != nil {
				t.Fatal(err)
			}
			runs := make([]*result.Result, seeds)
			var group errgroup.Group
			group.SetLimit(runtime.GOMAXPROCS(0))
			for seed := range runs {
				group.Go(func() (err error) {
					runs[seed], err = simulated(t.TempDir(), source, simulate.Options{Scenario: scenario, Shoppers: size, Seed: uint64(seed), Workers: 1})
					return err
				})
			}
			if err := group.Wait(); err != nil {
				t.Fatal(err)
			}
			// Two scales a metric; Bonferroni over them.
			hypotheses := 2 * len(d.Metrics)
			for i, m := range truth.Metrics {
				c := m.Comparisons[0]
				covered := func(name string, truth float64, interval func(result.Comparison) (lower, upper *float64)) {
					hits, level := 0, 0.95
					for _, r := range runs {
						lower, upper := interval(r.Metrics[i].Comparisons[0])
						if lower == nil || upper == nil {
							t.Fatalf("%s has no interval: %s", m.Metric, r.Metrics[i].Reason)
						}
						if *lower <= truth && truth <= *upper {
							hits++
						}
					}
					low, high := binomialBand(seeds, level, 0.001/float64(hypotheses))
					t.Logf("%s, %s: truth %.5g, covered %d of %d (band %d to %d)", m.Metric, name, truth, hits, seeds, low, high)
					if hits < low || hits > high {
						t.Errorf("%s, %s: covered %d of %d, outside %d to %d", m.Metric, name, hits, seeds, low, high)
					}
				}
				if scenario == "none" && (*c.Difference.Estimate != 0 || *c.Lift.Estimate != 0) {
					t.Fatalf("%s: the truth of no effect is %v", m.Metric, *c.Difference.Estimate)
				}
				covered("difference", *c.Difference.Estimate, func(c result.Comparison) (l, u *float64) { return c.Difference.Lower, c.Difference.Upper })
				covered("lift", *c.Lift.Estimate, func(c result.Comparison) (l, u *float64) { return c.Lift.Lower, c.Lift.Upper })
			}
		})
	}
}

// simulated is the result of one simulated experiment.
func simulated(dir string, source []byte, o simulate.Options) (*result.Result, error) {
	d, err := experiment.Parse(filepath.Join(dir, "definition.yaml"), source)
	if err != nil {
		return nil, err
	}
	o.Dir = dir
	ctx := context.Background()
	if _, err := simulate.Run(ctx, d, o); err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	files := columnar.New(columnar.Options{Workers: 1})
	study, err := analysis.Bind(ctx, d, files, analysis.Options{})
	if err != nil {
		return nil, err
	}
	ev, err := files.Observe(ctx, &study.Query)
	if err != nil {
		return nil, err
	}
	return study.Infer(ev, analysis.Stamp{Engine: "test", Fingerprint: "none"})
}

// binomialBand is the central region of hits out of n at probability p that leaves out alpha in all.
func binomialBand(n int, p, alpha float64) (low, high int) {
	tail := 0.0
	mass := func(k int) float64 {
		a, _ := math.Lgamma(float64(n + 1))
		b, _ := math.Lgamma(float64(k + 1))
		c, _ := math.Lgamma(float64(n - k + 1))
		return math.Exp(a - b - c + float64(k)*math.Log(p) + float64(n-k)*math.Log1p(-p))
	}
	for tail += mass(low); tail < alpha/2; tail += mass(low) {
		low++
	}
	tail, high = mass(n), n
	for tail < alpha/2 {
		high--
		tail += mass(high)
	}
	return low, high
}
