package design

import (
	"testing"

	"liftgate/experiment"
)

// BenchmarkDraw assigns 5,000 merchants on 4 variables, report included.
func BenchmarkDraw(b *testing.B) {
	list := shops(1, 5000)
	balance := []string{"gmv", "orders", "share", "refunds"}
	for name, design := range map[string]experiment.Design{
		"stratified":       {Method: "stratified", Strata: []string{"platform", "country"}},
		"paired/optimal":   {Method: "paired", Matching: "optimal", Balance: balance},
		"paired/strata":    {Method: "paired", Matching: "optimal", Balance: balance, Strata: []string{"platform", "country"}},
		"paired/greedy":    {Method: "paired", Matching: "greedy", Balance: balance},
		"rerandomized":     {Method: "rerandomized", Balance: balance, Seed: 1},
		"rerandomized/1e4": {Method: "rerandomized", Balance: balance, Threshold: 0.0284, Seed: 1},
	} {
		b.Run(name, func(b *testing.B) {
			d := defined(&design, 1, 1)
			for b.Loop() {
				r := drawn(b, d, list)
				b.ReportMetric(float64(r.Tries), "tries")
			}
		})
	}
	b.Run("triples", func(b *testing.B) {
		d := defined(&experiment.Design{Method: "paired", Matching: "optimal", Balance: balance}, 1, 2)
		for b.Loop() {
			b.ReportMetric(drawn(b, d, list).Matching.Total, "total")
		}
	})
}
