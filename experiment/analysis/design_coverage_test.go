package analysis_test

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"liftgate/datasets"
	"liftgate/datasets/bucket"
	"liftgate/experiment"
	"liftgate/experiment/analysis"
	"liftgate/experiment/assignment"
	"liftgate/experiment/result"
	"liftgate/stats"
	"liftgate/stats/cluster"
)

// TestDesignCoverage: of merchants whose sizes and levels go with a number that was known of them, matched pairs of it and redrawing until it is
// balanced give intervals that cover what was put in as often as they claim and are narrower than those of complete randomisation. Who ignores
// the design reports intervals that are too wide; who counts shoppers as independent, some that are far too narrow.
func TestDesignCoverage(t *testing.T) {
	if testing.Short() {
		t.Skip("simulation")
	}
	slow := os.Getenv("LIFTGATE_SLOW") != ""
	for _, method := range []string{"paired", "rerandomized"} {
		for _, merchants := range []int{20, 60, 200} {
			experiments := 20
			switch {
			case slow && merchants < 200:
				experiments = 300
			case slow:
				experiments = 2000
			case merchants < 200:
				continue
			}
			t.Run(fmt.Sprint(method, merchants), func(t *testing.T) {
				t.Parallel()
				h := fnv.New64()
				h.Write([]byte(t.Name()))
				rng := rand.New(rand.NewPCG(h.Sum64(), 0))
				byDesign, complete := designStudy(t, method, merchants), designStudy(t, "", merchants)
				right, ignored, shoppers, without := tallied{}, tallied{}, tallied{}, tallied{}
				for range experiments {
					market := drawMarket(rng, merchants)
					ev := market.assigned(rng, method)
					c := compared(t, byDesign, ev)
					right.add(*c.Lower, *c.Upper)
					treated, control := market.arms(ev)
					over, err := cluster.Compare(treated, control, 1)
					if err != nil {
						t.Fatal(err)
					}
					d := over.Difference(0.95)
					ignored.add(d.Lower, d.Upper)
					rows, err := stats.CompareMeans(ev.Blocks[0].Total[1], ev.Blocks[0].Total[0])
					if err != nil {
						t.Fatal(err)
					}
					d = rows.Difference(0.95)
					shoppers.add(d.Lower, d.Upper)
					c = compared(t, complete, market.assigned(rng, ""))
					without.add(*c.Lower, *c.Upper)
				}
				low, high := binomialBand(experiments, 0.95, 0.001/6)
				if merchants < 200 { // randomisation inference promises at least
					high = experiments
				}
				t.Logf("covered %d of %d (band %d to %d), %.0f %% narrower than complete randomisation, which covers %d; the design ignored covers %d, shoppers as units %d",
					right.hits, experiments, low, high, 100*(1-right.width/without.width), without.hits, ignored.hits, shoppers.hits)
				if right.hits < low || right.hits > high {
					t.Errorf("covered %d of %d, outside %d to %d", right.hits, experiments, low, high)
				}
				if right.width > 0.9*without.width {
					t.Errorf("mean width %v, %v with complete randomisation", right.width, without.width)
				}
				if ignored.hits < right.hits || shoppers.hits > right.hits {
					t.Errorf("with the design ignored %d are covered, with shoppers as units %d", ignored.hits, shoppers.hits)
				}
			})
		}
	}
}

// truth is what every treated shopper gains.
const truth = 0.3

type tallied struct {
	hits  int
	width float64
}

func (c *tallied) add(lower, upper float64) {
	if lower <= truth && truth <= upper {
		c.hits++
	}
	c.width += upper - lower
}

// compared is the interval of one metric by the methods of Infer, with the fewer draws of a trial: what randomisation promises it keeps with any
// number.
func compared(t *testing.T, s *analysis.Study, ev *datasets.Evidence) *result.Estimate {
	t.Helper()
	c := tried(t, s, ev)
	if d := c.Difference; d.Lower == nil || d.Upper == nil {
		t.Fatalf("no interval: %+v", c)
	}
	return c.Difference
}

func tried(t *testing.T, s *analysis.Study, ev *datasets.Evidence) result.Comparison {
	t.Helper()
	trial, err := s.NewTrial(ev)
	if err != nil {
		t.Fatal(err)
	}
	_, c, err := trial.Compare(0, 1)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// limit is the distance in one number that a hundredth of all draws stay below.
const limit = 0.000157087857909702

// designStudy is bound to a list of merchants, or to none.
func designStudy(t *testing.T, method string, merchants int) *analysis.Study {
	t.Helper()
	s := merchantTable(t, nil)
	s.replace(t, "  - {name: spent_by_merchant, role: supporting, better: higher, type: mean, weight: merchant, value: {column: spent}}\n", "")
	if method != "" {
		listMarket(t, s, method, merchants)
	}
	study, err := bindTable(s)
	if err != nil {
		t.Fatal(err)
	}
	return study
}

// listMarket gives the definition a design, with its record.
func listMarket(t *testing.T, s *shop, method string, merchants int) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "list.json")
	s.replace(t, "control: control\n", fmt.Sprintf("control: control\nassignment: {design: {method: %s, balance: [gmv], seed: 1, record: %q}}\n", method, path))
	d, err := experiment.Parse("merchants.yaml", []byte(s.yaml))
	if err != nil {
		t.Fatal(err)
	}
	r := assignment.NewRecord(d)
	for i := range merchants {
		m := assignment.Listed{Unit: fmt.Sprintf("m%04d", i), Variant: []string{"control", "amazon_pay"}[i%2], Reason: bucket.Assigned, Block: 1, Balance: []float64{float64(i)}}
		if method == "paired" {
			m.Block, m.Pair = i/2+1, i/2+1
		}
		r.Merchants = append(r.Merchants, m)
	}
	if method == "paired" {
		r.Matching = &assignment.Matching{Size: 2}
	} else {
		r.Limit = limit
	}
	if err := r.Write(path); err != nil {
		t.Fatal(err)
	}
}

