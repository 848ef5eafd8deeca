package analysis_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"liftgate/datasets/evidence"
	"liftgate/experiment"
	"liftgate/experiment/analysis"
)

// TestResultComesFromEvidenceFilesAlone: what a run leaves behind is enough to compute every number again, bit for bit.
func TestResultComesFromEvidenceFilesAlone(t *testing.T) {
	const latency = `  - {name: order_p75, role: guardrail, better: higher, type: quantile, quantile: 0.75, over: rows, margin: 30%,
     value: {from: events, where: 'event == "order_captured"', column: value, window: [0d, 7d]}}
segments:`
	for name, shop := range map[string]func() *shop{
		"shoppers":  func() *shop { return newShop(t, 2000) },
		"merchants": func() *shop { return inMerchants(t, newShop(t, 2000), 60) },
		"a list":    func() *shop { return designed(t, inMerchants(t, newShop(t, 2000), 60), 64, "rerandomized", nil) },
	} {
		t.Run(name, func(t *testing.T) {
			s := shop()
			s.replace(t, "segments:", latency)
			d, err := experiment.Parse("shop.yaml", []byte(s.yaml))
			if err != nil {
				t.Fatal(err)
			}
			study, err := analysis.Bind(context.Background(), d, s.source(), analysis.Options{})
			if err != nil {
				t.Fatal(err)
			}
			seen, err := s.source().Observe(context.Background(), &study.Query)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			if _, err := evidence.Write(dir, seen); err != nil {
				t.Fatal(err)
			}
			kept, err := evidence.Read(dir)
			if err != nil {
				t.Fatal(err)
			}
			want, err := study.Infer(seen, analysis.Stamp{})
			if err != nil {
				t.Fatal(err)
			}
			got, err := study.Infer(kept, analysis.Stamp{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("the result from the files differs (-data +files):\n%s", diff)
			}
		})
	}
}
