package analysis_test

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"liftgate/datasets/expr"
	"liftgate/experiment/analysis"
	"liftgate/stats"
	"liftgate/stats/randomisation"
)

// TestUselessCovariates: where no covariate is left, as in the US, which has no history, the method is the plain one, and a warning says why.
func TestUselessCovariates(t *testing.T) {
	for _, history := range []float64{1, 0} { // of Germans
		rng := rand.New(rand.NewPCG(3, 4))
		var rows [][]expr.Value
		for i := range 400 {
			country, before := "US", 0.0
			if i/2%2 == 0 {
				country, before = "DE", history*rng.ExpFloat64()
			}
			rows = append(rows, []expr.Value{
				expr.TextValue("s" + strconv.Itoa(i)), expr.TextValue([]string{"control", "express"}[i%2]), expr.TextValue(country),
				expr.IntValue(int64(i / 4 % 2)), expr.FloatValue(10 + before + rng.Float64()), expr.FloatValue(before),
			})
		}
		r := tableRun(t, rows).result
		whole := map[float64]string{1: "regression-adjusted", 0: "welch"}[history]
		c := r.Metrics[1].Comparisons[0]
		if c.Method != whole || len(c.AdjustedFor) != int(history) || (c.VarianceRemoved == nil) != (history == 0) {
			t.Errorf("%s adjusted for %v", c.Method, c.AdjustedFor)
		}
		if warned := strings.Contains(strings.Join(c.Warnings, "\n"), "covariate 1 dropped"); warned != (history == 0) {
			t.Errorf("%s: warnings %q", c.Method, c.Warnings)
		}
		if strings.Contains(c.Choice, "regression") != (history == 1) {
			t.Errorf("%s: %s", c.Method, c.Choice)
		}
		for _, s := range r.Segments {
			if want := map[string]string{"DE": whole, "US": "welch"}[s.Segment]; s.Metric == "spent" && s.Method != want {
				t.Errorf("%s: %s, want %s", s.Segment, s.Method, want)
			}
		}
	}
}

// TestAdjustedAsShown: of few merchants a covariate that is zero in the control is of no use to CR2, but is to the redraws, whose estimate is
// shown: it is the one that says what was adjusted for.
func TestAdjustedAsShown(t *testing.T) {
	s := merchantTable(t, nil)
	s.replace(t, "  - {name: spent_by_merchant, role: supporting, better: higher, type: mean, weight: merchant, value: {column: spent}}\n", "")
	s.replace(t, "value: {column: spent}}", "value: {column: spent}, covariates: [{column: spent}]}")
	study, err := bindTable(s)
	if err != nil {
		t.Fatal(err)
	}
	for _, used := range []bool{true, false} {
		rng := seeded(t.Name())
		ev := drawMerchants(rng, 12, 0.3)
		block := &ev.Blocks[0]
		block.Total = make([]stats.Moments, 2)
		var arms [2][]stats.Moments
		for i := range block.Clusters.Total {
			m, v := &block.Clusters.Total[i], ev.Exposure.Clusters[i].Variant
			level := 0.0
			if used && v == 1 {
				level = rng.NormFloat64()
			}
			m.Means, m.Cross = append(m.Means, level), append(m.Cross, 0, 0)
			block.Total[v].Merge(m)
			arms[v] = append(arms[v], *m)
		}
		block.Components = append(block.Components, "before")
		r, err := study.Infer(ev, analysis.Stamp{})
		if err != nil {
			t.Fatal(err)
		}
		c := r.Metrics[0].Comparisons[0]
		want, err := randomisation.Compare(arms[1], arms[0], 1, randomisation.Design{}, randomisation.Options{Draws: 10})
		if err != nil {
			t.Fatal(err)
		}
		raw := block.Total[1].Means[0] - block.Total[0].Means[0]
		if c.Method != "randomisation" || math.Abs(*c.Difference.Estimate-want.Difference(0.9).Estimate) > 1e-12 {
			t.Fatalf("%s: %g", c.Method, *c.Difference.Estimate)
		}
		adjusted := math.Abs(*c.Difference.Estimate-raw) > 1e-9
		if adjusted != used || (len(c.AdjustedFor) > 0) != used || strings.Contains(c.Choice, "after a regression") != used {
			t.Errorf("%g of %g, adjusted for %q: %s", *c.Difference.Estimate, raw, c.AdjustedFor, c.Choice)
		}
		if c.VarianceRemoved != nil {
			t.Errorf("redraws say nothing of the variance removed: %g", *c.VarianceRemoved)
		}
	}
}
