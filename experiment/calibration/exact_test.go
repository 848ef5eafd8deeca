package calibration

import (
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"liftgate/datasets"
	"liftgate/datasets/expr"
	"liftgate/experiment/analysis"
	"liftgate/experiment/result"
	"liftgate/stats"
	"liftgate/stats/quantile"
)

// A split says of every metric what an analysis says of a table in which the units have the variants of the split.
func TestSplitIsAnAnalysis(t *testing.T) {
	for name, s := range map[string]*shop{
		"shoppers":  mixedShop(head+mixedMetrics, 500, 100),
		"merchants": mixedShop(merchantHead+mixedMetrics, 900, 90),
	} {
		t.Run(name, func(t *testing.T) {
			study, units := s.bind(t)
			p, err := newPopulation(study, units, Everyone)
			if err != nil {
				t.Fatal(err)
			}
			c := &campaign{study: study, population: p, options: Options{Workers: 1}}
			c.prepare()
			if err := c.dealer.deal(t.Context(), 0, 3, 1, func() {}); err != nil {
				t.Fatal(err)
			}
			asked := slices.Repeat([]bool{true}, len(c.metrics))
			for split := range 3 {
				got, err := c.judge(split, asked, true)
				if err != nil {
					t.Fatal(err)
				}
				compareWithAnalysis(t, s.dealt(c, split), got)
			}
		})
	}
}

// dealt is the shop with the variants of a split.
func (s *shop) dealt(c *campaign, split int) *shop {
	names := c.study.Query.Variants
	out := newShop(s.yaml)
	out.Tables[0].Columns = s.Tables[0].Columns
	for _, row := range s.Tables[0].Rows {
		out.Tables[0].Rows = append(out.Tables[0].Rows, slices.Clone(row))
	}
	set := func(row, variant int) { out.Tables[0].Rows[row][1] = expr.TextValue(names[variant]) }
	switch d := c.dealer.(type) {
	case *shoppers:
		order := c.population.order()
		for i, v := range d.variants(split) {
			set(int(order[i]), v)
		}
	case *merchants:
		_, dealt, err := d.assign(split)
		if err != nil {
			panic(err)
		}
		for unit, cluster := range c.population.values.Clusters {
			set(unit, dealt[cluster])
		}
	}
	return out
}

func compareWithAnalysis(t *testing.T, s *shop, got *sheet) {
	t.Helper()
	study, units := s.bind(t)
	want, err := study.Infer(units.Evidence, analysis.Stamp{})
	if err != nil {
		t.Fatal(err)
	}
	for m, row := range want.Metrics {
		k, o := row.Comparisons[0], got.outcomes[m][0]
		if k.Method != o.method || k.Outside != o.outside || k.Verdict != o.verdict {
			t.Errorf("%s: %s, %s, %q in place of %s, %s, %q", row.Metric, o.method, o.verdict, o.outside, k.Method, k.Verdict, k.Outside)
		}
		if !near(*k.Difference.Estimate, o.estimate) || !near(*k.Difference.StdError, o.stdError) || k.PValue != nil && k.Test == "superiority" && !near(*k.PValue, o.p) {
			t.Errorf("%s: difference %v ± %v, p %v in place of %v ± %v, %v", row.Metric, o.estimate, o.stdError, o.p, *k.Difference.Estimate, *k.Difference.StdError, *k.PValue)
		}
	}
	for _, check := range got.checks {
		i := slices.IndexFunc(want.Checks, func(k result.Check) bool { return k.Check == check.check })
		if want.Checks[i].Status != check.status {
			t.Errorf("%s: %s, want %s", check.check, check.status, want.Checks[i].Status)
		}
	}
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*(math.Abs(a)+math.Abs(b))+1e-15 }