// market is merchants without a treatment, in the order of what is known of them.
type market []marketed

type marketed struct {
	gmv float64
	stats.Moments
}

// drawMarket draws merchants with a lognormal size (sigma 0.5) and shoppers of whom 5 % of the variance is that of their merchants; size and
// level have correlation 0.9 with what is known.
func drawMarket(rng *rand.Rand, merchants int) market {
	out := make(market, merchants)
	for i := range out {
		x := rng.NormFloat64()
		alike := func() float64 { return 0.9*x + math.Sqrt(0.19)*rng.NormFloat64() }
		size := math.Ceil(100 * math.Exp(0.5*alike()))
		mean := 2 + math.Sqrt(0.05)*alike() + math.Sqrt(0.95/size)*rng.NormFloat64()
		out[i] = marketed{x, stats.Moments{N: int64(size), Means: []float64{mean}, Cross: []float64{0.95 * (size - 1)}}}
	}
	slices.SortFunc(out, func(a, b marketed) int { return cmp.Compare(a.gmv, b.gmv) })
	return out
}

// assigned is the evidence of an experiment by a design, or by complete randomisation.
func (m market) assigned(rng *rand.Rand, method string) *datasets.Evidence {
	n := len(m)
	treated := make([]bool, n)
	for i := range treated {
		treated[i] = i%2 == 1
	}
	switch method {
	case "paired":
		for i := 0; i < n; i += 2 {
			if rng.IntN(2) == 0 {
				treated[i], treated[i+1] = treated[i+1], treated[i]
			}
		}
	default:
		for accepted := false; !accepted; {
			rng.Shuffle(n, func(i, j int) { treated[i], treated[j] = treated[j], treated[i] })
			accepted = method == "" || m.distance(treated) <= limit
		}
	}
	return m.evidence(treated, method)
}

// distance is Mahalanobis' between the variants' means of what is known.
func (m market) distance(treated []bool) float64 {
	var all, own stats.Moments
	for i := range m {
		all.Add(m[i].gmv)
		if treated[i] {
			own.Add(m[i].gmv)
		}
	}
	away := own.Means[0] - all.Means[0]
	return float64(len(m)) * away * away / all.Cov(0, 0) // n1 = n0: the difference is twice that, and n1 n0 / n = n / 4
}

func (m market) evidence(treated []bool, method string) *datasets.Evidence {
	block := datasets.BlockEvidence{
		Metric: "spent", Components: []string{"spent"}, Incomplete: make([]int64, 2), Null: make([]int64, 2), Skewness: make([]float64, 2),
		Total: make([]stats.Moments, 2), Clusters: &datasets.ClusterMoments{},
	}
	ev := &datasets.Evidence{
		Variants: []string{"control", "amazon_pay"},
		Exposure: datasets.Exposure{Units: make([]int64, 2), Crossover: make([]int64, 2)},
		Values:   []datasets.ValueEvidence{{Name: "spent", Activity: make([]datasets.Activity, 2)}},
	}
	for v := range 2 { // by variant, as in evidence
		for i := range m {
			if treated[i] != (v == 1) {
				continue
			}
			one := stats.Moments{N: m[i].N, Means: []float64{m[i].Means[0] + truth*float64(v)}, Cross: m[i].Cross}
			c := datasets.Cluster{Variant: v, Units: one.N, Block: -1}
			switch method {
			case "paired":
				c.Block = i / 2
			case "rerandomized":
				c.Block, c.Balance = 0, []float64{m[i].gmv}
			}
			block.Clusters.Total = append(block.Clusters.Total, one)
			block.Total[v].Merge(&one)
			ev.Exposure.Units[v]++
			ev.Exposure.Clusters = append(ev.Exposure.Clusters, c)
		}
	}
	ev.Blocks = []datasets.BlockEvidence{block}
	return ev
}

func (m market) arms(ev *datasets.Evidence) (treated, control []stats.Moments) {
	for i, c := range ev.Exposure.Clusters {
		if c.Variant == 1 {
			treated = append(treated, ev.Blocks[0].Clusters.Total[i])
		} else {
			control = append(control, ev.Blocks[0].Clusters.Total[i])
		}
	}
	return treated, control
}
