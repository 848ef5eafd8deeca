package analysis_test

import (
	"context"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"liftgate/datasets"
	"liftgate/experiment"
	"liftgate/experiment/analysis"
	"liftgate/stats"
)

// TestMerchantsCoverage: with 20 and with 200 merchants of very different sizes and shoppers who are alike within them (ICC 0.05),
// intervals cover what was put in as often as they claim: those of randomisation inference, which the 20 get, at least as often. Counting
// shoppers as independent would not. Experiments are drawn as sums by merchant.
func TestMerchantsCoverage(t *testing.T) {
	experiments := 24
	switch {
	case os.Getenv("LIFTGATE_SLOW") != "":
		experiments = 1000
	case testing.Short():
		t.Skip("simulation")
	}
	for _, merchants := range []int{20, 200} {
		for _, effect := range []float64{0, 0.3} {
			t.Run(fmt.Sprintf("%d merchants, effect %g", merchants, effect), func(t *testing.T) {
				t.Parallel()
				h := fnv.New64()
				h.Write([]byte(t.Name()))
				rng := rand.New(rand.NewPCG(h.Sum64(), 0))
				study := merchantStudy(t)
				covered, inside, rows, method := 0, 0, 0, map[string]int{}
				for range experiments {
					ev := drawMerchants(rng, merchants, effect)
					c := tried(t, study, ev)
					method[c.Method]++
					if c.Outside != "" { // with 20 of such sizes one may be most of a variant
						continue
					}
					inside++
					if *c.Difference.Lower <= effect && effect <= *c.Difference.Upper {
						covered++
					}
					naive, err := stats.CompareMeans(ev.Blocks[0].Total[1], ev.Blocks[0].Total[0])
					if err != nil {
						t.Fatal(err)
					}
					if d := naive.Difference(0.95); d.Lower <= effect && effect <= d.Upper {
						rows++
					}
				}
				low, high := binomialBand(inside, 0.95, 0.001/4)
				if method["randomisation"] > 0 {
					high = inside
				}
				t.Logf("%v covered %d of %d inside the region (band %d to %d); shoppers as units would have covered %d", method, covered, inside, low, high, rows)
				if covered < low || covered > high {
					t.Errorf("covered %d of %d, outside %d to %d", covered, inside, low, high)
				}
			})
		}
	}
}

func merchantStudy(t *testing.T) *analysis.Study {
	t.Helper()
	s := merchantTable(t, nil)
	s.replace(t, "  - {name: spent_by_merchant, role: supporting, better: higher, type: mean, weight: merchant, value: {column: spent}}\n", "")
	study, err := bindTable(s)
	if err != nil {
		t.Fatal(err)
	}
	return study
}

// drawMerchants draws the evidence of an experiment: sizes with a coefficient of variation of 1.3, of shoppers 5 % of whose variance is
// that of their merchants.
func drawMerchants(rng *rand.Rand, merchants int, effect float64) *datasets.Evidence {
	block := datasets.BlockEvidence{
		Metric: "spent", Components: []string{"spent"}, Incomplete: make([]int64, 2), Null: make([]int64, 2), Skewness: make([]float64, 2),
		Total: make([]stats.Moments, 2), Clusters: &datasets.ClusterMoments{},
	}
	ev := &datasets.Evidence{
		Variants: []string{"control", "amazon_pay"},
		Exposure: datasets.Exposure{Units: make([]int64, 2), Crossover: make([]int64, 2)},
		Values:   []datasets.ValueEvidence{{Name: "spent", Activity: make([]datasets.Activity, 2)}},
	}
	for g := range merchants {
		variant := g % 2 // sizes are drawn, so the order means nothing
		size := math.Ceil(100 * math.Exp(rng.NormFloat64()))
		mean := 2 + effect*float64(variant) + math.Sqrt(0.05)*rng.NormFloat64() + math.Sqrt(0.95/size)*rng.NormFloat64()
		squares := 0.0
		for range min(int(size)-1, 1000) {
			z := rng.NormFloat64()
			squares += 0.95 * z * z
		}
		if size > 1001 {
			squares *= (size - 1) / 1000
		}
		m := stats.Moments{N: int64(size), Means: []float64{mean}, Cross: []float64{squares}}
		block.Clusters.Total = append(block.Clusters.Total, m)
		block.Total[variant].Merge(&m)
		ev.Exposure.Units[variant]++
		ev.Exposure.Clusters = append(ev.Exposure.Clusters, datasets.Cluster{Variant: variant, Units: m.N})
	}
	ev.Blocks = []datasets.BlockEvidence{block}
	return ev
}

// bindTable states the query of a shop without events.
func bindTable(s *shop) (*analysis.Study, error) {
	d, err := experiment.Parse("merchants.yaml", []byte(s.yaml))
	if err != nil {
		return nil, err
	}
	return analysis.Bind(context.Background(), d, s.source(), analysis.Options{})
}