// Powers around any centre give the moments, and the skewness, that the values give.
func TestPowers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.IntRange(1, 2).Draw(t, "parts")
		dim := parts + rapid.IntRange(0, 2).Draw(t, "covariates")
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		n := rapid.IntRange(2, 50).Draw(t, "units")
		p := powers{dim: dim, thirds: parts, center: make([]float64, dim)}
		for i := range p.center {
			p.center[i] = 3 + rng.NormFloat64()
		}
		sums, one := make([]float64, p.width()), make([]float64, p.width())
		var want stats.Moments
		var rows [][]float64
		for range n {
			x, centred := make([]float64, dim), make([]float64, dim)
			for i := range x {
				x[i] = 3 + rng.ExpFloat64()
				centred[i] = x[i] - p.center[i]
			}
			want.Add(x...)
			rows = append(rows, x)
			p.of(centred, one)
			for k := range sums {
				sums[k] += one[k]
			}
		}
		got := p.moments(int64(n), sums)
		for k := range want.Cross {
			if math.Abs(got.Cross[k]-want.Cross[k]) > 1e-10*float64(n) {
				t.Fatalf("products %v, want %v", got.Cross, want.Cross)
			}
		}
		for i := range want.Means {
			if math.Abs(got.Means[i]-want.Means[i]) > 1e-12 {
				t.Fatalf("means %v, want %v", got.Means, want.Means)
			}
		}
		wantSkewness, spread := skewness(rows, want.Means, parts)
		const reach = 16 // how far from the centre values, and what is taken from them in a ratio, may lie
		rounding := 1e-15 * math.Pow(reach/spread, 3)
		if got := p.skewness(int64(n), sums); math.Abs(got-wantSkewness) > 1e-8*(1+math.Abs(wantSkewness))+rounding {
			t.Fatalf("skewness %v, want %v", got, wantSkewness)
		}
	})
}

// skewness and standard deviation by their definition.
func skewness(rows [][]float64, means []float64, parts int) (skewness, spread float64) {
	var squares, cubes float64
	for _, x := range rows {
		d := x[0] - means[0]
		if parts == 2 {
			d -= means[0] / means[1] * (x[1] - means[1])
		}
		squares += d * d
		cubes += d * d * d
	}
	n := float64(len(rows))
	return cubes / n / math.Pow(squares/n, 1.5), math.Sqrt(squares / n)
}

// What treatments are dealt is what the units that they got add up to.
func TestDeal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2))
		n := rapid.IntRange(1, 3000).Draw(t, "units")
		d := deck{seed: rng.Uint64(), units: n, chances: newChances([]uint64{rng.Uint64N(4), 1 + rng.Uint64N(4)}, 1+rng.Uint64N(9))}
		column, present := make([]float64, n), newCounted(n)
		for i := range column {
			if rng.IntN(3) > 0 {
				present.set(i)
				column[i] = float64(rng.IntN(5))
			}
		}
		v := newVectors(&datasets.Block{Parts: []int{0}}, [][]float64{column}, present)
		d.counted, d.vectors = []counted{present}, []*vectors{v}
		const splits = 3
		h, err := d.deal(t.Context(), 5, splits, 2, func() {})
		if err != nil {
			t.Fatal(err)
		}
		for s := range splits {
			var counts [3]int64
			var sums [3]float64
			for i, who := range d.dealt(5 + s) {
				if present[i/wordUnits]>>(i%wordUnits)&1 == 1 {
					counts[who]++
					sums[who] += column[i] - v.center[0]
				}
			}
			for who := range 2 {
				if h.count[0][who][s] != counts[who] || math.Abs(h.sums[0][who][0][s]-sums[who]) > 1e-9*float64(n) {
					t.Fatalf("treatment %d of split %d has %d units with %v, want %d with %v", who, s, h.count[0][who][s], h.sums[0][who][0][s], counts[who], sums[who])
				}
			}
		}
	})
}

// Each unit meets each variant as often as the weights say, whatever binary digits they have.
func TestChances(t *testing.T) {
	for _, weights := range [][]uint64{{1, 1}, {3, 1}, {1, 2, 3}, {0, 1, 1}, {1, 0}, {7, 10, 983}} {
		t.Run(fmt.Sprint(weights), func(t *testing.T) {
			last := len(weights) - 1
			c := newChances(weights[:last], weights[last])
			all := uint64(0)
			for _, w := range weights {
				all += w
			}
			r := chance(1, 2, dealUnits, 3)
			const words = 4000
			counts, ones := make([]int, len(weights)), make([]int, len(weights))
			masks := make([]uint64, last)
			for range words {
				c.masks(r, masks)
				left := 64
				for i, m := range masks {
					counts[i] += bits.OnesCount64(m)
					left -= bits.OnesCount64(m)
				}
				counts[last] += left
				for range 64 {
					ones[c.one(r)]++
				}
			}
			for i, w := range weights {
				p, n := float64(w)/float64(all), 64.0*words
				for _, got := range []int{counts[i], ones[i]} {
					if math.Abs(float64(got)-n*p) > 5*math.Sqrt(n*p*(1-p)) {
						t.Errorf("variant %d got %d of %v units, want about %v", i, got, n, n*p)
					}
				}
			}
		})
	}
}

// Quantiles of a split are those of the rows that its variants got.
func TestSummaries(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 3))
		units := rapid.IntRange(2, 60).Draw(t, "units")
		o := &ordered{q: rapid.SampledFrom([]float64{0.1, 0.5, 0.9, 0.95}).Draw(t, "q"), rows: make([]float64, units), present: slices.Repeat([]bool{true}, units)}
		type row struct {
			x    float64
			unit int
		}
		var rows []row
		dealt := make([]int, units)
		for i := range dealt {
			dealt[i] = i % 2
			for range 1 + rng.IntN(4) {
				rows = append(rows, row{float64(rng.IntN(40)), i})
				o.rows[i]++
			}
		}
		slices.SortFunc(rows, func(a, b row) int { return int(a.x - b.x) })
		for _, r := range rows {
			o.values, o.of = append(o.values, r.x), append(o.of, int32(r.unit))
		}
		for v, got := range o.summaries(dealt, 2) {
			var values []float64
			var of []int
			for _, r := range rows {
				if dealt[r.unit] == v {
					values, of = append(values, r.x), append(of, r.unit)
				}
			}
			want, err := quantile.Summarise(o.q, values, of)
			if err != nil {
				t.Fatal(err)
			}
			if got.Value != want.Value || got.Rows != want.Rows || len(got.Values) != len(got.Ranks) {
				t.Fatalf("%+v, want %+v", got, want)
			}
			for i, r := range got.Ranks {
				if got.Values[i] != values[r-1] {
					t.Fatalf("value %v at rank %d, want %v", got.Values[i], r, values[r-1])
				}
			}
			for k := range want.Shares.Cross {
				if math.Abs(got.Shares.Cross[k]-want.Shares.Cross[k]) > 1e-9*float64(got.Rows) {
					t.Fatalf("shares %v, want %v", got.Shares, want.Shares)
				}
			}
		}
	})
}

// A harmed treatment has the moments of its harmed values.
func TestHarm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 4))
		h := harm{scale: 0.9, shift: 0, ratio: rapid.Bool().Draw(t, "ratio")}
		if rapid.Bool().Draw(t, "absolute") {
			h.scale, h.shift = 1, -0.3
		}
		var fair, harmed stats.Moments
		for range 20 {
			x, d, c := rng.NormFloat64(), 1+rng.Float64(), rng.NormFloat64()
			by := h.shift
			if h.ratio {
				by *= d
			}
			fair.Add(x, d, c)
			harmed.Add(h.scale*x+by, d, c)
		}
		got := h.moments(&fair, nil)
		for k := range harmed.Cross {
			if math.Abs(got.Cross[k]-harmed.Cross[k]) > 1e-9 {
				t.Fatalf("products %v, want %v", got.Cross, harmed.Cross)
			}
		}
		if math.Abs(got.Means[0]-harmed.Means[0]) > 1e-12 {
			t.Fatalf("mean %v, want %v", got.Means[0], harmed.Means[0])
		}
	})
}

// Of a share, single successes are lost, on the average as many as the margin says.
func TestHarmedShare(t *testing.T) {
	for _, h := range []harm{{binary: true, flip: 0.2}, {binary: true, flip: 0.1, toWorse: true}} {
		source := chance(1, 1, harmUnits, 0)
		const n, ones, draws = 1000, 300, 2000
		m := zeroOnes(n, ones)
		want := ones * (1 - h.flip)
		if h.toWorse {
			want = ones + (n-ones)*h.flip
		}
		sum := 0.0
		for range draws {
			got := h.moments(&m, source)
			sum += got.Sum(0)
		}
		if math.Abs(sum/draws-want) > 5*math.Sqrt(n*h.flip/draws) {
			t.Errorf("%+v: %v successes on the average, want %v", h, sum/draws, want)
		}
	}
}
